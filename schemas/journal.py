"""The journal's meaning: what an entry says, and the chain of hashes that shows whether one was changed.

Belongs here: the shape of an entry, which deeds there are, the hash rule, checking a chain. Does not belong here: the
file (assets/io/journal), what a deed changes (the command that does it).

An entry names the officer who typed a name in, a command and what it was done to; nothing about a citizen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

DEEDS = {
    "mien_tru": "Chấp nhận lỗi",
    "bo_mien_tru": "Bỏ chấp nhận lỗi",
    "chot": "Chốt bản gửi",
    "huy_chot": "Hủy chốt bản gửi",
    "rut_tep": "Rút tệp đã nộp",
    "dung_lai_tep": "Dùng lại tệp đã rút",
    "don_ban_goc": "Dọn bản gốc",
}
"""Deed → title; ``viec`` of every entry is one of these."""

FIRST = "0" * 64
"""What the first entry carries as the hash of the one before."""


class JournalEntry(BaseModel):
    """One deed, as one line of the file.

    Attributes:
        so: 1, 2, 3 … without a gap.
        thoi_diem: local time.
        nguoi: who did it: the name typed in, else the login.
        lenh: the command.
        viec: a key of ``DEEDS``.
        noi_dung: what it was done to; the keys are those of the deed.
        truoc: hash of the entry before.
        bam: hash of this one, over all fields above.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    so: int
    thoi_diem: datetime
    nguoi: str
    lenh: str
    viec: str
    noi_dung: dict[str, JsonValue]
    truoc: str
    bam: str

    def to_line(self) -> str:
        """The entry as its line of the file, without the line break."""
        return _write_plainly(self.model_dump(mode="json"))


@dataclass(frozen=True, slots=True)
class Chain:
    """A checked journal: the entries up to the first broken line, and what is wrong with that line.

    Attributes:
        entries: entries that stand as they were written.
        broken_line: number of the first line that does not, None when all do.
        reason: what is wrong with it, in Vietnamese.
    """

    entries: tuple[JournalEntry, ...]
    broken_line: int | None = None
    reason: str = ""


def make_entry(
    before: JournalEntry | None, moment: datetime, nguoi: str, lenh: str, viec: str, noi_dung: dict[str, JsonValue]
) -> JournalEntry:
    """The entry that follows ``before`` (None: the first one).

    Raises:
        KeyError: no such deed.
    """
    if viec not in DEEDS:
        raise KeyError(viec)
    draft = JournalEntry(
        so=before.so + 1 if before else 1,
        thoi_diem=moment,
        nguoi=nguoi,
        lenh=lenh,
        viec=viec,
        noi_dung=noi_dung,
        truoc=before.bam if before else FIRST,
        bam="",
    )
    return draft.model_copy(update={"bam": _hash(draft.model_dump(mode="json", exclude={"bam"}))})


def check_chain(lines: Iterable[str]) -> Chain:
    """Check every line against the one before it.

    Args:
        lines: the file's lines.

    Returns:
        The sound entries; checking stops at the first line that is torn, changed, missing or moved.
    """
    entries: list[JournalEntry] = []
    for number, line in enumerate(lines, start=1):
        reason, entry = _read_line(line, entries[-1] if entries else None)
        if entry is None:
            return Chain(tuple(entries), number, reason)
        entries.append(entry)
    return Chain(tuple(entries))


def _read_line(line: str, before: JournalEntry | None) -> tuple[str, JournalEntry | None]:
    try:
        body = json.loads(line)
        entry = JournalEntry.model_validate(body)
    except (ValueError, ValidationError):
        return "không đọc được", None
    del body["bam"]
    if entry.bam != _hash(body):
        return "nội dung khác với lúc ghi", None
    if entry.truoc != (before.bam if before else FIRST) or entry.so != (before.so + 1 if before else 1):
        return "không nối tiếp dòng trước: có dòng bị bỏ, thêm hoặc đổi chỗ", None
    return "", entry


def _hash(body: dict[str, Any]) -> str:
    return hashlib.sha256(_write_plainly(body).encode()).hexdigest()


def _write_plainly(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
