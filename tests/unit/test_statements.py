"""What kind of statement a sentence makes, and which outcome it tells."""

from __future__ import annotations

import pytest

from drafter.domain.reading.read import read
from drafter.domain.reading.statements import ReadStatement, read_statements
from guideline_corpus.vocabulary import load_vocabulary


def statements(text: str) -> tuple[ReadStatement, ...]:
    vocabulary = load_vocabulary()
    return read_statements(read(text, vocabulary=vocabulary, voice="record"), vocabulary=vocabulary)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("The request is medically necessary.", "necessary"),
        ("The request is not medically necessary.", "not_necessary"),
        ("This request is deemed not medically necessary.", "not_necessary"),
        ("The request cannot be deemed medically necessary.", "not_necessary"),
        ("This does not appear medically necessary.", "not_necessary"),
        ("Therapy is not a medical necessity at this time.", "not_necessary"),
        ("Medical necessity has not been established.", "not_necessary"),
        ("The medical necessity of the request is not established.", "not_necessary"),
        ("Medical necessity is not supported by the records.", "not_necessary"),
        ("Medical necessity has been established.", "necessary"),
        ("The records establish medical necessity.", "necessary"),
        ("No, the request for injections was not medically necessary, appropriate, or indicated.", "not_necessary"),
        ("Yes, the request was medically necessary and appropriate.", "necessary"),
        ("The request is not-medically necessary.", "not_necessary"),
        ("The request for an MRI without contrast is medically necessary.", "necessary"),
        ("The request for an MRI without contrast is not medically necessary.", "not_necessary"),
        ("As such, the request is non-certified.", "not_necessary"),
        ("The request is certified.", "necessary"),
        ("Therefore, the treatment is not supported.", "not_necessary"),
        ("The requested surgery is supported.", "necessary"),
        ("While the worker has not had therapy, the MRI is medically necessary.", "necessary"),
        ("The treatment is neither necessary nor medically appropriate.", "not_necessary"),
        ("There is no information to establish medical necessity.", "not_necessary"),
        ("Surgery is part of a medically necessary program.", None),
        ("If medically necessary, it may be repeated.", None),
        ("Utilization review found the care not medically necessary.", None),
        ("The worker has low back pain.", None),
        ("The guidelines support an MRI when surgery is considered.", None),
    ],
)
def test_outcome(text: str, outcome: str | None) -> None:
    assert [statement.outcome for statement in statements(text)] == [outcome]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("The MTUS recommends muscle relaxants for a short course.", ["guideline"]),
        ("According to the ACOEM guidelines, surgery is an option after failed care. It should be planned.",
         ["guideline", "guideline"]),
        ("The worker is a 45 year old male. He reports low back pain.", ["record", "record"]),
        ("In this case, the patient has spasm on examination.", ["record"]),
        ("There is no documentation of functional improvement.", ["absence"]),
        ("Therefore, six more visits would exceed the ten that are allowed.", ["reasoning"]),
        ("The request is not medically necessary.", ["conclusion"]),
        ("The patient has low back pain without radiation.", ["record"]),
        ("The MTUS states that in the absence of red flags the patient should stay active.", ["guideline"]),
    ],
)  # fmt: skip
def test_kind(text: str, kinds: list[str]) -> None:
    assert [statement.kind for statement in statements(text)] == kinds


def test_a_verdict_before_a_weaning_note_is_read() -> None:
    text = (
        "The request for tramadol is not medically necessary. This decision should not be read as advice to stop "
        "opioids abruptly, and the treating physician is advised to consult the tapering section, so that the "
        "worker is weaned slowly, with regular visits and a written plan, over as many weeks as are needed for safety, "
        "and to look for signs of withdrawal at each of them before the next step is taken by worker and physician."
    )
    assert len(text) > 350 + len("The request for tramadol is not medically necessary.")
    assert [statement.outcome for statement in statements(text)] == ["not_necessary", None]


def test_firm_verdicts_are_told_from_weak_ones() -> None:
    assert [s.firm for s in statements("The request is supported. The request is medically necessary.")] == [
        False,
        True,
    ]
