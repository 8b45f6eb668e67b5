"""What is published stays readable, is replaced in one step, and never overwrites what a person edited."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.io import publishing
from assets.io.home import Home
from assets.io.warehouse import build_database, open_published, query_published
from assets.out.publish import publish
from pipelines.commands.errors import CommandError
from pipelines.commands.published import run_query
from tests.support import homes
from tests.support.demo_workbooks import write_mot_cua

DECIDED = ("3", "2.1.1")


def resolved(home: Path, **choice: Any) -> float:
    return next(row["so_lieu"] for row in homes.read_values(home, **choice) if (row["bieu"], row["stt"]) == DECIDED)


def hash_reports(home: Path, period: str = "2026-6T") -> dict[str, str]:
    folder = home / "reports" / period
    return {path.name: homes.hash_bytes(path) for path in folder.iterdir()}


def wait_for_line(process: subprocess.Popen[str], text: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    raise AssertionError(f"the run ended without a line “{text}”")


# --- the published files ---


def test_the_published_database_is_read_only_and_alone(demo_home: Path) -> None:
    version = (demo_home / "current").resolve()
    assert version == demo_home / "versions" / "v000001"
    assert (version / "cchc.duckdb").stat().st_mode & 0o777 == 0o444
    records = ["ban_gui.parquet", "cchc.duckdb", "lan_chay.parquet"]
    assert sorted(path.name for path in version.iterdir()) == [*records, "reports"]
    assert (demo_home / "warehouse" / "cchc.duckdb").resolve() == version / "cchc.duckdb"
    assert (demo_home / "reports").resolve() == version / "reports"
    assert [path.name for path in (demo_home / "versions").iterdir()] == ["v000001"]


def test_a_home_can_be_moved(own_home: Path, tmp_path: Path) -> None:
    moved = own_home.rename(tmp_path / "nơi khác")
    assert resolved(moved) == 9275
    assert {"bao-cao.docx", "phu-luc-3.xlsx", "provenance.json"} <= set(hash_reports(moved))


def test_a_stale_log_beside_the_staged_file_is_not_replayed(tmp_path: Path) -> None:
    stale = tmp_path / "cchc.duckdb.wal"
    with duckdb.connect(str(tmp_path / "other.duckdb")) as con:
        con.execute("pragma disable_checkpoint_on_shutdown")
        con.execute("create table la(x int)")
        con.execute("insert into la values (1)")
        stale.write_bytes((tmp_path / "other.duckdb.wal").read_bytes())
    build_database(tmp_path / "cchc.duckdb", ["create table core.a(x int)"], {}, {}, {})
    assert not stale.exists()
    _, tables = query_published(tmp_path / "cchc.duckdb", "select table_name from information_schema.tables")
    assert tables == [("a",)]


# --- reading while a run is going on ---


READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
con.execute("select 1")
sys.stdin.readline()
print(con.execute("select distinct ky from out.lan_chay").fetchall())
"""


