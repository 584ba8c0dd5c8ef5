"""The desk's day is California's: in its evening UTC is a day ahead, and no deadline moves for that."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from drafter.adapters.clock import SystemClock
from drafter.domain.review.events import Approved
from drafter.errors import SettingInvalid
from drafter.services.desk.exporting import signed_letter
from drafter.settings import settings_from
from tests.integration.test_case_pages import AtWork

EVENING = datetime(2016, 11, 10, 3, 30, tzinfo=UTC)  # 7:30 in the evening of November 9 in California


@pytest.fixture
def work() -> AtWork:
    work = AtWork(due=date(2016, 11, 10))
    work.desk.clock.at = EVENING
    work.browser = work.desk.browser(work.reviewer)
    return work


def test_queue_case_and_import_count_from_californias_day(work: AtWork):
    assert "1 day left" in work.browser.get("/cases?view=mine").text
    assert "1 day left" in work.browser.get(work.item).text
    assert 'value="2016-11-09"' in work.browser.get("/import").text


def test_a_letter_has_the_day_on_which_it_was_signed_where_it_was_signed(work: AtWork):
    work.decide("upheld")
    work.clear()
    assert work.sign().status_code == 303

    (entry,) = work.desk.store.entries(case_id=work.case_id, actions=("approved",))
    event = work.desk.store.event(entry)
    assert isinstance(event, Approved)
    assert event.day == date(2016, 11, 9)
    assert signed_letter(work.case_id, store=work.desk.store).decided == date(2016, 11, 9)


def test_moments_are_told_with_their_zone(work: AtWork):
    work.browser.post(f"{work.item}/unsaved", parent="0", place="0", text="Half a sentence")

    assert "11/09/2016 19:30 PST" in work.browser.get(work.item).text


def test_another_zone_is_a_setting_and_one_that_is_none_is_refused():
    assert settings_from({}).desk.zone == "America/Los_Angeles"
    assert settings_from({"DRAFTER_DESK_ZONE": "America/New_York"}).desk.time_zone.key == "America/New_York"
    with pytest.raises(SettingInvalid, match="DRAFTER_DESK_ZONE is Mars"):
        settings_from({"DRAFTER_DESK_ZONE": "Mars"})
    assert abs((SystemClock(settings_from({}).desk.time_zone).today() - SystemClock().today()).days) <= 1
