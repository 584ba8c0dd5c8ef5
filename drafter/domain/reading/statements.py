"""What each sentence of a rationale is: guideline, record, absence, reasoning or conclusion; and what outcome it tells.

A conclusion says whether the disputed treatment is medically necessary, in any wording and anywhere in the rationale: a
verdict may open it, stand in its middle or be followed by a weaning note, so nothing here looks at the last words only.
"Upheld" and "overturned" are never read as necessity: they are the determination and not the rationale's own verdict.
What is told of utilization review, or put as a condition, is nobody's verdict (tests/unit/test_statements.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from drafter.domain.draft import StatementKind
from drafter.domain.model import DomainModel
from drafter.domain.reading.absences import Absence, find_absences
from drafter.domain.reading.model import Reading, Sentence
from guideline_corpus.vocabulary import TermSpan, Vocabulary, longest

Outcome = Literal["necessary", "not_necessary"]

_NECESSARY = re.compile(
    r"\b(?:medically[\s-]+(?:necess\w+|appropriate|indicated|warranted|justified|reasonable|supported)|"
    r"medical(?:ly)?\s+necess\w+|medical\s+need|"
    r"reasonable\s+and\s+necessary)\b",
    re.IGNORECASE,
)
_CERTIFIED = re.compile(
    r"\b(?:request\w*|treatment|service|procedure|surgery|medication|study|item|portion|evaluation|referral|MRI|"
    r"therapy|device|unit)\b[^.;]{0,160}?\b"
    r"(?:is|are|was|were|be|been|cannot\s+be|can\s+be)\b(?P<between>(?:\s+(?:not|therefore|thus|hereby|also|"
    r"deemed|considered|found|felt|to\s+be|at\s+this\s+time|\w+ly)){0,4})\s+"
    r"(?P<what>(?:non-?\s?)?certified|approved|authori[sz]ed|supported|warranted|indicated|justified|"
    r"appropriate|necessary|denied|established|substantiated)\b",
    re.IGNORECASE,
)
_MEETS = re.compile(
    r"\b(?:(?:request|treatment|patient|worker|claimant|MRI|surgery|requirements?|"
    r"criteria)\b[^.;]{0,80}?)\b(?P<not>does\s+not|do\s+not|did\s+not|has\s+not|have\s+not|fails?\s+to)?\s*"
    r"(?:meets?|met|satisf(?:y|ies|ied))\b[^.;]{0,20}\b(?:criteria|guidelines?|requirements?|recommendation)",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|neither|nor|without|insufficient\w*|lack\w*|fail\w*|unable|hardly|absent|"
    r"un\w+ed)\b|n['’]t\b|\bnon-?$",
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(
    r"\bwithout\s+(?:contrast|dye|gadolinium|delay|further|sedation|stimulation|\w+\s+contrast)\b|"
    r"\bnot\s+only\b|\bno\s+(?:other|doubt|longer)\b"
    r"|\bwhile\b[^,]{0,110},|\balthough\b[^,]{0,110},",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[;:]|,\s(?:but|and\s+therefore|so|thus)\b|\b(?:but|however|therefore)\b", re.IGNORECASE)
_NOT_ESTABLISHED = re.compile(
    r"\b(?:(?:is|are|was|were|has|have|had|been|cannot|can|could|be)\s+)*(?:not|cannot|"
    r"never)\b[^.;]{0,40}\b(?:established|demonstrated|substantiated|supported|shown|"
    r"documented|met|clear|proven|confirmed|made)\b|\b(?:unclear|unsupported|lacking|questionable|in question)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|whether|unless|once|when|where|should\s+be|would\s+be|could\s+be|may\s+be|might\s+be|need(?:s|"
    r"ed)?\s+to\s+be|must\s+be|in\s+order\s+to|"
    r"to\s+(?:determine|establish|support|demonstrate|document|justify|prove)|considered|as\s+to|regarding|"
    r"rationale|contingent)\b",
    re.IGNORECASE,
)
_NOTHING_TO = re.compile(
    r"\b(?:no|not|insufficient|inadequate|lack\w*|fail\w*)\b[^.;,]{0,70}\bto\s+(?:establish|support|demonstrate|document|justify|prove|"
    r"substantiate)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"\s+(?:treatments?|care|services?|program\w*|procedures?\s+(?:are|is)|modalit\w+)\b", re.IGNORECASE
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:utili[sz]ation\s+review\w*|UR|claims\s+administrator|insurer|carrier|previously)\b", re.IGNORECASE
)
_REQUESTED = re.compile(
    r"\b(?:request\w*|treatment|therefore|thus|as such|hence|given the above|accordingly|recommend\w*)\b", re.IGNORECASE
)
_GUIDELINE_SAYS = re.compile(
    r"\b(?:MTUS|ACOEM|ODG|guidelines?|FDA|literature|studies|schedule)\b[^.;]{0,90}?\b(?:state|note|recommend|"
    r"indicate|stipulate|suggest|require|support|"
    r"allow|limit|define|discuss|outline|specif|describe|say|report|address|consider|advise|identif|list|"
    r"endorse|make|provide|do not|does not|are|is)\w*\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|has been|revealed|underwent|completed|attended|complained|reported|presented|"
    r"received)\b",
    re.I,
)
_QUOTED = re.compile(r"[\"“][^\"”]{25,}")
_REACH = 120
_SUBJECT_WITHIN = 70


class ReadStatement(DomainModel):
    """A sentence of a rationale; offsets are code points of the rationale.

    `outcome` is None where it tells none; `firm` where it is told in the words of necessity, and not only as
    "supported" or "certified", which a rationale also says of single arguments.
    """

    start: int
    end: int
    text: str
    kind: StatementKind
    outcome: Outcome | None = None
    firm: bool = False
    absences: tuple[Absence, ...] = ()


def read_statements(reading: Reading, *, vocabulary: Vocabulary) -> tuple[ReadStatement, ...]:
    """The sentences of a rationale with their kinds, outcomes and absence claims."""
    found = vocabulary.find_all(reading.text)
    terms = list(longest([span for span in found if span.family in ("evidence", "treatment")]))
    cues = [span for span in found if span.family == "cue"]
    starts = [cue.start for cue in cues]
    statements: list[ReadStatement] = []
    for sentence in reading.sentences:
        mine = cues[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        told = [(str(vocabulary.cues[cue.id].kind), cue) for cue in mine]
        absences = tuple(find_absences(reading.text, sentence.start, sentence.end, terms=terms))
        outcome = outcome_of(sentence)
        firm = outcome is not None and bool(_NECESSARY.search(sentence.text))
        if outcome is not None and not firm and any(kind == "guideline" for kind, _ in told):
            outcome = None
        kind = _kind(sentence, told, absences, outcome)
        if statements and statements[-1].kind == "guideline" and _goes_on(sentence, told, kind):
            kind = "guideline"
        statements.append(
            ReadStatement(
                start=sentence.start,
                end=sentence.end,
                text=sentence.text,
                kind=kind,
                outcome=outcome,
                firm=firm,
                absences=absences,
            )
        )
    return tuple(statements)


def _kind(
    sentence: Sentence, cues: Sequence[tuple[str, TermSpan]], absences: tuple[Absence, ...], outcome: Outcome | None
) -> StatementKind:
    kinds = {kind for kind, _ in cues}
    of_guideline = "guideline" in kinds or bool(_QUOTED.search(sentence.text))
    if outcome is not None:
        return "conclusion"
    if any(kind == "reasoning" and cue.start == sentence.start for kind, cue in cues):
        return "reasoning"
    if _guideline_says(sentence, cues):
        return "guideline"
    of_worker = _of_worker(sentence, kinds)
    if any(_of_record(absence, sentence) for absence in absences) and not (of_guideline and not of_worker):
        return "absence"
    if of_guideline:
        return "reasoning" if "reasoning" in kinds else "guideline"
    if "reasoning" in kinds:
        return "reasoning"
    return "record" if of_worker or sentence.mentions or sentence.facts else "reasoning"


def _of_worker(sentence: Sentence, kinds: set[str]) -> bool:
    return "finding" in kinds or any(fact.kind in ("age", "date") for fact in sentence.facts)


def _of_record(absence: Absence, sentence: Sentence) -> bool:
    """False for a bare "without", which qualifies a finding and claims nothing of the file."""
    words = sentence.text[absence.start - sentence.start : absence.words_start - sentence.start]
    return not re.fullmatch(r"(?:without|unable to)\W*", words, re.IGNORECASE)


def _goes_on(sentence: Sentence, cues: Sequence[tuple[str, TermSpan]], kind: StatementKind) -> bool:
    """True for a general sentence after the guideline's: it names no worker and tells of nothing that was."""
    if kind not in ("record", "reasoning") or any(k == "reasoning" and c.start == sentence.start for k, c in cues):
        return False
    return not _of_worker(sentence, {kind for kind, _ in cues}) and not _PAST.search(sentence.text)


