"""What a prompt editor sees of a prompt: exactly what would be sent, with the origin of every part."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.adapters.builtin_redactor import BuiltinRedactor
from drafter.adapters.replay_model import ReplaySource
from drafter.domain.exchange.request import Answer, Request
from drafter.domain.prompting.preview import Preview
from drafter.prompting.files import load_prompt, render_prompt
from drafter.services.prompting.previewing import preview
from drafter.settings import shipped_prompts_dir
from tests.prompt_values import item_values
from tests.prompting_factories import make_prompts, new_version


def shown(
    *, version: str | None = None, prompts: Path | None = None, summary: str | None = None, **given: object
) -> Preview:
    folder = prompts or shipped_prompts_dir()
    brief, values = item_values(**({"summary": summary} if summary else {}))
    return preview(
        load_prompt(prompts_dir=folder, name="rationale", version=version),
        against=load_prompt(prompts_dir=folder, name="rationale"),
        brief=brief,
        values=values,
        redactor=BuiltinRedactor(),
        **given,  # type: ignore[arg-type]
    )


def test_the_parts_joined_are_exactly_the_prompt_and_each_knows_where_it_comes_from() -> None:
    told = shown()
    prompt = render_prompt(load_prompt(prompts_dir=shipped_prompts_dir(), name="rationale"), item_values()[1])

    assert (told.text("system"), told.text("user")) == (prompt.system, prompt.user)
    assert {part.origin for part in told.parts} == {
        "template",
        "slot",
        "items",
        "record",
        "passages",
        "criteria",
        "arguments",
    } & {part.origin for part in told.parts}
    record = "".join(part.text for part in told.parts if part.origin == "record")
    assert "Lumbar motion was limited." in record
    assert all(part.fenced for part in told.parts if part.origin in ("record", "passages", "items"))
    (request,) = [part for part in told.parts if part.name == "request"]
    assert (request.origin, request.text) == ("slot", "Acupuncture, 1 visits")


def test_tokens_and_cost_of_the_parts_add_up_to_those_of_the_prompt() -> None:
    told = shown(price=2.5)

    assert sum(total.tokens for total in told.totals) == pytest.approx(told.tokens, abs=len(told.totals))
    assert told.cost == pytest.approx(told.tokens * 2.5 / 1_000_000)
    assert sum(total.cost or 0 for total in told.totals) == pytest.approx(told.cost, rel=0.01)
    assert shown().cost is None


def test_the_difference_from_the_live_version_is_told_line_by_line(tmp_path: Path) -> None:
    prompts = make_prompts(tmp_path)
    new_version(prompts, "rationale@0020", words="Write plainly.")

    told = shown(version="0020", prompts=prompts)

    assert [line.text for line in told.difference if line.mark == "+"] == ["Write plainly."]
    assert [line.text for line in told.difference if line.mark == "-"] == []
    assert not told.unchanged
    assert shown(prompts=prompts).unchanged


def test_identifiers_are_out_of_the_preview_as_they_are_out_of_the_prompt() -> None:
    told = shown(summary="Patient: Quentin Marlow. On 11/02/2016 Quentin Marlow complained of low back pain.")

    assert "Marlow" not in told.text("user")
    assert "[NAME-1]" in told.text("user")
    assert any(part.origin == "record" for part in told.parts)


def test_the_stored_reply_is_shown_where_the_prompt_is_unchanged_and_only_there(tmp_path: Path) -> None:
    prompts = make_prompts(tmp_path)
    new_version(prompts, "rationale@0020")
    replies = ReplaySource(tmp_path / "replies")
    first = shown(prompts=prompts)
    asked = Request(system=first.text("system"), user=first.text("user"), case_number=first.case_number, item=1)
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / f"{asked.digest}.json").write_text('{"reply": "kept"}', encoding="utf-8")

    same, changed = shown(prompts=prompts, replies=replies), shown(version="0020", prompts=prompts, replies=replies)

    assert (same.reply, same.reply_of_live) == ("kept", "kept")
    assert (changed.reply, changed.reply_of_live) == (None, "kept")
    assert not (tmp_path / "replies" / "pending").exists()


def test_looking_for_a_stored_reply_asks_nobody() -> None:
    class Held:
        def held(self, request: Request) -> Answer | None:
            return None

    assert shown(replies=Held()).reply is None
