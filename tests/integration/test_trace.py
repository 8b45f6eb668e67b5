"""``trace`` lists exactly as many rows as the number says, for every row, policy and unit; money adds up."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.io import warehouse
from pipelines.commands import published, tracing
from pipelines.commands.errors import CommandError
from pipelines.settings import Settings
from schemas.forms import row_id
from tests.support import homes
from tests.support.demo_records import OWN_UNIT, VERTICAL_UNITS

FORMS = ("3", "7", "II.2")


@pytest.fixture(scope="module", autouse=True)
def one_connection(demo_home: Path) -> Iterator[None]:
    """Several hundred traces share one connection: opening the database takes longer than most of them."""
    con = duckdb.connect(str((demo_home / "current" / "cchc.duckdb").resolve()), read_only=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warehouse, "open_published", lambda _: con.cursor())
        yield
    con.close()


def trace(home: Path, row: dict[str, Any], policy: str, unit: str | None = None) -> list[dict[str, Any]]:
    place = Settings(home=home).place
    chosen = published.choose(place, "2026-6T", homes.CUTOFF, policy, unit)
    found = tracing.trace(place, chosen, row_id(row["bieu"], row["stt"]))
    return [dict(zip(found.cot, line, strict=True)) for line in found.dong]


def list_rows(home: Path, kind: str, policy: str, unit: str | None = None) -> list[dict[str, Any]]:
    rows = homes.read_values(home, policy=policy, unit=unit)
    return [row for row in rows if row["bieu"] in FORMS and row["loai"] == kind]


def assert_rows_add_up(home: Path, policy: str, unit: str | None) -> int:
    counted = [row for row in list_rows(home, "counted", policy, unit) if row["so_lieu"] is not None]
    for row in counted:
        behind = trace(home, row, policy, unit)
        number = sum(line["tien_thu"] for line in behind) if row["don_vi_tinh"] == "Đồng" else len(behind)
        assert number == row["so_lieu"], (policy, unit, row)
        key = next((name for name in ("ma_ho_so", "ma_tthc", "ma_pakn") if behind and name in behind[0]), None)
        if key is not None:
            assert len({line[key] for line in behind}) == len(behind), ("one row per thing", row)
    return len(counted)


@pytest.mark.parametrize("policy", homes.POLICIES)
def test_counted_rows_of_the_whole_home(demo_home: Path, policy: str) -> None:
    assert assert_rows_add_up(demo_home, policy, None) == 39, "5 rows of form 3, 10 of form 7, 24 of II.2"


@pytest.mark.parametrize("unit", [OWN_UNIT, VERTICAL_UNITS[0]])
def test_counted_rows_of_one_unit(demo_home: Path, unit: str) -> None:
    assert assert_rows_add_up(demo_home, "II06A", unit) == 37, "all but the two rows of PAKN"


def test_a_row_without_a_breakdown_by_unit_says_so(demo_home: Path) -> None:
    rows = [*list_rows(demo_home, "counted", "II06A", OWN_UNIT), *list_rows(demo_home, "ratio", "II06A", OWN_UNIT)]
    unknown = [row for row in rows if row["so_lieu"] is None]
    assert [(row["bieu"], row["stt"]) for row in unknown] == [
        ("3", "2.2.1"), ("3", "2.2.2"), ("3", "2.2"), ("II.2", "7")
    ]  # fmt: skip
    for row in unknown:
        with pytest.raises(CommandError, match="bỏ --unit"):
            trace(demo_home, row, "II06A", OWN_UNIT)


@pytest.mark.parametrize("policy", homes.POLICIES)
def test_ratio_rows_list_the_denominator_and_mark_the_numerator(demo_home: Path, policy: str) -> None:
    ratios = list_rows(demo_home, "ratio", policy)
    assert len(ratios) >= 8
    for row in ratios:
        behind = trace(demo_home, row, policy)
        assert len(behind) == row["mau_so"], row
        assert sum(line["trong_tu_so"] for line in behind) == row["tu_so"], row


def test_every_traced_dossier_names_a_row_of_a_delivered_file(demo_home: Path) -> None:
    ended = homes.cchc("trace", "--home", demo_home, "--period", "2026-6T", "BM3.2.1.1", "--csv")
    assert (ended.code, ended.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert len(rows) == 9275
    assert {row["ten_tep"] for row in rows} == {"danh-sach-ho-so-2026-06-23.xlsx"}
    places = [int(row["dong"]) for row in rows]
    assert min(places) > 4
    assert len(set(places)) == 9275


def test_a_traced_row_is_the_row_of_the_workbook(demo_home: Path) -> None:
    import openpyxl

    ended = homes.cchc("trace", "--home", demo_home, "--period", "2026-6T", "II.2.3.4", "--csv")
    (row,) = csv.DictReader(io.StringIO(ended.out))
    book = openpyxl.load_workbook(homes.find_mot_cua(demo_home), read_only=True)
    (cells,) = book[row["trang"]].iter_rows(min_row=int(row["dong"]), max_row=int(row["dong"]), values_only=True)
    assert row["ma_ho_so"] in cells


def test_people_read_words_and_programs_codes(demo_home: Path) -> None:
    """Of the dossiers behind II.2.3.4 there is one: refused, online, of a partly online procedure."""
    arguments = ("trace", "--home", demo_home, "--period", "2026-6T", "II.2.3.4")
    said = homes.cchc(*arguments).out
    assert "cách tính II06A (Biểu II.06a)" in said
    for words in ("Kênh nộp", "từ chối", "đúng hạn", "Trực tuyến", "Một phần"):
        assert words in said, words
    for code in ("tu_choi", "dung_han", "ket_cuc"):
        assert code not in said, code
    (row,) = json.loads(homes.cchc(*arguments, "--json").out)
    assert (row["ket_cuc"], row["han"], row["kenh"], row["muc_do"]) == ("tu_choi", "dung_han", 2, 3)


def test_every_version_of_a_dossier_is_told_in_words(demo_home: Path) -> None:
    said = homes.cchc("trace", "--home", demo_home, "H24.150-260428-0080").out
    for words in ("danh sách hồ", "mọi thông tin", "từ chối"):
        assert words in said, words
    assert "tat_ca" not in said


def test_declared_rows_name_who_declared_them(demo_home: Path) -> None:
    ended = homes.cchc("trace", "--home", demo_home, "--period", "2026-6T", "BM1.2", "--csv")
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert [(row["dong_bieu"], row["gia_tri"]) for row in rows] == [("BM1.2.1", "52"), ("BM1.2.2", "27")]
    assert all(row["nguoi_khai"] and row["ten_tep"] for row in rows)
