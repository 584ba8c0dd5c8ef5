"""Lint of prompt versions: one version, a text that is being written, or all that may still change or are live.

A published version that is live no more is held against its hash and nothing else: what it says is past.
"""

from __future__ import annotations

from collections.abc import Sequence

from drafter.domain.model import DomainModel
from drafter.domain.prompting.lint import Linted, lint
from drafter.domain.prompting.problem import Problem, problem
from drafter.domain.prompting.purposes import PURPOSES
from drafter.domain.prompting.release import last_live
from drafter.errors import TemplateInvalid
from drafter.ports import LabelHistory, PromptLibrary


class CheckedVersion(DomainModel):
    """What was found about one version. `past`: it is published and not live, and only its hash was looked at."""

    label: str
    live: bool
    published: bool
    past: bool
    linted: Linted


def check_text(text: str, *, name: str, version: str, library: PromptLibrary) -> Linted:
    """Lint of a text as it stands in an editor, saved or not. Never raises for what is wrong with it."""
    return lint(text, library.parts(), name=name, version=version, rules=library.rules(), sizes=library.sizes())


def check_version(label: str, *, library: PromptLibrary) -> CheckedVersion:
    """Lint of one version, its hash included. Raises TemplateInvalid where there is no such version."""
    name, _, version = label.partition("@")
    return _checked(label, library.text(label).text, name=name, version=version, library=library, past=False)


def check_all(*, library: PromptLibrary, history: LabelHistory | None = None) -> Sequence[CheckedVersion]:
    """Every version, in order; and, with a history, whether `active.toml` says what the history says."""
    found = []
    for label in library.labels():
        name, _, version = label.partition("@")
        past = label in library.published() and library.live(name) != label
        try:
            text = library.text(label).text
        except TemplateInvalid as error:
            missing = problem("unreadable", "error", None, error.problem, "correct it")
            found.append(_version(label, library, past, Linted(problems=(missing,), size=None, template=None)))
        else:
            found.append(_checked(label, text, name=name, version=version, library=library, past=past))
    return [*found, *(_unrecorded(library, history) if history else ())]


def _checked(label: str, text: str, *, name: str, version: str, library: PromptLibrary, past: bool) -> CheckedVersion:
    linted = check_text(text, name=name, version=version, library=library)
    changed = _changed(label, linted, library)
    if past:
        linted = Linted(problems=(), size=linted.size, template=linted.template)
    return _version(label, library, past, linted.model_copy(update={"problems": (*changed, *linted.problems)}))


def _version(label: str, library: PromptLibrary, past: bool, linted: Linted) -> CheckedVersion:
    live = library.live(label.partition("@")[0]) == label
    return CheckedVersion(label=label, live=live, published=label in library.published(), past=past, linted=linted)


def _changed(label: str, linted: Linted, library: PromptLibrary) -> tuple[Problem, ...]:
    expected = library.published().get(label)
    if expected is None or (linted.template is not None and linted.template.digest == expected):
        return ()
    told = f"the published version {label} was changed"
    return (problem("published-changed", "error", None, told, "restore it and edit a copy with a new number"),)


def _unrecorded(library: PromptLibrary, history: LabelHistory) -> list[CheckedVersion]:
    """Purposes whose live version was changed by hand, past the history."""
    events, found = history.read(), []
    for name in PURPOSES:
        recorded = last_live(events, purpose=name)
        if recorded is not None and recorded != (live := library.live(name)):
            told = f"active.toml names {live}, and the label history ends with {recorded}"
            remedy = f"set it back and release {live}, so that the history says who put it live and why"
            fault = problem("live-unrecorded", "error", None, told, remedy)
            found.append(_version(live, library, False, Linted(problems=(fault,), size=None, template=None)))
    return found
