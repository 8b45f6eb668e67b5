"""The rows of each Biểu mẫu and of the text's II.2, read from the TOML files beside this module.

Belongs here: the shape of a form and the rules a form file must keep. Does not belong here: values (assets/out)
or how a form looks (templates, assets/io).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

RowKind = Literal["header", "counted", "ratio", "sum", "declared", "enum"]


class FormLine(BaseModel):
    """One printed row of a form.

    ``tu_so``, ``mau_so`` and the entries of ``cong`` name either rows of the same form (they begin with a digit) or
    indicators (capitals).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stt: str
    chi_tieu: str
    loai: RowKind
    don_vi_tinh: str | None = None
    ma_chi_tieu: str | None = None
    tu_so: str | None = None
    mau_so: str | None = None
    cong: tuple[str, ...] = ()
    lua_chon: dict[str, str] = {}
    kieu: Literal["so_nguyen", "so_thuc", "phan_tram"] = "so_nguyen"
    agg: Literal["period", "ytd", "as_of"] = "period"
    in_nghieng: bool = False
    an_stt: bool = False

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> FormLine:
        needed = {
            "header": True,
            "counted": self.ma_chi_tieu is not None,
            "ratio": self.tu_so is not None and self.mau_so is not None,
            "sum": bool(self.cong),
            "declared": True,
            "enum": bool(self.lua_chon),
        }
        if not needed[self.loai]:
            raise ValueError(f"row {self.stt}: kind {self.loai} lacks its terms")
        if self.loai != "header" and self.don_vi_tinh is None:
            raise ValueError(f"row {self.stt}: no unit")
        return self


class Form(BaseModel):
    """One Biểu mẫu: its number (``1``..``7`` or ``II.2``), title and rows in printing order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bieu: str
    ten: str
    in_phu_luc: bool = True
    dong: tuple[FormLine, ...]

    @model_validator(mode="after")
    def _refers_to_its_own_rows(self) -> Form:
        known = [line.stt for line in self.dong]
        if len(known) != len(set(known)):
            raise ValueError(f"form {self.bieu}: a row number stands twice")
        for line in self.dong:
            for term in (line.tu_so, line.mau_so, *line.cong):
                if term is not None and term[0].isdigit() and term not in known:
                    raise ValueError(f"form {self.bieu}, row {line.stt}: no row {term}")
        return self


def row_id(bieu: str, stt: str) -> str:
    """The public name of a row: ``BM3.2.1.1``; rows of the text are ``II.2.3.1`` (contract.md)."""
    return f"{bieu}.{stt}" if bieu.startswith("II") else f"BM{bieu}.{stt}"


@cache
def load_forms() -> dict[str, Form]:
    """Read every form file.

    Returns:
        ``bieu`` → form, forms 1..7 first, then the text's rows.

    Raises:
        pydantic.ValidationError: a file breaks the shape above.
    """
    folder = Path(__file__).parent
    forms = [Form.model_validate(tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))]
    return {form.bieu: form for form in forms}
