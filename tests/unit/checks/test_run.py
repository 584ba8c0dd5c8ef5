"""Running all checks: drafts, items, order, bad input."""

from __future__ import annotations

import time
from datetime import date

import pytest

from drafter.domain.checks.run import CaseChecks, run_checks
from drafter.domain.draft import Finding, RecordCitation, RecordSpan
from guideline_corpus.vocabulary import load_vocabulary
from tests.factories import (
    make_case,
    make_item,
    make_item_draft,
    make_passage,
    make_passage_citation,
    make_record,
    make_retrieved,
    make_span,
    make_statement,
)
from tests.unit.checks.letter import SUMMARY, VERDICT, checks_of, findings


def run(**case: object) -> tuple[Finding, ...]:
    drafts = case.pop("drafts", None)
    return run_checks(make_case(**case), vocabulary=load_vocabulary(), drafts=drafts)  # type: ignore[arg-type]


def ids(found: tuple[Finding, ...]) -> list[str]:
    return [finding.check for finding in found if finding.severity != "note"]


def test_the_same_letter_gives_the_same_findings() -> None:
    rationale = f"There was no muscle spasm. This 54-year-old female takes methadone. {VERDICT}"

    assert findings(rationale) == findings(rationale)


def test_every_finding_points_at_its_words() -> None:
    rationale = f"There was no muscle spasm. On 9/9/2016 this 54-year-old female took methadone. {VERDICT}"

    for finding in findings(rationale):
        if finding.field == "rationale" and finding.start is not None:
            assert rationale[finding.start : finding.end] == finding.quote
        if isinstance(finding.against, RecordSpan):
            assert SUMMARY[finding.against.start : finding.against.end] == finding.against.quote


def test_the_same_error_in_two_items_is_told_once() -> None:
    text = f"There was no muscle spasm on examination. {VERDICT}"
    items = tuple(
        make_item(number=n, heading=f"MRI of the lumbar spine, {n}", rationale=text, determination="upheld")
        for n in (1, 2)
    )
    found = [f for f in run(case_summary=SUMMARY, items=items) if f.check == "absence-refuted"]

    assert [f.item for f in found] == [1]
    assert "item 2" in found[0].message


def test_a_draft_is_held_to_its_passages_and_its_record() -> None:
    case = make_case()
    summary = case.case_summary or ""
    good = RecordCitation(record=make_span(summary, "45-year-old male"))
    draft = make_item_draft(
        statements=(
            make_statement(),
            make_statement(text="The patient is a 45-year-old male.", kind="record", citations=(good,)),
        )
    )

    assert ids(run(drafts=(draft,))) == []


@pytest.mark.bad_input(19)
@pytest.mark.parametrize(
    ("citation", "check"),
    [
        (make_passage_citation(passage_id="made-up"), "unknown-passage"),
        (make_passage_citation(pages=("61",)), "locator-differs"),
        (make_passage_citation(section="Another heading"), "locator-differs"),
        (make_passage_citation(quote="A limited number of supervised visits"), "citation-quote-altered"),
    ],
)
def test_a_citation_of_a_draft_that_is_not_its_passage_is_a_blocker(citation: object, check: str) -> None:
    draft = make_item_draft(statements=(make_statement(citations=(citation,)),))

    assert check in ids(run(drafts=(draft,)))


def test_an_official_passage_may_be_quoted_word_for_word() -> None:
    passage = make_passage(passage_id="p", text_kind="official", text="No more than 8 visits are offered at first.")

    def with_quote(quote: str) -> list[str]:
        citation = make_passage_citation(passage, quote=quote)
        draft = make_item_draft(
            statements=(make_statement(citations=(citation,)),), retrieved=(make_retrieved(passage=passage),)
        )
        return ids(run(drafts=(draft,)))

    assert with_quote("no more than 8 visits") == []
    assert with_quote("no more than 18 visits") == ["citation-quote-altered"]


