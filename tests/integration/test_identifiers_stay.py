"""Generated cases with planted identifiers through the whole path to a server: none is in what is sent or kept."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from pydantic import SecretStr

from drafter.adapters.call_budget import BudgetedCalls, Limits
from drafter.adapters.chat_source import ChatSource, Server
from drafter.adapters.clock import SystemClock
from drafter.adapters.rationale_chain import LangChainLine
from drafter.adapters.reply_cache import CachedReplies
from tests.model_factories import back_case, drafts_of, make_model
from tests.model_server import STATEMENT, ModelServer, reply, status
from tests.unit.test_redaction import planted


def check_cases(count: int, *, seed: int, folder: Path) -> None:
    """A reply repeats a placeholder, or there is a failure; all that was sent, logged, kept or said is read."""
    chance = random.Random(seed)
    gone: set[str] = set()
    stays: list[str] = []
    said = []
    repeated = STATEMENT | {"text": "[NAME-1] reported low back pain."}
    with ModelServer(*[status(400) if n % 50 == 49 else reply(repeated) for n in range(count)], reply()) as server:
        chat = ChatSource(
            Server(model="m", base_url=server.url, key=lambda: SecretStr("key-of-the-house")),
            connect=LangChainLine,
            clock=SystemClock(),
        )
        calls = BudgetedCalls(chat, folder / "calls", limits=Limits(), reply_tokens=100, clock=SystemClock())
        model = make_model(CachedReplies(calls, folder / "replies", settings="m"))
        for number in range(count):
            note, hidden, kept = planted(chance)
            gone |= set(hidden)
            stays += kept
            (draft,) = drafts_of(model, back_case(summary=f"{note}\nLow back pain.", case_number=f"X{number}"))
            said += [finding.message for finding in draft.findings]
        chat.close()
    sent = b"\n".join(server.raw).decode("unicode_escape", errors="replace")
    held = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())

    assert len(server.raw) == count
    assert [one for one in sorted(gone) if one in sent] == []
    assert [one for one in sorted(gone) if one in held or any(one in message for message in said)] == []
    assert "key-of-the-house" not in held
    assert [one for one in set(stays) if one not in sent] == []


def test_no_planted_identifier_leaves_the_house(tmp_path: Path) -> None:
    check_cases(60, seed=3, folder=tmp_path)


@pytest.mark.long
def test_none_of_a_thousand_cases_leaks(tmp_path: Path) -> None:
    check_cases(1_000, seed=4, folder=tmp_path)
