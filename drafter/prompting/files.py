"""Prompt files: a version with front matter, a system and a user part, and the hash that a draft names it by.

A file is `PURPOSE/VERSION.md`: YAML between two lines `---`, then `=== system` and `=== user`, each with its text.
Shared parts are `shared/NAME/VERSION.md`, plain text. The hash covers the file and every part that it asks for, so a
changed part changes the version's hash. A version named in `published.toml` never changes: one whose hash differs is
refused with its name (proved by tests/unit/test_prompt_files.py).
"""

from __future__ import annotations

import datetime
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import ValidationError

from drafter.domain.exchange.values import LOOP_SLOTS, SLOTS, PromptValues
from drafter.domain.model import DomainModel
from drafter.errors import TemplateInvalid
from drafter.prompting.language import PART, Parsed, Slot, parse, part_names, render
from drafter.templates import active_version

_FILE = re.compile(r"\A---\n(.*?)\n---\n+=== system\n(.*?)\n=== user\n(.*)\Z", re.DOTALL)


class FrontMatter(DomainModel):
    author: str
    date: datetime.date
    change_note: str


class PromptTemplate(DomainModel):
    """One version of a prompt, checked and taken apart. `digest`: SHA-256 of the file and its parts."""

    name: str
    version: str
    front_matter: FrontMatter
    system: Parsed
    user: Parsed
    digest: str

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"


class RenderedPrompt(DomainModel):
    system: str
    user: str


def load_prompt(*, prompts_dir: Path, name: str, version: str | None = None) -> PromptTemplate:
    """A version of a prompt, the live one where `version` is None.

    Raises TemplateInvalid with file, place and remedy: no such version, front matter that lacks a key, a slot that does
    not exist, a record that is not fenced, a published file that was changed.
    """
    version = version or active_version(prompts_dir=prompts_dir, name=name)
    path = prompts_dir / name / f"{version}.md"
    text = _read(path)
    match = _FILE.match(text)
    if match is None:
        raise TemplateInvalid(f"{path}: write front matter between two lines ---, then '=== system' and '=== user'")
    parts = {part: _read(prompts_dir / "shared" / _part_path(part)) for part in _parts(text, path=path)}
    first = text[: match.start(2)].count("\n") + 1
    template = PromptTemplate(
        name=name,
        version=version,
        front_matter=_front_matter(match[1], path=path),
        system=_parsed(match[2], parts, first_line=first, path=path),
        user=_parsed(match[3], parts, first_line=text[: match.start(3)].count("\n") + 1, path=path),
        digest=_digest(text, parts),
    )
    for problem in _problems(template):
        raise TemplateInvalid(f"{path}: {problem}")
    _refuse_changed(template, prompts_dir=prompts_dir, path=path)
    return template


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


def _parts(text: str, *, path: Path) -> tuple[str, ...]:
    try:
        return tuple(part for part in part_names(text) if PART.fullmatch(part))
    except TemplateInvalid as error:
        raise TemplateInvalid(f"{path}: {error}") from None


def _part_path(part: str) -> str:
    name, _, version = part.partition("@")
    return f"{name}/{version}.md"


def _front_matter(text: str, *, path: Path) -> FrontMatter:
    try:
        return FrontMatter.model_validate(yaml.safe_load(text))
    except yaml.YAMLError:
        raise TemplateInvalid(f"{path}: the front matter is not YAML; correct it") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "front matter"
        raise TemplateInvalid(f"{path}: key '{key}': {first['msg']}") from None


def _parsed(text: str, parts: Mapping[str, str], *, first_line: int, path: Path) -> Parsed:
    try:
        return parse(text, parts=parts, first_line=first_line)
    except TemplateInvalid as error:
        raise TemplateInvalid(f"{path}: {error}") from None


def _digest(text: str, parts: Mapping[str, str]) -> str:
    whole = "\0".join([text, *(f"{name}\0{parts[name]}" for name in sorted(parts))])
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()


def _problems(template: PromptTemplate) -> Iterator[str]:
    for parsed in (template.system, template.user):
        yield from (_unknown(slot, SLOTS) for slot in parsed.slots() if slot.name not in SLOTS)
        for loop in parsed.loops():
            allowed = SLOTS | LOOP_SLOTS[loop.over]
            yield from (_unknown(s, allowed) for s in loop.body if isinstance(s, Slot) and s.name not in allowed)
    if any(loop.over in ("record", "arguments", "passages") for loop in template.system.loops()):
        yield "the system part shows the case's text; show it in the user part, between two [[fence]] marks"
    before = after = 0
    shown = False
    for node in template.user.nodes:
        if isinstance(node, Slot) and node.name == "fence":
            before, after = (before, after + 1) if shown else (before + 1, after)
        shown = shown or (not isinstance(node, Slot) and getattr(node, "over", "") == "record")
    if not (shown and before and after):
        yield "the record is not fenced; write [[fence]] before and after [[each record]]"


def _unknown(slot: Slot, allowed: frozenset[str]) -> str:
    return f"line {slot.line}, column {slot.column}: [[{slot.name}]] is no slot here; use {', '.join(sorted(allowed))}"


def _refuse_changed(template: PromptTemplate, *, prompts_dir: Path, path: Path) -> None:
    published = prompts_dir / "published.toml"
    try:
        hashes = tomllib.loads(published.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise TemplateInvalid(f"{published}: not readable as TOML; restore it") from None
    expected = hashes.get(template.label)
    if expected is not None and expected != template.digest:
        raise TemplateInvalid(
            f"{path}: the published version {template.label} was changed; restore it and edit a copy with a new number"
        )
