"""How this process of the desk is, for programs of whoever keeps it."""

from __future__ import annotations

from drafter.web.api.shapes import HealthShown
from drafter.web.visit import CurrentVisit


def read(visit: CurrentVisit) -> HealthShown:
    """Every part: its state, and what to do where it is not well. `process` is the id of the process that answered."""
    found = visit.parts.health.look()
    return HealthShown(status=found.status, process=visit.parts.process, parts=found.parts)
