"""The numbers that Word itself writes before paragraphs ("II.", "2.1.", "a)", "-"): they stand in no text of the file.

Belongs here: reading numbering and styles of a document and counting along its paragraphs.
Does not belong here: what a number means (assets/audit), the paragraphs' own text (report_word).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_DEEPEST_STYLE = 20


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: first number, format ("upperRoman", "bullet" …), pattern ("%1.%2."), linked style."""

    start: int
    format: str
    pattern: str
    style: str
    legal: bool


class WordNumbering:
    """Counts the numbered paragraphs of one document; ask for each visible paragraph once, in reading order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        """Read the lists.

        Args:
            numbering: root element of the numbering part, None for a document without lists.
            styles: root element of the styles part, None for a document without styles.
        """
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._styles = {} if styles is None else {s.get(f"{_W}styleId"): s for s in styles.iter(f"{_W}style")}
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: Any) -> None:
        for abstract in numbering.iter(f"{_W}abstractNum"):
            levels = {int(level.get(f"{_W}ilvl")): _read_level(level) for level in abstract.iter(f"{_W}lvl")}
            self._levels[abstract.get(f"{_W}abstractNumId")] = levels
        for item in numbering.iter(f"{_W}num"):
            name = item.get(f"{_W}numId")
            self._lists[name] = _value(item, "abstractNumId")
            for override in item.iter(f"{_W}lvlOverride"):
                begin = _value(override, "startOverride")
                if begin:
                    self._restarts.setdefault(name, {})[int(override.get(f"{_W}ilvl"))] = int(begin)

    def label(self, paragraph: Any) -> str:
        """Count a paragraph and return what Word prints before it: "II.", "2.1.", "-"; "" for no number."""
        name, depth = self._place(paragraph)
        abstract = self._lists.get(name, "")
        level = self._levels.get(abstract, {}).get(depth)
        if level is None or level.format == "none":
            return ""
        if level.format == "bullet":
            return "-"
        self._count(name, abstract, depth, level)
        counters = self._counters[abstract]

        def write(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            known = self._levels[abstract].get(at, level)
            shown = "decimal" if level.legal else known.format
            return write_number(counters.get(at, known.start), shown)

        return _PLACE.sub(write, level.pattern)

    def _count(self, name: str, abstract: str, depth: int, level: _Level) -> None:
        """Advance a level, forget the deeper ones; a list told to start anew does so at its first paragraph."""
        counters = self._counters.setdefault(abstract, {})
        begin = self._restarts.get(name, {}).pop(depth, None)
        counters[depth] = begin if begin is not None else counters.get(depth, level.start - 1) + 1
        for deeper in [at for at in counters if at > depth]:
            del counters[deeper]

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return list and level of a paragraph: its own, else its style's."""
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        name, depth = ("", "") if own is None else (_value(own, "numId"), _value(own, "ilvl"))
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        styled = "" if style is None else style.get(f"{_W}val", "")
        if not name:
            name, inherited = self._of_style(styled)
            depth = depth or inherited
        if not depth:
            levels = self._levels.get(self._lists.get(name, ""), {})
            depth = str(next((at for at, level in levels.items() if styled and level.style == styled), 0))
        return name, int(depth)

    def _of_style(self, name: str) -> tuple[str, str]:
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(name)
            if style is None:
                return "", ""
            own = style.find(f"{_W}pPr/{_W}numPr")
            if own is not None and _value(own, "numId"):
                return _value(own, "numId"), _value(own, "ilvl")
            name = _value(style, "basedOn")
        return "", ""


def _read_level(level: Any) -> _Level:
    return _Level(
        start=int(_value(level, "start") or "1"),
        format=_value(level, "numFmt") or "decimal",
        pattern=_value(level, "lvlText"),
        style=_value(level, "pStyle"),
        legal=level.find(f"{_W}isLgl") is not None,
    )


def _value(parent: Any, child: str) -> str:
    found = parent.find(f"{_W}{child}")
    return "" if found is None else str(found.get(f"{_W}val", ""))


def write_number(value: int, shown: str) -> str:
    """Write a number in one of Word's formats; a format we do not know is written in digits.

    Args:
        value: 1 or more.
        shown: Word's name of the format.
    """
    if shown in {"upperRoman", "lowerRoman"}:
        text = _roman(value)
        return text.upper() if shown == "upperRoman" else text
    if shown in {"upperLetter", "lowerLetter"} and value >= 1:
        text = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)  # Word's order: z, aa, bb
        return text.upper() if shown == "upperLetter" else text
    return f"{value:02d}" if shown == "decimalZero" else str(value)


def _roman(value: int) -> str:
    text = ""
    for size, sign in _ROMAN:
        while value >= size:
            text, value = text + sign, value - size
    return text
