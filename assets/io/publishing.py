"""Published versions: staging a new one, carrying reports over, switching to it in one rename.

Belongs here: version folders, the ``current`` pointer, who owns which report file. Does not belong here: what the
database or the documents contain.

Readers keep a consistent snapshot: a published file is never written again; a new version is built beside it and one
symlink is renamed. A killed run leaves a staging folder that the next one removes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.io.home import Home
from assets.io.landing import hash_file

PROVENANCE_FILE = "provenance.json"
_STAGING = ".dang-lap-"
_VERSION = re.compile(r"v(\d{6})")


@dataclass(frozen=True)
class Staging:
    """A version being built."""

    version: str
    folder: Path

    @property
    def database(self) -> Path:
        """Where its database goes."""
        return self.folder / "cchc.duckdb"

    @property
    def reports(self) -> Path:
        """Where its reports go."""
        return self.folder / "reports"


def list_versions(home: Home) -> list[str]:
    """Published versions, oldest first."""
    if not home.versions.is_dir():
        return []
    return sorted(path.name for path in home.versions.iterdir() if _VERSION.fullmatch(path.name))


def current_version(home: Home) -> str | None:
    """The published version, None before the first one."""
    return home.current.resolve().name if home.current.is_symlink() and home.current.exists() else None


def name_next_version(home: Home) -> str:
    """The name that the next published version gets."""
    return f"v{max((int(name[1:]) for name in list_versions(home)), default=0) + 1:06d}"


def begin_version(home: Home) -> Staging:
    """Make an empty staging folder for the next version; leftovers of killed runs go away."""
    for leftover in home.versions.glob(f"{_STAGING}*"):
        shutil.rmtree(leftover)
    version = name_next_version(home)
    folder = home.versions / f"{_STAGING}{version}"
    folder.mkdir(parents=True)
    staging = Staging(version, folder)
    published = home.current / "reports"
    if published.is_dir():
        shutil.copytree(published, staging.reports)
    else:
        staging.reports.mkdir()
    return staging


def place_report(staging: Staging, period: str, files: Iterable[Path], provenance: dict[str, object]) -> dict[str, str]:
    """Put a period's new documents beside what people edited or added there.

    A file whose hash is the one that we wrote is replaced; one that somebody edited since stays, and the new one is
    written beside it as ``name (2).ext``. The forms of one document (Word, PDF) go by one name: a PDF that a reader
    finds beside a Word file is of that file, never of a newer text.

    Args:
        staging: the version being built.
        period: period key: the folder's name.
        files: the new documents.
        provenance: content of provenance.json; the documents' names and hashes are added.

    Returns:
        Document → name it was published under.
    """
    folder = staging.reports / period
    folder.mkdir(parents=True, exist_ok=True)
    _drop_own(folder)
    placed: dict[str, str] = {}
    forms: dict[str, list[Path]] = {}
    for source in files:
        forms.setdefault(source.stem, []).append(source)
    for stem, sources in forms.items():
        free = _find_free_stem(folder, stem, [one.suffix for one in sources])
        for source in sources:
            placed[source.name] = f"{free}{source.suffix}"
            shutil.copyfile(source, folder / placed[source.name])
    body = provenance | {"tep": {name: hash_file(folder / name) for name in sorted(placed.values())}}
    (folder / PROVENANCE_FILE).write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return placed


def drop_report(staging: Staging, period: str) -> None:
    """Take our documents out of a report folder; what people edited or added there stays."""
    folder = staging.reports / period
    if folder.is_dir():
        _drop_own(folder)
        (folder / PROVENANCE_FILE).unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()


def _drop_own(folder: Path) -> None:
    written: dict[str, str] = read_provenance(folder).get("tep", {})
    for name, sha256 in written.items():
        old = folder / name
        if old.is_file() and hash_file(old) == sha256:
            old.unlink()


def read_provenance(folder: Path) -> dict[str, Any]:
    """The provenance.json of a report folder; empty when there is none."""
    path = folder / PROVENANCE_FILE
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def _find_free_stem(folder: Path, stem: str, suffixes: Sequence[str]) -> str:
    number, free = 1, stem
    while any((folder / f"{free}{suffix}").exists() for suffix in suffixes):
        number += 1
        free = f"{stem} ({number})"
    return free


def finish_version(home: Home, staging: Staging, keep: int, pinned: Iterable[str] = ()) -> Path:
    """Publish: give the staged folder its name, switch ``current`` in one rename, drop the oldest versions.

    Args:
        home: the home.
        staging: the complete version.
        keep: how many versions stay.
        pinned: versions that stay however old; so does every version that a period's report was written from.

    Returns:
        The published folder.
    """
    target = home.versions / staging.version
    staging.folder.rename(target)
    _point(home.current, Path("versions") / staging.version)
    _point(home.warehouse, Path("..") / "current" / "cchc.duckdb")
    _point(home.reports, Path("current") / "reports")
    standing = {*pinned, *_list_sources(target / "reports")}
    for old in list_versions(home)[:-keep]:
        if old not in standing:
            shutil.rmtree(home.versions / old)
    return target


def _list_sources(reports: Path) -> set[str]:
    """The versions that the reports of all periods name as their own."""
    return {str(read_provenance(folder).get("phien_ban")) for folder in reports.iterdir() if folder.is_dir()}


def _point(link: Path, to: Path) -> None:
    if link.is_symlink() and link.readlink() == to:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    beside = link.with_name(f".{link.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(to)
    beside.replace(link)
