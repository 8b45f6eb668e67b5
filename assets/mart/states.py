"""The mart assets: states as of the cut-off and what systems say differently, from the SELECTs beside this module.

Belongs here: the asset definitions of layer mart and running its SELECTs. Does not belong here: a rule (the SELECTs).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import dagster as dg
import polars as pl

from assets.contracts import check_frames, contract_spec
from assets.io.home import Home
from assets.io.landing import write_parquet
from assets.io.warehouse import Counter
from assets.periods import PERIODS
from assets.request import ReportRequest
from schemas.export import cast_to_contract
from schemas.registry import find_table
from schemas.rules.counting import load_policies
from schemas.unit import UnitRules, UnitSettings

_HERE = Path(__file__).parent
STATE_TABLES = {"mart.ho_so_ky": "core.ho_so", "mart.thu_tuc_ky": "core.thu_tuc", "mart.pakn_ky": "core.pakn"}
"""Table of states → core table it is made of."""

_PAYMENTS = "core.thanh_toan"
_POLICIES = "mart.chinh_sach"
_RECONCILED = "mart.doi_soat_he_thong"
_COMPARED = ("core.ho_so", "core.ho_so_ban", _PAYMENTS)


def read_select(full_name: str) -> str:
    """The SELECT that makes a mart table: its file bears its name."""
    return (_HERE / f"{full_name.split('.')[1]}.sql").read_text("utf-8")


def state_as_of(home: Home, request: ReportRequest) -> dict[str, pl.DataFrame]:
    """Make the state tables of one period and cut-off from core's Parquet files."""
    with Counter() as counter:
        for source in (*STATE_TABLES.values(), _PAYMENTS):
            counter.add_parquet(source, home.table(source))
        return {name: _select(counter, name, request.parameters) for name in STATE_TABLES}


def reconcile_systems(home: Home, rules: UnitRules) -> pl.DataFrame:
    """``mart.doi_soat_he_thong``: where the newest rows of two systems disagree, whatever the period."""
    with Counter() as counter:
        for source in _COMPARED:
            counter.add_parquet(source, home.table(source))
        return _select(counter, _RECONCILED, {"day_du": list(rules.he_thong_day_du)})


def _select(counter: Counter, name: str, parameters: Mapping[str, object]) -> pl.DataFrame:
    """Run a mart table's SELECT and give its columns the types of the contract."""
    return cast_to_contract(counter.run(read_select(name), parameters), find_table(name))


def frame_policies() -> pl.DataFrame:
    """``mart.chinh_sach``: the counting policies as rows."""
    rows = [policy.model_dump() for policy in load_policies().values()]
    frame = pl.DataFrame([{**row, "tinh_giai_quyet": list(row["tinh_giai_quyet"])} for row in rows])
    return cast_to_contract(frame, find_table("mart.chinh_sach"))


@dg.multi_asset(
    name="mart",
    group_name="mart",
    partitions_def=PERIODS,
    specs=[
        *(
            dg.AssetSpec(
                name.split("."),
                deps=[
                    dg.AssetKey(one.split("."))
                    for one in ((source, _PAYMENTS) if name == "mart.ho_so_ky" else (source,))
                ],
                description=f"{find_table(name).grain}.",
            )
            for name, source in STATE_TABLES.items()
        ),
        dg.AssetSpec(
            _RECONCILED.split("."),
            deps=[dg.AssetKey(source.split(".")) for source in _COMPARED],
            description="Hồ sơ mà hai hệ thống ghi khác nhau, hoặc chỉ một hệ thống có.",
        ),
        dg.AssetSpec(_POLICIES.split("."), description="Các chính sách đếm (schemas/rules/counting.toml)."),
    ],
    check_specs=[contract_spec(name) for name in (*STATE_TABLES, _RECONCILED, _POLICIES)],
)
def take_states(
    home: dg.ResourceParam[Home],
    don_vi: dg.ResourceParam[UnitSettings],
    yeu_cau: dg.ResourceParam[ReportRequest],
) -> Iterator[dg.MaterializeResult[None]]:
    """State of every dossier, procedure and petition as of the cut-off; and where systems disagree."""
    states = state_as_of(home, yeu_cau)
    frames = states | {_RECONCILED: reconcile_systems(home, don_vi.quy_tac), _POLICIES: frame_policies()}
    results, sound = check_frames(frames)
    for (name, frame), result in zip(frames.items(), results, strict=True):
        if sound:
            write_parquet(frame, home.partition(name, yeu_cau.partition) if name in states else home.table(name))
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(name.split(".")),
            metadata={"dagster/row_count": frame.height},
            check_results=[result],
        )
