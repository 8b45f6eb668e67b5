"""Check of a share whose base is not named: a slip of the pen in "80 người, hiện có 77 (96,3%)" (A03).

Belongs here: percentages beside a figure that no figure of the report explains, but one nearby would, were two digits
swapped or one digit another. Does not belong here: shares of a list's total (check_breakdowns), fractions
(check_dossiers).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding
from assets.audit.list_parts import Scan, in_bracket, read_share, scan_paragraph
from assets.audit.share_finding import make_share_finding
from assets.audit.values import Printed, Token, is_rounding, is_slip

_NEIGHBOURS = 2
"""Paragraphs before, in which the base of a share is looked for."""


def check_shares(evidence: Evidence) -> list[AuditFinding]:
    """Run the check of this module."""
    scans = [scan_paragraph(paragraph) for paragraph in evidence.layout.body]
    counts = {value for scan in scans for value in (*_counts(scan), *_sums(scan))}
    return [
        _wrong(scan, token, share, base)
        for at, scan in enumerate(scans)
        for token, share in _shares(scan)
        if not any(_explains(share, token.number.value, other) for other in counts if other >= token.number.value)
        and (base := _slipped(token, share, scans[max(0, at - _NEIGHBOURS) : at + 1])) is not None
    ]


def _counts(scan: Scan) -> Iterator[Fraction]:
    for token in scan.tokens:
        if not token.percent:
            yield token.number.value
            if token.below is not None:
                yield token.below.value


def _sums(scan: Scan) -> Iterator[Fraction]:
    """Yield the sums of up to four counts in a row: the base of "đúng hạn 33.257 (98,13%), chậm 635 (1,87%)"."""
    values = [token.number.value for token in scan.tokens if token.is_count]
    for size in (2, 3, 4):
        for first in range(len(values) - size + 1):
            yield sum(values[first : first + size], Fraction(0))


def _explains(share: Printed, part: Fraction, base: Fraction) -> bool:
    """Tell whether a figure is the base of a share; here one that was cut off instead of rounded will do as well."""
    return is_rounding(share, part, base) or 0 <= part / base * 100 - share.value < Fraction(1, 10**share.decimals)


def _shares(scan: Scan) -> Iterator[tuple[Token, Printed]]:
    """Yield every plain count with the percentage printed right behind it."""
    for at, token in enumerate(scan.tokens[:-1]):
        following = scan.tokens[at + 1]
        if not token.is_count or token.about or not following.percent or token.number.value == 0:
            continue
        if in_bracket(scan.key, 0, token.start) and not in_bracket(scan.key, 0, following.start):
            continue
        share = read_share(scan, token.end, following.end, token.end)
        if share is not None:
            yield token, share


def _slipped(token: Token, share: Printed, scans: Sequence[Scan]) -> Printed | None:
    """Find a figure nearby whose right share differs from the printed one by a slip of the pen."""
    for scan in reversed(scans):
        for other in scan.tokens:
            base = other.below or other.number
            if other.percent or other.about or base.decimals or base.value <= token.number.value:
                continue
            right = token.number.value / base.value * 100
            shown = Fraction(round(right * 10**share.decimals), 10**share.decimals)
            unit = Fraction(1, 10**share.decimals)
            if is_slip(shown, share.value) and abs(shown - share.value) >= 9 * unit:
                return base  # the last digit alone may be that of another base
    return None


def _wrong(scan: Scan, token: Token, share: Printed, base: Printed) -> AuditFinding:
    place, quote = scan.paragraph.place_at(token.start), scan.paragraph.quote(token.start)
    return make_share_finding(token.number, base, share, [place], quote)
