"""Where each prompt version stands: draft, candidate, live or past, and who wrote it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Literal

from drafter.domain.model import DomainModel
from drafter.domain.prompting.release import LabelEvent, candidate_by, was_live
from drafter.domain.prompting.template import front_matter_of, sections_of
from drafter.errors import TemplateInvalid
from drafter.ports import LabelHistory, PromptLibrary
from drafter.services.prompting.checking import check_text

State = Literal["draft", "candidate", "live", "past"]


class Standing(DomainModel):
    """`state`: past where it was live or published and is not live now. Author, date, note: None where unreadable."""

    label: str
    state: State
    published: bool
    digest: str | None
    errors: int
    author: str | None = None
    date: datetime.date | None = None
    change_note: str | None = None


def standings(*, library: PromptLibrary, history: LabelHistory) -> Sequence[Standing]:
    """Every version of every purpose that is a template, by name and number."""
    events = history.read()
    return tuple(_standing(label, library=library, events=events) for label in library.labels())


def author_of(label: str, *, library: PromptLibrary) -> str:
    """Raises TemplateInvalid where the front matter cannot be read."""
    return front_matter_of(sections_of(library.text(label).text).front).author


def _standing(label: str, *, library: PromptLibrary, events: Sequence[LabelEvent]) -> Standing:
    purpose, _, version = label.partition("@")
    published = label in library.published()
    try:
        written = library.text(label)
    except TemplateInvalid:
        return Standing(label=label, state="draft", published=published, digest=None, errors=1)
    linted = check_text(written.text, name=purpose, version=version, library=library)
    front = linted.template.front_matter if linted.template else None
    state: State = "draft"
    if library.live(purpose) == label:
        state = "live"
    elif label in was_live(events, purpose=purpose):
        state = "past"
    elif candidate_by(events, label=label, digest=written.digest):
        state = "candidate"
    elif published:
        state = "past"
    return Standing(
        label=label,
        state=state,
        published=published,
        digest=written.digest,
        errors=linted.errors,
        author=front.author if front else None,
        date=front.date if front else None,
        change_note=front.change_note if front else None,
    )
