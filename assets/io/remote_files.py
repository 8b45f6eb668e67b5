"""Files on other machines: local or mounted folder, SFTP, S3-compatible, all through fsspec.

Belongs here: connecting, listing, copying, and turning a library's error into a sentence without any credential.
Does not belong here: which files are wanted and where they go (assets/raw/pulling).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from assets.io.connector_log import RemoteFile
from schemas.connectors import Connector

_SECONDS = 30
_STATE_KEYS = ("ETag", "mtime", "LastModified")


class UnreachableSource(RuntimeError):
    """The other machine cannot be read; the message is for people and holds no credential."""


class RemoteFolder:
    """One connector's folder, open for reading."""

    def __init__(self, connector: Connector, secrets: Mapping[str, SecretStr]) -> None:
        """Connect.

        Args:
            connector: where.
            secrets: ``tai_khoan``, ``mat_khau``, ``tep_khoa`` (path of a private key); S3: account and secret key.

        Raises:
            UnreachableSource: no connection, wrong credentials, unknown server key, no such folder.
        """
        self._connector = connector
        with _say_what_failed(connector):
            self._files = _CONNECT[connector.scheme](connector, secrets)
            self._base = self._files._strip_protocol(connector.noi_lay)
            if not self._files.isdir(self._base):
                raise FileNotFoundError
            self._files.invalidate_cache()

    def list_files(self) -> list[tuple[RemoteFile, float | None]]:
        """Every file below the folder with its modification time (seconds since the epoch, if known), by path.

        Raises:
            UnreachableSource: the listing broke off.
        """
        with _say_what_failed(self._connector):
            found = self._files.find(self._base, detail=True)
        base = str(self._base).rstrip("/") + "/"
        listed = [(path.removeprefix(base), info) for path, info in found.items() if path.startswith(base)]
        return [(self._describe(path, info), _seconds(info)) for path, info in sorted(listed)]

    def fetch(self, remote: RemoteFile, target: Path) -> bool:
        """Copy a file.

        Args:
            remote: as listed.
            target: local file to write; the caller renames or removes it.

        Returns:
            Whether the copy is whole: the file neither grew nor changed since it was listed.

        Raises:
            UnreachableSource: the connection broke off.
        """
        path = f"{str(self._base).rstrip('/')}/{remote.duong_dan}"
        with _say_what_failed(self._connector):
            self._files.get_file(path, str(target))
            self._files.invalidate_cache()
            now = self._describe(remote.duong_dan, self._files.info(path))
        return now.is_same_state(remote) and target.stat().st_size == remote.dung_luong

    @staticmethod
    def _describe(path: str, info: Mapping[str, Any]) -> RemoteFile:
        state = next((str(info[key]) for key in _STATE_KEYS if info.get(key)), "")
        return RemoteFile(path, state, int(info.get("size") or 0))

    def close(self) -> None:
        """Close the connection where there is one."""
        client = getattr(self._files, "client", None)
        if client is not None:
            client.close()


def _seconds(info: Mapping[str, Any]) -> float | None:
    moment = info.get("mtime") or info.get("LastModified")
    if isinstance(moment, datetime):
        return moment.timestamp()
    return float(moment) if moment is not None else None


@contextmanager
def _say_what_failed(connector: Connector) -> Iterator[None]:
    """One sentence by the kind of error: a library's own text may quote an address with its credentials."""
    try:
        yield
    except UnreachableSource:
        raise
    except Exception as error:  # noqa: BLE001 - paramiko, botocore and aiohttp share no base class; all are reported
        place = urlsplit(connector.noi_lay).netloc or connector.noi_lay
        raise UnreachableSource(f"{place}: {_explain(error)}") from None


def _explain(error: BaseException) -> str:
    """What went wrong, from the error's class; the libraries share no base class."""
    names = {cls.__name__ for cls in type(error).__mro__}
    if isinstance(error, FileNotFoundError):
        return "không có thư mục hoặc tệp này (ổ mạng chưa gắn?)"
    if names & {"BadHostKeyException"} or "known_hosts" in str(error):
        return "khóa của máy chủ không khớp hoặc chưa biết; đặt khoa_may_chu cho đúng"
    if isinstance(error, PermissionError) or names & {"AuthenticationException", "ClientError", "NoCredentialsError"}:
        return "tài khoản, mật khẩu hoặc quyền không đúng"
    if isinstance(error, TimeoutError | socket.timeout):
        return "máy chủ không trả lời kịp"
    return f"không kết nối được hoặc bị ngắt giữa chừng ({type(error).__name__})"


def _open_local(_: Connector, __: Mapping[str, SecretStr]) -> Any:
    from fsspec.implementations.local import LocalFileSystem

    return LocalFileSystem(skip_instance_cache=True)


def _open_s3(connector: Connector, secrets: Mapping[str, SecretStr]) -> Any:
    import s3fs

    account, key = _plain(secrets, "tai_khoan"), _plain(secrets, "mat_khau")
    return s3fs.S3FileSystem(
        anon=account is None,  # else the library would look for credentials of its own
        key=account,
        secret=key,
        endpoint_url=connector.may_chu or None,
        config_kwargs={"connect_timeout": _SECONDS, "read_timeout": _SECONDS, "retries": {"max_attempts": 2}},
        skip_instance_cache=True,
        use_listings_cache=False,
    )


def _open_sftp(connector: Connector, secrets: Mapping[str, SecretStr]) -> Any:
    """SFTP whose server key must be known: fsspec's own class would accept any on the first connection."""
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem

    address = urlsplit(connector.noi_lay)
    port = address.port or 22

    class PinnedSFTP(SFTPFileSystem):  # type: ignore[misc]
        def _connect(self) -> None:
            self.client = paramiko.SSHClient()
            if connector.khoa_may_chu:
                kind, key = connector.khoa_may_chu.split()[:2]
                name = self.host if port == 22 else f"[{self.host}]:{port}"
                entry = paramiko.hostkeys.HostKeyEntry.from_line(f"{name} {kind} {key}")
                self.client.get_host_keys().add(name, kind, entry.key)
            else:
                self.client.load_system_host_keys()
            self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
            self.client.connect(self.host, **self.ssh_kwargs)
            self.ftp = self.client.open_sftp()
            self.ftp.get_channel().settimeout(_SECONDS)

    return PinnedSFTP(
        address.hostname,
        port=port,
        username=_plain(secrets, "tai_khoan"),
        password=_plain(secrets, "mat_khau"),
        key_filename=_plain(secrets, "tep_khoa"),
        timeout=_SECONDS,
        allow_agent=False,
        look_for_keys=False,
        skip_instance_cache=True,
    )


def _plain(secrets: Mapping[str, SecretStr], item: str) -> str | None:
    return secrets[item].get_secret_value() if item in secrets else None


_CONNECT = {"file": _open_local, "sftp": _open_sftp, "s3": _open_s3}


def set_modified(path: Path, seconds: float | None) -> None:
    """Give a copy its original's modification time, which may be its extract time."""
    if seconds is not None:
        os.utime(path, (seconds, seconds))
