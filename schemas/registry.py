"""The one list of tables: name -> contract, key, grain. Everything generated (DDL, dictionary, asset keys) starts here.

Belongs here: which tables exist and what identifies a row. Does not belong here: columns (schemas/tables).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandera.polars as pa

from schemas.tables import core, mart, out


@dataclass(frozen=True)
class Table:
    """One published table.

    Attributes:
        layer: core, mart or out.
        name: table name; asset key, DuckDB name, Parquet path and dictionary anchor are derived from both.
        model: its Pandera contract.
        key: columns that identify a row (empty: rows carry no key of their own).
        grain: what one row is, in Vietnamese.
    """

    layer: str
    name: str
    model: type[pa.DataFrameModel]
    key: tuple[str, ...]
    grain: str

    @property
    def full_name(self) -> str:
        """``core.ho_so``."""
        return f"{self.layer}.{self.name}"

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The contract as a Pandera schema (built once: it is not cheap)."""
        return self.model.to_schema()


_RUN = ("ky", "ngay_chot")

_TABLES = (
    Table("core", "thu_tuc", core.ThuTuc, ("ma_tthc", "hieu_luc_tu"), "Một phiên bản của một thủ tục hành chính"),
    Table("core", "ho_so", core.HoSo, ("ma_ho_so",), "Một hồ sơ: dòng dẫn đầu, bổ sung từ hệ thống khác"),
    Table(
        "core",
        "ho_so_ban",
        core.HoSoBan,
        ("_file_sha256", "_sheet", "_row"),
        "Một dòng được chấp nhận của một hồ sơ: mọi phiên bản, ở mọi hệ thống",
    ),
    Table("core", "thanh_toan", core.ThanhToan, (), "Một lần thu phí, lệ phí của một hồ sơ"),
    Table("core", "pakn", core.Pakn, ("ma_pakn",), "Một phản ánh, kiến nghị"),
    Table("core", "nhap_tay", core.NhapTay, ("ky", "bieu", "stt"), "Một số liệu khai báo của một kỳ"),
    Table("core", "doan_van", core.DoanVan, ("ky", "muc", "thu_tu"), "Một đoạn văn của báo cáo một kỳ"),
    Table("core", "van_ban", core.VanBan, ("ky", "ma_van_ban"), "Một văn bản mà báo cáo một kỳ viện dẫn"),
    Table(
        "core",
        "tong_hop",
        core.TongHop,
        ("_file_sha256", "_sheet", "_row", "so_do"),
        "Một số của một dòng trong báo cáo tổng hợp 06a, 07a đã nộp",
    ),
    Table("core", "giao_nop", core.GiaoNop, ("_file_sha256",), "Một tệp đã nộp và số dòng của nó"),
    Table("core", "da_rut", core.DaRut, ("nguon", "_file_sha256"), "Một tệp đã nộp rồi bị rút, không còn tính"),
    Table("core", "phat_hien", core.PhatHien, (), "Một phát hiện về dữ liệu đã nộp"),
    Table("mart", "ho_so_ky", mart.HoSoKy, (*_RUN, "ma_ho_so"), "Một hồ sơ × kỳ × ngày chốt"),
    Table("mart", "thu_tuc_ky", mart.ThuTucKy, (*_RUN, "ma_tthc"), "Một thủ tục × kỳ × ngày chốt"),
    Table("mart", "pakn_ky", mart.PaknKy, (*_RUN, "ma_pakn"), "Một phản ánh, kiến nghị × kỳ × ngày chốt"),
    Table("mart", "doi_soat_he_thong", mart.DoiSoatHeThong, (), "Một chỗ lệch giữa hai hệ thống về một hồ sơ"),
    Table(
        "mart",
        "hen_tra_tinh_lai",
        mart.HenTraTinhLai,
        (*_RUN, "ma_ho_so"),
        "Ngày hẹn trả đã in của một hồ sơ nhận trong kỳ, đặt cạnh ngày tính lại theo lịch làm việc",
    ),
    Table("mart", "chinh_sach", mart.ChinhSach, ("chinh_sach",), "Một chính sách đếm"),
    Table(
        "out",
        "chi_tieu",
        out.ChiTieu,
        (*_RUN, "chinh_sach", "don_vi", "linh_vuc", "ma_tthc", "kenh", "ma_chi_tieu"),
        "Một giá trị chỉ tiêu; chiều trống nghĩa là tất cả, không có dòng nghĩa là 0",
    ),
    Table(
        "out",
        "bieu_mau",
        out.BieuMau,
        (*_RUN, "chinh_sach", "don_vi", "bieu", "stt"),
        "Một dòng của biểu mẫu hoặc của lời văn II.2",
    ),
    Table("out", "doi_chieu", out.DoiChieu, (*_RUN, "chinh_sach", "don_vi", "ma"), "Một phép đối chiếu"),
    Table(
        "out",
        "loi_chan",
        out.LoiChan,
        (*_RUN, "chinh_sach", "ma"),
        "Một lỗi mức E của một lần chạy: đối chiếu không đạt, hoặc các phát hiện cùng mã; đã chấp nhận hay còn chặn",
    ),
    Table(
        "out",
        "bien_dong",
        out.BienDong,
        (*_RUN, "chinh_sach", "phien_ban_truoc", "bieu", "stt"),
        "Một dòng biểu mẫu mà một lần chạy cho số khác bản công bố trước của cùng kỳ, cùng ngày chốt",
    ),
    Table("out", "phat_hien_ky", out.PhatHienKy, (), "Một phát hiện của riêng một kỳ báo cáo"),
    Table("out", "dinh_nghia", out.DinhNghia, ("ma_chi_tieu",), "Một định nghĩa chỉ tiêu"),
    Table("out", "lan_chay", out.LanChay, ("run_id",), "Một lần chạy đã công bố"),
    Table(
        "out", "ban_gui", out.BanGui, ("phien_ban",), "Một bản gửi đã chốt: số, ngày văn bản; còn hiệu lực hay đã hủy"
    ),
)

TABLES: dict[str, Table] = {table.full_name: table for table in _TABLES}


def find_table(full_name: str) -> Table:
    """The table of that name.

    Raises:
        KeyError: no such table.
    """
    return TABLES[full_name]
