"""The inbox sensor: new files in the inbox start a rebuild of the period that is next to be sent.

Belongs here: noticing files. Does not belong here: reading them (assets/raw).
"""

import hashlib
import time
from collections.abc import Iterator

import dagster as dg

from assets.io.home import Home, is_locked
from assets.io.landing import find_passport, hash_file, list_inbox, read_refusals
from pipelines.clock import today
from pipelines.jobs import REPORT_JOB
from pipelines.resources import REQUEST_KEY
from pipelines.settings import Settings
from schemas.rules.periods import open_periods
from schemas.sources import load_sources

INBOX_SENSOR = "inbox"
_RUN_CONFIG = {"resources": {REQUEST_KEY: {"config": {"nguoi_chay": "cảm biến inbox", "tu_dong": True}}}}
_QUIET_SECONDS = 10  # a file younger than this may still be on its way over the share


def list_new_files(home: Home, moment: float) -> list[str]:
    """``source:sha256`` of every file that waits in the inbox, is complete, and was neither ingested nor refused.

    Args:
        home: the home.
        moment: the present moment, seconds since the epoch.
    """
    found = []
    for source in load_sources():
        refused = read_refusals(home, source)
        for path in list_inbox(home, source):
            if moment - path.stat().st_mtime < _QUIET_SECONDS:
                continue
            sha256 = hash_file(path)
            if sha256 not in refused and find_passport(home, source, sha256) is None:
                found.append(f"{source}:{sha256}")
    return sorted(found)


def build_inbox_sensor(settings: Settings) -> dg.SensorDefinition:
    """Every minute; one run for all files of a tick, keyed by their contents, so that no file starts two runs."""

    @dg.sensor(
        name=INBOX_SENSOR,
        job_name=REPORT_JOB,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Có tệp mới trong inbox thì lập lại báo cáo của kỳ sắp gửi.",
    )
    def watch_inbox(_: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        if is_locked(settings.place):  # the run may be pulling, or about to read, the very files that lie there now
            yield dg.SkipReason("Đang có lần chạy trong thư mục nhà; phút sau xem lại.")
            return
        new = list_new_files(settings.place, time.time())
        periods = open_periods(today())
        if not new:
            yield dg.SkipReason("Không có tệp mới trong inbox.")
        elif not periods:
            yield dg.SkipReason("Có tệp mới nhưng hôm nay không có kỳ báo cáo nào đang mở.")
        else:
            key = new[0] if len(new) == 1 else hashlib.sha256("\n".join(new).encode()).hexdigest()
            yield dg.RunRequest(run_key=f"{periods[0].key}:{key}", partition_key=periods[0].key, run_config=_RUN_CONFIG)

    return watch_inbox
