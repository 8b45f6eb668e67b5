"""``cchc run`` and ``cchc demo``: materialise the report job in this process, in the home's own Dagster instance.

Belongs here: lock, instance, progress, what a failure means for the officer. Does not belong here: the assets.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from assets.io.home import Home, HomeIsLocked, HomeIsNewer, hold_lock
from pipelines.commands.errors import CommandError, Exit
from pipelines.settings import PROJECT, Settings

if TYPE_CHECKING:
    import dagster as dg

    from assets.request import ReportRequest
    from schemas.rules.periods import Period

_STEPS = {
    "core": "Làm sạch dữ liệu",
    "mart": "Xác định trạng thái tại ngày chốt",
    "hen_tra": "Tính lại hạn trả",
    "so_lieu": "Tính chỉ tiêu và biểu mẫu",
    "tai_lieu": "Lập báo cáo và phụ lục",
    "out__cong_bo": "Công bố phiên bản",
}


def _name_step(key: str) -> str:
    """A step as the officer knows it; a source added later by its own title."""
    from schemas.sources import load_sources

    if key.startswith("ket_noi__"):
        return f"Lấy tệp qua kết nối {key.removeprefix('ket_noi__')}"
    source = load_sources().get(key.removeprefix("raw__"))
    return f"Nạp {source.ten}" if source else _STEPS.get(key, key)


@dataclass(frozen=True)
class RunOptions:
    """What ``cchc run`` was asked for."""

    ky: str
    ngay_chot: date | None = None
    chinh_sach: str | None = None
    chinh_thuc: bool | None = None
    pdf: bool = False
    pull: bool = True


def run_report(settings: Settings, options: RunOptions) -> ReportRequest:
    """Rebuild and publish one period.

    Returns:
        The request that was carried out.

    Raises:
        CommandError: wrong period, cut-off or policy (2), refused inputs (3), home locked (4).
    """
    from pipelines.clock import now
    from pipelines.requests import make_request
    from schemas.sources import load_sources

    home = settings.place
    run_id = str(uuid4())
    arguments = {
        "ky": options.ky,
        "run_id": run_id,
        "ngay_chot": options.ngay_chot,
        "chinh_sach": options.chinh_sach,
        "chinh_thuc": options.chinh_thuc,
        "pdf": options.pdf,
        "lay_tep": options.pull,
    }
    try:
        request = make_request(home, settings.unit, moment=now(), **arguments)  # type: ignore[arg-type]
        _ = settings.facts  # a broken reference file is the editor's to mend, before anything runs
        if options.pdf:
            need_libreoffice()
        _need_template(settings)
        _need_partition(request.ky)
        home.prepare(tuple(load_sources()))
        with hold_lock(home, run_id) as killed:
            _execute(settings, request, killed)
    except HomeIsLocked as busy:
        raise CommandError(str(busy), Exit.LOCKED) from busy
    except (ValueError, HomeIsNewer) as wrong:  # the rules' own errors: all speak to the officer
        raise CommandError(str(wrong), Exit.USAGE) from wrong
    except PermissionError as denied:
        raise CommandError(f"Không ghi được vào {denied.filename}. Hãy kiểm tra quyền thư mục.", Exit.USAGE) from denied
    return request


def _need_template(settings: Settings) -> None:
    """Refuse an office's own Word template that names what no report has, before any work.

    Raises:
        CommandError: it does, or is no template (2).
    """
    own = settings.own_template
    if own is None:
        return
    from pipelines.commands.template import list_unknown

    if unknown := list_unknown(own):
        raise CommandError(f"{own}: {' '.join(unknown)} Xem đủ: cchc template --check.", Exit.USAGE)


def _need_partition(period: Period) -> None:
    from assets.periods import PERIODS, YEARS

    if period.key not in PERIODS.get_partition_keys():
        raise CommandError(
            f"Kỳ {period.key} nằm ngoài các năm {YEARS[0]}–{YEARS[-1]} mà bản này lập báo cáo.", Exit.USAGE
        )


def need_libreoffice() -> None:
    """Refuse a PDF where LibreOffice is missing, before any work.

    Raises:
        CommandError: it is missing (2).
    """
    from assets.io.pdf import PdfError, require_soffice

    try:
        require_soffice()
    except PdfError as missing:
        raise CommandError(str(missing), Exit.USAGE) from missing


def _execute(settings: Settings, request: ReportRequest, killed: str | None) -> None:
    from pipelines.definitions import build_definitions
    from pipelines.jobs import REPORT_JOB
    from pipelines.killed_runs import close_killed_run
    from pipelines.resources import request_config

    with _open_instance(settings.place) as instance:
        gc.freeze()  # what was imported stays for ever; from here on the collector works as usual (see cli.main)
        gc.enable()
        if killed:
            close_killed_run(instance, killed)
        definitions = build_definitions(settings, loggers={"console": _progress_logger()})
        job = definitions.resolve_job_def(REPORT_JOB)
        result = job.execute_in_process(
            partition_key=request.ky.key,
            instance=instance,
            run_config=request_config(request) | {"loggers": {"console": {}}},
            run_id=request.run_id,
            raise_on_error=False,
            tags={"cchc/nguon": "dong-lenh"},
        )
        if not result.success:
            if _was_interrupted(result.all_events):
                raise KeyboardInterrupt
            raise CommandError(_say_failure(result.all_events, request.run_id), Exit.NO_INPUT)


def close_left_open(home: Home, run_id: str) -> None:
    """Close the record of a run that was killed while it held the home."""
    from pipelines.killed_runs import close_killed_run

    with _open_instance(home) as instance:
        close_killed_run(instance, run_id)


def close_killed(home: Home, run_id: str) -> None:
    """Close the record of a run that died while it held the lock that this command holds now."""
    from pipelines.killed_runs import close_killed_run

    with _open_instance(home) as instance:
        close_killed_run(instance, run_id)


def _was_interrupted(events: Sequence[dg.DagsterEvent]) -> bool:
    """Whether somebody pressed Ctrl-C: Dagster turns that into a step failure of its own."""
    errors = [getattr(event.event_specific_data, "error", None) for event in events if event.is_failure]
    return any(error is not None and error.cls_name == "DagsterExecutionInterruptedError" for error in errors)


def _say_failure(events: Sequence[dg.DagsterEvent], run_id: str) -> str:
    """The officer's sentence for a failed run: the Failure that an asset raised, else where it stopped."""
    for event in events:
        data = event.event_specific_data
        failure = getattr(data, "user_failure_data", None)
        if failure is not None and failure.description:
            return str(failure.description)
    for event in events:
        if event.is_step_failure:
            error = getattr(event.event_specific_data, "error", None)
            cause = error.cause if error and error.cause else error
            kind = cause.cls_name if cause else "?"
            step = _name_step(event.step_key or "?")
            return (
                f"Bước “{step}” dừng vì lỗi của phần mềm ({kind}). Báo cáo và cơ sở dữ liệu đã công bố không thay đổi. "
                f"Hãy gửi mã lần chạy {run_id} cho người quản trị."
            )
    broken = [event for event in events if event.event_type_value == "ASSET_CHECK_EVALUATION"]
    names = ", ".join(
        sorted(
            one.event_specific_data.asset_key.to_user_string()  # type: ignore[union-attr]
            for one in broken
            if not one.event_specific_data.passed  # type: ignore[union-attr]
        )
    )
    return (
        f"Bảng {names} không giữ đúng hợp đồng dữ liệu (lỗi của phần mềm). Không công bố gì; bản cũ còn nguyên. "
        "Hãy báo người quản trị."
    )


