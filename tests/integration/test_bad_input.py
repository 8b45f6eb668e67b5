"""Bad input: one clear Vietnamese message with the remedy, the right exit code, and the published version untouched.

The real console script in its own process. The homes have a published version but no usable list of dossiers left,
so that a refusal ends the run.
"""

from __future__ import annotations

import ctypes
import fcntl
import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from assets.io.home import Home, hold_lock
from assets.io.landing import read_passports
from assets.raw.ingest import ingest_source
from pipelines.clock import today
from schemas.rules.periods import FIRST_YEAR, periods_for_years
from schemas.sources import load_sources
from tests.support import demo_data, homes
from tests.support.demo_workbooks import write_mot_cua

# invented, and nowhere in the demo: a message that quotes a cell would show it
SECRETS = ("Nguyễn Thị Bí Mật", "034199001234", "0912345678", "Số 9 ngõ Kín, tổ 3")
RUN = ("--period", "2026-6T", "--cutoff", "2026-06-09")


def write_sheet(rows: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


TITLES = ["STT", "Mã hồ sơ", "Mã TTHC", "Chủ hồ sơ", "Số định danh", "Số điện thoại", "Địa chỉ", "Trạng thái"]
ROW = [1, "H24.150-260604-0031", "1.004873", *SECRETS, "Đã trả kết quả"]


def make_workbook(titles: list[str]) -> bytes:
    return write_sheet([["DANH SÁCH HỒ SƠ"], titles, *([ROW] * 12)])


def make_encrypted() -> bytes:
    stream = io.BytesIO()
    OOXMLFile(io.BytesIO(make_workbook([*TITLES[:-1], "Ngày tiếp nhận"]))).encrypt("mat-khau", stream)
    return stream.getvalue()


def make_png() -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8


def make_pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + SECRETS[0].encode() + b"\n%%EOF\n"


def make_note() -> bytes:
    return f"Kính gửi anh chị, danh sách của {SECRETS[0]}, số {SECRETS[1]} sẽ gửi sau.\nTrân trọng.\n".encode()


def make_torn() -> bytes:
    whole = make_workbook(TITLES)
    return whole[: len(whole) // 2]


def make_word_document() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<w>{SECRETS[0]}</w>")
    return stream.getvalue()


# id -> bytes of a file named hong.xlsx, and what its message must speak of (what is wrong; the remedy)
BAD_FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "png renamed": (make_png, "không phải bảng tính", "xuất lại"),
    "pdf renamed": (make_pdf, "không phải bảng tính", "xuất lại"),
    "word renamed": (make_word_document, "không phải bảng tính", "xuất lại"),
    "a note renamed": (make_note, "tiêu đề", "xuất lại"),
    "torn in half": (make_torn, "hỏng", "chép lại"),
    "empty file": (lambda: b"", "rỗng", "xuất lại"),
    "no header": (lambda: write_sheet([ROW] * 30), "không tìm thấy dòng tiêu đề", "xuất lại"),
    "a required column is missing": (lambda: make_workbook(TITLES), "thiếu cột bắt buộc “Ngày tiếp nhận”", "đủ cột"),
    "password": (make_encrypted, "mật khẩu", "bỏ mật khẩu"),
}


def assert_one_clear_message(ended: homes.Ended, code: int, *parts: str) -> None:
    assert ended.code == code, ended.said
    assert ended.out == ""
    errors = [line for line in ended.err.splitlines() if line.startswith("Lỗi: ")]
    assert len(errors) == 1, ended.err
    message = ended.err[ended.err.index("Lỗi: ") :]
    for part in parts:
        assert part in message
    strange = [line for line in ended.err.splitlines() if line and not line.startswith(("· ", "! ", "Lỗi: ", "- "))]
    assert strange == []
    for secret in SECRETS:
        assert secret not in ended.said


def assert_untouched(home: Path, before: dict[str, str]) -> None:
    assert homes.take_fingerprint(home) == before
    values = homes.cchc("values", "--home", home, "--period", "2026-6T", "--csv")
    assert (values.code, values.err) == (0, "")
    assert "3,2.1.1,Tổng số hồ sơ TTHC đã giải quyết xong,Hồ sơ,9275,,,counted" in values.out.splitlines()


def forget_dossiers(home: Path) -> dict[str, str]:
    """Leave the published version but no usable list of dossiers; return what is published."""
    shutil.rmtree(home / "raw" / "mot_cua")
    return homes.take_fingerprint(home)


def drop(home: Path, content: bytes, name: str = "mot_cua/hong.xlsx") -> Path:
    path = home / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_refused_lists_stop_the_run_and_leave_what_is_published(own_home: Path) -> None:
    before = forget_dossiers(own_home)
    contents = {kind: make() for kind, (make, _, _) in BAD_FILES.items()}
    paths = {kind: drop(own_home, content, f"mot_cua/{kind}.xlsx") for kind, content in contents.items()}
    drop(own_home, make_workbook(TITLES), "danh-sach.xlsx")
    ended = homes.cchc("run", "--home", own_home, *RUN)
    assert_one_clear_message(ended, 3, "Không có danh sách hồ sơ nào dùng được")
    reasons = [line for line in ended.err.splitlines() if line.startswith("- ")]
    assert len(reasons) == len(BAD_FILES) + 1, "one sentence per file"
    assert any("danh-sach.xlsx" in line and "inbox/mot_cua" in line for line in reasons), "outside every source folder"
    for kind, (_, problem, remedy) in BAD_FILES.items():
        (said,) = [line for line in reasons if f"“{kind}.xlsx”" in line]
        assert problem in said
        assert remedy in said
    assert_untouched(own_home, before)
    assert {kind: path.read_bytes() for kind, path in paths.items()} == contents, "a refused file stays as it was"
    assert not list((own_home / "raw" / "mot_cua").glob("*.parquet"))


def test_an_empty_inbox_says_what_to_put_where(own_home: Path) -> None:
    before = forget_dossiers(own_home)
    ended = homes.cchc("run", "--home", own_home, *RUN)
    assert_one_clear_message(ended, 3, str(own_home / "inbox" / "mot_cua"), "chép vào thư mục đó")
    assert_untouched(own_home, before)


def test_a_new_home_gets_its_folders_and_the_same_message(tmp_path: Path) -> None:
    home = tmp_path / "nhà mới"
    ended = homes.cchc("run", "--home", home, *RUN)
    assert_one_clear_message(ended, 3, str(home / "inbox" / "mot_cua"))
    assert sorted(path.name for path in (home / "inbox").iterdir()) == sorted(load_sources())
    assert not (home / "current").exists()


# --- wrong arguments ---


def a_cutoff_in_the_future() -> tuple[str, str]:
    """Tomorrow: not over yet, even if midnight passes before the test runs."""
    day = today() + timedelta(days=1)
    periods = periods_for_years(range(max(day.year, FIRST_YEAR), day.year + 2))
    period = next(one for one in periods if one.tu_ngay <= day <= one.den_ngay)
    return period.key, day.isoformat()


FUTURE_PERIOD, FUTURE_DAY = a_cutoff_in_the_future()

WRONG_ARGUMENTS = {
    "no report for quý II": (["--period", "2026-Q2"], ["2026-Q2", "2026-6T", "nằm trong kỳ"]),
    "nonsense period": (["--period", "nonsense"], ["nonsense", "2026-6T"]),
    "no period": ([], ["--period", "--help"]),
    "cut-off before the window": (["--period", "2026-6T", "--cutoff", "2025-12-14"], ["14/12/2025", "15/12/2025"]),
    "cut-off after the window": (["--period", "2026-6T", "--cutoff", "2026-06-15"], ["15/06/2026", "14/06/2026"]),
    "cut-off that is not over yet": (["--period", FUTURE_PERIOD, "--cutoff", FUTURE_DAY], [FUTURE_PERIOD]),
    "period that has not begun": (["--period", "2099-6T"], ["2099-6T", "chưa"]),
    "cut-off as people write it": (["--period", "2026-6T", "--cutoff", "09/06/2026"], ["--cutoff", "2026-06-09"]),
    "cut-off that is no day": (["--period", "2026-6T", "--cutoff", "2026-02-30"], ["--cutoff", "2026-06-09"]),
    "unknown policy": (["--period", "2026-6T", "--policy", "TUY_Y"], ["TUY_Y", "II06A, QD766, CHAT"]),
    "unknown option": (["--period", "2026-6T", "--ngay", "1"], ["--ngay", "--help"]),
}


@pytest.mark.parametrize("case", WRONG_ARGUMENTS)
def test_wrong_arguments_are_refused_with_code_2(demo_home: Path, case: str) -> None:
    arguments, parts = WRONG_ARGUMENTS[case]
    before = homes.take_fingerprint(demo_home)
    assert_one_clear_message(homes.cchc("run", "--home", demo_home, *arguments), 2, *parts)
    assert homes.take_fingerprint(demo_home) == before


@pytest.mark.parametrize("name", ["values", "trace"])
@pytest.mark.parametrize("case", ["nonsense period", "unknown policy", "cut-off as people write it"])
def test_reading_commands_refuse_the_same_arguments(demo_home: Path, case: str, name: str) -> None:
    arguments, parts = WRONG_ARGUMENTS[case]
    row = ["BM3.2.1.1"] if name == "trace" else []
    assert_one_clear_message(homes.cchc(name, "--home", demo_home, *arguments, *row), 2, *parts)


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["values", "--period", "2026-6T", "--unit", "Đơn vị không có"], 2, "Trung tâm Phục vụ hành chính công"),
        (["values", "--period", "2026-6T", "--cutoff", "2026-06-08"], 3, "2026-06-09"),
        (["values", "--period", "2026-Q1"], 3, "cchc run"),
        (["trace", "--period", "2026-6T", "BM3"], 2, "BM3.2.1.1"),
        (["trace", "--period", "2026-6T", "BM3.9.9"], 2, "cchc values"),
        (["trace", "--period", "2026-6T", "BM3.2"], 2, "tiêu đề"),
    ],
)
def test_asking_for_what_is_not_there(demo_home: Path, arguments: list[str], code: int, part: str) -> None:
    name, *rest = arguments
    assert_one_clear_message(homes.cchc(name, "--home", demo_home, *rest), code, part)


