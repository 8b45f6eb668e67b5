"""Nobody's name, number or address passes the gate: not into tables, files, documents, streams or Dagster's logs.

Every invented person of the demo is looked for, everywhere that a run writes except the originals in landing/.
"""

from __future__ import annotations

import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.request import ReportRequest
from tests.support import demo_data, homes

_LAPSED = """
[[correction]]
source = "mot_cua"
key = "H24.150-260105-0030"
column = "phi"
expect = "0"
replace = "5000"
reason = "phí ghi thiếu"
reported_to = "đơn vị vận hành cổng"
date = 2026-06-10
"""


@pytest.fixture(scope="module")
def people() -> list[str]:
    """Every personal string of the demo."""
    strings = sorted(text for text in demo_data.personal_strings(demo_data.build_records()) if text)
    assert len(strings) > 5000
    return strings


def find_person(people: list[str], text: str) -> str | None:
    found = pl.Series([unicodedata.normalize("NFC", text)]).str.extract_many(people)[0]
    return found[0] if len(found) else None


def read_texts(frame: pl.DataFrame) -> set[str]:
    """Every distinct text of a frame, also inside lists."""
    texts: set[str] = set()
    for name, dtype in frame.schema.items():
        column = frame[name].explode() if isinstance(dtype, pl.List) else frame[name]
        if column.dtype == pl.String:
            texts |= set(column.drop_nulls().unique())
        elif column.dtype.is_integer():
            texts |= {str(value) for value in column.drop_nulls().unique()}
    return texts


def test_the_originals_do_hold_them(demo_home: Path, people: list[str]) -> None:
    """Otherwise this module proves nothing."""
    with zipfile.ZipFile(homes.find_mot_cua(demo_home)) as package:
        texts = package.read("xl/sharedStrings.xml").decode()
    assert find_person(people, unescape(texts))


def test_published_database(demo_home: Path, people: list[str]) -> None:
    database = (demo_home / "current" / "cchc.duckdb").resolve()
    with duckdb.connect(str(database), read_only=True) as con:
        tables = con.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
        assert len(tables) > 15
        for (table,) in tables:
            texts = read_texts(con.sql(f"from {table}").pl())
            assert find_person(people, "\n".join(texts)) is None, table


def test_parquet_of_every_layer(demo_home: Path, people: list[str]) -> None:
    files = [path for layer in ("raw", "core", "mart", "out") for path in (demo_home / layer).rglob("*.parquet")]
    assert len(files) > 15
    for path in files:
        assert find_person(people, "\n".join(read_texts(pl.read_parquet(path)))) is None, path.name


def _read_document_texts(path: Path) -> Iterator[str]:
    if not zipfile.is_zipfile(path):
        yield path.read_text("utf-8")
        return
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                text = package.read(name).decode()
                yield unescape(text)
                yield unescape(re.sub(r"<[^>]+>", "", text))  # a name may be split over Word's runs


def test_reports_passports_and_records(demo_home: Path, people: list[str]) -> None:
    reports = list(homes.list_files(demo_home / "reports" / "2026-6T"))
    passports = list((demo_home / "raw").rglob("*.json"))
    others = [*homes.list_files(demo_home / "journal"), demo_home / "lock", demo_home / "layout.json"]
    assert {path.suffix for path in reports} >= {".docx", ".xlsx", ".json"}
    assert passports
    for path in [*reports, *passports, *others]:
        for text in _read_document_texts(path):
            assert find_person(people, text) is None, path.name


def test_orchestrators_own_records(demo_home: Path, people: list[str]) -> None:
    files = list(homes.list_files(demo_home / "dagster"))
    assert any(path.suffix == ".db" for path in files)
    for path in files:
        # the event log is JSON inside SQLite: letters beyond ASCII may be written as \\uXXXX
        text = path.read_bytes().decode("utf-8", "ignore")
        spelled = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
        assert find_person(people, spelled) is None, path.name


