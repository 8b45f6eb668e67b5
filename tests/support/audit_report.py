# ruff: noqa: E501 - a paragraph of a report is one line
"""A ward's finished report as a model: correct by construction, worded in several ways, printed as text or Word.

Belongs here: the model, its two wordings and its two prints, for the tests of the auditor. All names are invented.
Does not belong here: expectations (the tests).
"""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import docx

WINDOWS = {
    "Q1": ("quý I năm {y}", "quý II/{y}", (-1, 12, 15), (0, 3, 14)),
    "6T": ("6 tháng đầu năm {y}", "quý III/{y}", (-1, 12, 15), (0, 6, 14)),
    "Q3": ("quý III năm {y}", "quý IV/{y}", (0, 6, 15), (0, 9, 14)),
    "NAM": ("năm {y}", "năm {n}", (-1, 12, 15), (0, 12, 14)),
}
NAMES = ("Tân Hòa", "Vĩnh Thạnh Trung", "Mỹ Thuận", "Thạch Khê Hạ", "Đồng Tâm Bắc", "Ia Krông", "Sơn Đoài")
HEADER = (
    ("STT", "Chỉ tiêu thống kê (Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)", "Kết quả thống kê", "", "Ghi chú"),
    ("", "", "Đơn vị tính", "Số liệu", ""),
)


def vn(value: int) -> str:
    """Write an integer with dots."""
    return f"{value:,}".replace(",", ".")


def short(day: date) -> str:
    """Write a date as reports do."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day.month < 3 else f"{day.day:02d}/{day.month}/{day.year}"


def long(day: date) -> str:
    """Write a date the long way."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def percent(top: int, bottom: int) -> str:
    """Write a percentage by schoolbook rounding to one decimal, more decimals where it would lie about 100."""
    if top == bottom:
        return "100"
    tenths = (top * 2000 + bottom) // (2 * bottom)
    if tenths == 1000:
        hundredths = (top * 20000 + bottom) // (2 * bottom)
        assert hundredths < 10000
        return f"{hundredths // 100},{hundredths % 100:02d}"
    return f"{tenths // 10},{tenths % 10}"


@dataclass
class Row:
    """One form row; ``stt`` "" prints none."""

    stt: str
    label: str
    unit: str = ""
    value: str = ""
    note: str = ""


@dataclass
class Report:
    """One report: letterhead, numbers of the text, form rows, cited documents."""

    kind: str = "phường"
    name: str = "Tân Hòa"
    province: str = "tỉnh Hải Đông"
    number: int = 412
    year: int = 2026
    period: str = "6T"
    wording: str = "bullets"
    text: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    documents: list[tuple[str, str, date, str]] = field(default_factory=list)
    headings: list[str] = field(default_factory=lambda: ["I", "II", "III", "IV"])
    swaps: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def window(self) -> tuple[date, date]:
        """First and last day."""
        _, _, first, last = WINDOWS[self.period]
        return date(self.year + first[0], *first[1:]), date(self.year + last[0], *last[1:])

    @property
    def signed(self) -> date:
        """Four days after the window."""
        return self.window[1] + timedelta(days=4)

    def row(self, form: str, stt: str) -> Row:
        """Find a row of a form."""
        return next(row for row in self.rows[form] if row.stt == stt)

    def swap(self, old: str, new: str, nth: int = 0) -> Report:
        """Return a copy whose printed text has one occurrence of ``old`` replaced."""
        copy = deepcopy(self)
        copy.swaps.append((old, new, nth))
        return copy


