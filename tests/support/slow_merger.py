"""The slow merger: several systems' rows made into dossiers by plain loops, from the text of the rules alone.

Belongs here: one more reading of sources.md §5 (precedence, declared links), domain.md §2 and of what precedence.toml
says in words, to be compared with the product over generated deliveries. Not here: anything imported from schemas,
assets or pipelines, data frames, layouts. It reads a small vocabulary of its own: days ``dd/mm/yyyy``, the words of
``WORDS``, whole amounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

WORDS: dict[str, tuple[int, str]] = {
    "Chờ tiếp nhận": (1, ""),
    "Đang xử lý": (4, ""),
    "Yêu cầu bổ sung giấy tờ": (5, ""),
    "Rút hồ sơ": (7, ""),
    "Dừng xử lý": (8, ""),
    "Đã xử lý xong": (9, ""),
    "Đã trả kết quả": (10, ""),
    "Từ chối giải quyết": (8, "refused"),
    "Tạm dừng": (8, "paused"),
}
"""Status words that every source maps alike; any other word is unknown."""

CHANNELS = {"Trực tiếp": 1, "Trực tuyến": 2, "Bưu chính công ích": 3}

SYSTEMS = ("mot_cua", "opencps", "igate", "dvcqg", "so_theo_doi")
"""From the one believed first to the last."""

DAYS = ("ngay_nop", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_hen_tra_moi", "ngay_ket_thuc", "ngay_tra", "ngay_tu_choi")
EVENTS = ("ngay_nop", "ngay_tiep_nhan", "ngay_ket_thuc", "ngay_tra", "ngay_tu_choi")
END_DAYS = ("ngay_ket_thuc", "ngay_tra", "ngay_tu_choi")
TEXTS = ("ma_tthc", "ten_tthc", "linh_vuc", "don_vi_tiep_nhan", "don_vi_xu_ly")
COUNTS = ("so_lan_bo_sung", "so_ngay_cho_bo_sung")
MONEY = ("phi", "le_phi")
LINK_COLUMNS = ("ma_lien_thong", "ma_mot_cua", "ma_quoc_gia")
FLAGS = ("co_file_thanh_phan", "co_file_ket_qua")
CONTENT = (
    "ma_ho_so", "ma_tthc", "ten_tthc", "linh_vuc", "don_vi_tiep_nhan", "don_vi_xu_ly", *DAYS, "trang_thai", "kenh",
    *MONEY, "thanh_toan_truc_tuyen", *FLAGS, *COUNTS, *LINK_COLUMNS,
)  # fmt: skip
"""The columns in the order in which two rows' texts are compared when nothing else tells them apart."""

COURSE = ("trang_thai", "ngay_tiep_nhan", *END_DAYS)


@dataclass(frozen=True)
class Lent:
    """Columns that core takes from one row together.

    Attributes:
        columns: which.
        through_blanks: a blank of one system is filled by the next.
        first: systems asked before the general order.
    """

    columns: tuple[str, ...]
    through_blanks: bool = False
    first: tuple[str, ...] = ()


GROUPS: dict[str, Lent] = {
    "ngay_nop": Lent(("ngay_nop",)),
    "hen_tra": Lent(("ngay_hen_tra",)),
    "hen_lai": Lent(("ngay_hen_tra_moi",)),
    "so_lan_bo_sung": Lent(("so_lan_bo_sung",)),
    "so_ngay_cho_bo_sung": Lent(("so_ngay_cho_bo_sung",)),
    **{name: Lent((name,), through_blanks=True) for name in (*TEXTS, "kenh")},
    "phi": Lent(MONEY),
    "thanh_toan": Lent(("thanh_toan_truc_tuyen",)),
    "so_hoa_thanh_phan": Lent(("co_file_thanh_phan",), first=("dvcqg",)),
    "so_hoa_ket_qua": Lent(("co_file_ket_qua",), first=("dvcqg",)),
}

Place = tuple[str, str, int]
Declared = tuple[str, str, str, str]
"""A code and its system, another code and its system."""


@dataclass(frozen=True)
class SlowFile:
    """One delivered list: its system, extract time, columns, and rows as texts (None: an empty cell)."""

    system: str
    extracted: datetime
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str | None], ...]
    sha: str
    sheet: str = "Trang"
    first_row: int = 5


@dataclass
class SlowRow:
    """One accepted row with what it says; ``lends`` fills up with the groups that core takes from it.

    ``code`` is the row's own one, ``links`` what its link columns hold.
    """

    code: str
    system: str
    extracted: datetime
    columns: tuple[str, ...]
    place: Place
    said: dict[str, object]
    content: tuple[str, ...]
    meaning: str
    links: dict[str, str]
    outcome: str | None = None
    outcome_day: date | None = None
    paused: bool = False
    newest: bool = False
    leads: bool = False
    lends: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class SlowDossier:
    """A dossier's columns and its rows, the leading one first."""

    said: dict[str, object]
    rows: list[SlowRow]


