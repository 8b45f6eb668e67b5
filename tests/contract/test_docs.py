"""The documents tell the truth: paths, commands, options, messages, pictures, dictionary; nothing about a machine.

Belongs here: what a reader of README, docs/ and CONTRIBUTING would trip over. Does not belong here: the house rules
(test_house), the wording of documents.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from pipelines.cli import app
from pipelines.dev import serve
from pipelines.settings import PROJECT
from schemas.export import dictionary_markdown
from schemas.findings import load_catalogue
from schemas.sources import list_shipped

README = PROJECT / "README.md"
GUIDE = PROJECT / "docs" / "huong-dan.md"
DOCUMENTS = sorted(
    [
        *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md")),
        *(PROJECT / "docs").rglob("*.md"),
    ]
)
PICTURE_LIMIT = 250_000  # bytes
_GENERATED = ("data/demo-home", "data/inbox")


def name_document(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def list_tree(text: str) -> list[str]:
    """Paths of the annotated tree: the block that begins with ``schemas/``; two blanks indent one level."""
    (block,) = re.findall(r"```text\n(schemas/.*?)```", text, re.DOTALL)
    paths = []
    folder = ""
    for line in block.splitlines():
        name = line.split()[0]
        inside = line.startswith("  ")
        paths.append(folder + name if inside else name)
        if not inside:
            folder = name
    return paths


def list_command_lines(text: str) -> list[list[str]]:
    """Every ``cchc <command> …`` in a code block or between backticks, split as the shell does.

    A sentence that merely names a command ("`cchc run`") is a command line without options.
    """
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", text, re.DOTALL)
    lines = [
        line.strip().removeprefix("$ ")
        for block in blocks
        for line in join_quoted(block).splitlines()
        if line.strip().removeprefix("$ ").startswith("cchc ")
    ]
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    lines += re.findall(r"`(cchc [^`]+)`", prose)
    return [shlex.split(line, comments=True)[1:] for line in lines]


def join_quoted(block: str) -> str:
    """Join the lines of a quoted SQL statement."""
    return re.sub(r'"[^"]*"', lambda match: match[0].replace("\n", " "), block)


def find_wrong_usage(words: list[str]) -> str | None:
    """What is wrong with a command line; None when command and options exist."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    if words[0] not in commands:
        return f"no command {words[0]}"
    known = {flag for one in commands[words[0]].params for flag in (*one.opts, *one.secondary_opts)} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in known]
    return f"{words[0]}: no option {', '.join(unknown)}" if unknown else None


def test_every_path_of_the_annotated_tree_exists() -> None:
    paths = list_tree(README.read_text("utf-8"))
    assert len(paths) > 30
    assert [path for path in paths if not (PROJECT / path).exists()] == []


def test_the_annotated_tree_knows_every_folder_of_the_rooms() -> None:
    named = {path.rstrip("/") for path in list_tree(README.read_text("utf-8"))}
    folders = {
        folder.relative_to(PROJECT).as_posix()
        for room in ("schemas", "assets")
        for folder in (PROJECT / room).iterdir()
        if folder.is_dir() and any(folder.glob("*.py"))
    }
    assert sorted(folders - named) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_document)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
    assert [one for one in targets if not (path.parent / one).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_document)
def test_every_path_in_code_type_exists(path: Path) -> None:
    named = re.findall(
        r"`((?:schemas|assets|pipelines|data|templates|tests|docs)/[\w./-]*[\w/])`", path.read_text("utf-8")
    )
    assert [name for name in named if not name.startswith(_GENERATED) and not (PROJECT / name).exists()] == []


@pytest.mark.parametrize("path", [README, GUIDE], ids=name_document)
def test_every_command_line_can_be_typed(path: Path) -> None:
    lines = list_command_lines(path.read_text("utf-8"))
    assert len(lines) > 10
    assert [wrong for words in lines if (wrong := find_wrong_usage(words))] == []


