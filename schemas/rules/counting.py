"""The named counting policies, read from counting.toml beside this module.

Belongs here: what a policy is made of and the list of policies. Does not belong here: the SQL that applies one
(assets/mart/ho_so_lop.sql).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal["ket_qua", "tu_choi", "rut", "dung"]
DEFAULT_POLICY = "II06A"


class CountingPolicy(BaseModel):
    """One way to count "đã giải quyết" and "đúng hạn" (domain.md §4); the meaning of each switch is in the TOML."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chinh_sach: str
    ten: str
    giai_thich: str
    tinh_giai_quyet: tuple[Outcome, ...]
    dung_la_ket_thuc: bool
    tra_lai_dung_han: bool
    dung_hen_tra_moi: bool
    bo_sung_nhieu_lan_la_tre: bool


class UnknownPolicy(ValueError):
    """A policy name that counting.toml does not hold; the message is for the officer."""


@cache
def load_policies() -> dict[str, CountingPolicy]:
    """Read every policy, in the order of the file.

    Raises:
        pydantic.ValidationError: the file breaks the shape.
    """
    raw = tomllib.loads(Path(__file__).with_name("counting.toml").read_text("utf-8"))
    return {name: CountingPolicy(chinh_sach=name, **body) for name, body in raw.items()}


def find_policy(name: str) -> CountingPolicy:
    """The policy of that name.

    Raises:
        UnknownPolicy: no such policy.
    """
    policies = load_policies()
    if name not in policies:
        raise UnknownPolicy(f"Không có chính sách đếm “{name}”. Các chính sách dùng được: {', '.join(policies)}.")
    return policies[name]
