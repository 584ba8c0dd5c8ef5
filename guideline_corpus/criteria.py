"""Takes criteria out of official guideline text, as exact stretches of it. Nothing is reworded, nothing is invented.

Two things are taken. List items (and lines of a criteria table) under words that make them criteria: "indicated when
all of the following", "contraindications". And sentences that set a rule: "not recommended", "must", "only if", "no
more than 6 visits". What a study found, and what the text refers to elsewhere, is no rule. The roles are those of
`model.Criterion`:

    excludes   not recommended, contraindicated, should not, avoid
    limits     a number with a unit after "up to", "no more than", "maximum"; the number is kept as a `Limit`
    requires   must, required, only if; what stands under criteria and indications
    notes      recommended, under study, in a list also should; and every line of a table, as its "or" is not read
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from guideline_corpus.model import CorpusModel, Criterion, CriterionRole, Limit, Quantity
from guideline_corpus.readers.source_text import Block, SourceText
from guideline_corpus.sentences import sentence_spans
from guideline_corpus.splitting import Section, sections_of


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


REFERS = _any(
    r"original guideline|original document|following topics|alphabetical order|for details|\bcan be found\b",
    r"\brefer to\b|\bsee (?:the|section|also)\b|information (?:on|regarding|about)\b",
)
STUDY = _any(
    # Imaging studies are what a request rests on, not what a trial found.
    r"\bdesign:|(?<!imaging )(?<!diagnostic )(?<!conduction )(?<!laboratory )(?<!radiographic )(?<!sleep )"
    r"\bstud(?:y|ies)\b",
    r"\btrials? (?:of|show|found)\b|randomi[sz]ed|\bmeta-analys|\bcohort\b|\bplacebo\b",
    r"\bcompared (?:to|with)\b|\bevidence (?:that|of effect|suggests|shows)\b",
)
EXCLUDES = _any(
    r"\b(?:not|never|cannot be|no longer) "
    r"(?:(?:be|being|generally|routinely|usually|medically|currently|an?|proper|and|to) ){0,3}"
    r"(?:recommended|indicated|warranted|appropriate|covered|used|performed|prescribed|necessary|authorized|supported)\b",
    r"(?<!rarely )(?<!not )(?<!unless )\bcontra-?indicat",
    r"\bshould (?:not|never)\b(?! have\b)|\bshould not have been\b",
    r"\bshould (?:\w+ )?avoid\b|\bshould be (?:avoided|discontinued|stopped)\b|\bmust not\b",
    r"\b(?:evidence|data|literature) (?:does|do) not support\b|\bwill not (?:pay|cover|authorize|approve)\b",
    r"^do not\b|^avoid\b|\bnone (?:are|is) recommended\b|\bwhen to discontinue\b|\bno indication\b",
)
REQUIRES = _any(
    r"\bmust\b|(?<!not )(?<!may be )\brequired (?:if|for|before|prior|when)\b|\b(?:is|are) required\b(?! to)",
    r"\bonly (?:if|when|after|be (?:used|performed|considered))\b|\bto be a candidate\b|\bprerequisites?\b",
    r"\b(?:is|are) (?:only )?indicated (?:only )?(?:if|when|for|in|where)\b",
    r"\bindicated only\b|\bindications? include\b|\bshould (?:only|have had|be preceded)\b",
    r"\bshould not have\b(?! been)",
    r"\ball of the following:\s*\S|\bno later than\b|\bshould be limited to\b",
)
NOTES = _any(
    r"\brecommended\b|\bunder study\b|\binvestigational use\b",
    r"\bshould be (?:\w+ )?(?:performed|used|considered|obtained|offered|prescribed|reserved)\b"
    r".*\b(?:if|when|unless|(?:on|in|for) (?:\w+ )?(?:patients|workers))\b",
    r"\b(?:is|are|considered) (?:\w+ )?(?:experimental|investigational)\b",
)
SETS = _any(
    r"\bshould\b|\bmay\b|\bcan\b|\brecommend|\ballow|\bcover|\bauthori[sz]|\blimit|\bno(?:t)? (?:more|longer) than\b",
    r"\bexceed|\bmaximum\b|\btrial\b|^up to\b",
)
ASKS = _any(r"\bshould\b")
UNDER_INDICATIONS = _any(
    r"\bshould\b|\bmay (?:only )?be (?:used|considered|performed|indicated)\b|\binclude[sd]?\b",
)
LEADS_REQUIRES = _any(
    r"\bcriteria\b|\bindicat(?:ed|ions?)\b|\bmust\b|\brequire(?:d|s|ments?)?\b|\bcandidates?\b",
    r"\bqualif(?:y|ies)\b|\beligib|\b(?:all|one or more) of the following\b|\bdocument(?:ed|ing|s)? the following\b",
    r"\b(?:exhibit|when) the following\b|\bappropriate (?:if|when)\b|\brecommended (?:if|when|for|only)\b",
)
FACET_REQUIRES = _any(
    r"^(?:[\w-]+ ){0,3}(?:indications?|criteria|requirements?|prerequisites?)\b|\bcriteria for\b",
)
FACET_EXCLUDES = _any(r"^(?:[\w-]+ ){0,2}contra-?indications?\b|\bnot recommended\b|\bdo not use\b")

NUMBERS = {
    word: number
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
UNITS: dict[str, Quantity] = {
    "visit": "visits", "session": "visits", "treatment": "visits", "day": "days", "week": "weeks", "month": "months",
    "year": "years", "injection": "injections", "block": "injections", "level": "levels",
}  # fmt: skip
AT_MOST = _any(
    r"\b(?:no more than|not more than|not (?:to )?exceed(?:ing)?|(?:a )?maximum(?: duration)?(?: of)?|up to|at most|"
    r"limited to|no longer than|not longer than)\s+"
    r"(?:(?P<low>\d+|[a-z]+)\s*(?:-|–|to)\s*)?(?P<most>\d+|[a-z]+)(?:[-\s]+(?:\w+\s+){0,2}?)"
    r"(?P<unit>visit|session|treatment|day|week|month|year|injection|block|level)s?\b(?P<rate>\s+(?:per|a|each)\s+week)?",
)
SIGNED = _any(
    r"(?:≤|<=)\s*(?P<most>\d+)[-\s]+(?P<unit>visit|session|treatment|day|week|month|year|injection|block|level)s?\b"
)
INJECTIONS_FIRST = _any(r"\binjections?\s*\((?:no more than|maximum(?: of)?|up to)\s+(?P<most>\d+|[a-z]+)\)")
LABEL = re.compile(r"^[^.;!?]{1,60}$")


class CriterionSpan(CorpusModel):
    """A criterion as a stretch of the file's text."""

    start: int
    end: int
    role: CriterionRole
    limit: Limit | None = None


