"""The independent judge's eyes: from printed rows to one case per dossier, in plain Python.

Belongs here: reading cells, words and flags, the newest version, the outcome; and the list of ways in which the
judge can be made careless. Not here: counting (slow_counter), anything imported from schemas, assets or pipelines.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from tests.support.demo_records import DateCell, DossierRow, ProcedureRow

TRAPS = frozenset({
    "after_cutoff", "before_window", "status_1_3", "vertical", "older_versions", "first_version", "last_version",
    "unreadable_receipt", "total_row", "nfd", "eth", "unknown_status", "as_of", "refused", "withdrawn", "end_by_return",
    "only_end_column", "date_cells", "local_codes", "not_in_force", "flag_words", "level_words", "several_levels",
    "zero_fee", "no_paper_result", "result_base", "pakn_window", "pakn_cutoff", "pakn_unrated", "other_channels",
    "stopped", "paused", "carry_over", "paid_online", "components",
})  # fmt: skip

VERTICAL_PREFIXES = ("công an phường", "thuế cơ sở", "bảo hiểm xã hội", "chi nhánh văn phòng đăng ký đất đai")
# word -> (national number for ordering versions, what it means)
STATUS_WORDS = {
    "mới đăng ký": (1, "never"), "chờ tiếp nhận": (1, "never"),
    "được tiếp nhận": (2, "open"), "không được tiếp nhận": (3, "never"), "từ chối tiếp nhận": (3, "never"),
    "đang xử lý": (4, "open"), "yêu cầu bổ sung giấy tờ": (5, "paused"),
    "yêu cầu thực hiện nghĩa vụ tài chính": (6, "paused"), "tạm dừng": (8, "halted"),
    "công dân yêu cầu rút hồ sơ": (7, "withdrawn"), "rút hồ sơ": (7, "withdrawn"), "dừng xử lý": (8, "stopped"),
    "từ chối giải quyết": (8, "refused"), "trả lại": (8, "refused"), "đã xử lý xong": (9, "done"),
    "chờ trả kết quả": (9, "done"), "đã trả kết quả": (10, "done"),
}  # fmt: skip
DATE_TEXT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
YES = ("có", "x", "1", "true", "đúng")
DEAD = ("không công khai", "chờ công khai", "hết hiệu lực", "bãi bỏ")


@dataclass(frozen=True)
class Case:
    """One dossier in its newest version; ``outcome`` is ket_qua, tu_choi, rut, dung or "" and ``ended`` its day.

    None in one of the last four: its list does not say.
    """

    stem: str
    meaning: str
    vertical: bool
    received: date
    due: date | None
    due_unreadable: bool
    outcome: str
    ended: date | None
    paused: bool
    channel: str
    fee: int | None
    paid_online: bool | None
    components: bool | None
    result: bool | None


@dataclass(frozen=True)
class Facts:
    """One procedure as the counter needs it."""

    stem: str
    levels: frozenset[str]
    service: int
    eligible: bool
    at_counter: bool
    out_of_area: bool
    fee: bool
    pays_online: bool
    no_paper: bool
    in_force: bool


@dataclass(frozen=True)
class Question:
    """What is asked: the window's first day, the cut-off, the policy, and what to be careless about."""

    first: date
    last: date
    policy: str
    ignore: frozenset[str]

    def skips(self, trap: str) -> bool:
        """Tell whether the counter is careless about ``trap``."""
        return trap in self.ignore


# --- reading cells -----------------------------------------------------------------------------------------


def clean_text(value: object, ask: Question) -> str:
    """Normalise a cell for comparison: NFC, eth to đ, single blanks, lower case."""
    text = "" if value is None else str(value)
    return _normalise(text, not ask.skips("eth"), not ask.skips("nfd"))


@lru_cache(maxsize=4096)
def _normalise(text: str, fold_eth: bool, compose: bool) -> str:
    if fold_eth:
        text = text.replace("\u00d0", "Đ").replace("\u00f0", "đ")
    if compose:
        text = unicodedata.normalize("NFC", text)
    for invisible in ("\u200b", "\u200c", "\u200d", "\ufeff"):
        text = text.replace(invisible, "")
    return " ".join(text.replace("\u00a0", " ").split()).casefold()


def read_moment(cell: DateCell, ask: Question) -> tuple[datetime | None, bool]:
    """Return (moment, unreadable): an empty cell is (None, False), a nonsense one (None, True)."""
    if isinstance(cell, datetime):
        return (None, True) if ask.skips("date_cells") else (cell, False)
    text = "" if cell is None else cell.strip()
    if text in ("", "-") or text.casefold() == "null":
        return None, False
    found = DATE_TEXT.fullmatch(text)
    if not found:
        return None, True
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second), False  # noqa: DTZ001 local time
    except ValueError:
        return None, True


def read_flag(value: object, ask: Question) -> bool:
    """Read a flag of the catalogue or the list."""
    text = clean_text(value, ask)
    return text == "có" if ask.skips("flag_words") else text in YES


def read_stem(code: str, ask: Question) -> str:
    """Return the eight characters that identify a procedure."""
    return code.strip() if ask.skips("local_codes") else code.strip()[:8]


