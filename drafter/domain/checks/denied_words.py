"""Words that a sentence of a draft denies or only supposes, as its grammar tells.

A negation belongs to the subject of its verb: "improvement from the earlier therapy is not shown" denies improvement,
"weakness of the shoulder, an example of the guideline, is not among the findings" denies weakness, and "the worker has
weakness and locking was not shown" denies locking alone. What a report still to come would settle is supposed. The
reading of a sentence (`drafter.domain.reading.polarity`) sees a negation that stands near; here the whole subject is
followed to its verb. What is taken as had ("the worker's weakness", "the weakness found on Monday"), or is said to have
been there after all, stays a claim (tests/unit/checks/test_denied_words.py).
"""

from __future__ import annotations

import re

from drafter.domain.checks.audit import AuditedText

SOURCE = r"(?:guidelines?|sections?|chapters?|passages?|criteri(?:on|a)|MTUS|ACOEM|ODG|as summari[sz]ed)"
_CLAIMED = (
    r"(?:found|seen|noted|reported|documented|shown|present|recorded|observed|elicited|confirmed|complained|described|"
    r"diagnosed|established|demonstrated|proven|told)"
)
_FINITE = (
    r"(?:is|are|was|were|has|have|had|does|do|did|shows?|showed|came|comes|went|goes|remain(?:s|ed)|persist(?:s|ed)|"
    r"stay(?:s|ed)|kept|keeps|made|makes|continue[sd]|led|leads|causes|caused|affects|affected|gave|gives|took|takes|began|"
    r"worsen(?:s|ed)|grew|rose|fell|helped|brought|brings|got|gets|exists?|existed|reveal(?:s|ed)|revealed|underwent|"
    r"receives|received|tried|reports|states|stated|says|said|complains|would|will|can|could|may|might|must|should)"
)
_JOINS = r"(?:and|but|so|yet|while|whereas|although|though|because|since|that|which|who|as|if|when|where|whether|after)"
# The rest of the subject after the words: no verb, no new clause, and nothing that says it was found.
_REST = rf"(?:\s+(?!(?:{_FINITE}|{_CLAIMED}|{_JOINS})\b)[\w'’/().%+-]+){{0,12}}?"
LISTED = rf"{_REST}(?:(?:,{_REST}){{0,3}},?\s+(?:or|nor){_REST})?"
_LISTED_WITH_AND = rf"{_REST}(?:(?:,{_REST}){{0,3}},?\s+(?:and|or|nor){_REST}){{1,3}}"
_TOLD = r"(?:showed|found|had|revealed|was|were|noted|reported|documented|confirmed)"
# Whoever asks for the words, between them and the verb: "that the guideline asks the examination to show", "which more
# sessions require", ", the guideline's example of injured tissue,".
ASKED_FOR = (
    r"(?:,?\s+(?:(?:(?:for|on|of|by|to|in)\s+)?(?:that|which)\s+)?(?:"
    rf"(?:the|its|this|an?)\s+(?:[\w-]+\s+){{0,3}}?{SOURCE}\b(?:(?!\b{_TOLD}\b)[^.;,]){{2,90}}?"
    r"|(?:the|its|this|an?|more)\s+"
    r"(?:(?!\b(?:worker|patient|examination|exam|record|report|physician|provider)\b)[^.;,]){2,70}?)"
    rf"|,\s+(?:an?|the|its|this|one|another|as|which)\s(?:(?!\b{_TOLD}\b)[^,;.]){{0,40}}?\b{SOURCE}\b"
    rf"(?:(?!\b{_TOLD}\b)[^,;.]){{0,60}}(?=,))?"
)
# "Not among the complaints that went away" leaves open whether it was there.
_SOME_OF_THEM = r"(?<!\bof\s)(?<!\bon\s)(?<!\bin\s)(?<!\bat\s)(?:that|which|who)\s+(?!the\b|this\b|its\b|an?\b)"
# ... and "not among the old findings", "not one of the lesser problems" say that it was.
_AMONG = (
    r"(?:among|(?:one|part|any) of)\s+(?!(?:[\w-]+\s+)?(?:old|older|new|newer|other|main|lesser|minor|major|worst|"
    rf"chief|former|early|earlier|same)\b)[\w-]+\b(?<!\bcause)(?![^.;,]*(?:\b{_SOME_OF_THEM}|\binjur))"
)
_THERE = (
    r"(?:shown|documented|reported|established|demonstrated|found|met|plain|settled|seen|borne out|recorded|named|"
    r"listed|mentioned|noted|described|diagnosed|identified|observed|proven|proved|confirmed|present|evident|apparent|"
    r"in evidence|on record|on file|to be (?:found|seen)|"
    r"an? (?:diagnosis|finding|complaint|sign|symptom)(?=\s+(?:in|on|told|named|given|made|recorded)\b|[,;.]|$)|"
    rf"{_AMONG})"
)
_NOT_THERE = (
    rf"(?:(?:is|are|was|were|has|have|had|can|could)\s+(?:\w+ly\s+)?(?:not|never|nowhere)\s+(?:yet\s+)?(?:be(?:en)?\s+)?"
    rf"(?:\w+ly\s+)?{_THERE}"
    r"|(?:do|does|did)\s+not\s+(?:appear|occur|exist|figure|feature|arise)"
    rf"|(?:is|are|was|were)\s+none\s+of\b(?![^.;,]*\b{_SOME_OF_THEM})"
    r"|(?:stands?|appears?|is|are)\s+nowhere"
    r"|(?:is|are|was|were|stays?|remains?)\s+(?:\w+ly\s+)?(?:missing|lacking|absent|wanting|unproven|unsettled|unknown|"
    r"undocumented|unreported|unconfirmed|left open|an open question|to come|(?:yet )?to be \w+))\b"
    r"(?!\s+(?:to|by|again|any ?more|until|before|only|just|alone|in full|with)\b)"
)
_DENIED_AFTER = re.compile(rf"{LISTED}{ASKED_FOR},?\s+{_NOT_THERE}", re.IGNORECASE)
_DENIED_TOGETHER = re.compile(
    rf"{_LISTED_WITH_AND}{ASKED_FOR},?\s+(?=are\b|were\b|have\b|do\b|can\b|could\b|stay\b|remain\b|stand\b|appear\b)"
    rf"{_NOT_THERE}",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    r"[,;:]\s|\b(?:and|but|so|yet|while|whereas|although|though|because|since|that)\s", re.IGNORECASE
)
_VERB = re.compile(rf"\b{_FINITE}\b", re.IGNORECASE)

