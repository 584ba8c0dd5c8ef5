"""A prompt version under work: copied from another, saved while it is not published, previewed as it is typed."""

from __future__ import annotations

import re

import yaml

from drafter.domain.prompting.template import TemplateText, front_matter_of, sections_of
from drafter.errors import TemplateInvalid
from drafter.ports import PromptLibrary

_FRONT = re.compile(r"\A(---\n)(.*?)(^---\n)", re.DOTALL | re.MULTILINE)


def copied(label: str, *, author: str, day: str, library: PromptLibrary) -> str:
    """Copies a version to the next free number of its purpose; gives the new label. Raises TemplateInvalid."""
    source = library.text(label)
    name = label.partition("@")[0]
    numbers = [int(other.partition("@")[2]) for other in library.labels() if other.startswith(f"{name}@")]
    new = f"{name}@{max(numbers) + 1:04d}"
    fields = {"author": author, "date": day, "change_note": f"copied from {label}"}
    library.save(new, with_front(source.text, fields))
    return new


def with_front(text: str, fields: dict[str, str]) -> str:
    """The text with these keys of its front matter set. Values hold no line break."""
    front = _FRONT.match(text)
    if front is None:
        return text
    lines = front[2].splitlines()
    for key, value in fields.items():
        line = yaml.safe_dump({key: " ".join(value.split())}, allow_unicode=True, width=10_000).strip()
        places = [place for place, old in enumerate(lines) if old.startswith(f"{key}:")]
        if places:
            lines[places[0]] = line
        else:
            lines.append(line)
    return front[1] + "\n".join(lines) + "\n" + front[3] + text[front.end() :]


def _authors(now: TemplateText, by: str) -> str:
    """Those of the saved text, and `by`. A text that cannot be read had none."""
    try:
        known = front_matter_of(sections_of(now.text).front).author.split(";")
    except TemplateInvalid:
        known = []
    return "; ".join(dict.fromkeys([*(name.strip() for name in known), by]))


def saved(label: str, text: str, *, before: str, by: str, library: PromptLibrary) -> TemplateText:
    """Saves a version over the text whose hash is `before`, as the page showed it.

    Whoever saves it is one of its authors from then on, whatever the text says: nobody releases what he wrote.

    Raises TemplateInvalid where it is live or published, or somebody saved it since.
    """
    if library.live(label.partition("@")[0]) == label:
        raise TemplateInvalid(f"{label} is live, and drafts are made with it; copy it and change the copy.")
    now = library.text(label)
    if now.digest != before:
        raise TemplateInvalid(f"{label} was saved by somebody else since you opened it; compare, then save again.")
    library.save(label, with_front(text.replace("\r\n", "\n"), {"author": _authors(now, by)}))
    return library.text(label)
