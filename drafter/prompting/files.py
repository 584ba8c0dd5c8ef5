"""Prompt files: `PURPOSE/VERSION.md`, and shared parts `shared/NAME/VERSION.md`, read and held against their hashes.

A version named in `published.toml` never changes: one whose hash differs is refused with its name (proved by
tests/unit/test_prompt_files.py). What a version may hold is told in `drafter/domain/prompting/`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from drafter.domain.exchange.values import PromptValues
from drafter.domain.prompting.language import render
from drafter.domain.prompting.purposes import PURPOSES
from drafter.domain.prompting.structure import refusals
from drafter.domain.prompting.template import PromptTemplate, RenderedPrompt, TemplateText, read_template, wanted_parts
from drafter.errors import TemplateInvalid
from drafter.templates import active_version


def load_prompt(*, prompts_dir: Path, name: str, version: str | None = None) -> PromptTemplate:
    """A version of a prompt, the live one where `version` is None.

    Raises TemplateInvalid with file, place and remedy: no such version, front matter that lacks a key, a slot that does
    not exist, a record that is not fenced, a published file that was changed.
    """
    version = version or active_version(prompts_dir=prompts_dir, name=name)
    path = prompts_dir / name / f"{version}.md"
    if name not in PURPOSES:
        raise TemplateInvalid(f"{path}: there is no purpose '{name}'; use {', '.join(PURPOSES)}")
    written = read_text(prompts_dir=prompts_dir, name=name, version=version)
    try:
        template = read_template(written.text, written.parts, name=name, version=version)
    except TemplateInvalid as error:
        raise TemplateInvalid(f"{path}: {error}") from None
    for problem in refusals(template, PURPOSES[name]):
        raise TemplateInvalid(f"{path}: {problem.sentence}")
    _refuse_changed(template, prompts_dir=prompts_dir, path=path)
    return template


def read_text(*, prompts_dir: Path, name: str, version: str) -> TemplateText:
    """The text of a version with its parts. Raises TemplateInvalid where a file is missing or not UTF-8."""
    path = prompts_dir / name / f"{version}.md"
    text = _read(path)
    try:
        wanted = wanted_parts(text)
    except TemplateInvalid as error:
        raise TemplateInvalid(f"{path}: {error}") from None
    parts = {part: _read(part_path(prompts_dir, part)) for part in wanted}
    return TemplateText(name=name, version=version, text=text, parts=parts)


def part_path(prompts_dir: Path, part: str) -> Path:
    """The file of a shared part, named as `NAME@VERSION`."""
    name, _, version = part.partition("@")
    return prompts_dir / "shared" / name / f"{version}.md"


def published_hashes(prompts_dir: Path) -> dict[str, str]:
    """Label to hash of every published version. Raises TemplateInvalid where the file is spoilt."""
    path = prompts_dir / "published.toml"
    try:
        return {label: str(digest) for label, digest in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise TemplateInvalid(f"{path}: not readable as TOML; restore it") from None


def check_published(prompts_dir: Path) -> None:
    """Raises TemplateInvalid for the first published version that is missing or was changed, live or not."""
    for label, expected in published_hashes(prompts_dir).items():
        name, _, version = label.partition("@")
        written = read_text(prompts_dir=prompts_dir, name=name, version=version)
        if written.digest != expected:
            raise _changed(label, prompts_dir / name / f"{version}.md")


def render_prompt(template: PromptTemplate, values: PromptValues) -> RenderedPrompt:
    """The prompt for one item. Raises TemplateInvalid for a slot without a value."""
    return RenderedPrompt(
        system=render(template.system, slots=values.slots, loops=values.loops),
        user=render(template.user, slots=values.slots, loops=values.loops),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        what = "no such prompt version, or not UTF-8; see active.toml for the live one"
        raise TemplateInvalid(f"{path}: {what}") from None


def _refuse_changed(template: PromptTemplate, *, prompts_dir: Path, path: Path) -> None:
    expected = published_hashes(prompts_dir).get(template.label)
    if expected is not None and expected != template.digest:
        raise _changed(template.label, path)


def _changed(label: str, path: Path) -> TemplateInvalid:
    return TemplateInvalid(
        f"{path}: the published version {label} was changed; restore it and edit a copy with a new number"
    )
