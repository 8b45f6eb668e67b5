"""Waivers: an officer accepts an error that stands, by name and with a reason, for exactly the figures he saw.

Belongs here: what a waiver is, which ones the journal leaves in force, when one still holds, which names and reasons
will do. Does not belong here: the journal's file (assets/io/journal), tables (assets/out/waivers).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from schemas.journal import JournalEntry
from schemas.rules.display import format_date, format_number

GRANT, REVOKE = "mien_tru", "bo_mien_tru"
_SHORTEST_NAME, _SHORTEST_REASON = 5, 10  # letters


@dataclass(frozen=True, slots=True)
class WaiverKey:
    """What a waiver is given for: one check or one kind of finding of a period under one policy.

    Not of one cut-off: the nightly run moves that on, and the same two figures are the same statement.
    """

    ky: str
    chinh_sach: str
    ma: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver in force.

    Attributes:
        ve_trai: left figure of the check; of a kind of finding, how many there were.
        ve_phai: right figure of the check; of a kind of finding, 0.
        nguoi: name and title of who accepted it.
        ly_do: why.
        ngay: when.
    """

    ve_trai: float | None
    ve_phai: float | None
    nguoi: str
    ly_do: str
    ngay: date

    def holds_for(self, left: float | None, right: float | None) -> bool:
        """Whether the figures are still those that were accepted."""
        return (self.ve_trai, self.ve_phai) == (left, right)

    def say_lapsed(self) -> str:
        """The sentence for a waiver whose figures changed."""
        figures = " và ".join("trống" if one is None else format_number(one) for one in (self.ve_trai, self.ve_phai))
        return (
            f"Chấp nhận của {self.nguoi} ngày {format_date(self.ngay)} không còn hiệu lực: khi đó hai vế là {figures}, "
            "nay số đã đổi."
        )


Waivers = Mapping[WaiverKey, tuple[Waiver, ...]]
"""Those in force, the newest first."""


def describe_waiver(
    key: WaiverKey, ngay_chot: date, left: float | None, right: float | None, reason: str
) -> dict[str, JsonValue]:
    """What the journal keeps of a waiver granted or revoked; ``list_waivers`` reads it back."""
    return {
        "ky": key.ky,
        "ngay_chot": ngay_chot.isoformat(),
        "chinh_sach": key.chinh_sach,
        "ma": key.ma,
        "ve_trai": left,
        "ve_phai": right,
        "ly_do": reason,
    }


def list_waivers(entries: Iterable[JournalEntry]) -> Waivers:
    """The waivers that the journal leaves in force, the newest of each key first; revoking ends all of a key."""
    waivers: dict[WaiverKey, tuple[Waiver, ...]] = {}
    for one in entries:
        if one.viec not in (GRANT, REVOKE):
            continue
        body = one.noi_dung
        key = WaiverKey(str(body["ky"]), str(body["chinh_sach"]), str(body["ma"]))
        if one.viec == REVOKE:
            waivers.pop(key, None)
            continue
        left, right = (_as_number(body[side]) for side in ("ve_trai", "ve_phai"))
        granted = Waiver(left, right, one.nguoi, str(body["ly_do"]), one.thoi_diem.date())
        waivers[key] = (granted, *waivers.get(key, ()))
    return waivers


def find_fault(nguoi: str, ly_do: str) -> str | None:
    """Why a name or a reason will not do, in Vietnamese; None when both will."""
    name = nguoi.strip()
    if sum(map(str.isalpha, name)) < _SHORTEST_NAME or " " not in name:
        return "Hãy ghi đủ tên và chức vụ người chấp nhận, ví dụ --by “Trần Thị Mẫu, Phó Chủ tịch”."
    if not is_reason(ly_do):
        return "Hãy ghi lý do thành câu, đủ để người ký hiểu vì sao số này đúng dù không khớp."
    return None


def is_reason(ly_do: str) -> bool:
    """Whether a text is more than a word: a reason is read by whoever signs or checks."""
    return sum(map(str.isalpha, ly_do)) >= _SHORTEST_REASON and " " in ly_do.strip()


def _as_number(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) else None
