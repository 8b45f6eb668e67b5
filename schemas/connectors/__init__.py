"""Connectors: where a home fetches exports itself, as frozen models over the TOML beside this module.

Belongs here: the shape of a connector and how a home's ``[ket_noi.<tên>]`` overlays a shipped one. Does not belong
here: reaching another machine (assets/io/remote_files, remote_http), secrets (assets/io/secrets: never in settings).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.connectors.http import HttpSpec
from schemas.sources import load_sources

_HERE = Path(__file__).parent
SCHEMES = ("file", "sftp", "s3", "https", "http")
_LOOPBACK = "http://127.0.0.1:"
"""The only place that may be asked without TLS: this machine."""


class Connector(BaseModel):
    """A folder of exports, or a portal that makes them, from which a home fills its inbox.

    Attributes:
        ten: what it is, in Vietnamese.
        nguon: source key: the inbox folder that the files go to.
        bat: whether it runs; shipped ones are off.
        noi_lay: ``/thu-muc``, ``sftp://may-chu[:cong]/thu-muc``, ``s3://kho/tien-to`` or ``https://cong``;
            never holds a password.
        mau_tep: patterns of file names that are taken (letter case does not matter).
        gioi_han_mb: larger files are not taken.
        yen_giay: a file changed within so many seconds may still be being written; it waits for the next time.
        khoa_may_chu: public key of an SFTP server (``ssh-ed25519 AAAA…``); blank: the login's known_hosts decides.
        may_chu: address of an S3-compatible server (``https://…``).
        http: what a portal is asked; None: a folder.
        chua_kiem_chung: written from documents, never yet tried against the real service.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ten: str
    nguon: str
    bat: bool = False
    noi_lay: str = ""
    mau_tep: tuple[str, ...] = ("*",)
    gioi_han_mb: int = Field(200, ge=1)
    yen_giay: int = Field(60, ge=0)
    khoa_may_chu: str = ""
    may_chu: str = ""
    http: HttpSpec | None = None
    chua_kiem_chung: bool = False

    @property
    def scheme(self) -> str:
        """``file``, ``sftp``, ``s3``, ``https`` or ``http``."""
        return urlsplit(self.noi_lay).scheme or "file"

    @field_validator("nguon")
    @classmethod
    def _is_a_source(cls, name: str) -> str:
        if name not in load_sources():
            raise ValueError(f"không có nguồn “{name}”")
        return name

    @field_validator("noi_lay")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        parts = urlsplit(address)
        if "@" in parts.netloc:
            raise ValueError("noi_lay không được chứa tài khoản, mật khẩu")
        if parts.scheme and parts.scheme not in SCHEMES:
            raise ValueError(f"noi_lay phải là thư mục hoặc bắt đầu bằng một trong {SCHEMES}")
        if parts.scheme == "http" and not address.startswith(_LOOPBACK):
            raise ValueError("noi_lay của một cổng phải là https://")
        return address

    @model_validator(mode="after")
    def _can_run(self) -> Connector:
        if self.bat and not self.noi_lay:
            raise ValueError("kết nối đang bật phải có noi_lay")
        if self.may_chu and not self.may_chu.startswith(("https://", _LOOPBACK)):
            raise ValueError("may_chu phải là https://")
        if self.noi_lay and (self.http is not None) != self.scheme.startswith("http"):
            raise ValueError("mẫu này và noi_lay không đi với nhau")
        if self.bat and self.http and self.http.is_dated and not self.http.tu_ngay:
            raise ValueError("kết nối theo ngày phải có http.tu_ngay")
        return self


@cache
def load_templates() -> dict[str, dict[str, Any]]:
    """Read the shipped connectors: name → plain settings, sorted by name."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(_HERE.glob("*.toml"))}


def complete(name: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a home's table over the shipped connector that it names with ``mau`` (or is named after).

    Args:
        name: the connector's name in the home.
        own: its table in settings.toml.

    Returns:
        Settings for :class:`Connector`, not yet validated.

    Raises:
        ValueError: no shipped connector of that name.
    """
    template = own.get("mau", name)
    if template not in load_templates():
        raise ValueError(f"không có kết nối mẫu “{template}”; các mẫu: {', '.join(load_templates())}")
    shipped = load_templates()[template]
    made = shipped | {key: value for key, value in own.items() if key != "mau"}
    if isinstance(shipped.get("http"), Mapping) and isinstance(own.get("http"), Mapping):
        made["http"] = {**shipped["http"], **own["http"]}
    return made
