"""The pieces of a list in running text: figures with their unit and the share printed beside them.

Belongs here: cutting a stretch of text into pieces, and reading one piece as a part. Does not belong here: which total
the parts belong to (breakdowns).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assets.audit.catalogue import load_list_words
from assets.audit.scan import Scan
from assets.audit.values import Printed, Token

_SHARE_LEAD = re.compile(
    r"[^\d_;.(]{0,60}?[\s,(]*(?:(?:đạt|chiếm|bằng|tương (?:đương|ứng)|ứng với|=|là|với)\s*)*"
    r"(?:tỷ lệ\s*)?(?:là|đạt|:|=)?\s*\(?\s*"
)
_NAMED_RATE = re.compile(r"\btỷ lệ\s+(?!là\b|đạt\b|tương\b|bằng\b)[^\W\d_]+")
_UNIT = re.compile(r"\s*([^\W\d_]+(?: [^\W\d_]+){0,4})")


_UNNUMBERED = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}(?:,|\s+và)\s+$")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a list: its figure, the words around it and the share printed beside it."""

    number: Printed
    words: str
    unit: str
    share: Printed | None
    place: str
    start: int


def read_parts(
    scan: Scan, unit: str, spans: Sequence[tuple[int, int]], *, named: bool, bracketed: bool = False
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
        loose = loose or words.ho.search(piece) is not None or words.bang_chu.search(piece) is not None
        tokens = [t for t in scan.between(left, right) if not scan.in_bracket(left, t.start)]
        counts = [t for t in tokens if not t.percent]
        if not counts:
            if parts and tokens:
                parts[-1] = replace(parts[-1], share=parts[-1].share or read_share(scan, left, right, left))
            loose = loose or (bool(parts) and not tokens and _opens_with_name(scan, left, right))
            continue
        token = counts[0]
        if len(counts) > 1 or token.below is not None or token.about or words.khac.search(piece) is not None:
            loose = True
            break
        mine = unit_at(scan.key, token.end)
        if not fits_unit(unit, mine, apart=bracketed):
            if parts or named:
                loose = True
                break
            continue
        closed = closed or "còn lại" in piece
        loose = loose or _names_another(scan, left, token, first=not parts)
        share = read_share(scan, token.end, right, token.end)
        parts.append(
            Part(token.number, piece.strip(" ,;:-+("), mine, share, scan.paragraph.place_at(token.start), token.start)
        )
    return parts, closed, loose


def _names_another(scan: Scan, left: int, token: Token, *, first: bool) -> bool:
    """Tell whether a member without a figure stands before a part: "gồm Văn phòng, 02 phòng, Trung tâm và 03 trường".

    Behind another part only a proper name is one: "977 thủ tục sửa đổi, bổ sung, 2.926 thủ tục bãi bỏ" goes on.
    """
    return (first or _opens_with_name(scan, left, token.start)) and _UNNUMBERED.search(
        scan.key, left, token.start
    ) is not None


def _opens_with_name(scan: Scan, left: int, right: int) -> bool:
    """Tell whether a piece opens with a proper name: "…, Trạm Y tế, Trung tâm Dịch vụ sự nghiệp công"."""
    return scan.paragraph.text[left:right].lstrip(" ,")[:1].isupper()


def ways_to_cut(scan: Scan, begin: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """Cut a stretch into pieces: at semicolons when each holds one figure, else at commas and "và" as well.

    A semicolon may part two lists or go on with one: the first list alone is tried before the whole.
    """
    cuts = [m.start() + begin for m in re.finditer(r";|\.(?=\s)", scan.key[begin:end])]
    edges = [begin, *(cut + 1 for cut in cuts if not scan.in_bracket(begin, cut)), end]
    spans = list(pairwise(edges))
    if len(spans) > 1 and all(count_figures(scan, left, right) <= 1 for left, right in spans):
        yield spans
        return
    yield list(cut_at_commas(scan, *spans[0]))
    if len(spans) > 1:
        yield [piece for span in spans for piece in cut_at_commas(scan, *span)]


def cut_at_commas(scan: Scan, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch at the commas and "và" behind a figure, outside brackets."""
    left = begin
    for match in re.finditer(r",(?!\d)|\s(?=và\s)", scan.key[begin:end]):
        at = begin + match.start()
        if match[0] != "," and not re.match(r"\s+và\s[^,;.(]*?\d", scan.key[at:end]):
            continue  # "sớm và đúng hạn (99,2%)" is one name
        if not scan.in_bracket(begin, at) and scan.between(left, at):
            yield left, at
            left = at + 1
    yield left, end


def count_figures(scan: Scan, left: int, right: int) -> int:
    """Count the figures of a stretch that stand outside brackets and are no percentages."""
    return sum(not t.percent and not scan.in_bracket(left, t.start) for t in scan.between(left, right))


def read_share(scan: Scan, begin: int, end: int, behind: int) -> Printed | None:
    """Read the percentage that is the share of the part before it, not its growth or its target."""
    words = load_list_words()
    for token in scan.between(begin, end):
        if token.percent:
            tail = scan.key[token.end : min(end, token.end + 25)]
            lead = scan.key[behind : token.start]
            plain = words.khong_ty_trong.search(lead) is None and words.khong_ty_trong.search(tail) is None
            plain = plain and not token.about and _NAMED_RATE.search(lead) is None
            return token.number if plain and _SHARE_LEAD.fullmatch(lead) is not None else None
    return None


def unit_at(key: str, at: int) -> str:
    """Return the words that stand right behind a figure, five at most."""
    match = _UNIT.match(key, at)
    return match[1] if match is not None else ""


def fits_unit(unit: str, mine: str, *, apart: bool = False) -> bool:
    """Tell whether a part may be counted in the total's unit: the same word, a kind of it, or nothing said.

    Args:
        unit: words behind the total.
        mine: words behind the part.
        apart: the parts stand in brackets behind the total: a word that is no unit describes them ("9 chính thức").
    """
    words = load_list_words()
    if words.do_luong.match(mine) is not None:
        return words.do_luong.match(unit) is not None and unit.split()[:1] == mine.split()[:1]
    if not unit or not mine or words.noi_tiep.match(mine) or words.noi_tiep.match(unit):
        return True
    if unit.split()[0] == mine.split()[0] or (apart and not any(family.match(mine) for family in words.ho_don_vi)):
        return True
    return any(family.match(unit) and family.match(mine) for family in words.ho_don_vi)
