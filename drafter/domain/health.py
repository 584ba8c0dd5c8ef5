"""How a process of the desk is: whether it can serve, and which of its parts do less than they should.

Without a needed part nobody can work: the process is not ready. Every other fault leaves it ready and degraded. What is
told about a part is a sentence of ours for whoever keeps the machine, without clinical text.
"""

from __future__ import annotations

from typing import Literal

from drafter.domain.model import DomainModel

PartName = Literal["record", "corpus", "disk", "search", "chroma", "decided", "model", "drafting", "checkpoints"]
PartState = Literal["ok", "degraded", "failed"]
Status = Literal["ok", "degraded", "down"]


class Part(DomainModel):
    """One part as it was found; `told` is empty where all is well and there is nothing to say."""

    name: PartName
    state: PartState = "ok"
    told: str = ""


class Health(DomainModel):
    """The parts, in the order in which they are shown."""

    parts: tuple[Part, ...]

    @property
    def ready(self) -> bool:
        return all(part.state != "failed" for part in self.parts)

    @property
    def status(self) -> Status:
        if not self.ready:
            return "down"
        return "ok" if all(part.state == "ok" for part in self.parts) else "degraded"
