"""A whole run with a catalogue that knows time limits: the comparison is published, official figures follow paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl

from tests.support.homes import query, read_values, run_period

LIST = [
    ["Mã hồ sơ", "Mã TTHC", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"],
    # limit 3: due Thu 11/6
    ["H24.150-260608-0001", "1.000001", "08/06/2026", "11/06/2026", "", "Đang xử lý"],
    # received Wed 29/4: due Wed 06/5; the portal forgot 30/4 and 01/5 and promised Mon 04/5; done on 05/5
    ["H24.150-260429-0002", "1.000001", "29/04/2026", "04/05/2026", "05/05/2026", "Đã xử lý xong"],
    ["H24.150-260608-0003", "1.000002", "08/06/2026", "30/06/2026", "", "Đang xử lý"],  # no limit known
]
CATALOGUE = [
    ["Mã TTHC", "Tên TTHC", "Cấp thực hiện", "Thời hạn giải quyết"],
    ["1.000001", "Thủ tục thử một", "Cấp xã", "03 ngày làm việc"],
    ["1.000002", "Thủ tục thử hai", "Cấp xã", ""],
]


def make_book(rows: Sequence[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_comparison_is_published_beside_the_official_figures(make_inbox: Callable[..., Path]) -> None:
    files = {"mot_cua/ho-so-2026-06-20.xlsx": make_book(LIST), "tthc/tthc-2026-01-01.xlsx": make_book(CATALOGUE)}
    home = make_inbox(files)
    run_period(home, "2026-6T", date(2026, 6, 14))
    rows = query(
        home,
        "select ma_ho_so, ngay_hen_tra, ngay_hen_tra_tinh_lai, lech_ngay_lam_viec, ly_do_lech"
        " from mart.hen_tra_tinh_lai order by 1",
    )
    assert rows == [
        ("H24.150-260429-0002", date(2026, 5, 4), date(2026, 5, 6), -2, "quen_lich_nghi"),
        ("H24.150-260608-0001", date(2026, 6, 11), date(2026, 6, 11), 0, "khop"),
    ]
    check = "select ket_qua, muc_do, ve_trai, ve_phai from out.doi_chieu where ma = 'H01_HEN_TRA_TINH_LAI'"
    assert set(query(home, check)) == {("khong_dat", "W", 1.0, 2.0)}
    ((said,),) = query(home, "select dien_giai from out.phat_hien_ky where ma = 'HEN_TRA_KHAC_LICH'")
    assert said.startswith("1 hồ sơ")
    assert "30/4/2026, 01/5/2026" in said
    official = {row["stt"]: row["so_lieu"] for row in read_values(home) if row["bieu"] == "II.2"}
    assert official["3.3"] == 1, "done on 05/5, one day after the printed 04/5: late, whatever the calendar says"
