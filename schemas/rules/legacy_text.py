"""Text in encodings from before Unicode (TCVN3 of .VnTime, VNI-Windows) or decoded twice: detect, convert.

Belongs here: the byte tables and the conservative rule that decides. Does not belong here: what to do about
it (a finding; the source's reader).

Tables: TCVN 5712:1993 (VN3) and the VNI-Windows code page, as they appear when their bytes are read as
windows-1252. The rule converts only when the text holds no letter that exists in Vietnamese Unicode alone (ă
đ ơ ư ạ …), every word with a suspicious character becomes a well-formed Vietnamese syllable, and at least
one of them was none before: so "Müller", "España", "15 m²" are left alone.
"""

from __future__ import annotations

import re
import unicodedata

# Bytes 0xA1.. of TCVN3 in the order of the code page, seen through windows-1252/latin-1.
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

_VNI_AFTER = {  # base letters as typed -> {second character: Vietnamese letter}
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
}
_VNI_ALONE = dict(zip("ôöñîæóòíì", "ơưđỵỉĩịíì", strict=True))
_VNI = _VNI_ALONE | {first + second: new for first, seconds in _VNI_AFTER.items() for second, new in seconds.items()}
_VNI |= {old.upper(): new.upper() for old, new in _VNI.items()} | {
    old[0].upper() + old[1:]: new.upper() for old, new in _VNI.items() if len(old) == 2
}
_VNI_PATTERN = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))

_ONLY_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u0323Ạ-ỹ]")
_NOT_VIETNAMESE = re.compile("[¡-¿ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ]")
# UTF-8 of the Vietnamese letters (C3..C6 xx, E1 BA|BB xx) and of typographic signs (E2 80 xx) read as
# windows-1252.
_TAIL = "[\x80-¿ŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
_TWICE = re.compile(
    f"Ã[\x80-\x9f¡¢£¨©ª¬\xad²³´µ¹º½ŒŠ€‚ƒˆ‰‚’“”•™š]|[ÄÅÆ]{_TAIL}|á[º»]{_TAIL}|â[€\x80]{_TAIL}|(?<=[a-z])Ã\xa0"
)
_WORD = re.compile("[^\\s\\d.,;:!?()\\[\\]{}/\"'“”…_+=&%#@*<>|\\\\-]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SYLLABLE = re.compile(
    "(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    "[ou]?(?:iê|yê|uô|ươ|ia|ya|ua|ưa|[aăâeêioôơuưy])(?:ch?|ngh?|nh?|m|p|t|[ioyu])?"
)


def looks_legacy(value: str) -> bool:
    """Tell whether a text is in TCVN3 or VNI, or was decoded with the wrong encoding (mojibake, U+FFFD).

    Conservative: a doubtful text is not legacy. Give it the text as read: ``clean_text`` removes the soft
        hyphen, which
    is the letter ư of TCVN3.

    Args:
        value: any text, as read.

    Returns:
        True when the text cannot be stored as it is.
    """
    return "\ufffd" in value or _decode_twice(value) != value or read_legacy(value) is not None


def read_legacy(value: str) -> str | None:
    """Convert a legacy text to Unicode (NFC).

    Args:
        value: any text, as read.

    Returns:
        The converted text; None when the text is not legacy, or when letters are lost (U+FFFD, half a
        sequence).
    """
    repaired = _decode_twice(value)
    if repaired != value:
        return None if _NOT_VIETNAMESE.search(repaired) else unicodedata.normalize("NFC", repaired)
    if not _NOT_VIETNAMESE.search(value) or "\ufffd" in value or _ONLY_UNICODE.search(value):
        return None
    for converted in (_convert_tcvn3(value), _VNI_PATTERN.sub(lambda m: _VNI[m[0]], value)):
        if _explains(value, converted):
            return unicodedata.normalize("NFC", converted)
    return None


def _convert_tcvn3(value: str) -> str:
    return "".join(_TCVN3.get(char, char) for char in value)


def _explains(before: str, after: str) -> bool:
    """Tell whether reading ``before`` as ``after`` turns every suspicious word into a Vietnamese syllable."""
    words_before, words_after = before.split(), after.split()
    if len(words_before) != len(words_after):
        return False
    gained = False
    for old, new in zip(words_before, words_after, strict=True):
        if not _NOT_VIETNAMESE.search(old):
            continue
        if not _is_vietnamese(new):
            return False
        gained = gained or (len(new) > 1 and old != new and not _is_vietnamese(old))
    return gained


def _is_vietnamese(token: str) -> bool:
    words = _WORD.findall(token)
    return bool(words) and all(_is_syllable(word) for word in words)


def _is_syllable(word: str) -> bool:
    spread = unicodedata.normalize("NFD", word.lower())
    base = unicodedata.normalize("NFC", _TONES.sub("", spread))
    return len(_TONES.findall(spread)) <= 1 and _SYLLABLE.fullmatch(base) is not None


def _decode_twice(value: str) -> str:
    """Undo UTF-8 read as windows-1252, where it was; otherwise the text itself."""
    if value.isascii() or "\ufffd" in value or _ONLY_UNICODE.search(value):
        return value
    repaired = _TWICE.sub(_decode_sequence, value)
    # "XÃ" before a non-breaking blank is good Vietnamese: read it as "à" only beside clearer evidence.
    return repaired if repaired == value else repaired.replace("Ã\xa0", "à")


def _decode_sequence(match: re.Match[str]) -> str:
    return b"".join(_to_byte(char) for char in match[0]).decode("utf-8")


def _to_byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")  # the five bytes that windows-1252 leaves undefined
