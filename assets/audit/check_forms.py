"""Checks of form rows: arithmetic of ratio and sum rows, units, placeholders, formulas, options, numbering.

Ids: C10 C12 C13 C14 C18 (arithmetic), E05 (numbering), E06 E07 E08 (left in cells), E09 E10 E11 (units, values).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from assets.audit.catalogue import load_unit_rules
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.share_finding import say_percent
from assets.audit.tables import FormRow
from assets.audit.values import Printed, is_rounding, say
from schemas.rules.text import matching_key

_VALUE_UNIT = re.compile(r"\d+(?:[.,]\d+)*\s*%?")
_LETTERS = re.compile(r"=?\s*[a-zđ](?:\s*[+\-*/x:]\s*(?:[a-zđ]|\d+))*\s*", re.IGNORECASE)
_FORMULA = re.compile(r"=\s*\S")
_BLANKS = re.compile(r"[.…_?]{1,}|x{2,}|\{[^}]*\}|\[[^\]]*\]|<[^>]*>|n/a", re.IGNORECASE)
_DASHES = {"-", "–", "—"}
_NOTHING = {"", "-", "–", "—", "/", "không", "không có", "không phát sinh", "chưa có số liệu"}
_OPTION = re.compile(r"=\s*(\d+)")
_MAX_LISTED = 6


def check_forms(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module over all form rows."""
    rows = evidence.rows
    below_of = _families(rows)
    return [
        *(found for index in range(len(rows)) for found in _check_arithmetic(rows[index], below_of.get(index, ()))),
        *_check_leftovers(rows),
        *_check_placeholders(evidence),
        *_check_terms(rows, below_of),
        *_check_units(rows, below_of),
        *(found for row in rows for found in _check_value(row)),
        *_check_numbering(rows),
        *(found for row in rows for found in _check_share(row)),
    ]


Family = Mapping[int, Sequence[FormRow]]
"""Index of a row → its sub-rows."""


def _families(rows: Sequence[FormRow]) -> Family:
    below: dict[int, list[FormRow]] = defaultdict(list)
    for row in rows:
        if row.parent is not None:
            below[row.parent].append(row)
    return below


# --- arithmetic -------------------------------------------------------------------------------------------------


def _check_arithmetic(row: FormRow, below: Sequence[FormRow]) -> Iterator[AuditFinding]:
    if _is_ratio(row) and len(below) == 2 and below[0].number is not None and below[1].number is not None:
        yield from _check_ratio(row, below[0], below[1])
    elif row.line is not None and row.line.loai == "sum":
        yield from _check_sum(row, below)


def _is_ratio(row: FormRow) -> bool:
    return matching_key(row.nhan).startswith("tỷ lệ")


def _check_ratio(row: FormRow, bottom: FormRow, top: FormRow) -> Iterator[AuditFinding]:
    """C10, C13, C14: the second sub-row over the first is the ratio (layout of all national forms)."""
    assert bottom.number is not None
    assert top.number is not None
    places = [row.place, bottom.place, top.place]
    pairs = [(a, b) for a in top.number.readings for b in bottom.number.readings]
    if all(a > b for a, b in pairs) and not _may_exceed(row):
        message = fill("C14", "chung", dong=row.name, tren=top.number.text, duoi=bottom.number.text)
        yield make_finding("C14", places, top.number.text, bottom.number.text, message, row.quote)
    said = row.percent
    if said is None and row.so_lieu in _DASHES and bottom.number.value:
        yield _wrong_ratio(row, places, top.number, bottom.number, row.so_lieu)
    elif said is not None and not bottom.number.value and said.value:
        message = fill("C13", "chung", dong=row.name, tren=top.number.text, ghi=said.text)
        yield make_finding("C13", places, f"{top.number.text}/0", f"{said.text}%", message, row.quote)
    elif said is not None and bottom.number.value and not any(is_rounding(said, a, b) for a, b in pairs):
        yield _wrong_ratio(row, places, top.number, bottom.number, said.text)
    yield from _check_printed_fraction(row, places, top.number, bottom.number)


