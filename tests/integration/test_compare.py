"""``cchc compare``: a home of seven dossiers worked out by hand; what is listed sums to what changed.

Window of 2026-6T from 15/12/2025; between the cut-offs 09/6 and 14/6 one dossier ends late, one is received, one
becomes late. A later extract then says that the one ended on 08/6 already.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from assets.out.compare import compare_looks
from assets.out.forms import fill_forms
from assets.out.look import Look, make_look
from pipelines.commands import comparing
from pipelines.commands.errors import CommandError
from pipelines.settings import Settings
from schemas.export import empty_frame, polars_schema
from schemas.forms import row_id
from schemas.registry import find_table
from tests.support import homes

PERIOD = "2026-6T"
FIRST, SECOND = date(2026, 6, 9), date(2026, 6, 14)
HEADER = (
    "Mã hồ sơ,Mã TTHC,Tên thủ tục hành chính,Lĩnh vực,Đơn vị tiếp nhận,Hình thức nộp,Ngày tiếp nhận,Ngày hẹn trả,"
    "Ngày kết thúc xử lý,Ngày trả kết quả,Trạng thái"
)
DOSSIERS = {
    "T-1-XONG": ("02/03/2026", "10/06/2026", "05/06/2026"),
    "T-2-TRE": ("01/06/2026", "11/06/2026", "12/06/2026"),
    "T-3-MOI": ("11/06/2026", "20/06/2026", ""),
    "T-4-QUA": ("01/06/2026", "10/06/2026", ""),
    "T-5-CON": ("03/06/2026", "30/06/2026", ""),
    "T-6-CHAM": ("01/05/2026", "08/06/2026", "09/06/2026"),
    "T-7-SAU": ("20/06/2026", "29/06/2026", ""),
}


def write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def write_list(home: Path, extracted: str, dossiers: dict[str, tuple[str, str, str]]) -> None:
    lines = [
        f"{code},1.000001,Thủ tục thử,Lĩnh vực thử,Đơn vị thử,Trực tuyến,{received},{due},{ended},{ended},"
        f"{'Đã trả kết quả' if ended else 'Đang xử lý'}"
        for code, (received, due, ended) in dossiers.items()
    ]
    write_text(home / "inbox" / "mot_cua" / f"danh-sach-{extracted}.csv", "\n".join([HEADER, *lines]) + "\n")


@pytest.fixture(scope="module")
def two_cutoffs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """v000001 and v000002: both cut-offs of the first extract."""
    place = tmp_path_factory.mktemp("compare") / "home"
    write_list(place, "2026-06-23", DOSSIERS)
    homes.run_period(place, PERIOD, FIRST)
    homes.run_period(place, PERIOD, SECOND)
    return place


@pytest.fixture(scope="module")
def rewritten(two_cutoffs: Path) -> Path:
    """The same and v000003: the first cut-off again, of a later extract that moved one end back."""
    place = homes.copy_home(two_cutoffs, two_cutoffs.with_name("rewritten"))
    received, due, _ = DOSSIERS["T-2-TRE"]
    write_list(place, "2026-06-24", DOSSIERS | {"T-2-TRE": (received, due, "08/06/2026")})
    homes.run_period(place, PERIOD, FIRST)
    return place


def collect(compared: comparing.Compared) -> dict[str, tuple[Any, Any, dict[str, Any]]]:
    """Row → value before, value after (of a ratio: the terms), and what each thing adds."""
    found: dict[str, tuple[Any, Any, dict[str, Any]]] = {}
    for row in compared.khac.flatten().iter_rows(named=True):
        if row["loai"] == "ratio":
            before, after = ((row[f"tu_so_{side}"], row[f"mau_so_{side}"]) for side in ("truoc", "sau"))
            adds = (row["thay_doi_tu_so"], row["thay_doi"])
        else:
            before, after, adds = row["gia_tri_truoc"], row["gia_tri_sau"], row["thay_doi"]
        found.setdefault(row["dong"], (before, after, {}))[2][row["ma_ho_so"] or row["ma_tthc"]] = adds
    return found


def reasons(compared: comparing.Compared) -> dict[str, tuple[str, str, str]]:
    return {
        row["ma_ho_so"]: (row["tu_lop"], row["sang_lop"], row["ly_do"])
        for row in compared.khac.muc.iter_rows(named=True)
        if row["ma_ho_so"]
    }


def between_cutoffs(home: Path, *days: date, policy: str | None = None) -> comparing.Compared:
    return comparing.compare_cutoffs(Settings(home=home).place, PERIOD, (days[0], days[1]), policy)


def between_versions(home: Path, older: str, newer: str, cutoff: date | None = FIRST) -> comparing.Compared:
    return comparing.compare_versions(Settings(home=home).place, PERIOD, (older, newer), cutoff, None)


def test_two_cutoffs_by_hand(two_cutoffs: Path) -> None:
    late, new, passed = ({name: 1} for name in ("T-2-TRE", "T-3-MOI", "T-4-QUA"))
    found = between_cutoffs(two_cutoffs, FIRST, SECOND)
    assert collect(found) == {
        "BM3.2.1": ((1, 2), (1, 3), {"T-2-TRE": (0, 1)}),
        "BM3.2.1.1": (2, 3, late),
        "II.2.2": (5, 6, new),
        "II.2.2.1": (5, 6, new),
        "II.2.3": (2, 3, late),
        "II.2.3.3": (1, 2, late),
        "II.2.4": (3, 3, {"T-2-TRE": -1, "T-3-MOI": 1}),
        "II.2.4.1": (3, 2, {"T-2-TRE": -1, "T-3-MOI": 1, "T-4-QUA": -1}),
        "II.2.4.2": (0, 1, passed),
    }  # nobody says what II.2.5.1–5.3 ask: unknown at both looks
    assert reasons(found) == {
        "T-2-TRE": (
            "đang giải quyết, trong hạn", "có kết quả, quá hạn", "kết thúc ngày 12/6/2026, giữa hai ngày chốt"
        ),
        "T-3-MOI": ("chưa tiếp nhận", "đang giải quyết, trong hạn", "mới tiếp nhận ngày 11/6/2026"),
        "T-4-QUA": (
            "đang giải quyết, trong hạn",
            "đang giải quyết, quá hạn",
            "quá hạn giữa hai ngày chốt (hẹn trả 10/6/2026)",
        ),
    }  # fmt: skip
    assert collect(between_cutoffs(two_cutoffs, SECOND, FIRST)) == collect(found), "the earlier day comes first"


def test_a_later_extract_that_moves_an_end_back_by_hand(rewritten: Path) -> None:
    one, less = {"T-2-TRE": 1}, {"T-2-TRE": -1}
    found = between_versions(rewritten, "v000003", "v000001")
    assert collect(found) == {
        "BM3.2.1": ((1, 2), (2, 3), {"T-2-TRE": (1, 1)}),
        "BM3.2.1.1": (2, 3, one),
        "BM3.2.1.2": (1, 2, one),
        "II.2.3": (2, 3, one),
        "II.2.3.1": (1, 2, one),
        "II.2.4": (3, 2, less),
        "II.2.4.1": (3, 2, less),
    }
    ((before, after, why),) = reasons(found).values()
    assert (before, after) == ("đang giải quyết, trong hạn", "có kết quả, trước hạn")
    assert why == "dữ liệu nguồn thay đổi: Kết cục (trống) → có kết quả, Ngày kết cục (trống) → 08/6/2026"
    assert collect(between_versions(rewritten, "v000002", "v000003")) == collect(found)
    assert collect(between_versions(rewritten, "v000001", "v000002")) == {}, "two runs of the same data"


def test_a_code_that_a_link_joined_or_parted_is_told_with_the_other_code(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_list(home, "2026-06-23", {"T-1-XONG": DOSSIERS["T-1-XONG"], "T-5-CON": DOSSIERS["T-5-CON"]})
    shared = {
        "MaHoSo": "G09.1-20260603-0007", "MaTTHC": "1.000001", "TenTTHC": "Thủ tục thử", "TrangThaiHoSo": "4",
        "NgayTiepNhan": "20260603080000", "NgayHenTra": "20260630170000",
    }  # fmt: skip
    write_text(home / "inbox" / "dvcqg" / "dong-bo-2026-06-23.json", json.dumps({"session": "thu", "data": [shared]}))
    homes.run_period(home, PERIOD, FIRST)
    links = home / "reference" / "lien_ket_ho_so.csv"
    write_text(
        links,
        "ma_1,he_thong_1,ma_2,he_thong_2,ly_do,nguoi_khai,ngay_khai\n"
        f"T-5-CON,mot_cua,{shared['MaHoSo']},dvcqg,Cổng quốc gia cấp mã riêng,Văn phòng,2026-06-09\n",
    )
    homes.run_period(home, PERIOD, FIRST)
    links.unlink()
    homes.run_period(home, PERIOD, FIRST)
    joined = between_versions(home, "v000001", "v000002")
    assert reasons(joined) == {
        shared["MaHoSo"]: (
            "đang giải quyết, trong hạn", "không còn",
            "gộp vào hồ sơ T-5-CON: nay hai mã là một hồ sơ, đếm dưới mã đó",
        )
    }  # fmt: skip
    assert collect(joined)["II.2.2"] == (3, 2, {shared["MaHoSo"]: -1})
    assert reasons(between_versions(home, "v000002", "v000003")) == {
        shared["MaHoSo"]: (
            "chưa có", "đang giải quyết, trong hạn", "tách khỏi hồ sơ T-5-CON: trước đây hai mã là một hồ sơ"
        )
    }  # fmt: skip


def test_a_run_that_rewrites_a_published_number_says_so_and_keeps_the_record(rewritten: Path, tmp_path: Path) -> None:
    home = homes.copy_home(rewritten, tmp_path / "home")
    changed = collect(between_versions(home, "v000002", "v000003"))
    recorded = homes.query(
        home,
        "select bieu, stt, gia_tri_truoc, gia_tri_sau, so_muc_doi from out.bien_dong where chinh_sach = 'II06A'"
        " and ngay_chot = '2026-06-09' and phien_ban_truoc = 'v000002' and phien_ban_sau = 'v000003'",
    )
    assert {row_id(bieu, stt) for bieu, stt, *_ in recorded} == set(changed)
    assert ("II.2", "4", 3, 2, 1) in recorded
    policies = homes.query(home, "select distinct chinh_sach from out.bien_dong order by 1")
    assert policies == [(name,) for name in sorted(homes.POLICIES)]
    asked = "select muc_do, dien_giai from out.phat_hien_ky where ma = 'SO_LIEU_DOI_SO_VOI_BAN_TRUOC'"
    ((severity, text),) = homes.query(home, asked)
    assert severity == "W"
    assert "7 dòng đếm khác bản v000002 đã công bố, do 1 hồ sơ" in text, "nine rows, two of which had no value before"
    assert "--versions v000002 v000003 --cutoff 2026-06-09" in text
    homes.run_period(home, PERIOD, FIRST)
    assert homes.query(home, asked) == [], "the same as the version before"
    assert homes.query(home, "select count(*) from out.bien_dong where chinh_sach = 'II06A'") == [(len(recorded),)]


def test_nothing_published_before_for_that_cutoff_is_no_drift(two_cutoffs: Path) -> None:
    assert homes.query(two_cutoffs, "select count(*) from out.bien_dong") == [(0,)]


def test_cutoffs_of_other_deliveries_are_pointed_out(two_cutoffs: Path, rewritten: Path) -> None:
    assert between_cutoffs(two_cutoffs, FIRST, SECOND).luu_y == ""
    said = between_cutoffs(rewritten, FIRST, SECOND).luu_y
    assert "--cutoff 2026-06-14" in said, "the second cut-off is of the first extract still"


class NoRows:
    """A place without any dossier: nothing adds to any number."""

    def run(self, select: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        return pl.DataFrame(schema={"khoa": pl.Utf8})


def look(figures: dict[tuple[str, str], tuple[float, str, date]]) -> Look:
    """A look at declared figures only, laid out by the forms themselves."""
    forms = fill_forms(
        pl.DataFrame(
            [{"chinh_sach": "II06A", "ma_chi_tieu": "HS_TIEP_NHAN"}], schema=polars_schema(find_table("out.chi_tieu"))
        ),
        declared := pl.DataFrame(
            [(PERIOD, *key, *rest) for key, rest in figures.items()],
            schema=["ky", "bieu", "stt", "gia_tri", "nguoi_khai", "ngay_khai"],
            orient="row",
        ),
        PERIOD,
        FIRST,
    )
    return make_look(NoRows(), (PERIOD, FIRST, "II06A"), forms, empty_frame(find_table("out.dinh_nghia")), declared)


def test_a_declared_figure_names_who_and_when_in_the_row_and_in_its_sum() -> None:
    """Form 5, row 4 is the sum of 4.1, 4.2 and 4.3."""
    others = {("5", "4.2"): (2.0, "Người Khai A", date(2026, 6, 1)), ("5", "4.3"): (4.0, "Người Khai A", FIRST)}
    before = look(others | {("5", "4.1"): (5.0, "Người Khai A", date(2026, 6, 1))})
    after = look(others | {("5", "4.1"): (8.0, "Người Khai B", date(2026, 6, 8))})
    found = compare_looks(before, after)
    rows = {one["dong"]: (one["gia_tri_truoc"], one["gia_tri_sau"], one["chenh_lech"])
            for one in found.dong.iter_rows(named=True)}  # fmt: skip
    assert rows == {"BM5.4": (11, 14, 3), "BM5.4.1": (5, 8, 3)}
    for one in found.muc.iter_rows(named=True):
        assert (one["doi_tuong"], one["thay_doi"]) == ("khai_bao", 3)
        assert one["tu_lop"] == "5, Người Khai A, khai ngày 01/6/2026"
        assert one["sang_lop"] == "8, Người Khai B, khai ngày 08/6/2026"
        assert one["ly_do"] == "BM5.4.1: số khai báo thay đổi: 5 → 8"
    assert compare_looks(after, after).dong.is_empty()


def test_a_thing_compared_with_itself_differs_in_nothing(rewritten: Path, demo_home: Path) -> None:
    assert collect(between_versions(rewritten, "v000003", "v000003")) == {}
    for policy in homes.POLICIES:
        assert collect(between_cutoffs(demo_home, homes.CUTOFF, homes.CUTOFF, policy=policy)) == {}


@pytest.mark.parametrize("policy", homes.POLICIES)
def test_what_is_listed_sums_to_what_changed(module_home: Path, policy: str) -> None:
    if not (module_home / "versions" / "v000002").is_dir():
        homes.run_period(module_home, PERIOD, SECOND)
    found = between_cutoffs(module_home, homes.CUTOFF, SECOND, policy=policy)
    kinds = set(found.khac.muc["doi_tuong"])
    assert kinds == {"ho_so", "thu_tuc_co_ho_so", "pakn"}
    changed = collect(found)
    assert len(changed) > 25
    for row, (before, after, adds) in changed.items():
        if isinstance(before, tuple):
            for place in (0, 1):
                assert sum(one[place] for one in adds.values()) == after[place] - before[place], row
        else:
            assert sum(adds.values()) == after - before, row
    values = {
        day: {(one["bieu"], one["stt"]): one for one in homes.read_values(module_home, cutoff=day, policy=policy)}
        for day in (homes.CUTOFF, SECOND)
    }
    differing = {key for key, one in values[SECOND].items() if one != values[homes.CUTOFF][key]}
    listed = {(one["bieu"], one["stt"]) for one in found.khac.dong.iter_rows(named=True)}
    assert differing <= listed, "no changed row is passed over"
    for one in found.khac.dong.iter_rows(named=True):
        key = (one["bieu"], one["stt"])
        assert (one["gia_tri_truoc"], one["gia_tri_sau"]) == (
            values[homes.CUTOFF][key]["so_lieu"], values[SECOND][key]["so_lieu"]
        )  # fmt: skip


def test_machine_output_is_rows_and_nothing_else(two_cutoffs: Path, tmp_path: Path) -> None:
    arguments = ("compare", "--home", two_cutoffs, "--period", PERIOD, "--cutoffs", "2026-06-09", "2026-06-14")
    book = tmp_path / "so-sanh.xlsx"
    as_csv = homes.cchc(*arguments, "--csv", "--xlsx", book)
    assert (as_csv.code, as_csv.err) == (0, "")
    lines = list(csv.DictReader(io.StringIO(as_csv.out)))
    as_json = homes.cchc(*arguments, "--json")
    assert (as_json.code, as_json.err) == (0, "")
    objects = json.loads(as_json.out)
    assert len(lines) == len(objects) == 12, "9 rows, one of them with two dossiers and one with three"
    for text, rich in zip(lines, objects, strict=True):
        assert text == {name: "" if value is None else str(value) for name, value in rich.items()}
    (first,) = [one for one in objects if one["dong"] == "II.2.4.2"]
    assert (first["gia_tri_truoc"], first["gia_tri_sau"], first["ma_ho_so"]) == (0, 1, "T-4-QUA")
    sheets = openpyxl.load_workbook(book, read_only=True)
    shown = {str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"II.2.4.2", "T-4-QUA", "CÁC DÒNG KHÁC NHAU"} <= shown
    for_people = homes.cchc(*arguments)
    assert for_people.code == 0
    assert "9 dòng khác nhau" in for_people.out
    assert for_people.out.count("T-2-TRE") == 1


def test_what_is_not_there_is_said_with_the_command_to_run(rewritten: Path, demo_home: Path) -> None:
    place = Settings(home=rewritten).place
    with pytest.raises(CommandError, match=r"cchc run --home \S+ --period 2026-6T --cutoff 2026-06-12") as missing:
        between_cutoffs(rewritten, FIRST, date(2026, 6, 12))
    assert missing.value.code == 3
    with pytest.raises(CommandError, match="v000001, v000002, v000003") as pruned:
        between_versions(rewritten, "v000001", "v000009")
    assert pruned.value.code == 2
    with pytest.raises(CommandError, match="v000001 không có kỳ 2026-6T với ngày chốt 2026-06-14; có: 2026-06-09"):
        between_versions(rewritten, "v000001", "v000003", SECOND)
    with pytest.raises(CommandError, match="2026-5T"):
        comparing.compare_versions(place, "2026-5T", ("v000001", "v000002"), None, None)
    both = homes.cchc("compare", "--home", demo_home, "--period", PERIOD)
    assert both.code == 2
    assert "--cutoffs" in both.err
