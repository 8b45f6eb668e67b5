"""What a source lacks stays unknown (docs/decisions/0007): in core, in mart, in every number. Expectations by hand."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date, datetime

import polars as pl
import pytest

from assets.core.ho_so import clean_dossiers
from assets.core.thanh_toan import clean_payments
from assets.io.landing import Passport
from assets.io.warehouse import Counter
from assets.mart.states import read_select
from assets.out.lacks import find_untold_channels
from schemas.export import empty_frame, polars_schema
from schemas.indicators import Indicator, load_indicators
from schemas.registry import find_table
from schemas.unit import UnitRules

CODE = "H24.150-260601-0001"
BARE = {"ma_ho_so": CODE, "ngay_tiep_nhan": "01/06/2026", "trang_thai": "Đang xử lý"}
SAID = ("phi", "le_phi", "thanh_toan_truc_tuyen", "co_file_thanh_phan", "co_file_ket_qua")


def deliver(source: str, *rows: Mapping[str, str], table: str = "ho_so") -> tuple[Passport, pl.DataFrame]:
    """One delivered file; its columns are those of its first row."""
    frame = pl.DataFrame([dict(row) for row in rows], schema=dict.fromkeys(rows[0], pl.Utf8)).with_columns(
        pl.lit(source).alias("_file_sha256"),
        pl.lit("Trang").alias("_sheet"),
        pl.int_range(5, 5 + pl.len(), dtype=pl.Int64).alias("_row"),
    )
    day = datetime(2026, 6, 23)  # noqa: DTZ001 local time
    return Passport(source, f"{source}.xlsx", source, 1, day, "trong_tep", {table: len(rows)}), frame


def clean(*files: tuple[Passport, pl.DataFrame]) -> tuple[dict[str, object], list[str]]:
    """The facts of the one dossier that nobody may invent, and the codes of the findings."""
    made = clean_dossiers(files, empty_frame(find_table("core.thu_tuc")), UnitRules()).dossiers
    find_table("core.ho_so").schema.validate(made.frame, lazy=True)
    (row,) = made.frame.select(SAID).rows(named=True)
    return row, sorted(set(made.findings["ma"]) & {"CO_CHUA_RO", "SO_TIEN_KHONG_DOC_DUOC"})


def said(*values: object) -> dict[str, object]:
    return dict(zip(SAID, values, strict=True))


# --- core ---


@pytest.mark.parametrize(
    ("cells", "expected", "findings"),
    [
        pytest.param({}, said(None, None, None, None, None), [], id="no such column: unknown"),
        pytest.param(dict.fromkeys(SAID, ""), said(0, 0, 0, False, False), [], id="blank cells of those columns: no"),
        pytest.param(
            {"phi": "5000", "le_phi": "", "thanh_toan_truc_tuyen": "Có", "co_file_thanh_phan": "x"},
            said(5000, 0, 1, True, None),
            [],
            id="one of five columns lacks",
        ),
        pytest.param(
            {"le_phi": "8000"}, said(0, 8000, None, None, None), [], id="one money column holds all the money"
        ),
        pytest.param({"phi": ""}, said(0, 0, None, None, None), [], id="one money column, blank"),
        pytest.param(
            {"phi": "10,5", "le_phi": "", "thanh_toan_truc_tuyen": "có lẽ", "co_file_ket_qua": "đang chờ"},
            said(None, 0, None, None, None),
            ["CO_CHUA_RO", "SO_TIEN_KHONG_DOC_DUOC"],
            id="unreadable is unknown, with a finding",
        ),
    ],
)
def test_blank_lacking_and_unreadable(cells: dict[str, str], expected: dict[str, object], findings: list[str]) -> None:
    assert clean(deliver("mot_cua", BARE | cells)) == (expected, findings)


def test_a_known_value_of_another_system_is_taken_before_an_unknown_one_of_the_leading() -> None:
    leading = deliver("mot_cua", BARE | {"co_file_ket_qua": "Không"})
    other = deliver("dvcqg", BARE | {"trang_thai": "4", "phi": "7000", "le_phi": "", "thanh_toan_truc_tuyen": "1"})
    silent = deliver("so_theo_doi", BARE)
    for files in itertools.permutations((leading, other, silent)):
        assert clean(*files) == (said(7000, 0, 1, None, False), [])


def test_a_blank_of_the_leading_system_is_its_own_statement() -> None:
    leading = deliver("mot_cua", BARE | {"phi": "", "le_phi": ""})
    other = deliver("opencps", BARE | {"trang_thai": "processing", "phi": "7000", "le_phi": "0"})
    assert clean(leading, other)[0]["phi"] == 0


def test_a_payment_list_without_parts_says_nothing_of_them() -> None:
    def pay(**cells: str) -> tuple[object, ...]:
        delivery = deliver("thanh_toan", {"ma_ho_so": CODE, "ngay_thu": "02/06/2026"} | cells, table="thanh_toan")
        frame = clean_payments([delivery], pl.Series("ma_ho_so", [CODE])).frame
        find_table("core.thanh_toan").schema.validate(frame, lazy=True)
        return frame.select("phi", "le_phi", "tong").row(0)

    assert pay(tong="9000") == (None, None, 9000)
    assert pay(phi="4000") == (4000, 0, 4000)
    assert pay(phi="4000", le_phi="", tong="") == (4000, 0, 4000)
    assert pay(phi="4000", le_phi="một ít") == (4000, None, None)


# --- mart: money as of the cut-off ---

FIRST, CUTOFF = date(2026, 5, 1), date(2026, 6, 9)
UNPAID = {"ma_ho_so": "", "he_thong": "mot_cua", "la_tam_dung": False, "la_hen_tra_hong": False, "nganh_doc": False}


def state(dossier: dict[str, object], *payments: tuple[date | None, int | None]) -> tuple[object, ...]:
    """``tien_thu``, ``tien_thu_trong_ky`` and ``phat_sinh_phi_trong_ky`` of one dossier of a fee-bearing procedure.

    The payment list covers 10/5 to 8/6: that is when another dossier paid.
    """
    place = {"_file_sha256": "t", "_sheet": "Trang", "_row": 5, "ngay_xuat": datetime(2026, 6, 23)}  # noqa: DTZ001
    row = UNPAID | {"ma_ho_so": CODE, "trang_thai": 4, "co_phi": True, "ngay_tiep_nhan": date(2026, 6, 1)} | dossier
    others = [("khac", day, 1000) for day in (date(2026, 5, 10), date(2026, 6, 8))]
    paid = [*others, *((CODE, *one) for one in payments)]
    with Counter() as counter:
        for name, rows in (
            ("core.ho_so", [row | place]),
            (
                "core.thanh_toan",
                [{"ma_ho_so": code, "ngay_thu": day, "tong": amount} | place for code, day, amount in paid],
            ),
        ):
            counter.add_frame(name, pl.DataFrame(rows, schema=polars_schema(find_table(name))))
        made = counter.run(read_select("mart.ho_so_ky"), {"ky": "2026-6T", "ngay_chot": CUTOFF, "tu_ngay": FIRST})
    return made.select("tien_thu", "tien_thu_trong_ky", "phat_sinh_phi_trong_ky").row(0)


MAY_5 = {"ngay_tiep_nhan": date(2026, 5, 5)}


@pytest.mark.parametrize(
    ("dossier", "payments", "expected"),
    [
        pytest.param({"phi": 5000, "le_phi": 0}, [], (5000, 5000, True), id="the dossier list says it"),
        pytest.param({"phi": 0, "le_phi": 0}, [], (0, 0, False), id="the dossier list says none"),
        pytest.param(MAY_5, [], (None, None, None), id="received on a day that no payment list covers: unknown"),
        pytest.param(MAY_5 | {"co_phi": False}, [], (None, None, False), id="a procedure without fee bears none"),
        pytest.param({"co_phi": None, "phi": 0, "le_phi": 0}, [], (0, 0, False), id="no money: no fee arose"),
        pytest.param({"co_phi": None, "phi": 9, "le_phi": 0}, [], (9, 9, None), id="money, but may it bear a fee?"),
        pytest.param({}, [], (0, 0, False), id="the payment list covers the day and does not name it: not paid"),
        pytest.param({"ngay_tiep_nhan": date(2026, 6, 8)}, [], (0, 0, False), id="its last day is covered"),
        pytest.param({"ngay_tiep_nhan": date(2026, 6, 9)}, [], (None, None, None), id="the day after is not"),
        pytest.param({"phi": None, "le_phi": 0} | MAY_5, [], (None, None, None), id="one part unreadable"),
        pytest.param({"phi": None, "le_phi": 0}, [], (None, None, None), id="one part unreadable on a covered day"),
        pytest.param(MAY_5, [(date(2026, 6, 1), 4000), (None, 500)], (4500, 4500, True), id="payments say it"),
        pytest.param({}, [(date(2026, 6, 20), 4000)], (4000, 0, False), id="paid after the cut-off"),
        pytest.param({}, [(date(2026, 6, 1), 4000), (date(2026, 6, 2), None)], (None, None, None), id="one unreadable"),
        pytest.param({"ngay_tiep_nhan": date(2026, 4, 30)}, [], (None, 0, False), id="received before the period"),
    ],
)
def test_money_of_a_dossier(
    dossier: dict[str, object], payments: list[tuple[date | None, int | None]], expected: tuple[object, ...]
) -> None:
    assert state(dossier, *payments) == expected


@pytest.mark.parametrize(("second", "found"), [(19000, []), (500, [("20000", "1500")]), (None, [])])
def test_a_sum_with_an_unreadable_payment_disagrees_with_nobody(
    second: int | None, found: list[tuple[str, str]]
) -> None:
    place = {"_file_sha256": "t", "_sheet": "Trang", "_row": 5, "ngay_xuat": datetime(2026, 6, 23)}  # noqa: DTZ001
    said = {"ma_ho_so": CODE, "he_thong": "mot_cua", "phi": 20000, "le_phi": 0} | place
    tables = {
        "core.ho_so": [said | {"nganh_doc": False}],
        "core.ho_so_ban": [said | {"la_moi_nhat": True}],
        "core.thanh_toan": [{"ma_ho_so": CODE, "tong": amount} | place for amount in (1000, second)],
    }
    with Counter() as counter:
        for name, rows in tables.items():
            counter.add_frame(name, pl.DataFrame(rows, schema=polars_schema(find_table(name))))
        made = counter.run(read_select("mart.doi_soat_he_thong"), {"day_du": ["mot_cua"]})
    assert made.filter(pl.col("loai_lech") == "khac_tien").select("gia_tri_ghi", "gia_tri_kia").rows() == found


# --- indicators ---

ASKING = [one for one in load_indicators().values() if one.an_so]
LIFE: dict[str, tuple[object, ...]] = {
    "cua_minh": (True, False),
    "nhan_trong_ky": (True, False),
    "ket_thuc_trong_ky": (True, False),
    "ket_cuc": ("ket_qua", "rut", None),
    "khong_co_ket_qua": (True, False),
    "co_file_thanh_phan": (True, False, None),
    "co_file_ket_qua": (True, False, None),
    "co_phi": (True, False, None),
    "tien_thu_trong_ky": (0, 5000, None),
    "thanh_toan_truc_tuyen": (0, 2, None),
    "muc_do": (2, 4, None),
    "kenh": (1, 2),
    "ma_tthc": ("1.000001",),
}


@pytest.fixture(scope="module")
def every_dossier() -> Counter:
    """Every combination that mart can make of what the predicates read: what ended has an outcome, and so on."""
    every = (dict(zip(LIFE, values, strict=True)) for values in itertools.product(*LIFE.values()))
    rows = [row for row in every if row["ket_thuc_trong_ky"] == (row["ket_cuc"] is not None)]
    for row in rows:
        money = row["tien_thu_trong_ky"]
        both = (row["co_phi"], None if money is None else money > 0)
        row["phat_sinh_phi_trong_ky"] = False if False in both else None if None in both else True
    counter = Counter()
    counter.add_frame("mart.ho_so_lop", pl.DataFrame(rows, infer_schema_length=None, orient="row"))
    return counter


@pytest.mark.parametrize("one", ASKING, ids=lambda one: one.ma)
def test_every_dossier_is_counted_in_or_out_or_beside(every_dossier: Counter, one: Indicator) -> None:
    """Known ones are in ``co_so``, unknown ones are not, and the amount of one that is in is known."""
    base = load_indicators()[one.co_so or ""].vi_tu
    amount = one.cot or "0"
    wrong = every_dossier.run(
        f"select count(*) filter (where ({one.vi_tu}) and not coalesce(({base}), false)) as in_but_not_known,"
        f" count(*) filter (where ({one.unknown.vi_tu}) and ({base})) as unknown_but_known,"
        f" count(*) filter (where ({one.vi_tu}) and {amount} is null) as without_amount,"
        f" count(*) filter (where ({one.unknown.vi_tu})) as unknown,"
        f" count(*) filter (where ({base}) and not ({one.vi_tu})) as known_out from mart.ho_so_lop"
    ).row(0, named=True)
    assert (wrong["in_but_not_known"], wrong["unknown_but_known"], wrong["without_amount"]) == (0, 0, 0)
    assert wrong["unknown"] > 0
    assert wrong["known_out"] > 0


@pytest.mark.parametrize("one", ASKING, ids=lambda one: one.ma)
def test_only_the_columns_that_it_names_can_leave_it_open(every_dossier: Counter, one: Indicator) -> None:
    known = " and ".join(f"{name} is not null" for name in one.an_so)
    found = every_dossier.run(f"select count(*) from mart.ho_so_lop where {known} and ({one.unknown.vi_tu})").item()
    assert found == 0


@pytest.mark.parametrize("one", load_indicators().values(), ids=load_indicators())
def test_an_indicator_that_reads_what_may_be_unknown_says_so(one: Indicator) -> None:
    may_be_null = {"co_file_thanh_phan", "co_file_ket_qua", "thanh_toan_truc_tuyen", "muc_do"}
    money = {"tien_thu_trong_ky", "phat_sinh_phi_trong_ky"}
    if one.bang != "mart.ho_so_lop" or "is not null" in one.vi_tu:
        return
    read = {name for name in may_be_null if name in one.vi_tu}
    if any(name in f"{one.vi_tu} {one.cot}" for name in money):
        read |= {"tien_thu_trong_ky", "co_phi"}
    assert set(one.an_so) == read


@pytest.mark.parametrize(
    "change",
    [{"an_so": ("co_phi",)}, {"co_so": "HS_RO_PHI"}, {"an_so": ("hai_long",), "co_so": "x", "bang": "mart.pakn_ky"}],
)
def test_a_half_declared_indicator_is_refused(change: dict[str, object]) -> None:
    plain = {"ma": "X", "ten": "x", "don_vi_tinh": "x", "bang": "mart.ho_so_lop", "agg": "period", "nguon": ("ho_so",)}
    with pytest.raises(ValueError, match="an_so"):
        Indicator.model_validate(plain | {"vi_tu": "true"} | change)


def test_dossiers_whose_source_names_no_channel_are_told_per_source() -> None:
    """Of four received in the period three count as brought in person without anybody saying so; one is not ours."""
    codes = [("a", "dvcqg"), ("b", "dvcqg"), ("c", "mot_cua"), ("d", "mot_cua"), ("e", "mot_cua")]
    states = pl.DataFrame(
        {
            "ma_ho_so": [code for code, _ in codes],
            "he_thong": [system for _, system in codes],
            "cua_minh": [True, True, True, True, False],
            "nhan_trong_ky": [True, True, True, True, True],
        }
    )
    dossiers = pl.DataFrame({"ma_ho_so": ["a", "b", "c", "d", "e"], "kenh": [None, None, None, 2, None]})
    told = [(one.nguon, one.dien_giai) for one in find_untold_channels(states, dossiers)]
    assert [source for source, _ in told] == ["dvcqg", "mot_cua"]
    assert ["2 hồ sơ" in told[0][1], "1 hồ sơ" in told[1][1]] == [True, True]
