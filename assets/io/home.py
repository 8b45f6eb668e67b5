"""One home: the folder that holds a unit's inbox, originals, layers and published versions (contract.md).

Belongs here: where things lie inside a home, its layout version, its lock. Does not belong here: what the files mean.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LAYOUT_VERSION = 1


class HomeIsLocked(RuntimeError):
    """Another run holds the home; the message is for the officer."""


class HomeIsNewer(RuntimeError):
    """The home was written by a newer release; the message is for the officer."""


@dataclass(frozen=True)
class Home:
    """Paths of one home. Making the object touches nothing; ``prepare`` creates the folders."""

    root: Path

    @property
    def inbox(self) -> Path:
        """What offices and connectors drop, one folder per source."""
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        """Originals with their passports; restricted, purged after the retention period."""
        return self.root / "landing"

    @property
    def versions(self) -> Path:
        """Published states, one folder each."""
        return self.root / "versions"

    @property
    def current(self) -> Path:
        """Symlink to the published version."""
        return self.root / "current"

    @property
    def warehouse(self) -> Path:
        """The published database, through ``current``."""
        return self.root / "warehouse" / "cchc.duckdb"

    @property
    def reports(self) -> Path:
        """The published reports, through ``current``."""
        return self.root / "reports"

    @property
    def settings(self) -> Path:
        """The unit's own settings over the shipped ones; may be absent."""
        return self.root / "settings.toml"

    @property
    def corrections(self) -> Path:
        """The unit's own corrections of known source errors (``*.toml``); may be absent."""
        return self.root / "corrections"

    @property
    def links(self) -> Path:
        """The unit's links between codes of several systems; may be absent."""
        return self.root / "reference" / "lien_ket_ho_so.csv"

    @property
    def own_sources(self) -> Path:
        """Sources that the program does not ship (``<ma>.toml``, ``<ma>.csv``); may be absent."""
        return self.root / "reference" / "nguon"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME of this home."""
        return self.root / "dagster"

    @property
    def journal(self) -> Path:
        """Append-only record of what people and runs did."""
        return self.root / "journal"

    @property
    def lock(self) -> Path:
        """The file whose lock means "a run is writing here"."""
        return self.root / "lock"

    def layer(self, name: str) -> Path:
        """Folder of a layer's Parquet files (raw, core, mart, out)."""
        return self.root / name

    def table(self, full_name: str) -> Path:
        """Parquet file of an unpartitioned table: ``core.ho_so`` → ``core/ho_so.parquet``."""
        layer, name = full_name.split(".")
        return self.layer(layer) / f"{name}.parquet"

    def partition(self, full_name: str, key: str) -> Path:
        """Parquet file of one period x cut-off of a table: ``mart/ho_so_ky/<key>.parquet``."""
        layer, name = full_name.split(".")
        return self.layer(layer) / name / f"{key}.parquet"

    def list_partitions(self, full_name: str, period: str) -> list[Path]:
        """The Parquet files of one period of a table, the earliest cut-off first (keys end with an ISO day)."""
        layer, name = full_name.split(".")
        return sorted((self.layer(layer) / name).glob(f"{period}_*.parquet"))

    def list_delivering(self) -> list[str]:
        """Sources of which at least one delivery was ever taken in, by the passports that lie there."""
        return sorted({path.parent.name for path in self.layer("raw").glob("*/*.json") if path.name[0] != "_"})

    def prepare(self, sources: Iterator[str] | tuple[str, ...] = ()) -> None:
        """Create the folders of a home, and its layout mark.

        Args:
            sources: source keys; each gets a folder in the inbox.

        Raises:
            HomeIsNewer: a newer release wrote this home.
        """
        self._check_layout()
        for folder in (self.inbox, self.versions, self.root / "warehouse", self.dagster, self.journal):
            folder.mkdir(parents=True, exist_ok=True)
        self.landing.mkdir(mode=0o700, exist_ok=True)
        for layer in ("raw", "core", "mart", "out"):
            self.layer(layer).mkdir(mode=0o700, exist_ok=True)
        for source in sources:
            (self.inbox / source).mkdir(exist_ok=True)

    def _check_layout(self) -> None:
        mark = self.root / "layout.json"
        if mark.is_file():
            found = int(json.loads(mark.read_text("utf-8"))["layout"])
            if found > LAYOUT_VERSION:
                raise HomeIsNewer(
                    f"Thư mục {self.root} do bản cchc mới hơn tạo (bố cục {found}, bản này dùng {LAYOUT_VERSION}). "
                    "Hãy cập nhật cchc rồi chạy lại."
                )
            return
        self.root.mkdir(parents=True, exist_ok=True)
        mark.write_text(json.dumps({"layout": LAYOUT_VERSION}) + "\n", "utf-8")


_HELD: dict[Path, int] = {}
_HELD_GUARD = threading.Lock()


@contextmanager
def hold_lock(home: Home, run_id: str, *, wait: bool = False) -> Iterator[str | None]:
    """Hold the home's lock while writing; re-entrant within one process.

    Args:
        home: the home.
        run_id: written into the lock file, so that the next holder can tell a killed run.
        wait: wait for the other run instead of refusing.

    Yields:
        The run id of a former holder that died without releasing, else None.

    Raises:
        HomeIsLocked: another process holds it and ``wait`` is false.
    """
    path = home.lock.resolve()
    with _HELD_GUARD:
        inner = path in _HELD
        if inner:
            _HELD[path] += 1
    if inner:
        try:
            yield None
        finally:
            with _HELD_GUARD:
                _HELD[path] -= 1
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as busy:
            raise HomeIsLocked(_say_holder(home, os.pread(descriptor, 4096, 0))) from busy
        died = _read_run_id(os.pread(descriptor, 4096, 0))
        mark = json.dumps({"run_id": run_id, "pid": os.getpid()}).encode()
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, mark, 0)
        with _HELD_GUARD:
            _HELD[path] = 1
        try:
            yield died
        finally:
            with _HELD_GUARD:
                del _HELD[path]
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def is_locked(home: Home) -> bool:
    """Whether a run is writing in the home now; never keeps a run that begins from its lock."""
    try:
        descriptor = os.open(home.lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        if not os.pread(descriptor, 1, 0):  # the holder wipes its mark when it is done
            return False
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # a mark without a lock: the holder was killed
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _read_run_id(mark: bytes) -> str | None:
    if not mark.strip():
        return None
    try:
        return str(json.loads(mark)["run_id"])
    except (ValueError, KeyError):  # a torn mark: the holder died while writing it
        return "?"


def _say_holder(home: Home, mark: bytes) -> str:
    try:
        pid = json.loads(mark)["pid"]
    except (ValueError, KeyError):
        pid = "?"
    return (
        f"Một lần chạy khác (tiến trình {pid}) đang dùng thư mục {home.root}. Hãy đợi lần đó xong rồi chạy lại; "
        "báo cáo và cơ sở dữ liệu đã công bố không thay đổi."
    )
