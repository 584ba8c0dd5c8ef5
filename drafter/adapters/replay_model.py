"""`replay:DIR`: answers from replies that were recorded beside the very request they answer.

Where `DIR/HASH.json` holds a reply it is given; where it does not, the request is written to `DIR/pending/HASH.json`
and the item says that its reply is pending, so that one run leaves every prompt of a case there, to be answered by
whatever route (proved by tests/unit/test_replay_model.py).
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from drafter.domain.draft import CallRecord
from drafter.domain.exchange.request import Answer, Listener, Request
from drafter.errors import ModelUnavailable


class ReplaySource:
    """Answers from a folder. Raises ModelUnavailable where the folder cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def spec(self) -> str:
        return f"replay:{self._folder}"

    def held(self, request: Request) -> Answer | None:
        """See `StoredReplies.held`."""
        recorded = self._recorded(request.digest)
        return None if recorded is None else _answer(recorded, request.digest)

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        """See `ReplySource.answer`."""
        digest = request.digest
        recorded = self._recorded(digest)
        if recorded is None:
            self._put_pending(digest, request)
            message = f"No reply is recorded for this prompt; it was written to pending/{digest}.json to be answered."
            return Answer(fate="pending", message=message, call=CallRecord(request_sha256=digest, model="replay"))
        return _answer(recorded, digest)

    def _recorded(self, digest: str) -> str | None:
        path = self._folder / f"{digest}.json"
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, json.JSONDecodeError):
            raise ModelUnavailable(f"{path} is not readable as JSON; write it anew or remove it.") from None
        if not isinstance(held, dict) or "reply" not in held:
            raise ModelUnavailable(f'{path} holds no key "reply"; write the model\'s reply under it.')
        return held["reply"] if isinstance(held["reply"], str) else json.dumps(held["reply"])

    def _put_pending(self, digest: str, request: Request) -> None:
        """Written whole or not at all."""
        body = {**request.body, "case_number": request.case_number, "item": request.item}
        pending = self._folder / "pending"
        try:
            pending.mkdir(parents=True, exist_ok=True)
            unfinished = pending / f".{digest}.{os.getpid()}"
            unfinished.write_text(json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
            unfinished.replace(pending / f"{digest}.json")
        except OSError as error:
            raise ModelUnavailable(f"{pending} cannot be written ({error.strerror}); name another folder.") from None


def _answer(recorded: str, digest: str) -> Answer:
    told = hashlib.sha256(recorded.encode("utf-8")).hexdigest()
    call = CallRecord(request_sha256=digest, reply_sha256=told, model="replay")
    return Answer(fate="complete", text=recorded, call=call)
