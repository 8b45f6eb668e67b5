"""What is wrong with a dossier that is counted all the same: one finding per row and cause.

Belongs here: the rows that disagree with themselves, their code or the extract (domain.md §2), read off the newest row
of each dossier. Does not belong here: rows that are rejected (ho_so) and what the messages say (schemas/findings.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from assets.core.findings import UNITS, find_rows, find_rows_or_files, frame_findings, quote_safely_expr
from assets.core.parsing import matching_key_expr
from schemas.findings import Finding, make_finding
from schemas.rules.display import format_integer
from schemas.rules.text import DOSSIER_CODE_DATE, matching_key
from schemas.unit import UnitRules

_EVENT_DAYS = ("ngay_nop", "ngay_tiep_nhan", "ngay_ket_thuc", "ngay_tra", "ngay_tu_choi")
_OFFICES = "đội|tổ|phòng|ban|trạm|chi cục|chi nhánh|cơ quan|bộ phận|văn phòng|trung tâm"
"""How a name begins that is an office's, not a person's."""
_IDENTITY = ("ngay_tiep_nhan", "ma_tthc")
"""What versions of one dossier share, whatever happens to it."""
_RECEIVED = ~pl.col("trang_thai").is_in([1, 3]).fill_null(value=False)
_MINE = ~pl.col("nganh_doc") & _RECEIVED
_OTHER_DATES = ("ngay_nop", "ngay_hen_tra_moi", "ngay_ket_thuc", "ngay_tra", "ngay_tu_choi")


def find_contradictions(
    dossiers: pl.DataFrame, versions: pl.DataFrame, rules: UnitRules, *, has_catalogue: bool
) -> Iterator[pl.DataFrame]:
    """Yield findings about dossiers, cause by cause.

    Args:
        dossiers: leading rows with their outcome, helper columns and procedure facts.
        versions: every accepted row with the groups that core takes from it: a cell is reported where it stands.
        rules: the unit's thresholds.
        has_catalogue: whether a procedure catalogue was delivered at all (its absence is one finding of the period).
    """
    yield from _find_unreadable_cells(versions, rules)
    yield _find_odd_spellings(versions)
    yield from _find_status_troubles(dossiers)
    yield from _find_date_troubles(dossiers, rules)
    yield from _find_procedure_troubles(dossiers, has_catalogue=has_catalogue)
    yield frame_findings(_find_likely_vertical(dossiers, rules))


def _unreadable(name: str) -> pl.Expr:
    return pl.col(name).is_null() & pl.col(f"{name}_goc").is_not_null()


def _find_unreadable_cells(versions: pl.DataFrame, rules: UnitRules) -> Iterator[pl.DataFrame]:
    lends = {name: pl.col(f"_cap_{group.ma}") for group in rules.precedence.nhom for name in group.cot}
    yield find_rows(
        versions.filter(lends["ngay_hen_tra"] & pl.col("ngay_hen_tra_hong") & _RECEIVED),
        "NGAY_HEN_TRA_KHONG_DOC_DUOC",
        cot="ngay_hen_tra",
        gia_tri=quote_safely_expr("ngay_hen_tra_goc"),
    )
    for name in _OTHER_DATES:
        broken = versions.filter(lends[name] & _unreadable(name))
        yield find_rows(broken, "NGAY_KHONG_DOC_DUOC", cot=name, gia_tri=quote_safely_expr(f"{name}_goc"))
    for name in ("phi", "le_phi"):
        broken = versions.filter(lends[name] & pl.col(f"{name}_hong"))
        yield find_rows(broken, "SO_TIEN_KHONG_DOC_DUOC", cot=name, gia_tri=quote_safely_expr(f"{name}_goc"))
    for name in ("co_file_thanh_phan", "co_file_ket_qua", "thanh_toan_truc_tuyen"):
        yield find_rows(versions.filter(lends[name] & pl.col(f"{name}_hong")), "CO_CHUA_RO", cot=name)
    yield find_rows(versions.filter(lends["kenh"] & _unreadable("kenh")), "KENH_LA", cot="kenh")


def _find_odd_spellings(versions: pl.DataFrame) -> pl.DataFrame:
    """Rows whose code is written in another way than another row's of the dossier, where the two are not the same.

    A spelling alone is no trouble. Another receipt day or procedure in the same system may be another dossier.
    """
    written = pl.col("_ma_goc").str.replace_all(r"\s", "")
    odd = versions.filter(written != pl.col("ma_trong_he_thong"))
    apart = [pl.col(name).drop_nulls().n_unique().over("ma_trong_he_thong", "he_thong") > 1 for name in _IDENTITY]
    differing = versions.filter(pl.col("ma_trong_he_thong").is_in(odd["ma_trong_he_thong"].implode())).filter(
        pl.any_horizontal(apart) & (written.n_unique().over("ma_trong_he_thong", "he_thong") > 1)
    )
    return find_rows(differing.filter(written != pl.col("ma_trong_he_thong")), "MA_HO_SO_VIET_KHAC", cot="ma_ho_so")


def _find_status_troubles(dossiers: pl.DataFrame) -> Iterator[pl.DataFrame]:
    status = pl.col("trang_thai")
    yield find_rows(dossiers.filter(status.is_null()), "TRANG_THAI_LA", cot="trang_thai")
    ends = status.is_in([7, 9, 10]) | (pl.col("trang_thai_y_nghia") == "tu_choi").fill_null(value=False)
    undated = ends.fill_null(value=False) & pl.col("ket_cuc").is_null()
    dated = pl.any_horizontal(pl.col(name).is_not_null() for name in ("ngay_ket_thuc", "ngay_tra"))
    codes = ("KET_THUC_KHONG_NGAY", "TEP_KHONG_NGAY_KET_THUC")
    yield from _find_dateless(dossiers, undated, dated, codes, "ngay_ket_thuc")
    still_open = status.is_in([2, 4, 5, 6]).fill_null(value=False)
    yield find_rows(dossiers.filter(still_open & pl.col("ket_cuc").is_not_null()), "DANG_MO_CO_NGAY_KET_THUC")
    halted = (pl.col("trang_thai_y_nghia") == "tam_dung").fill_null(value=False)
    yield find_rows(dossiers.filter(halted & dated), "TAM_DUNG_CO_NGAY_KET_THUC")


def _find_dateless(
    dossiers: pl.DataFrame, undated: pl.Expr, dated: pl.Expr, codes: tuple[str, str], cot: str
) -> list[pl.DataFrame]:
    """Rows without a date that others of their file have; a file that has no such date is told as a whole.

    A system that never writes the date cannot be mended row by row.
    """
    of_file = dated.any().over("_file_sha256")
    rows = find_rows(dossiers.filter(undated & of_file), codes[0], cot=cot)
    return [rows, *find_rows_or_files(dossiers.filter(undated & ~of_file), *codes, cot=cot)]


def _find_date_troubles(dossiers: pl.DataFrame, rules: UnitRules) -> Iterator[pl.DataFrame]:
    no_due_date = pl.col("ngay_hen_tra").is_null() & ~pl.col("la_hen_tra_hong") & _RECEIVED
    codes = ("THIEU_NGAY_HEN_TRA", "TEP_KHONG_NGAY_HEN_TRA")
    yield from _find_dateless(dossiers, no_due_date, pl.col("ngay_hen_tra").is_not_null(), codes, "ngay_hen_tra")
    too_early = pl.col("_ngay_ket_cuc_goc") < pl.col("ngay_tiep_nhan")
    yield find_rows(dossiers.filter(too_early), "KET_THUC_TRUOC_TIEP_NHAN")
    for name in _EVENT_DAYS:
        late = dossiers.filter(pl.col(name) > pl.col("ngay_xuat").dt.date())
        yield find_rows(late, "NGAY_SAU_NGAY_XUAT", cot=name)
    distance = (pl.col("ngay_tiep_nhan") - pl.col("_ngay_trong_ma")).dt.total_days().abs()
    yield find_rows(dossiers.filter(distance > rules.nguong_lech_ma_ho_so), "NGAY_LECH_MA_HO_SO", cot="ngay_tiep_nhan")
    unusual = ~pl.col("ma_trong_he_thong").str.contains(DOSSIER_CODE_DATE)
    yield from find_rows_or_files(dossiers.filter(unusual), "MA_HO_SO_LA", "NHIEU_MA_HO_SO_LA", cot="ma_ho_so")


def _find_procedure_troubles(dossiers: pl.DataFrame, *, has_catalogue: bool) -> Iterator[pl.DataFrame]:
    if not has_catalogue:
        return
    unknown = dossiers.filter(_MINE & ~pl.col("_co_trong_danh_muc"))
    coded = pl.col("ma_tthc").is_not_null()
    yield find_rows(unknown.filter(coded), "TTHC_KHONG_CO_TRONG_DANH_MUC", cot="ma_tthc")
    yield find_rows(unknown.filter(~coded), "TTHC_KHONG_KHOP_TEN", cot="ten_tthc")
    charged = pl.col("phi") + pl.col("le_phi") > 0
    yield find_rows(dossiers.filter(_MINE & charged & ~pl.col("co_phi")), "THU_PHI_NGOAI_DANH_MUC", cot="phi")


def _find_likely_vertical(dossiers: pl.DataFrame, rules: UnitRules) -> Iterator[Finding]:
    """Tell of units counted as the ward's own whose names look like a vertical agency's, one finding per unit.

    The list of vertical agencies is the unit's own setting: "Công an phường" leaves out no "Công an xã". A name is
    printed only where it begins as an office's does: a shifted row may hold "Nguyễn Công An" in this column.
    """
    signs = [re.escape(matching_key(sign)) for sign in rules.dau_hieu_nganh_doc]
    if not signs:
        return
    name = pl.coalesce(UNITS).fill_null("")
    alike = dossiers.filter(
        _MINE & matching_key_expr(name).str.contains(rf"^(?:(?:{_OFFICES})\b.*)?\b(?:{'|'.join(signs)})\b")
    )
    for unit, count in alike.group_by(name.alias("don_vi")).len().sort("don_vi").iter_rows():
        yield make_finding("DON_VI_GIONG_NGANH_DOC", don_vi=unit, so=format_integer(count))