def _may_exceed(row: FormRow) -> bool:
    # Money paid can exceed the year's plan (capital carried over); a part of a count cannot exceed the count.
    return "kế hoạch" in matching_key(row.nhan) and "vốn" in matching_key(row.nhan)


def _wrong_ratio(row: FormRow, places: list[str], top: Printed, bottom: Printed, said: str) -> AuditFinding:
    right = say_percent(top.value, bottom.value)
    message = fill("C10", "ty_le", dong=row.name, tren=top.text, duoi=bottom.text, dung=right, ghi=said)
    left = f"{top.text}/{bottom.text} = {right}%"
    return make_finding("C10", places, left, f"{said}%", message, row.quote)


def _check_printed_fraction(row: FormRow, places: list[str], top: Printed, bottom: Printed) -> Iterator[AuditFinding]:
    printed = row.fraction
    if printed is None or "%" in printed[1].text:
        return
    same = set(printed[0].readings) & set(top.readings) and set(printed[1].readings) & set(bottom.readings)
    if same:
        return
    said = f"{printed[0].text}/{printed[1].text}"
    message = fill("C10", "phep_tinh", dong=row.name, ghi=said, tren=top.text, duoi=bottom.text)
    yield make_finding("C10", places, said, f"{top.text}/{bottom.text}", message, row.quote)


def _check_sum(row: FormRow, below: Sequence[FormRow]) -> Iterator[AuditFinding]:
    """C12: a row declared as the sum of its sub-rows."""
    numbers = [child.number for child in below if child.number is not None]
    if row.number is None or not below or len(numbers) != len(below):
        return
    total = sum((number.value for number in numbers), Fraction(0))
    if total == row.number.value:
        return
    left = " + ".join(number.text for number in numbers) + f" = {say(total)}"
    message = fill("C12", "chung", dong=row.name, tong=say(total), ghi=row.number.text)
    yield make_finding("C12", [row.place, *(c.place for c in below)], left, row.number.text, message, row.quote)


# --- what was left in cells -------------------------------------------------------------------------------------


def _check_leftovers(rows: Sequence[FormRow]) -> Iterator[AuditFinding]:
    """E06: "51,9%" in the unit column, "= b/a*100" in the value column."""
    wrong = [row for row in rows if _is_leftover(row)]
    if wrong:
        first = wrong[0]
        message = fill("E06", "chung", so=len(wrong))
        places = [row.place for row in wrong]
        left, right = f"đơn vị: {first.don_vi or '(trống)'}", f"số liệu: {first.so_lieu or '(trống)'}"
        yield make_finding("E06", places, left, right, message, first.quote)


def _is_leftover(row: FormRow) -> bool:
    if _VALUE_UNIT.fullmatch(row.don_vi.strip()):
        return True
    return _FORMULA.match(row.so_lieu) is not None and not _is_placeholder(row.so_lieu)


def _is_placeholder(cell: str) -> bool:
    bare = cell.strip()
    return bool(bare) and (_LETTERS.fullmatch(bare) is not None or _BLANKS.fullmatch(bare) is not None)


def _check_placeholders(evidence: Evidence) -> Iterator[AuditFinding]:
    """E07: cells and paragraphs that still wait for a value."""
    spots = [
        (paragraph.place_at(match.start()), match[0].strip(), paragraph.quote(match.start()))
        for paragraph in evidence.layout.body
        for match in _OPEN_TEXT.finditer(paragraph.text)
    ]
    spots += [
        (row.place, row.so_lieu, row.quote)
        for row in evidence.rows
        if _is_placeholder(row.so_lieu) and not _VALUE_UNIT.fullmatch(row.don_vi.strip())
    ]
    if spots:
        shown = [text for _, text, _ in spots]
        listed = ", ".join(f"“{text}”" for text in dict.fromkeys(shown[:_MAX_LISTED]))
        message = fill("E07", "chung", so=len(spots), liet_ke=listed)
        yield make_finding(
            "E07", [s[0] for s in spots], ", ".join(dict.fromkeys(shown)), "giá trị thật", message, spots[0][2]
        )


