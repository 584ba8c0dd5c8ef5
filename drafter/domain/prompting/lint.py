"""What is wrong with a template, found while it is being written: everything at once, each with place and remedy.

Nothing is run and nothing is rendered, so the whole takes a few milliseconds and may be done at every keystroke. A text
that cannot be taken apart has one error, the first; all else is looked at once it can. An error keeps a version from
going live, a warning does not (proved by tests/unit/test_prompt_lint.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from drafter.domain.exchange.reply import KINDS, reply_keys
from drafter.domain.model import DomainModel
from drafter.domain.prompting.language import Place, Slot
from drafter.domain.prompting.problem import Problem, problem
from drafter.domain.prompting.purposes import OUTCOME_SLOTS, PURPOSES, Purpose
from drafter.domain.prompting.sizes import DatasetSizes, Size, size_over
from drafter.domain.prompting.structure import close_to, refusals, unfenced, unknown_slots
from drafter.domain.prompting.template import PromptTemplate, line_of_key, read_template
from drafter.domain.prompting.wording import WordingRules, wording_problems
from drafter.errors import TemplateInvalid

MOST_TOKENS_MEDIAN = 3_500
MOST_TOKENS_P95 = 6_000
ASKED = ("name", "variables", "reply_schema", "grounds")
GROUNDS = ("record", "arguments", "passages", "criteria", "items", "statements")
_ORDER = {"error": 0, "warning": 1, "note": 2}


class Linted(DomainModel):
    """What was found, worst first, then in the order of the text. `template`: None where it cannot be taken apart."""

    problems: tuple[Problem, ...]
    size: Size | None
    template: PromptTemplate | None

    @property
    def errors(self) -> int:
        return sum(one.severity == "error" for one in self.problems)


def lint(
    text: str,
    parts: Mapping[str, str],
    *,
    name: str,
    version: str,
    rules: WordingRules,
    sizes: Sequence[DatasetSizes] = (),
) -> Linted:
    """Everything that is wrong with a template text. `parts`: the shared parts there are, by `NAME@VERSION`."""
    purpose = PURPOSES.get(name)
    if purpose is None:
        held = ", ".join(PURPOSES)
        return Linted(
            problems=(problem("unknown-purpose", "error", None, f"there is no purpose '{name}'", f"use {held}"),),
            size=None,
            template=None,
        )
    try:
        template = read_template(text, parts, name=name, version=version)
    except TemplateInvalid as error:
        return Linted(problems=(_unreadable(error, parts),), size=None, template=None)
    measured = [size for one in sizes if (size := size_over(template, one))]
    found = [
        *_structure(template, purpose),
        *_front_matter(template, purpose, text),
        *_reply(template, purpose),
        *wording_problems(template.sides, rules, purpose=name),
        *_size(measured),
    ]
    return Linted(problems=_sorted(found), size=measured[0] if measured else None, template=template)


def _unreadable(error: TemplateInvalid, parts: Mapping[str, str]) -> Problem:
    place = Place(error.line, error.column or 1, error.part) if error.line is not None else None
    message, _, remedy = error.problem.partition("; ")
    meant = close_to(message.partition("]]")[0].removeprefix("[[part "), parts) if "no such part" in message else None
    return problem(
        "unreadable", "error", place, message, f"did you mean {meant}?" if meant else remedy or "correct it",
        instead=f"[[part {meant}]]" if meant else None,
    )  # fmt: skip


def _structure(template: PromptTemplate, purpose: Purpose) -> Iterator[Problem]:
    seen = set()
    for one in (*unknown_slots(template, purpose), *refusals(template, purpose), *unfenced(template, purpose)):
        if one not in seen:
            seen.add(one)
            yield _leak(one, purpose) or one
    used = {slot.name for side in template.sides for slot in side.slots()} | {
        node.name for side in template.sides for loop in side.loops() for node in loop.body if isinstance(node, Slot)
    }
    for name in sorted(purpose.required - used):
        yield problem(
            "missing-slot", "error", None, f"[[{name}]] is missing", f"a prompt of {purpose.name} has to show it",
            words=f"[[{name}]]",
        )  # fmt: skip
    for name in sorted(purpose.required_loops - {loop.over for side in template.sides for loop in side.loops()}):
        yield problem(
            "missing-loop", "error", None, f"[[each {name}]] is missing", f"a prompt of {purpose.name} has to show it",
            words=f"[[each {name}]]",
        )  # fmt: skip


def _leak(one: Problem, purpose: Purpose) -> Problem | None:
    """A slot of the outcome where no outcome may be shown is more than unknown."""
    if one.check != "unknown-slot" or one.words.strip("[]") not in OUTCOME_SLOTS:
        return None
    return one.model_copy(
        update={
            "check": "leaks-an-outcome",
            "message": f"{one.words} passes an outcome on, and {purpose.name} is written without one",
            "remedy": "remove it",
            "instead": None,
        }
    )


def _front_matter(template: PromptTemplate, purpose: Purpose, text: str) -> Iterator[Problem]:
    given = template.front_matter
    front = text.split("\n---\n", 1)[0].removeprefix("---\n")

    def at(key: str) -> Place:
        return Place(line_of_key(front, key), 1)

    for key in ASKED:
        if getattr(given, key) is None and not (key in ("reply_schema", "grounds") and not purpose.required_loops):
            yield problem(
                "front-matter", "error", Place(1, 1), f"the front matter has no '{key}'", f"add the line {key}: ..."
            )
    if given.name is not None and given.name != template.name:
        yield problem(
            "front-matter", "error", at("name"), f"the file is one of {template.name} and names itself '{given.name}'",
            f"write name: {template.name}", words=given.name, instead=template.name,
        )  # fmt: skip
    if given.reply_schema is not None and given.reply_schema != purpose.reply_schema:
        yield problem(
            "unknown-schema", "error", at("reply_schema"),
            f"there is no reply schema '{given.reply_schema}' for {purpose.name}",
            f"write reply_schema: {purpose.reply_schema}", words=given.reply_schema, instead=purpose.reply_schema,
        )  # fmt: skip
    yield from _declared_grounds(template, at("grounds"))
    yield from _declared_variables(template, at("variables"), purpose)


def _declared_grounds(template: PromptTemplate, place: Place) -> Iterator[Problem]:
    shown = {loop.over for side in template.sides for loop in side.loops()}
    for name in template.front_matter.grounds or ():
        if name not in GROUNDS:
            meant = close_to(name, GROUNDS)
            yield problem(
                "unknown-ground", "error", place, f"there is no ground '{name}'",
                f"did you mean {meant}?" if meant else f"use {', '.join(GROUNDS)}", words=name, instead=meant,
            )  # fmt: skip
        elif name not in shown:
            yield problem(
                "unused-ground", "error", place, f"the ground '{name}' is declared and never shown",
                f"show it with [[each {name}]], or take it out of grounds", words=name,
            )  # fmt: skip


def _declared_variables(template: PromptTemplate, place: Place, purpose: Purpose) -> Iterator[Problem]:
    declared = template.front_matter.variables
    if declared is None:
        return
    used = {slot.name: slot.place for side in template.sides for slot in side.slots()}
    for name in declared:
        if name not in purpose.slots:
            meant = close_to(name, purpose.slots)
            yield problem(
                "unknown-variable", "error", place, f"'{name}' is declared, and {purpose.name} has no such slot",
                f"did you mean {meant}?" if meant else f"use {', '.join(sorted(purpose.slots))}",
                words=name, instead=meant,
            )  # fmt: skip
        elif name not in used:
            yield problem(
                "unused-variable", "warning", place, f"'{name}' is declared and never shown",
                f"show it as [[{name}]], or take it out of variables", words=name,
            )  # fmt: skip
    for name in used:
        if name in purpose.slots and name not in declared:
            yield problem(
                "undeclared-variable", "error", used[name], f"[[{name}]] is shown and not declared",
                f"add {name} to variables in the front matter", words=f"[[{name}]]",
            )  # fmt: skip


def _reply(template: PromptTemplate, purpose: Purpose) -> Iterator[Problem]:
    """A prompt that asks for a drafting reply has to name every key and kind of it, or the reply is refused."""
    if purpose.reply_schema != "reply@1" or not purpose.system:
        return
    own = " ".join(text.text for side in template.sides for text in side.texts()).split()
    words = {word.strip("\"'.,:;()[]{}") for word in own}
    for key in (*reply_keys(), *KINDS):
        if key not in words:
            yield problem(
                "reply-not-told", "error", None, f"the prompt never names '{key}', which a reply has to use",
                "include [[part reply@0003]] or a later one", words=key,
            )  # fmt: skip


def _size(measured: Iterable[Size]) -> Iterator[Problem]:
    for size in measured:
        over = size.median > MOST_TOKENS_MEDIAN or size.p95 > MOST_TOKENS_P95
        limits = f"limits {MOST_TOKENS_MEDIAN:,} and {MOST_TOKENS_P95:,}"
        told = f"{size.median:,} tokens in the middle and {size.p95:,} at the 95th percentile of {size.items} items"
        yield problem(
            "size", "warning" if over else "note", None,
            f"{told} of {size.dataset}",
            f"shorten it ({limits})" if over else f"{limits}, nothing to do",
        )  # fmt: skip


def _sorted(found: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(found, key=lambda one: (_ORDER[one.severity], one.part, one.line or 0, one.column or 0)))
