"""Errors of evaluation, each one sentence for the user.

EvalsError
├── DatasetInvalid    a dataset folder is missing, incomplete or changed since it was written
├── RunInvalid        a run folder belongs to another dataset or other settings
├── WorkerLost        a process of a run ended before its work did
├── WorkerDiffers     a worker of a scheduler has another corpus, release or dataset than the run
└── GateInvalid       a gate file is wrong, or names a metric that the runs do not have
    └── NothingDecides    the stage's own gate has no metric that these runs can show
"""

from __future__ import annotations


class EvalsError(Exception):
    """Base of what this package raises on purpose. The message holds no clinical text."""


class DatasetInvalid(EvalsError):
    pass


class RunInvalid(EvalsError):
    pass


class GateInvalid(EvalsError):
    pass


class NothingDecides(GateInvalid):
    pass


class WorkerLost(EvalsError):
    pass


class WorkerDiffers(EvalsError):
    pass
