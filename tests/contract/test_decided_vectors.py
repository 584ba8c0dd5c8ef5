"""One contract for the vectors of decided items: in a mapped file, or on a Chroma server (loopback)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from evals.benchmarks.chroma_process import chroma_served
from guideline_corpus.decided.opening import add_decided, open_similar
from guideline_corpus.decided.similar import SimilarItems
from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.settings import CorpusSettings
from tests.decided_factories import by_comparing_all, make_decided

FIRST = date(2015, 1, 1)
Open = Callable[[CorpusSettings], SimilarItems]
TREATMENTS = ("MRI", "X-ray", "physical therapy", "acupuncture", "massage therapy", "Norco", "Flexeril", "unheard of")
PARTS = ("lumbar spine", "left knee", "right shoulder", "neck", "left wrist", "ankle")


@pytest.fixture(scope="module")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_served(tmp_path_factory.mktemp("chroma-server")) as url:
        yield url


@pytest.fixture(params=["mapped file", "chroma server"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> CorpusSettings:
    """A home whose vectors are kept in the way under test."""
    url = request.getfixturevalue("chroma_server") if request.param == "chroma server" else None
    return CorpusSettings(home=tmp_path / "home", chroma_url=url)


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens searches, and closes them."""
    open_ones: list[SimilarItems] = []

    def open_one(settings: CorpusSettings) -> SimilarItems:
        open_ones.append(open_similar(settings, embedder=FakeEmbedder()))
        return open_ones[-1]

    yield open_one
    for one in open_ones:
        one.close()


def some(count: int, *, seed: int = 0) -> list[Any]:
    """Items no two of which have the same text, so that none tie."""
    chance = random.Random(seed)
    return [
        make_decided(
            f"CM15-{number // 2:07}",
            number % 2 + 1,
            treatment=f"{chance.choice(TREATMENTS)} of the {chance.choice(PARTS)}, {number} visits, claim {number * 7}",
            decided=FIRST + timedelta(days=chance.randrange(1000)),
        )
        for number in range(count)
    ]


def add(settings: CorpusSettings, items: Sequence[Any], **options: Any) -> None:
    file = settings.home.with_name(f"{len(items)}.jsonl")
    file.write_text("".join(f"{printed(item)}\n" for item in items), encoding="utf-8")
    add_decided(settings, [file], **({"embedder": FakeEmbedder()} | options))


def printed(item: Any) -> str:
    """What `drafter parse --json` prints of a letter with this item."""
    one = {"number": item.item, "treatment": item.treatment, "determination": item.outcome, "citations": []}
    return json.dumps({"case_number": item.case_number, "dates": {"decision": str(item.decided)}, "items": [one]})


def test_the_limits_hold_and_what_they_leave_is_found(kept: CorpusSettings, opened: Open):
    items = some(600)
    add(kept, items)
    search = opened(kept)
    found = wanted = 0

    for number in range(0, 600, 60):
        asked = items[number]
        for days in (5, 60, 900):
            options: dict[str, Any] = {"before": FIRST + timedelta(days=days), "without_case": asked.case_number}
            keys = [one.decided_item.key for one in search.similar(asked.treatment, limit=5, **options).results]
            shown = [one for one in items if one.key in keys]
            assert all(one.decided < options["before"] and one.case_number != asked.case_number for one in shown)
            expected = by_comparing_all(items, asked.treatment, embedder=FakeEmbedder(), **options)
            found += len(set(expected) & set(keys))
            wanted += len(expected)
            if kept.chroma_url is None:
                assert keys == expected

    assert found / wanted >= 0.95


def test_two_searches_for_one_thing_give_one_answer(kept: CorpusSettings, opened: Open):
    add(kept, some(300))

    first = opened(kept).similar("acupuncture of the neck, 12 visits", limit=10)

    assert opened(kept).similar("acupuncture of the neck, 12 visits", limit=10) == first


def test_what_is_added_later_is_found_and_what_it_replaced_is_not(kept: CorpusSettings, opened: Open):
    items = some(200)
    add(kept, items)
    changed = items[7].model_copy(update={"treatment": "Hyperbaric oxygen, ankle", "decided": date(2019, 1, 1)})
    new = make_decided("CM19-0000001", treatment="Hyperbaric oxygen for the ankle", decided=date(2019, 5, 1))

    add(kept, [changed, new])
    search = opened(kept)

    assert len(search) == 201
    result = search.similar("hyperbaric oxygen, ankle", limit=2)
    assert {one.decided_item.key for one in result.results} == {changed.key, new.key}
    late = search.similar(items[7].treatment, before=date(2019, 1, 1), limit=200)
    assert changed.key not in [one.decided_item.key for one in late.results]


def test_an_older_search_goes_on_while_items_are_added(kept: CorpusSettings, opened: Open):
    add(kept, some(100))
    before = opened(kept)

    add(kept, [make_decided("CM19-0000001", treatment="Hyperbaric oxygen for the ankle")])

    assert len(before) == 100
    results = before.similar("hyperbaric oxygen for the ankle", limit=100).results
    assert "CM19-0000001" not in [one.decided_item.case_number for one in results]


def test_vectors_that_were_lost_are_made_again(kept: CorpusSettings, opened: Open, tmp_path: Path):
    items = some(50)
    add(kept, items)
    elsewhere = CorpusSettings(home=tmp_path / "other", chroma_url=kept.chroma_url)
    elsewhere.home.mkdir()
    (kept.home / "decided").rename(elsewhere.home / "decided")
    for index in (elsewhere.home / "decided").glob("index-*/vectors.npy"):
        index.unlink()
    (elsewhere.home / "decided" / "collection").unlink(missing_ok=True)

    result = opened(elsewhere).similar(items[3].treatment, limit=1)

    assert result.results[0].decided_item == items[3]
