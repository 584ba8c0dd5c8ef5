"""Work in processes of their own: what they ask comes to the parent, what they lose is said."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from drafter.domain.exchange.request import Answer, Request
from evals.asking import Stopped, Told
from evals.dataset import EvalCase
from evals.errors import RunInvalid, WorkerLost
from evals.tapped import Pending
from evals.workers import Unit, Workers
from tests.factories import make_case

CASES = [EvalCase(case_id=str(number), case=make_case(case_number=str(number))) for number in range(12)]
UNITS = [Unit(at, 0) for at in range(len(CASES))]


def asking(ask: Callable[..., Told]) -> Callable[[EvalCase, int], list[str]]:
    def lines(case: EvalCase, repeat: int) -> list[str]:
        told = ask(Request(system="s", user="u", case_number=case.case_id, item=1), repeat=repeat)
        return [f"{case.case_id} {told.answer.text} {os.getpid()}\n"]

    return lines


def ending(ask: Callable[..., Told]) -> Callable[[EvalCase, int], list[str]]:
    def lines(case: EvalCase, repeat: int) -> list[str]:
        kinds: dict[str, Callable[[], Any]] = {"3": lambda: os._exit(9), "5": lambda: (_ for _ in ()).throw(Pending)}
        return [str(kinds.get(case.case_id, lambda: "")())]

    return lines


def unopenable(ask: Callable[..., Told]) -> Callable[[EvalCase, int], list[str]]:
    raise RunInvalid("It cannot be opened.")


def failing(ask: Callable[..., Told]) -> Callable[[EvalCase, int], list[str]]:
    class Own(Exception):
        def __reduce__(self) -> tuple[Any, ...]:
            raise TypeError("not to be sent")

    def lines(case: EvalCase, repeat: int) -> list[str]:
        raise Own

    return lines


def answered(request: Request, *, repeat: int) -> Told:
    return Told(Answer(fate="complete", text=f"for {request.case_number}"), cached=False, seconds=0.0, cost=None)


def ended(opener: Any, *, ask: Any = answered, units: list[Unit] = UNITS, more: Any = lambda: True) -> list[Any]:
    with Workers(opener, CASES, processes=2, threads=2, ask=ask) as workers:
        return list(workers.work(units, more=more))


def test_every_unit_ends_once_with_its_own_answer_and_two_processes_shared_them():
    done = ended(asking)
    said = [line.split() for one in done for line in one.lines]

    assert sorted(one.unit for one in done) == UNITS
    assert all(case == for_case for case, _, for_case, _ in said)
    assert len({pid for *_, pid in said} - {str(os.getpid())}) == 2


def test_a_unit_that_may_not_ask_ends_with_the_reason():
    def refused(request: Request, *, repeat: int) -> Told:
        if request.case_number in ("2", "7"):
            raise Stopped("The calls are made.")
        return answered(request, repeat=repeat)

    done = {one.unit.at: one.why for one in ended(asking, ask=refused)}

    assert {at for at, why in done.items() if why == "The calls are made."} == {2, 7}


def test_nothing_is_begun_once_there_shall_be_no_more():
    assert ended(asking, more=lambda: False) == []


def test_a_unit_that_waits_for_a_recorded_reply_says_so():
    (done,) = ended(ending, units=[Unit(5, 0)])

    assert (done.lines, done.why) == (None, "pending")


def test_a_process_that_ends_is_said_in_a_sentence():
    with pytest.raises(WorkerLost, match="--resume"):
        ended(ending, units=[Unit(3, 0)])


def test_what_opening_raises_is_raised_here():
    with pytest.raises(RunInvalid, match="cannot be opened"):
        ended(unopenable)


def test_an_error_that_cannot_travel_is_told_by_its_name():
    with pytest.raises(WorkerLost, match="Own"):
        ended(failing)
