"""Text laws: cleaning, matching keys, Vietnamese order, legacy encodings, codes."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from schemas.rules.legal import load_instruments
from schemas.rules.text import (
    clean_text,
    dossier_code_date,
    holds_persons_number,
    is_usual_dossier_code,
    looks_legacy,
    matching_key,
    procedure_stem,
    read_legacy,
    vietnamese_sort_key,
)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        pytest.param("  Đăng  ký\n khai\tsinh ", "Đăng ký khai sinh", id="white space collapsed"),
        pytest.param("Đăng\u00a0ký", "Đăng ký", id="NBSP is a blank"),
        pytest.param("Đăng\u200b k\ufeffý\u2060", "Đăng ký", id="zero-width removed"),
        pytest.param(unicodedata.normalize("NFD", "Thủ tục hộ tịch"), "Thủ tục hộ tịch", id="NFD to NFC"),
        pytest.param("Hô\u0323 ti\u0323ch", "Hộ tịch", id="half-composed letters (windows-1258)"),
        pytest.param("Ho\u200b\u0302", "Hô", id="zero-width inside a letter"),
        pytest.param("Ðăng ký, ðất đai", "Đăng ký, đất đai", id="eth to D with stroke"),
        pytest.param("Hoà và hòa", "Hoà và hòa", id="tone placement stays as written"),
        pytest.param(" \u200b\u3000 ", "", id="nothing visible"),
    ],
)
def test_clean_text(given: str, stored: str) -> None:
    assert clean_text(given) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Bình", "HOÀ  BÌNH"),
        ("thúy", "thuý"),
        ("Ủy ban", "Uỷ ban"),
        ("quý", "qúy"),
        ("khỏe", "khoẻ"),
        ("hoàn", "hòan"),
        ("Ðất đai", "ĐẤT ĐAI"),
    ],
)
def test_spellings_of_one_word_share_a_key(one: str, other: str) -> None:
    assert matching_key(one) == matching_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("má", "mà"), ("đất", "dất"), ("hoa", "hoà"), ("của", "cửa"), ("mùa", "muà"), ("tủy", "tuy")]
)
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert matching_key(one) != matching_key(other)


def test_vietnamese_order_of_letters_then_tones() -> None:
    syllables = ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "â", "ầ", "b", "c", "d", "đ", "e", "ê", "g", "h", "i", "k"]
    syllables += ["l", "m", "n", "o", "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v", "x", "y"]
    assert sorted(set(syllables), key=vietnamese_sort_key) == syllables


def test_vietnamese_order_is_by_syllable() -> None:
    names = ["Bảo hiểm", "Đất đai", "Chứng thực", "Hộ tịch", "Hòa giải", "Dân tộc", "Điện", "Hội", "Ba 2", "Ba 10"]
    expected = ["Ba 10", "Ba 2", "Bảo hiểm", "Chứng thực", "Dân tộc", "Đất đai", "Điện", "Hòa giải", "Hộ tịch", "Hội"]
    assert sorted(names, key=vietnamese_sort_key) == expected


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        pytest.param("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", id="TCVN3 (.VnTime)"),
        pytest.param("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc", id="TCVN3 with dashes"),
        pytest.param("ñy ban nh©n d©n ph\u00adêng", "ủy ban nhân dân phường", id="TCVN3 with soft hyphen"),
        pytest.param(
            "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam", id="VNI-Windows"
        ),
        pytest.param("UÛY BAN NHAÂN DAÂN PHÖÔØNG", "ỦY BAN NHÂN DÂN PHƯỜNG", id="VNI capitals"),
        pytest.param(
            "Hồ sơ đất đai – tờ trình".encode().decode("latin-1"), "Hồ sơ đất đai – tờ trình", id="UTF-8 as latin-1"
        ),
        pytest.param("THỦ TỤC".encode().decode("cp1252"), "THỦ TỤC", id="UTF-8 as windows-1252"),
    ],
)
def test_legacy_text_is_seen_and_converted(broken: str, meant: str) -> None:
    assert looks_legacy(broken)
    assert read_legacy(broken) == meant


@pytest.mark.parametrize("text", ["UBND ph\ufffdng", "nhÃ¢n dÃ¢n phÆ°á»ng"])
def test_text_with_lost_letters_is_seen_but_not_converted(text: str) -> None:
    assert looks_legacy(text)
    assert read_legacy(text) is None


@pytest.mark.parametrize(
    "text",
    ["Cộng hòa xã hội", "hoà bình", "TÂN DÂN", "XÃ\u00a0AN", "Müller", "España", "Noël", "15 m²", "25 °C", "§ 12",
     "® ABC", "«Bà»", "a·b", "Ñ", "No. 5", "", "Nhà hàng Citroën phường Đông"],
)  # fmt: skip
def test_good_text_is_left_alone(text: str) -> None:
    assert not looks_legacy(text)


@pytest.mark.parametrize(
    ("code", "stem"),
    [
        ("1.004873", "1.004873"),
        ("1.004873.000.00.00.H24", "1.004873"),
        ("1.004873.01", "1.004873"),
        (" 2.000815\n", "2.000815"),
        ("1.00487", None),
        ("1.0048731", None),
        ("BTP-1.004873", None),
        ("", None),
    ],
)
def test_procedure_stem(code: str, stem: str | None) -> None:
    assert procedure_stem(code) == stem


@pytest.mark.parametrize(
    ("code", "day"),
    [
        pytest.param("H24.150-260604-0031", date(2026, 6, 4), id="ward"),
        pytest.param("000.00.53.H48-220921-0099", date(2022, 9, 21), id="old form"),
        pytest.param("G09.20-20260609-0092637", date(2026, 6, 9), id="ministry, eight digits"),
        pytest.param("CNTBD.181121.00334", date(2018, 11, 21), id="OpenCPS"),
        pytest.param("H24.150-261304-0031", None, id="month 13"),
        pytest.param("H24.150-260229-0031", None, id="29/02 of a common year"),
        pytest.param("H24.150-0031", None, id="no date"),
        pytest.param("hồ sơ 12", None, id="free text"),
    ],
)
def test_date_in_a_dossier_code(code: str, day: date | None) -> None:
    assert dossier_code_date(code) == day
    assert is_usual_dossier_code(code) is (day is not None)


def test_superseded_one_stop_decrees_are_known_as_such() -> None:
    instruments = load_instruments()
    assert not instruments["mot_cua_2021"].in_force_on(date(2026, 6, 9))
    assert instruments["mot_cua"].in_force_on(date(2026, 6, 9))
    assert not instruments["nham_18_2025"].in_bao_cao


@pytest.mark.parametrize(
    "text",
    [
        "thu 1.234.567.890 đồng tiền phí", "thu 1234567890 đồng", "thu 84.605.000.000", "thu 12 345 678 900 đồng",
        "thu 1234567890đ", "1.234.567.890", "quyết toán 123456789 triệu đồng", "H24.150-260604-0001", "ngày 09/6/2026",
    ],
)  # fmt: skip
def test_money_and_codes_are_no_persons_numbers(text: str) -> None:
    assert not holds_persons_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "số 001234567890", "001.234.567.890", "gọi 0912 345 678", "0912.345.678", "+84.912.345.678", "84.912.345.678",
        "84 912 345 678", "123456789", "1234567890 đồng chí A", "123456789 Đồng Thị Thử", "0912345678 đồng",
        "thu 1.234.567.890 đồng của 0912345678", "thu@example.org", "1.234.567.8901",
    ],
)  # fmt: skip
def test_what_looks_like_a_persons_number_is_one(text: str) -> None:
    assert holds_persons_number(text)
