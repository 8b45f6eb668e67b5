"""Code lists and the words that sources use for their codes.

Belongs here: lists (``<bang_ma>.csv``: ma, ten), aliases (``aliases/chung.csv`` for every source and
``aliases/<source>.csv`` for one), and the exact lookup table built of both. Does not belong here: applying it to
frames (assets/core). No fuzzy matching: a word nobody mapped becomes a finding.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.rules.text import matching_key

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Code:
    """What a source's word means: the code, and a meaning that the code alone does not carry (``tu_choi``)."""

    ma: int
    y_nghia: str | None = None


@cache
def load_titles(code_list: str) -> dict[str, str]:
    """Code, as it is written, → its name in a code list (``trang_thai``, ``kenh``, ``muc_do``)."""
    return {row["ma"]: row["ten"] for row in _read(_FOLDER / f"{code_list}.csv")}


@cache
def load_words(code_list: str, source: str) -> dict[str, Code]:
    """Matching key of every word a source may use for a code list → code.

    The list's own names and numbers are words too; a source's aliases win over the common ones.

    Args:
        code_list: ``trang_thai``, ``kenh``, ``muc_do``, ``tinh_trang``, ``hai_long``, ``thanh_toan``.
        source: source key.

    Raises:
        ValueError: one file maps the same word twice to different codes.
    """
    words: dict[str, Code] = {}
    listed = _FOLDER / f"{code_list}.csv"
    if listed.is_file():
        for row in _read(listed):
            words[matching_key(row["ten"])] = words[row["ma"]] = Code(int(row["ma"]))
    for name in ("chung", source):
        path = _FOLDER / "aliases" / f"{name}.csv"
        if path.is_file():
            words |= _read_aliases(path, code_list)
    return words


def _read_aliases(path: Path, code_list: str) -> dict[str, Code]:
    found: dict[str, Code] = {}
    for row in _read(path):
        if row["bang_ma"] != code_list:
            continue
        key, code = matching_key(row["tu_nguon"]), Code(int(row["ma"]), row["y_nghia"] or None)
        if found.get(key, code) != code:
            raise ValueError(f"{path.name}: “{row['tu_nguon']}” stands for two codes")
        found[key] = code
    return found


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
