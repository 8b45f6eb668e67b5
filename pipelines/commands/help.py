"""The help pages in Vietnamese: the option parser writes their frame in English.

Belongs here: the words of the frame: titles of the panels, names of value types. Does not belong here: what a command
or option does (cli, options), wrong command lines (usage).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from typer import Context
from typer.core import TyperCommand, TyperGroup, TyperOption

_VALUES = {str: "<chữ>", int: "<số>", float: "<số>", Path: "<đường dẫn>", datetime: "<ngày>"}
_FRAME = {
    "ARGUMENTS_PANEL_TITLE": "Tham số",
    "OPTIONS_PANEL_TITLE": "Tùy chọn",
    "COMMANDS_PANEL_TITLE": "Lệnh",
    "REQUIRED_LONG_STRING": "[bắt buộc]",
    "DEFAULT_STRING": "[mặc định: {}]",
}


def wants_help(arguments: Sequence[str]) -> bool:
    """Whether a command line, without the program, asks for a help page."""
    return not arguments or "--help" in arguments


def speak_vietnamese(program: TyperGroup) -> None:
    """Give the help pages of a program their Vietnamese frame; it loads the printer, so only where a page is shown."""
    from typer import rich_utils

    for name, words in _FRAME.items():
        setattr(rich_utils, name, words)
    base = program.context_class.formatter_class

    class Formatter(base):  # type: ignore[misc,valid-type]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or "Cách dùng: ")

    program.context_class.formatter_class = Formatter
    program.subcommand_metavar = "LỆNH [tham số]"
    for command in (program, *program.commands.values()):
        if isinstance(command, TyperCommand | TyperGroup):
            _name_values(command)


def _name_values(command: TyperCommand | TyperGroup) -> None:
    command.options_metavar = "[tùy chọn]"
    context = Context(command)
    for one in command.get_params(context):
        if isinstance(one, TyperOption) and one.metavar is None:
            one.metavar = "" if one.is_flag else _VALUES.get(one.type_descriptor.annotation)
    helper = command.get_help_option(context)
    if helper is not None:
        helper.help = "Hiện trang này rồi thôi."
