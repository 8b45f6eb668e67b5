"""Checks of fractions in running text: "11.587/13.632 hộ đạt 85%" (A03), "165/156 TTHC" (C14).

Belongs here: two figures printed as one over the other, and the percentage beside them. Does not belong here: rates of
named figures (check_dossiers), shares of a list's total (check_breakdowns), performance against a plan (check_plan).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assets.audit.catalogue import load_figure_words
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.scan import Scan
from assets.audit.share_finding import make_share_finding
from assets.audit.values import Token, is_rounding


def check_fractions(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [*_check_rates(evidence), *_check_parts_above_whole(evidence)]


def _check_rates(evidence: Evidence) -> Iterator[AuditFinding]:
    """A03: "11.587/13.632 hộ đạt 85%" must be its own division."""
    for scan in evidence.scans:
        for before, first, second in zip([None, *scan.tokens], scan.tokens, scan.tokens[1:], strict=False):
            if before is not None and before.percent and _BRACKET.fullmatch(scan.key, before.end, first.start):
                continue  # "toàn trình 97,4% (7.012/7.199 hồ sơ), một phần 85,1%": the fraction has its rate already
            between = scan.key[first.end : second.start].replace("_", "")
            if second.below is not None and first.percent and _BRACKET.fullmatch(between):
                first, second = second, first  # "đạt 97,4% (23.837/24.473 hồ sơ)"
            elif first.below is None or not second.percent or not _is_beside(between):
                continue
            if first.below is None or first.below.value == 0 or second.about or _is_other_rate(scan, second):
                continue
            if not is_rounding(second.number, first.number.value, first.below.value):
                place = scan.place(first)
                yield make_share_finding(first.number, first.below, second.number, [place], scan.quote(first))


def _is_beside(between: str) -> bool:
    near = _NEAR if _LINKED.search(between) is None else _FAR
    return len(between) <= near and not set(";.") & set(between) and _RANK.fullmatch(between) is None


_LINKED = re.compile(r"\(\s*(?:đạt|chiếm|bằng)(?: tỷ lệ)?\s*$")
_FAR = 120  # characters, where a bracket says that it is a rate
_NEAR = 60  # characters between a fraction and its percentage
_AROUND = 40  # characters behind a fraction that may say what it is compared with
_BRACKET = re.compile(r"\s*\(\s*")
_RANK = re.compile(r"\s*(?:,|với|được)?\s*")  # "đứng thứ 3/63, 91,43%": a place among so many, and its score


def _check_parts_above_whole(evidence: Evidence) -> Iterator[AuditFinding]:
    """C14: "165/156 TTHC": a part of things counted cannot exceed them; what a plan or last year asked for can be."""
    words = load_figure_words()
    for scan in evidence.scans:
        key = scan.key
        for token in scan.tokens:
            if token.below is None or token.number.value <= token.below.value:
                continue
            if words.dem_duoc.match(key[token.end :].lstrip()) is None:
                continue
            begin = scan.stretch_begin(token.start, (";", ". "))
            if not _counts_others(key, token) and words.lon_hon.search(key[begin : token.end + _AROUND]) is None:
                left, right = token.number.text, token.below.text
                message = fill("C14", "loi_van", tren=left, duoi=right)
                yield make_finding("C14", [scan.place(token)], left, right, message, scan.quote(token))


def _counts_others(key: str, token: Token) -> bool:
    """Tell whether the upper figure has a unit of its own: "58 máy/52 công chức"."""
    above = re.match(r"\s*([^\W\d_]+)", key[token.start + len(token.number.text) : token.end])
    return above is not None and not key[token.end :].lstrip().startswith(above[1])


def _is_other_rate(scan: Scan, percent: Token) -> bool:
    """Tell whether a percentage is a growth or what a plan asks for, not the fraction beside it."""
    lead = scan.key[max(0, percent.start - 30) : percent.start]
    return re.search(r"(?:tăng|giảm|vượt|xuống|lên|chỉ tiêu|mục tiêu|yêu cầu)[^,;]{0,20}$", lead) is not None
