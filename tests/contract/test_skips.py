"""A test that needs a missing program is skipped with its reason, and fails where no skip is allowed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.homes import PROJECT

MARKED = """
import pytest

@pytest.mark.system("khong-co-chuong-trinh-nay")
def test_marked(): raise AssertionError

@pytest.mark.system("sh")
@pytest.mark.skipif(True, reason="its own skipif")
def test_own_skipif(): raise AssertionError

@pytest.mark.system("sh")
def test_there(): pass

@pytest.mark.shared
def test_shared(): pass
"""


def run_marked(tmp_path: Path, no_skip: str, *, shared: bool) -> str:
    """Run the marked tests under a copy of our conftest in a project of their own."""
    tests = tmp_path / "du-an" / "kiem-thu"
    tests.mkdir(parents=True)
    (tests / "conftest.py").write_bytes((PROJECT / "tests" / "conftest.py").read_bytes())
    (tests / "test_marked.py").write_text(MARKED)
    if shared:
        (tmp_path / "shared").mkdir()
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-rsf", "-p", "no:cacheprovider", "--import-mode=importlib",
            "-W", "ignore", "-o", "markers=system(p): x", "-o", f"pythonpath={PROJECT}", str(tests),
        ],
        capture_output=True, text=True, check=False, cwd=tmp_path / "du-an", env=os.environ | {"CCHC_NO_SKIP": no_skip},
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("no_skip", "shared", "summary"),
    [
        ("0", True, "2 passed, 2 skipped"),
        ("0", False, "1 passed, 3 skipped"),
        ("1", False, "1 passed, 1 skipped, 2 errors"),
    ],
)
def test_skips_are_visible_or_not_allowed(tmp_path: Path, no_skip: str, shared: bool, summary: str) -> None:
    said = run_marked(tmp_path, no_skip, shared=shared)
    assert summary in said, said
    assert "khong-co-chuong-trinh-nay" in said
    if not shared:
        assert "shared/ beside the checkout" in said
