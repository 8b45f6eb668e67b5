"""Check of arithmetic that a sentence prints: "1.832 hồ sơ = trực tuyến 1.684 + trực tiếp 143 + bưu chính 5" (C04).

Belongs here: sums and differences with their signs in running text. Does not belong here: formulas left in cells
(check_forms), totals and parts that words alone connect (check_breakdowns).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.scan import Scan
from assets.audit.values import Token, say

_SIGN = re.compile(r"[^\d=+−–;.()_]{0,40}?\s*(?P<dau>[=+−–]|(?<=\s)-(?=\s))\s*[^\d=+−–;.()_]{0,40}")
"""One sign between two figures, with the words that name them; dates and the like are masked as "_"."""


def check_equations(evidence: Evidence) -> list[AuditFinding]:
    """Run the check of this module."""
    return [found for scan in evidence.scans for chain in _find_chains(scan) for found in _judge(scan, *chain)]


_Chain = tuple[list[Token], list[str]]


def _find_chains(scan: Scan) -> Iterator[_Chain]:
    """Yield every run of plain counts with one sign between each two: the figures, the signs."""
    counts: list[Token] = []
    signs: list[str] = []
    for token in scan.tokens:
        match = _SIGN.fullmatch(scan.key, counts[-1].end, token.start) if counts else None
        if match is None or not token.is_count:
            yield counts, signs
            counts, signs = [], []
        else:
            signs.append(match["dau"])
        if token.is_count:
            counts.append(token)
    yield counts, signs


def _judge(scan: Scan, counts: list[Token], signs: list[str]) -> Iterator[AuditFinding]:
    """C04: the sides of the one "=" of a sum are equal; a lone dash between figures is no sign of one."""
    if signs.count("=") != 1 or "+" not in signs:
        return
    at = signs.index("=") + 1
    values = [token.number.value for token in counts]
    sides = [_add(values[:at], signs[: at - 1]), _add(values[at:], signs[at:])]
    if sides[0] == sides[1] or any(token.about for token in counts):
        return
    short, long = (0, 1) if at == 1 else (1, 0)
    shown = [_show(counts[:at], signs[: at - 1]), _show(counts[at:], signs[at:])]
    left, right = f"{shown[long]} = {say(sides[long])}", shown[short]
    message = fill("C04", "phep_tinh", tinh=left, ghi=right)
    yield make_finding("C04", [scan.place(counts[0])], left, right, message, scan.quote(counts[0]))


def _add(values: list[Fraction], signs: list[str]) -> Fraction:
    return values[0] + sum(
        (value if sign == "+" else -value for sign, value in zip(signs, values[1:], strict=True)), Fraction(0)
    )


def _show(counts: list[Token], signs: list[str]) -> str:
    rest = (f" {sign} {token.number.text}" for sign, token in zip(signs, counts[1:], strict=True))
    return counts[0].number.text + "".join(rest)
