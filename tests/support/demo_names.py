"""Invented people and firms for the personal columns of the demo workbooks.

Belongs here: names, identity numbers, phone numbers and addresses that are clearly synthetic: numbers begin
with 000 (no province has that code), phones with 0900000, streets are called "Thí Dụ". Not here: dossiers.
The syllables carry every accented letter of the alphabet, so a lost diacritic shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

FAMILY = (
    ["Nguyễn"] * 12 + ["Trần"] * 6 + ["Lê"] * 5 + ["Phạm"] * 5 + ["Hoàng"] * 3 + ["Vũ"] * 3 + ["Đặng"] * 2
    + ["Bùi"] * 2 + ["Đỗ"] * 2 + ["Hồ", "Ngô", "Dương", "Lý", "Đào", "Đoàn", "Mạc", "Kiều", "Lưỡng", "Tạ"]
    + ["Khổng", "Nghiêm", "Quách", "Thẩm", "Trịnh", "Tống", "Từ", "Viên", "Võ", "Lỗ", "Cổ", "Hứa"]
)  # fmt: skip
MALE_MIDDLE = ("Văn", "Hữu", "Đức", "Quốc", "Đình", "Công", "Xuân", "Bá", "Trọng", "Thế", "Viết", "Đăng")
FEMALE_MIDDLE = ("Thị", "Ngọc", "Thúy", "Bích", "Diệu", "Mỹ", "Thị Ỷ", "Hồng", "Thị Kỷ", "Như", "Ái", "Quỳnh")
GIVEN_WORDS = (
    "An Ánh Ẩn Ảnh Bằng Bảo Bẩy Bích Bình Bổng Cẩm Chiến Chử Cường Cúc Dẫn Diễm Diệp Dũng Đạt Đức Đĩnh Gấm "
    "Giỏi Hà Hạnh Hảo Hằng Hậu Hẳn Hẵng Hiền Hiếu Hĩnh Hòa Hồng Hợi Hỷ Hữu Hẹn Kẽm Khẳng Kỳ Lã Lãm Lặng Lễ Liễu "
    "Lò Lỡ Lợi Lụa Lữ Lỵ Mẫn Mận Mỡ Mỹ Mến Nghĩa Ngọ Ngõ Nhẫn Nhẹ Nhẽ Nhỡ Nở Nụ Nếp Phẩm Phổ Quế Quỳnh Rỗ Sẵn "
    "Sửu Sẻ Sương Tám Tặng Tẻ Thẳng Thể Thìn Thỏ Thủ Thuở Thụy Tỉnh Tố Tuệ Tý Tỵ Tủ Út Ước Vẽ Vĩ Vị Việt Võng "
    "Vững Xuyến Ý Yến Yểng Yêu Bé Hè Sĩ Lịch Mít Tình Bò Bó Ngộ Mộc Cốm Trồng Cờ Thơ Hớn Thờ Hợp Sũng Mùi Núi Cũ "
    "Thắm Hoe Từ Sứ Ngữ Lựu Mừng Kỵ Quý Thẹn Lê Bề"
)
GIVEN = tuple(GIVEN_WORDS.split(" "))
STREETS = ("Thí Dụ", "Ví Dụ Đông", "Mẫu Đơn Giả", "Giả Định", "Tưởng Tượng", "Minh Họa", "Bịa Đặt", "Hư Cấu")
FIRM_WORDS = ("Thử Nghiệm", "Giả Lập", "Minh Họa", "Ví Dụ", "Dữ Liệu Mẫu", "Mô Phỏng", "Tượng Trưng")


@dataclass(frozen=True)
class Person:
    """The four personal cells of a dossier."""

    ten: str
    so_dinh_danh: str
    dia_chi: str
    so_dien_thoai: str


def invent_name(rng: Random) -> str:
    """Return a name of three or four syllables (family, middle, one or two given)."""
    middle = rng.choice(MALE_MIDDLE if rng.random() < 0.47 else FEMALE_MIDDLE)
    given = rng.choice(GIVEN)
    if rng.random() < 0.35:
        given = f"{rng.choice(GIVEN)} {given}"
    return f"{rng.choice(FAMILY)} {middle} {given}"


def invent_people(count: int, firms: int, seed: str) -> list[Person]:
    """Invent ``count`` people and ``firms`` firms; identity numbers are all different."""
    rng = Random(seed)
    numbers = rng.sample(range(10_000_000, 999_999_999), count + firms)
    people = []
    for position, number in enumerate(numbers):
        street = rng.choice(STREETS)
        address = f"Số {rng.randint(1, 180)} phố {street}, Tổ dân phố Mẫu {rng.randint(1, 24)}"
        if position < count:
            name = invent_name(rng)
        else:
            name = f"Công ty TNHH {rng.choice(FIRM_WORDS)} {rng.choice(GIVEN)} {position - count + 1}"
        people.append(Person(name, f"000{number:09d}", address, f"0900000{rng.randint(0, 999):03d}"))
    return people
