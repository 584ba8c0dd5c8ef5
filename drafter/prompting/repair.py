"""What a model is told about a reply that does not hold: `shared/repair/VERSION.md`, with the faults in its slot."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from drafter.domain.draft import Finding
from drafter.domain.exchange.shown import visible
from drafter.domain.model import DomainModel
from drafter.errors import TemplateInvalid
from drafter.prompting.language import Parsed, parse, render
from drafter.templates import active_version

SLOT = "faults"


class RepairTemplate(DomainModel):
    """One version of the words of the repair round; `digest`: SHA-256 of its file."""

    version: str
    parsed: Parsed
    digest: str

    @property
    def label(self) -> str:
        return f"repair@{self.version}"

    def told(self, faults: Sequence[Finding]) -> str:
        """The words for these faults, one line each, with the sentence that each is about and the text against it."""
        return render(self.parsed, slots={SLOT: "\n".join(_line(fault) for fault in faults)}, loops={})


def load_repair(*, prompts_dir: Path) -> RepairTemplate:
    """The live version. Raises TemplateInvalid where it is missing or holds another slot than [[faults]]."""
    version = active_version(prompts_dir=prompts_dir, name="repair")
    path = prompts_dir / "shared" / "repair" / f"{version}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise TemplateInvalid(f"{path}: no such prompt version, or not UTF-8; see active.toml") from None
    parsed = parse(text, parts={}, first_line=1)
    if [slot.name for slot in parsed.slots()] != [SLOT] or any(parsed.loops()):
        raise TemplateInvalid(f"{path}: write [[{SLOT}]] once, and no other slot")
    return RepairTemplate(version=version, parsed=parsed, digest=hashlib.sha256(text.encode("utf-8")).hexdigest())


def _line(fault: Finding) -> str:
    about = f' Sentence: "{visible(fault.quote)}"' if fault.quote else ""
    against = getattr(fault.against, "quote", None)
    other = f' Against it: "{visible(against)}"' if against else ""
    return f"- {visible(fault.message)}{about}{other}"
