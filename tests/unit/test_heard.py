"""A reply heard as it comes: each sentence once, as soon as it is whole, with its grounds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.domain.exchange.heard import StatementScanner
from drafter.domain.exchange.request import Answer, Listener, Request
from tests.model_factories import Hearing, ScriptedReplies, back_case, drafts_of, make_model

SOUND = {"text": "Low back pain was reported.", "kind": "record", "supports": None, "grounds": ["R1"], "quote": None}


def scanned(text: str, *, cuts: list[int]) -> list[str]:
    scanner = StatementScanner()
    ends = [*sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    starts = [0, *ends[:-1]]
    return [found for start, end in zip(starts, ends, strict=True) for found in scanner.feed(text[start:end])]


@given(st.lists(st.text(max_size=20), max_size=4), st.lists(st.integers(0, 2000), max_size=12))
def test_every_statement_is_given_once_wherever_the_text_is_cut(texts: list[str], cuts: list[int]) -> None:
    statements = [SOUND | {"text": text} for text in texts]
    reply = json.dumps({"item": 1, "statements": statements}, ensure_ascii=False)

    assert [json.loads(found) for found in scanned(reply, cuts=cuts)] == statements


@pytest.mark.parametrize("before", ["<think>Which? {perhaps}</think>\n", "```json\n", "Here it is:\n"])
def test_what_stands_before_the_reply_does_not_hide_its_statements(before: str) -> None:
    reply = before + json.dumps({"item": 1, "statements": [SOUND]})

    assert [json.loads(found) for found in scanned(reply, cuts=[3, 40])] == [SOUND]


def test_a_statement_is_given_before_the_next_has_begun() -> None:
    scanner = StatementScanner()

    assert list(scanner.feed('{"item": 1, "statements": [' + json.dumps(SOUND)[:-1])) == []
    assert [json.loads(found) for found in scanner.feed("}")] == [SOUND]
    assert list(scanner.feed("]} and some words after it {}")) == []


class Telling:
    """A source that tells these statements one by one until its listener has enough."""

    spec = "openai:telling"

    def __init__(self, *statements: dict[str, Any]) -> None:
        self._statements = statements

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        told: list[str] = []
        for place, statement in enumerate(self._statements):
            if listen is not None and listen.cancelled:
                text = json.dumps({"item": request.item, "statements": [json.loads(one) for one in told]})
                return Answer(fate="stopped", text=text if told else "", message="Stopped.")
            told.append(json.dumps(statement))
            if listen is not None:
                listen.hear(place, told[-1])
        return Answer(fate="complete", text=json.dumps({"item": request.item, "statements": list(self._statements)}))


def test_a_sentence_is_heard_with_its_grounds_and_with_what_does_not_hold_about_it() -> None:
    heard = Hearing()
    drafts_of(make_model(Telling(SOUND, SOUND | {"grounds": ["R9"]}), listen=heard))

    sound, wrong = heard.told
    assert sound.statement.citations[0].record.quote.startswith("The worker complained")  # type: ignore[union-attr]
    assert sound.findings == ()
    assert [finding.check for finding in wrong.findings] == ["reply-unknown-key", "reply-unknown-key"]


def test_a_name_that_was_withheld_is_back_in_what_is_heard() -> None:
    heard = Hearing()
    case = back_case(summary="Ms. Quispe complained of low back pain.", people=("Quispe",))
    drafts_of(make_model(Telling(SOUND | {"text": "[NAME-1] reported low back pain."}), listen=heard), case)

    assert heard.told[0].statement.text == "Quispe reported low back pain."


def test_a_reply_that_comes_whole_is_heard_too_and_the_repair_is_told_as_one() -> None:
    heard = Hearing()
    wrong = json.dumps({"item": 1, "statements": [SOUND | {"text": "The worker takes oxycodone 30 mg."}]})
    mended = json.dumps({"item": 1, "statements": [SOUND]})
    drafts_of(make_model(ScriptedReplies(wrong, mended), listen=heard), check=True)

    assert [(one.place, one.repaired, one.statement.text[:3]) for one in heard.told] == [
        (0, False, "The"),
        (0, True, "Low"),
    ]


@pytest.mark.parametrize(("enough", "kept"), [(2, 2), (0, 0)])
def test_a_stopped_draft_keeps_the_sentences_that_were_whole_and_says_so(enough: int, kept: int) -> None:
    statements = [SOUND | {"text": f"Low back pain was reported, sentence {n}."} for n in range(5)]
    (draft,) = drafts_of(make_model(Telling(*statements), listen=Hearing(enough=enough)), check=True)

    assert [statement.text for statement in draft.statements] == [one["text"] for one in statements[:kept]]
    assert "reply-stopped" in [finding.check for finding in draft.findings]
    assert draft.criteria
