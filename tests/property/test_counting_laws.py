"""Laws of counting over any set of dossiers: the product equals the slow counter, classes exclude each other.

The slow counter (tests/support/slow_counter.py) is plain loops that share no code with the product. Dossiers are
invented by Hypothesis in the demo's row shape, with every status word, contradictory dates and several versions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assets.core.ho_so import clean_dossiers
from assets.core.thu_tuc import clean_procedures
from assets.io.landing import Passport
from assets.io.warehouse import Counter
from assets.mart.states import STATE_TABLES, frame_policies, read_select
from assets.out.forms import fill_forms
from assets.out.values import count_indicators
from schemas.export import cast_to_contract, empty_frame
from schemas.registry import find_table
from schemas.rules.counting import load_policies
from schemas.unit import UnitRules
from tests.support import slow_counter, slow_reader
from tests.support.demo_records import OWN_UNIT, VERTICAL_UNITS, DossierRow, ProcedureRow, Records

START, CUTOFF = date(2026, 6, 15), date(2026, 6, 20)
EXTRACT = datetime(2026, 6, 23)  # noqa: DTZ001 - local time, as printed
RULES = UnitRules(nganh_doc=("Công an phường", "Thuế cơ sở", "Bảo hiểm xã hội", "Chi nhánh Văn phòng Đăng ký đất đai"))
WORDS = (
    "Mới đăng ký", "Được tiếp nhận", "Không được tiếp nhận", "Đang xử lý", "Yêu cầu bổ sung giấy tờ",
    "Yêu cầu thực hiện nghĩa vụ tài chính", "Công dân yêu cầu rút hồ sơ", "Dừng xử lý", "Đã xử lý xong",
    "Đã xử lý xong", "Đã trả kết quả", "Đã trả kết quả", "Đang xử lý", "Từ chối giải quyết", "Trả lại", "Tạm dừng",
    "Từ chối tiếp nhận", "Một từ lạ",
)  # fmt: skip
NEVER = ("Mới đăng ký", "Không được tiếp nhận", "Từ chối tiếp nhận")
PROCEDURES = tuple(
    ProcedureRow(f"1.00000{n}", f"Thủ tục thử {n}", "Lĩnh vực thử", "Cấp xã", level, "Có", "Có", "Không", fee, "Có",
                 paper, state, "QĐ 1")
    for n, (level, fee, paper, state) in enumerate(
        [("Toàn trình", "Có", "Không", "Đang công khai"), ("Một phần", "Không", "Có", "Đang công khai"),
         ("Cung cấp thông tin", "Có", "Không", "Hết hiệu lực")]
    )
)  # fmt: skip

days = st.integers(-2, 6).map(lambda n: START + timedelta(days=n))
# mostly readable days in a narrow range, so that the borders (end = due, due = cut-off, end = first day) are met
readable = days.map(lambda d: f"{d:%d/%m/%Y}")
cells = st.sampled_from(["ngay", "ngay", "ngay", "trong", "hong"]).flatmap(
    lambda kind: {"ngay": readable, "trong": st.none(), "hong": st.just("31/02/2026")}[kind]
)


@st.composite
def dossier_rows(draw: st.DrawFn) -> DossierRow:
    """One version of one of a few dossiers; dates may contradict each other, be absent or unreadable."""
    word = draw(st.sampled_from(WORDS))
    # on a never-received row without any date the counters differ: ours keeps it (domain.md §2), the other drops it
    unreadable = draw(st.integers(0, 9)) == 9 and word not in NEVER
    received = "không rõ" if unreadable else draw(readable)
    fee = draw(st.sampled_from([0, 0, 5000, 20000]))
    procedure = draw(st.sampled_from(["1.000000", "1.000001", "1.000002", "9.999999"]))
    return DossierRow(
        f"H24.150-260601-{draw(st.integers(1, 30)):04d}", procedure, "Thủ tục", "Lĩnh vực thử",
        draw(st.sampled_from([OWN_UNIT, OWN_UNIT, OWN_UNIT, VERTICAL_UNITS[0]])),
        draw(st.sampled_from(["Trực tuyến", "Trực tiếp", "Bưu chính công ích", ""])), "", "", "", "",
        None, received, draw(cells), draw(cells), draw(cells), word, fee, 0,
        draw(st.sampled_from(["Có", "Không"])), draw(st.sampled_from(["Có", "Không"])),
        draw(st.sampled_from(["Có", ""])),
    )  # fmt: skip


NAMES = {
    "ma_ho_so": "ma_ho_so", "ma_tthc": "ma_tthc", "ten_tthc": "ten_tthc", "linh_vuc": "linh_vuc",
    "don_vi_tiep_nhan": "don_vi_tiep_nhan", "hinh_thuc_nop": "kenh", "ngay_nop": "ngay_nop",
    "ngay_tiep_nhan": "ngay_tiep_nhan", "ngay_hen_tra": "ngay_hen_tra", "ngay_ket_thuc": "ngay_ket_thuc",
    "ngay_tra": "ngay_tra", "trang_thai": "trang_thai", "phi": "phi", "le_phi": "le_phi",
    "thanh_toan_truc_tuyen": "thanh_toan_truc_tuyen", "file_thanh_phan": "co_file_thanh_phan",
    "file_ket_qua": "co_file_ket_qua",
}  # fmt: skip
CATALOGUE = {
    "ma_tthc": "ma_tthc", "ten_tthc": "ten_tthc", "linh_vuc": "linh_vuc", "cap_thuc_hien": "cap_thuc_hien",
    "muc_do": "muc_do", "du_dieu_kien_toan_trinh": "du_dieu_kien_toan_trinh", "tai_mot_cua": "tai_mot_cua",
    "phi_dia_gioi": "phi_dia_gioi", "co_phi": "co_phi", "thanh_toan_truc_tuyen": "thanh_toan_truc_tuyen",
    "khong_co_ket_qua": "khong_co_ket_qua", "tinh_trang": "tinh_trang", "quyet_dinh": "quyet_dinh_cong_bo",
}  # fmt: skip


def as_delivery(rows: list, names: dict[str, str], source: str, table: str, sha: str) -> tuple[Passport, pl.DataFrame]:
    """Rows as one delivered file's raw table."""
    columns = {
        raw: [None if getattr(row, name) is None else str(getattr(row, name)) for row in rows]
        for name, raw in names.items()
    }
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Utf8)).with_columns(
        pl.lit(sha).alias("_file_sha256"),
        pl.lit("Trang").alias("_sheet"),
        pl.int_range(5, 5 + pl.len(), dtype=pl.Int64).alias("_row"),
    )
    return Passport(source, f"{sha}.xlsx", sha, 1, EXTRACT, "trong_tep", {table: len(rows)}), frame


