"""``cchc journal``: who did what to the report, and whether that record stands as it was written.

Belongs here: showing and checking the journal, who is named when nobody typed a name. Does not belong here: the chain
(schemas/journal), writing an entry (the command whose deed it is).
"""

from __future__ import annotations

import json

import typer

from assets.io.home import Home
from assets.io.journal import read_journal, say_broken
from pipelines.commands.show import print_csv, print_table
from schemas.journal import DEEDS, JournalEntry

_COLUMNS = ("so", "thoi_diem", "nguoi", "lenh", "viec", "noi_dung")
_TITLES = ("Số", "Thời điểm", "Người", "Việc", "Nội dung")


def print_journal(home: Home, *, as_csv: bool) -> None:
    """Print every sound entry, oldest first."""
    entries = read_journal(home).entries
    if as_csv:
        print_csv(
            _COLUMNS,
            [(*_head(one), one.lenh, one.viec, json.dumps(one.noi_dung, ensure_ascii=False)) for one in entries],
        )
        return
    rows = [(*_head(one), DEEDS[one.viec], _tell(one)) for one in entries]
    print_table(f"Nhật ký: {len(rows)} việc", _TITLES, rows, all_rows=True)


def verify_journal(home: Home) -> bool:
    """Say on standard error whether the chain holds; returns whether it does."""
    chain = read_journal(home)
    if chain.broken_line is None:
        typer.echo(f"Nhật ký nguyên vẹn: {len(chain.entries)} dòng.", err=True)
        return True
    typer.echo(f"Lỗi: {say_broken(home, chain)}", err=True)
    return False


def _head(entry: JournalEntry) -> tuple[object, ...]:
    return entry.so, entry.thoi_diem, entry.nguoi


def _tell(entry: JournalEntry) -> str:
    return "; ".join(f"{name}: {value}" for name, value in entry.noi_dung.items())
