"""The same dossiers give the same values: run twice, dropped twice, shuffled, split into ten files."""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl
import pytest

from tests.support import demo_data, homes
from tests.support.demo_records import DossierRow
from tests.support.demo_workbooks import write_mot_cua


def read_all(home: Path) -> dict[str, list[dict[str, object]]]:
    return {policy: homes.read_values(home, policy=policy) for policy in homes.POLICIES}


def read_dossiers(home: Path) -> pl.DataFrame:
    """core.ho_so without the place its rows were read from."""
    return pl.read_parquet(home / "core" / "ho_so.parquet").drop("_file_sha256", "_sheet", "_row").sort("ma_ho_so")


def read_accounts(home: Path) -> tuple[object, ...]:
    """Rows delivered, kept, superseded and rejected of all lists of dossiers together."""
    (sums,) = homes.query(
        home,
        "select sum(so_dong_vao), sum(so_dong_core), sum(so_dong_thay_the), sum(so_dong_loai)"
        " from core.giao_nop where nguon = 'mot_cua'",
    )
    return sums


def test_a_second_run_changes_no_value_and_is_recorded(own_home: Path) -> None:
    values, numbers = read_all(own_home), homes.read_number_table(own_home)
    (first,) = homes.query(own_home, "select run_id, input_hash, phien_ban from out.lan_chay")
    request = homes.run_period(own_home)
    assert read_all(own_home) == values
    assert homes.read_number_table(own_home) == numbers
    runs = homes.query(own_home, "select run_id, input_hash, phien_ban from out.lan_chay order by thoi_diem, phien_ban")
    assert runs == [first, (request.run_id, first[1], "v000002")]

    again = own_home / "inbox" / "mot_cua" / "tháng 6" / "danh sách gửi lại.xlsx"
    again.parent.mkdir()
    again.write_bytes(homes.find_mot_cua(own_home).read_bytes())
    homes.run_period(own_home)
    assert not again.exists(), "known content leaves the inbox"
    assert read_all(own_home) == values
    assert homes.read_number_table(own_home) == numbers
    assert homes.query(own_home, "select count(*), count(distinct input_hash) from out.lan_chay") == [(3, 1)]
    assert homes.query(own_home, "select ten_tep from core.giao_nop where nguon = 'mot_cua'") == [
        (demo_data.MOT_CUA.name,)
    ]


@pytest.mark.parametrize("parts", [10])
def test_shuffled_and_split_lists_give_the_same_values(demo_home: Path, tmp_path: Path, parts: int) -> None:
    rows: list[DossierRow] = list(demo_data.build_records().dossiers)
    Random(parts).shuffle(rows)
    home = tmp_path / "home"
    demo_data.write_inbox(home / "inbox")
    (home / "inbox" / demo_data.MOT_CUA).unlink()
    for part in range(parts):
        write_mot_cua(rows[part::parts], home / "inbox" / "mot_cua" / f"phan-{part}.xlsx", shuffle=part)
    homes.run_period(home)
    assert homes.query(home, "select count(*) from core.giao_nop where nguon = 'mot_cua'") == [(parts,)]
    for policy, values in read_all(demo_home).items():
        assert homes.read_values(home, policy=policy) == values
    assert homes.read_number_table(home) == homes.read_number_table(demo_home)
    assert read_dossiers(home).equals(read_dossiers(demo_home))
    assert read_accounts(home) == read_accounts(demo_home)
