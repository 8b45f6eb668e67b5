"""Why one dossier, procedure or petition counts differently at two looks: its class then and now, the reason in words.

Belongs here: telling time (it was received, it ended, it became late) from rewriting (the source says something else).
Does not belong here: which ones moved and what they add to a number (assets/out/compare). Words and columns: the TOML.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from schemas.fields import load_meanings
from schemas.rules.display import format_date, format_number
from schemas.wording import say_code

State = Mapping[str, Any]
DOSSIERS, PROCEDURES, PETITIONS = "mart.ho_so_lop", "mart.thu_tuc_ky", "mart.pakn_ky"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing at two looks.

    Attributes:
        bang: the mart table it stands in.
        truoc: its row at the first look, None if it was not there.
        sau: its row at the second.
        chot_truoc: cut-off of the first look.
        chot_sau: cut-off of the second, the same day or later.
        gop: code of the dossier that this one's code belongs to at the look where it is no dossier of its own.
    """

    bang: str
    truoc: State | None
    sau: State | None
    chot_truoc: date
    chot_sau: date
    gop: str | None = None


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("changes.toml").read_text("utf-8"))


def name_class(bang: str, state: State | None, ngay_chot: date, *, later: bool = False) -> str:
    """The class of a thing at a cut-off, in words.

    Args:
        bang: its mart table.
        state: its row, None if it is not there.
        ngay_chot: the cut-off.
        later: it is the second look: what is not there was there.
    """
    words = _words()["lop"]
    if state is None:
        return str(words["khong_con" if later else "chua_co"])
    if bang == PROCEDURES:
        return str(words["con_hieu_luc" if state["con_hieu_luc"] else "het_hieu_luc"])
    received = state["ngay_tiep_nhan"]
    if not state.get("da_tiep_nhan", True) or received is None or received > ngay_chot:
        return str(words["chua_tiep_nhan"])
    if bang == PETITIONS:
        return str(words["pakn_xong" if state["da_xong"] else "pakn_dang"])
    return _name_dossier_class(state)


def _name_dossier_class(state: State) -> str:
    words, han = _words()["lop"], say_code("han", state["han"]) or ""
    if state["ket_thuc_trong_ky"]:
        return str(words["ket_thuc"]).format(ket_cuc=say_code("ket_cuc", state["ket_cuc"]), han=han)
    if state["dang_giai_quyet"]:
        return str(words["dang_tam_dung" if state["tam_dung"] else "dang_giai_quyet"]).format(han=han)
    return str(words["xong_truoc_ky"])


def explain_move(move: Move) -> str:
    """Why a thing that moved counts differently, in words.

    What only time did (receipt, end, a due date that passed, all between the two cut-offs) is told apart from what the
    source rewrote; the columns it rewrote are named with both values.
    """
    if move.truoc is None or move.sau is None:
        return _explain_appearance(move)
    events = list(_list_events(move, move.truoc, move.sau))
    rewritten = list(_list_rewritten(move, move.truoc, move.sau, with_followers=not events))
    level = [name for name in rewritten if name == "muc_do"]
    others = [name for name in rewritten if name != "muc_do"]
    if level:
        events.append(_say("muc_do", cot=_say_columns(level, move)))
    if others:
        events.append(_say("nguon_doi", cot=_say_columns(others, move)))
    return "; ".join(events) or _say("cach_dem")


def explain_procedure_count(truoc: int, sau: int) -> str:
    """Why a count of procedures with dossiers changed: dossiers counted under it before and after."""
    return _say("ho_so_dau" if truoc == 0 else "ho_so_het", so_truoc=f"{truoc} hồ sơ", so_sau=f"{sau} hồ sơ")


def explain_declared(truoc: float | None, sau: float | None) -> str:
    """A declared figure that was changed."""
    return _say("khai_bao", truoc=_say_value(truoc), sau=_say_value(sau))


def _say(reason: str, **values: str) -> str:
    return str(_words()["ly_do"][reason]).format(**values)


