"""2013 notices (stub until the next commit)."""

from __future__ import annotations

from drafter.adapters.letters.unknown_form import read_unknown_letter
from drafter.adapters.printed import Folded
from drafter.domain.case import Case


def is_notice(text: Folded) -> bool:
    return False


def read_notice(text: Folded) -> Case:
    return read_unknown_letter(text)
