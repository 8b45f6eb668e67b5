"""The procedures of the demo data: the 39 with dossiers, a few more, and the provincial catalogue around them.

Belongs here: public facts (code, name, field of well-known procedures), the volume, duration and price list that
the dossiers follow, and the catalogue's 2.210 rows in force with the rows that must not count. Names of the rest
are obviously synthetic. Not here: dossiers, and any reading of the catalogue (that is the counter's business).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from tests.support.demo_records import ProcedureRow

FULL, PART, INFO = 4, 3, 2


@dataclass(frozen=True)
class Procedure:
    """A procedure with dossiers: ``so_luong`` own dossiers in the window, ``so_ngay`` working days, prices in đồng."""

    ma: str
    ten: str
    linh_vuc: str
    muc_do: int
    so_luong: int
    so_ngay: int
    gia: tuple[int, ...] = ()
    la_phi: bool = True
    co_ket_qua: bool = True
    cap: str = "Cấp xã"


CHUNG_THUC, HO_TICH = "Chứng thực", "Hộ tịch"
HO_KINH_DOANH = "Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)"
BAO_TRO, NGUOI_CO_CONG = "Bảo trợ xã hội", "Người có công"
COPY = "2.000815"
BO_XA = "Cấp bộ; Cấp xã"

OWN_PROCEDURES: tuple[Procedure, ...] = (
    Procedure(COPY, "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức có thẩm quyền của "
              "Việt Nam cấp hoặc chứng nhận", CHUNG_THUC, PART, 6744, 1),
    Procedure("2.000884", "Chứng thực chữ ký trong các giấy tờ, văn bản", CHUNG_THUC, PART, 812, 1, (10_000,)),
    Procedure("2.001035", "Chứng thực giao dịch liên quan đến tài sản là động sản, quyền sử dụng đất, nhà ở",
              CHUNG_THUC, PART, 96, 2, (50_000,)),
    Procedure("2.001406", "Chứng thực văn bản phân chia di sản mà di sản là động sản, quyền sử dụng đất, nhà ở",
              CHUNG_THUC, PART, 21, 2, (50_000,)),
    Procedure("2.001016", "Chứng thực văn bản từ chối nhận di sản", CHUNG_THUC, PART, 18, 2, (50_000,)),
    Procedure("2.001019", "Chứng thực di chúc", CHUNG_THUC, PART, 7, 2, (50_000,)),
    Procedure("2.000913", "Chứng thực việc sửa đổi, bổ sung, hủy bỏ giao dịch", CHUNG_THUC, PART, 6, 2, (30_000,)),
    Procedure("2.000942", "Cấp bản sao có chứng thực từ bản chính giao dịch đã được chứng thực", CHUNG_THUC, PART,
              5, 2, (2_000, 4_000)),
    Procedure("2.000908", "Thủ tục cấp bản sao từ sổ gốc", CHUNG_THUC, PART, 58, 2),
    Procedure("1.001193", "Thủ tục đăng ký khai sinh", HO_TICH, PART, 162, 2),
    Procedure("1.000894", "Thủ tục đăng ký kết hôn", HO_TICH, PART, 91, 2),
    Procedure("1.000656", "Thủ tục đăng ký khai tử", HO_TICH, PART, 74, 2),
    Procedure("1.004859", "Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc", HO_TICH,
              PART, 152, 4, (8_000,), la_phi=False),
    Procedure("1.004884", "Thủ tục đăng ký lại khai sinh", HO_TICH, PART, 33, 6),
    Procedure("1.004772", "Thủ tục đăng ký khai sinh cho người đã có hồ sơ, giấy tờ cá nhân", HO_TICH, PART, 9, 6),
    Procedure("1.004746", "Thủ tục đăng ký lại kết hôn", HO_TICH, PART, 8, 6),
    Procedure("1.000689", "Thủ tục đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con", HO_TICH, PART, 6, 4),
    Procedure("1.001022", "Thủ tục đăng ký nhận cha, mẹ, con", HO_TICH, PART, 4, 4),
    Procedure("1.001776", "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hàng tháng, hỗ trợ kinh phí chăm sóc, "
              "nuôi dưỡng hàng tháng", BAO_TRO, PART, 62, 10),
    Procedure("1.001731", "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội", BAO_TRO, PART, 37, 6),
    Procedure("1.001699", "Xác định, xác định lại mức độ khuyết tật và cấp Giấy xác nhận khuyết tật", BAO_TRO, PART,
              28, 20),
    Procedure("1.013225", "Cấp giấy phép xây dựng mới đối với công trình cấp III, cấp IV và nhà ở riêng lẻ",
              "Hoạt động xây dựng", PART, 19, 15, (75_000,), la_phi=False),
    Procedure("1.010833", "Cấp giấy xác nhận thân nhân của người có công", NGUOI_CO_CONG, PART, 66, 5),
    Procedure("1.011607", "Công nhận hộ nghèo, hộ cận nghèo thường xuyên hằng năm", "Giảm nghèo", PART, 5, 12),
    Procedure("2.000635", "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh", HO_TICH, FULL, 318, 1,
              (8_000, 8_000, 16_000, 24_000)),
    Procedure("1.004873", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", HO_TICH, FULL, 143, 3),
    Procedure("1.001612", "Đăng ký thành lập hộ kinh doanh", HO_KINH_DOANH, FULL, 98, 3, (100_000,), la_phi=False,
              cap=BO_XA),
    Procedure("2.000720", "Đăng ký thay đổi nội dung đăng ký hộ kinh doanh", HO_KINH_DOANH, FULL, 61, 3, (50_000,),
              la_phi=False, cap=BO_XA),
    Procedure("1.001266", "Chấm dứt hoạt động hộ kinh doanh", HO_KINH_DOANH, FULL, 18, 3, cap=BO_XA),
    Procedure("1.001570", "Tạm ngừng kinh doanh, tiếp tục kinh doanh trước thời hạn đã thông báo của hộ kinh doanh",
              HO_KINH_DOANH, FULL, 11, 3, cap=BO_XA),
    Procedure("2.000575", "Cấp lại, cấp đổi Giấy chứng nhận đăng ký hộ kinh doanh", HO_KINH_DOANH, FULL, 43, 3,
              (50_000,), la_phi=False, cap=BO_XA),
    Procedure("1.001653", "Cấp đổi, cấp lại Giấy xác nhận khuyết tật", BAO_TRO, FULL, 12, 4),
    Procedure("1.010803", "Giải quyết chế độ trợ cấp thờ cúng liệt sĩ", NGUOI_CO_CONG, FULL, 21, 10),
    Procedure("1.005461", "Đăng ký lại khai tử", HO_TICH, FULL, 4, 6),
    Procedure("1.004837", "Thủ tục đăng ký giám hộ", HO_TICH, FULL, 3, 4),
    Procedure("1.003622", "Thông báo tổ chức lễ hội cấp xã", "Văn hóa", FULL, 5, 10, co_ket_qua=False),
    Procedure("1.002211", "Thủ tục công nhận hòa giải viên (cấp xã)", "Hòa giải ở cơ sở", FULL, 7, 5),
    Procedure("2.000930", "Thủ tục thôi làm hòa giải viên (cấp xã)", "Hòa giải ở cơ sở", FULL, 4, 5),
    Procedure("2.002080", "Thủ tục thanh toán thù lao cho hòa giải viên", "Hòa giải ở cơ sở", FULL, 4, 5),
)  # fmt: skip

AFTER_ONLY: tuple[Procedure, ...] = (
    Procedure("1.004845", "Thủ tục đăng ký chấm dứt giám hộ", HO_TICH, FULL, 0, 2),
    Procedure("2.000927", "Sửa lỗi sai sót trong giao dịch", CHUNG_THUC, PART, 0, 2, (25_000,)),
    Procedure("1.012812", "Hòa giải tranh chấp đất đai", "Đất đai", INFO, 0, 20),
)
BEFORE_ONLY = Procedure("1.000419", "Thủ tục đăng ký khai tử lưu động", HO_TICH, PART, 0, 2)

CU_TRU = "Đăng ký, quản lý cư trú"
VERTICAL_PROCEDURES: tuple[tuple[Procedure, ...], ...] = (
    (
        Procedure("1.004222", "Đăng ký thường trú", CU_TRU, FULL, 0, 7, (20_000, 10_000), la_phi=False),
        Procedure("1.004194", "Đăng ký tạm trú", CU_TRU, FULL, 0, 3, (15_000, 7_000), la_phi=False),
        Procedure("1.010041", "Xác nhận thông tin về cư trú", CU_TRU, FULL, 0, 1),
        Procedure("1.003197", "Xóa đăng ký thường trú", CU_TRU, FULL, 0, 5),
    ),
    (
        Procedure("1.008498", "Đăng ký thuế lần đầu đối với người nộp thuế là cá nhân, người phụ thuộc", "Thuế",
                  FULL, 0, 3, cap="Cấp bộ; Cấp tỉnh"),
        Procedure("1.007277", "Khai lệ phí trước bạ nhà, đất", "Thuế", PART, 0, 3, cap="Cấp tỉnh"),
    ),
    (
        Procedure("2.000693", "Giải quyết hưởng chế độ thai sản", "Thực hiện chính sách BHXH", FULL, 0, 6,
                  cap="Cấp tỉnh"),
        Procedure("1.001742", "Giải quyết chuyển hưởng sang địa bàn khác đối với người đang hưởng lương hưu",
                  "Thực hiện chính sách BHXH", PART, 0, 5, cap="Cấp bộ, Cấp tỉnh"),
    ),
    (
        Procedure("1.012753", "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận lần đầu", "Đất đai",
                  PART, 0, 17, (100_000,), la_phi=False),
        Procedure("1.013980", "Đăng ký biến động đối với thay đổi quyền sử dụng đất, quyền sở hữu tài sản gắn liền "
                  "với đất", "Đất đai", PART, 0, 10, (50_000, 100_000), la_phi=False, cap="Cấp tỉnh"),
    ),
)  # fmt: skip

# --- the catalogue -----------------------------------------------------------------------------------------

PROVINCE, COMMUNE, NEITHER = 1775, 314, 121
COMMUNE_FULL, COMMUNE_PART, COMMUNE_FEE = 219, 80, 43
OUT_OF_AREA = {"tinh": 1652, "xa": 296, "khac": 112}  # phi địa giới: 2.060 together
FIELDS = (
    "Đất đai", "Giáo dục và đào tạo", "Nông nghiệp", "Thủy sản", "Xây dựng", "Đường bộ", "Y tế", "Văn hóa", "Thể thao",
    "Việc làm", "An toàn thực phẩm", "Môi trường", "Công Thương", "Khoa học và công nghệ", "Tôn giáo", "Lâm nghiệp",
)  # fmt: skip
PROVINCE_LEVELS = ("Cấp tỉnh",) * 14 + ("Cấp bộ; Cấp tỉnh", "Cấp bộ, Cấp tỉnh", "Cấp tỉnh\nCơ quan khác", "Cấp tỉnh ")
COMMUNE_LEVELS = ("Cấp xã",) * 10 + ("Cấp bộ; Cấp xã", "Cấp xã, Cơ quan khác", "Cấp bộ\nCấp xã", "Cấp xa\u0303")
OTHER_LEVELS = ("Cấp bộ",) * 4 + ("Cơ quan khác", "Cấp bộ; Cơ quan khác")
IN_FORCE = ("Còn hiệu lực",) * 5 + ("Đang công khai", "Công khai", "", "Ðang công khai", "Co\u0300n hiệu lực")
NOT_IN_FORCE = ("Không công khai", "Chờ công khai", "Hết hiệu lực", "Bãi bỏ")
FLAG_STYLES: tuple[tuple[str | int | bool, str | int | bool], ...] = (
    ("Có", "Không"), ("Có", "Không"), ("Có", "Không"), ("x", ""), ("X", ""), (1, 0), ("1", "0"),
    ("true", "false"), (True, False), ("Đúng", "Sai"),
)  # fmt: skip
LEVEL_WORDS = {
    FULL: ("Toàn trình", "Toàn trình", 4, "4", "Toa\u0300n tri\u0300nh"),
    PART: ("Một phần", "Một phần", 3, "3"),
    INFO: ("Cung cấp thông tin", "Thông tin", 2),
}


@dataclass(frozen=True)
class _Facts:
    """What a catalogue row says, before it is spelled in one of the many ways."""

    ma: str
    ten: str
    linh_vuc: str
    cap: str
    muc_do: int
    du_dieu_kien: bool
    mot_cua: bool
    phi_dia_gioi: bool
    co_phi: bool
    thanh_toan: bool
    khong_ket_qua: bool = False
    tinh_trang: str = ""


def _spell(rng: Random, facts: _Facts) -> ProcedureRow:
    flag = dict(zip((True, False), rng.choice(FLAG_STYLES), strict=True))
    words = LEVEL_WORDS[facts.muc_do]
    decision = f"QĐ mẫu {rng.randint(1, 480):03d}/QĐ-UBND"
    state = facts.tinh_trang or rng.choice(IN_FORCE)
    return ProcedureRow(
        ma_tthc=facts.ma,
        ten_tthc=facts.ten,
        linh_vuc=facts.linh_vuc,
        cap_thuc_hien=facts.cap,
        muc_do=rng.choice(words),
        du_dieu_kien_toan_trinh=flag[facts.du_dieu_kien],
        tai_mot_cua=flag[facts.mot_cua],
        phi_dia_gioi=flag[facts.phi_dia_gioi],
        co_phi=flag[facts.co_phi],
        thanh_toan_truc_tuyen=flag[facts.thanh_toan],
        khong_co_ket_qua=flag[facts.khong_ket_qua],
        tinh_trang=state,
        quyet_dinh=decision,
    )


def _synthetic(number: int, rng: Random) -> tuple[str, str, str]:
    area = rng.choice(FIELDS)
    return f"9.{number:06d}", f"Thủ tục mẫu {number:04d} về {area.lower()}", area


def _known() -> tuple[list[Procedure], list[Procedure]]:
    """The real procedures of the commune and of the province."""
    everything = [*OWN_PROCEDURES, *AFTER_ONLY, BEFORE_ONLY, *(p for unit in VERTICAL_PROCEDURES for p in unit)]
    communes = [p for p in everything if "Cấp xã" in p.cap]
    return communes, [p for p in everything if "Cấp xã" not in p.cap]


def _has_fee(procedure: Procedure) -> bool:
    return bool(procedure.gia) or procedure.ma == COPY


def _commune_facts(rng: Random) -> list[_Facts]:
    known, _ = _known()
    facts = [
        _Facts(p.ma, p.ten, p.linh_vuc, p.cap, p.muc_do, p.muc_do == FULL, True, True, _has_fee(p), _has_fee(p),
               not p.co_ket_qua)
        for p in known
    ]  # fmt: skip
    full = COMMUNE_FULL - sum(p.muc_do == FULL for p in known)
    part = COMMUNE_PART - sum(p.muc_do == PART for p in known)
    rest = COMMUNE - len(known)
    fees = COMMUNE_FEE - sum(_has_fee(p) for p in known)
    levels = [FULL] * full + [PART] * part + [INFO] * (rest - full - part)
    outside = OUT_OF_AREA["xa"] - len(known)
    for position, level in enumerate(levels):
        code, name, area = _synthetic(1 + position, rng)
        has_fee = position % (rest // fees) == 0 and position // (rest // fees) < fees
        cap = rng.choice(COMMUNE_LEVELS)
        facts.append(_Facts(code, name, area, cap, level, level == FULL, True, position < outside, has_fee, has_fee))
    return facts


def _other_facts(rng: Random) -> list[_Facts]:
    """Province and neither: flags that must not leak into the commune's rows."""
    _, known = _known()
    facts = [_Facts(p.ma, p.ten, p.linh_vuc, p.cap, p.muc_do, True, True, True, _has_fee(p), False) for p in known]
    for group, total, levels, first in (
        ("tinh", PROVINCE - len(known), PROVINCE_LEVELS, 1000),
        ("khac", NEITHER, OTHER_LEVELS, 3000),
    ):
        outside = OUT_OF_AREA[group] - (len(known) if group == "tinh" else 0)
        for position in range(total):
            code, name, area = _synthetic(first + position, rng)
            level = rng.choices((FULL, PART, INFO), (55, 35, 10))[0]
            has_fee = rng.random() < 0.4
            facts.append(
                _Facts(code, name, area, rng.choice(levels), level, level == FULL and rng.random() < 0.8,
                       rng.random() < 0.9, position < outside, has_fee, has_fee and rng.random() < 0.7)
            )  # fmt: skip
    return facts


