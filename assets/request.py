"""What one run is asked for: the arguments that assets take instead of a clock or global settings.

Belongs here: the frozen request. Does not belong here: choosing its values (pipelines).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from schemas.rules.periods import Period


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """One report run.

    Attributes:
        ky: the period.
        ngay_chot: cut-off (domain.md §3: T2).
        chinh_sach: counting policy that the documents use; values are computed under every policy.
        chinh_thuc: whether this run's documents replace the period's report.
        run_id: the orchestrator's run id.
        thoi_diem: when the run began (local time), for the record of runs only; no number depends on it.
        nguoi_chay: login or schedule that started it.
        tu_dong: a schedule or sensor started it; its values make room for the next automatic run's.
        pdf: also write a PDF.
        lay_tep: pull through the connectors first.
        la_so_lieu_mau: the home holds the demo's sample data; every page says so.
    """

    ky: Period
    ngay_chot: date
    chinh_sach: str
    chinh_thuc: bool
    run_id: str
    thoi_diem: datetime
    nguoi_chay: str
    tu_dong: bool = False
    pdf: bool = False
    lay_tep: bool = True
    la_so_lieu_mau: bool = False

    @property
    def partition(self) -> str:
        """Name of this period and cut-off in the layers' folders."""
        return f"{self.ky.key}_{self.ngay_chot.isoformat()}"

    @property
    def parameters(self) -> dict[str, object]:
        """The parameters that mart SELECTs may name."""
        return {"ky": self.ky.key, "ngay_chot": self.ngay_chot, "tu_ngay": self.ky.tu_ngay}
