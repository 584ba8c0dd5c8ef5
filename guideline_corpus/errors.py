"""Errors of the corpus, all shown to the user as one sentence: what is wrong, where, and what to do.

CorpusError
├── SourceUnreadable      a guideline file could not be read
│   └── SourceDoubtful    two readers disagree about it; it goes into quarantine
├── StarterInvalid        a starter file or data table breaks its schema
├── ReviewInvalid         a reviewed sheet has rows that cannot be taken
├── DecidedInvalid        the second collection, of published determinations, could not be added to or read
│   └── NoDecidedItems     none were added
├── UnknownGuideline      a name that no edition table row has
├── UnknownPassage        a passage id that the corpus does not hold
├── CorpusNotBuilt        there is no corpus yet
├── CorpusDamaged         a file of the corpus version is not the one that was built
├── IndexDamaged          the index does not match the corpus version
├── EmbeddingMismatch     the index was built with another embedding model
├── EmbedderUnavailable   the weights are not installed or not the pinned ones, or the embedding server fails
└── SchedulerUnavailable  the Dask scheduler of --scheduler does not answer or has no worker
    └── SchedulerLost     it went away, or its workers did, before the work was done
"""

from __future__ import annotations


class CorpusError(Exception):
    """Base of what this package raises on purpose. The message is for the user and holds no clinical text."""


class SourceUnreadable(CorpusError):
    pass


class SourceDoubtful(SourceUnreadable):
    pass


class StarterInvalid(CorpusError):
    pass


class ReviewInvalid(CorpusError):
    pass


class DecidedInvalid(CorpusError):
    pass


class NoDecidedItems(DecidedInvalid):
    pass


class UnknownGuideline(CorpusError):
    pass


class UnknownPassage(CorpusError):
    pass


class CorpusNotBuilt(CorpusError):
    pass


class CorpusDamaged(CorpusError):
    pass


class IndexDamaged(CorpusError):
    pass


class EmbeddingMismatch(CorpusError):
    pass


class EmbedderUnavailable(CorpusError):
    pass


class SchedulerUnavailable(CorpusError):
    pass


class SchedulerLost(SchedulerUnavailable):
    pass
