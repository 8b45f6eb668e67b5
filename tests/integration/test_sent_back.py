"""phat-hien.xlsx of a real run: every finding of the database is in it once, refused and withdrawn files are listed."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.support import demo_data, homes


def test_the_workbook_holds_every_finding_of_the_database_once(own_home: Path) -> None:
    broken = own_home / "inbox" / "pakn" / "hỏng.xlsx"
    broken.write_bytes(b"khong phai bang tinh")
    done = homes.cchc("withdraw", "--home", own_home, demo_data.PAKN.name, "--reason", "bản của nơi khác")
    assert done.code == 0, done.said
    homes.run_period(own_home)
    (found,) = homes.query(
        own_home, "select (select count(*) from core.phat_hien) + (select count(*) from out.phat_hien_ky)"
    )
    book = openpyxl.load_workbook(own_home / "reports" / "2026-6T" / "phat-hien.xlsx")
    summary = [row for row in book["Tổng hợp"].iter_rows(min_row=4, values_only=True) if row[1]]
    files = [row for row in book["Các tệp"].iter_rows(min_row=4, values_only=True) if row[10]]
    own = [row[10] for row in files if row[8]]
    sheets = [row for name in own for row in book[name].iter_rows(min_row=4, values_only=True) if row[7]]
    assert (sum(row[4] for row in summary),) == (sum(row[8] for row in files),) == (len(sheets),) == found
    states = {(row[0], row[1], row[2]) for row in files}
    assert {
        ("pakn", "hỏng.xlsx", "bị từ chối"),
        ("pakn", demo_data.PAKN.name, "đã rút"),
        ("mot_cua", demo_data.MOT_CUA.name, "đã nhận"),
    } <= states
    never = {row[0]: row[7] for row in book["Nguồn"].iter_rows(min_row=4, values_only=True)}
    assert (never["pakn"], never["dvcqg"]) == ("mọi bản đã nộp đều bị rút", "chưa nộp lần nào")
