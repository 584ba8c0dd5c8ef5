"""What the form of a reply tells, computed by hand."""

from __future__ import annotations

import json

from evals.metrics.reply import reply_scores


def said(*grounds: list[str]) -> str:
    statements = [
        {"text": "Two words.", "kind": "record", "supports": None, "grounds": keys, "quote": None} for keys in grounds
    ]
    return json.dumps({"item": 1, "statements": statements})


def row(reply: str, *, fate: str = "complete") -> dict[str, object]:
    return {"fate": fate, "reply": reply, "keys": ["R1", "R2", "P1"]}


def test_a_reply_of_the_form_is_usable_and_its_known_keys_are_a_share_of_its_sentences():
    scores = reply_scores(row(said(["R1"], ["R1", "P1"], ["R9"], [])))

    assert scores == {"reply_usable": 1.0, "keys_known": 0.5, "statements": 4.0, "words": 8.0}


def test_a_reply_of_another_form_is_unusable_and_has_no_other_score():
    for reply in ("", "Here it is.", "[]", said(), said(["R1"]).replace("grounds", "ground")):
        scores = reply_scores(row(reply))
        assert scores == {"reply_usable": 0.0, "keys_known": None, "statements": None, "words": None}


def test_what_was_cut_or_declined_is_unusable_whatever_it_says():
    assert reply_scores(row(said(["R1"]), fate="declined"))["reply_usable"] == 0.0
