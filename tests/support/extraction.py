"""Grids typed by hand through the gate: what is extracted, and the one finding of what is refused.

Belongs here: the shortest call of the gate, for the tests of raw. Does not belong here: expectations (the tests).
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assets.raw.extract import Extraction, RefusedFile, extract_grids
from schemas.findings import Finding
from schemas.sources import SourceSpec, load_sources
from tests.support.sheet_samples import make_grid

Rows = Sequence[Sequence[str]]
SOURCES = load_sources()


def extract(rows: Rows, source: str | SourceSpec = "mot_cua") -> Extraction:
    """Extract one sheet as a source."""
    spec = SOURCES[source] if isinstance(source, str) else source
    return extract_grids([make_grid(rows)], spec, path=None, ten_tep="tệp thử.xlsx", file_sha256="abc")


def refusal(rows: Rows, source: str = "mot_cua") -> Finding:
    """Extract one sheet that must be refused, and return the finding that says why."""
    with pytest.raises(RefusedFile) as caught:
        extract(rows, source)
    [finding] = caught.value.findings
    assert "tệp thử.xlsx" in finding.dien_giai
    return finding


def row_numbers(extraction: Extraction, bang: str = "ho_so") -> list[int]:
    """The sheet rows that became rows of a table."""
    return extraction.tables[bang]["_row"].to_list()
