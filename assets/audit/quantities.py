"""Labelled quantities of running text: "Tổng số hồ sơ tiếp nhận 9.275 hồ sơ", however it is bulleted or worded.

Belongs here: splitting text into clauses that hold one figure each, and giving each figure its name from
verify_text.toml. Does not belong here: comparing figures (identities), form rows (tables).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from assets.audit.catalogue import QuantityGroup, QuantityKind, load_figure_words, load_groups
from assets.audit.citations import same_length_key
from assets.audit.document import Paragraph
from assets.audit.outline import leave_out_plans
from assets.audit.scan import Scan
from assets.audit.values import Printed, Token

_CUT = re.compile(
    r";|[.…]+(?=\s|$)|:\s*(?=[-–+•])|:\s+|,\s+|[()]"
    r"|\s(?=trong đó\b|(?:bao )?gồm\b|có \d|tăng\s|giảm\s|so với\b|trên tổng\b)"
    r"|\s(?=và\s(?!(?:(?:trước|đúng) (?:thời )?hạn|(?:qua )?(?:dịch vụ )?bưu (?:chính|điện)[^\d,;.]{0,20})"
    r"(?![\s:]*\d)))"
)
_SOFT = (",", " ")
_ONLY_RATE = re.compile(r"^\W*(?:đạt|chiếm|bằng|tương đương|tương ứng|ứng với|=)?\s*(?:tỷ lệ)?\W*(?:là|đạt|:)?\s*$")
_NONE = re.compile(r"\bkhông (?:có|phát sinh)\b|[:\s]không\W*$")
_NO_UNIT = re.compile(r"\s*(?:$|[^\w\s]|(?:chiếm|đạt|tương|trên|trong|và|được|là|gồm|so|bằng)\b)")
_MONEY = re.compile(r"\s*(?:đồng|đ\b|vnđ|triệu|tỷ)")
_ZERO = Printed("không", Fraction(0), None, "tron")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a paragraph with at most one figure and its percentage."""

    scan: Scan
    start: int
    key: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of the text with its name.

    Attributes:
        ma: code; ten: what it is called in messages.
        number: the count, None where only a percentage is printed.
        below: the denominator printed with it; percent: the percentage printed with it.
        base: code of the quantity that the percentage is of.
        clause: folded words around it. scan, start: where it stands.
    """

    ma: str
    ten: str
    number: Printed | None
    below: Printed | None
    percent: Printed | None
    base: str | None
    clause: str
    scan: Scan
    start: int

    @property
    def paragraph(self) -> Paragraph:
        """The paragraph it stands in."""
        return self.scan.paragraph

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.paragraph.place_at(self.start)

    @property
    def quote(self) -> str:
        """The words around it."""
        return self.paragraph.quote(self.start)


@dataclass(slots=True)
class _Block:
    """One run of a group through the text."""

    open: bool = False
    parent: str | None = None
    found: dict[str, Quantity] = field(default_factory=dict)
    last: str | None = None
    aside: tuple[Scan, int] | None = None  # a sentence of another scope: its paragraph and where it ends


def find_quantities(scans: Sequence[Scan]) -> dict[str, Quantity]:
    """Find the labelled quantities of the body.

    Args:
        scans: the paragraphs of the body.

    Returns:
        Code → quantity, from the fullest run of each group (the first one among equals).
    """
    clauses = [(scan, list(split_clauses(scan))) for scan in leave_out_plans(scans)]
    found: dict[str, Quantity] = {}
    for group in load_groups():
        blocks = _run_group(group, clauses)
        if blocks:
            fullest = max(len(block) for block in blocks)
            found.update(_rename(group, next(block for block in blocks if len(block) == fullest)))
    return found


def _rename(group: QuantityGroup, block: dict[str, Quantity]) -> dict[str, Quantity]:
    """Give "tiếp nhận mới" the name of what was received, and the total that held it a name of its own."""
    for kind in group.muc:
        if kind.la is None or kind.ma not in block:
            continue
        before = block.pop(kind.la, None)
        total = next((item for item in group.muc if item.ma == kind.day), None)
        if before is not None and total is not None:
            block.setdefault(total.ma, replace(before, ma=total.ma, ten=total.ten))
        block[kind.la] = replace(block.pop(kind.ma), ma=kind.la)
    return block


def split_clauses(scan: Scan) -> Iterator[Clause]:
    """Split a paragraph at stops, brackets with figures, and commas behind a figure."""
    begin = scan.paragraph.start
    for cut in _CUT.finditer(scan.key, begin):
        if _cuts_here(cut, scan, begin):
            yield Clause(scan, begin, scan.key[begin : cut.start()], scan.between(begin, cut.start()))
            begin = cut.end() if cut[0].strip() else cut.start() + 1
    yield Clause(scan, begin, scan.key[begin:], scan.between(begin, len(scan.key)))


def _cuts_here(cut: re.Match[str], scan: Scan, begin: int) -> bool:
    sign = cut[0][:1]
    before = scan.between(0, cut.start())[-1:]
    if before and cut.start() < before[0].end:
        return False  # inside "41 trên tổng số 42"
    if sign in _SOFT or cut[0].strip() == ":":
        return bool(before) and before[0].start >= begin
    if sign in "()":
        opening = scan.key.rfind("(", 0, cut.start() + 1)
        closing = scan.key.find(")", max(opening, 0))
        return bool(scan.between(opening + 1, closing if closing >= 0 else len(scan.key)))
    return True


# --- naming -----------------------------------------------------------------------------------------------------


def _run_group(group: QuantityGroup, scans: Sequence[tuple[Scan, list[Clause]]]) -> list[dict[str, Quantity]]:
    blocks: list[dict[str, Quantity]] = []
    block = _Block()
    for scan, clauses in scans:
        paragraph = scan.paragraph
        if block.open and _closes(group, paragraph):
            blocks.append(block.found)
            block = _Block()
        if group.khac is not None and group.khac.search(same_length_key(paragraph.text)) is not None:
            continue
        foreign = _is_of_other_things(group, clauses)
        for clause in clauses:
            if not foreign or group.don_vi.search(clause.key) is not None:
                _take(group, block, clause)
        if block.open and group.mot_cau:
            blocks.append(block.found)
            block = _Block()
    return [found for found in (*blocks, block.found) if found]


def _is_of_other_things(group: QuantityGroup, clauses: Sequence[Clause]) -> bool:
    """Tell whether a paragraph's first count is of something else: "35 ý kiến: xử lý 33" is not of dossiers."""
    for clause in clauses:
        for token in clause.tokens:
            if not token.percent:
                behind = clause.key[token.end - clause.start :].lstrip()
                return load_figure_words().chu_the.match(behind) is not None and group.don_vi.match(behind) is None
    return False


