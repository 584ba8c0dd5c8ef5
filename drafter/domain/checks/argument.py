"""Sentences that argue for the other outcome than the one determined.

A dropped "not" turns "there is no rationale to support the request" into its opposite and leaves the verdict
standing. Read are only plain statements that what a request needs is there ("there is documentation of", "criteria
have been met", "does establish") under a denial, and that it is not there under a grant; a sentence that weighs both
sides ("however", "but") is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.checks.audit import Audit, AuditedItem, Remark, remark_on
from drafter.domain.checks.worker_facts import worker_sentences

_NEEDED = (
    r"(?:documentation|documented evidence|evidence|indications?|rationale|exceptional|extenuating|red[- ]flags?|"
    r"mention|discussion|explanation|compelling|"
    r"need for|planned (?:invasive )?procedure|functional (?:objective )?(?:improvement|measures)|"
    r"neurologic\w* (?:deficits?|dysfunction))"
)
_FOR = re.compile(
    rf"\bthere (?:is|was|are|were|has been|have been) (?:also |still |currently |clear |sufficient |adequate |"
    rf"significant |documented |objective |specific |a |an )*{_NEEDED}\b|"
    r"\b(?:criteria|requirements) (?:have|has|are|were) (?:all )?(?:been )?(?:met|satisfied)\b|"
    r"\b(?:do|does|did) (?:\w+ly )?(?:establish|document|reveal|support|have|indicate|show|suggest|demonstrate|mention|"
    r"outline|address|detail|satisfy|meet|explain|justify)\b|"
    r"\b(?:request|usage|use|need|medical necessity|necessity|rationale|indication|efficacy|"
    r"treatment) (?:for [\w -]{3,60} )?(?:is|was|has been) (?:\w+ly )?"
    r"(?:established|substantiated|supported|warranted|apparent|clear|documented|provided|met)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:criteria|requirements|guidelines) (?:have|has|are|were) not (?:been )?(?:met|satisfied)\b|\b(?:do|does|"
    r"did) not (?:meet|satisfy)\b|"
    r"\b(?:request|usage|use|medical necessity|treatment) (?:is|was|has) (?:not|un)\s?(?:been )?(?:established|"
    r"substantiated|supported|warranted|indicated)\b",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"\b(?:however|but|although|though|while|despite|yet|unless|until|if|whether|concurrent\w*|no|not|nor|never|"
    r"lack\w*|without|fail\w*|insufficient\w*|history of|"
    r"requested surgery|surgery is supported|utili[sz]ation review|previous reviewer|questionable|unclear|"
    r"question of)\b",
    re.IGNORECASE,
)
_WEANING = re.compile(
    r"\bshould be interpreted as (?:a |an )?(?:recommendation|order|directive) to (?:stop|discontinue)", re.IGNORECASE
)


def argues_other_outcome(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A plain sentence on the other side than the determination."""
    determination = item.item.determination
    if determination is None:
        return
    pattern = _FOR if determination == "upheld" else _AGAINST
    side = "for the request, which is denied" if determination == "upheld" else "against the request, which is granted"
    for text, sentence, _ in worker_sentences(item):
        match = pattern.search(sentence.text)
        if match is None or _balanced(sentence.text, match, denied=determination == "upheld"):
            continue
        start, end = sentence.start + match.start(), sentence.start + match.end()
        words = text.text[start:end]
        yield remark_on(text, start, end, f'"{words}" argues {side}.', item=item.item.number)


def weaning_note_inverted(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """The safety note on stopping a drug, without the "not" that makes it one."""
    for text in item.texts:
        for match in _WEANING.finditer(text.text):
            yield remark_on(
                text,
                match.start(),
                match.end(),
                "The safety note tells to stop the drug; it has to say that the decision is no recommendation to stop "
                "it.",
                item=item.item.number,
            )


def _balanced(sentence: str, match: re.Match[str], *, denied: bool) -> bool:
    around = sentence[: match.start()] + " " + sentence[match.end() : match.end() + 90]
    if not denied:
        return bool(re.search(r"\b(?:however|but|although|while|despite|if)\b", around, re.IGNORECASE))
    later = re.search(r"\b(?:however|but|although|though)\b", sentence[match.end() :], re.IGNORECASE)
    return bool(later or _TURNED.search(around))
