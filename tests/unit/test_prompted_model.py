"""What goes to a model, what comes back, and what happens where nothing does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from drafter.domain.checks.run import run_checks
from drafter.domain.draft import ItemDraft
from drafter.domain.exchange.request import Answer
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_cited_guideline, make_criterion, make_item
from tests.model_factories import ScriptedReplies, back_case, back_passage, drafts_of, make_model

SOUND = {"text": "Low back pain was reported.", "kind": "record", "supports": None, "grounds": ["R1"], "quote": None}


def reply(*statements: dict[str, Any], item: int = 1) -> str:
    return json.dumps({"item": item, "statements": statements or [SOUND]})


def checks(draft: ItemDraft) -> list[str]:
    return [finding.check for finding in draft.findings if finding.severity == "blocker"]


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        (Answer(fate="failed", message="The model cannot be reached."), "model-failed"),
        (Answer(fate="declined", message="The model declined."), "model-declined"),
        (Answer(fate="cut", message="Cut off."), "reply-cut"),
    ],
)
def test_an_item_without_a_reply_says_why_and_the_others_are_drafted(answer: Answer, check: str) -> None:
    first, second = drafts_of(make_model(ScriptedReplies(answer, reply(item=2))), back_case(items=2))

    assert (checks(first), first.statements) == ([check], ())
    assert first.criteria
    assert second.rationale == SOUND["text"]


def test_no_name_or_number_of_the_case_is_sent_and_both_come_back_in_the_draft() -> None:
    case = back_case(
        summary="Patient: Maria Quispe. Claim number: WC1234567. Ms. Quispe complained of low back pain on 10/05/2016."
    )
    told = {**SOUND, "text": "[NAME-1] complained of low back pain on 10/05/2016.", "grounds": ["R3"]}
    source = ScriptedReplies(reply(told))
    (draft,) = drafts_of(make_model(source), case)
    sent = source.requests[0].system + source.requests[0].user

    assert "Quispe" not in sent
    assert "WC1234567" not in sent
    assert "10/05/2016" in sent
    assert "[NAME-" not in draft.rationale
    assert "Quispe" in draft.rationale


def test_a_redactor_that_lets_something_through_stops_the_call() -> None:
    class Blind:
        def redact(self, texts: Any, *, people: Any, context: str) -> Any:
            from drafter.domain.redaction.exchange import Redaction

            return Redaction(texts=tuple(texts), taken={})

    source = ScriptedReplies()
    (draft,) = drafts_of(
        make_model(source, redactor=Blind()), back_case(summary="Call 555-123-4567 about the low back pain.")
    )

    assert checks(draft) == ["identifier-in-prompt"]
    assert source.requests == []


def test_blockers_go_back_once_with_their_sentences_and_the_mended_reply_is_the_draft() -> None:
    wrong = {**SOUND, "text": "Low back pain was reported on page 12."}
    source = ScriptedReplies(reply(wrong), reply())
    (draft,) = drafts_of(make_model(source), check=True)
    again = source.requests[1]

    assert draft.rationale == SOUND["text"]
    assert [turn.role for turn in again.turns] == ["assistant", "user"]
    assert "page" in again.turns[1].content
    assert f'Sentence 1: "{wrong["text"]}"' in again.turns[1].content
    assert again.user == source.requests[0].user


def test_a_fault_is_told_with_its_sentence_whole_and_by_number_and_with_the_words_at_fault() -> None:
    wrong = {**SOUND, "text": "Low back pain, with weakness of the left arm, was reported."}
    source = ScriptedReplies(reply(SOUND, wrong), reply())
    drafts_of(make_model(source), check=True)
    told = source.requests[1].turns[1].content

    assert f'Sentence 2: "{wrong["text"]}" Words: "weakness of the".' in told
    assert "Sentence 1" not in told


def test_where_no_section_addresses_the_treatment_the_program_says_so_itself() -> None:
    (draft,) = drafts_of(make_model(ScriptedReplies(reply())), back_case(), addressed=False, determination="upheld")
    told = [statement.text for statement in draft.statements]

    assert told[0] == SOUND["text"]
    assert told[1].startswith("No section of the MTUS in force")
    assert told[-1].endswith("is not medically necessary.")


def test_what_remains_after_one_repair_is_shown_and_nobody_is_asked_a_third_time() -> None:
    wrong = {**SOUND, "grounds": ["R9"]}
    source = ScriptedReplies(reply(wrong), reply(wrong))
    (draft,) = drafts_of(make_model(source), check=True)

    assert "reply-unknown-key" in checks(draft)
    assert len(source.requests) == 2


def test_a_repair_that_makes_it_worse_is_not_taken() -> None:
    wrong = {**SOUND, "grounds": ["R9"]}
    (draft,) = drafts_of(make_model(ScriptedReplies(reply(wrong), "no JSON at all")), check=True)

    assert draft.rationale == wrong["text"]


def test_a_sound_reply_is_not_sent_back() -> None:
    source = ScriptedReplies(reply())
    drafts_of(make_model(source), check=True)

    assert len(source.requests) == 1


def test_a_blocker_of_the_case_itself_is_not_held_against_the_reply() -> None:
    case = back_case(summary="The worker was injured on March 14, 2015. The worker complained of low back pain.")
    source = ScriptedReplies(reply(SOUND | {"grounds": ["R2"]}))
    (draft,) = drafts_of(make_model(source), case, check=True)
    found = run_checks(case, vocabulary=load_vocabulary(), drafts=[draft])

    assert [finding.check for finding in found if finding.severity == "blocker"] == ["injury-date-conflict"]
    assert len(source.requests) == 1


@pytest.mark.bad_input(32)
def test_the_outcome_is_the_reviewers_whatever_the_reply_holds() -> None:
    smuggled = json.dumps({"item": 1, "statements": [SOUND], "determination": "overturned"})
    (draft,) = drafts_of(make_model(ScriptedReplies(smuggled)), determination="upheld")

    assert draft.determination == "upheld"
    assert checks(draft) == ["reply-unusable"]


def test_passages_of_lowest_rank_are_left_out_of_a_prompt_that_is_too_long() -> None:
    passages = [
        back_passage(passage_id=f"gist:{n}", section=f"Part {n}", text=f"Passage {n}. " * 400) for n in range(1, 4)
    ]
    source = ScriptedReplies(reply())
    (draft,) = drafts_of(make_model(source, most_characters=15_000), back_case(), *passages)

    assert "Passage 1." in source.requests[0].user
    assert "Passage 3." not in source.requests[0].user
    assert "passages-left-out" in [finding.check for finding in draft.findings]


def test_a_case_that_is_too_long_without_any_passage_is_not_sent() -> None:
    source = ScriptedReplies()
    (draft,) = drafts_of(make_model(source, most_characters=3_000))

    assert checks(draft) == ["prompt-too-long"]
    assert source.requests == []


def test_a_server_that_says_too_long_is_asked_again_with_fewer_passages() -> None:
    passages = [back_passage(passage_id=f"gist:{n}", section=f"Part {n}", text=f"Passage {n}.") for n in range(1, 4)]
    source = ScriptedReplies(Answer(fate="too_long", message="Too long."), reply())
    (draft,) = drafts_of(make_model(source), back_case(), *passages)

    assert "Passage 3." in source.requests[0].user
    assert "Passage 3." not in source.requests[1].user
    assert draft.rationale == SOUND["text"]


def test_a_reply_that_leaves_the_guideline_out_is_told_so() -> None:
    weighed = SOUND | {"grounds": ["R1", "P1"]}
    (without,) = drafts_of(make_model(ScriptedReplies(reply())))
    (within,) = drafts_of(make_model(ScriptedReplies(reply(weighed))))

    assert "no-guideline-weighed" in [finding.check for finding in without.findings]
    assert "no-guideline-weighed" not in [finding.check for finding in within.findings]


def test_an_item_that_goes_with_another_needs_no_guideline_of_its_own() -> None:
    case = back_case(items=2)
    tied = case.model_copy(update={"items": (case.items[0], case.items[1].model_copy(update={"depends_on": 1}))})
    _, draft = drafts_of(make_model(ScriptedReplies(reply(), reply(item=2))), tied)

    assert "no-guideline-weighed" not in [finding.check for finding in draft.findings]


def test_a_reply_that_answers_the_claims_administrators_citation_is_not_told_to() -> None:
    cited = make_cited_guideline(party="claims_administrator", kind="mtus", guideline="Knee Complaints", edition="2004")
    item = make_item(citations=(cited,), claims_administrator_guideline="Decision based on Knee Complaints 2004.")
    case = back_case().model_copy(update={"items": (item,)})
    answer = SOUND | {
        "text": "The claims administrator cited Knee Complaints 2004.",
        "grounds": ["R1", "U1"],
    }
    (silent,) = drafts_of(make_model(ScriptedReplies(reply())), case)
    (answered,) = drafts_of(make_model(ScriptedReplies(reply(answer))), case)

    assert "competing-citation" in [finding.check for finding in silent.findings]
    assert "competing-citation" not in [finding.check for finding in answered.findings]


def test_the_strongest_point_on_the_other_side_is_asked_for_only_where_no_sentence_gives_it() -> None:
    other = SOUND | {"supports": "for", "grounds": ["R1", "C1"]}
    (silent,) = drafts_of(make_model(ScriptedReplies(reply())), determination="upheld")
    (given,) = drafts_of(make_model(ScriptedReplies(reply(other))), determination="upheld")
    (turned,) = drafts_of(make_model(ScriptedReplies(reply(other | {"supports": "against"}))), determination="upheld")

    told = ["counter-argument" in [finding.check for finding in draft.findings] for draft in (silent, given, turned)]
    assert told == [True, False, True]


def test_a_reply_about_another_item_is_blocked() -> None:
    (draft,) = drafts_of(make_model(ScriptedReplies(reply(item=2))))

    assert "reply-other-item" in checks(draft)


@pytest.mark.bad_input(17)
def test_hidden_characters_are_taken_out_and_counted() -> None:
    source = ScriptedReplies(reply())
    (draft,) = drafts_of(make_model(source), back_case(summary="Low back\u200b pain\u202e was reported."))

    assert "\u200b" not in source.requests[0].user
    assert any("2 hidden characters" in finding.message for finding in draft.findings)


def test_an_absence_that_was_searched_for_may_be_claimed() -> None:
    passage = back_passage(criteria=(make_criterion(text="Exercises at home", met_by=("home-exercise-program",)),))
    told = {
        "text": "The case summary does not report a home exercise program.",
        "kind": "absence",
        "supports": "against",
        "grounds": ["C1"],
        "quote": None,
    }
    (draft,) = drafts_of(make_model(ScriptedReplies(reply(told))), back_case(), passage)

    assert checks(draft) == []
    assert draft.statements[0].searched