@pytest.mark.parametrize("name", ["values", "trace", "query", "findings"])
def test_nothing_published_is_code_3_with_the_command_to_run(tmp_path: Path, name: str) -> None:
    arguments = {
        "values": ["--period", "2026-6T"], "trace": ["--period", "2026-6T", "BM3.2.1.1"], "query": ["select 1"],
        "findings": [],
    }[name]  # fmt: skip
    assert_one_clear_message(homes.cchc(name, "--home", tmp_path / "x", *arguments), 3, "chưa công bố", "cchc run")
    assert not (tmp_path / "x").exists(), "a reading command leaves no folder behind"


# --- the home itself ---

HOLD = """
import fcntl, json, os, sys
descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.flock(descriptor, fcntl.LOCK_EX)
os.ftruncate(descriptor, 0)
os.pwrite(descriptor, json.dumps({"run_id": "khac", "pid": os.getpid()}).encode(), 0)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other_run(own_home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of ``own_home``, as a run does."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(own_home / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    yield holder
    holder.kill()
    holder.wait()


@pytest.mark.parametrize("name", ["run", "demo"])
def test_a_locked_home_is_code_4(own_home: Path, other_run: subprocess.Popen[str], name: str) -> None:
    before = homes.take_fingerprint(own_home)
    waiting = [] if name == "demo" else [drop(own_home, make_png())]
    ended = homes.cchc(name, "--home", own_home, *(RUN if name == "run" else ()))
    assert_one_clear_message(ended, 4, str(own_home), f"tiến trình {other_run.pid}", "Hãy đợi")
    assert_untouched(own_home, before)
    assert all(path.exists() for path in waiting), "whoever does not hold the home touches nothing of its inbox"


def test_the_lock_is_free_again_after_its_holder(own_home: Path, other_run: subprocess.Popen[str]) -> None:
    with (own_home / "lock").open("r+") as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    other_run.kill()
    other_run.wait()
    with hold_lock(Home(own_home), "moi") as killed:
        assert killed == "khac", "the holder died without releasing: its run is named"


SETTINGS = {
    "no TOML": (b"[don_vi\nten = ", ["TOML"]),
    "unknown name": (b'[don_vi]\nten_la = "x"\n', ["don_vi.ten_la"]),
    "wrong value": (b"[quy_tac]\ngiu_phien_ban = 'hai muoi'\n", ["quy_tac.giu_phien_ban"]),
    "unknown policy": (b"[quy_tac]\nchinh_sach = 'TUY_Y'\n", ["quy_tac.chinh_sach"]),
    "not UTF-8": ("[don_vi]\nten_ngan = 'Phường Nhị Chiểu'\n".encode("utf-16"), ["UTF-8"]),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_wrong_settings_name_the_file_and_the_entry(own_home: Path, case: str) -> None:
    content, parts = SETTINGS[case]
    before = homes.take_fingerprint(own_home)
    (own_home / "settings.toml").write_bytes(content)
    ended = homes.cchc("run", "--home", own_home, *RUN)
    assert_one_clear_message(ended, 2, str(own_home / "settings.toml"), *parts, "Hãy ")
    assert homes.take_fingerprint(own_home) == before


def test_a_home_of_a_newer_release_is_refused(own_home: Path) -> None:
    before = homes.take_fingerprint(own_home)
    (own_home / "layout.json").write_text('{"layout": 99}\n')
    ended = homes.cchc("run", "--home", own_home, *RUN)
    assert_one_clear_message(ended, 2, str(own_home), "cập nhật cchc")
    assert homes.take_fingerprint(own_home) == before


def test_a_home_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "tep").write_text("x")
    ended = homes.cchc("run", "--home", tmp_path / "tep" / "nha", *RUN)
    assert_one_clear_message(ended, 2, str(tmp_path / "tep" / "nha"), "Hãy kiểm tra")


def give_up_root_rights() -> None:
    """Make file permissions count for root too in the process to be started (PR_CAPBSET_DROP)."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None, use_errno=True).prctl(24, capability, 0, 0, 0)


