"""What the data files promise each other: every name that one of them uses exists in the other."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter as Tally
from pathlib import Path

import polars as pl
import pytest

from assets.io.warehouse import Counter
from assets.mart.states import read_select
from schemas.checks import RUN_TERMS, load_checks
from schemas.codes import load_words
from schemas.export import check_meanings, empty_frame
from schemas.fields import load_meanings
from schemas.findings import load_catalogue
from schemas.forms import load_forms, row_id
from schemas.indicators import Indicator, load_indicators
from schemas.indicators.compile import ALL_DIMENSIONS, DIMENSIONS, compile_numbers, compile_rows
from schemas.registry import TABLES
from schemas.rules.counting import load_policies
from schemas.rules.text import matching_key
from schemas.sources import load_sources
from tests.support.homes import PROJECT

SCHEMAS = PROJECT / "schemas"
TOML = sorted([*SCHEMAS.rglob("*.toml"), *(PROJECT / "data" / "reference").rglob("*.toml")])
INDICATORS = load_indicators()
CLOCK = re.compile(r"\b(?:now|today|current_date|current_timestamp|get_current_timestamp|random|uuid)\b", re.IGNORECASE)


@pytest.mark.parametrize("path", TOML, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_toml_is_read_as_utf8_in_nfc(path: Path) -> None:
    import unicodedata

    text = path.read_text("utf-8")
    assert tomllib.loads(text)
    assert unicodedata.normalize("NFC", text) == text


def test_every_file_of_meanings_is_accepted_by_its_loader() -> None:
    assert len(load_forms()) == 8
    assert len(load_indicators()) > 30
    assert set(load_policies()) == {"II06A", "QD766", "CHAT"}
    assert {"mot_cua", "tthc", "pakn", "nhap_tay"} <= set(load_sources())
    assert load_checks()
    assert load_catalogue()


# --- indicators ---


@pytest.fixture(scope="module")
def empty_warehouse() -> Counter:
    """Every mart table without a row: enough to bind and type any SQL."""
    counter = Counter()
    for name, table in TABLES.items():
        if table.layer == "mart":
            counter.add_frame(name, empty_frame(table))
    counter.add_view("mart.ho_so_lop", read_select("mart.ho_so_lop"))
    return counter


@pytest.mark.parametrize("one", INDICATORS.values(), ids=INDICATORS)
def test_a_predicate_is_one_boolean_over_columns_of_its_table(empty_warehouse: Counter, one: Indicator) -> None:
    assert one.bang in DIMENSIONS
    assert ";" not in one.vi_tu
    assert "select" not in one.vi_tu.casefold()
    assert not CLOCK.search(one.vi_tu), "the state comes from dates up to the cut-off, never from the clock"
    typed = empty_warehouse.run(f"select ({one.vi_tu}) as vi_tu from {one.bang}")
    assert typed.schema == {"vi_tu": pl.Boolean}
    if one.cot is not None:
        assert one.cot in empty_warehouse.run(f"from {one.bang}").columns


@pytest.mark.parametrize("one", INDICATORS.values(), ids=INDICATORS)
def test_the_rows_behind_a_number_compile(empty_warehouse: Counter, one: Indicator) -> None:
    from datetime import date

    parameters = {"ky": "2026-6T", "ngay_chot": date(2026, 6, 9), "chinh_sach": "II06A"}
    rows = empty_warehouse.run(compile_rows(one), parameters)
    assert rows.height == 0
    assert "ma_tthc" in rows.columns or "ma_pakn" in rows.columns


@pytest.mark.parametrize("table", DIMENSIONS)
def test_the_numbers_of_a_table_compile_to_one_pass(empty_warehouse: Counter, table: str) -> None:
    numbers = empty_warehouse.run(compile_numbers(table, INDICATORS.values()))
    assert numbers.columns == ["ma_chi_tieu", "chinh_sach", *ALL_DIMENSIONS, "gia_tri"]


def test_an_indicator_names_sources_that_deliver() -> None:
    tables = [table for source in load_sources().values() for table in source.tables]
    delivered = {table.bang for table in tables} | {
        f"{table.bang}.{name}" for table in tables for name in table.columns
    }
    for one in INDICATORS.values():
        assert {term for terms in one.nguon for term in terms.split("|")} <= delivered, one.ma
        assert one.nguon, one.ma


def test_no_mart_select_asks_the_clock() -> None:
    files = list((PROJECT / "assets" / "mart").glob("*.sql"))
    assert files
    for path in files:
        code = re.sub(r"--.*", "", path.read_text("utf-8"))
        assert not CLOCK.search(code), path.name


# --- forms and checks ---


def list_rows() -> set[str]:
    return {row_id(form.bieu, line.stt) for form in load_forms().values() for line in form.dong}


def test_every_row_of_a_form_has_its_indicator() -> None:
    for form in load_forms().values():
        own = {line.stt for line in form.dong}
        for line in form.dong:
            terms = [line.ma_chi_tieu, line.tu_so, line.mau_so, *line.cong]
            for term in terms:
                assert term is None or term in own or term in INDICATORS, f"{form.bieu} {line.stt}: {term}"


def test_every_indicator_is_printed_checked_or_a_term() -> None:
    used = {
        term
        for form in load_forms().values()
        for line in form.dong
        for term in (line.ma_chi_tieu, line.tu_so, line.mau_so, *line.cong)
    }
    used |= {term for check in load_checks().values() for term in check.terms}
    used |= {one.co_so for one in INDICATORS.values()}
    assert set(INDICATORS) - used == set()


def test_every_term_of_a_check_is_a_row_or_an_indicator() -> None:
    rows = list_rows()
    for check in load_checks().values():
        assert check.terms - rows - set(INDICATORS) - set(RUN_TERMS) == set(), check.ma


def test_every_check_decides_something_on_the_demo(demo_home: Path) -> None:
    from tests.support.homes import query

    outcomes = dict(query(demo_home, "select ma, ket_qua from out.doi_chieu where chinh_sach = 'II06A'"))
    assert set(outcomes) == set(load_checks())


# --- columns, codes, findings ---


def test_every_column_has_the_type_of_its_meaning() -> None:
    assert check_meanings() == []


def test_every_meaning_is_complete() -> None:
    for one in load_meanings().values():
        assert one.title, one.name
        assert re.search(r"[À-ỹ]", one.gloss), f"{one.name}: people read it, so it is Vietnamese"
        assert not re.search(r"\b(?:the|of|and|or|with|which|null|from|where)\b", one.gloss), one.name
        assert re.fullmatch(r"_?[a-z0-9_]+", one.name), "columns are ASCII"


@pytest.mark.parametrize("path", sorted((SCHEMAS / "codes").rglob("*.csv")), ids=lambda path: path.name)
def test_no_word_stands_twice_in_a_file_of_codes(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    words = Tally((row.get("bang_ma", path.stem), matching_key(row.get("tu_nguon") or row["ten"])) for row in rows)
    assert {word for word, times in words.items() if times > 1} == set()


def test_every_alias_means_a_code_of_its_list() -> None:
    for path in sorted((SCHEMAS / "codes" / "aliases").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                listed = SCHEMAS / "codes" / f"{row['bang_ma']}.csv"
                if listed.is_file():
                    codes = {one["ma"] for one in csv.DictReader(listed.read_text("utf-8").splitlines())}
                    assert row["ma"] in codes, row


def test_every_source_knows_the_words_of_the_national_status_list() -> None:
    for source in load_sources():
        words = load_words("trang_thai", source)
        assert {code.ma for code in words.values()} == set(range(1, 11)), source


def test_every_finding_says_what_to_do() -> None:
    for kind in load_catalogue().values():
        assert re.search(r"\b[Hh]ãy\b|[Kk]hông cần làm gì", kind.cach_sua or kind.thong_bao), kind.ma


def test_every_finding_that_the_code_makes_is_in_the_catalogue_and_the_other_way_round() -> None:
    code = "\n".join(
        path.read_text("utf-8") for folder in ("assets", "schemas") for path in (PROJECT / folder).rglob("*.py")
    )
    quoted = set(re.findall(r'"([A-Z][A-Z0-9_]{4,})"', code))
    assert set(load_catalogue()) - quoted == set(), "no message without a finder"
    made = set(re.findall(r'(?:make_finding|finding|refuse)\(\s*"([A-Z_]+)"', code))
    assert made - set(load_catalogue()) == set()
