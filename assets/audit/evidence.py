"""All that one report says, gathered once: paragraphs, form rows, named figures, citations, letterhead, period.

Belongs here: gathering. Does not belong here: judging (the check modules take this as their only argument).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from assets.audit.blank_columns import rebuild_columns
from assets.audit.citations import Citation, find_citations, same_length_key
from assets.audit.dates import FoundDate, find_dates
from assets.audit.document import Layout, Paragraph, lay_out
from assets.audit.quantities import Quantity, find_quantities
from assets.audit.scan import Scan, scan_paragraph
from assets.audit.tables import FormRow, has_known_rows, read_rows
from assets.audit.values import Printed
from assets.io.report_blocks import Block
from schemas.rules.periods import Period, parse_period

_HEAD = 40  # paragraphs that may hold the letterhead, title and grounds
_OWN_NUMBER = re.compile(r"^\W*số\s*:?\s*(?P<so>\d{0,5})[\s._…]*/\s?(?P<ky>[A-ZĐ]{1,5}(?:-[A-ZĐ]+)*)", re.IGNORECASE)
_ATTACHED = re.compile(
    r"kèm theo\s+(?:báo cáo|công văn)\s*(?:số)?\s*:?\s*(?P<so>\d{0,5})[\s._…]*"
    r"(?:/\s?(?P<ky>[A-ZĐ]{1,5}(?:-[A-ZĐ]+)*))?",
    re.IGNORECASE,
)
# The report of the third quarter is often named by the nine months it adds up.
_PERIODS = (
    ("6T", re.compile(r"(?:6|sáu|06) tháng(?: đầu năm)?(?!\s*cuối)")),
    ("Q1", re.compile(r"quý (?:i|1)(?![iv\d])")),
    ("Q3", re.compile(r"quý (?:iii|3)(?![v\d])|(?<!ngày )\b(?:0?9|chín) tháng\b(?! \d)")),
    ("NAM", re.compile(r"\bnăm \d{4}")),
)
_NEXT = re.compile(
    r"phương hướng|nhiệm vụ trọng tâm|kế hoạch (?:công tác )?(?:quý|6 tháng|năm)|nhiệm vụ (?:quý|6 tháng|năm)"
)
_TITLE = re.compile(
    r"^(?:kết quả|tình hình|về |công tác|báo cáo\b).*(?:cải cách hành chính|cchc)"
    r"|cải cách hành chính.*(?:quý|tháng|năm)"
)
_YEAR = re.compile(r"(?:năm|/)\s*(\d{4})")


@dataclass(frozen=True, slots=True)
class Signed:
    """A report's number, sign and date as one place prints them; blanks where nothing is filled in."""

    so: str
    ky: str
    date: FoundDate | None
    paragraph: Paragraph
    start: int

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.paragraph.place_at(self.start)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the report with its name and place, from the text or from a form."""

    name: str
    printed: Printed
    place: str
    quote: str
    row: FormRow | None = None

    @property
    def readings(self) -> tuple[Fraction, ...]:
        """What the number may stand for."""
        return self.printed.readings


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the checks look at; ``scans`` are the paragraphs of the body with their figures."""

    layout: Layout
    scans: tuple[Scan, ...]
    rows: tuple[FormRow, ...]
    quantities: dict[str, Quantity]
    citations: tuple[Citation, ...]
    own: Signed | None
    attached: Signed | None
    period: Period | None
    signed_on: date | None

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Body and annex text."""
        return self.layout.body + self.layout.annex

    def row(self, name: str) -> FormRow | None:
        """Return the printed row of a name like ``BM3.2.1.1``."""
        bieu, _, stt = name.removeprefix("BM").partition(".")
        return next((row for row in self.rows if row.bieu == bieu and row.line and row.line.stt == stt), None)

    def figure(self, name: str) -> Figure | None:
        """Return the figure of a row ("BM3.2.1.1") or of a quantity of the text ("tiep_nhan")."""
        if name.startswith("BM"):
            row = self.row(name)
            number = row.number if row is not None else None
            return Figure(row.name, number, row.place, row.quote, row) if row and number else None
        quantity = self.quantities.get(name)
        if quantity is None or quantity.number is None:
            return None
        return Figure(quantity.ten, quantity.number, quantity.place, quantity.quote)

    def list_unnamed(self, beside: Iterable[Quantity]) -> Iterator[Fraction]:
        """List the counts, printed in the paragraphs of some named figures, that have no name themselves."""
        named = {(id(quantity.scan), quantity.start) for quantity in self.quantities.values()}
        scans = {id(quantity.scan): quantity.scan for quantity in beside}
        for scan in scans.values():
            for token in scan.tokens:
                if token.is_count and (id(scan), token.start) not in named:
                    yield token.number.value

    def figures(self, name: str) -> list[Figure]:
        """Return the figures of a term; "BM1.4.1.*" names every sub-row of BM1.4.1 that holds a number."""
        if not name.endswith(".*"):
            figure = self.figure(name)
            return [] if figure is None else [figure]
        above = self.row(name.removesuffix(".*"))
        below = [
            row for row in self.rows if above is not None and row.parent is not None and self.rows[row.parent] is above
        ]
        return [Figure(row.name, row.number, row.place, row.quote, row) for row in below if row.number is not None]


def gather(blocks: Sequence[Block]) -> Evidence:
    """Gather the evidence of one report."""
    layout = lay_out(rebuild_columns(blocks), has_known_rows)
    head = layout.body[:_HEAD]
    own = _find_own(head)
    signed_on = own.date.day if own is not None and own.date is not None else None
    attached = _find_attached(layout.body + layout.annex)
    skipped = {id(found.paragraph) for found in (own, attached) if found is not None}
    running = [p for p in layout.body + layout.annex if id(p) not in skipped]
    scans = tuple(map(scan_paragraph, layout.body))
    return Evidence(
        layout=layout,
        scans=scans,
        rows=tuple(read_rows(layout.tables)),
        quantities=find_quantities(scans),
        citations=tuple(find_citations(running)),
        own=own,
        attached=attached,
        period=_find_period(head, signed_on),
        signed_on=signed_on,
    )


def _find_own(head: Sequence[Paragraph]) -> Signed | None:
    """Read number and date of the report from its letterhead; the date may stand in a line of its own."""
    numbered = next(((p, m) for p in head if (m := _OWN_NUMBER.match(p.text))), None)
    dated = next(
        ((p, d) for at, p in enumerate(head) if (d := _place_date(p, head[at + 1 : at + 4])) is not None), None
    )
    if numbered is None and dated is None:
        return None
    found = dated[1] if dated is not None else None
    if numbered is None:
        return Signed("", "", found, dated[0], 0) if dated is not None else None
    paragraph, match = numbered
    return Signed(match["so"].lstrip("0"), match["ky"].upper(), found, paragraph, match.start())


def _place_date(paragraph: Paragraph, following: Sequence[Paragraph]) -> FoundDate | None:
    """Read "Nhị Chiểu, ngày 09 tháng 6 năm 2026": a short line that is place and date.

    A narrow letterhead column may push the year to a line of its own.
    """
    text = paragraph.text
    if _NO_YEAR.search(text):
        text += "".join(f" {later.text}" for later in following if _YEAR_ALONE.match(later.text))[:9]
    found = next(find_dates(text), None)
    if found is None or len(text) - found.end > 3:
        return None
    before = text[: found.start]
    short = len(before) < 90 and re.search(r"^\s*$|,\s*(?:ngày\s*)?$", before) is not None
    return found if short and not re.search(r"số\s*\d", before[20:], re.IGNORECASE) else None


_NO_YEAR = re.compile(r",\s*ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s*$", re.IGNORECASE)
_YEAR_ALONE = re.compile(r"năm\s+\d{4}$", re.IGNORECASE)


def _find_attached(paragraphs: Sequence[Paragraph]) -> Signed | None:
    for paragraph in paragraphs:
        match = _ATTACHED.search(paragraph.text)
        if match is not None:
            found = next((d for d in find_dates(paragraph.text) if d.start >= match.end()), None)
            return Signed(match["so"].lstrip("0"), (match["ky"] or "").upper(), found, paragraph, match.start())
    return None


# --- period -----------------------------------------------------------------------------------------------------


def _find_period(head: Sequence[Paragraph], signed_on: date | None) -> Period | None:
    """Tell the report's period from its title: what comes before "phương hướng, nhiệm vụ …"."""
    for paragraph in head:
        key = same_length_key(paragraph.text)
        if _TITLE.search(key) is None or len(key) > 400:
            continue
        found = name_period(paragraph.text, signed_on)
        if found is not None:
            return found
    return None


