"""phat-hien.xlsx: what is wrong with the delivered data, back to the sender, file by file.

Belongs here: which sheets, columns and rows that workbook shows. Does not belong here: its first page (freshness),
writing cells (assets/io/sheets), the cross-checks' workbook (check_book), detecting anything.

Nothing is left out silently: every finding is counted in the summary and in the list of files, and what a file's own
sheet does not show is said at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from assets.io.sheets import SheetTable, Value, safe_sheet_name, write_table
from assets.out.freshness import Delivered, show_freshness
from assets.request import ReportRequest
from schemas.document import ThuocTinh
from schemas.findings import SEVERITIES, cut_remedy
from schemas.rules.display import format_date, format_integer
from schemas.sources import load_sources

FINDINGS_FILE = "phat-hien.xlsx"
REST_OF_FINDINGS = "cchc findings --csv"

_FILE = ["nguon", "ten_tep", "_file_sha256"]
"""What tells files apart: the same bytes may lie, refused, under a second source."""


_WORST_FIRST = pl.col("muc_do").replace_strict({severity: rank for rank, severity in enumerate(SEVERITIES)})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the workbook shows; the counts are always complete.

    Attributes:
        trang: files that get a sheet of their own, the worst first.
        dong: findings on one file's sheet, the worst first.
    """

    trang: int = 50
    dong: int = 2000


_SHOWN = Limits()


def write_findings(
    findings: pl.DataFrame,
    delivered: Delivered,
    request: ReportRequest,
    properties: ThuocTinh,
    folder: Path,
    limits: Limits = _SHOWN,
    also: Sequence[SheetTable] = (),
) -> Path:
    """Write phat-hien.xlsx: freshness of the sources, summary, files, then one sheet per file with its findings.

    Args:
        findings: rows of ``core.phat_hien`` and ``out.phat_hien_ky`` together.
        delivered: what came in, and by which connectors.
        request: the run: gives the two days that ages are counted to.
        properties: file properties.
        folder: a folder that exists.
        limits: how much is shown.
        also: further sheets, before those of the files.
    """
    target = folder / FINDINGS_FILE
    known = [one for frame in (delivered.rut, delivered.nop) for one in frame.iter_rows(named=True)]
    files = _list_files(findings, known, limits)
    own = [_show_file(one, one.trang, limits) for one in files if one.trang]
    write_table(
        target,
        [
            show_freshness(delivered, request),
            _show_summary(findings),
            _show_files(files, limits),
            *also,
            *own,
        ],
        properties,
    )
    return target


# --- the summary ---


def _show_summary(findings: pl.DataFrame) -> SheetTable:
    summary = (
        findings.group_by("muc_do", "ma", "nguon", "don_vi")
        .agg(pl.len().alias("so_luong"), pl.col("dien_giai", "cach_sua").first())
        .sort(_WORST_FIRST, "ma", "nguon", "don_vi", nulls_last=True)
    )
    return SheetTable(
        "Tổng hợp",
        [
            "PHÁT HIỆN VỀ DỮ LIỆU, THEO LOẠI, NGUỒN VÀ ĐƠN VỊ",
            "Sửa tại phần mềm nguồn rồi xuất lại; không sửa tay trong báo cáo.",
        ],
        ["Mức độ", "Mã", "Nguồn", "Đơn vị", "Số lượng", "Ví dụ", "Cách sửa"],
        [
            (
                SEVERITIES[one["muc_do"]],
                one["ma"],
                one["nguon"],
                one["don_vi"],
                one["so_luong"],
                cut_remedy(one["dien_giai"], one["cach_sua"]),
                one["cach_sua"],
            )
            for one in summary.iter_rows(named=True)
        ],
        (12, 28, 11, 26, 9, 54, 42),
        [f"Tổng cộng: {format_integer(findings.height)} phát hiện."],
    )


# --- the files ---


@dataclass(frozen=True, slots=True)
class _File:
    """One file: what came of it, its findings, and the name of its sheet (None: it has none)."""

    nguon: str | None
    ten_tep: str | None
    nop: dict[str, Any] | None
    dong: pl.DataFrame
    trang: str | None


def _list_files(findings: pl.DataFrame, known: list[dict[str, Any]], limits: Limits) -> list[_File]:
    """Every delivered, withdrawn or refused file, and what is of no file; worst first, those without findings last."""
    of_a_file = pl.when(pl.col("ten_tep").is_not_null())  # a source that is missing has no file either
    placed = findings.with_columns(of_a_file.then("nguon").alias("nguon"))
    parts = dict(placed.partition_by(_FILE, as_dict=True, maintain_order=True, include_key=True))
    delivered = {tuple(one[name] for name in _FILE): one for one in known}
    keys = sorted({*parts, *delivered}, key=lambda key: (*_rank(parts.get(key)), *(part or "" for part in key)))
    files: list[_File] = []
    for number, key in enumerate(keys, start=1):
        rows = parts.get(key, findings.clear())
        named = not rows.is_empty() and number <= limits.trang
        files.append(_File(key[0], key[1], delivered.get(key), rows, _name_sheet(number, key[1]) if named else None))
    return files


