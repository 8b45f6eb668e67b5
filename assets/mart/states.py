"""The mart assets: dossiers, procedures and petitions as of the cut-off, from the SELECTs beside this module.

Belongs here: the asset definitions of layer mart and running its SELECTs. Does not belong here: a rule (the SELECTs).
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl

from assets.contracts import check_frames, contract_spec
from assets.io.home import Home
from assets.io.landing import write_parquet
from assets.io.warehouse import Counter
from assets.periods import PERIODS
from assets.request import ReportRequest
from schemas.export import polars_schema
from schemas.registry import find_table
from schemas.rules.counting import load_policies

_HERE = Path(__file__).parent
STATE_TABLES = {"mart.ho_so_ky": "core.ho_so", "mart.thu_tuc_ky": "core.thu_tuc", "mart.pakn_ky": "core.pakn"}
"""Table of states → core table it is made of."""


def read_select(full_name: str) -> str:
    """The SELECT that makes a mart table: its file bears its name."""
    return (_HERE / f"{full_name.split('.')[1]}.sql").read_text("utf-8")


def state_as_of(home: Home, request: ReportRequest) -> dict[str, pl.DataFrame]:
    """Make the state tables of one period and cut-off from core's Parquet files."""
    with Counter() as counter:
        for source in STATE_TABLES.values():
            counter.add_parquet(source, home.table(source))
        frames = {}
        for name in STATE_TABLES:
            schema = polars_schema(find_table(name))
            made = counter.run(read_select(name), request.parameters)
            frames[name] = made.select(pl.col(column).cast(dtype) for column, dtype in schema.items())
        return frames


def frame_policies() -> pl.DataFrame:
    """``mart.chinh_sach``: the counting policies as rows."""
    rows = [policy.model_dump() for policy in load_policies().values()]
    schema = polars_schema(find_table("mart.chinh_sach"))
    return pl.DataFrame([{**row, "tinh_giai_quyet": list(row["tinh_giai_quyet"])} for row in rows]).select(
        pl.col(column).cast(dtype) for column, dtype in schema.items()
    )


@dg.multi_asset(
    name="mart",
    group_name="mart",
    partitions_def=PERIODS,
    specs=[
        *(
            dg.AssetSpec(
                name.split("."), deps=[dg.AssetKey(source.split("."))], description=f"{find_table(name).grain}."
            )
            for name, source in STATE_TABLES.items()
        ),
        dg.AssetSpec(["mart", "chinh_sach"], description="Các chính sách đếm (schemas/rules/counting.toml)."),
    ],
    check_specs=[contract_spec(name) for name in (*STATE_TABLES, "mart.chinh_sach")],
)
def take_states(
    home: dg.ResourceParam[Home], yeu_cau: dg.ResourceParam[ReportRequest]
) -> Iterator[dg.MaterializeResult[None]]:
    """State of every dossier, procedure and petition as of the cut-off."""
    frames = state_as_of(home, yeu_cau)
    results, sound = check_frames(frames | {"mart.chinh_sach": frame_policies()})
    if sound:
        for name, frame in frames.items():
            write_parquet(frame, home.partition(name, yeu_cau.partition))
        write_parquet(frame_policies(), home.table("mart.chinh_sach"))
    for name, result in zip([*frames, "mart.chinh_sach"], results, strict=True):
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(name.split(".")),
            metadata={"dagster/row_count": frames[name].height if name in frames else len(load_policies())},
            check_results=[result],
        )
