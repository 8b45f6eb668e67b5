"""How well a file's titles fit a source: several systems write lists of dossiers, and share many titles.

Belongs here: the one order by which a file's source is guessed and a file in a wrong folder is noticed. Does not belong
here: reading files (extract), titles (schemas/sources).
"""

from __future__ import annotations

from collections.abc import Iterable

from assets.raw.extract import Extraction, RefusedFile
from assets.raw.header import list_readings
from schemas.sources import SourceSpec, TableSpec, normalise_title

Fit = tuple[int, int, int]
"""Whether the titles that only this system writes are there; titles known; whether it has no such titles at all."""

NO_FIT: Fit = (0, 0, 0)
_MIN_MARKS = 2


def list_titles(reading: Extraction | RefusedFile) -> frozenset[str]:
    """Normalised titles of everything that was recognised, personal ones left out."""
    return frozenset(
        normalise_title(title) for header in reading.headers for title in (*header.columns, *header.unmapped)
    )


def measure_likeness(spec: SourceSpec, refusal: RefusedFile) -> Fit:
    """Measure how much a refused file looks like a source's: own titles, titles known, whether it has no own ones."""
    marks = {key for table in spec.tables for key in table.mark_keys}
    titles = list_titles(refusal)
    known = max((len(header.columns) for header in refusal.headers), default=0)
    return int(len(titles & marks) >= _MIN_MARKS), known, int(not marks)


def measure_fit(spec: SourceSpec, titles: Iterable[str]) -> Fit:
    """Measure how well a source explains a file; the greater, the better.

    Args:
        spec: the source.
        titles: normalised titles of the file.

    Returns:
        The best of its tables that would have all required fields; :data:`NO_FIT` without one.
    """
    written = frozenset(titles)
    return max((_measure(table, written) for table in spec.tables), default=NO_FIT)


def _measure(table: TableSpec, titles: frozenset[str]) -> Fit:
    readings = [next((key for key in list_readings(title) if key in table.known_titles), None) for title in titles]
    known = [key for key in readings if key is not None]
    fields = {field for key in known for field in table.known_titles[key]}
    if not set(table.required) <= fields or any(fields.isdisjoint(group) for group in table.one_of):
        return NO_FIT
    marked = len(titles & table.mark_keys) >= _MIN_MARKS
    return int(marked), len(known), int(not table.marks)
