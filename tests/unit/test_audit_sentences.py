# ruff: noqa: E501 - a paragraph of a report is one line
"""Single sentences as offices write them: what is right in them is left alone, what is wrong is found.

The figures of the sentences about dossiers, shares and ranks are those of published results of provinces, districts
and communes of 2016 to 2025 (right and wrong ones alike); the words are our own. Expected ids by hand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.audit import AuditFinding, verify_file

FRAME = """BÁO CÁO
Kết quả công tác cải cách hành chính quý I năm 2026
I. KẾT QUẢ
1. {text}
"""

RIGHT = {
    "a bound is no figure": "Cấp xã giải quyết trên 83 ngàn hồ sơ: đúng hạn gần 82 ngàn hồ sơ (98,5%); trễ hạn gần 1,3 ngàn hồ sơ (1,4%).",
    "nearly so many": "Trung tâm đã trả gần 27.000 hồ sơ (93,5%): trước hạn 22.357, đúng hạn 3.523, quá hạn 267 hồ sơ.",
    "more than the parts": "Phát hơn 89.000 phiếu khảo sát, gồm 39.765 phiếu người dân và 49.458 phiếu điện tử của công chức.",
    "all are below a rate": "Có 9/9 đơn vị có tỷ lệ hồ sơ chậm dưới 10%, trong đó 5/9 nơi xuống dưới 3%.",
    "all are above a rate": "Chỉ số theo vùng: 6/6 vùng trên 80%, đều tăng.",
    "a place and a score": "Xã đứng thứ 3/63, 91,43%, năm thứ 2 liên tiếp; xã cuối bảng 63/63 với 73,87%.",
    "shares of parts whose sum is not printed": "Nhận mới 35.768 hồ sơ; trả trước và đúng hạn 33.257 (98,13%), chậm 635 (1,87%).",
    "a share of the nearer figure": "Tiếp nhận 8.930 hồ sơ, trực tuyến 7.600 hồ sơ (85,11%). Trả 8.889 hồ sơ.",
    "scores are no bases": "Đà Nẵng đạt 93,31 điểm, Hải Phòng 92,59 điểm; trung bình 19 bộ đạt 85,3%.",
    "a total inside a total": "Số hồ sơ phải giải quyết: 419 hồ sơ (kỳ trước chuyển sang 07; tiếp nhận mới 412, gồm trực tuyến 371, trực tiếp 41).",
    "two units in a list": "Mở 05 lớp, 143 lượt người học (lớp tại chỗ 03 lớp, 97 lượt; lớp trực tuyến 02 lớp, 46 lượt).",
    "members without a figure": "Đã kiểm tra 07 đơn vị, gồm Văn phòng, 02 phòng chuyên môn, Trung tâm Phục vụ hành chính công và 03 trường học.",
    "things of two kinds": "Máy tính: 58 máy/52 công chức; trong đó 49 máy còn dùng tốt, 09 máy đề nghị thay thế.",
    "a range of rates": "Có 03 đơn vị tự bảo đảm một phần chi thường xuyên (02 đơn vị từ 10% đến dưới 30%, 01 đơn vị từ 30% đến dưới 70%).",
    "money with decimals": "Vốn đầu tư công: kế hoạch 52,6 tỷ đồng; giải ngân 6,838 tỷ đồng, đạt 13%.",
    "another quarter's figures": "Quý I tiếp nhận 2.846 hồ sơ: trực tuyến 2.731 hồ sơ (95,96%), trực tiếp 115 hồ sơ (4,04%). Lũy kế từ đầu nhiệm kỳ tiếp nhận 8.258 hồ sơ, trực tuyến 7.750 hồ sơ (93,85%), trực tiếp 508 hồ sơ (6,15%).",
    "a weekday": "Hội nghị đối thoại tổ chức thứ Sáu, ngày 06/3/2026 và Chủ nhật (08/3/2026).",
    "a notice of a conclusion": "Thực hiện Thông báo kết luận số 12/TB-UBND ngày 05/01/2026 của UBND tỉnh.",
    "this year, last year, the difference": "Năm 2026 tiếp nhận 14.286 hồ sơ; năm 2025 tiếp nhận 12.915 hồ sơ; tăng 1.371 hồ sơ (10,62%).",
    "last year's two figures": "Trong 17 đơn vị có 03 đơn vị tự bảo đảm một phần, 14 đơn vị do Nhà nước bảo đảm (năm 2025: 02 và 14).",
    "a rate of something else": "Đã giải quyết 3.171 hồ sơ, đúng hạn 3.160 hồ sơ, quá hạn 11 hồ sơ, tỷ lệ đúng hạn 99,65%.",
    "three decimals among others": "Phí thu được 38,64 triệu đồng, trong đó trực tuyến 34,776 triệu đồng. Vốn giao 21.800 triệu đồng.",
    "what is to be put right": "Tự kiểm tra phát hiện 06 vấn đề cần chấn chỉnh; đến nay đã khắc phục xong 05 vấn đề.",
    "one sum in two units": "Giải ngân 11.530 triệu đồng (11,53 tỷ đồng).",
    "a bracket behind a measure": "Mất kết nối đường truyền: 04 lần, tổng 11 giờ (lần lượt 2, 5, 1 và 3 giờ).",
    "counts in words": "Đã giải quyết xong 2.837 hồ sơ, gồm 2.164 hồ sơ trước hạn, 659 hồ sơ đúng hạn và mười bốn hồ sơ quá hạn.",
    "members without a figure at the end": "Đơn vị sự nghiệp: 17 (6 trường mầm non, 5 trường tiểu học, 4 trường THCS, Trạm Y tế, Trung tâm Dịch vụ).",
    "a range of a share": "Tự chủ: 1/17 đơn vị tự bảo đảm một phần chi thường xuyên (mức từ 30% đến dưới 70%), 16/17 đơn vị còn lại chưa.",
    "a rate of a part of the money": "Vốn đầu tư công 52.600 triệu đồng, giải ngân 24.196 triệu đồng. Trong đó giao thông 15.810/31.000 triệu đồng (51,0%).",
    "given and present": "Số người làm việc (giao/có mặt): mầm non 219/214; tiểu học 202/198.",
    "what is left of tasks": "Kế hoạch có 24 nhiệm vụ, xong 12 (50%), đang làm 12. Tỉnh giao 8 nhiệm vụ, còn 4 nhiệm vụ. Sẽ làm xong 12 nhiệm vụ còn lại.",
    "arithmetic": "Cuối kỳ còn 11 hồ sơ (624 + 18 - 631 = 11). Tiếp nhận 1.832 hồ sơ = trực tuyến 1.684 + trực tiếp 143 + bưu chính 5.",
    "a dash and a sign of equality": "Mức độ hài lòng 92,9 - 95,2 điểm = loại tốt; giai đoạn 1 - 2 = 14 lớp.",
    "two subjects of one head": "Trình độ của 53 công chức: thạc sĩ 10 người, đại học 43 người; lý luận chính trị: cao cấp 06 người, trung cấp 36 người, sơ cấp 11 người.",
    "one is punished, no other": "Kỷ luật: 01 viên chức tại trường học; không có công chức bị kỷ luật.",
    "of neither level named above": "Tổng số 2.260 thủ tục (cấp tỉnh 1.824, cấp xã 391, trong đó có 18 thủ tục thực hiện ở cả cấp tỉnh và cấp xã; không thuộc hai cấp nêu trên 63 thủ tục).",
    "levels that overlap": "Đang thực hiện 2.031 thủ tục, trong đó: 1.698 thủ tục cấp tỉnh, 397 thủ tục cấp xã (64 thủ tục thực hiện ở cả hai cấp).",
    "a share of the plan above": "Lũy kế giải ngân 23.718/36.540 triệu đồng (64,9%), riêng quý này 8.954 triệu đồng; trước đó 14.764 triệu đồng (40,4%).",
    "more than the estimate": "Thu ngân sách 96.384/88.900 triệu đồng (108,42%).",
    "a pair of totals and a third": "Toàn trình 5.218 hồ sơ, trong đó trực tuyến 5.093 (97,6%); một phần 9.346 hồ sơ, trong đó trực tuyến 9.027 (96,6%); 312 hồ sơ của thủ tục chỉ cung cấp thông tin.",
    "the day of an inspection": "Theo Kế hoạch số 31/KH-UBND ngày 03/3/2026. Thực hiện Kế hoạch số 31/KH-UBND, ngày 14/4/2026 và ngày 15/4/2026 đã kiểm tra 04 cơ quan.",
    "levels in two sentences": "Toàn tỉnh có 2.131 thủ tục, trong đó 1.688 thủ tục thuộc thẩm quyền cấp tỉnh và 431 thủ tục thuộc thẩm quyền cấp xã. Có 76 thủ tục vừa thuộc thẩm quyền cấp tỉnh vừa thuộc thẩm quyền cấp xã, 88 thủ tục không thuộc hai cấp này.",
    "and so on": "Các hội, đoàn thể… hồ sơ được hướng dẫn tại chỗ.",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_what_is_right_is_left_alone(tmp_path: Path, text: str) -> None:
    assert _audit(tmp_path, text) == []


WRONG = {
    "resolved": ("Giải quyết xong 643.272 hồ sơ: đúng và trước hạn 635.593 (98,81%), quá hạn 7.677 (1,19%).", {"C04"}),
    "procedures": ("Tỉnh công bố 7.518 TTHC, gồm 3.595 TTHC mới và thay thế, 977 TTHC sửa đổi, bổ sung, 2.926 TTHC bị bãi bỏ.", {"C04"}),
    "in force": ("Đang áp dụng 2.242 TTHC (cấp tỉnh 1.865, cấp xã 372, cơ quan khác 56).", {"C04"}),
    "due": ("Có 106.014 hồ sơ đến hạn trả, trong đó đúng hạn 104.814 (98,7%); quá hạn 1.200 hồ sơ (1,3%).", {"A03"}),
    "one share of three": ("Đã xong 206.885 hồ sơ: trước hạn 99.558 (48,2%), đúng hạn 106.018 (51,2%), quá hạn 1.309 (0,6%).", {"A03"}),
    "two units of money": ("Vốn đầu tư công: kế hoạch 18.650 tỷ đồng, giải ngân 3.245 triệu đồng, đạt 17,4%.", {"E12"}),
    "another weekday": ("Hội nghị đối thoại tổ chức thứ Sáu, ngày 07/3/2026.", {"D14"}),
    "another weekday in figures": ("Hội nghị đối thoại tổ chức thứ 4 (08/3/2026).", {"D14"}),
    "another kind of document": ("Đã ban hành Quyết định số 18/KH-UBND ngày 12/01/2026 về cải cách hành chính.", {"D09"}),
    "dots for a number": ("Có 12 vấn đề, đã khắc phục ….. vấn đề.", {"E07"}),
    "many dots at a word": ("Đã tiếp nhận.......hồ sơ trong quý.", {"E07"}),
    "a change in the bracket of what it is of": ("Trực tiếp: 298 hồ sơ (cùng kỳ 1.038 hồ sơ; giảm 73,1%).", {"A20"}),
    "shares of a whole that is not printed": ("Theo cách nộp: trực tuyến 2.847 hồ sơ (90,21%), trực tiếp 312 hồ sơ (9,79%).", {"A03"}),
    "a rate named after its figure": ("Nhận 624 hồ sơ (trực tuyến 541, trực tiếp 83); tỷ lệ trực tuyến 76,7%.", {"A03"}),
    "a total behind its parts": ("Nhận mới 2.318 hồ sơ, kỳ trước chuyển sang 26 hồ sơ, cộng 2.434 hồ sơ.", {"C04"}),
    "one sum twice in one unit": ("Giải ngân 11.530 tỷ đồng (11,53 tỷ đồng).", {"E12"}),
    "a fraction of two units": ("Giải ngân 5.166 đồng trên 28.700 triệu đồng, đạt 18%.", {"E12"}),
    "a rate between two units": ("Vốn 8.500 triệu đồng, giải ngân đạt 35% (2.975 tỷ đồng).", {"E12"}),
    "the year at the end of a sign": ("Thực hiện Nghị định số 118/NĐ-CP/2025 ngày 09/6/2025.", {"D09"}),
    "two separators in one number": ("Thu 48.230.000 đồng, trong đó 29,610.000 đồng từ lĩnh vực hộ tịch.", {"C11"}),
    "a stretch from the first day of the period": ("Số liệu từ ngày 15/12/2025 đến ngày 14/9/2026.", {"D06"}),
    "arithmetic": ("Tiếp nhận 1.832 hồ sơ = trực tuyến 1.684 + trực tiếp 134 + bưu chính 5.", {"C04"}),
    "arithmetic with a difference": ("Cuối kỳ còn lại (624 + 18 - 631 = 21).", {"C04"}),
    "a rate behind a citation": ("Đã hoàn thành 27/52 nhiệm vụ đề ra tại Kế hoạch CCHC ban hành kèm theo Quyết định số 128/QĐ-UBND ngày 10/01/2026 (đạt 59,1%).", {"A03"}),
    "dots before a comma": ("Số hồ sơ có phí, lệ phí là ..., số tiền thu được 12.500.000 đồng.", {"E07"}),
    "a rate told again": ("Trực tuyến 7.750/8.258 hồ sơ, đạt 93,85%. Tỷ lệ hồ sơ trực tuyến 93,58% là cao.", {"A22"}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "ids"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_found(tmp_path: Path, text: str, ids: set[str]) -> None:
    assert set(_audit(tmp_path, text)) == ids


TABLE = """BÁO CÁO
Kết quả công tác cải cách hành chính quý III năm 2026
Kết quả giải quyết hồ sơ:
Nội dung\tQuý I, II\tQuý III\t9 tháng
Chuyển kỳ trước\t41\t53\t41
Tiếp nhận mới\t4.386\t2.417\t{received}
Trong đó: trực tuyến\t2.893\t1.952\t4.845
Đã giải quyết\t4.374\t2.431\t6.805
Đang giải quyết\t53\t39\t39
"""


@pytest.mark.parametrize(("received", "ids"), [("6.803", []), ("6.830", ["C22"])])
def test_a_column_adds_up_those_beside_it_except_what_is_open_at_the_end(
    tmp_path: Path, received: str, ids: list[str]
) -> None:
    assert _ids(tmp_path, TABLE.format(received=received)) == ids


BY_KIND = """BÁO CÁO
Kết quả công tác cải cách hành chính quý I năm 2026
I. KẾT QUẢ
* Tiếp nhận mới: 359 hồ sơ
- Theo hình thức:
+ Trực tuyến: 298 hồ sơ
+ Trực tiếp: 61 hồ sơ
- Theo lĩnh vực: chứng thực 148; hộ tịch {registered}; khác 139.
"""


@pytest.mark.parametrize(("registered", "ids"), [("72", []), ("63", ["C04"])])
def test_a_list_by_kind_adds_up_to_the_figure_before_it(tmp_path: Path, registered: str, ids: list[str]) -> None:
    assert _ids(tmp_path, BY_KIND.format(registered=registered)) == ids


SEVERAL = """BÁO CÁO
Kết quả công tác cải cách hành chính quý I năm 2026
I. KẾT QUẢ
a) Tủ sách pháp luật các thôn có {total} cuốn sách:
- Luật và nghị định 200 cuốn sách.
- Đất đai 14; hộ tịch 23; hòa giải 68 cuốn sách; tăng 12 cuốn sách so với cùng kỳ.
"""


@pytest.mark.parametrize(("total", "ids"), [("305", []), ("315", ["C04"])])
def test_one_bullet_may_hold_several_parts(tmp_path: Path, total: str, ids: list[str]) -> None:
    assert _ids(tmp_path, SEVERAL.format(total=total)) == ids


def test_captions_of_tables_are_numbered_in_order(tmp_path: Path) -> None:
    found = _verify(tmp_path, FRAME.format(text="Như sau:\nBảng 1. Văn bản\nKhông có.\nBảng 3. Hồ sơ\nKhông có.\n"))
    assert [(one.ma, one.ve_trai, one.ve_phai) for one in found] == [("E01", "3", "2")]


SUBROWS = """BÁO CÁO
Kết quả công tác cải cách hành chính quý III năm 2026
Văn bản đã ban hành:
Chỉ tiêu\tĐơn vị tính\tQuý III\tLũy kế 9 tháng
Văn bản chỉ đạo\tVăn bản\t6\t19
  Kế hoạch\tVăn bản\t1\t7
  Công văn\tVăn bản\t4\t{letters}
  Thông báo\tVăn bản\t1\t2
Kỷ luật\tNgười\t0\t1
"""


@pytest.mark.parametrize(("letters", "ids"), [("10", []), ("11", ["C22"])])
def test_rows_below_one_add_up_in_every_column(tmp_path: Path, letters: str, ids: list[str]) -> None:
    assert _ids(tmp_path, SUBROWS.format(letters=letters)) == ids


def _verify(folder: Path, report: str) -> list[AuditFinding]:
    path = folder / "bao-cao.txt"
    path.write_text(report, "utf-8")
    return verify_file(path)


def _ids(folder: Path, report: str) -> list[str]:
    return [found.ma for found in _verify(folder, report)]


def _audit(folder: Path, text: str) -> list[str]:
    return _ids(folder, FRAME.format(text=text))
