"""Credentials of connectors: from environment variables, or from one file that only its owner may read.

Belongs here: finding a secret. Does not belong here: using it (remote_files). Nothing of it is ever logged or kept.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from pydantic import SecretStr

from assets.io.home import Home

SECRETS_FILE = "bi-mat.toml"
_ELSEWHERE = "CCHC_BI_MAT"
_OTHERS = 0o077


class WrongSecrets(ValueError):
    """The file of secrets cannot be used; the message is for the engineer and holds no secret."""


def find_secrets(home: Home, connector: str) -> dict[str, SecretStr]:
    """The credentials of one connector.

    ``CCHC_<TÊN>_<MỤC>`` in the environment wins over ``[<tên>]`` of the file (``bi-mat.toml`` of the home, or where
    ``CCHC_BI_MAT`` points to).

    Args:
        home: the home.
        connector: the connector's name.

    Returns:
        Item (``tai_khoan``, ``mat_khau`` …) → secret.

    Raises:
        WrongSecrets: others may read the file, or it is no TOML.
    """
    path = Path(os.environ.get(_ELSEWHERE) or home.root / SECRETS_FILE)
    found = _read_file(path, connector) if path.is_file() else {}
    prefix = f"CCHC_{connector.upper()}_"
    found |= {name[len(prefix) :].lower(): value for name, value in os.environ.items() if name.startswith(prefix)}
    return {name: SecretStr(value) for name, value in found.items()}


def _read_file(path: Path, connector: str) -> dict[str, str]:
    if path.stat().st_mode & _OTHERS:
        raise WrongSecrets(f"Người khác đọc được tệp {path}. Hãy đặt quyền: chmod 600 {path}")
    try:
        table = tomllib.loads(path.read_text("utf-8")).get(connector, {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):  # the decoder's own words could quote a secret
        raise WrongSecrets(f"Tệp {path} không đúng dạng TOML. Hãy sửa rồi chạy lại.") from None
    return {str(name): str(value) for name, value in table.items()}
