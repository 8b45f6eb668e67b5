"""The commands that finish a report: waive, finalize, compare, journal; ``cli`` adds them to ``cchc``.

Belongs here: their options, help texts and exit codes. Does not belong here: what they do (pipelines/commands).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.errors import CommandError, Exit
from pipelines.options import (
    CsvOption,
    CutoffOption,
    HomeOption,
    JsonOption,
    PeriodOption,
    PolicyOption,
    open_settings,
    pick_day,
)

finishing = typer.Typer()


@finishing.command(epilog="Ví dụ: cchc journal --home ./data --verify")
def journal(
    home: HomeOption = None,
    verify: Annotated[bool, typer.Option("--verify", help="Chỉ kiểm tra nhật ký còn nguyên; sai thì mã 1.")] = False,
    csv: CsvOption = False,
) -> None:
    """Ai đã chấp nhận lỗi, chốt, hủy chốt, rút tệp, lúc nào; mỗi dòng nối với dòng trước bằng mã băm."""
    from pipelines.commands import journaling
    from pipelines.commands.published import need_home

    place = open_settings(home).place
    need_home(place)
    if not verify:
        journaling.print_journal(place, as_csv=csv)
    if not journaling.verify_journal(place):
        raise typer.Exit(Exit.BLOCKING)


@finishing.command(
    epilog='Ví dụ: cchc waive --home ./data --period 2026-6T --check C08 --by "Trần Thị Mẫu, Phó Chủ tịch" '
    '--reason "Một đơn vị được xếp ở hai mức tự chủ theo văn bản của cấp trên"'
)
def waive(
    period: PeriodOption,
    check: Annotated[str, typer.Option("--check", help="Mã phép đối chiếu (C08) hoặc mã phát hiện (TRANG_THAI_LA).")],
    by: Annotated[str, typer.Option("--by", help="Tên đầy đủ, chức vụ người chấp nhận.")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do, in trong doi-chieu.xlsx.")],
    home: HomeOption = None,
    cutoff: CutoffOption = None,
    policy: PolicyOption = None,
    undo: Annotated[bool, typer.Option("--undo", help="Bỏ một chấp nhận đã ghi.")] = False,
) -> None:
    """Chấp nhận một lỗi mức E có tên và lý do; chỉ có hiệu lực khi hai vế còn đúng như lúc chấp nhận."""
    from pipelines.commands import published, waiving

    place = open_settings(home).place
    chosen = published.choose(place, period, pick_day(cutoff), policy, None)
    typer.echo(waiving.waive(place, chosen, check, nguoi=by, ly_do=reason, undo=undo))


@finishing.command(epilog="Ví dụ: cchc compare --home ./data --period 2026-6T --cutoffs 2026-06-09 2026-06-14")
def compare(
    period: PeriodOption,
    cutoffs: Annotated[
        tuple[datetime, datetime] | None,
        typer.Option(
            "--cutoffs",
            formats=["%Y-%m-%d"],
            metavar="<ngày> <ngày>",
            help="Hai ngày chốt của kỳ, trong bản đang công bố.",
        ),
    ] = None,
    versions: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--versions",
            metavar="<bản> <bản>",
            help="Hai bản công bố (v000001 v000003) của cùng kỳ, cùng ngày chốt.",
        ),
    ] = None,
    home: HomeOption = None,
    cutoff: CutoffOption = None,
    policy: PolicyOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Ghi thêm kết quả ra tệp .xlsx.")] = None,
) -> None:
    """Dòng nào của biểu mẫu đổi giữa hai ngày chốt hoặc hai bản công bố, và đổi vì những hồ sơ nào."""
    from pipelines.commands import comparing

    place = open_settings(home).place
    if versions is not None and cutoffs is None:
        found = comparing.compare_versions(place, period, versions, pick_day(cutoff), policy)
    elif cutoffs is not None and versions is None and cutoff is None:
        found = comparing.compare_cutoffs(place, period, (cutoffs[0].date(), cutoffs[1].date()), policy)
    else:
        raise CommandError(
            "Hãy cho biết hai thứ cần so: --cutoffs 2026-06-09 2026-06-14, hoặc --versions v000001 v000002 "
            "(có thể thêm --cutoff).",
            Exit.USAGE,
        )
    if json or csv:
        comparing.print_rows(found, as_json=json)
    else:
        comparing.print_comparison(found)
    if xlsx is not None:
        from pipelines.clock import today

        comparing.write_comparison(found, xlsx, today())


@finishing.command(
    epilog="Ví dụ: cchc finalize --home ./data --period 2026-6T --number 329 --date 2026-06-09 · "
    'cchc finalize --undo --home ./data --period 2026-6T --reason "Cơ quan cấp trên yêu cầu sửa số liệu"'
)
def finalize(
    period: PeriodOption,
    home: HomeOption = None,
    number: Annotated[int | None, typer.Option("--number", help="Số văn bản do văn thư cấp, ví dụ 329.")] = None,
    date: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Ngày văn bản, dạng 2026-06-09.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Người chốt (mặc định: tên đăng nhập).")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Ghi thêm bản PDF (cần LibreOffice).")] = False,
    text_in_word: Annotated[
        bool, typer.Option("--text-in-word", help="Lời văn viết trong Word, không trong bảng nhập tay.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Hủy bản gửi đã chốt của kỳ; cần --reason.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Lý do hủy, ghi vào nhật ký.")] = "",
) -> None:
    """Chốt bản gửi: in số, ngày văn bản vào báo cáo chính thức của kỳ và giữ bản đó; không nạp tệp mới."""
    from pipelines.commands import finalizing

    settings = open_settings(home)
    day = pick_day(date)
    if undo:
        lines = finalizing.undo(settings, period, reason, by)
    elif number is None or day is None:
        raise CommandError("Hãy cho biết số và ngày văn bản: --number 329 --date 2026-06-09.", Exit.USAGE)
    else:
        lines = finalizing.finalize(settings, finalizing.SendOptions(period, number, day, by, pdf, text_in_word))
    for line in lines:
        typer.echo(line)
