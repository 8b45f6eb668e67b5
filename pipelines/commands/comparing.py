"""``cchc compare``: two cut-offs of a period, or two published versions of one cut-off, and what moved between them.

Belongs here: finding the two, and how the answer is printed. Does not belong here: the comparison (assets/out/compare).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assets.io.home import Home
from assets.io.publishing import list_versions
from pipelines.commands.errors import CommandError, Exit
from pipelines.commands.published import choose
from pipelines.commands.show import print_csv, print_json, print_table
from schemas.rules.counting import find_policy
from schemas.rules.periods import parse_period

if TYPE_CHECKING:
    import polars as pl

    from assets.io.warehouse import PublishedReader
    from assets.out.compare import Difference

_KINDS = {
    "ho_so": "Hồ sơ",
    "thu_tuc": "Thủ tục",
    "thu_tuc_co_ho_so": "Thủ tục có hồ sơ",
    "pakn": "PAKN",
    "khai_bao": "Khai báo",
}


@dataclass(frozen=True)
class Compared:
    """Two named sides, what differs between them, and what a reader must know of the two (empty: nothing)."""

    truoc: str
    sau: str
    cau: str
    khac: Difference
    luu_y: str = ""


def compare_cutoffs(home: Home, ky: str, cutoffs: tuple[date, date], policy: str | None) -> Compared:
    """Compare two cut-offs of a period in the published version; the earlier one comes first.

    Raises:
        CommandError: no such period or policy (2), nothing published, or a cut-off that was never computed (3).
    """
    from assets.io.warehouse import PublishedReader
    from assets.out.compare import compare_looks
    from assets.out.look import take_look

    chosen_policy = choose(home, ky, None, policy, None).chinh_sach if policy is None else policy
    first, second = (choose(home, ky, day, chosen_policy, None) for day in sorted(cutoffs))
    with PublishedReader(home.warehouse) as reader:
        looks = [take_look(reader, one.ky, one.ngay_chot, one.chinh_sach) for one in (first, second)]
        found = compare_looks(*looks)
        note = _say_other_data(home, reader, ky, (first.ngay_chot, second.ngay_chot))
    left, right = (f"chốt {one.ngay_chot:%d/%m/%Y}" for one in (first, second))
    return Compared(left, right, f"Kỳ {ky}, cách tính {chosen_policy}: {left} và {right}", found, note)


def _say_other_data(home: Home, reader: PublishedReader, ky: str, days: tuple[date, date]) -> str:
    """That two cut-offs were computed of other deliveries: then not only time made the difference."""
    runs = reader.run(
        "select ngay_chot, arg_max(input_hash, thoi_diem), max(thoi_diem) from out.lan_chay where ky = $ky"
        " and list_contains($ngay, ngay_chot) group by ngay_chot order by max(thoi_diem)",
        {"ky": ky, "ngay": list(days)},
    ).rows()
    if len({hashed for _, hashed, _ in runs}) < len(days):
        return ""
    oldest = runs[0][0]
    return (
        f"Lưu ý: hai ngày chốt được tính từ dữ liệu khác nhau; ngày {oldest:%d/%m/%Y} tính từ dữ liệu cũ hơn. Muốn so "
        f"trên cùng dữ liệu, hãy chạy trước: cchc run --home {home.root} --period {ky} --cutoff {oldest:%Y-%m-%d}."
    )


def compare_versions(
    home: Home, ky: str, versions: tuple[str, str], cutoff: date | None, policy: str | None
) -> Compared:
    """Compare what two published versions say of the same period and cut-off; the older one comes first.

    Raises:
        CommandError: no such period, policy or version (2), or a version without that period and cut-off (3).
    """
    from assets.io.warehouse import PublishedReader
    from assets.out.compare import compare_looks
    from assets.out.look import take_look

    _check_names(ky, policy)
    older, newer = sorted(versions)
    there = list_versions(home)
    for name in (older, newer):
        if name not in there:
            known = ", ".join(there) or "chưa có bản nào"
            raise CommandError(
                f"Không có bản {name} (chưa công bố hoặc đã dọn). Các bản đang giữ: {known}.", Exit.USAGE
            )
    with ExitStack() as stack:
        readers = [stack.enter_context(PublishedReader(home.versions / one / "cchc.duckdb")) for one in (older, newer)]
        day, chosen_policy = _choose_run(readers[1], newer, ky, cutoff, policy)
        for name, reader in zip((older, newer), readers, strict=True):
            _need_run(home, reader, name, ky, day)
        found = compare_looks(*(take_look(reader, ky, day, chosen_policy) for reader in readers))
    return Compared(
        older, newer, f"Kỳ {ky}, chốt {day:%d/%m/%Y}, cách tính {chosen_policy}: bản {older} và bản {newer}", found
    )


def _check_names(ky: str, policy: str | None) -> None:
    try:
        parse_period(ky)
        if policy is not None:
            find_policy(policy)
    except ValueError as unknown:  # UnknownPeriod, UnknownPolicy: both speak to the officer
        raise CommandError(str(unknown), Exit.USAGE) from unknown


def _choose_run(
    reader: PublishedReader, version: str, ky: str, cutoff: date | None, policy: str | None
) -> tuple[date, str]:
    """Cut-off and policy: those asked for, else those of the period's newest run in that version."""
    runs = reader.run(
        "select ngay_chot, chinh_sach from out.lan_chay where ky = $ky order by thoi_diem desc, phien_ban desc",
        {"ky": ky},
    ).rows()
    if not runs:
        raise CommandError(f"Bản {version} không có số liệu kỳ {ky}.", Exit.NO_INPUT)
    return cutoff or runs[0][0], policy or runs[0][1]


