"""A total and its parts in running text: "12 đơn vị (4 trường mầm non, 8 trường tiểu học)", whatever is counted.

Belongs here: finding such lists in a sentence or in the bullets below one, with the shares printed beside the parts,
and how firmly the wording says that the parts are all there is. Does not belong here: judging them (check_breakdowns),
quantities with a name of their own (quantities).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from assets.audit.catalogue import load_list_words
from assets.audit.citations import mask, same_length_key
from assets.audit.document import Paragraph
from assets.audit.values import Printed, Token, scan_numbers

_OPENER = re.compile(
    r"(?P<het>(?:bao )?gồm(?: có)?|chia ra(?: làm)?|cơ cấu)|(?P<mo>trong đó(?: có)?|cụ thể(?: là)?)|(?P<dau>[:(])"
)
_STOP = re.compile(r"\.(?=\s|$)|…|\)(?=\.)")
_SHARE_LEAD = re.compile(
    r"[^\d_;.(]{0,60}?[\s,(]*(?:(?:đạt|chiếm|bằng|tương (?:đương|ứng)|ứng với|=|là|với)\s*)*"
    r"(?:tỷ lệ\s*)?(?:là|đạt|:|=)?\s*\(?\s*"
)
_CHANGE = re.compile(r"\b(?:tăng|giảm|vượt)(?: thêm| được)?\s*$")
_UNIT = re.compile(r"\s*([^\W\d_]+(?: [^\W\d_]+){0,4})")
_MAX_SEGMENT = 700


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a list: its figure, the words around it and the share printed beside it."""

    number: Printed
    words: str
    unit: str
    share: Printed | None
    place: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total with the parts that follow it.

    Attributes:
        total: the figure that is broken down. unit: the words behind it. paragraph, start: where it stands.
        parts: two or more.
        opener: "het" (gồm: the wording says these are all), "ngoac" (in brackets), "mo" (trong đó), "dau" (a colon or
            bullets below), "" (nothing: figures that merely follow).
        closed: a part says "còn lại". loose: the wording says there may be others ("chủ yếu", "một số").
    """

    total: Printed
    unit: str
    paragraph: Paragraph
    start: int
    parts: tuple[Part, ...]
    opener: str
    closed: bool = False
    loose: bool = False

    @property
    def sum(self) -> Fraction:
        """The parts added up."""
        return sum((part.number.value for part in self.parts), Fraction(0))

    @property
    def place(self) -> str:
        """Where the total stands."""
        return self.paragraph.place_at(self.start)

    @property
    def places(self) -> list[str]:
        """Total and parts."""
        return [self.place, *(part.place for part in self.parts)]


@dataclass(slots=True)
class _Scan:
    """One paragraph with its figures, ready to be searched."""

    paragraph: Paragraph
    key: str
    tokens: list[Token] = field(default_factory=list)


def find_breakdowns(paragraphs: Sequence[Paragraph]) -> Iterator[Breakdown]:
    """Find every total that is followed by two or more parts.

    Args:
        paragraphs: the body, in order.

    Yields:
        Breakdowns in reading order; one total may have several (by kind, by place).
    """
    scans = [_scan(paragraph) for paragraph in paragraphs]
    for at, scan in enumerate(scans):
        for token in scan.tokens:
            if not token.percent and _CHANGE.search(scan.key, 0, token.start) is None:
                yield from _inline(scan, token)
        below = _below(scans, at)
        if below is not None:
            yield below


def _scan(paragraph: Paragraph) -> _Scan:
    masked = mask(paragraph.text)
    key = same_length_key(masked)
    tokens = [token for token in scan_numbers(masked) if token.start >= paragraph.start]
    return _Scan(paragraph, key, tokens)


# --- in one sentence --------------------------------------------------------------------------------------------


def _inline(scan: _Scan, total: Token) -> Iterator[Breakdown]:
    """Follow the words behind a figure: a bracket with parts, then "gồm", "trong đó" or a colon."""
    at = total.end
    unit = _unit_at(scan.key, at)
    end = _segment_end(scan.key, at)
    for _ in range(3):
        following = next((token.start for token in scan.tokens if token.start >= at), None)
        if following is None or following >= end:
            return
        opener = _OPENER.search(scan.key, at, following)
        if opener is None:
            yield from _made(scan, total, unit, at, end, "")
            return
        if opener["dau"] == "(":
            closing = _closing(scan.key, opener.start())
            yield from _made(scan, total, unit, opener.end(), closing, "ngoac")
            at = closing + 1
            continue
        yield from _made(scan, total, unit, opener.end(), end, str(opener.lastgroup))
        return


def _made(scan: _Scan, total: Token, unit: str, begin: int, end: int, opener: str) -> Iterator[Breakdown]:
    first = begin + len(scan.key[begin:end]) - len(scan.key[begin:end].lstrip(" ,:"))
    inner = _OPENER.match(scan.key, first)
    if inner is not None and inner["dau"] is None:
        opener, begin = str(inner.lastgroup), inner.end()
    found = [
        Breakdown(total.number, unit, scan.paragraph, total.start, tuple(parts), opener, closed, loose)
        for spans in _ways_to_cut(scan, begin, end)
        for parts, closed, loose in [_read_parts(scan, unit, spans, named=opener != "")]
        if len(parts) >= 2
    ]
    yield from sorted(found, key=lambda way: abs(way.sum - total.number.value))[:1]


def _segment_end(key: str, at: int) -> int:
    """Find where the sentence of a figure ends; a full stop before "Trong đó" does not end it."""
    depth, opened = 0, key.rfind("(", 0, at)
    if opened >= 0 and key.find(")", opened, at) < 0:
        return _closing(key, opened)
    for stop in _STOP.finditer(key, at):
        depth = key.count("(", at, stop.start()) - key.count(")", at, stop.start())
        if depth <= 0 and re.match(r"\W*(?:trong đó|bao gồm|cụ thể|gồm)\b", key[stop.end() :]) is None:
            return stop.start()
    return min(len(key), at + _MAX_SEGMENT)


def _closing(key: str, opened: int) -> int:
    """Return the bracket that closes one; where it was forgotten, the end of the text."""
    depth = 0
    for at in range(opened, len(key)):
        depth += {"(": 1, ")": -1}.get(key[at], 0)
        if depth == 0:
            return at
    return len(key)


def _read_parts(
    scan: _Scan, unit: str, spans: Sequence[tuple[int, int]], *, named: bool
) -> tuple[list[Part], bool, bool]:
    """Read the parts of a stretch; a piece that is no part ends the list.

    Returns:
        (parts, whether one is "còn lại", whether there may be others).
    """
    words = load_list_words()
    parts: list[Part] = []
    closed = loose = False
    for left, right in spans:
        piece = scan.key[left:right]
        loose = loose or words.ho.search(piece) is not None
        tokens = [t for t in scan.tokens if left <= t.start < right and not _in_bracket(scan.key, left, t.start)]
        counts = [t for t in tokens if not t.percent]
        if not counts:
            if parts and tokens:
                parts[-1] = replace(parts[-1], share=parts[-1].share or _share(scan, left, right, left))
            continue
        token = counts[0]
        if len(counts) > 1 or token.below is not None or words.khac.search(piece) is not None:
            loose = True
            break
        mine = _unit_at(scan.key, token.end)
        if not _fits(unit, mine):
            if parts or named:
                loose = True
                break
            continue
        closed = closed or "còn lại" in piece
        share = _share(scan, token.end, right, token.end)
        parts.append(Part(token.number, piece.strip(" ,;:-+("), mine, share, scan.paragraph.place_at(token.start)))
    return parts, closed, loose


def _ways_to_cut(scan: _Scan, begin: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """Cut a stretch into pieces: at semicolons when each holds one figure, else at commas and "và" as well.

    A semicolon may part two lists or go on with one: the first list alone is tried before the whole.
    """
    cuts = [m.start() + begin for m in re.finditer(r";|\.(?=\s)", scan.key[begin:end])]
    edges = [begin, *(cut + 1 for cut in cuts if not _in_bracket(scan.key, begin, cut)), end]
    spans = list(pairwise(edges))
    if len(spans) > 1 and all(_figures(scan, left, right) <= 1 for left, right in spans):
        yield spans
        return
    yield list(_at_commas(scan, *spans[0]))
    if len(spans) > 1:
        yield [piece for span in spans for piece in _at_commas(scan, *span)]


def _at_commas(scan: _Scan, begin: int, end: int) -> Iterator[tuple[int, int]]:
    left = begin
    for match in re.finditer(r",(?!\d)|\s(?=và\s)", scan.key[begin:end]):
        at = begin + match.start()
        if match[0] != "," and not re.match(r"\s+và\s[^,;.(]*?\d", scan.key[at:end]):
            continue  # "sớm và đúng hạn (99,2%)" is one name
        if not _in_bracket(scan.key, begin, at) and any(left <= t.start < at for t in scan.tokens):
            yield left, at
            left = at + 1
    yield left, end


def _figures(scan: _Scan, left: int, right: int) -> int:
    return sum(
        left <= t.start < right and not t.percent and not _in_bracket(scan.key, left, t.start) for t in scan.tokens
    )


def _in_bracket(key: str, begin: int, at: int) -> bool:
    return key.count("(", begin, at) > key.count(")", begin, at)


def _share(scan: _Scan, begin: int, end: int, behind: int) -> Printed | None:
    """Read the percentage that is the share of the part before it, not its growth or its target."""
    words = load_list_words()
    for token in scan.tokens:
        if begin <= token.start < end and token.percent:
            tail = scan.key[token.end : min(end, token.end + 25)]
            lead = scan.key[behind : token.start]
            plain = words.khong_ty_trong.search(lead) is None and words.khong_ty_trong.search(tail) is None
            return token.number if plain and _SHARE_LEAD.fullmatch(lead) is not None else None
    return None


def _unit_at(key: str, at: int) -> str:
    match = _UNIT.match(key, at)
    return match[1] if match is not None else ""


def _fits(unit: str, mine: str) -> bool:
    """Tell whether a part may be counted in the total's unit: the same word, a kind of it, or nothing said."""
    words = load_list_words()
    if words.do_luong.match(mine) is not None:
        return words.do_luong.match(unit) is not None and unit.split()[:1] == mine.split()[:1]
    if not unit or not mine or words.noi_tiep.match(mine) or words.noi_tiep.match(unit):
        return True
    if unit.split()[0] == mine.split()[0]:
        return True
    return any(family.match(unit) and family.match(mine) for family in words.ho_don_vi)


