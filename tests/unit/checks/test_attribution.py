"""A quotation is called invented only where it is said to stand in a text that is loaded."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.domain.case import CitedGuideline
from guideline_corpus.model import Passage
from tests.factories import make_passage
from tests.unit.checks.letter import VERDICT, findings

QUOTE = '"A brief stay at the seaside restores most patients within days"'


def official(**overrides: Any) -> Passage:
    given: dict[str, Any] = {
        "passage_id": "official:1",
        "edition_id": "invented-back-2013",
        "guideline": "Utopia Low Back Disorder Medical Treatment Guidelines",
        "developer": "Utopia Division of Workers' Compensation",
        "edition": "2013",
        "text_kind": "official",
        "text": "Imaging is not recommended in the first weeks of a back disorder, whatever its cause may be.",
    }
    return make_passage(**(given | overrides))


def cites(guideline: str, edition: str | None = None, kind: Any = "non_mtus") -> CitedGuideline:
    return CitedGuideline(party="reviewer", kind=kind, guideline=guideline, edition=edition)


def invented(lead: str, *passages: Passage, citations: tuple[CitedGuideline, ...] = ()) -> bool:
    found = findings(f"{lead} {QUOTE}. {VERDICT}", passages=passages or (official(),), citations=citations)
    return "quote-invented" in {finding.check for finding in found}


@pytest.mark.parametrize(
    "lead",
    [
        "The Utopia Low Back Disorder Medical Treatment Guidelines state",
        "The Utopia guideline states",
        "The Utopia Division of Workers' Compensation writes",
        "The MTUS and the ODG are silent, so the Utopia guideline applies; it says",
    ],
)
def test_words_given_to_a_loaded_guideline_are_looked_up_in_it(lead: str) -> None:
    assert invented(lead)


@pytest.mark.parametrize(
    "lead",
    [
        "ODG states",
        "The Utopia guideline is silent, but the ACOEM guideline says",
        "MTUS guidelines on this Disorder state",
        "The guideline states",
        "A controlled study of low back pain found",
    ],
)
def test_words_given_to_another_source_are_not(lead: str) -> None:
    assert not invented(lead)


def test_a_source_in_brackets_after_the_words_is_their_source() -> None:
    words = QUOTE.strip('"')
    told = {
        source: findings(f'The ODG and Utopia differ: "{words}" ({source}). {VERDICT}', passages=(official(),))
        for source in ("Utopia guideline, 2013", "ODG, Low Back")
    }

    assert "quote-invented" in {finding.check for finding in told["Utopia guideline, 2013"]}
    assert "quote-invented" not in {finding.check for finding in told["ODG, Low Back"]}


def test_where_the_words_before_name_nobody_the_guideline_line_tells() -> None:
    own, foreign = cites("Utopia Low Back Disorder Medical Treatment Guidelines", "2013"), cites("ODG Low Back")

    assert invented("The guideline states", citations=(own,))
    assert not invented("The guideline states", citations=(own, foreign))
    assert not invented("The guideline states", citations=(foreign,))


def test_mtus_means_the_chapter_cited_in_the_edition_cited() -> None:
    chapter = official(guideline="Low Back Complaints", edition="2004", developer="")
    cited = cites("Low Back Complaints", "2004", kind="mtus")
    later = cites("Low Back Complaints", "2019", kind="mtus")
    odg = cites("ODG Low Back - Lumbar & Thoracic")

    assert invented("MTUS states", chapter, citations=(cited, odg))
    assert not invented("MTUS states", chapter, citations=(later,))
    assert not invented("ODG states", chapter, citations=(cited, odg))
