"""Which rows of the forms differ between two looks, and by which dossiers, procedures, petitions or declarations.

Belongs here: set differences of what stands behind a number, laid out as rows. Does not belong here: reading a look
(look), why a thing moved (schemas/rules/changes), printing (pipelines/commands/comparing).

The law: what the listed things add sums to the change of the value (of a ratio: to the change of each of its terms),
because both come from the predicates that counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from assets.out.look import Declared, Look
from schemas.forms import load_forms, row_id
from schemas.rules.changes import (
    DOSSIERS,
    PETITIONS,
    PROCEDURES,
    Move,
    explain_declared,
    explain_move,
    explain_procedure_count,
    name_class,
)
from schemas.rules.display import format_date, format_number

ROW_SCHEMA = {
    "dong": pl.Utf8,
    "bieu": pl.Utf8,
    "stt": pl.Utf8,
    "chi_tieu": pl.Utf8,
    "don_vi_tinh": pl.Utf8,
    "loai": pl.Utf8,
    "gia_tri_truoc": pl.Float64,
    "gia_tri_sau": pl.Float64,
    "chenh_lech": pl.Float64,
    "tu_so_truoc": pl.Float64,
    "mau_so_truoc": pl.Float64,
    "tu_so_sau": pl.Float64,
    "mau_so_sau": pl.Float64,
    "so_muc_doi": pl.Int64,
}
"""One row of a form that differs; ``so_muc_doi`` counts what moved. A ratio's value is its percentage."""

ITEM_SCHEMA = {
    "dong": pl.Utf8,
    "doi_tuong": pl.Utf8,
    "ma_ho_so": pl.Utf8,
    "ma_tthc": pl.Utf8,
    "ma_pakn": pl.Utf8,
    "thay_doi": pl.Float64,
    "thay_doi_tu_so": pl.Float64,
    "tu_lop": pl.Utf8,
    "sang_lop": pl.Utf8,
    "ngay_tiep_nhan": pl.Date,
    "ngay_hen_tra": pl.Date,
    "ngay_ket_cuc": pl.Date,
    "ly_do": pl.Utf8,
}
"""One thing that moved within one differing row: what it adds to the value (of a ratio: to the denominator, and to the
numerator), its class at both looks, its days at the later one, the reason."""

_KINDS = {DOSSIERS: "ho_so", PROCEDURES: "thu_tuc", PETITIONS: "pakn"}
_DECLARED = "khai_bao"
_PROCEDURES_WITH_DOSSIERS = "thu_tuc_co_ho_so"


@dataclass(frozen=True)
class Difference:
    """What differs: rows (``ROW_SCHEMA``) in printing order, and the things behind them (``ITEM_SCHEMA``)."""

    dong: pl.DataFrame
    muc: pl.DataFrame

    def flatten(self) -> pl.DataFrame:
        """One line per row and thing; a row whose things are unknown stands alone."""
        return self.dong.drop("so_muc_doi").join(self.muc, on="dong", how="left", maintain_order="left_right")


@dataclass(frozen=True, slots=True)
class _Thing:
    """What moved: its kind (``doi_tuong``) and its key."""

    kind: str
    key: str


@dataclass
class _Part:
    """What a thing adds to the value or denominator, and to the numerator; details where no state explains it."""

    thay_doi: float | None = 0.0
    tu_so: float = 0.0
    truoc: Any = None
    sau: Any = None


@dataclass
class _Moves:
    """The differing parts of every indicator, worked out once per table."""

    truoc: Look
    sau: Look
    _frames: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict)

    def list_moves(self, indicator: str) -> Iterator[tuple[_Thing, _Part]]:
        """What adds differently to an indicator at the two looks."""
        how = self.sau.cach_dem.get(indicator) or self.truoc.cach_dem.get(indicator)
        if how is None:
            return
        both = self._join(how.bang, how.khoa)
        left, right = f"{indicator}_truoc", f"{indicator}_sau"
        distinct = how.phep == "dem_khac_nhau"
        for key, before, after in both.select("khoa", left, right).filter(pl.col(left) != pl.col(right)).iter_rows():
            if not distinct:
                yield _Thing(_KINDS[how.bang], key), _Part(float(after - before))
            elif (before > 0) != (after > 0):
                thing = _Thing(_PROCEDURES_WITH_DOSSIERS, key)
                yield thing, _Part(float((after > 0) - (before > 0)), truoc=before, sau=after)

    def _join(self, table: str, key: str) -> pl.DataFrame:
        if (table, key) not in self._frames:
            names = sorted(
                {
                    one.ma_chi_tieu
                    for look in (self.truoc, self.sau)
                    for one in look.cach_dem.values()
                    if (one.bang, one.khoa) == (table, key)
                }
            )
            sides = [
                _complete(look.list_parts(table, key), names).rename({name: f"{name}_{side}" for name in names})
                for side, look in (("truoc", self.truoc), ("sau", self.sau))
            ]
            joined = sides[0].join(sides[1], on="khoa", how="full", coalesce=True).sort("khoa")
            self._frames[table, key] = joined.with_columns(pl.exclude("khoa").fill_null(0))
        return self._frames[table, key]


