"""The meaning of every column, once: title, gloss, type, unit, source of the rule (fields.csv beside this module).

Belongs here: reading that file and turning an entry into a Pandera field. Does not belong here: which table has which
column (schemas/tables).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandera.polars as pa


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """One line of fields.csv.

    Attributes:
        name: column name (ASCII Vietnamese).
        title: title in Vietnamese, as people read it.
        gloss: meaning in Vietnamese, read after the title: in the database, in the UI and in the dictionary.
        dtype: text, int8, int32, int64, float, bool, date, datetime or text_list.
        unit: unit of the values, empty if none.
        source: article or document the column's meaning comes from, empty if none.
    """

    name: str
    title: str
    gloss: str
    dtype: str
    unit: str
    source: str


@cache
def load_meanings() -> dict[str, ColumnMeaning]:
    """Read fields.csv.

    Raises:
        ValueError: a column stands twice.
    """
    meanings: dict[str, ColumnMeaning] = {}
    with Path(__file__).with_name("fields.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["ten"] in meanings:
                raise ValueError(f"fields.csv: {row['ten']} stands twice")
            meanings[row["ten"]] = ColumnMeaning(
                row["ten"], row["tieu_de"], row["nghia"], row["kieu"], row["don_vi"], row["co_so"]
            )
    return meanings


def describe(name: str) -> str:
    """One line for database comments and the dictionary: title, gloss, unit, source."""
    meaning = load_meanings()[name]
    unit = f" [{meaning.unit}]" if meaning.unit else ""
    source = f" ({meaning.source})" if meaning.source else ""
    return f"{meaning.title}{unit}: {meaning.gloss}{source}"


def column(name: str, *, meaning: str | None = None, **checks: Any) -> Any:
    """A Pandera field for that column, titled and described from fields.csv.

    Args:
        name: the column's name.
        meaning: its line in fields.csv where a contract gives two meanings one name (``muc_do``).
        **checks: passed to ``pandera.Field`` (``nullable``, ``isin``, ``ge``, ``unique`` …).

    Raises:
        KeyError: the column is not in fields.csv.
    """
    line = meaning or name
    return pa.Field(title=load_meanings()[line].title, description=describe(line), alias=name, **checks)
