"""A total and its parts in running text: "12 đơn vị (4 trường mầm non, 8 trường tiểu học)", whatever is counted.

Belongs here: finding such lists in a sentence or in the bullets below one, with the shares printed beside the parts,
and how firmly the wording says that the parts are all there is. Does not belong here: judging them (check_breakdowns),
quantities with a name of their own (quantities), reading one part (list_parts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from assets.audit.catalogue import load_list_words
from assets.audit.document import Paragraph
from assets.audit.list_parts import (
    Part,
    cut_at_commas,
    fits_unit,
    read_parts,
    read_share,
    unit_at,
    ways_to_cut,
)
from assets.audit.scan import Scan
from assets.audit.values import BY_CHANCE, Printed, Token, is_slip

_OPENER = re.compile(
    r"(?P<het>(?:bao )?gồm(?: có)?|chia ra(?: làm)?|cơ cấu)|(?P<mo>trong đó(?: có)?|cụ thể(?: là)?)|(?P<dau>[:(])"
)
_STOP = re.compile(r"\.(?=\s|$)|…|\)(?=\.)")
_CHANGE = re.compile(r"\b(?:tăng|giảm|vượt)(?: thêm| được)?\s*$")
_OF_EARLIER = re.compile(r"\s*(?:(?i:năm) 20\d\d|(?i:cùng kỳ|(?:năm|quý|kỳ) trước))[^:;]*:[^:;]*$")
"""What a bracket holds that gives one earlier period's figures: "(năm 2025: 02 và 14)"."""

_MEASURE = re.compile(r"_\s*$")
"""A measure that is no count, masked, right before a bracket: "04 lần, tổng 11 giờ (2, 5, 1 và 3 giờ)"."""

_NEXT_NAME = re.compile(r"[,;](?!\s*(?:như sau|theo|chia|phân|tính)\b)")

_MAX_SEGMENT = 700  # characters of a sentence that are looked at
_MIN_PARTS = 2
_MAX_TAIL = 60  # characters between the total and the bullets
_MAX_LEAD = 110  # characters of a bullet before its figure
_WORDS_SHOWN = 40  # characters behind a bullet's figure that tell what it counts


@dataclass(frozen=True)
class Breakdown:
    """A total with the parts that follow it.

    Attributes:
        total: the figure that is broken down. unit: the words behind it. scan, start: where it stands.
        parts: two or more.
        opener: "het" (gồm: the wording says these are all), "ngoac" (in brackets), "mo" (trong đó), "dau" (a colon or
            bullets below), "" (nothing: figures that merely follow).
        closed: a part says "còn lại". loose: the wording says there may be others ("chủ yếu", "một số").
    """

    total: Printed
    unit: str
    scan: Scan
    start: int
    parts: tuple[Part, ...]
    opener: str
    closed: bool = False
    loose: bool = False

    @cached_property
    def sum(self) -> Fraction:
        """The parts added up."""
        return sum((part.number.value for part in self.parts), Fraction(0))

    @property
    def place(self) -> str:
        """Where the total stands."""
        return self.scan.paragraph.place_at(self.start)

    @property
    def end(self) -> int:
        """Where the last part of a list in one sentence stands."""
        return self.parts[-1].start

    @property
    def places(self) -> list[str]:
        """Total and parts."""
        return [self.place, *(part.place for part in self.parts)]


def find_breakdowns(scans: Sequence[Scan]) -> Iterator[Breakdown]:
    """Find every total that is followed by two or more parts.

    Args:
        scans: the paragraphs of the body, in order.

    Yields:
        Breakdowns in reading order; one total may have several (by kind, by place).
    """
    for at, scan in enumerate(scans):
        settled = -1  # a figure that is part of a list which adds up is no total of what merely follows
        for token in scan.tokens:
            if token.percent or token.about or _CHANGE.search(scan.key, 0, token.start) is not None:
                continue
            if token.below is not None:
                yield from _left_over(scan, token)
            yield from _summed_up(scan, token)
            for found in _inline(scan, token):
                if found.opener or token.start > settled:
                    yield found
                if found.sum == found.total.value:
                    settled = max(settled, found.end)
        below = _below(scans, at) or _by_kind(scans, at)
        if below is not None:
            yield below


