"""The connectors as assets ``ket_noi/<name>``: each brings files into its source's inbox before the raw asset reads it.

Belongs here: what Dagster sees of a pull. Does not belong here: pulling itself (pulling), and no network library is
loaded before a pull runs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from assets.io.connector_log import ConnectorLog, read_log
from assets.io.home import Home
from assets.raw.pull_state import describe_pull
from assets.request import ReportRequest
from schemas.connectors import Connector
from schemas.unit import SourceAges

LAYER = "ket_noi"
CHECK = "lay_duoc"
FRESH_CHECK = "con_moi"
RETRY = dg.RetryPolicy(max_retries=1, delay=5, jitter=dg.Jitter.PLUS_MINUS)
"""Only here: the other assets give the same again. A portal has been asked several times before this counts."""
_FRESH_SECONDS = 3600


def build_pull_asset(name: str, connector: Connector, ages: SourceAges | None = None) -> dg.AssetsDefinition:
    """The asset of one connector. A pull that fails is a warning of its check and a finding, never a failed run.

    Args:
        name: the connector's name in the home.
        connector: its settings.
        ages: from which age a connector is called old; None: the shipped limit.
    """
    limits = ages or SourceAges()
    key = dg.AssetKey([LAYER, name])
    untried = " Mẫu này chưa kiểm chứng với dịch vụ thật." if connector.chua_kiem_chung else ""

    @dg.asset(
        key=key,
        group_name=LAYER,
        description=f"Kết nối “{name}” ({connector.ten}): lấy tệp mới về inbox/{connector.nguon}.{untried}",
        retry_policy=RETRY,
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=key, description="Lần lấy gần nhất có được không."),
            dg.AssetCheckSpec(
                FRESH_CHECK,
                asset=key,
                description=f"Lấy được trong {limits.ket_noi} ngày qua, không sót ngày nào.",
            ),
        ],
    )
    def pull(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], yeu_cau: dg.ResourceParam[ReportRequest]
    ) -> Iterator[dg.MaterializeResult[None]]:
        log, files = read_log(home, name, connector.nguon), list[str]()
        if yeu_cau.lay_tep and not _is_fresh(log, yeu_cau):
            from assets.raw.pulling import pull_connector

            log, files = pull_connector(home, name, connector, yeu_cau.thoi_diem)
            if log.loi and context.retry_number < RETRY.max_retries:
                raise dg.Failure(log.loi, allow_retries=True)
        if log.loi:
            context.log.warning("Kết nối %s: %s", name, log.loi)
        state, day = describe_pull(log, connector), yeu_cau.thoi_diem.date()
        age = state.count_days(day)
        ages_said: dict[str, Any] = {
            "lan_duoc_cuoi": state.last_success,
            "lan_loi_cuoi": state.last_failure or "chưa lần nào",
            "ngay_chua_phu": state.missing_days or "không có",
        } | ({} if age is None else {"tuoi_ngay": age})
        results = [
            _warn_unless(CHECK, passed=not log.loi, said={"loi": log.loi}),
            _warn_unless(FRESH_CHECK, passed=not limits.judge_pull(age) and not state.ngay_thieu, said=ages_said),
        ]
        metadata = {"tep_moi": files, "loi": log.loi, **ages_said}
        yield dg.MaterializeResult(metadata=metadata, check_results=results)

    return pull


def _warn_unless(check: str, *, passed: bool, said: Mapping[str, Any]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=check, passed=passed, severity=dg.AssetCheckSeverity.WARN, metadata=dict(said)
    )


def _is_fresh(log: ConnectorLog, request: ReportRequest) -> bool:
    """Whether an automatic run may use what the one before it pulled: a night rebuilds several periods in a row."""
    if not request.tu_dong or log.loi or log.lan_duoc_cuoi is None:
        return False
    return 0 <= (request.thoi_diem - log.lan_duoc_cuoi).total_seconds() < _FRESH_SECONDS
