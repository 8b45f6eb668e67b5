"""The journal's file: ``journal/nhat-ky.jsonl`` of a home, one line a deed, only ever added to.

Belongs here: adding a line so that it is there or is not, reading and checking the file. Does not belong here: what an
entry means and the hash rule (schemas/journal).

Commands of people write here (waive, finalize, withdraw, purge); runs keep their own record in ``out.lan_chay``.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from assets.io.home import Home
from schemas.journal import Chain, JournalEntry, check_chain, make_entry

_FILE = "nhat-ky.jsonl"


class JournalIsBroken(RuntimeError):
    """Somebody changed the journal; the message is for the officer."""


def find_journal(home: Home) -> Path:
    """Where the journal's file lies; it may not be there yet."""
    return home.journal / _FILE


def read_journal(home: Home) -> Chain:
    """Read and check the journal; an absent one is an empty chain.

    A last line without its line break was torn by a power cut: it was never acknowledged, and counts as broken until
    the next entry takes its place.
    """
    path = find_journal(home)
    return check_chain(_split(path.read_text("utf-8", errors="replace"))) if path.is_file() else Chain(())


def append_entry(
    home: Home, moment: datetime, *, nguoi: str, lenh: str, viec: str, noi_dung: dict[str, JsonValue]
) -> JournalEntry:
    """Add one entry; when this returns it is on the disk.

    Args:
        home: the home.
        moment: the present moment, local time.
        nguoi: who: the name the officer typed in, else the login.
        lenh: the command, ``cchc waive``.
        viec: a key of ``schemas.journal.DEEDS``.
        noi_dung: what it was done to, and why; never anything about a citizen.

    Raises:
        JournalIsBroken: the file does not stand as it was written; nothing is added, since an entry after a broken line
            would vouch for it.
    """
    home.journal.mkdir(parents=True, exist_ok=True)
    with _hold(find_journal(home)) as descriptor:
        content = _read_all(descriptor)
        whole = content[: content.rfind(b"\n") + 1]  # a torn last line was never acknowledged
        chain = check_chain(_split(whole.decode("utf-8", errors="replace")))
        if chain.broken_line is not None:
            raise JournalIsBroken(say_broken(home, chain))
        entry = make_entry(chain.entries[-1] if chain.entries else None, moment, nguoi, lenh, viec, noi_dung)
        os.ftruncate(descriptor, len(whole))
        os.pwrite(descriptor, f"{entry.to_line()}\n".encode(), len(whole))
        os.fsync(descriptor)
    return entry


def say_broken(home: Home, chain: Chain) -> str:
    """One sentence about a broken journal: the line, what is wrong, what to do."""
    return (
        f"Nhật ký {find_journal(home)} không còn nguyên: dòng {chain.broken_line} {chain.reason}. Hãy khôi phục tệp từ "
        "bản sao lưu; không có bản sao thì giữ tệp này dưới tên khác để mở nhật ký mới, và báo người quản trị."
    )


def _split(text: str) -> list[str]:
    """The file's lines; a last one without its line break comes back empty, which no entry is."""
    *whole, torn = text.split("\n")
    return [*whole, *([""] if torn else [])]


@contextmanager
def _hold(path: Path) -> Iterator[int]:
    """The file's descriptor, locked against another writer of this or any process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _read_all(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
