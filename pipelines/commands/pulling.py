"""``cchc pull``: every connector that is switched on, one after the other.

Belongs here: which connectors, the home's lock, what is printed. Does not belong here: fetching (assets/raw/pulling).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from uuid import uuid4

from assets.io.home import Home, HomeIsLocked, hold_lock
from pipelines.clock import now
from pipelines.commands.errors import CommandError, Exit
from pipelines.commands.running import close_left_open
from pipelines.settings import Settings
from schemas.connectors import Connector
from schemas.sources import load_sources


def pull(settings: Settings, only: str | None, *, full: bool) -> int:
    """Pull now.

    Args:
        settings: where the home is, and its connectors.
        only: name of one connector; None for all that are switched on.
        full: fetch every file again.

    Returns:
        How many connectors failed.

    Raises:
        CommandError: no such connector, none switched on (2), home locked (4).
    """
    running = {name: one for name, one in settings.unit.ket_noi.items() if one.bat and only in (None, name)}
    if not running:
        which = f"“{only}” " if only else ""
        raise CommandError(
            f"Không có kết nối {which}nào đang bật. Hãy đặt bat = true trong mục [ket_noi.<tên>] của "
            f"{settings.place.settings}.",
            Exit.USAGE,
        )
    settings.place.prepare(tuple(load_sources()))
    try:
        with hold_lock(settings.place, str(uuid4())) as killed:
            if killed:
                close_left_open(settings.place, killed)
            return pull_all(settings.place, running.items(), full=full)
    except HomeIsLocked as busy:
        raise CommandError(str(busy), Exit.LOCKED) from busy


def pull_all(home: Home, connectors: Iterable[tuple[str, Connector]], *, full: bool = False) -> int:
    """Pull each; the caller holds the home's lock.

    Returns:
        How many failed.
    """
    from assets.raw.pulling import pull_connector

    failed = 0
    for name, connector in connectors:
        log, files = pull_connector(home, name, connector, now(), full=full)
        failed += bool(log.loi)
        sys.stderr.write(f"· Kết nối {name}: {len(files)} tệp mới cho nguồn {connector.nguon}\n")
        if connector.chua_kiem_chung:
            sys.stderr.write(f"! Kết nối {name}: mẫu này chưa kiểm chứng với dịch vụ thật; hãy đối chiếu dữ liệu về.\n")
        if log.loi:
            sys.stderr.write(f"! Kết nối {name}: {log.loi}\n")
    return failed
