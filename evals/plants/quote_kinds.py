"""Errors of quotation: what stands between quotation marks, or is copied without them, is not what the guideline says.

They need rationales that quote official text. `evals plant` writes some of its own from the official passages of the
corpus (`written_cases`): one sentence word for word, between quotation marks, under the guideline's title and section.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from drafter.adapters.letters.citations import citations_in
from drafter.domain.case import Case, CaseDates, DisputedItem
from evals.benchmarks.quotes import CHANGES, spliced_from, told_sentences, unsupported_claim
from evals.dataset import EvalCase
from evals.plants.model import Edit
from evals.plants.scene import Scene
from guideline_corpus.model import Passage

WRITTEN = "WRITTEN-"
_QUOTED = re.compile(r"“([^”]+)”")


def _changed(kind: str) -> Callable[[Scene], Iterator[Edit]]:
    def quote(scene: Scene) -> Iterator[Edit]:
        for match in _QUOTED.finditer(scene.rationale):
            other = CHANGES[kind](match[1], scene.chance, scene.vocabulary)
            if other and other.lower() != match[1].lower() and len(other.split()) >= 5:
                yield _quote(match, other)

    return quote


def spliced(scene: Scene) -> Iterator[Edit]:
    others = [match[1] for text in scene.elsewhere for match in _QUOTED.finditer(text)]
    for match in _QUOTED.finditer(scene.rationale):
        if others:
            yield _quote(match, spliced_from(match[1], scene.chance.choice(others)))


def invented(scene: Scene) -> Iterator[Edit]:
    for match in _QUOTED.finditer(scene.rationale):
        yield _quote(match, unsupported_claim(scene.chance, scene.vocabulary))


def copied_unmarked(scene: Scene) -> Iterator[Edit]:
    """The same words, without marks and without a word on where they come from."""
    for start, end in scene.sentences:
        match = _QUOTED.search(scene.rationale, start, end)
        if match and not scene.item.reviewer_guideline:
            words = match[1]
            yield Edit(field="rationale", start=start, before=scene.rationale[start:end], after=words)


def _quote(match: re.Match[str], other: str) -> Edit:
    return Edit(field="rationale", start=match.start(1), before=match[1], after=other)


KINDS: Mapping[str, Callable[[Scene], Iterator[Edit]]] = {
    **{f"quote: {kind}": _changed(kind) for kind in CHANGES},
    "quote: spliced": spliced,
    "quote: invented": invented,
    "quote: copied unmarked": copied_unmarked,
}


def written_cases(passages: Sequence[Passage], *, count: int, seed: int) -> Iterator[EvalCase]:
    """Cases of one item whose rationale quotes one sentence of an official passage; every fourth names no source."""
    chance = random.Random(seed)
    told = [(s, p) for p in passages if p.text_kind == "official" for s in told_sentences(p.text) if "”" not in s]
    chance.shuffle(told)
    for number, (sentence, passage) in enumerate(told[:count], start=1):
        yield EvalCase(case_id=f"{WRITTEN}{number:03d}", case=_written(sentence, passage, named=number % 4 != 0))


def _written(sentence: str, passage: Passage, *, named: bool) -> Case:
    line = f"{passage.guideline} {passage.edition}, Section(s): {passage.section}" if named else None
    rationale = (
        "The worker has low back pain after lifting, as the visit of 10/05/2016 records. "
        f"“{sentence}” The visit does not show this. The request is not medically necessary."
    )
    item = DisputedItem(
        number=1,
        heading="Follow-up visit, low back",
        treatment="Follow-up visit, low back",
        determination="upheld",
        reviewer_guideline=line,
        citations=citations_in(line, party="reviewer") if line else (),
        rationale=rationale,
    )
    return Case(
        form="case-file",
        dates=CaseDates(injury=date(2016, 3, 14), rfa=date(2016, 10, 10), ur_denial=date(2016, 10, 20)),
        case_summary="A worker injured the low back on 03/14/2016 by lifting. Visit of 10/05/2016: low back pain.",
        items=(item,),
    )
