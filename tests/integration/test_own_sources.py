"""A home's own source: two files in the home, the program untouched; the guide's example, run as a user would."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets.out.provenance import hash_inputs
from pipelines.definitions import build_definitions
from pipelines.settings import Settings, WrongSettings
from schemas.codes import adopt_words
from schemas.sources import adopt_sources, load_sources
from tests.support import homes

PERSON = "Nguyễn Thị Thử"
SAMPLE = f"""SỔ ĐIỆN TỬ;;;;;;;;
Ngày xuất: 23/06/2026 08:00:00;;;;;;;;
STT;Mã hồ sơ;Mã TTHC;Họ tên;Ngày vào sổ;Ngày hẹn trả;Ngày kết thúc;Tình trạng;Màu nhãn
1;H24.150-260601-9001;2.000815;{PERSON};01/06/2026;05/06/2026;04/06/2026;Xong xuôi;đỏ
2;H24.150-260602-9002;2.000815;{PERSON};02/06/2026;30/06/2026;;Đang xử lý;xanh
"""
MINIMAL = """ma = "{name}"
ten = "nguồn thử"
[[tables]]
bang = "ho_so"
key = "ma_ho_so"
required = ["ma_ho_so"]
use = ["ma_ho_so", "ngay_tiep_nhan"]
"""


@pytest.fixture(autouse=True)
def forget_sources() -> Iterator[None]:
    """What a home brings is known to the whole process: no other test of it may see these."""
    yield
    adopt_sources({})
    adopt_words({})


def read_example() -> tuple[str, str]:
    """The TOML and the CSV of the guide."""
    guide = (homes.PROJECT / "README.md").read_text("utf-8")
    part = guide.split("Một **nguồn mới**")[1]
    return part.split("```toml\n")[1].split("```")[0], part.split("```csv\n")[1].split("```")[0]


def give_source(home: Path, name: str, toml: str, words: str | None = None) -> None:
    folder = home / "reference" / "nguon"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(toml, "utf-8")
    if words is not None:
        (folder / f"{name}.csv").write_text(words, "utf-8")


def test_the_guides_example_is_listed_explained_and_counted(own_home: Path, tmp_path: Path) -> None:
    give_source(own_home, "so_dien_tu", *read_example())
    sample = tmp_path / "so.csv"
    sample.write_text(SAMPLE, "utf-8")
    listed = homes.cchc("sources", "--home", own_home)
    assert "inbox/so_dien_tu: sổ điện tử của bộ phận một cửa (nguồn riêng của nhà)" in listed.out
    told = json.loads(homes.cchc("sources", "--explain", sample, "--json", "--home", own_home).out)
    assert (told["nguon"], told["dong_tieu_de"], told["so_dong"]) == ("so_dien_tu", 3, 2)
    assert told["cot"]["Ngày vào sổ"] == "ngay_tiep_nhan"
    inbox = own_home / "inbox" / "so_dien_tu"
    inbox.mkdir()
    (inbox / "so.csv").write_bytes(sample.read_bytes())
    before = {row["stt"]: row["so_lieu"] for row in homes.read_values(own_home) if row["bieu"] == "3"}
    ran = homes.cchc("run", "--home", own_home, "--period", "2026-6T", "--cutoff", "2026-06-09")
    assert ran.code == 0, ran.said
    assert "sổ điện tử của bộ phận một cửa" in ran.err
    rows = homes.query(
        own_home,
        "select ma_ho_so, trang_thai, ket_cuc, he_thong from core.ho_so where ma_ho_so like '%-900_' order by 1",
    )
    assert rows == [
        ("H24.150-260601-9001", 10, "ket_qua", "so_dien_tu"),
        ("H24.150-260602-9002", 4, None, "so_dien_tu"),
    ]
    after = {row["stt"]: row["so_lieu"] for row in homes.read_values(own_home) if row["bieu"] == "3"}
    assert after["2.1.1"] == before["2.1.1"] + 1, "one of the two was finished by the cut-off"
    status = homes.cchc("status", "--home", own_home)
    assert "so_dien_tu" in status.out
    stored = [path.read_bytes() for path in (own_home / "raw" / "so_dien_tu").rglob("*.parquet")]
    assert stored
    assert not [one for one in stored if PERSON.encode() in one]
    (own_home / "reference" / "nguon" / "so_dien_tu.toml").unlink()
    (own_home / "reference" / "nguon" / "so_dien_tu.csv").unlink()
    gone = homes.cchc("status", "--home", own_home)
    assert gone.code == 2
    assert "nguồn “so_dien_tu”" in gone.err
    assert "Hãy đặt lại" in gone.err


def test_it_is_an_asset_before_core_and_only_of_its_home(tmp_path: Path) -> None:
    give_source(tmp_path / "a", "nguon_thu", MINIMAL.format(name="nguon_thu"))
    graph = build_definitions(Settings(home=tmp_path / "a")).resolve_asset_graph()
    assert dg.AssetKey(["raw", "nguon_thu"]) in graph.get(dg.AssetKey(["core", "ho_so"])).parent_keys
    build_definitions(Settings(home=tmp_path / "b"))
    assert "nguon_thu" not in load_sources()


def test_settings_may_name_it_and_numbers_depend_on_it(tmp_path: Path) -> None:
    give_source(tmp_path, "nguon_thu", MINIMAL.format(name="nguon_thu"))
    (tmp_path / "settings.toml").write_text('[quy_tac]\nthu_tu_he_thong = ["nguon_thu"]\n', "utf-8")
    first = hash_inputs([], Settings(home=tmp_path).unit)
    words = "bang_ma,tu_nguon,ma,y_nghia\ntrang_thai,xong xuôi,10,\n"
    give_source(tmp_path, "nguon_thu", MINIMAL.format(name="nguon_thu"), words)
    assert hash_inputs([], Settings(home=tmp_path).unit) != first


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("x", "[[tables]]", "[[tables]", "Tệp nguồn x.toml: không đúng dạng TOML từ dòng 3, cột 9"),
        (
            "x",
            "required",
            "requird",
            "Tệp nguồn x.toml, [[tables]] thứ 1: khóa “requird” không dùng được, có lẽ là “required”",
        ),
        ("x", "ten =", "teen =", "khóa “teen” không dùng được, có lẽ là “ten”"),
        (
            "x",
            "use = [",
            'use = ["ngay_tiep_nhann", ',
            "cột “ngay_tiep_nhann” không dùng được, có lẽ là “ngay_tiep_nhan”",
        ),
        ("x", "use =", "columns = { mau_nhan = [] }\nuse =", "columns: cột “mau_nhan” không dùng được"),
        ("x", '"ho_so"', '"ho_xo"', "bang “ho_xo” không dùng được, có lẽ là “ho_so”"),
        ("x", '"ma_ho_so"\nreq', '"trang_thai"\nreq', 'phải có key = "ma_ho_so"'),
        ("x", 'required = ["ma_ho_so"]', 'required = "ma_ho_so"', "tables.1.required phải là danh sách"),
        ("x", 'required = ["ma_ho_so"]', 'required = ["trang_thai"]', "chưa có tiêu đề cho trang_thai"),
        ("x", "use =", 'above = { trang_thai = "(" }\nuse =', "above.trang_thai phải là biểu thức chính quy"),
        ("x", "use =", 'columns = { ten_tthc = ["Người nộp"] }\nuse =', "“người nộp” là dữ liệu cá nhân"),
        ("x", "use =", 'columns = { linh_vuc = ["Địa chỉ tổ dân phố"] }\nuse =', "là dữ liệu cá nhân"),
        ("x", 'ma = "x"', 'ma = "y"', 'phải có ma = "x", đúng như tên tệp'),
        ("mot_cua", "", "", "nguồn “mot_cua” đã có sẵn trong phần mềm và không được thay"),
        ("Sổ", "", "", "tên tệp chỉ được gồm chữ thường"),
    ],
)
def test_a_wrong_description_is_one_sentence_with_file_key_and_remedy(
    tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    text = MINIMAL.format(name=name)
    assert old in text
    give_source(tmp_path, name, text.replace(old, new, 1))
    with pytest.raises(WrongSettings) as wrong:
        Settings(home=tmp_path).adopt_sources()
    assert said in str(wrong.value)
    assert f"{name}.toml" in str(wrong.value)
    assert "Hãy sửa" in str(wrong.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("trang_thay,xong,10,", "dòng 2: bang_ma “trang_thay” không dùng được, có lẽ là “trang_thai”"),
        ("trang_thai,xong,11,", "dòng 2: ma “11” không dùng được"),
        ("trang_thai,xong,mười,", "dòng 2: ma “mười” không dùng được"),
        ("trang_thai,xong,8,tu_chôi", "y_nghia “tu_chôi” không dùng được, có lẽ là “tu_choi”"),
        ("trang_thai,xong,10,\ntrang_thai,XONG,9,", "dòng 3: “XONG” đã có nghĩa khác"),
        ("trang_thai,,10,", "tu_nguon để trống"),
    ],
)
def test_a_wrong_word_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    give_source(tmp_path, "x", MINIMAL.format(name="x"), f"bang_ma,tu_nguon,ma,y_nghia\n{line}\n")
    with pytest.raises(WrongSettings) as wrong:
        Settings(home=tmp_path).adopt_sources()
    assert "Tệp cách gọi x.csv" in str(wrong.value)
    assert said in str(wrong.value)


def test_words_without_columns_or_without_a_source_are_refused(tmp_path: Path) -> None:
    give_source(tmp_path, "x", MINIMAL.format(name="x"), "bang_ma;tu_nguon;ma;y_nghia\n")
    with pytest.raises(WrongSettings, match="thiếu cột bang_ma, tu_nguon, ma, y_nghia ở dòng đầu"):
        Settings(home=tmp_path).adopt_sources()
    (tmp_path / "reference" / "nguon" / "x.toml").unlink()
    with pytest.raises(WrongSettings, match=r"x\.csv không có x\.toml"):
        Settings(home=tmp_path).adopt_sources()


def test_at_the_command_line_it_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    """Exit code 2: a wrong configuration (contract.md), as for settings.toml."""
    give_source(tmp_path, "x", "ma = \n")
    for command in (("sources",), ("run", "--period", "2026-6T")):
        ended = homes.cchc(*command, "--home", tmp_path)
        assert (ended.code, len(ended.err.strip().splitlines())) == (2, 1), ended.said
        assert "x.toml" in ended.err
    (tmp_path / "reference" / "nguon" / "x.toml").write_bytes("ma = 'x' # tệp cũ".encode("utf-16"))
    ended = homes.cchc("sources", "--home", tmp_path)
    assert "không ở bảng mã UTF-8" in ended.err


def test_a_broken_tracked_reference_file_is_named_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "reference"
    folder.mkdir()
    monkeypatch.setattr(Settings, "reference", property(lambda _: folder))
    shipped = (homes.PROJECT / "data" / "reference" / "don_vi.toml").read_text("utf-8")
    for text, said in (
        ("[don_vi\n" + shipped, "không đúng dạng TOML từ dòng"),
        (shipped.replace("giu_phien_ban = 20", "giu_phien_ban = 1"), "quy_tac.giu_phien_ban phải từ 2 trở lên"),
        (shipped.replace("ten_ngan", "ten_ngn"), "don_vi.ten_ngn không phải khóa dùng được ở đây"),
    ):
        (folder / "don_vi.toml").write_text(text, "utf-8")
        with pytest.raises(WrongSettings) as wrong:
            _ = Settings(home=tmp_path / "nha").unit
        assert "don_vi.toml" in str(wrong.value)
        assert said in str(wrong.value)


OPEN_CATALOGUE = """ma = "tthc_mo"
ten = "danh mục TTHC mở"
[[tables]]
bang = "thu_tuc"
key = "ma_tthc"
required = ["ma_tthc", "ten_tthc", "cap_thuc_hien"]
use = ["linh_vuc"]
marks = ["nguon_co_quan", "kenh_buu_chinh"]
[tables.columns]
ma_tthc = ["ma_thu_tuc"]
ten_tthc = ["ten_thu_tuc"]
linh_vuc = ["linh_vuc"]
cap_thuc_hien = ["cap_thuc_hien"]
co_phi = ["co_thu_phi"]
"""


@pytest.mark.shared
def test_a_real_catalogue_of_another_shape_is_read_by_one_file(tmp_path: Path) -> None:
    """Of 2.642 real procedures 588 have a commune level (the companion file's own README), fees as its column says."""
    from assets.core.thu_tuc import clean_procedures
    from assets.io.landing import read_raw
    from assets.raw.ingest import ingest_source

    real = homes.PROJECT.parent / "shared" / "data" / "tthc" / "tthc_2642.csv"
    give_source(tmp_path, "tthc_mo", OPEN_CATALOGUE)
    settings = Settings(home=tmp_path)
    settings.adopt_sources()
    settings.place.prepare(tuple(load_sources()))
    (settings.place.inbox / "tthc_mo" / real.name).write_bytes(real.read_bytes())
    assert ingest_source(settings.place, load_sources()["tthc_mo"]).tu_choi == []
    frame = clean_procedures(read_raw(settings.place, "thu_tuc")).frame
    with real.open(encoding="utf-8", newline="") as lines:
        fees = sum(row["co_thu_phi"] == "1" for row in csv.DictReader(lines))
    assert (frame.height, frame["cap_xa"].sum(), frame["co_phi"].sum()) == (2642, 588, fees)
