"""Checks frames against their contracts and turns the outcome into Dagster's check results.

Belongs here: one way to validate, for every layer. Does not belong here: contracts (schemas/tables).
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg
import polars as pl
from pandera.errors import SchemaErrors

from schemas.registry import find_table

CHECK_NAME = "hop_dong"


def contract_spec(full_name: str) -> dg.AssetCheckSpec:
    """The blocking check that a table keeps its Pandera contract."""
    return dg.AssetCheckSpec(
        CHECK_NAME,
        asset=dg.AssetKey(full_name.split(".")),
        blocking=True,
        description="Bảng giữ đúng hợp đồng cột, kiểu, khóa và quan hệ giữa các cột (schemas/tables).",
    )


def find_breaches(full_name: str, frame: pl.DataFrame) -> list[str]:
    """Which rules of its contract a frame breaks; never a value, which could be a person's.

    Returns:
        ``column: rule`` per broken rule, empty when the contract holds.
    """
    try:
        find_table(full_name).schema.validate(frame, lazy=True)
    except SchemaErrors as broken:
        cases = broken.failure_cases
        return sorted(
            {f"{one['column']}: {one['check']}" for one in cases.select("column", "check").iter_rows(named=True)}
        )
    return []


def check_frames(frames: Mapping[str, pl.DataFrame]) -> tuple[list[dg.AssetCheckResult], bool]:
    """Check every frame of a step.

    Returns:
        One result per table, and whether all contracts hold (only then may anything be written).
    """
    results = []
    for name, frame in frames.items():
        breaches = find_breaches(name, frame)
        results.append(
            dg.AssetCheckResult(
                passed=not breaches,
                asset_key=dg.AssetKey(name.split(".")),
                check_name=CHECK_NAME,
                severity=dg.AssetCheckSeverity.ERROR,
                metadata={"rows": frame.height, "breaches": breaches},
            )
        )
    return results, all(one.passed for one in results)
