"""The product's merge against the slow one over generated deliveries of several systems (sources.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.core.ho_so import CleanedDossiers, clean_dossiers
from assets.io.landing import Passport
from schemas.export import empty_frame
from schemas.links import DossierLink
from schemas.registry import find_table
from schemas.unit import UnitRules
from tests.support.slow_merger import (
    CHANNELS,
    CONTENT,
    COUNTS,
    DAYS,
    END_DAYS,
    FLAGS,
    GROUPS,
    LINK_COLUMNS,
    MONEY,
    SYSTEMS,
    TEXTS,
    WORDS,
    Declared,
    SlowDossier,
    SlowFile,
    SlowRow,
    merge_slowly,
    name_codes,
    read_rows,
)

COMPARED = (
    "he_thong", "ket_cuc", "ngay_ket_cuc", "la_tam_dung", "trang_thai", "kenh", *DAYS, *COUNTS,
    *(name for name in TEXTS if name != "linh_vuc"), "thanh_toan_truc_tuyen", *MONEY, *FLAGS,
)  # fmt: skip
"""Columns of core.ho_so that the merge alone decides; the field may come from the catalogue."""

MAY_BE_FILLED = ("linh_vuc", "la_hen_tra_hong")
"""Columns where a missing value may be filled: compared without telling null and false apart."""

_CELLS: dict[str, Sequence[str]] = {
    "trang_thai": [*WORDS, "Đã trả kết quả", "Đã xử lý xong", "một từ lạ", ""],
    "kenh": [*CHANNELS, "", "fax"],
    "thanh_toan_truc_tuyen": ["Có", "Không", ""],
    **dict.fromkeys(DAYS, ("", "31/05/2026", "02/06/2026", "03/06/2026", "31/02/2026")),
    "ngay_tiep_nhan": ["01/06/2026", "02/06/2026", "01/06/2026", ""],
    **dict.fromkeys(MONEY, ("", "0", "5000", "chưa rõ")),
    **dict.fromkeys(FLAGS, ("Có", "Không", "")),
    **dict.fromkeys(COUNTS, ("", "0", "2")),
    **dict.fromkeys(TEXTS, ("Một", "Hai", "")),
    "ma_tthc": ["1.000001", "2.000002", ""],
    **dict.fromkeys(LINK_COLUMNS, ("", "", "BS", "H24.150-260601-0001", "H24.150-260601-0002", "G09.20-20260609-0007")),
}
_OPTIONAL = [
    name for name in CONTENT if name not in ("ma_ho_so", "ngay_tiep_nhan", "trang_thai", *END_DAYS, *LINK_COLUMNS)
]
_SYSTEMS = (*SYSTEMS, "so_dien_tu", "bo_rieng")
_END_COLUMNS: tuple[tuple[str, ...], ...] = ((), ("ngay_ket_thuc",), END_DAYS)
"""A list without any of them cannot say when a dossier ended."""


def _code(number: int) -> str:
    return f"H24.150-260601-{number:04d}"


def _columns(system: str, ends: tuple[str, ...], others: Iterable[str]) -> tuple[str, ...]:
    bare = system == "so_theo_doi"  # the book has no status
    return ("ma_ho_so", "ngay_tiep_nhan", *(() if bare else ("trang_thai",)), *ends, *sorted(others))


@st.composite
def _files(draw: st.DrawFn) -> SlowFile:
    """One list: some of the columns, one extract time of three, up to five rows of three dossiers."""
    system = draw(st.sampled_from(_SYSTEMS))
    columns = _columns(system, draw(st.sampled_from(_END_COLUMNS)), draw(st.sets(st.sampled_from(_OPTIONAL))))
    cells = {name: st.sampled_from(_CELLS[name]) for name in columns[1:]}
    rows = draw(st.lists(st.fixed_dictionaries({"ma_ho_so": st.integers(1, 3).map(_code)} | cells), max_size=5))
    return SlowFile(system, datetime(2026, 6, draw(st.integers(10, 12))), columns, tuple(rows), "")  # noqa: DTZ001


DELIVERIES = st.lists(_files(), min_size=1, max_size=5).map(
    lambda files: [replace(one, sha=f"f{number}") for number, one in enumerate(files)]
)


def make_many(seed: int, systems: Sequence[str] = _SYSTEMS, *, codes: int = 60, lists: int = 12) -> list[SlowFile]:
    """Lists with much overlap, so that every rule and every kind of tie is met many times."""
    rng = Random(seed)
    files = []
    for number in range(lists):
        system = rng.choice(systems)
        others = [name for name in _OPTIONAL if rng.random() < 0.7]
        columns = _columns(system, rng.choice(_END_COLUMNS), others)
        rows = tuple(
            {"ma_ho_so": _code(rng.randint(1, codes))} | {name: rng.choice(_CELLS[name]) for name in columns[1:]}
            for _ in range(codes)
        )
        files.append(SlowFile(system, datetime(2026, 6, rng.randint(10, 12)), columns, rows, f"f{number}"))  # noqa: DTZ001
    return files


def clean(files: Sequence[SlowFile], declared: Sequence[Declared] = ()) -> CleanedDossiers:
    """What the product makes of the files."""
    deliveries = []
    for one in files:
        frame = pl.DataFrame(
            [{name: row.get(name) or None for name in one.columns} for row in one.rows],
            schema=dict.fromkeys(one.columns, pl.Utf8),
        ).with_columns(
            pl.lit(one.sha).alias("_file_sha256"),
            pl.lit(one.sheet).alias("_sheet"),
            pl.int_range(one.first_row, one.first_row + pl.len(), dtype=pl.Int64).alias("_row"),
        )
        passport = Passport(
            one.system, f"{one.sha}.xlsx", one.sha, 1, one.extracted, "trong_tep", {"ho_so": len(one.rows)}
        )
        deliveries.append((passport, frame))
    links = [
        DossierLink(
            ma_1=one, he_thong_1=first, ma_2=other, he_thong_2=second, ly_do="thử", nguoi_khai="Văn phòng",
            ngay_khai=date(2026, 6, 9),
        )
        for one, first, other, second in declared
    ]  # fmt: skip
    made = clean_dossiers(deliveries, empty_frame(find_table("core.thu_tuc")), UnitRules(), links=links)
    find_table("core.ho_so").schema.validate(made.dossiers.frame, lazy=True)
    find_table("core.ho_so_ban").schema.validate(made.versions, lazy=True)
    return made


def compare(files: Sequence[SlowFile], made: CleanedDossiers, declared: Sequence[Declared] = ()) -> None:
    """Every dossier, every version, and which row lends what, one by one."""
    expected = merge_slowly(files, declared)
    found = {row["ma_ho_so"]: row for row in made.dossiers.frame.rows(named=True)}
    assert found.keys() == expected.keys()
    versions = {(row["_file_sha256"], row["_sheet"], row["_row"]): row for row in made.versions.rows(named=True)}
    assert len(versions) == made.versions.height == sum(len(one.rows) for one in expected.values())
    for code, dossier in expected.items():
        got = found[code]
        assert {name: got[name] for name in COMPARED} == {name: dossier.said[name] for name in COMPARED}
        for name in MAY_BE_FILLED:
            assert (got[name] or None) == (dossier.said[name] or None), name
        leading = dossier.rows[0]
        assert (got["_file_sha256"], got["_sheet"], got["_row"]) == leading.place
        for row in dossier.rows:
            _compare_version(versions[row.place], row, dossier)


def _compare_version(got: Mapping[str, object], row: SlowRow, dossier: SlowDossier) -> None:
    leading = dossier.rows[0]
    assert (got["ma_trong_he_thong"], got["he_thong"], got["la_moi_nhat"]) == (row.code, row.system, row.newest)
    assert got["_superseded_by"] == (None if row is leading else "{}/{}/{}".format(*leading.place))
    assert (got["phi"], got["le_phi"], got["ket_cuc"]) == (row.said["phi"], row.said["le_phi"], row.outcome)
    lent = set(str(got["cung_cap"] or "").split())
    if lent == {"tat_ca"}:
        assert row is leading
        lent = {"dien_bien", *GROUPS}
    # a blank that fills nothing is lent or not: no number can tell
    telling = {name for name, one in GROUPS.items() if any(dossier.said[column] for column in one.columns)}
    assert lent & {"dien_bien", *telling} == row.lends & {"dien_bien", *telling}


@settings(max_examples=25, deadline=None)
@given(DELIVERIES)
def test_the_fast_merge_is_the_slow_one(files: list[SlowFile]) -> None:
    compare(files, clean(files))


@pytest.mark.parametrize("systems", [_SYSTEMS, ("mot_cua",), ("bo_rieng", "so_dien_tu"), ("dvcqg", "mot_cua")])
def test_many_dossiers_in_many_lists_come_out_as_the_slow_merger_says(systems: tuple[str, ...]) -> None:
    files = make_many(len(systems), systems)
    compare(files, clean(files))


# --- links ---

_DELIVERING = ("mot_cua", "opencps", "igate", "dvcqg", "so_theo_doi")


def make_linked(seed: int, *, numbers: int = 25) -> tuple[list[SlowFile], list[Declared]]:
    """Lists whose systems write codes of their own, with links in columns and declared ones, some of them wrong.

    Dossier ``n`` is ``<system>-…-n`` in a system; a link mostly names the same ``n``, sometimes another one, a code
    that nobody delivers, or no code at all.
    """
    rng = Random(seed)

    def code(system: str, number: int) -> str:
        return f"{system.upper().replace('_', '')}.150-260601-{number:04d}"

    def other(system: str, number: int) -> str:
        if rng.random() < 0.15:
            return rng.choice(["", "BS", f"G09.20-20260609-{rng.randint(1, 9):07d}"])
        return code(rng.choice([one for one in _DELIVERING if one != system]), _slip(number))

    def _slip(number: int) -> int:
        return number if rng.random() < 0.8 else rng.randint(1, numbers)

    files = []
    for place in range(9):
        system = rng.choice(_DELIVERING)
        linking = [name for name in LINK_COLUMNS if rng.random() < 0.3]
        columns = (*_columns(system, rng.choice(_END_COLUMNS), rng.sample(_OPTIONAL, 6)), *linking)
        rows = []
        for number in (rng.randint(1, numbers) for _ in range(15)):
            cells = {name: rng.choice(_CELLS[name]) for name in columns[1:] if name not in linking}
            rows.append(
                {"ma_ho_so": code(system, number), **cells, **{name: other(system, number) for name in linking}}
            )
        day = datetime(2026, 6, rng.randint(10, 12))  # noqa: DTZ001
        files.append(SlowFile(system, day, columns, tuple(rows), f"f{place}"))
    declared = {}
    for number in (rng.randint(1, numbers) for _ in range(8)):
        first, second = rng.sample(_DELIVERING, 2)
        sides = ((code(first, number), first), (code(second, _slip(number)), second))
        declared[frozenset(sides)] = (*sides[0], *sides[1])
    return files, list(declared.values())


@pytest.mark.parametrize("seed", range(1, 5))
def test_linked_codes_become_one_dossier_as_the_slow_merger_says(seed: int) -> None:
    files, declared = make_linked(seed)
    made = clean(files, declared)
    compare(files, made, declared)
    joined = made.versions.filter(pl.col("ma_trong_he_thong") != pl.col("ma_ho_so"))
    assert joined.height > 5  # the lists do hold linked dossiers
    _, clashes = name_codes(list(read_rows(files)), declared)
    assert clashes  # and some links that cannot hold
    found = made.dossiers.findings.filter(pl.col("ma") == "LIEN_KET_XUNG_DOT")
    assert sorted(found.select("nguon", "ma_ho_so").iter_rows()) == sorted(
        (system, min(own)) for system, own in clashes
    )


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 500), st.randoms(use_true_random=False))
def test_neither_the_order_of_links_nor_that_of_files_matters(seed: int, random: Random) -> None:
    files, declared = make_linked(seed, numbers=12)
    once = clean(files, declared)
    turned = [(other, second, one, first) for one, first, other, second in declared]
    random.shuffle(turned)
    shuffled = list(files)
    random.shuffle(shuffled)
    again = clean(shuffled, turned)
    assert again.dossiers.frame.equals(once.dossiers.frame)
    assert again.versions.equals(once.versions)
    assert again.aliases == once.aliases
    said = ["ma", "nguon", "ma_ho_so"]
    assert again.dossiers.findings.select(said).sort(said).equals(once.dossiers.findings.select(said).sort(said))


@pytest.mark.parametrize("seed", range(3))
def test_without_a_link_nothing_is_joined(seed: int) -> None:
    """Empty link columns, words in them and codes that nobody delivers leave every code a dossier of its own."""
    files = make_many(seed, codes=20, lists=5)
    bare = clean(files)
    rng = Random(seed)
    idle = [
        replace(
            one,
            columns=(*one.columns, "ma_quoc_gia"),
            rows=tuple({**row, "ma_quoc_gia": rng.choice(["", "BS", f"G09-{number}-{one.sha}"])} for number, row in
                       enumerate(one.rows)),
        )
        for one in files
    ]  # fmt: skip
    with_columns = clean(idle)
    assert with_columns.dossiers.frame.drop("_row").equals(bare.dossiers.frame.drop("_row"))
    assert with_columns.versions.drop("_row", "_superseded_by").equals(bare.versions.drop("_row", "_superseded_by"))
