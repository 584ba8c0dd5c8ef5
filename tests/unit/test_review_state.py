"""What happens at the desk adds up to one state, and that state says what is in the way of a signature."""

from __future__ import annotations

from datetime import date

import pytest

from drafter.domain.review.access import ACCESS, allowed, ownership
from drafter.domain.review.accounts import advance_account
from drafter.domain.review.answers import finding_key
from drafter.domain.review.due import due_date, pace_of
from drafter.domain.review.events import (
    AccountAdded,
    AccountChanged,
    AmendmentOpened,
    Approved,
    ContestCountersigned,
    FindingContested,
    FindingWaived,
)
from drafter.domain.review.letter import Letter, fingerprint
from drafter.domain.review.lettering import NO_GUIDELINE, guideline_line, letter_of
from drafter.domain.review.obstacles import obstacles
from drafter.domain.review.people import ROLES, Account, Credentials
from drafter.domain.review.queue import queue_row
from drafter.domain.review.state import CaseState
from tests.factories import make_case, make_item, make_item_draft, make_passage_citation
from tests.review_factories import (
    make_account,
    make_blocker,
    make_drafted,
    make_opened,
    make_revised,
    make_sentence,
    state_after,
)

CREDENTIALS = Credentials(specialty="Occupational Medicine", licensure="California")


def kinds(state: CaseState, account: Account | None = None) -> list[str]:
    return [one.kind for one in obstacles(state, account=account or make_account())]


def the_letter(state: CaseState) -> Letter:
    letter = letter_of(state, credentials=CREDENTIALS)
    assert letter is not None
    return letter


def approved(state: CaseState) -> Approved:
    letter = the_letter(state)
    return Approved(letter=letter, fingerprint=fingerprint(letter), revisions=(4,))


def test_a_case_goes_from_new_to_signed():
    assert state_after().status == "new"
    assert state_after(make_drafted()).status == "drafted"
    revised = state_after(make_drafted(), make_revised())
    assert revised.status == "in-review"
    assert kinds(revised) == []
    signed = state_after(make_drafted(), make_revised(), approved(revised))
    assert signed.status == "approved"
    assert kinds(signed) == ["locked"]


def test_an_amendment_unlocks_a_signed_letter_and_keeps_the_approval():
    revised = state_after(make_drafted(), make_revised())
    state = state_after(make_drafted(), make_revised(), approved(revised), AmendmentOpened(reason="a", of_approval=6))
    assert state.status == "amending"
    assert not state.locked
    assert len(state.approvals) == 1


def test_a_draft_never_replaces_text_that_somebody_edited():
    state = state_after(make_drafted(), make_revised(), make_drafted())
    assert state.item(1).rationale == "The record holds eight visits."
    assert state.item(1).draft_seq == 6


def test_a_draft_without_an_outcome_leaves_the_item_undecided():
    assert "undecided" in kinds(state_after(make_drafted()))


def test_a_changed_outcome_of_the_main_item_makes_its_dependent_undecided():
    items = (make_item(), make_item(number=2, depends_on=1))
    case = make_case(items=items)
    decided = (make_revised(item=2, parent=None), make_revised(item=1, parent=None))
    state = state_after(*decided, opened=make_opened(case=case))
    assert state.item(2).determination is None
    assert state.item(1).determination == "upheld"


def test_a_warning_is_out_of_the_way_once_it_is_waived_with_a_reason():
    warning = make_blocker(severity="warning", check="evidence-step-skipped")
    state = state_after(make_drafted(), make_revised(findings=(warning,)))
    assert kinds(state) == ["warning"]
    waived = FindingWaived(item=1, finding_key=finding_key(warning), check=warning.check, reason="The step was taken.")
    assert kinds(state_after(make_drafted(), make_revised(findings=(warning,)), waived)) == []


def test_a_blocker_needs_a_contest_and_a_countersignature():
    blocker = make_blocker()
    said = {"item": 1, "finding_key": finding_key(blocker), "check": blocker.check, "reason": "Another visit is meant."}
    before = (make_drafted(), make_revised(findings=(blocker,)))
    assert kinds(state_after(*before)) == ["blocker"]
    assert kinds(state_after(*before, FindingContested(**said))) == ["blocker"]
    assert kinds(state_after(*before, FindingContested(**said), ContestCountersigned(**said))) == []


