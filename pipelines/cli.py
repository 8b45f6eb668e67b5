"""The command line ``cchc``: declares commands and options (contract.md) and turns errors into one sentence and a code.

Belongs here: options, help texts, exit codes. Does not belong here: what a command does (pipelines/commands).
"""

from __future__ import annotations

import atexit
import gc
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipelines.cli_finishing import finishing
from pipelines.commands.errors import CommandError, Exit
from pipelines.commands.help import speak_vietnamese, wants_help
from pipelines.options import (
    CsvOption,
    CutoffOption,
    HomeOption,
    JsonOption,
    PeriodOption,
    PolicyOption,
    StrictOption,
    UnitOption,
    open_settings,
    pick_day,
)

if TYPE_CHECKING:
    from assets.request import ReportRequest
    from pipelines.settings import Settings

_INTERRUPTED = 130  # the shell's code for Ctrl-C

app = typer.Typer(
    name="cchc",
    help="Lập báo cáo cải cách hành chính định kỳ từ hồ sơ gốc; mỗi con số truy được về từng hồ sơ.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


def _report(settings: Settings, request: ReportRequest, *, strict: bool) -> None:
    """Say what a run published: the paths, the main figures, what needs attention."""
    from pipelines.commands.published import Chosen, list_blocking
    from pipelines.commands.summary import print_summary

    home = settings.place
    chosen = Chosen(request.ky.key, request.ngay_chot, request.chinh_sach, None)
    print_summary(home, chosen, official=request.chinh_thuc)
    if strict and list_blocking(home, chosen):
        raise typer.Exit(Exit.BLOCKING)


@app.command(epilog="Ví dụ: cchc demo --home ./data/demo-home")
def demo(
    home: Annotated[Path, typer.Option("--home", help="Thư mục nhà của bản mẫu; không được chứa dữ liệu khác.")] = Path(
        "data/demo-home"
    ),
) -> None:
    """Lập báo cáo mẫu 6 tháng đầu năm 2026 từ dữ liệu giả lập; mọi trang ghi “SỐ LIỆU MẪU”."""
    from pipelines.commands.running import run_demo

    settings = open_settings(home)
    _report(settings, run_demo(settings), strict=False)


@app.command(epilog="Ví dụ: cchc run --home ./data --period 2026-6T --cutoff 2026-06-09")
def run(
    period: PeriodOption,
    home: HomeOption = None,
    cutoff: CutoffOption = None,
    policy: PolicyOption = None,
    official: Annotated[
        bool, typer.Option("--official", help="Thay báo cáo của kỳ dù ngày chốt hay chính sách khác mặc định.")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Ghi thêm bản PDF (cần LibreOffice).")] = False,
    strict: StrictOption = False,
    no_pull: Annotated[bool, typer.Option("--no-pull", help="Không lấy tệp qua các kết nối đang bật.")] = False,
) -> None:
    """Nạp tệp mới trong inbox, tính lại, lập báo cáo và công bố một kỳ."""
    from pipelines.commands.running import RunOptions, run_report

    settings = open_settings(home)
    options = RunOptions(period, pick_day(cutoff), policy, True if official else None, pdf, not no_pull)
    _report(settings, run_report(settings, options), strict=strict)


@app.command(epilog="Ví dụ: cchc pull --home ./data --connector sftp")
def pull(
    home: HomeOption = None,
    connector: Annotated[str | None, typer.Option("--connector", help="Chỉ một kết nối; bỏ trống là tất cả.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Lấy lại mọi tệp, kể cả tệp đã lấy.")] = False,
) -> None:
    """Lấy tệp mới qua các kết nối đang bật về inbox; lần chạy sau sẽ nạp."""
    from pipelines.commands import pulling

    if pulling.pull(open_settings(home), connector, full=full):
        raise typer.Exit(Exit.BLOCKING)


@app.command(epilog="Ví dụ: cchc values --home ./data --period 2026-6T --json")
def values(
    period: PeriodOption,
    home: HomeOption = None,
    cutoff: CutoffOption = None,
    policy: PolicyOption = None,
    unit: UnitOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Các dòng của biểu mẫu và phần II.2, theo lần chạy mới nhất của kỳ."""
    from pipelines.commands import published, show

    place = open_settings(home).place
    chosen = published.choose(place, period, pick_day(cutoff), policy, unit)
    if json:
        show.print_json(*published.read_values(place, chosen))
    elif csv:
        show.print_csv(*published.read_values(place, chosen))
    else:
        title = f"Kỳ {chosen.ky}, chốt {chosen.ngay_chot:%d/%m/%Y}, cách tính {chosen.chinh_sach}"
        show.print_table(title, *published.read_shown_values(place, chosen), all_rows=True)


@app.command(epilog="Ví dụ: cchc trace --home ./data --period 2026-6T BM3.2.1.1 --csv")
def trace(
    row: Annotated[
        str,
        typer.Argument(
            help="Mã dòng (BM3.2.1.1: Biểu mẫu 3, dòng 2.1.1; II.2.3.1), hoặc mã hồ sơ ở bất kỳ hệ thống nào."
        ),
    ],
    period: Annotated[str | None, typer.Option("--period", help="Kỳ báo cáo của mã dòng; mã hồ sơ không cần.")] = None,
    home: HomeOption = None,
    cutoff: CutoffOption = None,
    policy: PolicyOption = None,
    unit: UnitOption = None,
    json: JsonOption = False,
    csv: CsvOption = False,
) -> None:
    """Hồ sơ (thủ tục, PAKN, khai báo) đứng sau một con số, hoặc mọi dòng của một hồ sơ: mã, ngày, tệp, trang, dòng."""
    from pipelines.commands import published, show, tracing

    place = open_settings(home).place
    if not tracing.is_row_id(row):
        found = tracing.trace_dossier(place, row)
    elif period is None:
        raise CommandError("Mã dòng cần kỳ báo cáo. Hãy thêm --period, ví dụ --period 2026-6T.", Exit.USAGE)
    else:
        found = tracing.trace(place, published.choose(place, period, pick_day(cutoff), policy, unit), row)
    if json:
        show.print_json(found.cot, found.dong)
    elif csv:
        show.print_csv(found.cot, found.dong)
    else:
        show.print_table(f"{found.cau} ({len(found.dong)} dòng)", *found.put_in_words())


@app.command(epilog="Ví dụ: cchc findings --home ./data --csv")
def findings(home: HomeOption = None, csv: CsvOption = False) -> None:
    """Những chỗ sai trong dữ liệu đã nộp, theo tệp, trang, dòng."""
    from pipelines.commands import published, show, summary

    columns, rows = published.read_findings(open_settings(home).place)
    if csv:
        show.print_csv(columns, rows)
    else:
        summary.print_findings([dict(zip(columns, row, strict=True)) for row in rows])


@app.command(epilog="Ví dụ: cchc status --home ./data")
def status(home: HomeOption = None) -> None:
    """Tệp đã nộp, số dòng, tuổi từng nguồn, lần chạy cuối, phiên bản công bố, hạn gửi gần nhất."""
    from pipelines.commands.published import need_home
    from pipelines.commands.summary import print_status

    settings = open_settings(home)
    need_home(settings.place)
    print_status(settings.place, settings.unit)


@app.command(epilog='Ví dụ: cchc withdraw --home ./data danh-sach.xlsx --reason "xuất nhầm đơn vị"')
def withdraw(
    file: Annotated[str, typer.Argument(help="Tên hoặc đường dẫn tệp đã nộp, hoặc ít nhất 8 chữ số đầu mã sha256.")],
    home: HomeOption = None,
    reason: Annotated[str, typer.Option("--reason", help="Lý do rút; không nêu người dân.")] = "",
    by: Annotated[str, typer.Option("--by", help="Ai rút: chức vụ hoặc bộ phận (mặc định: tên đăng nhập).")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Dùng lại tệp đã rút.")] = False,
) -> None:
    """Rút một tệp đã nộp nhầm: từ lần chạy tới các dòng của nó không được tính; --undo dùng lại."""
    from pipelines.clock import now
    from pipelines.commands import withdrawing
    from pipelines.commands.deeds import name_doer

    place, who = open_settings(home).place, name_doer(by)
    if undo:
        withdrawing.take_back(place, file, who, now())
    else:
        withdrawing.withdraw(place, file, reason, who, now())


@app.command(epilog="Ví dụ: cchc purge --home ./data --older-than 365 --dry-run")
def purge(
    home: HomeOption = None,
    older_than: Annotated[
        int | None, typer.Option("--older-than", min=0, help="Số ngày giữ (mặc định: giu_ban_goc_ngay trong cài đặt).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ liệt kê, không xóa.")] = False,
    by: Annotated[str, typer.Option("--by", help="Ai xóa: chức vụ hoặc bộ phận (mặc định: tên đăng nhập).")] = "",
) -> None:
    """Xóa bản gốc quá hạn giữ (và tệp bị từ chối còn trong inbox); số liệu và hộ chiếu giữ nguyên."""
    from pipelines.clock import now
    from pipelines.commands import purging
    from pipelines.commands.deeds import name_doer
    from pipelines.commands.published import need_home

    settings = open_settings(home)
    need_home(settings.place)
    days = settings.unit.quy_tac.giu_ban_goc_ngay if older_than is None else older_than
    purging.purge(settings.place, days, name_doer(by), now(), dry_run=dry_run)


@app.command(epilog='Ví dụ: cchc query --home ./data "select linh_vuc, count(*) from core.ho_so group by all"')
def query(
    sql: Annotated[str, typer.Argument(help="Một câu SELECT.")], home: HomeOption = None, csv: CsvOption = False
) -> None:
    """Chạy một câu SQL chỉ đọc trên cơ sở dữ liệu đã công bố."""
    from pipelines.commands import published, show

    columns, rows = published.run_query(open_settings(home).place, sql)
    if csv:
        show.print_csv(columns, rows)
    else:
        show.print_table(f"{len(rows)} dòng", columns, rows)


@app.command(epilog="Ví dụ: cchc verify bao-cao.docx --xlsx ket-qua.xlsx")
def verify(
    file: Annotated[Path, typer.Argument(help="Báo cáo đã lập: .docx, .txt hoặc .pdf, của bất kỳ đơn vị nào.")],
    json: JsonOption = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Ghi thêm kết quả ra tệp .xlsx.")] = None,
    strict: StrictOption = False,
) -> None:
    """Kiểm tra một báo cáo đã lập: số liệu, văn bản viện dẫn, ngày, đề mục, tên gọi; không cần dữ liệu gốc."""
    from pipelines.commands import inspecting

    found = inspecting.audit(file)
    inspecting.print_audit(file, found, as_json=json)
    if xlsx is not None:
        from pipelines.clock import today

        inspecting.write_audit_workbook(file, found, xlsx, today())
    if strict and any(one.muc_do == "E" for one in found):
        raise typer.Exit(Exit.BLOCKING)


@app.command(epilog="Ví dụ: cchc sources --explain danh-sach.xlsx")
def sources(
    explain: Annotated[Path | None, typer.Option("--explain", help="Tệp cần xem: nguồn nào, cột nào, vì sao.")] = None,
    json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Các nguồn đọc được; --explain cho biết một tệp được hiểu là nguồn nào và từng cột thành gì."""
    from pipelines.commands import inspecting

    own = open_settings(home).own_sources
    if explain is not None:
        inspecting.explain_file(explain, as_json=json)
        return
    from schemas.sources import load_sources

    for name, spec in load_sources().items():
        typer.echo(f"inbox/{name}: {spec.ten}{' (nguồn riêng của nhà)' if name in own else ''}")
    typer.echo("Xem một tệp được hiểu thế nào: cchc sources --explain TỆP")


@app.command(epilog="Ví dụ: cchc template --home ./data --period 2026-6T")
def template(
    period: Annotated[str | None, typer.Option("--period", help="Kỳ báo cáo cần mẫu nhập tay.")] = None,
    home: HomeOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Tệp .xlsx sẽ ghi.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Kiểm tra các ô chèn của mẫu Word.")] = False,
) -> None:
    """Ghi bảng nhập số liệu khai báo và đoạn văn của một kỳ; --check kiểm tra mẫu Word của báo cáo."""
    from pipelines.commands.template import check_template, write_template

    settings = open_settings(home)
    if check:
        troubles = check_template(settings.template)
        for line in troubles:
            typer.echo(line)
        if troubles:
            raise typer.Exit(Exit.BLOCKING)
        typer.echo(f"Mẫu {settings.template} dùng đủ và đúng mọi ô chèn.")
        return
    if period is None:
        raise CommandError("Hãy cho biết kỳ: cchc template --period 2026-6T (hoặc --check).", Exit.USAGE)
    path = write_template(settings, period, out)
    typer.echo(f"Đã ghi {path}. Điền xong, chép vào {settings.place.inbox / 'nhap_tay'} rồi chạy cchc run.")


app.add_typer(finishing)


def main() -> None:
    """Entry point: every error becomes one Vietnamese sentence and an exit code; no traceback reaches a user."""
    # importing makes a million objects and no garbage: the collector's passes, and its last one at the end, cost a
    # tenth of a short command; long work switches it on again (commands/running)
    gc.disable()
    atexit.register(gc.freeze)
    from assets.io.reference import BadReferenceFile
    from pipelines.settings import WrongSettings

    try:
        program = typer.main.get_group(app)
        if wants_help(sys.argv[1:]):
            speak_vietnamese(program)
        code = program(standalone_mode=False)
    except CommandError as error:
        _stop(f"Lỗi: {error}", error.code)
    except (WrongSettings, BadReferenceFile) as error:
        _stop(f"Lỗi: {error}", Exit.USAGE)
    except typer.TyperException as error:
        _stop_usage(error)
    except (typer.Abort, KeyboardInterrupt):
        code = _INTERRUPTED
    except OSError as error:
        place = error.filename or "đĩa"
        _stop(f"Lỗi: Không đọc hoặc ghi được {place}. Hãy kiểm tra thư mục, quyền và dung lượng đĩa.", Exit.USAGE)
    except Exception as error:  # noqa: BLE001 - the last door: what we did not foresee is kept for the engineer
        kept = _keep_trace(error)
        _stop(f"Lỗi không lường trước ({type(error).__name__}); đã ghi vào {kept}. Hãy gửi tệp này đi.", Exit.NO_INPUT)
    if code == _INTERRUPTED:
        _stop("Đã dừng theo yêu cầu; bản đã công bố không thay đổi.", _INTERRUPTED)
    sys.exit(code or 0)


def _stop(text: str, code: int) -> NoReturn:
    sys.stderr.write(f"{text}\n")
    sys.exit(code)


def _stop_usage(error: typer.TyperException) -> NoReturn:
    from pipelines.commands.usage import say_usage_error

    if type(error).__name__ == "NoArgsIsHelpError":  # plain ``cchc``: the help itself is the answer
        sys.exit(Exit.USAGE)
    _stop(f"Lỗi: {say_usage_error(error)}", Exit.USAGE)


def _keep_trace(error: BaseException) -> Path:
    """Write where an unforeseen error arose; code lines only, since its message may quote a person's data."""
    import tempfile

    from pipelines.clock import now

    frames = "".join(traceback.format_tb(error.__traceback__))
    name = f"cchc-loi-{now():%Y%m%d-%H%M%S}.txt"
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        try:
            (folder / name).write_text(f"{type(error).__name__}\n{frames}", "utf-8")
        except OSError:  # a folder that cannot be written: the next one
            continue
        return folder / name
    return Path(name)
