"""Declared links: two codes, in two systems, of one dossier, as the unit writes them in lien_ket_ho_so.csv.

Belongs here: the shape of a line and the errors a person sees when one is wrong. Does not belong here: finding the file
(pipelines/settings), links that a source's own column carries (schemas/sources), joining dossiers (assets/core/links).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from schemas.faults import WRONG_TYPES, refuse_persons_number, say_faults, say_wrong_name
from schemas.rules.text import normalise_code
from schemas.sources import load_sources

COLUMNS = ("ma_1", "he_thong_1", "ma_2", "he_thong_2", "ly_do", "nguoi_khai", "ngay_khai")

_Text = Annotated[str, Field(min_length=1)]
_WORDS = {**WRONG_TYPES, "date_from_datetime_parsing": "phải là ngày dạng 2026-06-09"}


class WrongLinks(ValueError):
    """The file of links cannot be used; the message is Vietnamese and names file and line."""


class DossierLink(BaseModel):
    """One line: ``ma_1`` of system ``he_thong_1`` and ``ma_2`` of system ``he_thong_2`` are one dossier.

    Attributes:
        ly_do: why, nothing about a citizen.
        nguoi_khai: the office or officer that says so.
        ngay_khai: when.
        dong: line of the file, for messages.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ma_1: _Text
    he_thong_1: _Text
    ma_2: _Text
    he_thong_2: _Text
    ly_do: _Text
    nguoi_khai: _Text
    ngay_khai: date
    dong: int = 0

    @field_validator("ma_1", "ma_2")
    @classmethod
    def _is_a_code(cls, code: str) -> str:
        if not any(mark.isdigit() for mark in code):
            raise ValueError("không phải mã hồ sơ (mã nào cũng có chữ số)")
        return normalise_code(code)

    @field_validator("he_thong_1", "he_thong_2")
    @classmethod
    def _delivers_dossiers(cls, name: str) -> str:
        systems = list_systems()
        if name not in systems:
            raise ValueError(say_wrong_name(name, systems))
        return name

    @field_validator("ly_do", "nguoi_khai")
    @classmethod
    def _names_no_citizen(cls, text: str) -> str:
        return refuse_persons_number(text)

    @model_validator(mode="after")
    def _joins_two_systems(self) -> DossierLink:
        if self.he_thong_1 == self.he_thong_2:
            raise ValueError("hai mã phải của hai hệ thống khác nhau; trong một hệ thống mỗi mã là một hồ sơ")
        return self

    @property
    def sides(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Code and system, twice."""
        return (self.ma_1, self.he_thong_1), (self.ma_2, self.he_thong_2)


def list_systems() -> list[str]:
    """The sources that deliver dossiers."""
    return [name for name, spec in load_sources().items() if any(one.bang == "ho_so" for one in spec.tables)]


def parse_links(name: str, text: str) -> tuple[DossierLink, ...]:
    """Read the links of one file; columns may be parted by commas or, as Excel does here, by semicolons.

    Args:
        name: name of the file as a person knows it.
        text: its content.

    Returns:
        Every line, in the order of the file; blank lines are none.

    Raises:
        WrongLinks: a column is missing, a line is wrong, or two lines say the same.
    """
    found: dict[frozenset[tuple[str, str]], DossierLink] = {}
    for line, values in _read_lines(name, text):
        place = f"Tệp liên kết {name}, dòng {line}"
        try:
            one = DossierLink.model_validate({**values, "dong": line})
        except ValidationError as wrong:
            raise WrongLinks(f"{place}: {say_faults(wrong, _WORDS)}. Hãy sửa rồi chạy lại.") from None
        sides = frozenset(one.sides)
        if sides in found:
            raise WrongLinks(f"{place}: hai mã này đã được nối ở dòng {found[sides].dong}. Hãy bỏ một dòng.")
        found[sides] = one
    return tuple(found.values())


def _read_lines(name: str, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    lines = text.removeprefix("\ufeff").splitlines()
    first = lines[0] if lines else ""
    reader = csv.DictReader(lines, delimiter=";" if first.count(";") > first.count(",") else ",")
    titles = [title.strip().lower() for title in reader.fieldnames or []]
    if lacking := [title for title in COLUMNS if title not in titles]:
        raise WrongLinks(
            f"Tệp liên kết {name}: thiếu cột {', '.join(lacking)} ở dòng tiêu đề. Các cột là {', '.join(COLUMNS)}."
        )
    reader.fieldnames = titles
    for values in reader:
        cells = {title: (values.get(title) or "").strip() for title in COLUMNS}
        if any(cells.values()):
            yield reader.line_num, cells