def test_a_record_quote_off_its_place_is_a_blocker() -> None:
    span = RecordSpan(field="case_summary", start=0, end=9, quote="the words")
    draft = make_item_draft(
        statements=(make_statement(text="So it is.", kind="record", citations=(RecordCitation(record=span),)),)
    )

    assert ids(run(drafts=(draft,))) == ["record-quote-differs"]


def test_a_superseded_passage_in_a_draft_is_a_blocker() -> None:
    old = make_passage(passage_id="old", in_force={"from": date(2009, 7, 18), "to": date(2016, 7, 28)})
    draft = make_item_draft(
        statements=(make_statement(citations=(make_passage_citation(old),)),), retrieved=(make_retrieved(passage=old),)
    )

    assert "passage-not-in-force" in ids(run(drafts=(draft,)))


def test_each_item_has_exactly_one_draft_in_order() -> None:
    items = (make_item(), make_item(number=2, heading="EMG of the legs"))
    first, second = make_item_draft(), make_item_draft(item=2)

    assert ids(run(items=items, drafts=(first, second))) == []
    assert ids(run(items=items, drafts=(first,))) == ["item-missing"]
    assert ids(run(items=items, drafts=(first, second, second))) == ["item-unexpected"]
    assert ids(run(items=items, drafts=(first, second, make_item_draft(item=3)))) == ["item-unexpected"]
    assert ids(run(items=items, drafts=(second, first))) == ["items-out-of-order"]


def test_a_decided_item_without_a_rationale_is_a_blocker() -> None:
    assert "item-missing" in ids(run(items=(make_item(determination="upheld", rationale=" "),)))


def test_a_modified_request_with_two_strengths_is_a_blocker() -> None:
    heading = (
        "Tramadol 50mg #60 was the original request. Tramadol 50mg #30 was authorized by the Claims Administrator. "
        "The remaining IMR eligible portion of the original request, Tramadol 5mg #30"
    )

    assert "strength-conflict" in checks_of("The request is not medically necessary.", heading=heading)
    assert "strength-conflict" not in checks_of(
        "The request is not medically necessary.", heading=heading.replace("Tramadol 5mg", "Tramadol 50mg")
    )


def test_records_of_the_file_count_as_the_record() -> None:
    record = make_record("Examination: muscle spasm of the lumbar spine. Sensation intact.")
    items = (
        make_item(
            heading="MRI of the lumbar spine",
            rationale="There was no muscle spasm on examination. The request is not medically necessary.",
            determination="upheld",
        ),
    )
    found = [f for f in run(items=items, records=(record,)) if f.check == "absence-refuted"]

    assert found
    assert isinstance(found[0].against, RecordSpan)
    assert (found[0].against.record_id, found[0].against.page) == ("note-1", 1)


def test_a_text_without_items_says_so() -> None:
    assert ids(run(items=())) == ["no-items"]


@pytest.mark.parametrize(
    ("rationale", "check"),
    [
        (
            (
                "El paciente refiere dolor lumbar desde hace tres meses y no ha mejorado con terapia física; por lo "
                "tanto, la solicitud de resonancia magnética no es médicamente necesaria en este momento."
            ),
            "not-prose",
        ),
        (
            "El trabajador refiere dolor lumbar. No hay documentación; la terapia no es médicamente necesaria.",
            "not-prose",
        ),
        ("工人腰痛。没有记录家庭锻炼。因此,物理治疗在医学上不是必需的。", "not-prose"),
        ("| visit | pain |\n|---|---|\n| 1 | 6 |\n| 2 | 5 |\n| 3 | 4 |\n| 4 | 4 |", "not-prose"),
        ("The worker has pain in the back. " * 3_400, "not-prose"),
        (" | ".join(f"{n} mg | visita {n} | L{n % 5 + 1}" for n in range(40)), "not-prose"),
        (f"The patient takes 60\u202e mg of a drug. {VERDICT}", "hidden-characters"),
        (f"As Dr. Sample noted, the patient is well. {VERDICT}", "person-named"),
    ],
)
def test_what_cannot_be_read_as_a_rationale_is_reported_as_what_it_is(rationale: str, check: str) -> None:
    assert check in checks_of(rationale)