_COUNTED = (
    r"%|(?:hồ sơ|HS|thủ tục|TTHC|nhiệm vụ|người|văn bản|phiếu|biên chế|giao dịch|trường hợp|triệu|tỷ|đồng|ý kiến|PAKN"
    r"|viên chức|công chức|đơn vị|hợp đồng|vấn đề|lớp|lượt|cuộc|buổi|hộ|lần)\b"
)
_DOTS = r"(?:(?<![\w….])(?:…[….]*|\.{3,}…*)|(?:…{2,}|\.{4,}…*))"  # "đoàn thể… đơn vị" goes on, "là.....hồ sơ" waits
_OPEN_TEXT = re.compile(
    r"\{\{?[^{}]{1,60}\}?\}|\[\s*(?:…|\.{2,}|điền[^\]]*|nhập[^\]]*|x+)\s*\]|\?{3,}|_{4,}"
    rf"|(?<!\w)(?:X{{2,5}}|x{{3,5}})(?!\w)(?=\s*(?:{_COUNTED}))|{_DOTS}(?=\s*(?:{_COUNTED}))"
    rf"|(?:(?<=là )|(?<=đạt )|(?<=có )|(?<=: )){_DOTS}(?=\s*[,;])|^\W*(?:…|\.{{3,}})\W*$"
)


def _check_terms(rows: Sequence[FormRow], below_of: Family) -> Iterator[AuditFinding]:
    """E08: "=a+b+c+d" over three rows."""
    wrong: list[tuple[FormRow, int, int]] = []
    for index, row in enumerate(rows):
        terms, below = _count_terms(row.so_lieu), len(below_of.get(index, ()))
        if terms and terms != below and (below or "+" in row.so_lieu):
            wrong.append((row, terms, below))
    if wrong:
        said = [
            fill("E08", "mot", dong=row.name, ghi=row.so_lieu, hang=terms, con=below) for row, terms, below in wrong
        ]
        message = fill("E08", "chung", liet_ke="; ".join(said))
        left = "; ".join(f"{row.so_lieu} ({terms} số hạng)" for row, terms, _ in wrong)
        right = "; ".join(f"{below} dòng" for _, _, below in wrong)
        yield make_finding("E08", [row.place for row, _, _ in wrong], left, right, message, wrong[0][0].quote)


def _count_terms(cell: str) -> int:
    """Count the terms of a formula: letters of a ratio, summands of a sum; 0 for anything else."""
    bare = cell.strip()
    if not bare.startswith("="):
        return 0
    body = bare[1:].strip()
    if "+" in body and re.fullmatch(r"[\w.,\s+]+", body):
        return len([part for part in body.split("+") if part.strip()])
    return len(set(re.findall(r"[a-zđ]", body))) if _LETTERS.fullmatch(bare) else 0


# --- units, values ----------------------------------------------------------------------------------------------


def _check_units(rows: Sequence[FormRow], below_of: Family) -> Iterator[AuditFinding]:
    """E09: a unit that does not fit what the label counts."""
    wrong: list[tuple[FormRow, str]] = []
    for row in rows:
        expected = _expected_units(row)
        unit = matching_key(row.don_vi).strip(" .:()")
        if unit and expected and "=" not in unit and not _VALUE_UNIT.fullmatch(unit) and not _fits(unit, expected):
            wrong.append((row, expected[0]))
    wrong += _different_money(rows, below_of)
    if wrong:
        said = [fill("E09", "mot", dong=row.name, ghi=row.don_vi, dung=unit) for row, unit in wrong]
        message = fill("E09", "chung", liet_ke="; ".join(said[:_MAX_LISTED]))
        left = ", ".join(dict.fromkeys(row.don_vi for row, _ in wrong))
        right = ", ".join(dict.fromkeys(unit for _, unit in wrong))
        yield make_finding("E09", [row.place for row, _ in wrong], left, right, message, wrong[0][0].quote)


