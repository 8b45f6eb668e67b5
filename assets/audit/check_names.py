"""Checks of place names: E02 (one name spelt two ways).

Does not belong here: another unit's name where this report's must stand (check_issuer).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assets.audit.citations import same_length_key
from assets.audit.document import Paragraph
from assets.audit.evidence import Evidence
from assets.audit.finding import AuditFinding, fill, make_finding
from schemas.rules.text import matching_key

_KINDS = r"phường|xã|đặc khu|thị trấn"
_AFTER_KIND = re.compile(rf"\b(?P<loai>{_KINDS})\s+")
_WIDER = re.compile(r"\b(?:thành phố|tp\.?|tỉnh|quận|huyện|thị xã)\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # Ea H'Leo is two words
_OFFICE = re.compile(rf"(?:ubnd|uỷ ban nhân dân|hđnd|hội đồng nhân dân)\s+(?P<loai>{_KINDS})\s+")
_MIN_LETTERS = 7  # below this, names of two real places often differ by one letter
_MAX_WORDS = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A place name in a text: its words as written, and where."""

    words: tuple[str, ...]
    paragraph: Paragraph
    start: int

    @property
    def text(self) -> str:
        """The words with single blanks."""
        return " ".join(self.words)

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.paragraph.place_at(self.start)


def fold(text: str) -> str:
    """Drop tones and marks: the key under which misspelt names still meet."""
    plain = unicodedata.normalize("NFD", matching_key(text).replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def check_names(evidence: Evidence) -> list[AuditFinding]:
    """Run the checks of this module."""
    paragraphs = evidence.paragraphs
    own = find_own_name(paragraphs)
    found = list(_check_wider_names(paragraphs))
    if own is not None:
        found += _check_own_name(paragraphs, own)
    return found


def find_own_name(paragraphs: Sequence[Paragraph]) -> str | None:
    """Find the reporting unit's name: the commonest one behind "UBND phường", else behind "phường".

    The first one breaks ties, so that the letterhead decides.
    """
    for pattern in (_OFFICE, _AFTER_KIND):
        names = [name for paragraph in paragraphs for name in names_after(paragraph, pattern)]
        if names:
            counts = Counter(matching_key(name.text) for name in names)
            spelled = {key: [n.text for n in names if matching_key(n.text) == key] for key in counts}
            best = max(counts, key=lambda key: counts[key])  # the first one among equals: the letterhead's
            return next((n for n in spelled[best] if not n.isupper()), spelled[best][0])
    return None


def names_after(paragraph: Paragraph, pattern: re.Pattern[str]) -> Iterator[Name]:
    """Yield the names that stand behind the matches of a pattern (folded text)."""
    key = same_length_key(paragraph.text)
    for match in pattern.finditer(key):
        words = _capitalised(paragraph.text, match.end())
        if words:
            yield Name(words, paragraph, match.end())


def _capitalised(text: str, start: int) -> tuple[str, ...]:
    """Read the run of capitalised words at a place, at most four, no longer than one blank apart."""
    words: list[str] = []
    at = start
    shouting = text[:start].rstrip().rpartition(" ")[2].isupper()
    while len(words) < _MAX_WORDS and (match := _WORD.match(text, at)) is not None and match[0][0].isupper():
        if words and match[0].isupper() and len(match[0]) > 1 and not shouting and not words[0].isupper():
            break
        words.append(match[0])
        if text[match.end() : match.end() + 1] != " ":
            break
        at = match.end() + 1
    return tuple(words)


def _words(text: str) -> list[tuple[str, int]]:
    return [(match[0], match.start()) for match in _WORD.finditer(text)]


# --- the unit's own name ----------------------------------------------------------------------------------------


def _check_own_name(paragraphs: Sequence[Paragraph], own: str) -> Iterator[AuditFinding]:
    """E02: every run of words that is the name but for marks, or but for one letter behind "phường"."""
    spellings: dict[str, list[Name]] = defaultdict(list)
    right = 0
    for paragraph in paragraphs:
        for name in _look_alikes(paragraph, own):
            if matching_key(name.text) == matching_key(own):
                right += 1
            else:
                spellings[matching_key(name.text)].append(name)
    for names in spellings.values():
        wrong = names[0].text
        message = fill("E02", "chung", sai=wrong, dung=own, lan=len(names))
        first = names[0]
        yield make_finding("E02", [n.place for n in names], wrong, own, message, first.paragraph.quote(first.start))


_PLACE_LINE = re.compile(r"^[^\d,;]{3,40}, ngày\s+(?:\d{1,2}|[.…_]*)\s*tháng")


def _look_alikes(paragraph: Paragraph, own: str) -> Iterator[Name]:
    size = len(own.split())
    target = fold(own)
    words = _words(paragraph.text)
    key = same_length_key(paragraph.text)
    heads = {match.end() for match in _AFTER_KIND.finditer(key)}
    if _PLACE_LINE.search(key):
        heads.add(paragraph.start)
    for index in range(len(words) - size + 1):
        run = words[index : index + size]
        if not all(word[0].isupper() for word, _ in run):
            continue
        text = " ".join(word for word, _ in run)
        near = fold(text) == target
        if not near and run[0][1] in heads and is_mistyped(fold(text), target):
            near = len(_capitalised(paragraph.text, run[0][1])) == size
        if near:
            yield Name(tuple(text.split()), paragraph, run[0][1])


def is_mistyped(name: str, own: str) -> bool:
    """Tell whether a folded name is the own one, mistyped by a letter, rather than a neighbour's."""
    return len(own.replace(" ", "")) >= _MIN_LETTERS and _one_letter_apart(name, own)


def _one_letter_apart(first: str, second: str) -> bool:
    """Tell whether one inserted, dropped, changed or swapped letter makes one of the other."""
    if abs(len(first) - len(second)) > 1:
        return False
    if len(first) == len(second):
        wrong = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
        return len(wrong) == 1 or (
            swapped and first[wrong[0]] == second[wrong[1]] and first[wrong[1]] == second[wrong[0]]
        )
    short, long = sorted((first, second), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


# --- other names ------------------------------------------------------------------------------------------------


def _check_wider_names(paragraphs: Sequence[Paragraph]) -> Iterator[AuditFinding]:
    """E02 for city, province, district: spellings that differ only by marks; the commoner one is right."""
    groups: dict[str, dict[str, list[Name]]] = defaultdict(lambda: defaultdict(list))
    for paragraph in paragraphs:
        for name in names_after(paragraph, _WIDER):
            groups[fold(name.text)][matching_key(name.text)].append(name)
    for spellings in groups.values():
        ranked = sorted(spellings.values(), key=len, reverse=True)
        for names in ranked[1:]:
            first, right = names[0], ranked[0][0].text
            message = fill("E02", "chung", sai=first.text, dung=right, lan=len(names))
            yield make_finding(
                "E02", [n.place for n in names], first.text, right, message, first.paragraph.quote(first.start)
            )
