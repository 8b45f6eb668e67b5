"""``cchc template``: the workbook for declared figures and paragraphs, prefilled from the previous period; --check.

Belongs here: what the workbook of a period holds. Does not belong here: writing it (assets/io/sheets_declared).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from assets.io.home import Home
from assets.io.sheets_declared import (
    DeclaredDocument,
    DeclaredParagraph,
    DeclaredRow,
    DeclaredTemplate,
    write_declared_template,
)
from assets.io.word import TemplateCheck, TemplateError
from assets.io.word import check_template as examine_template
from pipelines.commands.errors import CommandError, Exit
from pipelines.settings import Settings
from schemas.document import SECTIONS, section_code
from schemas.export import empty_frame
from schemas.forms import load_forms
from schemas.registry import find_table
from schemas.rules.periods import Period, UnknownPeriod, parse_period
from schemas.unit import UnitSettings


def write_template(settings: Settings, key: str, target: Path | None) -> Path:
    """Write the workbook of a period.

    What was declared for the period stands in its cells; the previous period's figures stand beside them, its
    paragraphs are drafts where the period has none.

    Args:
        settings: the installation.
        key: period key.
        target: where to write; None: ``<home>/mau/nhap-tay-<key>.xlsx``. An existing file is never overwritten.

    Raises:
        CommandError: unknown period, or the file exists.
    """
    try:
        period = parse_period(key)
    except UnknownPeriod as unknown:
        raise CommandError(str(unknown), Exit.USAGE) from unknown
    home = settings.place
    path = target or home.root / "mau" / f"nhap-tay-{period.key}.xlsx"
    if path.exists():
        raise CommandError(
            f"Tệp {path} đã có; không ghi đè. Hãy đổi tên tệp đó hoặc dùng --out <tệp khác>.", Exit.USAGE
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    spec = DeclaredTemplate(
        ky=period.key,
        ten_ky=period.ten,
        don_vi=settings.unit.don_vi.ten_ngan,
        dong=_list_rows(home, period, settings.unit),
        doan=_list_paragraphs(home, period),
        van_ban=_list_documents(home, period),
        muc={section_code(name): title for name, title in SECTIONS.items()},
        ngay=period.den_ngay,
        han_nop=settings.unit.bao_cao.deadline(period),
        nguoi=tuple(settings.unit.phan_cong),
    )
    write_declared_template(spec, path)
    return path


def _read(home: Home, name: str) -> pl.DataFrame:
    path = home.table(name)
    return pl.read_parquet(path) if path.is_file() else empty_frame(find_table(name))


def _list_rows(home: Home, period: Period, unit: UnitSettings) -> list[DeclaredRow]:
    figures = _read(home, "core.nhap_tay")
    known = {
        (one["ky"], one["bieu"], one["stt"]): one for one in figures.iter_rows(named=True) if one["gia_tri"] is not None
    }
    rows = []
    for form in load_forms().values():
        for line in form.dong:
            if line.loai not in ("declared", "enum") or not unit.bao_cao.applies(form.bieu):
                continue
            now = known.get((period.key, form.bieu, line.stt), {})
            before = known.get((period.previous_key, form.bieu, line.stt), {})
            rows.append(
                DeclaredRow(
                    bieu=form.bieu,
                    stt=line.stt,
                    chi_tieu=unit.bao_cao.localise(line.chi_tieu),
                    don_vi_tinh=line.don_vi_tinh or "",
                    kieu="lua_chon" if line.loai == "enum" else line.kieu,
                    lua_chon=line.lua_chon,
                    ky_truoc=before.get("gia_tri"),
                    so_lieu=now.get("gia_tri"),
                    nguoi_khai=now.get("nguoi_khai") or "",
                    ngay_khai=now.get("ngay_khai"),
                    can_cu=now.get("can_cu") or "",
                    nguoi=unit.find_person(form.bieu, line.stt) or "",
                )
            )
    return rows


def _list_paragraphs(home: Home, period: Period) -> list[DeclaredParagraph]:
    paragraphs = _read(home, "core.doan_van").sort("muc", "thu_tu")
    listed = []
    for name in SECTIONS:
        code = section_code(name)
        section = paragraphs.filter(pl.col("muc") == code)
        own = section.filter(pl.col("ky") == period.key)
        drafts = own if not own.is_empty() else section.filter(pl.col("ky") == period.previous_key)
        texts = drafts["noi_dung"].to_list() or [""]
        listed += [DeclaredParagraph(code, place, text) for place, text in enumerate(texts, start=1)]
    return listed


def _list_documents(home: Home, period: Period) -> list[DeclaredDocument]:
    documents = _read(home, "core.van_ban").sort("_sheet", "_row")
    own = documents.filter(pl.col("ky") == period.key)
    carried = own if not own.is_empty() else documents.filter(pl.col("ky") == period.previous_key)
    return [
        DeclaredDocument(
            one["ma_van_ban"],
            one["so_ky_hieu"],
            one["ngay_van_ban"],
            one["co_quan"] or "",
            one["trich_yeu"] or "",
            one["loai_van_ban"] or "",
        )
        for one in carried.iter_rows(named=True)
    ]


def check_template(path: Path) -> list[str]:
    """What is wrong with the placeholders of a Word template, in Vietnamese; empty when all is well.

    Raises:
        CommandError: the file is no usable template.
    """
    lacking = [
        f"Mẫu thiếu ô chèn: {{{{ {name} }}}}; nội dung này sẽ không in." for name in sorted(_examine(path).thieu)
    ]
    return [*list_unknown(path), *lacking]


def list_unknown(path: Path) -> list[str]:
    """The placeholders of a Word template that no report can fill, in Vietnamese.

    Raises:
        CommandError: the file is no usable template.
    """
    return [
        f"Mẫu dùng ô chèn không có: {{{{ {name} }}}}. "
        + (f"Có phải {{{{ {meant} }}}}?" if meant else "Hãy sửa hoặc bỏ.")
        for name, meant in _examine(path).la.items()
    ]


def _examine(path: Path) -> TemplateCheck:
    try:
        return examine_template(path)
    except TemplateError as wrong:
        raise CommandError(str(wrong), Exit.USAGE) from wrong
