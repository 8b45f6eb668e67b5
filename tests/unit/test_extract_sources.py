"""The gate on the other sources and on real files, and what explain says of a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assets.raw.explain import explain
from assets.raw.extract import RefusedFile, extract_tables
from schemas.sources import parse_source
from tests.support.extraction import SOURCES, extract
from tests.support.sheet_samples import DEMO, write_xlsx

# --- the other sources ---


def test_catalogue() -> None:
    titles = [
        "Mã TTHC",
        "Tên TTHC",
        "Lĩnh vực",
        "Cấp thực hiện",
        "Mức độ",
        "Đủ điều kiện toàn trình",
        "Thực hiện tại Bộ phận Một cửa",
        "Phi địa giới",
        "Có phí, lệ phí",
        "Thanh toán trực tuyến",
        "Không có kết quả",
        "Tình trạng",
        "Quyết định công bố",
    ]
    row = [
        "1.004873",
        "Xác nhận",
        "Hộ tịch",
        "Cấp tỉnh; Cấp xã",
        "4",
        "Có",
        "x",
        "1",
        "",
        "Có",
        "Không",
        "Công khai",
        "QĐ 1",
    ]
    extraction = extract([["DANH MỤC"], titles, row, ["Tổng số", "1"]], "tthc")
    assert extraction.tables["thu_tuc"].drop("_file_sha256", "_sheet").rows(named=True) == [
        {
            "ma_tthc": "1.004873",
            "ten_tthc": "Xác nhận",
            "linh_vuc": "Hộ tịch",
            "cap_thuc_hien": "Cấp tỉnh; Cấp xã",
            "muc_do": "4",
            "du_dieu_kien_toan_trinh": "Có",
            "tai_mot_cua": "x",
            "phi_dia_gioi": "1",
            "co_phi": None,
            "thanh_toan_truc_tuyen": "Có",
            "khong_co_ket_qua": "Không",
            "tinh_trang": "Công khai",
            "quyet_dinh_cong_bo": "QĐ 1",
            "_row": 3,
        }
    ]


def test_petitions_leave_their_text_behind() -> None:
    titles = [
        "STT",
        "Mã PAKN",
        "Nội dung",
        "Ngày tiếp nhận",
        "Hạn xử lý",
        "Ngày xử lý xong",
        "Trạng thái",
        "Đánh giá hài lòng",
    ]
    row = ["1", "PAKN-1", "Ông Thử phản ánh", "02/01/2026", "23/01/2026", "05/01/2026", "Xong", "Hài lòng"]
    extraction = extract([titles, row], "pakn")
    assert extraction.tables["pakn"].row(0)[:6] == (
        "PAKN-1",
        "02/01/2026",
        "23/01/2026",
        "05/01/2026",
        "Xong",
        "Hài lòng",
    )
    assert extraction.unmapped == []
    assert "Thử" not in repr(extraction)


def test_declared_figures_and_paragraphs(tmp_path: Path) -> None:
    figures = [
        ["SỐ LIỆU KHAI BÁO"],
        [
            "Kỳ báo cáo",
            "Biểu mẫu",
            "STT",
            "Chỉ tiêu thống kê",
            "Đơn vị tính",
            "Kỳ trước",
            "Số liệu",
            "Người khai",
            "Ngày khai",
            "Căn cứ",
        ],
        ["2026-6T", "2", "1", "Tổng số cơ quan", "Cơ quan", "3", 4, "Văn phòng", "08/06/2026", "QĐ 1"],
        ["2026-6T", "2", "1.1", "Trong đó: chuyên môn", "Cơ quan", None, None, None, None, None],
    ]
    paragraphs = [
        ["Kỳ báo cáo", "Mục", "Thứ tự", "Nội dung", "Người viết", "Ngày viết"],
        ["2026-6T", "I.1", 1, "Tổng số: 5 văn bản.\nNgày 09 tháng 6 năm 2026", "Văn phòng", "08/06/2026"],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"Hướng dẫn": [["Điền vào"]], "Số liệu": figures, "Đoạn văn": paragraphs})
    extraction = extract_tables(path, SOURCES["nhap_tay"])
    assert extraction.data_rows == {"nhap_tay": 2, "doan_van": 1}
    figures_read = extraction.tables["nhap_tay"]
    assert figures_read.columns[:10] == [
        "ky",
        "bieu",
        "stt",
        "chi_tieu",
        "don_vi_tinh",
        "ky_truoc",
        "so_lieu",
        "nguoi_khai",
        "ngay_khai",
        "can_cu",
    ]
    assert figures_read.select("stt", "chi_tieu", "so_lieu", "_row").rows() == [
        ("1", "Tổng số cơ quan", "4", 3),
        ("1.1", "Trong đó: chuyên môn", None, 4),
    ]
    assert extraction.tables["doan_van"].select("muc", "thu_tu", "noi_dung").rows() == [
        ("I.1", "1", "Tổng số: 5 văn bản.\nNgày 09 tháng 6 năm 2026")
    ]
    assert extraction.findings == []


def test_declared_sheet_that_lacks_a_column(tmp_path: Path) -> None:
    paragraphs = [
        ["Kỳ báo cáo", "Mục", "Thứ tự", "Nội dung", "Người viết", "Ngày viết"],
        ["2026-6T", "I.1", 1, "x", "y", "z"],
    ]
    figures = [["Kỳ báo cáo", "Biểu mẫu", "STT", "Chỉ tiêu thống kê"], ["2026-6T", "2", "1", "x"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"Số liệu": figures, "Đoạn văn": paragraphs})
    with pytest.raises(RefusedFile) as caught:
        extract_tables(path, SOURCES["nhap_tay"])
    assert "“Số liệu”" in str(caught.value)


def test_a_new_source_is_a_toml() -> None:
    spec = parse_source(
        """
