"""What `drafter prompts list` does: every version with its state and who wrote it."""

from __future__ import annotations

import sys

from drafter.prompt_bootstrap import open_history, open_library
from drafter.prompting.catalogue import FORMS, PromptVersion, catalogue
from drafter.services.contract import to_line
from drafter.services.prompting.standing import Standing, standings
from drafter.settings import Settings


def run_list(settings: Settings, *, as_json: bool) -> int:
    """Prints the versions. Raises TemplateInvalid and HistoryBroken."""
    states = {one.label: one for one in standings(library=open_library(settings), history=open_history(settings))}
    found = [(one, states.get(one.label)) for one in catalogue(settings.prompts_dir)]
    if as_json:
        told = [one.model_dump() | _told(state) for one, state in found]
        sys.stdout.write(to_line({"versions": told}) + "\n")
        return 0
    for one, state in found:
        sys.stdout.write(_line(one, state) + "\n")
    return 0


def _told(state: Standing | None) -> dict[str, object]:
    kept = {"state", "author", "date", "change_note"}
    return state.model_dump(mode="json", include=kept) if state else dict.fromkeys(sorted(kept))


def _line(one: PromptVersion, state: Standing | None) -> str:
    marks: list[str] = [state.state if state else ("live" if one.live else "draft")]
    marks += ["published"] if one.published else []
    wrote = f"{state.date} {state.author}: {state.change_note}" if state and state.author else ""
    wrote = wrote if one.name != FORMS else "the sentence forms of the built-in model"
    return f"{one.label:17} {', '.join(marks):20} {(one.digest or 'faulty')[:12]}  {wrote}".rstrip()
