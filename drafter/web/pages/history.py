"""Every text an item has had: who wrote it, what it rests on, and what changed between any two."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from drafter.domain.model import DomainModel
from drafter.services.desk.changes import Revision, revisions_of, sentences_between
from drafter.services.desk.journal import item_state
from drafter.services.desk.looking import looked
from drafter.web.refusal import not_found
from drafter.web.visit import CurrentVisit


class Asked(DomainModel):
    """Which item, and which two of its texts (by entry); without them the last two."""

    item: Annotated[int, Query(ge=1)] = 1
    old: Annotated[int | None, Query(ge=1)] = None
    new: Annotated[int | None, Query(ge=1)] = None


def show(visit: CurrentVisit, asked: Annotated[Asked, Query()]) -> Response:
    state = visit.case
    item_state(state, asked.item)
    store = visit.parts.store
    looked(state.case_id, what="history", store=store, by=visit.person, request_id=visit.request_id)
    texts = revisions_of(asked.item, case_id=state.case_id, store=store)
    new = _named(texts, asked.new) if asked.new else texts[-1] if texts else None
    old = _named(texts, asked.old) if asked.old else texts[-2] if len(texts) > 1 else None
    changed = tuple(sentences_between(_texts(old), _texts(new), item=asked.item)) if old and new else ()
    return visit.page(
        "history.html",
        case=state,
        number=asked.item,
        revisions=tuple(reversed(texts)),
        old=old,
        new=new,
        changed=changed,
        people={account.account_id: account.login for account in visit.parts.accounts.all()},
    )


def _named(texts: tuple[Revision, ...], seq: int) -> Revision:
    for text in texts:
        if text.seq == seq:
            return text
    raise not_found("The item has no such revision.")


def _texts(revision: Revision | None) -> list[str]:
    return [sentence.statement.text for sentence in revision.sentences] if revision else []
