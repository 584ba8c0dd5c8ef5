"""Two people changed one text: the three texts cut into blocks that are alike or differ, so that each difference can be
chosen by itself."""

from __future__ import annotations

from difflib import SequenceMatcher

from drafter.domain.model import DomainModel
from drafter.services.desk.editing import Compare


class Block(DomainModel):
    """A run of sentences. Where `theirs` and `yours` differ, somebody has to choose."""

    number: int
    theirs: tuple[str, ...]
    yours: tuple[str, ...]

    @property
    def alike(self) -> bool:
        return self.theirs == self.yours


def compared(outcome: Compare) -> tuple[Block, ...]:
    theirs = [sentence.statement.text for sentence in outcome.theirs]
    yours = [sentence.statement.text for sentence in outcome.yours]
    steps = SequenceMatcher(a=theirs, b=yours, autojunk=False).get_opcodes()
    return tuple(
        Block(number=number, theirs=tuple(theirs[a:b]), yours=tuple(yours[c:d]))
        for number, (_, a, b, c, d) in enumerate(steps)
    )
