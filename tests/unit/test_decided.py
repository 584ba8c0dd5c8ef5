"""Decided items of other cases: found, limited, labelled, and kept apart from guideline text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from drafter.domain.draft import PassageCitation
from drafter.errors import UnknownItem
from drafter.services.similar import similar_items
from guideline_corpus.cli import main
from guideline_corpus.decided import letter_program
from guideline_corpus.decided.opening import DecidedAdded, add_decided, open_similar
from guideline_corpus.decided.parsed import parsed_items
from guideline_corpus.decided.similar import SimilarItems
from guideline_corpus.decided.store import decided_folder, open_items
from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.errors import DecidedInvalid
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.vocabulary import load_vocabulary
from tests.decided_factories import make_decided, search_in
from tests.factories import make_case, make_item
from tests.search_factories import make_gist, search_over


def make_line(**overrides: Any) -> str:
    """What `drafter parse --json` prints of a letter with one item, as far as it matters here."""
    values: dict[str, Any] = {
        "path": "letter.pdf",
        "case_number": "CM16-0000010",
        "case_summary": "never kept",
        "dates": {"decision": "2016-11-01", "injury": None},
        "items": [
            {
                "number": 1,
                "treatment": "MRI of the  lumbar spine",
                "determination": "upheld",
                "rationale": "never kept either",
                "citations": [
                    {"party": "claims_administrator", "kind": "mtus", "guideline": "Low Back Complaints"},
                    {
                        "party": "reviewer",
                        "kind": "mtus",
                        "guideline": "Low Back Complaints",
                        "edition": "2004",
                        "sections": ["Special Studies"],
                        "pages": ["303"],
                        "a_key_of_tomorrow": 1,
                    },
                ],
            }
        ],
    }
    return json.dumps(values | overrides)


def add(home: Path, file: Path) -> DecidedAdded:
    return add_decided(CorpusSettings(home=home), [file], embedder=FakeEmbedder())


def numbers(search: SimilarItems, query: str, **options: Any) -> list[str]:
    return [found.decided_item.case_number for found in search.similar(query, **options).results]


MRI = make_decided("CM16-0000011")
KNEE_MRI = make_decided("CM16-0000012", treatment="MRI of the left knee")
MASSAGE = make_decided("CM16-0000013", treatment="Massage therapy, 6 visits, low back", outcome="overturned")


def test_the_same_treatment_of_the_same_region_comes_first_whatever_words_name_it():
    search = search_in((MASSAGE, KNEE_MRI, MRI))

    assert numbers(search, "magnetic resonance imaging, low back") == ["CM16-0000011", "CM16-0000012", "CM16-0000013"]
    assert numbers(search, "therapeutic massage for lumbar pain", limit=1) == ["CM16-0000013"]


def test_a_result_tells_outcome_citations_and_case_number_and_that_it_is_no_authority(tmp_path: Path):
    (tmp_path / "decided.jsonl").write_text(make_line(), encoding="utf-8")
    add(tmp_path, tmp_path / "decided.jsonl")

    found = open_similar(CorpusSettings(home=tmp_path), embedder=FakeEmbedder()).similar("lumbar MRI")

    item = found.results[0].decided_item
    assert found.authority == "not authority"
    assert (item.case_number, item.outcome, item.treatment) == ("CM16-0000010", "upheld", "MRI of the lumbar spine")
    assert [(one.guideline, one.sections, one.pages) for one in item.citations] == [
        ("Low Back Complaints", ("Special Studies",), ("303",))
    ]


def test_neither_the_summary_nor_the_reasoning_of_another_case_is_kept(tmp_path: Path):
    (tmp_path / "decided.jsonl").write_text(make_line(), encoding="utf-8")
    add(tmp_path, tmp_path / "decided.jsonl")

    kept = b"".join(path.read_bytes() for path in decided_folder(tmp_path).rglob("*") if path.is_file())

    assert b"lumbar" in kept
    assert b"never kept" not in kept


@pytest.mark.parametrize(("before", "found"), [(date(2016, 11, 1), []), (date(2016, 11, 2), ["CM16-0000011"])])
def test_nothing_decided_on_the_day_or_after_it_is_shown(before: date, found: list[str]):
    assert numbers(search_in((MRI,)), "MRI of the lumbar spine", before=before) == found


def test_a_case_never_finds_itself():
    search = search_in((MRI, make_decided("CM16-0000011", item=2), KNEE_MRI))

    assert numbers(search, "MRI of the lumbar spine", without_case=" cm16-0000011") == ["CM16-0000012"]


def test_a_guideline_search_never_returns_a_decided_item(tmp_path: Path):
    search = search_over([make_gist("Special Studies", "mri")])
    before = search.search("MRI of the lumbar spine")

    (tmp_path / "decided.jsonl").write_text(make_line(), encoding="utf-8")
    add(tmp_path, tmp_path / "decided.jsonl")

    assert search.search("MRI of the lumbar spine") == before
    assert not (tmp_path / "corpus" / "current").exists()


def test_a_citation_cannot_be_made_of_a_decided_item():
    with pytest.raises(ValidationError):
        PassageCitation.model_validate(MRI.model_dump())


def test_adding_a_letter_again_replaces_its_items(tmp_path: Path):
    file = tmp_path / "decided.jsonl"
    file.write_text(make_line(), encoding="utf-8")
    add(tmp_path, file)
    file.write_text(make_line().replace("upheld", "overturned"), encoding="utf-8")

    again = add(tmp_path, file)

    assert (again.items, again.new, again.held) == (1, 0, 1)
    held = open_items(tmp_path)
    assert held is not None
    assert [item.outcome for item in held] == ["overturned"]


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"case_number": None}, "no case number"),
        ({"dates": {"decision": None}}, "no date of decision"),
        ({"items": [{"number": 3, "treatment": "Yoga", "determination": None}]}, "item 3 has no outcome"),
    ],
)
def test_what_decided_nothing_is_passed_over_and_told(overrides: dict[str, Any], told: str):
    parsed = list(parsed_items([make_line(**overrides), "\n", make_line()], where="x.jsonl"))

    assert [len(one.items) for one in parsed] == [0, 1]
    assert [told in sentence for one in parsed for sentence in one.passed_over] == [True]


@pytest.mark.parametrize("line", ["{", "[]", '{"items": [{"number": "x", "treatment": "y"}]}'])
def test_a_line_that_no_parser_printed_is_named(line: str):
    with pytest.raises(DecidedInvalid, match=r"x\.jsonl, line 1"):
        list(parsed_items([line], where="x.jsonl"))


def test_without_the_weights_items_are_found_by_words():
    search = search_in((MASSAGE, MRI), words=True)

    assert numbers(search, "MRI of the lumbar spine", limit=1) == ["CM16-0000011"]
    assert search.similar("x").searched_by == "words"


def test_a_home_without_decided_items_says_how_to_add_some(tmp_path: Path):
    with pytest.raises(DecidedInvalid, match="guideline-corpus add-decided"):
        open_similar(CorpusSettings(home=tmp_path), embedder=FakeEmbedder())


def test_a_case_is_shown_what_was_decided_before_its_own_day_and_never_itself():
    case = make_case(case_number="CM16-0000011", items=(make_item(treatment="MRI of the lumbar spine"),))
    later = make_decided("CM16-0000020", decided=date(2017, 1, 1))
    earlier = make_decided("CM16-0000021", decided=date(2016, 10, 1))
    own = make_decided("CM16-0000011", decided=date(2016, 1, 1))

    ((number, found),) = similar_items(case, search=search_in((later, earlier, own)), vocabulary=load_vocabulary())

    assert number == 1
    assert [one.decided_item.case_number for one in found.results] == ["CM16-0000021"]
    with pytest.raises(UnknownItem):
        list(similar_items(case, search=search_in((later,)), vocabulary=load_vocabulary(), items=[7]))


def test_without_the_program_that_reads_letters_the_way_round_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    monkeypatch.setattr(letter_program, "PROGRAM", "no-such-program")

    with pytest.raises(DecidedInvalid, match=r"drafter parse LETTERS --json"):
        add(tmp_path, tmp_path / "letter.txt")


def test_a_letter_that_is_not_there_is_named_and_nothing_is_added(
    drafter_home: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as stopped:
        main(["add-decided", "no-such-letter.pdf"])

    assert stopped.value.code == 2
    assert capsys.readouterr().err == "There is no file or folder no-such-letter.pdf; check the name.\n"
    assert not decided_folder(drafter_home).exists()
