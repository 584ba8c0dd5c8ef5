"""Replies recorded beside their prompts: answered where one is there, left to be answered where none is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.replay_model import ReplaySource
from drafter.domain.draft import ItemDraft
from drafter.errors import ModelUnavailable
from tests.model_factories import back_case, drafts_of, make_model

PENDING = "reply-pending"
SOUND = {"text": "Low back pain was reported.", "kind": "record", "supports": None, "grounds": ["R1"], "quote": None}


def draft(folder: Path, *, determination: Any = None, items: int = 1, check: bool = False) -> list[ItemDraft]:
    return drafts_of(make_model(ReplaySource(folder)), back_case(items=items), determination=determination, check=check)


def pending(folder: Path) -> list[Path]:
    return sorted((folder / "pending").glob("*.json"))


def answer(folder: Path, *statements: dict[str, Any]) -> None:
    for prompt in pending(folder):
        item = json.loads(prompt.read_text(encoding="utf-8"))["item"]
        reply = {"item": item, "statements": statements}
        (folder / prompt.name).write_text(json.dumps({"reply": reply}), encoding="utf-8")


def test_every_prompt_of_a_case_is_left_to_be_answered_and_every_item_says_so(tmp_path: Path) -> None:
    drafts = draft(tmp_path, items=3)

    assert len(pending(tmp_path)) == 3
    assert [[f.check for f in one.findings] for one in drafts] == [[PENDING]] * 3
    request = json.loads(pending(tmp_path)[0].read_text(encoding="utf-8"))
    assert set(request) == {"system", "user", "schema", "case_number", "item"}
    assert "The worker complained of low back pain." in request["user"]


def test_the_same_case_asks_the_same_prompt_again(tmp_path: Path) -> None:
    draft(tmp_path)
    first = {path.name: path.read_bytes() for path in pending(tmp_path)}
    draft(tmp_path)

    assert {path.name: path.read_bytes() for path in pending(tmp_path)} == first


@pytest.mark.parametrize("chosen", ["upheld", "overturned"])
def test_an_answered_prompt_becomes_the_draft_and_the_verdict_is_the_reviewers(tmp_path: Path, chosen: str) -> None:
    draft(tmp_path, determination=chosen)
    answer(tmp_path, SOUND)
    (drafted,) = draft(tmp_path, determination=chosen)

    assert [s.kind for s in drafted.statements] == ["record", "conclusion"]
    assert drafted.determination == chosen
    assert ("is not medically necessary" in drafted.statements[-1].text) is (chosen == "upheld")
    assert [f for f in drafted.findings if f.severity == "blocker"] == []


def test_a_reply_that_does_not_hold_keeps_its_text_and_gets_a_blocker(tmp_path: Path) -> None:
    draft(tmp_path)
    answer(tmp_path, SOUND | {"grounds": ["R7"]})
    (drafted,) = draft(tmp_path)

    assert drafted.rationale == SOUND["text"]
    assert "reply-unknown-key" in [f.check for f in drafted.findings]


def test_a_recorded_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    draft(tmp_path)
    (tmp_path / pending(tmp_path)[0].name).write_text("{", encoding="utf-8")

    with pytest.raises(ModelUnavailable, match="is not readable as JSON"):
        draft(tmp_path)


def test_a_repair_is_left_to_be_answered_like_a_first_prompt_and_the_first_reply_is_shown_meanwhile(
    tmp_path: Path,
) -> None:
    draft(tmp_path)
    answer(tmp_path, SOUND | {"grounds": ["R7"]})
    (waiting,) = draft(tmp_path, check=True)
    repairs = [path for path in pending(tmp_path) if "turns" in json.loads(path.read_text(encoding="utf-8"))]

    assert waiting.rationale == SOUND["text"]
    assert PENDING in [f.check for f in waiting.findings]
    assert len(repairs) == 1

    answer(tmp_path, SOUND)
    (mended,) = draft(tmp_path, check=True)
    assert [f.check for f in mended.findings if f.severity == "blocker"] == []
