"""How a command ends: exit codes, and the one way an error reaches a person.

Belongs here: exit codes of contract.md and the error that carries one. Does not belong here: the messages themselves.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes (contract.md)."""

    DONE = 0
    BLOCKING = 1
    USAGE = 2
    NO_INPUT = 3
    LOCKED = 4


class CommandError(Exception):
    """A command that cannot go on: a Vietnamese message that says what to do, and the exit code."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code
