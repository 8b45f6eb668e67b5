"""Citations of documents: "Quyết định số 128/QĐ-UBND ngày 10/01/2026 của UBND phường …".

Belongs here: finding citations with number, sign, date and issuer, and masking all that is no quantity in a text.
Does not belong here: judging them (check_documents).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assets.audit.dates import DATE, FoundDate, find_dates, read_match
from assets.audit.document import Paragraph
from schemas.rules.citations import register_of
from schemas.rules.text import matching_key

_SIGN = r"[A-ZĐ]{1,6}\d{0,2}(?:\s?[-–/]\s?[A-ZĐ][A-Za-zĐđ&]{0,14}\d{0,2}){0,4}"
_NUMBER = re.compile(
    rf"(?<![\w/.,-])(?P<so>\d{{1,5}}[a-z]?)\s?(?:/\s?(?P<nam_ky>(?:19|20)\d{{2}})\s?)?(?P<gach>[/-])\s?(?P<ky>{_SIGN}(?:/(?:19|20)\d{{2}})?)(?![\w])"
)
_DATED = re.compile(rf"\s*\)?,?\s*(?:ký\s+)?(?:ban hành\s+)?(?:ngày\s*:?\s*)?{DATE}", re.IGNORECASE)
_OF_EVENT = re.compile(r"\s*(?:và ngày|,? ?(?:đã|có|tổ chức|tiến hành|ubnd|uỷ ban|xã|phường)\b)")
"""What follows the day of a deed under a document: "theo Kế hoạch số 31/KH-UBND, ngày 14/4/2026 đã kiểm tra"."""

_KIND = re.compile(
    r"(?P<loai>quyết định|kế hoạch|công văn|nghị định|nghị quyết|thông tư(?: liên tịch)?|chỉ thị|báo cáo"
    r"|thông báo|kết luận|luật|hướng dẫn|tờ trình|chương trình|công điện|qđ|kh|nđ|nq|tt|cv)?\s*:?\s*(?:số)?\s*:?\s*$",
    re.IGNORECASE,
)
_ISSUER = re.compile(
    r"\s*(?:của|do)\s+(?P<ten>(?:chủ tịch\s+)?(?:ubnd|uỷ ban nhân dân|hđnd|hội đồng nhân dân|sở|bộ|ban|chính phủ"
    r"|thủ tướng|quốc hội|thành uỷ|tỉnh uỷ|đảng uỷ|văn phòng|thanh tra|cục|tổng cục)[^,;.()]{0,60})"
)
_OTHER_BODY = re.compile(
    r"(?:ubnd|uỷ ban nhân dân|hđnd|hội đồng nhân dân)\s+(?:thành phố|tp|tỉnh|huyện|quận|thị xã)"
    r"|^(?:sở|bộ|chính phủ|thủ tướng|quốc hội|thành uỷ|tỉnh uỷ|văn phòng|thanh tra|cục|tổng cục)"
)
_OTHER_BEFORE = re.compile(
    r"(?:ubnd|uỷ ban nhân dân|hđnd|hội đồng nhân dân)\s+(?:thành phố|tp\.?|tỉnh|huyện|quận)[^;.]{0,40}"
    r"ban hành[^;.]{0,12}$"
)
_NOT_COUNTS = re.compile(
    r"(?:quý|tháng|năm|giai đoạn|nhiệm kỳ|khoá|khoản|điều|điểm|mục|đề án|chương|mức độ|lần thứ|thứ|phụ lục|biểu mẫu"
    r"|biểu)\s+(?:số\s+)?\d[\d/–-]*(?!\d*[.,]\d{3})(?:\s*,\s*\d\b(?!\s*(?:hồ sơ|thủ tục)))?"
    r"|(?<=so với )20\d\d\b|(?<=cùng kỳ )20\d\d\b"
    r"|\d{4}\s*[-–]\s*\d{4}|\biso\s*\d+(?::\d+)?|\d+\s+tháng(?:\s+(?:đầu|cuối)\s+năm(?:\s+\d{4})?)?"
    r"|\d+\s*(?:cấp|ngày|giờ|phút)\b"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation.

    Attributes:
        text: number and sign as printed ("168/QĐ-UBND").
        so: number; nam_ky: the year inside the sign (107/2021/NĐ-CP) or None.
        ky: sign, capitals and hyphens as printed.
        gach: what stands between number and sign.
        day: its date, None without one or when impossible; day_text: the date as printed.
        own: issued by the reporting unit's own registers (no other body named).
        paragraph, start, end: where it stands.
        kind: the type word before it, folded, "" without one.
        listed: it opens the paragraph or follows a comma, semicolon or "và": an item of an enumeration.
    """

    text: str
    so: str
    nam_ky: int | None
    ky: str
    gach: str
    day: date | None
    day_text: str
    own: bool
    paragraph: Paragraph
    start: int
    end: int
    kind: str
    listed: bool

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.paragraph.place_at(self.start)

    @property
    def register(self) -> str:
        """The register that numbers it."""
        return register_of(self.ky)

    @property
    def dated(self) -> str:
        """Number, sign and date, for a message."""
        return f"{self.text} ngày {self.day_text}" if self.day_text else self.text


