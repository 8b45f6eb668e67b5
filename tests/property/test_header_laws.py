"""Laws of reading a list: what may not matter does not, whatever the rows."""

from __future__ import annotations

import datetime as dt
import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.raw.extract import RefusedFile, extract_grids
from schemas.sources import load_sources
from tests.support.sheet_samples import make_grid

SPEC = load_sources()["mot_cua"]
FIELDS = {
    "ma_ho_so": "Mã hồ sơ",
    "ten_tthc": "Tên thủ tục hành chính",
    "ngay_tiep_nhan": "Ngày tiếp nhận",
    "ngay_hen_tra": "Ngày hẹn trả",
    "trang_thai": "Trạng thái",
    "le_phi": "Lệ phí (VNĐ)",
}
PERSONAL = ("Chủ hồ sơ", "Số điện thoại", "Địa chỉ")
SECRET = "Nguyễn Thị Bí Mật"

dates = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2030, 12, 31)).map(lambda day: f"{day:%d/%m/%Y}")
records = st.lists(
    st.fixed_dictionaries(
        {
            "ma_ho_so": st.integers(1, 9999).map(lambda n: f"H24.150-260604-{n:04d}"),
            "ten_tthc": st.sampled_from(["Khai sinh", "Chứng thực", "Tổng hợp hồ sơ", "Cộng nhận"]),
            "ngay_tiep_nhan": dates,
            "ngay_hen_tra": st.one_of(st.just(""), dates),
            "trang_thai": st.sampled_from(["Đang xử lý", "Đã trả kết quả", "Chờ bổ sung"]),
            "le_phi": st.one_of(st.just(""), st.integers(0, 10**6).map(str)),
        }
    ),
    min_size=1,
    max_size=12,
)
NOISE = (
    [],
    ["  "],
    ["Tổng cộng", "12"],
    ["(1)", "(2)", "(3)", "(4)"],
    ["Trong đó:", "", "5"],
)


def lay_out(records: list[dict[str, str]], order: list[str], titles: dict[str, str]) -> list[list[str]]:
    body = [[record.get(name, SECRET) for name in order] for record in records]
    return [["STT", *(titles.get(name, name) for name in order)]] + [[str(i), *row] for i, row in enumerate(body, 1)]


def read(rows: list[list[str]]) -> tuple[pl.DataFrame, str]:
    extraction = extract_grids([make_grid(rows)], SPEC, path=None, ten_tep="t.xlsx", file_sha256="")
    return extraction.tables["ho_so"], repr(extraction)


def contents(table: pl.DataFrame) -> list[dict[str, str | None]]:
    return table.select(list(FIELDS)).to_dicts()


def expected(records: list[dict[str, str]]) -> list[dict[str, str | None]]:
    return [{name: record[name] or None for name in FIELDS} for record in records]


@settings(max_examples=60, deadline=None)
@given(records=records, order=st.permutations([*FIELDS, *PERSONAL]), upper=st.booleans(), nfd=st.booleans())
def test_column_order_and_the_form_of_titles_do_not_matter(
    records: list[dict[str, str]], order: list[str], upper: bool, nfd: bool
) -> None:
    titles = {name: title.upper() if upper else title for name, title in FIELDS.items()}
    if nfd:
        titles = {name: unicodedata.normalize("NFD", title) for name, title in titles.items()}
    table, everything = read(lay_out(records, order, titles))
    assert contents(table) == expected(records)
    assert SECRET not in everything
    assert SECRET not in str(table.rows())


@settings(max_examples=60, deadline=None)
@given(records=records, above=st.integers(0, 30), left=st.integers(0, 3), data=st.data())
def test_titles_blanks_and_totals_around_and_between_do_not_matter(
    records: list[dict[str, str]], above: int, left: int, data: st.DataObject
) -> None:
    header, *rows = lay_out(records, [*FIELDS, *PERSONAL], FIELDS)
    mixed: list[list[str]] = []
    numbers = []
    for row in rows:
        mixed += data.draw(st.lists(st.sampled_from([*NOISE, header]), max_size=2))
        mixed.append(row)
        numbers.append(above + 1 + len(mixed))
    sheet = [["DANH SÁCH HỒ SƠ"] if i == 0 else [] for i in range(above)] + [header, *mixed]
    table, _ = read([[""] * left + row for row in sheet])
    assert contents(table) == expected(records)
    assert table["_row"].to_list() == numbers


@settings(max_examples=40, deadline=None)
@given(records=records, cut=st.integers(0, 12))
def test_splitting_a_list_over_sheets_changes_no_row(records: list[dict[str, str]], cut: int) -> None:
    parts = [lay_out(part, list(FIELDS), FIELDS) for part in (records[:cut], records[cut:])]
    extraction = extract_grids(
        [make_grid(part, f"Trang {i}") for i, part in enumerate(parts)], SPEC, path=None, ten_tep="t", file_sha256=""
    )
    assert contents(extraction.tables["ho_so"]) == expected(records)
    assert extraction.data_rows == {"ho_so": len(records)}


@settings(max_examples=40, deadline=None)
@given(records=records, missing=st.sampled_from(SPEC.tables[0].required))
def test_a_list_without_a_required_column_is_always_refused(records: list[dict[str, str]], missing: str) -> None:
    order = [name for name in FIELDS if name != missing]
    with pytest.raises(RefusedFile) as caught:
        read(lay_out(records, order, FIELDS))
    assert FIELDS[missing] in str(caught.value)
