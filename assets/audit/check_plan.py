"""Checks of performance against a plan: "đạt 61% dự toán (35 tỷ đồng)" (A03), and the units of its amounts (E12).

Belongs here: which amounts a sentence sets against each other. Does not belong here: growth on an earlier period
(check_growth), shares of a total (check_breakdowns).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assets.audit.catalogue import load_compare_words
from assets.audit.comparison import Sentence, find_nearest, is_within, list_unrounded, read_sentences
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.scan import Scan
from assets.audit.share_finding import make_share_finding
from assets.audit.values import Printed, Token, is_rounding, say

_MONEY = re.compile(r"(?:triệu|tỷ|nghìn)? ?đồng|triệu|tỷ|tr")


def check_plan(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [
        *(found for scan in evidence.scans for one in read_sentences(scan) for found in _check_sentence(one)),
        *(found for scan in evidence.scans for found in _check_units(scan)),
    ]


def _check_sentence(sentence: Sentence) -> Iterator[AuditFinding]:
    """A03: "đạt 61% dự toán (35 tỷ đồng)": the amount over the plan that the sentence prints."""
    for token in sentence.tokens:
        if not token.percent or not re.search(r"(?:đạt|bằng|=|được)\s*(?:tỷ lệ\s*)?$", sentence.lead(token)):
            continue
        plan, done = _find_plan(sentence, token)
        if plan is None or done is None or plan is done or not plan.value:
            continue
        values = [
            top / base * 100
            for top in list_unrounded(done, sentence)
            for base in list_unrounded(plan, sentence)
            if base
        ]
        if not is_within(token.number, min(values), max(values)):
            place, quote = sentence.scan.place(token), sentence.scan.quote(token)
            yield make_share_finding(done, plan, token.number, [place], quote, right=say(values[0]))


def _find_plan(sentence: Sentence, token: Token) -> tuple[Printed | None, Printed | None]:
    """Find the plan's amount and what was done: behind the rate ("… dự toán (35 tỷ đồng)"), else before it."""
    words = load_compare_words().ke_hoach
    named = words.match(sentence.key[token.end : sentence.end].lstrip())
    behind = next((t for t in sentence.tokens if t.start >= token.end), None)
    if named is not None and behind is not None and not behind.percent and behind.below is None:
        between = sentence.key[token.end : behind.start]
        if re.fullmatch(r"[^\d;.)]{0,60}", between) and ("(" in between or len(between) < 25):
            return behind.number, _find_amount(sentence, token, sentence.unit(behind))
    if re.match(r"\s*(?:so với|cùng kỳ)", sentence.key[token.end : sentence.end]):
        span = sentence.bracket(behind) if behind is not None and not behind.percent and behind.below is None else None
        if behind is None or span is None or len(sentence.inside(span)) > 1:
            return None, None
        return behind.number, find_nearest(sentence, token, behind, after=sentence.begin, skip=None)
    before = [t for t in sentence.tokens if t.end <= token.start and not t.percent and t.below is None]
    pair = before[-2:]
    if len(pair) == 2 and _MONEY.match(sentence.unit(pair[0])) and sentence.unit(pair[0]) == sentence.unit(pair[1]):
        planned = [t for t in pair if _names_plan(sentence, t)]
        if len(planned) == 1:
            return planned[0].number, next(t.number for t in pair if t is not planned[0])
    return None, None


def _names_plan(sentence: Sentence, token: Token) -> bool:
    lead = sentence.lead(token)[-60:]
    return re.search(r"(?:dự toán|kế hoạch|chỉ tiêu|vốn)[^\d]{0,25}(?:giao|được giao)?[^\d]{0,15}$", lead) is not None


def _find_amount(sentence: Sentence, token: Token, unit: str) -> Printed | None:
    for other in reversed(sentence.tokens):
        if other.end <= token.start and not other.percent and other.below is None:
            mine = sentence.unit(other)
            same = not unit or not mine or mine.split(" ")[0] == unit.split(" ")[0]
            beside = sentence.bracket(other) in {sentence.bracket(token), None}
            return other.number if same and beside else None
    return None


