"""Composition of what stands behind `openai:MODEL`: cache, then budget, then tries, then a client."""

from __future__ import annotations

from collections.abc import Callable

from drafter.adapters.call_budget import BudgetedCalls, Limits
from drafter.adapters.chat_source import CALL_SECONDS, ChatSource, Line, Server
from drafter.adapters.clock import SystemClock
from drafter.adapters.reply_cache import CachedReplies
from drafter.domain.watching import UNWATCHED
from drafter.errors import ModelUnavailable
from drafter.ports import ReplySource, Watch
from drafter.settings import Settings

OPENAI_URL = "https://api.openai.com/v1"


def open_calls(
    settings: Settings,
    name: str,
    *,
    at_once: int | None = None,
    call_seconds: float | None = None,
    plain: bool = False,
    watch: Watch = UNWATCHED,
) -> ReplySource:
    """The model `name` behind the configured server, its budget before it; `plain`: asked by HTTP alone.

    Raises ModelUnavailable where no server is configured.
    """
    if settings.openai_base_url is None and settings.api_key() is None:
        raise ModelUnavailable(
            f"--model openai:{name}: no server is configured; set OPENAI_API_KEY, or OPENAI_BASE_URL for your own."
        )
    connect: Callable[[Server], Line]
    if plain:
        from drafter.adapters.http_line import HttpLine

        connect = HttpLine
    else:
        from drafter.adapters.rationale_chain import LangChainLine

        connect = LangChainLine
    clock = SystemClock()
    server = Server(
        model=name,
        base_url=settings.openai_base_url or OPENAI_URL,
        key=settings.api_key,
        reply_tokens=settings.reply_tokens,
        at_once=at_once or settings.at_once,
        call_seconds=call_seconds or CALL_SECONDS,
    )
    limits = Limits(**{field: getattr(settings, field) for field in Limits.model_fields})
    chat = ChatSource(server, connect=connect, clock=clock)
    return BudgetedCalls(
        chat,
        settings.home / "calls",
        limits=limits,
        reply_tokens=settings.reply_tokens,
        clock=clock,
        watch=watch,
    )


def open_replies(settings: Settings, name: str, calls: ReplySource) -> CachedReplies:
    """The replies of the model `name` that are kept in the home, and `calls` for what is not."""
    shaped = f"{name}\0{settings.openai_base_url or OPENAI_URL}\0{settings.reply_tokens}"
    return CachedReplies(calls, settings.cache_dir / "replies", settings=shaped)
