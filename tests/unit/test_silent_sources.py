"""A source that lacks a column is named: its dossiers count as "no" although nobody knows."""

from __future__ import annotations

from datetime import datetime

from assets.io.landing import Passport
from assets.out.period import find_silent_sources

ALL = ["ma_ho_so", "phi", "le_phi", "co_file_thanh_phan", "co_file_ket_qua", "thanh_toan_truc_tuyen"]


def delivery(source: str, columns: list[str], rows: int = 5) -> Passport:
    day = datetime(2026, 6, 23)  # noqa: DTZ001 local time
    return Passport(source, f"{source}.dat", source, 1, day, "trong_tep", {"ho_so": rows}, {"ho_so": columns})


def told(*passports: Passport) -> list[tuple[str | None, str]]:
    return [(one.nguon, one.dien_giai.split("cột “")[1].split("”")[0]) for one in find_silent_sources(list(passports))]


def test_only_what_another_source_carries_is_told() -> None:
    few = delivery("igate", ["ma_ho_so"])
    assert told(delivery("mot_cua", ALL), few) == [
        ("igate", "Có tệp kết quả"),
        ("igate", "Có tệp thành phần"),
        ("igate", "Thanh toán trực tuyến"),
    ]
    assert told(few) == []
    assert told(few, delivery("opencps", ["ma_ho_so", "thanh_toan_truc_tuyen"])) == [("igate", "Thanh toán trực tuyến")]


def test_another_delivery_of_the_same_source_or_one_without_rows_is_no_matter() -> None:
    assert told(delivery("mot_cua", ALL), delivery("mot_cua", ["ma_ho_so"])) == []
    assert told(delivery("mot_cua", ALL), delivery("igate", [], rows=0)) == []
