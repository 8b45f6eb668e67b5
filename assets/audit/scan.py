"""A paragraph as the checks of figures read it: its folded words, and the figures that count something.

Belongs here: masking what is no figure, and what stands around a figure (brackets, the stretch it is in).
Does not belong here: finding numbers (values), naming figures (quantities), judging them (checks).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

from assets.audit.citations import mask, same_length_key
from assets.audit.document import Paragraph
from assets.audit.quotients import Pool
from assets.audit.values import Token, scan_numbers

MOST_FIGURES = 150
"""Figures of a paragraph that are read. The richest sentences of real reports hold some twenty; with more than this it
is a table without its columns, where every figure stands beside every other one and nothing can be told."""

_BLANK = {ord(digit): "_" for digit in "0123456789"}


@dataclass(frozen=True)
class Scan:
    """One paragraph with its folded words and its figures; dates, citations and its own number are masked.

    Attributes:
        paragraph: what was read.
        key: its words, folded, masked; every offset is that of the paragraph's text.
        tokens: its figures from left to right, none for what is no prose (``MOST_FIGURES``).
        unread: how many figures were left out for that.
    """

    paragraph: Paragraph
    key: str
    tokens: tuple[Token, ...]
    unread: int = 0

    @cached_property
    def counts(self) -> tuple[Fraction, ...]:
        """The values of the plain counts (neither percentages nor fractions), in order."""
        return tuple(token.number.value for token in self.tokens if token.is_count)

    @cached_property
    def pool(self) -> Pool:
        """The plain counts, to be asked for quotients."""
        return Pool(self.counts)

    @cached_property
    def terms(self) -> tuple[Fraction, ...]:
        """All that a share may be of or a part in: counts, and both figures of fractions."""
        shown = [number for token in self.tokens if not token.percent for number in (token.number, token.below)]
        return tuple(number.value for number in shown if number is not None)

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    @cached_property
    def _depths(self) -> list[int]:
        """How many more brackets were opened than closed before each character."""
        return list(accumulate(({"(": 1, ")": -1}.get(char, 0) for char in self.key), initial=0))

    def between(self, begin: int, end: int) -> tuple[Token, ...]:
        """Return the figures that start in a stretch."""
        return self.tokens[bisect_left(self._starts, begin) : bisect_left(self._starts, end)]

    def first_from(self, at: int) -> Token | None:
        """Return the first figure that starts at a place or behind it."""
        index = bisect_left(self._starts, at)
        return self.tokens[index] if index < len(self.tokens) else None

    def in_bracket(self, begin: int, at: int) -> bool:
        """Tell whether a place stands in a bracket that was opened after another place."""
        return self._depths[at] > self._depths[begin]

    def closing(self, opened: int) -> int:
        """Return the bracket that closes one; where it was forgotten, the end of the text."""
        depth = self._depths[opened]
        at = self.key.find(")", opened)
        while at >= 0 and self._depths[at + 1] > depth:
            at = self.key.find(")", at + 1)
        return at if at >= 0 else len(self.key)

    def stretch_begin(self, at: int, stops: Iterable[str]) -> int:
        """Return where the stretch begins that holds a place: behind the last stop before it."""
        return max(self.key.rfind(stop, 0, at) for stop in stops) + 1

    def place(self, token: Token) -> str:
        """Where a figure stands."""
        return self.paragraph.place_at(token.start)

    def quote(self, token: Token) -> str:
        """The words around a figure."""
        return self.paragraph.quote(token.start)


def scan_paragraph(paragraph: Paragraph) -> Scan:
    """Read the figures of a paragraph; what stands in its marker is none."""
    opened = paragraph.start
    masked = paragraph.text[:opened].translate(_BLANK) + mask(paragraph.text)[opened:]
    tokens = tuple(token for token in scan_numbers(masked) if token.start >= opened)
    key = same_length_key(masked)
    return Scan(paragraph, key, tokens) if len(tokens) <= MOST_FIGURES else Scan(paragraph, key, (), len(tokens))
