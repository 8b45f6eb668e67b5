"""A sentence that compares figures: its words and figures, what stands around one, what one was before rounding.

Belongs here: what growth and performance against a plan are both read by. Does not belong here: judging them
(check_growth, check_plan).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assets.audit.catalogue import load_compare_words
from assets.audit.scan import Scan
from assets.audit.values import Printed, Token

_SENTENCE = re.compile(r"\.(?=\s|$)|;(?=\s)(?!\s*(?:bằng|đạt|tăng|giảm|tương đương)\b)")
_UNIT = re.compile(r"\s*((?:triệu|tỷ|nghìn) đồng|[^\W\d_]+(?: [^\W\d_]+)?)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it begins and ends in its paragraph, and its figures."""

    scan: Scan
    begin: int
    end: int
    tokens: tuple[Token, ...]

    @property
    def key(self) -> str:
        """The folded words of its paragraph."""
        return self.scan.key

    def unit(self, token: Token) -> str:
        """The words behind a figure."""
        match = _UNIT.match(self.key, token.end, self.end)
        return match[1] if match is not None else ""

    def lead(self, token: Token) -> str:
        """The sentence before a figure."""
        return self.key[self.begin : token.start]

    def bracket(self, token: Token) -> tuple[int, int] | None:
        """Return where the bracket around a figure begins and ends."""
        opened = self.key.rfind("(", self.begin, token.start)
        if opened < 0 or ")" in self.key[opened : token.start]:
            return None
        closed = self.key.find(")", token.end)
        return opened, closed if closed >= 0 else self.end

    def inside(self, span: tuple[int, int]) -> list[Token]:
        """List the figures of a stretch."""
        return [token for token in self.tokens if span[0] <= token.start < span[1]]


def read_sentences(scan: Scan) -> Iterator[Sentence]:
    """Cut a paragraph into sentences with figures; a semicolon ends one unless what follows goes on comparing."""
    if not scan.tokens:
        return
    stops = [match.start() for match in _SENTENCE.finditer(scan.key) if not scan.in_bracket(0, match.start())]
    begin = 0
    for end in [*stops, len(scan.key)]:
        inside = scan.between(begin, end)
        if inside:
            yield Sentence(scan, begin, end, inside)
        begin = end


def find_direction(sentence: Sentence, token: Token) -> int:
    """Tell the direction that stands right before a figure: 1 tăng, -1 giảm, 0 none."""
    match = re.search(load_compare_words().tang_giam.pattern + r"\s*$", sentence.lead(token))
    return 0 if match is None else -1 if match[1] == "giảm" else 1


def find_nearest(
    sentence: Sentence, token: Token, like: Token | None, *, after: int, skip: Token | None
) -> Printed | None:
    """Return the figure that changed: the nearest one before, outside brackets, in the unit of the other side."""
    unit = sentence.unit(like) if like is not None else ""
    for other in reversed(sentence.tokens):
        if other.start >= token.start or other.start < after or other is skip or other.percent:
            continue
        if sentence.bracket(other) is not None and sentence.bracket(other) != sentence.bracket(token):
            continue
        if other.about:
            return None
        mine = sentence.unit(other)
        if unit and mine and unit.split(" ")[0] != mine.split(" ")[0]:
            continue
        plain = other.below is None or like is not None
        return other.number if plain and find_direction(sentence, other) == 0 else None
    return None


def list_unrounded(number: Printed, sentence: Sentence) -> tuple[Fraction, ...]:
    """Return what a figure may have been before rounding: money in millions is rounded, a count is not."""
    unit = sentence.key[sentence.key.find(number.text, sentence.begin) + len(number.text) :].lstrip()
    if number.decimals == 0 and not re.match(r"triệu|tỷ|nghìn", unit):
        return (number.value,)
    half = Fraction(1, 2 * 10**number.decimals)
    return number.value, number.value - half, number.value + half


def is_within(said: Printed, low: Fraction, high: Fraction) -> bool:
    """Tell whether a printed figure is a rounding of some value between two."""
    half = Fraction(1, 2 * 10**said.decimals)
    return any(low - half <= value <= high + half for value in said.readings)
