"""Connectors against real servers on loopback: folder, SFTP, S3; nothing half, nothing twice, no credential shown."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from assets.io.connector_log import ConnectorLog
from assets.io.home import Home
from assets.raw.pull_state import find_failed_pulls
from assets.raw.pulling import pull_connector
from pipelines.settings import Settings, WrongSettings
from schemas.connectors import Connector, complete, load_templates

NOON = datetime(2026, 6, 10, 12)  # noqa: DTZ001 - local time
PASSWORD = "mat-khau-rat-bi-mat"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "nha")
    made.prepare(("mot_cua",))
    return made


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "noi-gui"
    (folder / "con").mkdir(parents=True)
    for name, text in {"a.xlsx": "a1", "con/B.XLSX": "b1", "ghi-chu.txt": "x", "c.xlsx.part": "dở"}.items():
        leave(folder / name, text)
    return folder


def leave(path: Path, text: str, age: float = 3600) -> None:
    path.write_text(text, "utf-8")
    moment = NOON.timestamp() - age - 86400
    os.utime(path, (moment, moment))


def make(**own: object) -> Connector:
    return Connector(**complete("thu_muc", {"bat": True, "mau_tep": ["*.xlsx"], **own}))


def inbox(home: Home) -> dict[str, str]:
    base = home.inbox / "mot_cua" / "k"
    return {path.relative_to(base).as_posix(): path.read_text("utf-8") for path in base.rglob("*") if path.is_file()}


def pull(home: Home, connector: Connector, *, full: bool = False) -> tuple[ConnectorLog, list[str]]:
    return pull_connector(home, "k", connector, NOON, full=full)


def check_incremental(home: Home, connector: Connector, folder: Path) -> None:
    """First all, then nothing, then what changed; a full refresh takes everything."""
    assert pull(home, connector)[1] == ["a.xlsx", "con/B.XLSX"]
    assert inbox(home) == {"a.xlsx": "a1", "con/B.XLSX": "b1"}
    log, files = pull(home, connector)
    assert (log.loi, files) == ("", [])
    leave(folder / "a.xlsx", "a2 dài hơn", age=60)
    assert pull(home, connector)[1] == ["a.xlsx"]
    assert inbox(home)["a.xlsx"] == "a2 dài hơn"
    assert pull(home, connector, full=True)[1] == ["a.xlsx", "con/B.XLSX"]


def test_a_folder_is_taken_once(home: Home, outside: Path) -> None:
    check_incremental(home, make(noi_lay=str(outside)), outside)


def test_a_file_that_just_changed_waits(home: Home, outside: Path) -> None:
    leave(outside / "moi.xlsx", "đang ghi")
    moment = NOON.replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).timestamp() - 5
    os.utime(outside / "moi.xlsx", (moment, moment))
    assert "moi.xlsx" not in pull(home, make(noi_lay=str(outside)))[1]
    assert "moi.xlsx" in pull(home, make(noi_lay=str(outside), yen_giay=1))[1]


def test_too_large_is_said_and_the_rest_is_taken(home: Home, outside: Path) -> None:
    with (outside / "a.xlsx").open("r+b") as file:
        file.truncate(2 * 1024 * 1024)
    log, files = pull(home, make(noi_lay=str(outside), gioi_han_mb=1))
    assert files == ["con/B.XLSX"]
    assert "lớn hơn 1 MB" in log.loi


def test_a_failing_connector_is_a_finding_and_keeps_its_last_success(home: Home, outside: Path) -> None:
    good = make(noi_lay=str(outside))
    pull(home, good)
    log, files = pull(home, make(noi_lay=str(outside / "khong-co")))
    assert files == []
    assert log.lan_duoc_cuoi == NOON
    (finding,) = find_failed_pulls(home, {"k": good})
    assert finding.ma == "KET_NOI_LOI"
    assert "10/06/2026 12:00" in finding.dien_giai
    pull(home, good)
    assert find_failed_pulls(home, {"k": good}) == []


def test_a_folder_around_the_home_is_refused(home: Home) -> None:
    for folder in (home.root.parent, home.inbox):
        assert "thư mục nhà" in pull(home, make(noi_lay=str(folder)))[0].loi


# --- SFTP ---


@pytest.fixture
def sftp(outside: Path) -> Iterator[tuple[int, str]]:
    import asyncssh

    class Server(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("van-phong", PASSWORD)

    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> Any:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[key], server_factory=Server,
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(outside).encode()),
        )  # fmt: skip

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    yield server.get_port(), key.export_public_key().decode().strip()
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


@pytest.fixture
def secrets(home: Home) -> Path:
    path = home.root / "bi-mat.toml"
    path.write_text(f'[k]\ntai_khoan = "van-phong"\nmat_khau = "{PASSWORD}"\n', "utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.usefixtures("secrets")
def test_sftp_is_taken_once(home: Home, outside: Path, sftp: tuple[int, str]) -> None:
    port, key = sftp
    check_incremental(home, make(noi_lay=f"sftp://127.0.0.1:{port}/", khoa_may_chu=key), outside)


def test_sftp_with_a_wrong_password_key_or_readable_secret(
    home: Home, sftp: tuple[int, str], secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncssh

    port, key = sftp
    address = f"sftp://127.0.0.1:{port}/"
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    assert "khóa của máy chủ" in pull(home, make(noi_lay=address, khoa_may_chu=other))[0].loi
    assert "khóa của máy chủ" in pull(home, make(noi_lay=address))[0].loi
    secrets.chmod(0o644)
    assert "chmod 600" in pull(home, make(noi_lay=address, khoa_may_chu=key))[0].loi
    secrets.chmod(0o600)
    monkeypatch.setenv("CCHC_K_MAT_KHAU", "sai-" + PASSWORD)
    assert "mật khẩu" in pull(home, make(noi_lay=address, khoa_may_chu=key))[0].loi
    assert PASSWORD not in (home.root / "ket_noi" / "k.json").read_text("utf-8")
    assert inbox(home) == {}


# --- S3 ---


@pytest.mark.usefixtures("secrets")
def test_s3_is_taken_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.server import ThreadedMotoServer

    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        import boto3

        client = boto3.client(
            "s3", endpoint_url=f"http://{host}:{port}", aws_access_key_id="x", aws_secret_access_key="x"
        )
        client.create_bucket(Bucket="kho")
        for name, body in {"xuat/a.xlsx": b"a1", "xuat/con/B.XLSX": b"b1", "xuat/.an.xlsx": b"x"}.items():
            client.put_object(Bucket="kho", Key=name, Body=body)
        connector = make(noi_lay="s3://kho/xuat", may_chu=f"http://{host}:{port}", yen_giay=0)
        assert pull(home, connector)[1] == ["a.xlsx", "con/B.XLSX"]
        assert pull(home, connector)[1] == []
        client.put_object(Bucket="kho", Key="xuat/a.xlsx", Body=b"a2")
        assert pull(home, connector)[1] == ["a.xlsx"]
        assert inbox(home) == {"a.xlsx": "a2", "con/B.XLSX": "b1"}
    finally:
        server.stop()
    assert "không kết nối được" in pull(home, connector)[0].loi


# --- settings ---


def test_shipped_connectors_are_valid_and_off() -> None:
    assert set(load_templates()) == {"cong_moi_tthc", "dvcqg_tthc", "excel_hai_ngay", "s3", "sftp", "thu_muc"}
    assert not any(Connector(**complete(name, {})).bat for name in load_templates())


@pytest.mark.parametrize(
    "own", [{"noi_lay": "sftp://a:b@c/x"}, {"noi_lay": "ftp://c/x"}, {"noi_lay": "/x", "mat_khau": PASSWORD}, {}]
)
def test_settings_that_cannot_be_used(own: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        make(**own)


def test_a_password_in_settings_is_refused_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(f'[ket_noi.sftp]\nmat_khau = "{PASSWORD}"\n', "utf-8")
    with pytest.raises(WrongSettings) as wrong:
        _ = Settings(home=tmp_path).unit
    assert "ket_noi.sftp.mat_khau" in str(wrong.value)
    assert PASSWORD not in str(wrong.value)