def criteria_of(source: SourceText) -> tuple[CriterionSpan, ...]:
    """Every criterion of a guideline file, in reading order, none overlapping another."""
    return tuple(span for section in sections_of(source) for span in _of_section(section))


def criteria_within(spans: Sequence[CriterionSpan], *, text: str, start: int, end: int) -> tuple[Criterion, ...]:
    """The criteria that lie in a passage, with offsets into the passage's text."""
    return tuple(
        Criterion(
            text=text[span.start : span.end],
            source="official",
            role=span.role,
            limit=span.limit,
            start=span.start - start,
            end=span.end - start,
        )
        for span in spans
        if start <= span.start and span.end <= end
    )


def limit_in(text: str) -> Limit | None:
    """The upper bound that a sentence sets ("no more than 6 visits over 2 weeks": 6 visits), if it sets one."""
    match = INJECTIONS_FIRST.search(text)
    if match and (most := _number(match["most"])) is not None:
        return Limit(quantity="injections", at_most=most)
    match = AT_MOST.search(text) or SIGNED.search(text)
    if match is None or (most := _number(match["most"])) is None:
        return None
    quantity = UNITS[match["unit"].lower()]
    if match.re is SIGNED:
        return Limit(quantity=quantity, at_most=most)
    return Limit(quantity="visits_per_week" if match["rate"] and quantity == "visits" else quantity, at_most=most)


