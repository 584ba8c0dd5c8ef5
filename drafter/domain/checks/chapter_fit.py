"""Does the cited chapter treat this part of the body, and the cited section this treatment?

The 2004 guidelines are ordered by body part, so a knee MRI argued from the low back chapter leans on criteria for
another part, and an MRI argued from the section on epidural injections on criteria for another treatment. Both are read
from the heading alone: what is asked for, not what else hurts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.domain.checks.audit import Audit, AuditedItem, Remark
from drafter.domain.checks.editions_in_force import on_guideline_line, reviewer_citations
from drafter.domain.checks.titles import title_key
from drafter.domain.checks.treatments import same_treatment
from guideline_corpus.model import Passage
from guideline_corpus.vocabulary import Family

# Title of a chapter (folded) to the chapters of the vocabulary that it treats. The thoracic spine is treated by both
# spine chapters; wrist and hand symptoms are worked up in the neck and elbow chapters too where a nerve is in question.
CHAPTERS: dict[str, frozenset[str]] = {
    "neck and upper back": frozenset({"neck"}),
    "shoulder": frozenset({"shoulder"}),
    "elbow": frozenset({"elbow"}),
    "forearm wrist and hand": frozenset({"forearm-wrist-hand"}),
    "low back": frozenset({"low-back"}),
    "knee": frozenset({"knee"}),
    "ankle and foot": frozenset({"ankle-foot"}),
    "eye": frozenset({"eye"}),
}
_PARTS: tuple[Family, ...] = ("body_part",)
_THORACIC = re.compile(r"\b(?:thorac\w*|mid[- ]?back|upper back|dorsal)\b", re.IGNORECASE)
_NERVE_STUDY = re.compile(r"\b(?:EMG|NCV|NCS|electrodiagnos\w*|electromyogra\w*|nerve conduction)\b", re.IGNORECASE)
_LIMBS = (
    frozenset({"forearm-wrist-hand", "elbow", "shoulder", "neck"}),
    frozenset({"ankle-foot", "knee", "hip", "low-back"}),
)


def chapter_body_part(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A cited chapter that treats none of the parts named in the heading, where no cited chapter does."""
    asked = _chapters_asked(audit, item)
    cited = [(citation, CHAPTERS.get(title_key(citation.guideline or ""))) for citation in reviewer_citations(item)]
    chapters = [(citation, treats) for citation, treats in cited if treats]
    if not asked or not chapters or any(treats & asked for _, treats in chapters):
        return
    for citation, _ in chapters:
        yield on_guideline_line(
            item,
            f'The item asks for treatment of the {_listed(asked)} ("{_heading_words(item)}"), '
            f"the cited chapter is {citation.guideline}.",
            citation.guideline or "",
        )


def section_treatment(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """Cited sections none of which treats what the heading asks for."""
    asked = item.asked
    sections = tuple(_cited_sections(audit, item))
    known = [(section, passages) for section, passages in sections if passages]
    if not asked or not known or len(known) < len(sections):
        return
    if any(_treats(audit, passage, asked) for _, passages in known for passage in passages):
        return
    labels = ", ".join(sorted(audit.vocabulary.treatments[t].label for t in asked if t in audit.vocabulary.treatments))
    named = ", ".join(f'"{passages[0].section}"' for _, passages in known)
    message = f"The item asks for {labels}; what is cited treats something else ({named})."
    yield on_guideline_line(item, message, *(section for section, _ in known))


def _cited_sections(audit: Audit, item: AuditedItem) -> Iterator[tuple[str, tuple[Passage, ...]]]:
    for citation in reviewer_citations(item):
        for section in citation.sections:
            yield section, sections_named(audit, citation.guideline or "", citation.edition or "", section)


def sections_named(audit: Audit, guideline: str, edition: str, section: str) -> tuple[Passage, ...]:
    """The passages of the corpus with that heading."""
    key = folded(section)
    return tuple(
        p for p in audit.by_title.get(title_key(guideline), ()) if folded(p.section) == key and p.edition == edition
    )


def _treats(audit: Audit, passage: Passage, asked: frozenset[str]) -> bool:
    return not passage.treatments or same_treatment(audit, frozenset(passage.treatments), asked)


def _chapters_asked(audit: Audit, item: AuditedItem) -> frozenset[str]:
    """The chapters of the parts in the heading; empty where a part belongs to no chapter, or none is named."""
    words = item.item.treatment if audit.vocabulary.find(item.item.treatment, families=_PARTS) else item.item.heading
    parts = {span.id for span in audit.vocabulary.find(words, families=_PARTS)}
    chapters = {str(audit.vocabulary.body_parts[part].chapter) for part in parts}
    if "other" in chapters:
        return frozenset()
    if _THORACIC.search(words):
        chapters |= {"neck", "low-back"}
    if _NERVE_STUDY.search(words):
        chapters |= {c for limb in _LIMBS if limb & chapters for c in limb}
    return frozenset(chapters)


def _heading_words(item: AuditedItem) -> str:
    words = item.item.treatment
    return words if len(words) <= 90 else words[:87].rsplit(" ", 1)[0] + " ..."


def _listed(chapters: frozenset[str]) -> str:
    return " and ".join(sorted(chapter.replace("-", " ") for chapter in chapters))


@lru_cache(maxsize=4096)
def folded(heading: str) -> str:
    return " ".join(re.sub(r"\W+", " ", heading).lower().split())