ma = "moi"
ten = "nguồn mới"
[[tables]]
bang = "ho_so"
key = "ma_ho_so"
required = ["ma_ho_so", "mau"]
use = ["ma_ho_so"]
[tables.columns]
mau = ["Màu > Chính", "Màu"]
"""
    )
    rows = [["STT", "Số hồ sơ", "Màu", ""], ["", "", "Chính", "Phụ"], ["1", "H-01", "đỏ", "xanh"]]
    assert extract(rows, spec).tables["ho_so"].row(0)[:2] == ("H-01", "đỏ")


# --- explain ---


def test_explain_names_the_source_and_no_value(tmp_path: Path) -> None:
    told = explain(write_xlsx(tmp_path / "la.xlsx", {"S": DEMO}))
    assert told["nguon"] == "mot_cua"
    assert (told["bang"], told["dong_tieu_de"], told["so_dong"]) == ("ho_so", 4, 2)
    assert told["cot"]["Ngày > Tiếp nhận"] == "ngay_tiep_nhan"
    assert told["khong_nhan_ra"] == ["Lạ"]
    assert [finding["ma"] for finding in told["phat_hien"]] == ["COT_KHONG_DUNG", "TU_CHUA_QUY_DOI"]
    text = json.dumps(told, ensure_ascii=False)
    assert "Thử" not in text
    assert "H24.150" not in text


def test_explain_says_where_words_stand_that_no_code_list_knows_without_the_words(tmp_path: Path) -> None:
    """An integrator opens those rows and maps the words; a word may be a person's, in a list gone wrong."""
    words = ["Đang xử lý", "Chờ Nguyễn Thị Thử xem", "Đã trả kết quả", "chờ  nguyễn thị thử xem", "Gác lại", "-"]
    rows = [["Mã hồ sơ", "Mã TTHC", "Ngày nhận", "Trạng thái", "Hình thức nộp"]]
    rows += [[f"H24.150-260604-000{i}", "2.000815", "04/06/2026", word, "Trực tuyến"] for i, word in enumerate(words)]
    told = explain(write_xlsx(tmp_path / "a.xlsx", {"S": rows}))
    (finding,) = told["phat_hien"]
    assert (finding["ma"], finding["trang"], finding["dong"]) == ("TU_CHUA_QUY_DOI", "S", 3)
    assert "cột “Trạng thái”: 2 từ chưa có" in finding["dien_giai"]
    assert "ở 3 dòng; mỗi từ gặp lần đầu ở dòng 3, 6." in finding["dien_giai"]
    assert "Thử" not in finding["dien_giai"]