def test_readers_keep_working_while_another_process_runs(own_home: Path) -> None:
    before, report = homes.read_values(own_home), hash_reports(own_home)
    old = subprocess.Popen(
        [sys.executable, "-c", READER, str((own_home / "warehouse" / "cchc.duckdb").resolve())],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    run = homes.start_cchc("run", "--home", own_home, "--period", "2026-Q1")
    readings = 0
    while run.poll() is None:
        assert homes.read_values(own_home) == before
        ((runs, periods, rows),) = homes.query(
            own_home,
            "select (select count(*) from out.lan_chay), (select count(distinct ky) from out.lan_chay),"
            " (select count(distinct ky) from out.bieu_mau)",
        )
        assert runs == periods == rows, "one whole version, old or new"
        readings += 1
        if readings == 5:
            for arguments in (
                ["trace", "--period", "2026-6T", "II.2.3.4", "--csv"], ["query", "select 1"], ["status"], ["findings"],
            ):  # fmt: skip
                name, *rest = arguments
                ended = homes.cchc(name, "--home", own_home, *rest)
                assert (ended.code, ended.err) == (0, ""), ended.said
        time.sleep(0.05)
    assert run.returncode == 0
    assert readings > 10
    assert homes.read_values(own_home, "2026-Q1")
    assert homes.read_values(own_home, "2026-6T") == before
    assert hash_reports(own_home) == report, "another period's report is carried over"
    assert "bao-cao.docx" in hash_reports(own_home, "2026-Q1"), "the first run of a period is official"
    assert old.communicate("\n")[0] == "[('2026-6T',)]\n", "an open reader keeps its snapshot"


# --- kill -9 ---

MOMENTS = [
    ("Đọc khong-phat-sinh", 0.0), ("Làm sạch", 0.3), ("Lập báo cáo", 0.1), ("Công bố", 0.0), ("Công bố", 0.15),
]  # fmt: skip


def read_run_states(home: Path) -> dict[str, str]:
    """Dagster's own record, past Dagster: run id -> status."""
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as con:
        return dict(con.execute("select run_id, status from runs"))


def test_killed_runs_leave_the_published_version_and_the_next_run_works(own_home: Path) -> None:
    before, values = homes.take_fingerprint(own_home), homes.read_values(own_home)
    first_run = set(read_run_states(own_home))
    more = own_home / "inbox" / "mot_cua" / "khong-phat-sinh.xlsx"
    write_mot_cua([], more)
    for text, seconds in MOMENTS:
        run = homes.start_cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09")
        wait_for_line(run, text)
        time.sleep(seconds)
        run.send_signal(signal.SIGKILL)
        run.communicate()
        if homes.take_fingerprint(own_home) != before:
            assert text == "Công bố", "only the last step may switch the version"
            assert len(homes.query(own_home, "select 1 from out.lan_chay")) > 1, "and then the whole new one is there"
            before = homes.take_fingerprint(own_home)
        assert homes.read_values(own_home) == values
    killed = {run: state for run, state in read_run_states(own_home).items() if run not in first_run}
    assert len(killed) == len(MOMENTS)
    assert sum(state == "STARTED" for state in killed.values()) == 1, "each run closed the one before"

    last = homes.run_period(own_home)
    states = read_run_states(own_home)
    assert states.pop(last.run_id) == "SUCCESS"
    assert {states[run] for run in killed} == {"FAILURE"}
    assert homes.read_values(own_home) == values, "the added list holds no dossier"
    assert homes.query(own_home, "select count(*) from core.giao_nop where nguon = 'mot_cua'") == [(2,)]
    assert not more.exists()
    assert not list((own_home / "versions").glob(".*")), "what killed runs left behind is gone"
    assert not [path for path in homes.list_files(own_home) if path.name.startswith(".") and "parquet" in path.name]


def test_ctrl_c_ends_with_130_and_leaves_nothing_running(own_home: Path) -> None:
    before = homes.take_fingerprint(own_home)
    run = homes.start_cchc("run", "--home", own_home, "--period", "2026-Q1")
    wait_for_line(run, "Làm sạch")
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "Đã dừng theo yêu cầu" in said
    assert "Traceback" not in said
    assert homes.take_fingerprint(own_home) == before
    assert (own_home / "lock").read_bytes() == b""
    assert "STARTED" not in read_run_states(own_home).values()


def test_a_crash_inside_publishing_leaves_the_old_version(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = homes.run_period(own_home, official=True)
    before = homes.take_fingerprint(own_home)
    home = Home(own_home)
    for crashing in ("out.publish.place_report", "out.publish.build_database", "io.publishing._point"):
        with monkeypatch.context() as patch:
            patch.setattr(f"assets.{crashing}", _crash)
            with pytest.raises(PowerCut):
                publish(home, request, "0" * 16, None, 20)
        assert homes.take_fingerprint(own_home) == before
    done = publish(home, request, "0" * 16, None, 20)
    assert homes.take_fingerprint(own_home)["current"] == done.version != before["current"]
    assert resolved(own_home) == 9275
    assert not list((own_home / "versions").glob(".*"))


class PowerCut(BaseException):
    """Nothing catches this."""


def _crash(*_: object, **__: object) -> None:
    raise PowerCut


def test_old_versions_go_the_newest_stay(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    for _ in range(5):
        staging = publishing.begin_version(home)
        staging.database.write_bytes(b"x")
        publishing.finish_version(home, staging, keep=3)
    assert publishing.list_versions(home) == ["v000003", "v000004", "v000005"]
    assert publishing.current_version(home) == "v000005"


# --- whose report it is ---


def test_edited_reports_stay_and_other_choices_never_replace_the_official_one(own_home: Path) -> None:
    report = own_home / "reports" / "2026-6T"
    shipped = hash_reports(own_home)
    with (report / "bao-cao.docx").open("ab") as stream:
        stream.write(b"sua tay")
    (report / "ghi chú của văn thư.txt").write_text("x", "utf-8")
    edited = hash_reports(own_home)

    ended = homes.cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09", "--official")
    assert ended.code == 0, ended.said
    assert "bao-cao (2).docx" in ended.out
    assert "bản đã sửa giữ nguyên" in ended.out
    now = hash_reports(own_home)
    assert now["bao-cao.docx"] == edited["bao-cao.docx"] != shipped["bao-cao.docx"]
    assert set(now) == {*shipped, "bao-cao (2).docx", "ghi chú của văn thư.txt"}

    homes.run_period(own_home, official=True)
    assert set(hash_reports(own_home)) == set(now), "our own second copy is replaced, no third one appears"
    with (report / "bao-cao (2).docx").open("ab") as stream:
        stream.write(b"sua tay")
    homes.run_period(own_home, official=True)
    assert set(hash_reports(own_home)) == {*now, "bao-cao (3).docx"}
    assert hash_reports(own_home)["bao-cao.docx"] == edited["bao-cao.docx"]


def place_texts(home: Home, **texts: str) -> dict[str, str]:
    """Publish a report of these files (``docx="a"``: bao-cao.docx holding "a"); returns what lies there then."""
    work = home.root / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for suffix, text in texts.items():
        (work / f"bao-cao.{suffix}").write_text(text, "utf-8")
    staging = publishing.begin_version(home)
    publishing.place_report(staging, "2026-6T", sorted(work.iterdir()), {})
    folder = publishing.finish_version(home, staging, keep=9) / "reports" / "2026-6T"
    return {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.name != publishing.PROVENANCE_FILE}


def test_a_pdf_bears_the_name_of_the_word_file_it_was_made_of(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    report = home.reports / "2026-6T"
    place_texts(home, docx="1", pdf="1")
    (report / "bao-cao.docx").write_text("officer", "utf-8")
    edited = {"bao-cao.docx": "officer", "bao-cao (2).docx": "2"}
    assert place_texts(home, docx="2", pdf="2") == edited | {"bao-cao (2).pdf": "2"}, "no newer PDF beside older Word"
    assert place_texts(home, docx="2") == edited
    (report / "bao-cao.docx").unlink()
    assert place_texts(home, docx="3", pdf="3") == {"bao-cao.docx": "3", "bao-cao.pdf": "3"}
    (report / "bao-cao.pdf").write_text("signed", "utf-8")
    assert place_texts(home, docx="4", pdf="4") == {
        "bao-cao.pdf": "signed", "bao-cao (2).docx": "4", "bao-cao (2).pdf": "4",
    }  # fmt: skip


def test_another_policy_or_period_stands_beside_the_official_report(own_home: Path) -> None:
    official = hash_reports(own_home)
    ended = homes.cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09", "--policy", "CHAT")
    assert ended.code == 0, ended.said
    assert "báo cáo chính thức của kỳ giữ nguyên" in ended.out
    assert hash_reports(own_home) == official
    assert resolved(own_home) == 9269, "the newest run of the period is this one"
    assert resolved(own_home, policy="II06A") == 9275

    homes.run_period(own_home, "2026-6T", date(2026, 5, 31))
    assert hash_reports(own_home) == official
    assert 0 < resolved(own_home) < 9275
    assert resolved(own_home, cutoff=homes.CUTOFF) == 9275
    printed = homes.cchc(
        "values", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09", "--policy", "CHAT", "--csv"
    ).out
    assert "3,2.1.1,Tổng số hồ sơ TTHC đã giải quyết xong,Hồ sơ,9269,,,counted" in printed.splitlines()

    assert homes.query(own_home, "select chinh_thuc from out.lan_chay order by phien_ban") == [
        (True,), (False,), (False,)
    ]  # fmt: skip

    homes.run_period(own_home, policy="CHAT", official=True)
    assert hash_reports(own_home)["bao-cao.docx"] != official["bao-cao.docx"]
    assert not [name for name in hash_reports(own_home) if "(2)" in name], "nobody edited it: replaced"


# --- the analyst's SQL ---


def test_two_readers_of_one_process(demo_home: Path) -> None:
    database = demo_home / "warehouse" / "cchc.duckdb"
    with open_published(database) as one, open_published(database) as other:
        assert one.execute("select 1").fetchall() == other.execute("select 1").fetchall()


REFUSED = [
    "insert into core.ho_so select * from core.ho_so", "delete from core.ho_so", "update core.ho_so set ma_tthc = ''",
    "create table la(x int)", "create temp table la(x int)", "create view la as select 1", "drop table core.ho_so",
    "alter table core.ho_so add column x int", "truncate core.ho_so", "attach ':memory:' as la", "attach '{tmp}/a.db'",
    "copy core.ho_so to '{tmp}/a.csv'", "copy (select 1) to '{tmp}/a.parquet'", "copy core.ho_so from '{tmp}/in.csv'",
    "export database '{tmp}/e'", "import database '{tmp}/e'", "select * from read_csv('{tmp}/in.csv')",
    "select * from '{tmp}/in.csv'", "select * from read_parquet('{home}/core/ho_so.parquet')",
    "select * from read_text('/etc/passwd')", "select * from read_blob('/etc/passwd')", "select * from glob('/etc/*')",
    "select * from read_json('{tmp}/in.csv')", "from sniff_csv('{tmp}/in.csv')", "install httpfs", "load httpfs",
    "pragma enable_profiling", "pragma wal_autocheckpoint='1GB'", "pragma database_list; select 1",
    "set memory_limit = '1GB'", "set enable_external_access = true", "reset enable_external_access", "checkpoint",
    "vacuum", "begin", "call pragma_version()", "select 1; select 2", "select 1; drop table core.ho_so", "",
    "   ", "select", "explain analyze create table x(i int)", "use main", "prepare p as select 1", "detach cchc",
    "with x as (insert into core.ho_so select * from core.ho_so returning *) select * from x",
    "select * from query('create table x(i int)')", "select * from 'https://example.org/a.parquet'",
    "select * from khong_co", "select $ky",
]  # fmt: skip


@pytest.fixture(scope="module")
def places(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    folder = tmp_path_factory.mktemp("sql")
    (folder / "in.csv").write_text("a,b\n1,2\n")
    before = homes.take_fingerprint(demo_home)
    yield {"tmp": folder, "home": demo_home}
    assert homes.take_fingerprint(demo_home) == before
    assert [path.name for path in folder.iterdir()] == ["in.csv"]


@pytest.mark.parametrize("statement", REFUSED)
def test_query_refuses_what_writes_or_reaches_out(places: dict[str, Path], statement: str) -> None:
    with pytest.raises(CommandError) as refused:
        run_query(Home(places["home"]), statement.format(**places))
    assert refused.value.code == 2


@pytest.mark.parametrize(
    ("statement", "said", "engine"),
    [
        ("select * from core.hoso", 'cchc query "show all tables"', "hoso"),
        ("select khong_co from core.ho_so", 'cchc query "describe core.ho_so"', "khong_co"),
        ("selec 1", "không đúng cú pháp", "selec"),
        ("select * from read_csv('/etc/passwd')", "không được đọc tệp", "/etc/passwd"),
        ("select cast('a' as int)", "không chạy được", "'a'"),
    ],
)
def test_a_refused_query_is_told_in_vietnamese_with_the_engines_words_last(
    demo_home: Path, statement: str, said: str, engine: str
) -> None:
    with pytest.raises(CommandError) as refused:
        run_query(Home(demo_home), statement)
    sentence, _, detail = str(refused.value).partition(" (DuckDB: ")
    assert said in sentence
    assert "cchc query" in sentence
    assert "Error" not in sentence
    assert engine in detail


ANSWERED = {
    "select count(*) from out.lan_chay": [(1,)],
    "select 1;": [(1,)],
    "with a as (select 2 as x) select x from a -- a comment": [(2,)],
    "from out.lan_chay select ky": [("2026-6T",)],
    "values (1)": [(1,)],
}


@pytest.mark.parametrize("statement", ANSWERED)
def test_query_answers_what_only_reads(demo_home: Path, statement: str) -> None:
    assert run_query(Home(demo_home), statement)[1] == ANSWERED[statement]


@pytest.mark.parametrize(
    "statement", ["describe core.ho_so", "show all tables", "summarize core.giao_nop", "explain select 1"]
)
def test_query_answers_questions_about_the_tables(demo_home: Path, statement: str) -> None:
    assert run_query(Home(demo_home), statement)[1]


def test_query_on_the_command_line(demo_home: Path) -> None:
    good = homes.cchc("query", "--home", demo_home, "select ky, chinh_thuc from out.lan_chay", "--csv")
    assert (good.code, good.out, good.err) == (0, "ky,chinh_thuc\n2026-6T,True\n", "")
    bad = homes.cchc("query", "--home", demo_home, "delete from core.ho_so")
    assert (bad.code, bad.out) == (2, "")
    assert bad.err.startswith("Lỗi: ")
    assert "SELECT" in bad.err
