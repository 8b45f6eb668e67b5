"""Assembles everything Dagster loads.

Belongs here: ``build_definitions``, which command line, server and tests share. Does not belong here: an asset, a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import dagster as dg

from assets.core.tables import build_core_assets
from assets.mart import due_dates, states
from assets.out import products
from assets.raw.deliveries import build_raw_asset
from pipelines.describe import describe_spec
from pipelines.jobs import build_report_job
from pipelines.resources import build_resources
from pipelines.schedules import build_nightly_schedule
from pipelines.sensors import build_inbox_sensor
from pipelines.settings import Settings, WrongSettings
from schemas.connectors import Connector
from schemas.sources import load_sources


def build_definitions(settings: Settings, loggers: Mapping[str, dg.LoggerDefinition] | None = None) -> dg.Definitions:
    """Everything of one installation.

    Args:
        settings: where the home is; tests pass their own.
        loggers: who hears of a run's progress; None for Dagster's own console.
    """
    _adopt_sources(settings)
    loaded = dg.load_assets_from_modules([states, due_dates, products])
    assets = [one for one in loaded if isinstance(one, dg.AssetsDefinition)]
    assets += [*(build_raw_asset(spec) for spec in load_sources().values()), build_core_assets()]
    connectors = list_connectors(settings)
    if connectors:  # a home without any pays nothing for them
        from assets.raw.connections import build_pull_asset

        assets += [build_pull_asset(name, one, settings.unit.tuoi_nguon) for name, one in connectors.items()]
    return dg.Definitions(
        assets=dg.map_asset_specs(lambda spec: describe_spec(_let_pull_first(spec, connectors)), assets),
        resources=build_resources(settings),
        jobs=[build_report_job()],
        schedules=[build_nightly_schedule()],
        sensors=[build_inbox_sensor(settings)],
        # one process: six empty assets took 2-4 s in process and 28 s in one process each
        executor=dg.in_process_executor,
        loggers=loggers,
    )


def _adopt_sources(settings: Settings) -> None:
    """Know the home's own sources; files that cannot be used stop no server from loading: each run says what is wrong.

    Without this the graph would lack their raw assets.
    """
    with suppress(WrongSettings):
        settings.adopt_sources()


def list_connectors(settings: Settings) -> dict[str, Connector]:
    """The connectors that the home has switched on.

    Settings that cannot be used stop no server from loading: each run says what is wrong with them.
    """
    try:
        return {name: one for name, one in settings.unit.ket_noi.items() if one.bat}
    except WrongSettings:
        return {}


def _let_pull_first(spec: dg.AssetSpec, connectors: Mapping[str, Connector]) -> dg.AssetSpec:
    """A raw asset reads its inbox after the connectors of its source have filled it."""
    pulls = [dg.AssetKey(["ket_noi", name]) for name, one in connectors.items() if ["raw", one.nguon] == spec.key.path]
    return spec.replace_attributes(deps=[*spec.deps, *pulls]) if pulls else spec


@dg.definitions
def defs() -> dg.Definitions:
    """What ``dagster`` and ``dg`` load; reads the environment now, not at import."""
    return build_definitions(Settings())
