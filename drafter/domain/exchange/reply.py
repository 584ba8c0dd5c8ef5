"""A model's reply, read strictly: keys become citations, and whatever does not hold becomes a blocker.

Nothing is repaired. A statement that names an unknown key, quotes words that are not there, claims an absence that the
program did not search for, or pronounces a verdict keeps its text and gets a finding that says so; the exact verdict
sentence is the program's own and follows the outcome that the reviewer chose. The reply has no field that could set an
outcome (proved by tests/unit/test_exchange.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from drafter.domain.draft import (
    Citation,
    CriterionAssessment,
    Finding,
    PassageCitation,
    RecordCitation,
    Statement,
)
from drafter.domain.drafting.wording import citation_of
from drafter.domain.exchange.instructions import instruction_in
from drafter.domain.exchange.shown import Shown, ShownPassage, ShownSentence

_SIDES: tuple[Literal["for", "against"], ...] = ("for", "against")
SILENT = frozenset({"not_documented", "not_in_summary"})
_VERDICT = re.compile(
    r"\b(?:is|are|was|were|be|as)\s+(?:not\s+|therefore\s+|thus\s+)*medically\s+(?:un)?necessary\b|"
    r"\b(?:denial|determination|decision|request|item)\s+(?:is|should be|must be|was)\s+(?:therefore\s+)?"
    r"(?:upheld|overturned|approved|denied|certified|authorized)\b",
    re.IGNORECASE,
)
_NOT_SHOWN = re.compile(
    r"\b(?:is|are|was|were|has|have|had)\s+(?:\w+ly\s+)?(?:not|never)\s+(?:yet\s+)?(?:been\s+)?(?:\w+ly\s+)?"
    r"(?:shown|documented|reported|established|demonstrated|met)\b|"
    r"\bnone of [^.;]{3,60} (?:is|are|was|were) (?:shown|met)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")
_PAGE = re.compile(r"\b(?:pages?|pgs?|pp)\b\.?(?:\(s\))?:?\s*\d", re.IGNORECASE)


class ReplyStatement(BaseModel):
    """One sentence of a reply. `quote`: words in it that stand in a ground exactly so, or null."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    text: str
    kind: Literal["guideline", "record", "absence", "reasoning"]
    supports: Literal["for", "against"] | None
    grounds: list[str]
    quote: str | None


