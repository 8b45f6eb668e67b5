"""Declared corrections: one known error of a source, put right until the source is fixed.

Belongs here: the shape of an entry of corrections/*.toml and the errors a person sees when a file is wrong. Does not
belong here: finding the files (pipelines/settings), applying an entry to rows (assets/core/corrections).

An entry guards itself: ``expect`` is what the source says today. Once it says something else, the entry no longer
applies and a finding says so; otherwise a forgotten line would overwrite what the office has put right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError, field_validator, model_validator

from schemas.faults import WRONG_TYPES, refuse_persons_number, say_fault, say_syntax
from schemas.sources import TableSpec, load_sources

ENTRY = "correction"
KEYS = {"ho_so": "ma_ho_so", "thu_tuc": "ma_tthc"}
"""Raw table whose rows may be corrected → its column that names a row."""

_Text = Annotated[StrictStr, Field(min_length=1)]
_WRONG_TYPES = {**WRONG_TYPES, "extra_forbidden": "không phải mục của một đính chính"}


class WrongCorrections(ValueError):
    """A file of corrections cannot be used; the message is Vietnamese and names file and entry."""


class Correction(BaseModel):
    """One cell of one row of a source.

    Attributes:
        source: source key.
        key: code of the dossier or procedure, as delivered.
        column: a field that the source's spec lists; never one with personal data (those do not pass raw's gate).
        expect: text of the cell as the source delivers it today; empty for an empty cell.
        replace: text that takes its place, in a form the source could have delivered; empty empties the cell.
        reason: why, nothing about a citizen.
        reported_to: whom the error was reported to: an office.
        date: when.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: _Text
    key: _Text
    column: _Text
    expect: StrictStr
    replace: StrictStr
    reason: _Text
    reported_to: _Text
    date: date

    @field_validator("source")
    @classmethod
    def _delivers_rows_with_a_code(cls, name: str) -> str:
        possible = [source for source in load_sources() if _find_table(source) is not None]
        if name not in possible:
            raise ValueError(f"nguồn “{name}” không đính chính được, hãy chọn trong: {', '.join(possible)}")
        return name

    @field_validator("reason", "reported_to")
    @classmethod
    def _names_no_citizen(cls, text: str) -> str:
        return refuse_persons_number(text)

    @model_validator(mode="after")
    def _points_at_a_column_of_the_source(self) -> Correction:
        table = _find_table(self.source)
        assert table is not None
        columns = [name for name in (*table.columns, *table.nested) if name != KEYS[table.bang]]
        if self.column not in columns:
            raise ValueError(f"cột “{self.column}” không đính chính được, hãy chọn trong: {', '.join(columns)}")
        if self.expect == self.replace:
            raise ValueError("expect và replace giống nhau")
        return self

    @property
    def table(self) -> str:
        """Raw table of the row."""
        table = _find_table(self.source)
        assert table is not None
        return table.bang

    @property
    def title(self) -> str:
        """The column's title, as the source prints it."""
        table = _find_table(self.source)
        assert table is not None
        return table.title(self.column)

    @property
    def cell(self) -> tuple[str, str, str]:
        """What it corrects: source, key, column."""
        return self.source, self.key, self.column


def _find_table(source: str) -> TableSpec | None:
    """The table of a source whose rows carry a dossier's or procedure's code."""
    spec = load_sources().get(source)
    return next((one for one in spec.tables if one.bang in KEYS), None) if spec else None


def parse_corrections(files: Iterable[tuple[str, str]]) -> tuple[Correction, ...]:
    """Read corrections from the text of files.

    Args:
        files: name of a file as a person knows it, and its text.

    Returns:
        Every entry, in the order of the files.

    Raises:
        WrongCorrections: no TOML, a wrong entry, or two entries for one cell.
    """
    found: dict[tuple[str, str, str], Correction] = {}
    for name, text in files:
        for number, raw in enumerate(_list_entries(name, text), start=1):
            place = f"Tệp đính chính {name}, mục [[{ENTRY}]] thứ {number}"
            one = _parse_entry(place, raw)
            if one.cell in found:
                raise WrongCorrections(f"{place}: ô này đã có một mục khác đính chính. Hãy bỏ một mục.")
            found[one.cell] = one
    return tuple(found.values())


def _list_entries(name: str, text: str) -> list[Any]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise WrongCorrections(f"Tệp đính chính {name} {say_syntax(wrong)}. Hãy sửa rồi chạy lại.") from None
    entries = content.get(ENTRY, [])
    if set(content) - {ENTRY} or not isinstance(entries, list):
        raise WrongCorrections(
            f"Tệp đính chính {name}: mỗi đính chính phải nằm dưới một dòng [[{ENTRY}]]. Hãy sửa lại."
        )
    return entries


def _parse_entry(place: str, raw: object) -> Correction:
    try:
        return Correction.model_validate(raw)
    except ValidationError as wrong:
        faults = "; ".join(_say_fault(one) for one in wrong.errors(include_url=False, include_input=False))
        raise WrongCorrections(f"{place}: {faults}. Hãy sửa rồi chạy lại.") from None


def _say_fault(fault: Any) -> str:
    """One fault in Vietnamese; what was typed in is not repeated."""
    if fault["loc"] == ("date",) and fault["type"] != "missing":
        return "date phải là ngày dạng 2026-06-09"
    return say_fault(fault, _WRONG_TYPES)
