"""The auditor of finished reports: ``verify_file`` reads any ward's report and lists what is wrong with it.

Belongs here: recognising what a report says and checking it against itself. Does not belong here: opening files
(assets/io/report_reader), our own data (nothing of it is used), printing (pipelines).
"""

from __future__ import annotations

from pathlib import Path

from assets.audit.check_annex import check_annex
from assets.audit.check_breakdowns import check_breakdowns
from assets.audit.check_documents import check_documents
from assets.audit.check_dossiers import check_dossiers
from assets.audit.check_equations import check_equations
from assets.audit.check_forms import check_forms
from assets.audit.check_fractions import check_fractions
from assets.audit.check_growth import check_growth
from assets.audit.check_issuer import check_issuer
from assets.audit.check_names import check_names
from assets.audit.check_periods import check_periods
from assets.audit.check_plan import check_plan
from assets.audit.check_repeats import check_repeats
from assets.audit.check_shares import check_shares
from assets.audit.check_size import check_size
from assets.audit.check_staff import check_staff
from assets.audit.check_tables import check_tables
from assets.audit.check_wording import check_wording
from assets.audit.doubt import leave_out_doubtful
from assets.audit.evidence import Evidence, gather
from assets.audit.finding import AuditFinding, drop_repeats, order, to_rows
from assets.audit.identities import check_identities
from assets.audit.recognition import is_report
from assets.io.report_blocks import UnreadableReport
from assets.io.report_reader import read_report

__all__ = ["AuditFinding", "UnreadableReport", "to_rows", "verify_file"]

_CHECKS = (
    check_identities,
    check_fractions,
    check_dossiers,
    check_staff,
    check_breakdowns,
    check_equations,
    check_growth,
    check_plan,
    check_shares,
    check_forms,
    check_annex,
    check_repeats,
    check_tables,
    check_documents,
    check_periods,
    check_wording,
    check_names,
    check_issuer,
    check_size,
)


def verify_file(path: Path) -> list[AuditFinding]:
    """Audit a finished report.

    Args:
        path: a .docx, .txt or .pdf file.

    Returns:
        Findings, E before W before I, then by id; empty for a report without errors.

    Raises:
        UnreadableReport: the file cannot be read, or is no administrative-reform report.
    """
    evidence = gather(read_report(path))
    if not is_report(evidence):
        raise UnreadableReport(
            f"Tệp “{path.name}” không giống báo cáo cải cách hành chính: không thấy lời báo cáo và biểu mẫu nào."
        )
    return judge(evidence)


def judge(evidence: Evidence) -> list[AuditFinding]:
    """Run every check on a report's evidence."""
    sure = leave_out_doubtful(evidence)
    return order(drop_repeats(found for check in _CHECKS for found in check(sure)))
