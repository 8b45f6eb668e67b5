"""core.ho_so: outcomes by the table of domain.md §2, and rows that cannot be counted."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from assets.core.ho_so import clean_dossiers
from assets.core.rows import Cleaned
from assets.io.landing import Passport
from schemas.export import empty_frame
from schemas.registry import find_table
from schemas.unit import UnitRules

RULES = UnitRules(nganh_doc=("Công an phường", "Chi nhánh Văn phòng Đăng ký đất đai"))
PLAIN = {"ma_ho_so": "H24.150-260601-0001", "ngay_tiep_nhan": "01/06/2026", "trang_thai": "Đang xử lý"}


def clean(*rows: dict[str, str], rules: UnitRules = RULES) -> Cleaned:
    columns = sorted({name for row in rows for name in row})
    frame = pl.DataFrame(
        [{name: row.get(name) for name in columns} for row in rows], schema=dict.fromkeys(columns, pl.Utf8)
    )
    placed = frame.with_columns(
        pl.lit("f").alias("_file_sha256"),
        pl.lit("Trang").alias("_sheet"),
        pl.int_range(5, 5 + pl.len(), dtype=pl.Int64).alias("_row"),
    )
    passport = Passport("mot_cua", "f.xlsx", "f", 1, datetime(2026, 6, 23), "trong_tep", {"ho_so": len(rows)})  # noqa: DTZ001
    return clean_dossiers([(passport, placed)], empty_frame(find_table("core.thu_tuc")), rules).dossiers


WRITTEN = "H05.16-260601-0031"
DATED = {"ngay_ket_thuc": "03/06/2026", "ngay_tra": "04/06/2026"}


@pytest.mark.parametrize(
    "written",
    [
        "h05.16-260601-0031",
        "'H05.16-260601-0031",
        "’H05.16-260601-0031",
        "H05.16-260601-0031.",
        "\u00a0H05.16-260601-0031\u3000",
        "H05.16 - 260601 - 0031",
        "Ｈ０５．１６－２６０６０１－００３１",
        "H05.16–260601–0031",
        "H05.16\u2011260601\u20110031",
        '"H05.16-260601-0031",',
        "H05.16-260601-\u200b0031",
    ],
)
def test_a_code_written_another_way_is_the_same_dossier_without_a_word(written: str) -> None:
    first = PLAIN | {"ma_ho_so": WRITTEN, "ma_tthc": "1.004873"}
    cleaned = clean(first, first | {"ma_ho_so": written, "ma_tthc": "'1.004873"})
    assert cleaned.frame["ma_ho_so"].to_list() == [WRITTEN]
    assert cleaned.frame["ma_tthc"].to_list() == ["1.004873"]
    assert cleaned.accounts.select("so_dong_core", "so_dong_thay_the", "so_dong_loai").rows() == [(1, 1, 0)]
    assert {"MA_HO_SO_LA", "MA_HO_SO_VIET_KHAC", "NGAY_LECH_MA_HO_SO"}.isdisjoint(cleaned.findings["ma"])


@pytest.mark.parametrize(("odd", "told"), [(10, ["MA_HO_SO_LA"] * 10), (11, ["NHIEU_MA_HO_SO_LA"])])
def test_a_system_of_other_codes_is_told_once_with_three_of_them(odd: int, told: list[str]) -> None:
    cleaned = clean(PLAIN, *(PLAIN | {"ma_ho_so": f"LA/{number:03}"} for number in range(1, odd + 1)))
    assert cleaned.frame.height == odd + 1
    found = cleaned.findings.filter(pl.col("ma").str.contains("MA_HO_SO_LA"))
    assert found["ma"].to_list() == told
    if len(told) == 1:
        assert "11 mã hồ sơ không theo mẫu thường gặp (ví dụ LA/001, LA/002, LA/003)" in found["dien_giai"].item()
        assert found.select("_row", "ma_ho_so", "_file_sha256").null_count().row(0) == (1, 1, 0)


@pytest.mark.parametrize(
    ("ended", "dated", "told"),
    [
        (10, 0, ["KET_THUC_KHONG_NGAY"] * 10),
        (11, 0, ["TEP_KHONG_NGAY_KET_THUC"]),
        (11, 1, ["KET_THUC_KHONG_NGAY"] * 11),
    ],
)
def test_a_system_without_end_dates_is_told_once_and_a_forgotten_date_at_its_row(
    ended: int, dated: int, told: list[str]
) -> None:
    rows = [
        PLAIN | {"ma_ho_so": f"H24.150-260601-{n:04}", "trang_thai": "Đã trả kết quả"} for n in range(ended + dated)
    ]
    rows = [row | (DATED if place >= ended else {}) for place, row in enumerate(rows)]
    cleaned = clean(*rows)
    found = cleaned.findings.filter(pl.col("ma").str.contains("NGAY_KET_THUC|KET_THUC_KHONG"))
    assert found["ma"].to_list() == told
    assert cleaned.frame["ket_cuc"].null_count() == ended
    if dated == 0 and len(told) == 1:
        assert "11 hồ sơ ghi là đã kết thúc" in found["dien_giai"].item()
        assert found["muc_do"].item() == "E"


@pytest.mark.parametrize(("dated", "told"), [(0, ["TEP_KHONG_NGAY_HEN_TRA"]), (1, ["THIEU_NGAY_HEN_TRA"] * 11)])
def test_a_list_without_due_days_is_told_once_and_a_forgotten_one_at_its_row(dated: int, told: list[str]) -> None:
    rows = [PLAIN | {"ma_ho_so": f"H24.150-260601-{n:04}", "ngay_hen_tra": ""} for n in range(11)]
    rows += [PLAIN | {"ma_ho_so": "H24.150-260601-0099", "ngay_hen_tra": "05/06/2026"}] * dated
    found = clean(*rows).findings.filter(pl.col("ma").str.contains("NGAY_HEN_TRA"))
    assert found["ma"].to_list() == told
    assert found["muc_do"].unique().to_list() == ["W"]


def test_two_spellings_that_say_different_things_are_one_dossier_with_a_finding_at_the_odd_row() -> None:
    first = PLAIN | {"ma_ho_so": WRITTEN}
    cleaned = clean(first, first | {"ma_ho_so": "h05.16-260601-0031", "ngay_tiep_nhan": "02/06/2026"}, PLAIN)
    assert cleaned.frame["ma_ho_so"].to_list() == [WRITTEN, PLAIN["ma_ho_so"]]
    found = cleaned.findings.filter(pl.col("ma") == "MA_HO_SO_VIET_KHAC")
    assert found["_row"].to_list() == [6]
    # a status that moved on is no conflict
    moved = clean(first, first | {"ma_ho_so": "h05.16-260601-0031", "trang_thai": "Đã trả kết quả"})
    assert "MA_HO_SO_VIET_KHAC" not in set(moved.findings["ma"])


END, RETURN, REFUSED = date(2026, 6, 3), date(2026, 6, 4), date(2026, 6, 2)


@pytest.mark.parametrize(
    ("word", "dates", "outcome", "day", "paused"),
    [
        pytest.param("Đã xử lý xong", DATED, "ket_qua", END, False, id="9: the end before the return"),
        pytest.param("Đã trả kết quả", {"ngay_tra": "04/06/2026"}, "ket_qua", RETURN, False, id="10: else the return"),
        pytest.param("Đã trả kết quả", {}, None, None, False, id="10 without any end stays open"),
        pytest.param("Từ chối giải quyết", DATED, "tu_choi", END, False, id="refused after acceptance"),
        pytest.param(
            "Dừng xử lý", {"ngay_tu_choi": "02/06/2026"}, "tu_choi", REFUSED, False, id="8 with a refusal day"
        ),
        pytest.param("Công dân yêu cầu rút hồ sơ", DATED, "rut", END, False, id="7"),
        pytest.param("Dừng xử lý", DATED, "dung", END, False, id="8 with an end"),
        pytest.param("Dừng xử lý", {"ngay_tra": "04/06/2026"}, None, None, True, id="8 without an end waits"),
        pytest.param("Yêu cầu bổ sung giấy tờ", {}, None, None, True, id="5 waits"),
        pytest.param("Tạm dừng", DATED, None, None, True, id="tạm dừng waits whatever its dates"),
        pytest.param("Đang xử lý", DATED, "ket_qua", END, False, id="open with an end: the dates win"),
        pytest.param("Yêu cầu bổ sung giấy tờ", DATED, "ket_qua", END, False, id="waiting with an end: the dates win"),
        pytest.param("Một từ lạ", DATED, None, None, False, id="unknown word: open even with an end"),
        pytest.param("Mới đăng ký", DATED, None, None, False, id="1 has no outcome"),
    ],
)
def test_outcome(word: str, dates: dict[str, str], outcome: str | None, day: date | None, paused: bool) -> None:
    row = clean(PLAIN | {"trang_thai": word} | dates).frame.row(0, named=True)
    assert (row["ket_cuc"], row["ngay_ket_cuc"], row["la_tam_dung"]) == (outcome, day, paused)


def test_an_end_before_receipt_counts_on_the_receipt_day() -> None:
    cleaned = clean(PLAIN | {"trang_thai": "Đã xử lý xong", "ngay_ket_thuc": "28/05/2026"})
    assert cleaned.frame["ngay_ket_cuc"].to_list() == [date(2026, 6, 1)]
    assert "KET_THUC_TRUOC_TIEP_NHAN" in cleaned.findings["ma"].to_list()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ngay_tiep_nhan": "31/02/2026"}, "NGAY_TIEP_NHAN_KHONG_DOC_DUOC"),
        ({"ngay_tiep_nhan": ""}, "THIEU_NGAY_TIEP_NHAN"),
        ({"ma_ho_so": ""}, "THIEU_MA_HO_SO"),
        ({"ma_ho_so": "Trần Thử Nghiệm"}, "THIEU_MA_HO_SO"),
    ],
)
def test_a_row_that_cannot_be_counted_is_rejected_listed_and_counted(change: dict[str, str], code: str) -> None:
    cleaned = clean(PLAIN | change, PLAIN | {"ma_ho_so": "H24.150-260601-0002"})
    assert cleaned.frame["ma_ho_so"].to_list() == ["H24.150-260601-0002"]
    rejected = cleaned.findings.filter(pl.col("ma") == code)
    assert rejected["_row"].to_list() == [5]
    assert "Trần" not in " ".join(cleaned.findings["dien_giai"])
    assert cleaned.accounts.select("so_dong_core", "so_dong_thay_the", "so_dong_loai").row(0) == (1, 0, 1)


def test_a_rejected_row_does_not_replace_a_readable_one() -> None:
    cleaned = clean(PLAIN, PLAIN | {"ngay_tiep_nhan": "không rõ", "trang_thai": "Đã trả kết quả"})
    assert cleaned.frame["trang_thai"].to_list() == [4]


def test_an_unreadable_due_date_is_marked_and_a_missing_one_is_not() -> None:
    cleaned = clean(PLAIN | {"ngay_hen_tra": "32/06/2026"}, PLAIN | {"ma_ho_so": "H24.150-260601-0002"})
    assert cleaned.frame["la_hen_tra_hong"].to_list() == [True, False]
    found = set(cleaned.findings["ma"])
    assert {"NGAY_HEN_TRA_KHONG_DOC_DUOC", "THIEU_NGAY_HEN_TRA"} <= found


@pytest.mark.parametrize(
    ("units", "vertical"),
    [
        (("Trung tâm Phục vụ hành chính công", None), False),
        (("Công an phường Thử", None), True),
        (("CÔNG AN  PHƯỜNG Thử", None), True),
        (("Trung tâm Phục vụ hành chính công", "Công an phường Thử"), True),
        (("Công an phường Thử", "Phòng Kinh tế"), False),  # the handling unit decides where there is one
        (("Đội Công an phường Thử", None), False),  # begins with, not contains
    ],
)
def test_vertical_agencies(units: tuple[str, str | None], vertical: bool) -> None:
    receiving, handling = units
    row = PLAIN | {"don_vi_tiep_nhan": receiving} | ({"don_vi_xu_ly": handling} if handling else {})
    assert clean(row).frame["nganh_doc"].to_list() == [vertical]


def test_a_unit_that_looks_like_a_vertical_agency_is_told_once_with_its_count() -> None:
    units = [
        "Công an xã Thử",
        "CÔNG AN XÃ THỬ",
        "Công an xã Thử",
        "Công an phường Thử",
        "Phòng Kinh tế",
        "Công anh",
        "Thử Công An",
    ]
    rows = [
        PLAIN | {"ma_ho_so": f"H24.150-260601-{number:04d}", "don_vi_tiep_nhan": unit}
        for number, unit in enumerate(units)
    ]
    not_sent = PLAIN | {
        "ma_ho_so": "H24.150-260601-0099",
        "don_vi_tiep_nhan": "Công an xã Thử",
        "trang_thai": "Mới đăng ký",
    }
    rules = RULES.model_copy(update={"dau_hieu_nganh_doc": ("công an",)})
    told = clean(*rows, not_sent, rules=rules).findings.filter(ma="DON_VI_GIONG_NGANH_DOC")["dien_giai"].to_list()
    assert [line.split(" được tính")[0] for line in told] == [
        "1 hồ sơ của “CÔNG AN XÃ THỬ”",
        "2 hồ sơ của “Công an xã Thử”",
    ]
    assert "DON_VI_GIONG_NGANH_DOC" not in clean(*rows).findings["ma"]
