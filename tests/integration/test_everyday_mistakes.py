"""What goes wrong in an ordinary office: a file in the wrong folder, a second run with more figures, an old home."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import openpyxl
import polars as pl
import pytest

from pipelines.commands.show import print_table
from tests.support import demo_data
from tests.support.homes import CUTOFF, cchc, query, read_values, run_period, take_fingerprint

LIST = next((demo_data.INBOX / "mot_cua").glob("*.xlsx"))
CATALOGUE = next((demo_data.INBOX / "tthc").glob("*.xlsx"))


@pytest.mark.parametrize(
    ("file", "folder", "right"), [(LIST, "tthc", "mot_cua"), (LIST, "pakn", "mot_cua"), (CATALOGUE, "mot_cua", "tthc")]
)
def test_a_file_in_the_wrong_folder_is_refused_with_the_right_one(
    own_home: Path, file: Path, folder: str, right: str, tmp_path: Path
) -> None:
    # other bytes than the delivered file's, so that content alone does not give it away
    book = openpyxl.load_workbook(file)
    book.active.cell(book.active.max_row + 3, 1, "(bản khác)")
    misplaced = own_home / "inbox" / folder / f"nham-{file.name}"
    book.save(misplaced)
    before = read_values(own_home)
    done = cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert done.code == 0, done.said
    assert f"Hãy chuyển tệp sang inbox/{right}" in done.said
    assert misplaced.is_file()
    assert read_values(own_home) == before
    (codes,) = zip(*query(own_home, "select ma from core.phat_hien where cap = 'tep' and muc_do = 'E'"), strict=True)
    assert codes == ("TEP_SAI_THU_MUC",)


def test_the_same_bytes_in_two_folders_count_once(own_home: Path) -> None:
    copy = own_home / "inbox" / "tthc" / "ban-sao.xlsx"
    shutil.copyfile(LIST, copy)
    before = read_values(own_home)
    run_period(own_home)
    assert read_values(own_home) == before
    assert query(own_home, "select count(*) from core.phat_hien where ma = 'TEP_DA_NOP_NGUON_KHAC'") == [(1,)]


def test_a_catalogue_without_levels_is_refused_not_counted_as_zero(own_home: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Mã số", "Tên", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"])
    book.active.append(["1.001193", "Đăng ký khai sinh", "Bộ Tư pháp", "UBND cấp xã", "Hộ tịch"])
    book.save(own_home / "inbox" / "tthc" / "danh-sach-tthc-2026-06-22.xlsx")
    before = read_values(own_home)
    run_period(own_home)
    assert read_values(own_home) == before


def test_the_same_command_again_renews_the_official_report(make_inbox: Callable[..., Path]) -> None:
    """An early cut-off is not the default one; filling in the figures and running again must reach the report."""
    home = make_inbox({f"mot_cua/{LIST.name}": LIST.read_bytes()})
    run_period(home)
    folder = home / "reports" / "2026-6T"
    empty = (folder / "bao-cao.docx").read_bytes()
    declared = next((demo_data.INBOX / "nhap_tay").glob("*.xlsx"))
    shutil.copyfile(declared, home / "inbox" / "nhap_tay" / declared.name)
    request = run_period(home)
    assert request.chinh_thuc
    assert (folder / "bao-cao.docx").read_bytes() != empty
    assert not run_period(home, cutoff=date(2026, 5, 31)).chinh_thuc


def test_a_column_nobody_delivered_leaves_its_rows_empty_with_a_finding(make_inbox: Callable[..., Path]) -> None:
    text = (
        "Mã hồ sơ;Tên thủ tục hành chính;Trạng thái;Ngày nhận;Ngày hẹn trả;Ngày kết thúc xử lý\n"
        "H24.150-260604-0031;Đăng ký khai sinh;Đã trả kết quả;04/06/2026;05/06/2026;04/06/2026\n"
    )
    home = make_inbox({"mot_cua/danh-sach-2026-06-23.csv": text.encode("utf-8-sig")})
    run_period(home)
    rows = {(row["bieu"], row["stt"]): row["so_lieu"] for row in read_values(home)}
    assert rows["II.2", "2"] == 1
    assert rows["II.2", "5.1"] is None
    assert rows["II.2", "6.1"] is None
    findings = query(home, "select count(*) from out.phat_hien_ky where ma = 'THIEU_COT_SO_LIEU'")
    assert findings == [(4,)]  # file components, file result, fee, online payment


def test_a_home_from_before_runs_said_who_started_them_still_runs(own_home: Path) -> None:
    path = own_home / "current" / "lan_chay.parquet"
    pl.read_parquet(path).drop("tu_dong").write_parquet(path)
    run_period(own_home)
    assert query(own_home, "select count(*), count(*) filter (where tu_dong) from out.lan_chay") == [(2, 0)]


def test_brackets_in_data_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("[b]", ["[ngày]"], [["[/b] [x]"]])
    printed = capsys.readouterr().out
    assert all(text in printed for text in ("[b]", "[ngày]", "[/b] [x]"))


def test_nightly_states_of_passed_days_make_room(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cut-off that only automatic runs asked for goes with the next run; one that a person asked for stays."""
    from pipelines import requests
    from pipelines.commands import running

    asked = requests.make_request
    monkeypatch.setattr(requests, "make_request", lambda *a, **k: asked(*a, **k, tu_dong=True))
    for day in (date(2026, 6, 1), date(2026, 6, 2)):
        running.run_report(running.Settings(home=own_home), running.RunOptions("2026-6T", day))
    kept = {path.stem for path in (own_home / "mart" / "ho_so_ky").glob("*.parquet")}
    assert kept == {f"2026-6T_{CUTOFF}", "2026-6T_2026-06-02"}


def test_a_word_template_that_asks_for_what_no_report_has_is_told_before_any_work(own_home: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Báo cáo của {{ don_vi.ten_lạ }}")
    (own_home / "templates").mkdir()
    document.save(str(own_home / "templates" / "bao-cao.docx"))
    before = take_fingerprint(own_home)
    ended = cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert ended.code == 2
    assert "không có: {{ don_vi.ten_l" in ended.err
    assert "phần mềm" not in ended.err
    assert take_fingerprint(own_home) == before
