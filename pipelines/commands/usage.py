"""Says in Vietnamese what is wrong with a command line; the option parser itself speaks English.

Belongs here: one sentence per kind of wrong usage. Does not belong here: the options (cli), what a value means.
"""

from __future__ import annotations

import typer

_DAY_OPTIONS = frozenset({"cutoff", "date"})


def say_usage_error(error: typer.TyperException) -> str:
    """One sentence about a wrong command line, with the way to the help.

    Args:
        error: what the parser raised.

    Returns:
        The sentence; it quotes option names, never a value.
    """
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "cchc"
    return f"{_say(error)} Xem cách dùng: {path} --help."


def _say(error: typer.TyperException) -> str:
    name = _name_parameter(error)
    match type(error).__name__:
        case "NoSuchOption":
            return f"Không có tùy chọn {getattr(error, 'option_name', '')}."
        case "MissingParameter":
            return f"Thiếu {name}."
        case "BadOptionUsage":
            return f"Tùy chọn {getattr(error, 'option_name', '')} chưa có đủ giá trị đi kèm."
        case "BadParameter" if getattr(getattr(error, "param", None), "name", "") in _DAY_OPTIONS:
            return f"Ngày ở {name} không đúng dạng; hãy ghi năm-tháng-ngày, ví dụ 2026-06-09."
        case "BadParameter":
            return f"Giá trị của {name} không dùng được."
        case _:
            return "Không có lệnh này, hoặc thừa tham số."


def _name_parameter(error: typer.TyperException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return "tham số"
    if getattr(parameter, "param_type_name", "") == "argument":
        return f"tham số {str(parameter.name).upper()}"
    return f"tùy chọn {parameter.opts[0]}"
