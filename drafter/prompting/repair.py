"""What a model is told about a reply that does not hold: a version of `repair`, with the faults in its slot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from drafter.domain.draft import Finding, Statement
from drafter.domain.exchange.shown import visible
from drafter.domain.model import DomainModel
from drafter.domain.prompting.language import render
from drafter.domain.prompting.template import PromptTemplate
from drafter.prompting.files import load_prompt

_STATEMENT = "statements."


class RepairTemplate(DomainModel):
    """One version of the words of the repair round."""

    template: PromptTemplate

    @property
    def label(self) -> str:
        return self.template.label

    @property
    def digest(self) -> str:
        return self.template.digest

    def told(self, faults: Sequence[Finding], *, statements: Sequence[Statement]) -> str:
        """The words for these faults of a reply of `statements`, one line each: what is wrong, the number and the text
        of the sentence that each is about, the words in it, and the text against it."""
        lines = (_line(fault, statements) for fault in faults)
        return render(self.template.user, slots={"faults": "\n".join(lines)}, loops={})


def load_repair(*, prompts_dir: Path) -> RepairTemplate:
    """The live version. Raises TemplateInvalid where it is missing or holds another slot than [[faults]]."""
    return RepairTemplate(template=load_prompt(prompts_dir=prompts_dir, name="repair"))


def _line(fault: Finding, statements: Sequence[Statement]) -> str:
    against = getattr(fault.against, "quote", None)
    other = f' Against it: "{visible(against)}".' if against else ""
    return f"- {visible(fault.message)}{_place(fault, statements)}{other}"


def _place(fault: Finding, statements: Sequence[Statement]) -> str:
    """Number and text of the sentence, and the words in it unless they are all of it."""
    _, _, told = (fault.field or "").partition(_STATEMENT)
    if not told or int(told) >= len(statements):
        return f' Words: "{visible(fault.quote)}".' if fault.quote else ""
    text = statements[int(told)].text
    words = f' Words: "{visible(fault.quote)}".' if fault.quote and fault.quote != text else ""
    return f' Sentence {int(told) + 1}: "{visible(text)}"{words}'
