"""How a file would be read: for ``cchc sources --explain``.

Belongs here: guessing a file's source and describing its reading without any of its values. Does not belong here:
printing (pipelines), keeping anything of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from assets.core.parsing import is_blank_expr, matching_key_expr
from assets.io.workbook import UnreadableFile, read_grids, sniff_kind
from assets.raw.extract import Extraction, RefusedFile, extract_grids
from assets.raw.recognise import list_titles, measure_fit, measure_likeness
from schemas.codes import find_code, load_words
from schemas.fields import load_meanings
from schemas.findings import Finding, make_finding
from schemas.rules.display import format_integer
from schemas.sources import load_sources

_WORD_COLUMNS = ("trang_thai", "kenh", "muc_do", "tinh_trang", "hai_long")
"""Columns of words, each with a code list of its own name."""

_SHOWN_ROWS = 10


def explain(path: Path, *, nguon: str | None = None, ten_tep: str | None = None) -> dict[str, Any]:
    """Say which source a file is taken for, why, and how each column is read.

    Args:
        path: the file.
        nguon: its source where that is known (its folder in the inbox); guessed by the titles otherwise.
        ten_tep: its delivered name.

    Returns:
        ``nguon`` (None if no source fits), ``vi_sao``, ``loai_tep``; of the first sheet read ``bang``,
        ``dong_tieu_de`` (row as the clerk sees it), ``cot`` (delivered title → field); ``so_dong`` (data rows of the
        file), ``khong_nhan_ra`` (titles nobody reads, personal ones left out), ``phat_hien`` (findings); ``cac_trang``
        with the same per sheet. No value of the file.

    Raises:
        KeyError: no such source.
    """
    sources = load_sources()
    chosen = {nguon: sources[nguon]} if nguon is not None else sources
    name = ten_tep or path.name
    try:
        grids = read_grids(path, ten_tep=name)
    except UnreadableFile as unreadable:
        return _describe(nguon, "tệp không đọc được", "khong_ro", None, [unreadable.finding])
    kind = sniff_kind(path)
    readings: dict[str, Extraction | RefusedFile] = {}
    for key, spec in chosen.items():
        try:
            readings[key] = extract_grids(grids, spec, path=path, ten_tep=name, file_sha256="")
        except RefusedFile as refusal:
            readings[key] = refusal
    # a damaged list may be acceptable to a source that reads fewer of its columns: the best fit decides first
    fits = {key: measure_fit(sources[key], list_titles(reading)) for key, reading in readings.items()}
    best = max(readings, key=lambda key: (fits[key], isinstance(readings[key], Extraction)))
    reading = readings[best]
    if isinstance(reading, Extraction):
        reason = f"khớp {_known(reading)} tiêu đề cột của nguồn “{best}” ({sources[best].ten})"
        return _describe(best, reason, kind, reading, [*reading.findings, *_find_unknown_words(reading, best, name)])
    refused = {key: one for key, one in readings.items() if isinstance(one, RefusedFile)}
    likest = max(refused, key=lambda key: measure_likeness(sources[key], refused[key]))
    half_read = bool(refused[likest].headers)
    reason = f"giống nguồn “{likest}” nhất nhưng bị từ chối" if half_read else "không giống nguồn nào"
    if not half_read:
        # an aggregate report is told whatever the source; it has no columns of any
        likest = next((key for key in refused if refused[key].findings[0].ma == "BAO_CAO_TONG_HOP"), likest)
    guess = nguon or (likest if half_read else None)
    findings = refused[guess or likest].findings
    if guess is None and findings[0].ma == "KHONG_THAY_TIEU_DE":
        findings = [make_finding("KHONG_GIONG_NGUON_NAO", ten_tep=name, so_nguon=len(sources))]
    return _describe(guess, reason, kind, refused[guess or likest], findings)


def _known(extraction: Extraction) -> int:
    return len({title for header in extraction.headers for title in header.columns})


def _find_unknown_words(extraction: Extraction, nguon: str, name: str) -> Iterator[Finding]:
    """Tell where words stand that no code list knows, one finding per sheet and column; the words may be a person's."""
    for frame in extraction.tables.values():
        for column in [one for one in _WORD_COLUMNS if one in frame.columns]:
            words = frame.filter(~is_blank_expr(column)).select("_sheet", "_row", matching_key_expr(column).alias("tu"))
            known = load_words(column, nguon)
            unknown = [word for word in words["tu"].unique() if find_code(known, word) is None]
            firsts = (
                words.filter(pl.col("tu").is_in(unknown)).group_by("_sheet", "tu").agg(pl.col("_row").min(), pl.len())
            )
            for (sheet,), mine in firsts.sort("_row").group_by("_sheet", maintain_order=True):
                rows = mine["_row"].to_list()
                more = ", …" if len(rows) > _SHOWN_ROWS else ""
                yield make_finding(
                    "TU_CHUA_QUY_DOI",
                    nguon=nguon,
                    ten_tep=name,
                    sheet=str(sheet),
                    row=rows[0],
                    cot=load_meanings()[column].title,
                    so_tu=format_integer(len(rows)),
                    so_dong=format_integer(int(mine["len"].sum())),
                    cac_dong=", ".join(map(str, rows[:_SHOWN_ROWS])) + more,
                )


def _describe(
    nguon: str | None, reason: str, kind: str, reading: Extraction | RefusedFile | None, findings: list[Finding]
) -> dict[str, Any]:
    headers = reading.headers if reading else []
    first = headers[0] if headers else None
    return {
        "nguon": nguon,
        "vi_sao": reason,
        "loai_tep": kind,
        "bang": first.bang if first else None,
        "dong_tieu_de": first.row if first else next((f.row for f in findings if f.row), None),
        "so_dong": sum(reading.data_rows.values()) if isinstance(reading, Extraction) else 0,
        "cot": first.columns if first else {},
        "khong_nhan_ra": [title for header in headers for title in header.unmapped],
        "phat_hien": [
            {"ma": f.ma, "muc_do": f.muc_do, "trang": f.sheet, "dong": f.row, "dien_giai": f.dien_giai}
            for f in findings
        ],
        "cac_trang": [
            {
                "bang": header.bang,
                "trang": header.sheet,
                "dong_tieu_de": header.row,
                "so_dong": header.data_rows,
                "bo_qua": dict(header.skipped),
                "cot": header.columns,
                "khong_nhan_ra": header.unmapped,
                "cot_ca_nhan": header.personal,
            }
            for header in headers
        ],
    }