_SCALE = re.compile(r"\s*((?:nghìn|triệu|tỷ)(?: đồng)?|đồng)\b")
_SPAN = 160  # characters in which two amounts and their percentage stand


def _check_units(scan: Scan) -> Iterator[AuditFinding]:
    """E12: two amounts that fit only when counted in one unit, or in two, and are printed otherwise."""
    yield from _check_around(scan)
    for first, second in pairwise(scan.tokens):
        one, two = _scale_at(scan, first), _scale_at(scan, second)
        if not one or not two or first.below is not None or second.below is not None:
            continue
        following = scan.first_from(second.end)
        rate = following if following is not None and following.percent else None
        if one != two and rate is not None and _are_near(scan, first, rate):
            yield from _judge_rate(scan, _Amounts(first, first.number, one, second.number, two), rate)
        between = scan.key[first.end + len(one) : second.start]
        if one == two and re.fullmatch(r"\s*\(\s*", between) and _is_thousandfold(first.number, second.number):
            yield _wrong_units(scan, _Amounts(first, first.number, one, second.number, two), "doi")
    for token, rate in pairwise(scan.tokens):
        above = _SCALE.match(scan.key, token.start + len(token.number.text), token.end)
        below = _scale_at(scan, token)
        if token.below is not None and above is not None and below and above[1] != below and rate.percent:
            yield from _judge_rate(scan, _Amounts(token, token.number, above[1], token.below, below), rate)


def _check_around(scan: Scan) -> Iterator[AuditFinding]:
    """E12: "vốn 8.500 triệu đồng, giải ngân đạt 35% (2.975 tỷ đồng)"."""
    for first, rate, second in zip(scan.tokens, scan.tokens[1:], scan.tokens[2:], strict=False):
        one, two = _scale_at(scan, first), _scale_at(scan, second)
        between = scan.key[rate.end : second.start]
        if one and two and one != two and rate.percent and re.fullmatch(r"[^\d;.)]{0,40}\(\s*", between):
            yield from _judge_rate(scan, _Amounts(first, first.number, one, second.number, two), rate)


def _scale_at(scan: Scan, token: Token) -> str:
    match = _SCALE.match(scan.key, token.end)
    return match[1] if match is not None else ""


def _are_near(scan: Scan, first: Token, rate: Token) -> bool:
    return rate.start - first.start <= _SPAN and ". " not in scan.key[first.start : rate.start]


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Two amounts with the units they are printed in; ``token`` is where the first one stands."""

    token: Token
    first: Printed
    first_unit: str
    second: Printed
    second_unit: str


def _judge_rate(scan: Scan, amounts: _Amounts, rate: Token) -> Iterator[AuditFinding]:
    """Find "kế hoạch 18.650 tỷ đồng, giải ngân 3.245 triệu đồng, đạt 17,4%", which is right only in one unit."""
    ways = ((amounts.first, amounts.second), (amounts.second, amounts.first))
    if any(is_rounding(rate.number, top.value, below.value) for top, below in ways if below.value):
        yield _wrong_units(scan, amounts, "chung", rate.number.text)


def _is_thousandfold(first: Printed, second: Printed) -> bool:
    """Tell whether one amount is a thousand times the other as printed: triệu and tỷ of one sum."""
    return any(a == 1000 * b or b == 1000 * a for a in first.readings for b in second.readings)


def _wrong_units(scan: Scan, amounts: _Amounts, said: str, rate: str = "") -> AuditFinding:
    left = f"{amounts.first.text} {amounts.first_unit}"
    right = f"{amounts.second.text} {amounts.second_unit}"
    message = fill("E12", said, tren=left, duoi=right, ghi=rate)
    return make_finding("E12", [scan.place(amounts.token)], left, right, message, scan.quote(amounts.token))
