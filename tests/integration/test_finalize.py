"""The report that is sent is frozen under one number and date; later runs write beside it until that is undone."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from assets.io.home import Home
from assets.io.journal import read_journal
from assets.io.publishing import list_versions
from assets.io.word import read_text
from assets.out.publish import publish
from pipelines.commands import finalizing
from pipelines.commands.errors import CommandError
from pipelines.commands.finalizing import SendOptions, finalize, undo
from pipelines.commands.published import choose
from pipelines.commands.template import write_template
from pipelines.commands.waiving import waive
from pipelines.settings import Settings
from tests.support import homes

KY, CHOT = "2026-6T", date(2026, 6, 9)
OFFICER, REASON = "Trần Thị Mẫu, Phó Chủ tịch", "Đã đối chiếu với sổ giấy, số đúng"
HEADER = "Mã hồ sơ;Tên thủ tục hành chính;Trạng thái;Ngày nhận;Ngày hẹn trả;Ngày kết thúc xử lý\n"
ENDED = "H24.150-{code};Đăng ký khai sinh;Đã trả kết quả;04/06/2026;05/06/2026;04/06/2026\n"
BAD = "H24.150-260231-0001;Đăng ký khai sinh;Đã trả kết quả;31/02/2026;05/03/2026;04/03/2026\n"
E_CODE = "NGAY_TIEP_NHAN_KHONG_DOC_DUOC"


def write_list(home: Path, day: str, codes: list[str], more: str = "") -> Path:
    path = home / "inbox" / "mot_cua" / f"danh-sach-{day}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(ENDED.format(code=code) for code in codes) + more, "utf-8-sig")
    return path


@pytest.fixture(scope="module")
def official_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two ended dossiers and one whose date is none: an official report with one open error."""
    home = tmp_path_factory.mktemp("official") / "home"
    write_list(home, "2026-06-20", ["260604-0001", "260604-0002"], BAD)
    (home / "settings.toml").write_text("[quy_tac]\ngiu_phien_ban = 2\n", "utf-8")
    homes.run_period(home)
    return home


@pytest.fixture(scope="module")
def frozen_home(official_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, its error accepted and the report sent as number 329, while a newer list waits in the inbox."""
    home = homes.copy_home(official_home, tmp_path_factory.mktemp("frozen") / "home")
    accept(home)
    write_list(home, "2026-06-21", ["260605-0003"])
    ended = homes.cchc(
        "finalize",
        "--home",
        home,
        "--period",
        KY,
        "--number",
        "329",
        "--date",
        "2026-06-09",
        "--by",
        OFFICER,
        "--text-in-word",
    )
    assert ended.code == 0, ended.said
    return home


def accept(home: Path) -> None:
    place = Home(home)
    waive(place, choose(place, KY, None, None, None), E_CODE, nguoi=OFFICER, ly_do=REASON, undo=False)


def send(home: Path, so: int = 329, ngay: date = CHOT, ky: str = KY) -> list[str]:
    return finalize(Settings(home=home), SendOptions(ky, so, ngay, OFFICER, loi_van_o_word=True))


def read_records(home: Path) -> list[tuple[Any, ...]]:
    return homes.query(
        home, "select ky, so, ngay, ngay_chot, chinh_sach, phien_ban, nguoi, con_hieu_luc from out.ban_gui order by all"
    )


def hash_report(home: Path) -> dict[str, str]:
    folder = home / "reports" / KY
    return {path.name: homes.hash_bytes(path) for path in folder.iterdir() if path.is_file()}


def read_received(home: Path) -> float:
    """II.2 row 2 (dossiers received) as the annex workbook of the sent report's folder prints it in its passport."""
    passport = json.loads((home / "reports" / KY / "provenance.json").read_text("utf-8"))
    return float(passport["o"]["II.2.2"]["so_lieu"])


def read_header_marks(report: Path) -> str:
    with zipfile.ZipFile(report) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist() if re.match(r"word/header\d*\.xml", name))