def _expected_units(row: FormRow) -> tuple[str, ...]:
    """List the units that fit a row, the one to print first: the declared row's own, then its like."""
    label = matching_key(row.nhan)
    rule = next((rule.don_vi for rule in load_unit_rules() if rule.nhan.search(label)), ())
    declared = row.line.don_vi_tinh if row.line is not None else None
    if declared is None or "=" in declared:
        return () if declared else rule
    same = next((rule.don_vi for rule in load_unit_rules() if _fits(matching_key(declared), rule.don_vi)), ())
    return (declared, *rule) if _fits(matching_key(declared), rule) else (declared, *same)


def _fits(unit: str, expected: Sequence[str]) -> bool:
    keys = [matching_key(known) for known in expected]
    return any(unit == key or unit.startswith(f"{key} ") for key in keys)


def _different_money(rows: Sequence[FormRow], below_of: Family) -> list[tuple[FormRow, str]]:
    """Two money rows of one ratio must share their unit."""
    wrong: list[tuple[FormRow, str]] = []
    for index, row in enumerate(rows):
        money = [child for child in below_of.get(index, ()) if "đồng" in matching_key(child.don_vi)]
        if _is_ratio(row) and len(money) == 2 and matching_key(money[0].don_vi) != matching_key(money[1].don_vi):
            wrong.append((money[1], money[0].don_vi))
    return wrong


def _check_value(row: FormRow) -> Iterator[AuditFinding]:
    """E10, E11: a cell that holds no number, an option outside its list."""
    cell = row.so_lieu.strip()
    if matching_key(cell) in _NOTHING or _is_placeholder(cell) or cell.startswith("="):
        return
    options = _OPTION.findall(row.don_vi)
    if len(options) >= 2:
        number = row.number
        if number is None or say(number.value) not in {str(int(option)) for option in options}:
            said = ", ".join(options)
            message = fill("E11", "chung", dong=row.name, ghi=cell, dung=said)
            yield make_finding("E11", [row.place], cell, said, message, row.quote)
    elif row.number is None and row.percent is None and row.fraction is None and row.don_vi:
        message = fill("E10", "chung", dong=row.name, ghi=cell)
        yield make_finding("E10", [row.place], cell, "một con số", message, row.quote)


def _check_numbering(rows: Sequence[FormRow]) -> Iterator[AuditFinding]:
    """E05: STT of brothers must run 1, 2, 3 without gap or repetition; one finding with every break.

    A form may leave out rows that do not apply: a row that keeps its declared number is in its place.
    """
    last: dict[tuple[str, str], int] = {}
    wrong: list[tuple[FormRow, str]] = []
    for row in rows:
        if not row.stt or not row.bieu:
            continue
        above, _, number = row.stt.rpartition(".")
        before = last.get((row.bieu, above), 0)
        expected = before + 1
        last[row.bieu, above] = int(number)
        left_out = row.line is not None and row.line.stt == row.stt and int(number) > expected
        if int(number) != expected and not left_out:
            wrong.append((row, f"{above}.{expected}" if above else str(expected)))
    if wrong:
        said = [fill("E05", "chung", dong=row.name, ghi=row.stt, dung=right) for row, right in wrong]
        left, right = ", ".join(row.stt for row, _ in wrong), ", ".join(right for _, right in wrong)
        yield make_finding("E05", [row.place for row, _ in wrong], left, right, " ".join(said), wrong[0][0].quote)


def _check_share(row: FormRow) -> Iterator[AuditFinding]:
    """C18: a share above 100 %; disbursement and increases may exceed their plan."""
    percent = row.percent if _is_ratio(row) and not _may_exceed(row) else None
    if percent is not None and min(percent.readings) > 100:
        message = fill("C18", "chung", dong=row.name, ghi=percent.text)
        yield make_finding("C18", [row.place], f"{percent.text}%", "100%", message, row.quote)
