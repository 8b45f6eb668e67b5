"""The declared figures and the PAKN list of the demo.

Belongs here: what officers type by hand: figures of forms 1, 2, 4, 5, 6 (the signed reference's own), and feedback
from citizens. Not here: the text (demo_paragraphs), anything counted from dossiers. Roles, never persons.
"""

from __future__ import annotations

from datetime import date
from random import Random

from tests.support.demo_days import add_working_days
from tests.support.demo_names import invent_name
from tests.support.demo_records import DeclaredRow, FeedbackRow

PERIOD = "2026-6T"
OFFICE = "Văn phòng HĐND và UBND"
FINANCE = "Phòng Kinh tế, Hạ tầng và Đô thị"
DECLARED_ON = "08/06/2026"

PLAN = "Kế hoạch CCHC năm 2026 của phường"
REGISTER = "Sổ văn bản đi của phường"
TASKS = "Hệ thống theo dõi nhiệm vụ của thành phố"
INSPECTION = "Kế hoạch kiểm tra CCHC của phường"
STAFFING = "Quyết định giao biên chế năm 2026"
RECORDS = "Hồ sơ quản lý cán bộ, công chức"
BUDGET = "Báo cáo giải ngân của Kho bạc Nhà nước khu vực"
AUTONOMY = "Phương án tự chủ tài chính của các đơn vị"
PERSON, UNIT, AGENCY, PROBLEM, TASK, TEXT = "Người", "Đơn vị", "Cơ quan, đơn vị", "Vấn đề", "Nhiệm vụ", "Văn bản"

# form, stt, label, unit, figure (None: nobody declared it), evidence
FIGURES: tuple[tuple[int, str, str, str, int | None, str], ...] = (
    (1, "1", "Số văn bản chỉ đạo CCHC đã ban hành (kết luận, chỉ thị, công văn chỉ đạo, quán triệt)", TEXT, 7,
     REGISTER),
    (1, "2.1", "Số nhiệm vụ đề ra trong kế hoạch", TASK, 52, PLAN),
    (1, "2.2", "Số nhiệm vụ đã hoàn thành", TASK, 27, PLAN),
    (1, "3.1", "Số sở, ngành đã kiểm tra", AGENCY, None, ""),
    (1, "3.2", "Số UBND cấp xã đã kiểm tra", AGENCY, None, ""),
    (1, "3.3.1", "Số vấn đề phát hiện qua kiểm tra", PROBLEM, 0, INSPECTION),
    (1, "3.3.2", "Số vấn đề phát hiện đã xử lý xong", PROBLEM, 0, INSPECTION),
    (1, "4.1", "Tổng số nhiệm vụ được giao", TASK, 38, TASKS),
    (1, "4.1.1", "Số nhiệm vụ đã hoàn thành đúng hạn", TASK, 28, TASKS),
    (1, "4.1.2", "Số nhiệm vụ đã hoàn thành nhưng quá hạn", TASK, 0, TASKS),
    (1, "4.1.3", "Số nhiệm vụ quá hạn nhưng chưa hoàn thành", TASK, 0, TASKS),
    (1, "4.2", "Số lượng phiếu khảo sát", "Số lượng", 9500, "Kết quả khảo sát mức độ hài lòng"),
    (1, "4.3", "Hình thức khảo sát", "Trực tuyến = 0; Phát phiếu = 1; Kết hợp = 2", 1, "Kế hoạch khảo sát"),
    (1, "5", "Tổ chức đối thoại của lãnh đạo với người dân, cộng đồng doanh nghiệp", "Không = 0; Có = 1", 0,
     "Lịch công tác của UBND phường"),
    (2, "1.1", "Số VBQPPL do cấp xã ban hành", TEXT, 0, REGISTER),
    (4, "1.1", "Tổng số biên chế được giao trong năm", PERSON, 52, STAFFING),
    (4, "1.2", "Tổng số biên chế có mặt tại thời điểm báo cáo", PERSON, 43, RECORDS),
    (4, "1.3", "Số hợp đồng lao động làm việc tại các cơ quan, tổ chức hành chính", PERSON, 1, RECORDS),
    (4, "1.4", "Số biên chế đã tinh giản trong kỳ báo cáo", PERSON, 0, RECORDS),
    (4, "2.1", "Tổng số người làm việc được giao", PERSON, 586, STAFFING),
    (4, "2.2", "Tổng số người làm việc có mặt tại thời điểm báo cáo", PERSON, 573, RECORDS),
    (4, "2.3", "Số người đã tinh giản trong kỳ báo cáo", PERSON, 0, RECORDS),
    (4, "2.4", "Tỷ lệ % đã tinh giản so với năm 2015", "%", 0, RECORDS),
    (5, "1.1", "Số cơ quan, tổ chức hành chính đã được phê duyệt vị trí việc làm theo quy định", AGENCY, 4, STAFFING),
    (5, "1.2", "Số đơn vị sự nghiệp đã được phê duyệt vị trí việc làm theo quy định", AGENCY, 19, STAFFING),
    (5, "1.3", "Số cơ quan, tổ chức có vi phạm trong thực hiện vị trí việc làm phát hiện qua thanh tra", AGENCY, 0,
     RECORDS),
    (5, "2.1", "Số công chức được tuyển dụng (thi tuyển, xét tuyển)", PERSON, 0, RECORDS),
    (5, "2.2", "Số viên chức được tuyển dụng (thi tuyển, xét tuyển)", PERSON, 10, RECORDS),
    (5, "3", "Số lượng lãnh đạo quản lý được tuyển chọn, bổ nhiệm thông qua thi tuyển", PERSON, 0, RECORDS),
    (5, "4.1", "Số lãnh đạo UBND cấp xã bị kỷ luật", PERSON, 0, RECORDS),
    (5, "4.2", "Số lãnh đạo cấp phòng UBND cấp xã bị kỷ luật", PERSON, 0, RECORDS),
    (5, "4.3", "Số người làm việc hưởng lương từ NSNN tại các ĐVSN công lập bị kỷ luật", PERSON, 0, RECORDS),
    (6, "1.1", "Kế hoạch được giao", "Triệu đồng", 42809, BUDGET),
    (6, "1.2", "Đã thực hiện", "Triệu đồng", 21406, BUDGET),
    (6, "2.1", "Tổng số ĐVSN công lập tại địa phương", UNIT, 19, AUTONOMY),
    (6, "2.2", "Số ĐVSN tự bảo đảm chi thường xuyên và chi đầu tư", UNIT, 0, AUTONOMY),
    (6, "2.3", "Số ĐVSN tự bảo đảm chi thường xuyên", UNIT, 0, AUTONOMY),
    (6, "2.4", "Số ĐVSN tự bảo đảm một phần chi thường xuyên", UNIT, 19, AUTONOMY),
    (6, "2.4.1", "Số ĐVSN tự bảo đảm từ 70% - dưới 100% chi thường xuyên", UNIT, 0, AUTONOMY),
    (6, "2.4.2", "Số ĐVSN tự bảo đảm từ 30% - dưới 70% chi thường xuyên", UNIT, 0, AUTONOMY),
    (6, "2.4.3", "Số ĐVSN tự bảo đảm từ 10% - dưới 30% chi thường xuyên", UNIT, 0, AUTONOMY),
    (6, "2.5", "Số ĐVSN do Nhà nước bảo đảm chi thường xuyên", UNIT, 19, AUTONOMY),
    (6, "2.6", "Số lượng ĐVSN đã chuyển đổi thành công ty cổ phần", UNIT, 0, AUTONOMY),
)  # fmt: skip