def _closes(group: QuantityGroup, paragraph: Paragraph) -> bool:
    if paragraph.marker == "la_ma" or (paragraph.marker == "so" and "." not in paragraph.label):
        return True  # "2.1", "2.2" go on with the subject of "2."
    return group.het is not None and group.het.search(same_length_key(paragraph.body)) is not None


def _take(group: QuantityGroup, block: _Block, clause: Clause) -> None:
    if block.aside is not None and block.aside[0] is clause.scan and clause.start < block.aside[1]:
        return
    skipped = group.bo is not None and group.bo.search(clause.key) is not None
    if not skipped and (_is_rate_of_last(block, clause) or _is_count_of_last(group, block, clause)):
        return
    kinds = [] if skipped else _kinds_of(group, clause, block.parent)
    if not kinds or not (block.open or _opens(group, clause, kinds[0])):
        block.last = None if any(not token.percent for token in clause.tokens) else block.last
        return
    block.open = True
    block.parent = kinds[0].mo or block.parent
    quantity = _measure(group, kinds[0], clause)
    if quantity is None:
        return
    if kinds[0].dau_nhom and _is_told_again(block, kinds[0], quantity):
        block.aside, block.last = (clause.scan, _sentence_end(clause)), None
        return
    if kinds[0].can is not None and _is_named_before(group, block, kinds, quantity):
        return
    if quantity.below is not None and (kinds[0].dau_nhom or _is_given(group, kinds[0])):
        # "đã giải quyết 1.200/1.250 hồ sơ tiếp nhận", "478/495 người được giao": the total is below, the other words
        # name the part above.
        parts = [kind for kind in kinds[1:] if kind.mau_so == kinds[0].ma]
        _keep(block, replace(quantity, number=quantity.below, below=None, percent=None))
        if parts:
            _keep(block, replace(quantity, ma=parts[0].ma, ten=parts[0].ten, base=parts[0].mau_so))
        return
    _keep(block, quantity)
    total = next((kind for kind in group.muc if kinds[0].lay_mau and kind.ma == kinds[0].mau_so), None)
    if quantity.below is not None and total is not None:
        _keep(block, replace(quantity, ma=total.ma, ten=total.ten, number=quantity.below, below=None, percent=None))
        block.last = quantity.ma


