"""The case page: record, draft and guideline of one item, its sentences edited in place.

Every change answers a script with the page's working part anew, and a plain form with a redirect to the page, so that
both ways show the same. Nothing that was typed or searched for stands in an address.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, Query
from fastapi.responses import Response

from drafter.domain.model import DomainModel
from drafter.domain.review.events import ReviewedSentence
from drafter.domain.review.jobs import DraftingJob, Waiting
from drafter.domain.review.sessions import Unsaved
from drafter.domain.review.state import CaseState, ItemState
from drafter.services.desk.deciding import decide, draft_items, governing, keeps_its_words, use_draft
from drafter.services.desk.editing import (
    Compare,
    Saved,
    SentenceText,
    findings_on,
    pin,
    reviewed,
    save_item,
    text_of_revision,
)
from drafter.services.desk.journal import case_state, item_state
from drafter.services.desk.looking import looked, similar_to
from drafter.web.casework.case_view import STATUS_OF_CRITERIA, case_view
from drafter.web.casework.comparing import compared
from drafter.web.casework.draft_view import finding_view
from drafter.web.refusal import not_found
from drafter.web.visit import CurrentVisit, Visit
from guideline_corpus.model import RetrievedPassage

Text = Annotated[str, Form(max_length=4000)]


class Placed(DomainModel):
    """Where on the page a person is: the sentence she edits, or the place at which she adds one."""

    edit: Annotated[int | None, Query(ge=0)] = None
    add: Annotated[int | None, Query(ge=0)] = None
    back: bool = False


class Written(DomainModel):
    csrf: str = ""
    parent: int = 0
    place: int = 0
    text: Text = ""


class Chosen(DomainModel):
    csrf: str = ""
    determination: Literal["upheld", "overturned", ""] = ""


class AskedPassage(DomainModel):
    csrf: str = ""
    passage_id: Annotated[str, Form(max_length=400)]
    act: Literal["pin", "unpin", "drop"]


class Sought(DomainModel):
    csrf: str = ""
    query: Annotated[str, Form(max_length=200)] = ""


class Plain(DomainModel):
    csrf: str = ""
    parent: int = 0


def start(visit: CurrentVisit) -> Response:
    """On to the first item that is undecided."""
    state = visit.case
    if _must_declare(visit, state):
        return visit.go(f"/cases/{state.case_id}/ties")
    looked(state.case_id, what="case", store=visit.parts.store, by=visit.person, request_id=visit.request_id)
    undecided = [item.number for item in state.items if item.determination is None]
    first = (undecided or [item.number for item in state.items])[0]
    return visit.go(f"/cases/{state.case_id}/items/{first}")


def show(visit: CurrentVisit, number: int, placed: Annotated[Placed, Query()]) -> Response:
    if _must_declare(visit, visit.case):
        return visit.go(f"/cases/{visit.case.case_id}/ties")
    return work(visit, visit.case, number, placed=placed)


def save_sentence(visit: CurrentVisit, number: int, place: int, written: Annotated[Written, Form()]) -> Response:
    """The text of one sentence; empty takes it out."""
    texts = _texts(visit, number, written.parent)
    if place >= len(texts):
        raise not_found("There is no such sentence.")
    texts[place] = texts[place].model_copy(update={"text": written.text})
    return _save(visit, number, texts, written.parent)


def add_sentence(visit: CurrentVisit, number: int, written: Annotated[Written, Form()]) -> Response:
    texts = _texts(visit, number, written.parent)
    texts.insert(min(written.place, len(texts)), SentenceText(text=written.text, kind="reasoning"))
    return _save(visit, number, texts, written.parent)


def check(visit: CurrentVisit, number: int, written: Annotated[Written, Form()]) -> Response:
    """What the checks find on a sentence while it is typed. Nothing is saved."""
    texts = _as_texts(item_state(visit.case, number).sentences)
    if written.place >= len(texts):
        raise not_found("There is no such sentence.")
    texts[written.place] = SentenceText(text=written.text, of=written.place)
    return _checked(visit, number, texts, written.place)


def check_new(visit: CurrentVisit, number: int, written: Annotated[Written, Form()]) -> Response:
    """The same for a sentence that is not there yet."""
    texts = _as_texts(item_state(visit.case, number).sentences)
    place = min(written.place, len(texts))
    texts.insert(place, SentenceText(text=written.text, kind="reasoning"))
    return _checked(visit, number, texts, place)


def keep(visit: CurrentVisit, number: int, written: Annotated[Written, Form()]) -> Response:
    """Keeps what is typed, apart from the record."""
    visit.parts.store.unsaved.keep(
        Unsaved(
            account_id=visit.person.account_id,
            case_id=visit.case.case_id,
            item=number,
            head=written.parent,
            at=visit.parts.clock.now(),
            text=f"{written.place}\n{written.text}",
        )
    )
    return Response(status_code=204)


def drop_unsaved(visit: CurrentVisit, number: int, plain: Annotated[Plain, Form()]) -> Response:
    visit.parts.store.unsaved.drop(visit.person.account_id, visit.case.case_id, number)
    return _done(visit, number)


def determination(visit: CurrentVisit, number: int, chosen: Annotated[Chosen, Form()]) -> Response:
    """The reviewer's act: an outcome, or none again."""
    later = visit.parts.workbench.takes_time
    saved = decide(
        visit.case.case_id,
        number,
        chosen.determination or None,
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=visit.request_id,
        redraft=not later,
    )
    if later and not keeps_its_words(saved.state, item_state(saved.state, number)):
        return _drafted(visit, number, request_id=f"{visit.request_id} draft")
    return _done(visit, number)


