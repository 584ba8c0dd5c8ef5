"""Steps as they begin and end, told to whoever listens: metrics, traces, log lines.

Without listeners nothing of this runs (`drafter.domain.watching.UNWATCHED`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol

from drafter.domain.watching import NOTHING, Facts, StepName, Tell
from drafter.ports import NoticedRetriever, Retriever, Watch
from guideline_corpus.model import SearchResult


class StepListener(Protocol):
    """Hears of every step. What `begin` gives is given back to `end`."""

    def begin(self, name: StepName, facts: Facts, *, after: str) -> Any: ...

    def end(self, begun: Any, name: StepName, facts: Facts, *, seconds: float) -> None:
        """`facts` are all that was told of the step, at its begin and later."""
        ...

    def here(self) -> str:
        """Where in a trace the caller is (W3C traceparent), "" for a listener that has none."""
        ...


class Watching:
    """See `drafter.ports.Watch`. `monotonic` gives seconds."""

    def __init__(self, listeners: Sequence[StepListener], *, monotonic: Callable[[], float]) -> None:
        self._listeners = tuple(listeners)
        self._monotonic = monotonic

    @contextmanager
    def step(self, name: StepName, facts: Facts = NOTHING, *, after: str = "") -> Iterator[Tell]:
        known = facts

        def tell(more: Facts) -> None:
            nonlocal known
            known = known.with_facts(more)

        begun = [listener.begin(name, facts, after=after) for listener in self._listeners]
        at = self._monotonic()
        try:
            yield tell
        except BaseException as error:
            tell(Facts(outcome="failed", fault=type(error).__name__))
            raise
        finally:
            seconds = self._monotonic() - at
            for listener, mine in zip(reversed(self._listeners), reversed(begun), strict=True):
                listener.end(mine, name, known, seconds=seconds)

    def here(self) -> str:
        return next((place for listener in self._listeners if (place := listener.here())), "")


class WatchedRetriever:
    """A retriever whose searches are told: how long, how many passages; not what was looked for."""

    def __init__(self, retriever: Retriever, watch: Watch) -> None:
        self._retriever, self._watch = retriever, watch

    @property
    def corpus_version(self) -> str:
        return self._retriever.corpus_version

    @property
    def notice(self) -> str | None:
        """See `drafter.ports.NoticedRetriever`."""
        return self._retriever.notice if isinstance(self._retriever, NoticedRetriever) else None

    def search(self, query: str, *, as_of: date | None, limit: int) -> SearchResult:
        with self._watch.step("search") as tell:
            found = self._retriever.search(query, as_of=as_of, limit=limit)
            outcome = "addressed" if found.addressed else "not-addressed"
            tell(Facts(outcome=outcome, passages=len(found.results)))
            return found
