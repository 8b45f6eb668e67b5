"""Figures of one place, asked for those whose quotient a printed percentage may be.

Belongs here: the look-up, so that no check tries every pair of figures for every percentage. Does not belong here:
which figures and percentages belong together (checks), rounding (values).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from assets.audit.values import Printed, is_rounding

_SLACK = 1e-9
"""The look-up compares floating-point numbers, and goes this far (of a bound) too far; who asks judges exactly."""

Fits = Callable[[Printed, Fraction, Fraction], bool]
"""Whether a printed percentage is that of a part in a whole."""


class Pool:
    """Figures by size. Fractions are compared as floating-point numbers first, which is ten times as fast."""

    def __init__(self, values: Iterable[Fraction]) -> None:
        self._values = sorted({value for value in values if value >= 0})
        self._sizes = [float(value) for value in self._values]

    def within(self, low: float, high: float) -> list[Fraction]:
        """List the figures between two bounds, a little more on both sides."""
        first = bisect_left(self._sizes, low - abs(low) * _SLACK)
        return self._values[first : bisect_right(self._sizes, high + abs(high) * _SLACK, first)]

    def pairs(self, low: Fraction, high: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
        """Yield every (part, whole) whose percentage lies between two bounds, a little more on both sides."""
        least, most = float(low) / 100, float(high) / 100
        for whole, size in zip(self._values, self._sizes, strict=True):
            if size > 0:
                yield from ((part, whole) for part in self.within(size * least, size * most))

    def proves(self, percent: Printed, fits: Fits = is_rounding) -> bool:
        """Tell whether two of the figures have this percentage as their quotient."""
        unit = _unit(percent)
        return any(
            fits(percent, part, whole)
            for value in percent.readings
            for part, whole in self.pairs(value - unit, value + unit)
        )

    def has_whole(self, percent: Printed, part: Fraction, fits: Fits = is_rounding) -> bool:
        """Tell whether one of the figures, not below the part, is the whole that the part has this percentage of."""
        unit = _unit(percent)
        for value in percent.readings:
            low, high = value - unit, value + unit
            wholes = self.within(float(part / high * 100), float(part / low * 100) if low > 0 else float("inf"))
            if any(fits(percent, part, whole) for whole in wholes if whole >= part and whole):
                return True
        return False


def _unit(percent: Printed) -> Fraction:
    return Fraction(1, 10**percent.decimals)
