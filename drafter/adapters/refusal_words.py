"""What a server says of its reason when it refuses: servers put it in many shapes, and only some name a code.

    {"error": {"message", "type", "code", "param"}}    OpenAI, vLLM, llama.cpp, Azure, LiteLLM
    {"error": "words"}                                 Ollama, LM Studio, TGI
    {"detail": "words"}, {"detail": [{"loc", "msg"}]}  servers on FastAPI
    [...], {"message": "words"}, plain words           gateways

The words are read and never shown, for they may repeat what was sent. A page of HTML tells nothing: words such as
"billing" stand in any of them (tests/integration/test_server_dialects.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

Meaning = Literal["no_credit", "content", "too_long", "form", "no_model"]

_MOST_WORDS = 2000
# What a request can be sent without, or in another way, where a server does not take it.
_PARAMETERS = re.compile(r"\b(max_completion_tokens|max_tokens|seed)\b")
_SYSTEM = re.compile(
    r"system[ _](?:role|message|prompt|instruction)s?\b.{0,60}\b(?:not|un\w+|only)|roles? must alternate|"
    r"\bsystem\b.{0,20}\brole\b.{0,30}\b(?:not|un\w+|invalid)|role.{0,12}\bsystem\b.{0,40}\b(?:not|un\w+|invalid)"
)
_MEANINGS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    ("no_credit", re.compile(r"insufficient_quota|\bbilling\b|insufficient (?:credit|balance|funds)")),
    ("content", re.compile(r"content_filter|content_policy|content management policy|responsible ?ai")),
    (
        "too_long",
        re.compile(
            r"context[_ ]?(?:length|size|window)|maximum context|too many tokens|prompt is too long|input is too long|"
            r"exceed_context|maximum sequence length|max_new_tokens. must be|(?:longer|more) than the model"
        ),
    ),
    (
        "form",
        re.compile(
            r"response_format|json[ _]?schema|json_object|json[ _]mode|structured[ _]outputs?|\bguided|\bgrammar\b|"
            r"unsupported schema|invalid schema"
        ),
    ),
    (
        "no_model",
        re.compile(
            r"model_not_found|\bmodel\b.{0,80}\b(?:not found|does not exist|do not exist|not available|not loaded)|"
            r"(?:no such|unknown|invalid) model|no models? (?:is |are )?loaded"
        ),
    ),
)


class Refusal(NamedTuple):
    """An answer that is none: its status and what its body and headers say of the reason.

    `parameter` is the field of the request that the server names. `message` is read, and never shown.
    """

    status: int
    code: str = ""
    kind: str = ""
    parameter: str = ""
    message: str = ""
    headers: Mapping[str, str] = {}

    @property
    def told(self) -> str:
        return f"{self.code} {self.kind} {self.parameter} {self.message}"[:_MOST_WORDS].lower()


def meaning(refusal: Refusal) -> Meaning | None:
    """What the words say the reason is, where they say it."""
    if _SYSTEM.search(refusal.told):
        return None
    return next((meant for meant, words in _MEANINGS if words.search(refusal.told)), None)


def refused_parameter(refusal: Refusal) -> str | None:
    """The field of the request that the server does not take; "system" for a message of that role."""
    if _SYSTEM.search(refusal.told):
        return "system"
    named = _PARAMETERS.search(refusal.told)
    return named[1] if named else None


def refusal_of(status: int, body: str, headers: Mapping[str, str]) -> Refusal:
    """The refusal that an answer's body tells of, whatever its shape."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = "" if body.lstrip().startswith("<") else body
    code, kind, parameter, message = _words(told)
    return Refusal(status, code, kind, parameter, message, headers)


def _words(told: Any, *, depth: int = 0) -> tuple[str, str, str, str]:
    """Code, kind, parameter and message, as far as a body tells them."""
    if isinstance(told, list) and told and depth < 4:
        return _words(told[0], depth=depth + 1)
    if not isinstance(told, dict):
        return "", "", "", told if isinstance(told, str) else ""
    for inner in ("error", "detail"):
        if inner in told and depth < 4:
            return _words(told[inner], depth=depth + 1)
    place = told.get("loc")
    parameter = ".".join(str(part) for part in place) if isinstance(place, list) else _text(told.get("param"))
    message = _text(told.get("message")) or _text(told.get("msg"))
    return _text(told.get("code")), _text(told.get("type")), parameter, message


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""