_SENTENCE_END = re.compile(r"\.(?=\s)|$")


def _sentence_end(clause: Clause) -> int:
    text = clause.scan.paragraph.text
    end = _SENTENCE_END.search(text, clause.start)
    return end.start() if end is not None else len(text)


def _is_told_again(block: _Block, kind: QuantityKind, quantity: Quantity) -> bool:
    """Tell whether a sentence opens with another total: "Lũy kế 9 tháng tiếp nhận …", "Riêng đất đai tiếp nhận …".

    Its parts are of that total, not of the first one. "Tiếp nhận" in front of "tiếp nhận mới" is the whole; behind it,
    it is of another scope.
    """
    before = block.found.get(kind.ma)
    if before is None and kind.mo == kind.ma:
        before = next((one for code, one in block.found.items() if code.removesuffix("_moi") == kind.ma), None)
    if before is None or before.number is None or quantity.number is None:
        return False
    return before.number.value != quantity.number.value and _opens_sentence(quantity)


def _is_named_before(group: QuantityGroup, block: _Block, kinds: Sequence[QuantityKind], quantity: Quantity) -> bool:
    """Tell whether a sentence of its own repeats a figure that has a name: "… đang giải quyết 10. Đã xin lỗi cả 02 …".

    The figure would be a part of what stands before, had the sentence not ended; under its plain name it is known.
    """
    known = any(
        (before := block.found.get(kind.ma)) is not None
        and before.number is not None
        and quantity.number is not None
        and before.number.value == quantity.number.value
        for kind in kinds[1:]
    )
    wholes = {kind.ma for kind in group.muc if kind.mo == kinds[0].can}
    starts = [
        found.start for ma, found in block.found.items() if ma in wholes and found.paragraph is quantity.paragraph
    ]
    return known and bool(starts) and ". " in quantity.paragraph.text[max(starts) : quantity.start]


def _opens_sentence(quantity: Quantity) -> bool:
    """Tell whether no other count stands before the figure in its sentence."""
    begin = quantity.paragraph.text.rfind(". ", 0, quantity.start) + 1
    return not any(token.is_count for token in quantity.scan.between(begin, quantity.start))


def _is_given(group: QuantityGroup, kind: QuantityKind) -> bool:
    """Tell whether a kind is what was given, of which others are parts: posts, capital."""
    return "giao" in kind.ma and any(item.lay_mau and item.mau_so == kind.ma for item in group.muc)


def _keep(block: _Block, quantity: Quantity) -> None:
    """Keep the first figure of a name; a mere percentage gives way to a count."""
    before = block.found.get(quantity.ma)
    if before is None or (before.number is None and quantity.number is not None):
        block.found[quantity.ma] = quantity
        block.last = quantity.ma
    elif before.start != quantity.start:
        block.last = None  # a rate that follows is that of the second figure, which is not kept