# --- in the bullets below ---------------------------------------------------------------------------------------

_DEPTH = {"la_ma": 1, "so": 2, "chu": 4, "dau": 5}


def _depth(paragraph: Paragraph) -> int:
    """Rank a paragraph's marker: I. before 1. before 1.1. before a) before "-" before "+"; 9 for running text."""
    rank = _DEPTH.get(paragraph.marker, 9)
    if paragraph.marker == "so":
        return rank + (1 if "." in paragraph.label else 0)
    return rank + (1 if paragraph.marker == "dau" and paragraph.label[-1:] == "+" else 0)


def _below(scans: Sequence[_Scan], at: int) -> Breakdown | None:
    """Read the bullets right below a paragraph as the parts of its last figure."""
    head = scans[at]
    counts = [token for token in head.tokens if not token.percent]
    if not counts or at + 1 == len(scans) or counts[-1].below is not None:
        return None
    total = counts[0] if len(counts) == 1 else counts[-1]
    tail = head.key[total.end :]
    if len(tail) > 60 or any(token.start > total.start for token in head.tokens):
        return None
    opener = _OPENER.search(tail)
    kind = str(opener.lastgroup) if opener is not None and opener["dau"] is None else "dau"
    unit = _unit_at(head.key, total.end)
    parts = list(_bullets(scans, at, unit))
    if len(parts) < 2:
        return None
    words = load_list_words()
    closed = any("còn lại" in part.words for part in parts)
    loose = words.ho.search(tail) is not None or any(words.khac.search(part.words) for part in parts)
    return Breakdown(total.number, unit, head.paragraph, total.start, tuple(parts), kind, closed, loose)


def _bullets(scans: Sequence[_Scan], at: int, unit: str) -> Iterator[Part]:
    depth = _depth(scans[at].paragraph)
    label = ""
    for scan in scans[at + 1 :]:
        mine = scan.paragraph
        if mine.marker == "" or _depth(mine) <= depth:
            return
        label = label or mine.label[-1:]
        if mine.marker == "dau" and mine.label[-1:] != label:
            if label == "+" or _depth(mine) <= depth:
                return
            continue
        counts = [token for token in scan.tokens if not token.percent]
        if not counts or counts[0].below is not None or counts[0].start - mine.start > 70:
            return
        token = counts[0]
        behind = _unit_at(scan.key, token.end)
        if not _fits(unit, behind):
            return
        share = _share(scan, token.end, len(scan.key), token.end)
        yield Part(token.number, scan.key[mine.start : token.end + 40], behind, share, mine.place_at(token.start))
