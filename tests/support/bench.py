"""``make bench``: speed and memory of the commands, as ratios against a named peer in the same run.

Belongs here: measuring and printing. Not here: a limit that fails a test, since machines differ.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

INBOX = Path(__file__).parents[2] / "data" / "demo" / "inbox"
CCHC = str(Path(sys.executable).with_name("cchc"))
ROUNDS = 5

PEER = f"""
import dagster, polars, pandera.polars, duckdb, docxtpl
import fastexcel
from pathlib import Path
for path in sorted(Path({str(INBOX)!r}).rglob("*.xlsx")):
    book = fastexcel.read_excel(str(path))
    for name in book.sheet_names:
        book.load_sheet(name, header_row=None, dtypes="string").to_polars()
"""


def measure(command: list[str], before: Callable[[], None] = lambda: None) -> tuple[float, float]:
    """Median wall time in seconds and greatest resident memory in MiB over the rounds, each a cold process."""
    seconds, memory = [], 0
    for _ in range(ROUNDS):
        before()
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - begun)
        if status:
            raise SystemExit(f"failed: {command}")
        memory = max(memory, usage.ru_maxrss)
    return statistics.median(seconds), memory / 1024


def main() -> None:
    """Measure and print both sides and the ratio."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        peer, peer_memory = measure([sys.executable, "-c", PEER])
        print(
            f"peer  import dagster, polars, pandera, duckdb, docxtpl + fastexcel: {peer:5.2f} s {peer_memory:6.0f} MiB"
        )
        demo, demo_memory = measure(
            [CCHC, "demo", "--home", str(home)], lambda: shutil.rmtree(home, ignore_errors=True)
        )
        print(
            f"demo  cchc demo, cold, everything included:                         {demo:5.2f} s {demo_memory:6.0f} MiB"
            f"   ratio {demo / peer:4.2f} (goal 3)"
        )
        for name, arguments in {
            "values": ["values", "--home", str(home), "--period", "2026-6T", "--json"],
            "query": ["query", "--home", str(home), "select count(*) from core.ho_so"],
            "status": ["status", "--home", str(home)],
            "trace": ["trace", "--home", str(home), "--period", "2026-6T", "BM3.2.1.1", "--csv"],
        }.items():
            took, memory = measure([CCHC, *arguments])
            print(
                f"{name:6}                                                              {took:5.2f} s {memory:6.0f} MiB"
            )


if __name__ == "__main__":
    main()
