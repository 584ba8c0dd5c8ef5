"""Wording rules: what QA does not want to read in a template, kept as data (`prompts/wording.toml`).

A rule has phrases in plain words; `*` at the end of a word stands for any ending (`lean* toward*`). There are no
regular expressions, so that whoever reads prompts can write a rule. A rule looks at a template's own words, never at a
case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from pydantic import Field

from drafter.domain.model import DomainModel
from drafter.domain.prompting.language import Parsed, Place, Text
from drafter.domain.prompting.problem import Problem, Severity, problem


class WordingRule(DomainModel):
    """`purposes`: those it holds for, all where empty. `unless`: phrases that excuse it, earlier in its sentence."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    severity: Severity
    phrases: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    message: str
    remedy: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _any_of(self.phrases)

    @cached_property
    def excuse(self) -> re.Pattern[str] | None:
        return _any_of(self.unless) if self.unless else None


class WordingRules(DomainModel):
    rule: tuple[WordingRule, ...] = ()


def wording_problems(sides: Iterable[Parsed], rules: WordingRules, *, purpose: str) -> Iterator[Problem]:
    """Where the template's own words break a rule, in the order of the text."""
    held = [rule for rule in rules.rule if not rule.purposes or purpose in rule.purposes]
    for text in (text for side in sides for text in side.texts()):
        for rule in held:
            for match in rule.pattern.finditer(text.text):
                if not _excused(rule, text.text, match.start()):
                    yield problem(
                        rule.id, rule.severity, place_in(text, match.start()), rule.message, rule.remedy,
                        words=" ".join(match[0].split()),
                    )  # fmt: skip


def place_in(text: Text, offset: int) -> Place:
    """The place of an offset in a text node."""
    before = text.text[:offset]
    line = text.line + before.count("\n")
    column = offset - (before.rfind("\n") + 1) + 1
    return Place(line, column if "\n" in before else text.column + offset, text.part)


def _excused(rule: WordingRule, text: str, at: int) -> bool:
    sentence = text[max(text.rfind(mark, 0, at) for mark in (".", "\n\n", "\n- ")) + 1 : at]
    return rule.excuse is not None and bool(rule.excuse.search(sentence))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(_pattern(phrase) for phrase in phrases) + r")(?!\w)", re.IGNORECASE)


def _pattern(phrase: str) -> str:
    return r"\s+".join(
        re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word) for word in phrase.split()
    )