# "Does not report that X and Y have failed", "neither X nor Y and Z are shown": one verb is denied of the whole list.
_LIST_BEFORE = (
    rf"(?:(?:,|\s+(?:and|or|nor))?\s+(?!(?:{_FINITE}|{_JOINS})\b)[\w'’/-]+){{0,6}}(?:,?\s+(?:and|or|nor))?\s+$"
)
_SAYS = (
    r"(?:report|show|say|state|tell|document|note|mention|name|list|record|establish|demonstrate|give|indicate|settle|"
    r"prove|confirm|reveal|describe)"
)
_SAID_NOT = re.compile(
    rf"\b(?:(?:do|does|did)\s+not\s+(?:\w+ly\s+)?{_SAYS}"
    r"|(?:is|was|has)\s+(?:not|never|nowhere)\s+(?:been\s+)?(?:shown|documented|reported|recorded|told|stated|established|"
    r"noted|said|proven))"
    rf"\s+(?:that|whether|if)(?:\s+there\s+(?:is|was|are|were))?{_LIST_BEFORE}",
    re.IGNORECASE,
)
_NEITHER = re.compile(
    rf"\bneither(?:\s+(?!(?:{_FINITE}|{_JOINS})\b)[\w'’/-]+){{1,8}},?\s+nor{_LIST_BEFORE}", re.IGNORECASE
)
# "It is not said that X has gone" says that there was X.
_ENDED = re.compile(
    r"\b(?:gone|went|resolv\w+|stopp\w+|ceas\w+|improv\w+|eas(?:ed|es)|clear\w*|heal\w*|lessen\w*|subsid\w+|abat\w+|"
    r"ended|treated|relieved|cured|better|less)\b",
    re.IGNORECASE,
)
_VERB_AND = re.compile(r"\b\w+ed,?\s+and\b", re.IGNORECASE)
_ONE_VERB = re.compile(
    rf"{LISTED}(?:(?:,{_REST}){{0,2}},?\s+and{_REST})?\s+(?:is|are|was|were|has|have|had)\s+(?:been\s+)?\w+",
    re.IGNORECASE,
)

