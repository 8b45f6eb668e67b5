"""How a web portal is asked for an export, as frozen models over ``[http]`` of a connector's TOML.

Belongs here: the shape of requests and answers, and filling in ``{tu_ngay}`` and its kin. Does not belong here: the
network (assets/io/remote_http), which days are asked for (schemas/rules/coverage).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

PLACEHOLDERS = frozenset({"tu_ngay", "den_ngay", "trang", "vi_tri", "so_dong", "con_tro", "ma"})
_HOLE = re.compile(r"\{(\w+)\}")
_EXCEL = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.ms-excel",
    "application/octet-stream",
)


class Paging(BaseModel):
    """How a list that comes in pages goes on.

    Attributes:
        kieu: ``trang`` (page number), ``vi_tri`` (offset of the first row) or ``con_tro`` (the answer names the next).
        bat_dau: first page number or offset.
        so_dong: rows asked for per page.
        con_tro_o: dotted path of the next cursor in the answer; missing or empty there: it was the last page.
        toi_da: a list of more pages is refused: the portal goes round in circles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kieu: Literal["trang", "vi_tri", "con_tro"]
    bat_dau: int = Field(1, ge=0)
    so_dong: int = Field(100, ge=1)
    con_tro_o: str = ""
    toi_da: int = Field(2000, ge=1)

    @model_validator(mode="after")
    def _can_go_on(self) -> Paging:
        if (self.kieu == "con_tro") != bool(self.con_tro_o):
            raise ValueError("con_tro_o đi với kieu = con_tro, và chỉ với kiểu đó")
        return self


class Detail(BaseModel):
    """A second request for each row of the list, where the list itself only names things.

    Attributes:
        khoa: key of a row that holds ``{ma}``.
        duong_dan: path and query.
        than: JSON body; empty: none.
        dong_o: dotted path of the wanted object, or list of objects, in the answer; blank: the answer itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    khoa: str
    duong_dan: str
    than: dict[str, Any] = {}
    dong_o: str = ""


class HttpSpec(BaseModel):
    """What is asked of a portal and what it must answer.

    Attributes:
        phuong_thuc: GET or POST.
        duong_dan: path and query, after the connector's ``noi_lay``; may hold ``{tu_ngay}`` and its kin.
        than: JSON body; a value that is exactly ``"{trang}"``, ``"{vi_tri}"`` or ``"{so_dong}"`` is sent as a number.
        tieu_de: further request headers; never a secret.
        dang_nhap: ``khong``, ``basic`` (``tai_khoan``, ``mat_khau``), ``bearer``, ``tieu_de`` or ``than`` (all three:
            ``ma_truy_cap``, in the header or the body key named by ``ten_khoa``).
        ten_khoa: see ``dang_nhap``.
        dang_ngay: how days are written (strftime).
        tu_ngay: first day of interest; needed if days are asked for.
        so_ngay: longest span of days in one request.
        gom_lai: days before the last complete day that are asked for again: late changes of status arrive.
        loai_nhan: content types that are taken.
        duoi_tep: extension of the file that is made; paged lists always become JSON lines.
        dong_o: dotted path of the rows in a JSON answer; blank: the answer is the list.
        phan_trang: None: one answer is one file, kept as it came.
        chi_tiet: a request per row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    phuong_thuc: Literal["GET", "POST"] = "GET"
    duong_dan: str = ""
    than: dict[str, Any] = {}
    tieu_de: dict[str, str] = {}
    dang_nhap: Literal["khong", "basic", "bearer", "tieu_de", "than"] = "khong"
    ten_khoa: str = ""
    dang_ngay: str = "%d/%m/%Y"
    tu_ngay: date | None = None
    so_ngay: int = Field(31, ge=1)
    gom_lai: int = Field(30, ge=0)
    loai_nhan: tuple[str, ...] = _EXCEL
    duoi_tep: str = Field(".xlsx", pattern=r"^\.[a-z]+$")
    dong_o: str = ""
    phan_trang: Paging | None = None
    chi_tiet: Detail | None = None

    @property
    def is_dated(self) -> bool:
        """Whether days are asked for; else every pull takes the whole."""
        return bool(list_holes((self.duong_dan, self.than)) & {"tu_ngay", "den_ngay"})

    @property
    def secrets(self) -> tuple[str, ...]:
        """Items of the connector's secrets that the login needs."""
        return {"khong": (), "basic": ("tai_khoan", "mat_khau")}.get(self.dang_nhap, ("ma_truy_cap",))

    @field_validator("loai_nhan")
    @classmethod
    def _in_small_letters(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(kind.lower() for kind in kinds)

    @model_validator(mode="after")
    def _is_whole(self) -> HttpSpec:
        detail = (self.chi_tiet.duong_dan, self.chi_tiet.than) if self.chi_tiet else ()
        unknown = list_holes((self.duong_dan, self.than, detail)) - PLACEHOLDERS
        if unknown:
            raise ValueError(f"không biết {{{sorted(unknown)[0]}}}; dùng được: {', '.join(sorted(PLACEHOLDERS))}")
        if self.chi_tiet and not self.phan_trang:
            raise ValueError("chi_tiet cần phan_trang")
        if (self.dang_nhap in ("tieu_de", "than")) != bool(self.ten_khoa):
            raise ValueError("ten_khoa đi với dang_nhap = tieu_de hoặc than")
        return self


def list_holes(template: object) -> set[str]:
    """Names in braces anywhere in a text, or in the values of nested mappings and lists."""
    if isinstance(template, str):
        return set(_HOLE.findall(template))
    if isinstance(template, Mapping):
        return list_holes(list(template.values()))
    if isinstance(template, list | tuple):
        return {name for one in template for name in list_holes(one)}
    return set()


def fill_path(template: str, values: Mapping[str, str | int]) -> str:
    """A path and query with its holes filled, each value quoted so that it stays one value."""
    return _HOLE.sub(lambda hole: quote(str(values.get(hole[1], "")), safe=""), template)


def fill_body(template: Any, values: Mapping[str, str | int]) -> Any:
    """A JSON body with its holes filled; a text that is one hole takes the value with its type."""
    if isinstance(template, str):
        alone = _HOLE.fullmatch(template)
        if alone:
            return values.get(alone[1], "")
        return _HOLE.sub(lambda hole: str(values.get(hole[1], "")), template)
    if isinstance(template, Mapping):
        return {key: fill_body(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [fill_body(value, values) for value in template]
    return template


def find_path(answer: Any, path: str) -> Any:
    """What stands at a dotted path of a JSON answer; None if there is no such place; a blank path is the answer."""
    for part in path.split(".") if path else ():
        answer = answer.get(part) if isinstance(answer, Mapping) else None
    return answer
