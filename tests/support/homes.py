"""Homes for tests: copy one, run a period in it, call the console script, read back what was published.

Belongs here: what integration and golden tests share. Not here: expectations, or how the demo's workbooks are written
(demo_data).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from assets.request import ReportRequest
from pipelines.commands import published
from pipelines.commands.running import RunOptions, run_report
from pipelines.settings import Settings

PROJECT = Path(__file__).parents[2]
CUTOFF = date(2026, 6, 9)
POLICIES = ("II06A", "QD766", "CHAT")


@dataclass(frozen=True)
class Ended:
    """How a call of the console script ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both streams."""
        return self.out + self.err


def copy_home(source: Path, target: Path) -> Path:
    """Copy a home as it is (links, modes, times); returns the copy."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
    return target


def run_period(
    home: Path,
    period: str = "2026-6T",
    cutoff: date | None = CUTOFF,
    policy: str | None = None,
    *,
    official: bool | None = None,
) -> ReportRequest:
    """``cchc run`` in this process (four seconds instead of nine).

    Raises:
        CommandError: as the command does.
    """
    return run_report(Settings(home=home), RunOptions(period, cutoff, policy, official))


def read_values(
    home: Path,
    period: str = "2026-6T",
    cutoff: date | None = None,
    policy: str | None = None,
    unit: str | None = None,
) -> list[dict[str, Any]]:
    """The rows that ``cchc values`` prints, as dicts."""
    place = Settings(home=home).place
    columns, rows = published.read_values(place, published.choose(place, period, cutoff, policy, unit))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def query(home: Path, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Ask the published database directly, past the product's own reading."""
    with duckdb.connect(str((home / "current" / "cchc.duckdb").resolve()), read_only=True) as con:
        return con.execute(sql, list(parameters)).fetchall()


def read_number_table(home: Path, period: str = "2026-6T", cutoff: date = CUTOFF) -> list[tuple[Any, ...]]:
    """``out.chi_tieu`` of one run without the hash of its inputs, in a total order."""
    return query(
        home,
        "select chinh_sach, don_vi, linh_vuc, ma_tthc, kenh, ma_chi_tieu, gia_tri, tu_so, mau_so, definition_hash"
        " from out.chi_tieu where ky = ? and ngay_chot = ? order by all nulls first",
        [period, cutoff],
    )


# --- the console script ---


def command(*arguments: str | Path) -> list[str]:
    """The command line of the installed console script, run by this interpreter."""
    return [sys.executable, str(Path(sys.executable).with_name("cchc")), *map(str, arguments)]


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CCHC_", "DAGSTER_"))}
    return clean | {"PYTHONDONTWRITEBYTECODE": "1"} | dict(extra or {})


def cchc(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None, timeout: float = 120
) -> Ended:
    """Call ``cchc`` as a user does: its own process, its exit code and both streams."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=_environment(env),
        cwd=cwd,
        timeout=timeout,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def start_cchc(*arguments: str | Path) -> subprocess.Popen[str]:
    """Start ``cchc`` and do not wait; standard error is a pipe of lines."""
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=_environment({"PYTHONUNBUFFERED": "1"}),
    )


# --- what was published ---


def hash_bytes(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def list_files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, links to folders not followed."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def take_fingerprint(home: Path) -> dict[str, str]:
    """Which version is published, and the hash of each of its files."""
    version = (home / "current").resolve()
    files = {str(path.relative_to(version)): hash_bytes(path) for path in list_files(version)}
    return {"current": version.name} | files


def find_mot_cua(home: Path) -> Path:
    """The original of the demo's list of dossiers in a home's landing folder."""
    (found,) = (home / "landing" / "mot_cua").rglob("*.xlsx")
    return found
