"""What a password must be: long, and not the login in other words.

NIST SP 800-63B-4, 3.1.1.2: fifteen characters where the password stands alone, eight beside a second factor; no rules
on kinds of characters, no expiry. A login is letters, digits, dot, hyphen and underscore, so that it reads the same
everywhere.
"""

from __future__ import annotations

import re

ALONE, BESIDE_SECOND_FACTOR, LONGEST = 15, 8, 256
_FEWEST_DIFFERENT = 5
LOGIN = r"[A-Za-z0-9][A-Za-z0-9._-]{1,63}"
_FORESEEABLE = ("password", "passwort", "qwerty", "letmein", "12345678", "reviewdesk", "imrdrafter")


def login_fault(login: str) -> str | None:
    """What is wrong with a login, in one sentence."""
    if re.fullmatch(LOGIN, login):
        return None
    return "A login is 2 to 64 letters, digits, dots, hyphens or underscores, the first a letter or digit."


def password_fault(password: str, *, login: str, second_factor: bool) -> str | None:
    """What is wrong with a new password, in one sentence."""
    fewest = BESIDE_SECOND_FACTOR if second_factor else ALONE
    if len(password) < fewest:
        beside = "" if second_factor else ", or set up a second factor first and use 8 or more"
        return f"The password has {len(password)} characters; use {fewest} or more{beside}."
    if len(password) > LONGEST:
        return f"The password has {len(password)} characters; use at most {LONGEST}."
    plain = _plain(password)
    if len(set(password)) < _FEWEST_DIFFERENT or _is_foreseeable(plain, login=_plain(login)):
        return "The password is easy to foresee; string a few unrelated words together."
    return None


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _is_foreseeable(plain: str, *, login: str) -> bool:
    """Whether little is left of it without the login and the words that everybody tries."""
    left = plain
    for word in (*_FORESEEABLE, login):
        left = left.replace(word, "")
    return len(left) < min(len(plain), _FEWEST_DIFFERENT)
