"""The text under review, sentence by sentence: saved as revisions, each with its parent, each with its findings.

Nobody's words are overwritten. A save names the revision it was made from; where the item has moved on since, nothing
is written and the caller gets all three texts to choose from (tests/unit/test_desk_editing.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from drafter.domain.case import Determination
from drafter.domain.checks.registry import check_named
from drafter.domain.draft import Citation, Finding, ItemDraft, Statement, StatementKind
from drafter.domain.model import DomainModel
from drafter.domain.review.events import ReviewedSentence, Revised
from drafter.domain.review.obstacles import sentence_of
from drafter.domain.review.people import Account
from drafter.domain.review.state import CaseState, ItemState, state_of
from drafter.errors import CaseMoved, LetterLocked, NotAllowed
from drafter.ports import RecordStore
from drafter.services.desk.journal import case_state, item_state, known_request, record
from drafter.services.desk.workbench import Workbench

MOST_TRIES = 5


class SentenceText(DomainModel):
    """One sentence as the page sends it. `of` is its number in the text it was made from (from 0), None for a new one;
    `citations` None keeps what that sentence stood on."""

    text: str
    of: int | None = None
    kind: StatementKind | None = None
    citations: tuple[Citation, ...] | None = None


class Saved(DomainModel):
    """The text is on record as `revision`; `state` is the case after it."""

    revision: int
    state: CaseState


class Compare(DomainModel):
    """Somebody was quicker: `before` is what both started from, `theirs` what is on record, `yours` what was sent."""

    before: tuple[ReviewedSentence, ...]
    theirs: tuple[ReviewedSentence, ...]
    yours: tuple[ReviewedSentence, ...]
    their_revision: int | None
    their_author: str | None
    state: CaseState


def save_item(
    case_id: str,
    number: int,
    sentences: Sequence[SentenceText],
    *,
    parent: int | None,
    store: RecordStore,
    workbench: Workbench,
    by: Account,
    request_id: str,
    autosaved: bool = False,
) -> Saved | Compare:
    """The item's new text, with what the checks find on it; the outcome stays as it is.

    Raises UnknownCase, UnknownItem, LetterLocked, and the store's faults.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        state = case_state(store, case_id)
        under = item_state(state, number)
        refuse_locked(state)
        if under.revision != parent:
            if made := known_request(store, case_id, request_id, by=by.account_id):
                return Saved(revision=made.seq, state=state)
            before = text_of_revision(store, case_id, number, parent)
            return Compare(
                before=before,
                theirs=under.sentences,
                yours=reviewed(sentences, before),
                their_revision=under.revision,
                their_author=under.author,
                state=state,
            )
        texts = reviewed(sentences, under.sentences)
        event = revision(state, under, texts, determination=under.determination, workbench=workbench)
        event = event.model_copy(update={"autosaved": autosaved})
        try:
            entry = record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id, head=state.head)
        except CaseMoved:
            if not tries_left:
                raise
            continue  # another item moved, or this one: look again
        return Saved(revision=entry.seq, state=case_state(store, case_id))
    raise AssertionError("the last try returns or raises")


def pin(
    case_id: str,
    number: int,
    *,
    pinned: tuple[str, ...],
    dropped: tuple[str, ...],
    store: RecordStore,
    workbench: Workbench,
    by: Account,
    request_id: str,
) -> Saved:
    """Which passages the item's next draft has to use, or must not. Raises NotAllowed for a passage that is none."""
    state = case_state(store, case_id)
    under = item_state(state, number)
    refuse_locked(state)
    if any(workbench.passage(name) is None for name in (*pinned, *dropped)):
        raise NotAllowed("The corpus in use has no such passage; search again.")
    event = revision(state, under, under.sentences, determination=under.determination, workbench=workbench)
    event = event.model_copy(update={"pinned": pinned, "dropped": dropped})
    entry = record(store, event, actor=by.account_id, case_id=case_id, request_id=request_id, head=state.head)
    return Saved(revision=entry.seq, state=case_state(store, case_id))


def reviewed(sentences: Sequence[SentenceText], before: tuple[ReviewedSentence, ...]) -> tuple[ReviewedSentence, ...]:
    """The sentences with the grounds of those they were made from; empty ones are left out."""
    return tuple(_reviewed(sentence, before) for sentence in sentences if sentence.text.strip())


