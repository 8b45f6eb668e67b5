"""Deeds of people that change a home outside a run: withdrawing, purging. One way to do them: locked and on record.

Belongs here: the order lock, journal, deed, and how their errors end a command. Does not belong here: what a deed does
(the command's own module), waivers (they change nothing by themselves and need no lock).
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from assets.io.home import Home, HomeIsLocked, hold_lock
from assets.io.journal import JournalIsBroken, append_entry
from pipelines.commands.errors import CommandError, Exit
from schemas.rules.text import holds_persons_number

_Done = TypeVar("_Done")


def do_on_record(
    home: Home,
    moment: datetime,
    who: str,
    command: str,
    deed: str,
    what: Mapping[str, JsonValue],
    act: Callable[[], _Done],
) -> _Done:
    """Hold the home, write the journal, then act: a deed that is not on record does not happen.

    Args:
        home: the home.
        moment: the present moment, local time.
        who: name of an office or post, else the login.
        command: ``cchc withdraw``.
        deed: a key of ``schemas.journal.DEEDS``.
        what: what it is done to, and why.
        act: does it.

    Returns:
        What ``act`` returns.

    Raises:
        CommandError: the name or reason typed in holds a person's number (2); the home is locked (4); the journal is
            broken (1).
    """
    need_no_person(f"{what.get('ly_do', '')} {who}")
    try:
        with hold_lock(home, f"{command} {moment.isoformat()}"):
            append_entry(home, moment, nguoi=who, lenh=command, viec=deed, noi_dung=dict(what))
            return act()
    except HomeIsLocked as busy:
        raise CommandError(str(busy), Exit.LOCKED) from busy
    except JournalIsBroken as broken:
        raise CommandError(str(broken), Exit.BLOCKING) from broken


def name_doer(named: str | None) -> str:
    """Who does a deed: the name typed in, else the login."""
    return (named or "").strip() or getpass.getuser()


def need_no_person(typed: str) -> None:
    """Refuse a name or reason, typed for the journal, that holds a person's number.

    Raises:
        CommandError: it does (2).
    """
    if holds_persons_number(typed):
        raise CommandError(
            "Lý do hoặc tên người làm có vẻ chứa dữ liệu cá nhân (dãy số dài, @). Hãy ghi lại, không nêu người dân.",
            Exit.USAGE,
        )
