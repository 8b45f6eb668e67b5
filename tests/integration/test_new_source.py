"""Adding a source: one TOML, one CSV of words, samples. Proved on a copy of the program with two more files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PERSON = "Nguyễn Thị Thử"

SOURCE = """
ma = "so_dien_tu"
ten = "sổ điện tử của phường Mẫu"

[[tables]]
bang = "ho_so"
key = "ma_ho_so"
marks = ["Mã tra cứu", "Việc đã làm"]
required = ["ma_ho_so", "ten_tthc", "ngay_tiep_nhan", "trang_thai"]
use = ["ma_ho_so", "ten_tthc", "kenh", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_tra", "trang_thai"]
unread = ["Màu nhãn"]

[tables.columns]
ma_ho_so = ["Mã tra cứu"]
trang_thai = ["Việc đã làm"]
kenh = ["Cửa nào"]
ngay_tra = ["Giao ngày"]
"""

WORDS = """bang_ma,tu_nguon,ma,y_nghia
trang_thai,xong xuôi,10,
trang_thai,còn làm,4,
kenh,cửa điện tử,2,
kenh,cửa phường,1,
"""

SAMPLE = f"""SỔ ĐIỆN TỬ
Ngày xuất: 23/06/2026 08:00:00

STT;Mã tra cứu;Thủ tục;Họ tên;Cửa nào;Ngày nhận;Ngày hẹn;Giao ngày;Việc đã làm;Màu nhãn;Ý kiến
1;H24.150-260601-0001;Chứng thực bản sao;{PERSON};Cửa điện tử;01/06/2026;05/06/2026;04/06/2026;Xong xuôi;đỏ;a
2;H24.150-260602-0002;Chứng thực bản sao;{PERSON};Cửa phường;02/06/2026;05/06/2026;;Còn làm;;b
3;H24.150-260603-0003;Chứng thực bản sao;{PERSON};Cửa phường;03/06/2026;08/06/2026;08/06/2026;XONG XUÔI;;
4;H24.150-260604-0004;Chứng thực bản sao;{PERSON};Cửa lạ;04/06/2026;09/06/2026;;Còn làm;;
Tổng cộng: 4
"""

READ = """
import sys
from pathlib import Path
from assets.core.state import build_core
from assets.io.home import Home
from assets.raw.ingest import ingest_source
from pipelines.settings import Settings
from schemas.sources import load_sources

home = Home(Path(sys.argv[1]))
sources = load_sources()
home.prepare(tuple(sources))
(home.inbox / "so_dien_tu" / "so.csv").write_bytes(Path(sys.argv[2]).read_bytes())
assert ingest_source(home, sources["so_dien_tu"]).tu_choi == []
settings = Settings(home=home.root)
frames = build_core(home, settings.unit, settings.facts).frames
rows = frames["core.ho_so"].sort("ma_ho_so").select("trang_thai", "kenh", "ket_cuc").rows()
found = frames["core.phat_hien"]
print(rows, found.filter(found["ma"] == "KENH_LA").height)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program with the new source's two files."""
    root = tmp_path / "program"
    for package in ("schemas", "assets", "pipelines"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    (root / "schemas" / "sources" / "so_dien_tu.toml").write_text(SOURCE, "utf-8")
    (root / "schemas" / "codes" / "aliases" / "so_dien_tu.csv").write_text(WORDS, "utf-8")
    return root


def run(program: Path, *arguments: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=program, env=environment, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_a_source_is_a_toml_and_a_csv_of_words(program: Path, tmp_path: Path) -> None:
    sample = tmp_path / "so.csv"
    sample.write_text(SAMPLE, "utf-8")
    cli = ("-c", "from pipelines.cli import main; main()", "sources", "--explain", str(sample), "--json")
    told = json.loads(run(program, *cli))
    assert (told["nguon"], told["bang"], told["dong_tieu_de"], told["so_dong"]) == ("so_dien_tu", "ho_so", 4, 4)
    assert told["cot"] == {
        "Mã tra cứu": "ma_ho_so",
        "Thủ tục": "ten_tthc",
        "Cửa nào": "kenh",
        "Ngày nhận": "ngay_tiep_nhan",
        "Ngày hẹn": "ngay_hen_tra",
        "Giao ngày": "ngay_tra",
        "Việc đã làm": "trang_thai",
    }
    assert told["khong_nhan_ra"] == ["Ý kiến"]
    # status and channel by the words of the CSV; the one word it lacks is a finding
    kept = run(program, "-c", READ, str(tmp_path / "home"), str(sample))
    assert kept.split("\n")[0] == "[(10, 2, 'ket_qua'), (4, 1, None), (10, 1, 'ket_qua'), (4, None, None)] 1"
    stored = [path.read_bytes() for path in (tmp_path / "home" / "raw").rglob("*.parquet")]
    assert stored
    assert not [one for one in stored if PERSON.encode() in one]
