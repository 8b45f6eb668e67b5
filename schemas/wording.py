"""What people read in the place of a column's name and of its codes; programs keep both.

Belongs here: titles and words of published columns. Does not belong here: the words that sources use for codes
(schemas/codes), printing (pipelines/commands).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from schemas.checks.kinds import CONTROL_MEASURES
from schemas.codes import load_titles
from schemas.fields import load_meanings
from schemas.rules.precedence import COURSE, load_precedence
from schemas.sources import load_sources

_NATIONAL_LISTS = ("kenh", "muc_do", "trang_thai")
_ALIASES = {
    "trang": "Trang tính",
    "dong": "Dòng",
    "dong_bieu": "Dòng của biểu",
    "trong_tu_so": "Trong tử số",
    "dan_dau": "Dẫn đầu",
    "so_bo": "Số bộ hồ sơ",
}
"""Columns that a command alone makes, or that only raw has."""


@cache
def load_code_names() -> dict[str, dict[str, str]]:
    """Column → code → its name, of the codes that are ours (ten_goi.toml)."""
    return tomllib.loads((Path(__file__).with_name("codes") / "ten_goi.toml").read_text("utf-8"))


def say_column(name: str) -> str:
    """The title of a column, or of a measure of the aggregate reports; its name where it has none."""
    known = load_meanings().get(name)
    return _ALIASES.get(name) or (known.title if known else CONTROL_MEASURES.get(name, name))


def say_code(column: str, value: Any) -> Any:
    """The words for a coded value; any other value as it is, an unknown code too: a guess would hide it."""
    if value is None:
        return None
    if column in _NATIONAL_LISTS:
        return load_titles(column).get(str(value), value)
    if column == "he_thong":
        source = load_sources().get(value)
        return source.ten if source else value
    if column == "cung_cap":
        return ", ".join(map(_say_group, value.split()))
    return load_code_names().get(column, {}).get(value, value)


def _say_group(name: str) -> str:
    """A group of columns of precedence.toml, or all of them."""
    if name == "tat_ca":
        return "mọi thông tin"
    if name == COURSE:
        return "trạng thái và các ngày"
    columns = next((group.cot for group in load_precedence().nhom if group.ma == name), ())
    titles = map(say_column, columns)
    return ", ".join(title[:1].lower() + title[1:] for title in titles) or name
