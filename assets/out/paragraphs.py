"""Fills the placeholders of the officer's paragraphs with the values of the annex.

Belongs here: the placeholder language: rows ``{BM3.2.1.1}``, ``{BM1.2:pct}``, ``{II.2.3.1}``, indicators by code or
name ``{tien_le_phi:dong}``, names of period and unit ``{ky}``, cited documents ``{vb:ID}``. Does not belong here: which
sections exist (schemas/document), how a document is cited (schemas/rules/citations), printing (assets/io/word).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

import polars as pl

from schemas.document import MISSING
from schemas.document_build import FormRow, show_row
from schemas.findings import Finding, make_finding
from schemas.forms import row_id
from schemas.indicators import load_indicators
from schemas.rules.citations import CitedDocument, cite, cite_shortly
from schemas.rules.display import (
    format_date,
    format_dong,
    format_long_date,
    format_number,
    format_percent,
    say_unknown,
)

_PLACEHOLDER = re.compile(r"\{+([^{}]*)\}+|[{}]")
_PARTS = re.compile(r"\s*([^:\s]+)\s*(?::\s*([^:\s]+)\s*)?(?::\s*([^:\s]+)\s*)?")
_DOCUMENT = "vb"
# a placeholder prints its unit; an officer who types it once more means it once
_DOUBLED_UNIT = re.compile(r"(\d%|\dđ)\s*(?:%|đồng\b|đ\b)")
_UNKNOWN = "chưa rõ"
"""What a sentence says that owns up to the dossiers of which nobody knows."""
_V = TypeVar("_V")


@dataclass(frozen=True)
class FilledParagraphs:
    """Section → paragraphs with placeholders filled, and findings about placeholders that nothing fills.

    ``vien_dan`` holds the ids of the documents that the text cites.
    """

    by_section: dict[str, list[str]]
    findings: list[Finding]
    vien_dan: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Values:
    """What placeholders may name; every name is found whatever its case.

    Attributes:
        rows: row id → row of the forms.
        names: names of the period and unit (``ky``, ``ngay_chot`` …); a day prints short, with ``:dai`` long.
        indicators: indicator code → value, whole home, the report's policy (None: unknown).
        documents: id → document of the officer's list.
        chua_ro: indicator code → dossiers of which nobody knows whether they count; without any it may be absent.
    """

    rows: Mapping[str, FormRow]
    names: Mapping[str, str | date]
    indicators: Mapping[str, float | None] = field(default_factory=dict)
    documents: Mapping[str, CitedDocument] = field(default_factory=dict)
    chua_ro: Mapping[str, int] = field(default_factory=dict)

    def count_unknown(self, name: str) -> int:
        """How many dossiers are in no term of the number of that name because no source says."""
        row = _fold(self.rows).get(name)
        return self.chua_ro.get(_indicator_names().get(name, ""), 0) if row is None else row.chua_ro

    def fill(self, name: str, form: str | None, third: str | None = None) -> str | None:
        """The text of one placeholder; None when nothing of that name and form exists."""
        if name == _DOCUMENT:
            return self._cite(form, third)
        if third is not None:
            return None
        if (known := _fold(self.names).get(name)) is not None:
            return _show_name(known, form)
        row = _fold(self.rows).get(name)
        if row is not None:
            return _show_row(row, form)
        code = _indicator_names().get(name)
        if code is None or code not in self.indicators:
            return None
        return _show_value(self.indicators[code], form or "so")

    def _cite(self, key: str | None, form: str | None) -> str | None:
        document = _fold(self.documents).get(key or "")
        if document is None or form not in (None, "ngan"):
            return None
        return cite(document) if form is None else cite_shortly(document)

    def suggest(self, typed: str) -> str:
        """The nearest placeholder, in brackets; "" if none is near."""
        known = {name.lower(): name for name in (*self.names, *self.rows, *_indicator_names())}
        known |= {f"{_DOCUMENT}:{name}".lower(): f"{_DOCUMENT}:{name}" for name in self.documents}
        text = re.sub(r"\s", "", typed).replace(",", ".").strip("{}").lower()
        name, _, form = text.partition(":")
        whole = text if name == _DOCUMENT else name
        near = get_close_matches(whole.removesuffix(":ngan"), list(known), n=1, cutoff=0.6)
        if not near:
            return ""
        right, keep = known[near[0]], f":{form}"
        fits = name != _DOCUMENT and form and self.fill(right.lower(), form) is not None
        return f"{{{right}{keep if fits else ''}}}"


def fill_paragraphs(paragraphs: pl.DataFrame, values: Values, file_names: Mapping[str, str]) -> FilledParagraphs:
    """Fill the paragraphs of one period.

    Args:
        paragraphs: ``core.doan_van`` of the period, in order.
        values: what placeholders may name.
        file_names: delivery hash → file name, for findings.

    Returns:
        Texts by section. A placeholder that nothing fills (unknown, misspelt, a form that does not fit, a lone bracket)
        stays as typed and is a finding with its sheet and row; a known one without a value prints "…". A number beside
        which dossiers are unknown is a finding too, unless the sentence says so, which only the officer can.
    """
    by_section: dict[str, list[str]] = {}
    findings: list[Finding] = []
    cited: set[str] = set()
    columns = ("muc", "noi_dung", "_file_sha256", "_sheet", "_row")
    for section, text, sha, sheet, row in paragraphs.select(columns).iter_rows():
        unknown: list[str] = []
        partial: dict[str, int] = {}

        def replace(match: re.Match[str], unknown: list[str] = unknown, partial: dict[str, int] = partial) -> str:
            parts = _PARTS.fullmatch(match[1] or "")
            name, form, third = ((part and part.lower()) for part in parts.groups()) if parts else ("", None, None)
            value = values.fill(name or "", form, third) if parts else None
            if value is None:
                unknown.append(match[0])
                return match[0]
            if name == _DOCUMENT and form:
                cited.add(form)
            if count := values.count_unknown(name or ""):
                partial[match[0]] = count
            return value

        filled = _DOUBLED_UNIT.sub(r"\1", _PLACEHOLDER.sub(replace, text))
        by_section.setdefault(section, []).append(filled)
        place: dict[str, Any] = {
            "nguon": "nhap_tay",
            "ten_tep": file_names.get(sha),
            "file_sha256": sha,
            "sheet": sheet,
            "row": row,
            "cot": "nội dung",
        }
        for one in unknown:
            near = values.suggest(one)
            hint = f" Có phải {near}?" if near else ""
            findings.append(make_finding("MAU_CHEN_LA", gia_tri=one[:60], goi_y=hint, **place))
        findings += [
            make_finding("SO_CHEN_CON_CHUA_RO", gia_tri=one[:60], chua_ro=say_unknown(count), **place)
            for one, count in partial.items()
            if _UNKNOWN not in text.lower()
        ]
    return FilledParagraphs(by_section, findings, frozenset(cited))


def _fold(mapping: Mapping[str, _V]) -> dict[str, _V]:
    return {name.lower(): value for name, value in mapping.items()}


def _indicator_names() -> dict[str, str]:
    """Every name of an indicator, lower case → its code."""
    return {name.lower(): code for code, one in load_indicators().items() for name in (code, *one.ten_goi)}


def _show_name(value: str | date, form: str | None) -> str | None:
    if isinstance(value, date) and form in (None, "dai"):
        return format_date(value) if form is None else format_long_date(value)
    return value if isinstance(value, str) and form is None else None


def _show_row(row: FormRow, form: str | None) -> str | None:
    if row.loai == "header":
        return None
    if form is None:
        shown = show_row(row).so_lieu_in or MISSING
        return f"{shown}%" if row.loai == "ratio" and shown not in (MISSING, "-") else shown
    if form in ("pct", "ty_so") and row.loai == "ratio":
        if row.tu_so is None or row.mau_so is None:
            return MISSING
        if form == "ty_so":
            return f"{format_number(row.tu_so)}/{format_number(row.mau_so)}"
        percent = format_percent(row.tu_so, row.mau_so)
        return "không phát sinh" if percent is None else f"{percent}%"
    return _show_value(row.so_lieu, form)


def _show_value(value: float | None, form: str) -> str | None:
    if form not in ("dong", "so"):
        return None
    if value is None:
        return MISSING
    return format_dong(round(value)) if form == "dong" else format_number(value)


def index_rows(rows: list[FormRow]) -> dict[str, FormRow]:
    """Row id → row."""
    return {row_id(row.bieu, row.stt): row for row in rows}
