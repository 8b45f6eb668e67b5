"""Fills the placeholders of the officer's paragraphs with the values of the annex.

Belongs here: the placeholder language ``{BM3.2.1.1}``, ``{BM1.2:pct}``, ``{ky}``. Does not belong here: which sections
exist (schemas/document) or printing (assets/io/word).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.document import MISSING
from schemas.document_build import FormRow, show_row
from schemas.findings import Finding, make_finding
from schemas.forms import row_id
from schemas.rules.display import format_dong, format_number, format_percent

_PLACEHOLDER = re.compile(r"\{\s*([A-Za-z][\w.]*?)\s*(?::\s*(\w+)\s*)?\}")


@dataclass(frozen=True)
class FilledParagraphs:
    """Section → paragraphs with placeholders filled, and findings about placeholders that nothing fills."""

    by_section: dict[str, list[str]]
    findings: list[Finding]


def fill_paragraphs(
    paragraphs: pl.DataFrame, rows: Mapping[str, FormRow], names: Mapping[str, str], file_names: Mapping[str, str]
) -> FilledParagraphs:
    """Fill the paragraphs of one period.

    Args:
        paragraphs: ``core.doan_van`` of the period, in order.
        rows: row id → row of the forms.
        names: names of the period and unit (``ky``, ``ky_toi``, ``don_vi``, ``ngay_chot``, ``tu_ngay``).
        file_names: delivery hash → file name, for findings.

    Returns:
        Texts by section. An unknown placeholder stays as typed and is a finding with its sheet and row; a known one
        without a value prints "…".
    """
    by_section: dict[str, list[str]] = {}
    findings: list[Finding] = []
    for section, text, sha, sheet, row in paragraphs.select(
        "muc", "noi_dung", "_file_sha256", "_sheet", "_row"
    ).iter_rows():
        unknown: list[str] = []

        def replace(match: re.Match[str], unknown: list[str] = unknown) -> str:
            value = _value_of(match[1], match[2], rows, names)
            if value is None:
                unknown.append(match[0])
                return match[0]
            return value

        by_section.setdefault(section, []).append(_PLACEHOLDER.sub(replace, text))
        findings += [
            make_finding(
                "MAU_CHEN_LA",
                nguon="nhap_tay",
                ten_tep=file_names.get(sha),
                file_sha256=sha,
                sheet=sheet,
                row=row,
                cot="nội dung",
                gia_tri=one,
            )
            for one in unknown
        ]
    return FilledParagraphs(by_section, findings)


def _value_of(name: str, form: str | None, rows: Mapping[str, FormRow], names: Mapping[str, str]) -> str | None:
    if form is None and name in names:
        return names[name]
    row = rows.get(name)
    if row is None or row.loai == "header":
        return None
    if form is None:
        shown = show_row(row).so_lieu_in or MISSING
        return f"{shown}%" if row.loai == "ratio" and shown not in (MISSING, "-") else shown
    if form == "pct" and row.loai == "ratio":
        if row.tu_so is None or row.mau_so is None:
            return MISSING
        percent = format_percent(row.tu_so, row.mau_so)
        return "không phát sinh" if percent is None else f"{percent}%"
    if form in ("dong", "so"):
        if row.so_lieu is None:
            return MISSING
        return format_dong(round(row.so_lieu)) if form == "dong" else format_number(row.so_lieu)
    return None


def index_rows(rows: list[FormRow]) -> dict[str, FormRow]:
    """Row id → row."""
    return {row_id(row.bieu, row.stt): row for row in rows}
