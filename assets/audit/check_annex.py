"""The annex against the text where no relation is declared: a figure of one that the other prints differently (A21).

Belongs here: pairing a row with the words of the text by what both say. Does not belong here: rows of the declared
forms, whose relations stand in verify.toml (identities).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.quantities import split_clauses
from assets.audit.scan import Scan
from assets.audit.tables import FormRow, label_key
from assets.audit.values import FAR, Printed, is_slip
from schemas.rules.text import matching_key

_SAID = 0.8
"""Share of a row's words that the text must say before a figure, for the two to be of one thing."""

_SAID_OF_SLIP = 0.6
"""The same where the two figures differ as a slip of the pen would make them: one digit, or two swapped."""

_EMPTY = frozenset(
    matching_key("tổng số lượng của các đã được trong kỳ báo cáo cchc và có là tại ở theo trên năm").split(" ")
)
_MIN_WORDS = 2
_MIN_VALUE = 10  # smaller figures are met everywhere
_MOST_ROWS = 300
"""Rows that are looked for among all figures of the text; the annex of a province's own form has some hundred."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A figure of the text with the words of its clause, and of all that leads to it (heading, sentence)."""

    number: Printed
    percent: bool
    unit: str
    clause: frozenset[str]
    lead: frozenset[str]
    scan: Scan
    start: int


def check_annex(evidence: Evidence) -> list[AuditFinding]:
    """Run the check of this module."""
    rows = [(row, number) for row in evidence.rows if row.line is None and (number := _value(row)) is not None]
    if not rows or len(rows) > _MOST_ROWS:
        return []
    said = list(_figures(evidence.scans))
    in_text = {figure.percent: set[Fraction]() for figure in said}
    for figure in said:
        in_text[figure.percent] |= set(figure.number.readings)
    in_text[False] = in_text.get(False, set()) | _sums(said)
    in_annex = {value for row in evidence.rows if (number := _value(row)) is not None for value in number.readings}
    return [
        _differs(row, number, found)
        for row, number in rows
        if number.value >= _MIN_VALUE
        and in_text.get(_is_percent(row), set()).isdisjoint(number.readings)
        and (found := _counterpart(row, number, said, in_annex)) is not None
    ]


def _sums(said: Sequence[_Said]) -> set[Fraction]:
    """Add up neighbouring figures: a row may hold together what the text tells apart (before time and on time)."""
    sums: set[Fraction] = set()
    counts = [figure for figure in said if not figure.percent]
    for at in range(len(counts)):
        for size in (2, 3):
            run = counts[at : at + size]
            if len({id(figure.scan) for figure in run}) == 1:
                sums.add(sum((figure.number.value for figure in run), Fraction(0)))
    return sums


def _value(row: FormRow) -> Printed | None:
    return row.percent if _is_percent(row) else row.number


def _is_percent(row: FormRow) -> bool:
    return "%" in row.don_vi or "%" in row.so_lieu


def _figures(scans: Sequence[Scan]) -> Iterator[_Said]:
    headings: dict[int, frozenset[str]] = {}
    for scan in scans:
        paragraph = scan.paragraph
        level = {"la_ma": 0, "so": 1}.get(paragraph.marker)
        if level is not None:
            headings = {at: words for at, words in headings.items() if at < level}
            headings[level] = _words(paragraph.text[:120])
        above = frozenset().union(*headings.values())
        for clause in split_clauses(scan):
            end, words = clause.start + len(clause.key), _words(clause.key)
            for token in clause.tokens:
                lead = _words(paragraph.text[: min(token.end + 20, end)]) | above
                unit = re.match(r"\s*([^\W\d_]+)", clause.key[token.end - clause.start :])
                for number in (token.number, token.below):
                    if number is not None:
                        yield _Said(number, token.percent, unit[1] if unit else "", words, lead, scan, token.start)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in label_key(text).split() if not word.isdecimal()) - _EMPTY


def _counterpart(row: FormRow, number: Printed, said: Sequence[_Said], in_annex: set[Fraction]) -> _Said | None:
    """Find the figure of the text that stands for a row: its words are said, its unit agrees, no row prints it."""
    words = _words(row.nhan)
    if len(words) < _MIN_WORDS:
        return None
    unit = matching_key(row.don_vi).split(" ")[0]
    percent = _is_percent(row)
    best: tuple[tuple[bool, int], _Said] | None = None
    for figure in said:
        own = len(words & figure.clause)
        if figure.percent != percent or not own or not in_annex.isdisjoint(figure.number.readings):
            continue
        if not percent and figure.unit and unit and figure.unit != unit and unit not in figure.clause:
            continue
        slip = is_slip(number.value, figure.number.value)
        if not slip and not figure.number.value / FAR <= number.value <= figure.number.value * FAR:
            continue
        enough = (_SAID_OF_SLIP if slip else _SAID) * len(words)
        if len(words & (figure.clause | figure.lead)) >= enough and (best is None or (slip, own) > best[0]):
            best = (slip, own), figure
    return best[1] if best is not None else None


def _differs(row: FormRow, number: Printed, found: _Said) -> AuditFinding:
    sign = "%" if found.percent else ""
    message = fill("A21", "chung", nhan=row.nhan, so=f"{number.text}{sign}", ghi=f"{found.number.text}{sign}")
    places = [row.place, found.scan.paragraph.place_at(found.start)]
    return make_finding("A21", places, f"{number.text}{sign}", f"{found.number.text}{sign}", message, row.quote)
