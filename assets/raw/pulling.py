"""Pulls one connector: what is new or changed on the other side is laid into the source's inbox folder, whole.

Belongs here: which files are wanted, and how a copy becomes a delivery. Does not belong here: connections
(assets/io/remote_files, remote_http), a portal's days and pages (pulling_http), Dagster (connectors).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from assets.io.connector_log import ConnectorLog, RemoteFile, read_log, write_log
from assets.io.home import Home
from assets.io.landing import hash_file, is_passing
from assets.io.remote_files import RemoteFolder, UnreachableSource, set_modified
from assets.io.remote_http import Portal
from assets.io.secrets import WrongSecrets, find_secrets
from assets.raw.pulling_http import Pulled, pull_portal
from schemas.connectors import Connector

_LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_MIB = 1024 * 1024


def pull_connector(
    home: Home,
    name: str,
    connector: Connector,
    moment: datetime,
    *,
    full: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[ConnectorLog, list[str]]:
    """Fetch what is new or changed. Failing is remembered in the log, never raised: other connectors go on.

    Args:
        home: the home.
        name: the connector's name in the home.
        connector: its settings.
        moment: the present moment, local time.
        full: fetch every file, or every day, again, whatever is remembered.
        sleep: waits so many seconds before a portal is asked again.

    Returns:
        The connector's memory after the attempt, and the names of the files laid into the inbox.
    """
    log = read_log(home, name, connector.nguon)
    pulled = Pulled()
    try:
        secrets = find_secrets(home, name)
        target = home.inbox / connector.nguon / name
        if connector.http is not None:
            with closing(Portal(connector, secrets, sleep=sleep)) as portal:
                pull_portal(portal, connector, name, target, log, moment, pulled, full=full)
        else:
            _keep_apart(home, connector)
            with closing(RemoteFolder(connector, secrets)) as folder:
                _take(folder, target, connector, moment, {} if full else log.tep, pulled)
    except (UnreachableSource, WrongSecrets) as failed:
        pulled.troubles.append(str(failed))
    log = log.note(moment, pulled.taken, "; ".join(pulled.troubles), pulled.covered)
    write_log(home, log)
    return log, sorted(pulled.taken)


def _keep_apart(home: Home, connector: Connector) -> None:
    """A folder that holds the home, or lies in it, would deliver the home's own files."""
    if connector.scheme == "file":
        base = Path(connector.noi_lay.removeprefix("file://")).resolve()
        root = home.root.resolve()
        if base.is_relative_to(root) or root.is_relative_to(base):
            raise UnreachableSource(f"{connector.noi_lay}: thư mục này chứa hoặc nằm trong thư mục nhà")


def _take(
    folder: RemoteFolder,
    target: Path,
    connector: Connector,
    moment: datetime,
    known: Mapping[str, RemoteFile],
    pulled: Pulled,
) -> None:
    for remote, modified in _choose(folder.list_files(), connector, known, moment):
        if remote.dung_luong > connector.gioi_han_mb * _MIB:
            pulled.troubles.append(f"một tệp lớn hơn {connector.gioi_han_mb} MB, không lấy")
            continue
        final = target.joinpath(*PurePosixPath(remote.duong_dan).parts)
        final.parent.mkdir(parents=True, exist_ok=True)
        part = final.with_name(f"{final.name}.part")
        try:
            if not folder.fetch(remote, part):
                pulled.troubles.append("một tệp đang được ghi ở nơi gửi, lần sau lấy lại")
                continue
            sha256 = hash_file(part)
            set_modified(part, modified)
            part.replace(final)
            pulled.taken[remote.duong_dan] = replace(remote, sha256=sha256, lay_luc=moment.isoformat())
        finally:
            part.unlink(missing_ok=True)


def _choose(
    listed: Iterable[tuple[RemoteFile, float | None]],
    connector: Connector,
    known: Mapping[str, RemoteFile],
    moment: datetime,
) -> list[tuple[RemoteFile, float | None]]:
    """The files that are wanted: by name, complete, not taken before in this state."""
    now = moment.replace(tzinfo=_LOCAL_ZONE).timestamp()
    return [
        (remote, modified)
        for remote, modified in listed
        if _is_wanted(remote.duong_dan, connector)
        and not remote.is_same_state(known.get(remote.duong_dan))
        and (modified is None or not 0 <= now - modified < connector.yen_giay)
    ]


def _is_wanted(path: str, connector: Connector) -> bool:
    """Whether a name fits; a path that leads out of the folder, or through a hidden one, never does."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or any(is_passing(Path(part)) for part in parts):
        return False
    return any(fnmatch(parts[-1].casefold(), pattern.casefold()) for pattern in connector.mau_tep)
