"""Checks of wording and print: E01 (order of headings, captions), E03 (quarters), C11 (separators).

Does not belong here: names (check_names), periods (check_periods).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assets.audit.citations import same_length_key
from assets.audit.document import Paragraph
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from assets.audit.scan import Scan
from assets.audit.values import Token
from schemas.rules.text import matching_key

_ROMAN = {"I": 1, "V": 5, "X": 10}
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_PART = re.compile(r"^(?:(?i:phần thứ \w+)|P(?:HẦN|hần) (?:[IVX]+|[A-E]|\d+)\b|[A-E]\s*[.)/]\s)")
_END = re.compile(r"^nơi nhận|^trên đây là|^tm\.", re.IGNORECASE)
_QUARTER = re.compile(r"quý\s+(?:(iv|i{1,3})|([1-4]))(?![\w.,])(?:\s*[/-]\s*\d{4})?")


def check_wording(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    return [
        *_check_headings(evidence.layout.body),
        *_check_captions(evidence.paragraphs),
        *_check_form_titles(evidence.layout.annex),
        *_check_quarters(evidence.layout.body + evidence.layout.annex),
        *_check_separators(evidence),
    ]


# --- headings ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Break:
    """A heading out of order, with the run of numbers it stands in, as printed and as it should be."""

    paragraph: Paragraph
    level: str
    said: str
    right: str


def _check_headings(paragraphs: Sequence[Paragraph]) -> Iterator[AuditFinding]:
    """E01: I, II, III …; 1, 2, 3 under each; one finding with every break."""
    breaks, romans = _find_breaks(paragraphs)
    breaks += _part_breaks(paragraphs)
    if not breaks:
        return
    said = [fill("E01", "chung", cap=b.level, ghi=b.said, dung=b.right) for b in breaks]
    arabic = [b for b in breaks if b.level != "La Mã"]
    left, right = [b.said for b in arabic], [b.right for b in arabic]
    if len(arabic) < len(breaks):
        left.insert(0, ", ".join(romans))
        right.insert(0, ", ".join(_NUMERALS[: len(romans)]))
    places = [b.paragraph.place_at() for b in breaks]
    yield make_finding("E01", places, "; ".join(left), "; ".join(right), " ".join(said), breaks[0].paragraph.quote())


_CAPTION = re.compile(r"^\W*bảng (?:số )?(\d{1,2})\s*[.:]\s")


def _check_captions(paragraphs: Iterable[Paragraph]) -> Iterator[AuditFinding]:
    """E01: "Bảng 1.", "Bảng 2." …: one finding for the first caption out of order."""
    expected = 1
    for paragraph in paragraphs:
        match = _CAPTION.match(same_length_key(paragraph.text))
        if match is None:
            continue
        if int(match[1]) != expected:
            message = fill("E01", "chung", cap="bảng", ghi=match[1], dung=expected)
            yield make_finding("E01", [paragraph.place_at()], match[1], str(expected), message, paragraph.quote())
            return
        expected += 1


_FORM = re.compile(r"^\W*biểu mẫu (?:số )?(\d{1,2})\W*(?:$|[^\W\d_]+.*$)")
_MAX_TITLE = 60  # characters


def _check_form_titles(annex: Iterable[Paragraph]) -> Iterator[AuditFinding]:
    """E01: the forms of the annex come in order; some may be left out."""
    before = 0
    for paragraph in annex:
        match = _FORM.match(same_length_key(paragraph.text)) if len(paragraph.text) <= _MAX_TITLE else None
        if match is None:
            continue
        if int(match[1]) <= before:
            message = fill("E01", "chung", cap="biểu mẫu", ghi=match[1], dung=before + 1)
            yield make_finding("E01", [paragraph.place_at()], match[1], str(before + 1), message, paragraph.quote())
            return
        before = int(match[1])


_LETTERS = ("abcdđeghiklmn", "abcdeghiklmn", "abcdefghijklmn", "abcdđefghijklmn")


def _letter_breaks(run: Sequence[Paragraph]) -> list[_Break]:
    """Check a), b), c) … under one heading, with or without đ; a second list may begin at a) again."""
    breaks: list[_Break] = []
    before = ""
    for index, item in enumerate(run):
        right = {order[order.find(before) + 1] if before else "a" for order in _LETTERS if before in order[:-1]}
        again = item.label == "a" and before not in {"", "a"} and [p.label for p in run[index + 1 : index + 2]] == ["b"]
        if item.label not in right and not again:
            breaks.append(_Break(item, "thứ tự", item.label, min(right, default="a")))
        before = item.label if any(item.label in order[:-1] for order in _LETTERS) else ""
    return breaks


def _find_breaks(paragraphs: Sequence[Paragraph]) -> tuple[list[_Break], list[str]]:
    """Find the headings out of order, and the Roman numbers as printed since the last "PHẦN"."""
    breaks: list[_Break] = []
    romans: list[str] = []
    arabic: list[Paragraph] = []
    letters: list[Paragraph] = []
    for paragraph in paragraphs:
        if _END.match(paragraph.text):
            break
        value = _read_roman(paragraph.label) if paragraph.marker == "la_ma" else 0
        if paragraph.marker in {"la_ma", "so"} or _PART.match(paragraph.text):
            breaks += _letter_breaks(letters)
            letters = []
        if value or _PART.match(paragraph.text):
            breaks += _arabic_breaks(arabic)
            arabic = []
        elif paragraph.marker == "so":
            arabic.append(paragraph)
        elif paragraph.marker == "chu":
            letters.append(paragraph)
        if value:
            before = _read_roman(romans[-1]) if romans else 0
            if value != before + 1:
                breaks.append(_Break(paragraph, "La Mã", paragraph.label, _NUMERALS[min(before, len(_NUMERALS) - 1)]))
            romans.append(paragraph.label)
        elif _PART.match(paragraph.text):
            romans = []
    return [*breaks, *_letter_breaks(letters), *_arabic_breaks(arabic)], romans


_PART_NUMBERS = {"nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5}
_NUMBERED_PART = re.compile(r"phần (?:thứ (?P<chu>\w+)|(?P<la_ma>[ivx]+|\d)\b)|(?P<cai>[a-e])\s*[.)/]\s")


def _part_breaks(paragraphs: Sequence[Paragraph]) -> Iterator[_Break]:
    """Check PHẦN I, PHẦN II …; Phần thứ nhất, thứ hai …; A. B. C.: each way of numbering counts for itself."""
    last: dict[str, int] = {}
    for paragraph in paragraphs:
        if _END.match(paragraph.text):
            return
        if _PART.match(paragraph.text) is None:
            continue
        match = _NUMBERED_PART.match(same_length_key(paragraph.text))
        value, way = (0, "") if match is None else _read_part_number(match)
        if not value:
            continue
        expected = last.get(way, 0) + 1
        if value != expected:
            yield _Break(paragraph, "phần", paragraph.text[: match.end()].strip() if match else "", f"phần {expected}")
        last[way] = value


def _read_part_number(match: re.Match[str]) -> tuple[int, str]:
    if match["chu"]:
        return _PART_NUMBERS.get(match["chu"], 0), "chu"
    if match["cai"]:
        return ord(match["cai"]) - ord("a") + 1, "cai"
    text = match["la_ma"].upper()
    return int(text) if text.isdecimal() else _read_roman(text), "la_ma"


def _read_roman(label: str) -> int:
    return _NUMERALS.index(label) + 1 if label in _NUMERALS else 0


def _arabic_breaks(headings: Sequence[Paragraph]) -> Iterator[_Break]:
    """Check 1, 2, 3 … and 1.1, 1.2 … under one Roman heading; a second list may begin at 1 and go on with 2."""
    last: dict[str, int] = {}
    for index, heading in enumerate(headings):
        above, _, number = heading.label.rpartition(".")
        value, expected = int(number), last.get(above, 0) + 1
        if value != expected and not (value == 1 and _goes_on_with_two(headings, index, above)):
            right = f"{above}.{expected}" if above else str(expected)
            yield _Break(heading, "thứ tự", heading.label, right)
        last[above] = value
        for deeper in [key for key in last if key.startswith(f"{heading.label}.") or key == heading.label]:
            del last[deeper]


def _goes_on_with_two(headings: Sequence[Paragraph], index: int, above: str) -> bool:
    following = next((h.label for h in headings[index + 1 :] if h.label.rpartition(".")[0] == above), "")
    return following.rpartition(".")[2] == "2" and index > 0 and headings[index - 1].label.rpartition(".")[2] != "1"


# --- quarters ---------------------------------------------------------------------------------------------------


def _check_quarters(paragraphs: Iterable[Paragraph]) -> Iterator[AuditFinding]:
    """E03: "quý III" and "quý 3" in one report; the rarer way is named first."""
    ways: dict[str, list[tuple[Paragraph, int, str]]] = defaultdict(list)
    for paragraph in paragraphs:
        for match in _QUARTER.finditer(same_length_key(paragraph.text)):
            said = paragraph.text[match.start() : match.end()]
            ways["roman" if match[1] else "arabic"].append((paragraph, match.start(), said))
    if len(ways) == 2:
        few, many = sorted(ways.values(), key=len)
        message = fill("E03", "chung", mot=few[0][2], hai=many[0][2])
        places = [paragraph.place_at(start) for paragraph, start, _ in few + many]
        yield make_finding("E03", places, few[0][2], many[0][2], message, few[0][0].quote(few[0][1]))


# --- separators -------------------------------------------------------------------------------------------------


_MEASURED = re.compile(r"\s*(?:triệu|tỷ|nghìn|%|ha\b|km|m2|m²|tấn|kg|điểm)")
_FRACTIONED = re.compile(r"triệu|tỷ|%|ty le")


def _check_separators(evidence: Evidence) -> Iterator[AuditFinding]:
    """C11: thousands with a dot here and a comma there, for one kind of number (money in millions, counts, percent)."""
    kinds: dict[str, dict[str, list[tuple[str, str, str]]]] = defaultdict(lambda: defaultdict(list))
    for unit, way, text, place, quote in [*_row_styles(evidence), *_table_styles(evidence), *_text_styles(evidence)]:
        kinds[unit][way].append((text, place, quote))
    for unit, ways in kinds.items():
        if len(ways) == 2:
            few, many = sorted(ways.values(), key=len)
            message = fill("C11", "chung", don_vi=unit, it=few[0][0], nhieu=many[0][0])
            places = [place for _, place, _ in few] + [many[0][1]]
            yield make_finding("C11", places, few[0][0], many[0][0], message, few[0][2])


Styled = tuple[str, str, str, str, str]


def _row_styles(evidence: Evidence) -> Iterator[Styled]:
    for row in evidence.rows:
        number = row.number
        unit = matching_key(row.don_vi)
        if number is None or "%" in unit or "%" in row.so_lieu:
            percent = row.percent
            if percent is not None and percent.style in {"thap_phan_phay", "thap_phan_cham"}:
                yield "%", percent.style, percent.text, row.place, row.quote
        elif number.style in {"cham", "phay"}:
            name = row.don_vi if _FRACTIONED.search(unit) else "số đếm"
            yield name, number.style, number.text, row.place, row.quote


def _table_styles(evidence: Evidence) -> Iterator[Styled]:
    """Yield the counts of the text's tables; a table of money may hold decimals."""
    for table in evidence.layout.data:
        if "đồng" in " ".join((*table.titles, *(matching_key(cell) for row in table.rows for cell in row.cells))):
            continue
        for row in table.rows:
            styled = [number for number in table.counts_of(row) if number.style in {"cham", "phay"}]
            yield from (("số đếm", number.style, number.text, row.place, table.quote(row)) for number in styled)


