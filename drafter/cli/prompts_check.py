"""What `drafter prompts check` does: which text is meant, what is wrong with it, printed for people or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drafter.adapters.prompt_folder import PromptFolder
from drafter.domain.prompting.lint import Linted
from drafter.domain.prompting.problem import Problem
from drafter.domain.prompting.purposes import PURPOSES
from drafter.errors import TemplateInvalid
from drafter.prompt_bootstrap import open_history, open_library
from drafter.prompting.catalogue import FORMS, catalogue
from drafter.services.contract import to_line
from drafter.services.prompting.checking import CheckedVersion, check_all, check_text, check_version
from drafter.settings import Settings

DONE, FAULTY = 0, 1


def run_check(settings: Settings, *, meant: str | None, as_json: bool) -> int:
    """Checks one version, one file, or every version; gives the exit code. Raises TemplateInvalid."""
    library = open_library(settings)
    if meant is None:
        history = open_history(settings)
        checked: Sequence[CheckedVersion] = check_all(library=library, history=history)
    elif meant.endswith(".md"):
        checked = [_file(Path(meant), library)]
    else:
        checked = [check_version(meant, library=library)]
    forms = [one.problem for one in catalogue(settings.prompts_dir) if one.name == FORMS and one.problem]
    errors = sum(one.linted.errors for one in checked) + (len(forms) if meant is None else 0)
    if as_json:
        sys.stdout.write(to_line({"errors": errors, "versions": [_shape(one) for one in checked]}) + "\n")
        return FAULTY if errors else DONE
    for one in checked:
        for problem in one.linted.problems:
            sys.stdout.write(_line(one.label, problem) + "\n")
    if meant is None:
        sys.stdout.write("".join(f"{sentence}\n" for sentence in forms))
    versions = f"{len(checked)} version{'s' if len(checked) != 1 else ''}"
    sys.stdout.write(f"{versions}, {errors} error{'s' if errors != 1 else ''}\n")
    return FAULTY if errors else DONE


def _file(path: Path, library: PromptFolder) -> CheckedVersion:
    """A file anywhere, checked as the purpose whose folder it is in, or that it names itself."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise TemplateInvalid(f"{path}: cannot be read as UTF-8 text; check the name") from None
    name = path.parent.name if path.parent.name in PURPOSES else _named(text)
    linted: Linted = check_text(text, name=name, version=path.stem, library=library)
    return CheckedVersion(label=str(path), live=False, published=False, past=False, linted=linted)


def _named(text: str) -> str:
    for line in text.splitlines():
        if line.startswith("name:"):
            return line.removeprefix("name:").strip()
    return "without a name"


def _line(label: str, problem: Problem) -> str:
    where = f"{problem.line}:{problem.column}" if problem.line is not None else "whole"
    part = f" in part {problem.part}" if problem.part else ""
    return f"{label}{part}:{where}: {problem.severity} {problem.check}: {problem.message}; {problem.remedy}"


def _shape(one: CheckedVersion) -> dict[str, Any]:
    return {
        "label": one.label,
        "live": one.live,
        "published": one.published,
        "problems": [problem.model_dump() for problem in one.linted.problems],
        "size": one.linted.size.model_dump() if one.linted.size else None,
    }