def build(seed: int, period: str = "6T", wording: str = "bullets") -> Report:
    """Build a correct report with figures drawn from a seed."""
    rng = random.Random(seed)
    report = Report(
        kind=rng.choice(["phường", "xã", "đặc khu"]),
        name=rng.choice(NAMES),
        province=rng.choice(["tỉnh Hải Đông", "thành phố Trường Xuân"]),
        number=rng.randint(12, 999),
        year=rng.choice([2026, 2027]),
        period=period,
        wording=wording,
    )
    t = report.text = {
        "tinh": rng.randint(800, 1900),
        "xa": rng.randint(150, 420),
        "truc_tuyen": rng.randint(900, 9000),
        "truc_tiep": rng.randint(1, 400),
        "ky_truoc": rng.randint(1, 80),
        "tu_choi": rng.randint(0, 9),
        "rut": rng.randint(0, 9),
        "dung": rng.randint(1, 90),
        "qua": rng.randint(1, 20),
        "trong": rng.randint(31, 90),
        "dang_qua": rng.randint(1, 9),
        "giao": rng.randint(20, 60),
        "kh": rng.randint(40, 90),
        "kh_xong": rng.randint(10, 39),
        "bc_hc": rng.randint(30, 60),
        "bc_gd": rng.randint(200, 700),
        "bc_yt": rng.randint(10, 40),
        "hd_gd": rng.randint(1, 40),
        "may": rng.randint(100, 200),
        "ho": rng.randint(3000, 9000),
        "pakn": rng.randint(3, 20),
    }
    t["tong"] = t["tinh"] + t["xa"]
    t["tiep_nhan"] = t["truc_tuyen"] + t["truc_tiep"]
    t["dang"] = t["trong"] + t["dang_qua"]
    t["giai_quyet"] = t["tiep_nhan"] + t["ky_truoc"] - t["dang"]
    t["truoc"] = t["giai_quyet"] - t["dung"] - t["qua"]
    t["phi"] = t["tiep_nhan"] - rng.randint(10, 400)
    t["tt"] = t["phi"] - rng.randint(1, 9)
    t["dh"], t["qh"] = t["giao"] - 7, 3
    t["dang_nv"] = t["giao"] - t["dh"] - t["qh"]
    t["bc"] = t["bc_hc"] + t["bc_gd"] + t["bc_yt"]
    t["ho_may"] = t["ho"] * 3 // 4
    t["to_a"], t["to_b"], t["to_c"] = 20, 17, 6
    t["to"] = 43
    report.rows = _rows(t, rng)
    report.documents = _documents(report, rng)
    return report


def _documents(report: Report, rng: random.Random) -> list[tuple[str, str, date, str]]:
    start = date(report.window[0].year, 12, 16) if report.period != "Q3" else date(report.year, 6, 16)
    made: list[tuple[str, str, date, str]] = []
    numbers = {"QĐ-UBND": 3, "KH-UBND": 2, "UBND-VP": 10}
    day = date(report.year, 1, 6) if report.period != "Q3" else start
    for step in range(8):
        sign = ("QĐ-UBND", "KH-UBND", "UBND-VP")[step % 3]
        numbers[sign] += rng.randint(3, 60)
        title = {"QĐ-UBND": "Quyết định", "KH-UBND": "Kế hoạch", "UBND-VP": "Công văn"}[sign]
        made.append((title, f"{numbers[sign]:02d}/{sign}", day, f"về nhiệm vụ cải cách hành chính đợt {step + 1}"))
        day += timedelta(days=rng.randint(2, 7))
    return made


