"""Every prompt version in a folder, with what is wrong with it: what a prompt editor is shown before anything is run.

A version is live where `active.toml` names it, and published where `published.toml` holds its hash. Nothing is run and
nothing is written (proved by tests/unit/test_prompt_catalogue.py).
"""

from __future__ import annotations

import difflib
from pathlib import Path

from drafter.domain.model import DomainModel
from drafter.domain.prompting.purposes import PURPOSES
from drafter.errors import TemplateInvalid
from drafter.prompting.files import load_prompt, published_hashes
from drafter.templates import active_version, load_sentence_forms

FORMS = "extractive"


class PromptVersion(DomainModel):
    """One version of one purpose. `problem` is the sentence that `load_prompt` refuses it with, or None."""

    name: str
    version: str
    live: bool
    published: bool
    digest: str | None
    problem: str | None

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"


def catalogue(prompts_dir: Path) -> tuple[PromptVersion, ...]:
    """Every version, by purpose and number. Raises TemplateInvalid where the folder or active.toml is missing."""
    if not prompts_dir.is_dir():
        raise TemplateInvalid(f"{prompts_dir}: no such folder; DRAFTER_PROMPTS_DIR names the folder of prompts")
    published = published_hashes(prompts_dir)
    return tuple(
        _version(prompts_dir, purpose, file.stem, published)
        for purpose in sorted({FORMS, *PURPOSES})
        for file in sorted((prompts_dir / purpose).glob("*.toml" if purpose == FORMS else "*.md"))
    )


def difference(prompts_dir: Path, one: str, other: str) -> str:
    """The two versions (`NAME@VERSION`) as a unified diff, empty where they are equal.

    Raises TemplateInvalid for a version that is not there.
    """
    before, after = (_text(prompts_dir, label).splitlines(keepends=True) for label in (one, other))
    return "".join(difflib.unified_diff(before, after, fromfile=one, tofile=other))


def _text(prompts_dir: Path, label: str) -> str:
    name, _, version = label.partition("@")
    path = prompts_dir / name / f"{version}{'.toml' if name == FORMS else '.md'}"
    if not (name.isidentifier() and version.isdigit() and path.is_file()):
        raise TemplateInvalid(f"{label}: no such prompt version; `drafter prompts list` shows those there are")
    return path.read_text(encoding="utf-8")


def _version(prompts_dir: Path, name: str, version: str, published: dict[str, str]) -> PromptVersion:
    digest = problem = None
    try:
        if name == FORMS:
            digest = load_sentence_forms(prompts_dir / name / f"{version}.toml").digest
        else:
            digest = load_prompt(prompts_dir=prompts_dir, name=name, version=version).digest
    except TemplateInvalid as error:
        problem = str(error)
    return PromptVersion(
        name=name,
        version=version,
        live=active_version(prompts_dir=prompts_dir, name=name) == version,
        published=f"{name}@{version}" in published,
        digest=digest,
        problem=problem,
    )
