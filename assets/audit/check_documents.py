"""Checks of cited documents and dates (D01 D02 D03 D04 D05 D08 D09 D10 D11) and of the window (D06 D07).

Does not belong here: which period a sentence or heading speaks of (check_periods).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from assets.audit.citations import Citation, impossible_dates, same_length_key
from assets.audit.dates import FoundDate, find_dates
from assets.audit.document import Paragraph
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.window import find_window
from schemas.rules.citations import (
    NEW_REGISTERS,
    correct_sign,
    find_reversals,
    known_kinds,
    load_superseded,
    parse_sign,
)
from schemas.rules.display import format_date
from schemas.rules.text import matching_key


def check_documents(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [
        *_check_annex(evidence),
        *_check_future(evidence),
        *_check_twice(evidence),
        *_check_registers(evidence),
        *_check_one_date(evidence),
        *_check_window(evidence),
        *_check_superseded(evidence),
        *_check_signs(evidence),
        *_check_kinds(evidence),
        *_check_impossible(evidence),
        *_check_years(evidence),
    ]


def _check_annex(evidence: Evidence) -> Iterator[AuditFinding]:
    """D01: the annex names number and date of its report."""
    own, annex = evidence.own, evidence.attached
    if own is None or annex is None:
        return
    wrong: list[tuple[str, str, str]] = []
    if own.date is not None and (annex.date.day if annex.date else None) != own.date.day:
        wrong.append(("ngay", _short(own.date), _short(annex.date)))
    if (own.so or annex.so) and own.so != annex.so:
        wrong.append(("so", own.so or "(trống)", annex.so or "(trống)"))
    elif own.ky and annex.ky and own.ky != annex.ky:
        wrong.append(("so", f"{own.so}/{own.ky}", f"{annex.so}/{annex.ky}"))
    if wrong:
        message = " ".join(fill("D01", name, bao_cao=left, phu_luc=right) for name, left, right in wrong)
        places = [annex.place, own.place]
        left, right = ("; ".join(item[at] for item in wrong) for at in (2, 1))
        yield make_finding("D01", places, left, right, message, annex.paragraph.quote(annex.start))


def _short(found: FoundDate | None) -> str:
    if found is None:
        return "(trống)"
    return format_date(found.day) if found.day is not None else found.text


def _check_future(evidence: Evidence) -> Iterator[AuditFinding]:
    """D02: a document of a day after the report's."""
    signed = evidence.signed_on
    if signed is None:
        return
    spots = [(c.place, c.dated, c.paragraph.quote(c.start)) for c in evidence.citations if c.day and c.day > signed]
    for paragraph in evidence.layout.body:
        first = next(find_dates(paragraph.text), None)
        opens = (
            first is not None and first.start <= paragraph.start + 6 and first.day is not None and first.day > signed
        )
        if first is not None and opens and re.search(r"\bđã\b[^.;]{0,30}ban hành", same_length_key(paragraph.text)):
            spots.append((paragraph.place_at(first.start), f"Văn bản ngày {first.text}", paragraph.quote()))
    by_document: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for place, said, quote in spots:
        by_document[said].append((place, quote))
    for said, where in by_document.items():
        message = fill("D02", "chung", van_ban=said, ngay=format_date(signed))
        yield make_finding("D02", [place for place, _ in where], said, format_date(signed), message, where[0][1])


def _check_twice(evidence: Evidence) -> Iterator[AuditFinding]:
    """D03: the same document twice in one enumeration (in a sentence, or as items of one list)."""
    seen: dict[tuple[str, str, date, str], list[Citation]] = defaultdict(list)
    lists = _list_numbers(evidence.layout.body)
    for citation in evidence.citations:
        if citation.day is None:
            continue
        document = (citation.so.lstrip("0"), citation.ky, citation.day)
        seen[*document, f"paragraph {id(citation.paragraph)}"].append(citation)
        if citation.paragraph.marker == "dau" and citation.start - citation.paragraph.start < 25:
            seen[*document, f"list {lists.get(id(citation.paragraph), 0)}"].append(citation)
    again: dict[tuple[str, str, date], list[Citation]] = defaultdict(list)
    for key, citations in seen.items():
        if len(citations) > 1 and all(c.listed for c in citations[1:]):
            again[key[:3]] += [c for c in citations if not any(c is known for known in again[key[:3]])]
    for found in again.values():
        first = min(found, key=lambda c: evidence.citations.index(c))
        message = fill("D03", "chung", van_ban=first.dated, lan=len(found))
        places = [c.place for c in found]
        yield make_finding("D03", places, first.dated, f"{len(found)} lần", message, first.paragraph.quote(first.start))