def find_citations(paragraphs: Iterable[Paragraph]) -> list[Citation]:
    """Find the citations of running text, in reading order."""
    return [citation for paragraph in paragraphs for citation in _in_paragraph(paragraph)]


def _in_paragraph(paragraph: Paragraph) -> Iterator[Citation]:
    text = paragraph.text
    key = same_length_key(text)
    matches = list(_NUMBER.finditer(text))
    for index, match in enumerate(matches):
        dated = _DATED.match(text, match.end())
        if dated is not None and dated[0].lstrip(" )").startswith(",") and _OF_EVENT.match(key, dated.end()):
            dated = None
        end = dated.end() if dated else match.end()
        limit = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        lead = text[: match.start()]
        kind = _KIND.search(lead)
        before = lead[: kind.start()] if kind else lead
        yield Citation(
            text=re.sub(r"\s", "", match[0]),
            so=match["so"],
            nam_ky=int(match["nam_ky"]) if match["nam_ky"] else None,
            ky=re.sub(r"\s", "", match["ky"]).replace("–", "-"),
            gach=match["gach"],
            day=read_match(dated) if dated else None,
            day_text=_date_text(dated),
            own=_is_own(key, match.start(), end, limit),
            paragraph=paragraph,
            start=match.start(),
            end=end,
            kind=matching_key(kind["loai"] or "") if kind else "",
            listed=before.strip() == "" or len(before) <= paragraph.start or bool(_SEPARATOR.search(before)),
        )


_SEPARATOR = re.compile(r"(?:[;,:]|\bvà)\s*\(?$")


def _date_text(dated: re.Match[str] | None) -> str:
    if dated is None:
        return ""
    first = next(found for found in find_dates(dated[0]))
    return first.text


def _is_own(key: str, start: int, end: int, limit: int) -> bool:
    after = _ISSUER.match(key, end)
    if after is not None:
        return _OTHER_BODY.search(after["ten"].removeprefix("chủ tịch ")) is None
    tail = key[end:limit].partition(";")[0]
    named = re.search(r"của\s+(?:chủ tịch\s+)?(?:ubnd|uỷ ban nhân dân)\s+(?:thành phố|tp|tỉnh|huyện|quận)", tail)
    return named is None and _OTHER_BEFORE.search(key[max(0, start - 120) : start]) is None


@lru_cache(maxsize=4096)
def same_length_key(text: str) -> str:
    """Fold a cleaned text for matching without moving any character."""
    key = matching_key(text)
    return key if len(key) == len(text) else text.lower()


@lru_cache(maxsize=2048)
def mask(text: str) -> str:
    """Blank out dates, citations, periods and other digits that count nothing; every offset stays."""
    spans = [(found.start, found.end) for found in find_dates(text)]
    spans += [match.span() for match in _NUMBER.finditer(text)]
    chars = list(text)
    for start, end in spans:
        chars[start:end] = "_" * (end - start)
    for match in _NOT_COUNTS.finditer(same_length_key("".join(chars))):
        chars[match.start() : match.end()] = "_" * len(match[0])
    return "".join(chars)


def impossible_dates(paragraphs: Iterable[Paragraph]) -> list[tuple[Paragraph, FoundDate]]:
    """List dates that no calendar has."""
    return [(p, found) for p in paragraphs for found in find_dates(p.text) if found.day is None]
