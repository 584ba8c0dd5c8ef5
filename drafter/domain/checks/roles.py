"""What each sentence of a rationale speaks of: the guideline, this worker, or the decision.

Facts are held against the record only where the sentence speaks of this worker: "9-10 visits over 8 weeks" is the
guideline's number, "completed 8 visits" the worker's. A sentence that names a source of guidance speaks of the
guideline, one that names the worker, the provider, the records or a date speaks of the worker, and one that names
neither goes on with what the sentence before it spoke of. At the start, and where both are named, numbers after the
guideline's name are the guideline's (`guideline_part`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from drafter.domain.draft import Statement
from drafter.domain.model import DomainModel
from drafter.domain.reading.model import Sentence

Role = Literal["guideline", "worker", "decision"]

_SOURCE = re.compile(
    r"\b(?:MTUS|ACOEM|ODG|FDA|official disability guidelines?|(?:the |these |said |current |treatment |"
    r"evidence[- ]based )*guidelines?|"
    r"medical treatment utili[sz]ation schedule|american college of occupational|criteria (?:for|include|are)|"
    r"(?:the |this |one |recent |several |many |scientific |small |large |most )*(?:study|studies|trials?|literature|"
    r"case series|evidence) "
    r"(?:found|show|suggest|support|indicate|has|have|is|lack|that|to support the)\w*|"
    r"page \d+|table \d+|chapter \d+|section \d+(?:\.\d+)*|(?:[A-Z]\w+, (?:19|20)\d\d))\b",
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"(?:the |this |one |in (?:a|one) )*(?:\w+ )?(?:study|studies|trials?|case series|review|literature)\b",
    re.IGNORECASE,
)
_PERSON = r"(?:patient|worker|applicant|claimant|individual|employee|IW|IP|gentleman|lady|man|woman|male|female)"
_WORKER = re.compile(
    rf"\b(?:(?:the|this|that|said|injured|an?) (?:\w+[- ]){{0,4}}?{_PERSON}\b(?!['’]s)|{_PERSON} (?:is|was|has|had|"
    rf"presents|reports|complains)|"
    rf"(?:he|she|his|her|him|in this case|in the case of|regarding this|regarding the|here,|at present)|"
    r"(?:attending|treating|requesting|prescribing|primary) (?:provider|physician|doctor)|the provider|(?:provider|"
    r"physician) (?:documented|documents|noted|notes|has|did|does|failed)|"
    r"(?:medical|clinical|submitted|provided|available|supplied|these|this|the|a) (?:\w+ ){0,2}(?:records?|notes?|"
    r"documents?|documentation|reports?|files?) |"
    r"documentation (?:submitted|provided|available|does|did|is|was|indicat\w+|reveal\w+|show\w+|not\w*|fail\w*|"
    r"review\w*)|"
    r"(?:progress|clinic|clinical|office|chart|physical therapy) (?:notes?|visits?|reports?)|submitted for review|"
    r"provided for review|"
    r"(?:not|never) (?:been )?(?:documented|noted|specified|mentioned|provided|indicated|identified|stated|included|"
    r"described)|"
    r"there (?:is|was|were|are|has been) (?:also |currently |still )?(?:no|not|a lack|lack|insufficient|inadequate|"
    r"limited)(?! (?:scientific |medical |quality |good |high)*(?:evidence|literature|studies|research) (?:that|to|for|"
    r"of efficacy|supporting))|"
    r"(?:lack|absence) of (?:\w+ )?(?:documentation|documented)|no (?:\w+ ){0,4}(?:was|were) (?:\w+ly )?(?:identified|"
    r"noted|found|reported|documented|seen|provided)|"
    r"(?:is|was|were|are) (?:noted|seen|being requested|requested|prescribed|reported|documented|described)|"
    r"appears that|ha(?:s|ve) been (?:\w+ly )?documented|there (?:is|was) (?:\w+ ){0,2}documentation of|"
    r"(?:the |a )?treatment plan (?:is|was|includes?|included|consists?|consisted|calls?|called)|"
    r"date of injury|since (?:the )?(?:date of )?injury|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2},? \d{4}|"
    r"on (?:physical )?exam(?:ination)?|exam(?:ination)? (?:did|does|show|reveal|not|was|is|find|found|demonstrat|"
    r"document)\w*|"
    r"(?:was|were) (?:\w+ly )?(?:intact|normal|unremarkable|positive|negative|decreased|diminished|reduced|limited|"
    r"restricted|painful|tender)|"
    r"(?:subjectively|objectively|currently),|"
    r"(?:provided|supplied|available) (?:records|documents)|\d{1,3}[- ]year[- ]old)(?:\b|(?<= ))",
    re.IGNORECASE,
)
_DECISION = re.compile(
    r"\b(?:request(?:ed|s)?|therefore|thus|as such|medical necessity|not medically|medically necessary|given the above|"
    r"based on the above|"
    r"remaining IMR|original request)\b",
    re.IGNORECASE,
)
# People in general, or any patient a rule may meet: not this worker.
_ANYBODY = re.compile(
    rf"\b(?:patients|workers|applicants|claimants|individuals|those|people|persons|cases) (?:who|with|in|over|under|"
    rf"presenting|whose|are|may|should|must|can|have)\b|"
    rf"\b(?:if|when|where|whether|unless|until|once|after|for|in which|on the part of|by) (?:the |a |an |any |"
    rf"each )(?:injured )?{_PERSON}\b|\b(?:when|if|where|on|findings on) the (?:\w+ )?exam\w*|"
    r"\b(?:when|if|where) (?:\w+ )?exam\w*(?: is)?\b|\b(?:when|if|where|unless|until) there (?:is|are) (?:\w+ ){0,2}"
    r"documentation of",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\b(?:stat\w+|recommend\w*|indicat\w+|not(?:es?|ed|ing)|suggest\w*|require\w*|support\w*|allow\w*|advis\w+|"
    r"specif\w+|address\w*|say\w*|read\w*|"
    r"defin\w+|stipulat\w+|list\w*|cite\w*|per|according to|pursuant to|discuss\w*|silent|relat\w+)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"[\"“”]")
_QUOTED = re.compile(r"[\"“][^\"“”]{25,}[\"”]")
_PAST = re.compile(
    r"\b(?:was|were|had|revealed|showed|reported|demonstrated|complained|underwent|received|completed|denied|rated)\b",
    re.IGNORECASE,
)


class SpokenOf(DomainModel):
    """The role of one sentence. `guideline_from` is where, in a sentence about both, the guideline's part begins.

    `outright` where the sentence itself names the worker or tells what was, and does not only go on with its neighbour.
    """

    role: Role
    outright: bool = True
    guideline_from: int | None = None


def roles(sentences: Sequence[Sentence], statement: Statement | None = None) -> tuple[SpokenOf, ...]:
    """One entry a sentence, in order. The sentence of a draft has the role that its kind gives it."""
    if statement is not None:
        return tuple(SpokenOf(role=_of_statement(statement)) for _ in sentences)
    return tuple(_each(sentences))


def _each(sentences: Sequence[Sentence]) -> Iterator[SpokenOf]:
    before: Role = "guideline"
    quoted = named = False
    for sentence in sentences:
        source_named = bool(_SOURCE.search(sentence.text))
        opening = "worker" if not (named or source_named) and _PAST.search(sentence.text) else before
        role: Role = "guideline" if quoted and before == "guideline" else _role(sentence.text, opening)
        named = named or source_named
        quoted = _quote_open(sentence.text, quoted)
        source = _SOURCE.search(sentence.text) if role == "worker" else None
        outright = bool(_WORKER.search(_ANYBODY.sub(" ", sentence.text)) or _PAST.search(sentence.text))
        yield SpokenOf(role=role, outright=outright, guideline_from=sentence.start + source.start() if source else None)
        before = "worker" if role == "decision" else role


def _quote_open(text: str, quoted: bool) -> bool:
    """Whether a quotation that began in this text, or before it, is still open at its end."""
    for mark in _QUOTE.findall(text):
        quoted = {"“": True, "”": False}.get(mark, not quoted)
    return quoted


def _role(text: str, before: Role) -> Role:
    bare = _QUOTED.sub(" ", text)
    source, worker = _SOURCE.search(bare), _WORKER.search(_ANYBODY.sub(lambda m: " " * len(m[0]), bare))
    if source and worker:
        if _STUDY.match(bare):
            return "guideline"
        told = source.start() < worker.start() and _STATES.search(bare) and not _PAST.search(bare[source.end() :])
        return "guideline" if told else "worker"
    if source:
        decided = _DECISION.search(bare)
        return "decision" if decided and decided.start() < source.start() else "guideline"
    if worker:
        return "worker"
    if bare != text and len(bare.split()) < 6:
        return "guideline"
    return "decision" if _DECISION.search(bare) else before


def _of_statement(statement: Statement) -> Role:
    return {"guideline": "guideline", "conclusion": "decision"}.get(statement.kind, "worker")  # type: ignore[return-value]
