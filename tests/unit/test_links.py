"""Declared links: the file's lines, and hand-worked groups of codes (rules in assets/core/links)."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from assets.core.ho_so import CleanedDossiers, clean_dossiers
from assets.core.thanh_toan import clean_payments
from assets.io.landing import Passport
from schemas.export import empty_frame
from schemas.links import COLUMNS, DossierLink, WrongLinks, parse_links
from schemas.registry import find_table
from schemas.unit import UnitRules

HEAD = ",".join(COLUMNS)
LOCAL, NATIONAL, MINISTRY, SECOND = (
    "H24.1-260601-0001",
    "G09.1-20260601-0007",
    "CNTBD.260601.00003",
    "H24.1-260602-0002",
)
LINE = f"{LOCAL},mot_cua,{NATIONAL},dvcqg,Cùng một hồ sơ,Văn phòng,2026-06-09"
Row = dict[str, str]
File = tuple[str, int, list[Row]]
"""System, day of June of the extract, rows; every row of a file has the first one's columns."""


def row(code: str, **values: str) -> Row:
    return {"ma_ho_so": code, "ngay_tiep_nhan": "01/06/2026", "trang_thai": "Đang xử lý"} | values


def frame(file: File, number: int, table: str = "ho_so") -> tuple[Passport, pl.DataFrame]:
    system, day, rows = file
    made = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.Utf8)).with_columns(
        pl.lit(f"f{number}").alias("_file_sha256"),
        pl.lit("Trang").alias("_sheet"),
        pl.int_range(5, 5 + pl.len(), dtype=pl.Int64).alias("_row"),
    )
    when = datetime(2026, 6, day)  # noqa: DTZ001
    return Passport(system, f"f{number}.xlsx", f"f{number}", 1, when, "trong_tep", {table: len(rows)}), made


def merge(*files: File, lines: str = "") -> CleanedDossiers:
    links = parse_links("lien_ket_ho_so.csv", f"{HEAD}\n{lines}\n")
    deliveries = [frame(one, number) for number, one in enumerate(files)]
    return clean_dossiers(deliveries, empty_frame(find_table("core.thu_tuc")), UnitRules(), links=links)


def codes(made: CleanedDossiers) -> list[str]:
    return made.dossiers.frame["ma_ho_so"].to_list()


def said(made: CleanedDossiers, kind: str) -> list[str]:
    return made.dossiers.findings.filter(pl.col("ma") == kind)["dien_giai"].to_list()


def test_a_declared_pair_is_one_dossier_under_the_code_of_the_system_believed_first() -> None:
    """The national row is the newer one; the local system leads and gives the code (precedence.toml)."""
    national = row(NATIONAL, trang_thai="9", ngay_ket_thuc="05/06/2026", co_file_ket_qua="Có")
    made = merge(("dvcqg", 20, [national]), ("mot_cua", 10, [row(LOCAL)]), lines=LINE)
    (dossier,) = made.dossiers.frame.rows(named=True)
    assert (dossier["ma_ho_so"], dossier["he_thong"], dossier["trang_thai"]) == (LOCAL, "mot_cua", 4)
    kept = made.versions.select("ma_ho_so", "ma_trong_he_thong", "he_thong", "_superseded_by").rows()
    assert kept == [(LOCAL, NATIONAL, "dvcqg", "f1/Trang/5"), (LOCAL, LOCAL, "mot_cua", None)]


def test_a_column_links_and_chains_make_one_group() -> None:
    made = merge(
        ("mot_cua", 10, [row(LOCAL, ma_quoc_gia=NATIONAL), row(SECOND, ma_quoc_gia="")]),
        ("dvcqg", 10, [row(NATIONAL)]),
        ("opencps", 10, [row(MINISTRY, ma_lien_thong=NATIONAL.lower(), trang_thai="processing")]),
    )
    assert codes(made) == [LOCAL, SECOND]
    assert sorted(made.versions["ma_trong_he_thong"]) == sorted([MINISTRY, NATIONAL, LOCAL, SECOND])


def test_two_systems_that_name_one_code_nobody_delivers_are_joined() -> None:
    made = merge(
        ("mot_cua", 10, [row(LOCAL, ma_quoc_gia=NATIONAL)]),
        ("opencps", 10, [row(MINISTRY, ma_quoc_gia=NATIONAL, trang_thai="processing")]),
    )
    assert codes(made) == [LOCAL]
    assert "có 2 mã" not in "".join(said(made, "LIEN_KET_XUNG_DOT"))
    assert made.aliases == {MINISTRY: LOCAL, NATIONAL: LOCAL}


