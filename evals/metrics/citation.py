"""Scores of a draft's citations: do they exist, are quotations exact, is copied text attributed, do they support.

Recall and precision of citations follow ALCE (Gao et al. 2023) with the rule of `support.py` in the place of its
language model: a sentence counts as recalled where its citations together support it; a citation is precise where its
sentence is supported and it supports the sentence alone, or the rest does not without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from evals.metrics.folding import folded, share, words
from evals.metrics.sources import Sources
from evals.metrics.support import supported

Row = Mapping[str, Any]
Scores = dict[str, float | None]
STATING = frozenset({"guideline", "record", "reasoning"})
RUN = 8  # words in a row that are no coincidence


def citation_scores(draft: Row, sources: Sources, *, page_starts: Mapping[str, Sequence[Row]]) -> Scores:
    """Every citation metric of a stored draft."""
    statements = draft["statements"]
    cited = [one for statement in statements for one in statement["citations"]]
    passages = [one for one in cited if "passage_id" in one]
    judged = passages if not sources.knows_record else cited
    quoted = [one for one in passages if one["quote"] is not None]
    texts = {key: one["text"] for key, one in sources.passages.items()}
    claims = [one for one in statements if one["kind"] != "conclusion"]
    recalled, precise = _supports(statements, sources)
    return {
        "citation_valid": share([sources.stands(one) for one in judged]),
        "citations_retrieved": share([one["passage_id"] in texts for one in passages]),
        "quotes_exact": share([one["quote"] in texts.get(one["passage_id"], "") for one in quoted]),
        "attributed_copy": attributed_copy(statements, texts),
        "citation_recall": share(recalled),
        "citation_precision": share(precise),
        "page_support": share(list(_on_page(quoted, texts, page_starts))),
        "grounded": share([bool(one["citations"] or one["searched"]) for one in claims]),
        "guideline_weighed": float(bool(passages)) if draft["addressed"] and statements else None,
    }


def _supports(statements: Sequence[Row], sources: Sources) -> tuple[list[bool], list[bool]]:
    """One entry a stating sentence, and one a citation of such a sentence."""
    recalled, precise = [], []
    for statement in statements:
        if statement["kind"] not in STATING:
            continue
        texts = [sources.text(one) for one in statement["citations"]]
        text, request = statement["text"], sources.request
        whole = supported(text, texts, request=request)
        recalled.append(whole)
        for number, one in enumerate(texts):
            rest = [*texts[:number], *texts[number + 1 :]]
            alone = whole and supported(text, [one], request=request)
            precise.append(alone or (whole and not supported(text, rest, request=request)))
    return recalled, precise


def attributed_copy(statements: Sequence[Row], texts: Mapping[str, str]) -> float | None:
    """Of the words in runs of eight or more that a passage has too: those whose passage the same or the next sentence
    cites."""
    runs = {key: frozenset(_runs(words(text))) for key, text in texts.items()}
    copied = attributed = 0
    for statement, following in pairwise((*statements, None)):
        near = (statement, following) if following is not None else (statement,)
        cited = {one.get("passage_id") for each in near if each is not None for one in each["citations"]}
        told = words(statement["text"]) if statement is not None else []
        anywhere = _covered(told, runs.values())
        copied += len(anywhere)
        attributed += len(_covered(told, [held for key, held in runs.items() if key in cited]))
    return attributed / copied if copied else None


def _runs(told: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(told[at : at + RUN]) for at in range(len(told) - RUN + 1))


def _covered(told: Sequence[str], held: Any) -> set[int]:
    """The places of the words that lie in a run that one of the texts has."""
    return {at + step for at, run in enumerate(_runs(told)) if any(run in runs for runs in held) for step in range(RUN)}


def _on_page(quoted: Sequence[Row], texts: Mapping[str, str], starts: Mapping[str, Sequence[Row]]) -> Iterator[bool]:
    """For each quotation with a page: whether it stands on one that the citation names."""
    for one in quoted:
        text, pages = texts.get(one["passage_id"], ""), starts.get(one["passage_id"], ())
        if not one["pages"] or not pages:
            continue
        at = folded_find(text, one["quote"])
        yield at is not None and _page_at(pages, at) in one["pages"]


def folded_find(text: str, quote: str) -> int | None:
    """Where the quotation begins; where it stands in the text only after folding, its share of the way through."""
    if (at := text.find(quote)) >= 0:
        return at
    told = folded(text)
    at = told.find(folded(quote))
    return round(at * len(text) / len(told)) if at >= 0 else None


def _page_at(starts: Sequence[Row], at: int) -> str | None:
    page = None
    for one in starts:
        if one["at"] <= at:
            page = one["page"]
    return page
