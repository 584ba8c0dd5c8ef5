"""What a guideline line cites, whatever commas and full stops its names hold."""

from __future__ import annotations

import pytest

from drafter.adapters.letters.citations import citations_in
from drafter.adapters.letters.section_names import section_names
from drafter.domain.case import CitedGuideline
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.starter import load_starter


def cite(line: str) -> tuple[CitedGuideline, ...]:
    return citations_in(line, party="reviewer")


Short = tuple[str, str | None, str | None, tuple[str, ...], tuple[str, ...]]


def short(line: str) -> list[Short]:
    return [(cited.kind, cited.guideline, cited.edition, cited.sections, cited.pages) for cited in cite(line)]


OVERVIEW = "3. Opioids for Chronic Pain and Chronic Opioid Treatment: Overview of Recommendations"


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ("MTUS Low Back Complaints 2004.", ("mtus", "Low Back Complaints", "2004", (), ())),
        (
            "MTUS Forearm, Wrist, and Hand Complaints 2004, Section(s): Special Studies.",
            ("mtus", "Forearm, Wrist, and Hand Complaints", "2004", ("Special Studies",), ()),
        ),
        (
            "MTUS Chronic Pain Medical Treatment 2016 Guidelines, Section(s): Topical analgesics.",
            ("mtus", "Chronic Pain Medical Treatment", "2016", ("Topical analgesics",), ()),
        ),
        (
            f"MTUS Opioid Treatment 2016, Section(s): {OVERVIEW}.",
            ("mtus", "Opioid Treatment", "2016", (OVERVIEW,), ()),
        ),
        ("MTUS Elbow Complaints 2007, Section(s): 326.", ("mtus", "Elbow Complaints", "2007", (), ("326",))),
        ("MTUS Chronic Pain Guideline (ACOEM May 15, 2017).", ("mtus", "Chronic Pain", "May 15, 2017", (), ())),
        ("MTUS Hip and Groin 2011.", ("mtus", "Hip and Groin Disorders", "2011", (), ())),
        ("MTUS Elbow Disorders 2013.", ("mtus", "Elbow Disorders", "2013", (), ())),
        (
            "MTUS Hand, Wrist and Forearm Disorders 2019.",
            ("mtus", "Hand, Wrist, and Forearm Disorders", "2019", (), ()),
        ),
        (
            "MTUS Workplace Mental Health: Depressive Disorders 2020.",
            ("mtus", "Depressive Disorders", "2020", (), ()),
        ),
        (
            "MTUS Hip and Groin Disorders 2011, Section(s): Arthroscopy.",
            ("mtus", "Hip and Groin Disorders", "2011", ("Arthroscopy",), ()),
        ),
        (
            "MTUS ACOEM Practice Guidelines, Chapter 9 Shoulder Complaints Page(s): 207-208, 210.",
            ("mtus", "Shoulder Complaints", None, (), ("207-208", "210")),
        ),
        ("MTUS.", ("mtus", None, None, (), ())),
    ],
)
def test_one_citation(cited: str, expected: tuple[object, ...]):
    assert short(f"Decision based on {cited}") == [expected]


def test_a_party_that_cited_nothing_is_said_to():
    line = "The Expert Reviewer did not cite any medical evidence for its decision."

    assert short(line) == [("none", None, None, (), ())]


def test_two_titles_of_which_one_holds_commas():
    line = (
        "Decision based on MTUS Shoulder Complaints 2004, Section(s): Initial Care, and Forearm, Wrist, and Hand "
        "Complaints 2004, Section(s): Physical Methods, Initial Care, and Elbow Complaints 2007."
    )

    assert [(guideline, sections) for _, guideline, _, sections, _ in short(line)] == [
        ("Shoulder Complaints", ("Initial Care",)),
        ("Forearm, Wrist, and Hand Complaints", ("Physical Methods", "Initial Care")),
        ("Elbow Complaints", ()),
    ]


def test_two_topics_with_pages_of_one_guideline():
    line = (
        "Decision based on MTUS Chronic Pain Treatment Guidelines NSAIDs, GI symptoms & cardiovascular risk Page(s): "
        "68-69, Chronic Pain Treatment Guidelines Opioids, criteria for use Page(s): 76-80."
    )

    assert [(sections, pages) for _, _, _, sections, pages in short(line)] == [
        (("NSAIDs, GI symptoms & cardiovascular risk",), ("68-69",)),
        (("Opioids, criteria for use",), ("76-80",)),
    ]


def test_mtus_and_another_source_are_two_citations():
    line = (
        "Decision based on MTUS Knee Complaints 2004. Decision based on Non-MTUS Citation ACOEM Practice Guidelines, "
        "3rd ed., Knee Disorders, pg. 412."
    )

    assert short(line) == [
        ("mtus", "Knee Complaints", "2004", (), ()),
        ("non_mtus", "ACOEM Practice Guidelines, 3rd ed., Knee Disorders, pg. 412", None, (), ("412",)),
    ]


def test_a_source_outside_the_mtus_stays_as_printed():
    line = (
        "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. Decision based "
        "on Non-MTUS Citation Official Disability Guidelines (ODG), Knee, 2016. Web version."
    )

    assert short(line) == [("non_mtus", "Official Disability Guidelines (ODG), Knee, 2016. Web version", None, (), ())]


def test_words_nobody_knows_cite_nothing():
    assert cite("As the file shows, chronic pain is a burden.") == ()


@pytest.mark.parametrize(
    "names",
    [
        ["Muscle relaxants (for pain)", "Cyclobenzaprine (Flexeril)"],
        ["Benzodiazepines", "Benzodiazepine dependence, maintenance"],
        ["TENS, chronic pain (transcutaneous electrical nerve stimulation)"],
        [
            "NSAIDs (non-steroidal anti-inflammatory drugs)",
            "NSAIDs, GI symptoms & cardiovascular risk",
            "NSAIDs, specific drug list & adverse effects",
        ],
        ["1.4 Opioids for Acute Pain: Risk, Prior to Surgery", "4.1 Tapering Opioids: Indications"],
        ["Unheard of, But printed thus", "Special Studies"],
        ["Gabapentin, unheard of kind"],
        ["Salves (Balm, Arnica)", "Office visits"],
    ],
    ids=lambda names: names[0],
)
def test_a_list_of_sections_is_cut_between_names_only(names: list[str]):
    assert list(section_names(", ".join(names))) == names


def test_no_list_has_no_names():
    assert section_names(" .") == ()


def test_every_heading_of_the_starter_corpus_is_read_as_one_section():
    headings = {passage.section for passage in load_starter(shipped_editions()) if passage.section}

    assert headings
    assert {heading for heading in headings if section_names(heading) != (heading,)} == set()


def test_two_headings_of_one_guideline_are_always_told_apart():
    """As a reviewer may cite any two topics together, in either order."""
    by_guideline: dict[str, list[str]] = {}
    for passage in load_starter(shipped_editions()):
        if passage.section:
            by_guideline.setdefault(passage.edition_id, []).append(passage.section)
    wrong = [
        (one, other)
        for headings in by_guideline.values()
        for one in headings
        for other in headings
        if one != other and section_names(f"{one}, {other}") != (one, other)
    ]

    assert wrong == []
