"""Replies that were paid for are kept: the same request is answered from the folder, word for word.

    <folder>/<key>.json    {"reply", "call"}; key: SHA-256 of the request and of everything that shapes its answer

What is kept has no identifiers, because the request had none and the reply could not know them. Only whole replies are
kept; a refusal is kept beside them under `declined/`, for QA. Files can be read by their owner only (proved by
tests/unit/test_reply_cache.py). Delete the folder at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path

from pydantic import ValidationError

from drafter.domain.draft import CallRecord
from drafter.domain.exchange.request import Answer, Listener, Request
from drafter.ports import MayRest, ReplySource


class CachedReplies:
    """A `ReplySource` that asks another only for what it does not hold. `settings` name model, host and limits."""

    def __init__(self, source: ReplySource, folder: Path, *, settings: str) -> None:
        self._source = source
        self._folder = folder
        self._settings = settings

    @property
    def spec(self) -> str:
        return self._source.spec

    @property
    def resting(self) -> bool:
        """See `drafter.ports.MayRest`."""
        return isinstance(self._source, MayRest) and self._source.resting

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        """See `ReplySource.answer`."""
        held = self.held(request)
        if held is not None:
            return held
        answer = self._source.answer(request, listen=listen)
        self.keep(request, answer)
        return answer

    def held(self, request: Request, *, repeat: int = 0) -> Answer | None:
        """The whole reply to this request, or None; `repeat` tells several replies to the same request apart."""
        try:
            held = json.loads((self._folder / f"{self._key(request, repeat)}.json").read_bytes())
            return Answer(fate="complete", text=held["reply"], call=CallRecord.model_validate(held["call"]))
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None

    def keep(self, request: Request, answer: Answer, *, repeat: int = 0) -> None:
        """Keep a whole reply, and a refusal beside them."""
        if answer.fate == "complete":
            self._keep(self._folder, self._key(request, repeat), answer)
        elif answer.fate == "declined":
            self._keep(self._folder / "declined", self._key(request, repeat), answer)

    def _key(self, request: Request, repeat: int) -> str:
        told = f"{self._settings}\0{request.case_number}\0{request.digest}"
        told += "" if request.seed is None else f"\0seed {request.seed}"
        told += f"\0repeat {repeat}" if repeat else ""
        return hashlib.sha256(told.encode("utf-8")).hexdigest()

    def _keep(self, folder: Path, key: str, answer: Answer) -> None:
        """Written whole or not at all; a disk that is full costs the next run a call and this one nothing."""
        kept = {"reply": answer.text, "call": answer.call.model_dump() if answer.call else None}
        part = folder / f".{key}.{os.getpid()}.{threading.get_ident()}"
        try:
            for place in (self._folder, folder):
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                file.write(json.dumps(kept, ensure_ascii=False, sort_keys=True))
            part.replace(folder / f"{key}.json")
        except OSError:
            return