def _dead_facts(rng: Random) -> list[_Facts]:
    """72 rows that are not in force; the first of each kind say yes to everything."""
    facts = []
    for position in range(72):
        code, name, area = _synthetic(5000 + position, rng)
        cap = ("Cấp xã", "Cấp tỉnh", "Cấp bộ")[position % 3]
        yes = position < 36 or rng.random() < 0.5
        facts.append(
            _Facts(code, name, area, cap, FULL if yes else INFO, yes, yes, yes, yes, yes and position % 2 == 0,
                   tinh_trang=NOT_IN_FORCE[(position // 3) % 4])
        )  # fmt: skip
    return facts


LOCAL_CODES = ("1.004873", "2.000884", "1.000894", "9.000017", "9.001200")
"""Procedures that the catalogue lists under the province's longer form of the code."""


def build_procedures(seed: str) -> tuple[ProcedureRow, ...]:
    """Return the catalogue's rows, ordered by code: 2.210 in force and 72 that are not."""
    rng = Random(f"{seed}:tthc")
    facts = [*_commune_facts(rng), *_other_facts(rng), *_dead_facts(rng)]
    rows = [_spell(rng, fact) for fact in sorted(facts, key=lambda fact: fact.ma)]
    return tuple(
        replace(row, ma_tthc=f"{row.ma_tthc}.000.00.00.H24") if row.ma_tthc in LOCAL_CODES else row for row in rows
    )


def find_fee(procedure: Procedure, rng: Random) -> int:
    """Return a price in đồng: 2.000 a page for the first two pages of a copy, 1.000 from the third on."""
    if procedure.ma != COPY:
        return rng.choice(procedure.gia) if procedure.gia else 0
    total = 0
    for _ in range(rng.choices((1, 2, 3, 4, 6), (56, 27, 10, 5, 2))[0]):
        pages = rng.choices((1, 2, 3, 4, 6, 10), (32, 40, 14, 8, 4, 2))[0]
        total += 2_000 * min(pages, 2) + 1_000 * max(pages - 2, 0)
    return total


def total_of(procedures: Sequence[Procedure], muc_do: int) -> int:
    """Return the number of own in-window dossiers of procedures of one service level."""
    return sum(p.so_luong for p in procedures if p.muc_do == muc_do)