def _list_numbers(paragraphs: Sequence[Paragraph]) -> dict[int, int]:
    """Number the runs of bullets, so that items of one list can be told from items of another."""
    numbers: dict[int, int] = {}
    current = 0
    for paragraph in paragraphs:
        if paragraph.marker != "dau":
            current += 1
        numbers[id(paragraph)] = current
    return numbers


def _check_registers(evidence: Evidence) -> Iterator[AuditFinding]:
    """D04: in one register and year a later number has a later or the same date."""
    registers: dict[tuple[str, int, bool], list[tuple[date, int, Citation]]] = defaultdict(list)
    for citation in evidence.citations:
        late = evidence.signed_on is not None and citation.day is not None and citation.day > evidence.signed_on
        if (
            citation.own
            and citation.day
            and citation.nam_ky is None
            and citation.so.isdecimal()
            and not late
            and citation.gach == "/"
        ):
            key = (citation.register, citation.day.year, citation.day >= NEW_REGISTERS)
            registers[key].append((citation.day, int(citation.so), citation))
    pairs = [pair for entries in registers.values() for pair in find_reversals(entries)]
    if pairs:
        said = "; ".join(f"{first.dated} và {second.dated}" for first, second in pairs)
        places = [c.place for pair in pairs for c in pair]
        left, right = ("; ".join(pair[at].dated for pair in pairs) for at in (0, 1))
        start = pairs[0][0]
        yield make_finding(
            "D04", places, left, right, fill("D04", "chung", cap=said), start.paragraph.quote(start.start)
        )


def _check_one_date(evidence: Evidence) -> Iterator[AuditFinding]:
    """D05: one number and sign with two dates of one year."""
    dates: dict[tuple[str, str, int], dict[date, list[Citation]]] = defaultdict(lambda: defaultdict(list))
    for citation in evidence.citations:
        if citation.day is not None and citation.own:
            dates[citation.so.lstrip("0"), citation.ky, citation.day.year][citation.day].append(citation)
    for by_day in dates.values():
        if len(by_day) < 2:
            continue
        first, second = sorted(by_day.values(), key=len, reverse=True)[:2]
        message = fill("D05", "chung", van_ban=first[0].text, dau=first[0].day_text, sau=second[0].day_text)
        places = [c.place for c in second + first]
        yield make_finding(
            "D05", places, second[0].dated, first[0].dated, message, second[0].paragraph.quote(second[0].start)
        )


def _check_window(evidence: Evidence) -> Iterator[AuditFinding]:
    """D06, D07: the stated window against the period's official one, and against the signing day."""
    window, period = find_window(evidence), evidence.period
    if window is None or period is None or not window.places:
        return
    start = window.stated_start
    said: list[str] = []
    left: list[str] = []
    right: list[str] = []
    places: list[str] = []
    if window.end != period.den_ngay and not (evidence.signed_on and window.end > evidence.signed_on):
        said.append(fill("D06", "cuoi", ghi=window.end_text, ky=period.ten, dung=format_date(period.den_ngay)))
        left, right, places = [window.end_text], [format_date(period.den_ngay)], [*window.places]
    # a commune that began anew in the period has nothing older
    if start is not None and start.day not in {period.tu_ngay, NEW_REGISTERS}:
        said.append(fill("D06", "dau", ghi=start.text, ky=period.ten, dung=format_date(period.tu_ngay)))
        left.insert(0, start.text)
        right.insert(0, format_date(period.tu_ngay))
        places.insert(0, window.start_place)
    if said:
        yield make_finding("D06", places, " – ".join(left), " – ".join(right), " ".join(said), window.quote)
    if evidence.signed_on is not None and window.end > evidence.signed_on:
        signed = format_date(evidence.signed_on)
        message = fill("D07", "chung", ghi=window.end_text, dung=signed)
        yield make_finding("D07", window.places, window.end_text, signed, message, window.quote)


