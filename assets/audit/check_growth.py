"""Checks of comparisons in running text: growth on an earlier period (A20), performance against a plan (A03).

Belongs here: "tăng 12,5% so với cùng kỳ (1.125/1.000)", "giảm 9 hồ sơ", "đạt 61% dự toán (35 tỷ đồng)".
Does not belong here: shares of a total (check_breakdowns), rates of named quantities (check_dossiers).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assets.audit.catalogue import load_compare_words
from assets.audit.citations import mask, same_length_key
from assets.audit.document import Paragraph
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.share_finding import make_share_finding
from assets.audit.values import Printed, Token, say, scan_numbers

_SENTENCE = re.compile(r"\.(?=\s|$)|;(?=\s)(?!\s*(?:bằng|đạt|tăng|giảm|tương đương)\b)")
_UNIT = re.compile(r"\s*((?:triệu|tỷ|nghìn) đồng|[^\W\d_]+(?: [^\W\d_]+)?)")
_POINTS = re.compile(r"\s*(?:điểm(?: phần trăm| ?%)|đpt)")
_TIMES = re.compile(r"\s*lần\b")
_BETWEEN = re.compile(r"(?:[^\d;.()]|/?20\d\d){0,60}")
_FROM_TO = re.compile(r"\btừ\s*$")
_TO = re.compile(r"\s*%?\s*(?:\S+ ){0,3}?(?:lên|xuống|còn|đến)(?: còn)?\s*$")
_DOWN_TO = re.compile(r"[^\d;.()]{0,25}\b(?:xuống|lên)(?: còn)?\s*")
_MONEY = re.compile(r"(?:triệu|tỷ|nghìn)? ?đồng|triệu|tỷ|tr")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence: its paragraph, folded words and figures."""

    paragraph: Paragraph
    key: str
    begin: int
    end: int
    tokens: tuple[Token, ...]

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


