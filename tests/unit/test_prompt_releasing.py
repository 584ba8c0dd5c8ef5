"""How a version goes live, who may put it there, and how it comes back: every refusal with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.errors import ReleaseRefused, TemplateInvalid
from drafter.prompting.files import load_prompt
from drafter.services.prompting.checking import check_all
from drafter.services.prompting.releasing import Releasing, override, propose, release, rollback, undo_rollback
from tests.prompting_factories import (
    MODEL,
    SET,
    keep_verdict,
    make_prompts,
    make_releasing,
    new_version,
    signed,
)

NEW = "rationale@0020"


@pytest.fixture
def parts(tmp_path: Path) -> Releasing:
    prompts = make_prompts(tmp_path)
    new_version(prompts, NEW)
    return make_releasing(prompts)


def put_live(parts: Releasing, label: str = NEW, by: str = "Rae Reader") -> None:
    release(label, signed=signed(by), model=MODEL, dataset=SET, parts=parts)


def go_live(parts: Releasing, label: str) -> None:
    propose(label, signed=signed("Ann Author"), parts=parts)
    keep_verdict(parts, label)
    put_live(parts, label)


def test_a_candidate_with_a_pass_goes_live_by_a_second_person_and_the_history_says_why(parts: Releasing) -> None:
    before = parts.library.live("rationale")

    go_live(parts, NEW)

    assert parts.library.live("rationale") == NEW
    candidate, released = parts.history.read()
    assert (candidate.act, candidate.before, candidate.after) == ("candidate", before, before)
    assert (released.act, released.before, released.after, released.by) == ("release", before, NEW, "Rae Reader")
    assert released.why == "read twenty drafts first"
    assert released.ground == f"PASS on {SET} (420 items) with {MODEL}"
    assert released.digest == parts.library.published()[NEW]


@pytest.mark.parametrize("by", ["Ann Author", "ann  author", "ANN AUTHOR "])
def test_an_author_may_not_release_his_own_version(parts: Releasing, by: str) -> None:
    propose(NEW, signed=signed("Pat Proposer"), parts=parts)
    keep_verdict(parts, NEW)

    with pytest.raises(ReleaseRefused, match="wrote rationale@0020; a second person"):
        put_live(parts, by=by)


def test_whoever_proposed_a_version_may_not_release_it(parts: Releasing) -> None:
    propose(NEW, signed=signed("Pat Proposer"), parts=parts)
    keep_verdict(parts, NEW)

    with pytest.raises(ReleaseRefused, match="made rationale@0020 a candidate"):
        put_live(parts, by="pat proposer")


@pytest.mark.parametrize(
    ("differs", "sentence"),
    [
        ({"digest": "0" * 64}, "No verdict is stored for"),
        ({"model": "openai:other"}, "only for openai:other on gate-set"),
        ({"dataset": "e" * 64, "dataset_name": "other-set"}, "only for openai:house on other-set"),
        ({"against_digest": "0" * 64}, "The live version changed since"),
        ({"gate": "0" * 64}, "The gate changed since"),
        ({"items": 399}, "rests on 399 items, and a release asks for 400"),
        ({"verdict": "FAIL"}, "The gate said FAIL"),
        ({"verdict": "INCONCLUSIVE"}, "The gate said INCONCLUSIVE"),
    ],
)
def test_a_verdict_on_anything_else_is_no_ground(parts: Releasing, differs: dict[str, object], sentence: str) -> None:
    propose(NEW, signed=signed("Ann Author"), parts=parts)
    keep_verdict(parts, NEW, **differs)

    with pytest.raises(ReleaseRefused, match=sentence.replace("(", r"\(")):
        put_live(parts)
    assert parts.library.live("rationale") != NEW
    assert len(parts.history.read()) == 1


@pytest.mark.parametrize(
    ("line", "told"), [('model = "openai:other"', "the model openai:other"), ('dataset = "big"', "the set big")]
)
def test_what_the_policy_names_is_what_counts(parts: Releasing, tmp_path: Path, line: str, told: str) -> None:
    policy = tmp_path / "prompts" / "release.toml"
    policy.write_text(f"{policy.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    propose(NEW, signed=signed("Ann Author"), parts=parts)
    keep_verdict(parts, NEW)

    with pytest.raises(ReleaseRefused, match=f"asks for a verdict with {told}"):
        put_live(parts)


def test_the_last_verdict_counts_and_not_an_older_pass(parts: Releasing) -> None:
    propose(NEW, signed=signed("Ann Author"), parts=parts)
    keep_verdict(parts, NEW)
    keep_verdict(parts, NEW, verdict="FAIL")

    with pytest.raises(ReleaseRefused, match="The gate said FAIL"):
        put_live(parts)


def test_a_draft_is_no_candidate_and_a_faulty_one_cannot_become_one(parts: Releasing, tmp_path: Path) -> None:
    keep_verdict(parts, NEW)
    with pytest.raises(ReleaseRefused, match="is no candidate"):
        put_live(parts)

    new_version(tmp_path / "prompts", "rationale@0021", words="When in doubt uphold.")
    with pytest.raises(ReleaseRefused, match="rationale@0021 has 1 error"):
        propose("rationale@0021", signed=signed("Ann Author"), parts=parts)
    with pytest.raises(TemplateInvalid, match="no such prompt version"):
        propose("rationale@0099", signed=signed("Ann Author"), parts=parts)


def test_a_candidate_never_changes_again(parts: Releasing) -> None:
    propose(NEW, signed=signed("Ann Author"), parts=parts)
    text = parts.library.text(NEW).text

    with pytest.raises(TemplateInvalid, match="is published and never changes"):
        parts.library.save(NEW, text + "more")


def test_inconclusive_is_overridden_by_two_others_in_writing_and_the_reasons_stay(parts: Releasing) -> None:
    propose(NEW, signed=signed("Ann Author"), parts=parts)
    keep_verdict(parts, NEW, verdict="INCONCLUSIVE")
    with pytest.raises(ReleaseRefused, match="two other people have to sign"):
        override(NEW, signed=signed("Ann Author"), model=MODEL, dataset=SET, parts=parts)

    override(NEW, signed=signed("Quinn Qa", "the set lacks opioid cases"), model=MODEL, dataset=SET, parts=parts)
    with pytest.raises(ReleaseRefused, match="signed so far: Quinn Qa"):
        put_live(parts)
    with pytest.raises(ReleaseRefused, match="has signed already"):
        override(NEW, signed=signed("quinn qa"), model=MODEL, dataset=SET, parts=parts)
    override(NEW, signed=signed("Rae Reader", "read all forty changes"), model=MODEL, dataset=SET, parts=parts)
    put_live(parts)

    ground = parts.history.read()[-1].ground
    assert "INCONCLUSIVE" in ground
    assert "Quinn Qa: the set lacks opioid cases; Rae Reader: read all forty changes" in ground


@pytest.mark.parametrize("verdict", ["PASS", "FAIL"])
def test_only_inconclusive_is_overridden(parts: Releasing, verdict: str) -> None:
    propose(NEW, signed=signed("Ann Author"), parts=parts)
    keep_verdict(parts, NEW, verdict=verdict)

    with pytest.raises(ReleaseRefused, match=f"said {verdict} for rationale@0020; only INCONCLUSIVE"):
        override(NEW, signed=signed("Quinn Qa"), model=MODEL, dataset=SET, parts=parts)


def test_signatures_do_not_outlive_the_verdict_that_they_were_given_on(parts: Releasing) -> None:
    propose(NEW, signed=signed("Ann Author"), parts=parts)
    keep_verdict(parts, NEW, verdict="INCONCLUSIVE")
    for by in ("Quinn Qa", "Rae Reader"):
        override(NEW, signed=signed(by), model=MODEL, dataset=SET, parts=parts)
    keep_verdict(parts, NEW, verdict="INCONCLUSIVE")

    with pytest.raises(ReleaseRefused, match="signed so far: nobody"):
        put_live(parts)


def test_rollback_is_one_act_without_a_gate_and_is_itself_taken_back(parts: Releasing) -> None:
    first = parts.library.live("rationale")
    go_live(parts, NEW)

    rollback("rationale", signed=signed("Ann Author", "drafts miss a visit"), parts=parts)
    assert parts.library.live("rationale") == first
    undo_rollback("rationale", signed=signed("Rae Reader", "it was the case"), parts=parts)

    assert parts.library.live("rationale") == NEW
    assert [one.act for one in parts.history.read()] == ["candidate", "release", "rollback", "undo"]


def test_rolling_back_twice_goes_on_backwards_and_not_to_and_fro(parts: Releasing, tmp_path: Path) -> None:
    first = parts.library.live("rationale")
    go_live(parts, NEW)
    go_live(parts, new_version(tmp_path / "prompts", "rationale@0021", words="Write shortly."))

    rollback("rationale", signed=signed("Rae Reader"), parts=parts)
    assert parts.library.live("rationale") == NEW
    rollback("rationale", signed=signed("Rae Reader"), parts=parts)

    assert parts.library.live("rationale") == first
    with pytest.raises(ReleaseRefused, match="nothing to roll back to"):
        rollback("rationale", signed=signed("Rae Reader"), parts=parts)
    rollback("rationale", signed=signed("Rae Reader"), parts=parts, to="rationale@0021")
    assert parts.library.live("rationale") == "rationale@0021"


def test_nothing_goes_live_by_rollback_that_never_was(parts: Releasing) -> None:
    with pytest.raises(ReleaseRefused, match="does not show rationale@0020 live"):
        rollback("rationale", signed=signed("Rae Reader"), parts=parts, to=NEW)
    with pytest.raises(ReleaseRefused, match="no rollback"):
        undo_rollback("rationale", signed=signed("Rae Reader"), parts=parts)


@pytest.mark.parametrize(
    ("by", "why", "sentence"), [("", "for good reasons", "Nobody signs"), ("A", "ok", "shorter than")]
)
def test_every_act_is_signed_with_a_name_and_a_reason(parts: Releasing, by: str, why: str, sentence: str) -> None:
    with pytest.raises(ReleaseRefused, match=sentence):
        propose(NEW, signed=signed(by, why), parts=parts)


def test_a_version_put_live_by_hand_is_told_from_one_that_the_history_put_there(parts: Releasing) -> None:
    go_live(parts, NEW)
    parts.library.set_live("rationale@0002")

    told = [p.sentence for one in check_all(library=parts.library, history=parts.history) for p in one.linted.problems]

    assert any(
        "active.toml names rationale@0002, and the label history ends with rationale@0020" in one for one in told
    )


def test_old_versions_give_the_same_prompt_byte_for_byte_after_three_later_releases(
    parts: Releasing, tmp_path: Path
) -> None:
    from tests.prompt_values import rendered

    prompts = tmp_path / "prompts"
    before = parts.library.live("rationale").partition("@")[2]
    template = load_prompt(prompts_dir=prompts, name="rationale", version=before)
    first = rendered(template)
    for number in (21, 22, 23):
        go_live(parts, new_version(prompts, f"rationale@00{number}", words=f"Write it in way {number}."))

    again = load_prompt(prompts_dir=prompts, name="rationale", version=before)

    assert again.digest == template.digest
    assert rendered(again) == first
    assert parts.library.live("rationale") == "rationale@0023"
    assert rendered(load_prompt(prompts_dir=prompts, name="rationale")) != first
