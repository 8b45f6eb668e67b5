"""Reports of invented units as other offices write them (tests/support/wards): clean as they are, one change is found.

The expected ids follow from the meaning of the changed figure, worked out by hand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.audit import verify_file
from assets.audit.values import scan_numbers

WARDS = Path(__file__).parents[1] / "support" / "wards"

CHANGES = {
    "xa_quy1_phan.txt": [
        ("1.1\tTrực tuyến\t1.196", "1.1\tTrực tuyến\t1.197", {"A02"}),
        ("3.1\tTrước hạn\t1.140", "3.1\tTrước hạn\t1.150", {"A03", "A04"}),
        ("\t7,1%", "\t1,7%", {"A03"}),
        ("4.1\tTrong hạn\t27", "4.1\tTrong hạn\t26", {"A03", "A09"}),
        ("đạt 25%;", "đạt 26%;", {"A03"}),
        ("quá hạn: 0; số", "quá hạn: 1; số", {"B04"}),
        ("1.2. Về kiểm tra", "1.3. Về kiểm tra", {"E01"}),
        ("xã Đồng Mây./.", "xã Đồng Mấy./.", {"E02"}),
    ],
    "phuong_6t_khoang_trang.txt": [
        ("qua dịch vụ bưu chính công ích 15", "qua dịch vụ bưu chính công ích 16", {"A02"}),
        ("1 806 TTHC", "1 805 TTHC", {"A01"}),
        ("đúng hạn 486", "đúng hạn 487", {"A04", "A07"}),
        ("| 12 410 | |", "| 12 411 | |", {"A06", "C10"}),
        ("05 nhiệm vụ đang", "06 nhiệm vụ đang", {"B04"}),
        ("| 36 500 |", "| 35 600 |", {"C10", "C19"}),
        ("đạt 50 %.", "đạt 51 %.", {"A03"}),
        ("ngày 16-6-2026", "ngày 16-5-2026", {"D01"}),
    ],
    "dac_khu_nam_dau_phay.txt": [
        ("là 8,412 hồ sơ", "là 8,421 hồ sơ", {"A02"}),
        ("chuyển sang: 62", "chuyển sang: 63", {"A02", "A05"}),
        ("(94.7%)", "(97.4%)", {"A03"}),
        ("đạt tỷ lệ 97.6%", "đạt tỷ lệ 96.7%", {"A03"}),
        ("Hồ sơ\t8,331", "Hồ sơ\t8,332", {"A07", "C10"}),
        ("chi thường xuyên\tĐơn vị\t3", "chi thường xuyên\tĐơn vị\t4", {"C08"}),
        ("lao động hợp đồng 7 người", "lao động hợp đồng 8 người", {"C04"}),
    ],
    "tinh_6t.txt": [
        ("13.904 hồ sơ trực tiếp", "13.094 hồ sơ trực tiếp", {"A02"}),
        ("cấp xã 397 TTHC", "cấp xã 379 TTHC", {"A01"}),
        ("đạt 90,6%", "đạt 96,0%", {"A03"}),
        ("đạt 45,0%", "đạt 54,0%", {"A03"}),
        ("quá hạn 04 nhiệm vụ", "quá hạn 40 nhiệm vụ", {"B04"}),
        ("V. KIẾN NGHỊ", "VI. KIẾN NGHỊ", {"E01"}),
    ],
    "xa_quy3_viet_tat.txt": [
        ("3.115 HS", "3.151 HS", {"A02"}),
        ("trực tiếp 60 HS", "trực tiếp 66 HS", {"A02"}),
        ("đúng hạn: 118 HS", "đúng hạn: 181 HS", {"A04", "A08"}),
        ("đúng hạn: 99,9%", "đúng hạn: 99,7%", {"A08"}),
        ("đạt 75%", "đạt 57%", {"A03"}),
        ("đến 14/9/2026", "đến 10/9/2026", {"D06"}),
    ],
    "xa_6t_hai_cot.txt": [
        ("tại quầy 169)", "tại quầy 196)", {"A02"}),
        ("kỳ trước: 47 hồ sơ", "kỳ trước: 74 hồ sơ", {"A02", "A05"}),
        ("06 hồ sơ trễ hạn (0,2%)", "16 hồ sơ trễ hạn (0,2%)", {"A03", "A04", "A22"}),
        ("11 nhiệm vụ chưa đến hạn", "12 nhiệm vụ chưa đến hạn", {"B04"}),
        ("Hồ sơ      3.859", "Hồ sơ      3.895", {"A07", "C10", "C14"}),
        ("Người      212", "Người      221", {"C07"}),
        ("đã trả lời 03 phản ánh", "đã trả lời 02 phản ánh", {"A13"}),
        ("ngày 17/6/2026 của", "ngày 17/6/2025 của", {"D01"}),
        ("đạt 40%", "đạt 45%", {"A03"}),
        ("khắc phục xong 04", "khắc phục xong 03", {"A03"}),
        ("Đảng ủy, HĐND, UBND xã xác định", "Đảng ủy, HĐND, UBND xã Ea H'Riệng xác định", {"E02"}),
    ],
    "phuong_quy3_bang_cach.txt": [
        ("chưa triển khai 02 nhiệm vụ", "chưa triển khai 03 nhiệm vụ", {"B11"}),
        ("hạn 60, đúng hạn 25", "hạn 60, đúng hạn 26", {"B04"}),
        ("640           622             18", "640           622             19", {"C22"}),
        ("3.225         3.128             97", "3.225         3.182             97", {"A03", "A04", "C22"}),
        ("08 hồ sơ quá hạn (0,3%)", "80 hồ sơ quá hạn (0,3%)", {"A03", "A04"}),
        ("2.900/2.960", "2.600/2.960", {"A03"}),
        ("đạt 65%", "đạt 56%", {"A03"}),
        ("(17 trường học", "(16 trường học", {"C04"}),
        ("2. Hạn chế, nguyên", "3. Hạn chế, nguyên", {"E01"}),
        ("Chứng thực            2.150", "Chứng thực            2,150", {"C11"}),
    ],
    "xa_quy1_gach_dau_dong.txt": [
        ("trực tiếp 36", "trực tiếp 63", {"A02"}),
        ("chuyển sang 30", "chuyển sang 35", {"A02", "A05"}),
        ("cấp thành phố 1.677", "cấp thành phố 1.667", {"A01"}),
        ("đúng hạn 219", "đúng hạn 291", {"A04", "A08"}),
        ("trong hạn 38", "trong hạn 36", {"A09"}),
        ("hoàn thành 16 nhiệm vụ", "hoàn thành 15 nhiệm vụ", {"B04", "B06"}),
        ("02 nhiệm vụ đang thực hiện", "03 nhiệm vụ đang thực hiện", {"B04"}),
        ("905/910 HS, đạt 99,5%", "905/910 HS, đạt 95,9%", {"A03"}),
        ("kế hoạch | Nhiệm vụ | 44", "kế hoạch | Nhiệm vụ | 45", {"B01", "C10"}),
        ("quá hạn | Nhiệm vụ | 1 |", "quá hạn | Nhiệm vụ | 0 |", {"B03", "B06"}),
        ("QUÝ 2/2026\n", "QUÝ II/2026\n", {"E03"}),
        ("ngày 18/03/2026 của", "ngày 16/03/2026 của", {"D01"}),
    ],
    "xa_6t_so_ket.txt": [
        ("6.480 hồ sơ mới", "6.408 hồ sơ mới", {"C04"}),
        ("371 hồ sơ trực tiếp", "317 hồ sơ trực tiếp", {"A02"}),
        ("1.430 hồ sơ đúng hạn", "1.340 hồ sơ đúng hạn", {"A03", "A04"}),
        ("(94,1%)", "(91,4%)", {"A03"}),
        ("còn 25 nhiệm vụ đang", "còn 26 nhiệm vụ đang", {"B11"}),
        ("còn 3 nhiệm vụ trong hạn", "còn 4 nhiệm vụ trong hạn", {"B04"}),
        ("tiểu học 120 người", "tiểu học 102 người", {"C04"}),
        ("đạt 45%", "đạt 54%", {"A03"}),
    ],
    "phuong_quy1_mau_06.txt": [
        ("trực tuyến: 2.511", "trực tuyến: 2.501", {"A02"}),
        ("BCCI: 41 hồ sơ", "BCCI: 14 hồ sơ", {"A02"}),
        ("chuyển qua: 52 hồ sơ", "chuyển qua: 25 hồ sơ", {"A02"}),
        ("phải giải quyết: 2.604", "phải giải quyết: 2.640", {"A02", "A05"}),
        ("đã giải quyết: 2.540", "đã giải quyết: 2.450", {"A04", "A05"}),
        ("Quá hạn: 2 hồ sơ", "Quá hạn: 3 hồ sơ", {"A09"}),
    ],
    "xa_nam_loi_van.txt": [
        ("còn lại 503 hồ sơ", "còn lại 530 hồ sơ", {"A02"}),
        ("chậm hạn 25 hồ sơ", "chậm hạn 52 hồ sơ", {"A03", "A04"}),
        ("còn 238 hồ sơ", "còn 228 hồ sơ", {"A05"}),
        ("đúng hạn 203, quá hạn 2", "đúng hạn 202, quá hạn 2", {"B04"}),
        ("đang thực hiện 7 nhiệm vụ", "đang thực hiện 17 nhiệm vụ", {"B04"}),
        ("1.702 thủ tục cấp tỉnh", "1.720 thủ tục cấp tỉnh", {"A01"}),
        ("một phần 12.017 hồ sơ", "một phần 13.017 hồ sơ", {"A19"}),
        ("đạt 95%.", "đạt 93%.", {"A03"}),
        ("tương ứng 95%", "tương ứng 93%", {"A03"}),
        ("thu về 392 phiếu", "thu về 329 phiếu", {"A03"}),
        ("II. VỀ THỦ TỤC", "III. VỀ THỦ TỤC", {"E01"}),
    ],
    "phuong_6t_cung_ky.txt": [
        ("gồm 9 cán bộ và 45 công chức", "gồm 9 cán bộ và 54 công chức", {"C04"}),
        ("(4 trường mầm non", "(5 trường mầm non", {"C04"}),
        ("còn lại 32 thủ tục", "còn lại 23 thủ tục", {"C04"}),
        ("(01 nghị quyết, 01 quyết định)", "(02 nghị quyết, 01 quyết định)", {"C04"}),
        ("tăng 12,5% so", "tăng 15,2% so", {"A20"}),
        ("bằng 63,25%", "bằng 62,25%", {"A03"}),
        ("đạt 61% so dự toán", "đạt 65% so dự toán", {"A03"}),
        ("chiếm 98 %", "chiếm 89 %", {"A03"}),
    ],
    "quan_quy1_bang_tong.txt": [
        ("hài lòng 240 lượt", "hài lòng 204 lượt", {"C04"}),
        ("(43 đơn vị giáo dục", "(44 đơn vị giáo dục", {"C04"}),
        ("(89,49%)", "(98,49%)", {"A03"}),
        ("đạt 28,1% dự toán", "đạt 21,8% dự toán", {"A03"}),
        ("tăng 2,5 lần", "tăng 3,5 lần", {"A20"}),
        ("Cộng\t59.834", "Cộng\t59.384", {"C22"}),
    ],
    "trung_tam_luy_ke.txt": [
        ("giảm 3,2% so với quý II", "giảm 2,3% so với quý II", {"A20"}),
        ("giảm 3,2% so với quý II", "tăng 3,2% so với quý II", {"A20"}),
        ("tăng 15,4% so", "tăng 14,5% so", {"A20"}),
        ("1 giám đốc, 2 phó", "1 giám đốc, 3 phó", {"C04"}),
        ("145 hồ sơ chậm (0,8%)", "154 hồ sơ chậm (0,8%)", {"C04"}),
        ("(99,25%)", "(99,75%)", {"A03"}),
    ],
    "xa_quy1_bieu_rieng.txt": [
        ("cấp xã\tThủ tục\t358", "cấp xã\tThủ tục\t385", {"A21"}),
        ("công chức có mặt\tNgười\t37", "công chức có mặt\tNgười\t38", {"A21"}),
        ("có mặt tại ĐVSN\tNgười\t291", "có mặt tại ĐVSN\tNgười\t219", {"A21"}),
        ("02 kế hoạch, 05 công văn", "02 kế hoạch, 06 công văn", {"C04"}),
        ("(mầm non 102 người", "(mầm non 112 người", {"C04"}),
        ("Còn 04 hồ sơ quá hạn", "Còn 05 hồ sơ quá hạn", {"A22"}),
        ("Trong quý I, UBND xã", "Trong quý II, UBND xã", {"D12"}),
        ("SỐ LIỆU CẢI CÁCH HÀNH CHÍNH QUÝ I NĂM 2026", "SỐ LIỆU CẢI CÁCH HÀNH CHÍNH QUÝ IV NĂM 2025", {"D12"}),
    ],
    "phuong_nam_bang_linh_vuc.txt": [
        ("Kế hoạch CCHC năm\tNhiệm vụ\t64", "Kế hoạch CCHC năm\tNhiệm vụ\t46", {"A21"}),
        ("điều hành CCHC\tVăn bản\t41", "điều hành CCHC\tVăn bản\t14", {"A21"}),
        ("Tỷ đồng\t38,62", "Tỷ đồng\t36,82", {"A21"}),
        ("tăng 4.363 hồ sơ", "tăng 4.633 hồ sơ", {"A20"}),
        ("tăng 16,5 điểm", "tăng 15,6 điểm", {"A20"}),
        ("tương ứng giảm 8,7%", "tương ứng giảm 7,8%", {"A20"}),
        ("đạt 97,4% (23.837", "đạt 94,7% (23.837", {"A03"}),
        ("trong đó nữ 31 người", "trong đó nữ 32 người", {"C04"}),
        ("1\tHộ tịch\t6.412", "1\tHộ tịch\t6.421", {"C22"}),
        ("C. NHIỆM VỤ NĂM", "D. NHIỆM VỤ NĂM", {"E01"}),
        ("C. NHIỆM VỤ NĂM 2026", "C. NHIỆM VỤ NĂM 2025", {"D12"}),
    ],
    "so_chin_thang.txt": [
        ("toàn trình 98 TTHC", "toàn trình 89 TTHC", {"C04"}),
        ("gồm 03 quyết định và 01", "gồm 04 quyết định và 01", {"C04"}),
        ("99,2 % (6 512", "92,9 % (6 512", {"A03"}),
        ("giao 48 215 triệu", "giao 84 215 triệu", {"A03"}),
        ("Kiểm tra 06/14", "Kiểm tra 16/14", {"A03", "C14"}),
    ],
    "dac_khu_6t_phu_luc.txt": [
        ("hồ sơ      1.806", "hồ sơ      1.860", {"A21"}),
        ("(cán bộ 8, công chức 51)", "(cán bộ 8, công chức 52)", {"C04"}),
        ("Hoàn thành 18 nhiệm vụ còn lại", "Hoàn thành 16 nhiệm vụ còn lại", {"A22"}),
        ("từ 15/12/2025 – 14/6/2026", "từ 15/12/2026 – 14/6/2026", {"D13"}),
    ],
    "xa_6t_xuong_dong.txt": [
        ("khối Đảng, đoàn thể 19 người", "khối Đảng, đoàn thể 20 người", {"C04"}),
        ("gồm\n09 nữ và 05 nam", "gồm\n08 nữ và 05 nam", {"C04"}),
        ("Còn 09 hồ sơ quá hạn", "Còn 07 hồ sơ quá hạn", {"A22"}),
        ("PHẦN II\n", "PHẦN III\n", {"E01"}),
        ("(85,6%)", "(86,5%)", {"A03"}),
    ],
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_correct_report_of_another_office_is_clean(name: str) -> None:
    assert verify_file(WARDS / name) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "ids"), [(name, *change) for name, changes in CHANGES.items() for change in changes]
)
def test_one_change_is_found(tmp_path: Path, name: str, old: str, new: str, ids: set[str]) -> None:
    text = (WARDS / name).read_text("utf-8")
    assert old in text
    path = tmp_path / "bao-cao.txt"
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert {found.ma for found in verify_file(path)} == ids


FIELDS = """BÁO CÁO
Công tác cải cách hành chính quý I năm 2026
Kết quả giải quyết thủ tục hành chính theo lĩnh vực:
TT\tLĩnh vực\tSố hồ sơ tiếp nhận\tSố hồ sơ đã giải quyết
I\tTư pháp\t130\t120
1\tHộ tịch\t100\t95
2\tChứng thực\t30\t25
II\tĐất đai\t20\t20
\tTổng cộng\t150\t{total}
"""


@pytest.mark.parametrize(("total", "ids"), [("140", set()), ("141", {"C22"})])
def test_a_total_row_is_the_sum_of_its_rows(tmp_path: Path, total: str, ids: set[str]) -> None:
    path = tmp_path / "bao-cao.txt"
    path.write_text(FIELDS.format(total=total), "utf-8")
    assert {found.ma for found in verify_file(path)} == ids


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12 480 hồ sơ, đạt 95,6 %", ["12 480", "95,6"]),
        ("12 480/12 500 hồ sơ", ["12 480"]),
        ("năm có 2026 100 hồ sơ", ["2026", "100"]),
        ("18 250 triệu đồng/36 500 triệu đồng", ["18 250"]),
    ],
)
def test_blanks_between_thousands(text: str, numbers: list[str]) -> None:
    assert [token.number.text for token in scan_numbers(text)] == numbers