DELIVERED = frozenset(
    {
        "thu_tuc",
        "pakn",
        "ho_so",
        *(f"ho_so.{name}" for name in NAMES.values()),
        *(f"thu_tuc.{name}" for name in CATALOGUE.values()),
    }
)
PROCEDURE_STATE = clean_procedures([as_delivery(list(PROCEDURES), CATALOGUE, "tthc", "thu_tuc", "c")]).frame


SAID = ("phi", "le_phi", "thanh_toan_truc_tuyen", "file_thanh_phan", "file_ket_qua")


def count(files: list[list[DossierRow]], book: list[DossierRow] | None = None) -> dict[str, pl.DataFrame]:
    """The product's tables for those deliveries, without touching a disk; a book lacks the columns of ``SAID``."""
    deliveries = [as_delivery(rows, NAMES, "mot_cua", "ho_so", f"f{n}") for n, rows in enumerate(files)]
    if book:
        names = {name: raw for name, raw in NAMES.items() if name not in SAID}
        deliveries.append(as_delivery(book, names, "so_theo_doi", "ho_so", "so"))
    cleaned = clean_dossiers(deliveries, PROCEDURE_STATE, RULES).dossiers
    for name, frame in (("core.ho_so", cleaned.frame), ("core.phat_hien", cleaned.findings)):
        find_table(name).schema.validate(frame, lazy=True)
    accounts = cleaned.accounts.select(pl.sum_horizontal("so_dong_core", "so_dong_thay_the", "so_dong_loai").sum())
    assert accounts.item() == sum(len(rows) for rows in [*files, book or []])
    core = {"core.ho_so": cleaned.frame, "core.thu_tuc": PROCEDURE_STATE}
    core |= {name: empty_frame(find_table(name)) for name in ("core.pakn", "core.thanh_toan")}
    parameters = {"ky": "2026-Q3", "ngay_chot": CUTOFF, "tu_ngay": START}
    with Counter() as counter:
        for name, frame in core.items():
            counter.add_frame(name, frame)
        for name in STATE_TABLES:
            counter.add_frame(name, cast_to_contract(counter.run(read_select(name), parameters), find_table(name)))
        counter.add_frame("mart.chinh_sach", frame_policies())
        counter.add_view("mart.ho_so_lop", read_select("mart.ho_so_lop"))
        values = count_indicators(counter, "2026-Q3", CUTOFF, DELIVERED, "h")
        lop = counter.run("select * from mart.ho_so_lop")
    forms = fill_forms(values, empty_frame(find_table("core.nhap_tay")), "2026-Q3", CUTOFF)
    return {"chi_tieu": values, "bieu_mau": forms, "lop": lop}


