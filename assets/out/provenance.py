"""The passport of a finished report: which deliveries, definitions and values stand behind its cells.

Belongs here: the content of provenance.json. Does not belong here: writing it beside the documents (publish).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import polars as pl

from assets.io.landing import Passport
from assets.request import ReportRequest
from schemas.forms import row_id
from schemas.indicators import load_indicators
from schemas.unit import UnitSettings


def hash_inputs(passports: Iterable[Passport], unit: UnitSettings) -> str:
    """Hash of all that a value depends on besides the code: deliveries and their times, the unit's rules and facts.

    Returns:
        16 hex digits, the same for any order of files.
    """
    parts = sorted(f"{one.nguon} {one.sha256} {one.ngay_xuat.isoformat()}" for one in passports)
    parts.append(unit.quy_tac.model_dump_json())
    parts += sorted(one.model_dump_json() for one in unit.dinh_chinh)
    parts += unit.nguon_rieng
    parts += sorted(one.model_dump_json(exclude={"dong"}) for one in unit.lien_ket)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def describe_provenance(
    request: ReportRequest, bieu_mau: pl.DataFrame, deliveries: pl.DataFrame, input_hash: str
) -> dict[str, object]:
    """The content of provenance.json, without the documents' own hashes.

    Args:
        request: the run.
        bieu_mau: ``out.bieu_mau`` of the run.
        deliveries: ``core.giao_nop``.
        input_hash: hash of the inputs.

    Returns:
        A JSON-ready mapping. ``o`` holds one entry per printed cell: value, terms, indicator, definition hash;
        ``cchc trace`` lists the rows behind any of them.
    """
    indicators = load_indicators()
    mine = bieu_mau.filter((pl.col("chinh_sach") == request.chinh_sach) & pl.col("don_vi").is_null())
    cells = {
        row_id(one["bieu"], one["stt"]): {
            "so_lieu": one["so_lieu"],
            "tu_so": one["tu_so"],
            "mau_so": one["mau_so"],
            "chua_ro": one["chua_ro"],
            "loai": one["loai"],
            "ma_chi_tieu": one["ma_chi_tieu"],
            "definition_hash": (
                indicators[one["ma_chi_tieu"]].definition_hash if one["ma_chi_tieu"] in indicators else None
            ),
        }
        for one in mine.iter_rows(named=True)
        if one["loai"] != "header"
    }
    return {
        "ky": request.ky.key,
        "tu_ngay": request.ky.tu_ngay.isoformat(),
        "den_ngay": request.ky.den_ngay.isoformat(),
        "ngay_chot": request.ngay_chot.isoformat(),
        "chinh_sach": request.chinh_sach,
        "run_id": request.run_id,
        "input_hash": input_hash,
        "giao_nop": json.loads(
            json.dumps(deliveries.sort("nguon", "_file_sha256").to_dicts(), default=str, ensure_ascii=False)
        ),
        "o": cells,
    }
