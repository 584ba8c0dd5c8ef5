"""Are true quotations accepted and altered ones caught? Planted on the official guideline texts of a corpus.

    python -m evals.benchmarks.quotes [--count 200] [--seed 7]     the official texts in the corpus of DRAFTER_HOME

A quotation is a sentence of a passage, untouched but for its typography (`true`), or with one thing changed: a number,
a length of time, a negation, a drug, a qualifier; or joined from two sentences, or made up. It is held against its
passage as a draft's citation is, and against the whole corpus as one marked in a letter is. Every kind has its share of
caught ones with a 95 percent Wilson interval.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from drafter.domain.checks.quote_match import match_quote
from drafter.settings import read_settings
from evals.wilson import wilson
from guideline_corpus.errors import CorpusError
from guideline_corpus.model import Passage
from guideline_corpus.sentences import sentence_spans
from guideline_corpus.versions import load_corpus
from guideline_corpus.vocabulary import Family, Vocabulary, load_vocabulary

FEWEST_WORDS, MOST_WORDS = 8, 60
_TREATMENTS: tuple[Family, ...] = ("treatment",)
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])")
_TIME = re.compile(r"\b(\d+|one|two|three|four|six|eight|twelve)([ -])(day|week|month|year)(s?)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:not|no|never|cannot|without)\b ?", re.IGNORECASE)
_VERB = re.compile(r"\b(?:should|must|may|can|is|are|has|have|will)\b")
_BOUND = re.compile(
    r",? \b(?:unless|except|only if|only when|provided|until)\b[^,;.]+|\b(?:only|at least|up to|no more than|at most|"
    r"usually|generally|rarely|may|most|some) ",
    re.IGNORECASE,
)
_TIMES = ("two", "five", "nine", "18", "30")
_CLAIMS = (
    "Patients who prefer {} may continue it for as long as both physician and patient are content with the results.",
    "Coverage of {} does not depend upon a documented trial of any other kind of care in this group of workers.",
    "The panel found {} superior to every alternative that was compared in the trials it had at hand.",
)


class PlantedQuote(NamedTuple):
    kind: str
    quote: str
    passage: int


Change = Callable[[str, random.Random, Vocabulary], str | None]


def number(sentence: str, chance: random.Random, vocabulary: Vocabulary) -> str | None:
    found = list(_NUMBER.finditer(sentence))
    if not found:
        return None
    match = chance.choice(found)
    other = str(int(float(match[0])) + chance.choice((1, 2, 10)))
    return sentence[: match.start()] + other + sentence[match.end() :]


def duration(sentence: str, chance: random.Random, vocabulary: Vocabulary) -> str | None:
    match = _TIME.search(sentence)
    if match is None:
        return None
    other = chance.choice([word for word in _TIMES if word != match[1].lower()])
    return sentence[: match.start(1)] + other + sentence[match.end(1) :]


def negation(sentence: str, chance: random.Random, vocabulary: Vocabulary) -> str | None:
    """A negation cut out, or one put in where there is none."""
    match = _NEGATION.search(sentence)
    if match is not None:
        return sentence[: match.start()] + sentence[match.end() :]
    verb = _VERB.search(sentence)
    return sentence[: verb.end()] + " not" + sentence[verb.end() :] if verb else None


def drug(sentence: str, chance: random.Random, vocabulary: Vocabulary) -> str | None:
    spans = [s for s in vocabulary.find(sentence, families=_TREATMENTS) if _is_drug(vocabulary, s.id)]
    if not spans:
        return None
    span = chance.choice(spans)
    others = [t for t in vocabulary.treatments if _is_drug(vocabulary, t) and t != span.id]
    return sentence[: span.start] + vocabulary.treatments[chance.choice(others)].label.lower() + sentence[span.end :]


def qualifier(sentence: str, chance: random.Random, vocabulary: Vocabulary) -> str | None:
    match = _BOUND.search(sentence)
    return sentence[: match.start()] + sentence[match.end() :] if match else None


def _is_drug(vocabulary: Vocabulary, treatment: str) -> bool:
    return vocabulary.treatments[treatment].kind == "drug"


CHANGES: dict[str, Change] = {
    "number": number,
    "duration": duration,
    "negation": negation,
    "drug": drug,
    "dropped qualifier": qualifier,
}
KINDS = ("true", "true, other typography", *CHANGES, "spliced", "invented")


def plant(passages: Sequence[Passage], *, count: int, seed: int, vocabulary: Vocabulary) -> Iterator[PlantedQuote]:
    """About `count` quotations, the kinds in turn; a kind is passed over once no sentence is left that it fits."""
    chance = random.Random(seed)
    sentences = [(s, n) for n, passage in enumerate(passages) for s in told_sentences(passage.text)]
    chance.shuffle(sentences)
    left = {kind: iter(sentences) for kind in KINDS}
    for turn in range(count):
        kind = KINDS[turn % len(KINDS)]
        planted = next((p for s, n in left[kind] if (p := _planted(kind, s, n, sentences, chance, vocabulary))), None)
        if planted is not None:
            yield planted


def caught(planted: PlantedQuote, passages: Sequence[Passage]) -> tuple[bool, bool]:
    """Whether it is called other than exact: held against its own passage, and against every passage."""
    own = match_quote(planted.quote, (passages[planted.passage].text,))
    anywhere = match_quote(planted.quote, tuple(passage.text for passage in passages))
    return own.fate != "exact", anywhere.fate != "exact"


def _planted(
    kind: str,
    sentence: str,
    number: int,
    sentences: Sequence[tuple[str, int]],
    chance: random.Random,
    vocabulary: Vocabulary,
) -> PlantedQuote | None:
    if kind == "true":
        return PlantedQuote(kind, sentence, number)
    if kind == "true, other typography":
        return PlantedQuote(kind, _retyped(sentence, chance), number)
    if kind == "spliced":
        return PlantedQuote(kind, spliced_from(sentence, chance.choice(sentences)[0]), number)
    if kind == "invented":
        return PlantedQuote(kind, unsupported_claim(chance, vocabulary), number)
    changed = CHANGES[kind](sentence, chance, vocabulary)
    if not changed or len(changed.split()) < FEWEST_WORDS or changed.lower() == sentence.lower():
        return None
    return PlantedQuote(kind, changed, number)


def unsupported_claim(chance: random.Random, vocabulary: Vocabulary) -> str:
    """A fluent sentence in the tone of a guideline that no guideline holds."""
    label = chance.choice(list(vocabulary.treatments.values())).label
    return chance.choice(_CLAIMS).format(label)


def told_sentences(text: str) -> Iterator[str]:
    """The sentences of a passage that are long enough to be worth quoting, and no longer than one would quote."""
    for start, end in sentence_spans(text):
        if FEWEST_WORDS <= len(text[start:end].split()) <= MOST_WORDS and text[start].isupper():
            yield text[start:end]


def _retyped(sentence: str, chance: random.Random) -> str:
    """Other dashes and quotation marks, a line break, a small first letter: what copying does to a text."""
    words = sentence.replace("—", " - ").replace("’", "'").replace("“", '"').replace("”", '"').split()
    words.insert(chance.randrange(1, len(words)), "\n")
    retyped = " ".join(words).replace(" \n ", "\n")
    return retyped[0].lower() + retyped[1:]


def spliced_from(first: str, second: str) -> str:
    """The beginning of one sentence joined to the end of another."""
    head, tail = first.split(), second.split()
    return " ".join([*head[: max(5, len(head) // 2)], *tail[-max(5, len(tail) // 2) :]])


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--misses", action="store_true", help="show what was missed or refused")
    asked = arguments.parse_args()
    try:
        passages = [p for p in load_corpus(read_settings().home).passages if p.text_kind == "official"]
    except CorpusError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if not passages:
        sys.stderr.write("The corpus holds no official text; add one with `guideline-corpus add FILE`.\n")
        return 2
    told: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for planted in plant(passages, count=asked.count, seed=asked.seed, vocabulary=load_vocabulary()):
        found = caught(planted, passages)
        told[planted.kind].append(found)
        if asked.misses and any(flag == planted.kind.startswith("true") for flag in found):
            sys.stderr.write(f"{planted.kind} {found}: {planted.quote}\n")
    sys.stdout.write("| kind | quotations | called altered by its passage | 95 % | by the corpus | 95 % |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for kind, flags in told.items():
        cells = [f"{sum(column)} | {wilson(sum(column), len(flags))}" for column in zip(*flags, strict=True)]
        sys.stdout.write(f"| {kind} | {len(flags)} | {' | '.join(cells)} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
