"""Cross-checks between rows, read from the TOML files beside this module.

Belongs here: the shape of a check, its little language (signed sums of row ids) and its evaluation over values.
Does not belong here: where values come from or how results are shown (assets/out).
"""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from schemas.findings import Severity
from schemas.rules.display import format_date, format_number

Outcome = Literal["dat", "khong_dat", "khong_xet"]
_FILES = ("dong_nhat.toml", "khai_bao.toml", "hop_ly.toml")
_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
    ">": operator.gt,
}

RUN_TERMS = frozenset({"NGAY_CHOT", "NGAY_CUOI_KY", "SO_TY_LE", "SO_TY_LE_TRON_100"})
"""Terms about the run itself that checks may use besides row ids and indicators; days are ordinal numbers."""


class Check(BaseModel):
    """One cross-check: left, relation, right, and what it means when it fails."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ma: str
    muc_do: Severity
    trai: str
    phep: Literal["=", "<=", "<", ">"]
    phai: str
    dien_giai: str

    @field_validator("trai", "phai")
    @classmethod
    def _is_a_signed_sum(cls, text: str) -> str:
        tokens = text.split()
        if len(tokens) % 2 == 0 or any(sign not in "+-" for sign in tokens[1::2]):
            raise ValueError(f"not a signed sum of row ids: {text!r}")
        return text

    @property
    def terms(self) -> frozenset[str]:
        """Every row id, indicator code or run term the check reads; plain numbers left out."""
        every = [*self.trai.split()[0::2], *self.phai.split()[0::2]]
        return frozenset(term for term in every if not term.isdigit())


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check with both sides (null when a term has no value)."""

    check: Check
    ket_qua: Outcome
    ve_trai: float | None
    ve_phai: float | None
    dien_giai: str


@cache
def load_checks() -> dict[str, Check]:
    """Read the check files.

    Raises:
        pydantic.ValidationError: a file breaks the shape.
        ValueError: an id stands twice.
    """
    found: dict[str, Check] = {}
    for name in _FILES:
        for code, body in tomllib.loads((Path(__file__).parent / name).read_text("utf-8")).items():
            if code in found:
                raise ValueError(f"{name}: check {code} stands twice")
            found[code] = Check(ma=code, **body)
    return found


def evaluate(check: Check, values: Mapping[str, float | None]) -> CheckResult:
    """Evaluate one check.

    Args:
        check: the check.
        values: row id or indicator code → value; absent or null means unknown, and the check is then not applied.

    Returns:
        The outcome; the message carries both figures.
    """
    left, right = _sum(check.trai, values), _sum(check.phai, values)
    if left is None or right is None:
        return CheckResult(check, "khong_xet", left, right, f"Không xét vì thiếu số liệu: {check.dien_giai}.")
    holds = _RELATIONS[check.phep](left, right)
    sides = "; ".join(_say_side(text, value) for text, value in ((check.trai, left), (check.phai, right)))
    return CheckResult(check, "dat" if holds else "khong_dat", left, right, f"{check.dien_giai} ({sides}).")


def _say_side(text: str, value: float) -> str:
    if text.startswith("NGAY_"):
        return f"{text} = {format_date(date.fromordinal(int(value)))}"
    return text if text.isdigit() else f"{text} = {format_number(value)}"


def _sum(text: str, values: Mapping[str, float | None]) -> float | None:
    tokens = ["+", *text.split()]
    total = 0.0
    for sign, term in zip(tokens[0::2], tokens[1::2], strict=True):
        value = float(term) if term.isdigit() else values.get(term)
        if value is None:
            return None
        total += value if sign == "+" else -value
    return total
