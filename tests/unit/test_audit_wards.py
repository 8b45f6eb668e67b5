# ruff: noqa: E501 - a paragraph of a report is one line
"""Reports of two invented wards in wordings that are far from the reference: what is recognised, what is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.audit import AuditFinding, verify_file
from assets.audit.evidence import gather
from assets.io.report_reader import read_report

QUARTER = """UBND XÃ HÒA LẠC
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 87/BC-UBND
Hòa Lạc, ngày 18 tháng 3 năm 2026
BÁO CÁO
Công tác cải cách hành chính quý I năm 2026 và phương hướng, nhiệm vụ quý II năm 2026

Căn cứ Kế hoạch số 12/KH-UBND ngày 15/01/2026 của UBND xã Hòa Lạc về cải cách hành chính năm 2026; thực hiện Công văn số 455/SNV-CCHC ngày 02/3/2026 của Sở Nội vụ, UBND xã Hòa Lạc báo cáo kết quả công tác cải cách hành chính quý I năm 2026 như sau:

I. CÔNG TÁC CHỈ ĐẠO ĐIỀU HÀNH
1. Về kế hoạch CCHC
Kế hoạch CCHC năm 2026 của xã có 45 nhiệm vụ. Đến nay đã hoàn thành 12 nhiệm vụ, đạt 26,7%; 33 nhiệm vụ đang triển khai.
2. Nhiệm vụ do UBND tỉnh giao
Từ ngày 15/12/2025 đến ngày 14/3/2026, xã được UBND tỉnh, Chủ tịch UBND tỉnh giao 21 nhiệm vụ, trong đó: đã hoàn thành đúng hạn 15 nhiệm vụ; hoàn thành quá hạn 01 nhiệm vụ; đang thực hiện trong hạn 05 nhiệm vụ.

II. KẾT QUẢ THỰC HIỆN
1. Cải cách thể chế
a) Ban hành văn bản: Không.
b) Rà soát: 02 văn bản.
2. Cải cách TTHC
2.1. Công khai TTHC: Hiện có 420 TTHC thuộc thẩm quyền giải quyết của UBND xã được công khai đầy đủ.
2.2. Kết quả giải quyết hồ sơ
Tổng số hồ sơ tiếp nhận, giải quyết: 2.345 hồ sơ, trong đó:
- Tiếp nhận mới trong kỳ: 2.300 hồ sơ (trực tuyến: 2.250; trực tiếp: 45; bưu chính công ích: 5);
- Từ kỳ trước chuyển sang: 45 hồ sơ.
- Đã giải quyết: 2.290 hồ sơ (trước hạn: 2.100; đúng hạn: 180; quá hạn: 10); tỷ lệ giải quyết đúng hạn và trước hạn đạt 99,6%.
- Đang giải quyết: 55 hồ sơ (trong hạn: 53; quá hạn: 2).
2.3. Tiếp nhận 04 phản ánh, kiến nghị của người dân, đã xử lý 04 phản ánh, kiến nghị.
3. Tổ chức bộ máy: Tổng biên chế được giao 62 biên chế, gồm: khối chính quyền 40 biên chế, khối Đảng, đoàn thể 22 biên chế.
4. Trung tâm có 06 công chức tiếp nhận hồ sơ tại 5 quầy.

III. ĐÁNH GIÁ CHUNG
1. Ưu điểm
2. Hạn chế

IV. NHIỆM VỤ TRỌNG TÂM QUÝ II NĂM 2026
1. Tiếp tục thực hiện Kế hoạch số 12/KH-UBND ngày 15/01/2026.
2. Nâng tỷ lệ hồ sơ trực tuyến lên trên 98%.

Trên đây là báo cáo công tác cải cách hành chính quý I năm 2026 của UBND xã Hoà Lạc./.

Nơi nhận:                                   TM. ỦY BAN NHÂN DÂN
- Sở Nội vụ;                                     CHỦ TỊCH
- Lưu: VT.
"""

YEAR = """ỦY BAN NHÂN DÂN
ĐẶC KHU PHÚ SƠN
Số:      /BC-UBND
Phú Sơn, ngày 17 tháng 12 năm 2026
BÁO CÁO
Kết quả công tác cải cách hành chính năm 2026, phương hướng nhiệm vụ năm 2027

PHẦN THỨ NHẤT
KẾT QUẢ THỰC HIỆN

