"""What pydantic and the TOML parser find wrong with a file that a person wrote, as Vietnamese sentences.

Belongs here: wording of faults, with the place of each. Does not belong here: the shapes that are checked (the models),
which file it was (the callers). What was typed in is never repeated, but for names of keys: it may be a secret.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from schemas.rules.text import holds_persons_number

WRONG_TYPES: Mapping[str, str] = {
    "missing": "chưa ghi",
    "string_type": "phải là chữ trong ngoặc kép",
    "string_too_short": "để trống",
    "extra_forbidden": "không phải khóa dùng được ở đây",
    "tuple_type": "phải là danh sách trong ngoặc vuông, ví dụ [“a”, “b”]",
    "list_type": "phải là danh sách trong ngoặc vuông, ví dụ [“a”, “b”]",
    "dict_type": "phải là một bảng có tên khóa",
    "model_type": "phải là một bảng có tên khóa",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "too_short": "để trống",
}
"""Kind of a fault (pydantic) → what people read."""

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def say_faults(wrong: ValidationError, words: Mapping[str, str] = WRONG_TYPES) -> str:
    """All faults of a model, joined."""
    return "; ".join(say_fault(one, words) for one in wrong.errors(include_url=False, include_input=False))


def say_fault(fault: Any, words: Mapping[str, str] = WRONG_TYPES) -> str:
    """One fault: its place, then what is wrong there.

    Args:
        fault: an entry of ``ValidationError.errors()``.
        words: kind of fault → what people read.
    """
    where = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
    context = fault.get("ctx", {})
    own = context.get("error")
    if isinstance(own, ValueError):
        said = str(own).rstrip(".")
        where += ":" if where and said[:1].isupper() else ""
    elif "expected" in context:
        said = "phải là một trong " + str(context["expected"]).replace(" or ", ", ").replace("'", "")
    elif "ge" in context:
        said = f"phải từ {context['ge']} trở lên"
    else:
        said = words.get(fault["type"], "ghi sai dạng")
    return f"{where} {said}" if where else said


def refuse_persons_number(text: str) -> str:
    """The text that a person typed, for a validator.

    Raises:
        ValueError: it seems to hold a citizen's number or address.
    """
    if holds_persons_number(text):
        raise ValueError("có vẻ chứa dữ liệu cá nhân (dãy số dài, @)")
    return text


def say_syntax(wrong: tomllib.TOMLDecodeError) -> str:
    """Where a text stops being TOML; the parser's own words are English and stay out."""
    place = _PLACE.search(str(wrong))
    where = f"từ dòng {place[1]}, cột {place[2]}" if place else "ở cuối tệp"
    return f"không đúng dạng TOML {where} (thiếu dấu ngoặc, dấu = hoặc dấu nháy)"


def say_wrong_name(name: str, known: Collection[str]) -> str:
    """A name that is none of the known ones, with the likeliest of them or with all."""
    likely = get_close_matches(name, known, 1)
    return f"“{name}” không dùng được, " + (f"có lẽ là “{likely[0]}”" if likely else f"hãy chọn trong: {_list(known)}")


def _list(names: Collection[str]) -> str:
    return ", ".join(names if isinstance(names, Sequence) else sorted(names))
