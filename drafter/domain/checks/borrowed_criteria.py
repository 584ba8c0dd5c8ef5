"""A criterion that the rationale leans on, which belongs to another topic than the one it cites.

A twitch response is asked for before a trigger point injection, not before massage; nerve compromise before an MRI of
the spine, not of the knee. The corpus says which section asks for what: a sign, test or history that the rationale
holds against (or for) the worker, which none of the sections that treat this item asks for, but a few sections on
other treatments do, is borrowed from them. Concepts that many sections ask for (pain, function, conservative care)
belong to nobody and are never reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.checks.absence_claims import absence_claims
from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.chapter_fit import CHAPTERS
from drafter.domain.checks.editions_in_force import reviewer_citations
from drafter.domain.checks.titles import title_key
from drafter.domain.checks.treatments import same_treatment, with_classes
from drafter.domain.checks.worker_facts import worker_sentences
from drafter.domain.drafting.wording import citation_of
from drafter.domain.reading.model import Mention, Sentence
from guideline_corpus.model import Passage

MOST_SECTIONS = 3  # a concept asked for by more sections than these is nobody's own
FEWEST_HOMES = 4  # sections of other chapters that ask for a sign, before it counts as theirs
_SPINE = frozenset({"low back", "neck and upper back"})
_MTUS = re.compile(r"\b(?:MTUS|ACOEM|american college of occupational)\b", re.IGNORECASE)
_KINDS = frozenset({"sign", "risk"})
_LEANS = re.compile(
    r"\b(?:specifically|therefore|because|given|as such|in particular|insufficient|justify|support\w*|warrant\w*|"
    r"required|criteria|not met|necessary|no|not|lack|without)\b",
    re.IGNORECASE,
)


def borrowed_criterion(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A sign, test or risk that only sections on other treatments ask for."""
    asked = item.asked
    if (
        not asked
        or not audit.passages
        or any(c.party == "reviewer" and c.kind == "non_mtus" for c in item.item.citations)
    ):
        return  # criteria of a source outside the corpus cannot be told from borrowed ones
    leaned_on = list(_leaned_on(audit, item))
    if not leaned_on:
        return
    own = frozenset(concept for passage in _own_passages(audit, item, asked) for concept in concepts_of(passage))
    if not own:
        return
    for text, start, end, concept in leaned_on:
        if concept in own:
            continue
        homes = [passage for passage in audit.passages if concept in concepts_of(passage)]
        if not homes or len({_section(p) for p in homes}) > MOST_SECTIONS or _related(audit, homes, asked):
            continue
        label = audit.vocabulary.evidence[concept].label
        yield remark_on(
            text,
            start,
            end,
            f"The rationale leans on {label}, which none of the sections on this treatment asks for; it belongs to "
            f'"{homes[0].section}" '
            f"({homes[0].guideline} {homes[0].edition}).",
            item=item.item.number,
            against=citation_of(homes[0]),
        )


def criterion_of_another_chapter(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A sign that the rationale says the MTUS asks for, which no section of the cited chapter asks for but others
    do."""
    chapters = {title_key(c.guideline or "") for c in reviewer_citations(item)} & CHAPTERS.keys()
    own = frozenset(c for key in chapters for p in audit.by_title.get(key, ()) for c in concepts_of(p))
    if len(chapters) != 1 or not own or chapters & _SPINE:
        return
    for text in item.texts:
        for sentence, spoken in zip(text.reading.sentences, text.spoken, strict=True):
            if spoken.role != "guideline" or not _MTUS.search(sentence.text):
                continue
            for mention in sentence.mentions:
                homes = _other_chapters(audit, mention.concept) if mention.concept not in own else []
                if len(homes) >= FEWEST_HOMES and audit.vocabulary.evidence[mention.concept].kind == "sign":
                    yield _from_another_chapter(audit, item, text, mention, homes[0])
                    return


def _other_chapters(audit: Audit, concept: str) -> list[Passage]:
    """The sections of chapters by body part that ask for the concept, those of the spine first."""
    homes = [p for key in CHAPTERS for p in audit.by_title.get(key, ()) if concept in concepts_of(p)]
    return sorted(homes, key=lambda p: title_key(p.guideline) not in _SPINE)


def _from_another_chapter(
    audit: Audit, item: AuditedItem, text: AuditedText, mention: Mention, home: Passage
) -> Remark:
    return remark_on(
        text,
        mention.start,
        mention.end,
        f"No section of the cited chapter asks for {audit.vocabulary.evidence[mention.concept].label}; "
        f'"{home.section}" of {home.guideline} does.',
        item=item.item.number,
        against=citation_of(home),
    )


def concepts_of(passage: Passage) -> frozenset[str]:
    """Every concept that the passage's criteria weigh."""
    return frozenset(c for criterion in passage.criteria for c in (*criterion.met_by, *criterion.failed_by))


def _own_passages(audit: Audit, item: AuditedItem, asked: frozenset[str]) -> Iterator[Passage]:
    """The sections cited, and every section of any edition that treats what the item asks for."""
    sections = {
        (title_key(c.guideline or ""), " ".join(s.lower().split()))
        for c in reviewer_citations(item)
        for s in c.sections
    }
    for passage in audit.passages:
        cited = (title_key(passage.guideline), " ".join(passage.section.lower().split())) in sections
        if cited or not passage.treatments or same_treatment(audit, frozenset(passage.treatments), asked):
            yield passage


def _leaned_on(audit: Audit, item: AuditedItem) -> Iterator[tuple[AuditedText, int, int, str]]:
    for text, sentence, guideline_from in worker_sentences(item):
        seen: set[str] = set()
        for concept, start, end in _named(audit, sentence):
            if concept in seen or (guideline_from is not None and start >= guideline_from):
                continue
            seen.add(concept)
            if audit.vocabulary.evidence[concept].kind in _KINDS and _LEANS.search(sentence.text):
                yield text, start, end, concept


def _named(audit: Audit, sentence: Sentence) -> Iterator[tuple[str, int, int]]:
    claimed = {claim.at.start for claim in absence_claims(sentence, vocabulary=audit.vocabulary)}
    for mention in sentence.mentions:
        if mention.start in claimed and mention.concept in audit.vocabulary.evidence:
            yield mention.concept, mention.start, mention.end


def _related(audit: Audit, homes: list[Passage], asked: frozenset[str]) -> bool:
    return bool(
        with_classes(audit, frozenset(t for home in homes for t in home.treatments)) & with_classes(audit, asked)
    )


def _section(passage: Passage) -> tuple[str, str]:
    return passage.guideline, passage.section
