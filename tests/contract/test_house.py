"""The house rules: one name everywhere, the layers hold, no personal column beyond the gate, README tells the truth."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from assets.out.publish import PARTITIONED
from schemas.export import dictionary_markdown
from schemas.registry import TABLES
from tests.support.homes import PROJECT, query

# the columns of the demo's list that name a person (contract.md) and their kin, as titles and as field names
PERSONAL_TITLES = (
    "chủ hồ sơ", "số định danh", "số điện thoại", "điện thoại liên hệ", "địa chỉ", "email", "e-mail", "thư điện tử",
    "họ tên", "họ và tên", "cccd", "cmnd", "căn cước", "hộ chiếu số", "ngày sinh", "năm sinh", "giới tính",
    "người nộp hồ sơ", "người được ủy quyền", "tên người nộp",
)  # fmt: skip
PERSONAL_FIELDS = (
    "chu_ho_so", "so_dinh_danh", "so_dien_thoai", "dien_thoai", "dia_chi", "thu_dien_tu", "ho_ten", "ho_va_ten",
    "so_cccd", "so_cmnd", "can_cuoc", "ngay_sinh", "nam_sinh", "gioi_tinh", "nguoi_nop", "nguoi_duoc_uy_quyen",
    "ChuHoSo", "DinhDanhCHS", "SoDienThoai", "applicantName", "applicantIdNo", "contactTelNo", "contactEmail",
)  # fmt: skip
GATE = {"schemas/sources/chung.toml"}
"""The list of what is dropped; a source's TOML may add titles to its own ``personal`` list."""
LIBRARY_NAMES = {"assets/io/tabular_mhtml.py": {"email"}}
"""Modules of Python that are called like a personal column."""


def list_code(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in (".py", ".toml", ".csv", ".sql", ".md") and "__pycache__" not in path.parts:
                yield path


def find_personal(text: str) -> set[str]:
    folded = unicodedata.normalize("NFC", text).casefold()
    words = (*PERSONAL_TITLES, *(name.casefold() for name in PERSONAL_FIELDS))
    return {word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded)}


def drop_personal_lists(text: str) -> str:
    """A source's TOML without its lists of titles to drop."""
    return re.sub(r"(?ms)^personal\s*=\s*\[.*?\]", "", text)


def test_personal_columns_are_named_at_the_gate_only() -> None:
    found = {}
    for path in list_code("schemas", "assets", "pipelines"):
        name = path.relative_to(PROJECT).as_posix()
        text = path.read_text("utf-8")
        if name not in GATE:
            words = find_personal(drop_personal_lists(text) if name.startswith("schemas/sources/") else text)
            if words := words - LIBRARY_NAMES.get(name, set()):
                found[name] = words
    assert found == {}


def test_the_gate_does_name_them() -> None:
    """Otherwise the test above proves nothing."""
    gate = tomllib.loads((PROJECT / "schemas/sources/chung.toml").read_text("utf-8"))["personal"]["titles"]
    titles = {unicodedata.normalize("NFC", title).casefold() for title in gate}
    assert {"chủ hồ sơ", "số định danh", "địa chỉ", "số điện thoại", "email", "họ và tên", "ngày sinh"} <= titles
    assert find_personal("Chủ hồ sơ, dia_chi") == {"chủ hồ sơ", "dia_chi"}


def test_no_table_has_a_personal_column() -> None:
    for table in TABLES.values():
        for name, column in table.schema.columns.items():
            assert find_personal(f"{name}\n{column.title}") == set(), (table.full_name, name)


# --- one name everywhere ---


def test_a_table_is_one_name_in_model_database_file_and_asset(demo_home: Path) -> None:
    import dagster as dg

    from pipelines.definitions import build_definitions
    from pipelines.settings import Settings

    assets = build_definitions(Settings(home=demo_home)).resolve_asset_graph().get_all_asset_keys()
    published = {name for (name,) in query(demo_home, "select schema_name || '.' || table_name from duckdb_tables()")}
    assert published == set(TABLES)
    for full_name, table in TABLES.items():
        assert full_name == f"{table.layer}.{table.name}"
        assert table.model.__module__ == f"schemas.tables.{table.layer}"
        assert table.model.__name__ == "".join(part.capitalize() for part in table.name.split("_"))
        if full_name not in ("out.lan_chay", "out.ban_gui"):  # records that publishing itself writes
            assert dg.AssetKey([table.layer, table.name]) in assets, full_name
        path = demo_home / table.layer / table.name
        assert path.is_dir() if full_name in PARTITIONED else path.with_suffix(".parquet").is_file(), full_name


def test_every_published_table_and_column_is_commented(demo_home: Path) -> None:
    bare = query(
        demo_home,
        "select schema_name, table_name, null from duckdb_tables() where comment is null"
        " union all select schema_name, view_name, null from duckdb_views() where comment is null and not internal"
        " union all select schema_name, table_name, column_name from duckdb_columns() where comment is null"
        " and not internal",
    )
    assert bare == []


def test_published_columns_are_the_contracts(demo_home: Path) -> None:
    for full_name, table in TABLES.items():
        columns = [name for name, *_ in query(demo_home, f"describe {full_name}")]
        assert columns == list(table.schema.columns), full_name


def test_keys_are_unique_in_what_is_published(demo_home: Path) -> None:
    for full_name, table in TABLES.items():
        if table.key:
            keys = ", ".join(table.key)
            assert query(demo_home, f"select {keys} from {full_name} group by all having count(*) > 1") == [], full_name


def test_every_delivery_accounts_for_its_rows(demo_home: Path) -> None:
    accounts = query(
        demo_home, "select ten_tep, so_dong_vao, so_dong_core + so_dong_thay_the + so_dong_loai from core.giao_nop"
    )
    assert len(accounts) == 4
    assert [(name, rows) for name, rows, sum_of_parts in accounts if rows != sum_of_parts] == []


def test_the_dictionary_names_every_table_and_column() -> None:
    text = dictionary_markdown()
    for full_name, table in TABLES.items():
        assert f"\n## {full_name}\n" in text
        for name in table.schema.columns:
            assert f"| `{name}` |" in text
    kept = PROJECT / "docs" / "tu-dien-du-lieu.md"
    if kept.is_file():
        assert kept.read_text("utf-8").strip() == text.strip(), "regenerate docs/tu-dien-du-lieu.md"


# --- layers ---


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


CLOCKS = re.compile(r"\b(?:datetime\.(?:now|today|utcnow)|date\.today|time\.time|time\.localtime)\(")


def test_only_the_pipelines_read_the_clock() -> None:
    asking = [path.name for path in list_code("schemas", "assets") if CLOCKS.search(path.read_text("utf-8"))]
    assert asking == []


def test_every_module_says_what_belongs_in_it() -> None:
    for path in list_code("schemas", "assets", "pipelines"):
        if path.suffix == ".py":
            assert re.match(r'"""\S', path.read_text("utf-8")), path


# --- README ---


def test_paths_that_the_readme_names_exist() -> None:
    text = (PROJECT / "README.md").read_text("utf-8")
    named = set(re.findall(r"`((?:schemas|assets|pipelines|data|templates|tests|docs)/[\w./-]*)`", text))
    named |= set(re.findall(r"\]\(([^)#:]+)\)", text))
    assert named
    generated = ("data/demo-home",)
    missing = [name for name in sorted(named) if not name.startswith(generated) and not (PROJECT / name).exists()]
    assert missing == []
