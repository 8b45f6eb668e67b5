"""Reports of invented units as other offices write them (tests/support/wards): clean as they are, one change is found.

How the expected ids came about stands at the head of wards/thay_doi.toml: they guard what is found, they prove no rate.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.audit import verify_file
from assets.audit.values import scan_numbers
from tests.support.ward_changes import CHANGES, WARDS


@pytest.mark.parametrize("name", CHANGES)
def test_a_correct_report_of_another_office_is_clean(name: str) -> None:
    assert verify_file(WARDS / name) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "ids"), [(name, *change) for name, changes in CHANGES.items() for change in changes]
)
def test_one_change_is_found(tmp_path: Path, name: str, old: str, new: str, ids: set[str]) -> None:
    text = (WARDS / name).read_text("utf-8")
    assert old in text
    path = tmp_path / "bao-cao.txt"
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert {found.ma for found in verify_file(path)} == ids


FIELDS = """BÁO CÁO
Công tác cải cách hành chính quý I năm 2026
Kết quả giải quyết thủ tục hành chính theo lĩnh vực:
TT\tLĩnh vực\tSố hồ sơ tiếp nhận\tSố hồ sơ đã giải quyết
I\tTư pháp\t130\t120
1\tHộ tịch\t100\t95
2\tChứng thực\t30\t25
II\tĐất đai\t20\t20
\tTổng cộng\t150\t{total}
"""


@pytest.mark.parametrize(("total", "ids"), [("140", set()), ("141", {"C22"})])
def test_a_total_row_is_the_sum_of_its_rows(tmp_path: Path, total: str, ids: set[str]) -> None:
    path = tmp_path / "bao-cao.txt"
    path.write_text(FIELDS.format(total=total), "utf-8")
    assert {found.ma for found in verify_file(path)} == ids


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12 480 hồ sơ, đạt 95,6 %", ["12 480", "95,6"]),
        ("12 480/12 500 hồ sơ", ["12 480"]),
        ("năm có 2026 100 hồ sơ", ["2026", "100"]),
        ("18 250 triệu đồng/36 500 triệu đồng", ["18 250"]),
    ],
)
def test_blanks_between_thousands(text: str, numbers: list[str]) -> None:
    assert [token.number.text for token in scan_numbers(text)] == numbers
