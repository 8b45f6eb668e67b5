"""One period, cut-off and policy as one place shows it: its form rows, how they were counted, its declared figures.

Belongs here: reading the two things that ``compare`` sets side by side, and what each dossier adds to each number.
Does not belong here: comparing them (compare), opening databases (assets/io/warehouse).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import polars as pl

from schemas.indicators.compile import KEYS, Counting, compile_parts, compile_states

COUNTING_COLUMNS = ("ma_chi_tieu", "bang", "phep", "cot", "vi_tu")


class Reader(Protocol):
    """What answers SELECTs over the mart tables: a published database, or a run's own counter."""

    def run(self, select: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Run one SELECT with its ``$name`` parameters."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared figure: who gave it and when, as far as it is still known."""

    gia_tri: float | None
    nguoi_khai: str | None = None
    ngay_khai: date | None = None


@dataclass(frozen=True)
class Look:
    """Values of one period, cut-off and policy, whole home.

    Attributes:
        nguon: answers questions about the dossiers, procedures and petitions behind them.
        ky: period key.
        ngay_chot: cut-off.
        chinh_sach: counting policy.
        dong: (form, row) → the row of ``out.bieu_mau``, in printing order.
        cach_dem: indicator code → how it was counted here.
        khai_bao: (form, row) → the newest declaration.
    """

    nguon: Reader
    ky: str
    ngay_chot: date
    chinh_sach: str
    dong: Mapping[tuple[str, str], Mapping[str, Any]]
    cach_dem: Mapping[str, Counting]
    khai_bao: Mapping[tuple[str, str], Declared]

    @property
    def parameters(self) -> dict[str, object]:
        """As SQL parameters."""
        return {"ky": self.ky, "ngay_chot": self.ngay_chot, "chinh_sach": self.chinh_sach}

    def find_declared(self, bieu: str, stt: str) -> Declared:
        """The figure in a declared row; who gave it only if the newest declaration is still that figure."""
        line = self.dong.get((bieu, stt))
        value = None if line is None else line["so_lieu"]
        newest = self.khai_bao.get((bieu, stt))
        return newest if newest is not None and newest.gia_tri == value else Declared(value)

    def list_parts(self, table: str, key: str) -> pl.DataFrame:
        """What each thing adds to each number of a table: ``khoa`` and one column per indicator (compile_parts)."""
        mine = [one for one in self.cach_dem.values() if (one.bang, one.khoa) == (table, key)]
        if not mine:
            return pl.DataFrame(schema={"khoa": pl.Utf8})
        return self.nguon.run(compile_parts(mine), self.parameters)

    def find_states(self, table: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The mart rows of some things, by their key."""
        frame = self.nguon.run(compile_states(table), self.parameters | {"khoa": sorted(keys)})
        return {row[KEYS[table]]: row for row in frame.iter_rows(named=True)}

    def find_joined(self, codes: Iterable[str]) -> dict[str, str]:
        """Codes of rows that a link made part of another dossier → the code of that dossier.

        A place that keeps no versions, or those of an older release without the row's own code, knows none.
        """
        known = self.nguon.run(
            "select 1 from information_schema.columns where table_schema = 'core' and table_name = 'ho_so_ban'"
            " and column_name = 'ma_trong_he_thong'"
        )
        if known.is_empty():
            return {}
        rows = self.nguon.run(
            "select ma_trong_he_thong, min(ma_ho_so) from core.ho_so_ban where list_contains($ma, ma_trong_he_thong)"
            " and ma_trong_he_thong <> ma_ho_so group by all",
            {"ma": sorted(codes)},
        )
        return dict(rows.iter_rows())


def make_look(
    reader: Reader,
    run: tuple[str, date, str],
    forms: pl.DataFrame,
    definitions: pl.DataFrame,
    declared: pl.DataFrame,
) -> Look:
    """Put a look together.

    Args:
        reader: answers over the mart tables.
        run: period key, cut-off, policy.
        forms: ``out.bieu_mau``, any periods, policies and units.
        definitions: ``out.dinh_nghia``.
        declared: ``core.nhap_tay``.
    """
    ky, ngay_chot, chinh_sach = run
    mine = forms.filter(
        (pl.col("ky") == ky)
        & (pl.col("ngay_chot") == ngay_chot)
        & (pl.col("chinh_sach") == chinh_sach)
        & pl.col("don_vi").is_null()
    ).sort("thu_tu")
    figures = declared.filter(pl.col("ky") == ky).select("bieu", "stt", "gia_tri", "nguoi_khai", "ngay_khai")
    return Look(
        reader,
        ky,
        ngay_chot,
        chinh_sach,
        {(row["bieu"], row["stt"]): row for row in mine.iter_rows(named=True)},
        {one[0]: Counting(*one) for one in definitions.select(COUNTING_COLUMNS).iter_rows()},
        {(bieu, stt): Declared(*rest) for bieu, stt, *rest in figures.iter_rows()},
    )


def take_look(reader: Reader, ky: str, ngay_chot: date, chinh_sach: str) -> Look:
    """The look that a published database gives."""
    run = {"ky": ky, "ngay_chot": ngay_chot, "chinh_sach": chinh_sach}
    forms = reader.run(
        "select * from out.bieu_mau where ky = $ky and ngay_chot = $ngay_chot and chinh_sach = $chinh_sach", run
    )
    definitions = reader.run("select * from out.dinh_nghia")
    declared = reader.run("select * from core.nhap_tay where ky = $ky", run)
    return make_look(reader, (ky, ngay_chot, chinh_sach), forms, definitions, declared)
