"""Due dates recomputed on the legal working calendar, to set beside the ones that the portal printed.

Belongs here: the due date from the receipt day and a time limit in working days, and how far a printed one is
off. Does not belong here: the official figures (they follow the printed ``ngay_hen_tra``), the calendar
itself.

Source: Nghị định 118/2025/NĐ-CP (time limits in working days) with Bộ luật Dân sự 91/2015/QH13, điều 147
khoản 2 (the first day is not counted) and điều 148 khoản 5 (a limit that ends on a day off ends on the next
working day); domain rule "Working calendar". We never override the printed date, we report the difference.
"""

from __future__ import annotations

from datetime import date, timedelta

from schemas.rules.calendar import WorkingCalendar

GAP_REASONS = {
    "khop": "khớp",
    "quen_lich_nghi": "hệ thống nguồn chỉ trừ thứ Bảy, Chủ nhật, không theo lịch nghỉ lễ, làm bù",
    "tinh_ngay_lich": "thời hạn tính bằng ngày làm việc nhưng hệ thống nguồn đếm cả ngày nghỉ",
    "tinh_ca_ngay_nhan": "hệ thống nguồn tính cả ngày tiếp nhận là ngày đầu",
    "roi_vao_ngay_nghi": "hạn rơi vào ngày nghỉ mà không chuyển sang ngày làm việc kế tiếp",
    "bo_sung_hen_lai": "hồ sơ đã chờ bổ sung hoặc được hẹn lại",
    "khac": "chưa rõ lý do, có thể thời hạn của thủ tục trong danh mục khác thời hạn hệ thống đang dùng",
    "chua_co_lich": "chưa có lịch nghỉ của năm",
}
"""Why a printed due date is not the recomputed one (``ly_do_lech``), first that fits; in words for people."""


def recompute_due_date(received: date, working_days: int, calendar: WorkingCalendar) -> date:
    """Return the last day on which the result is on time.

    Args:
        received: ``ngay_tiep_nhan``; not counted, the next working day is day 1. It may be a day off
            (dossiers submitted online).
        working_days: the procedure's time limit in working days; 0 means "within the day".
        calendar: the working calendar.

    Returns:
        A working day: for a limit of 0 the receipt day itself, or the next working day when it is a day off.

    Raises:
        ValueError: a negative limit.
        UncoveredYear: the calendar does not hold a year on the way.
    """
    if working_days == 0 and not calendar.is_working_day(received):
        return calendar.add_working_days(received, 1)
    return calendar.add_working_days(received, working_days)


def measure_due_date_gap(printed: date, recomputed: date, calendar: WorkingCalendar) -> int:
    """Return by how many working days a printed due date differs from the recomputed one.

    Args:
        printed: ``ngay_hen_tra`` as the portal printed it.
        recomputed: the result of ``recompute_due_date``.
        calendar: the working calendar.

    Returns:
        0 when no working day lies between them; negative when the portal promised too early (it counted days
        off as working days), positive when too late.

    Raises:
        UncoveredYear: the calendar does not hold a year between them.
    """
    one_day = timedelta(days=1)
    if printed < recomputed:
        return -calendar.count_working_days(printed + one_day, recomputed)
    return calendar.count_working_days(recomputed + one_day, printed)