def test_an_integrity_blocker_cannot_be_talked_away():
    blocker = make_blocker(check="determination-contradicts-rationale")
    said = {"item": 1, "finding_key": finding_key(blocker), "check": blocker.check, "reason": "No."}
    state = state_after(
        make_drafted(), make_revised(findings=(blocker,)), FindingContested(**said), ContestCountersigned(**said)
    )
    assert kinds(state) == ["blocker"]


def test_an_answer_falls_with_the_words_it_was_about():
    first, second = make_blocker(severity="warning"), make_blocker(severity="warning", quote="other words")
    waived = FindingWaived(item=1, finding_key=finding_key(first), check=first.check, reason="Seen.")
    state = state_after(make_drafted(), make_revised(findings=(first,)), waived, make_revised(findings=(second,)))
    assert kinds(state) == ["warning"]


def test_only_the_assigned_reviewer_with_a_profile_can_sign():
    state = state_after(make_drafted(), make_revised())
    assert kinds(state, make_account(account_id="somebody")) == ["not-assigned"]
    assert kinds(state, make_account(profile=None)) == ["no-profile"]


def test_the_fingerprint_moves_with_a_single_character():
    one = the_letter(state_after(make_drafted(), make_revised()))
    moved = make_revised(sentences=(make_sentence("The record holds eight visits"),))
    other = the_letter(state_after(make_drafted(), moved))
    assert fingerprint(one) != fingerprint(other)
    assert len(fingerprint(one)) == 64


def test_there_is_no_letter_while_an_item_is_undecided():
    assert letter_of(state_after(make_drafted()), credentials=CREDENTIALS) is None


def test_the_guideline_line_names_each_title_once_with_its_sections():
    cited = [
        make_passage_citation(passage_id="a", section="Facet blocks"),
        make_passage_citation(passage_id="b", section="Opioids"),
        make_passage_citation(passage_id="c", guideline="Low Back Disorders", edition="2019", section=""),
    ]
    assert guideline_line(cited, lower=frozenset({"c"})) == (
        "Decision based on MTUS Chronic Pain Medical Treatment 2016, Section(s): Facet blocks, Opioids. "
        "Decision based on Non-MTUS Citation Low Back Disorders 2019."
    )
    assert guideline_line([]) == NO_GUIDELINE


@pytest.mark.parametrize(
    ("priority", "formulary", "due"),
    [
        ("Standard", False, date(2016, 12, 23)),
        ("Expedited", False, date(2016, 11, 26)),
        ("Standard", True, date(2016, 12, 1)),
        ("Expedited", True, date(2016, 11, 26)),
        (None, False, date(2016, 12, 23)),
    ],
)
def test_the_due_date_follows_the_priority_and_skips_weekends_and_holidays(priority, formulary, due):
    pace = pace_of(priority, formulary_dispute=formulary)
    assert due_date(date(2016, 11, 23), pace=pace) == due


def test_the_queue_counts_what_is_open():
    state = state_after(make_drafted(), make_revised(determination=None, findings=(make_blocker(),)))
    row = queue_row(state)
    assert (row.undecided, row.open_blockers, row.open_warnings, row.status) == (1, 1, 0, "in-review")


def test_an_inactive_account_may_do_nothing():
    account = advance_account(None, AccountAdded(account_id="a", login="a", roles=ROLES))
    assert allowed(account, "approve", "own")
    gone = advance_account(account, AccountChanged(account_id="a", active=False))
    assert not any(allowed(gone, action, "own") or allowed(gone, action, "none") for action in ACCESS)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_approves_a_case_of_another(role):
    account = make_account(roles=(role,))
    assert not allowed(account, "approve", ownership(account, assigned_to="somebody"))
    assert not allowed(account, "approve", ownership(account, assigned_to=None))
    assert allowed(account, "approve", ownership(account, assigned_to=account.account_id)) == (role == "reviewer")


def test_a_reviewer_cannot_countersign_her_own_contest():
    both = make_account(roles=("reviewer", "qa"))
    assert not allowed(both, "countersign", "own")


def test_an_administrator_reads_no_case():
    assert not any(allowed(make_account(roles=("admin",)), "read-case", where) for where in ("own", "others", "free"))


def test_a_drafted_text_that_is_saved_unchanged_counts_as_not_edited():
    draft = make_item_draft()
    state = state_after(make_drafted(drafts=(draft,)))
    sentences = state.item(1).sentences
    again = state_after(make_drafted(drafts=(draft,)), make_revised(sentences=sentences, determination=None))
    assert not again.item(1).edited