def _rank(rows: pl.DataFrame | None) -> tuple[int, ...]:
    """Order of files: those with errors first, then those with questions; more before fewer."""
    counts = [0] * len(SEVERITIES)
    if rows is not None:
        for place, severity in enumerate(SEVERITIES):
            counts[place] = -rows.filter(pl.col("muc_do") == severity).height
    return tuple(counts)


def _name_sheet(number: int, file: str | None) -> str:
    return safe_sheet_name(f"{number:02d} {Path(file).stem if file else 'Không thuộc tệp nào'}")


def _show_files(files: list[_File], limits: Limits) -> SheetTable:
    left = [one for one in files if one.trang is None and not one.dong.is_empty()]
    notes = [f"Tổng cộng: {format_integer(sum(one.dong.height for one in files))} phát hiện."]
    if left:
        notes.append(
            f"Chỉ {limits.trang} tệp có nhiều lỗi nhất có trang riêng; {len(left)} tệp khác có "
            f"{format_integer(sum(one.dong.height for one in left))} phát hiện, xem bằng {REST_OF_FINDINGS}."
        )
    return SheetTable(
        "Các tệp",
        ["CÁC TỆP VÀ SỐ DÒNG", "Số dòng vào = vào kho + bị thay thế bởi dòng mới hơn + bị loại."],
        [
            *("Nguồn", "Tệp", "Tình trạng", "Ngày xuất", "Dòng vào", "Vào kho", "Bị thay thế", "Bị loại"),
            *("Phát hiện", "Lỗi", "Xem trang"),
        ],
        [_account_file(one) for one in files],
        (11, 36, 12, 12, 10, 10, 12, 10, 10, 8, 34),
        notes,
    )


def _account_file(one: _File) -> Sequence[Value]:
    errors = one.dong.filter(pl.col("muc_do") == "E").height
    known = one.nop or {}
    counts = [known.get(name) for name in ("so_dong_vao", "so_dong_core", "so_dong_thay_the", "so_dong_loai")]
    state = _name_state(one)
    return (one.nguon, one.ten_tep, state, known.get("ngay_xuat"), *counts, one.dong.height, errors, _say_where(one))


def _name_state(one: _File) -> str:
    if one.nop is None:
        return "bị từ chối" if one.ten_tep else ""
    return "đã rút" if "ly_do_rut" in one.nop else "đã nhận"


def _say_where(one: _File) -> str:
    """The sheet that shows the file's findings, or why there is none."""
    if one.trang:
        return one.trang
    if not one.dong.is_empty():
        return f"(không có trang riêng: {REST_OF_FINDINGS})"
    if one.nop and "ly_do_rut" in one.nop:
        return f"(rút ngày {format_date(one.nop['rut_luc'].date())}: {one.nop['ly_do_rut']})"
    return "(không có phát hiện)"


def _show_file(one: _File, sheet: str, limits: Limits) -> SheetTable:
    rows = one.dong.sort(_WORST_FIRST, "_sheet", "_row", "ma", nulls_last=True, maintain_order=True)
    shown = rows.head(limits.dong)
    left_out = rows.height - shown.height
    return SheetTable(
        sheet,
        [one.ten_tep or "PHÁT HIỆN KHÔNG THUỘC TỆP NÀO", *_describe_file(one)],
        ["Mức độ", "Trang", "Dòng", "Mã hồ sơ", "Cột", "Sai gì", "Cách sửa tại nguồn", "Mã"],
        list(_list_rows(shown)),
        (12, 16, 8, 22, 16, 54, 42, 24),
        [f"Còn {format_integer(left_out)} phát hiện nhẹ hơn hoặc ở sau, xem bằng {REST_OF_FINDINGS}."]
        if left_out
        else [],
        danh_so=[2],
    )


def _describe_file(one: _File) -> list[str]:
    source = load_sources().get(one.nguon or "")
    where = f"Nguồn {one.nguon} ({source.ten}). " if source else ""
    return [f"{where}{format_integer(one.dong.height)} phát hiện. Trang và dòng đúng như khi mở tệp bằng Excel."]


def _list_rows(rows: pl.DataFrame) -> Iterator[Sequence[Value]]:
    for one in rows.iter_rows(named=True):
        yield (
            SEVERITIES[one["muc_do"]],
            one["_sheet"],
            one["_row"],
            one["ma_ho_so"],
            one["cot"],
            cut_remedy(one["dien_giai"], one["cach_sua"]),
            one["cach_sua"],
            one["ma"],
        )