# "A report of X would settle it": nothing but what is still to come, and no day on which it came.
_INDEFINITE = (
    r"(?:an?|any|some|further|new|newer|fresh|later|another|more|proof|evidence|documentation|documented|either|"
    r"only an?|reports?|notes?|findings?|signs?)"
)
_TO_COME_WORD = rf"(?:(?!\b(?:{_FINITE}|{_CLAIMED}|his|her|their)\b|\d[/-]\d)[^;:.,])"
_EVIDENCE = (
    r"(?:reports?|notes?|records?|entry|entries|statements?|examinations?|exams?|tests?|study|studies|findings?|signs?|"
    r"evidence|documentation|descriptions?|accounts?|measurements?|mention|word|proof|observations?|complaints?|"
    r"symptoms?|diagnos[ie]s|imaging|trial|failure|history)"
)
_TO_COME = re.compile(
    r"(?:^|[;:,]\s+|\b(?:and|but|or|that|while)\s+)"
    r"(?:(?:only\s+)?(?:an?|any|either)\s(?:(?!(?:of|for|with|in|on|from|by|to|at)\b)[\w-]+\s){0,2}"
    rf"|(?={_INDEFINITE}\s){_TO_COME_WORD}*?\b{_EVIDENCE}\s(?:{_TO_COME_WORD}*\s)?)$",
    re.IGNORECASE,
)
_NOTHING_BUT = (
    r"(?:an?|any|some|new|clear|plain|documented|either|sign|signs|finding|findings|report|evidence|word|of|on)"
)
# "The record is silent on X", "what is missing is a finding of X", "it remains to be shown that there is X".
_WANTING = re.compile(
    r"(?:\b(?:silent|mute)\s+(?:on|about|as to)|\bno word (?:of|on|about)"
    r"|\bnothing\s+(?:[\w-]+\s+){0,5}?(?:speaks?|tells?|says?|said|told|hints?|points?|shows?|suggests?|mentions?|records?)"
    r"(?:\s+(?:of|on|about|to|at))?"
    r"|\bwhat (?:is|was) (?:still )?(?:missing|lacking|wanting|open|not shown|not recorded) (?:is|was)"
    r"|\bwhat (?:[\w-]+\s+){1,4}(?:lacks?|lacked|leaves? open|does not (?:show|report|tell|have|give)) (?:is|was)"
    r"|\bmissing (?:piece|point|ground|sign|finding|part) (?:is|was)"
    r"|\b(?:remains?|is|are|has|have)\s+(?:still\s+|yet\s+)?to be \w+\s+(?:that|whether)"
    r"(?:\s+there (?:is|was|are|were))?)"
    rf"(?:\s+{_NOTHING_BUT})*(?:\s+(?!(?:{_FINITE}|{_JOINS})\b)[\w-]+\s+or)?(?:\s+{_NOTHING_BUT})*\s+$",
    re.IGNORECASE,
)
# "Had X been found, ..."
_HAD_IT = re.compile(
    r"(?:^|[;,:]\s+|\b(?:and|but)\s+)(?:had|should)\s+(?:there been\s+)?(?:an?\s+|any\s+)?$", re.IGNORECASE
)
_BEEN = re.compile(rf"{LISTED}\s+(?:been|be)\s+{_CLAIMED}\b", re.IGNORECASE)
_THAT_SHOWS = re.compile(
    r"\b(?:that|which)\s+(?:shows?|tells? of|names?|finds?|records?|documents?|speaks? of|confirms?)\b", re.IGNORECASE
)
_WOULD = re.compile(
    rf"(?:(?!\b(?:{_FINITE}|{_CLAIMED}|what|how|that|which|who)\b|\d[/-]\d)[^;.])*?"
    rf"(?:\b(?:what|how)\s+(?:(?:is|are|was|were)\s+)?(?:(?!\b(?:is|are|was|were|has|have|had|would)\b)[^;.])*)?"
    r"\b(?:would|could|might)\s+(?:\w+ly\s+)?\w+",
    re.IGNORECASE,
)
_WOULD_BE = re.compile(
    r"\bwould\s+(?:\w+ly\s+|only\s+)?(?:(?:settle|decide|answer|change|tip|close|resolve|help|support|carry|clarify)\b[^.;]*?"
    r"(?:\b(?:is|are|be)\b|:)|(?:need|require|take|call for|depend on|turn on|hang on|rest on)"
    r"|be (?:settled|decided|answered|shown|needed) by)"
    rf"\s+(?:{_INDEFINITE}\s+)?(?:(?!\b(?:{_FINITE}|the|his|her|this)\b)[^.;])*$",
    re.IGNORECASE,
)

