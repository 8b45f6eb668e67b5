"""The settings of one reporting unit: who it is and which rules it sets itself.

Belongs here: the shape of don_vi.toml and of a home's settings.toml, and how one overlays the other. Does not belong
here: reading files (pipelines/settings.py), paths, the clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas.connectors import Connector, complete
from schemas.corrections import Correction
from schemas.document import MISSING, DonVi
from schemas.links import DossierLink
from schemas.reporting import MAX_PEOPLE, ReportRules, check_people, find_person
from schemas.rules.counting import DEFAULT_POLICY, find_policy
from schemas.rules.precedence import Precedence, load_precedence
from schemas.rules.text import matching_key
from schemas.sources import load_sources

_CONNECTOR_NAME = re.compile(r"[a-z][a-z0-9_]*")
"""It becomes a folder, an asset and part of an environment variable."""


class UnitRules(BaseModel):
    """Rules that nobody could confirm from a public source, or that a unit may set itself (domain.md, [confirm])."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chinh_sach: str = DEFAULT_POLICY
    nganh_doc: tuple[str, ...] = ()
    dau_hieu_nganh_doc: tuple[str, ...] = ()
    he_thong_nganh_doc: tuple[str, ...] = ()
    thu_tu_he_thong: tuple[str, ...] = ()
    he_thong_day_du: tuple[str, ...] = load_precedence().day_du
    thu_tu_nhom: dict[str, tuple[str, ...]] = {}
    nguong_lech_ma_ho_so: int = Field(20, ge=1, description="ngày")
    nguong_lech_lien_ket: int = Field(30, ge=1, description="ngày")
    giu_phien_ban: int = Field(20, ge=2, description="số phiên bản công bố được giữ lại")
    giu_ban_goc_ngay: int = Field(730, ge=1, description="ngày")

    @field_validator("chinh_sach")
    @classmethod
    def _is_a_policy(cls, name: str) -> str:
        return find_policy(name).chinh_sach

    @field_validator("he_thong_nganh_doc", "thu_tu_he_thong", "he_thong_day_du")
    @classmethod
    def _are_systems(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """A misspelt system would silently change nothing."""
        known = {*load_sources(), *load_precedence().thu_tu}
        if unknown := set(names) - known:
            raise ValueError(f"không có nguồn {', '.join(sorted(unknown))}")
        return names

    @field_validator("thu_tu_nhom")
    @classmethod
    def _are_groups(cls, groups: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        if unknown := set(groups) - {one.ma for one in load_precedence().attached}:
            raise ValueError(f"không có nhóm {', '.join(sorted(unknown))}")
        return groups

    @property
    def precedence(self) -> Precedence:
        """Which system is believed for which columns, with this unit's own order."""
        return load_precedence().adapt(self.thu_tu_he_thong, self.thu_tu_nhom)


class SourceAges(BaseModel):
    """From which age a source's newest delivery is called old, in days; no number depends on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ngay: int = Field(31, ge=1, description="ngày")
    theo_nguon: dict[str, Annotated[int, Field(ge=1)]] = {}
    ket_noi: int = Field(2, ge=1, description="ngày; kết nối chạy hằng đêm, bỏ lỡ một đêm chưa bị nhắc")

    @field_validator("theo_nguon")
    @classmethod
    def _are_sources(cls, days: dict[str, int]) -> dict[str, int]:
        if unknown := sorted(set(days) - set(load_sources())):
            raise ValueError(f"không có nguồn {', '.join(unknown)}")
        return days

    def limit(self, source: str) -> int:
        """The limit of that source."""
        return self.theo_nguon.get(source, self.ngay)

    def judge_pull(self, age: int | None) -> str:
        """A word about a connector that last succeeded so many days ago (None: never); empty if that is fresh."""
        if age is None:
            return "! chưa lần nào lấy được"
        return f"! quá {self.ket_noi} ngày chưa lấy được" if age > self.ket_noi else ""

    def judge(self, source: str, age: int | None, *, withdrawn: bool = False) -> str:
        """A word about a source of that age in days (None: nothing counts of it); empty if it is fresh.

        Args:
            source: source key.
            age: age of its newest delivery.
            withdrawn: whether a delivery of it was taken out again.
        """
        if age is None:
            return "mọi bản đã nộp đều bị rút" if withdrawn else "chưa nộp lần nào"
        return f"! cũ quá {self.limit(source)} ngày" if age > self.limit(source) else ""


class UnitSettings(BaseModel):
    """The reporting unit, its rules and corrections (which numbers depend on), what else it sets.

    ``phan_cong`` says who fills in which declared rows (schemas/reporting). ``nguon_rieng`` are the descriptions of the
    sources that the home brought, which its numbers depend on too: read from their own files, as ``dinh_chinh`` and
    ``lien_ket`` are. ``don_vi_con_thieu`` are the names that another unit's settings leave to the shipped unit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    don_vi: DonVi
    quy_tac: UnitRules = UnitRules()
    dinh_chinh: tuple[Correction, ...] = ()
    lien_ket: tuple[DossierLink, ...] = ()
    tuoi_nguon: SourceAges = SourceAges()
    bao_cao: ReportRules = ReportRules()
    phan_cong: dict[str, tuple[str, ...]] = Field({}, max_length=MAX_PEOPLE)
    ket_noi: dict[str, Connector] = {}
    nguon_rieng: tuple[str, ...] = ()
    don_vi_con_thieu: tuple[str, ...] = ()

    @field_validator("phan_cong")
    @classmethod
    def _assign_each_row_once(cls, people: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return check_people(people)

    def find_person(self, bieu: str, stt: str) -> str | None:
        """Who fills in a declared row by name."""
        return find_person(self.phan_cong, bieu, stt)

    @field_validator("ket_noi", mode="before")
    @classmethod
    def _lie_over_the_shipped_ones(cls, own: dict[str, Any]) -> dict[str, Any]:
        wrong = [name for name in own if not _CONNECTOR_NAME.fullmatch(name)]
        if wrong:
            raise ValueError(f"tên kết nối “{wrong[0]}” chỉ được gồm chữ thường không dấu, số và gạch dưới")
        return {name: complete(name, table) for name, table in own.items()}


_NAMES = ("ten_co_quan", "ten_day_du", "ten_ngan", "dia_danh")
"""What says which unit it is; the recipients belong to it."""

_NO_RECIPIENTS = (MISSING, "Lưu: VT")


def blank_other_units_recipients(
    unit: UnitSettings, shipped: Mapping[str, Any], own: Mapping[str, Any]
) -> UnitSettings:
    """Keep what names the shipped unit out of another unit's report, as far as the settings leave it there.

    A home that names another unit, but not its recipients, would send its report to the shipped unit's superiors: the
    list is left open, and what the home did not write becomes a finding.

    Args:
        unit: the shipped settings overlaid by the home's own.
        shipped: table ``don_vi`` of the shipped settings.
        own: table ``don_vi`` of the home's.
    """
    if all(matching_key(own.get(name, shipped[name])) == matching_key(shipped[name]) for name in _NAMES):
        return unit
    unset = tuple(name for name in (*_NAMES, "noi_nhan") if name not in own)
    body = {} if "noi_nhan" in own else {"noi_nhan": _NO_RECIPIENTS}
    return unit.model_copy(update={"don_vi": unit.don_vi.model_copy(update=body), "don_vi_con_thieu": unset})


def overlay(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a home's own settings over the shipped ones, table by table (a list replaces a list).

    Returns:
        A new mapping; neither argument changes.
    """
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = overlay(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged
