"""Several systems, one dossier (sources.md §5): hand-worked cases, and the laws that files and their order obey."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assets.core.ho_so import CleanedDossiers, clean_dossiers
from assets.io.landing import Passport
from schemas.export import empty_frame
from schemas.registry import find_table
from schemas.unit import UnitRules

CODE = "H24.150-260601-0001"
Row = dict[str, str]
File = tuple[str, int, list[Row]]
"""System, day of June of the extract, rows; every row of a file has the file's columns."""


def merge(*files: File, rules: UnitRules | None = None, name: str = "f") -> CleanedDossiers:
    deliveries = []
    for number, (system, day, rows) in enumerate(files):
        columns = list(rows[0])
        sha = f"{name}{number}"
        frame = pl.DataFrame([{c: row.get(c) for c in columns} for row in rows], schema=dict.fromkeys(columns, pl.Utf8))
        placed = frame.with_columns(
            pl.lit(sha).alias("_file_sha256"),
            pl.lit("Trang").alias("_sheet"),
            pl.int_range(5, 5 + pl.len(), dtype=pl.Int64).alias("_row"),
        )
        passport = Passport(
            system,
            f"{sha}.xlsx",
            sha,
            1,
            datetime(2026, 6, day),  # noqa: DTZ001
            "trong_tep",
            {"ho_so": len(rows)},
        )
        deliveries.append((passport, placed))
    made = clean_dossiers(deliveries, empty_frame(find_table("core.thu_tuc")), rules or UnitRules())
    find_table("core.ho_so").schema.validate(made.dossiers.frame, lazy=True)
    find_table("core.ho_so_ban").schema.validate(made.versions, lazy=True)
    accounts = made.dossiers.accounts.select(pl.sum_horizontal("so_dong_core", "so_dong_thay_the", "so_dong_loai"))
    assert accounts.sum().item() == sum(len(rows) for _, _, rows in files)
    return made


def dossier(made: CleanedDossiers) -> dict[str, object]:
    (row,) = made.dossiers.frame.rows(named=True)
    return row


def row(**values: str) -> Row:
    return {"ma_ho_so": CODE, "ngay_tiep_nhan": "01/06/2026", "trang_thai": "Đang xử lý"} | values


def test_the_system_of_record_leads_even_over_a_newer_national_extract() -> None:
    """5 locally, 9 nationally (the rewrite of domain.md §2): the local row decides status and days together."""
    local = row(trang_thai="Yêu cầu bổ sung giấy tờ", ngay_ket_thuc="", ngay_hen_tra="10/06/2026")
    national = row(trang_thai="9", ngay_ket_thuc="05/06/2026", ngay_hen_tra="12/06/2026")
    made = merge(("dvcqg", 20, [national]), ("mot_cua", 10, [local]))
    found = dossier(made)
    assert (found["he_thong"], found["trang_thai"], found["ket_cuc"], found["la_tam_dung"]) == (
        "mot_cua", 5, None, True,
    )  # fmt: skip
    assert found["ngay_hen_tra"] == date(2026, 6, 10)
    kept = {one["he_thong"]: one["_superseded_by"] for one in made.versions.rows(named=True)}
    assert kept == {"mot_cua": None, "dvcqg": "f1/Trang/5"}


def test_columns_that_only_another_system_carries_are_lent_and_said() -> None:
    local = row(trang_thai="Đã xử lý xong", ngay_ket_thuc="05/06/2026", kenh="", co_file_ket_qua="Không")
    national = row(trang_thai="9", ma_tthc="1.000001", kenh="2", co_file_ket_qua="Có", ngay_ket_thuc="07/06/2026")
    made = merge(("mot_cua", 10, [local]), ("dvcqg", 10, [national]))
    found = dossier(made)
    assert (found["ngay_ket_cuc"], found["ma_tthc"], found["kenh"], found["co_file_ket_qua"]) == (
        date(2026, 6, 5), "1.000001", 2, True,
    )  # fmt: skip
    lent = {one["he_thong"]: one["cung_cap"] for one in made.versions.rows(named=True)}
    assert lent == {"mot_cua": "dien_bien", "dvcqg": "ma_tthc kenh so_hoa_ket_qua"}


def test_a_column_that_the_newest_file_lacks_comes_from_the_older_one_and_a_blank_is_a_blank() -> None:
    older = row(ngay_hen_tra="10/06/2026", phi="5000", kenh="Trực tuyến")
    newer = row(trang_thai="Đã xử lý xong", ngay_ket_thuc="05/06/2026", kenh="")
    found = dossier(merge(("mot_cua", 10, [older]), ("mot_cua", 12, [newer])))
    assert (found["trang_thai"], found["ngay_hen_tra"], found["phi"], found["kenh"]) == (
        9,
        date(2026, 6, 10),
        5000,
        None,
    )


def test_status_and_its_days_are_never_mixed_from_two_rows() -> None:
    older = row(trang_thai="Đã xử lý xong", ngay_ket_thuc="05/06/2026", ngay_tra="06/06/2026")
    newer = row(trang_thai="Đang xử lý", ngay_ket_thuc="")
    found = dossier(merge(("mot_cua", 10, [older]), ("mot_cua", 12, [newer])))
    assert (found["trang_thai"], found["ket_cuc"], found["ngay_tra"]) == (4, None, None)


def test_a_row_that_cannot_say_when_it_ended_lets_the_next_one_lead() -> None:
    """The list of iGate says "done" and has no column for the day."""
    silent = row(trang_thai="Đã trả kết quả", ngay_hen_tra="10/06/2026")
    knowing = row(trang_thai="10", ngay_ket_thuc="05/06/2026", ngay_hen_tra="12/06/2026")
    found = dossier(merge(("igate", 20, [silent]), ("dvcqg", 10, [knowing])))
    assert (found["he_thong"], found["ngay_ket_cuc"], found["ngay_hen_tra"]) == (
        "dvcqg", date(2026, 6, 5), date(2026, 6, 10),
    )  # fmt: skip


def test_a_register_without_a_status_speaks_through_its_days() -> None:
    plain = {"ma_ho_so": CODE, "ngay_tiep_nhan": "01/06/2026", "ngay_tra": "04/06/2026"}
    made = merge(("so_theo_doi", 10, [plain, plain | {"ma_ho_so": "H24.150-260601-0002", "ngay_tra": ""}]))
    assert made.dossiers.frame.select("trang_thai", "ket_cuc").rows() == [(10, "ket_qua"), (4, None)]
    assert "TRANG_THAI_LA" not in made.dossiers.findings["ma"].to_list()


def test_an_unreadable_cell_is_reported_where_it_stands() -> None:
    local = row(trang_thai="Đang xử lý")
    national = row(trang_thai="4", ngay_hen_tra="32/06/2026")
    made = merge(("mot_cua", 10, [local]), ("dvcqg", 10, [national]))
    broken = made.dossiers.findings.filter(pl.col("ma") == "NGAY_HEN_TRA_KHONG_DOC_DUOC")
    assert dossier(made)["la_hen_tra_hong"]
    assert broken["_file_sha256"].to_list() == ["f1"]


def test_a_unit_changes_the_order_and_names_vertical_systems() -> None:
    files = [("mot_cua", 10, [row()]), ("dvcqg", 10, [row(trang_thai="9", ngay_ket_thuc="05/06/2026")])]
    rules = UnitRules(thu_tu_he_thong=("dvcqg", "mot_cua"), he_thong_nganh_doc=("dvcqg",))
    found = dossier(merge(*files, rules=rules))
    assert (found["he_thong"], found["trang_thai"], found["nganh_doc"]) == ("dvcqg", 9, True)
    assert dossier(merge(*files))["nganh_doc"] is False


@pytest.mark.parametrize(
    "wrong", [{"thu_tu_he_thong": ["mot_cu"]}, {"he_thong_nganh_doc": ["thue"]}, {"thu_tu_nhom": {"ngay": ["mot_cua"]}}]
)
def test_a_misspelt_system_or_group_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        UnitRules.model_validate(wrong)


_DAY = st.sampled_from(["", "02/06/2026", "03/06/2026", "31/02/2026"])
_ROWS = st.builds(
    lambda code, word, end, due, fee: row(
        ma_ho_so=f"H24.150-260601-000{code}", trang_thai=word, ngay_ket_thuc=end, ngay_hen_tra=due, phi=fee
    ),
    st.integers(1, 3), st.sampled_from(["Đang xử lý", "Đã xử lý xong", "Dừng xử lý"]), _DAY, _DAY,
    st.sampled_from(["", "5000", "x"]),
)  # fmt: skip
_FILES = st.lists(
    st.tuples(
        st.sampled_from(["mot_cua", "dvcqg", "igate", "so_dien_tu"]),
        st.integers(10, 12),
        st.lists(_ROWS, min_size=1, max_size=4),
        st.sampled_from([(), ("ngay_ket_thuc",), ("ngay_hen_tra", "phi")]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=20, deadline=None)
@given(_FILES, st.randoms(use_true_random=False))
def test_order_splitting_renaming_and_redelivery_change_nothing(drawn: list, random: object) -> None:
    files = [
        (system, day, [{c: v for c, v in one.items() if c not in lacking} for one in rows])
        for system, day, rows, lacking in drawn
    ]
    place = ("_file_sha256", "_sheet", "_row")
    once = merge(*files).dossiers.frame.drop(place)
    parts = [(system, day, [one]) for system, day, rows in files for one in rows] + files
    random.shuffle(parts)  # type: ignore[attr-defined]
    assert merge(*parts, name="khac").dossiers.frame.drop(place).equals(once)