@pytest.mark.parametrize(
    "text",
    [
        "no " * 4000,
        "(" * 4000,
        "a" * 20_000,
        "12/12/" * 3000,
        "not documented " * 2000,
        "\x00\x01" * 500,
        "request for " * 2000,
    ],
)
def test_crafted_text_neither_crashes_nor_hangs(text: str) -> None:
    started = time.process_time()
    findings(text, summary=text)

    assert time.process_time() - started < 20


def test_time_grows_with_the_length_of_the_letter() -> None:
    sentence = (
        "On 10/5/2016 there was no muscle spasm of the lumbar spine and the patient had 8 visits of physical therapy. "
    )

    def seconds(times: int) -> float:
        started = time.process_time()
        findings(sentence * times + VERDICT, summary=SUMMARY + sentence * times)
        return time.process_time() - started

    seconds(2)
    assert seconds(400) < 12 * max(seconds(100), 0.05)


def test_a_draft_is_checked_once_however_often_it_is_asked_about_and_again_when_it_was_changed() -> None:
    case = make_case(items=(make_item(number=1), make_item(number=2)))
    checks = CaseChecks(case, vocabulary=load_vocabulary())
    wrong = make_statement(text="The worker takes methadone 10 mg.", kind="record", citations=())
    first, second = make_item_draft(item=1, statements=(wrong,)), make_item_draft(item=2)

    alone = checks.of_draft(first)
    assert "treatment-not-in-record" in ids(alone)
    assert all(one is other for one, other in zip(alone, checks.of_draft(first.model_copy()), strict=True))
    assert checks.of_drafts([first, second]) == run_checks(case, vocabulary=load_vocabulary(), drafts=[first, second])

    mended = first.model_copy(update={"statements": ()})
    assert "treatment-not-in-record" not in ids(checks.of_draft(mended))
    assert checks.of_draft(make_item_draft(item=3)) == ()


def test_drafts_of_two_cases_that_are_checked_in_turns_find_what_each_finds_alone() -> None:
    """What is kept with a case (its record, its printed fields, its passages) must not reach another."""
    official = make_passage(passage_id="p", text_kind="official", text="No more than 8 visits are offered at first.")
    other = make_passage(passage_id="p", text_kind="official", text="No more than 18 visits are offered at first.")
    quoted = make_statement(citations=(make_passage_citation(official, quote="No more than 8 visits"),))
    told = make_statement(text="The worker takes methadone 10 mg.", kind="record", citations=())
    asked = RecordCitation(record=RecordSpan(field="items[1].treatment", start=0, end=11, quote="Acupuncture"))
    rests = make_statement(text="The request is for acupuncture.", kind="record", citations=(asked,))
    draft = make_item_draft(statements=(quoted, told, rests))
    cases = [
        (
            make_case(items=(make_item(treatment="Acupuncture, 8 visits"),), case_summary="He takes methadone."),
            official,
        ),
        (make_case(items=(make_item(treatment="Massage, 8 visits"),)), other),
    ]

    def fresh(place: int) -> tuple[Finding, ...]:
        case, passage = cases[place]
        return CaseChecks(case, vocabulary=load_vocabulary(), passages=(passage,)).of_draft(draft)

    alone = [fresh(0), fresh(1)]
    both = [CaseChecks(case, vocabulary=load_vocabulary(), passages=(passage,)) for case, passage in cases]
    in_turns = [both[place].of_draft(one) for one in (draft, draft.model_copy()) for place in (0, 1)]

    assert in_turns == [*alone, *alone]
    assert "citation-quote-altered" in ids(alone[1])
    assert "citation-quote-altered" not in ids(alone[0])
    assert "record-quote-differs" in ids(alone[1])
    assert "record-quote-differs" not in ids(alone[0])