def build_declared() -> tuple[DeclaredRow, ...]:
    """Return one row per declared or enum row of the forms; an empty figure has no one who declared it."""
    rows = []
    for bieu, stt, label, unit, figure, evidence in FIGURES:
        role = FINANCE if bieu == 6 else OFFICE
        known = figure is not None
        rows.append(
            DeclaredRow(PERIOD, bieu, stt, label, unit, figure, role if known else "",
                        DECLARED_ON if known else "", evidence)
        )  # fmt: skip
    return tuple(rows)


# received, done (None: not yet), rating: the two of the period first
FEEDBACK: tuple[tuple[date, date | None, str], ...] = (
    (date(2026, 2, 3), date(2026, 2, 10), "Rất hài lòng"),
    (date(2026, 5, 18), date(2026, 6, 3), "Hài lòng"),
    (date(2025, 11, 20), date(2025, 12, 1), "Không hài lòng"),
    (date(2025, 12, 2), date(2025, 12, 19), "Hài lòng"),
    (date(2025, 12, 12), date(2025, 12, 26), ""),
    (date(2026, 6, 10), date(2026, 6, 16), "Không hài lòng"),
    (date(2026, 6, 15), date(2026, 6, 19), "Hài lòng"),
    (date(2026, 6, 15), date(2026, 6, 18), "Không hài lòng"),
    (date(2026, 6, 16), date(2026, 6, 18), ""),
    (date(2026, 6, 18), date(2026, 6, 22), "Rất hài lòng"),
    (date(2026, 6, 19), None, ""),
    (date(2026, 6, 22), None, ""),
)
SUBJECTS = (
    "về thành phần hồ sơ bản sao phải nộp khi đăng ký lại khai sinh",
    "về việc biểu mẫu điện tử của thủ tục đăng ký hộ kinh doanh khó điền trên điện thoại",
    "về thời hạn xác nhận tình trạng hôn nhân khi từng cư trú ở nhiều nơi",
    "về việc còn phải nộp lại giấy tờ đã có trên VNeID",
    "về quy định mức thu phí chứng thực niêm yết chưa dễ đọc",
)


def build_feedback(seed: str) -> tuple[tuple[FeedbackRow, ...], frozenset[str]]:
    """Return the PAKN rows by day of receipt and the invented names their free text mentions."""
    rng = Random(f"{seed}:pakn")
    rows, people = [], set()
    for number, (received, done, rating) in enumerate(sorted(FEEDBACK, key=lambda item: item[0]), start=1):
        name = invent_name(rng)
        people.add(name)
        rows.append(
            FeedbackRow(
                ma_pakn=f"PAKN.24150.{received:%y%m%d}.{number:03d}",
                noi_dung=f"Ông/bà {name} phản ánh, kiến nghị {rng.choice(SUBJECTS)}.",
                ngay_tiep_nhan=f"{received:%d/%m/%Y} {rng.randint(8, 16):02d}:{rng.randint(0, 59):02d}:00",
                han_xu_ly=f"{add_working_days(received, 15):%d/%m/%Y}",
                ngay_xu_ly_xong=f"{done:%d/%m/%Y} 16:{rng.randint(0, 59):02d}:00" if done else None,
                trang_thai="Đã xử lý xong" if done else "Đang xử lý",
                danh_gia=rating,
            )
        )
    return tuple(rows), frozenset(people)
