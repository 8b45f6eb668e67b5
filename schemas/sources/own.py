"""A home's own sources: a TOML and a CSV of words each, which an integrator writes without touching the program.

Belongs here: what such a source may and must say beyond the shape that every source has, and the sentences its author
reads when it is wrong. Does not belong here: the shape (TableSpec), opening the files (assets/io/reference).
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from schemas.codes import ALIAS_COLUMNS, Code, list_codes, list_meanings
from schemas.faults import say_faults, say_syntax, say_wrong_name
from schemas.rules.text import matching_key
from schemas.sources import SourceSpec, TableSpec, load_common, normalise_title, parse_source, read_sources

_KEY = re.compile(r"[a-z][a-z0-9_]*")
"""It becomes a folder, an asset and a file's name."""
_TABLES = ("ho_so", "thu_tuc", "thanh_toan", "pakn")
"""What another system can deliver; the others are this product's own workbook and forms."""
_TOP = ("ma", "ten", "bo_sung", "tables")
_SET_BY_US = {"kinds"}
"""Keys of a table that no file says: they come with its columns."""
_VALUES_PASS = ("max", "join", "first")
"""Operations of a nested rule that let a value through, not only a count or a yes."""

Words = dict[str, dict[str, Code]]
"""Code list → matching key of a word → code."""


class WrongSource(ValueError):
    """A source's file cannot be used; the message is Vietnamese and names file, key and remedy."""


@dataclass(frozen=True)
class OwnSource:
    """A source that a home brought.

    Attributes:
        spec: its specification, as that of a shipped source.
        words: what its own words mean; they win over the common ones.
    """

    spec: SourceSpec
    words: Words = field(default_factory=dict)

    @property
    def described(self) -> str:
        """All that a number may depend on, as one text."""
        words = {name: {key: (one.ma, one.y_nghia) for key, one in known.items()} for name, known in self.words.items()}
        return self.spec.model_dump_json() + json.dumps(words, ensure_ascii=False, sort_keys=True)


def parse_own_source(name: str, text: str) -> SourceSpec:
    """Read the TOML of a home's own source.

    Args:
        name: the file's name without ``.toml``.
        text: its content.

    Raises:
        WrongSource: no TOML; a key, column or table that is not there; a shipped source's name; a title of persons.
    """
    place = f"Tệp nguồn {name}.toml"
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise _wrong(place, say_syntax(wrong)) from None
    _check_keys(place, raw, _TOP)
    _check_name(place, raw, name)
    tables = raw.get("tables")
    if not isinstance(tables, list) or not tables or not all(isinstance(one, dict) for one in tables):
        raise _wrong(place, "phải có ít nhất một bảng, viết dưới dòng [[tables]]")
    for number, table in enumerate(tables, start=1):
        _check_table(f"{place}, [[tables]] thứ {number}", table)
    try:
        spec = parse_source(text)
        _check_patterns(place, spec)
    except ValidationError as wrong:
        raise _wrong(place, say_faults(wrong)) from None
    for table in spec.tables:
        _check_persons(place, table)
    return spec


def parse_own_words(name: str, lines: Iterable[str]) -> Words:
    """Read the CSV of words of a home's own source, as ``schemas/codes/aliases/<source>.csv`` is written.

    Args:
        name: the file's name without ``.csv``.
        lines: its lines, the header first.

    Raises:
        WrongSource: a column missing, an unknown code list, code or meaning, one word for two codes.
    """
    place = f"Tệp cách gọi {name}.csv"
    reader = csv.DictReader(lines)
    if missing := [one for one in ALIAS_COLUMNS if one not in (reader.fieldnames or ())]:
        raise _wrong(
            place, f"thiếu cột {', '.join(missing)} ở dòng đầu ({','.join(ALIAS_COLUMNS)}, ngăn bằng dấu phẩy)"
        )
    words: Words = {}
    for row in reader:
        where = f"{place}, dòng {reader.line_num}"
        code_list, word, code, meaning = ((row[one] or "").strip() for one in ALIAS_COLUMNS)
        codes = list_codes(code_list)
        if not codes:
            raise _wrong(where, f"bang_ma {say_wrong_name(code_list, list_codes())}")
        if code not in codes:
            raise _wrong(where, f"ma {say_wrong_name(code, codes)}")
        if meaning and meaning not in list_meanings(code_list):
            raise _wrong(where, f"y_nghia {say_wrong_name(meaning, list_meanings(code_list))}")
        if not word:
            raise _wrong(where, "tu_nguon để trống")
        known = words.setdefault(code_list, {})
        if known.setdefault(matching_key(word), Code(int(code), meaning or None)) != Code(int(code), meaning or None):
            raise _wrong(where, f"“{word}” đã có nghĩa khác ở dòng trên")
    return words


