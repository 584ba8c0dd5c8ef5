"""Words that a reasoning sentence of a draft has from the guideline it weighs, named as what is asked and not as had.

"So weakness gives no ground for imaging" and "the nerve compromise that the guideline asks for was not shown" name what
a cited passage asks for; "the examination showed the nerve compromise that the guideline asks for" says that the worker
has it. The words are the guideline's only where a cited passage has them and the sentence plainly uses them so: the
guideline asks for them, they are denied, or something bears on the criterion of them. Whatever goes on to say that they
were shown after all is a claim (tests/unit/checks/test_asked_words.py).

Only words that another check has stumbled on are looked at, so that a sound sentence costs nothing.
"""

from __future__ import annotations

import re

from drafter.domain.checks.audit import AuditedItem, AuditedText
from drafter.domain.draft import PassageCitation
from guideline_corpus.model import Passage

_WORD = re.compile(r"[^\W\d_]{3,}")
_FIGURES = re.compile(r"\d+(?:\.\d+)?")
_STEM = 5  # of a word without its last "s": "catching" and "catches"
_EMPTY = frozenset({"the", "and", "for", "with", "any", "visits", "sessions", "treatments"})

_SOURCE = r"(?:guidelines?|sections?|chapters?|passages?|criteri(?:on|a)|MTUS|ACOEM|ODG|as summari[sz]ed)"
_ASKS = (
    r"(?:asks? for|calls? for|looks? for|requires?|counts?|names?|lists?|wants?|supports?|allows?|limits?|keeps?|"
    r"reserves?|gives?|ties|depends? on|makes? (?:[\w-]+ ){0,2}(?:dependent|conditional) on)"
)
_DETERMINERS = r"(?:(?:an?|the|any|its|this|that|such|of|or|as|specific|documented|suspected|new|clear|plain)\s+)*"
# "The guideline asks for X": what stands between the verb and X is in the verb's object, and tells of no worker.
_ASKED_BY = re.compile(rf"\b{_SOURCE}(?P<told>[^;]*?)\b{_ASKS}(?P<object>(?:\s[^;:]*)?)\s$", re.IGNORECASE)
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
# After X: the rest of a list, whose words are no verbs, then who asks for it, then that it was not shown.
_VERB = r"(?:is|are|was|were|has|have|had|do|does|did|shows?|showed|and|but|so)"
_LIST = rf"(?:(?:,?\s+(?:or|nor)|,|\s)\s*(?!{_VERB}\b|that\b|which\b|the\b|for\b)[\w'’/-]+){{0,6}}?"
_ASKED_FOR = (
    r"(?:,?\s+(?:(?:(?:for|on|of|by)\s+)?(?:that|which)\s+)?(?:the|its|this|an?|more)\s+"
    r"(?:(?!\b(?:worker|patient|examination|exam|record|report|physician|provider)\b)[^.;,]){2,70}?)?"
)
_DENIED_AFTER = re.compile(
    rf"{_LIST}{_ASKED_FOR},?\s+"
    r"(?:(?:is|are|was|were|has|have|had)\s+(?:\w+ly\s+)?(?:not|never|nowhere)\s+(?:yet\s+)?(?:been\s+)?(?:\w+ly\s+)?"
    r"(?:shown|documented|reported|established|demonstrated|found|met|plain|settled|seen|borne out|recorded)"
    r"|(?:gives?|offers?|is|are|makes?)\s+no\s+(?:ground|reason|basis)s?"
    r"|(?:is|are|stays?|remains?)\s+(?:an open question|left open|unknown|unproven|unsettled)"
    r"|(?:is|are|would be|must be|has to be|have to be)\s+(?:needed|required|asked for|wanted))\b"
    r"(?!\s+to\b)",
    re.IGNORECASE,
)
# What takes the words up again and says that they were there.
_HAD = re.compile(
    r"\b(?:shows?|showed|shown|reveals?|revealed|meets|met|satisf\w+|fulfil\w+|had|has|have|present|demonstrat\w+|"
    r"confirm\w+|established|found|seen|observed|elicited|documents?|reports?|reported|noted|recorded|positive|answers?|"
    r"persist\w*|exist\w*|holds|held|here|like|as in|this one|this worker|the worker|the patient|he|she|"
    r"was the case|is the case|did|does so)\b",
    re.IGNORECASE,
)
_AFTER_ALL = re.compile(r"\b(?:no longer|no doubt|no less|not only|not just|nothing but)\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|no|none|never|neither|nor|without|nothing|nowhere|cannot|lacks?|open|unknown)\b", re.IGNORECASE
)
_CLAUSE_ENDS = re.compile(r"[;,.]|\b(?:and|but|while|whereas|though|although|yet|because)\b", re.IGNORECASE)
_OF_WORKER = re.compile(
    r"\b(?:worker|patient|applicant|claimant|he|she|his|her|examination|exam|record|report(?:ed|s)?|was|were|had|"
    r"showed|revealed|found|complained|but|because|since|given|there|is|are|has|have|with|persist\w*)\b",
    re.IGNORECASE,
)
# "The worker's weakness", "severe weakness": what is named so is taken as had, whatever follows.
_TAKEN_AS_HAD = re.compile(
    r"(?:['’]s|\b(?:his|her|their|severe|marked|mild|moderate|slight|significant|noted|shown|found|reported|positive))\s+$",
    re.IGNORECASE,
)
_THE = re.compile(r"\b(?:the|this|these|that)\s+$", re.IGNORECASE)
_NO_GROUND = re.compile(r"\bno\s+(?:ground|reason|basis)s?$", re.IGNORECASE)
# "The request exceeds 9 to 10 visits": what is asked for is held against the number, and nothing says it was given.
_HELD_AGAINST = re.compile(
    r"\b(?:requests?|guideline|section|passage|criterion|limit|more|total|sum|together|visits? (?:asked|requested))\b.*"
    r"\b(?:exceed(?:s|ed|ing)?|beyond|above|over|below|under|within|short of|more than|fewer than|less than|at most|"
    r"up to|(?:limit|maximum|range|ceiling) of|allows?|supports?|gives?|names?)\s+(?:the\s+)?"
    r"(?:(?:guideline's|usual|general|supported)\s+)*$",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:received|completed|attended|underwent|undergone|had|has|was|were|given|took|taken|did|finished|used|to date|"
    r"already|so far|worker|patient|he|she|records?|reports?|provider|physician|therapist|there)\b",
    re.IGNORECASE,
)


