"""The officer's list of cited documents: rows read or refused, and the list judged as a whole (domain.md §11)."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from assets.core.nhap_tay import clean_documents
from assets.io.landing import Passport
from assets.out.cited import ListedDocument, check_documents
from schemas.rules.citations import CitedDocument

BODY = "UBND phường Mẫu"


def clean(*rows: tuple[str, str, str, str]):
    names = ("ky", "ma_van_ban", "so_ky_hieu", "ngay_van_ban")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Utf8), orient="row").with_columns(
        pl.lit("ab").alias("_file_sha256"), pl.lit("Văn bản").alias("_sheet"),
        pl.int_range(3, 3 + pl.len(), dtype=pl.Int64).alias("_row"),
    )  # fmt: skip
    day = datetime.fromisoformat("2026-06-08")
    return clean_documents([(Passport("nhap_tay", "a.xlsx", "ab", 1, day, "trong_tep", {"van_ban": len(rows)}), frame)])


def test_rows_that_cannot_be_used_are_named_and_counted() -> None:
    cleaned = clean(
        ("2026-6T", "QD1", "1/QĐ-UBND", "10/01/2026"),
        ("2026-6T", "qd1", "2/QĐ-UBND", "11/01/2026"),
        ("2026-6T", "QD3", "3/QĐ-UBND", "31/02/2026"),
        ("2026-6T", "", "4/QĐ-UBND", "12/01/2026"),
        ("2026-Q2", "QD5", "5/QĐ-UBND", "12/01/2026"),
    )
    assert cleaned.frame.select("ma_van_ban", "ngay_van_ban").rows() == [("QD1", date(2026, 1, 10)), ("QD3", None)]
    assert {(code, row) for code, row in cleaned.findings.select("ma", "_row").iter_rows()} == {
        ("VAN_BAN_TRUNG_MA", 4), ("VAN_BAN_NGAY_LA", 5), ("VAN_BAN_THIEU_MA", 6), ("KY_KHAI_LA", 7),
    }  # fmt: skip
    assert cleaned.accounts.select("so_dong_core", "so_dong_thay_the", "so_dong_loai").row(0) == (2, 1, 2)


def listed(*documents: tuple[str, date | None]) -> list[ListedDocument]:
    return [
        ListedDocument(f"V{row}", CitedDocument(sign, day, BODY), "a.xlsx", "ab", "Văn bản", row)
        for row, (sign, day) in enumerate(documents, start=3)
    ]


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        pytest.param([("128/QĐ-UBND", date(2026, 1, 10))], [], id="clean"),
        pytest.param([("5/QĐ-UBND", date(2026, 12, 31))], [("VAN_BAN_SAU_NGAY_BAO_CAO", 3)], id="D02"),
        pytest.param([("5/QĐ-UBND", date(2026, 6, 12))], [("VAN_BAN_SAU_NGAY_CHOT", 3)], id="D02-after-the-cut-off"),
        pytest.param(
            [("32/QĐ-UBND", date(2026, 2, 13)), ("32/QĐ-UBND", date(2026, 2, 13))], [("VAN_BAN_LAP", 4)], id="D03"
        ),
        pytest.param(
            [("148/KH-UBND", date(2026, 4, 28)), ("480/KH-UBND", date(2026, 4, 24))],
            [("VAN_BAN_SO_NGUOC_NGAY", 4)],
            id="D04",
        ),
        pytest.param([("148/KH-UBND", date(2026, 4, 28)), ("480/QĐ-UBND", date(2026, 4, 24))], [], id="two-registers"),
        pytest.param([("107/2021/NĐ-CP", date(2021, 12, 6))], [("VAN_BAN_HET_HIEU_LUC", 3)], id="D08"),
        pytest.param([("66/NQ/TW", date(2025, 4, 30))], [("VAN_BAN_KY_HIEU_SAI", 3)], id="D09"),
        pytest.param([("118/2025/NĐ-CP", date(2024, 6, 9))], [("VAN_BAN_NAM_KHAC_KY_HIEU", 3)], id="D11"),
    ],
)
def test_the_list_is_judged(documents: list[tuple[str, date | None]], found: list[tuple[str, int]]) -> None:
    rows = listed(*documents)
    cited = frozenset(one.ma.lower() for one in rows)
    findings = check_documents(rows, cited, date(2026, 6, 9), date(2026, 6, 20))
    assert [(one.ma, one.row) for one in findings] == found


def test_a_document_nobody_cites_is_told() -> None:
    (finding,) = check_documents(
        listed(("1/QĐ-UBND", date(2026, 1, 5))), frozenset(), date(2026, 6, 9), date(2026, 6, 20)
    )
    assert (finding.ma, finding.muc_do) == ("VAN_BAN_KHONG_VIEN_DAN", "I")
    assert "{vb:V3}" in finding.dien_giai