def read_status(row: DossierRow, ask: Question) -> tuple[int, str]:
    """Return (number, meaning) of a row's status word."""
    known = STATUS_WORDS.get(clean_text(row.trang_thai, ask))
    if known:
        return known
    return (9, "done") if ask.skips("unknown_status") else (0, "unknown")


# --- one row per dossier -----------------------------------------------------------------------------------


def _rank(row: DossierRow, ask: Question) -> tuple[list[datetime], int, str]:
    """Order versions of one extract: latest known event, then status, then content."""
    cells = (row.ngay_nop, row.ngay_tiep_nhan, row.ngay_ket_thuc, row.ngay_tra)
    moments = [moment for moment, _ in (read_moment(cell, ask) for cell in cells) if moment]
    content = hashlib.sha256(repr(row).encode()).hexdigest()
    return sorted(moments)[-1:], read_status(row, ask)[0], content


def pick_newest(versions: list[tuple[DossierRow, Case]], ask: Question) -> list[Case]:
    """Keep one case per dossier code, the newest version."""
    if ask.skips("older_versions"):
        return [case for _, case in versions]
    chosen: dict[str, tuple[DossierRow, Case]] = {}
    for row, case in versions:
        other = chosen.get(row.ma_ho_so)
        if other is None:
            chosen[row.ma_ho_so] = row, case
        elif ask.skips("first_version"):
            continue
        elif ask.skips("last_version") or _rank(row, ask) > _rank(other[0], ask):
            chosen[row.ma_ho_so] = row, case
    return [case for _, case in chosen.values()]


def _decide_outcome(
    meaning: str, ended: datetime | None, returned: datetime | None, ask: Question
) -> tuple[str, date | None]:
    first = ended or returned
    if ask.skips("end_by_return"):
        first = returned or ended
    if ask.skips("only_end_column"):
        first = ended
    if first is None or meaning in ("unknown", "never", "halted"):
        return "", None
    if meaning == "stopped":
        return ("dung", ended.date()) if ended else ("", None)
    names = {"refused": "tu_choi", "withdrawn": "rut"}
    if ask.skips("refused") and meaning == "refused":
        return "", None
    if ask.skips("withdrawn") and meaning == "withdrawn":
        return "", None
    return names.get(meaning, "ket_qua"), first.date()


def _read_said(value: str | None, ask: Question, trap: str) -> bool | None:
    """Read a flag of the list; None where the list has no such column."""
    return None if value is None else read_flag(value, ask) or ask.skips(trap)


def read_case(row: DossierRow, ask: Question) -> Case | None:
    """Turn a row into a case; None where its receipt date cannot be read (the row is rejected)."""
    _, meaning = read_status(row, ask)
    received, _ = read_moment(row.ngay_tiep_nhan, ask)
    if received is None and (ask.skips("unreadable_receipt") or meaning == "never"):
        received, _ = read_moment(row.ngay_nop, ask)
    if received is None:
        return None
    due, due_unreadable = read_moment(row.ngay_hen_tra, ask)
    ended, _ = read_moment(row.ngay_ket_thuc, ask)
    returned, _ = read_moment(row.ngay_tra, ask)
    outcome, day = _decide_outcome(meaning, ended, returned, ask)
    paused = meaning in ("paused", "halted") or (meaning == "stopped" and outcome == "")
    return Case(
        stem=read_stem(row.ma_tthc, ask),
        meaning=meaning,
        vertical=clean_text(row.don_vi_tiep_nhan, ask).startswith(VERTICAL_PREFIXES),
        received=received.date(),
        due=due.date() if due else None,
        due_unreadable=due_unreadable,
        outcome=outcome,
        ended=max(day, received.date()) if day else None,
        paused=paused and not outcome and not ask.skips("paused"),
        channel=clean_text(row.hinh_thuc_nop, ask),
        fee=None if row.phi is None or row.le_phi is None else row.phi + row.le_phi,
        paid_online=_read_said(row.thanh_toan_truc_tuyen, ask, "paid_online"),
        components=_read_said(row.file_thanh_phan, ask, "components"),
        result=_read_said(row.file_ket_qua, ask, ""),
    )


def read_procedure(row: ProcedureRow, ask: Question) -> Facts:
    """Read one row of the catalogue."""
    levels = frozenset(clean_text(part, ask) for part in re.split(r"[;,\n]", row.cap_thuc_hien) if part.strip())
    if ask.skips("several_levels"):
        levels = frozenset({clean_text(row.cap_thuc_hien, ask)})
    words = {"toàn trình": 4, "một phần": 3, "cung cấp thông tin": 2, "thông tin": 2}
    if not ask.skips("level_words"):
        words.update({"4": 4, "3": 3, "2": 2})
    return Facts(
        stem=read_stem(row.ma_tthc, ask),
        levels=levels,
        service=words.get(clean_text(row.muc_do, ask), 0),
        eligible=read_flag(row.du_dieu_kien_toan_trinh, ask),
        at_counter=read_flag(row.tai_mot_cua, ask),
        out_of_area=read_flag(row.phi_dia_gioi, ask),
        fee=read_flag(row.co_phi, ask),
        pays_online=read_flag(row.thanh_toan_truc_tuyen, ask),
        no_paper=read_flag(row.khong_co_ket_qua, ask),
        in_force=ask.skips("not_in_force") or clean_text(row.tinh_trang, ask) not in DEAD,
    )
