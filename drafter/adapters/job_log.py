"""One line a drafting job that a worker ended: ids, how it ended, the time it took."""

from __future__ import annotations

import json
import logging

from drafter.domain.watching import Facts, StepName

LOGGER = "drafter.work"


class JobLog:
    """A `StepListener` that hears of jobs alone."""

    def __init__(self) -> None:
        self._logger = logging.getLogger(LOGGER)

    def begin(self, name: StepName, facts: Facts, *, after: str) -> None:
        """See `drafter.services.watching.StepListener`."""

    def here(self) -> str:
        return ""

    def end(self, begun: None, name: StepName, facts: Facts, *, seconds: float) -> None:
        if name != "job":
            return
        line = {
            "job": facts.job_id,
            "request": facts.request_id,
            "case": facts.case_id,
            "item": facts.item,
            "outcome": facts.outcome,
            "ms": round(seconds * 1000),
        }
        told = {key: value for key, value in line.items() if value is not None}
        self._logger.info(json.dumps(told), extra={"told": told})
