"""A correction from the home's folder to the published database: the row counts again and the finding says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.support import homes

UNREADABLE = "NGAY_TIEP_NHAN_KHONG_DOC_DUOC"
ENTRY = """
[[correction]]
source = "mot_cua"
key = "{code}"
column = "ngay_tiep_nhan"
expect = "{cell}"
replace = "05/01/2026"
reason = "gõ nhầm tháng, theo giấy tiếp nhận"
reported_to = "đơn vị vận hành cổng"
date = 2026-06-10
"""


def read_findings(home: Path) -> dict[str, int]:
    return dict(homes.query(home, "select ma, count(*) from core.phat_hien group by ma"))


def test_a_corrected_dossier_counts_until_the_source_changes(own_home: Path) -> None:
    ((code, text),) = homes.query(
        own_home,
        "select ma_ho_so, dien_giai from core.phat_hien where ma = ? and dien_giai like '%“32/05/2026”%'",
        [UNREADABLE],
    )
    assert homes.query(own_home, "select 1 from core.ho_so where ma_ho_so = ?", [code]) == [], text
    before = read_findings(own_home)
    file = own_home / "corrections" / "ngay.toml"
    file.parent.mkdir()
    file.write_text(ENTRY.format(code=code, cell="32/05/2026"), "utf-8")
    homes.run_period(own_home)
    assert homes.query(own_home, "select ngay_tiep_nhan from core.ho_so where ma_ho_so = ?", [code]) == [
        (date(2026, 1, 5),)
    ]
    changed = {name: count for name, count in read_findings(own_home).items() if before.get(name) != count}
    assert changed == {UNREADABLE: before[UNREADABLE] - 1, "DINH_CHINH_DA_AP_DUNG": 1}
    assert homes.query(own_home, "select count(distinct input_hash) from out.lan_chay") == [(2,)]

    file.write_text(ENTRY.format(code=code, cell="31/04/2026"), "utf-8")
    homes.run_period(own_home)
    assert homes.query(own_home, "select 1 from core.ho_so where ma_ho_so = ?", [code]) == []
    assert read_findings(own_home) == before | {"DINH_CHINH_HET_HIEU_LUC": 1}

    file.write_text("[[correction]]\nsource = 1\n", "utf-8")
    refused = homes.cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert (refused.code, "ngay.toml, mục [[correction]] thứ 1" in refused.err) == (2, True)
