"""Quoted record words and a criterion's phrase are no claims of the draft; everything else is."""

from __future__ import annotations

from drafter.domain.checks.proven_words import without_proven_words
from drafter.domain.draft import RecordCitation
from tests.factories import make_criterion, make_passage, make_passage_citation, make_span, make_statement

RECORD = "A report of an X-ray of the lumbar spine is present."
PASSAGE = make_passage(criteria=(make_criterion(phrase="nerve dysfunction"),))


def statement(text: str, kind: str = "record"):
    cited = (make_passage_citation(PASSAGE), RecordCitation(record=make_span(RECORD, "X-ray of the lumbar spine")))
    return make_statement(text=text, kind=kind, citations=cited)


def test_a_quote_that_the_record_has_is_blanked_and_the_rest_stays():
    text = 'The record states "X-ray of the lumbar spine", and he is 45.'
    left = without_proven_words(statement(text), passages=[PASSAGE])

    assert len(left) == len(text)
    assert "X-ray" not in left
    assert left.endswith("and he is 45.")


def test_a_quote_that_the_statement_does_not_cite_stays_a_claim():
    text = 'The record states "MRI of the knee".'

    assert without_proven_words(statement(text), passages=[PASSAGE]) == text


def test_the_phrase_of_a_cited_criterion_is_the_guidelines():
    left = without_proven_words(statement("That speaks against nerve dysfunction."), passages=[PASSAGE])

    assert "nerve" not in left


def test_an_absence_keeps_its_phrase_because_that_is_what_it_claims():
    text = "The case summary does not report nerve dysfunction."

    assert without_proven_words(statement(text, kind="absence"), passages=[PASSAGE]) == text
