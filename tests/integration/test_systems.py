"""Two systems and a payment list in one home: what is reported as different, and by which day money counts.

Expected rows are worked out by hand from the files below (sources.md §5, domain.md §2, §3, §6).
"""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.support.homes import query, read_values, run_period

HEAD = (
    "Mã hồ sơ;Mã TTHC;Tên thủ tục hành chính;Lĩnh vực;Đơn vị tiếp nhận;Ngày tiếp nhận;Ngày hẹn trả;Ngày kết thúc xử lý"
)
LIST = f"""{HEAD};Trạng thái;Phí;Lệ phí;Thanh toán trực tuyến
H24.1-260105-0001;2.000815;Sao y;Chứng thực;Một cửa;05/01/2026;08/01/2026;07/01/2026;Đã trả kết quả;10000;0;Có
H24.1-260106-0002;2.000815;Sao y;Chứng thực;Một cửa;06/01/2026;20/01/2026;;Yêu cầu bổ sung giấy tờ;0;0;Không
H24.1-260107-0003;2.000815;Sao y;Chứng thực;Một cửa;07/01/2026;10/01/2026;09/01/2026;Đã xử lý xong;5000;0;Có
H24.1-260108-0004;2.000815;Sao y;Chứng thực;Một cửa;08/01/2026;12/01/2026;09/01/2026;Đã xử lý xong;20000;0;Có
H24.1-260201-0006;2.000815;Sao y;Chứng thực;Một cửa;01/02/2026;05/02/2026;03/02/2026;Đã xử lý xong;30000;0;Không
H24.1-260109-0007;2.000815;Cấp căn cước;Căn cước;Công an phường Mẫu;09/01/2026;19/01/2026;;Đang xử lý;0;0;Không
"""
CATALOGUE = """Mã TTHC;Tên TTHC;Lĩnh vực;Cấp thực hiện;Mức độ;Có phí, lệ phí;Tình trạng
2.000815;Sao y;Chứng thực;Cấp xã;Toàn trình;Có;Đang công khai
"""
PAYMENTS = """Mã hồ sơ;Số biên lai;Ngày thu;Phí (VNĐ);Lệ phí (VNĐ);Tổng (VNĐ)
H24.1-260105-0001;BL0001;07/01/2026;4000;0;4000
H24.1-260105-0001;BL0002;08/01/2026;6000;0;6000
H24.1-260107-0003;BL0003;20/06/2026;5000;0;5000
H24.1-260101-9999;BL0004;07/01/2026;7000;0;7000
"""


def national(number: str, status: int, received: str, due: str, ended: str = "", fee: int = 0) -> dict[str, object]:
    """One record of the national sync, reduced to what this test speaks of."""
    return {
        "MaHoSo": number,
        "MaTTHC": "2.000815",
        "TenTTHC": "Sao y",
        "TenLinhVuc": "Chứng thực",
        "KenhThucHien": "2",
        "NgayTiepNhan": f"{received}080000",
        "NgayHenTra": f"{due}170000",
        "NgayKetThucXuLy": f"{ended}100000" if ended else "",
        "TrangThaiHoSo": str(status),
        "DonViXuLy": "Một cửa",
        "DanhSachLePhi": [{"LoaiPhiLePhi": "1", "Gia": str(fee)}],
    }


@pytest.fixture(scope="module")
def two_systems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hai-he-thong")
    files = {
        "mot_cua/danh-sach-2026-06-23.csv": LIST,
        "tthc/danh-muc-2025-12-01.csv": CATALOGUE,
        "thanh_toan/thu-phi-2026-06-23.csv": PAYMENTS,
        "dvcqg/dong-bo-2026-06-23.json": json.dumps(
            {
                "session": "thu",
                "data": [
                    national("H24.1-260105-0001", 10, "20260105", "20260108", "20260107", 10000),
                    national("H24.1-260106-0002", 9, "20260106", "20260120", "20260115"),
                    national("H24.1-260107-0003", 9, "20260108", "20260110", "20260109", 5000),
                    national("H24.1-260110-0009", 4, "20260110", "20260120"),
                ],
            }
        ),
    }
    for name, text in files.items():
        path = home / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    run_period(home)
    return home


def test_what_the_systems_say_differently(two_systems: Path) -> None:
    rows = query(
        two_systems,
        "select right(ma_ho_so, 4), loai_lech, he_thong, he_thong_kia, gia_tri_ghi, gia_tri_kia"
        " from mart.doi_soat_he_thong order by all",
    )
    assert rows == [
        ("0002", "ghi_lai_thanh_9", "dvcqg", "mot_cua", "9", "5"),
        ("0003", "khac_ngay_tiep_nhan", "dvcqg", "mot_cua", "2026-01-08", "2026-01-07"),
        # 0006 was received after the last day that the national file covers, 0007 is a vertical agency's
        ("0004", "thieu_o_he_thong_kia", "mot_cua", "dvcqg", None, None),
        ("0009", "thieu_o_he_thong_kia", "dvcqg", "mot_cua", None, None),
    ]


def test_the_system_of_record_wins_and_every_version_stays(two_systems: Path) -> None:
    assert query(two_systems, "select trang_thai, ket_cuc from core.ho_so where ma_ho_so like '%-0002'") == [(5, None)]
    versions = "select he_thong, trang_thai, _superseded_by is null from core.ho_so_ban where ma_ho_so like '%-0002'"
    assert query(two_systems, f"{versions} order by he_thong") == [("dvcqg", 9, False), ("mot_cua", 5, True)]


def test_money_counts_by_the_day_of_payment_and_multiplies_no_dossier(two_systems: Path) -> None:
    # 0001: 4.000 + 6.000 in the period; 0003: paid on 20/6, after the cut-off; 0004 and 0006: no payment listed, so the
    # dossier list's fee with their receipt; 9999 is nobody's dossier
    values = {(row["bieu"], row["stt"]): row["so_lieu"] for row in read_values(two_systems)}
    assert values["II.2", "6"] == 3
    assert values["II.2", "6.1"] == 10_000 + 20_000 + 30_000
    assert values["II.2", "6.2"] == 2  # 0001 and 0004
    assert values["II.2", "2"] == 6  # 0001 0002 0003 0004 0006 0009: payments added none


def test_the_officer_reads_about_it(two_systems: Path) -> None:
    found = query(two_systems, "select ma, dien_giai from out.phat_hien_ky where ma = 'DOI_SOAT_HE_THONG'")
    assert len(found) == 4
    unknown = query(two_systems, "select ma_ho_so, _row from core.phat_hien where ma = 'THU_PHI_KHONG_CO_HO_SO'")
    assert unknown == [("H24.1-260101-9999", 5)]
    book = openpyxl.load_workbook(two_systems / "reports" / "2026-6T" / "phat-hien.xlsx")
    sheet = book["Đối soát hệ thống"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [line[0][-4:] for line in lines if line[0]] == ["0002", "0003", "0004", "0009"]
    assert lines[0][3] == "9 Đã xử lý xong"
    assert lines[0][5] == "5 Yêu cầu bổ sung giấy tờ"
