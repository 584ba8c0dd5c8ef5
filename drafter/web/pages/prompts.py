"""Prompt versions at the desk: listed, edited with lint and preview as one types, compared, tried, released by a second
person, taken back; every act in the audit chain.

What is typed travels in forms and is saved only on request; a published version is read-only and is copied to change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Annotated

from fastapi import Form, Query
from fastapi.responses import Response

from drafter.domain.model import DomainModel
from drafter.domain.prompting.preview import Preview
from drafter.domain.prompting.purposes import PURPOSES
from drafter.domain.prompting.release import LabelEvent, Signed
from drafter.domain.prompting.template import read_template
from drafter.domain.prompting.trial import TrialResult
from drafter.domain.review.events import Drafted
from drafter.errors import DrafterError, ReleaseRefused, TemplateInvalid, TrialFailed
from drafter.prompt_desk import PromptDesk
from drafter.prompting.catalogue import difference
from drafter.services.prompting import releasing
from drafter.services.prompting.checking import check_all, check_text, check_version
from drafter.services.prompting.editing import copied, saved
from drafter.services.prompting.trying import kept_trials, try_version
from drafter.web.refusal import not_found
from drafter.web.visit import CurrentVisit, Visit

PREVIEWED = ("rationale", "options")
LONGEST = 60_000
Text = Annotated[str, Form(max_length=LONGEST)]
Word = Annotated[str, Form(max_length=200)]


class Typed(DomainModel):
    csrf: str = ""
    text: Text = ""
    before: Word = ""
    sample: Word = ""


class Act(DomainModel):
    csrf: str = ""
    why: Annotated[str, Form(max_length=1000)] = ""
    dataset: Word = ""


class Pair(DomainModel):
    old: Annotated[str, Query(max_length=80)]
    new: Annotated[str, Query(max_length=80)]


def show(visit: CurrentVisit) -> Response:
    desk = _desk(visit)
    used: Counter[str] = Counter()
    for happened in visit.parts.store.history(actions=("drafted",)):
        if isinstance(happened.event, Drafted):
            used.update(label.strip() for label in happened.event.rests_on.prompt.split(","))
    return visit.page(
        "prompts.html",
        versions=check_all(library=desk.library, history=desk.releasing(visit.person).history),
        purposes=sorted(PURPOSES),
        used=used,
        candidates={event.label for event in _events(visit) if event.act == "candidate"},
        fault="",
    )


def show_version(visit: CurrentVisit, label: str) -> Response:
    return _page(visit, label)


def lint(visit: CurrentVisit, label: str, typed: Annotated[Typed, Form()]) -> Response:
    """What the lint says of the text as it is typed."""
    name, _, version = label.partition("@")
    found = check_text(_unix(typed.text), name=name, version=version, library=_desk(visit).library)
    return visit.page("prompt_lint.html", linted=found)


def preview(visit: CurrentVisit, label: str, typed: Annotated[Typed, Form()]) -> Response:
    """The prompt that the text would make of a sample case, and how it differs from the live one's."""
    shown, fault = _preview(visit, label, _unix(typed.text), typed.sample)
    return visit.page("prompt_preview.html", shown=shown, fault=fault)


def save(visit: CurrentVisit, label: str, typed: Annotated[Typed, Form()]) -> Response:
    try:
        saved(label, typed.text, before=typed.before, by=visit.person.login, library=_desk(visit).library)
    except TemplateInvalid as refused:
        return _page(visit, label, fault=str(refused), text=_unix(typed.text), sample=typed.sample)
    return visit.go(f"/prompts/{label}")


def copy(visit: CurrentVisit, label: str, act: Annotated[Act, Form()]) -> Response:
    """A new version to change; its author is who copies."""
    day = visit.parts.clock.today().isoformat()
    new = copied(label, author=visit.person.login, day=day, library=_desk(visit).library)
    return visit.go(f"/prompts/{new}")


def propose(visit: CurrentVisit, label: str, act: Annotated[Act, Form()]) -> Response:
    return _acted(visit, label, lambda parts, signed: releasing.propose(label, signed=signed, parts=parts), act)


def try_it(visit: CurrentVisit, label: str, act: Annotated[Act, Form()]) -> Response:
    """Starts the trial on a dataset of the desk; the page tells when it has ended."""
    desk = _desk(visit)
    if act.dataset not in desk.dataset_names():
        return _page(visit, label, fault="Choose a dataset to try it on; QA puts them into the desk's datasets folder.")
    errors = check_version(label, library=desk.library).linted.errors
    if errors:
        return _page(visit, label, fault=f"{label} has {errors} errors; correct them first.")

    def work() -> TrialResult:
        return try_version(
            label,
            dataset=desk.datasets / act.dataset,
            model=desk.model,
            library=desk.library,
            runs=desk.runs,
            store=desk.trials,
        )

    desk.trying.start(label, work)
    return visit.go(f"/prompts/{label}")


