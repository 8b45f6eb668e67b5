"""Nested lists become scalar columns at the gate, by the rules of a TOML; nothing else of them goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from assets.raw.extract import Extraction, extract_tables
from schemas.sources import SourceSpec, parse_source

HEAD = """
ma = "moi"
ten = "nguồn mới"
[[tables]]
bang = "ho_so"
key = "ma_ho_so"
required = ["ma_ho_so"]
use = ["ma_ho_so"]
"""

RULES = """
[tables.nested.co_file_ket_qua]
entries = "GiayTo"
op = "any"
where = [{ key = "Ma", filled = true }, { key = "Link", filled = true }, { key = "IsDeleted", not_in = ["1", "true"] }]

[tables.nested.so_lan]
entries = "BoSung"
op = "count"

[tables.nested.hen]
entries = "BoSung"
op = "max"
value = "HenMoi"

[tables.nested.so_ngay]
entries = "BoSung"
op = "days"
value = "Tu"
until = "Den"

[tables.nested.phi]
entries = "Kenh.ThoiGian.Phi"
op = "sum"
value = "SoTien"
where = [{ key = "Loai", in = ["1"] }]

[tables.nested.co_phi]
entries = "Kenh.ThoiGian.Phi"
op = "any"
where = [{ key = "SoTien", above = 0 }]

[tables.nested.cap]
combine = "join"
steps = [
  { entries = "Cap", op = "join", value = "ma", words = { 1 = "Cấp tỉnh", 3 = "Cấp xã" } },
  { op = "any", where = [{ key = "isWard", in = ["true"] }], gives = "Cấp xã (cờ)" },
]

[tables.nested.kenh]
steps = [
  { op = "any", where = [{ key = "online", in = ["true"] }], gives = "Trực tuyến" },
  { op = "any", where = [{ key = "viaPostal", in = ["2"] }], gives = "Bưu chính công ích" },
  { op = "any", where = [{ key = "online", filled = true }], gives = "Trực tiếp" },
]
"""


def read(tmp_path: Path, rows: list[dict[str, object]], spec: SourceSpec | None = None) -> Extraction:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"session": "s", "data": rows}), "utf-8")
    return extract_tables(path, spec or parse_source(HEAD + RULES))


def column(extraction: Extraction, name: str) -> list[str | None]:
    return extraction.tables["ho_so"][name].to_list()


FULL: dict[str, object] = {
    "MaHoSo": "H24.150-260604-0001",
    "GiayTo": [
        {"Ma": "G1", "Link": "", "IsDeleted": "0", "Ten": "Nguyễn Thị Thử.pdf"},
        {"Ma": "G2", "Link": "x/Nguyễn Thị Thử.pdf", "IsDeleted": False},
    ],
    "BoSung": [
        {"HenMoi": "20260620170000", "Tu": "20260605080000", "Den": "20260608090000"},
        {"HenMoi": "18/06/2026", "Tu": "20260610", "Den": ""},
    ],
    "Kenh": [
        {"ThoiGian": [{"Phi": [{"SoTien": "5000", "Loai": "1"}, {"SoTien": "7000", "Loai": "2"}]}]},
        {"ThoiGian": [{"Phi": [{"SoTien": "10.000", "Loai": "1"}]}, {"Phi": None}]},
    ],
    "Cap": [{"ma": "3"}, {"ma": "1"}, {"ma": "3"}],
    "isWard": True,
    "online": False,
    "viaPostal": 2,
}
EMPTY: dict[str, object] = {"MaHoSo": "H24.150-260604-0002", "GiayTo": [], "BoSung": [], "Kenh": None, "online": True}


def test_every_operation(tmp_path: Path) -> None:
    extraction = read(tmp_path, [FULL, EMPTY, {"MaHoSo": "H24.150-260604-0003"}])
    assert column(extraction, "co_file_ket_qua") == ["1", None, None]
    assert column(extraction, "so_lan") == ["2", "0", None]
    assert column(extraction, "hen") == ["20260620170000", None, None]
    assert column(extraction, "so_ngay") == ["3", None, None]
    assert column(extraction, "phi") == ["15000", None, None]
    assert column(extraction, "co_phi") == ["1", None, None]
    assert column(extraction, "cap") == ["Cấp xã; Cấp tỉnh; Cấp xã (cờ)", None, None]
    assert column(extraction, "kenh") == ["Bưu chính công ích", "Trực tuyến", None]


def test_nothing_else_of_a_list_goes_on(tmp_path: Path) -> None:
    extraction = read(tmp_path, [FULL])
    assert "Thử" not in repr(extraction) + str(extraction.tables["ho_so"].rows())
    assert extraction.unmapped == []
    assert extraction.headers[0].columns["BoSung"] == "so_lan, hen, so_ngay"


def test_an_unreadable_amount_is_passed_on_for_a_finding(tmp_path: Path) -> None:
    phi = [{"ThoiGian": {"Phi": [{"SoTien": "5000", "Loai": "1"}, {"SoTien": "10,5", "Loai": "1"}]}}]
    assert column(read(tmp_path, [{"MaHoSo": "H-01", "Kenh": phi}]), "phi") == ["10,5"]


def test_a_list_under_a_plain_title_never_passes(tmp_path: Path) -> None:
    spec = parse_source(HEAD.replace('use = ["ma_ho_so"]', 'use = ["ma_ho_so", "ten_tthc"]'))
    extraction = read(tmp_path, [{"MaHoSo": "H-01", "TenTTHC": [{"ten": "Nguyễn Thị Thử"}]}], spec)
    assert column(extraction, "ten_tthc") == [None]


def test_flags_of_the_row_itself_work_in_any_kind_of_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("dossierNo,online,viaPostal\nH-01,true,0\nH-02,false,2\nH-03,false,0\n", "utf-8")
    made = extract_tables(path, parse_source(HEAD + RULES)).tables["ho_so"]["kenh"].to_list()
    assert made == ["Trực tuyến", "Bưu chính công ích", "Trực tiếp"]


def test_a_single_record_and_pages_one_after_another(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"code": "0", "message": "", "data": FULL | {"TenTTHC": "x"}}), "utf-8")
    spec = parse_source(HEAD + RULES)
    assert extract_tables(path, spec).data_rows == {"ho_so": 1}
    path.write_text(json.dumps([{"content": [FULL]}, {"content": []}, {"content": [EMPTY]}]), "utf-8")
    assert extract_tables(path, spec).data_rows == {"ho_so": 2}


@pytest.mark.parametrize(
    "rule",
    [
        '[tables.nested.phi]\nentries = "A"\nop = "sum"',
        '[tables.nested.phi]\nentries = "A"\nop = "any"\nuntil = "x"',
        '[tables.nested.phi]\nentries = "A"\nop = "any"\nwhere = [{ key = "x" }]',
        '[tables.nested.phi]\nentries = "A"\nop = "guess"\nvalue = "x"',
        '[tables.nested.phi]\nentries = "A"\nop = "first"\nvalue = "x"\n[tables.columns]\nphi = ["Phí"]',
    ],
)
def test_a_rule_that_says_too_little_is_refused(rule: str) -> None:
    with pytest.raises(ValidationError):
        parse_source(HEAD + rule)