I/ Công tác chỉ đạo
1/ Ban hành văn bản: Quyết định số 5/QĐ-UBND ngày 6/1/2026, Quyết định số 45/QĐ-UBND, ngày 20 tháng 02 năm 2026; Kế hoạch 31/KH-UBND ngày 15/4/2026.
2/ Kết quả: hoàn thành 58/60 nhiệm vụ đề ra trong Kế hoạch (96,7%).
II/ Thủ tục hành chính
Toàn đặc khu có 2.150 TTHC thuộc thẩm quyền, trong đó cấp tỉnh 1.790 TTHC, cấp xã 360 TTHC.
Năm 2026, tiếp nhận 15.200 hồ sơ, tăng 12% so với cùng kỳ năm 2025 (13.571 hồ sơ); trong đó nộp trực tuyến 14.900 hồ sơ (98,0%), nộp trực tiếp 300 hồ sơ (2,0%). Số hồ sơ đã giải quyết là 15.100 hồ sơ; trong đó 14.000 hồ sơ trước hạn, 1.000 hồ sơ đúng hạn, 100 hồ sơ quá hạn. Hồ sơ đang xử lý 100 hồ sơ, đều trong hạn.
Lĩnh vực tư pháp: tiếp nhận 9.000 hồ sơ, giải quyết 8.900 hồ sơ, quá hạn 50 hồ sơ.
Thu ngân sách đạt 112% dự toán; giải ngân đạt 95,2% kế hoạch vốn.

