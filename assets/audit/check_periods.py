"""Checks of the period that a report speaks of (D12), stretches of days that run backwards (D13), weekdays (D14).

Belongs here: title, headings, opening, closing, annex and the tasks ahead against the report's own period. Does not
belong here: finding that period (evidence), the window and the days of documents (check_documents).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from assets.audit.citations import same_length_key
from assets.audit.dates import find_dates, find_ranges
from assets.audit.document import Paragraph
from assets.audit.evidence import Evidence, name_period, name_stretch
from assets.audit.finding import AuditFinding, fill, make_finding
from schemas.rules.display import format_date
from schemas.rules.periods import Period

_CLOSES = re.compile(r"^\W*trên đây là")
_OPENS = re.compile(
    r"\b(?:ubnd|uỷ ban nhân dân)(?: (?!về|việc|ban hành)[^\W\d_]+){0,7},? (?:xin |kính )?báo cáo"
    r" (?:kết quả|tình hình|công tác|sơ kết|tổng kết)\b"
)
_RESULT = re.compile(
    r"^\W*(?:[ivx]{1,4}[.)/]?\s+|[a-e][.)/]\s+|phần \S+(?: \S+)?\W+)?(?:kết quả|tình hình|thống kê số liệu|đánh giá)\b"
)
_NEXT_HEADING = re.compile(
    r"^\W*(?:[ivx]{1,4}|[a-e]|\d{1,2})?[.)/]?\s*(?:phương hướng|nhiệm vụ|một số nhiệm vụ|kế hoạch)\b"
)
_COMPARES = re.compile(r"so với|cùng kỳ|giai đoạn|năm trước|quý trước")
_IN_QUARTER = re.compile(r"^\W*trong quý (?P<quy>i{1,3}|iv|[1-4])\b(?!\s*(?:/|năm))")
_QUARTERS = {"i": "Q1", "1": "Q1", "ii": "Q2", "2": "Q2", "iii": "Q3", "3": "Q3", "iv": "Q4", "4": "Q4"}
_YEAR = re.compile(r"(?:năm|/)\s*(20\d\d)")
_MAX_HEADING = 160
_LATEST = timedelta(days=150)
"""How long after its period a report may still be signed."""


def check_periods(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    found = [*_check_backwards(evidence), *_check_weekdays(evidence)]
    if evidence.period is not None:
        found += _check_title(evidence, evidence.period)
        found += _check_words(evidence, evidence.period)
        found += _check_next(evidence, evidence.period)
    return found


def _check_backwards(evidence: Evidence) -> Iterator[AuditFinding]:
    """D13: "từ ngày 15/12/2025 đến ngày 14/6/2025"."""
    for paragraph in evidence.paragraphs:
        for first, last in find_ranges(paragraph.text):
            if first.day is not None and last.day is not None and last.day < first.day:
                left, right = first.text.removeprefix("ngày "), last.text.removeprefix("ngày ")
                message = fill("D13", "chung", dau=left, cuoi=right)
                place, quote = paragraph.place_at(first.start), paragraph.quote(first.start)
                yield make_finding("D13", [place], left, right, message, quote)


_WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)}|thứ [2-7])\s*[,(]?\s*(?:ngày\s*)?$")


def _check_weekdays(evidence: Evidence) -> Iterator[AuditFinding]:
    """D14: "thứ Sáu, ngày 07/3/2026" is a Saturday."""
    for paragraph in evidence.paragraphs:
        key = same_length_key(paragraph.text)
        for found in find_dates(paragraph.text):
            said = _WEEKDAY.search(key[: found.start])
            if said is None or found.day is None:
                continue
            number = int(said[1][-1]) - 2 if said[1][-1].isdigit() else _WEEKDAYS.index(said[1])
            if number != found.day.weekday():
                right, left = _WEEKDAYS[found.day.weekday()], said[1]
                message = fill("D14", "chung", ngay=found.text.removeprefix("ngày "), dung=right, ghi=left)
                place, quote = paragraph.place_at(found.start), paragraph.quote(found.start)
                yield make_finding("D14", [place], left, right, message, quote)


def _check_title(evidence: Evidence, period: Period) -> Iterator[AuditFinding]:
    """D12: a report is signed in its period or soon after it; the year of another one was left in the title."""
    own = evidence.own
    if evidence.signed_on is None or own is None:
        return
    if period.tu_ngay <= evidence.signed_on <= period.den_ngay + _LATEST:
        return
    signed = format_date(evidence.signed_on)
    message = fill("D12", "ky_xa", ghi=period.ten, dung=signed)
    yield make_finding("D12", [own.place], period.ten, signed, message, own.paragraph.quote(own.start))


# --- the report's own period ------------------------------------------------------------------------------------


def _check_words(evidence: Evidence, period: Period) -> Iterator[AuditFinding]:
    """D12: opening, closing, headings of results and the annex's title speak of the title's period."""
    for paragraph in evidence.paragraphs:
        said = _said_period(evidence, paragraph, period) or _said_quarter(paragraph, period)
        if said:
            message = fill("D12", "chung", dung=period.ten, ghi=said)
            yield make_finding("D12", [paragraph.place_at()], said, period.ten, message, paragraph.quote())


def _said_quarter(paragraph: Paragraph, period: Period) -> str:
    """Return another quarter with which a sentence on the results begins: "Trong quý II, …"."""
    quarter = _IN_QUARTER.match(same_length_key(paragraph.body))
    if quarter is None or period.kind not in {"Q1", "Q3"} or _QUARTERS[quarter["quy"]] == period.kind:
        return ""
    return quarter[0].strip(" -–").removeprefix("trong ")


def _said_period(evidence: Evidence, paragraph: Paragraph, period: Period) -> str:
    """Return the other period that a formal sentence or a heading is about; "" for none."""
    key = same_length_key(paragraph.text)
    about = "cải cách hành chính" in key or "cchc" in key
    opening = _OPENS.search(key) if about else None
    if about and _CLOSES.match(key) is not None:
        return _other(evidence, paragraph.text, period)
    if opening is not None and not _COMPARES.search(key[opening.start() :]):
        return _other(evidence, paragraph.text[opening.start() :], period)
    heading = len(key) <= _MAX_HEADING and _RESULT.match(key) is not None and paragraph.text.isupper()
    if not heading or _COMPARES.search(key):
        return ""
    said = name_period(paragraph.text, evidence.signed_on)
    if said is not None and said.kind == "NAM" and period.kind != "NAM" and said.year == period.year:
        return ""  # a quarter's report may head its results with the year's plan
    return _other(evidence, paragraph.text, period)


def _other(evidence: Evidence, text: str, period: Period) -> str:
    said = name_period(text, evidence.signed_on)
    if said is None:
        return name_stretch(text)
    return said.ten if said.key != period.key else ""


def _check_next(evidence: Evidence, period: Period) -> Iterator[AuditFinding]:
    """D12: the tasks ahead are of the same year, after a year's report of the next one."""
    expected = period.year + (1 if period.kind == "NAM" else 0)
    for paragraph in evidence.layout.body:
        key = same_length_key(paragraph.text)
        if len(key) > _MAX_HEADING or not paragraph.text.isupper() or _NEXT_HEADING.match(key) is None:
            continue
        years = [int(year) for year in _YEAR.findall(key)]
        if years and max(years) < expected:
            message = fill("D12", "ky_toi", dung=period.ten, ghi=max(years))
            yield make_finding(
                "D12", [paragraph.place_at()], str(max(years)), str(expected), message, paragraph.quote()
            )
