"""Check of the issuing body's name where it must stand: opening, closing and annex title (E04).

Belongs here: which body the letterhead names, and other bodies of the same kind in formal sentences: what is left of a
copied report. Does not belong here: misspelt names (check_names).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assets.audit.check_names import Name, find_own_name, fold, is_mistyped, names_after
from assets.audit.citations import same_length_key
from assets.audit.document import Paragraph
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding

_PLACES = r"phường|xã|đặc khu|thị trấn|quận|huyện|thị xã|thành phố|tỉnh"
_BODIES = r"sở|ban|phòng|trung tâm|chi cục|văn phòng"
_LETTERHEAD = 14  # paragraphs that may hold it
_ENDS_LETTERHEAD = re.compile(r"^(?:báo cáo|kính gửi)\b")
_PLACE_LINE = re.compile(rf"(?:^|\b(?:ubnd|uỷ ban nhân dân) )(?P<loai>{_PLACES})\s+")
_BODY_LINE = re.compile(rf"^(?P<loai>{_BODIES})\s+(?P<ten>\S.{{3,80}})$")
_CLOSES = re.compile(r"^\W*trên đây là|kèm theo báo cáo|kính báo cáo|^(?:uỷ ban nhân dân|ubnd)\s*$")
_OPENS = re.compile(
    r"(?:ubnd|uỷ ban nhân dân) (?:" + _PLACES + r")(?: (?!về|việc|ban hành)[^\W\d_]+){1,6},? (?:xin |kính )?báo cáo\b"
)
_OF_BODY = re.compile(
    rf"(?:của|^|[,;]) ?(?P<loai>{_BODIES})\s+(?P<ten>[^.,;:/()]{{4,80}}?)(?= (?:xin |kính )?báo cáo|\W*$)"
)


@dataclass(frozen=True, slots=True)
class _Issuer:
    """Kind ("xã") and name ("Trường Thịnh") of the body, or a department's full name."""

    kind: str
    name: str


def check_issuer(evidence: Evidence) -> list[AuditFinding]:
    """Run the check of this module."""
    head = _letterhead(evidence)
    found = list(_check_places(evidence, _find_place(head) or _commonest(evidence)))
    body = _find_body(head)
    if body is not None:
        found += _check_bodies(evidence, body)
    return found


def _letterhead(evidence: Evidence) -> list[Paragraph]:
    kept: list[Paragraph] = []
    for paragraph in evidence.layout.body[:_LETTERHEAD]:
        if _ENDS_LETTERHEAD.match(same_length_key(paragraph.text)):
            break
        kept.append(paragraph)
    return kept


def _find_place(head: list[Paragraph]) -> _Issuer | None:
    """Read the last body of the letterhead in capitals: the superior stands above."""
    last: _Issuer | None = None
    for paragraph in head:
        key = same_length_key(paragraph.text)
        if not paragraph.text.isupper() or "cộng ho" in key:
            continue
        for match in _PLACE_LINE.finditer(key):
            for name in names_after(paragraph, re.compile(re.escape(match[0]))):
                last = _Issuer(match["loai"], " ".join(word.capitalize() for word in name.words))
    return last


def _commonest(evidence: Evidence) -> _Issuer | None:
    name = find_own_name(evidence.paragraphs)
    return _Issuer("phường|xã|đặc khu|thị trấn", name) if name is not None else None


def _check_places(evidence: Evidence, own: _Issuer | None) -> Iterator[AuditFinding]:
    if own is None:
        return
    office = re.compile(rf"(?:ubnd|uỷ ban nhân dân|hđnd|hội đồng nhân dân)\s+(?:{own.kind})\s+")
    spots = [
        name
        for paragraph in evidence.paragraphs
        if (begin := _formal_from(paragraph)) is not None
        for name in names_after(paragraph, office)
        if name.start >= begin and _is_other(name, own.name)
    ]
    province = _province(evidence) if own.kind in {"tỉnh", "thành phố"} else None
    if province is not None:
        spots += [name for name in province if _is_other(name, own.name)]
    if spots:
        wrong = spots[0]
        message = fill("E04", "chung", sai=wrong.text, dung=own.name)
        places = [name.place for name in spots]
        yield make_finding("E04", places, wrong.text, own.name, message, wrong.paragraph.quote(wrong.start))


def _province(evidence: Evidence) -> list[Name]:
    """List the provinces that the closing sentence names, for a department of a province."""
    wider = re.compile(r"\b(?:tỉnh|thành phố)\s+")
    return [
        name
        for paragraph in evidence.layout.body
        if _CLOSES.search(same_length_key(paragraph.text))
        for name in names_after(paragraph, wider)
    ]


def _formal_from(paragraph: Paragraph) -> int | None:
    """Return where the formal words of a paragraph begin; None for one without."""
    key = same_length_key(paragraph.text)
    if _CLOSES.search(key) is not None:
        return 0
    opening = _OPENS.search(key)
    return opening.start() if opening is not None else None


def _is_other(name: Name, own: str) -> bool:
    size = len(own.split())
    folded = fold(" ".join(name.words[:size]))
    return folded != fold(own) and not is_mistyped(folded, fold(own))


# --- departments ------------------------------------------------------------------------------------------------


def _find_body(head: list[Paragraph]) -> _Issuer | None:
    for paragraph in reversed(head):
        match = _BODY_LINE.match(same_length_key(paragraph.text))
        if match is not None and paragraph.text.isupper():
            return _Issuer(match["loai"], paragraph.text[match.start("ten") :])
    return None


def _check_bodies(evidence: Evidence, own: _Issuer) -> Iterator[AuditFinding]:
    title = {id(paragraph) for paragraph in evidence.layout.body[: _LETTERHEAD * 2]}
    for paragraph in evidence.layout.body:
        key = same_length_key(paragraph.text)
        is_title = id(paragraph) in title and "cải cách hành chính" in key and not paragraph.marker
        if not is_title and _CLOSES.search(key) is None:
            continue
        for match in _OF_BODY.finditer(key):
            said = paragraph.text[match.start("ten") : match.end("ten")].strip()
            same = fold(said).startswith(fold(own.name)) or fold(own.name).startswith(fold(said))
            if match["loai"] != own.kind or same or not said[0].isupper():
                continue
            full = f"{match['loai'].capitalize()} {said}"
            message = fill("E04", "chung", sai=full, dung=f"{own.kind.capitalize()} {own.name.lower()}")
            place = paragraph.place_at(match.start("ten"))
            yield make_finding("E04", [place], full, own.name, message, paragraph.quote(match.start("ten")))
            return
