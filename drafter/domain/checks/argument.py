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

_NEEDED = (
    r"(?:documentation|documented evidence|evidence|indications?|(?:(?!no |not |little |any )\w+ )?rationale|"
    r"exceptional|extenuating|red[- ]flags?|mention|"
    r"discussion|(?:(?!no |not |little |any )\w+ )?explanation|compelling|need for|planned (?:invasive )?procedure|"
    r"review of|VAS|"
    r"functional (?:objective )?(?:improvement|measures)|neurologic\w* (?:deficits?|dysfunction))"
)
_THERE = r"\bthere (?:is|was|are|were|has been|have been) (?:also |still |currently |clear |sufficient |adequate |"
_FOR = re.compile(
    _THERE + rf"significant |documented |objective |specific |clinical |a |an )*{_NEEDED}\b|"
    r"\b(?:criteria|requirements) (?:for (?:\w+ ){1,4})?(?:have|has|are|were) (?:all )?(?:been )?(?:met|satisfied)\b|"
    r"\b(?:do|does|did) (?:\w+ly )?(?:establish|document|reveal|support|have|indicate|show|suggest|demonstrate|mention|"
    r"outline|"
    r"address|detail|satisfy|meet|explain|justify|specify|allow)\b|\bmade mention (?:of|on)\b|"
    r"\b(?:request|usage|use|need|medical necessity|necessity|rationale|indication|efficacy|"
    r"treatment) (?:for [\w -]{3,60} )?"
    r"(?:is|was|has been) (?:\w+ly )?(?:established|substantiated|supported|warranted|apparent|clear|documented|"
    r"provided|met)\b|"
    r"\bit (?:is|was) (?:also |clearly )?(?:clear|stated|noted|apparent|documented) (?:what|how|why)\b|"
    r"\b(?:could|would|can) (?:therefore )?be (?:established|supported|substantiated)\b|\b(?:is|"
    r"are) clinically indicated\b",
    re.IGNORECASE,
)
# In a sentence that names neither the worker nor the guideline, only what no guideline says.
_FOR_BARE = re.compile(
    _THERE + r"a |an )*(?:red[- ]flags?|exceptional|extenuating|rationale|mention|planned)\b", re.IGNORECASE
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
_TURNS_LATER = re.compile(r"\b(?:however|but|although|though|history of|of ongoing)\b", re.IGNORECASE)
_NOTHING = re.compile(r"(?!)")
_WEANING = re.compile(
    r"\bshould be interpreted as (?:a |an )?(?:recommendation|order|directive) to (?:stop|discontinue)", re.IGNORECASE
)


def argues_other_outcome(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A plain sentence on the other side than the determination."""
    determination = item.item.determination
    if determination is None:
        return
    denied = determination == "upheld"
    side = "for the request, which is denied" if denied else "against the request, which is granted"
    for text in item.texts:
        for sentence, spoken in zip(text.reading.sentences, text.spoken, strict=True):
            pattern = _FOR if denied else _AGAINST
            if spoken.role == "guideline":
                pattern = _FOR_BARE if denied else _NOTHING
            match = pattern.search(sentence.text)
            if match is None or _balanced(sentence.text, match):
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


def _balanced(sentence: str, match: re.Match[str]) -> bool:
    """A sentence that weighs both sides, or turns before it comes to the words."""
    return bool(_TURNED.search(sentence[: match.start()]) or _TURNS_LATER.search(sentence[match.end() :]))