def _text_styles(evidence: Evidence) -> Iterator[Styled]:
    for scan in evidence.scans:
        decimals = _shows_decimals(scan)
        for token in scan.tokens:
            where = (scan.place(token), scan.quote(token))
            if token.percent and token.number.style in {"thap_phan_phay", "thap_phan_cham"}:
                yield "%", token.number.style, token.number.text, *where
            elif not token.percent and token.number.style == "thap_phan_cham" and "," in token.number.text:
                yield "số đếm", "phay", token.number.text, *where  # "29,610.000 đồng"
            elif not token.percent:
                unit = _unit_behind(scan, token)
                numbers = [number for number in (token.number, token.below) if number is not None and unit]
                ways = {"cham"} if unit != "số đếm" and decimals else {"cham", "phay"}
                yield from ((unit, n.style, n.text, *where) for n in numbers if n.style in ways)


def _shows_decimals(scan: Scan) -> bool:
    """Tell whether money of the paragraph has decimals: "38,64 triệu" shows what the comma of "34,776 triệu" is."""
    return any(
        token.number.style == "thap_phan_phay" and _unit_behind(scan, token) == "Triệu đồng" for token in scan.tokens
    )


def _unit_behind(scan: Scan, token: Token) -> str:
    """Tell what kind of number stands here; "" for a measure whose comma may well be a decimal one."""
    measured = _MEASURED.match(scan.key, token.end)
    if measured is None:
        return "số đếm"
    return "Triệu đồng" if measured[0].strip() == "triệu" else ""
