"""out.loi_chan and the waiver columns of out.doi_chieu: what keeps a report a draft, and who accepted what.

Belongs here: the one rule of what blocks a report (DỰ THẢO, ``--strict`` and ``cchc finalize`` all read its rows),
laying waivers over tables. Does not belong here: what a waiver is (schemas/waivers), the checks (crosschecks).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.export import cast_to_contract, polars_schema
from schemas.registry import find_table
from schemas.rules.counting import load_policies
from schemas.waivers import WaiverKey, Waivers

_TABLE = find_table("out.loi_chan")
_CHECK, _FINDING = "doi_chieu", "phat_hien"
WAIVER_COLUMNS = ("nguoi_mien_tru", "ly_do_mien_tru", "ngay_mien_tru", "mien_tru_het_hieu_luc")
_PLACE = ["_file_sha256", "_sheet", "_row"]


@dataclass(frozen=True)
class PeriodFacts:
    """What tells whether a finding about delivered data still concerns a period.

    Attributes:
        states: ``mart.ho_so_ky`` of the run.
        deliveries: ``core.giao_nop``.
        written: places and ``ky`` of the rows of ``core.nhap_tay`` and ``core.doan_van``.
    """

    states: pl.DataFrame
    deliveries: pl.DataFrame
    written: pl.DataFrame


def lay_waivers(rows: pl.DataFrame, waivers: Waivers) -> pl.DataFrame:
    """Fill the waiver columns of failed rows, replacing what stood there.

    Args:
        rows: ``ky chinh_sach ma ve_trai ve_phai``, and ``ket_qua`` where rows may have passed.
        waivers: those in force.

    Returns:
        The rows with ``WAIVER_COLUMNS``; a waiver whose figures changed fills the last one only.
    """
    filled: list[dict[str, object]] = []
    for one in rows.iter_rows(named=True):
        given = waivers.get(WaiverKey(one["ky"], one["chinh_sach"], one["ma"]), ())
        if not given or one.get("ket_qua", "khong_dat") != "khong_dat":
            filled.append({})
            continue
        waiver = next((each for each in given if each.holds_for(one["ve_trai"], one["ve_phai"])), None)
        if waiver is not None:
            filled.append(dict(zip(WAIVER_COLUMNS, (waiver.nguoi, waiver.ly_do, waiver.ngay), strict=False)))
        else:
            filled.append({"mien_tru_het_hieu_luc": given[0].say_lapsed()})
    types = {name: polars_schema(_TABLE)[name] for name in WAIVER_COLUMNS}
    return rows.drop(WAIVER_COLUMNS, strict=False).hstack(pl.DataFrame(filled, schema=types, orient="row"))


def list_blocking(checks: pl.DataFrame, findings: pl.DataFrame, waivers: Waivers) -> pl.DataFrame:
    """Make ``out.loi_chan``: every error of severity E, under every policy, with its waiver.

    Args:
        checks: ``out.doi_chieu`` of one period and cut-off.
        findings: findings of severity E that concern the period (``pick_of_period``), with ``ky`` and ``ngay_chot``.
        waivers: those in force.
    """
    failed = checks.filter((pl.col("muc_do") == "E") & (pl.col("ket_qua") == "khong_dat")).select(
        "ky", "ngay_chot", "chinh_sach", "ma", pl.lit(_CHECK).alias("loai"), "ve_trai", "ve_phai", "dien_giai"
    )
    by_kind = findings.group_by("ky", "ngay_chot", "ma", maintain_order=True).agg(
        pl.lit(_FINDING).alias("loai"),
        pl.len().cast(pl.Float64).alias("ve_trai"),
        pl.lit(0.0).alias("ve_phai"),
        pl.col("dien_giai").first(),
    )
    under_each = by_kind.join(pl.DataFrame({"chinh_sach": list(load_policies())}), how="cross")
    both = pl.concat([failed, under_each.select(failed.columns)])
    return cast_to_contract(lay_waivers(both, waivers), _TABLE).sort("chinh_sach", "loai", "ma")


def pick_open(blocking: pl.DataFrame, policy: str) -> pl.DataFrame:
    """The errors of ``out.loi_chan`` that nobody accepted: any of them keeps the report of a policy a draft."""
    return blocking.filter((pl.col("chinh_sach") == policy) & pl.col("nguoi_mien_tru").is_null())


def pick_of_period(findings: pl.DataFrame, facts: PeriodFacts) -> pl.DataFrame:
    """The E findings about delivered data that still concern a period.

    Left out: a dossier that ended before the window or was received after the cut-off, a declared row of another
    period, and a rejected row whose dossier a later extract delivered sound.

    Args:
        findings: ``core.phat_hien``.
        facts: the period.
    """
    wrong = findings.filter(pl.col("muc_do") == "E")
    extracted = facts.deliveries.select("_file_sha256", "ngay_xuat")
    standing = facts.states.select(
        "ma_ho_so",
        pl.col("_file_sha256").alias("_tep_dung"),
        ((pl.col("ngay_ket_cuc") < pl.col("tu_ngay")) | (pl.col("ngay_tiep_nhan") > pl.col("ngay_chot")))
        .fill_null(value=False)
        .alias("_ngoai_ky"),
    ).join(extracted.rename({"_file_sha256": "_tep_dung", "ngay_xuat": "_xuat_dung"}), on="_tep_dung", how="left")
    other_period = facts.written.with_columns(pl.lit(value=True).alias("_ky_khac"))
    kept = (
        wrong.join(extracted, on="_file_sha256", how="left")
        .join(standing, on="ma_ho_so", how="left")
        .join(other_period, on=_PLACE, how="left")
        .filter(
            ~pl.col("_ngoai_ky").fill_null(value=False)
            & ~(pl.col("_xuat_dung") > pl.col("ngay_xuat")).fill_null(value=False)
            & ~pl.col("_ky_khac").fill_null(value=False)
        )
    )
    return kept.select(findings.columns)
