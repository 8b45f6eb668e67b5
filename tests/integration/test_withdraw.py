"""A wrong delivery goes out with a reason and comes back with --undo; the published state waits for the next run."""

from __future__ import annotations

from pathlib import Path

from tests.support import demo_data, homes


def test_the_only_list_withdrawn_stops_the_run_and_leaves_what_is_published(own_home: Path) -> None:
    before = homes.take_fingerprint(own_home)
    missing = homes.cchc("withdraw", "--home", own_home, demo_data.MOT_CUA.name)
    assert (missing.code, "--reason" in missing.err) == (2, True)
    done = homes.cchc("withdraw", "--home", own_home, demo_data.MOT_CUA.name, "--reason", "xuất nhầm đơn vị")
    assert done.code == 0, done.said
    assert "11.449 dòng" in done.out
    assert "mã 3" in done.out
    again = homes.cchc("withdraw", "--home", own_home, demo_data.MOT_CUA.name, "--reason", "lần hai")
    assert (again.code, "xuất nhầm đơn vị" in again.err) == (2, True)
    stopped = homes.cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert (stopped.code, "bị rút" in stopped.err) == (3, True), stopped.said
    assert homes.take_fingerprint(own_home) == before
    numbers = homes.read_number_table(own_home)
    assert homes.cchc("withdraw", "--home", own_home, demo_data.MOT_CUA.name, "--undo").code == 0
    homes.run_period(own_home)
    assert homes.read_number_table(own_home) == numbers
    assert homes.query(own_home, "select count(*), count(distinct input_hash) from out.lan_chay") == [(2, 1)]


def test_a_name_that_fits_nothing_and_a_reason_with_a_number_are_wrong_usage(demo_home: Path) -> None:
    nothing = homes.cchc("withdraw", "--home", demo_home, "khong-co.xlsx", "--reason", "thử")
    assert (nothing.code, "Không có tệp đã nhận nào" in nothing.err) == (2, True)
    person = homes.cchc("withdraw", "--home", demo_home, demo_data.MOT_CUA.name, "--reason", "của số 0912345678")
    assert (person.code, "0912345678" in person.said) == (2, False)
