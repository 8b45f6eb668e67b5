"""Compiles indicator predicates to SQL: one text per mart table for the numbers, one per indicator for its rows.

Belongs here: pure text building. Does not belong here: running it (assets/io/warehouse).

Shape of the numbers: finest grain first, then a roll-up over GROUPING SETS (four to eight times faster than direct
grouping sets at 10M rows); counts of distinct values cannot be rolled up and go to the table directly.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.indicators import Indicator

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "mart.ho_so_lop": ("don_vi", "linh_vuc", "ma_tthc", "kenh"),
    "mart.thu_tuc_ky": ("linh_vuc",),
    "mart.pakn_ky": (),
}
"""The breakdowns that each mart table offers; the rolled-up dimension is null."""

ALL_DIMENSIONS = ("don_vi", "linh_vuc", "ma_tthc", "kenh")

# tables whose rows exist once per counting policy; the others' numbers hold under every policy
PER_POLICY = frozenset({"mart.ho_so_lop"})


def _aggregate(indicator: Indicator) -> str:
    kept = f"filter (where {indicator.vi_tu})"
    return {
        "dem": f"count(*) {kept}",
        "tong": f"coalesce(sum({indicator.cot}) {kept}, 0)",
        "dem_khac_nhau": f"count(distinct {indicator.cot}) {kept}",
    }[indicator.phep]


def _grouping_sets(table: str) -> tuple[str, str]:
    base = ("chinh_sach",) if table in PER_POLICY else ()
    sets = [base, *((*base, dimension) for dimension in DIMENSIONS[table])]
    keys = ", ".join((*base, *DIMENSIONS[table]))
    return keys, ", ".join(f"({', '.join(one)})" for one in sets)


def _unpivot(table: str, inner: str, codes: Iterable[str]) -> str:
    policy = "chinh_sach" if table in PER_POLICY else "null::varchar as chinh_sach"
    dims = ", ".join(
        name if name in DIMENSIONS[table] else f"null::{'tinyint' if name == 'kenh' else 'varchar'} as {name}"
        for name in ALL_DIMENSIONS
    )
    return (
        f"select ma_chi_tieu, {policy}, {dims}, gia_tri::bigint as gia_tri\n"
        f"from (unpivot ({inner}) on {', '.join(codes)} into name ma_chi_tieu value gia_tri)"
    )


def compile_numbers(table: str, indicators: Iterable[Indicator]) -> str:
    """SQL for every indicator of one mart table at every grouping.

    Args:
        table: a key of ``DIMENSIONS``.
        indicators: those whose ``bang`` is that table.

    Returns:
        One SELECT: ``ma_chi_tieu chinh_sach don_vi linh_vuc ma_tthc kenh gia_tri`` (null dimension = all; null
        policy = holds under each). ``gia_tri`` is a count, or đồng for a sum of money.
    """
    mine = [one for one in indicators if one.bang == table]
    additive = [one for one in mine if one.phep != "dem_khac_nhau"]
    distinct = [one for one in mine if one.phep == "dem_khac_nhau"]
    keys, sets = _grouping_sets(table)
    head = f"{keys}, " if keys else ""
    parts: list[str] = []
    if additive:
        fine = ",\n    ".join(f"{_aggregate(one)} as {one.ma}" for one in additive)
        rolled = ", ".join(f"sum({one.ma})::bigint as {one.ma}" for one in additive)
        group = "group by all" if keys else ""
        finest = f"select {head}\n    {fine}\n  from {table} {group}"
        inner = f"select {head}{rolled} from ({finest}) group by grouping sets ({sets})"
        parts.append(_unpivot(table, inner, [one.ma for one in additive]))
    if distinct:
        columns = ", ".join(f"{_aggregate(one)} as {one.ma}" for one in distinct)
        inner = f"select {head}{columns} from {table} group by grouping sets ({sets})"
        parts.append(_unpivot(table, inner, [one.ma for one in distinct]))
    return "\nunion all\n".join(parts)


def compile_rows(indicator: Indicator) -> str:
    """SQL for the rows behind one number: the same predicate, so that drill-down cannot disagree.

    Returns:
        One SELECT with parameters ``$ky``, ``$ngay_chot`` and, for tables per policy, ``$chinh_sach``; one row per
        counted thing (per distinct value with ``so_ho_so`` for a count of distinct values).
    """
    policy = " and chinh_sach = $chinh_sach" if indicator.bang in PER_POLICY else ""
    where = f"ky = $ky and ngay_chot = $ngay_chot{policy} and ({indicator.vi_tu})"
    if indicator.phep == "dem_khac_nhau":
        return (
            f"select {indicator.cot}, any_value(ten_tthc) as ten_tthc, any_value(linh_vuc) as linh_vuc,"
            f" count(*) as so_ho_so\nfrom {indicator.bang}\nwhere {where} and {indicator.cot} is not null\n"
            f"group by {indicator.cot}\norder by {indicator.cot}"
        )
    return f"select *\nfrom {indicator.bang}\nwhere {where}"
