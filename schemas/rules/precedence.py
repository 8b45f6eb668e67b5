"""Which system is believed for which columns of a dossier: precedence.toml beside this module, as frozen models.

Belongs here: the shape of that file, and how a unit's settings change the order. Does not belong here: applying it to
rows (assets/core/merge). Source of the rule: sources.md §5.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

COURSE = "dien_bien"
"""The group that moves as one row: status with the days that prove it."""


class FieldGroup(BaseModel):
    """Columns of ``core.ho_so`` that come from one row together.

    Attributes:
        ma: name of the group.
        cot: its columns (names of fields.csv).
        qua_o_trong: a blank of one system is filled by the next one.
        thu_tu: systems that stand before the general order, for this group alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ma: str
    cot: tuple[str, ...]
    qua_o_trong: bool = False
    thu_tu: tuple[str, ...] = ()


class Precedence(BaseModel):
    """The whole rule.

    Attributes:
        thu_tu: systems, the one believed first before the others.
        day_du: systems that should hold every dossier of the unit, so that absence there means something.
        nhom: the groups; the first is ``COURSE``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    thu_tu: tuple[str, ...]
    day_du: tuple[str, ...]
    nhom: tuple[FieldGroup, ...]

    @model_validator(mode="after")
    def _is_consistent(self) -> Precedence:
        names = [group.ma for group in self.nhom]
        columns = [name for group in self.nhom for name in group.cot]
        if not names or names[0] != COURSE:
            raise ValueError(f"the first group must be {COURSE}")
        if len(set(names)) < len(names) or len(set(columns)) < len(columns):
            raise ValueError("a group or a column stands twice")
        return self

    @property
    def attached(self) -> tuple[FieldGroup, ...]:
        """The groups besides the course, each of which may come from another row."""
        return self.nhom[1:]

    def order_of(self, group: str) -> tuple[str, ...]:
        """The systems of one group in their order; systems that it does not name come after.

        Raises:
            KeyError: no such group.
        """
        found = {one.ma: one for one in self.nhom}[group]
        return tuple(dict.fromkeys((*found.thu_tu, *self.thu_tu)))

    def adapt(self, order: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Precedence:
        """The rule with a unit's own settings over it; an empty one changes nothing.

        Args:
            order: the unit's order of systems.
            groups: group → systems that stand first for that group.
        """
        return Precedence(
            thu_tu=tuple(order) or self.thu_tu,
            day_du=self.day_du,
            nhom=tuple(one.model_copy(update={"thu_tu": tuple(groups.get(one.ma, one.thu_tu))}) for one in self.nhom),
        )


@cache
def load_precedence() -> Precedence:
    """Read precedence.toml.

    Raises:
        ValueError: the file breaks the shape (pydantic.ValidationError).
    """
    return Precedence.model_validate(tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")))