def _rows(t: dict[str, int], rng: random.Random) -> dict[str, list[Row]]:
    ratio = lambda a, b: (percent(a, b), f"{vn(a)}/{vn(b)}")  # noqa: E731
    full, part = t["tiep_nhan"] // 5, t["tiep_nhan"] - t["tiep_nhan"] // 5
    full_on = min(full, t["truc_tuyen"] // 5)
    part_on = t["truc_tuyen"] - full_on
    dvc, have, have_on, fee, paid = 180, 60, 55, 70, 66
    on_time = t["truoc"] + t["dung"]
    plan = rng.randint(20_000, 90_000)
    spent = plan * 2 // 5

    def r(stt: str, label: str, unit: str = "", value: object = "", note: str = "") -> Row:
        return Row(stt, label, unit, vn(value) if isinstance(value, int) else str(value), note)

    def p(stt: str, label: str, a: int, b: int) -> Row:
        value, note = ratio(a, b)
        return Row(stt, label, "%", value, note)

    pakn = t["pakn"]
    return {
        "1": [
            r("1", "Số văn bản chỉ đạo cải cách hành chính (CCHC) đã ban hành", "Văn bản", 8),
            p("2", "Tỷ lệ hoàn thành Kế hoạch CCHC năm", t["kh_xong"], t["kh"]),
            r("2.1", "Số nhiệm vụ đề ra trong kế hoạch", "Nhiệm vụ", t["kh"]),
            r("2.2", "Số nhiệm vụ đã hoàn thành", "Nhiệm vụ", t["kh_xong"]),
            r("3", "Kiểm tra CCHC"),
            r("3.1", "Số sở, ngành đã kiểm tra", "Cơ quan, đơn vị", 0),
            r("3.2", "Số UBND cấp xã đã kiểm tra", "Cơ quan, đơn vị", 0),
            r("3.3", "Tỷ lệ xử lý các vấn đề phát hiện qua kiểm tra", "%", "-", "không phát sinh"),
            r("3.3.1", "Số vấn đề phát hiện qua kiểm tra", "Vấn đề", 0),
            r("3.3.2", "Số vấn đề phát hiện đã xử lý xong", "Vấn đề", 0),
            r("4", "Thực hiện nhiệm vụ cấp trên giao"),
            r("4.1", "Tổng số nhiệm vụ được giao", "Nhiệm vụ", t["giao"]),
            r("4.1.1", "Số nhiệm vụ đã hoàn thành đúng hạn", "Nhiệm vụ", t["dh"]),
            r("4.1.2", "Số nhiệm vụ đã hoàn thành nhưng quá hạn", "Nhiệm vụ", t["qh"]),
            r("4.1.3", "Số nhiệm vụ quá hạn nhưng chưa hoàn thành", "Nhiệm vụ", 0),
            r("4.1.4", "Số nhiệm vụ đang thực hiện trong hạn", "Nhiệm vụ", t["dang_nv"]),
            r("4.2", "Số lượng phiếu khảo sát", "Số lượng", 300),
            r("4.3", "Hình thức khảo sát", "Trực tuyến = 0; Phát phiếu = 1; Kết hợp = 2", rng.randint(0, 2)),
            r("5", "Tổ chức đối thoại của lãnh đạo với người dân", "Không = 0; Có = 1", rng.randint(0, 1)),
        ],
        "2": [
            r("1", "Tổng số VBQPPL do địa phương ban hành", "Văn bản", 2),
            r("", "Số VBQPPL do cấp xã ban hành", "Văn bản", 2),
        ],
        "3": [
            r("1", "Thực hiện cơ chế một cửa, một cửa liên thông"),
            r(
                "1.1",
                "Tỷ lệ thủ tục hành chính (TTHC) thực hiện việc tiếp nhận, trả kết quả tại Bộ phận Một cửa",
                "%",
                100,
            ),
            r(
                "1.2",
                "Số TTHC đang thực hiện tiếp nhận và giải quyết không phụ thuộc vào địa giới hành chính",
                "Thủ tục",
                140,
            ),
            r("2", "Kết quả giải quyết TTHC"),
            p("2.1", "Tỷ lệ hồ sơ TTHC do UBND cấp xã tiếp nhận được giải quyết đúng hạn", on_time, t["giai_quyet"]),
            r("2.1.1", "Tổng số hồ sơ TTHC đã giải quyết xong", "Hồ sơ", t["giai_quyet"]),
            r("2.1.2", "Số hồ sơ TTHC giải quyết đúng hạn", "Hồ sơ", on_time),
            p("2.2", "Tỷ lệ giải quyết phản ánh, kiến nghị (PAKN) về quy định TTHC", pakn - 1, pakn),
            r("2.2.1", "Tổng số PAKN đã tiếp nhận", "PAKN", pakn),
            r("2.2.2", "Số PAKN đã giải quyết xong", "PAKN", pakn - 1),
        ],
        "4": [
            r("1", "Số liệu về biên chế công chức"),
            r("1.1", "Tổng số biên chế được giao trong năm", "Người", t["bc_hc"]),
            r("1.2", "Tổng số biên chế có mặt tại thời điểm báo cáo", "Người", t["bc_hc"] - 2),
            r("1.3", "Số hợp đồng lao động làm việc tại các cơ quan, tổ chức hành chính", "Người", 0),
            r("1.4", "Số biên chế đã tinh giản trong kỳ báo cáo", "Người", 0),
            r("2", "Số người làm việc hưởng lương từ ngân sách nhà nước tại các đơn vị sự nghiệp công lập"),
            r("2.1", "Tổng số người làm việc được giao", "Người", t["bc_gd"] + t["bc_yt"]),
            r("2.2", "Tổng số người làm việc có mặt tại thời điểm báo cáo", "Người", t["bc_gd"] + t["bc_yt"] - 5),
            r("2.3", "Số người đã tinh giản trong kỳ báo cáo", "Người", 0),
            r("2.4", "Tỷ lệ % đã tinh giản so với năm 2015", "%", 0),
        ],
        "5": [
            r("1", "Vị trí việc làm của công chức, viên chức"),
            r(
                "1.1",
                "Số cơ quan, tổ chức hành chính đã được phê duyệt vị trí việc làm theo quy định",
                "Cơ quan, đơn vị",
                4,
            ),
            r("1.2", "Số đơn vị sự nghiệp đã được phê duyệt vị trí việc làm theo quy định", "Cơ quan, đơn vị", 14),
            r(
                "1.3",
                "Số cơ quan, tổ chức có vi phạm trong thực hiện vị trí việc làm phát hiện qua thanh tra",
                "Cơ quan, đơn vị",
                0,
            ),
            r("2", "Tuyển dụng công chức, viên chức"),
            r("2.1", "Số công chức được tuyển dụng (thi tuyển, xét tuyển)", "Người", 1),
            r("2.2", "Số viên chức được tuyển dụng (thi tuyển, xét tuyển).", "Người", 6),
            r("3", "Số lượng lãnh đạo quản lý được tuyển chọn, bổ nhiệm thông qua thi tuyển", "Người", 0),
            r("4", "Số lượng cán bộ, công chức, viên chức bị kỷ luật (cả về Đảng và chính quyền).", "Người", 1),
            r("4.1", "Số lãnh đạo Ủy ban nhân dân cấp xã bị kỷ luật.", "Người", 0),
            r("4.2", "Số lãnh đạo cấp phòng Ủy ban nhân dân cấp xã bị kỷ luật.", "Người", 1),
            r(
                "4.3",
                "Số người làm việc hưởng lương từ ngân sách nhà nước tại các đơn vị sự nghiệp công lập bị kỷ luật.",
                "Người",
                0,
            ),
        ],
        "6": [
            p("1", "Tỷ lệ thực hiện Kế hoạch giải ngân vốn đầu tư công", spent, plan),
            r("1.1", "Kế hoạch được giao", "Triệu đồng", plan),
            r("1.2", "Đã thực hiện", "Triệu đồng", spent),
            r("2", "Thực hiện tự chủ tài chính của đơn vị sự nghiệp (ĐVSN) tại địa phương"),
            r("2.1", "Tổng số ĐVSN công lập tại địa phương", "Đơn vị", 14),
            r("2.2", "Số ĐVSN tự bảo đảm chi thường xuyên và chi đầu tư", "Đơn vị", 0),
            r("2.3", "Số ĐVSN tự bảo đảm chi thường xuyên", "Đơn vị", 1),
            r("2.4", "Số ĐVSN tự bảo đảm một phần chi thường xuyên", "Đơn vị", 6),
            r("2.4.1", "Số ĐVSN tự bảo đảm từ 70% - dưới 100% chi thường xuyên", "Đơn vị", 1),
            r("2.4.2", "Số ĐVSN tự bảo đảm từ 30% - dưới 70% chi thường xuyên", "Đơn vị", 2),
            r("2.4.3", "Số ĐVSN tự bảo đảm từ 10% - dưới 30% chi thường xuyên", "Đơn vị", 3),
            r("2.5", "Số ĐVSN do Nhà nước bảo đảm chi thường xuyên", "Đơn vị", 7),
            r("2.6", "Số lượng ĐVSN đã chuyển đổi thành công ty cổ phần", "Đơn vị", 0),
        ],
        "7": [
            r("1", "Cung cấp dịch vụ công trực tuyến (DVCTT)"),
            p("1.1", "Tỷ lệ DVCTT toàn trình đủ điều kiện", dvc - 4, dvc),
            r("1.1.1", "Tổng số DVC đủ điều kiện lên trực tuyến toàn trình", "Thủ tục", dvc),
            r("1.1.2", "Số lượng DVCTT toàn trình", "Thủ tục", dvc - 4),
            p("1.2", "Tỷ lệ DVC có phát sinh hồ sơ nộp trực tuyến (toàn trình + một phần)", have_on, have),
            r(
                "1.2.1",
                "Tổng số DVCTT có phát sinh hồ sơ (gồm các DVCTT có phát sinh hồ sơ trực tuyến hoặc trực tiếp)",
                "Thủ tục",
                have,
            ),
            r("1.2.2", "Số DVCTT có phát sinh hồ sơ trực tuyến", "Thủ tục", have_on),
            p("1.3", "Tỷ lệ hồ sơ trực tuyến toàn trình", full_on, full),
            r("1.3.1", "Tổng số hồ sơ của DVCTT toàn trình (gồm hồ sơ nộp trực tuyến + trực tiếp)", "Hồ sơ", full),
            r("1.3.2", "Số hồ sơ nộp trực tuyến của các DVCTT toàn trình", "Hồ sơ", full_on),
            p("1.4", "Tỷ lệ hồ sơ trực tuyến một phần", part_on, part),
            r("1.4.1", "Tổng số hồ sơ của DVCTT một phần (gồm hồ sơ nộp trực tuyến + trực tiếp)", "Hồ sơ", part),
            r("1.4.2", "Số hồ sơ nộp trực tuyến của các DVCTT một phần", "Hồ sơ", part_on),
            p("1.5", "Tỷ lệ TTHC được tích hợp, triển khai thanh toán trực tuyến", paid, fee),
            r(
                "1.5.1",
                "Tổng số TTHC có yêu cầu nghĩa vụ tài chính (tất cả các TTHC có phát sinh phí, lệ phí,...)",
                "Thủ tục",
                fee,
            ),
            r(
                "1.5.2",
                "Số TTHC đã được tích hợp, triển khai thanh toán trực tuyến trên Cổng DVC quốc gia",
                "Thủ tục",
                paid,
            ),
        ],
    }


TITLES = {
    "1": "Công tác chỉ đạo điều hành cải cách hành chính",
    "2": "Cải cách thể chế",
    "3": "Cải cách thủ tục hành chính",
    "4": "Cải cách tổ chức bộ máy",
    "5": "Cải cách chế độ công vụ",
    "6": "Cải cách tài chính công",
    "7": "Xây dựng và phát triển Chính quyền điện tử, Chính quyền số",
}


# --- prints -----------------------------------------------------------------------------------------------------


def body(report: Report) -> list[str]:
    """Word the body, one paragraph a line."""
    t = {key: vn(value) for key, value in report.text.items()}
    unit = f"{report.kind} {report.name}"
    title, following, *_ = WINDOWS[report.period]
    title, following = (text.format(y=report.year, n=report.year + 1) for text in (title, following))
    first, last = report.window
    head = iter(report.headings)
    cited = [
        f"{kind} số {sign} ngày {short(day)} của UBND {unit} {about}" for kind, sign, day, about in report.documents
    ]
    dossiers = (
        _dossiers_in_bullets(t, report.text) if report.wording == "bullets" else _dossiers_in_prose(t, report.text)
    )
    return [
        f"ỦY BAN NHÂN DÂN {unit.upper()}",
        f"Số: {report.number}/BC-UBND",
        f"{report.name}, {long(report.signed)}",
        "BÁO CÁO",
        f"Kết quả thực hiện công tác cải cách hành chính {title}; phương hướng, nhiệm vụ {following}",
        f"UBND {unit} báo cáo kết quả công tác cải cách hành chính {title} (số liệu từ ngày {short(first)} đến ngày {short(last)}) như sau:",
        f"{next(head)}. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH",
        "1. Ban hành văn bản chỉ đạo, điều hành",
        f"UBND {unit} đã ban hành {cited[0]}; {cited[1]}.",
        *(f"- {text};" for text in cited[2:]),
        "Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị; Nghị định số 118/2025/NĐ-CP ngày 09/6/2025 của Chính phủ.",
        f"Thực hiện Kế hoạch số 15/KH-UBND ngày 28/01/{first.year if report.period != 'Q3' else report.year} của UBND {report.province} về cải cách hành chính.",
        "2. Tiến độ thực hiện Kế hoạch cải cách hành chính",
        f"UBND {report.kind} đã hoàn thành {t['kh_xong']}/{t['kh']} nhiệm vụ đề ra tại Kế hoạch, đạt {percent(report.text['kh_xong'], report.text['kh'])}%.",
        f"3. Nhiệm vụ được UBND {report.province} giao",
        *_tasks(t, report.wording),
        f"{next(head)}. KẾT QUẢ THỰC HIỆN",
        "1. Cải cách thể chế",
        f"a) Ban hành văn bản: trong kỳ UBND {report.kind} ban hành 02 văn bản quy phạm pháp luật.",
        "b) Theo dõi thi hành pháp luật: thực hiện theo kế hoạch.",
        "2. Cải cách thủ tục hành chính",
        *_procedures(t, report.wording),
        *dossiers,
        f"- Trong kỳ tiếp nhận {t['pakn']} phản ánh, kiến nghị; đã giải quyết {vn(report.text['pakn'] - 1)} phản ánh, kiến nghị.",
        "3. Cải cách tổ chức bộ máy và chế độ công vụ",
        f"- UBND {unit} giao {t['bc']} biên chế, {t['hd_gd']} HĐLĐ, cụ thể như sau:",
        f"+ Cơ quan HĐND-UBND: {t['bc_hc']} biên chế;",
        f"+ Đơn vị sự nghiệp giáo dục và đào tạo: {t['bc_gd']} biên chế, {t['hd_gd']} HĐLĐ;",
        f"+ Trạm Y tế {report.kind}: {t['bc_yt']} biên chế.",
        f"- Người hoạt động ở thôn, tổ dân phố: {t['to']} người, trong đó: Bí thư: {t['to_a']} người; Tổ trưởng: {t['to_b']} người; Trưởng ban: {t['to_c']} người.",
        "4. Chính quyền số",
        f"- Tỷ lệ hộ gia đình có máy tính: {t['ho_may']}/{t['ho']} hộ, đạt {percent(report.text['ho_may'], report.text['ho'])}%.",
        f"{next(head)}. ĐÁNH GIÁ CHUNG",
        "1. Mặt tích cực: các nhiệm vụ được triển khai đúng kế hoạch.",
        "2. Tồn tại, hạn chế: một số hồ sơ còn quá hạn.",
        f"{next(head)}. PHƯƠNG HƯỚNG, NHIỆM VỤ {following.upper()}",
        "1. Công tác chỉ đạo, điều hành",
        "- Đề cao trách nhiệm người đứng đầu.",
        "2. Cải cách thủ tục hành chính",
        "- Tăng tỷ lệ hồ sơ trực tuyến.",
        f"Trên đây là báo cáo công tác cải cách hành chính {title} của UBND {unit}./.",
        "Nơi nhận:",
        f"- Sở Nội vụ {report.province};",
        "- Lưu: VT.",
    ]


def _tasks(t: dict[str, str], wording: str) -> list[str]:
    if wording == "bullets":
        return [
            f"- Tổng số nhiệm vụ được giao: {t['giao']} nhiệm vụ",
            f"+ Số nhiệm vụ hoàn thành đúng hạn: {t['dh']} nhiệm vụ",
            f"+ Số nhiệm vụ đang thực hiện trong hạn: {t['dang_nv']} nhiệm vụ",
            f"+ Số nhiệm vụ hoàn thành quá hạn: {t['qh']} nhiệm vụ",
        ]
    return [
        f"Trong kỳ được giao {t['giao']} nhiệm vụ; đã hoàn thành đúng hạn {t['dh']} nhiệm vụ, hoàn thành nhưng quá hạn "
        f"{t['qh']} nhiệm vụ và đang thực hiện {t['dang_nv']} nhiệm vụ (trong hạn)."
    ]


def _procedures(t: dict[str, str], wording: str) -> list[str]:
    if wording == "bullets":
        return [
            f"- Tổng số thủ tục thuộc thẩm quyền giải quyết là: {t['tong']} thủ tục hành chính, trong đó:",
            f"+ Số thủ tục hành chính cấp tỉnh: {t['tinh']} thủ tục",
            f"+ Số thủ tục hành chính cấp xã: {t['xa']} thủ tục",
        ]
    return [f"Toàn địa bàn thực hiện {t['tong']} TTHC (gồm {t['tinh']} TTHC cấp tỉnh và {t['xa']} TTHC cấp xã)."]


def _dossiers_in_bullets(t: dict[str, str], n: dict[str, int]) -> list[str]:
    return [
        f"- Tổng số hồ sơ tiếp nhận trong kỳ: {t['tiep_nhan']} hồ sơ (không tính hồ sơ ngành dọc); kỳ trước chuyển qua: {t['ky_truoc']} hồ sơ. Trong đó:",
        f"+ Tiếp nhận trực tuyến: {t['truc_tuyen']} hồ sơ, chiếm tỷ lệ {percent(n['truc_tuyen'], n['tiep_nhan'])}%",
        f"+ Tiếp nhận trực tiếp: {t['truc_tiep']} hồ sơ.",
        f"- Đã giải quyết: {t['giai_quyet']} hồ sơ. Trong đó:",
        f"+ Trước hạn: {t['truoc']} hồ sơ",
        f"+ Đúng hạn: {t['dung']} hồ sơ",
        f"+ Quá hạn: {t['qua']} hồ sơ",
        f"- Đang giải quyết: {t['dang']} hồ sơ, trong đó trong hạn {t['trong']} hồ sơ, quá hạn {t['dang_qua']} hồ sơ.",
        f"- Từ chối: {t['tu_choi']} hồ sơ; công dân rút: {t['rut']} hồ sơ.",
        f"- Hồ sơ phát sinh phí, lệ phí: {t['phi']} hồ sơ; thanh toán trực tuyến: {t['tt']}/{t['phi']} hồ sơ = {percent(n['tt'], n['phi'])}%.",
    ]


def _dossiers_in_prose(t: dict[str, str], n: dict[str, int]) -> list[str]:
    return [
        f"Trong kỳ, Trung tâm Phục vụ hành chính công đã tiếp nhận {t['tiep_nhan']} hồ sơ (trực tuyến {t['truc_tuyen']} hồ sơ, "
        f"trực tiếp {t['truc_tiep']} hồ sơ), kỳ trước chuyển sang {t['ky_truoc']} hồ sơ; đã giải quyết {t['giai_quyet']} hồ sơ, "
        f"trong đó trả trước hạn {t['truoc']} hồ sơ, đúng hạn {t['dung']} hồ sơ, quá hạn {t['qua']} hồ sơ; "
        f"đang giải quyết {t['dang']} hồ sơ (trong hạn {t['trong']} hồ sơ, quá hạn {t['dang_qua']} hồ sơ).",
        f"Có {t['phi']} hồ sơ phát sinh phí, lệ phí; thanh toán trực tuyến {t['tt']} hồ sơ (đạt {percent(n['tt'], n['phi'])}%).",
    ]


def annex_title(report: Report) -> list[str]:
    """Word the annex's title."""
    unit = f"{report.kind} {report.name}"
    return [
        "Phụ lục 3",
        "BIỂU MẪU THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH HÀNH CHÍNH ĐỊNH KỲ",
        f"(Kèm theo Báo cáo số: {report.number}/BC-UBND ngày {short(report.signed)} của Ủy ban nhân dân {unit})",
    ]


def to_text(report: Report, dot: str = ".") -> str:
    """Print as text with tab-separated forms."""
    lines = [*body(report), *annex_title(report)]
    for form, rows in report.rows.items():
        lines += ["", f"Biểu mẫu {form}", TITLES[form], ""]
        lines += ["\t".join(cells) for cells in HEADER]
        lines += [
            "\t".join((row.stt + dot if row.stt else "", row.label, row.unit, row.value, row.note)) for row in rows
        ]
    return _swap("\n".join(lines) + "\n", report)


def _swap(text: str, report: Report) -> str:
    for old, new, nth in report.swaps:
        at = -1
        for _ in range(nth + 1):
            at = text.find(old, at + 1)
        assert at >= 0, f"nothing to swap: {old}"
        text = text[:at] + new + text[at + len(old) :]
    return text


def to_docx(report: Report, path: Path) -> Path:
    """Print as a Word file: letterhead table, paragraphs, form tables with merged header cells."""
    document = docx.Document()
    lines = body(report)
    top = document.add_table(rows=2, cols=2)
    top.cell(0, 0).text, top.cell(0, 1).text = (
        lines[0],
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
    )
    top.cell(1, 0).text, top.cell(1, 1).text = lines[1], lines[2]
    for line in [*lines[3:], *annex_title(report)]:
        document.add_paragraph(line)
    for form, rows in report.rows.items():
        document.add_paragraph(f"Biểu mẫu {form}")
        document.add_paragraph(TITLES[form])
        table = document.add_table(rows=2, cols=5)
        for at, cells in enumerate(HEADER):
            for column, cell in enumerate(cells):
                table.cell(at, column).text = cell
        for column in (0, 1, 4):
            table.cell(0, column).merge(table.cell(1, column))
        table.cell(0, 2).merge(table.cell(0, 3))
        for row in rows:
            cells = table.add_row().cells
            for cell, value in zip(
                cells, (f"{row.stt}." if row.stt else "", row.label, row.unit, row.value, row.note), strict=True
            ):
                cell.text = value
    document.save(str(path))
    return path


def write_text(report: Report, path: Path) -> Path:
    """Write the text print."""
    path.write_text(to_text(report), "utf-8")
    return path
