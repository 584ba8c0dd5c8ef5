from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guideline_corpus.edition_table import load_editions, parse_editions, shipped_editions
from guideline_corpus.editions import (
    GoverningDates,
    by_guideline,
    edition_problems,
    editions_for,
    governing_date,
    in_force,
    straddles,
)
from guideline_corpus.errors import StarterInvalid
from guideline_corpus.model import Edition, InForce

DAYS = st.dates(min_value=date(2007, 1, 1), max_value=date(2025, 12, 31))


def make_edition(edition_id: str = "low-back-2004", **overrides: object) -> Edition:
    values: dict[str, object] = {
        "edition_id": edition_id,
        "guideline_id": "low-back",
        "guideline": "Low Back Complaints",
        "edition": "2004",
        "rung": 1,
        "in_force": InForce(from_=date(2007, 6, 15), to=date(2017, 11, 30)),
        "trigger": "request",
        "source": "an invented order",
        "confidence": "seen",
    }
    return Edition.model_validate(values | overrides)


def ids(editions: tuple[Edition, ...]) -> set[str]:
    return {edition.edition_id for edition in editions}


def test_the_shipped_table_has_no_overlap_no_gap_and_a_source_in_every_row():
    assert edition_problems(shipped_editions()) == ()
    assert len(shipped_editions()) >= 50


@pytest.mark.parametrize(
    ("day", "expected", "superseded"),
    [
        (date(2016, 7, 28), "chronic-pain-2009", "chronic-pain-2016"),
        (date(2016, 7, 29), "chronic-pain-2016", "chronic-pain-2009"),
        (date(2016, 12, 29), "opioids-2016", "chronic-pain-2009"),
        (date(2017, 11, 30), "low-back-2004", "acoem-low-back-2016"),
        (date(2017, 12, 1), "acoem-low-back-2016", "low-back-2004"),
        (date(2019, 8, 11), "acoem-low-back-2019", "acoem-low-back-2016"),
        (date(2021, 11, 23), "acoem-low-back-2020", "acoem-low-back-2019"),
        (date(2009, 7, 18), "elbow-2007", "elbow-2004"),
    ],
)
def test_on_each_side_of_an_order_the_edition_before_or_after_it_governs(day: date, expected: str, superseded: str):
    governing = ids(editions_for(GoverningDates(ur_denial=day), shipped_editions()))

    assert expected in governing
    assert superseded not in governing


def test_the_denial_date_goes_before_the_request_and_the_request_before_the_day_the_user_names():
    dates = GoverningDates(ur_denial=date(2016, 8, 5), rfa=date(2016, 7, 20), as_of=date(2010, 1, 1))

    assert governing_date(dates) == date(2016, 8, 5)
    assert governing_date(dates.model_copy(update={"ur_denial": None})) == date(2016, 7, 20)
    assert governing_date(GoverningDates(as_of=date(2010, 1, 1))) == date(2010, 1, 1)
    assert governing_date(GoverningDates(decision=date(2010, 1, 1))) is None


def test_without_a_date_no_edition_is_guessed():
    assert editions_for(GoverningDates(), shipped_editions()) == ()


def test_a_service_rendered_before_the_order_keeps_the_old_edition_though_the_denial_came_after():
    dates = GoverningDates(ur_denial=date(2018, 1, 10), service=date(2017, 11, 20))

    governing = ids(editions_for(dates, shipped_editions()))

    assert "low-back-2004" in governing
    assert "acoem-low-back-2016" not in governing


def test_a_service_after_the_order_takes_the_new_edition_though_the_denial_came_before():
    dates = GoverningDates(ur_denial=date(2017, 11, 25), service=date(2017, 12, 5))

    assert "acoem-low-back-2016" in ids(editions_for(dates, shipped_editions()))


def test_the_formulary_counts_from_the_day_the_drug_is_dispensed():
    before = GoverningDates(ur_denial=date(2018, 1, 5), dispensing=date(2017, 12, 31))

    assert "formulary-2018" not in ids(editions_for(before, shipped_editions()))
    assert "formulary-2018" in ids(editions_for(GoverningDates(ur_denial=date(2018, 1, 5)), shipped_editions()))


