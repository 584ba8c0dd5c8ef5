"""The starter corpus covers what its list says, edition by edition, and says of each criterion where it comes from."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.model import Passage
from guideline_corpus.starter import load_starter

LISTED = tomllib.loads((Path(__file__).parents[1] / "data" / "starter_sections.toml").read_text(encoding="utf-8"))
DRUG_LIST = {"drug-list-v6"}  # looked up by drug, not by section


@pytest.fixture(scope="module")
def passages() -> tuple[Passage, ...]:
    return load_starter(shipped_editions())


def sections_of(passages: tuple[Passage, ...], edition_id: str) -> set[str]:
    return {passage.section for passage in passages if passage.edition_id == edition_id}


def test_all_93_topics_of_the_2009_pain_guideline_are_there_and_no_other(passages: tuple[Passage, ...]):
    topics = LISTED["topics"]["chronic-pain-2009"]

    assert len(topics) == 93
    assert sections_of(passages, "chronic-pain-2009") == {heading for topic in topics for heading in topic}


@pytest.mark.parametrize("edition_id", LISTED["sections"])
def test_an_edition_has_the_sections_of_its_list_and_no_other(edition_id: str, passages: tuple[Passage, ...]):
    assert sections_of(passages, edition_id) == set(LISTED["sections"][edition_id])


def test_no_edition_of_the_table_is_without_a_gist(passages: tuple[Passage, ...]):
    with_gist = {passage.edition_id for passage in passages}

    assert {edition.edition_id for edition in shipped_editions()} - with_gist == DRUG_LIST


def test_the_lists_name_every_edition_that_has_gists(passages: tuple[Passage, ...]):
    assert {passage.edition_id for passage in passages} == {*LISTED["sections"], "chronic-pain-2009"}


def test_a_gist_of_an_edition_that_nobody_saw_claims_nothing(passages: tuple[Passage, ...]):
    unseen = [passage for passage in passages if passage.edition.startswith("not seen")]

    assert unseen
    assert all(not passage.criteria and "not" in passage.text for passage in unseen)


def test_each_chapter_of_2004_has_its_plan(passages: tuple[Passage, ...]):
    plan = {
        "General Approach", "Initial Assessment", "Diagnostic Criteria", "Work-Relatedness", "Initial Care",
        "Follow-up Visits", "Special Studies", "Surgical Considerations",
    }  # fmt: skip
    chapters = {edition for edition in LISTED["sections"] if edition.endswith(("-2004", "elbow-2007"))}
    complaints = chapters - {"general-approaches-2004", "stress-2004", "eye-2004", "elbow-2004"}

    assert len(complaints) == 7
    for edition_id in complaints:
        assert plan <= sections_of(passages, edition_id)


def test_a_page_is_stated_only_where_it_is_listed_as_seen(passages: tuple[Passage, ...]):
    stated = {f"{one.edition_id}: {one.section}": list(one.pages) for one in passages if one.pages}

    assert stated == LISTED["seen_pages"]
