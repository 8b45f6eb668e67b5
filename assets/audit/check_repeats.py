"""Checks of figures that the assessment repeats from the results: A22.

Belongs here: late dossiers, tasks left and rates, as "Tồn tại, hạn chế" and "Nhiệm vụ" say them again. Does not belong
here: the figures themselves and their sums (identities).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from assets.audit.catalogue import load_compare_words
from assets.audit.citations import same_length_key
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.quotients import Pool
from assets.audit.scan import Scan
from assets.audit.values import Printed, Token, is_rounding, list_swaps, say
from schemas.rules.text import matching_key

_LATE = r"(?:quá|trễ|chậm) (?:thời )?(?:hạn|hẹn)|chậm muộn"
_SAYS_LATE = re.compile(rf"\s*(?:hồ sơ|hs)\s*(?P<thuoc>[^\d,;.()]{{0,40}}?)(?:{_LATE})(?P<sau>[^,;.()]{{0,40}})")
_LEFT_OVER = re.compile(r"(?:vẫn còn|\bcòn|để xảy ra|phát sinh)(?: có)?(?: khoảng)?\s*$")
_HAS = re.compile(r"(?:\bcó|[:;,.]|^\W*)\s*$")
_TASKS = re.compile(r"\s*nhiệm vụ")
_TASKS_LEFT = re.compile(r"\s*nhiệm vụ còn lại")


def check_repeats(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [*_check_late(evidence), *_check_tasks(evidence), *_check_rates(evidence)]


_Found = tuple[Scan, Token]


def _figures(evidence: Evidence) -> list[_Found]:
    return [(scan, token) for scan in evidence.scans for token in scan.tokens if token.is_count]


def _values(evidence: Evidence, names: tuple[str, ...]) -> set[Fraction]:
    """List the figures of these names, and every sum of them."""
    known = [figure.printed.value for name in names if (figure := evidence.figure(name)) is not None]
    return {sum(some, Fraction(0)) for size in range(1, len(known) + 1) for some in combinations(known, size)}


_MOST_LATE = 40
"""Different counts of late dossiers that are compared; among more, nearly every figure is the sum of two others."""


def _check_late(evidence: Evidence) -> Iterator[AuditFinding]:
    """Late dossiers: "còn 05 hồ sơ quá hạn" must be what the results count; of one field it may be fewer."""
    named = [evidence.quantities[name] for name in ("qua_han", "dang_qua_han") if name in evidence.quantities]
    figures = _figures(evidence)
    assessing = {id(scan) for scan in _assessments(evidence)}
    cells = _cells(evidence)
    told = _where(figures)
    late = _where([found for found in figures if _is_late(*found)])
    for scan, token in figures if len(late) <= _MOST_LATE else ():
        said = _SAYS_LATE.match(scan.key, token.end)
        value, here = token.number.value, {id(scan)}
        if said is None or value in cells:
            continue
        again = id(scan) in assessing and _HAS.search(scan.key, 0, token.start) and not told[value] - here
        if not _LEFT_OVER.search(scan.key, 0, token.start) and not again:
            continue
        right = {counted for counted, places in late.items() if places - here}
        right |= {q.number.value for q in named if q.number is not None and (q.scan, q.start) != (scan, token.start)}
        part = any(word.strip() for word in (said["thuoc"], said["sau"]))
        if right and (value > sum(sorted(right)[-2:]) or (not part and not _is_sum(value, right))):
            places = [scan.place(token), *(q.place for q in named if q.scan is not scan)]
            good = " và ".join(say(number) for number in sorted(right, reverse=True))
            message = fill("A22", "qua_han", ghi=token.number.text, dung=good)
            yield make_finding("A22", places, token.number.text, good, message, scan.quote(token))


def _where(figures: Sequence[_Found]) -> dict[Fraction, set[int]]:
    """Tell in which paragraphs each value is printed."""
    places: dict[Fraction, set[int]] = defaultdict(set)
    for scan, token in figures:
        places[token.number.value].add(id(scan))
    return places


def _is_sum(value: Fraction, values: set[Fraction]) -> bool:
    """Tell whether a value is one of some, or two of them together."""
    return value in values or any(value - one in values and value != 2 * one for one in values)


def _assessments(evidence: Evidence) -> Iterator[Scan]:
    """Yield the paragraphs under "Tồn tại, hạn chế", or that open with such words."""
    under = False
    for scan in evidence.scans:
        paragraph = scan.paragraph
        key = same_length_key(paragraph.text)
        heading = len(key) <= _MAX_HEADING and (paragraph.marker in {"la_ma", "so", "chu"} or paragraph.text.isupper())
        opens = load_compare_words().danh_gia.search(key[:_MAX_OPENING]) is not None
        under = opens if heading else under
        if under or opens:
            yield scan


def _cells(evidence: Evidence) -> set[Fraction]:
    """List the counts of the tables: of whatever scope, one of them may be meant."""
    return {number.value for table in evidence.layout.data for row in table.rows for number in table.counts_of(row)}


_MAX_HEADING = 120  # characters
_MAX_OPENING = 40

_BESIDE = re.compile(rf"(?:{_LATE})\W*(?:là|có|:)?\W*$")


def _is_late(scan: Scan, token: Token) -> bool:
    """Tell whether a figure counts late dossiers: "quá hạn: 3", "3 hồ sơ trễ hạn"."""
    return _BESIDE.search(scan.key, max(0, token.start - 30), token.start) is not None or (
        _SAYS_LATE.match(scan.key, token.end) is not None
    )


def _check_tasks(evidence: Evidence) -> Iterator[AuditFinding]:
    """Tasks: "hoàn thành 16 nhiệm vụ còn lại" must be what the results leave, or a figure of tasks."""
    figures = _figures(evidence)
    tasks = [
        (scan, token)
        for scan, token in figures
        if _TASKS.match(scan.key, token.end) and _TASKS_LEFT.match(scan.key, token.end) is None
    ]
    right = _left_of_tasks(evidence)
    right |= {token.number.value for scan, token in tasks if _GOES_ON.search(scan.key, 0, token.start)}
    beside = {id(scan): scan.counts for scan, _ in tasks}
    good = right.union(_other_figures(tasks), *beside.values())
    for scan, token in figures:
        if not right or token.number.value in good or _TASKS_LEFT.match(scan.key, token.end) is None:
            continue
        shown = say(min(right, key=lambda value: abs(value - token.number.value)))
        message = fill("A22", "nhiem_vu", ghi=token.number.text, dung=shown)
        yield make_finding("A22", [scan.place(token)], token.number.text, shown, message, scan.quote(token))


def _left_of_tasks(evidence: Evidence) -> set[Fraction]:
    """List what the named figures and the fractions ("36/52 nhiệm vụ") leave of the tasks."""
    left = _values(evidence, ("kh_dang", "kh_chua")) | _values(evidence, ("nv_dang", "nv_qua_han_chua_xong"))
    for total, done in (("kh_tong", "kh_hoan_thanh"), ("nv_tong", "nv_hoan_thanh"), ("nv_tong", "nv_dung_han")):
        whole, part = evidence.figure(total), evidence.figure(done)
        if whole is not None and part is not None:
            left.add(whole.printed.value - part.printed.value)
    return left | {
        token.below.value - token.number.value
        for scan in evidence.scans
        for token in scan.tokens
        if token.below is not None and _TASKS.match(scan.key, token.end)
    }


_GOES_ON = re.compile(r"(?:đang|chưa|còn)\b[^\d,;.]{0,30}$")


def _other_figures(tasks: Sequence[_Found]) -> set[Fraction]:
    """List the figures of tasks, and what each leaves of another beside it: nothing certain, but no contradiction."""
    by_paragraph: dict[int, set[Fraction]] = defaultdict(set)
    for scan, token in tasks:
        by_paragraph[id(scan)].add(token.number.value)
    return {
        value
        for values in by_paragraph.values()
        for one in values
        for value in (one, *(one - other for other in values))
        if value
    }


# --- rates ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rate:
    """A percentage with what it is about, whether figures beside it have it as their quotient, and where it stands."""

    number: Printed
    about: frozenset[str]
    proven: bool
    place: str
    quote: str


def _check_rates(evidence: Evidence) -> Iterator[AuditFinding]:
    """A rate that no figures prove, of the same thing as one that they do, with two digits swapped."""
    rates = [*_rates_of_text(evidence), *_rates_of_tables(evidence)]
    proven: dict[tuple[str, str], tuple[int, _Rate]] = {}
    values: set[tuple[str, Fraction]] = set()
    for at, rate in enumerate(rates):
        for word in rate.about if rate.proven else ():
            proven.setdefault((word, rate.number.text), (at, rate))
            values.add((word, rate.number.value))
    for rate in rates:
        if rate.proven or any((word, rate.number.value) in values for word in rate.about):
            continue
        prints = [(word, text) for word in rate.about for text in list_swaps(rate.number.text)]
        right = min((proven[one] for one in prints if one in proven), key=lambda found: found[0], default=None)
        if right is not None:
            good = right[1].number.text
            message = fill("A22", "ty_le", ghi=rate.number.text, dung=good)
            places = [rate.place, right[1].place]
            yield make_finding("A22", places, f"{rate.number.text}%", f"{good}%", message, rate.quote)


_NEAR = 4
"""Paragraphs before a rate whose figures may be its base: "Tiếp nhận 7.442 hồ sơ" above "- Trực tuyến 7.412, 99,6%"."""


def _rates_of_text(evidence: Evidence) -> Iterator[_Rate]:
    words = load_compare_words()
    for at, scan in enumerate(evidence.scans):
        pool, before = Pool(scan.terms), evidence.scans[max(0, at - _NEAR) : at]
        for token in scan.tokens:
            said = scan.key[scan.stretch_begin(token.start, (". ", ";", "(")) : token.start] if token.percent else ""
            if token.percent and words.hai_ky.search(said) is None:
                proven = pool.proves(token.number) or _is_of_one_before(scan, token, before)
                about = frozenset(words.viec.findall(said))
                yield _Rate(token.number, about, proven, scan.place(token), scan.quote(token))


def _is_of_one_before(scan: Scan, rate: Token, before: Sequence[Scan]) -> bool:
    """Tell whether a rate is that of the count right before it in a figure of the paragraphs before."""
    tops = [token.number.value for token in scan.between(0, rate.start) if token.is_count][-1:]
    return any(is_rounding(rate.number, top, base) for top in tops for near in before for base in near.terms if base)


def _rates_of_tables(evidence: Evidence) -> Iterator[_Rate]:
    words = load_compare_words()
    for table in evidence.layout.data:
        for row in table.rows:
            pool = Pool(number.value for number in table.counts_of(row))
            about = frozenset(words.viec.findall(" ".join((*table.titles, matching_key(table.name(row))))))
            for column in table.shares:
                share = table.number(row, column)
                if share is not None:
                    yield _Rate(share, about, pool.proves(share), row.place, table.quote(row))
