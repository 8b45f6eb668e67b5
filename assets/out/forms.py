"""out.bieu_mau: the rows of the seven forms and of the text's II.2, from counted and declared values.

Belongs here: filling form lines, ratios and sums of rows, units. Does not belong here: counting (values), printing
(schemas/document_build, assets/io).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import polars as pl

from schemas.document_build import FormRow, show_row
from schemas.export import polars_schema
from schemas.findings import Finding, make_finding
from schemas.forms import Form, FormLine, load_forms, row_id
from schemas.indicators import load_indicators
from schemas.indicators.compile import PER_POLICY
from schemas.registry import find_table
from schemas.rules.display import percent_value

_TABLE = find_table("out.bieu_mau")


@dataclass(frozen=True, slots=True)
class FilledLine:
    """One form line, its value, how many dossiers are unknown to it (a ratio: to the term with more), what it lacks."""

    form: Form
    line: FormLine
    so_lieu: float | None
    tu_so: float | None = None
    mau_so: float | None = None
    chua_ro: int | None = None
    con_thieu: str | None = None


def fill_forms(
    chi_tieu: pl.DataFrame,
    declared: pl.DataFrame,
    ky: str,
    ngay_chot: date,
    localise: Callable[[str], str] = str,
    lacking: Mapping[str, str] = MappingProxyType({}),
) -> pl.DataFrame:
    """Make ``out.bieu_mau`` for every policy: the whole home, and each unit that received dossiers.

    Args:
        chi_tieu: ``out.chi_tieu`` of the period and cut-off.
        declared: ``core.nhap_tay``.
        ky: period key.
        ngay_chot: cut-off.
        localise: the unit's wording of a label.
        lacking: indicator code → what nobody delivered, so that it has no value.

    Returns:
        Rows in printing order (``thu_tu`` counts from 1 within a policy and unit).
    """
    figures = {
        (bieu, stt): value
        for bieu, stt, value in declared.filter(pl.col("ky") == ky).select("bieu", "stt", "gia_tri").iter_rows()
    }
    flat = chi_tieu.filter(pl.all_horizontal(pl.col(n).is_null() for n in ("linh_vuc", "ma_tthc", "kenh")))
    rows: list[dict[str, object]] = []
    for (policy, unit), part in flat.group_by("chinh_sach", "don_vi", maintain_order=True):
        counted = dict(part.select("ma_chi_tieu", "gia_tri").iter_rows())
        if unit is not None:
            whole = flat.filter((pl.col("chinh_sach") == policy) & pl.col("don_vi").is_null())
            counted = _values_of_unit(counted, dict(whole.select("ma_chi_tieu", "gia_tri").iter_rows()))
        own_figures = figures if unit is None else {}
        unknown = dict(part.select("ma_chi_tieu", "chua_ro").iter_rows())
        for place, filled in enumerate(fill_lines(counted, own_figures, unknown, lacking), start=1):
            head = {"ky": ky, "ngay_chot": ngay_chot, "chinh_sach": policy, "don_vi": unit, "thu_tu": place}
            rows.append(head | _row_of(filled) | {"chi_tieu": localise(filled.line.chi_tieu)})
    schema = polars_schema(_TABLE)
    return pl.DataFrame(rows, schema=schema, orient="row").sort("chinh_sach", "don_vi", "thu_tu", nulls_last=False)


def _values_of_unit(own: Mapping[str, float | None], whole: Mapping[str, float | None]) -> dict[str, float | None]:
    """A unit's counted values: an absent breakdown is 0 if the home knows the number; the catalogue is the home's."""
    tables = {code: one.bang for code, one in load_indicators().items()}
    values: dict[str, float | None] = {}
    for code, home_value in whole.items():
        table = tables.get(code)
        if table in PER_POLICY:
            values[code] = own.get(code, None if home_value is None else 0.0)
        elif table == "mart.thu_tuc_ky":
            values[code] = home_value
    return values


def fill_lines(
    counted: Mapping[str, float | None],
    declared: Mapping[tuple[str, str], float | None],
    unknown: Mapping[str, int | None],
    lacking: Mapping[str, str],
) -> Iterator[FilledLine]:
    """Fill every line of every form.

    Args:
        counted: indicator code → value (null: unknown).
        declared: (form, row) → declared value.
        unknown: indicator code → dossiers of which nobody knows whether they count.
        lacking: indicator code → what nobody delivered, so that it has no value.

    Yields:
        Lines in printing order.
    """
    for form in load_forms().values():
        codes = {line.stt: line.ma_chi_tieu for line in form.dong}
        values: dict[str, float | None] = {}
        for line in form.dong:
            if line.loai == "counted":
                assert line.ma_chi_tieu is not None
                values[line.stt] = counted.get(line.ma_chi_tieu)
            elif line.loai in ("declared", "enum"):
                values[line.stt] = declared.get((form.bieu, line.stt))
        terms = {**counted, **values}
        for line in form.dong:
            if line.loai == "sum":
                terms[line.stt] = _add([terms.get(term) for term in line.cong])
        for line in form.dong:
            if line.loai == "ratio":
                assert line.tu_so is not None
                assert line.mau_so is not None
                filled = _fill_ratio(form, line, terms.get(line.tu_so), terms.get(line.mau_so))
                both = [codes.get(term) or term for term in (line.tu_so, line.mau_so)]
                open_ones = [one for one in map(unknown.get, both) if one is not None]
                lacks = next((lacking[code] for code in both if code in lacking), None)
                yield replace(filled, chua_ro=max(open_ones, default=None), con_thieu=lacks)
            else:
                value = None if line.loai == "header" else terms.get(line.stt)
                code = line.ma_chi_tieu or ""
                yield FilledLine(form, line, value, chua_ro=unknown.get(code), con_thieu=lacking.get(code))


def _add(parts: Iterable[float | None]) -> float | None:
    total = 0.0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def _fill_ratio(form: Form, line: FormLine, above: float | None, below: float | None) -> FilledLine:
    percent = None if above is None or below is None else percent_value(above, below)
    return FilledLine(form, line, None if percent is None else float(percent), above, below)


def as_form_row(filled: FilledLine) -> FormRow:
    """The line as the document builder reads it."""
    line = filled.line
    return FormRow(
        bieu=filled.form.bieu,
        stt=line.stt,
        chi_tieu=line.chi_tieu,
        don_vi_tinh=line.don_vi_tinh or "",
        so_lieu=filled.so_lieu,
        tu_so=filled.tu_so,
        mau_so=filled.mau_so,
        loai=line.loai,
        in_nghieng=line.in_nghieng,
        an_stt=line.an_stt,
        luy_ke=line.agg == "ytd",
        chua_ro=filled.chua_ro or 0,
        con_thieu=filled.con_thieu or "",
    )


def _row_of(filled: FilledLine) -> dict[str, object]:
    line = filled.line
    shown = show_row(as_form_row(filled))
    return {
        "bieu": filled.form.bieu,
        "stt": line.stt,
        "chi_tieu": line.chi_tieu,
        "don_vi_tinh": line.don_vi_tinh,
        "so_lieu": filled.so_lieu,
        "tu_so": filled.tu_so,
        "mau_so": filled.mau_so,
        "chua_ro": filled.chua_ro,
        "con_thieu": filled.con_thieu,
        "hien_thi": shown.so_lieu_in,
        "ghi_chu": shown.ghi_chu,
        "loai": line.loai,
        "ma_chi_tieu": line.ma_chi_tieu,
        "tu_so_ma": line.tu_so,
        "mau_so_ma": line.mau_so,
    }


def find_undeclared(rows: pl.DataFrame, ky: str) -> list[Finding]:
    """One finding per declared cell of the period that nobody filled.

    Args:
        rows: rows of ``out.bieu_mau`` of the whole home under one policy.
        ky: period key.
    """
    empty = rows.filter(pl.col("loai").is_in(["declared", "enum"]) & pl.col("so_lieu").is_null())
    return [
        make_finding("CHUA_CO_SO_LIEU", bieu_stt=row_id(bieu, stt), chi_tieu=label, ky=ky)
        for bieu, stt, label in empty.select("bieu", "stt", "chi_tieu").iter_rows()
    ]