def test_number_and_date_of_one_record_stand_everywhere(frozen_home: Path) -> None:
    folder = frozen_home / "reports" / KY
    text = read_text(folder / "bao-cao.docx")
    reference = "(Kèm theo Báo cáo số 329/BC-UBND ngày 09/6/2026"
    assert "Số: 329/BC-UBND" in text
    assert "ngày 09 tháng 6 năm 2026" in text
    assert reference in text.replace("\u00a0", " ")
    assert "DỰ THẢO" not in read_header_marks(folder / "bao-cao.docx"), "accepted since the run: no draft"
    annex = openpyxl.load_workbook(folder / "phu-luc-3.xlsx")
    cells = [str(cell) for sheet in annex for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any(reference in cell for cell in cells)
    for keywords in (docx.Document(str(folder / "bao-cao.docx")).core_properties.keywords, annex.properties.keywords):
        assert "so=329; ngay=2026-06-09" in keywords
        assert "DỰ THẢO" not in keywords
    checks = openpyxl.load_workbook(folder / "doi-chieu.xlsx")
    assert any(OFFICER in row and REASON in row for sheet in checks for row in sheet.iter_rows(values_only=True))


def test_the_record_is_in_database_status_and_journal(frozen_home: Path, official_home: Path) -> None:
    assert read_records(frozen_home) == [(KY, 329, CHOT, CHOT, "II06A", "v000002", OFFICER, True)]
    status = homes.cchc("status", "--home", frozen_home)
    assert "Bản gửi kỳ 2026-6T: số 329 ngày 09/6/2026" in status.out, status.said
    last = read_journal(Home(frozen_home)).entries[-1]
    assert (last.viec, last.nguoi, last.noi_dung["so"], last.noi_dung["phien_ban"]) == ("chot", OFFICER, 329, "v000002")
    assert homes.query(frozen_home, "select nguoi_mien_tru from out.loi_chan where chinh_sach = 'II06A'") == [
        (OFFICER,)
    ]
    assert read_received(frozen_home) == read_received(official_home) == 2
    assert homes.read_number_table(frozen_home) == homes.read_number_table(official_home)
    assert (frozen_home / "inbox" / "mot_cua" / "danh-sach-2026-06-21.csv").is_file(), "nothing was ingested"


def test_an_open_error_refuses_and_changes_nothing(official_home: Path, tmp_path: Path) -> None:
    home = homes.copy_home(official_home, tmp_path / "home")
    before = homes.take_fingerprint(home)
    with pytest.raises(CommandError) as refused:
        send(home)
    assert refused.value.code == 1
    assert E_CODE in str(refused.value)
    assert "cchc waive" in str(refused.value)
    assert homes.take_fingerprint(home) == before
    assert not read_journal(Home(home)).entries


NOW = datetime(2026, 6, 20, 23, 59, 30)  # noqa: DTZ001 - local time, as the clock of the product gives it


@pytest.mark.parametrize(
    ("so", "ngay", "ky", "code", "said"),
    [(0, CHOT, KY, 2, "số nguyên dương"), (-3, CHOT, KY, 2, "số nguyên dương"),
     (329, date(2026, 6, 8), KY, 2, "trước ngày chốt"), (329, date(2026, 6, 21), KY, 2, "chưa đến"),
     (329, CHOT, "2026-Q1", 3, "chưa có báo cáo chính thức"), (329, CHOT, "2026-Q2", 2, "2026-Q2")],
)  # fmt: skip
def test_what_will_not_do_is_told(
    official_home: Path, so: int, ngay: date, ky: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A day that is "tomorrow" must stay so when the suite runs over midnight, so the deed's clock stands still.
    monkeypatch.setattr(finalizing, "now", lambda: NOW)
    before = homes.take_fingerprint(official_home)
    with pytest.raises(CommandError, match=said) as refused:
        send(official_home, so, ngay, ky)
    assert refused.value.code == code
    assert homes.take_fingerprint(official_home) == before


def test_a_second_record_needs_the_first_undone(frozen_home: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--undo") as refused:
        send(frozen_home, 330)
    assert refused.value.code == 2
    with pytest.raises(CommandError) as empty:
        send(tmp_path / "trong")
    assert empty.value.code == 3
    assert not (tmp_path / "trong").exists()
    with pytest.raises(CommandError, match="lý do") as bare:
        undo(Settings(home=frozen_home), KY, "x", None)
    assert bare.value.code == 2


def test_later_runs_write_beside_it_until_it_is_undone(frozen_home: Path, tmp_path: Path) -> None:
    home = homes.copy_home(frozen_home, tmp_path / "home")
    sent = hash_report(home)
    ended = homes.cchc("run", "--home", home, "--period", KY, "--cutoff", "2026-06-09", "--official")
    assert ended.code == 0, ended.said
    assert "đã chốt bản gửi số 329" in ended.out
    assert "bo-sung/bao-cao.docx" in ended.out
    assert hash_report(home) == sent
    true_up = home / "reports" / KY / "bo-sung"
    assert {"bao-cao.docx", "phu-luc-3.xlsx", "provenance.json"} <= {path.name for path in true_up.iterdir()}
    assert "329" not in read_text(true_up / "bao-cao.docx")
    values = json.loads((true_up / "provenance.json").read_text("utf-8"))["o"]
    assert values["II.2.2"]["so_lieu"] == 3, "the list that waited is in the true-up"
    assert read_received(home) == 2
    assert homes.query(home, "select chinh_thuc from out.lan_chay order by phien_ban") == [(True,), (False,)]

    trial = homes.run_period(home, policy="CHAT")
    for _ in range(3):  # more versions than the two that this home keeps
        publish(Home(home), trial, "0" * 16, None, keep=2)
    assert list_versions(Home(home)) == ["v000002", "v000006", "v000007"]
    assert hash_report(home) == sent
    assert "CHAT" not in (true_up / "provenance.json").read_text("utf-8"), "a trial of another policy is no true-up"

    said = undo(Settings(home=home), KY, "Cơ quan cấp trên yêu cầu sửa số liệu", OFFICER)
    assert "Đã hủy chốt bản gửi số 329" in said[0]
    assert [row[-1] for row in read_records(home)] == [False]
    assert read_journal(Home(home)).entries[-1].viec == "huy_chot"
    assert hash_report(home) == sent
    homes.run_period(home, official=True)
    assert read_received(home) == 3
    assert "329" not in read_text(home / "reports" / KY / "bao-cao.docx")
    assert not true_up.exists()
    assert "v000002" not in list_versions(Home(home)), "nothing needs it any more"
    with pytest.raises(CommandError, match="không có bản gửi"):
        undo(Settings(home=home), KY, "Cơ quan cấp trên yêu cầu sửa số liệu", OFFICER)


def test_an_edited_report_stays_and_the_numbered_one_stands_beside_it(official_home: Path, tmp_path: Path) -> None:
    home = homes.copy_home(official_home, tmp_path / "home")
    accept(home)
    report = home / "reports" / KY / "bao-cao.docx"
    document = docx.Document(str(report))
    document.add_paragraph("Câu của người lập báo cáo.")
    document.save(str(report))
    edited = homes.hash_bytes(report)
    said = "\n".join(send(home))
    assert "bao-cao (2).docx" in said
    assert "giữ nguyên" in said
    assert hash_report(home)["bao-cao.docx"] == edited
    assert "Số: 329/BC-UBND" in read_text(report.with_name("bao-cao (2).docx"))


class PowerCut(BaseException):
    """Nothing catches this."""


def test_a_power_cut_leaves_the_old_state(official_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = homes.copy_home(official_home, tmp_path / "home")
    accept(home)
    before = homes.take_fingerprint(home)

    def crash(*_: object, **__: object) -> None:
        raise PowerCut

    for where in ("out.finalize.place_documents", "out.finalize.copy_database", "io.publishing._point"):
        with monkeypatch.context() as patch:
            patch.setattr(f"assets.{where}", crash)
            with pytest.raises(PowerCut):
                send(home)
        assert homes.take_fingerprint(home) == before
        assert read_records(home) == []
        assert [one.viec for one in read_journal(Home(home)).entries] == ["mien_tru"]
    send(home)
    assert [row[1] for row in read_records(home)] == [329]


def test_values_that_changed_since_are_not_sent(official_home: Path, tmp_path: Path) -> None:
    """A run of another policy counts new data for all policies, and leaves the official report as it is."""
    home = homes.copy_home(official_home, tmp_path / "home")
    accept(home)
    write_list(home, "2026-06-21", ["260605-0003"])
    homes.run_period(home, policy="CHAT")
    with pytest.raises(CommandError, match="dữ liệu đã thay đổi") as refused:
        send(home)
    assert refused.value.code == 3
    assert "--official" in str(refused.value)
    assert read_records(home) == []


def test_a_report_cannot_cite_what_was_issued_after_its_day(official_home: Path, tmp_path: Path) -> None:
    """Between cut-off and sending day a document is only questioned; the day of signing decides (D02)."""
    home = homes.copy_home(official_home, tmp_path / "home")
    book = openpyxl.load_workbook(write_template(Settings(home=home), KY, None))
    row = [KY, "QD12", "12/QĐ-UBND", date(2026, 6, 12), "UBND phường", "về việc thử nghiệm"]
    for column, value in enumerate(row, start=1):
        book["Văn bản"].cell(3, column, value)
    (home / "inbox" / "nhap_tay").mkdir(parents=True, exist_ok=True)
    book.save(home / "inbox" / "nhap_tay" / "nhap-tay-2026-06-12.xlsx")
    homes.run_period(home)
    accept(home)
    before = homes.take_fingerprint(home)
    with pytest.raises(CommandError, match=r"12/QĐ-UBND ngày 12/6/2026.*--date") as refused:
        send(home, ngay=date(2026, 6, 11))
    assert refused.value.code == 1
    assert homes.take_fingerprint(home) == before
    assert "Đã chốt" in send(home, ngay=date(2026, 6, 12))[0]


def test_a_report_with_unwritten_sections_leaves_only_when_its_text_is_elsewhere(
    official_home: Path, tmp_path: Path
) -> None:
    home = homes.copy_home(official_home, tmp_path / "home")
    accept(home)
    with pytest.raises(CommandError, match=r"19 mục.*I\.1, .*IV\.7.*--text-in-word") as refused:
        finalize(Settings(home=home), SendOptions(KY, 329, CHOT, OFFICER))
    assert refused.value.code == 1
    assert not read_records(home)
    assert "Đã chốt" in send(home)[0]
