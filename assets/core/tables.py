"""The core assets: the tables made in one step.

Belongs here: the asset definitions of layer core. Does not belong here: how the tables are made (state and the module
of each table). One step, because rows in = core + superseded + rejected can only be proved over all of them at once.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.contracts import check_frames, contract_spec
from assets.core.state import NoUsableDossiers, build_core
from assets.io.home import Home
from assets.io.landing import write_parquet
from schemas.registry import TABLES
from schemas.rules.reference import ReferenceFacts
from schemas.sources import load_sources
from schemas.unit import UnitSettings

ROW_ACCOUNT = "so_dong"
"""The check that every delivery's rows are accounted for."""

CORE_TABLES = [table for table in TABLES.values() if table.layer == "core"]
_CLEANED = ["ho_so", "thu_tuc", "thanh_toan", "pakn", "nhap_tay", "doan_van", "van_ban", "tong_hop"]


def _list_raw(table: str) -> list[dg.AssetKey]:
    """The raw assets whose source delivers that table."""
    return [
        dg.AssetKey(["raw", spec.ma])
        for spec in load_sources().values()
        if any(one.bang == table for one in spec.tables)
    ]


def _list_deps() -> dict[str, list[dg.AssetKey]]:
    """What each core table is made of; asked anew for every graph, since a home may bring sources of its own."""
    every_raw = [dg.AssetKey(["raw", source]) for source in load_sources()]
    cleaned = [dg.AssetKey(["core", name]) for name in _CLEANED]
    return {
        "ho_so": [*_list_raw("ho_so"), dg.AssetKey(["core", "thu_tuc"])],
        "ho_so_ban": _list_raw("ho_so"),
        **{name: _list_raw(name) for name in _CLEANED[1:]},
        "thanh_toan": [*_list_raw("thanh_toan"), dg.AssetKey(["core", "ho_so"])],
        "giao_nop": [*every_raw, *cleaned],
        "da_rut": every_raw,
        "phat_hien": [*every_raw, *cleaned],
    }


def build_core_assets() -> dg.AssetsDefinition:
    """The assets of layer core, below every source that is known now."""
    deps = _list_deps()

    @dg.multi_asset(
        name="core",
        group_name="core",
        specs=[
            dg.AssetSpec(["core", table.name], deps=deps[table.name], description=f"{table.grain}.")
            for table in CORE_TABLES
        ],
        check_specs=[
            *(contract_spec(table.full_name) for table in CORE_TABLES),
            dg.AssetCheckSpec(
                ROW_ACCOUNT,
                asset=["core", "giao_nop"],
                blocking=True,
                description="Mỗi tệp: số dòng vào = vào kho + bị thay thế + bị loại.",
            ),
        ],
    )
    def clean_deliveries(
        context: dg.AssetExecutionContext,
        home: dg.ResourceParam[Home],
        don_vi: dg.ResourceParam[UnitSettings],
        tham_chieu: dg.ResourceParam[ReferenceFacts],
    ) -> Iterator[dg.MaterializeResult[None]]:
        """Clean what was delivered into the core tables; a broken contract writes nothing and stops the run."""
        yield from _clean(context, home, don_vi, tham_chieu)

    return clean_deliveries


def _clean(
    context: dg.AssetExecutionContext, home: Home, don_vi: UnitSettings, tham_chieu: ReferenceFacts
) -> Iterator[dg.MaterializeResult[None]]:
    try:
        state = build_core(home, don_vi, tham_chieu)
    except NoUsableDossiers as nothing:
        raise dg.Failure(description=str(nothing), allow_retries=False) from nothing
    results, sound = check_frames(state.frames)
    results.append(_check_row_account(state.frames["core.giao_nop"]))
    for name, frame in state.frames.items():
        if sound:
            write_parquet(frame, home.table(name))
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(name.split(".")),
            metadata={"dagster/row_count": frame.height},
            check_results=[one for one in results if one.asset_key == dg.AssetKey(name.split("."))],
        )
    context.log.info("Đã làm sạch %d hồ sơ", state.frames["core.ho_so"].height)


def _check_row_account(deliveries: pl.DataFrame) -> dg.AssetCheckResult:
    """Nothing is dropped without a count, delivery by delivery (architecture.md, rule 2)."""
    accounted = pl.sum_horizontal("so_dong_core", "so_dong_thay_the", "so_dong_loai")
    wrong = deliveries.filter(pl.col("so_dong_vao") != accounted)
    return dg.AssetCheckResult(
        passed=wrong.is_empty(),
        asset_key=dg.AssetKey(["core", "giao_nop"]),
        check_name=ROW_ACCOUNT,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={name: int(deliveries[name].sum()) for name in deliveries.columns if name.startswith("so_dong")}
        | {"tep_sai": wrong["ten_tep"].to_list()},
    )
