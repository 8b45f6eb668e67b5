"""Rules of cited documents, for the officer's list and for the citations of anybody's finished text.

Belongs here: what a sign says of its document, how a citation is printed, which signs are misprinted, what no longer
holds, numbers that run against their dates. Data: citations.toml and legal.toml beside this module. Does not belong
here: finding citations in running text (assets/audit), the officer's list (assets/out/cited), messages.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from schemas.rules.display import format_date
from schemas.rules.legal import load_instruments
from schemas.rules.text import matching_key

NEW_REGISTERS = date(2025, 7, 1)
"""Wards began anew on this day (two-level local government): numbers before and after are of different registers."""

_T = TypeVar("_T")
_LETTER = "Công văn"
_SIGN = re.compile(r"^(?P<so>\d{1,5}[a-z]?)\s?(?:/\s?(?P<nam>(?:19|20)\d{2})\s?)?[/-]\s?(?P<ky>\S.*)$")
_BODIES = frozenset({"UBND", "HĐND", "CV"})  # a letter's sign begins with the body, then the drafting office


@dataclass(frozen=True, slots=True)
class Sign:
    """Number and sign of a document, taken apart: ``107/2021/NĐ-CP`` → "107", 2021, "NĐ-CP"."""

    so: str
    nam: int | None
    ky: str

    @property
    def loai(self) -> str:
        """The type word that the sign stands for; a sign without one is a letter's ("Công văn")."""
        head = re.split(r"[-/]", self.ky, maxsplit=1)[0].strip()
        return str(_load()["loai"].get(head.rstrip("0123456789"), _LETTER))

    @property
    def so_thu_tu(self) -> int | None:
        """The number, None where it has a letter ("12a")."""
        return int(self.so) if self.so.isdecimal() else None


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """One document of the officer's list.

    Attributes:
        so_ky_hieu: number and sign, ``128/QĐ-UBND``.
        ngay: date of issue, None when it is not known.
        co_quan: issuing body.
        trich_yeu: its subject.
        loai: type word where the sign does not tell it ("" otherwise).
    """

    so_ky_hieu: str
    ngay: date | None
    co_quan: str
    trich_yeu: str = ""
    loai: str = ""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A document or term that no longer holds on and after ``tu_ngay``; ``mau`` sees matching keys."""

    mau: re.Pattern[str]
    ten: str
    thay_bang: str
    tu_ngay: date


@dataclass(frozen=True, slots=True)
class _SignRule:
    mau: re.Pattern[str]
    dung: str


def parse_sign(text: str) -> Sign | None:
    """Take a number and sign apart; None for a text that is none."""
    match = _SIGN.match(text.strip())
    return None if match is None else Sign(match["so"], int(match["nam"]) if match["nam"] else None, match["ky"])


def known_kinds() -> frozenset[str]:
    """The type words that a sign can stand for; a letter's sign stands for none."""
    return frozenset(_load()["loai"].values())


def find_kind(so_ky_hieu: str, loai: str = "") -> str:
    """The type word of a document: the given one, else the sign's ("128/QĐ-UBND" → "Quyết định")."""
    sign = parse_sign(so_ky_hieu)
    return loai.strip() or (sign.loai if sign else _LETTER)


def cite_shortly(document: CitedDocument) -> str:
    """Write "Quyết định số 128/QĐ-UBND"."""
    return f"{find_kind(document.so_ky_hieu, document.loai)} số {document.so_ky_hieu}"


def cite(document: CitedDocument) -> str:
    """Write "Quyết định số 128/QĐ-UBND ngày 10/01/2026 của UBND phường … về việc …"; absent parts are left out."""
    parts = [cite_shortly(document)]
    if document.ngay is not None:
        parts.append(f"ngày {format_date(document.ngay)}")
    if document.co_quan:
        parts.append(f"của {document.co_quan}")
    if subject := document.trich_yeu.strip().rstrip("."):
        parts.append(_join_subject(subject))
    return " ".join(parts)


def _join_subject(subject: str) -> str:
    words = _load()["noi"]
    plain = re.sub(r"^v/v\s+", "về việc ", subject, flags=re.IGNORECASE)
    key = matching_key(plain)

    def begins(some: Iterable[str]) -> bool:
        return any(re.match(rf"{re.escape(matching_key(word))}\b", key) for word in some)

    if begins(words["lien"]):
        return _lower_first(plain)
    return f"về {plain}" if begins(words["ve"]) else f"về việc {_lower_first(plain)}"


def _lower_first(text: str) -> str:
    """Lower the first letter unless it begins an abbreviation ("CCHC")."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def correct_sign(text: str) -> str | None:
    """How a misprinted sign is printed ("66/NQ/TW" → "66-NQ/TW"); None when nothing is wrong with it."""
    for rule in _load_sign_rules():
        if rule.mau.match(text):
            right = rule.mau.sub(rule.dung, text)
            return right if right != text else None
    return None


def register_of(ky: str) -> str:
    """The register that numbers a sign: letters of one body share one ("UBND-VP", "UBND-VHXXH")."""
    head = ky.partition("-")[0]
    return f"{head}-*" if head in _BODIES else ky


def find_reversals(entries: Iterable[tuple[date, int, _T]]) -> list[tuple[_T, _T]]:
    """Neighbours of one register and year of which the earlier one has the higher number.

    Args:
        entries: date, number, document; a repeated date and number counts once.
    """
    first: dict[tuple[date, int], _T] = {}
    for day, number, document in entries:
        first.setdefault((day, number), document)
    ordered = sorted(first)
    return [(first[a], first[b]) for a, b in itertools.pairwise(ordered) if a[1] > b[1] and a[0] != b[0]]


@cache
def load_superseded() -> tuple[Superseded, ...]:
    """What no longer holds: terms of citations.toml, and the replaced instruments of legal.toml."""
    terms = [
        Superseded(re.compile(entry["mau"]), entry["ten"], entry["thay_bang"], entry["tu_ngay"])
        for entry in _load()["thuat_ngu_cu"]
    ]
    instruments = load_instruments()
    replaced = []
    for one in instruments.values():
        if one.hieu_luc_den is None:
            continue
        after = instruments[one.thay_the_boi].so_ky_hieu if one.thay_the_boi else ""
        replaced.append(
            Superseded(
                re.compile(rf"(?<![\d/]){re.escape(matching_key(one.so_ky_hieu))}(?!\w)"),
                f"{find_kind(one.so_ky_hieu)} {one.so_ky_hieu}",
                f"{find_kind(after)} {after} thay thế" if after else "đã hết hiệu lực",
                one.hieu_luc_den + timedelta(days=1),
            )
        )
    return (*replaced, *terms)


@cache
def _load_sign_rules() -> tuple[_SignRule, ...]:
    return tuple(_SignRule(re.compile(entry["mau"]), entry["dung"]) for entry in _load()["ky_hieu_sai"])


@cache
def _load() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("citations.toml").read_text("utf-8"))
