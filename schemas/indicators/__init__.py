"""The registry of counted indicators: predicates over mart columns, read from the TOML files beside this module.

Belongs here: what an indicator is and its identity (definition hash). Does not belong here: the SQL they compile to
(compile.py) or their values (assets/out).
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

Operation = Literal["dem", "tong", "dem_khac_nhau"]

_DOSSIERS = "mart.ho_so_lop"


class Indicator(BaseModel):
    """One counted number.

    Attributes:
        ma: code, unique over all files.
        ten: title in Vietnamese.
        don_vi_tinh: unit of the number.
        bang: the mart table the predicate reads.
        agg: window it speaks of (period, ytd, as_of).
        nguon: delivered tables (``ho_so``) and columns (``ho_so.phi``) without which the number is unknown (an
            empty cell), not 0; ``a|b`` is there when one of the two is.
        phep: count of rows, sum of ``cot``, or count of distinct ``cot``.
        vi_tu: one boolean SQL expression over columns of ``bang``.
        ten_goi: readable names under which a paragraph may print the number ("tien_le_phi").
        an_so: columns of ``bang`` that may be null, "nobody says", and then leave the predicate null: such a dossier is
            counted neither in nor out, but beside (``unknown``).
        co_so: the indicator that counts the dossiers about which the predicate is known; goes with ``an_so``. Where it
            is 0 while some are unknown, the number is unknown, not 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    ma: str
    ten: str
    don_vi_tinh: str
    bang: str
    agg: Literal["period", "ytd", "as_of"]
    nguon: tuple[str, ...]
    vi_tu: str
    phep: Operation = "dem"
    cot: str | None = None
    ten_goi: tuple[str, ...] = ()
    an_so: tuple[str, ...] = ()
    co_so: str | None = None

    @model_validator(mode="after")
    def _names_its_column(self) -> Indicator:
        if (self.phep == "dem") != (self.cot is None):
            raise ValueError(f"{self.ma}: 'cot' goes with tong and dem_khac_nhau, and only with them")
        if bool(self.an_so) != (self.co_so is not None):
            raise ValueError(f"{self.ma}: 'an_so' and 'co_so' go together")
        if self.an_so and self.bang != _DOSSIERS:
            raise ValueError(f"{self.ma}: only what is counted over {_DOSSIERS} has 'an_so': notes speak of dossiers")
        return self

    @property
    def unknown(self) -> Indicator:
        """The count of the dossiers of which nobody knows whether they belong to this number, or with what amount."""
        unsaid = f"({self.vi_tu}) is null"
        if self.phep == "tong":
            unsaid += f" or (({self.vi_tu}) and {self.cot} is null)"
        changed = {"ma": f"{self.ma}__CHUA_RO", "phep": "dem", "cot": None, "vi_tu": unsaid}
        return self.model_copy(update=changed)

    def list_missing(self, delivered: frozenset[str]) -> list[str]:
        """The terms of ``nguon`` that nothing delivers; the first of its alternatives stands for a term."""
        return [term.split("|")[0] for term in self.nguon if delivered.isdisjoint(term.split("|"))]

    @property
    def definition_hash(self) -> str:
        """16 hex digits that change when what is counted changes (not when a title is reworded)."""
        counted = {"bang": self.bang, "phep": self.phep, "cot": self.cot, "vi_tu": self.vi_tu}
        return hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()[:16]


@cache
def load_indicators() -> dict[str, Indicator]:
    """Read every indicator file.

    Returns:
        Code → indicator.

    Raises:
        ValueError: a code stands twice, ``co_so`` names none, or a file breaks the shape (pydantic.ValidationError).
    """
    found: dict[str, Indicator] = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        raw = tomllib.loads(path.read_text("utf-8"))
        table = raw.pop("bang")
        for code, body in raw.items():
            if code in found:
                raise ValueError(f"{path.name}: indicator {code} stands twice")
            found[code] = Indicator(ma=code, bang=table, **body)
    if lost := sorted({one.co_so for one in found.values() if one.co_so} - set(found)):
        raise ValueError(f"indicators named by 'co_so' that do not exist: {', '.join(lost)}")
    return found
