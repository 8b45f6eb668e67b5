"""A share that is not the quotient of its two figures (A03), as every check of shares says it.

Belongs here: the right percentage in print, and the finding. Does not belong here: which percentage is the share of
which figures (the checks), ratios of the statistics forms (check_forms).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.values import Printed, say
from schemas.rules.display import percent_value


def say_percent(top: Fraction, below: Fraction, decimals: int = 1) -> str:
    """Write the right percentage, with at least the one decimal our own reports print."""
    value = percent_value(top, below, decimals=max(1, decimals))
    return "-" if value is None else say(Fraction(value))


def make_share_finding(
    top: Printed, below: Printed, said: Printed, places: Iterable[str], quote: str, *, right: str | None = None
) -> AuditFinding:
    """Build the finding of a wrong share.

    Args:
        top: the part.
        below: what it is a part of.
        said: the percentage that the report prints.
        places: where the figures stand.
        quote: a short quotation from the first place.
        right: the right percentage; None for the quotient as our own reports print it.
    """
    shown = say_percent(top.value, below.value, said.decimals) if right is None else right
    message = fill("A03", "phan_so", tren=top.text, duoi=below.text, dung=shown, ghi=said.text)
    return make_finding("A03", places, f"{top.text}/{below.text} = {shown}%", f"{said.text}%", message, quote)
