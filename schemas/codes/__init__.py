"""Code lists and the words that sources use for their codes.

Belongs here: lists (``<bang_ma>.csv``: ma, ten), aliases (``aliases/chung.csv`` for every source and
``aliases/<source>.csv`` for one), and the exact lookup table built of both. Does not belong here: applying it to
frames (assets/core). No fuzzy matching: a word nobody mapped becomes a finding.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schemas.rules.text import matching_key

_FOLDER = Path(__file__).parent
_LATENESS = re.compile(
    r"\s*\((?:trước|đúng|quá|trễ|chậm|sớm|trong|còn)(?: hạn)?(?: \d+(?:[.,]\d+)? (?:ngày|giờ|phút)(?: làm việc)?)?\)$"
)
ALIAS_COLUMNS = ("bang_ma", "tu_nguon", "ma", "y_nghia")


@dataclass(frozen=True, slots=True)
class Code:
    """What a source's word means: the code, and a meaning that the code alone does not carry (``tu_choi``)."""

    ma: int
    y_nghia: str | None = None


@cache
def load_titles(code_list: str) -> dict[str, str]:
    """Code, as it is written, → its name in a code list (``trang_thai``, ``kenh``, ``muc_do``)."""
    return {row["ma"]: row["ten"] for row in _read(_FOLDER / f"{code_list}.csv")}


def load_words(code_list: str, source: str) -> dict[str, Code]:
    """Matching key of every word a source may use for a code list → code.

    The list's own names and numbers are words too; a source's aliases win over the common ones.

    Args:
        code_list: ``trang_thai``, ``kenh``, ``muc_do``, ``tinh_trang``, ``hai_long``, ``thanh_toan``.
        source: source key.

    Raises:
        ValueError: one file maps the same word twice to different codes.
    """
    own = _ADOPTED.get(source, {}).get(code_list)
    shipped = _load_shipped_words(code_list, source)
    return {**shipped, **own} if own else shipped


def find_code(words: Mapping[str, Code], key: str) -> Code | None:
    """Look a word up; what some portals add to a state, "(Đúng hạn)", "(Quá hạn 2 ngày)", is no part of it.

    Whether a dossier is late follows from its dates alone. Any other remark may change the state and stays unknown.

    Args:
        words: matching key → code, as :func:`load_words` gives them.
        key: matching key of the word.
    """
    return words.get(key) or words.get(_LATENESS.sub("", key))


_ADOPTED: dict[str, Mapping[str, Mapping[str, Code]]] = {}


def adopt_words(words: Mapping[str, Mapping[str, Mapping[str, Code]]]) -> None:
    """Make the words of a home's own sources known to this process, in place of those of another home.

    Args:
        words: source key → code list → matching key of a word → code.
    """
    _ADOPTED.clear()
    _ADOPTED.update(words)


@cache
def _load_shipped_words(code_list: str, source: str) -> dict[str, Code]:
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


@cache
def list_codes(code_list: str | None = None) -> tuple[str, ...]:
    """The codes that a word of a code list may stand for; without one, the names of the lists. Empty: no such list."""
    rows = _read(_FOLDER / "aliases" / "chung.csv")
    if code_list is None:
        listed = (path.stem for path in _FOLDER.glob("*.csv"))
        return tuple(sorted({*listed, *(row["bang_ma"] for row in rows)}))
    path = _FOLDER / f"{code_list}.csv"
    if path.is_file() and code_list in list_codes():
        return tuple(row["ma"] for row in _read(path))
    return tuple(sorted({row["ma"] for row in rows if row["bang_ma"] == code_list}))


@cache
def list_meanings(code_list: str) -> tuple[str, ...]:
    """The meanings beyond a code that words of a list carry (``tu_choi``)."""
    rows = _read(_FOLDER / "aliases" / "chung.csv")
    return tuple(sorted({row["y_nghia"] for row in rows if row["bang_ma"] == code_list and row["y_nghia"]}))


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
