"""Source specifications: the TOML load, keep their own rules, and titles are compared as stated."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas.sources import load_common, load_sources, normalise_title, parse_source, read_sources

MINIMAL = """
ma = "moi"
ten = "nguồn mới"
[[tables]]
bang = "ho_so"
key = "ma_ho_so"
required = ["ma_ho_so"]
use = ["ma_ho_so"]
"""


def test_the_sources_of_the_first_release_are_there() -> None:
    sources = load_sources()
    assert {"mot_cua", "tthc", "pakn", "nhap_tay"} <= sources.keys()
    assert [table.bang for table in sources["nhap_tay"].tables] == ["nhap_tay", "doan_van", "van_ban"]


@pytest.mark.parametrize(
    ("written", "same_as"),
    [
        ("  MÃ  HỒ\u00a0SƠ ", "Mã hồ sơ"),
        (unicodedata.normalize("NFD", "Mã hồ sơ"), "Mã hồ sơ"),
        ("Mã hồ sơ (*)", "Mã hồ sơ"),
        ("Ngày\nhẹn trả", "Ngày hẹn trả"),
        ("6. Ngày hẹn trả (dd/MM/yyyy)", "Ngày hẹn trả"),
        ("Mã hồ sơ\n(2)", "Mã hồ sơ"),
        ("\u00d0ơn vị", "Đơn vị"),
        ("Ngày huỷ", "Ngày hủy"),
    ],
)
def test_titles_differ_only_by_form(written: str, same_as: str) -> None:
    assert normalise_title(written) == normalise_title(same_as)


@pytest.mark.parametrize("other", ["Mã hồ so", "Mã số hồ sơ", "Ngày hẹn"])
def test_other_words_are_other_titles(other: str) -> None:
    assert normalise_title(other) != normalise_title("Mã hồ sơ")


def test_no_personal_title_is_allow_listed() -> None:
    """Luật 91/2025/QH15: a title in the shared personal list may only be read by the declared workbook."""
    personal = {normalise_title(title) for title in load_common().personal_titles}
    for source in load_sources().values():
        for table in source.tables:
            allowed = personal & table.aliases.keys()
            assert allowed <= ({"nội dung", "trích yếu"} if source.ma == "nhap_tay" else set()), (source.ma, allowed)


def test_a_title_may_not_stand_for_two_fields() -> None:
    with pytest.raises(ValidationError, match="dùng cho hai cột"):
        parse_source(MINIMAL + '[tables.columns]\nkhac = ["Mã hồ sơ"]\n')


def test_a_required_field_needs_a_title() -> None:
    with pytest.raises(ValidationError, match="chưa có tiêu đề cho khac"):
        parse_source(MINIMAL.replace('required = ["ma_ho_so"]', 'required = ["ma_ho_so", "khac"]'))


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        parse_source(MINIMAL + 'sheet = "x"\n')


def test_adding_a_source_is_adding_a_file(tmp_path: Path) -> None:
    """No Python: a TOML in the folder, and a delivered file of it is read."""
    from assets.raw.extract import extract_tables

    (tmp_path / "so_dien_tu.toml").write_text(
        MINIMAL.replace('"moi"', '"so_dien_tu"').replace('use = ["ma_ho_so"]', 'use = ["ma_ho_so", "ngay_tiep_nhan"]')
        + '[tables.columns]\nngay_tra = ["Ngày giao"]\n',
        "utf-8",
    )
    (tmp_path / "chung.toml").write_text("", "utf-8")
    spec = read_sources(tmp_path)["so_dien_tu"]
    (tmp_path / "a.csv").write_text("STT;Số hồ sơ;Ngày nhận;Ngày giao\n1;H-01;04/06/2026;05/06/2026\n", "utf-8")
    table = extract_tables(tmp_path / "a.csv", spec).tables["ho_so"]
    assert table.select("ma_ho_so", "ngay_tiep_nhan", "ngay_tra").rows() == [("H-01", "04/06/2026", "05/06/2026")]
    (tmp_path / "khac").mkdir()
    (tmp_path / "so_dien_tu.toml").rename(tmp_path / "khac" / "khac.toml")
    with pytest.raises(ValueError, match="not the file's name"):
        read_sources(tmp_path / "khac")
