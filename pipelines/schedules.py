"""The nightly schedule: at 02:00 it rebuilds the periods that are open on that day.

Belongs here: when. Does not belong here: which periods are open (schemas/rules/periods).
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.clock import ZONE
from pipelines.jobs import REPORT_JOB
from pipelines.resources import REQUEST_KEY
from schemas.rules.periods import open_periods

NIGHTLY = "moi_dem"
_ASKED = {"chinh_thuc": "co", "nguoi_chay": "lịch chạy đêm", "tu_dong": True}
_RUN_CONFIG = {"resources": {REQUEST_KEY: {"config": _ASKED}}}


def build_nightly_schedule() -> dg.ScheduleDefinition:
    """02:00 Asia/Ho_Chi_Minh, running from the first start: an office forgets to switch a schedule on."""

    @dg.schedule(
        name=NIGHTLY,
        job_name=REPORT_JOB,
        cron_schedule="0 2 * * *",
        execution_timezone=ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Hằng đêm lập lại báo cáo của các kỳ đang mở.",
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        day = context.scheduled_execution_time.date()
        for period in open_periods(day):
            yield dg.RunRequest(
                run_key=f"{period.key}:{day.isoformat()}", partition_key=period.key, run_config=_RUN_CONFIG
            )

    return nightly