def _of_section(section: Section) -> Iterator[CriterionSpan]:
    heading = section.path[-1] if section.path else ""
    facet = role = _role_of_facet(heading)
    leads: list[tuple[int, CriterionRole | None]] = []
    for block in section.blocks:
        if block.kind == "table_row":
            yield from _of_row(block, heading)
        elif block.kind == "list_item":
            leads = [lead for lead in leads if lead[0] < block.level]
            given = leads[-1][1] if leads else role
            if block.text.endswith(":"):
                leads.append((block.level, _role_of_lead(block.text, facet)))
            yield from _of_item(block, given)
        else:
            leads = []
            if is_label(block.text):
                facet = _role_of_facet(block.text)
            role = _role_of_lead(block.text, facet)
            yield from _of_sentences(block, facet)


def is_label(text: str) -> bool:
    """Whether a paragraph only names what follows ("Indications", "Good Evidence")."""
    return LABEL.match(text) is not None and len(text.split()) <= 6


def _of_item(block: Block, role: CriterionRole | None) -> Iterator[CriterionSpan]:
    if role is None:
        yield from _of_sentences(block, None)
    elif not block.text.endswith(":") and not REFERS.search(block.text):
        yield _span(block.start, block.text, role)


def _role_of_lead(text: str, facet: CriterionRole | None) -> CriterionRole | None:
    """The role that a paragraph gives to the list after it: its last sentence, or the whole of a label, decides."""
    start, end = sentence_spans(text)[-1]
    last = text[start:end]
    if not (last.endswith(":") or is_label(text)) or REFERS.search(last):
        return None
    if EXCLUDES.search(last) or FACET_EXCLUDES.search(last):
        return "excludes"
    return "requires" if LEADS_REQUIRES.search(last) else facet


def _role_of_facet(heading: str) -> CriterionRole | None:
    if FACET_EXCLUDES.search(heading):
        return "excludes"
    return "requires" if FACET_REQUIRES.search(heading) else None


def _of_sentences(block: Block, facet: CriterionRole | None) -> Iterator[CriterionSpan]:
    if block.kind == "paragraph" and is_label(block.text):
        return
    for start, end in sentence_spans(block.text):
        sentence = block.text[start:end]
        if sentence.endswith(":") or len(sentence.split()) < 3 or REFERS.search(sentence) or STUDY.search(sentence):
            continue
        role = _role_of_sentence(sentence, facet, in_list=block.kind == "list_item")
        if role is not None:
            yield _span(block.start + start, sentence, role)


def _role_of_sentence(sentence: str, facet: CriterionRole | None, *, in_list: bool) -> CriterionRole | None:
    if EXCLUDES.search(sentence):
        return "excludes"
    if REQUIRES.search(sentence):
        return "requires"
    if limit_in(sentence) is not None and SETS.search(sentence):
        return "limits"
    if facet is not None and UNDER_INDICATIONS.search(sentence):
        return facet
    # A list of recommendations says "should" where running text explains.
    return "notes" if NOTES.search(sentence) or (in_list and ASKS.search(sentence)) else None


def _of_row(row: Block, heading: str) -> Iterator[CriterionSpan]:
    """The lines of a criteria table's cells, but for its first column and the words between cells."""
    if not FACET_REQUIRES.search(heading):
        return
    at = row.text.find("\t") + 1
    for line in re.finditer(r"[^\t\n]+", row.text):
        if line.start() >= at and at and len(line[0].split()) >= 3 and not line[0].isupper():
            yield _span(row.start + line.start(), line[0], "notes")


def _span(start: int, text: str, role: CriterionRole) -> CriterionSpan:
    limit = limit_in(text)
    shown: CriterionRole = "limits" if limit is not None and role == "notes" else role
    return CriterionSpan(start=start, end=start + len(text), role=shown, limit=limit)


def _number(word: str) -> float | None:
    return float(word) if word.isdigit() else NUMBERS.get(word.lower())