def test_a_blank_in_a_newer_list_takes_the_link_back_and_a_list_without_the_column_does_not() -> None:
    linked = ("mot_cua", 10, [row(LOCAL, ma_quoc_gia=NATIONAL)])
    national = ("dvcqg", 10, [row(NATIONAL)])
    assert codes(merge(linked, national, ("mot_cua", 12, [row(LOCAL)]))) == [LOCAL]
    assert codes(merge(linked, national, ("mot_cua", 12, [row(LOCAL, ma_quoc_gia="")]))) == [NATIONAL, LOCAL]


def test_two_dossiers_of_one_system_are_not_joined_and_both_are_named() -> None:
    """One interlinked national dossier that a counter split in two: both count, and so does the national one."""
    made = merge(
        ("mot_cua", 10, [row(LOCAL, ma_lien_thong=NATIONAL), row(SECOND, ma_lien_thong=NATIONAL)]),
        ("dvcqg", 10, [row(NATIONAL)]),
    )
    assert codes(made) == [NATIONAL, LOCAL, SECOND]
    (message,) = said(made, "LIEN_KET_XUNG_DOT")
    assert f"2 hồ sơ cùng của hệ thống “mot_cua” ({LOCAL}, {SECOND})" in message
    assert made.aliases == {}


def test_a_code_nobody_delivers_that_two_dossiers_of_one_system_name_stands_for_neither() -> None:
    """A payment under it could be either's: it is listed as nobody's."""
    rows = [row(LOCAL, ma_quoc_gia=NATIONAL), row(SECOND, ma_quoc_gia=NATIONAL)]
    made = merge(("mot_cua", 10, rows))
    assert (codes(made), made.aliases) == ([LOCAL, SECOND], {})


def test_codes_that_no_list_holds_are_counted_per_file() -> None:
    rows = [row(LOCAL, ma_quoc_gia=NATIONAL), row(SECOND, ma_quoc_gia="G09.1-20260601-0008")]
    made = merge(("mot_cua", 10, rows), ("dvcqg", 10, [row(NATIONAL)]))
    (message,) = said(made, "LIEN_KET_CHUA_THAY")
    assert message.startswith("Tệp “f0.xlsx”: 1 mã liên kết")


def test_a_declared_code_that_its_system_does_not_hold_joins_nothing() -> None:
    """The national code stands in another system's list only: the line says something that is not so."""
    made = merge(("mot_cua", 10, [row(LOCAL)]), ("igate", 10, [row(NATIONAL)]), lines=LINE)
    assert codes(made) == [NATIONAL, LOCAL]
    (message,) = said(made, "LIEN_KET_SAI")
    assert message.startswith(f"Dòng 2 của lien_ket_ho_so.csv: không thấy hồ sơ {NATIONAL}")


OTHER = {"ma_tthc": "1.001193", "don_vi_tiep_nhan": "Phòng Kinh tế", "ngay_tiep_nhan": "05/01/2026"}
MINE = {"ma_tthc": "2.000815", "don_vi_tiep_nhan": "Một cửa", "ngay_tiep_nhan": "01/06/2026"}


def test_a_declared_line_of_two_unrelated_dossiers_is_told_with_both_codes_and_its_line() -> None:
    """05/01 to 01/06/2026 are 26 + 28 + 31 + 30 + 31 + 1 = 147 days."""
    lists = [("mot_cua", 10, [row(LOCAL, **MINE)]), ("dvcqg", 10, [row(NATIONAL, **OTHER)])]
    made = merge(*lists, lines=LINE)
    assert codes(made) == [LOCAL], "the unit's word is followed"
    (message,) = said(made, "LIEN_KET_LA")
    assert message.startswith(
        f"Dòng 2 của lien_ket_ho_so.csv nối mã {LOCAL} (mot_cua) và mã {NATIONAL} (dvcqg) thành một hồ sơ, nhưng "
        "hai hồ sơ khác thủ tục (2.000815 và 1.001193), khác đơn vị, ngày tiếp nhận cách nhau 147 ngày."
    )


def test_a_column_of_two_unrelated_dossiers_is_told_at_its_row_once() -> None:
    made = merge(
        ("mot_cua", 10, [row(LOCAL, ma_quoc_gia="", **MINE), row(SECOND, ma_quoc_gia=NATIONAL, **MINE)]),
        ("dvcqg", 10, [row(NATIONAL, ma_mot_cua=SECOND, **OTHER)]),
    )
    found = made.dossiers.findings.filter(pl.col("ma") == "LIEN_KET_COT_LA")
    assert found.select("_file_sha256", "_row").rows() == [("f1", 5)], "sources in order of their names"
    assert SECOND in found["dien_giai"].item()
    assert NATIONAL in found["dien_giai"].item()


