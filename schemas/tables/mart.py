"""Contracts of layer mart: shaped for counting, state as of the cut-off.

Belongs here: columns and the laws between them. Does not belong here: the SELECTs that make them (assets/mart/*.sql).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.fields import column
from schemas.rules.deadline import GAP_REASONS

MISMATCHES = {
    "thieu_o_he_thong_kia": "chỉ có ở một hệ thống",
    "ghi_lai_thanh_9": "đang chờ hoặc dừng ở một hệ thống nhưng hệ thống kia ghi đã xử lý xong",
    "khac_trang_thai": "khác trạng thái",
    "khac_ngay_tiep_nhan": "khác ngày tiếp nhận",
    "khac_ngay_hen_tra": "khác ngày hẹn trả",
    "khac_ngay_ket_cuc": "khác ngày kết thúc",
    "khac_tien": "khác số tiền phí, lệ phí",
}
"""Kind of disagreement between two systems → how people read it."""


class HoSoKy(pa.DataFrameModel):
    """One dossier x period x cut-off, state as of the cut-off."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    tu_ngay: pl.Date = column("tu_ngay")
    ma_ho_so: pl.Utf8 = column("ma_ho_so", unique=True)
    ma_tthc: pl.Utf8 = column("ma_tthc")
    ten_tthc: pl.Utf8 = column("ten_tthc", nullable=True)
    linh_vuc: pl.Utf8 = column("linh_vuc")
    don_vi: pl.Utf8 = column("don_vi")
    he_thong: pl.Utf8 = column("he_thong")
    kenh: pl.Int8 = column("kenh", isin=[1, 2, 3])
    muc_do: pl.Int8 = column("muc_do", nullable=True)
    trang_thai: pl.Int8 = column("trang_thai", nullable=True)
    nganh_doc: pl.Boolean = column("nganh_doc")
    da_tiep_nhan: pl.Boolean = column("da_tiep_nhan")
    cua_minh: pl.Boolean = column("cua_minh")
    ngay_nop: pl.Date = column("ngay_nop", nullable=True)
    ngay_tiep_nhan: pl.Date = column("ngay_tiep_nhan", nullable=True)
    ngay_hen_tra: pl.Date = column("ngay_hen_tra", nullable=True)
    ngay_hen_tra_moi: pl.Date = column("ngay_hen_tra_moi", nullable=True)
    la_hen_tra_hong: pl.Boolean = column("la_hen_tra_hong")
    so_lan_bo_sung: pl.Int32 = column("so_lan_bo_sung", nullable=True)
    so_ngay_cho_bo_sung: pl.Int32 = column("so_ngay_cho_bo_sung", nullable=True)
    ket_cuc: pl.Utf8 = column("ket_cuc", nullable=True)
    ngay_ket_cuc: pl.Date = column("ngay_ket_cuc", nullable=True)
    la_tam_dung: pl.Boolean = column("la_tam_dung")
    co_phi: pl.Boolean = column("co_phi", nullable=True)
    phi: pl.Int64 = column("phi", nullable=True)
    le_phi: pl.Int64 = column("le_phi", nullable=True)
    tien_thu: pl.Int64 = column("tien_thu", nullable=True)
    tien_thu_trong_ky: pl.Int64 = column("tien_thu_trong_ky", nullable=True, ge=0)
    phat_sinh_phi_trong_ky: pl.Boolean = column("phat_sinh_phi_trong_ky", nullable=True)
    thanh_toan_truc_tuyen: pl.Int8 = column("thanh_toan_truc_tuyen", nullable=True)
    co_file_thanh_phan: pl.Boolean = column("co_file_thanh_phan", nullable=True)
    co_file_ket_qua: pl.Boolean = column("co_file_ket_qua", nullable=True)
    khong_co_ket_qua: pl.Boolean = column("khong_co_ket_qua")
    nhan_trong_ky: pl.Boolean = column("nhan_trong_ky")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row")

    @pa.dataframe_check
    @classmethod
    def nothing_happens_after_the_cutoff(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """State comes from dates on or before the cut-off (domain.md §3)."""
        return data.lazyframe.select((pl.col("ngay_ket_cuc") <= pl.col("ngay_chot")).fill_null(value=True))

    class Config:
        """Exactly these columns, in this order."""

        name = "mart.ho_so_ky"
        strict = True
        ordered = True


class ThuTucKy(pa.DataFrameModel):
    """One procedure x period x cut-off: the catalogue version valid at the cut-off."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    ma_tthc: pl.Utf8 = column("ma_tthc", unique=True)
    ma_day_du: pl.Utf8 = column("ma_day_du")
    ten_tthc: pl.Utf8 = column("ten_tthc", nullable=True)
    linh_vuc: pl.Utf8 = column("linh_vuc")
    cap_thuc_hien: pl.Utf8 = column("cap_thuc_hien", nullable=True)
    cap_tinh: pl.Boolean = column("cap_tinh", nullable=True)
    cap_xa: pl.Boolean = column("cap_xa", nullable=True)
    co_quan_thuc_hien: pl.Utf8 = column("co_quan_thuc_hien", nullable=True)
    muc_do: pl.Int8 = column("muc_do", nullable=True)
    du_dieu_kien_toan_trinh: pl.Boolean = column("du_dieu_kien_toan_trinh", nullable=True)
    tai_mot_cua: pl.Boolean = column("tai_mot_cua", nullable=True)
    phi_dia_gioi: pl.Boolean = column("phi_dia_gioi", nullable=True)
    co_phi: pl.Boolean = column("co_phi", nullable=True)
    co_thanh_toan_truc_tuyen: pl.Boolean = column("co_thanh_toan_truc_tuyen", nullable=True)
    khong_co_ket_qua: pl.Boolean = column("khong_co_ket_qua", nullable=True)
    thoi_han_giai_quyet: pl.Int32 = column("thoi_han_giai_quyet", nullable=True)
    thoi_han_ngay: pl.Int32 = column("thoi_han_ngay", nullable=True)
    tinh_trang: pl.Utf8 = column("tinh_trang", nullable=True)
    con_hieu_luc: pl.Boolean = column("con_hieu_luc")
    quyet_dinh_cong_bo: pl.Utf8 = column("quyet_dinh_cong_bo", nullable=True)
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row")

    class Config:
        """Exactly these columns, in this order."""

        name = "mart.thu_tuc_ky"
        strict = True
        ordered = True


class PaknKy(pa.DataFrameModel):
    """One petition x period x cut-off, state as of the cut-off."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    ma_pakn: pl.Utf8 = column("ma_pakn", unique=True)
    ngay_tiep_nhan: pl.Date = column("ngay_tiep_nhan")
    han_xu_ly: pl.Date = column("han_xu_ly", nullable=True)
    ngay_xu_ly_xong: pl.Date = column("ngay_xu_ly_xong", nullable=True)
    hai_long: pl.Boolean = column("hai_long", nullable=True)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row")
    nhan_trong_ky: pl.Boolean = column("nhan_trong_ky")
    da_xong: pl.Boolean = column("da_xong")

    class Config:
        """Exactly these columns, in this order."""

        name = "mart.pakn_ky"
        strict = True
        ordered = True


class DoiSoatHeThong(pa.DataFrameModel):
    """One disagreement of two systems about one dossier; recomputed from the newest row of each system."""

    ma_ho_so: pl.Utf8 = column("ma_ho_so")
    loai_lech: pl.Utf8 = column("loai_lech", isin=list(MISMATCHES))
    he_thong: pl.Utf8 = column("he_thong")
    he_thong_kia: pl.Utf8 = column("he_thong_kia")
    gia_tri_ghi: pl.Utf8 = column("gia_tri_ghi", nullable=True)
    gia_tri_kia: pl.Utf8 = column("gia_tri_kia", nullable=True)
    ngay_tiep_nhan: pl.Date = column("ngay_tiep_nhan", nullable=True)
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)
    ma_trong_he_thong: pl.Utf8 = column("ma_trong_he_thong")
    ma_trong_he_thong_kia: pl.Utf8 = column("ma_trong_he_thong_kia", nullable=True)
    ban_kia: pl.Utf8 = column("_ban_kia", nullable=True)

    class Config:
        """Exactly these columns, in this order."""

        name = "mart.doi_soat_he_thong"
        strict = True
        ordered = True


