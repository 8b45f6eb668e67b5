"""Drafts: a dossier while it is being invented, and how it becomes a printed row.

Belongs here: the mutable draft, the numbering of dossier codes and the spelling of cells (date styles, NFD, the
Icelandic eth). Not here: which dossiers exist (demo_dossiers, demo_traps).
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from tests.support.demo_days import pick_hour, pick_submission
from tests.support.demo_names import Person
from tests.support.demo_procedures import Procedure, find_fee
from tests.support.demo_records import OWN_UNIT, DateCell, DossierRow

ONLINE, COUNTER, POSTAL, UNTOLD = "Trực tuyến", "Trực tiếp", "Bưu chính công ích", ""
RETURNED, DONE, WAITING_PICKUP = "Đã trả kết quả", "Đã xử lý xong", "Chờ trả kết quả"
IN_PROGRESS, ACCEPTED = "Đang xử lý", "Được tiếp nhận"
SUPPLEMENT, PAY_FIRST, PAUSED = "Yêu cầu bổ sung giấy tờ", "Yêu cầu thực hiện nghĩa vụ tài chính", "Tạm dừng"
WITHDRAWN, WITHDRAWN_SHORT = "Công dân yêu cầu rút hồ sơ", "Rút hồ sơ"
REFUSED, SENT_BACK, STOPPED = "Từ chối giải quyết", "Trả lại", "Dừng xử lý"
NEW, NEW_WAITING, REJECTED, REJECTED_COUNTER = (
    "Mới đăng ký",
    "Chờ tiếp nhận",
    "Không được tiếp nhận",
    "Từ chối tiếp nhận",
)
UNKNOWN_WORD = "Chờ ký số lần hai"


@dataclass
class Draft:
    """A dossier being invented; ``spelling`` is "", "nfd" or "eth" and applies to status and unit."""

    procedure: Procedure
    person: Person
    received: datetime | None
    submitted: datetime
    due: datetime | None = None
    ended: datetime | None = None
    returned: datetime | None = None
    status: str = RETURNED
    unit: str = OWN_UNIT
    channel: str = ONLINE
    fee: int = 0
    paid_online: bool = True
    has_components: bool = True
    has_result: bool = True
    bay: str = ""
    code: str = ""
    spelling: str = ""
    local_code: bool = False
    plain_dates: bool = False
    received_text: DateCell = None
    overrides_received: bool = False


def start_draft(procedure: Procedure, person: Person, day: date, rng: Random, bay: str = "") -> Draft:
    """Begin an online dossier received on ``day``, at a random hour, with the price of its procedure."""
    received = pick_hour(day, rng)
    draft = Draft(procedure, person, received, pick_submission(received, rng), bay=bay)
    draft.fee = find_fee(procedure, rng)
    return draft


def number_codes(drafts: Iterable[Draft]) -> None:
    """Give each draft its code H24.150-YYMMDD-NNNN: the day of receipt, of submission where it was not received."""
    by_day: dict[date, list[Draft]] = defaultdict(list)
    for draft in drafts:
        moment = draft.received if draft.received and not draft.overrides_received else draft.submitted
        if draft.status in (NEW, NEW_WAITING, REJECTED, REJECTED_COUNTER):
            moment = draft.submitted
        by_day[moment.date()].append(draft)
    for day, group in by_day.items():
        group.sort(key=lambda draft: (draft.received or draft.submitted, draft.submitted, draft.person.so_dinh_danh))
        for number, draft in enumerate(group, start=1):
            draft.code = f"H24.150-{day:%y%m%d}-{number:04d}"


def _spell_text(text: str, spelling: str) -> str:
    if spelling == "nfd":
        return unicodedata.normalize("NFD", text)
    return text.replace("Đ", "\u00d0") if spelling == "eth" else text


def _spell_date(moment: datetime | None, style: str) -> DateCell:
    if moment is None or style == "cell":
        return moment
    return f"{moment:%d/%m/%Y}" if style == "day" else f"{moment:%d/%m/%Y %H:%M:%S}"


def print_draft(draft: Draft, rng: Random) -> DossierRow:
    """Print a draft as the portal would: most dates as text with the hour, some as days, a few as true date cells."""
    style = rng.choices(("text", "day", "cell"), (955, 30, 15))[0]
    if draft.plain_dates:
        style = "text"
    name_style = rng.choices(("", "nfd", "eth"), (970, 20, 10))[0]
    is_fee = draft.procedure.la_phi
    code = f"{draft.procedure.ma}.000.00.00.H24" if draft.local_code else draft.procedure.ma
    received = draft.received_text if draft.overrides_received else _spell_date(draft.received, style)
    return DossierRow(
        ma_ho_so=draft.code,
        ma_tthc=code,
        ten_tthc=draft.procedure.ten,
        linh_vuc=draft.procedure.linh_vuc,
        don_vi_tiep_nhan=_spell_text(draft.unit, draft.spelling),
        hinh_thuc_nop=draft.channel,
        chu_ho_so=_spell_text(draft.person.ten, name_style),
        so_dinh_danh=draft.person.so_dinh_danh,
        dia_chi=draft.person.dia_chi,
        so_dien_thoai=draft.person.so_dien_thoai,
        ngay_nop=_spell_date(draft.submitted, style),
        ngay_tiep_nhan=received,
        ngay_hen_tra=_spell_date(draft.due, style),
        ngay_ket_thuc=_spell_date(draft.ended, style),
        ngay_tra=_spell_date(draft.returned, style),
        trang_thai=_spell_text(draft.status, draft.spelling),
        phi=draft.fee if is_fee else 0,
        le_phi=0 if is_fee else draft.fee,
        thanh_toan_truc_tuyen="Có" if draft.fee and draft.paid_online else "Không",
        file_thanh_phan="Có" if draft.has_components else "Không",
        file_ket_qua="Có" if draft.has_result else "Không",
        bay=draft.bay,
    )
