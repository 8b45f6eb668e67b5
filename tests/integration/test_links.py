"""Two systems that know one dossier under two codes: one dossier in every number, two codes in every trace.

Expected rows are worked out by hand from the files below (sources.md §5).
"""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.support import homes

HEAD = "Mã hồ sơ;Mã TTHC;Tên thủ tục hành chính;Lĩnh vực;Đơn vị tiếp nhận;Ngày tiếp nhận;Ngày hẹn trả"
LIST = f"""{HEAD};Ngày kết thúc xử lý;Trạng thái;Mã hồ sơ quốc gia
H24.1-260105-0001;2.000815;Sao y;Chứng thực;Một cửa;05/01/2026;08/01/2026;07/01/2026;Đã trả kết quả;G09.1-20260105-0001
H24.1-260106-0002;2.000815;Sao y;Chứng thực;Một cửa;06/01/2026;20/01/2026;;Đang xử lý;
H24.1-260107-0003;2.000815;Sao y;Chứng thực;Một cửa;07/01/2026;10/01/2026;09/01/2026;Đã xử lý xong;G09.1-20260107-9999
"""
OLDER = "\n".join(line.rpartition(";")[0] for line in LIST.splitlines()) + "\n"
"""The day before, without the column of the other code: it takes no link back."""
CATALOGUE = """Mã TTHC;Tên TTHC;Lĩnh vực;Cấp thực hiện;Mức độ;Tình trạng
2.000815;Sao y;Chứng thực;Cấp xã;Toàn trình;Đang công khai
"""
PAYMENTS = """Mã hồ sơ;Số biên lai;Ngày thu;Phí (VNĐ)
G09.1-20260105-0001;BL0001;07/01/2026;4000
"""
LINKS = """ma_1;he_thong_1;ma_2;he_thong_2;ly_do;nguoi_khai;ngay_khai
G09.1-20260106-0002;dvcqg;H24.1-260106-0002;mot_cua;Cổng quốc gia cấp mã riêng;Văn phòng;2026-06-09
"""


def national(code: str, status: int, received: str, due: str) -> dict[str, str]:
    return {
        "MaHoSo": code,
        "MaTTHC": "2.000815",
        "TenTTHC": "Sao y",
        "NgayTiepNhan": f"{received}080000",
        "NgayHenTra": f"{due}170000",
        "NgayKetThucXuLy": "20260107100000" if status > 8 else "",
        "TrangThaiHoSo": str(status),
        "DonViXuLy": "Một cửa",
    }


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("lien-ket")
    shared = [
        national("G09.1-20260105-0001", 10, "20260105", "20260109"),
        national("G09.1-20260106-0002", 4, "20260106", "20260120"),
    ]
    files = {
        "inbox/mot_cua/danh-sach-2026-06-23.csv": LIST,
        "inbox/mot_cua/khong-lien-ket-2026-06-22.csv": OLDER,
        "inbox/tthc/danh-muc-2025-12-01.csv": CATALOGUE,
        "inbox/thanh_toan/thu-phi-2026-06-23.csv": PAYMENTS,
        "inbox/dvcqg/dong-bo-2026-06-23.json": json.dumps({"session": "thu", "data": shared}),
        "reference/lien_ket_ho_so.csv": LINKS,
    }
    for name, text in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")
    homes.run_period(home)
    return home


def received(home: Path) -> float:
    return next(row["so_lieu"] for row in homes.read_values(home) if (row["bieu"], row["stt"]) == ("II.2", "2"))


def test_linked_codes_count_once_and_are_in_both_systems(linked: Path) -> None:
    assert received(linked) == 3
    rows = "select ma_ho_so, loai_lech, he_thong, ma_trong_he_thong, ma_trong_he_thong_kia from mart.doi_soat_he_thong"
    assert homes.query(linked, f"{rows} order by all") == [
        ("H24.1-260105-0001", "khac_ngay_hen_tra", "dvcqg", "G09.1-20260105-0001", "H24.1-260105-0001"),
    ]  # 0003 was received after the last day that the national file covers
    book = openpyxl.load_workbook(linked / "reports" / "2026-6T" / "phat-hien.xlsx")
    assert book["Đối soát hệ thống"]["C4"].value == "dvcqg (mã G09.1-20260105-0001)"
    unknown = homes.query(linked, "select ten_tep from core.phat_hien where ma = 'LIEN_KET_CHUA_THAY'")
    assert unknown == [("danh-sach-2026-06-23.csv",)]


def test_a_payment_under_the_other_code_counts(linked: Path) -> None:
    assert homes.query(linked, "select ma_ho_so, tong from core.thanh_toan") == [("H24.1-260105-0001", 4000)]


@pytest.mark.parametrize("code", ["H24.1-260105-0001", "g09.1-20260105-0001"])
def test_trace_lists_the_dossiers_rows_by_either_code(linked: Path, code: str) -> None:
    ended = homes.cchc("trace", "--home", linked, code, "--json")
    assert ended.code == 0, ended.said
    rows = json.loads(ended.out)
    assert [(row["ma_trong_he_thong"], row["he_thong"], row["dan_dau"]) for row in rows] == [
        ("H24.1-260105-0001", "mot_cua", True),
        ("G09.1-20260105-0001", "dvcqg", False),
        ("H24.1-260105-0001", "mot_cua", False),
    ]
    assert {row["ma_ho_so"] for row in rows} == {"H24.1-260105-0001"}


@pytest.mark.parametrize(("asked", "said"), [("H24.9-1", "không danh sách nào"), ("BM3.2.1.1", "--period")])
def test_trace_of_nothing_is_wrong_usage(linked: Path, asked: str, said: str) -> None:
    ended = homes.cchc("trace", "--home", linked, asked)
    assert (ended.code, said in ended.err) == (2, True), ended.said


def test_withdrawing_the_list_or_the_line_separates_the_codes_again(linked: Path, tmp_path: Path) -> None:
    home = homes.copy_home(linked, tmp_path / "nha")
    assert homes.cchc("withdraw", "--home", home, "danh-sach-2026-06-23.csv", "--reason", "thử").code == 0
    homes.run_period(home)
    assert received(home) == 4
    (home / "reference" / "lien_ket_ho_so.csv").unlink()
    homes.run_period(home)
    assert received(home) == 5
    assert homes.query(home, "select count(distinct input_hash) from out.lan_chay") == [(3,)]


def test_a_wrong_line_stops_before_anything_is_read(linked: Path, tmp_path: Path) -> None:
    home = homes.copy_home(linked, tmp_path / "nha")
    (home / "reference" / "lien_ket_ho_so.csv").write_text(LINKS.replace("dvcqg", "dvcq"), "utf-8")
    ended = homes.cchc("run", "--home", home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert ended.code == 2
    assert "lien_ket_ho_so.csv, dòng 2: he_thong_1 “dvcq” không dùng được, có lẽ là “dvcqg”" in ended.err