class HenTraTinhLai(pa.DataFrameModel):
    """One dossier x period x cut-off: its printed due date beside the one of the working calendar."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    ma_ho_so: pl.Utf8 = column("ma_ho_so", unique=True)
    ma_tthc: pl.Utf8 = column("ma_tthc")
    don_vi: pl.Utf8 = column("don_vi")
    ngay_tiep_nhan: pl.Date = column("ngay_tiep_nhan")
    thoi_han_giai_quyet: pl.Int32 = column("thoi_han_giai_quyet", nullable=True)
    thoi_han_ngay: pl.Int32 = column("thoi_han_ngay", nullable=True)
    ngay_hen_tra: pl.Date = column("ngay_hen_tra")
    ngay_hen_tra_tinh_lai: pl.Date = column("ngay_hen_tra_tinh_lai", nullable=True)
    lech_ngay_lam_viec: pl.Int32 = column("lech_ngay_lam_viec", nullable=True)
    ly_do_lech: pl.Utf8 = column("ly_do_lech", isin=list(GAP_REASONS))
    ngay_nghi_giua: pl.Utf8 = column("ngay_nghi_giua", nullable=True)

    @pa.dataframe_check
    @classmethod
    def equal_means_no_working_day_between(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """``khop`` and a gap of 0 are the same statement."""
        gap = (pl.col("lech_ngay_lam_viec") == 0).fill_null(value=False)
        return data.lazyframe.select(gap == (pl.col("ly_do_lech") == "khop"))

    class Config:
        """Exactly these columns, in this order."""

        name = "mart.hen_tra_tinh_lai"
        strict = True
        ordered = True


class ChinhSach(pa.DataFrameModel):
    """One counting policy and its switches (schemas/rules/counting.toml)."""

    chinh_sach: pl.Utf8 = column("chinh_sach", unique=True)
    ten: pl.Utf8 = column("ten")
    giai_thich: pl.Utf8 = column("giai_thich")
    tinh_giai_quyet: pl.List(pl.Utf8) = column("tinh_giai_quyet")  # type: ignore[valid-type]
    dung_la_ket_thuc: pl.Boolean = column("dung_la_ket_thuc")
    tra_lai_dung_han: pl.Boolean = column("tra_lai_dung_han")
    dung_hen_tra_moi: pl.Boolean = column("dung_hen_tra_moi")
    bo_sung_nhieu_lan_la_tre: pl.Boolean = column("bo_sung_nhieu_lan_la_tre")

    class Config:
        """Exactly these columns, in this order."""

        name = "mart.chinh_sach"
        strict = True
        ordered = True
