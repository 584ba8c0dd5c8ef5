"""Words that speak to a machine and not about a worker: in a record a reason to look, in a reply a fault."""

from __future__ import annotations

import re

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,40}"
    r"\b(?:instructions?|prompts?|rules|the above|previous text)\b|"
    r"\b(?:as|you are) an? (?:ai\b|artificial|language model|assistant)|\bsystem prompt\b|"
    r"\b(?:my|your|these|new|the following) instructions (?:say|are|tell|require)\b|\bfence mark\b|"
    r"<\|?(?:im_start|im_end|system|endoftext|assistant|user)\|?>|\[/?INST\]|"
    r"\b(?:respond|reply|answer|output|write) (?:only )?(?:with|that)\b[^.\n]{0,60}"
    r"\b(?:medically necessary|overturned?|upheld|uphold|approved?)\b|"
    r"\b(?:the )?(?:ai|model|assistant|reviewer software|llm)\b[^.\n]{0,20}\b(?:must|should|shall)\b[^.\n]{0,40}"
    r"\b(?:overturn|uphold|approve|deny|conclude|find|state)\b",
    re.IGNORECASE,
)


def instruction_in(text: str) -> re.Match[str] | None:
    """The first words of a text that instruct a machine."""
    return _INSTRUCTION.search(text)