# What takes the words up again and says that they were there.
_HAD = re.compile(
    r"^\s*(?:so\s+)?it\s+(?:is|lasts?|has|does|did|goes|continues|persists|comes|remains)\b|"
    r"\b(?:shows?|showed|shown|reveals?|revealed|meets|met|satisf\w+|fulfil\w+|had|has|have|present|demonstrat\w+|"
    r"confirm\w+|established|found|seen|observed|elicited|documents?|reports?|reported|noted|recorded|positive|answers?|"
    r"persist\w*|exist\w*|holds|held|here|like|as in|this one|this worker|the worker|the patient|he|she|"
    r"it was|they are|they were|there is|there was|there were|was there|were there|came up|set in|"
    r"was the case|is the case|did|does so)\b",
    re.IGNORECASE,
)
# "In that report", "of the worker", "the record shown": nouns and their attributes, which say nothing.
_NOUNS = re.compile(
    r"\b(?:in|of|by|from|to|on|at|for)\s+(?:the|that|this|those|these|any|an?|his|her|its)\s+(?:[\w/-]+\s+){0,2}?"
    r"(?:reports?|documents?|worker|patient)\b|\b(?:record|summary|notes?)\s+shown\b",
    re.IGNORECASE,
)
_AFTER_ALL = re.compile(r"\b(?:no longer|no doubt|no less|not only|not just|nothing but)\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|no|none|never|neither|nor|without|nothing|nowhere|cannot|lacks?|open|unknown)\b", re.IGNORECASE
)
_CLAUSE_ENDS = re.compile(r"[;,.]|\b(?:and|but|while|whereas|though|although|yet|because)\b", re.IGNORECASE)
# "The worker's weakness", "severe weakness": what is named so is taken as had, whatever follows.
_TAKEN_AS_HAD = re.compile(
    r"(?:['’]s|\b(?:his|her|their|severe|marked|mild|moderate|slight|significant|noted|shown|found|reported|positive|"
    r"persistent|persisting|continuing|ongoing|known|recorded|documented and))\s+$",
    re.IGNORECASE,
)
_THE = re.compile(r"\b(?:the|this|these|that)\s+$", re.IGNORECASE)


def denied_or_supposed(text: AuditedText, start: int, end: int) -> bool:
    """Whether the words at `start:end` of a draft's sentence are, by its grammar, denied or only supposed."""
    if text.statement is None or text.statement.kind not in ("reasoning", "absence"):
        return False
    before, after = text.text[:start], text.text[end:]
    if taken_as_had(before):
        return False
    return (
        _denied_after(before, after)
        or _denied_before(before, after)
        or _supposed(before, after)
        or (bool(_WANTING.search(before)) and not said_to_be_had(after))
    )


def taken_as_had(before: str) -> bool:
    """Whether the words that `before` leads to are presupposed ("the worker's", "severe")."""
    return bool(_TAKEN_AS_HAD.search(before))


def said_to_be_had(after: str) -> bool:
    """Whether a clause after the words says, undenied, that what they name was there."""
    after = _NOUNS.sub(" ", after)
    return bool(_AFTER_ALL.search(after)) or any(
        _HAD.search(clause) and not _NOT.search(clause) for clause in _CLAUSE_ENDS.split(after)
    )


def is_definite(before: str) -> bool:
    """Whether the words that `before` leads to are pointed at ("the", "this")."""
    return bool(_THE.search(before))


def _denied_after(before: str, after: str) -> bool:
    if not is_subject(before):
        return False
    denied = _DENIED_AFTER.match(after) or _DENIED_TOGETHER.match(after)
    return denied is not None and not said_to_be_had(after[denied.end() :])


def is_subject(before: str) -> bool:
    """Whether no verb stands before the words in their own clause."""
    starts = [match.end() for match in _BOUNDARY.finditer(before)]
    return not _VERB.search(before[starts[-1] if starts else 0 :])


def _denied_before(before: str, after: str) -> bool:
    denied = _SAID_NOT.search(before) or _NEITHER.search(before)
    if denied is None or _VERB_AND.search(denied[0]) or _ENDED.search(after):
        return False
    verb = _ONE_VERB.match(after)
    return not said_to_be_had(after[verb.end() :] if verb else after)


def _supposed(before: str, after: str) -> bool:
    would = _WOULD.match(after) if _TO_COME.search(_THAT_SHOWS.sub("of", before)) and not is_definite(before) else None
    if would is None and _HAD_IT.search(before):
        would = _BEEN.match(after)
    if would is not None:
        return not said_to_be_had(after[would.end() :])
    return bool(_WOULD_BE.search(before)) and not said_to_be_had(after)
