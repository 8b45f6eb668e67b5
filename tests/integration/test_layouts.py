"""The same 2.000 dossiers in every layout give the same values wherever the layout has the fields (sources.md §2)."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from assets.core.ho_so import clean_dossiers
from assets.core.thanh_toan import clean_payments
from assets.io.landing import Passport
from assets.raw.explain import explain
from assets.raw.extract import Extraction, RefusedFile, extract_tables
from assets.raw.ingest import find_better_source
from schemas.export import empty_frame
from schemas.registry import find_table
from schemas.sources import load_sources
from schemas.unit import UnitRules
from tests.support import layouts_json as lj
from tests.support import layouts_tables as lt
from tests.support.layouts import ADDRESS, EXPORT_DAY, PERSON, PHONE, Dossier, build_dossiers

SOURCES = load_sources()
DOSSIERS = build_dossiers()
FEW = DOSSIERS[:40]
Write = Callable[[Path, list[Dossier]], Path]

# layout -> (source, writer, what it carries of a dossier)
BASE = "ngay_tiep_nhan ngay_hen_tra ten_tthc"
OPENCPS = (
    f"{BASE} ma_tthc linh_vuc kenh trang_thai ngay_nop ngay_ket_thuc ngay_tra ngay_hen_tra_moi ket_cuc ngay_ket_cuc"
)
LAYOUTS: dict[str, tuple[str, Write, str]] = {
    "demo": (
        "mot_cua",
        lambda path, some: lt.write_workbook(path.with_suffix(".xlsx"), lt.demo_rows(some), [(2, 11, 2, 15)]),
        f"{BASE} ma_tthc linh_vuc kenh trang_thai ngay_nop ngay_ket_thuc ngay_tra phi le_phi thanh_toan_truc_tuyen "
        "co_file_thanh_phan co_file_ket_qua ket_cuc ngay_ket_cuc",
    ),
    "td": (
        "mot_cua",
        lambda path, some: lt.write_workbook(path.with_suffix(".xlsx"), lt.td_rows(some), [(0, 0, 0, 5)]),
        f"{BASE} trang_thai ngay_nop ngay_ket_thuc ket_cuc ngay_ket_cuc",
    ),
    "overdue": (
        "mot_cua",
        lambda path, some: lt.write_workbook(path.with_suffix(".xlsx"), lt.overdue_rows(some), [(0, 0, 0, 5)]),
        f"{BASE} linh_vuc trang_thai ngay_ket_thuc ket_cuc ngay_ket_cuc",
    ),
    "provincial": (
        "mot_cua",
        lambda path, some: lt.write_workbook(path.with_suffix(".xlsx"), lt.provincial_rows(some)),
        f"{BASE} linh_vuc trang_thai ngay_ket_thuc ket_cuc ngay_ket_cuc",
    ),
    "book": (
        "so_theo_doi",
        lambda path, some: lt.write_workbook(path.with_suffix(".xlsx"), lt.book_rows(some), lt.BOOK_MERGES),
        f"{BASE} ngay_tra",
    ),
    "book_csv": (
        "so_theo_doi",
        lambda path, some: lt.write_csv(path, lt.book_rows(some), delimiter=";", encoding="utf-16"),
        f"{BASE} ngay_tra",
    ),
    "dvcqg": (
        "dvcqg",
        lambda path, some: lj.write_json(path, lj.dvcqg_document(some)),
        f"{BASE} ma_tthc linh_vuc kenh trang_thai ngay_nop ngay_ket_thuc ngay_tra phi le_phi thanh_toan_truc_tuyen "
        "co_file_thanh_phan co_file_ket_qua so_lan_bo_sung ngay_hen_tra_moi ket_cuc ngay_ket_cuc",
    ),
    "opencps_csv": (
        "opencps",
        lambda path, some: lt.write_csv(path, lt.opencps_rows(some), encoding="utf-8-sig"),
        OPENCPS,
    ),
    "opencps_json": (
        "opencps",
        lambda path, some: lj.write_json(path, lj.opencps_document(some)),
        OPENCPS,
    ),
    "igate": ("igate", lambda path, some: lj.write_json(path, lj.igate_document(some)), f"{BASE} linh_vuc trang_thai"),
}


def expect(dossiers: Iterable[Dossier]) -> pl.DataFrame:
    """What every column must hold, straight from the invented dossiers."""

    def day(moment: datetime | None) -> date | None:
        return moment.date() if moment else None

    def outcome(d: Dossier) -> str | None:
        return {7: "rut", 9: "ket_qua", 10: "ket_qua"}.get(d.status)

    return pl.DataFrame(
        [
            {
                "ma_ho_so": d.code, "ma_tthc": d.procedure, "ten_tthc": d.name, "linh_vuc": d.field, "kenh": d.channel,
                "trang_thai": d.status, "ngay_nop": day(d.submitted), "ngay_tiep_nhan": day(d.received),
                "ngay_hen_tra": day(d.due), "ngay_ket_thuc": day(d.ended), "ngay_tra": day(d.returned), "phi": d.fee,
                "le_phi": d.charge, "thanh_toan_truc_tuyen": d.paid_online, "co_file_thanh_phan": d.has_components,
                "co_file_ket_qua": d.has_result, "so_lan_bo_sung": d.supplements, "ngay_hen_tra_moi": day(d.new_due),
                "ket_cuc": outcome(d), "ngay_ket_cuc": day(d.ended),
            }
            for d in dossiers
        ],
        infer_schema_length=None,
    ).sort("ma_ho_so")  # fmt: skip


def passport(source: str, name: str, table: pl.DataFrame) -> Passport:
    when = datetime(EXPORT_DAY.year, EXPORT_DAY.month, EXPORT_DAY.day)  # noqa: DTZ001
    return Passport(source, "tep", table["_file_sha256"][0], 1, when, "trong_tep", {name: table.height})


def clean(source: str, extraction: Extraction) -> tuple[pl.DataFrame, pl.DataFrame]:
    table = extraction.tables["ho_so"]
    delivery = [(passport(source, "ho_so", table), table)]
    cleaned = clean_dossiers(
        delivery, empty_frame(find_table("core.thu_tuc")), UnitRules(nganh_doc=("Công an phường",))
    ).dossiers
    return cleaned.frame, cleaned.findings


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_dossiers_in_every_layout(layout: str, tmp_path: Path) -> None:
    source, write, carried = LAYOUTS[layout]
    extraction = extract_tables(write(tmp_path / f"{layout}.dat", DOSSIERS), SOURCES[source])
    frame, findings = clean(source, extraction)
    columns = ["ma_ho_so", *carried.split()]
    wanted = expect(DOSSIERS).select(pl.col(name).cast(frame.schema[name]) for name in columns)
    for name in columns:
        assert frame[name].to_list() == wanted[name].to_list(), name
    assert frame.height == 2000
    odd = {"TRANG_THAI_LA", "KENH_LA", "NGAY_KHONG_DOC_DUOC", "SO_TIEN_KHONG_DOC_DUOC", "CO_KHONG_LA"}
    assert odd.isdisjoint(findings["ma"].to_list())


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nobody_passes_and_the_file_is_told(layout: str, tmp_path: Path) -> None:
    source, write, _ = LAYOUTS[layout]
    path = write(tmp_path / f"{layout}.dat", FEW)
    extraction = extract_tables(path, SOURCES[source])
    kept = "".join(str(row) for table in extraction.tables.values() for row in table.iter_rows()) + repr(extraction)
    assert not [secret for secret in (PERSON, PHONE, ADDRESS, "example.invalid") if secret in kept]
    assert find_better_source(SOURCES[source], extraction) is None
    told = explain(path)
    assert (told["nguon"], told["bang"]) == (source, "ho_so")
    assert told["so_dong"] == len(FEW) + (layout == "provincial")
    assert PERSON not in json.dumps(told, ensure_ascii=False)


def test_the_damaged_build_is_refused(tmp_path: Path) -> None:
    path = lt.write_workbook(tmp_path / "a.xlsx", lt.damaged_rows(FEW))
    with pytest.raises(RefusedFile, match="lệch cột"):
        extract_tables(path, SOURCES["mot_cua"])


def test_the_book_has_no_status(tmp_path: Path) -> None:
    """Handed over is 10, all else is open: the book says no more."""
    path = lt.write_workbook(tmp_path / "a.xlsx", lt.book_rows(DOSSIERS), lt.BOOK_MERGES)
    frame, findings = clean("so_theo_doi", extract_tables(path, SOURCES["so_theo_doi"]))
    returned = {d.code for d in DOSSIERS if d.returned}
    assert set(frame.filter(pl.col("trang_thai") == 10)["ma_ho_so"]) == returned
    assert set(frame.filter(pl.col("ket_cuc") == "ket_qua")["ma_ho_so"]) == returned
    assert set(frame.filter(~pl.col("ma_ho_so").is_in(list(returned)))["trang_thai"]) == {4}
    assert "TRANG_THAI_LA" not in findings["ma"].to_list()


def test_payments(tmp_path: Path) -> None:
    path = lt.write_workbook(tmp_path / "a.xlsx", lt.payment_rows(DOSSIERS))
    extraction = extract_tables(path, SOURCES["thanh_toan"])
    table = extraction.tables["thanh_toan"]
    assert PERSON not in str(table.rows())
    delivery = passport("thanh_toan", "thanh_toan", table)
    known = pl.Series("ma_ho_so", [d.code for d in DOSSIERS])
    cleaned = clean_payments([(delivery, table), (delivery, table)], known)
    paid = [d for d in DOSSIERS if d.fee + d.charge]
    assert (cleaned.frame.height, cleaned.frame["tong"].sum()) == (len(paid), sum(d.fee + d.charge for d in paid))
    assert (cleaned.frame["phi"].sum(), cleaned.frame["ngay_thu"].null_count()) == (sum(d.fee for d in paid), 0)
    [counts] = cleaned.accounts.rows(named=True)
    assert counts["so_dong_core"] + counts["so_dong_thay_the"] + counts["so_dong_loai"] == 2 * table.height
    assert cleaned.findings.is_empty()
    assert explain(path)["nguon"] == "thanh_toan"


@pytest.mark.parametrize("word", ["interoperating", "posting"])
def test_a_status_of_opencps_without_a_national_meaning_is_a_finding(word: str, tmp_path: Path) -> None:
    titles, row = lt.opencps_rows(FEW[:1])
    row[13] = word
    frame, findings = clean(
        "opencps", extract_tables(lt.write_csv(tmp_path / "a.csv", [titles, row]), SOURCES["opencps"])
    )
    assert frame["trang_thai"].to_list() == [None]
    assert "TRANG_THAI_LA" in findings["ma"].to_list()


def test_waiting_days_of_the_national_sync(tmp_path: Path) -> None:
    path = lj.write_json(tmp_path / "a.json", lj.dvcqg_document(DOSSIERS))
    frame, _ = clean("dvcqg", extract_tables(path, SOURCES["dvcqg"]))
    waited = {d.code: d.supplements or None for d in DOSSIERS}  # a day each
    assert dict(frame.select("ma_ho_so", "so_ngay_cho_bo_sung").iter_rows()) == waited


# --- containers and encodings ---


def pack_gzip(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


def pack_zip(path: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.write(path, "thư mục/danh sách.dat")
    return packed.getvalue()


@pytest.mark.parametrize("pack", [pack_gzip, pack_zip])
@pytest.mark.parametrize("layout", ["td", "book_csv", "dvcqg", "igate"])
def test_one_level_of_packing(layout: str, pack: Callable[[Path], bytes], tmp_path: Path) -> None:
    source, write, _ = LAYOUTS[layout]
    packed = tmp_path / "packed.xlsx"
    packed.write_bytes(pack(write(tmp_path / f"{layout}.dat", FEW)))
    assert extract_tables(packed, SOURCES[source]).data_rows == {"ho_so": len(FEW)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1258"])
def test_text_tables(encoding: str, delimiter: str, tmp_path: Path) -> None:
    import unicodedata

    rows = lt.td_rows(FEW)
    if encoding == "windows-1258":  # this code page writes tones as letters of their own
        rows = [[to_1258(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    path = lt.write_csv(tmp_path / "a.xls", rows, delimiter=delimiter, encoding=encoding)
    table = extract_tables(path, SOURCES["mot_cua"]).tables["ho_so"]
    assert table.height == len(FEW)
    assert {unicodedata.normalize("NFC", name) for name in table["ten_tthc"]} == {d.name for d in FEW}


def to_1258(text: str) -> str:
    """Split the tone off where windows-1258 has no letter with it."""
    import unicodedata

    def split(letter: str) -> str:
        try:
            letter.encode("windows-1258")
        except UnicodeEncodeError:
            spread = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in spread if mark in "\u0300\u0301\u0303\u0309\u0323")
            return unicodedata.normalize("NFC", spread.replace(tone, "")) + tone
        return letter

    return "".join(split(letter) for letter in text)


# --- the wrong folder ---


@pytest.mark.parametrize(
    ("layout", "folder"),
    [
        ("opencps_json", "dvcqg"),
        ("opencps_csv", "mot_cua"),
        ("dvcqg", "opencps"),
        ("igate", "dvcqg"),
        ("td", "so_theo_doi"),
        ("book", "mot_cua"),
        ("igate", "opencps"),
        ("demo", "igate"),
        ("dvcqg", "mot_cua"),
    ],
)
def test_a_list_in_the_wrong_folder_is_refused_with_the_right_one(layout: str, folder: str, tmp_path: Path) -> None:
    from assets.io.home import Home
    from assets.raw.ingest import ingest_source

    home = Home(tmp_path / "home")
    home.prepare(tuple(SOURCES))
    source, write, _ = LAYOUTS[layout]
    write(home.inbox / folder / "a.dat", FEW)
    [refusal] = ingest_source(home, SOURCES[folder]).tu_choi
    [finding] = refusal.phat_hien
    assert finding.ma == "TEP_SAI_THU_MUC"
    assert f"inbox/{source}" in finding.dien_giai + (finding.cach_sua or "")
