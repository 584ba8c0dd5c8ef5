"""Words that a reasoning sentence of a draft has from the guideline it weighs, named as what is asked and not as had.

"So weakness gives no ground for imaging" and "the nerve compromise that the guideline asks for was not shown" name what
a cited passage asks for; "the examination showed the nerve compromise that the guideline asks for" says that the worker
has it. The words are the guideline's only where a cited passage has them and the sentence plainly uses them so: the
guideline asks for them, its rule turns on them, or something bears on the criterion of them. Whatever goes on to say
that they were shown after all is a claim (tests/unit/checks/test_asked_words.py). What is denied or supposed needs no
guideline to be no claim (`drafter.domain.checks.denied_words`).

Only words that another check has stumbled on are looked at, so that a sound sentence costs nothing.
"""

from __future__ import annotations

import re

from drafter.domain.checks.audit import AuditedItem, AuditedText
from drafter.domain.checks.denied_words import (
    ASKED_FOR,
    LISTED,
    SOURCE,
    denied_or_supposed,
    is_definite,
    is_subject,
    said_to_be_had,
    taken_as_had,
)
from drafter.domain.draft import PassageCitation
from drafter.domain.reading.facts.found import to_number
from guideline_corpus.model import Passage

_WORD = re.compile(r"[^\W\d_]{3,}")
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?!\s+(?:of|another)\b)", re.IGNORECASE
)
_STEM = 5  # of a word without its last "s": "catching" and "catches"
_EMPTY = frozenset({"the", "and", "for", "with", "any", "visits", "sessions", "treatments"})

