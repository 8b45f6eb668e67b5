"""Cross-checks between rows, read from the TOML files beside this module.

Belongs here: which files hold the checks of a report, and reading them. Does not belong here: what a kind of check
compares (kinds), where values come from or how results are shown (assets/out).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from schemas.checks.kinds import RUN_TERMS, Check, SumCheck

__all__ = ["RUN_TERMS", "load_checks", "parse_check"]

_FILES = ("dong_nhat.toml", "khai_bao.toml", "hop_ly.toml", "ky_truoc.toml", "tong_hop.toml", "tong_hop_07a.toml")
_KINDS: TypeAdapter[Check] = TypeAdapter(Check)


@cache
def load_checks() -> dict[str, Check]:
    """Read the check files.

    Raises:
        pydantic.ValidationError: a file breaks the shape.
        ValueError: an id stands twice.
    """
    found: dict[str, Check] = {}
    for name in _FILES:
        for code, body in tomllib.loads((Path(__file__).parent / name).read_text("utf-8")).items():
            if code in found:
                raise ValueError(f"{name}: check {code} stands twice")
            found[code] = parse_check(code, body)
    return found


def parse_check(code: str, body: dict[str, object]) -> Check:
    """Make one check of its table in a TOML file; without ``loai`` it compares two sums.

    Raises:
        pydantic.ValidationError: the table breaks the shape.
    """
    if "loai" not in body:
        return SumCheck.model_validate(body | {"ma": code})
    return _KINDS.validate_python(body | {"ma": code})
