"""Checks of growth on an earlier period in running text (A20).

Belongs here: "tăng 12,5% so với cùng kỳ (1.125/1.000)", "giảm 9 hồ sơ", "tăng 16,5 điểm phần trăm". Does not belong
here: performance against a plan (check_plan), reading a sentence (comparison).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assets.audit.catalogue import load_compare_words
from assets.audit.comparison import Sentence, find_direction, find_nearest, is_within, list_unrounded, read_sentences
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.values import Printed, Token, say

_POINTS = re.compile(r"\s*(?:điểm(?: phần trăm| ?%)|đpt)")
_PLACES = re.compile(r"\s*(?:bậc|hạng|vị trí|thứ hạng)\b")  # a place gained is a smaller number, often printed "12/148"
_TIMES = re.compile(r"\s*lần\b")
_BETWEEN = re.compile(r"(?:[^\d;.()]|/?20\d\d){0,60}")
_FROM_TO = re.compile(r"\btừ\s*$")
_TO = re.compile(r"\s*%?\s*(?:\S+ ){0,3}?(?:lên|xuống|còn|đến)(?: còn)?\s*$")
_DOWN_TO = re.compile(r"[^\d;.()]{0,25}\b(?:xuống|lên)(?: còn)?\s*")


def check_growth(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [
        found
        for scan in evidence.scans
        for sentence in read_sentences(scan)
        for found in (*_check_change(sentence), *_check_points(sentence))
    ]


# --- growth -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """What a change is between: now and before, each None where the sentence does not print it."""

    now: Printed | None
    before: Printed | None


@dataclass(frozen=True, slots=True)
class _Change:
    """A change that a sentence prints: "tăng 12,5%".

    Attributes:
        sentence, token: where it stands.
        sign: 1 tăng, -1 giảm.
        difference: the change in counts that stands before it ("tăng 9 hồ sơ (12,5%)"), which is not what is compared.
    """

    sentence: Sentence
    token: Token
    sign: int
    difference: Token | None

    @property
    def step(self) -> Printed | None:
        """The same change in counts."""
        known = self.difference is not None and _is_same_change(self.sentence, self.difference, self.token)
        return self.difference.number if known and self.difference is not None else None

    @property
    def said(self) -> str:
        """The change as printed: "giảm 9"."""
        return f"{'tăng' if self.sign > 0 else 'giảm'} {self.token.number.text}"


def _check_change(sentence: Sentence) -> Iterator[AuditFinding]:
    """A20: "tăng 12,5%", "giảm 9 hồ sơ", "tăng 2,5 lần" against the figures the sentence compares."""
    difference: Token | None = None
    known: _Pair | None = None
    sign = 0
    for token in sentence.tokens:
        way = find_direction(sentence, token)
        if not way and not (difference and token.percent and _is_same_change(sentence, difference, token)):
            continue
        sign = way or sign
        change = _Change(sentence, token, sign, difference)
        pair = _find_pair(change)
        if (pair.before is None or pair.now is None) and known is not None and token.percent:
            pair = known
        known = pair if pair.before is not None and difference is None and not token.percent else known
        if _POINTS.match(sentence.key, token.end) or _PLACES.match(sentence.key, token.end):
            continue
        if token.percent and (rates := _rates_of(sentence, token)) is not None:
            yield from _judge_rates(change, *rates)
        elif token.percent:
            yield from _judge_percent(change, pair)
        elif _TIMES.match(sentence.key, token.end):
            yield from _judge_times(change, pair)
        elif token.below is None:
            difference = token
            yield from _judge_difference(change, pair)


def _rates_of(sentence: Sentence, token: Token) -> tuple[Printed, Printed] | None:
    """Read "đạt 95,9%, tăng 21,3% so với năm 2025 (74,6%)": the rate now and the rate before."""
    behind = next((t for t in sentence.tokens if t.start >= token.end), None)
    span = sentence.bracket(behind) if behind is not None and behind.percent else None
    before = [t for t in sentence.tokens if t.end <= token.start and t.percent][-1:]
    if not before or find_direction(sentence, before[0]) or ";" in sentence.key[before[0].end : token.start]:
        return None
    if behind is None or span is None or len(sentence.inside(span)) != 1:
        return None
    named = load_compare_words().nen.search(sentence.key[token.end : span[0]]) is not None
    between = _BETWEEN.fullmatch(sentence.key[token.end : span[0]]) is not None
    return (before[-1].number, behind.number) if named and between else None


def _judge_rates(change: _Change, now: Printed, before: Printed) -> Iterator[AuditFinding]:
    """Take a change of rates in points, or on the rate before, as right."""
    points = (now.value - before.value) * change.sign
    growth = points / before.value * 100 if before.value else points
    slack = Fraction(1, 10 ** min(now.decimals, before.decimals))
    if not any(is_within(change.token.number, value - slack / 2, value + slack / 2) for value in (points, growth)):
        left = f"{now.text} − {before.text} = {say(now.value - before.value)}"
        yield _wrong(change.sentence, change.token, left, f"{change.said}%")


def _is_growth_of_others(change: _Change) -> bool:
    """Tell whether two figures of the paragraph have this growth, or the difference before it has it on one of them.

    What a sentence compares may stand in the one before, and which figure is now and which before is said in too many
    ways: "năm 2026 tiếp nhận 14.286 hồ sơ; năm 2025 tiếp nhận 12.915 hồ sơ; tăng 1.371 hồ sơ (10,62%)".
    """
    said, scan, step = change.token.number, change.sentence.scan, change.step
    if step is not None:
        growths = (step.value / before * 100 for before in scan.counts if before and step.value != before)
    else:
        unit = Fraction(1, 10**said.decimals)
        growths = (
            (now - before) / before * 100 * change.sign
            for value in said.readings
            for now, before in scan.pool.pairs(
                100 + change.sign * value - unit,
                100 + change.sign * value + unit,
            )
            if now and now != before
        )
    return any(is_within(said, growth, growth) for growth in growths)


def _is_difference_of_others(change: _Change) -> bool:
    """Tell whether two other figures of the paragraph differ by this much in this direction."""
    size = change.token.number.value
    values = set(change.sentence.scan.counts)
    later = values - {size}
    return size != 0 and any(before + size * change.sign in later for before in values)


def _is_same_change(sentence: Sentence, difference: Token, token: Token) -> bool:
    between = sentence.key[difference.end : token.start]
    return re.fullmatch(r"[^\d;.]{0,30}(?:tương (?:ứng|đương)|bằng|tức|\(|,)[^\d;.]{0,20}", between) is not None


def _find_pair(change: _Change) -> _Pair:
    """Find what is compared: "(A/B)" or "so với … (B)" behind the change, or "so với … (B)" before it."""
    sentence, token, difference = change.sentence, change.token, change.difference
    behind = [t for t in sentence.tokens if t.start >= token.end and t is not token]
    for first in behind[:1]:
        span = sentence.bracket(first)
        if span is None or span[0] < token.end or not _BETWEEN.fullmatch(sentence.key[token.end : span[0]].lstrip("%")):
            break
        pair = _read_bracket(change, span)
        if pair is not None:
            return pair
    inside = _beside_in_bracket(sentence, token)
    if inside is not None:
        return inside
    fallen = _from_to(sentence)
    if fallen is not None:
        return fallen
    for first in (t for t in sentence.tokens if t.end <= token.start):
        span = sentence.bracket(first)
        if span is not None and re.search(r"(?:so )?với[^;.()]{0,50}$", sentence.key[sentence.begin : span[0]]):
            counts = [t for t in sentence.inside(span) if not t.percent]
            if len(counts) == 1 and counts[0].below is None:
                return _Pair(find_nearest(sentence, token, counts[0], after=span[1], skip=difference), counts[0].number)
    return _Pair(find_nearest(sentence, token, None, after=sentence.begin, skip=difference), None)


def _beside_in_bracket(sentence: Sentence, token: Token) -> _Pair | None:
    """Read "298 hồ sơ (cùng kỳ 1.038 hồ sơ; giảm 71,3%)": both in one bracket behind what is compared."""
    span = sentence.bracket(token)
    for first in sentence.inside(span) if span is not None else ():
        if span is not None and first.end <= token.start and first.is_count and not first.about:
            if load_compare_words().nen.search(sentence.key[span[0] : first.start]) is None:
                return None
            return _Pair(find_nearest(sentence, first, first, after=sentence.begin, skip=None), first.number)
    return None


def _from_to(sentence: Sentence) -> _Pair | None:
    """Read "từ 13 phòng xuống 06 phòng": before and now."""
    for first, second in itertools.pairwise(sentence.tokens):
        counts = not first.percent and not second.percent and first.below is None and second.below is None
        between = sentence.key[first.end : second.start]
        if counts and _FROM_TO.search(sentence.lead(first)) and _DOWN_TO.fullmatch(between):
            return _Pair(second.number, first.number)
    return None


def _read_bracket(change: _Change, span: tuple[int, int]) -> _Pair | None:
    sentence, token = change.sentence, change.token
    inside = [t for t in sentence.inside(span) if not t.percent]
    words = sentence.key[token.end : span[0]]
    if len(inside) == 1 and inside[0].below is not None:
        return _Pair(inside[0].number, inside[0].below)
    if len(inside) == 2 and all(t.below is None for t in inside) and _names_years(sentence, span):
        return _Pair(inside[1].number, inside[0].number)
    if len(inside) == 1 and load_compare_words().nen.search(words):
        now = find_nearest(sentence, token, inside[0], after=sentence.begin, skip=change.difference)
        return _Pair(now, inside[0].number)
    return None


def _names_years(sentence: Sentence, span: tuple[int, int]) -> bool:
    """Tell whether a bracket says "năm 2021: 12; năm 2022: 3": earlier first (years are masked by now)."""
    text = sentence.scan.paragraph.text[span[0] : span[1]]
    years = re.findall(r"\b(20\d\d)\b", text)
    return len(years) == 2 and years[0] < years[1]


def _judge_percent(change: _Change, pair: _Pair) -> Iterator[AuditFinding]:
    sentence, said, sign, step = change.sentence, change.token.number, change.sign, change.step
    if pair.before is not None and pair.now is not None:
        low, high = list_unrounded(pair.now, sentence), list_unrounded(pair.before, sentence)
        values = [(now - before) / before * 100 * sign for now in low for before in high if before]
        shown = f"({pair.now.text} − {pair.before.text})/{pair.before.text}"
    elif step is not None and pair.before is not None and pair.before.value:
        values = [step.value / pair.before.value * 100]
        shown = f"{step.text}/{pair.before.text}"
    elif step is not None and pair.now is not None and pair.now.value - sign * step.value > 0:
        values = [step.value / (pair.now.value - sign * step.value) * 100]
        shown = f"{step.text}/{say(pair.now.value - sign * step.value)}"
    else:
        return
    if values and not is_within(said, min(values), max(values)) and not _is_growth_of_others(change):
        yield _wrong(sentence, change.token, f"{shown} = {say(values[0])}%", f"{change.said}%")


def _judge_difference(change: _Change, pair: _Pair) -> Iterator[AuditFinding]:
    if pair.before is None or pair.now is None:
        return
    said, value = change.token.number, pair.now.value - pair.before.value
    exact = max(pair.now.decimals, pair.before.decimals) <= said.decimals
    if value * change.sign != said.value and exact and not _is_difference_of_others(change):
        left = f"{pair.now.text} − {pair.before.text} = {say(value)}"
        yield _wrong(change.sentence, change.token, left, change.said)


def _judge_times(change: _Change, pair: _Pair) -> Iterator[AuditFinding]:
    if pair.before is None or pair.now is None or not pair.before.value:
        return
    said, ratio = change.token.number, pair.now.value / pair.before.value
    if not any(is_within(said, value, value) for value in (ratio, ratio - 1)):
        left = f"{pair.now.text}/{pair.before.text} = {say(ratio)}"
        yield _wrong(change.sentence, change.token, left, f"{said.text} lần")


def _wrong(sentence: Sentence, token: Token, left: str, right: str) -> AuditFinding:
    message = fill("A20", "chung", tinh=left, ghi=right)
    return make_finding("A20", [sentence.scan.place(token)], left, right, message, sentence.scan.quote(token))


# --- points -----------------------------------------------------------------------------------------------------


def _check_points(sentence: Sentence) -> Iterator[AuditFinding]:
    """A20: "tăng 16,5 điểm phần trăm (từ 77,5% lên 94%)"."""
    rates = [token for token in sentence.tokens if token.percent]
    pairs = [
        (first, second)
        for first, second in itertools.pairwise(rates)
        if _FROM_TO.search(sentence.lead(first)) and _TO.fullmatch(sentence.key[first.end : second.start])
    ]
    for token in sentence.tokens:
        if (
            token.below is not None
            or _POINTS.match(sentence.key, token.end) is None
            or not find_direction(sentence, token)
        ):
            continue
        for first, second in pairs[:1]:
            value = (second.number.value - first.number.value) * find_direction(sentence, token)
            if value != token.number.value:
                left = f"{second.number.text} − {first.number.text} = {say(second.number.value - first.number.value)}"
                yield _wrong(sentence, token, left, f"{token.number.text} điểm")
