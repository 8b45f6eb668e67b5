"""Text of unknown encoding, and the legacy Vietnamese code tables TCVN3 (.VnTime) and VNI.

Belongs here: choosing an encoding by what the text then says, turning legacy letters into Unicode. Does not belong
here: tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Literal

import polars as pl

from assets.io.tabular_base import Grid
from assets.io.tabular_sniff import guess_unicode

LegacyTable = Literal["TCVN3", "VNI"]

# TCVN 5712:1993, form VN3: one byte per letter (fonts .Vn…); toned capitals are small letters in a capital font.
_TCVN3_BYTES = (
    "a1Ă a2Â a3Ê a4Ô a5Ơ a6Ư a7Đ a8ă a9â aaê abô acơ adư aeđ b5à b6ả b7ã b8á b9ạ bbằ bcẳ bdẵ beắ c6ặ c7ầ c8ẩ c9ẫ caấ "
    "cbậ ccè ceẻ cfẽ d0é d1ẹ d2ề d3ể d4ễ d5ế d6ệ d7ì d8ỉ dcĩ ddí deị dfò e1ỏ e2õ e3ó e4ọ e5ồ e6ổ e7ỗ e8ố e9ộ eaờ ebở "
    "ecỡ edớ eeợ efù f1ủ f2ũ f3ú f4ụ f5ừ f6ử f7ữ f8ứ f9ự faỳ fbỷ fcỹ fdý feỵ"
)
# VNI for Windows: a base letter and a sign of its own; some letters are one sign.
_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HATS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVES = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLES = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
# Words that any list of dossiers, procedures or figures holds; the reading that shows most of them is the right one.
_TELLTALES = re.compile(
    r"(?<!\w)(?:mã|hồ sơ|ngày|trạng thái|đơn vị|thủ tục|tiếp nhận|kết quả|lĩnh vực|tên|số|của|và|không|được|đã|trả|"
    r"phường|xã|nội dung|kỳ báo cáo|tình trạng)(?!\w)"
)
_SCORED_CHARS = 200_000
# Signs and letters that Unicode Vietnamese never holds, and letters that only Unicode has.
_ODD_SIGNS = re.compile(
    "[\u00a1-\u00a9\u00ac-\u00af\u00b1\u00b4-\u00b6\u00b8\u00b9\u00bc-\u00bf\u00b7\u00c6\u00d0\u00d1\u00d5-\u00d8\u00dc\u00de\u00dfåæçëîïñöøûüþ]"
)
_BEYOND_LATIN = "[\u0102-\u01b0\u1ea0-\u1ef9\u0300-\u0323]"
_MIN_ODD_SIGNS = 5
# A program that took UTF-8 for Latin letters wrote some bytes as the signs of windows-1252.
_TO_LATIN_1 = {ord(sign): byte for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", "ignore"))}
# What the first bytes of a Vietnamese letter in UTF-8 then look like.
_DOUBLE = re.compile("á[º»][\u0080-\u00bf\u0152-\u2122]|Ã[\u0080-\u00bf\u0152-\u2122]|Ä[\u0091\u2018]")
_SAMPLE_ROWS = 60
_XML_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")


def decode_text(data: bytes) -> str:
    """Decode a text file: a byte order mark, UTF-16 without one, UTF-8, else what reads most like Vietnamese.

    Args:
        data: content.

    Returns:
        Its text, in NFC where it was not Unicode. Bytes that no table knows become U+FFFD.
    """
    codec = guess_unicode(data)
    if codec is not None:
        return data.decode(codec, "replace")
    try:
        return _undo_double(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    candidates = [data.decode("windows-1258", "replace"), data.decode("utf-8", "replace")]
    candidates += [convert(data.decode("windows-1252", "replace")) for convert in (_from_tcvn3, _from_vni)]
    return max((unicodedata.normalize("NFC", text) for text in candidates), key=_score)


def _undo_double(text: str) -> str:
    """Undo an encoding that was applied twice: UTF-8 taken for Latin letters and written as UTF-8 again."""
    if not _DOUBLE.search(text[:_SCORED_CHARS]):
        return text
    try:
        once = text.lstrip("\ufeff").translate(_TO_LATIN_1).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
    return once if _score(once) > _score(text) else text


def decode_markup(data: bytes) -> str:
    """Decode an HTML page: as :func:`decode_text`, without an XML prolog, which would name another encoding.

    Args:
        data: content.

    Returns:
        The page's source text.
    """
    return _XML_PROLOG.sub("", decode_text(data).lstrip("\ufeff"))


def detect_legacy(sample: str) -> LegacyTable | None:
    """Tell whether text is written for a TCVN3 or VNI font: only then does it read as Vietnamese once converted.

    Args:
        sample: cells of a sheet, joined.

    Returns:
        The code table, or None for Unicode text.
    """
    scores = {"": _score(sample), "TCVN3": _score(_from_tcvn3(sample)), "VNI": _score(_from_vni(sample))}
    best = max(scores, key=lambda name: scores[name])
    return best or None  # type: ignore[return-value]


def convert_legacy(text: str, table: LegacyTable) -> str:
    """Turn text written for a TCVN3 or VNI font into Unicode.

    Args:
        text: as delivered: letters of Latin-1 in place of the Vietnamese ones.
        table: see :func:`detect_legacy`.

    Returns:
        NFC text.
    """
    return _CONVERTERS[table](text)


def _score(text: str) -> int:
    return len(_TELLTALES.findall(text[:_SCORED_CHARS].casefold()))


def _from_tcvn3(text: str) -> str:
    return text.translate(_tcvn3_table())


def _from_vni(text: str) -> str:
    pattern, letters = _vni_table()
    return pattern.sub(lambda match: letters[match[0]], text)


_CONVERTERS: dict[LegacyTable, Callable[[str], str]] = {"TCVN3": _from_tcvn3, "VNI": _from_vni}


@cache
def _tcvn3_table() -> dict[int, str]:
    return {int(entry[:2], 16): entry[2] for entry in _TCVN3_BYTES.split()}


@cache
def _vni_table() -> tuple[re.Pattern[str], dict[str, str]]:
    letters = dict(_VNI_SINGLES)
    for base, stem in (*((vowel, vowel) for vowel in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
        letters |= {base + sign: stem + tone for sign, tone in _VNI_TONES.items()}
    for base in "aeo":
        letters |= {base + sign: base + "\u0302" + tone for sign, tone in _VNI_HATS.items()}
    letters |= {"a" + sign: "a\u0306" + tone for sign, tone in _VNI_BREVES.items()}
    letters = {key: unicodedata.normalize("NFC", value) for key, value in letters.items()}
    letters |= {key.upper(): value.upper() for key, value in letters.items()} | {
        key[0].upper() + key[1:]: value.upper() for key, value in letters.items() if len(key) == 2
    }
    longest_first = sorted(letters, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), letters


def convert_grid(grid: Grid) -> tuple[Grid, LegacyTable | None]:
    """Turn a sheet that is written for a TCVN3 or VNI font into Unicode; leave every other sheet as it is.

    In a sheet of both kinds only cells without any letter beyond Latin-1 are converted: those that hold a sign which
    no Vietnamese text has, and those in columns where that is the rule.

    Args:
        grid: a sheet.

    Returns:
        The sheet, and the code table it was written in, if any.
    """
    sample = "\n".join(cell for row in grid.cells.head(_SAMPLE_ROWS).iter_rows() for cell in row if cell)
    if len(_ODD_SIGNS.findall(sample)) < _MIN_ODD_SIGNS:
        return grid, None
    table = detect_legacy(sample)
    if table is None:
        return grid, None
    columns = [_convert_column(column, table) for column in grid.cells]
    return replace(grid, cells=pl.DataFrame(columns)), table


def _convert_column(column: pl.Series, table: LegacyTable) -> pl.Series:
    unicode = column.str.contains(_BEYOND_LATIN)
    odd = column.str.contains(_ODD_SIGNS.pattern)
    mostly_legacy = (odd & ~unicode).sum() > unicode.sum() or not unicode.any()
    wanted = ~unicode & (odd | mostly_legacy)
    converted = [
        convert_legacy(cell, table) if cell is not None and convert else cell
        for cell, convert in zip(column, wanted, strict=True)
    ]
    return pl.Series(column.name, converted, dtype=pl.Utf8)
