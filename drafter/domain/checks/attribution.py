"""Whose words a quotation is said to be, as far as it matters: those of a guideline whose text is loaded, or another's?

Only against a loaded text can a quotation be called invented, and only where the writer gives it to that text. He does
so in brackets after it, in the words before it ("the Colorado guideline states"), or, where these name nobody, by his
guideline line as a whole. A line that cites one guideline that is loaded and one that is not leaves it open, and then
nothing is said (tests/unit/checks/test_attribution.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.domain.case import CitedGuideline
from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText
from drafter.domain.checks.titles import title_key
from drafter.domain.draft import PassageCitation
from guideline_corpus.model import Passage

_FAMILY = re.compile(
    r"\b(?:(?P<mtus>MTUS|California (?:guid\w+|code)|CA guid\w+)|(?P<other>ACOEM|ODG|Official Disability Guid\w+|FDA|"
    r"PDR|Cochrane|Medicare|CMS|(?:study|studies|trial|article|authors?|literature)))\b"
)
_BEHIND = re.compile(r"[\W]{0,4}[(\[](?P<source>[^()\[\]]{3,200})[)\]]")
_CAPITALS = re.compile(r"\b[A-Z]\w+")
_SMALL = re.compile(r"\b[a-z]\w+")
_GENERIC = frozenset(
    "guideline guidelines guidance medical treatment department division state states united labor industries workers "
    "compensation centers center disease control prevention institute national american college association society "
    "agency health office board commission work injured pain chronic low back for and the opioid opioids complaints "
    "prescribing official disability environmental occupational medicine".split()
)
_TELLING_WORDS = 3  # a shorter title ("low back") is also the name of a region


def named(audit: Audit, passage: Passage, item: AuditedItem, text: AuditedText) -> bool:
    """Whether the guideline line, the text or the statement's citations name the passage's guideline at all."""
    if _cited_by_statement(passage, text):
        return True
    told = f"{item.item.reviewer_guideline or ''} {text.text}"
    names = (passage.guideline, passage.developer)
    if any(name and (name.lower() in told.lower() or title_key(name) in title_key(told)) for name in names):
        return True
    return "guid" in told.lower() and any(_properly_named(audit, passage, told))


def given_to_loaded(audit: Audit, item: AuditedItem, text: AuditedText, *, start: int, end: int) -> bool:
    """Whether the quotation from `start` to `end` is said to stand in a guideline whose official text is loaded."""
    loaded = _one_each(audit.official)
    if any(_cited_by_statement(passage, text) for passage in loaded):
        return True
    behind = _BEHIND.match(text.text, end)
    for told in (behind["source"] if behind else "", text.text[:start]):
        given = _source_named_last(audit, item, loaded, told)
        if given is not None:
            return given
    return _line_is_loaded(audit, item, loaded)


def _source_named_last(audit: Audit, item: AuditedItem, loaded: Sequence[Passage], told: str) -> bool | None:
    """Whether the last source that a text names is loaded; None where it names none."""
    own = max((at for passage in loaded for at in _mentions(audit, passage, told)), default=-1)
    family = max(_FAMILY.finditer(told), key=lambda match: match.start(), default=None)
    if family is not None and family.start() > own:
        mtus = [one for one in _cited_by_reviewer(item) if one.kind == "mtus"]
        return family["mtus"] is not None and _all_loaded(audit, mtus, loaded)
    return True if own >= 0 else None


def _line_is_loaded(audit: Audit, item: AuditedItem, loaded: Sequence[Passage]) -> bool:
    """Whether everything that the guideline line cites is loaded."""
    cited = _cited_by_reviewer(item)
    if cited:
        return _all_loaded(audit, cited, loaded)
    line = item.item.reviewer_guideline or ""
    return not _FAMILY.search(line) and any(at >= 0 for passage in loaded for at in _mentions(audit, passage, line))


def _cited_by_reviewer(item: AuditedItem) -> list[CitedGuideline]:
    return [one for one in item.item.citations if one.party == "reviewer" and one.guideline]


def _all_loaded(audit: Audit, cited: Sequence[CitedGuideline], loaded: Sequence[Passage]) -> bool:
    return bool(cited) and all(any(_is_of(audit, one, passage) for passage in loaded) for one in cited)


def _is_of(audit: Audit, cited: CitedGuideline, passage: Passage) -> bool:
    if cited.edition and cited.edition not in passage.edition and passage.edition not in cited.edition:
        return False
    title = cited.guideline or ""
    return title_key(title) == title_key(passage.guideline) or any(_mentions(audit, passage, title))


def _mentions(audit: Audit, passage: Passage, told: str) -> Iterator[int]:
    """Where a text names the guideline: its whole title or its developer, or one of its proper names."""
    for name in (passage.guideline, passage.developer):
        if name and len(title_key(name).split()) >= _TELLING_WORDS and (at := told.lower().rfind(name.lower())) >= 0:
            yield at
    yield from _properly_named(audit, passage, told)


def _properly_named(audit: Audit, passage: Passage, told: str) -> Iterator[int]:
    proper = _proper_names(passage) - _ordinary_words(tuple(one.text for one in audit.passages))
    return (word.start() for word in _CAPITALS.finditer(told) if word[0].lower() in proper)


def _proper_names(passage: Passage) -> set[str]:
    """The words by which writers shorten a guideline's name: "the Colorado guideline", "CDC guidance"."""
    words = _CAPITALS.findall(f"{passage.guideline} {passage.developer or ''}")
    initials = "".join(word[0] for word in _CAPITALS.findall(passage.developer or "") if word[0].isupper())
    return {word.lower() for word in (*words, initials) if word.lower() not in _GENERIC and len(word) > 2}


@lru_cache(maxsize=4)
def _ordinary_words(texts: tuple[str, ...]) -> frozenset[str]:
    """Words that the loaded texts print in small letters: a title may hold them ("Syndrome"), but they name nobody."""
    return frozenset(word for text in texts for word in _SMALL.findall(text))


def _cited_by_statement(passage: Passage, text: AuditedText) -> bool:
    cited = text.statement.citations if text.statement else ()
    key = title_key(passage.guideline)
    return any(isinstance(one, PassageCitation) and title_key(one.guideline) == key for one in cited)


def _one_each(passages: Sequence[Passage]) -> list[Passage]:
    """One passage of each edition: they share their names."""
    return list({passage.edition_id: passage for passage in passages}.values())