def test_a_command_line_that_cannot_be_typed_is_noticed() -> None:
    assert find_wrong_usage(["chay", "--home", "x"]) == "no command chay"
    assert find_wrong_usage(["run", "--home", "x", "--nha", "y"]) == "run: no option --nha"
    assert list_command_lines('```sh\n$ cchc query --csv "a\n b"\n```\n`cchc status`') == [
        ["query", "--csv", "a  b"],
        ["status"],
    ]


def test_every_command_is_in_the_readme() -> None:
    named = {words[0] for words in list_command_lines(README.read_text("utf-8"))}
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert commands - named - {"demo"} == set(), "and demo is what `make report` runs"


def test_the_service_of_the_readme_starts_what_exists() -> None:
    (line,) = re.findall(r"^ExecStart=.*-m pipelines\.dev (.*)$", README.read_text("utf-8"), re.MULTILINE)
    service = typer.Typer()
    service.command()(serve)
    known = {flag for one in typer.main.get_command(service).params for flag in one.opts}
    assert {word for word in line.split() if word.startswith("--")} <= known


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_document)
def test_every_make_target_exists(path: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE))
    assert named - targets == set()


def test_the_dictionary_is_up_to_date() -> None:
    kept = (PROJECT / "docs" / "tu-dien-du-lieu.md").read_text("utf-8")
    assert kept == dictionary_markdown(), "regenerate docs/tu-dien-du-lieu.md as CONTRIBUTING.md says"


def test_pictures_are_shown_small_and_real() -> None:
    shown = {
        (path.parent / target).resolve()
        for path in DOCUMENTS
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", path.read_text("utf-8"))
    }
    kept = {one for one in (PROJECT / "docs" / "images").resolve().rglob("*") if one.is_file()}
    assert shown == kept, "every picture is shown by a document, and every shown one is kept"
    for path in kept:
        assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert path.stat().st_size < PICTURE_LIMIT, path.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_document)
def test_nothing_about_anybodys_machine_or_registry(path: Path) -> None:
    text = path.read_text("utf-8")
    found = re.findall(r"/(?:home|root|tmp|work|Users)/\S*|[A-Z]:\\\S*", text)
    addresses = re.findall(r"https?://(?!127\.0\.0\.1)\S+|\b(?:pypi|index[-]url|\S+\.internal)\b", text)
    assert (found, addresses) == ([], [])


def test_the_guide_quotes_findings_that_are_made() -> None:
    """The left column of the guide's table is how the reader finds a message: it must still be the message."""
    table = GUIDE.read_text("utf-8").split("## Câu báo thường gặp")[1].split("\n## ")[0]
    quoted = [row.split("|")[1].strip() for row in table.splitlines() if row.startswith("| ")][1:]
    sources = "\n".join(
        path.read_text("utf-8")
        for folder in ("pipelines", "assets", "schemas")
        for path in (PROJECT / folder).rglob("*.py")
    )
    sources += "\n".join(one.cau for one in load_catalogue().values())
    joined = squeeze(re.sub(r'"\s+f?"', "", sources))  # implicit concatenation of string literals
    assert len(quoted) > 15
    assert [one for one in quoted if not split_quote(one)] == []
    assert [one for one in quoted if not all(part in joined for part in split_quote(one))] == []


def test_the_guide_says_for_every_source_where_its_files_go() -> None:
    table = GUIDE.read_text("utf-8").split("| lấy ở đâu |")[1].split("\n\n")[0]
    assert set(re.findall(r"`inbox/(\w+)`", table)) == set(list_shipped())


def split_quote(quoted: str) -> list[str]:
    """The fixed parts of a quoted message: what stands between "…", quotation marks, brackets and blanks of values."""
    parts = re.split(r"…\S*|“[^”]*”|\{[^{}]*\}|\([^)]*\)|;", quoted)
    return [squeeze(part).strip(" ,;:") for part in parts if squeeze(part).strip(" ,;:")]


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)