def _need_run(home: Home, reader: PublishedReader, version: str, ky: str, day: date) -> None:
    known = reader.run("select distinct ngay_chot from out.bieu_mau where ky = $ky order by all", {"ky": ky})
    days = known["ngay_chot"].to_list()
    if day not in days:
        listed = ", ".join(f"{one:%Y-%m-%d}" for one in days) or "không ngày nào"
        raise CommandError(
            f"Bản {version} không có kỳ {ky} với ngày chốt {day:%Y-%m-%d}; có: {listed}. "
            f"Hãy chọn bản khác, chọn --cutoff, hoặc chạy: "
            f"cchc run --home {home.root} --period {ky} --cutoff {day:%Y-%m-%d}.",
            Exit.NO_INPUT,
        )


def print_rows(compared: Compared, *, as_json: bool) -> None:
    """One line per differing row and thing behind it, for programs."""
    flat = compared.khac.flatten()
    (print_json if as_json else print_csv)(flat.columns, flat.rows())


def print_comparison(compared: Compared) -> None:
    """The differing rows, then everybody who moved once with the rows he moved."""
    rows, items = compared.khac.dong, compared.khac.muc
    if compared.luu_y:
        typer.echo(compared.luu_y)
    if rows.is_empty():
        typer.echo(f"{compared.cau}: không có khác biệt nào.")
        return
    cells = [tuple(map(_write_number, one)) for one in _row_cells(rows)]
    print_table(f"{compared.cau}: {rows.height} dòng khác nhau", _row_titles(compared), cells, all_rows=True)
    merged = _merge_items(items)
    print_table(f"Đứng sau những khác biệt đó: {len(merged)} mục", _ITEM_TITLES, merged)


def _row_titles(compared: Compared) -> tuple[str, ...]:
    return ("Dòng", "Chỉ tiêu", "Đơn vị tính", compared.truoc, compared.sau, "Chênh lệch", "Số mục đổi")


def _row_cells(rows: pl.DataFrame) -> list[tuple[Any, ...]]:
    return [
        (
            one["dong"],
            one["chi_tieu"],
            one["don_vi_tinh"],
            _show(one, "truoc"),
            _show(one, "sau"),
            one["chenh_lech"],
            one["so_muc_doi"],
        )
        for one in rows.iter_rows(named=True)
    ]


def _write_number(value: Any) -> Any:
    """A number as people read it (1.234,5); anything else as it is."""
    from schemas.rules.display import format_number

    return format_number(value) if isinstance(value, int | float) else value


