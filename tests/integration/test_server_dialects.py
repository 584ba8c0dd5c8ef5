"""Servers that speak chat completions each in its own way: every dialect ends in a draft or in one clear sentence.

The shapes are those of public servers and gateways (vLLM, llama.cpp, Ollama, LM Studio, TGI, LiteLLM, Azure), written
from their documentation and issue threads; each is served over real HTTP and asked by both lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from drafter.adapters.chat_source import ChatSource, Line, Server
from drafter.adapters.clock import SystemClock
from drafter.adapters.http_line import HttpLine
from drafter.adapters.rationale_chain import LangChainLine
from drafter.domain.draft import ItemDraft
from tests.model_factories import Hearing, drafts_of, make_model
from tests.model_server import STATEMENT, ModelServer, Step, accepts, ok, refused, reply, status, streamed, whole

LINES: dict[str, Callable[[Server], Line]] = {"langchain": LangChainLine, "http": HttpLine}
DRAFTED = "drafted"
HTML = b"<html><body>Not here</body></html>"


class QuickClock(SystemClock):
    def sleep(self, seconds: float) -> None:
        return


def without_schema(code: int, told: object) -> Step:
    """Refuses `json_schema` and takes the rest."""
    kind: Callable[[dict[str, Any]], str] = lambda body: (body.get("response_format") or {"type": "text"})["type"]  # noqa: E731
    return accepts(lambda body: refused(code, told) if kind(body) == "json_schema" else None)


def without_any_format(code: int, told: object) -> Step:
    return accepts(lambda body: refused(code, told) if "response_format" in body else None)


def lacking(name: str, code: int, told: object) -> Step:
    return accepts(lambda body: refused(code, told) if name in body else None)


def without_system(code: int, told: object) -> Step:
    return accepts(lambda body: refused(code, told) if body["messages"][0]["role"] == "system" else None)


def detail(*place: str, kind: str = "extra_forbidden", told: str = "Extra inputs are not permitted") -> object:
    return {"detail": [{"type": kind, "loc": ["body", *place], "msg": told}]}


def parts(told: dict[str, Any]) -> None:
    message = told["choices"][0]["message"]
    message["content"] = [{"type": "text", "text": message["content"]}]


def nameless(told: dict[str, Any]) -> None:
    for name in ("id", "created", "object"):
        del told[name]


def endless(told: dict[str, Any]) -> None:
    del told["choices"][0]["finish_reason"]


def within(before: str, after: str = "") -> Step:
    def change(told: dict[str, Any]) -> None:
        message = told["choices"][0]["message"]
        message["content"] = before + message["content"] + after

    return whole(change)


def chunk(delta: dict[str, Any] | None, *, finish: str | None = None, **more: Any) -> str:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    told = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": choices, **more}
    return f"data: {json.dumps(told)}\n\n"


def bare(delta: dict[str, Any], finish: str | None = None) -> str:
    """A chunk with nothing that can be left out."""
    ended = {"finish_reason": finish} if finish else {}
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': delta, **ended}]})}\n\n"


TOO_LONG = [
    refused(400, {"object": "error", "message": "This model's maximum context length is 4096 tokens.", "code": 400}),
    refused(400, {"error": {"code": 400, "message": "the request exceeds the available context size, try increasing "
            "it", "type": "exceed_context_size_error"}}),
    refused(400, {"error": {"message": "litellm.ContextWindowExceededError: too big", "type": None, "code": "400"}}),
    refused(422, {"error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096", "error_type":
            "validation"}),
]  # fmt: skip

# Each dialect: how the server answers, and how the item ends.
DIALECTS: dict[str, tuple[Step, str]] = {
    # what a server refuses
    "a schema, with 400": (without_schema(400, {"error": {"message": "no response_format here"}}), DRAFTED),
    "a schema, with FastAPI's 422": (without_schema(422, detail("response_format", "type")), DRAFTED),
    "a schema, as a string": (without_schema(400, {"error": "'response_format.type' must be 'text'"}), DRAFTED),
    "a schema, with 500": (without_schema(500, {"error": {"message": "Failed to compile grammar"}}), DRAFTED),
    "a schema, with 501": (without_schema(501, {"error": "not implemented"}), DRAFTED),
    "a keyword of the schema": (
        without_schema(400, {"error": {"message": "Invalid schema for response_format 'reply'", "param": None}}),
        DRAFTED,
    ),
    "every format": (without_any_format(422, detail("response_format")), DRAFTED),
    "max_completion_tokens": (lacking("max_completion_tokens", 422, detail("max_completion_tokens")), DRAFTED),
    "max_completion_tokens, in words": (
        lacking("max_completion_tokens", 400, {"error": "unknown field max_completion_tokens"}),
        DRAFTED,
    ),
    "a system role": (without_system(400, {"error": {"message": "System role not supported"}}), DRAFTED),
    "a system role, by its template": (
        without_system(400, {"message": "Conversation roles must alternate user/assistant/user/assistant"}),
        DRAFTED,
    ),
    "the model, by Ollama": (refused(404, {"error": "model 'x' not found"}), "no such model"),
    "the model, with 400": (refused(400, {"error": {"message": "The model `x` does not exist."}}), "no such model"),
    "the path": (refused(404, {"detail": "Not Found"}), "OPENAI_BASE_URL"),
    "the method": (status(405, body=HTML), "OPENAI_BASE_URL"),
    "the request, as a page": (status(400, body=HTML), "does not accept"),
    "the request, as a list": (refused(400, [{"error": {"code": 400, "message": "bad"}}]), "does not accept"),
    "the request, with nothing": (status(400, body=b""), "does not accept"),
    "the key, as a page": (status(401, body=HTML), "refuses the key"),
    "the content": (refused(400, {"error": {"code": "content_filter", "message": "filtered"}}), "content filter"),
    # how a server replies
    "no usage, no id": (whole(nameless), DRAFTED),
    "no finish reason": (whole(endless), DRAFTED),
    "a finish reason of null": (whole(lambda told: told["choices"][0].update(finish_reason=None)), DRAFTED),
    "a finish reason of its own": (whole(lambda told: told["choices"][0].update(finish_reason="eos_token")), DRAFTED),
    "content in parts": (whole(parts), DRAFTED),
    "reasoning beside it": (
        whole(lambda told: told["choices"][0]["message"].update(reasoning_content="Let me see.", tool_calls=None)),
        DRAFTED,
    ),
    "reasoning before it": (within("<think>\nIs {this} shown? Yes.\n</think>\n\n"), DRAFTED),
    "reasoning whose opening was swallowed": (within("Let me see {this}.\n</think>\n"), DRAFTED),
    "a fence around it": (within("```json\n", "\n```"), "reply-unusable"),
    "words around it": (within("Here is the reply:\n", "\nI hope this helps."), "reply-unusable"),
    "packed with gzip": (whole(lambda told: None, packed=True), DRAFTED),
    "an error with 200": (ok(b'{"error": {"message": "upstream failed", "code": 502}}'), "answered with something"),
    # how a server streams
    "a stream with comments": (
        streamed(lambda text: [": keep-alive\n\n", chunk({"role": "assistant"}), ": ping\n\n", chunk({"content": text}),
                               chunk({}, finish="stop"), "data: [DONE]\n\n"]),
        DRAFTED,
    ),
    "a stream with usage at its end": (
        streamed(lambda text: [chunk({"content": text}), chunk({}, finish="stop"),
                               chunk(None, usage={"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}),
                               "data: [DONE]\n\n"]),
        DRAFTED,
    ),
    "a stream that begins without choices": (
        streamed(lambda text: [chunk(None, prompt_filter_results=[]), chunk({"content": text}),
                               chunk({}, finish="stop"), "data: [DONE]\n\n"]),
        DRAFTED,
    ),
    "a stream of bare chunks": (
        streamed(lambda text: [bare({"content": text[:50]}), bare({"content": text[50:]}, "stop"), "data: [DONE]\n\n"]),
        DRAFTED,
    ),
    "a stream without a finish reason": (
        streamed(lambda text: [chunk({"content": text}), "data: [DONE]\n\n"]), DRAFTED
    ),
    "a stream without its last mark": (
        streamed(lambda text: [chunk({"content": text}), chunk({}, finish="stop")]), DRAFTED
    ),
    "a stream of reasoning, then the reply": (
        streamed(lambda text: [chunk({"reasoning_content": "Let me see."}), chunk({"content": None}),
                               chunk({"content": text}), chunk({}, finish="stop"), "data: [DONE]\n\n"]),
        DRAFTED,
    ),
    "a stream with CRLF": (
        streamed(lambda text: [chunk({"content": text}).replace("\n", "\r\n"),
                               chunk({}, finish="stop").replace("\n", "\r\n"), "data: [DONE]\r\n\r\n"]),
        DRAFTED,
    ),
    "no stream although it was asked for": (whole(lambda told: None), DRAFTED),
}  # fmt: skip


@pytest.fixture
def source() -> Iterator[Any]:
    made: list[ChatSource] = []

    def make(url: str, *, line: str) -> ChatSource:
        told = Server(model="loopback-1", base_url=url, key=lambda: SecretStr("k"), call_seconds=60)
        made.append(ChatSource(told, connect=LINES[line], clock=QuickClock()))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ended(draft: ItemDraft) -> str:
    blockers = [f"{finding.check}: {finding.message}" for finding in draft.findings if finding.severity == "blocker"]
    return blockers[0] if blockers else DRAFTED


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("listened", [False, True], ids=["whole", "streamed"])
def test_every_dialect_ends_in_a_draft_or_in_one_clear_sentence(
    source: Any, name: str, line: str, listened: bool
) -> None:
    step, end = DIALECTS[name]
    with ModelServer(step) as server:
        (draft,) = drafts_of(make_model(source(server.url, line=line), listen=Hearing() if listened else None))

    assert end in ended(draft)
    assert bool(draft.statements) is (end == DRAFTED)
    assert draft.criteria
    assert len(server.bodies) <= 4


@pytest.mark.parametrize("step", TOO_LONG, ids=["vllm", "llama.cpp", "litellm", "tgi"])
@pytest.mark.parametrize("line", LINES)
def test_a_prompt_that_is_too_long_is_sent_again_with_fewer_passages(source: Any, line: str, step: Step) -> None:
    long = accepts(lambda body: step if "P1:" in body["messages"][-1]["content"] else None)
    with ModelServer(long) as server:
        (draft,) = drafts_of(make_model(source(server.url, line=line)))

    assert ended(draft) == DRAFTED
    assert "passages-left-out" in [finding.check for finding in draft.findings]
    assert len(server.bodies) == 2


@pytest.mark.parametrize("line", LINES)
def test_a_server_that_knows_the_older_name_of_the_limit_is_told_the_limit_by_it(source: Any, line: str) -> None:
    with ModelServer(lacking("max_completion_tokens", 422, detail("max_completion_tokens"))) as server:
        drafts_of(make_model(source(server.url, line=line)))

    assert [name for name in ("max_completion_tokens", "max_tokens") if name in server.bodies[-1]] == ["max_tokens"]


@pytest.mark.parametrize("line", LINES)
def test_a_server_without_a_system_role_is_told_everything_by_the_user(source: Any, line: str) -> None:
    with ModelServer(without_system(400, {"error": {"message": "System role not supported"}})) as server:
        drafts_of(make_model(source(server.url, line=line)))

    (only,) = server.bodies[-1]["messages"]
    system, user = server.bodies[0]["messages"]
    assert only["role"] == "user"
    assert only["content"] == f"{system['content']}\n\n{user['content']}"


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("path", ["/v1", "/v1/", "/gateway/openai/v1"])
def test_the_address_may_end_in_a_slash_and_stand_behind_a_path(source: Any, line: str, path: str) -> None:
    with ModelServer(reply(STATEMENT)) as server:
        root = server.url.removesuffix("/v1")
        (draft,) = drafts_of(make_model(source(root + path, line=line)))

    assert ended(draft) == DRAFTED
    assert server.paths == [f"{path.rstrip('/')}/chat/completions"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("listened", [False, True], ids=["whole", "streamed"])
def test_a_server_of_the_older_protocol_that_closes_after_every_answer_is_understood(
    source: Any, line: str, listened: bool
) -> None:
    with ModelServer(protocol="HTTP/1.0") as server:
        model = make_model(source(server.url, line=line), listen=Hearing() if listened else None)
        drafts = [draft for _ in range(3) for draft in drafts_of(model)]

    assert [ended(draft) for draft in drafts] == [DRAFTED] * 3
