"""Contracts of layer out: indicator values, forms, cross-checks, findings of a period, runs, sent reports.

Belongs here: columns and keys of what leaves the house. Does not belong here: how values are made (assets/out).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.fields import column


class ChiTieu(pa.DataFrameModel):
    """One indicator value; a null dimension means all, a breakdown that is absent is 0."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    chinh_sach: pl.Utf8 = column("chinh_sach")
    don_vi: pl.Utf8 = column("don_vi", nullable=True)
    linh_vuc: pl.Utf8 = column("linh_vuc", nullable=True)
    ma_tthc: pl.Utf8 = column("ma_tthc", nullable=True)
    kenh: pl.Int8 = column("kenh", nullable=True)
    ma_chi_tieu: pl.Utf8 = column("ma_chi_tieu")
    gia_tri: pl.Float64 = column("gia_tri", nullable=True)
    tu_so: pl.Float64 = column("tu_so", nullable=True)
    mau_so: pl.Float64 = column("mau_so", nullable=True)
    chua_ro: pl.Int64 = column("chua_ro", nullable=True, ge=0)
    definition_hash: pl.Utf8 = column("definition_hash")
    input_hash: pl.Utf8 = column("input_hash")

    class Config:
        """Exactly these columns, in this order."""

        name = "out.chi_tieu"
        strict = True
        ordered = True


class BieuMau(pa.DataFrameModel):
    """One row of a form (or of the text's II.2) of one unit; a null unit means the whole home."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    chinh_sach: pl.Utf8 = column("chinh_sach")
    don_vi: pl.Utf8 = column("don_vi", nullable=True)
    bieu: pl.Utf8 = column("bieu")
    stt: pl.Utf8 = column("stt")
    thu_tu: pl.Int64 = column("thu_tu")
    chi_tieu: pl.Utf8 = column("chi_tieu")
    don_vi_tinh: pl.Utf8 = column("don_vi_tinh", nullable=True)
    so_lieu: pl.Float64 = column("so_lieu", nullable=True)
    tu_so: pl.Float64 = column("tu_so", nullable=True)
    mau_so: pl.Float64 = column("mau_so", nullable=True)
    chua_ro: pl.Int64 = column("chua_ro", nullable=True, ge=0)
    con_thieu: pl.Utf8 = column("con_thieu", nullable=True)
    hien_thi: pl.Utf8 = column("hien_thi")
    ghi_chu: pl.Utf8 = column("ghi_chu")
    loai: pl.Utf8 = column("loai")
    ma_chi_tieu: pl.Utf8 = column("ma_chi_tieu", nullable=True)
    tu_so_ma: pl.Utf8 = column("tu_so_ma", nullable=True)
    mau_so_ma: pl.Utf8 = column("mau_so_ma", nullable=True)

    class Config:
        """Exactly these columns, in this order."""

        name = "out.bieu_mau"
        strict = True
        ordered = True


class DoiChieu(pa.DataFrameModel):
    """One cross-check of one period's values."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    chinh_sach: pl.Utf8 = column("chinh_sach")
    don_vi: pl.Utf8 = column("don_vi", nullable=True)
    ma: pl.Utf8 = column("ma")
    muc_do: pl.Utf8 = column("muc_do", meaning="muc_do_loi", isin=["E", "W", "I"])
    ket_qua: pl.Utf8 = column("ket_qua", isin=["dat", "khong_dat", "khong_xet"])
    ve_trai: pl.Float64 = column("ve_trai", nullable=True)
    ve_phai: pl.Float64 = column("ve_phai", nullable=True)
    dien_giai: pl.Utf8 = column("dien_giai")
    nguoi_mien_tru: pl.Utf8 = column("nguoi_mien_tru", nullable=True)
    ly_do_mien_tru: pl.Utf8 = column("ly_do_mien_tru", nullable=True)
    ngay_mien_tru: pl.Date = column("ngay_mien_tru", nullable=True)
    mien_tru_het_hieu_luc: pl.Utf8 = column("mien_tru_het_hieu_luc", nullable=True)

    class Config:
        """Exactly these columns, in this order."""

        name = "out.doi_chieu"
        strict = True
        ordered = True