def _guideline_says(sentence: Sentence, cues: Sequence[tuple[str, TermSpan]]) -> bool:
    """True where the guideline is the subject: named early, with a verb of saying, no worker or request before it."""
    said = _GUIDELINE_SAYS.search(sentence.text, 0, _SUBJECT_WITHIN + _REACH)
    if said is None or said.start() > _SUBJECT_WITHIN:
        return False
    return not any(kind == "finding" and cue.start < sentence.start + said.start() for kind, cue in cues)


def outcome_of(sentence: Sentence) -> Outcome | None:
    """Whether the sentence finds the treatment medically necessary; the last verdict in it counts."""
    if sentence.voice == "utilization_review" or _reported(sentence.text):
        return None
    verdicts = [
        verdict
        for match in _NECESSARY.finditer(sentence.text)
        if (verdict := _necessity(sentence.text, match)) is not None
    ]
    if not verdicts:
        verdicts = [
            verdict for match in _CERTIFIED.finditer(sentence.text) if (verdict := _certified(sentence.text, match))
        ]
    return verdicts[-1] if verdicts else None


def _reported(text: str) -> bool:
    return bool(_SOMEBODY_ELSE.search(text)) and not _REQUESTED.search(text)


def _necessity(text: str, match: re.Match[str]) -> Outcome | None:
    low = max(0, match.start() - _REACH)
    clause = _CLAUSE.split(text[low : match.start()])[-1]
    noun = match[0].lower().startswith("medical n") or "necessity" in match[0].lower()
    after = text[match.end() : match.end() + _REACH]
    if noun and _NOT_ESTABLISHED.search(after):
        return "not_necessary"
    if _NOTHING_TO.search(clause):
        return "not_necessary"
    if _ATTRIBUTE.match(text, match.end()) or (_CONDITION.search(clause[-45:]) and not _settled(clause)):
        return None
    if _NEGATION.search(_NO_NEGATION.sub(" ", clause)):
        return "not_necessary"
    if noun and not re.search(
        r"\b(?:is|are|was|were|has\s+been|have\s+been)\s+(?:\w+\s+)?(?:established|demonstrated|supported|met|"
        r"substantiated|shown|clear)\b",
        after,
        re.I,
    ):
        return (
            "necessary"
            if re.search(r"\b(?:establish|demonstrat|support|meet|is a|substantiat)\w*[^.;]{0,40}$", clause, re.I)
            else None
        )
    return "necessary"


def _settled(clause: str) -> bool:
    """True where "considered" or "deemed" carries the verdict itself ("is considered medically necessary")."""
    return bool(
        re.search(
            r"\b(?:is|are|was|were|be|been)\s+(?:\w+\s+){0,3}(?:considered|deemed)\b[^.;]{0,20}$", clause, re.IGNORECASE
        )
    )


def _certified(text: str, match: re.Match[str]) -> Outcome | None:
    if _CONDITION.search(text[: match.start("what")][-60:]) and not _settled(text[: match.start("what")]):
        return None
    what = match["what"].lower()
    negative = bool(re.search(r"\b(?:not|cannot)\b", text[match.start() : match.start("what")], re.IGNORECASE))
    if what.startswith("non") or what == "denied":
        negative = not negative
    return "not_necessary" if negative else "necessary"
