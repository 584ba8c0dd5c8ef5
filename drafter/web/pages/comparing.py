"""The end of a three-way compare: for each difference what stands on record, or what the person wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from starlette.concurrency import run_in_threadpool

from drafter.domain.model import DomainModel
from drafter.domain.review.events import ReviewedSentence
from drafter.services.desk.editing import Compare, SentenceText, reviewed, save_item, text_of_revision
from drafter.services.desk.journal import item_state
from drafter.web.casework.comparing import compared
from drafter.web.pages.casework import compare_page
from drafter.web.visit import CurrentVisit


class _Sent(DomainModel):
    """The form of the page. `yours` are the sentences that were sent before, `yours_of` where each stood in the text it
    was made from (see `SentenceText`), `chosen` what was taken of each difference."""

    parent: int
    base: int
    yours: tuple[Annotated[str, Field(max_length=4000)], ...]
    yours_of: tuple[int | None, ...]
    chosen: dict[int, Literal["theirs", "yours"]]

    @field_validator("yours_of")
    @classmethod
    def _one_for_each(cls, told: tuple[int | None, ...], info: ValidationInfo) -> tuple[int | None, ...]:
        if len(told) != len(info.data.get("yours", told)):
            raise ValueError("each sentence tells where it stood")
        return told


async def resolve(visit: CurrentVisit, number: int, request: Request) -> Response:
    """Saves the text that was chosen, difference by difference, over the revision that the page showed."""
    form = await request.form()
    fields = {
        "parent": form.get("parent"),
        "base": form.get("base"),
        "yours": form.getlist("yours"),
        "yours_of": [of or None for of in form.getlist("yours_of")],
        "chosen": {key.removeprefix("block-"): told for key, told in form.items() if key.startswith("block-")},
    }
    try:
        sent = _Sent.model_validate(fields)
    except ValidationError as damaged:
        raise RequestValidationError(damaged.errors()) from None
    return await run_in_threadpool(_resolve, visit, number, sent)


def _resolve(visit: CurrentVisit, number: int, sent: _Sent) -> Response:
    store, case_id = visit.parts.store, visit.case.case_id
    before = text_of_revision(store, case_id, number, sent.base or None)
    theirs = text_of_revision(store, case_id, number, sent.parent or None)
    texts = [SentenceText(text=text, of=of) for text, of in zip(sent.yours, sent.yours_of, strict=True)]
    outcome = Compare(
        before=before,
        theirs=theirs,
        yours=reviewed(texts, before),
        their_revision=sent.parent,
        their_author=None,
        state=visit.case,
    )
    merged = _merged(outcome, sent.chosen)
    saved = save_item(
        case_id,
        number,
        merged,
        parent=sent.parent or None,
        store=store,
        workbench=visit.parts.workbench,
        by=visit.person,
        request_id=visit.request_id,
    )
    if isinstance(saved, Compare):
        return compare_page(visit, number, saved, merged, base=item_state(visit.case, number).revision or 0)
    store.unsaved.drop(visit.person.account_id, case_id, number)
    return visit.go(f"/cases/{case_id}/items/{number}")


def _merged(outcome: Compare, chosen: Mapping[int, str]) -> list[SentenceText]:
    """The chosen sentences; each keeps the grounds it had in its own text."""
    theirs, yours = iter(enumerate(outcome.theirs)), iter(outcome.yours)
    merged: list[SentenceText] = []
    for block in compared(outcome):
        mine = [next(yours) for _ in block.yours]
        other = [next(theirs) for _ in block.theirs]
        if not block.alike and chosen.get(block.number) == "yours":
            merged += [_as_new(sentence) for sentence in mine]
        else:
            merged += [SentenceText(text=sentence.statement.text, of=place) for place, sentence in other]
    return merged


def _as_new(sentence: ReviewedSentence) -> SentenceText:
    statement = sentence.statement
    return SentenceText(text=statement.text, kind=statement.kind, citations=statement.citations)
