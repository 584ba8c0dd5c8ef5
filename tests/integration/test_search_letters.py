"""Search against what published reviewers cited: floors that a change must not break."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from drafter.domain.query import item_query
from drafter.services.drafting import governing_date
from evals.benchmarks.retrieval import measure, report
from evals.benchmarks.systems import SYSTEMS
from evals.benchmarks.tasks import Task, letters_task
from evals.dataset import EvalCase
from evals.gold import gold_sections
from evals.importing import import_cases
from guideline_corpus.edition_table import home_table, load_editions
from guideline_corpus.embedding import Embedder, MiniLmEmbedder
from guideline_corpus.errors import EmbedderUnavailable
from guideline_corpus.search import GuidelineSearch
from guideline_corpus.starter import load_starter
from guideline_corpus.vocabulary import load_vocabulary
from tests.conftest import IN_CI, PublishedLetter
from tests.search_factories import search_over

FIRST_RESULT, FIRST_FIVE = 0.72, 0.92


class Bench(NamedTuple):
    cases: tuple[EvalCase, ...]
    task: Task
    embedder: Embedder
    search: GuidelineSearch


@pytest.fixture(scope="module")
def bench(letters: tuple[PublishedLetter, ...], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    try:
        embedder = MiniLmEmbedder(tmp_path_factory.mktemp("cache"))
    except EmbedderUnavailable as error:
        if IN_CI:
            pytest.fail(str(error))
        pytest.skip(str(error))
    passages = load_starter(load_editions(home_table(Path("none"))))
    cases = import_cases([letter.pdf for letter in letters], name="letters").cases
    task = letters_task(cases, passages, embedder, load_vocabulary())
    return Bench(cases, task, embedder, search_over(passages, embedder=embedder))


def test_the_cited_section_is_found_first_and_among_five(bench: Bench) -> None:
    found = report(bench.task, measure(bench.task, bench.embedder, SYSTEMS[:4]))["systems"]
    ours, others = found[0]["metrics"], found[2:]
    assert ours["hit@1"]["mean"] >= FIRST_RESULT
    assert ours["hit@5"]["mean"] >= FIRST_FIVE
    assert all(ours["hit@1"]["mean"] > one["metrics"]["hit@1"]["mean"] for one in others)


def test_every_cited_section_of_the_mtus_has_a_passage(bench: Bench) -> None:
    assert [query.query_id for query in bench.task.queries if not query.relevant] == []


def test_nothing_superseded_is_found_for_any_letter(bench: Bench) -> None:
    for query in bench.task.queries:
        assert query.as_of is not None
        results = bench.search.search(query.text, as_of=query.as_of, limit=10).results
        assert all(found.passage.in_force.covers(query.as_of) for found in results)


def test_what_reviewers_took_elsewhere_is_mostly_not_addressed_or_dependent(bench: Bench) -> None:
    """56 items of these letters cite nothing of the MTUS; some of them, such as a shoulder MRI, it does address."""
    silent, settled = 0, 0
    for case in bench.cases:
        for item in case.case.items:
            if not gold_sections(item):
                query = item_query(case.case, item, vocabulary=load_vocabulary())
                found = bench.search.search(query, as_of=governing_date(case.case, as_of=None), limit=5)
                silent += 1
                settled += not found.addressed or item.depends_on is not None
    assert settled >= 0.75 * silent, f"{settled} of {silent}"