def counted_rows(forms: pl.DataFrame, policy: str) -> dict[tuple[str, str], object]:
    """Form and row → number, or (numerator, denominator)."""
    mine = forms.filter(
        (pl.col("chinh_sach") == policy) & pl.col("don_vi").is_null() & pl.col("bieu").is_in(["3", "7", "II.2"])
    ).filter(pl.col("loai") != "header")
    return {
        (row["bieu"], row["stt"]): (row["tu_so"], row["mau_so"]) if row["loai"] == "ratio" else row["so_lieu"]
        for row in mine.iter_rows(named=True)
    }


few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# each example runs the whole pipeline: shrinking a failure would take minutes and say little more
more = settings(few, max_examples=25, phases=(Phase.explicit, Phase.reuse, Phase.generate))


@more
@given(st.lists(dossier_rows(), min_size=25, max_size=40))
def test_any_dossiers_count_as_the_slow_counter_counts_them(rows: list[DossierRow]) -> None:
    # versions that tie in dates and status are told apart by content alone, which is each counter's own affair
    records = Records(tuple(untie(rows)), PROCEDURES, (), (), ())
    forms = count([list(records.dossiers)])["bieu_mau"]
    for policy in load_policies():
        assert counted_rows(forms, policy) == slow_counter.count_all(records, START, CUTOFF, policy), policy


def untie(rows: list[DossierRow]) -> list[DossierRow]:
    """Drop versions whose rank (latest event, status number) equals another's of the same dossier."""
    ask = slow_reader.Question(START, CUTOFF, "II06A", frozenset())
    kept: dict[tuple[object, ...], DossierRow] = {}
    for row in rows:
        events, status, _ = slow_reader._rank(row, ask)
        kept.setdefault((row.ma_ho_so, tuple(events), status), row)
    return list(kept.values())


def strip(row: DossierRow, code: str) -> DossierRow:
    """The dossier as a book without columns for money and files holds it."""
    return replace(row, ma_ho_so=code, **dict.fromkeys(SAID))


def read_unknown(forms: pl.DataFrame, policy: str) -> dict[tuple[str, str], int]:
    """Form and row → dossiers unknown to it, for every row that may have some."""
    mine = forms.filter((pl.col("chinh_sach") == policy) & pl.col("don_vi").is_null()).drop_nulls("chua_ro")
    return {(row["bieu"], row["stt"]): row["chua_ro"] for row in mine.iter_rows(named=True)}


@settings(more, max_examples=12)
@given(st.lists(dossier_rows(), max_size=20), st.lists(dossier_rows(), min_size=1, max_size=15))
def test_what_a_book_does_not_say_is_counted_beside(listed: list[DossierRow], booked: list[DossierRow]) -> None:
    rows = untie(listed)
    book = untie([strip(row, row.ma_ho_so.replace("H24.150", "H24.151")) for row in booked])
    records = Records((*rows, *book), PROCEDURES, (), (), ())
    forms = count([rows] if rows else [], book)["bieu_mau"]
    for policy in load_policies():
        assert counted_rows(forms, policy) == slow_counter.count_all(records, START, CUTOFF, policy), policy
        assert read_unknown(forms, policy) == slow_counter.count_unknown(records, START, CUTOFF, policy), policy


def test_a_dossier_of_an_unlisted_procedure_is_no_ground_for_a_zero() -> None:
    """Two that paid 5000, one of them online: nobody knows whether either bears a fee, so no row of fees says 0."""
    rows = [
        DossierRow(
            f"H24.150-260601-000{n}", "9.999999", "Thủ tục", "Lĩnh vực thử", OWN_UNIT, "Trực tiếp", "", "", "", "",
            None, f"{START:%d/%m/%Y}", None, None, None, "Đang xử lý", 5000, 0, online, "Có", "Có",
        )
        for n, online in enumerate(("Có", "Không"), start=1)
    ]  # fmt: skip
    forms = count([rows])["bieu_mau"]
    fees = [("II.2", stt) for stt in ("6", "6.1", "6.2")]
    assert [counted_rows(forms, "II06A")[place] for place in fees] == [None, None, None]
    assert [read_unknown(forms, "II06A")[place] for place in fees] == [2, 2, 1]


