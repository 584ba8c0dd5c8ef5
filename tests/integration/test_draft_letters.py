"""Drafts of the published letters: every item once, nothing of the published answer, no citation that does not hold."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from drafter.bootstrap import App
from drafter.domain.case import Case
from drafter.domain.draft import ItemDraft, PassageCitation, RecordCitation
from drafter.domain.exchange.request import Answer, Listener, Request
from drafter.services.intake import read_case
from drafter.settings import read_settings
from guideline_corpus.edition_table import home_table, load_editions
from guideline_corpus.model import Passage
from guideline_corpus.starter import load_starter
from tests.conftest import PublishedLetter
from tests.search_factories import search_over

SHINGLE = 9
PROVABLE = {"injury-date-conflict", "strength-conflict"}  # what a header or heading itself has wrong


class Repeating:
    """A model that says the prompt's lines again, each on its own ground, every second one with other figures."""

    spec = "openai:repeating"

    def answer(self, request: Request, *, listen: Listener | None = None) -> Answer:
        told = re.findall(r"^([RUP]\d+)\b[^\n]*?: (.{30,200})$", request.user, re.MULTILINE)[::2]
        said = [
            {
                "text": line if place % 2 else re.sub(r"\d", lambda figure: str(9 - int(figure[0])), line),
                "kind": "guideline" if key.startswith("P") else "record",
                "supports": None,
                "grounds": [key],
                "quote": None,
            }
            for place, (key, line) in enumerate(told[: 8 - 2 * len(request.turns)])
        ]
        return Answer(fate="complete", text=json.dumps({"item": request.item, "statements": said}))


class Drafted(NamedTuple):
    case: Case
    published: dict[str, object]
    drafts: tuple[ItemDraft, ...]


@pytest.fixture(scope="module")
def passages() -> tuple[Passage, ...]:
    return load_starter(load_editions(home_table(Path("none"))))


@pytest.fixture(scope="module")
def drafted(
    letters: tuple[PublishedLetter, ...], passages: tuple[Passage, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Drafted, ...]:
    """Each letter drafted as a memo and, by letter in turn, for one outcome and the other."""
    app = App(read_settings(), retriever=search_over(passages))
    found = []
    for place, letter in enumerate(letters):
        case = read_case(letter.pdf)
        outcome = ("upheld", "overturned")[place % 2]
        for chosen in ({}, dict.fromkeys([item.number for item in case.items], outcome)):
            drafts = tuple(app.draft(case, determinations=chosen))  # type: ignore[arg-type]
            found.append(Drafted(case=case, published=letter.published, drafts=drafts))
    return tuple(found)


def test_every_item_is_drafted_exactly_once_and_in_order(drafted: tuple[Drafted, ...]) -> None:
    assert all([d.item for d in one.drafts] == [i.number for i in one.case.items] for one in drafted)


def test_nothing_that_only_the_published_reviewer_wrote_stands_in_a_draft(drafted: tuple[Drafted, ...]) -> None:
    for one in drafted:
        given = _shingles(_given(one.case))
        # The verdict is a fixed form around the request's own heading, as it is in every letter.
        said = (s for draft in one.drafts for s in draft.statements if s.kind != "conclusion")
        written = set().union(*(_shingles(s.text) for s in said))
        for item in one.case.items:
            assert not (_shingles(item.rationale or "") - given) & written, one.case.case_number


def test_every_citation_resolves_to_a_passage_in_force_or_to_the_very_words_of_the_record(
    drafted: tuple[Drafted, ...], passages: tuple[Passage, ...]
) -> None:
    known = {passage.passage_id: passage for passage in passages}
    for one in drafted:
        day = one.case.dates.ur_denial or one.case.dates.rfa
        for statement in (s for draft in one.drafts for s in draft.statements):
            for citation in statement.citations:
                if isinstance(citation, PassageCitation):
                    passage = known[citation.passage_id]
                    assert (citation.section, citation.pages) == (passage.section, passage.pages)
                    assert day is None or passage.in_force.covers(day)
                elif isinstance(citation, RecordCitation) and citation.record.field == "case_summary":
                    span = citation.record
                    assert (one.case.case_summary or "")[span.start : span.end] == span.quote


def test_a_rationale_has_the_length_of_a_letters_and_ends_with_the_chosen_verdict(drafted: tuple[Drafted, ...]) -> None:
    for draft in (d for one in drafted for d in one.drafts if d.determination):
        assert 60 <= len(draft.rationale.split()) <= 250
        assert len([s for s in draft.statements if s.kind == "conclusion"]) == 1


def test_the_checks_find_no_blocker_in_our_own_drafts_but_what_the_letter_itself_has_wrong(
    drafted: tuple[Drafted, ...],
) -> None:
    blockers = {f.check for one in drafted for d in one.drafts for f in d.findings if f.severity == "blocker"}
    assert blockers <= PROVABLE


def test_drafts_and_findings_are_the_same_one_after_another_side_by_side_and_whatever_case_came_before(
    letters: tuple[PublishedLetter, ...], passages: tuple[Passage, ...]
) -> None:
    cases = [case for letter in letters[::4] if len((case := read_case(letter.pdf)).items) > 1]
    retriever = search_over(passages)

    def drafted(case: Case, *, at_once: int) -> list[ItemDraft]:
        settings = read_settings().model_copy(update={"at_once": at_once})
        app = App(settings, retriever=retriever, source=Repeating(), model_spec=Repeating.spec)
        return list(app.draft(case, determinations={case.items[0].number: "upheld"}))

    one_by_one = [drafted(case, at_once=1) for case in cases]
    side_by_side = [drafted(case, at_once=8) for case in reversed(cases)]

    assert side_by_side == one_by_one[::-1]
    assert sum(len(draft.findings) for drafts in one_by_one for draft in drafts) > len(cases)


def _given(case: Case) -> str:
    """What a draft may know, with the forms that stand around it: the summary, the requests and the verdicts."""
    items = (
        f"{i.heading}. The request is for {i.treatment}. The request for {i.treatment} is not medically necessary. "
        f"The request for {i.treatment} is medically necessary. {i.claims_administrator_guideline}."
        for i in case.items
    )
    return " ".join([f"{case.case_summary}", *items])


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
