"""The words of the field: what ships is sound, and a broken file is named in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from guideline_corpus.errors import StarterInvalid
from guideline_corpus.vocabulary import load_vocabulary, read_vocabulary

# Concepts that gists and checks rely on by name.
EXPECTED = (
    "functional-improvement pain-relief prior-treatment-benefit no-benefit side-effects return-to-work "
    "failed-conservative-care prior-physical-therapy prior-chiropractic prior-acupuncture prior-injection "
    "prior-surgery failed-first-line-drug failed-antidepressant-anticonvulsant failed-nsaid failed-oral-medication "
    "failed-non-opioid "
    "intolerance-to-oral-medication long-term-use acute-flare new-injury trauma low-back-pain neck-pain radicular-pain "
    "numbness-tingling weakness-complaint muscle-spasm-complaint insomnia headache instability-complaint "
    "locking-catching gi-symptoms nausea-vomiting constipation depression-anxiety neuropathic-pain facet-pain swelling "
    "neurologic-deficit sensory-loss motor-weakness reflex-change positive-slr spurling muscle-spasm-sign tenderness "
    "trigger-point twitch-response reduced-range-of-motion positive-impingement mcmurray instability-sign tinel-phalen "
    "antalgic-gait normal-neurologic-exam mri-done xray-done emg-ncs-done urine-drug-screen cures-check lab-tests "
    "positive-imaging-nerve-compromise meniscal-tear-imaging rotator-cuff-tear-imaging home-exercise-program "
    "active-therapy surgery-planned specific-goals taper-plan return-to-work-plan adjunct-to-exercise "
    "working-full-duty working-modified-duty off-work retired postsurgical-period chronic-pain-over-3-months "
    "acute-phase homebound medicare-adl-limits red-flags gi-risk cardiovascular-risk hypertension opioid-misuse-risk "
    "opioid-agreement benzodiazepine-use concurrent-drug-same-class multiple-nsaids age-over-65 anticoagulant "
    "osteoarthritis cancer"
).split()


def test_every_concept_that_gists_may_name_exists() -> None:
    assert not set(EXPECTED) - load_vocabulary().evidence.keys()


def test_classes_and_parts_name_entries_that_exist() -> None:
    vocabulary = load_vocabulary()
    unknown = {
        wider for t in vocabulary.treatments.values() for wider in t.classes if wider not in vocabulary.treatments
    }
    parts = {
        part
        for parts in (
            *(c.pain_of for c in vocabulary.evidence.values()),
            *(t.body_parts for t in vocabulary.treatments.values()),
        )
        for part in parts
    }
    assert not unknown
    assert not parts - vocabulary.body_parts.keys()


def test_no_term_of_a_concept_is_also_its_opposite() -> None:
    clashes = {
        (concept.id, term)
        for concept in load_vocabulary().evidence.values()
        for term in {*concept.terms, *concept.shown_by, *concept.neutral} & set(concept.against)
    }
    assert not clashes


def test_classes_of_a_treatment_lead_outwards() -> None:
    assert load_vocabulary().classes_of("cyclobenzaprine")[:2] == ("cyclobenzaprine", "muscle-relaxant")
    assert load_vocabulary().classes_of("no-such-treatment") == ("no-such-treatment",)


def test_the_longest_treatment_counts_and_nested_evidence_stays() -> None:
    spans = load_vocabulary().find("No relief from physical therapy.")
    assert [span.id for span in spans if span.family == "treatment"] == ["physical-therapy"]
    assert {"prior-physical-therapy", "pain-relief"} <= {span.id for span in spans if span.family == "evidence"}


def test_the_vocabulary_is_read_once_and_cannot_change() -> None:
    vocabulary = load_vocabulary()
    assert load_vocabulary() is vocabulary
    assert hash(vocabulary) == hash(load_vocabulary())
    with pytest.raises(ValueError, match="frozen"):
        vocabulary.evidence = {}  # type: ignore[misc]


def test_an_abbreviation_in_lower_case_is_another_word() -> None:
    spans = load_vocabulary().find("The pt reports tens of pills cures nothing.")
    assert not {"physical-therapy", "tens", "cures-check"} & {span.id for span in spans}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[a-b]\nlabel="x"\nkind="sign"\nterms=["x"]\ncolour="red"', "colour"),
        ('[a-b]\nlabel="x"\nkind="smell"\nterms=["x"]', "kind"),
        ('[A_B]\nlabel="x"\nkind="sign"\nterms=["x"]', "kebab-case"),
        ('[a-b]\nlabel="x"\nkind="sign"\nterms=["x*y"]', r"\*"),
        ('[a-b]\nlabel="x"\nkind="sign"\nterms=["--"]', "word"),
        ("[a-b\n", "TOML"),
        ("a = 1", "table"),
    ],
)
def test_a_broken_file_is_named_in_one_sentence(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "mine.toml").write_text(content, encoding="utf-8")
    with pytest.raises(StarterInvalid, match=rf"mine\.toml.*{told}"):
        read_vocabulary(tmp_path)


def test_an_entry_defined_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    for name in ("a.toml", "b.toml"):
        (tmp_path / "evidence" / name).write_text('[x]\nlabel="x"\nkind="sign"\nterms=["x y"]', encoding="utf-8")
    with pytest.raises(StarterInvalid, match="already defined"):
        read_vocabulary(tmp_path)


def test_an_empty_folder_is_an_empty_vocabulary(tmp_path: Path) -> None:
    assert not read_vocabulary(tmp_path).find("low back pain")
