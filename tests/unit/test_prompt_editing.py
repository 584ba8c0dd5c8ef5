"""What a prompt editor works on: versions with their state, drafts of their own, and what is still in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.domain.prompting.preview import difference_of
from drafter.errors import ReleaseRefused, TemplateInvalid
from drafter.services.prompting.checking import check_version
from drafter.services.prompting.editing import copied, saved, with_front
from drafter.services.prompting.releasing import Releasing, propose, release
from drafter.services.prompting.standing import author_of, standings
from tests.prompting_factories import MODEL, SET, keep_verdict, make_prompts, make_releasing, signed


@pytest.fixture
def parts(tmp_path: Path) -> Releasing:
    return make_releasing(make_prompts(tmp_path))


def drafted(parts: Releasing, note: str = "shorter: openings") -> str:
    library = parts.library
    label = copied(library.live("options"), author="Ann Author", day="2026-11-26", library=library)
    library.save(label, with_front(library.text(label).text, {"change_note": note}))
    return label


def states(parts: Releasing) -> dict[str, str]:
    return {one.label: one.state for one in standings(library=parts.library, history=parts.history)}


def test_a_new_draft_is_the_live_text_under_the_next_number_in_the_authors_name(parts: Releasing) -> None:
    live = parts.library.live("options")
    label = drafted(parts)

    assert author_of(label, library=parts.library) == "Ann Author"
    (told,) = [one for one in standings(library=parts.library, history=parts.history) if one.label == label]
    assert (told.state, told.errors, told.change_note) == ("draft", 0, "shorter: openings")
    assert difference_of(parts.library.text(live).text, parts.library.text(label).text)


def test_a_version_is_told_as_draft_candidate_live_and_past(parts: Releasing) -> None:
    first, label = parts.library.live("options"), drafted(parts)
    assert (states(parts)[label], states(parts)[first], states(parts)["options@0001"]) == ("draft", "live", "past")

    propose(label, signed=signed("Ann Author"), parts=parts)
    assert states(parts)[label] == "candidate"
    keep_verdict(parts, label)
    release(label, signed=signed("Rae Reader"), model=MODEL, dataset=SET, parts=parts)

    assert (states(parts)[label], states(parts)[first]) == ("live", "past")


def test_whoever_saves_a_draft_is_one_of_its_authors_whatever_the_text_says(parts: Releasing) -> None:
    label = drafted(parts)
    opened = parts.library.text(label)
    claimed = opened.text.replace("author: Ann Author", "author: Somebody Else")
    told = saved(label, claimed, before=opened.digest, by="bo", library=parts.library)
    propose(label, signed=signed("Pat Proposer"), parts=parts)
    keep_verdict(parts, label)

    assert author_of(label, library=parts.library) == "Ann Author; bo"
    assert told.digest == parts.library.text(label).digest
    for by in ("bo", "ann author"):
        with pytest.raises(ReleaseRefused, match="wrote"):
            release(label, signed=signed(by), model=MODEL, dataset=SET, parts=parts)


def test_two_editors_do_not_overwrite_each_other(parts: Releasing) -> None:
    label = drafted(parts)
    opened = parts.library.text(label)
    saved(label, f"{opened.text}One.\n", before=opened.digest, by="ann", library=parts.library)

    with pytest.raises(TemplateInvalid, match="was saved by somebody else since you opened it"):
        saved(label, f"{opened.text}Two.\n", before=opened.digest, by="bo", library=parts.library)
    assert parts.library.text(label).text.endswith("One.\n")


def test_a_draft_in_another_name_keeps_its_lines(parts: Releasing) -> None:
    label = drafted(parts, note="a note: with 'marks' and \\1")

    assert check_version(label, library=parts.library).linted.errors == 0
    assert "\\1" in parts.library.text(label).text
