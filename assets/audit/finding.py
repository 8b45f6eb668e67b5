"""One finding of the auditor, which findings say the same, and how they are ordered.

Belongs here: the value object, its plain rows, and leaving out repeats. Does not belong here: what is wrong (checks),
printing (pipelines).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assets.audit.catalogue import load_checks

_RANK = {"E": 0, "W": 1, "I": 2}


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One error of a report: one id and one cause, with every place it shows.

    Attributes:
        ma: id of the check ("A01"). muc_do: E blocks, W needs a word of explanation, I is information.
        vi_tri: places, "dòng 12" or "bảng 3, dòng 4".
        ve_trai: one side with its figures. ve_phai: the other side.
        dien_giai: the finding in one Vietnamese sentence with both figures.
        trich: a short quotation from the first place.
    """

    ma: str
    muc_do: str
    vi_tri: list[str]
    ve_trai: str
    ve_phai: str
    dien_giai: str
    trich: str


def make_finding(ma: str, places: Iterable[str], left: str, right: str, message: str, quote: str) -> AuditFinding:
    """Build a finding; severity comes from the catalogue, repeated places are named once."""
    kept = list(dict.fromkeys(place for place in places if place))
    return AuditFinding(ma, load_checks()[ma].muc_do, kept, left, right, message, quote)


def fill(ma: str, name: str, **values: object) -> str:
    """Fill a message template of the catalogue."""
    return load_checks()[ma].thong_diep[name].format(**values)


def order(findings: Iterable[AuditFinding]) -> list[AuditFinding]:
    """Sort by severity, then id; findings of one id keep their order in the report."""
    return sorted(findings, key=lambda found: (_RANK[found.muc_do], found.ma))


_SHARE = "A03"
_GENERAL = "C04"  # any list whose parts do not add up; a check of named figures says more about the same sum


def drop_repeats(findings: Iterable[AuditFinding]) -> list[AuditFinding]:
    """Drop findings that say what another one says: one wrong sum or share, seen by two checks, is one cause."""
    kept = list({(found.ma, found.ve_trai, found.ve_phai): found for found in reversed(list(findings))}.values())
    named: dict[str, set[str]] = defaultdict(set)  # total → places at which a check of named figures compares it
    for found in kept:
        if found.ma != _GENERAL:
            named[found.ve_phai].update(found.vi_tri)
    told = {id(found) for found in kept if found.ma == _GENERAL and not named[found.ve_phai].isdisjoint(found.vi_tri)}
    parts = _parts_of(found for found in kept if found.ma == _GENERAL and id(found) not in told)
    return [found for found in reversed(kept) if id(found) not in told and not _follows(found, parts)]


def _parts_of(sums: Iterable[AuditFinding]) -> dict[str, set[str]]:
    """List the parts of every wrong sum by its total, as the report has it and as they add up."""
    parts: dict[str, set[str]] = defaultdict(set)
    for wrong in sums:
        addends, _, added = wrong.ve_trai.partition(" = ")
        for total in (wrong.ve_phai, added):
            parts[total].update(addends.split(" + "))
    return parts


def _follows(share: AuditFinding, parts: Mapping[str, set[str]]) -> bool:
    """Tell whether a wrong share is only that of a part whose figure breaks the sum."""
    top, _, base = share.ve_trai.partition(" = ")[0].partition("/")
    return share.ma == _SHARE and top.lstrip("0") in parts.get(base, ())


def to_rows(findings: Sequence[AuditFinding]) -> list[dict[str, str | list[str]]]:
    """Turn findings into plain rows, one JSON object or spreadsheet row each, fields as in ``AuditFinding``."""
    return [
        {
            "ma": found.ma,
            "muc_do": found.muc_do,
            "vi_tri": list(found.vi_tri),
            "ve_trai": found.ve_trai,
            "ve_phai": found.ve_phai,
            "dien_giai": found.dien_giai,
            "trich": found.trich,
        }
        for found in findings
    ]
