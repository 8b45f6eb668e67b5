"""Fixtures and rules that every kind of test shares: one demo home built once, visible skips.

Belongs here: the session's demo home, what becomes of a test whose program or companion files are missing. Not here:
helpers (tests/support).
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import homes

# One commit gives one result: the examples of the laws follow from their text. HYPOTHESIS_PROFILE=tim looks for others.
settings.register_profile("lap_lai", derandomize=True, deadline=None, database=None)
settings.register_profile("tim", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "lap_lai"))

SHARED = Path(__file__).parents[1].parent / "shared"
NO_SKIP = "CCHC_NO_SKIP"


_CALLED = {"LibreOffice": ("soffice", "libreoffice")}
"""Programs whose name on the command line is another one; any of them will do."""


def find_missing_programs(item: pytest.Item) -> list[str]:
    """The programs that a test's ``system`` marks name and this machine lacks."""
    named = [program for mark in item.iter_markers("system") for program in mark.args]
    return [name for name in named if not any(shutil.which(called) for called in _CALLED.get(name, (name,)))]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, with the reason, what this machine cannot run."""
    lacking = find_missing_programs(item)
    if lacking:
        pytest.skip(f"needs the system program {', '.join(lacking)}")
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip(f"needs the companion files in {SHARED.name}/ beside the checkout")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where ``CCHC_NO_SKIP=1``, a skipped test that is marked ``system`` is a failure, whoever skipped it."""
    report = yield
    if report.skipped and os.environ.get(NO_SKIP) == "1" and item.get_closest_marker("system"):
        report.outcome = "failed"
        why = call.excinfo.value if call.excinfo else "?"
        report.longrepr = f"{item.nodeid}: {why}; skipped, and {NO_SKIP}=1 allows no skip of system tests"
    return report


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The home of ``cchc demo``, built once for all workers. Read only: whoever changes a home takes a copy."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    home = shared / "demo-home"
    with (shared / "demo-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo-home.built").is_file():
            done = homes.cchc("demo", "--home", home)
            (shared / "demo-home.stdout").write_text(done.out, "utf-8")
            (shared / "demo-home.stderr").write_text(done.err, "utf-8")
            assert done.code == 0, done.said
            (shared / "demo-home.built").touch()
    return home


@pytest.fixture(scope="session")
def demo_streams(demo_home: Path) -> str:
    """What the run that made ``demo_home`` printed, both streams."""
    return "".join(demo_home.with_name(f"demo-home.{name}").read_text("utf-8") for name in ("stdout", "stderr"))


@pytest.fixture
def own_home(demo_home: Path, tmp_path: Path) -> Path:
    """A copy of the demo home that the test may change."""
    return homes.copy_home(demo_home, tmp_path / "home")


@pytest.fixture(scope="module")
def module_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo home that the tests of one module share and may add to."""
    return homes.copy_home(demo_home, tmp_path_factory.mktemp("module") / "home")


@pytest.fixture(scope="session")
def is_root() -> bool:
    """Whether file permissions mean nothing to this process."""
    return os.geteuid() == 0


@pytest.fixture
def make_inbox(tmp_path: Path) -> Callable[..., Path]:
    """Make a bare home whose inbox holds the given ``{"mot_cua/a.xlsx": bytes}``."""

    def make(files: dict[str, bytes] | None = None, name: str = "bare") -> Path:
        home = tmp_path / name
        for relative, content in (files or {}).items():
            path = home / "inbox" / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return home

    return make