def draft(visit: CurrentVisit, number: int, plain: Annotated[Plain, Form()]) -> Response:
    return _drafted(visit, number, request_id=visit.request_id)


def take_draft(visit: CurrentVisit, number: int, plain: Annotated[Plain, Form()]) -> Response:
    """The newest draft instead of the edited text, which stays in the history."""
    use_draft(
        visit.case.case_id,
        number,
        parent=plain.parent or None,
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=visit.request_id,
    )
    return _done(visit, number)


def passages(visit: CurrentVisit, number: int, asked: Annotated[AskedPassage, Form()]) -> Response:
    """Pins a passage, takes the pin out, or drops it from this item; then drafts the item anew."""
    under = item_state(visit.case, number)
    pinned = tuple(name for name in under.pinned if name != asked.passage_id)
    dropped = tuple(name for name in under.dropped if name != asked.passage_id)
    if asked.act == "pin":
        pinned = (*pinned, asked.passage_id)
    if asked.act == "drop":
        dropped = (*dropped, asked.passage_id)
    pin(
        visit.case.case_id,
        number,
        pinned=pinned,
        dropped=dropped,
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=visit.request_id,
    )
    return _drafted(visit, number, request_id=f"{visit.request_id} draft")


def find_passages(visit: CurrentVisit, number: int, sought: Annotated[Sought, Form()]) -> Response:
    words = " ".join(sought.query.split())
    found = visit.parts.workbench.search(words, as_of=governing(visit.case)) if words else ()
    if visit.is_fragment:
        view = case_view(visit.case, number, account=visit.person)
        return visit.page("case_found.html", found=found, view=view)
    return work(visit, visit.case, number, found=found)


def work(
    visit: Visit,
    state: CaseState,
    number: int,
    *,
    placed: Placed | None = None,
    found: tuple[RetrievedPassage, ...] | None = None,
    fault: str = "",
    status: int = 200,
) -> Response:
    """The case page, or its working part where a script asked."""
    placed = placed or Placed()
    item_state(state, number)
    view = case_view(state, number, account=visit.person)
    unsaved = _unsaved(visit, state, number)
    job = visit.parts.drafting.of_item(state.case_id, number) if visit.parts.drafting else None
    if job and job.status == "failed" and not fault:
        fault = job.message
    return visit.page(
        "case_work.html" if visit.is_fragment else "case.html",
        status=status,
        view=view,
        today=visit.parts.clock.today(),
        status_words=STATUS_OF_CRITERIA,
        edit=placed.edit if view.can_edit else None,
        adding=placed.add if view.can_edit else None,
        edit_text=_unsaved_text(unsaved) if placed.back and unsaved else None,
        unsaved=unsaved if placed.edit is None and placed.add is None and view.can_edit else None,
        unsaved_place=_unsaved_place(unsaved),
        found=found,
        fault=fault,
        drafting=None if job is None or job.ended else job,
        waiting=_waiting(visit, job),
        drafted=job.message if job and job.status in ("done", "stopped") and _stands_beside(view.under) else "",
        similar=similar_to(state, number, search=visit.parts.decided, workbench=visit.parts.workbench),
        rests_on=view.under.rests_on,
        may_amend=visit.may_case("amend", state.assigned_to),
    )


def _save(visit: Visit, number: int, texts: list[SentenceText], parent: int) -> Response:
    outcome = save_item(
        visit.case.case_id,
        number,
        texts,
        parent=parent or None,
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=visit.request_id,
    )
    if isinstance(outcome, Compare):
        return compare_page(visit, number, outcome, texts, base=parent)
    visit.parts.store.unsaved.drop(visit.person.account_id, visit.case.case_id, number)
    return _done(visit, number, saved=outcome)


