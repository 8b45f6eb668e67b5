"""The raw assets: one per source, each takes its part of the inbox in.

Belongs here: the asset definitions of layer raw. Does not belong here: what ingesting means (ingest), layouts
(schemas/sources).
"""

import dagster as dg

from assets.io.home import Home
from assets.io.landing import read_passports
from assets.raw.ingest import ingest_source
from schemas.sources import SourceSpec


def build_raw_asset(spec: SourceSpec) -> dg.AssetsDefinition:
    """One asset ``raw/<source>``: bytes, hash, passport, allow-listed columns as text; personal data stop here."""

    @dg.asset(
        key=dg.AssetKey(["raw", spec.ma]),
        group_name="raw",
        description=f"Tệp nguồn “{spec.ten}” trong inbox/{spec.ma}: giữ bản gốc, đọc các cột được phép thành chữ.",
    )
    def take_in(context: dg.AssetExecutionContext, home: dg.ResourceParam[Home]) -> dg.MaterializeResult[None]:
        result = ingest_source(home, spec, on_file=lambda path: context.log.info("Đọc %s (%s)", path.name, spec.ten))
        for refusal in result.tu_choi:
            for finding in refusal.phat_hien:
                context.log.warning(finding.dien_giai)
        passports = read_passports(home, spec.ma)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(sum(one.so_dong.values()) for one in passports),
                "tep": len(passports),
                "tep_moi": [one.ten_tep for one in result.moi],
                "tep_tu_choi": [one.ten_tep for one in result.tu_choi],
            },
            data_version=dg.DataVersion(",".join(sorted(one.sha256[:12] for one in passports)) or "trong"),
        )

    return take_in
