"""A wrong delivery goes out with a reason and comes back with --undo; the published state waits for the next run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from assets.core.state import build_core
from assets.io.home import Home
from assets.io.journal import read_journal
from assets.raw.ingest import ingest_source
from pipelines.commands.withdrawing import take_back, withdraw
from pipelines.settings import Settings
from schemas.sources import load_sources
from tests.support import demo_data, homes

MOMENT = datetime(2026, 6, 24, 8)  # noqa: DTZ001
TITLES = ["Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", "Trạng thái", "Phí (VNĐ)"]


def deliver(home: Home, name: str, rows: Sequence[tuple[int, str, str, int]]) -> None:
    """Drop and ingest a list of dossiers: number, result day, status, fee."""
    with xlsxwriter.Workbook(str(home.inbox / "mot_cua" / name)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        for line, (number, done, status, fee) in enumerate(rows, start=1):
            code = f"H24.150-260105-{number:04d}"
            sheet.write_row(line, 0, [code, "1.004873", "05/01/2026", "09/01/2026", done, status, str(fee)])
    ingest_source(home, load_sources()["mot_cua"])


def read_core(home: Home) -> tuple[dict[int, tuple[str, int]], dict[str, tuple[int, ...]], list[str]]:
    """Dossier → (result day, fee); file → (rows in, kept, superseded, rejected); withdrawn files."""
    settings = Settings(home=home.root)
    frames = build_core(home, settings.unit, settings.facts).frames
    dossiers = {
        int(code[-4:]): (day.strftime("%d/%m/%Y") if day else "", fee)
        for code, day, fee in frames["core.ho_so"].select("ma_ho_so", "ngay_tra", "phi").iter_rows()
    }
    counts = frames["core.giao_nop"].select("ten_tep", pl.col("^so_dong_.*$"))
    return (
        dossiers,
        {name: tuple(rest) for name, *rest in counts.iter_rows()},
        frames["core.da_rut"]["ten_tep"].to_list(),
    )


def test_older_versions_come_back_when_the_newer_delivery_was_wrong(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare(tuple(load_sources()))
    done = "Đã trả kết quả"
    deliver(home, "danh-sach-2026-06-01.xlsx", [(1, "08/01/2026", done, 5000), (2, "07/01/2026", done, 0)])
    # the wrong list changes dossier 1 and brings a dossier 3 that is not ours
    deliver(home, "danh-sach-2026-06-08.xlsx", [(1, "20/01/2026", done, 9000), (3, "09/01/2026", done, 0)])
    both = (
        {1: ("20/01/2026", 9000), 2: ("07/01/2026", 0), 3: ("09/01/2026", 0)},
        {"danh-sach-2026-06-01.xlsx": (2, 1, 1, 0), "danh-sach-2026-06-08.xlsx": (2, 2, 0, 0)},
        [],
    )
    assert read_core(home) == both

    withdraw(home, "danh-sach-2026-06-08.xlsx", "xuất nhầm đơn vị", "văn phòng", MOMENT)
    assert read_core(home) == (
        {1: ("08/01/2026", 5000), 2: ("07/01/2026", 0)},
        {"danh-sach-2026-06-01.xlsx": (2, 2, 0, 0)},
        ["danh-sach-2026-06-08.xlsx"],
    )

    take_back(home, "danh-sach-2026-06-08.xlsx", "văn phòng", MOMENT)
    assert read_core(home) == both
    told = [
        (one.viec, one.nguoi, one.noi_dung["ten_tep"], one.noi_dung.get("ly_do")) for one in read_journal(home).entries
    ]
    assert told == [
        ("rut_tep", "văn phòng", "danh-sach-2026-06-08.xlsx", "xuất nhầm đơn vị"),
        ("dung_lai_tep", "văn phòng", "danh-sach-2026-06-08.xlsx", None),
    ]


def test_the_only_list_withdrawn_stops_the_run_and_leaves_what_is_published(own_home: Path) -> None:
    before = homes.take_fingerprint(own_home)
    missing = homes.cchc("withdraw", "--home", own_home, demo_data.MOT_CUA.name)
    assert (missing.code, "--reason" in missing.err) == (2, True)
    done = homes.cchc("withdraw", "--home", own_home, demo_data.MOT_CUA.name, "--reason", "xuất nhầm đơn vị")
    assert done.code == 0, done.said
    assert "11.449 dòng" in done.out
    assert "mã 3" in done.out
    assert "xuất nhầm đơn vị" in homes.cchc("status", "--home", own_home).out
    again = homes.cchc("withdraw", "--home", own_home, demo_data.MOT_CUA.name, "--reason", "lần hai")
    assert (again.code, "xuất nhầm đơn vị" in again.err) == (2, True)
    stopped = homes.cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert (stopped.code, "bị rút" in stopped.err) == (3, True), stopped.said
    assert homes.take_fingerprint(own_home) == before
    numbers = homes.read_number_table(own_home)
    assert homes.cchc("withdraw", "--home", own_home, demo_data.MOT_CUA.name, "--undo").code == 0
    homes.run_period(own_home)
    assert homes.read_number_table(own_home) == numbers
    assert homes.query(own_home, "select count(*), count(distinct input_hash) from out.lan_chay") == [(2, 1)]


def test_a_name_that_fits_nothing_and_a_reason_with_a_number_are_wrong_usage(demo_home: Path) -> None:
    nothing = homes.cchc("withdraw", "--home", demo_home, "khong-co.xlsx", "--reason", "thử")
    assert (nothing.code, "Không có tệp đã nhận nào" in nothing.err) == (2, True)
    person = homes.cchc("withdraw", "--home", demo_home, demo_data.MOT_CUA.name, "--reason", "của số 0912345678")
    assert (person.code, "0912345678" in person.said) == (2, False)
    for blank in ("   ", "\u200b\u00a0", "---"):
        unsaid = homes.cchc("withdraw", "--home", demo_home, demo_data.MOT_CUA.name, "--reason", blank)
        assert (unsaid.code, "ghi lý do" in unsaid.err) == (2, True), unsaid.said
