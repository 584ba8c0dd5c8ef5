"""Rows on dates: the header, the order of events, time that cannot be."""

from __future__ import annotations

from drafter.domain.checks import header_dates, time_limits
from drafter.domain.checks.check import Check

ROWS = (
    Check(
        id="injury-date-conflict",
        severity="blocker",
        what="The header's date of injury is not the one the case summary gives.",
        why="The injury date decides what is chronic and which edition governs.",
        example="Date of Injury: 03/14/2016; summary: an industrial injury of March 14, 2015.",
        weakness="A summary that tells of several injuries is compared with the first.",
        of_case=header_dates.injury_date_differs,
    ),
    Check(
        id="ur-date-conflict",
        severity="warning",
        what="The header's date of the utilization review denial is not the one the case summary gives.",
        why="The denial's date governs which guideline was in force.",
        example="UR Denial Date: 10/20/2016; summary: review of 10/26/2016.",
        weakness="The date of a decision and the date of its letter may rightly differ by a few days.",
        of_case=header_dates.ur_date_differs,
    ),
    Check(
        id="dates-out-of-order",
        severity="blocker",
        what="Header dates that cannot lie in this order.",
        why="A decision cannot precede the denial it reviews.",
        example="UR denial 10/20/2016, decision 10/02/2016.",
        weakness="Dates that are wrong but in order are not found.",
        of_case=header_dates.dates_out_of_order,
    ),
    Check(
        id="duration-exceeds-injury",
        severity="blocker",
        once=True,
        what="A time under treatment is longer than the injury is old.",
        why="It is provably wrong, and chronic-pain reasoning often hangs on it.",
        example="Injured three weeks ago; on opioids for at least six months.",
        weakness="Treatment of an older complaint is not told apart where the record is silent on it.",
        of_item=time_limits.duration_exceeds_injury,
    ),
    Check(
        id="injury-age-conflict",
        severity="blocker",
        once=True,
        what="The rationale gives the injury an age that it had at no day between the last visit and the decision.",
        why="Waiting times of guidelines are counted from the injury.",
        example="Injured in March, seen in October: the injury is a month old.",
        weakness="Ages told loosely within a third are let pass.",
        of_item=time_limits.injury_age_differs,
    ),
    Check(
        id="event-before-injury",
        severity="blocker",
        once=True,
        what="Care for this injury is dated before the injury.",
        why="It cannot have happened then.",
        example="Injured on 10/21; eight visits were approved on 10/19.",
        weakness="Only the sixty days before the injury are looked at; earlier care may be for another complaint.",
        of_item=time_limits.event_before_injury,
    ),
    Check(
        id="date-after-decision",
        severity="blocker",
        once=True,
        what="The rationale tells of a day after the decision.",
        why="It cannot have been known.",
        example="Decided 12/06/2016; examined on 12/16/2016.",
        weakness="Planned appointments are taken for events.",
        of_item=time_limits.date_after_decision,
    ),
    Check(
        id="record-before-injury",
        severity="warning",
        what="The case summary dates a visit or complaint before the injury.",
        why="A typing error there is copied into the rationale.",
        example="Injured 10/24/2016; progress report of 01/12/2016.",
        weakness="Visits for an earlier complaint are rightly earlier.",
        of_case=time_limits.record_before_injury,
    ),
    Check(
        id="request-after-denial",
        severity="warning",
        what="The case summary dates the request after the denial it led to.",
        why="Another request was denied, or a date is wrong.",
        example="Denied 11/29; request for authorization of 12/15.",
        weakness="Where several requests are told, one before the denial is enough.",
        of_case=time_limits.request_after_denial,
    ),
)