def _check_superseded(evidence: Evidence) -> Iterator[AuditFinding]:
    """D08: instruments and terms that no longer hold on the report's day."""
    said: list[str] = []
    names: list[str] = []
    places: list[str] = []
    quote = ""
    for entry in load_superseded():
        if evidence.signed_on is not None and evidence.signed_on < entry.tu_ngay:
            continue
        hits = [
            (paragraph, match.start())
            for paragraph in evidence.layout.body
            for match in entry.mau.finditer(same_length_key(paragraph.text))
            if not _tells_of_change(paragraph, entry.thay_bang)
        ]
        if hits:
            said.append(fill("D08", "chung", ten=entry.ten, ngay=format_date(entry.tu_ngay), thay_bang=entry.thay_bang))
            names.append(entry.ten)
            places += [paragraph.place_at(start) for paragraph, start in hits]
            quote = quote or hits[0][0].quote(hits[0][1])
    if said:
        yield make_finding("D08", places, "; ".join(names), "đã hết hiệu lực", " ".join(said), quote)


_SIGN_OF_LAW = re.compile(r"\d+/\d{4}/[A-ZĐ]+(?:-[A-ZĐ]+)*")


def _tells_of_change(paragraph: Paragraph, replaced_by: str) -> bool:
    """Tell whether a paragraph names the new instrument beside the old: it tells of the change."""
    return any(sign in paragraph.text for sign in _SIGN_OF_LAW.findall(replaced_by))


def _check_signs(evidence: Evidence) -> Iterator[AuditFinding]:
    """D09: a sign that is not printed as its kind of document is."""
    wrong: dict[tuple[str, str], list[Citation]] = defaultdict(list)
    for citation in evidence.citations:
        right = correct_sign(citation.text)
        if right is not None:
            wrong[citation.text, right].append(citation)
    for (said, right), where in wrong.items():
        message = fill("D09", "chung", ghi=said, dung=right)
        first = where[0]
        yield make_finding("D09", [c.place for c in where], said, right, message, first.paragraph.quote(first.start))


def _check_kinds(evidence: Evidence) -> Iterator[AuditFinding]:
    """D09: "Quyết định số 18/KH-UBND": the sign is that of another kind of document."""
    kinds = {matching_key(kind) for kind in known_kinds()}
    for citation in evidence.citations:
        sign = parse_sign(citation.text)
        right = matching_key(sign.loai) if sign is not None else ""
        if citation.kind not in kinds or right not in kinds or right == citation.kind or sign is None:
            continue
        before = same_length_key(citation.paragraph.text)[max(0, citation.start - _NAMED) : citation.start]
        if right not in before:  # "Thông báo kết luận số 12/TB-UBND" names both
            message = fill("D09", "loai", loai=citation.kind, ghi=citation.text, dung=sign.loai.lower())
            quote = citation.paragraph.quote(citation.start)
            yield make_finding("D09", [citation.place], citation.text, sign.loai.lower(), message, quote)


_NAMED = 40  # characters before a sign that may name its kind


def _check_impossible(evidence: Evidence) -> Iterator[AuditFinding]:
    """D10: a day that no calendar has."""
    for paragraph, found in impossible_dates(evidence.paragraphs):
        message = fill("D10", "chung", ghi=found.text.removeprefix("ngày "))
        yield make_finding(
            "D10",
            [paragraph.place_at(found.start)],
            found.text,
            "một ngày có thật",
            message,
            paragraph.quote(found.start),
        )


def _check_years(evidence: Evidence) -> Iterator[AuditFinding]:
    """D11: the year inside a sign (107/2021/NĐ-CP) is the year of issue."""
    for citation in evidence.citations:
        if citation.nam_ky is not None and citation.day is not None and citation.nam_ky != citation.day.year:
            message = fill("D11", "chung", van_ban=citation.dated, ky=citation.nam_ky, nam=citation.day.year)
            left, right = str(citation.nam_ky), str(citation.day.year)
            yield make_finding("D11", [citation.place], left, right, message, citation.paragraph.quote(citation.start))