_ASKS = (
    r"(?:asks? for|calls? for|looks? for|requires?|counts?|names?|lists?|wants?|supports?|allows?|limits?|keeps?|"
    r"reserves?|gives?|ties|depends? on|is (?:about|for|meant for|silent on)|are (?:about|for|meant for)|"
    r"makes? (?:[\w-]+ ){0,2}(?:dependent|conditional) on)"
)
# Whatever else a guideline does in the present: "the section turns on X", "the criterion would need X".
_DOES = r"(?:(?:would|may|can|must)\s+[a-z]+|(?!(?:is|was|has|does|this|as|its|thus|shows|meets|answers)\b)[a-z]+s)"
_DETERMINERS = r"(?:(?:an?|the|any|its|this|that|such|of|or|as|specific|documented|suspected|new|clear|plain)\s+)*"
# "The guideline asks for X": what stands between the verb and X is in the verb's object, and tells of no worker.
_ASKED_BY = re.compile(rf"\b{SOURCE}(?P<told>[^;]*?)\b{_ASKS}(?P<object>(?:\s[^;:]*)?)\s$", re.IGNORECASE)
_DONE_BY = re.compile(rf"\b{SOURCE}\s+{_DOES}(?P<object>(?:\s[^;:,]*)?)\s$", re.IGNORECASE)
_ITS = rf"(?:the|this|its|that)\s+(?:[\w-]+\s+){{0,3}}?{SOURCE}"
# "Under the guideline, X supports imaging", "imaging is kept by the guideline for X", and "for X the guideline allows".
_UNDER = re.compile(
    rf"(?:^|[;:,]\s|\band\s)(?:under|according to|by|per|following)\s+{_ITS}\b[^;:,]{{0,60}},\s(?P<object>[^;:,]*)$"
    rf"|\b(?:by|in|under)\s+{_ITS}\s+(?:only\s+)?(?:for|to|on|with|in|when|where|if)\s(?P<kept>[^;:,]*)$",
    re.IGNORECASE,
)
_OF_THIS_REQUEST = re.compile(
    r"\b(?:(?:the|this) (?:request|study|treatment|record|note)|now|so|hence|thus|therefore|felt|was|were|had)"
    r"\b|\d[/-]\d",
    re.IGNORECASE,
)
_FOR = re.compile(r"(?:^|[;:,]\s|\b(?:and|but|so)\s)(?:only\s+)?(?:for|in case of|in|of)\s(?:an?\s)?$", re.IGNORECASE)
_SOURCE_AFTER = re.compile(rf"{LISTED},?\s+{_ITS}\s+(?!is\b|was\b)", re.IGNORECASE)
# "X is named by the guideline", "X is what the guideline asks for".
_NAMED_AFTER = re.compile(
    rf"{LISTED}{ASKED_FOR},?\s+(?:is|are)\s+(?:only\s+)?(?:(?:named|listed|asked for|reserved|kept|counted|required|"
    r"wanted|weighed|accepted|placed|put|treated|called|held|meant|covered|supported|allowed|recommended|advised|mentioned|cited|"
    r"one|an? (?:ground|example|reason|sign|condition|exception))\s+(?:[\w-]+\s+){0,3}?(?:by|in|under)|what)"
    rf"\s+{_ITS}\b(?:(?!\band\b)[^.;,])*",
    re.IGNORECASE,
)
_WHAT = re.compile(r"\bwhat\s+(?:the|its|this|that|each)?\s*$", re.IGNORECASE)
# "More visits depend on X", whoever says so: a need is no finding.
_NEEDED_BEFORE = re.compile(
    rf"\b(?:requires?|required|asks? for|calls? for|depends? on|dependent on|conditional on|short of|rules? out|"
    rf"(?:speaks?|spoke|tells?|told|argues?|argued) against)\s+{_DETERMINERS}$",
    re.IGNORECASE,
)
_WEIGHED = re.compile(
    rf"(?:\b(?:bears?|bearing|touch(?:es|ing)?|weighs?|goes|speaks?|relates?)\s+(?:on|to)|\b(?:concerns?|addresses|under|"
    rf"(?:is|are) about|not (?:meet|reach|answer))|^|[,;])\s*(?:the|its|this)?\s*"
    rf"(?:first|second|third|same|guideline's)?\s*(?:criterion|criteria|question|limit|requirement|condition)\s+(?:of|for)\s+"
    rf"{_DETERMINERS}$",
    re.IGNORECASE,
)
_NEEDED_AFTER = re.compile(
    rf"{LISTED}{ASKED_FOR},?\s+(?:(?:gives?|offers?|is|are|makes?)\s+no\s+(?:ground|reason|basis)s?"
    r"|(?:is|are|would be|must be|has to be|have to be)\s+(?:needed|required|asked for|wanted))\b(?!\s+to\b)",
    re.IGNORECASE,
)
_NO_GROUND = re.compile(r"\bno\s+(?:ground|reason|basis)s?$", re.IGNORECASE)
# "More visits only while X lasts": a condition in the present, in a sentence that tells nothing of what was.
_RULE = re.compile(
    r"(?:^|[,;:]\s|\b(?:and|but|so|yet)\s)(?P<rule>(?:(?!\b(?:and|but)\b)[^,;:])*\b"
    r"(?:only\s+(?:while|if|when|where|once|with|for|in|on|upon|after)|(?:as|so) long as|unless|"
    r"provided(?: that)?)\b[^,;:]*)\s$",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"(?<!\bis\s)(?<!\bare\s)(?<!\bbe\s)\b(?:(?!continued|requested|supervised|proposed|repeated|limited|documented)"
    r"[a-z]{2,}ed|went|brought|came|gave|took|got|kept|began|grew|rose|fell)\b",
    re.IGNORECASE,
)
_RULE_VERB = re.compile(rf"^{LISTED}\s+(?:is|are)\s+\w+", re.IGNORECASE)
_OF_WORKER = re.compile(
    r"\b(?:worker|patient|applicant|claimant|he|she|his|her|examination|exam|record|report(?:ed|s)?|was|were|had|"
    r"showed|revealed|found|complained|but|because|since|given|there|is|are|has|have|with|persist\w*)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:worker|patient|applicant|claimant|he|she|his|her|was|were|had|examination)\b", re.IGNORECASE
)
# "The request exceeds 9 to 10 visits": what is asked for is held against the number, and nothing says it was given.
_HELD_AGAINST = re.compile(
    r"\b(?:requests?|guideline|section|passage|criterion|limit|more|total|sum|together|visits? (?:asked|requested))\b.*"
    r"\b(?:exceed(?:s|ed|ing)?|beyond|above|over|below|under|within|short of|more than|fewer than|less than|at most|"
    r"up to|(?:limit|maximum|range|ceiling) of|allows?|supports?|gives?|names?)\s+(?:the\s+)?"
    r"(?:(?:guideline's|usual|general|supported)\s+)*$",
    re.IGNORECASE,
)
# "The 9 to 10 visits of the guideline", "9 to 10 visits are exceeded by the request".
_OF_SOURCE = re.compile(
    rf"(?:\s+(?:of|in|under|for|per|from)\s+{_ITS}\b|,?\s+(?:that|which)\s+{_ITS}\b|\s+(?:is|are)\s+(?:\w+\s+){{1,2}}by\s+"
    rf"(?:{_ITS}|the request)\b)",
    re.IGNORECASE,
)
_EARLIER = re.compile(r"\b(?:earlier|prior|previous|past|after|follow\w*)\b", re.IGNORECASE)
_GOES_ON = re.compile(r"\s*(?:which|that|and (?:so|thus|thereby)|so|thus|thereby|and)\b", re.IGNORECASE)
_GIVEN = re.compile(
    r"\b(?:received|completed|attended|underwent|undergone|had|has|was|were|given|took|taken|did|finished|used|to date|"
    r"already|so far|worker|patient|he|she|records?|reports?|provider|physician|therapist|there)\b",
    re.IGNORECASE,
)


