"""Which concepts a sentence claims to be absent from the record, and how strongly.

"No documentation of muscle spasm", "a lack of significant evidence that the patient has nerve root compromise",
"failed to document X", "X was not noted". A concept is claimed absent only where nothing but words of documentation
and attributes stands between the cue and it: in "no findings that would support the need for an MRI" the findings are
missing, not the MRI. Attributes that narrow the claim ("objective", "recent", "at least 30%") are kept, because a
record that shows X does not refute a claim about quantified X.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.model import DomainModel
from drafter.domain.reading.model import Mention, Sentence
from guideline_corpus.vocabulary import Vocabulary

_CUE = re.compile(
    r"\b(?:no|not|nor|neither|without|never|lack(?:s|ed|ing)?(?: of)?|absen(?:t|ce)(?: of)?|insufficient|inadequate|"
    r"denie[sd]|(?:fail(?:s|ed)?|unable) to (?:\w+ly )?(?:document|show|provide|demonstrate|reveal|establish|indicate|"
    r"mention|note|report|give))\b",
    re.IGNORECASE,
)
# What may stand between the cue and the thing: verbs and nouns of documentation, the worker, attributes, other things
# of a list.
_BETWEEN = re.compile(
    r"(?:\W*\b(?:documentation|documented|documenting|document|documents|evidence|indication|indications|indicating|"
    r"indicate[sd]?|mention(?:ed|s)?|"
    r"signs?|findings?|symptoms?|complaints?|complain(?:s|ed)?|report(?:s|ed|ing)?|records?|recorded|record|presence|"
    r"present|history|information|description|described|"
    r"objective|objectively|subjective|clinical|clinically|significant|acute|current|currently|recent|recently|clear|"
    r"clearly|specific|specifically|any|the|a|an|of|"
    r"regarding|showing|shows|show|showed|suggesting|suggestive|demonstrating|demonstrated?|reveal(?:ed|s|ing)?|noting|"
    r"noted|note[ds]?|establish|establishing|that|"
    r"this|patient|worker|injured|claimant|applicant|individual|he|she|has|have|had|been|being|is|are|was|were|be|"
    r"there|or|nor|and|either|palpable|physical|exam|"
    r"examination|focal|new|additional|definitive|definite|positive|medical|prior|previous|previously|past|with|"
    r"equivocal|unequivocal|convincing|consistent|diagnosis|diagnoses|"
    r"diagnosed|severe|ongoing|persistent|persisting|progressive|worsening|muscle|on|in|as|quantified|quantifiable|"
    r"measurable|adequate|sufficient|documented|"
    r"overall|continued|related|motor|sensory|other|first|red|flags?|tried|trialed|attempted|undergone|experienced|"
    r"suffering|from|to|her|his|their|which|who|does|did|do|"
    r"detail|detailing|detailed|specified|identify|identified|identifies|identifying|at|least|low|high|dose|risk|"
    r"increased|would|it|completed|received|started|least|"
    r"\d+%?|percent|by|it's|such|including|include|through|since|during|after|before|visit|visits|date|now|yet|so|"
    r"far)\b)*\W*",
    re.IGNORECASE,
)
# "... that the guideline asks for was not shown": whoever asks for it stands between the thing and its denial.
_ASKED_FOR = (
    r"(?:\s(?:(?:for |on )?(?:that|which) )?(?:the|its) (?:guideline|section|chapter|criterion)s?\b"
    r"[^.;,]{2,50}?(?=\s)"
    r"|, (?:an?|the|its|one) [^.;,]{0,30}\b(?:guideline|section|chapter|criterion)\b[^.;,]{0,50}(?=,))?"
)
_AFTER = re.compile(
    _ASKED_FOR
    + r"\W{0,3}(?:(?!and\b|but\b|to\b|for\b|which\b|that\b|who\b)[\w'’-]+\W{1,2}){0,4}?(?:was|were|is|are|has|have|had|"
    r"been|be)\s+(?:\w+ly\s+)?(?:not|never)\s+(?:been\s+)?(?:\w+ly\s+)?"
    r"(?:documented|noted|reported|provided|mentioned|present|found|seen|observed|identified|recorded|demonstrated|"
    r"described|elicited|listed|appreciated|attempted|tried|given|started|completed|shown|"
    r"(?:among|(?:one|part|any) of)\s+(?:(?:the|these|those|his|her)\s+)?(?:[\w-]+\s+){0,2}?"
    r"(?:diagnos\w+|findings?|complaints?|signs?|symptoms?|problems?|records?|them|these|those))\b",
    re.IGNORECASE,
)
# After the thing: then not it is missing but its notes, its need or its result.
_NOT_ITSELF = re.compile(
    r"\W{0,2}(?:(?:progress |therapy |treatment )?(?:notes?|records?|reports?|results?|request(?:s|ed)?|plan|goals?|"
    r"visits? (?:used|remaining)|measures?|guidelines?|criteria|as requested|"
    r"dated|from (?:prior|previous)|as a result|results? of|response|outcome\w*|is (?:not )?(?:medically|indicated|"
    r"warranted|necessary)))\b",
    re.IGNORECASE,
)
_NARROWING = re.compile(
    r"\b(?:objective\w*|quantif\w+|measur\w+|recent\w*|adequate\w*|sufficient\w*|severe\w*|progressive\w*|worsening|"
    r"new|newly|definitive|definite|significant|clear\w*|convincing|"
    r"specific\w*|unequivocal|persist\w+|ongoing|continued|long[- ]?term|complete\w*|at least|\d+ ?%|percent|first|all|"
    r"full\w*|current regimen|consistent|thorough\w*|failed|failure|"
    r"exhausted|failing|additional|other|such as|equivocal|equal|total|since|prior use|serious|change\w*)\b",
    re.IGNORECASE,
)
# What care brings about, and the words that join it to the care it would come from.
_RESPONSES = frozenset(
    {"functional-improvement", "pain-relief", "prior-treatment-benefit", "no-benefit", "side-effects"}
)
_FROM = re.compile(
    r"\s+(?:from|with|after|through|during|following|since|by|as a result of|due to)\s+"
    r"(?:(?:the|any|his|her|their|its|that|this|earlier|prior|previous|past|first|initial|such|\d{1,3})\s+)*",
    re.IGNORECASE,
)
# What is denied of a result is not denied of what it would come from ("a lasting gain from the earlier therapy").
_RESULT = re.compile(
    r"\b(?:improvement|relief|benefit|response|progress|gain|effect|success|change|reduction|increase|decrease|recovery|"
    r"return|result|outcome|failure|worsening|complication)s?\s+(?:(?:of|in)\s+(?:[\w-]+\s+){1,3})?"
    r"(?:from|of|with|after|to|through|during|following|since|by|under|as a result of|due to)\s+"
    r"(?:(?:the|any|his|her|their|its|that|this|those|these|earlier|prior|previous|past|first|initial|such|recent|last|"
    r"completed|given|\d{1,3})\s+)*$",
    re.IGNORECASE,
)
_REACH = 160


class AbsenceClaim(DomainModel):
    """A concept claimed absent. `start` and `end` span the claim from its cue to the thing; `narrowed` by
    attributes."""

    concept: str
    start: int
    end: int
    narrowed: bool
    at: Mention
    said: bool = False


def absence_claims(sentence: Sentence, *, vocabulary: Vocabulary) -> Iterator[AbsenceClaim]:
    """The claims of one sentence, in order of place."""
    masked = _masked(sentence)
    for mention in sentence.mentions:
        low, high = mention.start - sentence.start, mention.end - sentence.start
        if _NOT_ITSELF.match(sentence.text, high) or _within_another(mention, sentence):
            continue
        cue = None if _source_of(mention, sentence) else _cue_before(masked, low)
        if cue is not None:
            yield _claim(sentence, mention, cue, high)
        elif _RESULT.search(sentence.text[:low]):
            continue
        elif after := _AFTER.match(sentence.text, high):
            yield _claim(sentence, mention, low, after.end())
        elif mention.polarity == "negated" and said_normal(sentence, mention, vocabulary):
            yield _claim(sentence, mention, low, high).model_copy(update={"said": True})


def _source_of(mention: Mention, sentence: Sentence) -> bool:
    """ "Improvement from chiropractic care": where the improvement is denied, the care is what it would come from."""
    return any(
        _FROM.fullmatch(sentence.text, other.end - sentence.start, mention.start - sentence.start)
        for other in sentence.mentions
        if other.end <= mention.start and other.concept in _RESPONSES
    )


def _within_another(mention: Mention, sentence: Sentence) -> bool:
    """ "Surgery" in "surgery under consideration": what is denied is the plan, not that there ever was surgery."""
    return any(
        other.concept != mention.concept
        and other.start <= mention.start
        and mention.end <= other.end
        and other.end - other.start > mention.end - mention.start
        for other in sentence.mentions
    )


def _claim(sentence: Sentence, mention: Mention, low: int, high: int) -> AbsenceClaim:
    words = _CUE.sub("", sentence.text[low : mention.start - sentence.start], count=1)
    return AbsenceClaim(
        concept=mention.concept,
        start=sentence.start + low,
        end=sentence.start + high,
        narrowed=bool(_NARROWING.search(words)),
        at=mention,
    )


def _cue_before(masked: str, low: int) -> int | None:
    """Where the nearest cue stands whose words up to the thing are all of the permitted kind."""
    window = masked[max(0, low - _REACH) : low]
    for cue in reversed(list(_CUE.finditer(window))):
        if _BETWEEN.fullmatch(window, cue.end()):
            return low - len(window) + cue.start()
        return None
    return None


def _masked(sentence: Sentence) -> str:
    """The sentence with the concepts it names blanked out, so that a list does not stop a cue's reach."""
    text = list(sentence.text)
    for mention in sentence.mentions:
        for i in range(mention.start - sentence.start, mention.end - sentence.start):
            text[i] = " "
    return "".join(text)


def said_normal(sentence: Sentence, mention: Mention, vocabulary: Vocabulary) -> bool:
    """A finding named by its neutral word and called normal ("sensation was intact"), or stated by its opposite."""
    concept = vocabulary.evidence.get(mention.concept)
    words = sentence.text[mention.start - sentence.start : mention.end - sentence.start].lower()
    return (
        concept is not None
        and concept.kind == "sign"
        and words in {term.lower().replace("*", "") for term in concept.neutral}
    )
