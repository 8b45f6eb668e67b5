"""out.bien_dong: what a run says differently from the version published before it, for the same period and cut-off.

Belongs here: when a run is compared with what stands published, the record of it, the finding. Does not belong here:
the comparison (compare), publishing.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from assets.io.home import Home
from assets.io.publishing import current_version, name_next_version
from assets.io.warehouse import PublishedReader
from assets.out.compare import Difference, compare_looks
from assets.out.look import Reader, make_look, take_look
from assets.request import ReportRequest
from schemas.export import cast_to_contract, empty_frame
from schemas.findings import Finding, make_finding
from schemas.registry import find_table
from schemas.rules.display import format_date, format_integer

_TABLE = find_table("out.bien_dong")
_VALUES = ["chinh_sach", "bieu", "stt", "so_lieu", "tu_so", "mau_so"]


@dataclass(frozen=True)
class Drift:
    """Every difference on record for a period and cut-off (``out.bien_dong``), and this run's finding if any."""

    bien_dong: pl.DataFrame
    phat_hien: list[Finding]


def find_drift(
    home: Home,
    request: ReportRequest,
    reader: Reader,
    forms: pl.DataFrame,
    definitions: pl.DataFrame,
    declared: pl.DataFrame,
) -> Drift:
    """Compare a run with the published version, under every policy.

    Args:
        home: the home; a first run finds nothing published and costs nothing.
        request: the run.
        reader: answers over the run's own mart tables.
        forms: the run's ``out.bieu_mau``.
        definitions: the run's ``out.dinh_nghia``.
        declared: the run's ``core.nhap_tay``.

    Returns:
        The record: what earlier runs found and what this one adds, and a finding where counted numbers that were known
        changed. Declared figures are somebody's deed and have their own record; they are in the table only.
    """
    published, following = current_version(home), name_next_version(home)
    path = home.partition(_TABLE.full_name, request.partition)
    on_record = pl.read_parquet(path) if path.is_file() else empty_frame(_TABLE)
    # a run that was killed before it published left rows under the name that this run will take
    on_record = on_record.filter(pl.col("phien_ban_sau") != following)
    if published is None:
        return Drift(on_record, [])
    found: list[pl.DataFrame] = [on_record]
    findings: list[Finding] = []
    with PublishedReader(home.warehouse) as before:
        for policy in _list_changed(before, request, forms):
            run = (request.ky.key, request.ngay_chot, policy)
            difference = compare_looks(take_look(before, *run), make_look(reader, run, forms, definitions, declared))
            found.append(_frame_rows(request, policy, (published, following), difference))
            if policy == request.chinh_sach:
                findings += _find_counted(request, (published, following), difference)
    return Drift(pl.concat(found), findings)


def _list_changed(before: Reader, request: ReportRequest, forms: pl.DataFrame) -> list[str]:
    """Policies under which a value of the whole home differs; none if that period and cut-off was never published."""
    old = before.run(
        "select chinh_sach, bieu, stt, so_lieu, tu_so, mau_so from out.bieu_mau"
        " where ky = $ky and ngay_chot = $ngay_chot and don_vi is null",
        request.parameters,
    )
    new = forms.filter(pl.col("don_vi").is_null()).select(_VALUES)
    differing = pl.concat(
        [
            left.join(right, on=_VALUES, how="anti", nulls_equal=True).select("chinh_sach")
            for left, right in ((old, new), (new, old))
        ]
    )
    return sorted(set(differing["chinh_sach"]) & set(old["chinh_sach"]))


def _frame_rows(request: ReportRequest, policy: str, versions: tuple[str, str], difference: Difference) -> pl.DataFrame:
    rows = difference.dong.with_columns(
        pl.lit(request.ky.key).alias("ky"),
        pl.lit(request.ngay_chot).alias("ngay_chot"),
        pl.lit(policy).alias("chinh_sach"),
        pl.lit(versions[0]).alias("phien_ban_truoc"),
        pl.lit(versions[1]).alias("phien_ban_sau"),
    )
    return cast_to_contract(rows, _TABLE)


def _find_counted(request: ReportRequest, versions: tuple[str, str], difference: Difference) -> list[Finding]:
    things = difference.muc.filter(pl.col("doi_tuong") != "khai_bao")
    rows = difference.dong.filter(
        pl.col("dong").is_in(things["dong"].unique().to_list())
        & pl.col("gia_tri_truoc").is_not_null()
        & (pl.col("chenh_lech").is_null() | (pl.col("chenh_lech") != 0))
    )
    if rows.is_empty():
        return []
    moved = things.filter(pl.col("dong").is_in(rows["dong"].to_list()))
    return [
        make_finding(
            "SO_LIEU_DOI_SO_VOI_BAN_TRUOC",
            ky=request.ky.key,
            ngay=format_date(request.ngay_chot),
            ngay_chot=request.ngay_chot.isoformat(),
            chinh_sach=request.chinh_sach,
            truoc=versions[0],
            sau=versions[1],
            so_dong=rows.height,
            so_muc=format_integer(moved.select("ma_ho_so", "ma_tthc", "ma_pakn").n_unique()),
        )
    ]
