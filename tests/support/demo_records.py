"""The records of the demo data: one dataclass per kind of row that an office exports.

Belongs here: the shape of a row *as it is printed* in the workbooks (a date is the text of its cell, or a
datetime where the workbook holds a true date cell). Not here: how rows are invented (demo_dossiers,
demo_procedures, demo_declared), how they are written (demo_workbooks), how they are counted (slow_counter).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

DateCell = str | datetime | None
"""Text as the portal prints it, a true Excel date, or an empty cell."""

EXPORT_DAY = date(2026, 6, 23)
CUTOFF = date(2026, 6, 9)
WINDOW_START = date(2025, 12, 15)

OWN_UNIT = "Trung tâm Phục vụ hành chính công phường Nhị Chiểu"
VERTICAL_UNITS = (
    "Công an phường Nhị Chiểu",
    "Thuế cơ sở 5 thành phố Hải Phòng",
    "Bảo hiểm xã hội cơ sở Nhị Chiểu",
    "Chi nhánh Văn phòng Đăng ký đất đai Nhị Chiểu",
)


@dataclass(frozen=True)
class DossierRow:
    """One row of the one-stop list: one version of one dossier.

    ``bay`` names the trap for which the row was put there ("" for an ordinary row); it is never written.
    Money is integer đồng. The four personal columns hold invented people. None in one of the last five before ``bay``:
    the list has no such column (none of the demo's).
    """

    ma_ho_so: str
    ma_tthc: str
    ten_tthc: str
    linh_vuc: str
    don_vi_tiep_nhan: str
    hinh_thuc_nop: str
    chu_ho_so: str
    so_dinh_danh: str
    dia_chi: str
    so_dien_thoai: str
    ngay_nop: DateCell
    ngay_tiep_nhan: DateCell
    ngay_hen_tra: DateCell
    ngay_ket_thuc: DateCell
    ngay_tra: DateCell
    trang_thai: str
    phi: int | None
    le_phi: int | None
    thanh_toan_truc_tuyen: str | None
    file_thanh_phan: str | None
    file_ket_qua: str | None
    bay: str = ""


@dataclass(frozen=True)
class ProcedureRow:
    """One row of the provincial catalogue, flags as they are written there (text, number or boolean)."""

    ma_tthc: str
    ten_tthc: str
    linh_vuc: str
    cap_thuc_hien: str
    muc_do: str | int
    du_dieu_kien_toan_trinh: str | int | bool
    tai_mot_cua: str | int | bool
    phi_dia_gioi: str | int | bool
    co_phi: str | int | bool
    thanh_toan_truc_tuyen: str | int | bool
    khong_co_ket_qua: str | int | bool
    tinh_trang: str
    quyet_dinh: str


@dataclass(frozen=True)
class FeedbackRow:
    """One PAKN (phản ánh, kiến nghị)."""

    ma_pakn: str
    noi_dung: str
    ngay_tiep_nhan: DateCell
    han_xu_ly: DateCell
    ngay_xu_ly_xong: DateCell
    trang_thai: str
    danh_gia: str


@dataclass(frozen=True)
class DeclaredRow:
    """One declared figure: row ``stt`` of form ``bieu``; ``so_lieu`` None = nobody declared it."""

    ky: str
    bieu: int
    stt: str
    chi_tieu: str
    don_vi_tinh: str
    so_lieu: int | None
    nguoi_khai: str
    ngay_khai: str
    can_cu: str


@dataclass(frozen=True)
class ParagraphRow:
    """One paragraph of the report's text; ``thu_tu`` numbers the paragraphs of a section from 1."""

    ky: str
    muc: str
    thu_tu: int
    noi_dung: str
    nguoi_viet: str
    ngay_viet: str


@dataclass(frozen=True)
class DocumentRow:
    """One cited document of the list."""

    ky: str
    ma: str
    so_ky_hieu: str
    ngay: str
    co_quan: str
    trich_yeu: str
    nguoi_khai: str
    ngay_khai: str


@dataclass(frozen=True)
class Records:
    """Everything the demo inbox holds, dossier rows in the order of the workbook."""

    dossiers: tuple[DossierRow, ...]
    procedures: tuple[ProcedureRow, ...]
    feedback: tuple[FeedbackRow, ...]
    declared: tuple[DeclaredRow, ...]
    paragraphs: tuple[ParagraphRow, ...]
    other_people: frozenset[str] = field(default_factory=frozenset)
    """Invented names that stand inside free text (PAKN), not in a column of their own."""