@settings(more, max_examples=12)
@given(st.lists(dossier_rows(), min_size=1, max_size=20), st.lists(dossier_rows(), min_size=1, max_size=15))
def test_a_source_without_the_columns_changes_nothing_but_the_unknown(
    listed: list[DossierRow], booked: list[DossierRow]
) -> None:
    """Also where the book holds dossiers of the list: the list's word stands.

    Not so II.2.5.2 and 5.3: of a procedure without a paper result the answer is known from the catalogue.
    """
    before = count([listed])["bieu_mau"]
    after = count([listed], [strip(row, row.ma_ho_so) for row in booked])["bieu_mau"]
    for policy in load_policies():
        old, new = counted_rows(before, policy), counted_rows(after, policy)
        unknown = read_unknown(after, policy)
        for place in (("II.2", stt) for stt in ("5.1", "6", "6.1", "6.2")):
            if new[place] != old[place]:  # only where nobody knows anything about any dossier
                assert unknown[place] > read_unknown(before, policy)[place], place
                assert (old[place], new[place]) in ((0, None), ((0, 0), (None, 0))), place


@few
@given(st.lists(dossier_rows(), min_size=1, max_size=14))
def test_classes_are_total_and_exclusive_and_identities_hold(rows: list[DossierRow]) -> None:
    tables = count([rows])
    lop = tables["lop"].filter(pl.col("da_tiep_nhan"))
    received, carried = pl.col("nhan_trong_ky"), pl.col("ky_truoc_chuyen_qua")
    ended, still_open = pl.col("ket_thuc_trong_ky"), pl.col("dang_giai_quyet")
    assert lop.filter(received & carried).is_empty()
    assert lop.filter(ended & still_open).is_empty()
    assert lop.filter((received | carried) != (ended | still_open)).is_empty()
    assert lop.filter((ended | still_open) != pl.col("han").is_not_null()).is_empty()
    for policy in load_policies():
        values = counted_rows(tables["bieu_mau"], policy)
        flat = tables["chi_tieu"].filter(
            pl.all_horizontal(pl.col(n).is_null() for n in ("don_vi", "linh_vuc", "ma_tthc", "kenh"))
        )
        all_ended = flat.filter((pl.col("ma_chi_tieu") == "HS_KET_THUC") & (pl.col("chinh_sach") == policy))[
            "gia_tri"
        ].item()
        assert values["II.2", "2"] + values["II.2", "2.4"] == all_ended + values["II.2", "4"]
        assert values["II.2", "3"] == values["II.2", "3.1"] + values["II.2", "3.2"] + values["II.2", "3.3"]
        assert values["II.2", "4"] == values["II.2", "4.1"] + values["II.2", "4.2"]
        assert values["II.2", "2"] == values["II.2", "2.1"] + values["II.2", "2.2"] + values["II.2", "2.3"]


@few
@given(st.lists(dossier_rows(), min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_order_splitting_and_redelivery_change_nothing(rows: list[DossierRow], random: object) -> None:
    once = count([rows])["chi_tieu"]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    half = len(shuffled) // 2
    files = [part for part in (shuffled[:half], shuffled[half:], rows) if part]
    assert count(files)["chi_tieu"].equals(once)


@few
@given(st.lists(dossier_rows(), min_size=1, max_size=14))
def test_breakdowns_sum_to_the_total(rows: list[DossierRow]) -> None:
    values = count([rows])["chi_tieu"].filter(pl.col("ma_chi_tieu").str.starts_with("HS_"))
    dimensions = ("don_vi", "linh_vuc", "ma_tthc", "kenh")
    total = values.filter(pl.all_horizontal(pl.col(name).is_null() for name in dimensions))
    key = ["chinh_sach", "ma_chi_tieu"]
    for name in dimensions:
        parts = values.filter(pl.col(name).is_not_null()).group_by(key).agg(pl.col("gia_tri").sum().alias("tong"))
        joined = total.join(parts, on=key, how="left").with_columns(pl.col("tong").fill_null(0))
        assert joined.filter(pl.col("gia_tri") != pl.col("tong")).is_empty(), name
