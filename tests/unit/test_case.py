"""A case as the drafter may see it."""

from __future__ import annotations

from tests.factories import make_case, make_cited_guideline, make_item, make_record


def test_the_reviewers_outcome_guideline_and_rationale_are_gone_before_anything_is_drafted():
    published = make_item(
        determination="overturned",
        reviewer_guideline="MTUS Chronic Pain Medical Treatment 2016",
        rationale="The reviewer's own sentences.",
        citations=(make_cited_guideline(party="reviewer"), make_cited_guideline(party="claims_administrator")),
    )
    stripped = make_case(items=(published,)).without_reviewer_text()

    (item,) = stripped.items
    assert (item.determination, item.reviewer_guideline, item.rationale) == (None, None, None)
    assert [cited.party for cited in item.citations] == ["claims_administrator"]
    assert "own sentences" not in stripped.model_dump_json()


def test_absence_can_be_proved_only_where_records_were_supplied():
    assert make_case().record_scope == "summary"
    assert make_case(records=(make_record(),)).record_scope == "file"


def test_the_record_is_the_summary_and_then_each_page_in_order():
    case = make_case(case_summary="Summary.", records=(make_record("First page.", "Second page."),))

    assert [(f.field, f.page, f.text) for f in case.record_fields()] == [
        ("case_summary", None, "Summary."),
        ("records", 1, "First page."),
        ("records", 2, "Second page."),
    ]
