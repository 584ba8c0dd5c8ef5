"""What lies in the database for one browser opens by its key and by nothing else."""

from __future__ import annotations

import base64
import secrets

from drafter.adapters.browser_lock import locked, unlocked

KEY = secrets.token_urlsafe(32)


def test_words_come_back_by_their_key_alone():
    told = locked("who she is", key=KEY)

    assert unlocked(told, key=KEY) == "who she is"
    assert unlocked(told, key=secrets.token_urlsafe(32)) is None
    assert "who she is" not in str(base64.b64decode(told))
    assert locked("who she is", key=KEY) != told, "nobody sees that two are the same"


def test_what_was_changed_or_was_never_locked_opens_as_nothing():
    data = bytearray(base64.b64decode(locked("who she is", key=KEY)))
    data[-1] ^= 1

    for told in (base64.b64encode(data).decode(), "", "AAAA", "not base64!"):
        assert unlocked(told, key=KEY) is None
