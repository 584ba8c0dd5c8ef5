"""Pieces of language that every sentence form needs: dates, lists, quotes and citations as a letter prints them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from drafter.domain.case import DisputedItem, RecordScope
from drafter.domain.draft import PassageCitation, RecordSpan
from drafter.domain.drafting.brief import ItemBrief
from guideline_corpus.model import Criterion, Passage


class Wording(Protocol):
    """The sentence forms of one prompt version (`drafter.templates.SentenceForms`)."""

    def say(self, form: str, **slots: str) -> str: ...


def printed_date(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def listed(phrases: Sequence[str]) -> str:
    """ "a and b", "a, x; and b", "a; b; and c": semicolons, because the phrases themselves hold commas."""
    if len(phrases) < 2:
        return "".join(phrases)
    joint = "; " if len(phrases) > 2 or any("," in phrase for phrase in phrases) else " "
    return f"{'; '.join(phrases[:-1])}{joint}and {phrases[-1]}"


def in_turn(clauses: Sequence[str]) -> str:
    """ "asks for a and b; and limits it to c": a semicolon where a clause has an "and" of its own."""
    if len(clauses) == 2 and " and " in clauses[0]:
        return "; and ".join(clauses)
    return listed(clauses)


def opened(text: str) -> str:
    """A clause as the start of a sentence."""
    return text[:1].upper() + text[1:]


def inner_quote(text: str) -> str:
    """Words to stand between double quotes: their own double quotes become single, line breaks blanks."""
    folded = " ".join(text.split())
    for mark in ('"', "“", "”"):
        folded = folded.replace(mark, "'")
    return folded.rstrip(" .,;:")


def phrase_of(criterion: Criterion) -> str:
    """The criterion as it stands inside a sentence."""
    phrase = criterion.phrase or criterion.text
    phrase = phrase.strip().rstrip(".;")
    starts_word = len(phrase) > 1 and phrase[0].isupper() and phrase[1].islower()
    return phrase[0].lower() + phrase[1:] if starts_word and not criterion.phrase else phrase


def citation_of(passage: Passage, *, quote: str | None = None) -> PassageCitation:
    """The citation of a passage; section and pages are the passage's own."""
    return PassageCitation(
        passage_id=passage.passage_id,
        guideline=passage.guideline,
        edition=passage.edition,
        section=passage.section,
        pages=passage.pages,
        quote=quote,
        text_kind=passage.text_kind,
    )


def named(passage: Passage) -> str:
    """The passage as a sentence's subject: "The MTUS guideline Low Back Complaints 2004, section Special Studies"."""
    what = "The MTUS guideline" if passage.rung == 1 else "The guideline"
    section = f", section {passage.section}" if passage.section else ""
    pages = f", {printed_pages(passage.pages)}" if passage.pages else ""
    return f"{what} {passage.guideline} {passage.edition}{section}{pages}"


def printed_pages(pages: Sequence[str]) -> str:
    """ "page 98", "pages 89 and 90", "pages 98-99"."""
    word = "page" if len(pages) == 1 and not re.search(r"[-\u2013,]", pages[0]) else "pages"
    return f"{word} {listed(list(pages))}"


def request_span(brief: ItemBrief) -> RecordSpan:
    """The request itself as a ground."""
    return treatment_span(brief.item)


def treatment_span(item: DisputedItem) -> RecordSpan:
    return RecordSpan(field=f"items[{item.number}].treatment", start=0, end=len(item.treatment), quote=item.treatment)


def scope_form(scope: RecordScope) -> str:
    """Which form states an absence: absence can be proved against the file alone."""
    return "not_documented" if scope == "file" else "not_in_summary"
