"""Closes the record of a run that was killed while it held the home's lock.

Belongs here: telling Dagster that such a run failed. Does not belong here: noticing it (assets/io/home: the lock file
still names the run). Pools are not used, because a SIGKILL leaves their slots taken for ever.
"""

from __future__ import annotations

import dagster as dg


def close_killed_run(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Mark a killed run failed.

    Returns:
        Whether there was an unfinished run of that id.
    """
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished:
        return False
    instance.report_run_failed(run, message="Lần chạy bị ngắt giữa chừng; lần chạy sau đã đóng nó lại.")
    instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    return True