def is_no_claim(item: AuditedItem, text: AuditedText, start: int, end: int) -> bool:
    """Whether the words at `start:end` are denied or supposed, or a cited passage's and named as what it asks for."""
    return denied_or_supposed(text, start, end) or _named_as_asked(item, text, start, end)


def _named_as_asked(item: AuditedItem, text: AuditedText, start: int, end: int) -> bool:
    words = _stems(text.text[start:end])
    if not words or not any(words <= _stems(_all_of(passage)) for passage in _cited(item, text)):
        return False
    before, after = text.text[:start], text.text[end:]
    if taken_as_had(before):
        return False
    needed = _NEEDED_AFTER.match(after)
    if needed and not (_NO_GROUND.search(needed[0]) and is_definite(before)):
        return not said_to_be_had(after[needed.end() :])
    if _named_by_guideline(before, after):
        return True
    if _told_as_rule(before):
        return not said_to_be_had(_RULE_VERB.sub("", after, count=1))
    return (_asked_by(before) or bool(_NEEDED_BEFORE.search(before) or _WEIGHED.search(before))) and not said_to_be_had(
        after
    )


def number_held_against(item: AuditedItem, text: AuditedText, start: int, end: int) -> bool:
    """Whether the number at `start:end` is a cited passage's, and something is held against it."""
    figures = _FIGURES.findall(_in_figures(text.text[start:end]))
    passages = _cited(item, text)
    if not figures or not passages:
        return False
    told = re.compile(r"(?<![\d.])" + r"\D{1,8}".join(map(re.escape, figures)) + r"(?![\d.]*\d)")
    if not any(told.search(_in_figures(part)) for passage in passages for part in (passage.text, *_criteria(passage))):
        return False
    clause = _with_antecedent(text.text[:start])
    if _OF_SOURCE.match(text.text, end):
        return not _GIVEN.search(clause) and not _EARLIER.search(clause)
    return bool(_HELD_AGAINST.search(clause) or _asked_by(clause)) and not _GIVEN.search(clause)


def _in_figures(text: str) -> str:
    """ "One or two visits" as "1 or 2 visits": a guideline and a sentence about it need not write a number alike."""
    return _NUMBER_WORD.sub(lambda word: f"{to_number(word[0]):g}", text)


def _with_antecedent(before: str) -> str:
    """The clause that leads to the words, with the one before it where it only goes on ("which goes ...")."""
    clauses = re.split(r"[,;]", before)
    at = len(clauses) - 1
    while at > 0 and _GOES_ON.match(clauses[at]):
        at -= 1
    return ",".join(clauses[at:])


def _asked_by(before: str) -> bool:
    asked = _ASKED_BY.search(before)
    if asked is None:
        done = None if is_definite(before) else _DONE_BY.search(before)
        return done is not None and not _WHAT.search(before[: done.start()]) and not _OF_WORKER.search(done["object"])
    if _WHAT.search(before[: asked.start()]):
        return False
    return not _OF_WORKER.search(asked["told"]) and not _OF_WORKER.search(asked["object"])


def _named_by_guideline(before: str, after: str) -> bool:
    """Whether the words are the object or the topic of what the guideline says, wherever it is named."""
    if is_definite(before) or _OF_THIS_REQUEST.search(after):
        return False
    under = _UNDER.search(before)
    if under is not None and not _OF_WORKER.search(under["object"] or under["kept"] or ""):
        return not said_to_be_had(after)
    told = _SOURCE_AFTER.match(after) if _FOR.search(before) else None
    if told is None and is_subject(before):
        told = _NAMED_AFTER.match(after)
    return told is not None and not said_to_be_had(after[told.end() :])


def _told_as_rule(before: str) -> bool:
    rule = _RULE.search(before)
    return rule is not None and not _WAS.search(rule["rule"]) and not _PERSON.search(rule["rule"])


def _cited(item: AuditedItem, text: AuditedText) -> list[Passage]:
    """The passages that a reasoning sentence rests on; none of any other sentence."""
    statement = text.statement
    if statement is None or statement.kind != "reasoning" or item.draft is None:
        return []
    cited = {one.passage_id for one in statement.citations if isinstance(one, PassageCitation)}
    return [one.passage for one in item.draft.retrieved if one.passage.passage_id in cited]


def _criteria(passage: Passage) -> list[str]:
    return [criterion.text for criterion in passage.criteria]


def _all_of(passage: Passage) -> str:
    return " ".join((passage.text, *_criteria(passage)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("s")[:_STEM] for word in _WORD.findall(text.lower()) if word not in _EMPTY)
