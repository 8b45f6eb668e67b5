"""Checks of lists in running text: the parts add up to their total (C04), their shares are shares of it (A03).

Belongs here: when a list claims to be whole, and what is wrong with it. Does not belong here: finding lists
(breakdowns), quantities with a name of their own (identities: a finding of theirs is not repeated here).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from assets.audit.breakdowns import Breakdown, find_breakdowns
from assets.audit.catalogue import load_identities, load_list_words
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.identities import holds, read_sides
from assets.audit.list_parts import Part
from assets.audit.share_finding import make_share_finding
from assets.audit.values import BY_CHANCE, FAR, is_rounding, say

NEAR = Fraction(1, 10)
"""How far, of the total, parts of one unit may be off and still be meant as all of it (a slip of one figure)."""

NEAR_COMPLEMENT = Fraction(1, 4)
"""The same for parts that complete one another (men and women; online and at the counter)."""

_WHOLE_LISTS = re.compile(r"(?:người|biên chế|đồng chí|đơn vị|cuộc|buổi)\b")
"""What reports list to the last one: people, units, meetings; of dossiers they often name the main kinds only."""

_SMALL = 10
"""Totals below this have no near miss: one of three is a third."""


def check_breakdowns(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    found: list[AuditFinding] = []
    settled = list(_settled(evidence))
    for breakdown in find_breakdowns(evidence.scans):
        if breakdown.sum == breakdown.total.value:
            found += _check_shares(breakdown)
        elif any(_is_within(breakdown, places) for places in settled):
            continue  # "2.131, trong đó 1.688 và 431. Có 76 thuộc cả hai cấp, 88 không thuộc cấp nào" holds
        elif _claims_all(breakdown) and not any(explains(breakdown) for explains in _EXPLANATIONS):
            found.append(_wrong_sum(breakdown))
    return found


_Places = set[tuple[int, int]]


def _settled(evidence: Evidence) -> Iterator[_Places]:
    """Yield where the figures of each named relation stand that holds."""
    for identity in load_identities():
        sides = read_sides(identity, evidence) if identity.phep == "=" else None
        if sides is not None and holds(identity, *sides, evidence):
            named = (evidence.quantities.get(name) for name in identity.names)
            yield {(id(quantity.scan), quantity.start) for quantity in named if quantity is not None}


def _is_within(breakdown: Breakdown, places: _Places) -> bool:
    starts = (breakdown.start, *(part.start for part in breakdown.parts))
    return all((id(breakdown.scan), start) in places for start in starts)


def _wrong_sum(breakdown: Breakdown) -> AuditFinding:
    """C04: the parts do not add up."""
    left = " + ".join(say(part.number.value) for part in breakdown.parts) + f" = {say(breakdown.sum)}"
    filled = fill("C04", "chung", tong=left, don_vi=_short_unit(breakdown.unit), ghi=breakdown.total.text)
    message = filled.replace("  ", " ").replace(" ,", ",")  # where no unit is said
    quote = breakdown.scan.paragraph.quote(breakdown.start)
    return make_finding("C04", breakdown.places, left, say(breakdown.total.value), message, quote)


def _short_unit(unit: str) -> str:
    """Name the unit alone: the family's word where one matches, else the first word; "" where none is said."""
    for family in load_list_words().ho_don_vi:
        match = family.match(unit)
        if match is not None:
            return match[0]
    return "" if load_list_words().noi_tiep.match(unit) else unit.split(" ")[0]


# --- does the list claim to be whole? ---------------------------------------------------------------------------


def _claims_all(breakdown: Breakdown) -> bool:
    total, parts = breakdown.total.value, breakdown.parts
    if _is_average(breakdown) or _is_of_another_stage(breakdown):
        return False
    alike = bool(breakdown.opener) and not breakdown.loose and not _may_overlap(parts) and _one_unit(breakdown)
    if alike and len(parts) > 2 and _WHOLE_LISTS.match(breakdown.unit):
        return True
    if not total or not total / FAR <= breakdown.sum <= total * FAR:
        return False
    off = abs(breakdown.sum - total)
    return _says_so(breakdown, off) or (alike and total >= _SMALL and off <= total * NEAR)


def _says_so(breakdown: Breakdown, off: Fraction) -> bool:
    """Tell whether the wording itself says that the parts are all: shares of 100 %, "gồm", "còn lại", complements."""
    parts = breakdown.parts
    if _shares_are_whole(parts):
        return True
    if breakdown.loose:
        return False
    exhaustive = breakdown.opener in {"het", "ngoac"}
    if _complete_one_another(parts) and (breakdown.opener or breakdown.closed or _share_fits(breakdown)):
        return exhaustive or off <= breakdown.total.value * NEAR_COMPLEMENT
    return not _may_overlap(parts) and (exhaustive or (breakdown.closed and breakdown.opener != ""))


def _is_average(breakdown: Breakdown) -> bool:
    """Tell whether a score lies between those of the parts: "89,94 điểm (quý I: 88,20; quý II: 91,68)"."""
    values = [part.number.value for part in breakdown.parts]
    return breakdown.total.decimals > 0 and min(values) <= breakdown.total.value <= max(values)


