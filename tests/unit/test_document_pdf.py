"""Word to PDF: every page of difficult reports through LibreOffice, its fonts, and what happens without it."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess

import pypdf
import pytest

from assets.io import pdf, word
from tests.support import document_samples as samples

needs_soffice = [
    pytest.mark.system("LibreOffice"),
    pytest.mark.skipif(pdf.find_soffice() is None, reason="LibreOffice is not installed"),
]


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pdf")
    word.render_report(samples.make_large(), samples.TEMPLATE, folder / "bao-cao.docx")
    pdf.convert_to_pdf(folder / "bao-cao.docx", folder / "bao-cao.pdf")
    return folder / "bao-cao.pdf"


class TestWithLibreOffice:
    pytestmark = needs_soffice

    def test_every_page_is_a4_marked_and_filled(self, reference):
        pages = pypdf.PdfReader(reference).pages
        for page in pages:
            assert float(page.mediabox.width) == pytest.approx(595.3, abs=1)
            assert float(page.mediabox.height) == pytest.approx(841.9, abs=1)
            text = page.extract_text()
            assert "SỐ LIỆU MẪU - DỰ THẢO" in text
            assert len(text) > 150, "a page with nothing but its header"

    def test_page_numbers_are_hidden_on_first_pages_and_restart_in_the_annex(self, reference):
        texts = [page.extract_text().strip() for page in pypdf.PdfReader(reference).pages]
        numbers = [
            int(found[0]) if (found := re.findall(r"^(\d{1,2})\s*$", text, re.M)[:1]) else None for text in texts
        ]
        annex = next(place for place, text in enumerate(texts) if "Phụ lục 3" in text)
        assert [numbers[0], numbers[annex]] == [None, None]
        assert numbers[1:annex] == list(range(2, annex + 1))
        assert numbers[annex + 1 :] == list(range(2, len(texts) - annex + 1))

    def test_the_signature_does_not_stand_alone(self, reference):
        (page,) = [text for page in pypdf.PdfReader(reference).pages if "Nơi nhận" in (text := page.extract_text())]
        assert "./." in page
        assert "PHÓ CHỦ TỊCH" in page
        assert "Nguyễn Thị Thử Nghiệm" in page

    def test_a_form_shows_its_header_on_its_page(self, reference):
        texts = [page.extract_text() for page in pypdf.PdfReader(reference).pages]
        for page in texts[next(i for i, text in enumerate(texts) if "Phụ lục 3" in text) :]:
            assert page.count("Kết quả thống kê") == page.count("Biểu mẫu ") >= 1

    @pytest.mark.skipif(shutil.which("pdffonts") is None, reason="poppler-utils is not installed")
    def test_one_font_holds_every_letter(self, reference):
        listed = subprocess.run(["pdffonts", reference], capture_output=True, text=True, check=True).stdout
        families = {line.split()[0].split("+")[-1].split("-")[0] for line in listed.splitlines()[2:]}
        assert len(families) == 1, families
        assert families <= {"LiberationSerif", "TimesNewRomanPSMT", "TimesNewRoman", "Tinos"}


def test_without_libreoffice_one_vietnamese_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pdf.PdfError, match=r"^Chưa cài LibreOffice.*libreoffice-writer.*\.$") as caught:
        pdf.convert_to_pdf(tmp_path / "a.docx", tmp_path / "a.pdf")
    assert str(caught.value).count(".") <= 1
    assert not (tmp_path / "a.pdf").exists()


def test_a_converter_that_fails_leaves_the_old_pdf(monkeypatch, tmp_path):
    program = tmp_path / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 77\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    with pytest.raises(pdf.PdfError, match=r"a\.docx.*77"):
        pdf.convert_to_pdf(tmp_path / "a.docx", target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "bin"]


def test_a_converter_that_hangs_is_stopped(monkeypatch, tmp_path):
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexec sleep 30\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(pdf, "_TIMEOUT_SECONDS", 0.2)
    with pytest.raises(pdf.PdfError, match="không chuyển xong"):
        pdf.convert_to_pdf(tmp_path / "a.docx", tmp_path / "a.pdf")
