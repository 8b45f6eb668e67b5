"""The jobs: one rebuild of one period, from the inbox to the published version.

Belongs here: which assets run together. Does not belong here: when (schedules, sensors).
"""

from __future__ import annotations

import dagster as dg

REPORT_JOB = "report"


def build_report_job() -> dg.UnresolvedAssetJobDefinition:
    """The ``report`` job: every asset, for one period; what ``cchc run``, the schedule and the sensor start."""
    return dg.define_asset_job(
        REPORT_JOB,
        selection=dg.AssetSelection.all(),
        description="Nạp tệp mới trong inbox, tính lại, lập báo cáo và công bố một kỳ.",
    )