class ModelReply(BaseModel):
    """The whole reply: the number of the item it is about, its statements in order, and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    item: int
    statements: list[ReplyStatement]


class ReadReply(BaseModel):
    """The statements that a reply gave, and what does not hold about them; the keys that each side names."""

    model_config = ConfigDict(frozen=True)

    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]
    named: Mapping[Literal["for", "against"], frozenset[str]] = {}


KINDS: tuple[str, ...] = get_args(ReplyStatement.model_fields["kind"].annotation)


def reply_keys() -> tuple[str, ...]:
    """Every key that a reply has to have."""
    return (*ModelReply.model_fields, *ReplyStatement.model_fields)


@cache
def reply_schema() -> Mapping[str, object]:
    """The JSON schema of a reply."""
    return ModelReply.model_json_schema()


def read_reply(text: str, shown: Shown, *, item: int) -> ReadReply:
    """The reply as statements with citations. Never raises: an unusable reply is one blocker and no statement."""
    try:
        reply = ModelReply.model_validate(json.loads(text))
    except (json.JSONDecodeError, ValidationError, RecursionError) as error:
        return ReadReply(statements=(), findings=(_unusable(error, item=item),))
    if not reply.statements:
        return ReadReply(
            statements=(), findings=(_blocker("reply-unusable", "The reply holds no statement.", item=item),)
        )
    findings = []
    if reply.item != item:
        findings.append(_blocker("reply-other-item", f"The reply is about item {reply.item}.", item=item))
    read = [_read(said, shown, item=item, place=place) for place, said in enumerate(reply.statements)]
    return ReadReply(
        statements=tuple(statement for one in read for statement in one.statements),
        findings=(*findings, *(finding for one in read for finding in one.findings)),
        named={side: _named(reply, side) for side in _SIDES},
    )


def _named(reply: ModelReply, side: Literal["for", "against"]) -> frozenset[str]:
    return frozenset(key for said in reply.statements if said.supports == side for key in said.grounds)


def read_statement(text: str, shown: Shown, *, item: int, place: int) -> ReadReply:
    """One statement of a reply, given as its own JSON. Never raises, as `read_reply`."""
    try:
        said = ReplyStatement.model_validate(json.loads(text))
    except (json.JSONDecodeError, ValidationError, RecursionError) as error:
        return ReadReply(statements=(), findings=(_unusable(error, item=item),))
    return _read(said, shown, item=item, place=place)


def _read(said: ReplyStatement, shown: Shown, *, item: int, place: int) -> ReadReply:
    where = {"field": f"statements.{place}", "start": 0, "end": len(said.text), "quote": said.text}
    faults = [_blocker(check, message, item=item).model_copy(update=where) for check, message in _faults(said, shown)]
    doubts = [open_.model_copy(update=where) for open_ in _left_open(said, shown, item=item)]
    return ReadReply(statements=(_statement(said, shown),), findings=(*faults, *doubts))


def _unusable(error: Exception, *, item: int) -> Finding:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the reply"
        return _blocker("reply-unusable", f"The reply breaks its schema at {where}: {first['msg']}.", item=item)
    return _blocker("reply-unusable", "The reply is not one JSON object.", item=item)


def _blocker(check: str, message: str, *, item: int) -> Finding:
    return Finding(check=check, severity="blocker", item=item, message=message)


def _faults(said: ReplyStatement, shown: Shown) -> Iterator[tuple[str, str]]:
    known = {one.key for group in (shown.record, shown.arguments, shown.passages, shown.criteria) for one in group}
    unknown = [key for key in said.grounds if key not in known]
    if unknown:
        yield "reply-unknown-key", f"The statement names {', '.join(unknown)}, which it was not shown."
    if not said.grounds:
        yield "reply-unknown-key", "The statement names no ground."
    if (said.quote is not None and not _quoted(said, shown)) or not _marked_stand(said, shown):
        yield (
            "reply-quote-differs",
            "The words marked as a quote do not stand so in any ground that the statement names.",
        )
    if said.kind == "absence" and not _searched(said, shown):
        yield (
            "reply-absence-unproven",
            "The statement claims an absence that no named criterion was searched for and lacked.",
        )
    if said.kind == "record" and not any(one.key in said.grounds for one in (*shown.record, *shown.arguments)):
        yield "reply-unknown-key", "A statement about the record names no sentence of the record."
    if said.supports and said.grounds and all(key.startswith("U") for key in said.grounds):
        yield "reply-argument-as-fact", "The statement takes a side on the claims administrator's argument alone."
    if said.kind == "guideline" and not _passages(said, shown):
        yield "reply-unknown-key", "A statement about the guideline names no passage."
    yield from _own_words(said)


def _left_open(said: ReplyStatement, shown: Shown, *, item: int) -> Iterator[Finding]:
    """A reasoning sentence that calls something not shown, where the program did not find its criteria unmet."""
    rows = [row for row in _rows(said, shown) if row.role != "notes"]
    if said.kind != "reasoning" or not rows or not _NOT_SHOWN.search(said.text):
        return
    if not any(row.status in SILENT or row.status == "not_met" for row in rows):
        keys = ", ".join(one.key for one in shown.criteria if one.key in said.grounds)
        told = f"The sentence calls something not shown; the program did not find so of {keys}. Say what is open."
        yield Finding(check="reply-absence-open", severity="warning", item=item, message=told)


def _own_words(said: ReplyStatement) -> Iterator[tuple[str, str]]:
    """What a statement may not say whatever it rests on: pages, verdicts, and talk of its instructions."""
    if _PAGE.search(said.text) and not (said.quote and _PAGE.search(said.quote)):
        yield "reply-own-page", "The statement gives a page; pages come from the passage alone."
    if instruction_in(said.text):
        yield "reply-instruction", "The statement speaks to a machine or about its instructions, not about the worker."
    if _VERDICT.search(said.text):
        yield "reply-own-verdict", "The statement pronounces a verdict; that sentence is the reviewer's."


def _statement(said: ReplyStatement, shown: Shown) -> Statement:
    spoken = [one for one in (*shown.record, *shown.arguments) if one.key in said.grounds]
    citations: list[Citation] = [_passage_citation(one, said) for one in _passages(said, shown)]
    citations += [RecordCitation(record=one.span) for one in spoken]
    citations += [
        RecordCitation(record=span) for row in _rows(said, shown) if said.kind != "absence" for span in row.record[:1]
    ]
    return Statement(
        text=said.text,
        kind=said.kind,
        supports=said.supports,
        searched=_searched(said, shown),
        citations=tuple(citations),
    )


def _passage_citation(one: ShownPassage, said: ReplyStatement) -> PassageCitation:
    exact = one.passage.text_kind == "official" and said.quote is not None and said.quote in one.passage.text
    return citation_of(one.passage, quote=said.quote if exact else None)


def _passages(said: ReplyStatement, shown: Shown) -> list[ShownPassage]:
    named = {*said.grounds, *(one.passage_key for one in shown.criteria if one.key in said.grounds)}
    return [one for one in shown.passages if one.key in named]


def _rows(said: ReplyStatement, shown: Shown) -> list[CriterionAssessment]:
    return [one.assessment for one in shown.criteria if one.key in said.grounds]


def _searched(said: ReplyStatement, shown: Shown) -> tuple[str, ...]:
    """The words searched for, where an absence rests on criteria that were all found silent; else nothing."""
    rows = _rows(said, shown)
    if said.kind != "absence" or not rows or any(row.status not in SILENT or row.role == "notes" for row in rows):
        return ()
    return tuple(dict.fromkeys(word for row in rows for word in row.searched))


def _quoted(said: ReplyStatement, shown: Shown) -> bool:
    """The quote stands in the statement, and exactly so in a named sentence or a named official passage."""
    quote = said.quote or ""
    return bool(quote.strip()) and quote in said.text and any(quote in text for text in _quotable(said, shown))


def _marked_stand(said: ReplyStatement, shown: Shown) -> bool:
    """Whatever stands between quotation marks in the statement stands in a ground, a closing stop apart."""
    texts = [" ".join(text.split()) for text in _quotable(said, shown)]
    marked = [" ".join((match[1] or match[2]).split()).rstrip(".,;") for match in _MARKED.finditer(said.text)]
    return all(any(words in text for text in texts) for words in marked if " " in words)


def _quotable(said: ReplyStatement, shown: Shown) -> list[str]:
    spoken: list[ShownSentence] = [one for one in (*shown.record, *shown.arguments) if one.key in said.grounds]
    official = [one.passage.text for one in _passages(said, shown) if one.passage.text_kind == "official"]
    return [*(words for one in spoken for words in (one.span.quote, one.text)), *official]
