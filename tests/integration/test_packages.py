"""What leaves the house opens without repair: sound packages, a round trip without loss, repeatable rendering."""

from __future__ import annotations

import posixpath
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pytest

from tests.support.homes import run_period

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
DOCUMENTS = ("bao-cao.docx", "phu-luc-3.xlsx", "doi-chieu.xlsx", "phat-hien.xlsx")


def report(home: Path) -> Path:
    return home / "reports" / "2026-6T"


def read_parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        names = package.namelist()
        assert len(names) == len(set(names)), "a part stands twice"
        return {name: package.read(name) for name in names}


def list_typed(parts: dict[str, bytes]) -> set[str]:
    """Parts that [Content_Types].xml knows, by name or by ending."""
    types = ET.fromstring(parts["[Content_Types].xml"])
    endings = {one.get("Extension", "").lower() for one in types.iter(f"{_TYPES}Default")}
    named = {one.get("PartName", "").lstrip("/") for one in types.iter(f"{_TYPES}Override")}
    assert named <= parts.keys(), "a content type of a part that is not there"
    return named | {name for name in parts if name.rsplit(".", 1)[-1].lower() in endings}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_package_is_sound(demo_home: Path, name: str) -> None:
    parts = read_parts(report(demo_home) / name)
    for part, content in parts.items():
        if part.endswith((".xml", ".rels")):
            ET.fromstring(content)
    assert parts.keys() - {"[Content_Types].xml"} <= list_typed(parts)
    for part in [one for one in parts if one.endswith(".rels")]:
        owner = posixpath.dirname(posixpath.dirname(part))
        for link in ET.fromstring(parts[part]).iter(_RELATION):
            if link.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", owner, link.get("Target", ""))).lstrip("/")
                assert target in parts, (part, target)


def read_text(path: Path) -> list[str]:
    """Paragraphs, then the cells of every table, in their order."""
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for one in document.paragraphs if one.text.strip()] + [cell for cell in cells if cell.strip()]


def read_cells(path: Path) -> list[tuple[str, object]]:
    book = openpyxl.load_workbook(path)
    return [(sheet.title, cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]


@pytest.mark.system("soffice")
@pytest.mark.parametrize(("name", "read"), [("bao-cao.docx", read_text), ("phu-luc-3.xlsx", read_cells)])
def test_libreoffice_opens_and_saves_it_without_a_loss(demo_home: Path, tmp_path: Path, name: str, read) -> None:
    program = shutil.which("soffice")
    assert program is not None
    source = report(demo_home) / name
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        name.rsplit(".", 1)[1],
        "--outdir",
        str(tmp_path / "again"),
    ]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    assert read(tmp_path / "again" / name) == read(source)


def test_the_same_inputs_give_the_same_text_and_values(own_home: Path) -> None:
    before = {
        name: read_parts(report(own_home) / name) for name in ("bao-cao.docx", "phu-luc-3.xlsx", "doi-chieu.xlsx")
    }
    run_period(own_home)
    for name, parts in before.items():
        assert read_parts(report(own_home) / name) == parts, name
