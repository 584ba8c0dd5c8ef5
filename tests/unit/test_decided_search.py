"""A search over many decided items gives what comparing every one of them gives, limits and order included."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline_corpus.decided import scanning
from guideline_corpus.decided.model import DecidedItem
from guideline_corpus.decided.similar import SimilarItems
from guideline_corpus.embedding import FakeEmbedder
from tests.decided_factories import by_comparing_all, make_decided, search_in

TREATMENTS = (
    "MRI",
    "X-ray",
    "physical therapy",
    "acupuncture",
    "massage therapy",
    "Norco 10/325mg #60",
    "Flexeril 10mg",
    "chiropractic care and acupuncture",
    "something unheard of",
    "Tramadol 50mg #30 and Norco 5mg",
    "...",
)
PLACES = (
    "",
    " of the lumbar spine",
    " of the left knee",
    " for the neck",
    ", right shoulder and neck",
    " twice a week",
)
FIRST = date(2015, 1, 1)
QUERIES = (
    "MRI of the lumbar spine",
    "hydrocodone",
    "therapy twice a week, neck",
    "unheard of",
    "acupuncture, knee",
    "",
)


def collection(size: int, *, seed: int = 0) -> tuple[DecidedItem, ...]:
    """Items of cases with one to three items, many alike, in the order of their keys."""
    chance = random.Random(seed)
    return tuple(
        make_decided(
            f"CM15-{number // 2:07}",
            number % 2 + 1,
            treatment=f"{chance.choice(TREATMENTS)}{chance.choice(PLACES)}",
            decided=FIRST + timedelta(days=chance.randrange(60)),
        )
        for number in range(size)
    )


def keys(search: SimilarItems, query: str, **options: Any) -> list[tuple[str, int]]:
    return [found.decided_item.key for found in search.similar(query, **options).results]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that a few hundred items fill many, and most are passed over."""
    monkeypatch.setattr(scanning, "BLOCK", 16)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("words", [False, True], ids=["vectors", "words"])
def test_a_search_gives_what_comparing_every_item_gives(query: str, words: bool):
    items = collection(500)
    embedder = None if words else FakeEmbedder()
    search = search_in(items, words=words)

    for before in (None, FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=31)):
        for own in (None, "CM15-0000007", "cm15-0000007 "):
            for limit in (1, 10, 600):
                options: dict[str, Any] = {"before": before, "without_case": own, "limit": limit}
                assert keys(search, query, **options) == by_comparing_all(items, query, embedder=embedder, **options)


@pytest.mark.usefixtures("small_blocks")
def test_blocks_about_something_else_are_not_read():
    items = collection(2000)
    search = search_in(items)
    read: list[slice] = []
    vectors = search.vectors
    assert isinstance(vectors, scanning.ScannedVectors)

    class Watched:
        def __getitem__(self, rows: slice) -> Any:
            read.append(rows)
            return held[rows]

    held, vectors.vectors = vectors.vectors, Watched()  # type: ignore[assignment]
    search.similar("acupuncture of the left knee", limit=5)

    assert 0 < len(read) < 2000 / 16 / 4


WORDS = st.sampled_from(["MRI", "neck", "knee", "therapy", "Norco", "lumbar", "of", "massage", "odd", "6 visits"])
ITEMS = st.lists(
    st.tuples(st.lists(WORDS, max_size=4).map(" ".join), st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=60
)


@settings(max_examples=150, deadline=None)
@given(
    found=ITEMS,
    query=st.lists(WORDS, max_size=4).map(" ".join),
    day=st.none() | st.integers(0, 7),
    own=st.integers(0, 10),
    limit=st.integers(1, 12),
    words=st.booleans(),
)
def test_whatever_is_held_and_asked_no_item_is_missed_and_none_is_let_through(
    found: list[tuple[str, int, int]], query: str, day: int | None, own: int, limit: int, words: bool
):
    items = tuple(
        make_decided(f"CM15-{case:03}", number, treatment=text, decided=FIRST + timedelta(days=days))
        for number, (text, days, case) in enumerate(found)
    )
    items = tuple(sorted(items, key=lambda item: item.key))
    options: dict[str, Any] = {
        "before": None if day is None else FIRST + timedelta(days=day),
        "without_case": f"cm15-{own:03}",
        "limit": limit,
    }

    expected = by_comparing_all(items, query, embedder=None if words else FakeEmbedder(), **options)

    assert keys(search_in(items, words=words), query, **options) == expected
