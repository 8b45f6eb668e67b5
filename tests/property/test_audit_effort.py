"""How much the auditor looks at: look-ups answer as trying every pair would, and effort grows with the text alone.

Calls are counted, not seconds.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.audit import scan, text_tables, verify_file
from assets.audit.document import make_paragraph
from assets.audit.evidence import gather
from assets.audit.quotients import Pool
from assets.audit.scan import MOST_FIGURES, scan_paragraph
from assets.audit.text_tables import MOST_COLUMNS
from assets.audit.values import Printed, Token, is_rounding, read_number, scan_numbers
from assets.io.report_reader import read_report
from tests.support.audit_report import build, to_text

VALUES = st.lists(
    st.one_of(st.integers(0, 40), st.integers(0, 10**6), st.decimals("0", "999", places=2)).map(Fraction), max_size=12
)
PERCENTS = st.one_of(st.integers(0, 130).map(str), st.decimals("0", "130", places=1).map(str))


def _percent(text: str) -> Printed:
    number = read_number(text.replace(".", ","), whole=False)
    assert number is not None
    return number


@given(VALUES, PERCENTS)
def test_a_look_up_answers_as_every_pair_would(values: list[Fraction], text: str) -> None:
    percent = _percent(text)
    pairs = [(part, whole) for part in values for whole in values if whole]
    assert Pool(values).proves(percent) == any(is_rounding(percent, *pair) for pair in pairs)
    for part in values:
        wholes = [whole for whole in values if whole and whole >= part]
        expected = any(is_rounding(percent, part, whole) for whole in wholes)
        assert part == 0 or Pool(values).has_whole(percent, part) == expected


def test_a_percentage_is_not_tried_on_every_pair() -> None:
    rng = random.Random(1)
    pool = Pool(Fraction(rng.randrange(1, 10**6)) for _ in range(1_000))
    tried = 0

    def never(percent: Printed, part: Fraction, whole: Fraction) -> bool:
        nonlocal tried
        tried += 1
        return False

    assert not pool.proves(_percent("37,41"), never)
    assert tried < 1_000  # of a million pairs, about one in five thousand lies so near


def test_every_paragraph_is_scanned_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(to_text(build(6)), "utf-8")
    body = gather(read_report(path)).layout.body
    scanned: Counter[str] = Counter()

    def count(text: str) -> Iterator[Token]:
        scanned[text] += 1
        return scan_numbers(text)

    monkeypatch.setattr(scan, "scan_numbers", count)
    verify_file(path)
    assert sum(scanned.values()) == len(body)


def test_a_cell_of_figures_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"Thôn {at}\t{at * 7 + 1}\t{at + 3}\t{at * 5}\t{at % 100},5%" for at in range(1, 60)]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(["BÁO CÁO", "Kết quả CCHC quý I", "Đơn vị\tA\tB\tC\tTỷ lệ", *rows]), "utf-8")
    read = 0

    def count(text: str, *, whole: bool = True) -> Printed | None:
        nonlocal read
        read += 1
        return read_number(text, whole=whole)

    monkeypatch.setattr(text_tables, "read_number", count)
    verify_file(path)
    assert read == 59 * 4


def test_what_is_no_prose_is_not_judged() -> None:
    few, many = (" ".join(["12 hồ sơ,"] * size) for size in (MOST_FIGURES, MOST_FIGURES + 1))
    assert len(scan_paragraph(make_paragraph([("dòng 1", few)])).tokens) == MOST_FIGURES
    assert scan_paragraph(make_paragraph([("dòng 1", many)])).tokens == ()


@pytest.mark.parametrize(("figures", "ids"), [(MOST_FIGURES, []), (MOST_FIGURES + 1, ["E13"])])
def test_a_crowded_paragraph_is_said_not_to_be_judged(tmp_path: Path, figures: int, ids: list[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("BÁO CÁO\nKết quả CCHC quý I\n" + "7 bàn, " * figures, "utf-8")
    assert [found.ma for found in verify_file(path)] == ids


@pytest.mark.parametrize(("width", "ids"), [(MOST_COLUMNS, []), (MOST_COLUMNS + 1, ["E13"])])
def test_a_table_wider_than_a_page_is_said_not_to_be_judged(tmp_path: Path, width: int, ids: list[str]) -> None:
    head = "\t".join(["Đơn vị", *(f"Cột {at}" for at in range(1, width))])
    rows = ["\t".join([f"Thôn {row} Đông", *(str(row + at) for at in range(1, width))]) for row in range(4)]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(["BÁO CÁO", "Kết quả CCHC quý I", head, *rows]), "utf-8")
    assert [found.ma for found in verify_file(path)] == ids
