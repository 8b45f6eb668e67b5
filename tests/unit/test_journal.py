"""The journal is only ever added to, and shows whether somebody changed it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from assets.io.home import Home
from assets.io.journal import JournalIsBroken, append_entry, find_journal, read_journal
from schemas.journal import FIRST, JournalEntry
from tests.support import homes

MOMENT = datetime(2026, 6, 10, 8, 30)  # noqa: DTZ001 - local time, as the clock of the product gives it


def write(home: Home, reason: str = "đã kiểm tra") -> JournalEntry:
    deed = {"ky": "2026-6T", "ma": "C08", "ve_trai": 38.0, "ve_phai": 19.0, "ly_do": reason}
    return append_entry(home, MOMENT, nguoi="Trần Thị Mẫu", lenh="cchc waive", viec="mien_tru", noi_dung=dict(deed))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    place = Home(tmp_path / "home")
    for reason in ("một", "hai", "ba"):
        write(place, reason)
    return place


def read_lines(home: Home) -> list[str]:
    return find_journal(home).read_text("utf-8").splitlines()


def test_entries_stand_in_order_and_chained(home: Home) -> None:
    chain = read_journal(home)
    assert chain.broken_line is None
    assert [one.so for one in chain.entries] == [1, 2, 3]
    assert [one.noi_dung["ly_do"] for one in chain.entries] == ["một", "hai", "ba"]
    assert [one.truoc for one in chain.entries] == [FIRST, chain.entries[0].bam, chain.entries[1].bam]
    assert chain.entries[0].thoi_diem == MOMENT
    assert find_journal(home).stat().st_mode & 0o777 == 0o600


def test_an_absent_journal_is_an_empty_chain(tmp_path: Path) -> None:
    chain = read_journal(Home(tmp_path))
    assert (chain.entries, chain.broken_line) == ((), None)


def test_adding_never_touches_what_stands(home: Home) -> None:
    before = find_journal(home).read_bytes()
    write(home)
    assert find_journal(home).read_bytes().startswith(before)


def change_reason(lines: list[str]) -> None:
    lines[1] = lines[1].replace("hai", "bốn")


def change_reason_and_hash(lines: list[str]) -> None:
    """A careful forger writes a fitting hash into the changed line: the next line gives the lie to it."""
    import hashlib

    body = json.loads(lines[1])
    del body["bam"]
    body["noi_dung"]["ly_do"] = "bốn"
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    body["bam"] = hashlib.sha256(plain.encode()).hexdigest()
    lines[1] = json.dumps(body, ensure_ascii=False)


def drop_first(lines: list[str]) -> None:
    del lines[0]


def drop_middle(lines: list[str]) -> None:
    del lines[1]


def swap(lines: list[str]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


def repeat(lines: list[str]) -> None:
    lines.append(lines[2])


def blank(lines: list[str]) -> None:
    lines[1] = ""


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (change_reason, 2, "nội dung khác"), (change_reason_and_hash, 3, "không nối tiếp"),
        (drop_first, 1, "không nối tiếp"), (drop_middle, 2, "không nối tiếp"), (swap, 2, "không nối tiếp"),
        (repeat, 4, "không nối tiếp"), (blank, 2, "không đọc được"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)  # fmt: skip
def test_every_change_is_found_at_its_line(home: Home, change, line: int, reason: str) -> None:
    lines = read_lines(home)
    change(lines)
    find_journal(home).write_text("\n".join(lines) + "\n", "utf-8")
    chain = read_journal(home)
    assert chain.broken_line == line
    assert reason in chain.reason
    assert len(chain.entries) == line - 1, "what stands before it is still known"
    content = find_journal(home).read_bytes()
    with pytest.raises(JournalIsBroken, match=f"dòng {line}"):
        write(home)
    assert find_journal(home).read_bytes() == content

    ended = homes.cchc("journal", "--home", home.root, "--verify")
    assert ended.code == 1
    assert f"dòng {line}" in ended.err


def test_a_line_torn_by_a_power_cut_gives_way_to_the_next_entry(home: Home) -> None:
    whole = find_journal(home).read_bytes()
    write(home, "bốn")
    torn = find_journal(home).read_bytes()[:-20]
    find_journal(home).write_bytes(torn)
    assert read_journal(home).broken_line == 4
    write(home, "năm")
    assert find_journal(home).read_bytes().startswith(whole)
    chain = read_journal(home)
    assert (chain.broken_line, [one.noi_dung["ly_do"] for one in chain.entries]) == (None, ["một", "hai", "ba", "năm"])


def test_writers_at_the_same_time_make_one_chain(tmp_path: Path) -> None:
    place = Home(tmp_path / "home")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(place, str(number)), range(40)))
    chain = read_journal(place)
    assert (chain.broken_line, len(chain.entries)) == (None, 40)


def test_an_unknown_deed_is_our_bug(home: Home) -> None:
    with pytest.raises(KeyError):
        append_entry(home, MOMENT, nguoi="x", lenh="x", viec="la", noi_dung={})


def test_the_command_lists_for_people_and_for_programs(home: Home) -> None:
    shown = homes.cchc("journal", "--home", home.root)
    assert shown.code == 0, shown.said
    assert "Chấp nhận lỗi" in shown.out
    assert "Trần Thị Mẫu" in shown.out
    assert "nguyên vẹn: 3 dòng" in shown.err
    rows = homes.cchc("journal", "--home", home.root, "--csv").out.splitlines()
    assert rows[0] == "so,thoi_diem,nguoi,lenh,viec,noi_dung"
    assert rows[3].startswith("3,2026-06-10 08:30:00,Trần Thị Mẫu,cchc waive,mien_tru,")
