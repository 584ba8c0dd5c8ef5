"""Words that lie in the database and can be read only with what one browser holds: AES-256-GCM (cryptography).

The key is derived (HKDF) from the random number of the session, of which the database has a hash alone. So neither a
copy of the database nor the cookie opens them by itself, and with the session they are gone
(tests/unit/test_browser_lock.py).
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12  # bytes
_WHAT_FOR = b"imr-drafter browser lock 1"


def locked(words: str, *, key: str) -> str:
    """The words, in base64, for whoever has `key` (a random text of 256 bits)."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _cipher(key).encrypt(nonce, words.encode(), _WHAT_FOR)).decode("ascii")


def unlocked(told: str, *, key: str) -> str | None:
    """The words; None where they were locked by another key, changed, or never locked."""
    try:
        data = base64.b64decode(told, validate=True)
        return _cipher(key).decrypt(data[:_NONCE], data[_NONCE:], _WHAT_FOR).decode()
    except (InvalidTag, ValueError):
        return None


def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=_WHAT_FOR).derive(key.encode()))