def _explain_appearance(move: Move) -> str:
    if move.bang == PROCEDURES:
        return _say("thu_tuc_moi" if move.truoc is None else "thu_tuc_bo")
    if move.sau is None:
        return _say("gop", ma=move.gop) if move.gop else _say("nguon_bot")
    if move.gop:
        return _say("tach", ma=move.gop)
    received = move.sau["ngay_tiep_nhan"]
    if _between(received, move):
        return _say("tiep_nhan", ngay=format_date(received))
    return _say("nguon_them")


def _between(day: date | None, move: Move) -> bool:
    return day is not None and move.chot_truoc < day <= move.chot_sau


def _list_events(move: Move, truoc: State, sau: State) -> Iterator[str]:
    """What happened to a thing between the two cut-offs by the days the source gives."""
    if move.bang == PROCEDURES:
        return
    received = sau["ngay_tiep_nhan"]
    if _between(received, move) and received == truoc["ngay_tiep_nhan"]:
        yield _say("tiep_nhan", ngay=format_date(received))
    if move.bang == PETITIONS:
        if sau["da_xong"] and not truoc["da_xong"] and _between(sau["ngay_xu_ly_xong"], move):
            yield _say("pakn_xong", ngay=format_date(sau["ngay_xu_ly_xong"]))
        return
    if _ended_between(move, truoc, sau):
        yield _say("ket_thuc", ngay=format_date(sau["ngay_ket_cuc"]))
    if move.chot_truoc < move.chot_sau and _became_late(truoc, sau):
        yield _say("qua_han", ngay=_say_value(sau["ngay_hen_tra"]))


def _became_late(truoc: State, sau: State) -> bool:
    """Open and in time, then open and late, with the same due date: the day itself passed."""
    return (
        bool(truoc["dang_giai_quyet"] and sau["dang_giai_quyet"])
        and (truoc["han"], sau["han"]) == ("trong_han", "qua_han")
        and all(truoc.get(name) == sau.get(name) for name in _DUE)
    )


def _ended_between(move: Move, truoc: State, sau: State) -> bool:
    return truoc["ngay_ket_cuc"] is None and _between(sau["ngay_ket_cuc"], move)


_DUE = ("ngay_hen_tra", "ngay_hen_tra_moi", "la_hen_tra_hong", "so_lan_bo_sung", "so_ngay_cho_bo_sung")
_OUTCOME = frozenset({"ket_cuc", "ngay_ket_cuc"})
_DONE = frozenset({"ngay_xu_ly_xong", "hai_long"})


def _list_rewritten(move: Move, truoc: State, sau: State, *, with_followers: bool) -> Iterator[str]:
    """Columns of the source that differ and that time alone does not explain."""
    columns = _words()["cot"][move.bang]
    natural: frozenset[str] = frozenset()
    if move.bang == DOSSIERS and _ended_between(move, truoc, sau):
        natural = _OUTCOME
    if move.bang == PETITIONS and truoc["ngay_xu_ly_xong"] is None and _between(sau["ngay_xu_ly_xong"], move):
        natural = _DONE
    for name in [*columns["chinh"], *(columns["di_kem"] if with_followers else [])]:
        known = name in truoc and name in sau  # a version of an older release lacks the columns that came later
        if known and name not in natural and truoc[name] != sau[name]:
            yield name


def _say_columns(names: list[str], move: Move) -> str:
    assert move.truoc is not None
    assert move.sau is not None
    titles = load_meanings()
    return ", ".join(
        f"{titles[name].title} {_say_cell(name, move.truoc[name])} → {_say_cell(name, move.sau[name])}"
        for name in names
    )


def _say_cell(name: str, value: Any) -> str:
    return _say_value(say_code(name, value) if name == "ket_cuc" else value)


def _say_value(value: Any) -> str:
    if value is None:
        return "(trống)"
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return format_date(value)
    return format_number(value) if isinstance(value, int | float) else str(value)
