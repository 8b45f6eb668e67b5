"""Relations between figures, as verify.toml declares them: sums of parts, equal figures, one within another.

Belongs here: reading the terms of a relation, evaluating it, saying which side holds what.
Does not belong here: the relations themselves (verify.toml), finding figures (evidence).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

from assets.audit.catalogue import Identity, load_groups, load_identities
from assets.audit.citations import mask
from assets.audit.evidence import Evidence, Figure
from assets.audit.finding import AuditFinding, make_finding
from assets.audit.tables import FormRow
from assets.audit.values import BY_CHANCE, is_far, is_slip, say, scan_numbers

_TERM = re.compile(r"([+-])?\s*([A-Za-z_][\w.]*\*?)(\?)?")
_MAX_READINGS = 64


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a relation: signed figures, and the names of optional ones that the report does not print."""

    terms: tuple[tuple[int, Figure], ...]
    missing: tuple[str, ...]

    def values(self) -> Iterator[Fraction]:
        """Yield every value the side may have (a doubtful print has two readings)."""
        choices = product(*(figure.readings for _, figure in self.terms))
        for choice in islice(choices, _MAX_READINGS):
            yield sum((sign * value for (sign, _), value in zip(self.terms, choice, strict=True)), Fraction(0))

    @property
    def value(self) -> Fraction:
        """The value under the first reading of every term."""
        return next(self.values())

    @property
    def text(self) -> str:
        """The figures and their sum: "1.775 + 314 = 2.089"; a single figure stands alone."""
        parts = [
            ("" if index == 0 and sign > 0 else " − " if sign < 0 else " + ") + say(figure.readings[0])
            for index, (sign, figure) in enumerate(self.terms)
        ]
        return "".join(parts) + (f" = {say(self.value)}" if len(self.terms) > 1 else "")


def check_identities(evidence: Evidence) -> list[AuditFinding]:
    """Try every declared relation whose figures the report prints."""
    return [found for identity in load_identities() if (found := _check(identity, evidence)) is not None]


def _check(identity: Identity, evidence: Evidence) -> AuditFinding | None:
    sides = read_sides(identity, evidence)
    if sides is None or holds(identity, *sides, evidence):
        return None
    left, right = sides
    if identity.nham_so and not is_slip(left.value, right.value):
        return None
    if _is_noted(left.terms + right.terms, abs(left.value - right.value)):
        return None
    if _is_misread(identity, left, right, evidence):
        return None
    figures = [figure for _, figure in left.terms + right.terms]
    message = identity.dien_giai.format(
        trai=left.text,
        phai=right.text,
        lech=say(abs(left.value - right.value)),
        dong=left.terms[0][1].name,
        thieu=_say_missing(left.missing + right.missing),
    )
    return make_finding(identity.ma, [f.place for f in figures], left.text, right.text, message, figures[0].quote)


def _is_noted(terms: Sequence[tuple[int, Figure]], off: Fraction) -> bool:
    """Tell whether a note beside one of the rows accounts for the difference: "12 nhiệm vụ đang thực hiện"."""
    notes = (figure.row.ghi_chu for _, figure in terms if figure.row is not None)
    return any(token.is_count and token.number.value == off for note in notes for token in scan_numbers(mask(note)))


def _is_misread(identity: Identity, left: Side, right: Side, evidence: Evidence) -> bool:
    """Tell whether a row's figure and the text's differ because the text speaks of something else under the name.

    "Biên chế giao: 364 người, gồm 46 công chức và 318 viên chức" prints the row's 46 beside the figure that was taken;
    and a figure that is another row's of the form ("436" present, not given) is that row's. Nor is a figure of the
    text the period's that lies far from the form's.
    """
    of_text = any(name in evidence.quantities for name in identity.names)
    if of_text and not identity.khac_loai and is_far(left.value, right.value):
        return True
    if identity.phep != "=":
        return False
    for rows, text in ((left, right), (right, left)):
        forms = {_section(figure.row) for _, figure in rows.terms if figure.row is not None}
        if len(rows.terms) != 1 or not forms or any(figure.row is not None for _, figure in text.terms):
            continue
        named = [evidence.quantities[name] for name in identity.names if name in evidence.quantities]
        others = {row.number.value for row in evidence.rows if _section(row) in forms and row.number is not None}
        beside = rows.value >= BY_CHANCE and rows.value in set(evidence.list_unnamed(named))
        return beside or (len(text.terms) == 1 and text.value >= BY_CHANCE and text.value in others)
    return False


def _section(row: FormRow) -> tuple[str, str]:
    """Name the section of a form that a row is in: a row of another one has the same figure by chance."""
    return row.bieu, row.stt.partition(".")[0]


def read_sides(identity: Identity, evidence: Evidence) -> tuple[Side, Side] | None:
    """Read both sides of a relation; None where it does not apply or a figure is not printed."""
    if any(evidence.figure(name) is not None for name in identity.vang):
        return None
    left = _first_side(identity.trai, evidence)
    right = _first_side(identity.phai, evidence)
    return (left, right) if left is not None and right is not None else None


def holds(identity: Identity, left: Side, right: Side, evidence: Evidence) -> bool:
    """Tell whether a relation holds, with its right side or one that is as good."""
    others = (read_side(source, evidence) for source in identity.chap_nhan)
    return any(side is not None and _compare(identity.phep, left, side) for side in (right, *others))


def _first_side(sources: Sequence[str], evidence: Evidence) -> Side | None:
    return next((side for source in sources if (side := read_side(source, evidence)) is not None), None)


def read_side(source: str, evidence: Evidence) -> Side | None:
    """Read a side such as ``truoc_han + dung_han? + qua_han``.

    Returns:
        The side, None when a term that must be there is not printed.
    """
    terms: list[tuple[int, Figure]] = []
    missing: list[str] = []
    for sign, name, optional in _TERM.findall(source):
        figures = evidence.figures(name)
        if figures:
            terms += [(-1 if sign == "-" else 1, figure) for figure in figures]
        elif optional:
            missing.append(name)
        else:
            return None
    return Side(tuple(terms), tuple(missing)) if terms else None


def _compare(relation: str, left: Side, right: Side) -> bool:
    pairs = product(left.values(), right.values())
    if relation == "=":
        return any(a == b for a, b in pairs)
    if relation == "!=":
        return left.value != right.value or not left.value
    return any(a <= b for a, b in pairs) if relation == "<=" else any(a >= b for a, b in pairs)


def _say_missing(names: Sequence[str]) -> str:
    titles = {kind.ma: kind.ten for group in load_groups() for kind in group.muc}
    said = [f"“{titles[name]}”" for name in dict.fromkeys(names) if name in titles]
    return f"; không có dòng {', '.join(said)}" if said else ""