def _checked(visit: Visit, number: int, texts: list[SentenceText], place: int) -> Response:
    state = visit.case
    under = item_state(state, number)
    found = findings_on(
        state,
        under,
        reviewed(texts, under.sentences),
        determination=under.determination,
        workbench=visit.parts.workbench,
    )
    mine = tuple(finding_view(one, under.answers) for one in found if one.field == f"statements.{place}")
    view = case_view(state, number, account=visit.person).model_copy(update={"can_edit": False})
    return visit.page("case_live.html", findings=mine, view=view, here=f"/cases/{state.case_id}/items/{number}")


def compare_page(visit: Visit, number: int, outcome: Compare, texts: list[SentenceText], *, base: int) -> Response:
    """Three texts side by side, nothing overwritten."""
    return visit.page(
        "case_compare_work.html" if visit.is_fragment else "case_compare.html",
        status=200 if visit.is_fragment else 409,
        base=base,
        compare=outcome,
        blocks=compared(outcome),
        number=number,
        case_id=visit.case.case_id,
        case_number=visit.case.case.case_number or "",
        texts=texts,
    )


def drafting(visit: CurrentVisit, number: int) -> Response:
    """How far the item's draft is; once it has ended, the page anew."""
    job = visit.parts.drafting.of_item(visit.case.case_id, number) if visit.parts.drafting else None
    if job is None or job.ended:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    here = f"/cases/{visit.case.case_id}/items/{number}"
    return visit.page("case_drafting.html", drafting=job, waiting=_waiting(visit, job), here=here)


def _waiting(visit: Visit, job: DraftingJob | None) -> Waiting | None:
    """How a job waits that nobody has begun."""
    if job is None or job.status != "waiting" or visit.parts.drafting is None:
        return None
    return visit.parts.drafting.waiting(job.case_id, job.item)


def stop_drafting(visit: CurrentVisit, number: int, plain: Annotated[Plain, Form()]) -> Response:
    """No more is asked for; the sentences that are whole become the draft."""
    if visit.parts.drafting:
        visit.parts.drafting.stop(visit.case.case_id, number)
    return _done(visit, number)


def _drafted(visit: Visit, number: int, *, request_id: str) -> Response:
    """Drafts the item now, or starts the job that does where a model takes its time. Raises QuotaReached."""
    visit.count("drafts")
    if visit.parts.drafting and visit.parts.workbench.takes_time:
        visit.parts.drafting.start(
            case_id=visit.case.case_id, item=number, by=visit.person.account_id, request_id=request_id
        )
        return _done(visit, number)
    draft_items(
        visit.case.case_id,
        items=(number,),
        store=visit.parts.store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=request_id,
    )
    return _done(visit, number)


def _done(visit: Visit, number: int, *, saved: Saved | None = None) -> Response:
    state = saved.state if saved else case_state(visit.parts.store, visit.case.case_id)
    if visit.is_fragment:
        return work(visit, state, number)
    return visit.go(f"/cases/{state.case_id}/items/{number}")


def _texts(visit: Visit, number: int, parent: int) -> list[SentenceText]:
    """The sentences of the revision that the page was made from."""
    under = item_state(visit.case, number)
    if under.revision == (parent or None):
        return _as_texts(under.sentences)
    return _as_texts(text_of_revision(visit.parts.store, visit.case.case_id, number, parent or None))


def _as_texts(sentences: tuple[ReviewedSentence, ...]) -> list[SentenceText]:
    return [SentenceText(text=sentence.statement.text, of=place) for place, sentence in enumerate(sentences)]


def _must_declare(visit: Visit, state: CaseState) -> bool:
    return visit.may_case("declare-conflict", state.assigned_to) and state.conflict_clear is None


def _stands_beside(under: ItemState) -> bool:
    """Whether a newer draft stands beside a text that is somebody's own."""
    return under.edited and under.draft_seq is not None and under.draft_seq > (under.revision or 0)


def _unsaved(visit: Visit, state: CaseState, number: int) -> Unsaved | None:
    found = visit.parts.store.unsaved.find(visit.person.account_id, state.case_id)
    return next((one for one in found if one.item == number), None)


def _unsaved_place(unsaved: Unsaved | None) -> int:
    place = unsaved.text.partition("\n")[0] if unsaved else ""
    return int(place) if place.isdigit() else 0


def _unsaved_text(unsaved: Unsaved) -> str:
    return unsaved.text.partition("\n")[2]
