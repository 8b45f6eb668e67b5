"""The connectors as assets ``ket_noi/<name>``: each brings files into its source's inbox before the raw asset reads it.

Belongs here: what Dagster sees of a pull. Does not belong here: pulling itself (pulling), and no network library is
loaded before a pull runs.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.io.connector_log import ConnectorLog, read_log
from assets.io.home import Home
from assets.request import ReportRequest
from schemas.connectors import Connector

LAYER = "ket_noi"
CHECK = "lay_duoc"
RETRY = dg.RetryPolicy(max_retries=1, delay=5, jitter=dg.Jitter.PLUS_MINUS)
"""Only here: the other assets give the same again. A portal has been asked several times before this counts."""
_FRESH_SECONDS = 3600


def build_pull_asset(name: str, connector: Connector) -> dg.AssetsDefinition:
    """The asset of one connector. A pull that fails is a warning of its check and a finding, never a failed run.

    Args:
        name: the connector's name in the home.
        connector: its settings.
    """
    key = dg.AssetKey([LAYER, name])
    untried = " Mẫu này chưa kiểm chứng với dịch vụ thật." if connector.chua_kiem_chung else ""

    @dg.asset(
        key=key,
        group_name=LAYER,
        description=f"Kết nối “{name}” ({connector.ten}): lấy tệp mới về inbox/{connector.nguon}.{untried}",
        retry_policy=RETRY,
        check_specs=[dg.AssetCheckSpec(CHECK, asset=key, description="Lần lấy gần nhất có được không.")],
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
        last = f"{log.lan_duoc_cuoi:%d/%m/%Y %H:%M}" if log.lan_duoc_cuoi else "chưa lần nào"
        metadata: dict[str, Any] = {"tep_moi": files, "lan_duoc_cuoi": last, "loi": log.loi}
        passed = dg.AssetCheckResult(
            check_name=CHECK, passed=not log.loi, severity=dg.AssetCheckSeverity.WARN, metadata={"loi": log.loi}
        )
        yield dg.MaterializeResult(metadata=metadata, check_results=[passed])

    return pull


def _is_fresh(log: ConnectorLog, request: ReportRequest) -> bool:
    """Whether an automatic run may use what the one before it pulled: a night rebuilds several periods in a row."""
    if not request.tu_dong or log.loi or log.lan_duoc_cuoi is None:
        return False
    return 0 <= (request.thoi_diem - log.lan_duoc_cuoi).total_seconds() < _FRESH_SECONDS
