"""Declared corrections: applied to raw text while the source still errs, never after, never in silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from assets.core.corrections import correct_rows
from assets.io.landing import Passport
from assets.out.provenance import hash_inputs
from pipelines.settings import Settings, WrongSettings
from schemas.corrections import Correction, WrongCorrections, parse_corrections

ENTRY = """
[[correction]]
source = "mot_cua"
key = "H24.150-260105-0001"
column = "ngay_tiep_nhan"
expect = "32/05/2026"
replace = "22/05/2026"
reason = "gõ nhầm ngày"
reported_to = "Trung tâm CNTT tỉnh"
date = 2026-06-10
"""
FIRST, SECOND = "H24.150-260105-0001", "H24.150-260105-0002"


def read(text: str = ENTRY) -> tuple[Correction, ...]:
    return parse_corrections([("thu.toml", text)])


def deliver(day: int, rows: Sequence[tuple[str, str | None]], source: str = "mot_cua") -> tuple[Passport, pl.DataFrame]:
    """A list of dossiers of that day of June: code and receipt day, as raw text."""
    sha = f"{source}{day:02d}"
    when = datetime(2026, 6, day)  # noqa: DTZ001
    passport = Passport(source, f"{sha}.xlsx", sha, 1, when, "trong_tep", {"ho_so": len(rows)})
    frame = pl.DataFrame(
        {
            "ma_ho_so": [code for code, _ in rows],
            "ngay_tiep_nhan": [text for _, text in rows],
            "_file_sha256": sha,
            "_sheet": "Sheet1",
            "_row": range(2, len(rows) + 2),
        },
        schema_overrides={"ngay_tiep_nhan": pl.Utf8},
    )
    return passport, frame


def days(corrected: Sequence[tuple[Passport, pl.DataFrame]]) -> list[list[str | None]]:
    return [frame["ngay_tiep_nhan"].to_list() for _, frame in corrected]


def test_an_error_that_still_stands_is_replaced_in_every_delivery_and_counted() -> None:
    wrong, other = "32/05/2026", "01/06/2026"
    files = [
        deliver(1, [(FIRST, wrong), (SECOND, wrong)]),
        deliver(8, [(SECOND, other), (" H24.150-260105-0001 ", " 32/05/2026 ")]),
        deliver(9, [(FIRST, wrong)], source="dvcqg"),
    ]
    done = correct_rows(iter(files), "ho_so", read())
    assert days(done.deliveries) == [["22/05/2026", wrong], [other, "22/05/2026"], [wrong]]
    (said,) = done.findings
    assert (said.ma, said.muc_do, said.ma_ho_so) == ("DINH_CHINH_DA_AP_DUNG", "I", FIRST)
    assert (said.ten_tep, said.sheet, said.row) == ("mot_cua08.xlsx", "Sheet1", 3)
    assert "2 dòng" in said.dien_giai
    assert "gõ nhầm ngày" in said.dien_giai


def test_once_the_source_says_something_else_nothing_is_replaced() -> None:
    files = [deliver(1, [(FIRST, "32/05/2026")]), deliver(8, [(FIRST, "23/05/2026")])]
    done = correct_rows(files, "ho_so", read())
    assert days(done.deliveries) == [["32/05/2026"], ["23/05/2026"]]
    assert [(one.ma, one.muc_do, one.ten_tep) for one in done.findings] == [
        ("DINH_CHINH_HET_HIEU_LUC", "W", "mot_cua08.xlsx")
    ]


def test_a_newer_delivery_without_the_row_says_nothing_about_it() -> None:
    done = correct_rows([deliver(1, [(FIRST, "32/05/2026")]), deliver(8, [(SECOND, "01/06/2026")])], "ho_so", read())
    assert days(done.deliveries)[0] == ["22/05/2026"]
    assert [one.ma for one in done.findings] == ["DINH_CHINH_DA_AP_DUNG"]


def test_moments_and_codes_of_digits_alone_are_no_persons_numbers() -> None:
    entry = ENTRY.replace('"32/05/2026"', '"20260532081500"').replace(FIRST, "202601050001")
    done = correct_rows([deliver(1, [("202601050001", "20260532081500")])], "ho_so", read(entry))
    assert days(done.deliveries) == [["22/05/2026"]]


def test_a_row_that_is_gone_is_said_and_an_absent_source_is_not() -> None:
    gone = correct_rows([deliver(1, [(SECOND, "32/05/2026")])], "ho_so", read())
    assert days(gone.deliveries) == [["32/05/2026"]]
    assert [(one.ma, one.muc_do) for one in gone.findings] == [("DINH_CHINH_KHONG_THAY_DONG", "W")]
    assert correct_rows([deliver(1, [(FIRST, "32/05/2026")], source="igate")], "ho_so", read()).findings == []
    assert correct_rows([deliver(1, [(FIRST, "32/05/2026")])], "thu_tuc", read()).findings == []


def test_an_empty_cell_and_a_column_that_the_file_lacks() -> None:
    entry = ENTRY.replace('"32/05/2026"', '""').replace("ngay_tiep_nhan", "ngay_hen_tra")
    done = correct_rows([deliver(1, [(FIRST, "01/06/2026"), (SECOND, None)])], "ho_so", read(entry))
    assert done.deliveries[0][1]["ngay_hen_tra"].to_list() == ["22/05/2026", None]
    emptied = ENTRY.replace('"22/05/2026"', '""')
    assert days(correct_rows([deliver(1, [(FIRST, "32/05/2026")])], "ho_so", read(emptied)).deliveries) == [[None]]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "mot_cua"\n', "", "source chưa ghi"),
        ('"mot_cua"', '"nhap_tay"', "nguồn “nhap_tay” không đính chính được"),
        ('"ngay_tiep_nhan"', '"chu_ho_so"', "cột “chu_ho_so” không đính chính được"),
        ('"ngay_tiep_nhan"', '"ma_ho_so"', "cột “ma_ho_so” không đính chính được"),
        ('expect = "32/05/2026"', "expect = 32", "expect phải là chữ trong ngoặc kép"),
        ('"gõ nhầm ngày"', '""', "reason để trống"),
        ('"gõ nhầm ngày"', '"hỏi số 0912 345 678"', "reason có vẻ chứa dữ liệu cá nhân"),
        ("2026-06-10", '"hôm qua"', "date phải là ngày dạng 2026-06-09"),
        ('"22/05/2026"', '"32/05/2026"', "expect và replace giống nhau"),
        ("date =", "ngay =", "ngay không phải mục của một đính chính"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_place(old: str, new: str, said: str) -> None:
    assert old in ENTRY
    good = ENTRY.replace("0001", "0009")
    with pytest.raises(WrongCorrections) as error:
        read(good + ENTRY.replace(old, new))
    assert str(error.value).startswith("Tệp đính chính thu.toml, mục [[correction]] thứ 2: ")
    assert said in str(error.value)
    assert "0912" not in str(error.value)


@pytest.mark.parametrize("text", ["[[correction]", "[sua]\na = 1", "correction = 1"])
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(WrongCorrections, match=r"thu\.toml"):
        read(text)


def test_two_entries_for_one_cell_are_refused() -> None:
    with pytest.raises(WrongCorrections, match="thứ 2: ô này đã có"):
        read(ENTRY + ENTRY)


def test_a_homes_own_corrections_are_settings_and_part_of_the_input_hash(tmp_path: Path) -> None:
    bare = Settings(home=tmp_path).unit
    folder = tmp_path / "corrections"
    folder.mkdir()
    (folder / "a.toml").write_text(ENTRY, "utf-8")
    unit = Settings(home=tmp_path).unit
    assert [one.key for one in unit.dinh_chinh] == [*(one.key for one in bare.dinh_chinh), FIRST]
    assert hash_inputs([], unit) != hash_inputs([], bare)
    (folder / "b.toml").write_text("[[correction]]\n", "utf-8")
    with pytest.raises(WrongSettings, match=r"b\.toml, mục \[\[correction\]\] thứ 1: source chưa ghi"):
        _ = Settings(home=tmp_path).unit
