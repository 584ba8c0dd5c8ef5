"""A prompt template taken apart: front matter, a system and a user part, and the hash that a draft names it by.

The text of a version is YAML between two lines `---`, then `=== system` and `=== user`, each with its text; a purpose
that speaks into a conversation (`repair`) has `=== user` alone. The hash covers the text and every shared part it asks
for, so a changed part changes the hash of every version that shows it (proved by tests/unit/test_prompt_files.py).
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping

import yaml
from pydantic import ValidationError

from drafter.domain.model import DomainModel
from drafter.domain.prompting.language import PART, Parsed, parse, part_names
from drafter.errors import TemplateInvalid

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_SECTION = re.compile(r"^=== *(.*?) *$", re.MULTILINE)


class FrontMatter(DomainModel):
    """Who wrote a version, when and why. The last four are asked of every version that is not yet published."""

    author: str
    date: datetime.date
    change_note: str
    name: str | None = None
    variables: tuple[str, ...] | None = None
    reply_schema: str | None = None
    grounds: tuple[str, ...] | None = None


class PromptTemplate(DomainModel):
    """One version of a prompt, taken apart. `digest`: SHA-256 of the file and its parts."""

    name: str
    version: str
    front_matter: FrontMatter
    system: Parsed
    user: Parsed
    digest: str

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def sides(self) -> tuple[Parsed, Parsed]:
        return self.system, self.user


class TemplateText(DomainModel):
    """A version as it is written: its text, and the shared parts that it asks for and that exist."""

    name: str
    version: str
    text: str
    parts: Mapping[str, str]

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def digest(self) -> str:
        return digest_of(self.text, self.parts)


class RenderedPrompt(DomainModel):
    system: str
    user: str


class Sections(DomainModel):
    """The raw pieces of a template text, each with the line it begins on, counted from 1."""

    front: str
    system: str
    system_line: int
    user: str
    user_line: int


def read_template(text: str, parts: Mapping[str, str], *, name: str, version: str) -> PromptTemplate:
    """The template of a text and its shared parts. Raises TemplateInvalid with the place and what to do."""
    sections = sections_of(text)
    return PromptTemplate(
        name=name,
        version=version,
        front_matter=front_matter_of(sections.front),
        system=parse(sections.system, parts=parts, first_line=sections.system_line),
        user=parse(sections.user, parts=parts, first_line=sections.user_line),
        digest=digest_of(text, {part: parts[part] for part in wanted_parts(text)}),
    )


def sections_of(text: str) -> Sections:
    """Raises TemplateInvalid where front matter is missing, or a section is unknown, missing, twice or out of order."""
    front = _FRONT.match(text)
    if front is None:
        raise TemplateInvalid(
            "write front matter between two lines ---, then '=== system' and '=== user'", line=1, column=1
        )
    found: dict[str, re.Match[str]] = {}
    for match in _SECTION.finditer(text, front.end()):
        line = text.count("\n", 0, match.start()) + 1
        if match[1] not in ("system", "user"):
            raise TemplateInvalid(
                f"'=== {match[1]}' is no section; there are '=== system' and '=== user'", line=line, column=1
            )
        if match[1] in found or (match[1] == "system" and "user" in found):
            raise TemplateInvalid(
                f"'=== {match[1]}' stands twice or too late; system comes first, once", line=line, column=1
            )
        found[match[1]] = match
    if "user" not in found:
        raise TemplateInvalid("there is no '=== user' section; write front matter, '=== system' and '=== user'")
    system, user = found.get("system"), found["user"]
    between = text[front.end() : (system or user).start()]
    if between.strip():
        raise TemplateInvalid(
            "words stand before the first section; move them into it",
            line=text.count("\n", 0, front.end()) + 1,
            column=1,
        )
    return Sections(
        front=front[1],
        system=text[system.end() + 1 : user.start() - 1] if system else "",
        system_line=text.count("\n", 0, system.start()) + 2 if system else 1,
        user=text[user.end() + 1 :],
        user_line=text.count("\n", 0, user.start()) + 2,
    )


def front_matter_of(text: str) -> FrontMatter:
    """Raises TemplateInvalid with the key that is missing, unknown or wrong."""
    try:
        return FrontMatter.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 2, mark.column + 1) if mark else (2, 1)
        raise TemplateInvalid("the front matter is not YAML; correct it", line=line, column=column) from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "front matter"
        line = line_of_key(text, key)
        raise TemplateInvalid(f"key '{key}': {first['msg']}", line=line, column=1) from None


def line_of_key(front: str, key: str) -> int:
    """The line of a key of the front matter in its file; the first line where it is not there."""
    for number, line in enumerate(front.split("\n"), start=2):
        if line.startswith(f"{key}:"):
            return number
    return 1


def wanted_parts(text: str) -> tuple[str, ...]:
    """The shared parts that a text asks for in the right form. Raises TemplateInvalid for marks that do not close."""
    return tuple(part for part in part_names(text) if PART.fullmatch(part))


def digest_of(text: str, parts: Mapping[str, str]) -> str:
    whole = "\0".join([text, *(f"{name}\0{parts[name]}" for name in sorted(parts))])
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()
