"""On which day a sentence speaks."""

from __future__ import annotations

from datetime import date

from drafter.domain.reading.read import read
from guideline_corpus.vocabulary import load_vocabulary


def days(text: str) -> list[date | None]:
    return [sentence.on for sentence in read(text, vocabulary=load_vocabulary()).sentences]


def test_a_visit_dates_the_sentences_after_it() -> None:
    text = (
        "The worker was injured on 10/13/2016. On 11/10/2016, he reported neck pain. Sensation was intact. "
        "A progress note dated 12/2/2016 showed spasm. He was to return."
    )
    november, december = date(2016, 11, 10), date(2016, 12, 2)
    assert days(text) == [None, november, november, december, december]


def test_a_study_dates_its_own_sentence_only() -> None:
    text = "On 11/10/2016 he had pain. An MRI dated 10/28/2016 revealed a tear. Strength was 4/5."
    assert days(text) == [date(2016, 11, 10), date(2016, 10, 28), date(2016, 11, 10)]


def test_a_decision_dates_no_finding() -> None:
    text = (
        "On 11/10/2016 he had pain. On 11/22/2016 utilization review denied the MRI. Objective findings included spasm."
    )
    assert days(text) == [date(2016, 11, 10), date(2016, 11, 22), date(2016, 11, 10)]


def test_findings_dated_in_brackets() -> None:
    assert days("Objective findings (11-21-2016) included spasm.") == [date(2016, 11, 21)]


def test_what_was_tried_to_date_takes_no_day_from_the_visit_before_it() -> None:
    text = "On 11/10/2016 he had pain. Treatment to date has included therapy. Strength was 4/5."
    assert days(text) == [date(2016, 11, 10), None, date(2016, 11, 10)]


def test_a_plan_of_treatment_is_that_visits_own() -> None:
    text = "On 11/10/2016 he had pain. The treatment plan included Flexeril."
    assert days(text) == [date(2016, 11, 10), date(2016, 11, 10)]


def test_the_day_of_a_return_to_work_dates_no_finding() -> None:
    text = "On 11/28/2016 he had pain. He can return to work as of 12/5/2016. Spasm was noted."
    november = date(2016, 11, 28)
    assert days(text) == [november, november, november]


def test_a_day_that_the_worker_tells_of_is_not_the_visits_own() -> None:
    text = "On 12/9/2016 he had pain. He reported seeing his own physician on 12/5/2016. Reflexes were 1+."
    assert days(text) == [date(2016, 12, 9), date(2016, 12, 5), date(2016, 12, 9)]


def test_a_follow_up_is_a_visit_and_what_treatment_was_rendered_has_no_day() -> None:
    text = "Findings at follow up December 13, 2016 noted spasm. Treatment rendered included therapy."
    assert days(text) == [date(2016, 12, 13), None]