PHẦN THỨ HAI
PHƯƠNG HƯỚNG NĂM 2027
I/ Mục tiêu
1/ Duy trì 100% hồ sơ trực tuyến.
II/ Nhiệm vụ
1/ Cải cách thể chế.
2/ Cải cách TTHC.
Trên đây là báo cáo kết quả công tác CCHC năm 2026 của UBND đặc khu Phú Sơn.
Phụ lục
(Kèm theo Báo cáo số      /BC-UBND ngày 17/12/2026 của UBND đặc khu Phú Sơn)
"""


def _audit(tmp_path: Path, text: str) -> list[AuditFinding]:
    path = tmp_path / "bao-cao.txt"
    path.write_text(text, "utf-8")
    return verify_file(path)


@pytest.mark.parametrize("text", [QUARTER, YEAR], ids=["quarter", "year"])
def test_other_wordings_are_clean(tmp_path: Path, text: str) -> None:
    assert _audit(tmp_path, text) == []


CHANGES = [
    (QUARTER, "trực tiếp: 45;", "trực tiếp: 46;", {"A02"}),
    (QUARTER, "quá hạn: 10)", "quá hạn: 11)", {"A04"}),
    (QUARTER, "đạt 99,6%", "đạt 99,9%", {"A08"}),
    (QUARTER, "Đang giải quyết: 55", "Đang giải quyết: 65", {"A05", "A09"}),
    (QUARTER, "đạt 26,7%", "đạt 27,6%", {"A03"}),
    (QUARTER, "đúng hạn 15 nhiệm vụ", "đúng hạn 16 nhiệm vụ", {"B04"}),
    (QUARTER, "ngày 14/3/2026", "ngày 10/3/2026", {"D06"}),
    (QUARTER, "ngày 14/3/2026", "ngày 20/3/2026", {"D07"}),
    (QUARTER, "quý I năm 2026 của UBND xã", "6 tháng đầu năm 2026 của UBND xã", {"D12"}),
    (QUARTER, "xã Hoà Lạc./.", "xã Hoà Lạt./.", {"E04"}),  # six letters: may be a neighbour's name, but not here
    (QUARTER, "xã Hoà Lạc./.", "xã Hoà Lác./.", {"E02"}),
    (QUARTER, "của UBND xã Hoà Lạc./.", "của UBND xã Bình Minh./.", {"E04"}),
    (QUARTER, "b) Rà soát", "c) Rà soát", {"E01"}),
    (QUARTER, "2.3. Tiếp", "2.4. Tiếp", {"E01"}),
    (QUARTER, "12/KH-UBND ngày 15/01/2026.", "12/KH-UBND ngày 16/01/2026.", {"D05"}),
    (QUARTER, "2.100;", "2,100;", {"C11"}),
    (YEAR, "cấp xã 360", "cấp xã 350", {"A01"}),
    (YEAR, "(98,0%)", "(89,0%)", {"A03"}),
    (YEAR, "100 hồ sơ quá hạn", "110 hồ sơ quá hạn", {"A04"}),
    (YEAR, "15.200 hồ sơ, tăng", "15.300 hồ sơ, tăng", {"A02", "A03", "A05", "A20"}),
    (YEAR, "(96,7%)", "(97,6%)", {"A03"}),
    (YEAR, "Quyết định số 5/QĐ-UBND", "Quyết định số 59/QĐ-UBND", {"D04"}),
    (YEAR, "31/KH-UBND ngày 15/4/2026", "31/KH-UBND ngày 15/4/2027", {"D02"}),
    (YEAR, "31/KH-UBND", "31-KH/UBND", {"D09"}),
    (YEAR, "II/ Nhiệm vụ", "III/ Nhiệm vụ", {"E01"}),
    (YEAR, "ngày 17/12/2026 của", "ngày 17/11/2026 của", {"D01"}),
    (YEAR, "Duy trì 100%", "Duy trì 120%", {"C18"}),
    (YEAR, "tiếp nhận 15.200 hồ sơ", "tiếp nhận … hồ sơ", {"E07"}),
    (YEAR, "Thu ngân sách", "Theo Nghị định số 61/2018/NĐ-CP ngày 23/4/2018, thu ngân sách", {"D08"}),
    (YEAR, "Thu ngân sách", "Theo Nghị định số 118/2025/NĐ-CP ngày 09/6/2024, thu ngân sách", {"D11"}),
]


@pytest.mark.parametrize(("text", "old", "new", "ids"), CHANGES, ids=[f"{c[2][:28]}" for c in CHANGES])
def test_one_change_gives_its_ids(tmp_path: Path, text: str, old: str, new: str, ids: set[str]) -> None:
    assert text.count(old) == 1 or old in {"quý I năm 2026 của UBND xã"}
    assert {found.ma for found in _audit(tmp_path, text.replace(old, new))} == ids


def test_figures_are_named_in_prose(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(YEAR, "utf-8")
    evidence = gather(read_report(path))
    said = {name: evidence.quantities[name].number.text for name in ("tiep_nhan", "truc_tuyen", "truc_tiep", "qua_han")}  # type: ignore[union-attr]
    assert said == {"tiep_nhan": "15.200", "truc_tuyen": "14.900", "truc_tiep": "300", "qua_han": "100"}
    assert evidence.period is not None
    assert evidence.period.key == "2026-NAM"


def test_part_of_a_total_in_one_fraction(tmp_path: Path) -> None:
    text = YEAR.replace("Số hồ sơ đã giải quyết là 15.100 hồ sơ", "Đã giải quyết 15.100/15.200 hồ sơ tiếp nhận")
    assert _audit(tmp_path, text) == []


def test_levels_that_neither_or_both_have_close_the_sum(tmp_path: Path) -> None:
    lines = (
        "trong đó:\n+ Số TTHC cấp tỉnh: 1.790 thủ tục;\n+ Số TTHC cấp xã: 360 thủ tục;\n"
        "+ Số TTHC thuộc cả hai cấp (đã tính ở hai dòng trên): 15 thủ tục;\n"
        "+ Số TTHC không thuộc cấp tỉnh, cấp xã: {} thủ tục."
    )
    text = YEAR.replace("trong đó cấp tỉnh 1.790 TTHC, cấp xã 360 TTHC.", lines)
    assert _audit(tmp_path, text.format(15)) == []
    assert [found.ma for found in _audit(tmp_path, text.format(16))] == ["A01"]


def test_a_sentence_that_begins_with_software_opens_no_part(tmp_path: Path) -> None:
    text = QUARTER.replace("2. Hạn chế\n", "2. Hạn chế\nPhần mềm dùng chung có thời điểm chưa ổn định.\n")
    assert _audit(tmp_path, text) == []


WORDS = [
    (QUARTER, "Hòa Lạc, ngày 18 tháng 3", "Hòa Lac, ngày 18 tháng 3", {"E02"}),
    (QUARTER, "có 420 TTHC", "có … TTHC", {"E07"}),
    (QUARTER, "455/SNV-CCHC", "455/SNV/CCHC", {"D09"}),
    (
        YEAR,
        "Kế hoạch 31/KH-UBND ngày 15/4/2026",
        "Kế hoạch 31/KH-UBND ngày 15/4/2026, số 31/KH-UBND ngày 15/4/2026",
        {"D03"},
    ),
    (YEAR, "giải ngân đạt 95,2%", "giải ngân 1,204 triệu đồng trong 12.040 triệu đồng, đạt 95,2%", {"C11"}),
]


@pytest.mark.parametrize(("text", "old", "new", "ids"), WORDS, ids=[c[2][:28] for c in WORDS])
def test_a_slip_of_wording_gives_its_id(tmp_path: Path, text: str, old: str, new: str, ids: set[str]) -> None:
    assert text.count(old) == 1
    assert ids <= {found.ma for found in _audit(tmp_path, text.replace(old, new))} <= {*ids, "A03"}
