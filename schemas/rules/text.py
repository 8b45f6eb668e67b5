"""Text as the office types it, brought into one form; codes of dossiers and procedures.

Belongs here: the one definition of "the same text" (``clean_text``), of "the same word for matching"
(``matching_key``), of Vietnamese alphabetical order, and of the shape of dossier and procedure codes.
Does not belong here: the vectorised twins for columns (assets/core/parsing.py, which share the tables
below), the conversion of legacy encodings (legacy_text.py), aliases (codes/).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from schemas.rules.legacy_text import looks_legacy, read_legacy

__all__ = [
    "CITIZENS_NUMBER",
    "DOSSIER_CODE",
    "DOSSIER_CODE_DATE",
    "INVISIBLE",
    "LOOKALIKES",
    "PLAIN_CODE",
    "PROCEDURE_STEM",
    "TONE_PLACEMENT",
    "WHITESPACE",
    "clean_text",
    "dossier_code_date",
    "holds_persons_number",
    "is_usual_dossier_code",
    "looks_legacy",
    "matching_key",
    "normalise_code",
    "procedure_stem",
    "read_legacy",
    "vietnamese_sort_key",
]

# Character classes are spelled out instead of \s, so that Python's and Polars' regex engines agree on them.
_BLANKS = "\t\n\x0b\x0c\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

WHITESPACE = f"[{_BLANKS}][{_BLANKS} ]*| [{_BLANKS} ]+"
"""Regex: white space of any kind (NBSP included) that becomes one blank; a single blank is left alone."""

INVISIBLE = "[\x00-\x08\x0e-\x1b\x7f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]+"
"""Regex: zero-width characters, direction marks, the soft hyphen, and controls that XML refuses; removed."""

LOOKALIKES = {"Ð": "Đ", "ð": "đ"}
"""Icelandic eth, which old keyboards produce for D with stroke (U+00D0/F0 → U+0110/111)."""

# In keys the tone stands on the second vowel of oa, oe, uy, wherever the writer put it (hòa = hoà, qúy =
# quý).
TONE_PLACEMENT = {
    f"{toned}{second}": f"{first}{retoned}"
    for first, tones in (("o", "òóỏõọ"), ("u", "ùúủũụ"))
    for second, retones in (("a", "àáảãạ"), ("e", "èéẻẽẹ"), ("y", "ỳýỷỹỵ"))
    if (first == "u") == (second == "y")
    for toned, retoned in zip(tones, retones, strict=True)
}
"""Pair with the tone on the first vowel → the same pair with the tone on the second (lower case)."""

PROCEDURE_STEM = r"^[\s'’‘`]*([0-9]\.[0-9]{6})(?:[^0-9].*)?$"
"""Regex: a procedure code; group 1 is the 8-character stem that joins local variants (domain rule
"Codes")."""

DOSSIER_CODE_DATE = (
    r"^(?:"
    r"(?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2}(?:\.[0-9]{1,4})*-([0-9]{6}|[0-9]{8})-[0-9]{3,8}"
    r"|[A-Z][A-Z0-9]{1,11}\.([0-9]{6}|[0-9]{8})\.[0-9]{3,8}"
    r")$"
)
"""Regex of the known dossier codes; group 1 or 2 holds the date (yyMMdd or yyyyMMdd)."""

PLAIN_CODE = r"^[A-Z0-9](?:[A-Z0-9.\-/_]*[A-Z0-9])?$"
"""Regex of a text that ``normalise_code`` certainly leaves as it is: most codes, recognised at no cost."""

DOSSIER_CODE = re.compile(DOSSIER_CODE_DATE)

_WHITESPACE = re.compile(WHITESPACE)
_INVISIBLE = re.compile(INVISIBLE)
_LOOKALIKES = str.maketrans(LOOKALIKES)
_TONE_PLACEMENT = re.compile("|".join(TONE_PLACEMENT))
_WHITE = re.compile(r"\s")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_CODE_QUOTES = "'’‘`´\"“”"
_STEM = re.compile(PROCEDURE_STEM, re.DOTALL)

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: 0x110000 + rank for rank, letter in enumerate(_ALPHABET)}
# Order of tones in Vietnamese dictionaries: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONE_RANK = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def clean_text(value: str) -> str:
    """Bring a text into the one stored form (domain rule "Text").

    NFC; white space of any kind, NBSP included, collapsed to one blank and stripped; zero-width characters
    and controls removed; Ð/ð (eth) become Đ/đ. Case, tone placement and punctuation stay as written.

    Args:
        value: any text, e.g. a cell.

    Returns:
        The cleaned text; ``clean_text(clean_text(x)) == clean_text(x)``.
    """
    visible = _INVISIBLE.sub("", value)
    collapsed = _WHITESPACE.sub(" ", visible).strip(" ")
    return unicodedata.normalize("NFC", collapsed.translate(_LOOKALIKES))


def matching_key(value: str) -> str:
    """Return the key under which two spellings of one name are equal: for comparing, never stored or shown.

    ``clean_text``, lower case, and the tone of oa, oe, uy on the second vowel (hòa = hoà, thúy = thuý).
    Nothing else is folded: words that differ by a letter or a tone stay different.

    Args:
        value: any text.

    Returns:
        The key; idempotent, and the same for ``value`` and ``clean_text(value)``.
    """
    lowered = unicodedata.normalize("NFC", clean_text(value).lower())
    return _TONE_PLACEMENT.sub(lambda m: TONE_PLACEMENT[m[0]], lowered)


SortKey = tuple[tuple[tuple[tuple[int, ...], tuple[int, ...]], ...], str]


def vietnamese_sort_key(value: str) -> SortKey:
    """Return a key for Vietnamese dictionary order.

    Syllable by syllable: first the letters (a ă â … d đ e ê … o ô ơ … u ư …), then the tone (ngang huyền hỏi
    ngã sắc nặng). Digits and signs come before letters, by code point. Case only breaks ties.

    Args:
        value: any text.

    Returns:
        A key for ``sorted(…, key=vietnamese_sort_key)``.
    """
    text = clean_text(value)
    return tuple(_rank_syllable(word) for word in text.lower().split(" ")), text


def _rank_syllable(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFC", word):
        parts = unicodedata.normalize("NFD", char)
        tone = max((_TONE_RANK.get(mark, 0) for mark in parts), default=0)
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONE_RANK))
        letters.append(_LETTER_RANK.get(base, ord(base[0]) if base else 0))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def normalise_code(code: str) -> str:
    """Bring a dossier's or petition's code into the one form in which codes are compared and stored.

    What a keyboard, a phone or a spreadsheet adds says nothing: white space of any kind, an apostrophe that keeps a
    cell text, quotes, a full stop or comma at the end, full-width letters, a dash of another length, small letters.
    Hyphens and full stops inside stay: they part the groups of a code.

    Args:
        code: mã hồ sơ as delivered.

    Returns:
        The code; idempotent. Two dossiers never differ in the above alone, so equal codes are one dossier.
    """
    ascii_like = _DASHES.sub("-", unicodedata.normalize("NFKC", clean_text(code)))
    bare = _WHITE.sub("", ascii_like).lstrip(_CODE_QUOTES).rstrip(_CODE_QUOTES + ".,;:").upper()
    return bare if bare == code else normalise_code(bare)  # what was taken out may have parted two letters


def procedure_stem(code: str) -> str | None:
    """Return the 8-character stem of a procedure code (domain rule "Codes").

    Args:
        code: e.g. ``1.004873``, ``1.004873.000.00.00.H24`` (local variant), ``1.004873.01`` (case).

    Returns:
        ``1.004873``; None when the text does not begin with one digit, a dot and exactly six digits.
    """
    match = _STEM.match(code)
    return match[1] if match else None


def dossier_code_date(code: str) -> date | None:
    """Return the receipt date that a dossier code carries.

    Known forms: ``H24.150-260604-0031``, ``000.00.53.H48-220921-0099`` (yyMMdd), ``G09.20-20260609-0092637``
    (yyyyMMdd), ``CNTBD.181121.00334`` (OpenCPS, yyMMdd). Two-digit years are 20yy.

    Args:
        code: mã hồ sơ.

    Returns:
        The date; None for another form or an impossible date.
    """
    match = DOSSIER_CODE.match(code.strip())
    if match is None:
        return None
    digits = match[1] or match[2]
    digits = digits if len(digits) == 8 else f"20{digits}"
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None  # an impossible date makes the code unusual, which is a warning, not an error


def is_usual_dossier_code(code: str) -> bool:
    """Tell whether a code has a known form with a possible date (an unusual one is a warning, not a drop)."""
    return dossier_code_date(code) is not None


CITIZENS_NUMBER = r"(?:^|\D)(?:\d{12}|0[35789]\d{2}[ .]?\d{3}[ .]?\d{3})(?:\D|$)"
"""An identity or mobile phone number within prose that also holds amounts, which ``holds_persons_number`` would refuse;
for Polars too: no look-around."""

_PERSONS_NUMBER = re.compile(r"(?<![\w.-])\+?\d(?:[ .]?\d){8,}(?![\w-])|\S+@\S+")

_AMOUNT = re.compile(
    r"(?<![\w.+-])(?:"
    r"(?!84\.[35789])[1-9]\d{0,2}(?:\.\d{3})+(?![\w-]|\.\d)"
    r"|[1-9]\d*(?:[ .]\d{3})*(?= ?(?:(?:nghìn |triệu |tỷ )?đồng(?! +chí)|đ|VNĐ|VND|vnđ|vnd)\b)"
    r")"
)
"""Money: thousands parted by full stops, or digits before "đồng". Neither begins with 0, as identity and phone numbers
do; "Đồng" and "đồng chí" begin the name of a person, and 84 with a mobile prefix a phone number."""


def holds_persons_number(text: str) -> bool:
    """Whether a text that an officer typed seems to hold a person's number or an address with @.

    Nine digits and more in a row, blanks and full stops between them allowed; a dossier's code, whose parts are joined
    by hyphens, is none, nor is an amount of money.
    """
    return _PERSONS_NUMBER.search(_AMOUNT.sub("#", text)) is not None
