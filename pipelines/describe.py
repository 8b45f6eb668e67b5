"""Gives every asset what the UI shows: owner, kinds, and the column schema generated from its contract.

Belongs here: turning the registry's neutral column specs into Dagster's types, in one place for all assets.
"""

from __future__ import annotations

from datetime import timedelta

import dagster as dg

from schemas.export import column_specs
from schemas.fields import load_meanings
from schemas.registry import TABLES
from schemas.sources import load_sources

# a source or connector that two nightly runs did not look at is stale; how old what it last gave is stands in
# `cchc status` (a connector that was asked in vain was looked at: its checks say that)
_NIGHTLY = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=50), warn_window=timedelta(hours=26))
OWNER = "team:cchc"
_KINDS = {
    "ket_noi": {"python"},
    "raw": {"excel", "parquet"},
    "core": {"polars", "parquet"},
    "mart": {"duckdb", "parquet"},
    "out": {"duckdb", "parquet"},
}
_DOCUMENT_KINDS = {"bao_cao": {"word"}, "phu_luc_3": {"excel"}, "so_phat_hien": {"excel"}, "so_doi_chieu": {"excel"}}


def describe_spec(spec: dg.AssetSpec) -> dg.AssetSpec:
    """The spec with owner, kinds and, for a table of the registry, its column schema."""
    layer, name = spec.key.path
    kinds = _DOCUMENT_KINDS.get(name, _KINDS[layer]) if layer == "out" else _KINDS[layer]
    table = TABLES.get(f"{layer}.{name}")
    metadata = dict(spec.metadata)
    if table is not None:
        metadata["dagster/column_schema"] = dg.TableSchema(
            columns=[
                dg.TableColumn(
                    one.name,
                    one.type,
                    description=one.description,
                    constraints=dg.TableColumnConstraints(nullable=one.nullable),
                )
                for one in column_specs(table)
            ]
        )
    if layer in ("ket_noi", "raw"):
        spec = spec.replace_attributes(freshness_policy=_NIGHTLY)
    if layer == "raw":
        metadata["dagster/column_schema"] = _describe_raw_columns(name)
    return spec.replace_attributes(owners=[OWNER], kinds=kinds, metadata=metadata)


def _describe_raw_columns(source: str) -> dg.TableSchema:
    """The allow-listed columns of a source, all text, and where each row stands."""
    tables = load_sources()[source].tables
    fields = dict.fromkeys(field for table in tables for field in table.aliases.values())
    meanings = load_meanings()
    columns = [
        dg.TableColumn(name, "VARCHAR", description=meanings[name].title if name in meanings else None)
        for name in [*fields, "_file_sha256", "_sheet"]
    ]
    return dg.TableSchema(columns=[*columns, dg.TableColumn("_row", "BIGINT", description=meanings["_row"].title)])
