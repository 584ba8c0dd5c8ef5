"""Replies that are kept belong to whoever paid for them: nobody else can read them, nor the log of calls."""

from __future__ import annotations

from pathlib import Path

from drafter.adapters.call_budget import BudgetedCalls, Limits
from drafter.adapters.reply_cache import CachedReplies
from drafter.domain.draft import CallRecord
from drafter.domain.exchange.request import Answer, Request
from tests.model_factories import ScriptedReplies, SetClock

CALL = CallRecord(request_sha256="r", reply_sha256="s", model="m")


def test_kept_replies_refusals_and_the_log_of_calls_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    source = ScriptedReplies(
        Answer(fate="declined", text="No.", call=CALL), Answer(fate="complete", text="reply", call=CALL)
    )
    calls = BudgetedCalls(source, tmp_path / "calls", limits=Limits(), reply_tokens=100, clock=SetClock())
    cache = CachedReplies(calls, tmp_path / "replies", settings="m")
    for item in (1, 2):
        cache.answer(Request(system="s", user=f"Item {item}", item=item))

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert len(files) == 3
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in folders} == {"0o700"}
