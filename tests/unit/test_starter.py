from __future__ import annotations

import pytest

from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.errors import StarterInvalid
from guideline_corpus.starter import KnownIds, StarterFile, load_starter, shipped_starter_files

GIST = " ".join(["Invented words that summarise nothing at all."] * 12)
FRONT = """guideline: Chronic Pain Medical Treatment
edition: "2016"
section: Cyclobenzaprine (Flexeril)
treatments: [cyclobenzaprine]
body_parts: []
synonyms: [Flexeril]
seen_pages: ["82"]
recalled_pages: ["41-42"]
criteria:
  - text: Short course
    source: letters
    letters: [CM16-0237163]
    role: limits
    limit: {quantity: weeks, at_most: 3}
"""
KNOWN = KnownIds(
    treatments=frozenset({"cyclobenzaprine"}),
    body_parts=frozenset({"low-back"}),
    evidence=frozenset({"long-term-use"}),
)


def starter_file(
    front: str = FRONT, gist: str = GIST, name: str = "chronic-pain-2016/cyclobenzaprine.md"
) -> StarterFile:
    return StarterFile(name=name, text=f"---\n{front}---\n{gist}\n")


def problem(front: str = FRONT, gist: str = GIST, name: str = "chronic-pain-2016/cyclobenzaprine.md") -> str:
    with pytest.raises(StarterInvalid) as raised:
        load_starter(shipped_editions(), known=KNOWN, files=[starter_file(front, gist, name)])
    return str(raised.value)


def test_a_starter_file_becomes_a_gist_of_its_edition():
    (passage,) = load_starter(shipped_editions(), known=KNOWN, files=[starter_file()])

    assert passage.text_kind == "gist"
    assert passage.rung == 1
    assert passage.edition_id == "chronic-pain-2016"
    assert passage.section_path == ("Cyclobenzaprine (Flexeril)",)
    assert passage.in_force.from_ is not None
    assert passage.text == GIST
    assert passage.passage_id.startswith("chronic-pain-2016.cyclobenzaprine-flexeril.")


def test_only_pages_that_somebody_saw_reach_the_passage():
    (passage,) = load_starter(shipped_editions(), files=[starter_file()])

    assert passage.pages == ("82",)
    assert "41" not in passage.model_dump_json()


def test_wrapped_lines_of_a_gist_are_joined_and_its_paragraphs_kept():
    wrapped = GIST.replace(". ", ".\n", 3).replace(". ", ".\n\n", 1)

    (passage,) = load_starter(shipped_editions(), files=[starter_file(gist=wrapped)])

    assert passage.text.split() == GIST.split()
    assert passage.text.count("\n") == 2


@pytest.mark.parametrize(
    ("front", "told"),
    [
        (FRONT.replace("section:", "sektion:"), "key sektion"),
        (FRONT.replace('"2016"', "2016"), "key edition"),
        (FRONT.replace('"2016"', '"2009"'), "key edition: is '2009', but chronic-pain-2016 is printed as '2016'"),
        (FRONT.replace("Chronic Pain Medical", "Pain Medical"), "key guideline"),
        (FRONT.replace("CM16-0237163", "CM16-23"), "key criteria.0.letters.0"),
        (FRONT.replace("[CM16-0237163]", "[]"), "a criterion from letters names at least one letter"),
        (
            FRONT.replace("source: letters", "source: recalled"),
            "a criterion that a letter states has the source letters",
        ),
        (FRONT.replace("source: letters", "source: official"), "key criteria.0.source"),
        (FRONT.replace("at_most: 3", ""), "set at_most or at_least"),
        (FRONT.replace("[cyclobenzaprine]", "[cyclobenzaprin]"), "the vocabulary has no 'cyclobenzaprin'"),
        (FRONT.replace("body_parts: []", "body_parts: [bak]"), "the vocabulary has no 'bak'"),
        (FRONT + "    failed_by: [long-use]\n", "the vocabulary has no 'long-use'"),
        (FRONT + "    role2: x\n", "key criteria.0.role2"),
        ("- a list\n", "holds no keys"),
        ("a: [\n", "is not YAML at line"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_file_and_key(front: str, told: str):
    sentence = problem(front)

    assert sentence.startswith("starter/chronic-pain-2016/cyclobenzaprine.md: ")
    assert told in sentence


def test_a_gist_is_neither_a_stub_nor_a_copy():
    assert "the gist has 4 words; it needs 60 to 200" in problem(gist="Much too short indeed")
    assert "the gist has 203 words; it needs 60 to 200" in problem(gist=" ".join(["word"] * 203))


def test_a_folder_that_is_no_edition_is_refused():
    assert "no edition 'chronic-pain-2011'" in problem(name="chronic-pain-2011/cyclobenzaprine.md")


def test_a_file_without_front_matter_is_refused():
    with pytest.raises(StarterInvalid, match="front matter between two lines"):
        load_starter(shipped_editions(), files=[StarterFile(name="chronic-pain-2016/a.md", text=GIST)])


def test_two_files_for_one_section_are_refused():
    with pytest.raises(StarterInvalid, match=r"b\.md: chronic-pain-2016/cyclobenzaprine\.md already covers"):
        load_starter(shipped_editions(), files=[starter_file(), starter_file(name="chronic-pain-2016/b.md")])


def test_every_wrong_file_is_told_at_once():
    files = [starter_file(gist="short"), starter_file(FRONT + "b: 1\n", name="chronic-pain-2016/b.md")]

    with pytest.raises(StarterInvalid) as raised:
        load_starter(shipped_editions(), files=files)

    assert len(str(raised.value).splitlines()) == 2


def test_the_shipped_starter_files_are_all_right():
    passages = load_starter(shipped_editions())

    assert len(passages) == len(shipped_starter_files())