# --- in one sentence --------------------------------------------------------------------------------------------


def _inline(scan: Scan, total: Token) -> Iterator[Breakdown]:
    """Follow the words behind a figure: a bracket with parts, then "gồm", "trong đó" or a colon."""
    at = total.end
    unit = unit_at(scan.key, at)
    end = _segment_end(scan, at)
    for _ in range(3):
        following = scan.first_from(at)
        if following is None or following.start >= end:
            return
        opener = _OPENER.search(scan.key, at, following.start)
        if opener is not None and opener["dau"] == ":" and _NEXT_NAME.search(scan.key, at, opener.start()):
            opener = None  # "(quý I: 130 người, quý II: 165 người)": the colon belongs to the next name
        if opener is None:
            yield from _read_stretch(scan, total, unit, at, end, "")
            return
        if opener["mo"] is not None:
            end = _end_of_pair(scan, total, opener.end(), end)
        if opener["dau"] == "(":
            closing = scan.closing(opener.start())
            of_measure = _MEASURE.search(scan.key, at, opener.start()) is not None
            if of_measure or _OF_EARLIER.match(scan.paragraph.text, opener.end(), closing):
                at = closing + 1
                continue
            yield from _read_stretch(scan, total, unit, opener.end(), closing, "ngoac")
            at = closing + 1
            continue
        yield from _read_stretch(scan, total, unit, opener.end(), end, str(opener.lastgroup))
        return


_IS_LEFT = re.compile(r"^\W*(?:hiện |và )?(?:còn|đang|chưa)\b|\b(?:đang|chưa|còn lại)\b")


def _left_over(scan: Scan, fraction: Token) -> Iterator[Breakdown]:
    """Read "đạt 11/39 nhiệm vụ, 25 nhiệm vụ đang thực hiện, còn 03 nhiệm vụ": what was done and what is left."""
    if fraction.below is None:
        return
    unit = unit_at(scan.key, fraction.end)
    first = Part(fraction.number, "", unit, None, scan.paragraph.place_at(fraction.start), fraction.start)
    rest, _, loose = read_parts(
        scan, unit, list(_at_cuts(scan, fraction.end, _segment_end(scan, fraction.end))), named=False
    )
    if (
        rest
        and unit
        and not loose
        and all(_IS_LEFT.search(part.words) and _same_unit(unit, part.unit) for part in rest)
    ):
        parts = (first, *rest)
        yield Breakdown(fraction.below, unit, scan, fraction.start, parts, "mo", closed=True)


_SUMMED = re.compile(r"(?:\(\s*tổng(?: cộng| số)?|,\s*(?:tổng )?cộng)(?: là)?:?\s*$")


def _summed_up(scan: Scan, total: Token) -> Iterator[Breakdown]:
    """Read "03 quyết định, 08 kế hoạch, 26 công văn (tổng 37 văn bản)", "…, cộng 37": the total behind its parts."""
    opening = _SUMMED.search(scan.key, 0, total.start)
    if opening is None or total.percent or total.below is not None:
        return
    unit = unit_at(scan.key, total.end)
    begin = max(scan.stretch_begin(opening.start(), (". ", ";", ":")), scan.paragraph.start)
    pieces = list(cut_at_commas(scan, begin, opening.start()))
    parts, _, loose = read_parts(scan, unit, pieces, named=True)
    if len(parts) >= _MIN_PARTS and not loose:
        yield Breakdown(total.number, unit, scan, total.start, tuple(parts), "ngoac")


def _same_unit(unit: str, mine: str) -> bool:
    return mine.split(" ")[:1] == unit.split(" ")[:1]