def test_explain_of_a_zip_counts_a_title_once(tmp_path: Path) -> None:
    rows = [["Mã hồ sơ", "Mã TTHC", "Ngày nhận", "Trạng thái"], ["H24.150-260604-0001", "2.000815", "04/06/2026", "9"]]
    told = explain(write_xlsx(tmp_path / "a.xlsx", {"Tháng 5": rows, "Tháng 6": rows}))
    assert told["vi_sao"].startswith("khớp 4 tiêu đề cột")


def test_explain_a_file_that_fits_nothing(tmp_path: Path) -> None:
    told = explain(write_xlsx(tmp_path / "la.xlsx", {"S": [["a", "b"], ["1", "2"]]}))
    assert (told["nguon"], told["so_dong"], told["cot"]) == (None, 0, {})
    (finding,) = told["phat_hien"]
    assert finding["ma"] == "KHONG_GIONG_NGUON_NAO"
    assert "lay_thu_tuc" not in finding["dien_giai"]
    (tmp_path / "b.xlsx").write_bytes(b"%PDF")
    assert explain(tmp_path / "b.xlsx")["phat_hien"][0]["ma"] == "TEP_KHONG_PHAI_BANG_TINH"


# --- real files ---

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "tthc_xlsx"
COUNTS = {"BoCongAn": 339, "BoTaiChinh": 706, "BoTuPhap": 271, "BoXayDung": 525, "NongNghiepvaMoiTruong": 537}


@pytest.mark.shared
@pytest.mark.skipif(not REAL.exists(), reason="the companion files are not here")
@pytest.mark.parametrize("name", COUNTS)
def test_real_catalogues(name: str) -> None:
    """Counts by sources.md §4: native export, title in row 1, header in row 2, data from row 3.

    It has no level, so the catalogue refuses it (0 commune procedures would be wrong); read here by a spec that does
    not ask for levels.
    """
    file = REAL / f"danh-sach-tthc-{name}.xlsx"
    with pytest.raises(RefusedFile, match="Cấp thực hiện"):
        extract_tables(file, SOURCES["tthc"])
    spec = (Path(__file__).parents[2] / "schemas/sources/tthc.toml").read_text("utf-8")
    extraction = extract_tables(file, parse_source(spec.replace(', "cap_thuc_hien"]', "]", 1)))
    table = extraction.tables["thu_tuc"]
    assert (table.height, table["_row"].min(), extraction.headers[0].row) == (COUNTS[name], 3, 2)
    assert table["ma_tthc"].str.contains(r"^\d\.\d{6}").all()


def test_explain_counts_the_titles_nobody_reads_and_shows_a_few(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipelines.commands.inspecting import explain_file

    known = {"Mã hồ sơ": "H24.150-260604-0001", "Mã TTHC": "2.000815", "Ngày nhận": "04/06/2026", "Trạng thái": "x"}
    record = {f"Mở rộng {number}": "x" for number in range(120)} | known
    path = tmp_path / "rong.json"
    path.write_text(json.dumps({"data": [record]}, ensure_ascii=False), "utf-8")
    explain_file(path, as_json=False)
    said = capsys.readouterr().out
    assert said.index("Mã hồ sơ") < said.index("120 tiêu đề không nhận ra")
    assert "Mở rộng 19; … và 100 tiêu đề khác" in " ".join(said.split())
    assert max(len(line) for line in said.splitlines() if "Mở rộng" in line) <= 100
    explain_file(path, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert len(told["khong_nhan_ra"]) == 120
    assert {"nguon", "bang", "dong_tieu_de", "so_dong", "cot", "phat_hien"} <= told.keys()
