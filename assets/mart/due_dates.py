"""mart.hen_tra_tinh_lai: printed due dates beside those of the legal working calendar.

Belongs here: the calendar as a lookup table, running the SELECT, the asset. Does not belong here: the rule
(schemas/rules/deadline, hen_tra_tinh_lai.sql), what is said about the differences (assets/out).
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.contracts import check_frames, contract_spec
from assets.io.home import Home
from assets.io.landing import write_parquet
from assets.io.warehouse import Counter
from assets.mart.states import read_select
from assets.periods import PERIODS
from assets.request import ReportRequest
from schemas.export import cast_to_contract, empty_frame
from schemas.registry import find_table
from schemas.rules.calendar import build_calendar, covered_years
from schemas.rules.display import format_date
from schemas.rules.reference import ReferenceFacts

DUE_DATES = "mart.hen_tra_tinh_lai"
_CALENDAR = "mart.lich_lam_viec"
_YEARS_AHEAD = 2
"""A limit of 250 working days ends in the year after the next one."""


def frame_calendar(first_year: int, last_year: int, facts: ReferenceFacts) -> pl.DataFrame:
    """The working calendar of the years that are known, one row per day.

    Args:
        first_year: first year asked about.
        last_year: last one.
        facts: corrections of the calendar library.

    Returns:
        ``ngay lam_viec so_lam_viec`` (CalendarDay), ``la_ngay_thuong so_ngay_thuong`` (the same for a calendar that
        knows weekends only), ``la_ngay_rieng`` (both disagree), ``ten_ngay`` (the day for a message), ``khoi`` (years
        that follow each other without a gap have the same).
    """
    known = sorted(covered_years(facts.lich_nghi) & set(range(first_year, last_year + 1)))
    blocks = {year: year - place for place, year in enumerate(known)}
    days = [
        {
            "ngay": day.ngay,
            "khoi": blocks[day.ngay.year],
            "lam_viec": day.lam_viec,
            "so_lam_viec": day.so_lam_viec,
            "ten_ngay": f"{format_date(day.ngay)} (làm bù)" if day.lam_viec else format_date(day.ngay),
        }
        for day in build_calendar(known, facts.lich_nghi).list_days()
    ]
    schema = {"ngay": pl.Date, "khoi": pl.Int64, "lam_viec": pl.Boolean, "so_lam_viec": pl.Int64, "ten_ngay": pl.Utf8}
    weekday = pl.col("ngay").dt.weekday() <= 5
    return pl.DataFrame(days, schema=schema).with_columns(
        weekday.alias("la_ngay_thuong"),
        weekday.cast(pl.Int64).cum_sum().alias("so_ngay_thuong"),
        (weekday != pl.col("lam_viec")).alias("la_ngay_rieng"),
    )


def recompute_due_dates(states: pl.DataFrame, procedures: pl.DataFrame, facts: ReferenceFacts) -> pl.DataFrame:
    """Make ``mart.hen_tra_tinh_lai`` of one period and cut-off.

    Args:
        states: ``mart.ho_so_ky``.
        procedures: ``core.thu_tuc``.
        facts: corrections of the calendar library.

    Returns:
        One row per dossier received in the period with a printed due date and a known time limit. Where the way leads
        through a year that nobody knows, the recomputed date is null (reason ``chua_co_lich``).
    """
    table = find_table(DUE_DATES)
    years = states.filter("nhan_trong_ky").select(
        pl.col("ngay_tiep_nhan").dt.year().min().alias("first"), pl.col("ngay_tiep_nhan").dt.year().max().alias("last")
    )
    first, last = years.row(0)
    limited = procedures.select(pl.any_horizontal(pl.col("thoi_han_giai_quyet", "thoi_han_ngay").is_not_null()).any())
    if first is None or not limited.item():
        return empty_frame(table)
    with Counter() as counter:
        counter.add_frame("mart.ho_so_ky", states)
        counter.add_frame("core.thu_tuc", procedures)
        counter.add_frame(_CALENDAR, frame_calendar(first, last + _YEARS_AHEAD, facts))
        made = counter.run(read_select(DUE_DATES))
    return cast_to_contract(made, table).sort("ma_ho_so")


@dg.multi_asset(
    name="hen_tra",
    group_name="mart",
    partitions_def=PERIODS,
    specs=[
        dg.AssetSpec(
            DUE_DATES.split("."),
            deps=[dg.AssetKey(["mart", "ho_so_ky"]), dg.AssetKey(["core", "thu_tuc"])],
            description=f"{find_table(DUE_DATES).grain}; không thay số liệu chính thức.",
        )
    ],
    check_specs=[contract_spec(DUE_DATES)],
)
def compare_due_dates(
    home: dg.ResourceParam[Home],
    yeu_cau: dg.ResourceParam[ReportRequest],
    tham_chieu: dg.ResourceParam[ReferenceFacts],
) -> Iterator[dg.MaterializeResult[None]]:
    """Recompute the due dates of the period's dossiers."""
    frame = recompute_due_dates(
        pl.read_parquet(home.partition("mart.ho_so_ky", yeu_cau.partition)),
        pl.read_parquet(home.table("core.thu_tuc")),
        tham_chieu,
    )
    results, sound = check_frames({DUE_DATES: frame})
    if sound:
        write_parquet(frame, home.partition(DUE_DATES, yeu_cau.partition))
    yield dg.MaterializeResult(
        asset_key=dg.AssetKey(DUE_DATES.split(".")),
        metadata={"dagster/row_count": frame.height},
        check_results=results,
    )
