from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.errors import ReviewInvalid
from guideline_corpus.model import Criterion, Passage
from guideline_corpus.review.corrections import Correction, corrected, criterion_id, load_corrections, uncorrected
from guideline_corpus.review.sheet import COLUMNS, confidence_of, counted, sheet_of
from guideline_corpus.review.taking import read_sheet, take_sheet
from guideline_corpus.starter import load_starter
from guideline_corpus.versions import Corpus, activate, load_corpus, version_files, write_version
from tests.factories import make_criterion, make_edition, make_passage

RECALLED = make_criterion(text="Six visits in most cases", source="recalled", letters=(), phrase="six visits")
STATED = make_criterion(text="=Improvement that was measured", letters=("CM16-0000001", "CM16-0000002"))
OFFICIAL = Criterion(text="more than 65 years", source="official", start=0, end=18)


def make_home(home: Path, *passages: Passage) -> Corpus:
    activate(home, write_version(home, version_files(passages, (make_edition(),))))
    return load_corpus(home)


@pytest.fixture
def passage() -> Passage:
    return make_passage(criteria=(STATED, RECALLED))


def sheet_with(corpus: Corpus, home: Path, **cells: str) -> str:
    """The exported sheet with cells of the first row filled in."""
    rows = list(csv.DictReader(io.StringIO(sheet_of(corpus, load_corrections(home)), newline="")))
    rows[0] |= cells
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def rebuilt(home: Path, *passages: Passage) -> Corpus:
    changed, unmet = corrected(passages, load_corrections(home))
    assert unmet == ()
    return make_home(home, *changed)


def test_the_sheet_has_a_row_for_every_criterion_and_the_most_doubtful_first(tmp_path: Path, passage: Passage):
    corpus = make_home(tmp_path, passage)

    rows = list(csv.DictReader(io.StringIO(sheet_of(corpus, {}), newline="")))

    assert [(row["confidence"], row["source"]) for row in rows] == [("low", "recalled"), ("high", "letters")]
    assert counted(corpus, {}).by_source == {"letters": 1, "recalled": 1}


def test_among_equals_a_criterion_with_a_figure_comes_first(tmp_path: Path):
    plain = make_criterion(text="An adjunct to exercise", source="recalled", letters=())
    figure = make_criterion(text="At most 6 visits", source="recalled", letters=())
    corpus = make_home(tmp_path, make_passage(criteria=(STATED, plain, figure)))

    rows = list(csv.DictReader(io.StringIO(sheet_of(corpus, {}), newline="")))

    assert [row["criterion"] for row in rows][:2] == ["At most 6 visits", "An adjunct to exercise"]


def test_every_criterion_of_the_starter_gists_has_a_row_with_its_source_and_confidence(tmp_path: Path):
    gists = load_starter(shipped_editions())
    corpus = make_home(tmp_path, *gists)

    rows = list(csv.DictReader(io.StringIO(sheet_of(corpus, {}), newline="")))

    assert len(rows) == sum(len(gist.criteria) for gist in gists)
    assert {row["criterion_id"] for row in rows} == {
        criterion_id(gist, criterion) for gist in gists for criterion in gist.criteria
    }
    assert all(row["source"] and row["confidence"] for row in rows)
    assert {row["edition"] for row in rows} == {gist.edition for gist in gists if gist.criteria}


def test_no_cell_of_the_sheet_is_a_formula(tmp_path: Path, passage: Passage):
    assert "'=Improvement" in sheet_of(make_home(tmp_path, passage), {})


def test_confidence_follows_from_the_source():
    told = {1: make_criterion(), 2: STATED, 3: RECALLED, 4: OFFICIAL}

    assert {key: confidence_of(one) for key, one in told.items()} == {1: "medium", 2: "high", 3: "low", 4: "high"}


def test_a_sheet_that_nobody_filled_in_changes_nothing(tmp_path: Path, passage: Passage):
    corpus = make_home(tmp_path, passage)

    assert take_sheet(tmp_path, sheet_of(corpus, {}), name="sheet.csv").verdicts == {}
    assert rebuilt(tmp_path, passage).version == corpus.version


def test_a_criterion_that_an_expert_changed_is_in_the_corpus_in_her_words(tmp_path: Path, passage: Passage):
    corpus = make_home(tmp_path, passage)
    sheet = sheet_with(corpus, tmp_path, verdict="change", new_text="Eight visits", new_letters="CM17-0000009")

    take_sheet(tmp_path, sheet, name="sheet.csv")

    changed = rebuilt(tmp_path, passage).passages[0].criteria[1]
    assert (changed.text, changed.phrase, changed.source, changed.letters) == (
        "Eight visits",
        "",
        "letters",
        ("CM17-0000009",),
    )