def _wrong(place: str, what: str) -> WrongSource:
    return WrongSource(f"{place}: {what}. Hãy sửa rồi chạy lại.")


def _check_keys(place: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    names = sorted(known)
    for name in given:
        if name not in names:
            raise _wrong(place, f"khóa {say_wrong_name(name, names)}")


def _check_name(place: str, raw: Mapping[str, Any], name: str) -> None:
    if not _KEY.fullmatch(name):
        raise _wrong(place, "tên tệp chỉ được gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ")
    if name in (*read_sources(), "chung"):
        raise _wrong(place, f"nguồn “{name}” đã có sẵn trong phần mềm và không được thay; hãy đặt tên khác")
    if raw.get("ma") != name:
        raise _wrong(place, f'phải có ma = "{name}", đúng như tên tệp')


def _check_table(place: str, table: Mapping[str, Any]) -> None:
    _check_keys(place, table, {*TableSpec.model_fields, "use"} - _SET_BY_US)
    bang = table.get("bang")
    if bang not in _TABLES:
        raise _wrong(place, f"bang {say_wrong_name(str(bang or ''), _TABLES)}")
    shipped = [one for spec in read_sources().values() for one in spec.tables if one.bang == bang]
    if table.get("key") != shipped[0].key:
        raise _wrong(place, f'phải có key = "{shipped[0].key}"')
    use = table.get("use", [])
    if not isinstance(use, list) or not all(isinstance(one, str) for one in use):
        raise _wrong(place, "use phải là danh sách tên cột trong ngoặc vuông")
    known = {name for one in shipped for name in (*one.columns, *one.nested)}
    for part, names, allowed in (
        ("use", use, known & load_common().columns.keys()),
        ("columns", table.get("columns", {}), known),
        ("nested", table.get("nested", {}), known),
    ):
        if part != "use" and not isinstance(names, dict):
            raise _wrong(place, f"{part} phải là một bảng [tables.{part}]")
        for name in names:
            if name not in allowed:
                raise _wrong(place, f"{part}: cột {say_wrong_name(name, allowed)}")


def _check_patterns(place: str, spec: SourceSpec) -> None:
    for table in spec.tables:
        for name, pattern in table.above.items():
            try:
                groups = re.compile(pattern).groups
            except re.error:
                groups = 0
            if groups < 1:
                raise _wrong(place, f"above.{name} phải là biểu thức chính quy có một nhóm trong ngoặc")


def _check_persons(place: str, table: TableSpec) -> None:
    """No title of persons or free text may be read: at raw's gate they are to stop (Luật 91/2025/QH15)."""
    common = load_common()
    personal = {normalise_title(title) for title in common.personal_titles}
    passing = {
        normalise_title(step.roots[0])
        for rule in table.nested.values()
        for step in rule.steps
        if step.op in _VALUES_PASS and step.roots
    }
    for title in sorted({*table.aliases, *passing}):
        if title in personal or common.personal_pattern.search(title):
            raise _wrong(
                place, f"tiêu đề “{title}” là dữ liệu cá nhân hoặc chữ tự do, không được đọc; bỏ nó khỏi các cột"
            )
