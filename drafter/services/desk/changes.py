"""What a person made of a draft: word by word, sentence by sentence, between any two texts of an item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from drafter.domain.case import Determination
from drafter.domain.model import DomainModel
from drafter.domain.review.events import Drafted, Event, ReviewedSentence, Revised
from drafter.domain.review.state import CaseState, ItemState, advance
from drafter.ports import RecordStore

ALIKE = 0.35  # two sentences that share fewer words than this were not made of each other


class Part(DomainModel):
    how: Literal["same", "added", "removed"]
    text: str


class ChangedSentence(DomainModel):
    """`place` is what the sentence is called in the table ("2", "new", "taken out")."""

    item: int
    place: str
    parts: tuple[Part, ...]


class Changes(DomainModel):
    counts: tuple[tuple[int, str], ...]
    rows: tuple[ChangedSentence, ...]


class Revision(DomainModel):
    """One text of an item in its history: who, when, what kind of act, and the text itself."""

    seq: int
    at: datetime
    by: str
    what: str
    determination: Determination | None
    sentences: tuple[ReviewedSentence, ...]
    parent: int | None


def changes_to(state: CaseState, *, store: RecordStore) -> Changes:
    """From the drafts to the texts as they stand."""
    kept = edited = written = 0
    rows: list[ChangedSentence] = []
    for item in state.items:
        for number, sentence in enumerate(item.sentences, start=1):
            before = _drafted_as(item, sentence)
            text = sentence.statement.text
            if before == text:
                kept += 1
            elif before is None:
                written += 1
                rows.append(ChangedSentence(item=item.number, place=f"{number}, new", parts=words_between("", text)))
            else:
                edited += 1
                rows.append(ChangedSentence(item=item.number, place=str(number), parts=words_between(before, text)))
    revisions = sum(1 for happened in store.history(case_id=state.case_id) if isinstance(happened.event, Revised))
    counts = ((kept, "as drafted"), (edited, "edited"), (written, "written by you"), (revisions, "revisions"))
    return Changes(counts=counts, rows=tuple(rows))


def _drafted_as(item: ItemState, sentence: ReviewedSentence) -> str | None:
    """What the draft said where this sentence came from it."""
    if item.draft is None or sentence.origin is None or sentence.draft_seq != item.draft_seq:
        return None
    drafted = item.draft.statements
    return drafted[sentence.origin].text if sentence.origin < len(drafted) else None


def revisions_of(number: int, *, case_id: str, store: RecordStore) -> tuple[Revision, ...]:
    """Every text the item has had, oldest first."""
    found: list[Revision] = []
    state: CaseState | None = None
    for happened in store.history(case_id=case_id):
        state = advance(state, happened)
        event = happened.event
        if not _is_text_of(event, number):
            continue
        item = state.item(number)
        if item.revision != happened.seq:
            continue  # a draft that stands beside an edited text
        found.append(
            Revision(
                seq=happened.seq,
                at=happened.at,
                by=happened.actor,
                what=_what(event),
                determination=item.determination,
                sentences=item.sentences,
                parent=event.parent if isinstance(event, Revised) else None,
            )
        )
    return tuple(found)


def _is_text_of(event: Event, number: int) -> bool:
    if isinstance(event, Drafted):
        return any(draft.item == number for draft in event.drafts)
    return isinstance(event, Revised) and event.item == number


def _what(event: Event) -> str:
    if isinstance(event, Drafted):
        return f"drafted by {event.rests_on.model}, {event.rests_on.prompt}"
    return "kept automatically" if isinstance(event, Revised) and event.autosaved else "saved"


def sentences_between(before: Sequence[str], after: Sequence[str], *, item: int) -> Iterator[ChangedSentence]:
    """Each sentence that differs; a sentence reworded is shown against the one it replaced."""
    for how, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if how == "equal":
            continue
        gone, come = list(before[a:b]), list(after[c:d])
        for offset in range(max(len(gone), len(come))):
            old = gone[offset] if offset < len(gone) else ""
            new = come[offset] if offset < len(come) else ""
            place = "taken out" if not new else str(c + offset + 1)
            yield ChangedSentence(item=item, place=place, parts=words_between(old, new))


def words_between(before: str, after: str) -> tuple[Part, ...]:
    """The words of two texts in order, each the same, added or removed."""
    old, new = before.split(), after.split()
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    if old and new and matcher.ratio() < ALIKE:
        return (Part(how="removed", text=before), Part(how="added", text=after))
    return tuple(_parts(matcher, old, new))


def _parts(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Part]:
    for how, a, b, c, d in matcher.get_opcodes():
        if how == "equal":
            yield Part(how="same", text=" ".join(old[a:b]))
            continue
        if b > a:
            yield Part(how="removed", text=" ".join(old[a:b]))
        if d > c:
            yield Part(how="added", text=" ".join(new[c:d]))
