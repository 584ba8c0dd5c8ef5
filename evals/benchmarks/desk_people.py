"""Scripted reviewers at the desk, over HTTP: each edits cases of her own, checks what she types, decides and signs.

A request whose connection was lost is sent again with the same key, as a browser's user would press the button again;
everything else that is no success is an error. What was acknowledged is remembered, to be looked for in the record.
"""

from __future__ import annotations

import random
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

_LOST = (502, 504)
REFUSALS = (409, 422)  # of a signature that comes second
_MOST_TRIES = 100
REASON = "Read again beside the record; what is found does not change the outcome."


@dataclass
class Told:
    """What one reviewer saw: seconds of saves and of checks while typing, edits acknowledged in their order by case,
    cases that a signature was acknowledged for, how often a connection was tried again (`lost_on_cases`: of those for
    a case, which the proxy takes to the other process), and what went wrong."""

    saves: list[float] = field(default_factory=list)
    checks: list[float] = field(default_factory=list)
    edits: dict[str, list[str]] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    second_signatures: int = 0
    retried: int = 0
    lost_on_cases: int = 0
    errors: list[str] = field(default_factory=list)


class Reviewer:
    """One person with her cases. `number` gives her an address of her own on loopback."""

    def __init__(
        self, *, number: int, login: str, password: str, cases: tuple[str, ...], desk: str, trust: ssl.SSLContext
    ) -> None:
        self.told = Told()
        self._login, self._password, self._cases = login, password, cases
        source = f"127.1.{number // 250}.{number % 250 + 1}"
        transport = httpx.HTTPTransport(verify=trust, local_address=source)
        self._http = httpx.Client(base_url=desk, transport=transport, timeout=60, trust_env=False)
        self._random = random.Random(number)

    def prepare(self) -> None:
        """Signs in, says that she has no tie, and has her cases drafted."""
        with reported(self.told):
            given = {"login": self._login, "password": self._password}
            shown = self._ask("POST", "/api/v1/session", json=given).json()
            self._http.headers["X-CSRF-Token"] = shown["csrf"]
            for case_id in self._cases:
                self._ask("POST", f"/api/v1/cases/{case_id}/ties", json={"clear": True})
                self._ask("POST", f"/api/v1/cases/{case_id}/items/1/draft")

    def work(self, *, seconds: float, pace: float) -> None:
        """Edits until the time is over; the last case stays open, the others are signed one after the other."""
        with reported(self.told):
            began = time.monotonic()
            for place, case_id in enumerate(self._cases):
                until = began + seconds * (place + 1) / len(self._cases)
                self._edit(case_id, until=until, pace=pace)
                if place + 1 < len(self._cases):
                    self._sign(case_id)

    def close(self) -> None:
        self._http.close()

    def _edit(self, case_id: str, *, until: float, pace: float) -> None:
        editing = self.editing(case_id)
        while time.monotonic() < until:
            time.sleep(self._random.expovariate(1 / pace) if pace else 0)
            editing.check()
            editing.save()

    def editing(self, case_id: str) -> Editing:
        """The first item of the case, opened for editing."""
        return Editing(case_id, ask=self._ask, told=self.told)

    def _sign(self, case_id: str) -> None:
        """Decides, answers what is found, and signs twice at the same moment: one of the two must be refused."""
        self._ask("PUT", f"/api/v1/cases/{case_id}/items/1/determination", json={"determination": "upheld"})
        for way in self._ask("GET", f"/api/v1/cases/{case_id}/letter").json()["obstacles"]:
            if way["kind"] != "warning":
                raise AssertionError(f"a {way['kind']} is in the way of the signature: {way['message']}")
            self._ask(
                "POST", f"/api/v1/cases/{case_id}/items/1/findings/{way['finding_key']}/waive", json={"reason": REASON}
            )
        letter = self._ask("GET", f"/api/v1/cases/{case_id}/letter").json()
        given = {"fingerprint": letter["fingerprint"], "password": self._password}
        answers: list[int] = []

        def sign() -> None:
            with reported(self.told):
                asked = self._ask("POST", f"/api/v1/cases/{case_id}/approval", json=given, refused=REFUSALS)
                answers.append(asked.status_code)

        both = [threading.Thread(target=sign) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        if 200 in answers:
            self.told.signed.append(case_id)
        self.told.second_signatures += answers.count(200) - 1 if answers else 0

    def _ask(self, method: str, path: str, *, refused: tuple[int, ...] = (), **content: Any) -> httpx.Response:
        """The answer; a lost connection is tried again under the same key. Raises AssertionError for other faults."""
        headers = {"Idempotency-Key": uuid.uuid4().hex, **content.pop("headers", {})}
        for _ in range(_MOST_TRIES):
            try:
                answer = self._http.request(method, path, headers=headers, **content)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code not in _LOST:
                if answer.status_code >= 300 and answer.status_code not in refused:
                    route = "/".join(part for part in path.split("/") if not part.isalnum() or len(part) < 16)
                    raise AssertionError(f"{method} {route}: {answer.status_code}")
                return answer
            self.told.retried += 1
            self.told.lost_on_cases += "/cases/" in path
            time.sleep(0.1)
        raise AssertionError(f"{method}: no connection after {_MOST_TRIES} tries")


class Editing:
    """One item while its reviewer works on it: a sentence of hers at its end, written anew each time."""

    def __init__(self, case_id: str, *, ask: Callable[..., httpx.Response], told: Told) -> None:
        self._case_id, self._ask, self._told = case_id, ask, told
        self._item = _first_item(ask("GET", f"/api/v1/cases/{case_id}").json())
        self._kept = [{"text": one["statement"]["text"], "of": place} for place, one in enumerate(self._sentences)]
        self._words = _new_words()

    def check(self) -> None:
        """The check that runs while she types."""
        self._words = _new_words()
        form = {"place": "0", "text": self._words, "parent": "0"}
        began = time.perf_counter()
        path = f"/cases/{self._case_id}/items/1/check-new"
        self._ask("POST", path, data=form, headers={"HX-Request": "true"})
        self._told.checks.append(time.perf_counter() - began)

    def save(self) -> None:
        """What she typed, on record."""
        first = len(self._sentences) == len(self._kept)
        added = {"text": self._words, "of": None if first else len(self._kept), "kind": "reasoning"}
        body = {"parent": self._item["revision"], "sentences": [*self._kept, added]}
        began = time.perf_counter()
        state = self._ask("PUT", f"/api/v1/cases/{self._case_id}/items/1/text", json=body).json()
        self._told.saves.append(time.perf_counter() - began)
        self._told.edits.setdefault(self._case_id, []).append(self._words)
        self._item = _first_item(state)
        self._words = _new_words()

    @property
    def _sentences(self) -> list[dict[str, Any]]:
        return list(self._item["sentences"])


def _new_words() -> str:
    return f"The file was read again on this point, reading {uuid.uuid4().hex[:10]}."


def _first_item(state: dict[str, Any]) -> dict[str, Any]:
    return next(item for item in state["items"] if item["number"] == 1)


@contextmanager
def reported(told: Told) -> Iterator[None]:
    """What goes wrong inside is one line of the report, and ends what the reviewer was doing."""
    try:
        yield
    except AssertionError as error:
        told.errors.append(str(error))
    except Exception as error:  # noqa: BLE001  (its message may quote the case)
        told.errors.append(type(error).__name__)
