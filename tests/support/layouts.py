"""One invented list of dossiers, and what every exporting system would write of it.

Belongs here: the canonical dossiers. Not here: the layouts' writers (layouts_tables, layouts_json), anything imported
from schemas, assets or pipelines. All people are invented and clearly so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

PERSON = "Nguyễn Thị Thử"
PHONE = "0912000111"
ADDRESS = "Số 5 Phố Thử"
COUNTER = "Trung tâm Phục vụ hành chính công phường Mẫu"
OFFICE = "Phòng Kinh tế phường Mẫu"
EXPORT_DAY = date(2026, 6, 23)

PROCEDURES = (
    ("2.000815", "Chứng thực bản sao từ bản chính", "Chứng thực"),
    ("1.004873", "Cấp giấy xác nhận tình trạng hôn nhân", "Hộ tịch"),
    ("1.001612", "Đăng ký thành lập hộ kinh doanh", "Thành lập hộ kinh doanh"),
    ("1.013225", "Cấp giấy phép xây dựng mới", "Xây dựng"),
)
STATUSES = (10, 10, 10, 9, 4, 2, 5, 6, 7, 1)


@dataclass(frozen=True)
class Dossier:
    """One dossier. ``status`` is the national code, money is đồng; ``ended``/``returned`` None where not yet."""

    code: str
    procedure: str
    name: str
    field: str
    channel: int
    status: int
    submitted: datetime
    received: datetime
    due: datetime
    ended: datetime | None
    returned: datetime | None
    fee: int
    charge: int
    paid_online: int
    has_components: bool
    has_result: bool
    supplements: int
    new_due: datetime | None


def build_dossiers(count: int = 2000) -> list[Dossier]:
    """Make ``count`` dossiers: received from 5 January 2026 on, in every status that a counter meets."""
    return [_build(number) for number in range(1, count + 1)]


def _build(number: int) -> Dossier:
    code, name, field = PROCEDURES[number % len(PROCEDURES)]
    status = STATUSES[number % len(STATUSES)]
    received = datetime(2026, 1, 5, 8) + timedelta(days=number % 150, minutes=number % 400)  # noqa: DTZ001 local time
    ended = received + timedelta(days=2, hours=1) if status in (7, 9, 10) else None
    supplements = number % 3 if status in (5, 10) else 0
    return Dossier(
        code=f"H24.150-{received:%y%m%d}-{number:04d}",
        procedure=code,
        name=name,
        field=field,
        channel=number % 3 + 1,
        status=status,
        submitted=received - timedelta(hours=3),
        received=received,
        due=received + timedelta(days=4),
        ended=ended,
        returned=received + timedelta(days=3) if status == 10 else None,
        fee=(number % 5) * 1000,
        charge=(number % 7) * 2000,
        paid_online=number % 3 % 2,
        has_components=number % 2 == 0,
        has_result=status in (9, 10) and number % 4 != 0,
        supplements=supplements,
        new_due=received + timedelta(days=6 + supplements) if supplements else None,
    )