def name_period(text: str, signed_on: date | None) -> Period | None:
    """Read the period that a title or sentence is about; the year may come from the signing day.

    Returns:
        The period; None when the words before "phương hướng …" name none that is reported.
    """
    key = same_length_key(text)
    cut = _NEXT.search(key, 8)
    said = key[: cut.start()] if cut else key
    kind = next((kind for kind, pattern in _PERIODS if pattern.search(said)), None)
    if kind is None or (kind == "NAM" and name_stretch(text)):
        return None
    year = _YEAR.search(said) or _YEAR.search(key)
    chosen = int(year[1]) if year else signed_on.year if signed_on else None
    return parse_period(f"{chosen}-{kind}") if chosen is not None and 2000 <= chosen <= 2100 else None


_STRETCH = re.compile(r"quý (?:ii|iv|2|4)(?![iv\d])|\b(?!0?[69] )(?:\d{1,2}|ba) tháng\b")


def name_stretch(text: str) -> str:
    """Return the stretch that a title or sentence is about and no periodic report is: "quý II", "9 tháng"; else ""."""
    key = same_length_key(text)
    cut = _NEXT.search(key, 8)
    match = _STRETCH.search(key[: cut.start()] if cut else key)
    return text[match.start() : match.end()] if match is not None else ""
