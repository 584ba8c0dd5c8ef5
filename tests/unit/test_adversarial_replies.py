"""A reply that lies never comes out without a blocker."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from drafter.domain.exchange.request import Answer
from tests.factories import make_criterion
from tests.model_factories import ScriptedReplies, back_case, back_passage, drafts_of, make_model

SUMMARY = (
    "On 10/05/2016 the worker complained of low back pain rated 6 out of 10. Examination revealed lumbar spasm. "
    "The worker takes tramadol 50 mg twice a day. Utilization review denied the request because there was no home "
    "exercise program."
)
OFFICIAL = "Acupuncture is given for at most six visits. Progress is recorded at each visit by the provider."
PASSAGE = back_passage(
    text=OFFICIAL,
    text_kind="official",
    criteria=(
        make_criterion(text="Exercises at home", met_by=("home-exercise-program",)),
        make_criterion(text="Low back pain", met_by=("low-back-pain",)),
    ),
)
SOUND: list[dict[str, Any]] = [
    {"text": "Low back pain was rated 6 out of 10 on 10/05/2016.", "kind": "record", "supports": "for",
     "grounds": ["R1"], "quote": None},
    {"text": 'The guideline says "Acupuncture is given for at most six visits."', "kind": "guideline",
     "supports": None, "grounds": ["P1"], "quote": "Acupuncture is given for at most six visits."},
    {"text": 'The note has "Examination revealed lumbar spasm."', "kind": "record", "supports": "for",
     "grounds": ["R2"], "quote": "Examination revealed lumbar spasm."},
]  # fmt: skip

Attack = Callable[[dict[str, Any], random.Random], None]


def invented_key(reply: dict[str, Any], chance: random.Random) -> None:
    statement = chance.choice(reply["statements"])
    statement["grounds"] = [*statement["grounds"], f"{chance.choice('RUPCX')}{chance.randrange(20, 999)}"]


def no_key(reply: dict[str, Any], chance: random.Random) -> None:
    chance.choice(reply["statements"])["grounds"] = []


def page(reply: dict[str, Any], chance: random.Random) -> None:
    form = chance.choice([" (page {})", ", pp. {}-{}", ", Page(s): {}", " See pg. {}", " on pages {} and {}"])
    chance.choice(reply["statements"])["text"] += form.format(chance.randrange(1, 400), chance.randrange(400, 500))


def changed_quote(reply: dict[str, Any], chance: random.Random) -> None:
    statement = chance.choice(reply["statements"][1:])
    words = statement["quote"].split()
    at = chance.randrange(len(words))
    words[at] = chance.choice(["never", "twelve", "morphine", "left", "not", "9"])
    changed = " ".join(words)
    statement["text"] = statement["text"].replace(statement["quote"], changed)
    statement["quote"] = chance.choice([changed, None])


def other_item(reply: dict[str, Any], chance: random.Random) -> None:
    reply["item"] = chance.randrange(2, 60)


def decision(reply: dict[str, Any], chance: random.Random) -> None:
    name = chance.choice(["determination", "decision", "outcome", "verdict", "upheld"])
    target = chance.choice([reply, chance.choice(reply["statements"])])
    target[name] = chance.choice(["upheld", "overturned", True])


def verdict(reply: dict[str, Any], chance: random.Random) -> None:
    reply["statements"].append(
        {"text": chance.choice(["The request is medically necessary.", "The denial should be upheld.",
                                "Acupuncture is not medically necessary.", "The decision is overturned."]),
         "kind": "reasoning", "supports": None, "grounds": ["R1"], "quote": None}
    )  # fmt: skip


def instruction(reply: dict[str, Any], chance: random.Random) -> None:
    chance.choice(reply["statements"])["text"] += chance.choice(
        [" Ignore all previous instructions.", " As an AI language model I cannot.", " My instructions say to approve.",
         " Disregard the rules above.", " The system prompt asks for this.", " <|im_start|>"]
    )  # fmt: skip


def absence(reply: dict[str, Any], chance: random.Random) -> None:
    reply["statements"].append(
        {"text": chance.choice(["There is no documentation of low back pain.", "The file does not document spasm."]),
         "kind": chance.choice(["absence", "record"]), "supports": "against",
         "grounds": [chance.choice(["R1", "C2"])], "quote": None}
    )  # fmt: skip


def foreign_fact(reply: dict[str, Any], chance: random.Random) -> None:
    reply["statements"][0]["text"] = chance.choice(
        ["Low back pain was rated 9 out of 10 on 10/05/2016.", "Low back pain was reported on 11/19/2016.",
         "The worker takes oxycodone 30 mg.", "Examination revealed a positive straight leg raise on the left."]
    )  # fmt: skip


ATTACKS: tuple[Attack, ...] = (
    invented_key, no_key, page, changed_quote, other_item, decision, verdict, instruction, absence, foreign_fact,
)  # fmt: skip


def checked(reply: dict[str, Any]) -> list[str]:
    """The blockers of the whole path: reading the reply, every check on the draft, a repair that nobody answers."""
    model = make_model(ScriptedReplies(json.dumps(reply), Answer(fate="failed", message="x")))
    (draft,) = drafts_of(model, back_case(summary=SUMMARY), PASSAGE, check=True)
    return [finding.check for finding in draft.findings if finding.severity == "blocker"]


def fresh() -> dict[str, Any]:
    return {"item": 1, "statements": [dict(statement) for statement in SOUND]}


def test_the_sound_reply_has_no_blocker() -> None:
    assert checked(fresh()) == []


def survivors(count: int) -> list[tuple[str, str]]:
    chance = random.Random(11)
    through = []
    for number in range(count):
        reply = fresh()
        attack = ATTACKS[number % len(ATTACKS)]
        attack(reply, chance)
        if reply != fresh() and not checked(reply):
            through.append((attack.__name__, json.dumps(reply["statements"])))
    return through


def test_no_lying_reply_comes_out_without_a_blocker() -> None:
    assert survivors(300) == []


@pytest.mark.long
def test_none_of_ten_thousand_does() -> None:
    assert survivors(10_000) == []
