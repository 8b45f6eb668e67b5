"""out.ban_gui: the records of reports that were sent, kept inside every version so that one rename switches them too.

Belongs here: reading the records, adding and ending one. Does not belong here: what a record means (schemas/sent),
freezing a version (finalize).
"""

from __future__ import annotations

from dataclasses import asdict

import polars as pl

from assets.io.home import Home
from schemas.export import empty_frame, polars_schema
from schemas.registry import find_table
from schemas.sent import SentReport

SENT = "out.ban_gui"
SENT_FILE = "ban_gui.parquet"
_TABLE = find_table(SENT)


def read_sent(home: Home) -> pl.DataFrame:
    """The records of the published version; none in a version of an older release."""
    path = home.current / SENT_FILE
    return pl.read_parquet(path) if path.is_file() else empty_frame(_TABLE)


def find_sent(records: pl.DataFrame, ky: str) -> SentReport | None:
    """The record in force for a period."""
    rows = records.filter((pl.col("ky") == ky) & pl.col("con_hieu_luc")).to_dicts()
    return SentReport(**rows[0]) if rows else None


def add_sent(records: pl.DataFrame, sent: SentReport) -> pl.DataFrame:
    """The records with one more."""
    after = pl.concat([records, pl.DataFrame([asdict(sent)], schema=polars_schema(_TABLE))])
    _TABLE.schema.validate(after, lazy=True)
    return after


def end_sent(records: pl.DataFrame, ky: str) -> pl.DataFrame:
    """The records with the period's one no longer in force."""
    return records.with_columns((pl.col("con_hieu_luc") & (pl.col("ky") != ky)).alias("con_hieu_luc"))


def list_pinned(records: pl.DataFrame) -> list[str]:
    """The versions that records in force need."""
    return records.filter("con_hieu_luc")["phien_ban"].to_list()