def test_a_criterion_that_an_expert_calls_wrong_is_left_out_and_can_be_taken_back(tmp_path: Path, passage: Passage):
    take_sheet(tmp_path, sheet_with(make_home(tmp_path, passage), tmp_path, verdict="wrong"), name="sheet.csv")
    without = rebuilt(tmp_path, passage)
    assert without.passages[0].criteria == (STATED,)

    take_sheet(tmp_path, sheet_with(without, tmp_path, verdict="right"), name="sheet.csv")

    assert rebuilt(tmp_path, passage).passages[0].criteria == (STATED, RECALLED)


def test_the_sheet_shows_an_earlier_verdict_beside_the_criterion_as_it_was(tmp_path: Path, passage: Passage):
    sheet = sheet_with(make_home(tmp_path, passage), tmp_path, verdict="change", new_text="Eight visits", note="p. 3")
    take_sheet(tmp_path, sheet, name="sheet.csv")

    again = list(
        csv.DictReader(io.StringIO(sheet_of(rebuilt(tmp_path, passage), load_corrections(tmp_path)), newline=""))
    )

    assert [again[0][column] for column in ("criterion", "verdict", "new_text", "note")] == [
        "Six visits in most cases",
        "change",
        "Eight visits",
        "p. 3",
    ]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"verdict": "maybe"}, "line 2: verdict 'maybe' is none"),
        ({"new_text": "Eight visits"}, "line 2: verdict '' is none"),
        ({"verdict": "change"}, "line 2: the verdict is change, but new_text"),
        ({"verdict": "right", "new_text": "x"}, "line 2: new_text is filled in though the verdict is right"),
        ({"verdict": "change", "new_role": "must"}, "line 2: new_role 'must' is none"),
        ({"verdict": "change", "new_letters": "a letter"}, "line 2: new_letters 'a' is no case number"),
        ({"verdict": "change", "new_text": "x" * 601}, "line 2: new_text has 601 characters"),
        ({"verdict": "right", "criterion_id": "foreign"}, "line 2: the corpus has no criterion 'foreign'"),
    ],
)
def test_each_bad_row_gets_one_sentence_and_nothing_is_kept(
    tmp_path: Path, passage: Passage, cells: dict[str, str], told: str
):
    sheet = sheet_with(make_home(tmp_path, passage), tmp_path, **cells)

    with pytest.raises(ReviewInvalid) as refused:
        take_sheet(tmp_path, sheet, name="sheet.csv")

    assert str(refused.value).startswith(f"sheet.csv, {told}")
    assert "\n" not in str(refused.value)
    assert load_corrections(tmp_path) == {}


def test_a_criterion_with_two_verdicts_is_refused(tmp_path: Path, passage: Passage):
    sheet = sheet_with(make_home(tmp_path, passage), tmp_path, verdict="right")
    row = sheet.splitlines()[1]

    with pytest.raises(ReviewInvalid, match="has a verdict in an earlier row"):
        take_sheet(tmp_path, f"{sheet}{row}\n", name="sheet.csv")


def test_a_sheet_without_its_columns_is_refused_with_the_column(tmp_path: Path, passage: Passage):
    make_home(tmp_path, passage)

    with pytest.raises(ReviewInvalid, match="has no column criterion_id"):
        take_sheet(tmp_path, "a,b\n1,2\n", name="sheet.csv")


def test_a_sheet_that_a_spreadsheet_saved_with_semicolons_is_read(tmp_path: Path, passage: Passage):
    sheet = sheet_with(make_home(tmp_path, passage), tmp_path, verdict="right")
    rows = list(csv.reader(io.StringIO(sheet, newline="")))
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows(rows)

    assert take_sheet(tmp_path, target.getvalue(), name="sheet.csv").verdicts == {"right": 1}


def test_an_exact_span_of_official_text_cannot_be_reworded(tmp_path: Path):
    passage = make_passage(text="more than 65 years of age", text_kind="official", criteria=(OFFICIAL,))
    corpus = make_home(tmp_path, passage)

    with pytest.raises(ReviewInvalid, match="exact span of official text"):
        take_sheet(tmp_path, sheet_with(corpus, tmp_path, verdict="change", new_text="70"), name="sheet.csv")


def test_a_correction_whose_criterion_is_gone_changes_nothing_and_is_told(passage: Passage):
    gone = make_correction(passage, RECALLED)
    other = make_passage(criteria=(STATED,))

    changed, unmet = corrected((other,), {gone.criterion_id: gone})

    assert changed == (other,)
    assert unmet == (gone.criterion_id,)


def test_corrections_and_their_undoing_meet_again(passage: Passage):
    correction = make_correction(passage, RECALLED, verdict="change", text="Eight visits")
    table = {correction.criterion_id: correction}

    assert uncorrected(corrected((passage,), table)[0], table) == (passage,)


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_sheet_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None):
    file = tmp_path / "sheet.csv"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ReviewInvalid, match="sheet.csv"):
        read_sheet(file)


def make_correction(passage: Passage, criterion: Criterion, **overrides: Any) -> Correction:
    values: dict[str, Any] = {
        "criterion_id": criterion_id(passage, criterion),
        "passage_id": passage.passage_id,
        "original": criterion,
        "verdict": "wrong",
    }
    return Correction(**(values | overrides))