def test_streams_and_lists(demo_home: Path, demo_streams: str, people: list[str]) -> None:
    assert "Công bố phiên bản" in demo_streams
    assert find_person(people, demo_streams) is None
    for arguments in (["findings", "--csv"], ["findings"], ["status"]):
        name, *rest = arguments
        ended = homes.cchc(name, "--home", demo_home, *rest)
        assert ended.code == 0
        assert find_person(people, ended.said) is None, name
    traced = homes.cchc("trace", "--home", demo_home, "--period", "2026-6T", "II.2.8", "--csv")
    assert len(traced.out.splitlines()) > 100
    assert find_person(people, traced.out) is None


def test_the_originals_are_for_the_owner_only(demo_home: Path) -> None:
    assert stat.S_IMODE((demo_home / "landing").stat().st_mode) == 0o700
    originals = list(homes.list_files(demo_home / "landing"))
    assert len(originals) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in originals} == {0o600}


def test_names_under_a_wrong_header_never_reach_a_message(tmp_path: Path) -> None:
    """A shifted row puts a name under a date's title: no finding, sender's workbook or correction may quote it."""
    import xlsxwriter

    from assets.core.state import build_core
    from assets.io.home import Home
    from assets.out.feedback import write_findings
    from assets.out.freshness import Delivered
    from assets.raw.ingest import ingest_source
    from pipelines.settings import Settings
    from schemas.rules.periods import parse_period
    from schemas.sources import load_sources
    from tests.support.document_samples import make_reference

    secrets = ("Nguyễn Thị Bí Mật", "034199001234", "0912345678", "0912 345 678", "0912.345.678", "Số 9 ngõ Kín")
    titles = ["Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", "Trạng thái", "Phí (VNĐ)"]
    good = ["H24.150-260105-{:04d}", "1.004873", "05/01/2026", "09/01/2026", "08/01/2026", "Đã trả kết quả", "0"]
    home = Home(tmp_path / "home")
    home.prepare(tuple(load_sources()))
    shifted = [(secret, column) for secret in secrets for column in range(2, len(titles))]
    with xlsxwriter.Workbook(str(home.inbox / "mot_cua" / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, titles)
        for number in range(1, 1000):
            row = [good[0].format(number), *good[1:]]
            if number % 30 == 0 and shifted:
                secret, column = shifted.pop()
                row[column] = secret
            sheet.write_row(number, 0, row)
    assert not shifted
    ingest_source(home, load_sources()["mot_cua"])
    settings = Settings(home=home.root)
    home.corrections.mkdir()
    (home.corrections / "a.toml").write_text(_LAPSED, "utf-8")
    frames = build_core(home, settings.unit, settings.facts).frames
    found = frames["core.phat_hien"]
    assert "DINH_CHINH_HET_HIEU_LUC" in set(found["ma"])
    assert found.filter(pl.col("dien_giai").str.contains("không in lại")).height >= 12
    request = ReportRequest(
        ky=parse_period("2026-6T"),
        ngay_chot=date(2026, 6, 9),
        chinh_sach="II06A",
        chinh_thuc=True,
        run_id="thu",
        thoi_diem=datetime.fromisoformat("2026-06-20T08:00:00"),
        nguoi_chay="thu",
    )
    properties = make_reference().thuoc_tinh
    delivered = Delivered(frames["core.giao_nop"], frames["core.da_rut"], settings.unit.tuoi_nguon)
    sent = write_findings(found, delivered, request, properties, tmp_path)
    for texts in ("\n".join(read_texts(found)), *_read_document_texts(sent)):
        assert [secret for secret in secrets if secret in texts] == []


def test_an_unreadable_day_is_still_quoted() -> None:
    from assets.core.findings import quote_safely_expr

    days = ["31/02/2026", "31/02/2026 08:30:00", "2026-02-30 08:30:00", "31.02.2026", "45x12"]
    quoted = pl.DataFrame({"o": days}).select(quote_safely_expr("o").alias("o"))["o"].to_list()
    assert quoted[:4] == [f"“{day}”" for day in days[:4]]
    assert "45x12" not in quoted[4]
