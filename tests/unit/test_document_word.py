"""Filling the template, reading a document back, listing placeholders: with the shipped template and with bad ones."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from assets.io import word
from schemas.document_build import ReportMarks, build_context
from tests.support import document_samples as samples


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    target = tmp_path_factory.mktemp("word") / "bao-cao.docx"
    word.render_report(samples.make_reference(), samples.TEMPLATE, target)
    return target


def save_template(path, *paragraphs):
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for text in [runs] if isinstance(runs, str) else runs:
            paragraph.add_run(text)
    document.save(path)
    return path


def test_the_report_reads_back_in_order(reference):
    text = word.read_text(reference)
    headings = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "BÁO CÁO",
        "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH",
        "II. KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH",
        "III. ĐÁNH GIÁ CHUNG",
        "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ QUÝ III NĂM 2026",
        "Nơi nhận:",
        "TM. ỦY BAN NHÂN DÂN",
        "Phụ lục 3",
        "Biểu mẫu 1",
        "Biểu mẫu 7",
    ]
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)


def test_the_numbers_of_the_text(reference):
    text = word.read_text(reference)
    for sentence in (
        "tổng số TTHC thực hiện trên địa bàn: 2.210 thủ tục",
        "+ Số TTHC cấp tỉnh: 1.775 thủ tục;",
        "+ Số TTHC cấp xã: 314 thủ tục;",
        "+ Số TTHC thuộc cả hai cấp (đã tính ở hai dòng trên): 0 thủ tục;",
        "+ Số TTHC không thuộc cấp tỉnh, cấp xã: 121 thủ tục.",
        "từ ngày 15/12/2025 đến ngày 09/6/2026: 9.275 hồ sơ (không tính hồ sơ của ngành dọc)",
        "+ Tiếp nhận trực tuyến: 9.275 hồ sơ, chiếm tỷ lệ 100%;",
        "+ Trước hạn: 9.269 hồ sơ;",
        "+ Đúng hạn: 6 hồ sơ;",
        "8.358 hồ sơ; số tiền thu được: 84.605.000đ; thanh toán trực tuyến: 8.358/8.358 hồ sơ, đạt 100%.",
    ):
        assert sentence in text


def test_the_annex_rows_and_its_reference_to_the_report(reference):
    lines = word.read_text(reference).splitlines()
    assert "2.\tTỷ lệ hoàn thành Kế hoạch CCHC năm (lũy kế đến thời điểm báo cáo)\t%\t51,9\t27/52" in lines
    assert "3.3.\tTỷ lệ xử lý các vấn đề phát hiện qua kiểm tra\t%\t-\tkhông phát sinh" in lines
    assert "3.1.\tSố sở, ngành đã kiểm tra\tCơ quan, đơn vị\t\tchưa có số liệu" in lines
    assert "\tSố VBQPPL do cấp xã ban hành\tVăn bản\t0\t" in lines
    assert "Số: 329/BC-UBND" in "\n".join(lines)
    assert "(Kèm theo Báo cáo số 329/BC-UBND ngày 09/6/2026 của Ủy ban nhân dân phường Nhị Chiểu)" in lines
    assert any(line.startswith("Cách tính: II06A") for line in lines)


def test_every_row_is_printed_once(reference):
    rows = [line.split("\t") for line in word.read_text(reference).splitlines() if line.count("\t") == 4]
    printed = [cells for cells in rows if cells[0] != "STT" and cells[2] != "Đơn vị tính"]
    assert len(printed) == 18 + 2 + 10 + 10 + 12 + 13 + 16  # counted by hand on the design's page of forms


def test_nothing_is_left_to_fill(reference):
    text = word.read_text(reference)
    assert "{" not in text
    assert "}" not in text


@pytest.mark.parametrize(
    ("sample", "marks"),
    [
        (samples.make_reference, "SỐ LIỆU MẪU"),
        (samples.make_empty, "DỰ THẢO"),
        (samples.make_large, "SỐ LIỆU MẪU - DỰ THẢO"),
        (samples.make_zero, ""),
    ],
)
def test_marks_stand_in_the_header_of_every_page(tmp_path, sample, marks):
    target = tmp_path / "a.docx"
    word.render_report(sample(), samples.TEMPLATE, target)
    for section in Document(str(target)).sections:
        for header in (section.header, section.first_page_header):
            assert "".join(p.text for p in header.paragraphs).replace("2", "") == marks


def test_data_that_end_early_are_said_in_text_and_annex(tmp_path, reference):
    target = tmp_path / "a.docx"
    word.render_report(samples.make_empty(), samples.TEMPLATE, target)
    assert word.read_text(target).count("(Số liệu đến ngày 05/6/2026)") == 2
    assert "Số liệu đến ngày" not in word.read_text(reference)


def test_letters_that_are_markup_survive(tmp_path):
    nasty = "A & B <b>đậm</b> “ngoặc” {{ ky.ten }} {% if %} 5 < 6 > 4 'x' \"y\""
    context = build_context(
        [],
        samples.load_titles(),
        samples.UNIT,
        samples.PERIOD,
        samples.POLICY,
        {"I.1": [nasty]},
        ReportMarks(so="1&2<3"),
    )
    target = tmp_path / "a.docx"
    word.render_report(context, samples.TEMPLATE, target)
    text = word.read_text(target)
    assert nasty in text.splitlines()
    assert "Số: 1&2<3/BC-UBND" in text


def test_same_inputs_same_bytes(tmp_path, reference):
    again = tmp_path / "again.docx"
    word.render_report(samples.make_reference(), samples.TEMPLATE, again)
    assert again.read_bytes() == reference.read_bytes()


def test_properties_carry_the_period_and_no_clock(reference):
    properties = Document(str(reference)).core_properties
    assert properties.title == "Báo cáo kết quả cải cách hành chính 6 tháng đầu năm 2026"
    assert "15/12/2025" in properties.subject
    for word_ in ("ky=2026-6T", "ngay_chot=2026-06-09", "chinh_sach=II06A", "phien_ban_du_lieu=0f3a", "SỐ LIỆU MẪU"):
        assert word_ in properties.keywords
    assert properties.created.date() == properties.modified.date() == date(2026, 6, 9)
    assert properties.author == properties.last_modified_by == "Ủy ban nhân dân phường Nhị Chiểu"


def test_a_failed_render_leaves_the_old_report(tmp_path):
    target = tmp_path / "bao-cao.docx"
    target.write_bytes(b"old")
    template = save_template(tmp_path / "mau.docx", "{{ ky.tenn }}")
    with pytest.raises(word.TemplateError, match=r"mau\.docx.*ky\.tenn \(có phải ky\.ten\?\).*template --check"):
        word.render_report(samples.make_reference(), template, target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bao-cao.docx", "mau.docx"]


@pytest.mark.parametrize("text", ["{{ ky.ten", "{% for x in doan.i_1 %}{{ x }}", "{{ khong_co }}"])
def test_a_badly_written_template_is_one_vietnamese_message(tmp_path, text):
    with pytest.raises(word.TemplateError, match="Mẫu Word"):
        word.render_report(samples.make_reference(), save_template(tmp_path / "mau.docx", text), tmp_path / "a.docx")


def test_a_template_cannot_run_code(tmp_path):
    template = save_template(tmp_path / "mau.docx", "{{ ky.__class__.__mro__ }}")
    with pytest.raises(word.TemplateError):
        word.render_report(samples.make_reference(), template, tmp_path / "a.docx")


@pytest.mark.parametrize("content", [b"", b"khong phai Word", None])
def test_a_file_that_is_no_word_document(tmp_path, content):
    path = tmp_path / "mau.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(word.TemplateError, match=r"mau\.docx"):
        word.list_placeholders(path)


def test_placeholders_are_found_across_runs_loops_and_conditions(tmp_path):
    template = save_template(
        tmp_path / "mau.docx",
        ["{{ ky", ".te", "n }}"],
        "{% for b in bieu_mau %}{% for h in b.hang %}{{ h.stt_in|upper }}{{ loop.index }}{% endfor %}{% endfor %}",
        "{% if la_du_thao and not van_ban.so %}x{% endif %}",
    )
    assert word.list_placeholders(template) == {"ky.ten", "bieu_mau.hang.stt_in", "la_du_thao", "van_ban.so"}


def test_check_template_names_the_misspelt_and_the_missing(tmp_path):
    found = word.check_template(save_template(tmp_path / "mau.docx", "{{ ky.tem }} {{ don_vi.dia_danh }} {{ zzz }}"))
    assert found.la == {"ky.tem": "ky.ten", "zzz": ""}
    assert "ky.ten" in found.thieu
    assert "don_vi.dia_danh" not in found.thieu


def test_write_package_is_independent_of_the_clock(tmp_path):
    buffer = io.BytesIO()
    Document().save(buffer)
    word.write_package(buffer.getvalue(), tmp_path / "a.docx")
    word.write_package((tmp_path / "a.docx").read_bytes(), tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
