"""The whole record searched for a concept or for words."""

from __future__ import annotations

from datetime import date

from drafter.domain.reading.search import search_record, telling_stems
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import make_case, make_record

SUMMARY = (
    "On 11/14/2016 the worker reported low back pain, without numbness. Possible radiculopathy was considered. "
    "Utilization review denied therapy because no home exercise program was documented. "
    "On 12/1/2016 he was told that a home exercise program will be started."
)


def test_hits_are_told_apart_by_what_they_say_and_who_says_it() -> None:
    case = make_case(case_summary=SUMMARY, records=())
    vocabulary = load_vocabulary()
    concepts = ("low-back-pain", "numbness-tingling", "radicular-pain", "home-exercise-program")
    found = search_record(case, concepts=concepts, vocabulary=vocabulary)
    assert [hit.found for hit in found.affirmed] == ["low-back-pain"]
    assert [hit.found for hit in found.negated] == ["numbness-tingling"]
    assert [hit.found for hit in found.uncertain] == ["radicular-pain"]
    assert [hit.found for hit in found.planned] == ["home-exercise-program"]
    assert [hit.voice for hit in found.argued] == ["utilization_review"]
    assert found.affirmed[0].on == date(2016, 11, 14)


def test_quotes_are_exact_slices_and_readable() -> None:
    case = make_case(case_summary=SUMMARY, records=())
    found = search_record(case, concepts=("numbness-tingling",), vocabulary=load_vocabulary())
    (hit,) = found.negated
    assert SUMMARY[hit.span.start : hit.span.end] == hit.span.quote
    assert SUMMARY[hit.mention.start : hit.mention.end] == hit.mention.quote == "numbness"
    assert len(hit.span.quote.split()) > 3


def test_words_without_a_concept_are_searched_too() -> None:
    case = make_case(case_summary="He keeps a pain diary. He has no walking stick.", records=())
    found = search_record(
        case, words=("a diary of his pain", "walking sticks", "service dog"), vocabulary=load_vocabulary()
    )
    assert [hit.found for hit in found.affirmed] == ["a diary of his pain"]
    assert [hit.found for hit in found.negated] == ["walking sticks"]


def test_what_nobody_mentions_is_silent() -> None:
    case = make_case(case_summary=SUMMARY, records=())
    assert search_record(case, concepts=("spurling",), words=("service dog",), vocabulary=load_vocabulary()).silent


def test_a_review_among_the_records_is_an_argument_throughout() -> None:
    records = (
        make_record("The worker has no spasm.", record_id="R1", title="Utilization review determination"),
        make_record("Pain only.", "Spasm was found.", record_id="R2", title="Progress note"),
    )
    case = make_case(case_summary=None, records=records)
    found = search_record(case, concepts=("muscle-spasm-sign",), vocabulary=load_vocabulary())
    assert not found.negated
    assert [hit.span.record_id for hit in found.argued] == ["R1"]
    assert [(hit.span.record_id, hit.span.page) for hit in found.affirmed] == [("R2", 2)]


def test_common_words_are_not_searched_for() -> None:
    assert telling_stems("documentation of the current pain medication regimen") == ("pain", "medica", "regime")
