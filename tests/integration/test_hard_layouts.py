"""Files that are easily read wrongly: two tables on one sheet, sheets without a header, spread and split cells."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from assets.raw.explain import explain
from assets.raw.extract import RefusedFile, extract_tables
from schemas.sources import load_sources
from tests.support import layouts_json as lj
from tests.support import layouts_tables as lt
from tests.support.layouts import PERSON, build_dossiers

SOURCES = load_sources()
SOME = build_dossiers(24)
CODES = [d.code for d in SOME]
TITLES, *LIST = lt.td_rows(SOME)[2:]
Row = Sequence[lt.Cell]


def reorder(row: Row, order: Sequence[int]) -> list[lt.Cell]:
    return [row[i] for i in order]


def two_tables(order: Sequence[int], cut: int = 16) -> list[list[lt.Cell]]:
    """A list, its total, then a list with other columns on the same sheet."""
    second = [reorder(row, order) for row in (TITLES, *LIST[cut:])]
    return [["I. ĐÃ TRẢ"], TITLES, *LIST[:cut], [f"Tổng cộng: {cut}"], [], ["II. ĐANG XỬ LÝ"], *second]


def line(cells: Row, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"


def grouped_page() -> str:
    """Groups, totals and a signature block in cells over several columns, as every portal's page has them."""
    body = [f"<tr><td colspan=12>1. Lĩnh vực năm 2026</td></tr>{line(row)}" for row in LIST]
    sign = "<tr><td colspan=6>NGƯỜI LẬP</td><td colspan=6>CHỦ TỊCH</td></tr>"
    names = f"<tr><td colspan=6>{PERSON}</td><td colspan=6>{PERSON}</td></tr>"
    total = "<tr><td colspan=12>Tổng cộng: 24 hồ sơ</td></tr>"
    return f"<table>{line(TITLES, 'th')}{''.join(body)}{total}{sign}{names}</table>"


def badge_page() -> str:
    """A table in a cell is content of that cell; a table around the list is the page's layout."""
    badge = "<td><table><tr><td>Đang xử lý</td></tr></table></td>"
    body = "".join(line(row).replace("<td>Đang xử lý</td>", badge) for row in LIST)
    return f"<table><tr><td>Menu</td><td><table>{line(TITLES)}{body}</table></td></tr></table>"


def deep_page() -> str:
    head = (
        "<tr><th rowspan=3>STT<th rowspan=3>Mã hồ sơ<th rowspan=3>Thủ tục<th colspan=3>Ngày<th rowspan=3>Trạng thái"
        "<tr><th rowspan=2>Tiếp nhận<th colspan=2>Hẹn<tr><th>trả<th>lại"
    )
    body = "".join(line([n, d.code, d.name, "05/01/2026", "09/01/2026", "", "2"]) for n, d in enumerate(SOME, 1))
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


NARROW = [0, *range(2, 12)]
OTHER_ORDER = [0, 3, 1, 2, 9, 10, 11, 4, 5, 6, 7, 8]
HINTS: list[lt.Cell] = ["", "(chọn)", "", "(bắt buộc)", "", "", "", "", *["dd/mm/yyyy"] * 4]
MARKED = [f"* {TITLES[0]}", *(f"{title} (*)" for title in TITLES[1:8]), *(f"{title}:" for title in TITLES[8:])]
COMMAS = [[*row[:2], f"{row[2]}, a, b, c, d, e, f, g, h, i, k, l, m", *row[3:]] for row in LIST]
SPREAD: list[list[lt.Cell]] = [TITLES, ["Lĩnh vực 2026"] * 12, *LIST, ["Tổng cộng: 24"] * 12]
SYNC = lj.dvcqg_document(SOME)["data"]


def text(content: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_text(content, "utf-8")
        return path

    return write


FILES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "two tables": ("mot_cua", lambda path: lt.write_workbook(path, two_tables(OTHER_ORDER))),
    "two tables as text": ("mot_cua", lambda path: lt.write_csv(path, two_tables(OTHER_ORDER), delimiter=";")),
    "a column less below": ("mot_cua", lambda path: lt.write_workbook(path, two_tables(NARROW, cut=20))),
    "groups in a page": ("mot_cua", text(grouped_page())),
    "table in a cell": ("mot_cua", text(badge_page())),
    "three levels of spans": ("mot_cua", text(deep_page())),
    "groups spread": ("mot_cua", lambda path: lt.write_csv(path, SPREAD)),
    "hints below the titles": ("mot_cua", lambda path: lt.write_workbook(path, [TITLES, HINTS, *LIST])),
    "marked titles": ("mot_cua", lambda path: lt.write_workbook(path, [MARKED, *LIST])),
    "commas inside": ("mot_cua", lambda path: lt.write_csv(path, [["DANH SÁCH"], TITLES, *COMMAS], delimiter=";")),
    "lists in lists": ("dvcqg", text(json.dumps([SYNC[:5], None, SYNC[5:]]))),
    "lists in lines": ("dvcqg", text(f"{json.dumps(SYNC[:9])}\n{json.dumps(SYNC[9:])}\n")),
}


