"""What a retrieval benchmark runs on: passages, their vectors, and queries with the passages that answer them.

Two sources: published letters over a guideline corpus (the answer is the section that the reviewer cited), and any set
in the common layout `corpus.jsonl`, `queries.jsonl`, `qrels.tsv`.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from drafter.domain.query import item_query
from drafter.services.drafting import governing_date
from evals.dataset import EvalCase
from evals.errors import EvalsError
from evals.gold import GoldSection, gold_sections
from guideline_corpus.embedding import Embedder, Vectors
from guideline_corpus.indexing import embedded_text
from guideline_corpus.model import InForce, Passage, RetrievedPassage
from guideline_corpus.vocabulary import Vocabulary


class BenchQuery(NamedTuple):
    """A query and the rows of the passages that answer it. Queries of one `cluster` are not independent."""

    query_id: str
    text: str
    as_of: date | None
    relevant: frozenset[int]
    cluster: str


class Task(NamedTuple):
    """Passages, one vector each, and queries. `field` tells whether the words of the field apply."""

    name: str
    passages: tuple[Passage, ...]
    vectors: Vectors
    queries: tuple[BenchQuery, ...]
    field: bool


def letters_task(
    cases: Iterable[EvalCase], passages: Sequence[Passage], embedder: Embedder, vocabulary: Vocabulary
) -> Task:
    """One query for each item whose reviewer cited a section of the MTUS; a cited section may be missing here."""
    queries = []
    for case in cases:
        stripped = case.case.without_reviewer_text()
        for item in case.case.items:
            gold = gold_sections(item)
            if gold:
                queries.append(
                    BenchQuery(
                        query_id=f"{case.case_id}.{item.number}",
                        text=item_query(stripped, item, vocabulary=vocabulary),
                        as_of=governing_date(stripped, as_of=None),
                        relevant=frozenset(_rows_meeting(gold, passages)),
                        cluster=case.case_id,
                    )
                )
    vectors = embedder.embed_documents([embedded_text(passage) for passage in passages])
    return Task("letters", tuple(passages), vectors, tuple(queries), field=True)


def set_task(folder: Path, embedder: Embedder) -> Task:
    """A retrieval set: `corpus.jsonl` (_id, title, text), `queries.jsonl` (_id, text), `qrels.tsv` (query, passage, n).

    Queries without an answer are left out. Raises EvalsError where a file is missing or a line is none.
    """
    corpus = _jsonl(folder / "corpus.jsonl")
    row_of = {str(row["_id"]): number for number, row in enumerate(corpus)}
    answers = _answers(folder, row_of)
    passages = tuple(_passage(str(row["_id"]), str(row.get("title") or ""), str(row["text"])) for row in corpus)
    queries = tuple(
        BenchQuery(str(row["_id"]), str(row["text"]), None, frozenset(answers[str(row["_id"])]), str(row["_id"]))
        for row in _jsonl(folder / "queries.jsonl")
        if answers.get(str(row["_id"]))
    )
    vectors = embedder.embed_documents([embedded_text(passage) for passage in passages])
    return Task(folder.name, passages, vectors, queries, field=False)


def _rows_meeting(gold: Sequence[GoldSection], passages: Sequence[Passage]) -> Iterable[int]:
    for row, passage in enumerate(passages):
        retrieved = RetrievedPassage(rank=1, score=0.0, passage=passage)
        if any(section.met_by(retrieved) for section in gold):
            yield row


def _passage(passage_id: str, title: str, text: str) -> Passage:
    return Passage(
        passage_id=passage_id,
        edition_id="set",
        guideline="",
        edition="",
        rung=4,
        in_force=InForce(),
        section=title,
        text_kind="official",
        text=text,
    )


def _answers(folder: Path, row_of: dict[str, int]) -> dict[str, set[int]]:
    answers: dict[str, set[int]] = defaultdict(set)
    try:
        with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
            for fields in csv.reader(file, delimiter="\t"):
                if len(fields) >= 3 and fields[1] in row_of and fields[-1].strip() not in ("0", ""):
                    answers[fields[0]].add(row_of[fields[1]])
    except OSError as error:
        raise EvalsError(f"{folder} is no retrieval set: qrels.tsv cannot be read ({error.strerror}).") from error
    return answers


def _jsonl(path: Path) -> list[dict[str, object]]:
    try:
        # By line feed alone: what a string may hold besides (U+2028, for one) ends no line of JSON Lines.
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        if any("_id" not in row or "text" not in row for row in rows):
            raise ValueError
    except OSError as error:
        reason = f"{path.name} cannot be read ({error.strerror})"
        raise EvalsError(f"{path.parent} is no retrieval set: {reason}.") from error
    except (ValueError, TypeError) as error:
        raise EvalsError(f"{path} is not JSON Lines with _id and text in every line; correct it.") from error
    return rows