@pytest.mark.parametrize(
    ("theirs", "column", "by_hand"),
    [
        ({}, False, False),
        ({"don_vi_tiep_nhan": "UBND phường"}, False, False),
        ({"ngay_tiep_nhan": "05/01/2026"}, False, False),
        ({"ngay_tiep_nhan": "05/01/2026", "don_vi_tiep_nhan": "UBND phường"}, True, True),
        ({"ma_tthc": "1.001193", "don_vi_tiep_nhan": "Bảo hiểm xã hội"}, False, True),
        ({"ma_tthc": "1.001193", "ngay_tiep_nhan": "05/01/2026"}, True, True),
        ({"ma_tthc": ""}, False, False),
    ],
)
def test_what_speaks_against_a_link(theirs: Row, column: bool, by_hand: bool) -> None:
    """Interlinked procedures of one day are two procedures; a typed code is right or another dossier's."""
    national = ("dvcqg", 10, [row(NATIONAL, **(MINE | theirs))])
    typed = merge(("mot_cua", 10, [row(LOCAL, **MINE)]), national, lines=LINE)
    linked = merge(("mot_cua", 10, [row(LOCAL, ma_quoc_gia=NATIONAL, **MINE)]), national)
    assert (bool(said(linked, "LIEN_KET_COT_LA")), bool(said(typed, "LIEN_KET_LA"))) == (column, by_hand)


def test_a_finding_names_the_code_of_the_senders_own_system() -> None:
    """The list of iGate cannot say when it ended, so the national row leads: its own odd code is what is odd."""
    silent = row(LOCAL, trang_thai="Đã trả kết quả", ma_quoc_gia="QG 7")
    made = merge(("igate", 10, [silent]), ("dvcqg", 10, [row("QG7", trang_thai="9", ngay_ket_thuc="05/06/2026")]))
    found = made.dossiers.findings.filter(pl.col("ma") == "MA_HO_SO_LA")
    assert found.select("ma_ho_so", "nguon").rows() == [(LOCAL, "dvcqg")]
    assert "mã hồ sơ QG7 không theo mẫu" in found["dien_giai"].item()


def test_a_rejected_row_of_a_linked_code_is_told_of_the_dossier() -> None:
    """A later sound row of the dossier, under any of its codes, settles the finding (assets/out/waivers)."""
    broken = row(NATIONAL, ngay_tiep_nhan="31/02/2026")
    made = merge(("dvcqg", 9, [broken]), ("dvcqg", 10, [row(NATIONAL)]), ("mot_cua", 10, [row(LOCAL)]), lines=LINE)
    found = made.dossiers.findings.filter(pl.col("ma") == "NGAY_TIEP_NHAN_KHONG_DOC_DUOC")
    assert found.select("ma_ho_so", "_file_sha256").rows() == [(LOCAL, "f0")]


def test_a_payment_under_either_code_is_the_dossiers() -> None:
    made = merge(("mot_cua", 10, [row(LOCAL, ma_quoc_gia=NATIONAL)]))
    paid = {"so_bien_lai": "BL1", "ngay_thu": "02/06/2026", "phi": "5000"}
    listed = frame(("thanh_toan", 10, [{"ma_ho_so": NATIONAL} | paid, {"ma_ho_so": LOCAL} | paid]), 9, "thanh_toan")
    payments = clean_payments([listed], made.dossiers.frame["ma_ho_so"], made.aliases)
    assert payments.frame.select("ma_ho_so", "tong").rows() == [(LOCAL, 5000)]  # one receipt, told twice
    assert payments.findings.is_empty()


def test_lines_may_be_parted_as_excel_does_here() -> None:
    (one,) = parse_links("f.csv", "\ufeff" + f"{HEAD}\n{LINE}\n\n".replace(",", ";"))
    assert one.sides == ((LOCAL, "mot_cua"), (NATIONAL, "dvcqg"))
    assert isinstance(one, DossierLink)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (LINE.replace("dvcqg", "mot_cua"), "hai hệ thống khác nhau"),
        (LINE.replace("dvcqg", "dvcq"), "có lẽ là “dvcqg”"),
        (LINE.replace(NATIONAL, "chưa có"), "ma_2 không phải mã hồ sơ"),
        (LINE.replace("2026-06-09", "mai"), "ngay_khai phải là ngày dạng 2026-06-09"),
        (LINE.replace("Văn phòng", "0912000111"), "dữ liệu cá nhân"),
        (LINE.replace("Cùng một hồ sơ", ""), "ly_do để trống"),
        (f"{LINE}\n{LINE}", "dòng 3: hai mã này đã được nối ở dòng 2"),
    ],
)
def test_a_wrong_line_is_said_with_its_place(line: str, fault: str) -> None:
    with pytest.raises(WrongLinks) as refused:
        parse_links("lien_ket_ho_so.csv", f"{HEAD}\n{line}\n")
    assert str(refused.value).startswith("Tệp liên kết lien_ket_ho_so.csv, dòng ")
    assert fault in str(refused.value)


def test_a_file_without_its_columns_is_refused() -> None:
    with pytest.raises(WrongLinks, match="thiếu cột he_thong_1"):
        parse_links("f.csv", "ma_1,ma_2\nA1,B1\n")
