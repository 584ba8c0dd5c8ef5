"""One sentence with what it rests on: the sentence, its citation, and the line of the source, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evals.dataset import EvalCase
from evals.metrics.sources import Sources
from evals.metrics.support import told

Row = Mapping[str, Any]
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?]+(?=\s|$)|$)")
LONGEST = 320  # characters of a source line


class Source(NamedTuple):
    """`label` says where the words stand, `words` are those of the source itself."""

    label: str
    words: str


class Sentence(NamedTuple):
    """`findings` are what the checks say of it, gravest first; `is_new` where the other run lacks the sentence."""

    text: str
    kind: str
    sources: tuple[Source, ...]
    searched: tuple[str, ...]
    findings: tuple[str, ...]
    is_new: bool = False


def sentences(draft: Row, case: EvalCase | None, *, other: Row | None = None) -> tuple[Sentence, ...]:
    """The sentences worth reading: those that the other draft does not have, or, without one, those with a finding.

    Where that is none, all of them.
    """
    known = {one["text"] for one in other["statements"]} if other else set()
    sources = Sources(draft, case.case if case else None)
    every = [_sentence(draft, at, sources, is_new=other is not None and one["text"] not in known)
             for at, one in enumerate(draft["statements"])]  # fmt: skip
    telling = [one for one in every if one.is_new or one.findings]
    return tuple(telling or every)


def loose_findings(draft: Row) -> tuple[str, ...]:
    """Blockers and warnings of the draft that belong to no sentence of it."""
    found = [one for one in draft["findings"] if one["severity"] != "note"]
    return tuple(_told(one) for one in found if not (one["field"] or "").startswith("statements."))


def found_sentences(findings: Sequence[Row], *, other: Sequence[Row] | None = None) -> tuple[Sentence, ...]:
    """What the checks found in a finished text: its words, what was found, and the words that stand against them."""
    known = {(one["check"], one["quote"]) for one in other or ()}
    order = {"blocker": 0, "warning": 1, "note": 2}
    return tuple(
        Sentence(
            text=one["quote"] or "",
            kind=one["severity"],
            sources=(_against(one["against"]),) if one["against"] else (),
            searched=(),
            findings=(f"{one['message']} ({one['check']})",),
            is_new=other is not None and (one["check"], one["quote"]) not in known,
        )
        for one in sorted(findings, key=lambda one: order[one["severity"]])
    )


def _against(against: Row) -> Source:
    if "passage_id" in against:
        return Source(_heading(against), against["quote"] or "")
    return Source(_place(against), against["quote"])


def _sentence(draft: Row, at: int, sources: Sources, *, is_new: bool) -> Sentence:
    statement = draft["statements"][at]
    found = [one for one in draft["findings"] if one["field"] == f"statements.{at}" and one["severity"] != "note"]
    return Sentence(
        text=statement["text"],
        kind=statement["kind"],
        sources=tuple(_source(one, statement["text"], sources) for one in statement["citations"]),
        searched=tuple(statement["searched"][:8]),
        findings=tuple(map(_told, sorted(found, key=lambda one: one["severity"] != "blocker"))),
        is_new=is_new,
    )


def _told(finding: Row) -> str:
    return f"{finding['severity']}: {finding['message']} ({finding['check']})"


def _source(citation: Row, sentence: str, sources: Sources) -> Source:
    if "record" in citation:
        span = citation["record"]
        return Source(_place(span), span["quote"])
    passage = sources.passages.get(citation["passage_id"])
    words = citation["quote"] or (nearest(sentence, passage["text"]) if passage else "")
    return Source(_heading(citation), words or "not among what was found")


def _heading(citation: Row) -> str:
    pages = f", page {', '.join(citation['pages'])}" if citation["pages"] else ""
    section = f", {citation['section']}" if citation["section"] else ""
    return f"{citation['guideline']} {citation['edition']}{section}{pages}"


def _place(span: Row) -> str:
    """Where words of the case stand, as a reader calls it."""
    field = str(span["field"])
    if span["record_id"]:
        return f"{span['record_id']}, page {span['page']}"
    if field.startswith("items["):
        return "the request"
    return f"header, {field[6:].replace('_', ' ')}" if field.startswith("dates.") else field.replace("_", " ")


def nearest(sentence: str, text: str) -> str:
    """The sentence of a source that shares most words with a sentence of the draft."""
    wanted = told(sentence).meaning
    return max(_lines(text), key=lambda line: len(told(line).meaning & wanted), default="")[:LONGEST]


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in _SENTENCE.findall(text) if line.strip())


def joined(statements: Sequence[Row]) -> str:
    """The statements as the paragraphs that a reader compares."""
    return "\n".join(one["text"] for one in statements)