def trial(visit: CurrentVisit, label: str) -> Response:
    """Whether the trial still runs; the page anew once it has ended."""
    if _desk(visit).trying.told(label) == "running":
        return visit.page("prompt_trial.html", label=label)
    return Response(status_code=204, headers={"HX-Refresh": "true"})


def release(visit: CurrentVisit, label: str, act: Annotated[Act, Form()]) -> Response:
    desk = _desk(visit)

    def released(parts: releasing.Releasing, signed: Signed) -> LabelEvent:
        last = _last_trial(desk, label)
        return releasing.release(label, signed=signed, model=last.model, dataset=last.dataset, parts=parts)

    return _acted(visit, label, released, act)


def override(visit: CurrentVisit, label: str, act: Annotated[Act, Form()]) -> Response:
    desk = _desk(visit)

    def overridden(parts: releasing.Releasing, signed: Signed) -> LabelEvent:
        last = _last_trial(desk, label)
        return releasing.override(label, signed=signed, model=last.model, dataset=last.dataset, parts=parts)

    return _acted(visit, label, overridden, act)


def rollback(visit: CurrentVisit, label: str, act: Annotated[Act, Form()]) -> Response:
    """Back to the version that was live before this one."""
    purpose = label.partition("@")[0]
    return _acted(visit, label, lambda parts, signed: releasing.rollback(purpose, signed=signed, parts=parts), act)


def undo(visit: CurrentVisit, label: str, act: Annotated[Act, Form()]) -> Response:
    purpose = label.partition("@")[0]
    return _acted(visit, label, lambda parts, signed: releasing.undo_rollback(purpose, signed=signed, parts=parts), act)


def history(visit: CurrentVisit) -> Response:
    return visit.page("prompt_history.html", events=tuple(reversed(_events(visit))))


def compare(visit: CurrentVisit, pair: Annotated[Pair, Query()]) -> Response:
    desk = _desk(visit)
    try:
        changed = difference(desk.library.folder, pair.old, pair.new)
    except TemplateInvalid:
        raise not_found("There is no such prompt version.") from None
    return visit.page("prompt_compare.html", pair=pair, lines=changed.splitlines()[2:], labels=desk.library.labels())


def _desk(visit: Visit) -> PromptDesk:
    if visit.parts.prompts is None:
        raise LookupError("this desk was opened without prompts")
    return visit.parts.prompts


def _events(visit: Visit) -> tuple[LabelEvent, ...]:
    return tuple(releasing.history(_desk(visit).releasing(visit.person)))


def _last_trial(desk: PromptDesk, label: str) -> TrialResult:
    """The last trial of exactly this text. Raises ReleaseRefused where there is none."""
    held = kept_trials(label, library=desk.library, store=desk.trials)
    if not held:
        raise ReleaseRefused(f"{label} was not tried yet; try it on the gate's set first.")
    return held[-1]


def _acted(visit: Visit, label: str, act: Callable[[releasing.Releasing, Signed], LabelEvent], given: Act) -> Response:
    try:
        act(_desk(visit).releasing(visit.person), Signed(by=visit.person.login, why=given.why))
    except (ReleaseRefused, TemplateInvalid, TrialFailed) as refused:
        return _page(visit, label, fault=str(refused))
    return visit.go(f"/prompts/{label}")


def _page(visit: Visit, label: str, *, fault: str = "", text: str | None = None, sample: str = "") -> Response:
    desk = _desk(visit)
    try:
        held = desk.library.text(label)
        checked = check_version(label, library=desk.library)
    except TemplateInvalid:
        raise not_found("There is no such prompt version.") from None
    name, _, version = label.partition("@")
    shown_text = held.text if text is None else text
    linted = checked.linted if text is None else check_text(text, name=name, version=version, library=desk.library)
    shown, preview_fault = _preview(visit, label, shown_text, sample)
    events = [event for event in _events(visit) if event.label == label]
    return visit.page(
        "prompt.html",
        status=422 if fault else 200,
        label=label,
        purpose=name,
        text=shown_text,
        digest=held.digest,
        checked=checked,
        linted=linted,
        live=desk.library.live(name),
        shown=shown,
        preview_fault=preview_fault,
        samples=desk.sample_names(),
        sample=sample,
        datasets=desk.dataset_names(),
        trials=desk.trials.of(held.digest),
        trying=desk.trying.told(label),
        candidate=any(event.act == "candidate" and event.digest == held.digest for event in events),
        events=events,
        fault=fault,
    )


def _preview(visit: Visit, label: str, text: str, sample: str) -> tuple[Preview | None, str]:
    """The preview, or the sentence that says why there is none."""
    desk = _desk(visit)
    name, _, version = label.partition("@")
    names = desk.sample_names()
    if name not in PREVIEWED or not names:
        return None, "This purpose is not filled from a case; there is nothing to preview."
    try:
        template = read_template(text, desk.library.parts(), name=name, version=version)
        case = desk.sample(sample or names[0])
        return desk.previewing(template, case, case.items[0].number), ""
    except DrafterError as error:
        return None, str(error)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")
