"""What a person reads on the terminal: ages of the sources with a mark, findings with their remedy."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from assets.io.connector_log import ConnectorLog, read_log, write_log
from assets.io.home import Home
from pipelines.clock import today
from schemas.sources import load_sources
from schemas.unit import SourceAges
from tests.support import homes


def find_line(text: str, *words: str) -> str:
    (line,) = [line for line in text.splitlines() if all(word in line for word in words)]
    return line


def tells_age(text: str, since: date, before: date) -> bool:
    """Whether the text tells the age in days of that day, though midnight may have passed since the day before."""
    return any(f" {(day - since).days} " in text for day in {before, today()})


def test_status_lists_every_source_with_its_age_and_marks_the_old_ones(own_home: Path) -> None:
    (own_home / "settings.toml").write_text("[tuoi_nguon]\ntheo_nguon = { tthc = 1, mot_cua = 100000 }\n", "utf-8")
    before = today()
    shown = homes.cchc("status", "--home", own_home)
    assert shown.code == 0, shown.said
    sources = shown.out.split("Các nguồn")[1]
    for name, spec in load_sources().items():
        assert find_line(sources, f" {name} ", spec.ten)
    assert "chưa nộp lần nào" in find_line(sources, " dvcqg ")
    catalogue = find_line(sources, " tthc ", "01/12/2025")
    assert tells_age(catalogue, date(2025, 12, 1), before)
    assert "cũ quá 1 ngày" in catalogue
    assert "cũ quá" not in find_line(sources, " mot_cua ", "23/06/2026")


def test_status_lists_each_connector_with_its_last_success_its_last_failure_and_its_gaps(own_home: Path) -> None:
    (own_home / "settings.toml").write_text(
        """[ket_noi.cong]
mau = "excel_hai_ngay"
bat = true
nguon = "mot_cua"
noi_lay = "https://cong.example"
http = { tu_ngay = 2026-05-01, duong_dan = "/xuat?tu={tu_ngay}&den={den_ngay}" }

[ket_noi.tat]
mau = "thu_muc"
noi_lay = "/khong-dung"
nguon = "pakn"
""",
        "utf-8",
    )
    home = Home(own_home)
    good, bad = datetime(2026, 6, 7, 2), datetime(2026, 6, 9, 2, 5)  # noqa: DTZ001
    spans = [(date(2026, 5, 1), date(2026, 5, 2)), (date(2026, 5, 8), date(2026, 6, 8))]
    log = ConnectorLog("cong", "mot_cua").note(good, {}, "", spans)
    write_log(home, log.note(bad, {}, "máy chủ trả mã 503"))
    before = today()
    shown = homes.cchc("status", "--home", own_home)
    assert shown.code == 0, shown.said
    part = " ".join(shown.out.split("Các kết nối")[1].replace("│", " ").split())
    assert "07/06/2026 02:00" in part
    assert tells_age(part, good.date(), before)
    for words in ("quá 2 ngày", "lần cuối hỏng 09/06/2026 02:05: máy chủ trả mã 503", "03/05/2026–07/05/2026"):
        assert words in part, part
    assert " tat " not in part
    write_log(home, read_log(home, "cong", "mot_cua").note(datetime(2026, 6, 10, 2), {}, ""))  # noqa: DTZ001
    again = " ".join(homes.cchc("status", "--home", own_home).out.replace("│", " ").split())
    assert "10/06/2026 02:00" in again
    assert "lần hỏng gần nhất 09/06/2026 02:05" in again


@pytest.mark.parametrize("command", [("status",), ("journal",), ("journal", "--verify"), ("purge",), ("findings",)])
def test_a_home_that_is_not_there_is_no_quiet_home(tmp_path: Path, command: tuple[str, ...]) -> None:
    ended = homes.cchc(*command, "--home", tmp_path / "nha-go-nham")
    assert (ended.code, ended.out) == (3, "")
    assert "nha-go-nham" in ended.err
    assert not (tmp_path / "nha-go-nham").exists()


def test_an_age_for_a_source_that_is_none_is_a_wrong_setting() -> None:
    assert SourceAges(ngay=10).judge("mot_cua", 10) == ""
    assert SourceAges(ngay=10).judge("mot_cua", 11) == "! cũ quá 10 ngày"
    assert SourceAges(ngay=10, theo_nguon={"mot_cua": 3}).judge("mot_cua", 4) == "! cũ quá 3 ngày"
    with pytest.raises(ValidationError, match="không có nguồn mot_cu"):
        SourceAges(theo_nguon={"mot_cu": 3})


def test_findings_say_how_many_of_which_kind_and_what_to_do(demo_home: Path) -> None:
    shown = homes.cchc("findings", "--home", demo_home)
    assert shown.code == 0, shown.said
    kinds, places = shown.out.split("Từng chỗ, nặng trước")
    rows = homes.query(
        demo_home, "select ma, cach_sua, count(*)::varchar from core.phat_hien where muc_do = 'E' group by all"
    )
    assert len(rows) > 2
    for code, remedy, count in rows:
        assert remedy.split()[1] in find_line(kinds, f" {code} ", f" {count} ")
    assert kinds.index("Lỗi") < kinds.index("Cần giải trình")
    ((row,),) = homes.query(demo_home, "select _row from core.phat_hien where dien_giai like '%“32/05/2026”%'")
    place = find_line(places, f" {row} ")
    assert "32/05/2026" in place
    assert "Hãy" not in place