def _show(row: dict[str, Any], side: str) -> Any:
    """A value; of a ratio both its terms and its percentage."""
    from schemas.rules.display import format_number

    value = row[f"gia_tri_{side}"]
    if row["loai"] != "ratio":
        return value
    terms = [row[f"{name}_{side}"] for name in ("tu_so", "mau_so")]
    above, below = ("?" if one is None else format_number(one) for one in terms)
    return f"{above}/{below}" + ("" if value is None else f" = {format_number(value)}%")


_ITEM_TITLES = ("Loại", "Mã", "Từ", "Sang", "Tiếp nhận", "Hẹn trả", "Kết thúc", "Lý do", "Dòng và mức đổi")
_TOLD = ("doi_tuong", "tu_lop", "sang_lop", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_cuc", "ly_do")


def _merge_items(items: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Everything that moved, once, with the rows it moved and by how much; ratios only of what moves nothing else."""
    merged: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for one in items.iter_rows(named=True):
        key = (_find_code(one), *(one[name] for name in _TOLD))
        merged.setdefault(key, []).append(one)
    return [
        (_KINDS[kind], code, *told, "; ".join(_say_effects(effects)))
        for (code, kind, *told), effects in sorted(merged.items(), key=lambda one: (one[0][1], one[0][0] or ""))
    ]


def _find_code(item: dict[str, Any]) -> str | None:
    codes = (item[name] for name in ("ma_ho_so", "ma_pakn", "ma_tthc"))
    return next((one for one in codes if one), None)


def _say_effects(items: list[dict[str, Any]]) -> list[str]:
    direct = [one for one in items if one["thay_doi_tu_so"] is None]
    return [_say_effect(one) for one in direct or items]


def _say_effect(item: dict[str, Any]) -> str:
    """``BM3.2.1.1 +1``; of a ratio what it adds to numerator and denominator: ``BM3.2.1 +1/+1``."""
    from schemas.rules.display import format_number

    amounts = [item["thay_doi"]] if item["thay_doi_tu_so"] is None else [item["thay_doi_tu_so"], item["thay_doi"]]
    signed = [
        "đổi" if one is None else f"{'+' if one > 0 else '-' if one < 0 else ''}{format_number(abs(one))}"
        for one in amounts
    ]
    return f"{item['dong']} {'/'.join(signed)}"


def write_comparison(compared: Compared, target: Path, day: date) -> None:
    """The same two tables as a workbook, every thing under each row it moved."""
    from assets.io.sheets import SheetTable, write_table
    from schemas.document import ThuocTinh

    flat = compared.khac.muc.join(compared.khac.dong.select("dong", "chi_tieu"), on="dong", maintain_order="left")
    details: list[Sequence[Any]] = [
        (
            one["dong"],
            one["chi_tieu"],
            _KINDS[one["doi_tuong"]],
            _find_code(one),
            one["thay_doi"],
            one["thay_doi_tu_so"],
            *(one[name] for name in _TOLD[1:]),
        )
        for one in flat.iter_rows(named=True)
    ]
    tables = [
        SheetTable(
            "Dòng khác nhau",
            ["CÁC DÒNG KHÁC NHAU", compared.cau, *([compared.luu_y] if compared.luu_y else [])],
            _row_titles(compared),
            _row_cells(compared.khac.dong),
            (14, 60, 14, 24, 24, 14, 12),
        ),
        SheetTable(
            "Hồ sơ và mục đổi",
            ["NHỮNG GÌ ĐỨNG SAU TỪNG DÒNG", compared.cau],
            ["Dòng", "Chỉ tiêu", "Loại", "Mã", "Đổi (tỷ lệ: mẫu số)", "Đổi tử số", *_ITEM_TITLES[2:8]],
            details,
            (14, 44, 18, 30, 14, 12, 26, 26, 14, 14, 14, 60),
        ),
    ]
    properties = ThuocTinh(
        tieu_de="So sánh số liệu", chu_de=compared.cau, tu_khoa="cchc compare", tac_gia="cchc", ngay=day
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    write_table(target, tables, properties)
