"""The placeholder language of the officer's paragraphs: what each prints, and how a wrong one is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from assets.out.paragraphs import FilledParagraphs, Values, fill_paragraphs
from schemas.document_build import FormRow
from schemas.rules.citations import CitedDocument

VALUES = Values(
    rows={
        "BM1.1": FormRow("1", "1", "Văn bản", "Văn bản", 7, loai="declared"),
        "BM1.2": FormRow("1", "2", "Tỷ lệ", "%", 51.9, 27, 52, loai="ratio"),
        "BM1.3": FormRow("1", "3", "Nhóm", loai="header"),
        "BM1.3.1": FormRow("1", "3.1", "Sở, ngành", "Cơ quan", None, loai="declared"),
        "BM3.2.1.1": FormRow("3", "2.1.1", "Đã giải quyết", "Hồ sơ", 9275, loai="counted"),
        "II.2.6.1": FormRow("II.2", "6.1", "Tiền", "Đồng", 84605000, loai="counted"),
    },
    names={"ky": "6 tháng đầu năm 2026", "don_vi": "UBND xã Mẫu", "ngay_chot": date(2026, 6, 9)},
    indicators={"HS_TIEN_THU": 84605000, "HS_TIEP_NHAN": 9275, "HS_RUT": None},
    documents={"QD128": CitedDocument("128/QĐ-UBND", date(2026, 1, 10), "UBND xã Mẫu", "ban hành Kế hoạch")},
)


def fill(text: str, values: Values = VALUES) -> FilledParagraphs:
    frame = pl.DataFrame(
        {"muc": ["I.1"], "noi_dung": [text], "_file_sha256": ["ab"], "_sheet": ["Đoạn văn"], "_row": [17]}
    )
    return fill_paragraphs(frame, values, {"ab": "nhap-tay.xlsx"})


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("{BM3.2.1.1}", "9.275"),
        ("{bm3.2.1.1}", "9.275"),
        ("{BM1.2}", "51,9%"),
        ("{BM1.2:pct}", "51,9%"),
        ("{ BM1.2 : pct }", "51,9%"),
        ("{BM1.2:ty_so}", "27/52"),
        ("{BM1.2}%", "51,9%"),
        ("{BM1.2} %", "51,9%"),
        ("{tien_le_phi:dong} đồng", "84.605.000đ"),
        ("{BM1.3.1}", "…"),
        ("{II.2.6.1:dong}", "84.605.000đ"),
        ("{tien_le_phi:dong}", "84.605.000đ"),
        ("{HS_TIEN_THU:dong}", "84.605.000đ"),
        ("{hs_tiep_nhan}", "9.275"),
        ("{HS_RUT}", "…"),
        ("{ky}", "6 tháng đầu năm 2026"),
        ("{ngay_chot}", "09/6/2026"),
        ("{ngay_chot:dai}", "ngày 09 tháng 6 năm 2026"),
        ("{vb:QD128:ngan}", "Quyết định số 128/QĐ-UBND"),
        ("{vb:qd128}", "Quyết định số 128/QĐ-UBND ngày 10/01/2026 của UBND xã Mẫu về việc ban hành Kế hoạch"),
    ],
)
def test_what_a_placeholder_prints(typed: str, printed: str) -> None:
    filled = fill(f"Có {typed} việc.")
    assert filled.by_section == {"I.1": [f"Có {printed} việc."]}
    assert filled.findings == []


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("{BM3.2.1.2}", "{BM3.2.1.1}"),
        ("{BM 3.2.1.1 }", "{BM3.2.1.1}"),
        ("{BM3,2.1.1}", "{BM3.2.1.1}"),
        ("{tien_le_fi:dong}", "{tien_le_phi:dong}"),
        ("{kyy}", "{ky}"),
        ("{BM1.1:pct}", "{BM1.1}"),
        ("{BM1.1:lạ}", "{BM1.1}"),
        ("{BM1.3}", "{BM1.3"),
        ("{vb:QD129}", "{vb:QD128}"),
        ("{}", None),
        ("{BM1.1", None),
        ("số liệu}", None),
    ],
)
def test_a_wrong_placeholder_stays_and_is_named_at_its_row(typed: str, near: str | None) -> None:
    filled = fill(f"Có {typed} việc.")
    assert filled.by_section == {"I.1": [f"Có {typed} việc."]}
    (finding,) = filled.findings
    assert (finding.ma, finding.ten_tep, finding.sheet, finding.row) == (
        "MAU_CHEN_LA", "nhap-tay.xlsx", "Đoạn văn", 17,
    )  # fmt: skip
    if near is not None:
        assert f"Có phải {near}" in finding.dien_giai


def test_a_number_beside_which_dossiers_are_unknown_is_told_unless_the_sentence_says_so() -> None:
    rows = dict(VALUES.rows) | {"II.2.6": FormRow("II.2", "6", "Phát sinh phí", "Hồ sơ", 8, chua_ro=1234)}
    values = replace(VALUES, rows=rows, chua_ro={"HS_TIEN_THU": 2})

    def told(text: str) -> list[str]:
        found = fill(text, values)
        assert "{" not in "".join(found.by_section["I.1"])
        assert {(one.ma, one.sheet, one.row) for one in found.findings} <= {("SO_CHEN_CON_CHUA_RO", "Đoạn văn", 17)}
        return [one.dien_giai.split("đoạn văn in ")[1].split(". Hãy")[0] for one in found.findings]

    assert told("Có {II.2.6} hồ sơ, {II.2.6:so} nữa, thu {tien_le_phi:dong}.") == [
        "{II.2.6} như số đủ, trong khi còn 1.234 hồ sơ chưa rõ",
        "{II.2.6:so} như số đủ, trong khi còn 1.234 hồ sơ chưa rõ",
        "{tien_le_phi:dong} như số đủ, trong khi còn 2 hồ sơ chưa rõ",
    ]
    assert told("Có {II.2.6} hồ sơ, còn 1.234 hồ sơ Chưa rõ.") == []
    assert told("Có {BM3.2.1.1} hồ sơ, {ky}.") == []


def test_the_documents_that_the_text_cites_are_told() -> None:
    assert fill("{vb:QD128}, {vb:QD129}").vien_dan == {"qd128"}
