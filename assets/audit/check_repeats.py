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
from assets.audit.citations import mask, same_length_key
from assets.audit.document import Paragraph
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.list_parts import scan_paragraph
from assets.audit.values import Printed, Token, is_rounding, is_swap, say, scan_numbers
from schemas.rules.text import matching_key

_LATE = r"(?:quá|trễ|chậm) (?:thời )?(?:hạn|hẹn)|chậm muộn"
_SAYS_LATE = re.compile(rf"\s*(?:hồ sơ|hs)\s*(?P<thuoc>[^\d,;.()]{{0,40}}?)(?:{_LATE})(?P<sau>[^,;.()]{{0,40}})")
_LEFT_OVER = re.compile(r"(?:vẫn còn|\bcòn|để xảy ra|phát sinh)(?: có)?(?: khoảng)?\s*$")
_ASSESSES = re.compile(r"hạn chế|tồn tại|khó khăn|vướng mắc|chưa làm được")
_HAS = re.compile(r"(?:\bcó|[:;,.]|^\W*)\s*$")
_TASKS = re.compile(r"\s*nhiệm vụ")
_TASKS_LEFT = re.compile(r"\s*nhiệm vụ còn lại")


def check_repeats(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [*_check_late(evidence), *_check_tasks(evidence), *_check_rates(evidence)]


_Found = tuple[Paragraph, str, Token]


def _figures(evidence: Evidence) -> Iterator[_Found]:
    for paragraph in evidence.layout.body:
        masked = mask(paragraph.text)
        key = same_length_key(masked)
        yield from ((paragraph, key, token) for token in scan_numbers(masked) if token.is_count)


def _values(evidence: Evidence, names: tuple[str, ...]) -> set[Fraction]:
    """List the figures of these names, and every sum of them."""
    known = [figure.printed.value for name in names if (figure := evidence.figure(name)) is not None]
    return {sum(some, Fraction(0)) for size in range(1, len(known) + 1) for some in combinations(known, size)}


def _check_late(evidence: Evidence) -> Iterator[AuditFinding]:
    """Late dossiers: "còn 05 hồ sơ quá hạn" must be what the results count; of one field it may be fewer."""
    named = [evidence.quantities[name] for name in ("qua_han", "dang_qua_han") if name in evidence.quantities]
    figures = list(_figures(evidence))
    assessing = {id(paragraph) for paragraph in _assessments(evidence)}
    cells = {
        number.value
        for table in evidence.layout.data
        for row in table.rows
        for column in table.counts
        if (number := table.number(row, column)) is not None
    }
    met = {(id(paragraph), token.number.value) for paragraph, key, token in figures if _is_late(key, token)}
    for paragraph, key, token in figures:
        said = _SAYS_LATE.match(key, token.end)
        lead = key[: token.start]
        told = _LEFT_OVER.search(lead) and token.number.value not in cells
        again = id(paragraph) in assessing and _HAS.search(lead) and not _is_elsewhere(paragraph, token, figures, cells)
        if said is None or not (told or again):
            continue
        right = {value for place, value in met if place != id(paragraph)}
        right |= {
            q.number.value for q in named if q.number is not None and (q.paragraph, q.start) != (paragraph, token.start)
        }
        sums = right | {one + other for one, other in combinations(right, 2)}
        part = any(word.strip() for word in (said["thuoc"], said["sau"]))
        value = token.number.value
        if right and (value > max(sums) or (not part and value not in sums)):
            places = [paragraph.place_at(token.start), *(q.place for q in named if q.paragraph is not paragraph)]
            good = " và ".join(say(number) for number in sorted(right, reverse=True))
            message = fill("A22", "qua_han", ghi=token.number.text, dung=good)
            yield make_finding("A22", places, token.number.text, good, message, paragraph.quote(token.start))


def _assessments(evidence: Evidence) -> Iterator[Paragraph]:
    """Yield the paragraphs under "Tồn tại, hạn chế", or that open with such words."""
    under = False
    for paragraph in evidence.layout.body:
        key = same_length_key(paragraph.text)
        heading = len(key) <= _MAX_HEADING and (paragraph.marker in {"la_ma", "so", "chu"} or paragraph.text.isupper())
        opens = _ASSESSES.search(key[:_MAX_OPENING]) is not None
        under = opens if heading else under
        if under or opens:
            yield paragraph


def _is_elsewhere(paragraph: Paragraph, token: Token, figures: Sequence[_Found], cells: set[Fraction]) -> bool:
    """Tell whether another paragraph or a table prints the figure: of whatever scope, that one may be meant."""
    value = token.number.value
    return value in cells or any(other is not paragraph and one.number.value == value for other, _, one in figures)


_MAX_HEADING = 120  # characters
_MAX_OPENING = 40

_BESIDE = re.compile(rf"(?:{_LATE})\W*(?:là|có|:)?\W*$")


def _is_late(key: str, token: Token) -> bool:
    """Tell whether a figure counts late dossiers: "quá hạn: 3", "3 hồ sơ trễ hạn"."""
    return _BESIDE.search(key[max(0, token.start - 30) : token.start]) is not None or (
        _SAYS_LATE.match(key, token.end) is not None
    )


def _check_tasks(evidence: Evidence) -> Iterator[AuditFinding]:
    """Tasks: "hoàn thành 16 nhiệm vụ còn lại" must be what the results leave, or a figure of tasks."""
    right = _values(evidence, ("kh_dang", "kh_chua"))
    right |= _values(evidence, ("nv_dang", "nv_qua_han_chua_xong"))
    for total, done in (("kh_tong", "kh_hoan_thanh"), ("nv_tong", "nv_hoan_thanh"), ("nv_tong", "nv_dung_han")):
        whole, part = evidence.figure(total), evidence.figure(done)
        if whole is not None and part is not None:
            right.add(whole.printed.value - part.printed.value)
    figures = list(_figures(evidence))
    right |= {
        token.below.value - token.number.value
        for paragraph in evidence.layout.body
        for token in scan_numbers(mask(paragraph.text))
        if token.below is not None and _TASKS.match(same_length_key(paragraph.text), token.end)
    }
    tasks = [
        (paragraph, key, token)
        for paragraph, key, token in figures
        if _TASKS.match(key, token.end) and _TASKS_LEFT.match(key, token.end) is None
    ]
    right |= {token.number.value for _, key, token in tasks if _GOES_ON.search(key[: token.start])}
    good = right | _other_figures(tasks)
    for paragraph, key, token in figures:
        if not right or token.number.value in good or _TASKS_LEFT.match(key, token.end) is None:
            continue
        shown = say(min(right, key=lambda value: abs(value - token.number.value)))
        message = fill("A22", "nhiem_vu", ghi=token.number.text, dung=shown)
        place = paragraph.place_at(token.start)
        yield make_finding("A22", [place], token.number.text, shown, message, paragraph.quote(token.start))


_GOES_ON = re.compile(r"(?:đang|chưa|còn)\b[^\d,;.]{0,30}$")


def _other_figures(tasks: Sequence[_Found]) -> set[Fraction]:
    """List the figures of tasks, and what each leaves of another beside it: nothing certain, but no contradiction."""
    by_paragraph: dict[int, set[Fraction]] = defaultdict(set)
    for paragraph, _, token in tasks:
        by_paragraph[id(paragraph)].add(token.number.value)
    return {
        value
        for paragraph, _, token in tasks
        for value in (token.number.value, *(token.number.value - other for other in by_paragraph[id(paragraph)]))
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
    for rate in rates:
        if rate.proven:
            continue
        same = [other for other in rates if other.proven and other.about & rate.about]
        if any(other.number.value == rate.number.value for other in same):
            continue
        right = next((other for other in same if is_swap(other.number, rate.number)), None)
        if right is not None:
            message = fill("A22", "ty_le", ghi=rate.number.text, dung=right.number.text)
            places = [rate.place, right.place]
            yield make_finding("A22", places, f"{rate.number.text}%", f"{right.number.text}%", message, rate.quote)


def _rates_of_text(evidence: Evidence) -> Iterator[_Rate]:
    words = load_compare_words()
    for paragraph in evidence.layout.body:
        scan = scan_paragraph(paragraph)
        values = [token.number.value for token in scan.tokens if not token.percent]
        values += [token.below.value for token in scan.tokens if token.below is not None]
        for token in scan.tokens:
            begin = max(scan.key.rfind(stop, 0, token.start) for stop in (". ", ";", "(")) + 1
            said = scan.key[begin : token.start]
            if token.percent and words.hai_ky.search(said) is None:
                yield _Rate(
                    token.number,
                    frozenset(words.viec.findall(said)),
                    any(is_rounding(token.number, top, below) for top in values for below in values if below),
                    paragraph.place_at(token.start),
                    paragraph.quote(token.start),
                )


def _rates_of_tables(evidence: Evidence) -> Iterator[_Rate]:
    for table in evidence.layout.data:
        for row in table.rows:
            numbers = [number for column in table.counts if (number := table.number(row, column)) is not None]
            values = [number.value for number in numbers]
            about = frozenset(
                load_compare_words().viec.findall(" ".join((*table.titles, matching_key(table.name(row)))))
            )
            for column in table.shares:
                share = table.share(row, column)
                if share is not None:
                    proven = any(is_rounding(share, top, below) for top in values for below in values if below)
                    yield _Rate(share, about, proven, row.place, " | ".join(filter(None, row.cells)))