def _kinds_of(group: QuantityGroup, clause: Clause, parent: str | None) -> list[QuantityKind]:
    return [kind for kind in group.muc if _allows(kind, clause, parent) and kind.mau.search(clause.key)]


def _allows(kind: QuantityKind, clause: Clause, parent: str | None) -> bool:
    if kind.can is not None and kind.can != parent:
        return False
    return kind.loai != "chi_ty_le" or all(token.percent for token in clause.tokens)


def _opens(group: QuantityGroup, clause: Clause, kind: QuantityKind) -> bool:
    none = kind.khong is not None and kind.khong.search(clause.key) is not None
    if not (clause.tokens or none) or group.neo.search(clause.key) is None or group.don_vi.search(clause.key) is None:
        return False
    return kind.dau_nhom or not any(item.dau_nhom for item in group.muc)


def _is_rate_of_last(block: _Block, clause: Clause) -> bool:
    """Take "đạt 97%" behind a figure as that figure's percentage."""
    if block.last is None or len(clause.tokens) != 1 or not clause.tokens[0].percent:
        return False
    lead = clause.key[: clause.tokens[0].start - clause.start]
    if _ONLY_RATE.match(lead) is None:
        return False
    before = block.found[block.last]
    if before.percent is None and before.scan is clause.scan:
        block.found[block.last] = replace(before, percent=clause.tokens[0].number)
    return True


def _is_count_of_last(group: QuantityGroup, block: _Block, clause: Clause) -> bool:
    """Take "(18.137 hồ sơ)" behind "nộp trực tuyến chiếm 97,3%" as that rate's count."""
    before = block.found.get(block.last or "")
    if before is None or before.number is not None or before.scan is not clause.scan:
        return False
    if len(clause.tokens) != 1 or not clause.tokens[0].is_count:
        return False
    token = clause.tokens[0]
    lead, behind = clause.key[: token.start - clause.start], clause.key[token.end - clause.start :]
    unit = group.don_vi.match(behind.lstrip())
    if _ONLY_RATE.match(lead) is None or unit is None or behind.lstrip()[unit.end() :].strip(" ()."):
        return False
    block.found[before.ma] = replace(before, number=token.number, start=token.start)
    return True


def _measure(group: QuantityGroup, kind: QuantityKind, clause: Clause) -> Quantity | None:
    percent = next((token.number for token in clause.tokens if token.percent and not token.about), None)
    token = _figure(group, kind, clause)
    number = token.number if token is not None else None
    if number is None and kind.khong is not None and kind.khong.search(clause.key) is not None:
        number = _ZERO
    if number is None and percent is None:
        if _NONE.search(clause.key) is None or group.don_vi.search(clause.key) is None:
            return None
        number = _ZERO
    below = token.below if token is not None else None
    start = token.start if token is not None else clause.start
    return Quantity(kind.ma, kind.ten, number, below, percent, kind.mau_so, clause.key, clause.scan, start)


def _counts_unit(group: QuantityGroup, clause: Clause, token: Token) -> bool:
    """Tell whether a fraction's upper figure counts what the group counts: "18 thư/18 hồ sơ" counts letters."""
    if token.below is None:
        return True
    between = clause.key[token.start - clause.start + len(token.number.text) : token.end - clause.start]
    word = re.match(r"\s*([^\W\d_]+)", between)
    return word is None or word[1] in {"trên", "đồng"} or group.don_vi.match(between.lstrip()) is not None


def _figure(group: QuantityGroup, kind: QuantityKind, clause: Clause) -> Token | None:
    """Choose the clause's count: the one with the group's unit behind it, else one without another unit."""
    counts = [t for t in clause.tokens if not t.percent and not t.about and _counts_unit(group, clause, t)]
    behind = {token.start: clause.key[token.end - clause.start :] for token in counts}
    unit = _MONEY if kind.loai == "tien" else group.don_vi
    for token in counts:
        if unit.match(behind[token.start].lstrip()):
            return token
    if kind.loai == "tien":
        return None
    return next((token for token in counts if _NO_UNIT.match(behind[token.start])), None)
