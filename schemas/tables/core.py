"""Contracts of layer core: one trusted row per dossier, procedure, petition, declared figure, paragraph, delivery.

Belongs here: columns, keys and the laws between columns of one row. Does not belong here: how rows are made
(assets/core) or counted (assets/mart).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.checks.kinds import CONTROL_FORMS, CONTROL_MEASURES
from schemas.fields import column


class HoSo(pa.DataFrameModel):
    """One dossier: its leading row and what others lend (status 1, 3 and vertical agencies' are here, marked)."""

    ma_ho_so: pl.Utf8 = column("ma_ho_so", unique=True)
    ma_tthc: pl.Utf8 = column("ma_tthc", nullable=True)
    ten_tthc: pl.Utf8 = column("ten_tthc", nullable=True)
    linh_vuc: pl.Utf8 = column("linh_vuc", nullable=True)
    don_vi_tiep_nhan: pl.Utf8 = column("don_vi_tiep_nhan", nullable=True)
    don_vi_xu_ly: pl.Utf8 = column("don_vi_xu_ly", nullable=True)
    he_thong: pl.Utf8 = column("he_thong")
    kenh: pl.Int8 = column("kenh", nullable=True, isin=[1, 2, 3])
    muc_do: pl.Int8 = column("muc_do", nullable=True, isin=[2, 3, 4])
    trang_thai: pl.Int8 = column("trang_thai", nullable=True, ge=1, le=10)
    ket_cuc: pl.Utf8 = column("ket_cuc", nullable=True, isin=["ket_qua", "tu_choi", "rut", "dung"])
    ngay_ket_cuc: pl.Date = column("ngay_ket_cuc", nullable=True)
    la_tam_dung: pl.Boolean = column("la_tam_dung")
    ngay_nop: pl.Date = column("ngay_nop", nullable=True)
    ngay_tiep_nhan: pl.Date = column("ngay_tiep_nhan", nullable=True)
    ngay_hen_tra: pl.Date = column("ngay_hen_tra", nullable=True)
    ngay_hen_tra_moi: pl.Date = column("ngay_hen_tra_moi", nullable=True)
    la_hen_tra_hong: pl.Boolean = column("la_hen_tra_hong")
    ngay_ket_thuc: pl.Date = column("ngay_ket_thuc", nullable=True)
    ngay_tra: pl.Date = column("ngay_tra", nullable=True)
    ngay_tu_choi: pl.Date = column("ngay_tu_choi", nullable=True)
    so_lan_bo_sung: pl.Int32 = column("so_lan_bo_sung", nullable=True, ge=0)
    so_ngay_cho_bo_sung: pl.Int32 = column("so_ngay_cho_bo_sung", nullable=True, ge=0)
    phi: pl.Int64 = column("phi", nullable=True, ge=0)
    le_phi: pl.Int64 = column("le_phi", nullable=True, ge=0)
    thanh_toan_truc_tuyen: pl.Int8 = column("thanh_toan_truc_tuyen", nullable=True, isin=[0, 1, 2])
    co_phi: pl.Boolean = column("co_phi", nullable=True)
    khong_co_ket_qua: pl.Boolean = column("khong_co_ket_qua", nullable=True)
    co_file_thanh_phan: pl.Boolean = column("co_file_thanh_phan", nullable=True)
    co_file_ket_qua: pl.Boolean = column("co_file_ket_qua", nullable=True)
    nganh_doc: pl.Boolean = column("nganh_doc")
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)

    @pa.dataframe_check
    @classmethod
    def outcome_has_its_day(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """An outcome and its day stand together or not at all (domain.md §2)."""
        return data.lazyframe.select(pl.col("ket_cuc").is_null() == pl.col("ngay_ket_cuc").is_null())

    @pa.dataframe_check
    @classmethod
    def ends_no_earlier_than_received(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """An end before receipt was moved to the receipt day (domain.md §2)."""
        return data.lazyframe.select((pl.col("ngay_ket_cuc") >= pl.col("ngay_tiep_nhan")).fill_null(value=True))

    @pa.dataframe_check
    @classmethod
    def received_has_a_day(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Only status 1 and 3 may lack a receipt day (domain.md §2)."""
        return data.lazyframe.select(
            pl.col("ngay_tiep_nhan").is_not_null() | pl.col("trang_thai").is_in([1, 3]).fill_null(value=False)
        )

    class Config:
        """Exactly these columns, in this order."""

        name = "core.ho_so"
        strict = True
        ordered = True


class HoSoBan(pa.DataFrameModel):
    """One accepted row of one dossier, as its own system wrote it; the leading row is superseded by none."""

    ma_ho_so: pl.Utf8 = column("ma_ho_so")
    ma_trong_he_thong: pl.Utf8 = column("ma_trong_he_thong")
    he_thong: pl.Utf8 = column("he_thong")
    la_moi_nhat: pl.Boolean = column("la_moi_nhat")
    cung_cap: pl.Utf8 = column("cung_cap", nullable=True)
    trang_thai: pl.Int8 = column("trang_thai", nullable=True, ge=1, le=10)
    ket_cuc: pl.Utf8 = column("ket_cuc", nullable=True, isin=["ket_qua", "tu_choi", "rut", "dung"])
    ngay_ket_cuc: pl.Date = column("ngay_ket_cuc", nullable=True)
    ngay_nop: pl.Date = column("ngay_nop", nullable=True)
    ngay_tiep_nhan: pl.Date = column("ngay_tiep_nhan", nullable=True)
    ngay_hen_tra: pl.Date = column("ngay_hen_tra", nullable=True)
    ngay_ket_thuc: pl.Date = column("ngay_ket_thuc", nullable=True)
    ngay_tra: pl.Date = column("ngay_tra", nullable=True)
    ngay_tu_choi: pl.Date = column("ngay_tu_choi", nullable=True)
    phi: pl.Int64 = column("phi", nullable=True, ge=0)
    le_phi: pl.Int64 = column("le_phi", nullable=True, ge=0)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)
    superseded_by: pl.Utf8 = column("_superseded_by", nullable=True)

    @pa.dataframe_check
    @classmethod
    def one_row_leads(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Exactly one row of a dossier is superseded by none (sources.md §5)."""
        return data.lazyframe.select(pl.col("_superseded_by").is_null().sum().over("ma_ho_so") == 1)

    class Config:
        """Exactly these columns, in this order."""

        name = "core.ho_so_ban"
        strict = True
        ordered = True


class ThuTuc(pa.DataFrameModel):
    """One procedure version; levels, channels and fee rows are collapsed so that joins cannot multiply dossiers.

    A null fact is one that no delivery spoke of.
    """

    ma_tthc: pl.Utf8 = column("ma_tthc", str_matches=r"^\d\.\d{6}$")
    ma_day_du: pl.Utf8 = column("ma_day_du")
    ten_tthc: pl.Utf8 = column("ten_tthc", nullable=True)
    linh_vuc: pl.Utf8 = column("linh_vuc", nullable=True)
    cap_thuc_hien: pl.Utf8 = column("cap_thuc_hien", nullable=True)
    cap_tinh: pl.Boolean = column("cap_tinh", nullable=True)
    cap_xa: pl.Boolean = column("cap_xa", nullable=True)
    co_quan_thuc_hien: pl.Utf8 = column("co_quan_thuc_hien", nullable=True)
    muc_do: pl.Int8 = column("muc_do", nullable=True, isin=[2, 3, 4])
    du_dieu_kien_toan_trinh: pl.Boolean = column("du_dieu_kien_toan_trinh", nullable=True)
    tai_mot_cua: pl.Boolean = column("tai_mot_cua", nullable=True)
    phi_dia_gioi: pl.Boolean = column("phi_dia_gioi", nullable=True)
    co_phi: pl.Boolean = column("co_phi", nullable=True)
    co_thanh_toan_truc_tuyen: pl.Boolean = column("co_thanh_toan_truc_tuyen", nullable=True)
    khong_co_ket_qua: pl.Boolean = column("khong_co_ket_qua", nullable=True)
    thoi_han_giai_quyet: pl.Int32 = column("thoi_han_giai_quyet", nullable=True, ge=0)
    thoi_han_ngay: pl.Int32 = column("thoi_han_ngay", nullable=True, ge=0)
    tinh_trang: pl.Utf8 = column("tinh_trang", nullable=True)
    con_hieu_luc: pl.Boolean = column("con_hieu_luc")
    quyet_dinh_cong_bo: pl.Utf8 = column("quyet_dinh_cong_bo", nullable=True)
    hieu_luc_tu: pl.Date = column("hieu_luc_tu", nullable=True)
    hieu_luc_den: pl.Date = column("hieu_luc_den", nullable=True)
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)

    @pa.dataframe_check
    @classmethod
    def one_version_a_day(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Two versions of one procedure never begin on the same day."""
        return data.lazyframe.select(~pl.struct("ma_tthc", "hieu_luc_tu").is_duplicated())

    class Config:
        """Exactly these columns, in this order."""

        name = "core.thu_tuc"
        strict = True
        ordered = True


class Pakn(pa.DataFrameModel):
    """One petition about administrative regulations (phản ánh, kiến nghị)."""

    ma_pakn: pl.Utf8 = column("ma_pakn", unique=True)
    ngay_tiep_nhan: pl.Date = column("ngay_tiep_nhan")
    han_xu_ly: pl.Date = column("han_xu_ly", nullable=True)
    ngay_xu_ly_xong: pl.Date = column("ngay_xu_ly_xong", nullable=True)
    hai_long: pl.Boolean = column("hai_long", nullable=True)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)

    class Config:
        """Exactly these columns, in this order."""

        name = "core.pakn"
        strict = True
        ordered = True


class ThanhToan(pa.DataFrameModel):
    """One payment of a dossier; a dossier may have several."""

    ma_ho_so: pl.Utf8 = column("ma_ho_so")
    so_bien_lai: pl.Utf8 = column("so_bien_lai", nullable=True)
    ngay_thu: pl.Date = column("ngay_thu", nullable=True)
    phi: pl.Int64 = column("phi", nullable=True, ge=0)
    le_phi: pl.Int64 = column("le_phi", nullable=True, ge=0)
    tong: pl.Int64 = column("tong", nullable=True, ge=0)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)

    class Config:
        """Exactly these columns, in this order."""

        name = "core.thanh_toan"
        strict = True
        ordered = True


class NhapTay(pa.DataFrameModel):
    """One declared figure of one period: who, when, on what evidence."""

    ky: pl.Utf8 = column("ky")
    bieu: pl.Utf8 = column("bieu")
    stt: pl.Utf8 = column("stt")
    gia_tri: pl.Float64 = column("gia_tri", nullable=True)
    nguoi_khai: pl.Utf8 = column("nguoi_khai", nullable=True)
    ngay_khai: pl.Date = column("ngay_khai", nullable=True)
    can_cu: pl.Utf8 = column("can_cu", nullable=True)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)

    @pa.dataframe_check
    @classmethod
    def one_value_a_cell(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """A cell of a form is declared once per period."""
        return data.lazyframe.select(~pl.struct("ky", "bieu", "stt").is_duplicated())

    class Config:
        """Exactly these columns, in this order."""

        name = "core.nhap_tay"
        strict = True
        ordered = True


class DoanVan(pa.DataFrameModel):
    """One paragraph of the report, written by the office."""

    ky: pl.Utf8 = column("ky")
    muc: pl.Utf8 = column("muc")
    thu_tu: pl.Int64 = column("thu_tu")
    noi_dung: pl.Utf8 = column("noi_dung")
    nguoi_viet: pl.Utf8 = column("nguoi_viet", nullable=True)
    ngay_viet: pl.Date = column("ngay_viet", nullable=True)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)

    class Config:
        """Exactly these columns, in this order."""

        name = "core.doan_van"
        strict = True
        ordered = True


class VanBan(pa.DataFrameModel):
    """One document that the report of a period may cite, listed by the office."""

    ky: pl.Utf8 = column("ky")
    ma_van_ban: pl.Utf8 = column("ma_van_ban")
    so_ky_hieu: pl.Utf8 = column("so_ky_hieu")
    ngay_van_ban: pl.Date = column("ngay_van_ban", nullable=True)
    co_quan: pl.Utf8 = column("co_quan", nullable=True)
    trich_yeu: pl.Utf8 = column("trich_yeu", nullable=True)
    loai_van_ban: pl.Utf8 = column("loai_van_ban", nullable=True)
    nguoi_khai: pl.Utf8 = column("nguoi_khai", nullable=True)
    ngay_khai: pl.Date = column("ngay_khai", nullable=True)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)

    class Config:
        """Exactly these columns, in this order."""

        name = "core.van_ban"
        strict = True
        ordered = True


class GiaoNop(pa.DataFrameModel):
    """One delivered file and what became of its rows: in = core + superseded + rejected."""

    nguon: pl.Utf8 = column("nguon")
    ten_tep: pl.Utf8 = column("ten_tep")
    file_sha256: pl.Utf8 = column("_file_sha256", unique=True)
    dung_luong: pl.Int64 = column("dung_luong", ge=0)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    can_cu_ngay_xuat: pl.Utf8 = column("can_cu_ngay_xuat", isin=["trong_tep", "ten_tep", "ngay_sua"])
    so_dong_vao: pl.Int64 = column("so_dong_vao", ge=0)
    so_dong_core: pl.Int64 = column("so_dong_core", ge=0)
    so_dong_thay_the: pl.Int64 = column("so_dong_thay_the", ge=0)
    so_dong_loai: pl.Int64 = column("so_dong_loai", ge=0)

    @pa.dataframe_check
    @classmethod
    def nothing_is_dropped_without_a_count(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Rows in = core + superseded + rejected (architecture.md, rule 2)."""
        accounted = pl.col("so_dong_core") + pl.col("so_dong_thay_the") + pl.col("so_dong_loai")
        return data.lazyframe.select(pl.col("so_dong_vao") == accounted)

    class Config:
        """Exactly these columns, in this order."""

        name = "core.giao_nop"
        strict = True
        ordered = True


class DaRut(pa.DataFrameModel):
    """One delivery that somebody took out again with a reason: its rows count nowhere."""

    nguon: pl.Utf8 = column("nguon")
    ten_tep: pl.Utf8 = column("ten_tep")
    file_sha256: pl.Utf8 = column("_file_sha256")
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    so_dong_vao: pl.Int64 = column("so_dong_vao", ge=0)
    ly_do_rut: pl.Utf8 = column("ly_do_rut")
    rut_luc: pl.Datetime = column("rut_luc")
    nguoi_rut: pl.Utf8 = column("nguoi_rut")

    class Config:
        """Exactly these columns, in this order."""

        name = "core.da_rut"
        strict = True
        ordered = True


class TongHop(pa.DataFrameModel):
    """One figure of one line of a delivered aggregate report (06a, 07a): compared with ours, never counted."""

    mau_bieu: pl.Utf8 = column("mau_bieu", isin=list(CONTROL_FORMS))
    tu_ngay: pl.Date = column("tu_ngay", nullable=True)
    den_ngay: pl.Date = column("den_ngay", nullable=True)
    nhan_dong: pl.Utf8 = column("nhan_dong")
    la_tong: pl.Boolean = column("la_tong")
    so_do: pl.Utf8 = column("so_do", isin=list(CONTROL_MEASURES))
    gia_tri: pl.Float64 = column("gia_tri", nullable=True, ge=0)
    ngay_xuat: pl.Datetime = column("ngay_xuat")
    file_sha256: pl.Utf8 = column("_file_sha256")
    sheet: pl.Utf8 = column("_sheet")
    row: pl.Int64 = column("_row", ge=1)

    class Config:
        """Exactly these columns, in this order."""

        name = "core.tong_hop"
        strict = True
        ordered = True


class PhatHien(pa.DataFrameModel):
    """One finding about delivered data, placed by file, sheet and row; never names a person."""

    ma: pl.Utf8 = column("ma")
    muc_do: pl.Utf8 = column("muc_do", meaning="muc_do_loi", isin=["E", "W", "I"])
    cap: pl.Utf8 = column("cap")
    nguon: pl.Utf8 = column("nguon", nullable=True)
    ten_tep: pl.Utf8 = column("ten_tep", nullable=True)
    file_sha256: pl.Utf8 = column("_file_sha256", nullable=True)
    sheet: pl.Utf8 = column("_sheet", nullable=True)
    row: pl.Int64 = column("_row", nullable=True)
    ma_ho_so: pl.Utf8 = column("ma_ho_so", nullable=True)
    cot: pl.Utf8 = column("cot", nullable=True)
    dien_giai: pl.Utf8 = column("dien_giai")
    cach_sua: pl.Utf8 = column("cach_sua", nullable=True)
    don_vi: pl.Utf8 = column("don_vi", nullable=True)

    class Config:
        """Exactly these columns, in this order."""

        name = "core.phat_hien"
        strict = True
        ordered = True
