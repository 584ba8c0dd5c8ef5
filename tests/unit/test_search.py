"""What a reviewer finds: only what was in force, the section that governs, and an honest "not addressed"."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pytest

from guideline_corpus.embedding import Vector
from guideline_corpus.errors import UnknownGuideline
from guideline_corpus.indexing import OpenIndex, keyword_text
from guideline_corpus.lexical import KeywordIndex
from guideline_corpus.model import InForce
from guideline_corpus.passage_index import ExactIndex, Neighbour
from guideline_corpus.search import GuidelineSearch
from guideline_corpus.vocabulary import load_vocabulary
from tests.search_factories import OPEN, make_gist, search_over, sections_found

IN_2009 = InForce.model_validate({"from": date(2009, 7, 18), "to": date(2016, 7, 28)})
IN_2016 = InForce.model_validate({"from": date(2016, 7, 29), "to": date(2017, 11, 30)})
FROM_2017 = InForce.model_validate({"from": date(2017, 12, 1)})
DAY = date(2016, 12, 1)

THREE_EDITIONS = (
    make_gist("Physical medicine", "physical-therapy", edition_id="pain-2009", in_force=IN_2009),
    make_gist("Physical medicine treatment", "physical-therapy", edition_id="pain-2016", in_force=IN_2016),
    make_gist("Therapy", "physical-therapy", edition_id="pain-2017", in_force=FROM_2017),
)
CHAPTERS = (
    make_gist("Special Studies", "mri", "x-ray", edition_id="low-back", body_parts=("low-back",)),
    make_gist("Summary", "mri", "nsaid", "tens", edition_id="low-back", body_parts=("low-back",)),
    make_gist("Special Studies", "mri", "x-ray", edition_id="knee", body_parts=("knee",)),
    make_gist("Surgical Considerations", "meniscectomy", edition_id="knee", body_parts=("knee",)),
    make_gist("Physical medicine treatment", "physical-therapy"),
    make_gist("Cyclobenzaprine (Flexeril)", "cyclobenzaprine"),
    make_gist("Muscle relaxants (for pain)", "muscle-relaxant", "cyclobenzaprine"),
    make_gist("Topical analgesics", "topical-analgesic"),
    make_gist("Office visits", "office-visit"),
    make_gist(
        "Shoulder",
        "physical-therapy",
        guideline="Postsurgical Treatment",
        edition_id="post",
        body_parts=("shoulder",),
    ),
)


class CarelessIndex(ExactIndex):
    """Finds in every edition, whatever it is told."""

    def nearest(self, vector: Vector, *, editions: Collection[str] | None, limit: int) -> list[Neighbour]:
        return super().nearest(vector, editions=None, limit=limit)


@pytest.mark.parametrize(
    ("day", "section"),
    [
        (date(2016, 7, 28), "Physical medicine"),
        (date(2016, 7, 29), "Physical medicine treatment"),
        (date(2017, 11, 30), "Physical medicine treatment"),
        (date(2017, 12, 1), "Therapy"),
        (None, "Therapy"),
    ],
)
def test_only_the_edition_of_the_day_is_found_on_both_sides_of_a_change(day: date | None, section: str) -> None:
    assert sections_found(search_over(THREE_EDITIONS), "physical therapy", as_of=day) == [section]


def test_a_superseded_passage_is_not_found_however_near_it_is() -> None:
    words = "epidural steroid injection with radiculopathy on examination and imaging"
    old = make_gist("Epidural steroid injections", "epidural-steroid-injection", text=words, in_force=IN_2009)
    other = make_gist("Yoga", "yoga", text="Yoga for motivated patients.", in_force=IN_2016, edition_id="pain-2016")
    result = search_over((old, other)).search(words, as_of=DAY)
    assert [found.passage.section for found in result.results] in ([], ["Yoga"])
    assert not result.addressed


def test_an_index_that_ignores_the_filter_still_lets_nothing_superseded_through() -> None:
    search = search_over(THREE_EDITIONS, index_class=CarelessIndex)
    assert sections_found(search, "physical therapy", as_of=DAY) == ["Physical medicine treatment"]


@pytest.mark.parametrize(
    ("query", "section", "edition"),
    [
        ("MRI of the lumbar spine", "Special Studies", "low-back"),
        ("Magnetic resonance imaging, L4-5", "Special Studies", "low-back"),
        ("MRI of the right knee", "Special Studies", "knee"),
        ("Flexeril 10mg #60", "Cyclobenzaprine (Flexeril)", "chronic-pain-2016"),
        ("Norflex 100mg", "Muscle relaxants (for pain)", "chronic-pain-2016"),
        ("12 PT visits", "Physical medicine treatment", "chronic-pain-2016"),
        ("Flurbiprofen 20%, cyclobenzaprine 4% in cream base", "Topical analgesics", "chronic-pain-2016"),
        ("Compounded baclofen 2% 120 gm", "Topical analgesics", "chronic-pain-2016"),
        ("Orthopedic consult for possible knee arthroscopy", "Office visits", "chronic-pain-2016"),
        ("Right knee arthroscopy with medial meniscectomy", "Surgical Considerations", "knee"),
        ("Postoperative physical therapy, right shoulder", "Shoulder", "post"),
        ("Physical therapy, right shoulder", "Physical medicine treatment", "chronic-pain-2016"),
    ],
)
def test_the_section_that_governs_comes_first(query: str, section: str, edition: str) -> None:
    result = search_over(CHAPTERS).search(query, as_of=DAY)
    assert result.addressed
    assert (result.results[0].passage.section, result.results[0].passage.edition_id) == (section, edition)


@pytest.mark.parametrize(
    "query",
    [
        "Service dog",
        "Gym membership, one year",
        "Transportation to physical therapy",
        "MRI of the left hip",
        "CT of the abdomen for hernia",
        "Cervical pillow",
        "Hearing aids",
        "Zibotriol 40mg #30",
        "",
    ],
)
def test_what_no_section_in_force_covers_is_not_addressed(query: str) -> None:
    result = search_over(CHAPTERS).search(query, as_of=DAY)
    assert not result.addressed
    assert all(found.score < 0.5 for found in result.results)


def test_a_request_in_words_the_vocabulary_lacks_is_addressed_where_the_text_shares_them() -> None:
    passage = make_gist("Quantum bracing", text="Quantum bracing of the torso is not recommended.")
    search = search_over((*CHAPTERS, passage))
    assert search.search("Quantum bracing torso", as_of=DAY).addressed
    assert not search.search("Quantum torso rental of a stairway", as_of=DAY).addressed


def test_the_mtus_comes_first_and_lower_rungs_keep_a_place() -> None:
    mtus = [make_gist(f"Opioids {n}", "opioid", edition_id=f"mtus-{n}") for n in range(9)]
    lower = make_gist("Opioids, dosing", "opioid", edition_id="other", rung=3, in_force=OPEN)
    result = search_over((lower, *mtus)).search("Norco 10/325 #60", as_of=DAY, limit=6)
    assert [found.passage.rung for found in result.results] == [1, 1, 1, 1, 1, 3]
    assert [found.rank for found in result.results] == [1, 2, 3, 4, 5, 6]


def test_a_lower_rung_answers_where_the_mtus_is_silent() -> None:
    lower = make_gist("Hip imaging", "mri", body_parts=("hip",), edition_id="other", rung=3, in_force=OPEN)
    result = search_over((*CHAPTERS, lower)).search("MRI of the left hip", as_of=DAY)
    assert result.addressed
    assert result.results[0].passage.rung == 3


def test_a_result_says_by_which_word_it_was_found() -> None:
    first = search_over(CHAPTERS).search("Amrix 15mg", as_of=DAY).results[0]
    assert first.matches[0].query_term == "Amrix"
    assert first.matches[0].passage_term == "Cyclobenzaprine"
    first = search_over(CHAPTERS).search("MRI, lumbar", as_of=DAY).results[0]
    assert ("lumbar", "Low back") in [(match.query_term, match.passage_term) for match in first.matches]


def test_the_same_search_gives_the_same_bytes() -> None:
    once = search_over(CHAPTERS).search("MRI of the lumbar spine", as_of=DAY).model_dump_json()
    assert once == search_over(CHAPTERS).search("MRI of the lumbar spine", as_of=DAY).model_dump_json()


def test_equal_passages_keep_the_order_of_the_corpus() -> None:
    twins = tuple(make_gist("Yoga", "yoga", edition_id=f"e-{n}", passage_id=f"e-{n}.yoga") for n in range(5))
    found = search_over(twins).search("yoga", as_of=DAY).results
    assert [one.passage.edition_id for one in found] == [f"e-{n}" for n in range(5)]


def test_without_vectors_the_search_says_that_it_goes_by_keyword() -> None:
    index = OpenIndex(KeywordIndex.build(keyword_text(passage) for passage in CHAPTERS), None)
    search = GuidelineSearch(CHAPTERS, index, corpus_version="test", vocabulary=load_vocabulary())
    result = search.search("MRI of the lumbar spine", as_of=DAY)
    assert result.searched_by == "keyword"
    assert result.results[0].passage.section == "Special Studies"


def test_with_the_words_of_the_field_off_nothing_is_routed() -> None:
    result = search_over(CHAPTERS, field_words=False).search("Amrix", as_of=DAY)
    assert all(not found.passage.treatments or found.score < 1 for found in result.results)
    assert not any(match.passage_term == "Cyclobenzaprine" for found in result.results for match in found.matches)


def test_a_search_can_be_held_to_one_guideline() -> None:
    search = search_over(CHAPTERS, guideline_ids={"knee": "knee-complaints"})
    for name in ("knee", "knee-complaints"):
        found = search.search("MRI", as_of=DAY, guidelines=(name,)).results
        assert found
        assert {one.passage.edition_id for one in found} == {"knee"}


def test_an_unknown_guideline_is_named() -> None:
    with pytest.raises(UnknownGuideline, match="'elbows'"):
        search_over(CHAPTERS).search("MRI", as_of=DAY, guidelines=("elbows",))


@pytest.mark.parametrize("limit", [0, 1, 3, 100])
def test_no_more_is_returned_than_asked_for(limit: int) -> None:
    assert len(search_over(CHAPTERS).search("MRI of the knee", as_of=DAY, limit=limit).results) <= limit