def check_growth(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [
        found
        for paragraph in evidence.layout.body
        for sentence in _sentences(paragraph)
        for found in (*_check_change(sentence), *_check_points(sentence), *_check_plan(sentence))
    ]


def _sentences(paragraph: Paragraph) -> Iterator[_Sentence]:
    masked = mask(paragraph.text)
    key = same_length_key(masked)
    tokens = [token for token in scan_numbers(masked) if token.start >= paragraph.start]
    stops = [m for m in _SENTENCE.finditer(key) if key.count("(", 0, m.start()) <= key.count(")", 0, m.start())]
    begin = 0
    for end in [*(stop.start() for stop in stops), len(key)]:
        inside = tuple(token for token in tokens if begin <= token.start < end)
        if inside:
            yield _Sentence(paragraph, key, begin, end, inside)
        begin = end


# --- growth -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """What a change is between: now and before, each None where the sentence does not print it."""

    now: Printed | None
    before: Printed | None


def _check_change(sentence: _Sentence) -> Iterator[AuditFinding]:
    """A20: "tăng 12,5%", "giảm 9 hồ sơ", "tăng 2,5 lần" against the figures the sentence compares."""
    difference: Token | None = None
    known: _Pair | None = None
    sign = 0
    for token in sentence.tokens:
        way = _way(sentence, token)
        if not way and not (difference and token.percent and _is_same_change(sentence, difference, token)):
            continue
        sign = way or sign
        pair = _find_pair(sentence, token, difference)
        if (pair.before is None or pair.now is None) and known is not None and token.percent:
            pair = known
        known = pair if pair.before is not None and difference is None and not token.percent else known
        if _POINTS.match(sentence.key, token.end):
            continue
        if token.percent and (rates := _rates_of(sentence, token)) is not None:
            yield from _judge_rates(sentence, token, sign, *rates)
            continue
        if token.percent:
            yield from _judge_percent(sentence, token, sign, pair, difference)
        elif _TIMES.match(sentence.key, token.end):
            yield from _judge_times(sentence, token, pair)
        elif token.below is None:
            difference = token
            yield from _judge_difference(sentence, token, sign, pair)


def _rates_of(sentence: _Sentence, token: Token) -> tuple[Printed, Printed] | None:
    """Read "đạt 95,9%, tăng 21,3% so với năm 2025 (74,6%)": the rate now and the rate before."""
    behind = next((t for t in sentence.tokens if t.start >= token.end), None)
    span = sentence.bracket(behind) if behind is not None and behind.percent else None
    before = [t for t in sentence.tokens if t.end <= token.start and t.percent][-1:]
    if not before or _way(sentence, before[0]) or ";" in sentence.key[before[0].end : token.start]:
        return None
    if behind is None or span is None or len(sentence.inside(span)) != 1:
        return None
    named = load_compare_words().nen.search(sentence.key[token.end : span[0]]) is not None
    between = _BETWEEN.fullmatch(sentence.key[token.end : span[0]]) is not None
    return (before[-1].number, behind.number) if named and between else None


def _judge_rates(sentence: _Sentence, token: Token, sign: int, now: Printed, before: Printed) -> Iterator[AuditFinding]:
    """Take a change of rates in points, or on the rate before, as right."""
    points = (now.value - before.value) * sign
    growth = points / before.value * 100 if before.value else points
    slack = Fraction(1, 10 ** min(now.decimals, before.decimals))
    if not any(_within(token.number, value - slack / 2, value + slack / 2) for value in (points, growth)):
        left = f"{now.text} − {before.text} = {say(now.value - before.value)}"
        yield _wrong(sentence, token, left, f"{_direction(sign)} {token.number.text}%")


def _way(sentence: _Sentence, token: Token) -> int:
    """Tell the direction that stands right before a figure: 1 tăng, -1 giảm, 0 none."""
    match = re.search(load_compare_words().tang_giam.pattern + r"\s*$", sentence.lead(token))
    return 0 if match is None else -1 if match[1] == "giảm" else 1


def _is_same_change(sentence: _Sentence, difference: Token, token: Token) -> bool:
    between = sentence.key[difference.end : token.start]
    return re.fullmatch(r"[^\d;.]{0,30}(?:tương (?:ứng|đương)|bằng|tức|\(|,)[^\d;.]{0,20}", between) is not None


def _find_pair(sentence: _Sentence, token: Token, difference: Token | None) -> _Pair:
    """Find what is compared: "(A/B)" or "so với … (B)" behind the change, or "so với … (B)" before it."""
    behind = [t for t in sentence.tokens if t.start >= token.end and t is not token]
    for first in behind[:1]:
        span = sentence.bracket(first)
        if span is None or span[0] < token.end or not _BETWEEN.fullmatch(sentence.key[token.end : span[0]].lstrip("%")):
            break
        pair = _read_bracket(sentence, span, token, difference)
        if pair is not None:
            return pair
    fallen = _from_to(sentence)
    if fallen is not None:
        return fallen
    for first in (t for t in sentence.tokens if t.end <= token.start):
        span = sentence.bracket(first)
        if span is not None and re.search(r"(?:so )?với[^;.()]{0,50}$", sentence.key[sentence.begin : span[0]]):
            counts = [t for t in sentence.inside(span) if not t.percent]
            if len(counts) == 1 and counts[0].below is None:
                return _Pair(_nearest(sentence, token, counts[0], after=span[1], skip=difference), counts[0].number)
    return _Pair(_nearest(sentence, token, None, after=sentence.begin, skip=difference), None)


def _from_to(sentence: _Sentence) -> _Pair | None:
    """Read "từ 13 phòng xuống 06 phòng": before and now."""
    for first, second in itertools.pairwise(sentence.tokens):
        counts = not first.percent and not second.percent and first.below is None and second.below is None
        between = sentence.key[first.end : second.start]
        if counts and _FROM_TO.search(sentence.lead(first)) and _DOWN_TO.fullmatch(between):
            return _Pair(second.number, first.number)
    return None


def _read_bracket(sentence: _Sentence, span: tuple[int, int], token: Token, difference: Token | None) -> _Pair | None:
    inside = [t for t in sentence.inside(span) if not t.percent]
    words = sentence.key[token.end : span[0]]
    if len(inside) == 1 and inside[0].below is not None:
        return _Pair(inside[0].number, inside[0].below)
    if len(inside) == 2 and all(t.below is None for t in inside) and _names_years(sentence, span):
        return _Pair(inside[1].number, inside[0].number)
    if len(inside) == 1 and load_compare_words().nen.search(words):
        now = _nearest(sentence, token, inside[0], after=sentence.begin, skip=difference)
        return _Pair(now, inside[0].number)
    return None


def _names_years(sentence: _Sentence, span: tuple[int, int]) -> bool:
    """Tell whether a bracket says "năm 2021: 12; năm 2022: 3": earlier first (years are masked by now)."""
    text = sentence.paragraph.text[span[0] : span[1]]
    years = re.findall(r"\b(20\d\d)\b", text)
    return len(years) == 2 and years[0] < years[1]


def _nearest(
    sentence: _Sentence, token: Token, like: Token | None, *, after: int, skip: Token | None
) -> Printed | None:
    """Return the figure that changed: the nearest one before, outside brackets, in the unit of the other side."""
    unit = sentence.unit(like) if like is not None else ""
    for other in reversed(sentence.tokens):
        if other.start >= token.start or other.start < after or other is skip or other.percent:
            continue
        if sentence.bracket(other) is not None and sentence.bracket(other) != sentence.bracket(token):
            continue
        mine = sentence.unit(other)
        if unit and mine and unit.split(" ")[0] != mine.split(" ")[0]:
            continue
        plain = other.below is None or like is not None
        return other.number if plain and _way(sentence, other) == 0 else None
    return None


def _judge_percent(
    sentence: _Sentence, token: Token, sign: int, pair: _Pair, difference: Token | None
) -> Iterator[AuditFinding]:
    step = difference.number if difference is not None and _is_same_change(sentence, difference, token) else None
    if pair.before is not None and pair.now is not None:
        low, high = _spread(pair.now, sentence), _spread(pair.before, sentence)
        values = [(now - before) / before * 100 * sign for now in low for before in high if before]
        said = f"({pair.now.text} − {pair.before.text})/{pair.before.text}"
    elif step is not None and pair.before is not None and pair.before.value:
        values = [step.value / pair.before.value * 100]
        said = f"{step.text}/{pair.before.text}"
    elif step is not None and pair.now is not None and pair.now.value - sign * step.value > 0:
        values = [step.value / (pair.now.value - sign * step.value) * 100]
        said = f"{step.text}/{say(pair.now.value - sign * step.value)}"
    else:
        return
    if values and not _within(token.number, min(values), max(values)):
        yield _wrong(sentence, token, f"{said} = {say(values[0])}%", f"{_direction(sign)} {token.number.text}%")


def _judge_difference(sentence: _Sentence, token: Token, sign: int, pair: _Pair) -> Iterator[AuditFinding]:
    if pair.before is None or pair.now is None:
        return
    value = (pair.now.value - pair.before.value) * sign
    exact = max(pair.now.decimals, pair.before.decimals) <= token.number.decimals
    if value != token.number.value and exact:
        left = f"{pair.now.text} − {pair.before.text} = {say(value * sign)}"
        yield _wrong(sentence, token, left, f"{_direction(sign)} {token.number.text}")


def _judge_times(sentence: _Sentence, token: Token, pair: _Pair) -> Iterator[AuditFinding]:
    if pair.before is None or pair.now is None or not pair.before.value:
        return
    ratio = pair.now.value / pair.before.value
    if not any(_within(token.number, value, value) for value in (ratio, ratio - 1)):
        yield _wrong(sentence, token, f"{pair.now.text}/{pair.before.text} = {say(ratio)}", f"{token.number.text} lần")


def _direction(sign: int) -> str:
    return "tăng" if sign > 0 else "giảm"


def _spread(number: Printed, sentence: _Sentence) -> tuple[Fraction, ...]:
    """Return what a figure may have been before rounding: money in millions is rounded, a count is not."""
    unit = sentence.key[sentence.key.find(number.text, sentence.begin) + len(number.text) :].lstrip()
    if number.decimals == 0 and not re.match(r"triệu|tỷ|nghìn", unit):
        return (number.value,)
    half = Fraction(1, 2 * 10**number.decimals)
    return number.value, number.value - half, number.value + half


def _within(said: Printed, low: Fraction, high: Fraction) -> bool:
    """Tell whether a printed figure is a rounding of some value between two."""
    half = Fraction(1, 2 * 10**said.decimals)
    return any(low - half <= value <= high + half for value in said.readings)


def _wrong(sentence: _Sentence, token: Token, left: str, right: str) -> AuditFinding:
    message = fill("A20", "chung", tinh=left, ghi=right)
    paragraph = sentence.paragraph
    return make_finding("A20", [paragraph.place_at(token.start)], left, right, message, paragraph.quote(token.start))


# --- points -----------------------------------------------------------------------------------------------------


def _check_points(sentence: _Sentence) -> Iterator[AuditFinding]:
    """A20: "tăng 16,5 điểm phần trăm (từ 77,5% lên 94%)"."""
    rates = [token for token in sentence.tokens if token.percent]
    pairs = [
        (first, second)
        for first, second in itertools.pairwise(rates)
        if _FROM_TO.search(sentence.lead(first)) and _TO.fullmatch(sentence.key[first.end : second.start])
    ]
    for token in sentence.tokens:
        if token.below is not None or _POINTS.match(sentence.key, token.end) is None or not _way(sentence, token):
            continue
        for first, second in pairs[:1]:
            value = (second.number.value - first.number.value) * _way(sentence, token)
            if value != token.number.value:
                left = f"{second.number.text} − {first.number.text} = {say(second.number.value - first.number.value)}"
                yield _wrong(sentence, token, left, f"{token.number.text} điểm")


# --- plan -------------------------------------------------------------------------------------------------------


def _check_plan(sentence: _Sentence) -> Iterator[AuditFinding]:
    """A03: "đạt 61% dự toán (35 tỷ đồng)": the amount over the plan that the sentence prints."""
    for token in sentence.tokens:
        if not token.percent or not re.search(r"(?:đạt|bằng|=|được)\s*(?:tỷ lệ\s*)?$", sentence.lead(token)):
            continue
        plan, done = _plan_of(sentence, token)
        if plan is None or done is None or plan is done or not plan.value:
            continue
        values = [top / base * 100 for top in _spread(done, sentence) for base in _spread(plan, sentence) if base]
        if not _within(token.number, min(values), max(values)):
            place, quote = sentence.paragraph.place_at(token.start), sentence.paragraph.quote(token.start)
            yield make_share_finding(done, plan, token.number, [place], quote, right=say(values[0]))


def _plan_of(sentence: _Sentence, token: Token) -> tuple[Printed | None, Printed | None]:
    """Find the plan's amount and what was done: behind the rate ("… dự toán (35 tỷ đồng)"), else before it."""
    words = load_compare_words().ke_hoach
    named = words.match(sentence.key[token.end : sentence.end].lstrip())
    behind = next((t for t in sentence.tokens if t.start >= token.end), None)
    if named is not None and behind is not None and not behind.percent and behind.below is None:
        between = sentence.key[token.end : behind.start]
        if re.fullmatch(r"[^\d;.)]{0,60}", between) and ("(" in between or len(between) < 25):
            return behind.number, _amount_before(sentence, token, sentence.unit(behind))
    if re.match(r"\s*(?:so với|cùng kỳ)", sentence.key[token.end : sentence.end]):
        span = sentence.bracket(behind) if behind is not None and not behind.percent and behind.below is None else None
        if behind is None or span is None or len(sentence.inside(span)) > 1:
            return None, None
        return behind.number, _nearest(sentence, token, behind, after=sentence.begin, skip=None)
    before = [t for t in sentence.tokens if t.end <= token.start and not t.percent and t.below is None]
    pair = before[-2:]
    if len(pair) == 2 and _MONEY.match(sentence.unit(pair[0])) and sentence.unit(pair[0]) == sentence.unit(pair[1]):
        planned = [t for t in pair if _names_plan(sentence, t)]
        if len(planned) == 1:
            return planned[0].number, next(t.number for t in pair if t is not planned[0])
    return None, None


def _names_plan(sentence: _Sentence, token: Token) -> bool:
    lead = sentence.lead(token)[-60:]
    return re.search(r"(?:dự toán|kế hoạch|chỉ tiêu|vốn)[^\d]{0,25}(?:giao|được giao)?[^\d]{0,15}$", lead) is not None


def _amount_before(sentence: _Sentence, token: Token, unit: str) -> Printed | None:
    for other in reversed(sentence.tokens):
        if other.end <= token.start and not other.percent and other.below is None:
            mine = sentence.unit(other)
            same = not unit or not mine or mine.split(" ")[0] == unit.split(" ")[0]
            beside = sentence.bracket(other) in {sentence.bracket(token), None}
            return other.number if same and beside else None
    return None
