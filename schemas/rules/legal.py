"""The legal instruments that rules and reports rest on, read from legal.toml beside this module.

Belongs here: what is known of an instrument and whether it is in force on a day. Does not belong here: the
wording of a citation in a report (assets/out), checks of citations in somebody's text (assets/audit).
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator


class Instrument(BaseModel):
    """One legal instrument; grain of legal.toml, whose head comment explains each field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ma: str
    so_ky_hieu: str
    ngay: date | None = None
    co_quan: str
    trich_yeu: str
    hieu_luc_tu: date | None = None
    hieu_luc_den: date | None = None
    thay_the_boi: str | None = None
    dung_cho: str
    in_bao_cao: bool
    ly_do: str = ""

    @model_validator(mode="after")
    def _reason_when_not_printed(self) -> Instrument:
        if not self.in_bao_cao and not self.ly_do:
            raise ValueError(f"legal.toml: {self.ma}: in_bao_cao = false needs ly_do")
        return self

    def in_force_on(self, day: date) -> bool:
        """Tell whether the instrument is in force on a day, as far as its known dates say."""
        begun = self.hieu_luc_tu is None or self.hieu_luc_tu <= day
        return begun and (self.hieu_luc_den is None or day <= self.hieu_luc_den)


@cache
def load_instruments() -> dict[str, Instrument]:
    """Read legal.toml.

    Returns:
        Key → instrument, in the order of the file.

    Raises:
        ValueError: a block with unknown or missing fields, or ``thay_the_boi`` naming no block.
    """
    raw = tomllib.loads(Path(__file__).with_name("legal.toml").read_text(encoding="utf-8"))
    instruments = {key: Instrument(ma=key, **block) for key, block in raw.items()}
    for key, instrument in instruments.items():
        if instrument.thay_the_boi is not None and instrument.thay_the_boi not in instruments:
            raise ValueError(f"legal.toml: {key}: thay_the_boi names no block: {instrument.thay_the_boi}")
    return instruments
