"""Inputs that open with a password, on the command line.

A password never stands on the command line itself, where the shell's history and the list of processes would show it:
it is asked for on the terminal without being shown, comes as the first line of standard input with `--password`, or is
in `DRAFTER_PDF_PASSWORD` (tests/e2e/test_locked_input.py). It is used to read, and kept nowhere.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from pydantic import SecretStr

from drafter.errors import InputUnreadable, PasswordNeeded

Read = TypeVar("Read")
_HOW = "give it in DRAFTER_PDF_PASSWORD, or with --password as the first line of standard input"


class Passwords:
    """The password of this run: the one that was given, else the one that somebody at the terminal types."""

    def __init__(self, given: SecretStr | None, *, at_terminal: bool) -> None:
        self._given = given
        self._at_terminal = at_terminal

    def open(self, read: Callable[[str], Read], *, name: str) -> Read:
        """What `read` gives with no password, with the one given, or with one that is typed, in this order.

        Raises PasswordNeeded where none of them opens the input, and whatever else `read` raises.
        """
        try:
            return read("")
        except PasswordNeeded as error:
            if self._given is None and not self._at_terminal:
                raise PasswordNeeded(f"{name} opens only with a password; {_HOW}") from error
        if self._given is None:
            self._given = SecretStr(getpass.getpass(f"Password of {name}: "))
        return read(self._given.get_secret_value())


def passwords(*, asked: bool, from_environment: SecretStr | None, stdin: BinaryIO, reads_stdin: bool) -> Passwords:
    """The passwords of a run. `asked`: `--password` was given; `reads_stdin`: the input itself comes from there.

    Raises InputUnreadable where password and input cannot both come from standard input.
    """
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if not asked or at_terminal:
        return Passwords(from_environment, at_terminal=at_terminal)
    if reads_stdin:
        raise InputUnreadable("--password and the input cannot both come from standard input; name the input's file")
    line = stdin.readline().decode("utf-8", "replace").rstrip("\r\n")
    return Passwords(SecretStr(line), at_terminal=False)
