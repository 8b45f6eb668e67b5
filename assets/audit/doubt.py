"""Figures of the text whose reading is in doubt: the report itself explains why a relation of them does not hold.

Belongs here: telling a wrong figure from one that was read under a name of another scope ("từ 01/7 tiếp nhận 7.946 hồ
sơ" beside the year's total). Does not belong here: the relations (verify.toml), naming figures (quantities).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assets.audit.catalogue import Identity, load_identities, load_list_words
from assets.audit.evidence import Evidence
from assets.audit.identities import Side, holds, read_sides
from assets.audit.quantities import Quantity
from assets.audit.quotients import Pool
from assets.audit.values import BY_CHANCE, is_far


def leave_out_doubtful(evidence: Evidence) -> Evidence:
    """Leave out the named figures that a relation shows to be of another scope; nothing about them can be judged.

    A relation of the text that fails is explained, and its figures are in doubt, when the same paragraphs print what
    its parts add up to, or the very difference, as a figure of no name, or a count in words, which is not read; and
    when its two sides have nothing to do with each other.
    """
    doubtful = {
        name
        for identity in load_identities()
        if identity.phep == "=" and _is_explained(identity, evidence)
        for name in identity.names
    }
    kept = {name: quantity for name, quantity in evidence.quantities.items() if name not in doubtful}
    return replace(evidence, quantities=kept)


def _is_explained(identity: Identity, evidence: Evidence) -> bool:
    sides = read_sides(identity, evidence)
    if sides is None or holds(identity, *sides, evidence):
        return False
    left, right = sides
    mine = [evidence.quantities[name] for name in identity.names if name in evidence.quantities]
    if len(mine) < len(left.terms) + len(right.terms):
        return False  # a row of a form is what it is
    if is_far(left.value, right.value):
        return True
    off = abs(left.value - right.value)
    if off >= BY_CHANCE and off in set(evidence.list_unnamed(mine)):
        return True
    if any(load_list_words().bang_chu.search(quantity.scan.key) for quantity in mine):
        return True
    return any(_is_printed(side, mine, evidence) for side in sides)


def _is_printed(side: Side, mine: Iterable[Quantity], evidence: Evidence) -> bool:
    own = {figure.place: figure for _, figure in side.terms}
    here = [quantity for quantity in mine if quantity.place in own]
    return len(side.terms) > 1 and side.value in set(evidence.list_unnamed(here))


def is_share_of_another(quantity: Quantity, evidence: Evidence) -> bool:
    """Tell whether the rate printed with a figure is its share of a figure without a name in the same paragraph."""
    if quantity.percent is None or quantity.number is None:
        return False
    return Pool(evidence.list_unnamed([quantity])).has_whole(quantity.percent, quantity.number.value)
