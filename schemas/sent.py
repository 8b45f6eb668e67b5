"""The report that was sent: its number and date as one record, and what that record does to later runs.

Belongs here: what the record says, which numbers and dates will do, which runs write a true-up beside it. Does not
belong here: freezing a version (assets/out/finalize), the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from schemas.rules.display import format_date

TRUE_UP = "bo-sung"
"""Folder inside the report's folder that takes the documents of later runs."""


@dataclass(frozen=True, slots=True)
class SentReport:
    """One row of ``out.ban_gui``.

    Attributes:
        ky: period.
        so: number given by văn thư.
        ngay: date of the document.
        ngay_chot: cut-off of its values.
        chinh_sach: their counting policy.
        phien_ban: the version that holds exactly what was sent.
        nguoi: who froze it.
        thoi_diem: when, local time.
        con_hieu_luc: false once it was undone.
    """

    ky: str
    so: int
    ngay: date
    ngay_chot: date
    chinh_sach: str
    phien_ban: str
    nguoi: str
    thoi_diem: datetime
    con_hieu_luc: bool

    @property
    def said(self) -> str:
        """The record in a message."""
        return f"số {self.so} ngày {format_date(self.ngay)}"

    def is_followed_by(self, chinh_sach: str, *, chinh_thuc: bool) -> bool:
        """Whether a later run of the period is its true-up: same policy, or asked to be official.

        A trial of another policy publishes its values only, as it does beside a report that is not sent yet.
        """
        return chinh_thuc or chinh_sach == self.chinh_sach


def find_fault(so: int, ngay: date, ngay_chot: date, hom_nay: date) -> str | None:
    """Why a number or date will not do, in Vietnamese; None when both will.

    Args:
        so: number of the document.
        ngay: its date.
        ngay_chot: cut-off of its values: nobody signs figures of days to come.
        hom_nay: the present day.
    """
    if so < 1:
        return "Số văn bản phải là số nguyên dương, ví dụ --number 329."
    if ngay < ngay_chot:
        return (
            f"Ngày văn bản {format_date(ngay)} trước ngày chốt số liệu {format_date(ngay_chot)} của báo cáo chính "
            "thức. Hãy xem lại --date, hoặc chạy cchc run với ngày chốt sớm hơn và --official rồi chốt."
        )
    if ngay > hom_nay:
        return f"Ngày văn bản {format_date(ngay)} chưa đến. Hãy xem lại --date; chốt khi đã có số, ngày của văn thư."
    return None