def named_as_asked(item: AuditedItem, text: AuditedText, start: int, end: int) -> bool:
    """Whether the words at `start:end` are those of a cited passage, and named as what it asks for or as denied."""
    passages = _cited(item, text)
    words = _stems(text.text[start:end])
    if not words or not any(words <= _stems(_all_of(passage)) for passage in passages):
        return False
    before, after = text.text[:start], text.text[end:]
    if _TAKEN_AS_HAD.search(before):
        return False
    denied = _DENIED_AFTER.match(after)
    if denied and not (_NO_GROUND.search(denied[0]) and _THE.search(before)):
        return not _had(after[denied.end() :])
    return (_asked_by(before) or bool(_NEEDED_BEFORE.search(before) or _WEIGHED.search(before))) and not _had(after)


def number_held_against(item: AuditedItem, text: AuditedText, start: int, end: int) -> bool:
    """Whether the number at `start:end` is a cited passage's, and something is held against it."""
    figures = _FIGURES.findall(text.text[start:end])
    passages = _cited(item, text)
    if not figures or not passages:
        return False
    told = re.compile(r"(?<![\d.])" + r"\D{1,8}".join(map(re.escape, figures)) + r"(?![\d.]*\d)")
    if not any(told.search(part) for passage in passages for part in (passage.text, *_criteria(passage))):
        return False
    clause = re.split(r"[,;]", text.text[:start])[-1]
    return bool(_HELD_AGAINST.search(clause)) and not _GIVEN.search(clause)


def _asked_by(before: str) -> bool:
    asked = _ASKED_BY.search(before)
    if asked is None or _WHAT.search(before[: asked.start()]):
        return False
    return not _OF_WORKER.search(asked["told"]) and not _OF_WORKER.search(asked["object"])


def _had(after: str) -> bool:
    """Whether a clause after the words says, undenied, that what they name was there."""
    return bool(_AFTER_ALL.search(after)) or any(
        _HAD.search(clause) and not _NOT.search(clause) for clause in _CLAUSE_ENDS.split(after)
    )


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