def test_a_case_whose_dates_fall_under_two_editions_is_reported_with_both():
    dates = GoverningDates(ur_denial=date(2016, 8, 5), rfa=date(2016, 7, 25), decision=date(2016, 9, 10))

    found = {straddle.guideline_id: straddle for straddle in straddles(dates, shipped_editions())}

    assert set(found) == {"chronic-pain", "opioids"}
    pain = found["chronic-pain"]
    assert pain.chosen is not None
    assert pain.chosen.edition_id == "chronic-pain-2016"
    assert {answer.kind: answer.edition.edition_id for answer in pain.dates if answer.edition} == {
        "ur_denial": "chronic-pain-2016",
        "rfa": "chronic-pain-2009",
        "decision": "chronic-pain-2016",
    }


def test_a_case_that_lies_within_one_set_of_editions_has_no_straddle():
    dates = GoverningDates(ur_denial=date(2016, 12, 1), rfa=date(2016, 11, 20), decision=date(2017, 1, 10))

    assert straddles(dates, shipped_editions()) == ()


@given(ur=st.none() | DAYS, rfa=st.none() | DAYS, service=st.none() | DAYS, dispensing=st.none() | DAYS)
def test_never_two_editions_of_one_guideline_for_one_case(
    ur: date | None, rfa: date | None, service: date | None, dispensing: date | None
):
    dates = GoverningDates(ur_denial=ur, rfa=rfa, service=service, dispensing=dispensing)

    guidelines = [edition.guideline_id for edition in editions_for(dates, shipped_editions())]

    assert len(guidelines) == len(set(guidelines))


@given(day=DAYS)
def test_one_day_alone_gives_the_editions_in_force_on_it_and_no_straddle(day: date):
    dates = GoverningDates(ur_denial=day, rfa=day, service=day, dispensing=day, decision=day)

    assert ids(editions_for(dates, shipped_editions())) == ids(in_force(day, shipped_editions()))
    assert straddles(dates, shipped_editions()) == ()


def test_overlapping_editions_are_named_with_the_days_they_share():
    rows = (
        make_edition(),
        make_edition("low-back-2016", edition="2016", in_force=InForce(from_=date(2017, 11, 15))),
    )

    (problem,) = edition_problems(rows)

    assert problem == (
        "editions low-back-2004 and low-back-2016 of low-back are both in force from 2017-11-15 to 2017-11-30; "
        "end low-back-2004 on 2017-11-14."
    )


def test_a_gap_between_editions_is_named_with_its_days():
    rows = (make_edition(), make_edition("low-back-2016", in_force=InForce(from_=date(2017, 12, 5))))

    (problem,) = edition_problems(rows)

    assert problem == (
        "no edition of low-back is in force from 2017-12-01 to 2017-12-04, between low-back-2004 and low-back-2016; "
        "close the gap or add the edition that is missing."
    )


def test_an_edition_without_a_source_is_refused():
    assert edition_problems((make_edition(source=" "),)) == (
        "edition low-back-2004 names no source; say which order, notice or text gives its dates.",
    )


def test_an_edition_that_ends_before_it_begins_is_refused():
    backwards = InForce(from_=date(2017, 1, 2), to=date(2017, 1, 1))

    (problem,) = edition_problems((make_edition(in_force=backwards),))

    assert "ends on 2017-01-01, before it begins on 2017-01-02" in problem


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[a]\nguideline_id = 1", "edition a, key guideline_id"),
        (b"[a]\nguidelin = 'x'", "edition a, key"),
        (b"a = 1", "a stands outside a table"),
        (b"[a", "is not TOML"),
        (b"\xff", "is not TOML"),
        (b"[a]\nedition_id = 'b'", "sets a key twice"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_row_and_key(content: bytes, told: str):
    with pytest.raises(StarterInvalid, match=told):
        parse_editions(content, where="editions.toml")


def test_an_edition_that_a_home_adds_closes_the_one_before(tmp_path):
    table = tmp_path / "editions.toml"
    table.write_text(
        "[acoem-low-back-2025]\nguideline_id = 'low-back'\nguideline = 'Low Back Disorders'\nedition = '2025'\n"
        "rung = 1\nfrom = 2025-03-01\ntrigger = 'service'\nsource = 'an invented order'\nconfidence = 'seen'\n",
        encoding="utf-8",
    )

    rows = {row.edition_id: row for row in load_editions(table)}

    assert rows["acoem-low-back-2020"].in_force.to == date(2025, 2, 28)
    assert rows["acoem-low-back-2025"].in_force.to is None
    assert edition_problems(rows.values()) == ()


def test_every_guideline_is_in_force_without_a_break_from_its_first_edition_on():
    for rows in by_guideline(shipped_editions()).values():
        for earlier, later in pairwise(rows):
            assert earlier.in_force.to is not None
            assert later.in_force.from_ == earlier.in_force.to + timedelta(days=1)