def _reviewed(sentence: SentenceText, before: tuple[ReviewedSentence, ...]) -> ReviewedSentence:
    text = " ".join(sentence.text.split())
    known = sentence.of is not None and 0 <= sentence.of < len(before)
    old = before[sentence.of] if known and sentence.of is not None else None
    if old is None:
        cited = sentence.citations or ()
        return ReviewedSentence(statement=Statement(text=text, kind=sentence.kind or "reasoning", citations=cited))
    changes: dict[str, object] = {"text": text, "kind": sentence.kind or old.statement.kind}
    if sentence.citations is not None:
        changes["citations"] = sentence.citations
    return old.model_copy(update={"statement": old.statement.model_copy(update=changes)})


def revision(
    state: CaseState,
    under: ItemState,
    sentences: tuple[ReviewedSentence, ...],
    *,
    determination: Determination | None,
    workbench: Workbench,
) -> Revised:
    """The event that makes `sentences` the item's text."""
    return Revised(
        item=under.number,
        parent=under.revision,
        determination=determination,
        sentences=sentences,
        pinned=under.pinned,
        dropped=under.dropped,
        findings=findings_on(state, under, sentences, determination=determination, workbench=workbench),
    )


def findings_on(
    state: CaseState,
    under: ItemState,
    sentences: tuple[ReviewedSentence, ...],
    *,
    determination: Determination | None,
    workbench: Workbench,
) -> tuple[Finding, ...]:
    """What the checks find on a text, saved or still being typed, blockers first."""
    draft = as_draft(state, under, sentences, determination=determination)
    found = workbench.findings(state.case, [draft])
    own = [finding for finding in found if concerns(finding, under.number, state)]
    kept = [*_of_drafting(under, sentences), *own]
    order = {"blocker": 0, "warning": 1, "note": 2}
    return tuple(sorted(kept, key=lambda finding: order[finding.severity]))


def concerns(finding: Finding, number: int, state: CaseState) -> bool:
    """Whether the finding is shown under this item; one about the whole case stands under the first."""
    return finding.item == number or (finding.item is None and number == state.items[0].number)


def as_draft(
    state: CaseState,
    under: ItemState,
    sentences: tuple[ReviewedSentence, ...],
    *,
    determination: Determination | None,
) -> ItemDraft:
    """The text as the checks read it: the draft's criteria and passages, the reviewer's words and outcome."""
    statements = tuple(sentence.statement for sentence in sentences)
    changes = {"statements": statements, "determination": determination, "findings": ()}
    if under.draft is not None:
        return under.draft.model_copy(update=changes)
    treatment = next(item.treatment for item in state.case.items if item.number == under.number)
    return ItemDraft(
        item=under.number,
        treatment=treatment,
        addressed=False,
        record_scope=state.case.record_scope,
        statements=statements,
        determination=determination,
    )


def _of_drafting(under: ItemState, sentences: tuple[ReviewedSentence, ...]) -> list[Finding]:
    """What the drafting step itself found, which no check finds again: kept for the item as a whole, and for each
    drafted sentence that still stands word for word."""
    if under.draft is None:
        return []
    drafted = under.draft.statements
    stands = {
        sentence.origin: number
        for number, sentence in enumerate(sentences)
        if sentence.origin is not None
        and sentence.draft_seq == under.draft_seq
        and sentence.origin < len(drafted)
        and sentence.statement.text == drafted[sentence.origin].text
    }
    kept = []
    for finding in under.draft.findings:
        if not made_while_drafting(finding):
            continue
        place = sentence_of(finding.field)
        if place is None:
            kept.append(finding)
        elif place in stands:
            kept.append(finding.model_copy(update={"field": f"statements.{stands[place]}"}))
    return kept


def made_while_drafting(finding: Finding) -> bool:
    """Whether no check can find it again (the row of the table runs nothing)."""
    row = check_named(finding.check)
    return row.of_case is None and row.of_item is None


def refuse_locked(state: CaseState) -> None:
    """Raises LetterLocked where the letter is signed."""
    if state.locked:
        raise LetterLocked("The letter is signed and stays as it is; open an amendment to change it.")


def text_of_revision(store: RecordStore, case_id: str, number: int, seq: int | None) -> tuple[ReviewedSentence, ...]:
    """The item's text as it stood after entry `seq`; empty before the first."""
    if seq is None:
        return ()
    state = state_of(takewhile(lambda happened: happened.seq <= seq, store.history(case_id=case_id)))
    return item_state(state, number).sentences if state else ()
