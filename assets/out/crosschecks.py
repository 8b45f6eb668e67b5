"""out.doi_chieu: the outcome of every cross-check of one period, cut-off and policy.

Belongs here: gathering values by row id and indicator code, those of earlier periods too, and evaluating the checks.
Does not belong here: the checks (schemas/checks/*.toml).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_args

import polars as pl

from assets.io.home import Home
from assets.out.waivers import WAIVER_COLUMNS
from schemas.checks import load_checks
from schemas.checks.kinds import EarlierRun, Figures
from schemas.export import polars_schema
from schemas.forms import row_id
from schemas.registry import find_table
from schemas.rules.periods import Comparable, Period, list_comparable, parse_period

_TABLE = find_table("out.doi_chieu")
_OWN = [name for name in polars_schema(_TABLE) if name not in WAIVER_COLUMNS]


EarlierForms = Mapping[Comparable, pl.DataFrame]
"""Way of comparing → ``out.bieu_mau`` of the period that it allows."""


def check_values(
    chi_tieu: pl.DataFrame,
    bieu_mau: pl.DataFrame,
    earlier: EarlierForms,
    more: Mapping[str, float | None],
    totals: Mapping[str, Mapping[str, float]],
) -> pl.DataFrame:
    """Make ``out.doi_chieu`` for the whole home under every policy, but for its waiver columns (waivers).

    Args:
        chi_tieu: ``out.chi_tieu`` of one period and cut-off.
        bieu_mau: ``out.bieu_mau`` of the same.
        earlier: of earlier periods (``read_earlier``).
        more: further run terms of the checks (``count_due_dates``).
        totals: figures of the aggregate reports of this window (``pick_control_totals``).
    """
    whole = chi_tieu.filter(pl.all_horizontal(pl.col(n).is_null() for n in ("don_vi", "linh_vuc", "ma_tthc", "kenh")))
    rows: list[dict[str, object]] = []
    home_rows = bieu_mau.filter(pl.col("don_vi").is_null())
    for (ky, ngay_chot, policy), part in home_rows.group_by("ky", "ngay_chot", "chinh_sach", maintain_order=True):
        counted = whole.filter(pl.col("chinh_sach") == policy).select("ma_chi_tieu", "gia_tri")
        values: dict[str, float | None] = dict(counted.iter_rows())
        values |= _rows_by_id(part)
        values |= _describe_run(part, ngay_chot, parse_period(ky).den_ngay)
        values |= more
        before = {way: _pick_run(rows, policy) for way, rows in earlier.items()}
        figures = Figures(values, ky, ngay_chot, before, totals)
        for check in load_checks().values():
            result = check.evaluate(figures)
            rows.append(
                {
                    "ky": ky,
                    "ngay_chot": ngay_chot,
                    "chinh_sach": policy,
                    "don_vi": None,
                    "ma": check.ma,
                    "muc_do": check.muc_do,
                    "ket_qua": result.ket_qua,
                    "ve_trai": result.ve_trai,
                    "ve_phai": result.ve_phai,
                    "dien_giai": result.dien_giai,
                }
            )
    schema = polars_schema(_TABLE)
    return pl.DataFrame(rows, schema={name: schema[name] for name in _OWN}, orient="row")


def read_earlier(home: Home, period: Period, cutoff: date) -> dict[Comparable, pl.DataFrame]:
    """The forms of the earlier periods that a run is compared with: of each, the newest cut-off not after the run's.

    Args:
        home: the home.
        period: the period being made.
        cutoff: its cut-off; a year's report as of May is not compared with June's.
    """
    found: dict[Comparable, pl.DataFrame] = {}
    for way in get_args(Comparable):
        for one in list_comparable(period, way):
            files = home.list_partitions("out.bieu_mau", one.key)
            if usable := [path for path in files if path.stem <= f"{one.key}_{cutoff.isoformat()}"]:
                found[way] = pl.read_parquet(usable[-1])
                break
    return found


def _pick_run(rows: pl.DataFrame, policy: str) -> EarlierRun:
    mine = rows.filter((pl.col("chinh_sach") == policy) & pl.col("don_vi").is_null())
    ky, cutoff = rows.select("ky", "ngay_chot").row(0)
    return EarlierRun(ky, cutoff, _rows_by_id(mine))


def _rows_by_id(rows: pl.DataFrame) -> dict[str, float | None]:
    return {row_id(bieu, stt): value for bieu, stt, value in rows.select("bieu", "stt", "so_lieu").iter_rows()}


def _describe_run(rows: pl.DataFrame, cutoff: date, last_day: date) -> dict[str, float | None]:
    """The run terms of schemas.checks: days as ordinals; how many counted ratios there are, and are exactly 100 %."""
    ratios = rows.filter(
        (pl.col("loai") == "ratio") & pl.col("bieu").is_in(["3", "7", "II.2"]) & (pl.col("mau_so") > 0)
    )
    return {
        "NGAY_CHOT": float(cutoff.toordinal()),
        "NGAY_CUOI_KY": float(last_day.toordinal()),
        "SO_TY_LE": float(ratios.height),
        "SO_TY_LE_TRON_100": float(ratios.filter(pl.col("tu_so") == pl.col("mau_so")).height),
    }
