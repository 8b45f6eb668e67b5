"""``cchc verify`` as people call it: our own Word file, files of other encodings and kinds, outputs and exit codes.

Expected ids of the demo are worked out by hand from the reference's declared figures (design page "domain" §11): a
sample that is wrong on purpose, and the same one with the two declared errors put right.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import openpyxl
import pytest

from assets.audit import verify_file
from tests.support import homes
from tests.support.audit_report import build, to_text

# form 6: 19 units in two classes (C08), 19 in part self-financed without a level (C09); figures that need a word
DECLARED_ERRORS = {"C08", "C09"}
TO_EXPLAIN = {"A15", "B03", "B05", "D06"}
REPAIR = {("6", "2.5"): 0, ("6", "2.4.3"): 19}


def _ids(path: Path, severity: str) -> list[str]:
    return [found.ma for found in verify_file(path) if found.muc_do == severity]


def _cross_checks(home: Path, severity: str) -> set[str]:
    book = openpyxl.load_workbook(home / "reports" / "2026-6T" / "doi-chieu.xlsx")
    return {row[2] for row in book.active.iter_rows(values_only=True) if row[:2] == ("Không đạt", severity)}


def test_our_own_report_shows_the_declared_errors_and_no_other(demo_home: Path) -> None:
    report = demo_home / "reports" / "2026-6T" / "bao-cao.docx"
    assert set(_ids(report, "E")) == DECLARED_ERRORS == _cross_checks(demo_home, "Lỗi")
    assert set(_ids(report, "W")) == TO_EXPLAIN
    # "all rates are exactly 100 %" is asked of counted figures alone; a finished report cannot show which those are
    assert _cross_checks(demo_home, "Cần giải trình") == {*TO_EXPLAIN, "A18"}


def test_our_own_report_has_no_error_once_its_figures_are_right(own_home: Path) -> None:
    delivered = next((homes.PROJECT / "data" / "demo" / "inbox" / "nhap_tay").glob("*.xlsx"))
    book = openpyxl.load_workbook(delivered)
    repaired = 0
    for row in book.worksheets[0].iter_rows(min_row=2):
        key = (str(row[1].value), str(row[2].value))
        if key in REPAIR:
            row[6].value = REPAIR[key]
            repaired += 1
    assert repaired == len(REPAIR)
    book.save(own_home / "inbox" / "nhap_tay" / "nhap-tay-sua.xlsx")
    homes.run_period(own_home)
    assert _ids(own_home / "reports" / "2026-6T" / "bao-cao.docx", "E") == []


def test_outputs_and_exit_codes(tmp_path: Path) -> None:
    wrong = build(1)
    wrong.text["tong"] += 1
    path = tmp_path / "bao-cao.txt"
    path.write_text(to_text(wrong), "utf-8")
    workbook = tmp_path / "ket-qua.xlsx"
    done = homes.cchc("verify", path, "--json", "--xlsx", workbook)
    assert done.code == 0
    (found,) = json.loads(done.out)
    assert list(found) == ["ma", "muc_do", "vi_tri", "ve_trai", "ve_phai", "dien_giai", "trich"]
    assert found["ma"] == "A01"
    rows = list(openpyxl.load_workbook(workbook).active.iter_rows(values_only=True))
    assert any("A01" in row for row in rows)
    table = homes.cchc("verify", path, "--strict")
    assert table.code == 1
    assert "A01" in table.out
    assert max(map(len, table.out.splitlines())) <= 100
    path.write_text(to_text(build(1)), "utf-8")
    clean = homes.cchc("verify", path, "--strict")
    assert (clean.code, clean.out) == (0, "bao-cao.txt: không phát hiện lỗi nào.\n")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rong.txt", b"", 3),
        ("truyen.txt", "Ngày xưa có một cô bé.\n".encode() * 40, 3),
        ("cu.doc", b"\xd0\xcf\x11\xe0" + b"0" * 600, 3),
        ("khong-co.docx", None, 2),
    ],
)
def test_what_is_no_report_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, code: int
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = homes.cchc("verify", tmp_path / name, "--json")
    assert (done.code, done.out) == (code, "")
    assert len(done.err.strip().splitlines()) == 1
    assert name in done.err


@pytest.mark.system("pdftotext")
def test_a_scanned_page_has_no_text(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(_PAGE_WITHOUT_TEXT)
    done = homes.cchc("verify", path)
    assert done.code == 3
    assert "bản chụp" in done.err


_PAGE_WITHOUT_TEXT = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
"""


@pytest.mark.system("soffice", "pdftotext")
def test_our_own_report_as_pdf_and_as_its_laid_out_text(demo_home: Path, tmp_path: Path) -> None:
    # cells stand in the middle of their row, a long label touches its unit, notes stand below a form
    word = demo_home / "reports" / "2026-6T" / "bao-cao.docx"
    profile = f"-env:UserInstallation=file://{tmp_path}/lo"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(word)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pdf, text = tmp_path / "bao-cao.pdf", tmp_path / "bao-cao.txt"
    subprocess.run(["pdftotext", "-layout", str(pdf), str(text)], check=True, capture_output=True, timeout=60)
    for path in (pdf, text):
        assert set(_ids(path, "E")) == DECLARED_ERRORS
        assert set(_ids(path, "W")) == TO_EXPLAIN
