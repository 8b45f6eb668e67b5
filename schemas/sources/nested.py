"""Rules that reduce nested lists of a record (and its scalar flags) to one scalar column, at raw's gate.

Belongs here: the shape of ``[tables.nested.<field>]`` in a source's TOML. Does not belong here: applying the rules
(assets/raw/nested.py). Nested lists hold file names, links and people; nothing of them is stored but what a rule names.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.rules.text import matching_key

Operation = Literal["any", "count", "sum", "max", "join", "first", "days"]

_NEEDS_VALUE = ("sum", "max", "days")


class Condition(BaseModel):
    """What an entry must fulfil; exactly one of the tests is given. Words compare by their matching key.

    Attributes:
        key: key of the entry; ``""`` is the entry itself where a list holds bare values.
        filled: the value is not blank (or is, where false).
        one_of: the value is one of these words (TOML key ``in``).
        none_of: the value is none of these words; a blank one fulfils this (TOML key ``not_in``).
        above: the value is a number greater than this.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    filled: bool | None = None
    one_of: tuple[str, ...] = Field((), alias="in")
    none_of: tuple[str, ...] = Field((), alias="not_in")
    above: float | None = None

    @model_validator(mode="after")
    def _has_one_test(self) -> Condition:
        tests = (self.filled is not None, bool(self.one_of), bool(self.none_of), self.above is not None)
        if sum(tests) != 1:
            raise ValueError(f"điều kiện trên “{self.key}” phải ghi đúng một trong filled, in, not_in, above")
        return self

    @cached_property
    def keys(self) -> frozenset[str]:
        """Matching keys of the words of ``in`` or ``not_in``."""
        return frozenset(matching_key(word) for word in self.one_of or self.none_of)


class NestedStep(BaseModel):
    """One way to a value; a step that finds nothing gives none.

    Attributes:
        entries: path of keys to the entries, ``"A.B.C"`` for lists in lists; an object counts as a list of one; ``""``
            is the record itself, whose keys are then column titles and may come from any kind of file.
        where: conditions, all of which an entry must fulfil.
        op: ``any``: ``gives`` if an entry is left; ``count``: entries left (0 where the list is there); ``sum``: of
            whole amounts of money; ``max``: the latest date; ``join``: distinct values, ``"; "``
            between; ``first``: the first that is not blank; ``days``: calendar days from ``value`` to ``until``,
            summed.
        value: key of the value in an entry; ``""`` is the entry itself where a list holds bare values.
        until: key of the end day (``days``).
        gives: what ``any`` writes.
        words: value → text to write instead; others stay as delivered, for the source's code tables.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: str = ""
    where: tuple[Condition, ...] = ()
    op: Operation = "first"
    value: str | None = None
    until: str | None = None
    gives: str = "1"
    words: dict[str, str] = {}

    @model_validator(mode="after")
    def _is_complete(self) -> NestedStep:
        if self.op in (*_NEEDS_VALUE, "join", "first") and self.value is None:
            raise ValueError(f"op “{self.op}” cần có value")
        if (self.op == "days") != (self.until is not None):
            raise ValueError("until đi với op “days”, và chỉ với nó")
        return self

    @property
    def path(self) -> tuple[str, ...]:
        """Keys that lead to the entries; empty for the record itself."""
        return tuple(self.entries.split(".")) if self.entries else ()

    @property
    def roots(self) -> tuple[str, ...]:
        """Titles of the record that this step reads."""
        if self.path:
            return self.path[:1]
        keys = (*(one.key for one in self.where), self.value, self.until)
        return tuple(dict.fromkeys(key for key in keys if key))


class NestedField(BaseModel):
    """How a field is made of nested lists and flags.

    Attributes:
        steps: tried in this order.
        combine: ``first``: the first step that gives a value; ``join``: all of them, ``"; "`` between.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: tuple[NestedStep, ...] = Field(min_length=1)
    combine: Literal["first", "join"] = "first"

    @model_validator(mode="before")
    @classmethod
    def _accept_single_step(cls, raw: Any) -> Any:
        """``[tables.nested.x]`` with the keys of a step is a field of that one step."""
        return {"steps": [raw]} if isinstance(raw, dict) and "steps" not in raw else raw

    @property
    def roots(self) -> tuple[str, ...]:
        """Titles that this field needs at least one of."""
        return tuple(dict.fromkeys(root for step in self.steps for root in step.roots))