def _at_cuts(scan: Scan, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch at commas, semicolons and "và"."""
    cuts = [m.start() + begin for m in re.finditer(";", scan.key[begin:end])]
    edges = [begin, *(cut + 1 for cut in cuts if not scan.in_bracket(begin, cut)), end]
    for left, right in pairwise(edges):
        yield from cut_at_commas(scan, left, right)


def _read_stretch(scan: Scan, total: Token, unit: str, begin: int, end: int, opener: str) -> Iterator[Breakdown]:
    """Read a stretch as the parts of a total, cut in the way that comes nearest to it."""
    first = begin + len(scan.key[begin:end]) - len(scan.key[begin:end].lstrip(" ,:"))
    inner = _OPENER.match(scan.key, first)
    if inner is not None and inner["dau"] is None:
        opener, begin = str(inner.lastgroup), inner.end()
    found = [
        Breakdown(total.number, unit, scan, total.start, tuple(parts), opener, closed, loose)
        for spans in ways_to_cut(scan, begin, end)
        for parts, closed, loose in [
            read_parts(scan, unit, _of_done(scan, total, spans), named=opener != "", bracketed=opener == "ngoac")
        ]
        if len(parts) >= _MIN_PARTS
    ]
    yield from sorted(found, key=lambda way: abs(way.sum - total.number.value))[:1]


_DONE = re.compile(r"\bđã\b[^.;:]{0,40}$")
_STILL_OPEN = re.compile(r"\W*(?:hiện |và |số )?(?:còn|đang)\b")


def _of_done(scan: Scan, total: Token, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out what is still open where the total is of things done: "đã giải quyết 90 (…); còn 10 hồ sơ"."""
    if _DONE.search(scan.key, 0, total.start) is None:
        return list(spans)
    return [span for span in spans if _STILL_OPEN.match(scan.key, span[0]) is None]


def _end_of_pair(scan: Scan, total: Token, opened: int, end: int) -> int:
    """Return where the parts end of one of several totals: "toàn trình 52, trong đó …; một phần 93, trong đó …; 31"."""
    begin = scan.stretch_begin(total.start, (". ",))
    again = re.search(r"trong đó[^;]*;", scan.key[begin : total.start])
    stop = scan.key.find(";", opened, end)
    return stop if again is not None and stop >= 0 else end


def _segment_end(scan: Scan, at: int) -> int:
    """Find where the sentence of a figure ends; a full stop before "Trong đó" does not end it."""
    key = scan.key
    opened = key.rfind("(", 0, at)
    if opened >= 0 and key.find(")", opened, at) < 0:
        return scan.closing(opened)
    for stop in _STOP.finditer(key, at):
        if not scan.in_bracket(at, stop.start()) and _GOES_ON.match(key, stop.end()) is None:
            return stop.start()
    return min(len(key), at + _MAX_SEGMENT)


_GOES_ON = re.compile(r"\W*(?:trong đó|bao gồm|cụ thể|gồm)\b")


# --- in the bullets below ---------------------------------------------------------------------------------------

_DEPTH = {"la_ma": 1, "so": 2, "chu": 4, "dau": 5}


def _depth(paragraph: Paragraph) -> int:
    """Rank a paragraph's marker: I. before 1. before 1.1. before a) before "-" before "+"; 9 for running text."""
    rank = _DEPTH.get(paragraph.marker, 9)
    if paragraph.marker == "so":
        return rank + (1 if "." in paragraph.label else 0)
    return rank + (1 if paragraph.marker == "dau" and paragraph.label[-1:] == "+" else 0)


def _below(scans: Sequence[Scan], at: int) -> Breakdown | None:
    """Read the bullets right below a paragraph as the parts of its last figure."""
    head = scans[at]
    counts = [t for t in head.tokens if not t.percent and t.below is None]
    if not counts or at + 1 == len(scans):
        return None
    plain = [
        token
        for token in counts
        if not head.in_bracket(0, token.start) and _CHANGE.search(head.key, 0, token.start) is None
    ]
    if plain and plain[-1].about:
        return None
    parts = list(_bullets(scans, at, unit_at(head.key, plain[-1].end))) if plain else []
    if len(parts) < _MIN_PARTS:
        return None
    added = sum((part.number.value for part in parts), Fraction(0))
    total = next((token for token in counts if token.number.value == added), plain[-1])
    tail = head.key[total.end :]
    alone = len(plain) == 1 or not any(token.start > total.start for token in head.tokens)
    if total.number.value != added and not (alone and len(_OUTSIDE.sub("", tail)) <= _MAX_TAIL):
        return None
    opener = _OPENER.search(tail)
    kind = str(opener.lastgroup) if opener is not None and opener["dau"] is None else "dau"
    words = load_list_words()
    closed = any("còn lại" in part.words for part in parts)
    loose = words.ho.search(tail) is not None or any(words.khac.search(part.words) for part in parts)
    unit = unit_at(head.key, total.end)
    return Breakdown(total.number, unit, head, total.start, tuple(parts), kind, closed, loose)


_OUTSIDE = re.compile(r"\([^()]*\)|\b(?:tăng|giảm)\b.*?(?=\(|,|;|$)")


def _bullets(scans: Sequence[Scan], at: int, unit: str) -> Iterator[Part]:
    depth = _depth(scans[at].paragraph)
    label = ""
    for index in range(at + 1, len(scans)):
        scan = scans[index]
        mine = scan.paragraph
        if mine.marker == "" or _depth(mine) <= depth:
            return
        label = label or mine.label[-1:]
        if mine.marker == "dau" and mine.label[-1:] != label:
            if label == "+" or _depth(mine) <= depth:
                return
            continue
        members = list(_members(scan))
        if not members or any(not _is_member(scan, token, unit) for token, _ in members):
            return
        for token, end in members:
            share = read_share(scan, token.end, end, token.end)
            words = scan.key[mine.start : min(token.end + _WORDS_SHOWN, end)]
            yield Part(
                token.number, words, unit_at(scan.key, token.end), share, mine.place_at(token.start), token.start
            )


def _members(scan: Scan) -> Iterator[tuple[Token, int]]:
    """Yield the first count of a bullet, and those behind its semicolons: "Từ chối 14; rút 23; đang giải quyết 268".

    Each with the end of its piece. A piece that compares counts no member.
    """
    begin, key = scan.paragraph.start, scan.key
    cuts = [m.start() for m in re.finditer(";", key[begin:])]
    edges = [begin, *(begin + cut + 1 for cut in cuts if not scan.in_bracket(begin, begin + cut)), len(key)]
    for left, right in pairwise(edges):
        counts = [token for token in scan.between(left, right) if not token.percent]
        if counts and (left == begin or load_list_words().khac.search(key[left:right]) is None):
            yield counts[0], right


def _is_member(scan: Scan, token: Token, unit: str) -> bool:
    lead = token.start - scan.paragraph.start
    fits = fits_unit(unit, unit_at(scan.key, token.end))
    return token.below is None and not token.about and fits and (lead <= _MAX_LEAD or ";" in scan.key[: token.start])


# --- by kind, the total before ----------------------------------------------------------------------------------

_OF_KIND = re.compile(r"\W*(?:phân |chia |xét )?theo\s[^\d:;.]{3,40}:")
_LOOK_BACK = 12  # paragraphs before, in which the total stands


def _by_kind(scans: Sequence[Scan], at: int) -> Breakdown | None:
    """Read "- Theo lĩnh vực: …" as the parts of the figure named before it.

    Which figure that is, is not said. Only a sum that one of them misses by a slip of the pen is a list of it.
    """
    head = scans[at]
    opener = _OF_KIND.match(head.key, head.paragraph.start)
    if opener is None:
        return None
    if head.tokens:
        spans = next(ways_to_cut(head, opener.end(), _segment_end(head, opener.end())))
        parts, closed, loose = read_parts(head, "", spans, named=True)
    else:
        parts, closed, loose = list(_bullets(scans, at, "")), False, False
    added = sum((part.number.value for part in parts), Fraction(0))
    totals = list(_figures_before(scans, at))
    if len(parts) < _MIN_PARTS or loose or any(token.number.value == added for _, token in totals):
        return None
    for scan, token in totals:
        if token.number.value >= BY_CHANCE and is_slip(token.number.value, added):
            unit = unit_at(scan.key, token.end)
            return Breakdown(token.number, unit, scan, token.start, tuple(parts), "het", closed)
    return None


def _figures_before(scans: Sequence[Scan], at: int) -> Iterator[tuple[Scan, Token]]:
    """Yield the counts of the paragraphs before that are not deeper and no such list themselves, nearest first."""
    depth = _depth(scans[at].paragraph)
    for scan in reversed(scans[max(0, at - _LOOK_BACK) : at]):
        if _depth(scan.paragraph) <= depth and _OF_KIND.match(scan.key, scan.paragraph.start) is None:
            yield from ((scan, token) for token in scan.tokens if token.is_count and not token.about)
