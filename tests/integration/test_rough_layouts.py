"""The layouts as they arrive: HTML under .xls, pages with signatures, deep headers, other orders of columns."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import polars as pl
import pytest

from assets.contracts import check_frames
from assets.core.state import build_core
from assets.io.home import Home
from assets.raw.explain import explain
from assets.raw.extract import extract_tables
from assets.raw.ingest import ingest_source
from pipelines.settings import Settings
from schemas.sources import load_sources
from tests.support import layouts_json as lj
from tests.support import layouts_tables as lt
from tests.support.layouts import ADDRESS, PERSON, PHONE, build_dossiers

SOURCES = load_sources()
SOME = build_dossiers(30)
Rows = Sequence[Sequence[lt.Cell]]
GO_OFFICE_TITLE = "SỔ TIẾP NHẬN HỒ SƠ\nTừ ngày: 01/01/2026\nĐến ngày: 22/06/2026"


def write_page(path: Path, rows: Rows, merges: Sequence[lt.Merge] = ()) -> Path:
    """Write an HTML table with spans, as a portal's "Excel" button does."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merges}
    hidden = {(y, x) for t, left, b, r in merges for y in range(t, b + 1) for x in range(left, r + 1)} - spans.keys()
    width = max(map(len, rows))
    lines = []
    for y, row in enumerate(rows):
        cells = []
        for x in range(width):
            down, across = spans.get((y, x), (1, 1))
            text = html.escape(str(row[x])) if x < len(row) and row[x] is not None else ""
            if (y, x) not in hidden:
                cells.append(f'<td rowspan="{down}" colspan="{across}">{text}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    path.write_text(f"<html><meta charset='utf-8'><table>{''.join(lines)}</table></html>", "utf-8")
    return path


def book_page(path: Path) -> Path:
    standing = [(2, column, 3, column) for column in (*range(7), 12)]
    return write_page(path, lt.book_rows(SOME), [*lt.BOOK_MERGES, *standing])


def book_in_pages(path: Path) -> Path:
    """An empty first column; a signature block, then the header and its numbers again in the middle."""
    rows = lt.book_rows(SOME)
    sign: list[list[lt.Cell]] = [[], ["", "NGƯỜI LẬP SỔ"], ["", PERSON]]
    paged = [["", *row] for row in (*rows[:15], *sign, *rows[2:5], *rows[15:])]
    return lt.write_workbook(path, paged, [(t, left + 1, b, r + 1) for t, left, b, r in lt.BOOK_MERGES])


def other_order(path: Path) -> Path:
    rows = lt.td_rows(SOME)
    order = list(range(len(rows[2])))
    Random(3).shuffle(order)
    return lt.write_workbook(path, [*rows[:2], *([row[i] for i in order] for row in rows[2:])])


def report_book(path: Path) -> Path:
    """GO-Office: a title of three lines in A1, header in row 2, data from row 3."""
    rows = lt.td_rows(SOME)[2:]
    return lt.write_workbook(path, [[GO_OFFICE_TITLE], *rows], [(0, 0, 0, 11)])


def three_levels() -> list[list[lt.Cell]]:
    rows = lt.demo_rows(SOME)
    groups: list[lt.Cell] = ["STT", "Thông tin hồ sơ", *[""] * 5, "Thông tin công dân", *[""] * 3, "Quá trình xử lý"]
    groups += [*[""] * 5, "Thu", "", "", "Số hóa", ""]
    numbers: list[lt.Cell] = [f"({n})" if n != 5 else "(5)=(6)+(7)" for n in range(1, 23)]
    return [*rows[:2], groups, ["", *rows[2][1:]], rows[3], numbers, *rows[4:]]


LEVEL_MERGES = [(2, 1, 2, 6), (2, 7, 2, 10), (2, 11, 2, 16), (2, 17, 2, 19), (2, 20, 2, 21), (3, 11, 3, 15)]
FILES = {
    "book as html": ("so_theo_doi", book_page, 4, 6),
    "book in pages": ("so_theo_doi", book_in_pages, 4, 6),
    "demo as html": ("mot_cua", lambda path: write_page(path, lt.demo_rows(SOME), [(2, 11, 2, 15)]), 4, 17),
    "demo as csv": ("mot_cua", lambda path: lt.write_csv(path, lt.demo_rows(SOME), delimiter=";"), 4, 17),
    "three levels": ("mot_cua", lambda path: lt.write_workbook(path, three_levels(), LEVEL_MERGES), 5, 17),
    "three levels as text": (
        "mot_cua",
        lambda path: lt.write_csv(path, three_levels(), delimiter="\t", encoding="utf-16"),
        5,
        17,
    ),
    "other order": ("mot_cua", other_order, 3, 8),
    "report book": ("mot_cua", report_book, 2, 8),
}


@pytest.mark.parametrize("name", FILES)
def test_the_list_is_found_whole(name: str, tmp_path: Path) -> None:
    source, write, header_row, fields = FILES[name]
    path = write(tmp_path / "a.xls")
    extraction = extract_tables(path, SOURCES[source])
    [header] = extraction.headers
    assert (extraction.data_rows, header.row) == ({"ho_so": len(SOME)}, header_row)
    assert len(set(header.columns.values())) == fields
    assert extraction.tables["ho_so"]["ma_ho_so"].to_list() == [d.code for d in SOME]
    assert PERSON not in str(extraction.tables["ho_so"].rows())
    assert explain(path)["nguon"] == source


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_lines_and_pages(codec: str, tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in lj.dvcqg_document(SOME)["data"])
    (tmp_path / "a.xlsx").write_bytes(lines.encode(codec))
    assert extract_tables(tmp_path / "a.xlsx", SOURCES["dvcqg"]).data_rows == {"ho_so": 30}
    pages = [lj.igate_document(SOME[:10]), lj.igate_document(SOME[10:])]
    (tmp_path / "b.json").write_bytes(json.dumps(pages, ensure_ascii=False).encode(codec))
    assert extract_tables(tmp_path / "b.json", SOURCES["igate"]).data_rows == {"ho_so": 30}


def test_every_system_in_one_home(tmp_path: Path) -> None:
    """Every delivery's rows balance, the contracts hold, and nobody stands in any file of raw."""
    home = Home(tmp_path / "home")
    home.prepare(tuple(SOURCES))
    lt.write_workbook(home.inbox / "mot_cua" / "a.xlsx", lt.demo_rows(SOME))
    lt.write_workbook(home.inbox / "so_theo_doi" / "a.xlsx", lt.book_rows(SOME), lt.BOOK_MERGES)
    lt.write_workbook(home.inbox / "thanh_toan" / "a.xlsx", lt.payment_rows(SOME))
    lj.write_json(home.inbox / "dvcqg" / "a.json", lj.dvcqg_document(SOME))
    lj.write_json(home.inbox / "opencps" / "a.json", lj.opencps_document(SOME))
    lj.write_json(home.inbox / "igate" / "a.json", lj.igate_document(SOME))
    refused = [one for spec in SOURCES.values() for one in ingest_source(home, spec).tu_choi]
    assert refused == []
    frames = build_core(home, Settings(home=home.root).unit, Settings(home=home.root).facts).frames
    assert check_frames(frames)[1]
    accounts = frames["core.giao_nop"]
    balanced = pl.sum_horizontal("so_dong_core", "so_dong_thay_the", "so_dong_loai") == pl.col("so_dong_vao")
    assert (accounts.height, accounts.select(balanced.all()).item()) == (6, True)
    assert frames["core.ho_so"].height == len(SOME)
    for path in (home.root / "raw").rglob("*.*"):
        text = str(pl.read_parquet(path).rows()) if path.suffix == ".parquet" else path.read_text("utf-8")
        assert not [secret for secret in (PERSON, PHONE, ADDRESS, "example.invalid") if secret in text], path.name
