"""Assembles everything Dagster loads.

Belongs here: ``build_definitions``, which command line, server and tests share. Does not belong here: an asset, a rule.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from assets.core import tables
from assets.mart import states
from assets.out import products
from assets.raw import deliveries
from pipelines.describe import describe_spec
from pipelines.jobs import build_report_job
from pipelines.resources import build_resources
from pipelines.schedules import build_nightly_schedule
from pipelines.sensors import build_inbox_sensor
from pipelines.settings import Settings


def build_definitions(settings: Settings, loggers: Mapping[str, dg.LoggerDefinition] | None = None) -> dg.Definitions:
    """Everything of one installation.

    Args:
        settings: where the home is; tests pass their own.
        loggers: who hears of a run's progress; None for Dagster's own console.
    """
    loaded = dg.load_assets_from_modules([deliveries, tables, states, products])
    assets = [one for one in loaded if isinstance(one, dg.AssetsDefinition)]
    return dg.Definitions(
        assets=dg.map_asset_specs(describe_spec, assets),
        resources=build_resources(settings),
        jobs=[build_report_job()],
        schedules=[build_nightly_schedule()],
        sensors=[build_inbox_sensor(settings)],
        # one process: six empty assets took 2-4 s in process and 28 s in one process each
        executor=dg.in_process_executor,
        loggers=loggers,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``dagster`` and ``dg`` load; reads the environment now, not at import."""
    return build_definitions(Settings())