def merge_slowly(files: Iterable[SlowFile], declared: Sequence[Declared] = ()) -> dict[str, SlowDossier]:
    """Make dossiers of all rows that can be counted; returns code → dossier."""
    rows = list(read_rows(files))
    names, _ = name_codes(rows, declared)
    by_code: dict[str, list[SlowRow]] = {}
    for row in rows:
        by_code.setdefault(names[row.code], []).append(row)
    return {code: _merge(own) for code, own in by_code.items()}


# --- links ---


def name_codes(
    rows: Sequence[SlowRow], declared: Sequence[Declared]
) -> tuple[dict[str, str], list[tuple[str, list[str]]]]:
    """The code of its dossier for every delivered code; and the codes of one system that links would have joined."""
    held = {(row.code, row.system) for row in rows}
    pairs = [(one, other) for one, first, other, second in declared if {(one, first), (other, second)} <= held]
    for code, system in held:
        own = sorted((row for row in rows if (row.code, row.system) == (code, system)), key=lambda row: row.place)
        for column in LINK_COLUMNS:
            carrying = [row for row in own if column in row.columns]
            newest = max(carrying, key=_newest_first, default=None)
            if newest is not None and column in newest.links:
                pairs.append((code, newest.links[column]))
    groups = [{code} for code in {code for code, _ in held} | {code for pair in pairs for code in pair}]
    for one, other in pairs:
        joined = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in joined] + [set().union(*joined)]
    names = {code: code for code, _ in held}
    clashes = []
    for group in groups:
        delivered = sorted((_place_of(system, SYSTEMS), code) for code, system in held if code in group)
        systems = [system for code, system in held if code in group]
        if len(set(systems)) == len(systems):  # one code a system, or nothing is joined
            names |= {code: delivered[0][1] for _, code in delivered}
        clashes += [
            (twice, sorted(code for code, system in held if system == twice and code in group))
            for twice in {system for system in systems if systems.count(system) > 1}
        ]
    return names, clashes


def _place_of(system: str, order: Sequence[str]) -> int:
    return order.index(system) if system in order else len(order)


# --- one row ---


def read_rows(files: Iterable[SlowFile]) -> Iterator[SlowRow]:
    """Every row with a code and a readable receipt day (status 1 and 3 need none)."""
    for file in files:
        for number, cells in enumerate(file.rows):
            row = _read_row(file, (file.sha, file.sheet, file.first_row + number), cells)
            if row.code and (row.said["ngay_tiep_nhan"] is not None or row.said["trang_thai"] in (1, 3)):
                yield row


def _read_row(file: SlowFile, place: Place, cells: Mapping[str, str | None]) -> SlowRow:
    texts = {name: (cells.get(name) or None) if name in file.columns else None for name in CONTENT}
    code = texts["ma_ho_so"] or ""
    word, meaning = WORDS.get(texts["trang_thai"] or "", (None, ""))
    said: dict[str, object] = {name: texts[name] for name in TEXTS}
    said |= {name: _read_day(texts[name]) for name in DAYS}
    said |= {name: _read_amount(texts[name]) for name in (*MONEY, *COUNTS)}
    # a blank is no, a column that lacks says nothing
    said |= {name: texts[name] == "Có" if name in file.columns else None for name in FLAGS}
    said["kenh"] = CHANNELS.get(texts["kenh"] or "")
    paid = 1 if texts["thanh_toan_truc_tuyen"] == "Có" else 0
    said["thanh_toan_truc_tuyen"] = paid if "thanh_toan_truc_tuyen" in file.columns else None
    said["trang_thai"] = word
    said["la_hen_tra_hong"] = texts["ngay_hen_tra"] is not None and said["ngay_hen_tra"] is None
    if texts["trang_thai"] is None and file.system == "so_theo_doi":  # the book has no statuses: its days say it
        said["trang_thai"] = 10 if said["ngay_tra"] else 9 if said["ngay_ket_thuc"] else 4
    row = SlowRow(
        code if any(mark.isdigit() for mark in code) else "",
        file.system,
        file.extracted,
        file.columns,
        place,
        said,
        tuple(texts[name] or "" for name in CONTENT),
        meaning,
        {name: text for name in LINK_COLUMNS if (text := texts[name]) and any(mark.isdigit() for mark in text)},
    )
    _judge(row)
    return row


def _read_day(text: str | None) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007
    except ValueError:
        return None