def _complete(parts: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """The same columns on both sides: an indicator that one release does not know adds nothing there."""
    missing = [pl.lit(0, pl.Int64).alias(name) for name in names if name not in parts.columns]
    return parts.with_columns(missing).select("khoa", *names)


def compare_looks(truoc: Look, sau: Look) -> Difference:
    """Compare two looks at one period under one policy.

    Args:
        truoc: the earlier cut-off, or the older version.
        sau: the later one.

    Returns:
        The differing rows: another value or other terms, or the same number made of other things.
    """
    moves = _Moves(truoc, sau)
    rows: list[dict[str, Any]] = []
    behind: list[tuple[str, bool, dict[_Thing, _Part]]] = []
    for bieu, stt in list(sau.dong) + [key for key in truoc.dong if key not in sau.dong]:
        before, after = truoc.dong.get((bieu, stt), {}), sau.dong.get((bieu, stt), {})
        line = after or before
        if line["loai"] == "header":
            continue
        parts = _gather_parts(moves, line)
        if not parts and all(before.get(name) == after.get(name) for name in ("so_lieu", "tu_so", "mau_so")):
            continue
        name = row_id(bieu, stt)
        rows.append({"dong": name, **_describe_row(line, before, after), "so_muc_doi": len(parts)})
        behind.append((name, line["loai"] == "ratio", parts))
    return Difference(pl.DataFrame(rows, schema=ROW_SCHEMA, orient="row"), _describe_items(truoc, sau, behind))


def _describe_row(line: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    left, right = before.get("so_lieu"), after.get("so_lieu")
    return {
        **{name: line[name] for name in ("bieu", "stt", "chi_tieu", "don_vi_tinh", "loai")},
        "gia_tri_truoc": left,
        "gia_tri_sau": right,
        "chenh_lech": _subtract(left, right) if line["loai"] != "enum" else None,
        **{f"{name}_truoc": before.get(name) for name in ("tu_so", "mau_so")},
        **{f"{name}_sau": after.get(name) for name in ("tu_so", "mau_so")},
    }


def _subtract(left: float | None, right: float | None) -> float | None:
    """The change of a value; None where one of them is unknown. Six decimals: a percentage is no binary fraction."""
    return None if left is None or right is None else round(right - left, 6)


def _gather_parts(moves: _Moves, line: Mapping[str, Any]) -> dict[_Thing, _Part]:
    """Everything that adds differently to a row; a ratio lists its denominator's things and its numerator's once."""
    if line["loai"] != "ratio":
        return dict(_list_term(moves, line["bieu"], line["stt"]))
    parts = dict(_list_term(moves, line["bieu"], line["mau_so_ma"]))
    for thing, part in _list_term(moves, line["bieu"], line["tu_so_ma"]):
        whole = parts.setdefault(thing, _Part(truoc=part.truoc, sau=part.sau))
        whole.tu_so = part.thay_doi or 0.0
    return parts


def _list_term(moves: _Moves, bieu: str, term: str) -> Iterator[tuple[_Thing, _Part]]:
    """What adds differently to an indicator (capitals) or to a row of the form, down to what is counted or declared."""
    if not term[0].isdigit():
        yield from moves.list_moves(term)
        return
    line = moves.sau.dong.get((bieu, term)) or moves.truoc.dong[bieu, term]
    if line["loai"] == "counted":
        yield from moves.list_moves(line["ma_chi_tieu"])
    elif line["loai"] == "sum":
        for inner in _find_terms(bieu, term):
            yield from _list_term(moves, bieu, inner)
    else:
        before, after = moves.truoc.find_declared(bieu, term), moves.sau.find_declared(bieu, term)
        if before.gia_tri != after.gia_tri:
            change = None if line["loai"] == "enum" else (after.gia_tri or 0.0) - (before.gia_tri or 0.0)
            yield _Thing(_DECLARED, row_id(bieu, term)), _Part(change, truoc=before, sau=after)


def _find_terms(bieu: str, stt: str) -> tuple[str, ...]:
    return next((line.cong for line in load_forms()[bieu].dong if line.stt == stt), ())


def _describe_items(truoc: Look, sau: Look, behind: Iterable[tuple[str, bool, dict[_Thing, _Part]]]) -> pl.DataFrame:
    rows = list(behind)
    told = _tell_states(truoc, sau, {thing for _, _, parts in rows for thing in parts})
    items = [
        {
            "dong": name,
            "doi_tuong": thing.kind,
            "thay_doi": part.thay_doi,
            "thay_doi_tu_so": part.tu_so if is_ratio else None,
            **(told.get(thing) or _tell_part(thing, part)),
        }
        for name, is_ratio, parts in rows
        for thing, part in sorted(parts.items(), key=lambda one: one[0].key)
    ]
    return pl.DataFrame(items, schema=ITEM_SCHEMA, orient="row")


def _tell_states(truoc: Look, sau: Look, things: Iterable[_Thing]) -> dict[_Thing, dict[str, Any]]:
    """Codes, classes, days and reason of the things that have a state: dossiers, procedures, petitions."""
    told: dict[_Thing, dict[str, Any]] = {}
    listed = list(things)
    for table, kind in _KINDS.items():
        keys = {thing.key for thing in listed if thing.kind == kind}
        if not keys:
            continue
        before, after = truoc.find_states(table, keys), sau.find_states(table, keys)
        joined = _find_joined(truoc, keys - before.keys()) | _find_joined(sau, keys - after.keys())
        for key in keys:
            move = Move(table, before.get(key), after.get(key), truoc.ngay_chot, sau.ngay_chot, joined.get(key))
            told[_Thing(kind, key)] = _tell_move(move)
    return told


def _find_joined(look: Look, missing: set[str]) -> dict[str, str]:
    """Code → the dossier whose rows bear it, of codes that are no dossier at that look."""
    return look.find_joined(missing) if missing else {}


def _tell_move(move: Move) -> dict[str, Any]:
    state = move.sau or move.truoc or {}
    return {
        "ma_ho_so": state.get("ma_ho_so"),
        "ma_tthc": state.get("ma_tthc"),
        "ma_pakn": state.get("ma_pakn"),
        "tu_lop": name_class(move.bang, move.truoc, move.chot_truoc),
        "sang_lop": name_class(move.bang, move.sau, move.chot_sau, later=True),
        "ngay_tiep_nhan": state.get("ngay_tiep_nhan"),
        "ngay_hen_tra": state.get("ngay_hen_tra", state.get("han_xu_ly")),
        "ngay_ket_cuc": state.get("ngay_ket_cuc", state.get("ngay_xu_ly_xong")),
        "ly_do": explain_move(move),
    }


def _tell_part(thing: _Thing, part: _Part) -> dict[str, Any]:
    """What is said of a procedure that counts by its dossiers, and of a declaration."""
    if thing.kind == _PROCEDURES_WITH_DOSSIERS:
        return {
            "ma_tthc": thing.key,
            "tu_lop": f"{part.truoc} hồ sơ",
            "sang_lop": f"{part.sau} hồ sơ",
            "ly_do": explain_procedure_count(part.truoc, part.sau),
        }
    return {
        "tu_lop": _tell_declared(part.truoc),
        "sang_lop": _tell_declared(part.sau),
        "ly_do": f"{thing.key}: {explain_declared(part.truoc.gia_tri, part.sau.gia_tri)}",
    }


def _tell_declared(declared: Declared) -> str:
    words = ["(trống)" if declared.gia_tri is None else format_number(declared.gia_tri)]
    words += [declared.nguoi_khai] if declared.nguoi_khai else []
    words += [f"khai ngày {format_date(declared.ngay_khai)}"] if declared.ngay_khai else []
    return ", ".join(words)
