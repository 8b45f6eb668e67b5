"""Options that several commands of ``cchc`` share, and what they choose: one wording for one meaning.

Belongs here: option types, the settings and the day an option names. Does not belong here:
an option that one command alone has (cli, cli_finishing).
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipelines.settings import Settings

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Thư mục nhà (mặc định: biến CCHC_HOME, không có thì ./data).")
]
PeriodOption = Annotated[str, typer.Option("--period", help="Kỳ báo cáo: 2026-Q1, 2026-6T, 2026-Q3 hoặc 2026-NAM.")]
CutoffOption = Annotated[
    datetime | None,
    typer.Option("--cutoff", formats=["%Y-%m-%d"], help="Ngày chốt số liệu, dạng 2026-06-09."),
]
PolicyOption = Annotated[str | None, typer.Option("--policy", help="Chính sách đếm: II06A, QD766 hoặc CHAT.")]
UnitOption = Annotated[str | None, typer.Option("--unit", help="Tên đơn vị; bỏ trống là toàn bộ.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="In CSV, không gì khác.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Mã kết thúc 1 nếu còn lỗi mức E.")]
JsonOption = Annotated[bool, typer.Option("--json", help="In JSON, không gì khác.")]


def open_settings(home: Path | None) -> Settings:
    """The settings of the home that ``--home`` named, else of this process's environment."""
    from pipelines.settings import Settings

    settings = Settings(home=home) if home is not None else Settings()
    settings.adopt_sources()
    return settings


def pick_day(moment: datetime | None) -> date | None:
    """The day that a date option named; the parser gives a moment."""
    return moment.date() if moment else None