_RECEIVED = re.compile(r"\bnhận(?: mới)?\W*(?:[^\W\d_]+\W+){0,3}$")
_RETURNED = re.compile(r"\bhạn\b|\bchậm\b")


def _is_of_another_stage(breakdown: Breakdown) -> bool:
    """Tell whether merely following parts are returned, the total received: "nhận 35.768; trả đúng hạn …, chậm …"."""
    if breakdown.opener:
        return False
    received = _RECEIVED.search(breakdown.scan.key, 0, breakdown.start) is not None
    return received and all(_RETURNED.search(part.words) for part in breakdown.parts)


def _is_of_inner_total(breakdown: Breakdown) -> bool:
    """Tell whether the parts make up a figure named behind the total: "2.648 (mới tiếp nhận 2.591; …), trong đó …"."""
    own = {part.number.value for part in breakdown.parts}
    if breakdown.sum in own:
        return False
    behind = breakdown.scan.between(breakdown.start + 1, len(breakdown.scan.key))
    return any(token.is_count and token.number.value == breakdown.sum for token in behind)


def _misses_a_printed_one(breakdown: Breakdown) -> bool:
    """Tell whether the paragraph prints what is amiss: "2.031 (1.698 cấp tỉnh, 397 cấp xã; 64 ở cả hai cấp)"."""
    off = abs(breakdown.sum - breakdown.total.value)
    own = {breakdown.total.value, *(part.number.value for part in breakdown.parts)}
    return off >= BY_CHANCE and off not in own and off in breakdown.scan.counts


def _adds_up_inside(breakdown: Breakdown) -> bool:
    """Tell whether the total is reached by fewer parts: some are parts of another, or count something else.

    "419 (kỳ trước 07; mới 412, gồm trực tuyến 371, trực tiếp 41)", "143 lượt (03 lớp, 97 lượt; 02 lớp, 46 lượt)".
    """
    total = breakdown.total.value
    word = breakdown.unit.split(" ")[0]
    own = [part.number.value for part in breakdown.parts if word and part.unit.split(" ")[0] == word]
    if len(own) >= _MIN_OWN and sum(own, Fraction(0)) == total:
        return True
    return sum(_outer([part.number.value for part in breakdown.parts]), Fraction(0)) == total


_MIN_OWN = 2


def _outer(values: list[Fraction]) -> list[Fraction]:
    """Leave out the figures that make up the one before them."""
    kept: list[Fraction] = []
    at = 0
    while at < len(values):
        kept.append(values[at])
        inner = next(
            (end for end in range(at + 3, len(values) + 1) if sum(values[at + 1 : end], Fraction(0)) == values[at]),
            None,
        )
        at = at + 1 if inner is None or not values[at] else inner
    return kept


def _one_unit(breakdown: Breakdown) -> bool:
    """Tell whether total and parts count in one unit, or in kinds of one."""
    units = [breakdown.unit, *(part.unit for part in breakdown.parts if part.unit)]
    families = load_list_words().ho_don_vi
    same_word = len({unit.split(" ")[0] for unit in units}) == 1
    return same_word or any(all(family.match(unit) for unit in units) for family in families)


def _shares_are_whole(parts: tuple[Part, ...]) -> bool:
    """Tell whether every part prints its share and the shares make 100 %, within their rounding."""
    shares = [part.share for part in parts if part.share is not None]
    if len(shares) < len(parts):
        return False
    slack = sum((Fraction(1, 2 * 10**share.decimals) for share in shares), Fraction(0))
    return abs(sum((share.value for share in shares), Fraction(0)) - 100) <= slack


def _share_fits(breakdown: Breakdown) -> bool:
    total = breakdown.total.value
    return any(part.share is not None and is_rounding(part.share, part.number.value, total) for part in breakdown.parts)


def _complete_one_another(parts: tuple[Part, ...]) -> bool:
    """Tell whether the parts are different members of one family of complements."""
    for family in load_list_words().bu_nhau:
        members = [next((at for at, word in enumerate(family) if word.search(part.words)), None) for part in parts]
        if None not in members and len(set(members)) == len(parts):
            return True
    return False


def _may_overlap(parts: tuple[Part, ...]) -> bool:
    return any(load_list_words().giao_nhau.search(part.words) for part in parts)


_EXPLANATIONS = (_is_of_inner_total, _misses_a_printed_one, _adds_up_inside)


# --- shares -----------------------------------------------------------------------------------------------------


def _check_shares(breakdown: Breakdown) -> Iterator[AuditFinding]:
    """A03: parts that make up the total print their shares of it; a share of another figure nearby is left alone."""
    total = breakdown.total
    others = set(breakdown.scan.terms)
    for part in breakdown.parts:
        if part.share is None or not total.value or is_rounding(part.share, part.number.value, total.value):
            continue
        if any(is_rounding(part.share, part.number.value, other) for other in others if other):
            continue
        places, quote = [part.place, breakdown.place], breakdown.scan.paragraph.quote(breakdown.start)
        yield make_share_finding(part.number, total, part.share, places, quote)
