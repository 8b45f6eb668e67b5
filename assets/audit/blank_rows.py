"""Rows of a table made of blanks whose lines stand close together: which lines belong to which number.

Belongs here: choosing between cells set in the middle of their row ("2.1." beside the second of three lines) and at its
top, by what then reads like labels. Does not belong here: columns (blank_columns), what rows mean (tables).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

Cells = Sequence[str]
"""One line: place, number, label, unit, value, note."""

_SMALL_START = 1.5
_CAPITAL_INSIDE = 0.4
_LOPSIDED = 1.0
_ABOVE_TOP = 4.0
_LEFT_OVER = 0.3


def group_tight_lines(lines: Sequence[Cells]) -> list[list[Cells]]:
    """Gather the lines of each row.

    Args:
        lines: all lines of one page of a table, cut into cells; a line with a number, or with unit and value, is the
            heart of a row.

    Returns:
        The lines of each row in order; lines below the last row that go with nothing are left out.
    """
    hearts = [at for at, line in enumerate(lines) if line[1] or (line[3] and line[4])]
    if not hearts:
        return []
    _, splits = min(_best_splits(lines, hearts, middle) for middle in (True, False))
    starts = [0, *(heart + 1 + below for heart, below in zip(hearts, splits, strict=True))]
    return [list(lines[begin:end]) for begin, end in pairwise(starts)]


def _best_splits(lines: Sequence[Cells], hearts: Sequence[int], middle: bool) -> tuple[float, list[int]]:
    """Choose how many lines below each heart are its own; the cheapest reading of all rows together."""
    ends = [*hearts[1:], len(lines)]

    @cache
    def rest(row: int, begin: int) -> tuple[float, tuple[int, ...]]:
        if row == len(hearts):
            return (len(lines) - begin) * _LEFT_OVER, ()
        choices = []
        for below in range(ends[row] - hearts[row]):
            end = hearts[row] + 1 + below
            later, splits = rest(row + 1, end)
            choices.append((_cost(lines[begin:end], hearts[row] - begin, middle) + later, (below, *splits)))
        return min(choices)

    cost, splits = rest(0, 0)
    return cost, list(splits)


def _cost(row: Sequence[Cells], above: int, middle: bool) -> float:
    """Tell how unlike a row some lines are: a label begins with a capital, goes on without, and stands around it."""
    labels = [line[2] for line in row if line[2]]
    below = len(row) - above - 1
    cost = abs(above - below) * _LOPSIDED if middle else above * _ABOVE_TOP
    if labels and not labels[0][:1].isupper():
        cost += _SMALL_START
    return cost + sum(label[:1].isupper() for label in labels[1:]) * _CAPITAL_INSIDE