@pytest.mark.parametrize("name", ["run", "demo"])
def test_a_home_without_the_right_to_write(tmp_path: Path, is_root: bool, name: str) -> None:
    home = tmp_path / "nha"
    home.mkdir(mode=0o555)
    done = subprocess.run(
        homes.command(name, "--home", home, *(RUN if name == "run" else ())),
        capture_output=True, text=True, encoding="utf-8", cwd=home, check=False,
        preexec_fn=give_up_root_rights if is_root else None,
    )  # fmt: skip
    assert_one_clear_message(homes.Ended(done.returncode, done.stdout, done.stderr), 2, str(home), "quyền")


# --- a refused file beside good ones ---


def test_a_refused_file_beside_good_ones_is_a_finding_until_it_is_replaced(own_home: Path) -> None:
    records = demo_data.build_records()
    before = homes.read_values(own_home)
    path = drop(own_home, make_workbook(TITLES))
    ended = homes.cchc("run", "--home", own_home, *RUN)
    assert ended.code == 0, ended.said
    assert "! Tệp “hong.xlsx”" in ended.err
    assert path.exists()
    assert homes.read_values(own_home) == before
    listed = homes.cchc("findings", "--home", own_home, "--csv").out
    assert "THIEU_COT_BAT_BUOC,E,trang,mot_cua,hong.xlsx,Danh sách,2," in listed
    assert not any(secret in ended.said + listed for secret in SECRETS)

    write_mot_cua(records.dossiers[:50], path)  # the same name, now a sound list: older rows of known dossiers
    homes.run_period(own_home)
    assert not path.exists()
    assert "hong.xlsx" not in "".join(
        text for (text,) in homes.query(own_home, "select dien_giai from core.phat_hien where cap in ('tep', 'trang')")
    )
    assert homes.read_values(own_home) == before


