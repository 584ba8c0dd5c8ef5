"""An "at least" of the record stays with its number: in a draft's sentences, and in the sums that the program makes."""

from __future__ import annotations

import pytest

from drafter.domain.checks.run import run_checks
from drafter.domain.draft import RecordCitation, RecordSpan
from drafter.domain.reading.hedges import hedge_before, is_hedged
from guideline_corpus.model import Limit
from guideline_corpus.vocabulary import load_vocabulary
from tests.drafting_factories import draft_of
from tests.factories import make_case, make_criterion, make_item, make_item_draft, make_passage, make_statement

RECORD = "Treatment has included at least 3 sessions of physical therapy over about 6 weeks. Flexion was 40 degrees."


def warned(text: str, *, record: str = RECORD, request: str = "Physical therapy, 6 sessions") -> bool:
    ground = RecordSpan(field="case_summary", start=0, end=len(record), quote=record)
    said = make_statement(text=text, kind="reasoning", citations=(RecordCitation(record=ground),))
    case = make_case(case_summary=record, items=(make_item(heading=request, treatment=request),))
    draft = make_item_draft(item=1, treatment=request, statements=(said,))
    found = run_checks(case, vocabulary=load_vocabulary(), drafts=[draft])
    return any(one.check == "hedge-dropped" and one.severity == "warning" for one in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("With 3 sessions of physical therapy given, 6 more make 9.", True),
        ("Therapy had gone on for 6 weeks.", True),
        ("With at least 3 sessions of physical therapy given, 6 more make at least 9.", False),
        ("Therapy had gone on for some 6 weeks.", False),
        ("Flexion was 40 degrees.", False),
    ],
)
def test_a_number_that_the_ground_gives_as_at_least_is_told_so(text: str, found: bool) -> None:
    assert warned(text) is found


def test_a_number_that_the_record_also_gives_as_exact_or_that_is_asked_for_is_left_alone() -> None:
    twice = f"{RECORD} The worker completed 3 sessions of physical therapy."

    assert not warned("With 3 sessions of physical therapy given, 6 more make 9.", record=twice)
    assert not warned("The 3 sessions asked for are few.", request="Physical therapy, 3 sessions")


@pytest.mark.parametrize(
    ("text", "hedge", "hedged"),
    [
        ("at least 3 sessions", "at least", True),
        ("up to 3 sessions", "up to", True),
        ("3 sessions or more", "", True),
        ("the 3 sessions", "", False),
    ],
)
def test_what_keeps_a_number_from_being_exact_stands_before_or_after_it(text: str, hedge: str, hedged: bool) -> None:
    start, end = text.index("3"), text.index("sessions") + len("sessions")

    assert hedge_before(text, start) == hedge
    assert is_hedged(text, start, end) is hedged


def weighed(told: str) -> str:
    """A rationale for six visits under a limit of ten, after a course that the record tells of in these words."""
    ten = make_criterion(text="At most ten visits", role="limits", limit=Limit(quantity="visits", at_most=10))
    summary = f"The worker has low back pain. Treatment has included {told} of physical therapy."
    return draft_of(summary, make_passage(criteria=(ten,))).rationale


def test_the_sum_of_visits_keeps_the_at_least_of_the_record() -> None:
    assert "With at least 8 visits already given" in weighed("at least 8 sessions")
    assert "6 more make at least 14" in weighed("at least 8 sessions")
    assert "6 more make 14" in weighed("8 sessions")


def test_at_least_some_visits_do_not_show_that_a_number_is_kept() -> None:
    assert "6 more make 9" in weighed("3 sessions")
    assert "tells of at least 3 visits already given" in weighed("at least 3 sessions")
    assert "6 more make" not in weighed("at least 3 sessions")
