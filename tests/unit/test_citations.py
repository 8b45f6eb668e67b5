"""Rules of cited documents: type word, standard form, misprinted signs, what no longer holds, reversed registers."""

from __future__ import annotations

from datetime import date

import pytest

from schemas.rules.citations import (
    CitedDocument,
    cite,
    cite_shortly,
    correct_sign,
    find_kind,
    find_reversals,
    load_superseded,
    parse_sign,
    register_of,
)
from schemas.rules.text import matching_key


@pytest.mark.parametrize(
    ("sign", "kind"),
    [
        ("128/QĐ-UBND", "Quyết định"),
        ("12/KH-UBND", "Kế hoạch"),
        ("2237/UBND-NVKTGS", "Công văn"),
        ("581/BNV-CCHC", "Công văn"),
        ("118/2025/NĐ-CP", "Nghị định"),
        ("66-NQ/TW", "Nghị quyết"),
        ("91/2025/QH15", "Luật"),
        ("15/CTr-UBND", "Chương trình"),
        ("07/CT-TTg", "Chỉ thị"),
        ("03/2025/TT-VPCP", "Thông tư"),
    ],
)
def test_the_sign_tells_the_type_of_a_document(sign: str, kind: str) -> None:
    assert find_kind(sign) == kind


def test_a_given_type_word_wins() -> None:
    assert find_kind("206/2025/QH15", "Nghị quyết") == "Nghị quyết"


@pytest.mark.parametrize(
    ("document", "printed"),
    [
        pytest.param(
            CitedDocument("128/QĐ-UBND", date(2026, 1, 10), "UBND phường Mẫu", "Thành lập tổ công tác."),
            "Quyết định số 128/QĐ-UBND ngày 10/01/2026 của UBND phường Mẫu về việc thành lập tổ công tác",
            id="about-an-act",
        ),
        pytest.param(
            CitedDocument("480/KH-UBND", date(2026, 4, 24), "UBND phường Mẫu", "V/v kiểm tra công vụ"),
            "Kế hoạch số 480/KH-UBND ngày 24/4/2026 của UBND phường Mẫu về việc kiểm tra công vụ",
            id="v/v",
        ),
        pytest.param(
            CitedDocument("30/2020/NĐ-CP", date(2020, 3, 5), "Chính phủ", "về công tác văn thư"),
            "Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ về công tác văn thư",
            id="its-own-preposition",
        ),
        pytest.param(
            CitedDocument("15/QĐ-UBND", None, "", "Kế hoạch CCHC năm 2026"),
            "Quyết định số 15/QĐ-UBND về Kế hoạch CCHC năm 2026",
            id="a-noun-and-nothing-else-known",
        ),
        pytest.param(
            CitedDocument("9/TB-UBND", None, "UBND xã Mẫu", "CCHC quý I"),
            "Thông báo số 9/TB-UBND của UBND xã Mẫu về việc CCHC quý I",
            id="an-abbreviation-keeps-its-capitals",
        ),
    ],
)
def test_standard_form(document: CitedDocument, printed: str) -> None:
    assert cite(document) == printed
    assert printed.startswith(cite_shortly(document))


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("66/NQ/TW", "66-NQ/TW"),
        ("66-NQ/TW", None),
        ("128-QĐ-UBND", "128/QĐ-UBND"),
        ("128/QĐ/UBND", "128/QĐ-UBND"),
        ("128/QĐUBND", "128/QĐ-UBND"),
        ("118/2025/NĐ/CP", "118/2025/NĐ-CP"),
        ("2237/UBND-NVKTGS", None),
    ],
)
def test_misprinted_signs(typed: str, right: str | None) -> None:
    assert correct_sign(typed) == right


def test_letters_of_one_body_share_a_register() -> None:
    assert register_of("UBND-VP") == register_of("UBND-VHXH") != register_of("QĐ-UBND")


def test_reversals_are_neighbours_with_the_higher_number_first() -> None:
    entries = [
        (date(2026, 4, 28), 148, "KH 148"),
        (date(2026, 4, 24), 480, "KH 480"),
        (date(2026, 4, 24), 480, "again"),
        (date(2026, 5, 4), 500, "KH 500"),
        (date(2026, 5, 4), 499, "same day"),
    ]
    assert find_reversals(entries) == [("KH 480", "KH 148")]


def test_a_sign_is_taken_apart() -> None:
    sign = parse_sign("107/2021/NĐ-CP")
    assert sign is not None
    assert (sign.so, sign.nam, sign.ky, sign.so_thu_tu) == ("107", 2021, "NĐ-CP", 107)
    assert parse_sign("không số") is None
    letter = parse_sign("12a/QĐ-UBND")
    assert letter is not None
    assert letter.so_thu_tu is None


@pytest.mark.parametrize(
    ("text", "day", "found"),
    [
        ("Nghị định số 107/2021/NĐ-CP", date(2026, 6, 9), True),
        ("Nghị định số 107/2021/NĐ-CP", date(2025, 6, 30), False),
        ("Nghị định số 1107/2021/NĐ-CP", date(2026, 6, 9), False),
        ("dịch vụ công mức độ 3, 4", date(2026, 6, 9), True),
        ("Nghị định số 118/2025/NĐ-CP", date(2026, 6, 9), False),
    ],
)
def test_what_no_longer_holds(text: str, day: date, found: bool) -> None:
    hits = [one for one in load_superseded() if one.tu_ngay <= day and one.mau.search(matching_key(text))]
    assert bool(hits) == found
