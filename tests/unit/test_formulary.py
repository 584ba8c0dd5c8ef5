"""The MTUS drug formulary as a lookup: what is known of a drug on a day, and what is honestly not."""

from __future__ import annotations

from datetime import date

import pytest

from guideline_corpus.errors import StarterInvalid
from guideline_corpus.formulary.lookup import look_up
from guideline_corpus.formulary.model import FormularyAnswer
from guideline_corpus.formulary.table import parse_drug_list, shipped_drug_list
from guideline_corpus.vocabulary import load_vocabulary

IN_2019 = date(2019, 5, 2)
TABLE = """
applies_from = 2018-01-01
[sources]
list = "The list"
[[rules]]
id = "list"
section = "8 CCR 9792.27.10"
text = "A rule."
source = "list"
confidence = "seen"
[[rows]]
drug = "ibuprofen"
status = "exempt"
from = 2018-01-01
source = "list"
confidence = "seen"
"""


def answers(request: str, dispensed: date | None = IN_2019) -> tuple[FormularyAnswer, ...]:
    return look_up(request, dispensed=dispensed, drug_list=shipped_drug_list(), vocabulary=load_vocabulary())


def status(request: str, dispensed: date | None = IN_2019) -> str:
    (answer,) = answers(request, dispensed)
    return answer.status


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("Norco 10/325mg #90", "non-exempt"),
        ("Percocet", "non-exempt"),
        ("tramadol ER 150mg #30", "non-exempt"),
        ("Tylenol #3", "non-exempt"),
        ("Tylenol 500mg #60", "exempt"),
        ("Motrin 800mg", "exempt"),
        ("Fexmid 7.5mg #60", "non-exempt"),
        ("Xanax", "non-exempt"),
        ("Narcan nasal spray", "exempt"),
        ("Flurbiprofen 20%, Baclofen 5% cream", "compounded"),
        ("gabapentin 300mg", "unknown"),
        ("Voltaren gel", "unknown"),
        ("Vimovo", "unknown"),
        ("Foozine 20mg", "unknown"),
        ("MRI of the knee", "unknown"),
    ],
)
def test_brand_and_generic_names_lead_to_what_is_known_of_the_drug(request_: str, expected: str):
    assert status(request_) == expected


def test_a_drug_dispensed_before_2018_is_outside_the_formulary_whatever_it_is():
    for request in ("Norco", "ibuprofen", "Foozine"):
        (answer,) = answers(request, date(2017, 12, 31))
        assert (answer.status, answer.applies, answer.source) == ("not-applicable", False, None)
        assert "does not apply" in answer.note
    assert answers("Norco", date(2018, 1, 1))[0].applies is True


def test_a_status_that_began_later_is_unknown_before_and_says_since_when_it_is_known():
    (before,), (after,) = answers("Cymbalta", date(2020, 10, 31)), answers("Cymbalta", date(2020, 11, 1))

    assert before.status == "unknown"
    assert "exempt from 2020-11-01" in before.note
    assert (after.status, after.confidence, after.since) == ("exempt", "seen", date(2020, 11, 1))


def test_a_row_counts_only_for_the_drugs_that_its_source_names():
    assert status("Pristiq", date(2021, 1, 1)) == "exempt"
    assert status("Effexor", date(2021, 1, 1)) == "unknown"
    assert status("Lexapro", date(2021, 1, 1)) == "exempt"
    assert status("Celexa", date(2021, 1, 1)) == "unknown"


def test_each_drug_of_a_request_gets_its_own_answer():
    assert [(one.treatment_id, one.status) for one in answers("Naproxen and omeprazole")] == [
        ("naproxen", "exempt"),
        ("omeprazole", "unknown"),
    ]


def test_an_answer_names_source_confidence_and_rules_and_an_older_source():
    (answer,) = answers("Norco")

    assert answer.confidence == "seen"
    assert answer.source
    assert [rule.id for rule in answer.rules] == ["list", "special-fill", "perioperative-fill"]
    assert (answer.special_fill_days, answer.perioperative_fill_days) == (None, None)
    assert "v.3 of 2018-10-01 came after the source" in answer.note


def test_without_a_day_the_answer_says_from_when_the_formulary_counts():
    (answer,) = answers("Norco", None)

    assert (answer.status, answer.applies) == ("non-exempt", None)
    assert "2018-01-01" in answer.note


def test_every_row_names_a_drug_of_the_vocabulary_and_every_name_leads_to_it():
    vocabulary = load_vocabulary()
    for row in shipped_drug_list().rows:
        assert row.drug in vocabulary.treatments
        assert vocabulary.treatments[row.drug].kind == "drug"
        for name in row.names:
            assert row.drug in {span.id for span in vocabulary.find(name, families={"treatment"})}, name


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('source = "list"', 'source = "gone"'), "no source 'gone'"),
        (("exempt", "free"), "rows.0.status"),
        (("[[rows]]", "[[rows"), "is not TOML"),
        (('confidence = "seen"', ""), "rules.0.confidence"),
    ],
)  # fmt: skip
def test_a_faulty_list_is_refused_with_its_key(change: tuple[str, str], told: str):
    with pytest.raises(StarterInvalid) as raised:
        parse_drug_list(TABLE.replace(*change))
    assert told in str(raised.value)


def test_two_rows_for_one_drug_on_one_day_are_refused():
    row = TABLE[TABLE.index("[[rows]]") :]
    with pytest.raises(StarterInvalid, match="two rows for ibuprofen"):
        parse_drug_list(TABLE + row)
