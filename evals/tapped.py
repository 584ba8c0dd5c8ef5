"""What a case's drafts were told, item by item, so that its rows can say what it took and what went wrong.

`TappedReplies` stands between the drafting and whoever answers. An answer that is no reply at all (nobody reached, no
time left, a limit) is an error of the run and no failing of the draft: its item becomes an error row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from drafter.domain.exchange.request import Answer, Listener, Request
from evals.asking import Told

Row = dict[str, Any]
# What the model did rather than what befell the call: the draft is judged with it.
THE_MODELS_OWN = frozenset({"content"})


class Pending(Exception):
    """Prompts of the case wait for their replies (`replay:DIR`)."""


class TappedReplies:
    """A `ReplySource` over `ask` that remembers, by item, what it was told."""

    def __init__(self, spec: str, ask: Callable[[Request], Told], *, seed: int | None) -> None:
        self.spec = spec
        self._ask = ask
        self._seed = seed
        self._told: dict[int, list[Told]] = defaultdict(list)

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        """See `ReplySource.answer`; raises what `ask` raises, because the case then ends."""
        asked = request if self._seed is None else request.model_copy(update={"seed": self._seed})
        told = self._ask(asked)
        self._told[request.item].append(told)
        return told.answer

    def check_pending(self) -> None:
        """Raises Pending where a reply is still to come."""
        if any(told.answer.fate == "pending" for item in self._told.values() for told in item):
            raise Pending

    def took(self, item: int) -> Row:
        """`cached`, `seconds` and `cost` of an item's row; nothing where nobody was asked."""
        told = self._told[item]
        return took(told) if told else {}

    def error(self, item: int) -> Row | None:
        """What befell the item, as its row tells it, or None."""
        failed = (told.answer for told in self._told[item] if told.answer.fate == "failed")
        return next((error_of(answer) for answer in failed if answer.reason not in THE_MODELS_OWN), None)


def took(told: Sequence[Told]) -> Row:
    """What these calls took together. Where nobody was asked for any they are cached, and took no time to speak of."""
    cached = all(one.cached for one in told)
    costs = [one.cost for one in told if one.cost is not None]
    return {
        "cached": cached,
        "seconds": None if cached else round(sum(one.seconds for one in told), 3),
        "cost": round(sum(costs), 6) if costs else None,
    }


def error_of(answer: Answer) -> Row:
    return {"class": answer.reason or answer.fate, "message": answer.message}
