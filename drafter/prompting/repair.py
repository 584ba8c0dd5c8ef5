"""What a model is told about a reply that does not hold: a version of `repair`, with the faults in its slot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from drafter.domain.draft import Finding
from drafter.domain.exchange.shown import visible
from drafter.domain.model import DomainModel
from drafter.domain.prompting.language import render
from drafter.domain.prompting.template import PromptTemplate
from drafter.prompting.files import load_prompt


class RepairTemplate(DomainModel):
    """One version of the words of the repair round."""

    template: PromptTemplate

    @property
    def label(self) -> str:
        return self.template.label

    @property
    def digest(self) -> str:
        return self.template.digest

    def told(self, faults: Sequence[Finding]) -> str:
        """The words for these faults, one line each, with the sentence that each is about and the text against it."""
        return render(self.template.user, slots={"faults": "\n".join(_line(fault) for fault in faults)}, loops={})


def load_repair(*, prompts_dir: Path) -> RepairTemplate:
    """The live version. Raises TemplateInvalid where it is missing or holds another slot than [[faults]]."""
    return RepairTemplate(template=load_prompt(prompts_dir=prompts_dir, name="repair"))


def _line(fault: Finding) -> str:
    about = f' Sentence: "{visible(fault.quote)}"' if fault.quote else ""
    against = getattr(fault.against, "quote", None)
    other = f' Against it: "{visible(against)}"' if against else ""
    return f"- {visible(fault.message)}{about}{other}"