def _read_amount(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _judge(row: SlowRow) -> None:
    """Outcome and its day, by the two tables of domain.md §2."""
    said, status = row.said, row.said["trang_thai"]
    paused_word = row.meaning == "paused"
    refused = row.meaning == "refused" or (status == 8 and not paused_word and said["ngay_tu_choi"] is not None)
    if refused:
        kind, days = "tu_choi", ("ngay_tu_choi", "ngay_ket_thuc", "ngay_tra")
    elif status in (1, 3, None) or paused_word:
        kind, days = "", ()
    elif status == 8:
        kind, days = "dung", ("ngay_ket_thuc",)
    else:  # 9 and 10; an open or waiting one with an end date counts as ended too
        kind, days = "rut" if status == 7 else "ket_qua", ("ngay_ket_thuc", "ngay_tra")
    day = next((said[name] for name in days if said[name] is not None), None)
    if isinstance(day, date):
        received = said["ngay_tiep_nhan"]
        row.outcome = kind
        row.outcome_day = max(day, received) if isinstance(received, date) else day
    row.paused = day is None and (status in (5, 6) or (status == 8 and not refused))


# --- one dossier ---


def _newest_first(row: SlowRow) -> tuple[object, ...]:
    """Sort key inside a system, to be used in reverse: extract time, latest known day, status, the text itself."""
    known = [day for name in EVENTS if isinstance(day := row.said[name], date)]
    status = row.said["trang_thai"]
    return (
        row.extracted,
        max(known) if known else date.min,
        status if isinstance(status, int) else -1,
        row.content,
    )


def _rank_system(rows: Sequence[SlowRow], order: Sequence[str]) -> tuple[int, float, str]:
    """Listed systems by their place, then the others: the newer extract first, then by name."""
    system = rows[0].system
    return _place_of(system, order), -max(one.extracted for one in rows).timestamp(), system


def _merge(rows: list[SlowRow]) -> SlowDossier:
    systems: dict[str, list[SlowRow]] = {}
    for row in sorted(rows, key=lambda one: one.place):
        systems.setdefault(row.system, []).append(row)
    for own in systems.values():
        own.sort(key=_newest_first, reverse=True)  # stable: rows alike in all keep the order of their places
        own[0].newest = True
    believed = sorted(systems.values(), key=lambda own: _rank_system(own, SYSTEMS))
    leading = _find_leading(believed)
    leading.leads = True
    leading.lends.add("dien_bien")
    said = dict.fromkeys((*TEXTS, *DAYS, *COUNTS, *MONEY, *FLAGS, "kenh", "thanh_toan_truc_tuyen"))
    said |= {name: leading.said[name] for name in COURSE}
    said["la_hen_tra_hong"] = None
    for name, group in GROUPS.items():
        lender = _find_lender(systems.values(), group)
        if lender is None:
            continue
        lender.lends.add(name)
        said |= {column: lender.said[column] for column in group.columns}
        if name == "phi":  # of a list that speaks of money, what it leaves blank or has no column for is nothing
            said |= {column: 0 for column in MONEY if not lender.content[CONTENT.index(column)]}
        if name == "hen_tra":
            said["la_hen_tra_hong"] = lender.said["la_hen_tra_hong"]
    said |= {"he_thong": leading.system, "ket_cuc": leading.outcome, "ngay_ket_cuc": leading.outcome_day}
    said["la_tam_dung"] = leading.paused
    return SlowDossier(said, [leading, *(row for row in rows if row is not leading)])


def _knows_the_end(row: SlowRow) -> bool:
    return any(name in row.columns for name in END_DAYS)


def _find_leading(believed: Sequence[list[SlowRow]]) -> SlowRow:
    """The first system's newest row; one that says "ended" and cannot say when gives way to the next that can."""
    first = believed[0][0]
    says_ended = first.said["trang_thai"] in (7, 9, 10) or first.meaning == "refused"
    if says_ended and not _knows_the_end(first):
        for own in believed:
            dated = next((row for row in own if _knows_the_end(row)), None)
            for row in own:
                if (row is own[0] or row is dated) and row.outcome is not None:
                    return row
    return first


def _find_lender(systems: Iterable[list[SlowRow]], group: Lent) -> SlowRow | None:
    """The row that lends a group: of the first system that carries it, the newest row whose file carries it."""
    order = tuple(dict.fromkeys((*group.first, *SYSTEMS)))
    for own in sorted(systems, key=lambda rows: _rank_system(rows, order)):
        carrying = next((row for row in own if any(name in row.columns for name in group.columns)), None)
        if carrying is None:
            continue
        if group.through_blanks and all(carrying.said[name] is None for name in group.columns):
            continue
        return carrying
    return None
