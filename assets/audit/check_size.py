"""What is too crowded to be judged is said, so that no finding does not read as no error (E13).

Belongs here: paragraphs and tables whose figures no check has compared. Does not belong here: the bounds (scan,
text_tables), files too large to be read (assets/io/report_reader).
"""

from __future__ import annotations

from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.scan import MOST_FIGURES
from assets.audit.text_tables import MOST_COLUMNS


def check_size(evidence: Evidence) -> list[AuditFinding]:
    """Run the check of this module: one finding with every place."""
    crowded = [scan.paragraph for scan in evidence.scans if scan.unread]
    wide = [table for table in evidence.layout.data if len(table.titles) > MOST_COLUMNS]
    if not crowded and not wide:
        return []
    message = fill("E13", "chung", doan=len(crowded), so=MOST_FIGURES, bang=len(wide), cot=MOST_COLUMNS)
    places = [*(paragraph.place_at() for paragraph in crowded), *(table.rows[0].place for table in wide)]
    quote = crowded[0].quote() if crowded else wide[0].quote(wide[0].rows[0])
    return [make_finding("E13", places, f"{len(crowded)} đoạn, {len(wide)} bảng", "không đối chiếu", message, quote)]