def test_strict_ends_with_code_1_while_a_finding_blocks(own_home: Path) -> None:
    drop(own_home, make_png())
    ended = homes.cchc("run", "--home", own_home, *RUN, "--strict")
    assert ended.code == 1, ended.said
    assert homes.query(own_home, "select count(*) from out.lan_chay") == [(2,)], "published nevertheless"


def test_a_refused_file_is_not_read_again_until_it_changes(make_inbox: Callable[..., Path]) -> None:
    home = Home(make_inbox({"mot_cua/hong.xlsx": make_png(), "mot_cua/sau/hong-2.xlsx": make_workbook(TITLES)}))
    home.prepare(tuple(load_sources()))
    spec = load_sources()["mot_cua"]
    read: list[str] = []

    def ingest() -> list[str]:
        read.clear()
        return sorted(one.ten_tep for one in ingest_source(home, spec, lambda path: read.append(path.name)).tu_choi)

    assert ingest() == ["hong-2.xlsx", "hong.xlsx"]
    assert read == ["hong.xlsx", "hong-2.xlsx"]
    (home.inbox / "mot_cua" / "hong.xlsx").touch()
    assert ingest() == ["hong-2.xlsx", "hong.xlsx"], "still refused"
    assert read == [], "but read once"
    (home.inbox / "mot_cua" / "hong.xlsx").write_bytes(make_pdf())
    assert ingest() == ["hong-2.xlsx", "hong.xlsx"]
    assert read == ["hong.xlsx"], "its content changed"
    (home.inbox / "mot_cua" / "sau" / "hong-2.xlsx").unlink()
    assert ingest() == ["hong.xlsx"], "what was taken away is forgotten"


# --- a power cut while a file is taken in ---


class PowerCut(BaseException):
    """Nothing catches this."""


def _crash(*_: object, **__: object) -> None:
    raise PowerCut


@pytest.mark.parametrize("moment", ["assets.io.landing.write_parquet", "shutil.copy2", "assets.io.landing._write_json"])
def test_a_crash_while_a_file_is_taken_in_loses_nothing(
    make_inbox: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    row = [*ROW[:-2], "04/06/2026", ROW[-1]]
    content = write_sheet([["DANH SÁCH HỒ SƠ"], [*TITLES[:-2], "Ngày tiếp nhận", "Trạng thái"], *([row] * 12)])
    home = Home(make_inbox({"mot_cua/a.xlsx": content}))
    home.prepare(tuple(load_sources()))
    spec = load_sources()["mot_cua"]
    with monkeypatch.context() as patch:
        patch.setattr(moment, _crash)
        with pytest.raises(PowerCut):
            ingest_source(home, spec)
    assert (home.inbox / "mot_cua" / "a.xlsx").read_bytes() == content, "still there for the next run"
    assert read_passports(home) == []
    result = ingest_source(home, spec)
    assert [one.so_dong for one in result.moi] == [{"ho_so": 12}]
    assert list((home.inbox / "mot_cua").iterdir()) == []
    assert homes.find_mot_cua(home.root).read_bytes() == content
