"""``cchc purge``: originals past their retention go now, not at the next run.

Belongs here: wording, what the journal keeps. Does not belong here: which files are past it (assets/io/landing).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import PurePath

import typer
from pydantic import JsonValue

from assets.io.home import Home
from assets.io.landing import list_expired, purge_originals
from pipelines.commands.deeds import do_on_record
from schemas.rules.display import format_date

_SHOWN = 20


def purge(home: Home, days: int, who: str, moment: datetime, *, dry_run: bool) -> None:
    """Remove originals, and refused files left in the inbox, that have been kept longer than that.

    The journal keeps how many of which source, not the names: those were chosen by whoever sent the file.

    Args:
        home: the home.
        days: age in days from which they go.
        who: name of an office or post, else the login.
        moment: the present moment, local time.
        dry_run: only say what would go.

    Raises:
        CommandError: as ``do_on_record``.
    """
    before = moment - timedelta(days=days)
    expired = [str(path.relative_to(home.root)) for path in list_expired(home, before)] if home.root.is_dir() else []
    since = f"lưu trước ngày {format_date(before.date())} (quá {days} ngày)"
    if not expired:
        typer.echo(f"Không có bản gốc nào {since}; không xóa gì.")
        return
    if dry_run:
        typer.echo(f"Sẽ xóa {len(expired)} tệp {since}:")
        for name in expired[:_SHOWN]:
            typer.echo(f"  {name}")
        if len(expired) > _SHOWN:
            typer.echo(f"  … và {len(expired) - _SHOWN} tệp nữa.")
        typer.echo("Chưa xóa gì; bỏ --dry-run để xóa.")
        return
    by_source = Counter(PurePath(name).parts[1] for name in expired)
    what: dict[str, JsonValue] = {
        "luu_truoc": before.date().isoformat(),
        "so_tep": len(expired),
        "theo_nguon": dict(sorted(by_source.items())),
    }
    removed = do_on_record(home, moment, who, "cchc purge", "don_ban_goc", what, lambda: purge_originals(home, before))
    typer.echo(
        f"Đã xóa {len(removed)} tệp {since}. Hộ chiếu và số liệu còn nguyên; cchc trace vẫn dẫn về tệp, trang, dòng."
    )