class LoiChan(pa.DataFrameModel):
    """One error of severity E of a run: a failed cross-check, or all findings of one kind; waived or still blocking."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    chinh_sach: pl.Utf8 = column("chinh_sach")
    ma: pl.Utf8 = column("ma")
    loai: pl.Utf8 = column("loai", meaning="loai_loi", isin=["doi_chieu", "phat_hien"])
    ve_trai: pl.Float64 = column("ve_trai", nullable=True)
    ve_phai: pl.Float64 = column("ve_phai", nullable=True)
    dien_giai: pl.Utf8 = column("dien_giai")
    nguoi_mien_tru: pl.Utf8 = column("nguoi_mien_tru", nullable=True)
    ly_do_mien_tru: pl.Utf8 = column("ly_do_mien_tru", nullable=True)
    ngay_mien_tru: pl.Date = column("ngay_mien_tru", nullable=True)
    mien_tru_het_hieu_luc: pl.Utf8 = column("mien_tru_het_hieu_luc", nullable=True)

    class Config:
        """Exactly these columns, in this order."""

        name = "out.loi_chan"
        strict = True
        ordered = True


class BienDong(pa.DataFrameModel):
    """One row of a form that a run gave differently from the version published before it, same period and cut-off."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    chinh_sach: pl.Utf8 = column("chinh_sach")
    phien_ban_truoc: pl.Utf8 = column("phien_ban_truoc")
    phien_ban_sau: pl.Utf8 = column("phien_ban_sau")
    bieu: pl.Utf8 = column("bieu")
    stt: pl.Utf8 = column("stt")
    chi_tieu: pl.Utf8 = column("chi_tieu")
    gia_tri_truoc: pl.Float64 = column("gia_tri_truoc", nullable=True)
    gia_tri_sau: pl.Float64 = column("gia_tri_sau", nullable=True)
    tu_so_truoc: pl.Float64 = column("tu_so_truoc", nullable=True)
    mau_so_truoc: pl.Float64 = column("mau_so_truoc", nullable=True)
    tu_so_sau: pl.Float64 = column("tu_so_sau", nullable=True)
    mau_so_sau: pl.Float64 = column("mau_so_sau", nullable=True)
    so_muc_doi: pl.Int64 = column("so_muc_doi", ge=0)

    class Config:
        """Exactly these columns, in this order."""

        name = "out.bien_dong"
        strict = True
        ordered = True


class PhatHienKy(pa.DataFrameModel):
    """One finding that only a report period can raise: an undeclared cell, a missing or old source."""

    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
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

        name = "out.phat_hien_ky"
        strict = True
        ordered = True


class DinhNghia(pa.DataFrameModel):
    """One indicator's definition and the SQL that lists the rows behind it: what ``cchc trace`` runs."""

    ma_chi_tieu: pl.Utf8 = column("ma_chi_tieu", unique=True)
    ten: pl.Utf8 = column("ten")
    don_vi_tinh: pl.Utf8 = column("don_vi_tinh")
    bang: pl.Utf8 = column("bang")
    agg: pl.Utf8 = column("agg")
    phep: pl.Utf8 = column("phep")
    cot: pl.Utf8 = column("cot", nullable=True)
    vi_tu: pl.Utf8 = column("vi_tu")
    lenh_dong: pl.Utf8 = column("lenh_dong")
    definition_hash: pl.Utf8 = column("definition_hash")

    class Config:
        """Exactly these columns, in this order."""

        name = "out.dinh_nghia"
        strict = True
        ordered = True


class LanChay(pa.DataFrameModel):
    """One run that published."""

    run_id: pl.Utf8 = column("run_id", unique=True)
    thoi_diem: pl.Datetime = column("thoi_diem")
    nguoi_chay: pl.Utf8 = column("nguoi_chay")
    ky: pl.Utf8 = column("ky")
    ngay_chot: pl.Date = column("ngay_chot")
    chinh_sach: pl.Utf8 = column("chinh_sach")
    tu_dong: pl.Boolean = column("tu_dong")
    chinh_thuc: pl.Boolean = column("chinh_thuc")
    so_lieu_den_ngay: pl.Date = column("so_lieu_den_ngay", nullable=True)
    input_hash: pl.Utf8 = column("input_hash")
    phien_ban: pl.Utf8 = column("phien_ban")

    class Config:
        """Exactly these columns, in this order."""

        name = "out.lan_chay"
        strict = True
        ordered = True


class BanGui(pa.DataFrameModel):
    """One report that was sent, or frozen and undone again."""

    ky: pl.Utf8 = column("ky")
    so: pl.Int64 = column("so", ge=1)
    ngay: pl.Date = column("ngay")
    ngay_chot: pl.Date = column("ngay_chot")
    chinh_sach: pl.Utf8 = column("chinh_sach")
    phien_ban: pl.Utf8 = column("phien_ban", unique=True)
    nguoi: pl.Utf8 = column("nguoi")
    thoi_diem: pl.Datetime = column("thoi_diem", meaning="thoi_diem_chot")
    con_hieu_luc: pl.Boolean = column("con_hieu_luc")

    class Config:
        """Exactly these columns, in this order."""

        name = "out.ban_gui"
        strict = True
        ordered = True