@contextmanager
def _open_instance(home: Home) -> Iterator[dg.DagsterInstance]:
    """The home's Dagster instance: the same record of runs that ``make dev`` shows."""
    import dagster as dg

    prepare_dagster_home(home)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    with dg.DagsterInstance.get() as instance:
        yield instance


def prepare_dagster_home(home: Home) -> None:
    """Lay the shipped dagster.yaml (telemetry off) into the home's dagster folder, and say where the event log lies."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    event_log = {"module": "pipelines.event_log", "class": "KeptConnectionEventLog"}
    stanza = event_log | {"config": {"base_dir": str(home.dagster / "history" / "runs")}}
    shipped = (PROJECT / "dagster.yaml").read_text("utf-8")
    text = f"{shipped}event_log_storage: {json.dumps(stanza, ensure_ascii=False)}\n"  # JSON is YAML
    (home.dagster / "dagster.yaml").write_text(text, "utf-8")


class _ProgressHandler(logging.Handler):
    """One plain line per step on standard error; of the sources, only those that have a file to read."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", None) or {}
        event = meta.get("dagster_event")
        step = str(meta.get("step_key") or "")
        if event is not None:
            if event.is_step_start and not step.startswith("raw__"):
                sys.stderr.write(f"· {_name_step(step)}\n")
        elif record.levelno == logging.WARNING:
            sys.stderr.write(f"! {meta.get('orig_message', record.getMessage())}\n")
        elif step.startswith("raw__"):
            sys.stderr.write(f"· {meta.get('orig_message', record.getMessage())}\n")


def _progress_logger() -> dg.LoggerDefinition:
    import dagster as dg

    @dg.logger(config_schema={})
    def progress(_: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("cchc.tien_trinh", level=logging.DEBUG)
        logger.addHandler(_ProgressHandler())
        return logger

    return progress


def run_demo(settings: Settings) -> ReportRequest:
    """Copy the tracked demo inbox into a home and run ``2026-6T`` with cut-off 2026-06-09.

    Raises:
        CommandError: the home holds other deliveries (2), or what ``run_report`` raises.
    """
    from assets.io.landing import hash_file, is_passing, list_inbox, read_passports
    from pipelines.requests import DEMO_MARK
    from schemas.sources import load_sources

    home = settings.place
    tracked = [path for path in settings.demo_inbox.rglob("*") if path.is_file() and not is_passing(path)]
    ours = {hash_file(path) for path in tracked}
    there = {one.sha256 for one in read_passports(home)} if home.root.is_dir() else set()
    there |= {hash_file(path) for source in load_sources() for path in list_inbox(home, source)}
    if there - ours:
        raise CommandError(
            f"Thư mục {home.root} đã có dữ liệu khác nên không chạy bản mẫu ở đây. "
            "Hãy chọn thư mục trống: cchc demo --home <thư mục mới>.",
            Exit.USAGE,
        )
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / DEMO_MARK).write_text("Nhà này chứa số liệu mẫu; mọi trang báo cáo ghi “SỐ LIỆU MẪU”.\n", "utf-8")
    for path in tracked:
        target = home.inbox / path.relative_to(settings.demo_inbox)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    return run_report(settings, RunOptions("2026-6T", date(2026, 6, 9), chinh_thuc=True))