@pytest.mark.parametrize("name", FILES)
def test_every_dossier_and_nothing_else(name: str, tmp_path: Path) -> None:
    source, write = FILES[name]
    path = write(tmp_path / "a.xls")
    table = extract_tables(path, SOURCES[source]).tables["ho_so"]
    assert table["ma_ho_so"].to_list() == CODES
    assert PERSON not in str(table.rows())
    told = explain(path)
    assert (told["nguon"], told["so_dong"]) == (source, 24)


def test_rows_of_a_second_table_are_numbered_as_the_clerk_sees_them(tmp_path: Path) -> None:
    path = lt.write_workbook(tmp_path / "a.xlsx", two_tables(OTHER_ORDER))
    rows = extract_tables(path, SOURCES["mot_cua"]).tables["ho_so"]["_row"].to_list()
    assert rows == [*range(3, 19), *range(23, 31)]


def test_a_list_that_goes_on_without_a_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for sheet, rows in (("Trang 1", [TITLES, *LIST[:10]]), ("Trang 2", LIST[10:])):
            page = book.add_worksheet(sheet)
            for y, row in enumerate(rows):
                page.write_row(y, 0, row)
    with pytest.raises(RefusedFile, match="“Trang 2” viết tiếp danh sách của trang “Trang 1”"):
        extract_tables(path, SOURCES["mot_cua"])
    told = explain(path)
    assert (told["nguon"], told["phat_hien"][0]["ma"]) == ("mot_cua", "TRANG_THIEU_TIEU_DE")


def test_a_page_whose_titles_are_a_table_of_their_own_is_refused(tmp_path: Path) -> None:
    path = text(f"<table>{line(TITLES, 'th')}</table><table>{''.join(map(line, LIST))}</table>")(tmp_path / "a.html")
    with pytest.raises(RefusedFile, match="không có dòng tiêu đề"):
        extract_tables(path, SOURCES["mot_cua"])


def test_explain_shows_the_columns_of_a_refused_file(tmp_path: Path) -> None:
    """What an integrator needs when a new layout arrives: which titles are known, which are not."""
    titles = ["Tình hình" if title == "Trạng thái" else title for title in TITLES]
    told = explain(lt.write_workbook(tmp_path / "a.xlsx", [titles, *LIST]))
    assert (told["nguon"], told["phat_hien"][0]["ma"]) == ("mot_cua", "THIEU_COT_BAT_BUOC")
    assert told["cot"]["Mã hồ sơ"] == "ma_ho_so"
    assert told["khong_nhan_ra"] == ["Tình hình"]
    assert told["dong_tieu_de"] == 1


def unquoted(rows: Sequence[Row], changed: int) -> str:
    """Text without quotes, where one row's address holds the delimiter."""
    lines = [[str(cell or "") for cell in row] for row in rows]
    lines[changed] = [cell.replace("Số 5 Phố", "Số 5, Phố") for cell in lines[changed]]
    return "\n".join(map(",".join, lines))


@pytest.mark.parametrize("rows", [[TITLES, *LIST], lt.demo_rows(SOME)[2:]], ids=["td", "demo"])
@pytest.mark.parametrize("changed", [7, 13])
def test_a_single_row_with_a_cell_too_many_is_refused(rows: Sequence[Row], changed: int, tmp_path: Path) -> None:
    """A name would stand under a date and be kept."""
    path = text(unquoted(rows, changed))(tmp_path / "a.csv")
    with pytest.raises(RefusedFile, match=f"dòng {changed + 1} có ô nằm sai cột"):
        extract_tables(path, SOURCES["mot_cua"])
    told = explain(path)
    assert (told["nguon"], told["so_dong"]) == ("mot_cua", 0)
    assert PERSON not in json.dumps(told, ensure_ascii=False)


def test_words_for_no_date_are_left_to_the_cleaning(tmp_path: Path) -> None:
    rows = [TITLES, *LIST[:-2], [*LIST[-2][:11], "Chưa Có"], [*LIST[-1][:11], "gia hạn"]]
    assert extract_tables(lt.write_csv(tmp_path / "a.csv", rows), SOURCES["mot_cua"]).data_rows == {"ho_so": 24}


def test_known_titles_that_nothing_needs_are_not_told(tmp_path: Path) -> None:
    """What stands under "not recognised" is then really new."""
    told = explain(lt.write_workbook(tmp_path / "a.xlsx", lt.payment_rows(SOME)))
    assert (told["nguon"], told["khong_nhan_ra"], told["phat_hien"]) == ("thanh_toan", [], [])
