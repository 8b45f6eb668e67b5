"""The catalogue of findings about delivered data, and the value object that carries one.

Belongs here: codes, severities, message templates (in findings.toml beside this file) and how a message is filled.
Does not belong here: how a finding is detected (the layer that sees it) or how it is shown (assets/out, pipelines).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Severity = Literal["E", "W", "I"]
Level = Literal["nha", "tep", "trang", "dong", "o"]

SEVERITIES: dict[str, str] = {"E": "Lỗi", "W": "Cần giải trình", "I": "Thông tin"}
"""Severity → its name for people, worst first."""


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One entry of the catalogue.

    Attributes:
        ma: stable code, e.g. ``NGAY_TIEP_NHAN_KHONG_DOC_DUOC``.
        muc_do: E blocks "final", W needs a word of explanation, I is information.
        cap: what it points at: the home, a file, a sheet, a row or a cell.
        thong_bao: Vietnamese message template (``str.format`` fields): what is wrong.
        cach_sua: Vietnamese template of the remedy, with the same fields: what to do, at the source where it can be.
    """

    ma: str
    muc_do: Severity
    cap: Level
    thong_bao: str
    cach_sua: str

    @property
    def cau(self) -> str:
        """Template of the whole message: what is wrong, then what to do."""
        return f"{self.thong_bao} {self.cach_sua}".strip()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, placed: grain of ``core.phat_hien``. Names file, sheet, row and dossier, never a person.

    ``dien_giai`` is the whole message, ``cach_sua`` its last part: the remedy.
    """

    ma: str
    muc_do: Severity
    cap: Level
    dien_giai: str
    nguon: str | None = None
    ten_tep: str | None = None
    file_sha256: str | None = None
    sheet: str | None = None
    row: int | None = None
    ma_ho_so: str | None = None
    cot: str | None = None
    cach_sua: str = ""


def cut_remedy(message: str, remedy: str | None) -> str:
    """What is wrong: a finding's message without its last part, the remedy, which is shown in a place of its own."""
    return message.removesuffix(remedy or "").strip()


@cache
def load_catalogue() -> dict[str, FindingKind]:
    """Read findings.toml.

    Returns:
        Code → kind, in the order of the file.

    Raises:
        ValueError: a severity or level outside the list.
    """
    raw = tomllib.loads(Path(__file__).with_name("findings.toml").read_text(encoding="utf-8"))
    kinds: dict[str, FindingKind] = {}
    for code, entry in raw.items():
        if entry["muc_do"] not in ("E", "W", "I") or entry["cap"] not in ("nha", "tep", "trang", "dong", "o"):
            raise ValueError(f"findings.toml: {code}: unknown muc_do or cap")
        kinds[code] = FindingKind(code, entry["muc_do"], entry["cap"], entry["thong_bao"], entry.get("cach_sua", ""))
    return kinds


def make_finding(
    code: str,
    *,
    nguon: str | None = None,
    ten_tep: str | None = None,
    file_sha256: str | None = None,
    sheet: str | None = None,
    row: int | None = None,
    ma_ho_so: str | None = None,
    cot: str | None = None,
    **values: object,
) -> Finding:
    """Fill a catalogue message.

    Args:
        code: a code of findings.toml.
        nguon: source key (a file in schemas/sources).
        ten_tep: the delivered file's name.
        file_sha256: its content hash, lower-case hex.
        sheet: sheet name as the clerk sees it.
        row: row number as the clerk sees it (1 = the first row of the sheet).
        ma_ho_so: dossier (or procedure, PAKN) code.
        cot: column title or name.
        **values: the message's further fields.

    Returns:
        The finding.

    Raises:
        KeyError: unknown code, or a field of the message that was not given.
    """
    kind = load_catalogue()[code]
    placed = {"nguon": nguon, "ten_tep": ten_tep, "sheet": sheet, "row": row, "ma_ho_so": ma_ho_so, "cot": cot}
    text, remedy = (template.format(**(placed | values)) for template in (kind.cau, kind.cach_sua))
    return Finding(code, kind.muc_do, kind.cap, text, nguon, ten_tep, file_sha256, sheet, row, ma_ho_so, cot, remedy)
