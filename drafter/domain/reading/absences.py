"""What a sentence says is missing: the X of "no documentation of X", "X was not noted", "failed to show X".

An absence claim is the likeliest place for a plain error of fact, so its X is kept exactly as it stands, with the
concepts and treatments that the vocabulary finds in it, to be searched for in the whole record. Words that only say how
the thing would be known ("documentation of", "evidence that the patient has") and what it would be good for "
"("to warrant
the request") are not part of X (tests/unit/test_absences.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from drafter.domain.model import DomainModel
from guideline_corpus.vocabulary import TermSpan

_PAPER = (
    r"(?:documentation|documented|evidence|indications?|mention|record|notation|description|discussion|information|"
    r"signs?|findings?|report|reports|proof|support|data|details?|statement|clarification|explanation|rationale|"
    r"note|notes)"
)
_DOCUMENT = (
    r"(?:document|show|demonstrate|reveal|indicate|include|mention|describe|specify|detail|provide|report|note|"
    r"establish|"
    r"outline|state|identify|support|address|contain|suggest|discuss|substantiate|confirm|list|record|give|submit|"
    r"quantify|clarify|explain|delineate)"
)
_DONE = (
    r"(?:documented|noted|provided|reported|mentioned|described|specified|included|submitted|established|"
    r"demonstrated|seen|"
    r"found|identified|addressed|observed|recorded|given|detailed|discussed|evident|present|available|listed|shown|"
    r"tried|attempted|performed|completed|quantified|stated|indicated|apparent|known|clear|supplied|attached|"
    r"appreciated)"
)
_NOT_DONE = _DONE.replace("|indicated", "").replace("|clear", "").replace("|apparent", "")
_ADVERB = r"(?:\w+ly\s+|well\s+|also\s+|been\s+|otherwise\s+)*"
_QUALITY = (
    r"(?:(?:clear|adequate|sufficient|clinical|further|additional|current|recent|medical|specific|any|"
    r"the|a|an|such|detailed|objective|documented|significant|substantial|supporting|other|explicit|written|"
    r"compelling|convincing)\s+){0,4}"
)
_TIE = (
    r"(?:\s+(?:of|that|to\s+(?:show|suggest|indicate|support|demonstrate)|for|regarding|concerning|showing|"
    r"indicating|suggesting|"
    r"demonstrating|supporting|on|about|as\s+to|which\s+(?:shows?|indicates?)|in\s+the\s+(?:records?|file|"
    r"documentation|notes?)|provided|submitted|"
    r"noted|documented|stating|with\s+regards?\s+to|describing|detailing|identifying|noting|reflecting))+"
)
_WHO = (
    r"(?:\s+(?:the|this|that|an?))?\s+(?:\w+\s+)?(?:patient|worker|claimant|applicant|individual|employee|"
    r"provider|physician|IW|he|she)"
    r"(?:\s+(?:has|have|had|is|was|does|did|would|will|be|been|being|having|currently|previously|recently|also|"
    r"ever|actually|"
    r"suffers?(?:\s+from)?|suffered(?:\s+from)?|presented\s+with|complained\s+of|complains\s+of|underwent|"
    r"received|exhibited|"
    r"demonstrated|tried|trialed|experienced|undergone))*"
)
_FORWARD = re.compile(
    rf"\b(?:(?:there\s+(?:is|was|are|were|has\s+been|have\s+been)\s+)?(?:(?:an?\s+)?(?:overall\s+|"
    rf"significant\s+|clear\s+)?lack\s+of|lack(?:s|ed|ing)|absence\s+of|absent|"
    rf"insufficient|inadequate|without|no|nor|not\s+(?:enough|sufficient|adequate|any)|never\s+any)"
    rf"(?:\s+{_QUALITY}{_PAPER}(?:\s+(?:or|and|/)\s+{_PAPER})?(?:{_TIE}(?:{_WHO})?|{_WHO}))?"
    rf"|(?:fail(?:s|ed|ing|ure)?\s+to|(?:did|does|do|has|have|had|could|can)\s+not|cannot|(?:did|does|do|has|"
    rf"have|had)n['’]t|unable\s+to)\s+{_ADVERB}"
    rf"(?:{_DOCUMENT}|{_DONE}|have|had|undergo|undergone|receive|try|tried|complete|attend|fail(?:ed)?|"
    rf"respond(?:ed)?|improve[sd]?|appear\s+to\s+have)\b"
    rf"(?:\s+{_QUALITY}{_PAPER}(?:{_TIE}|(?={_WHO})))?(?:\s+(?:of|that|any))?(?:{_WHO})?"
    rf"|(?:is|was|are|were)\s+(?:also\s+)?(?:not\s+(?:clear|documented|known|stated|evident|specified)|unclear|"
    rf"unknown)"
    rf"(?:\s+(?:to\s+have|that|if|whether|what|how|why|as\s+to|from))?(?:{_WHO})?)\b",
    re.IGNORECASE,
)
_BACKWARD = re.compile(
    rf"\b(?:(?:is|was|are|were|has|have|had|been|being)\s+)?(?:not|"
    rf"never)\s+{_ADVERB}{_NOT_DONE}\b(?!\s+(?:to\s+have|that|if|whether|what|how|why|as\s+to)\b)"
    r"|\b(?:is|are|was|were)\s+(?:lacking|missing|absent|unclear|unavailable|undocumented)\b(?!\s+(?:if|whether|"
    r"what|how|why|as\s+to)\b)",
    re.IGNORECASE,
)
# Where X ends: what it would be good for, where it was looked for, a new thought.
_END = re.compile(
    r"[.;:](?=\s|$)|\s(?:to|that\s+would|which\s+would|that\s+might|sufficient\s+to|"
    r"in\s+order\s+to)\s+(?:also\s+)?(?:warrant|support|justify|suggest|"
    r"substantiate|necessitate|require|indicate|demonstrate|establish|cause|go\s+against|corroborate|deviate|"
    r"meet|determine|continue)\w*\b"
    r"|\s(?:warranting|supporting|justifying|requiring|necessitating)\b"
    r"|\s(?:in|within|on|from|throughout|per)\s+(?:the\s+)?(?:\w+\s+){0,3}(?:records?|documentation|file|notes?|"
    r"chart|reports?|exam(?:ination)?|provided|submitted|clinicals?)\b"
    r"|,\s(?:an?|the|this|these|it|there|further)\s+(?:[\w/-]+\s+){0,6}(?:is|are|was|were|cannot|would)\b"
    r"|\s(?:(?:is|are|was|were|has\s+been|have\s+been)\s+)?(?:provided|submitted|available|noted|documented|included|reported|found|seen|identified)(?:\s+(?:for|"
    r"to|by|in|on|that|which)\b|[.,;]|$)"
    r"|,?\s(?:but|however|therefore|although|though|while|whereas|which|because|since|so|as\s+such|as\s+the|"
    r"given|despite|until|at\s+this\s+time|at\s+this\s+point|"
    r"nor\s+(?:is|was|were|are|did|does|has)|and\s+(?:the|this|there|it|he|she|therefore|thus|as)\b)",
    re.IGNORECASE,
)
# A noun phrase ends before a verb too; a clause ("that the patient is ...") does not.
_VERB = re.compile(r"\s(?:is|are|was|were|has|have|had|would|will|should|could)\s", re.IGNORECASE)
_TELLS_CLAUSE = re.compile(
    r"\b(?:that|whether|if|what|how|why|patient|worker|claimant|applicant|individual|employee|he|she|indicating|"
    r"suggesting|showing|"
    r"stating|demonstrating)\b",
    re.IGNORECASE,
)
_OF_GUIDELINE = re.compile(
    r"\b(?:guidelines?|MTUS|ACOEM|ODG|literature|studies|FDA)\b[^.;,]{0,40}$|\b(?:who|which|those|patients|that)\s*$",
    re.IGNORECASE,
)
_NOT_ABSENCE = re.compile(
    r"\b(?:no\s+(?:more|longer|less|later|earlier|doubt|other\s+commercially|contraindication)|not\s+only|"
    r"without\s+(?:contrast|dye|difficulty|gadolinium|loss)|no\s+change)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"(?:\s|\b(?:any|the|a|an|of|that|this|to|have|has|had|been|other|either|clear)\b)+", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"[.;:]\s|,\s(?:and\s|but\s)?|\b(?:but|however|although|while|and\s+that|that|as|because|since|therefore)\s",
    re.IGNORECASE,
)
_LONGEST = 220


class Absence(DomainModel):
    """One absence claim. `start:end` is the whole claim with its cue, `words_start:words_end` its X, `words` X itself.

    `concepts` are the evidence concepts and `treatments` the treatments named in X; both may be empty.
    """

    start: int
    end: int
    words_start: int
    words_end: int
    words: str
    concepts: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()


def find_absences(text: str, start: int, end: int, *, terms: list[TermSpan]) -> Iterator[Absence]:
    """The absence claims of the sentence at `start:end`, in order of place; `terms` are the text's terms by start."""
    taken = start
    for match in _claims(text, start, end):
        if match.start() < taken or _is_no_absence(text, match) or _of_guideline(text, match, start):
            continue
        low, high = _object(text, match, end) if match.re is _FORWARD else _named_before(text, match, taken)
        if low < high:
            taken = max(high, match.end())
            yield _absence(text, min(match.start(), low), max(match.end(), high), low, high, terms)


def _claims(text: str, start: int, end: int) -> list[re.Match[str]]:
    forward = list(_FORWARD.finditer(text, start, end))
    backward = [match for match in _BACKWARD.finditer(text, start, end) if not _opens_clause(text, match, start)]
    starts = {match.start() for match in backward}
    kept = [match for match in forward if not any(match.start() <= at < match.end() for at in starts)]
    return sorted((*kept, *backward), key=lambda match: match.start())


def _opens_clause(text: str, match: re.Match[str], start: int) -> bool:
    """True for "it is not clear ...", where what is missing follows."""
    before = text[max(start, match.start() - 12) : match.start()]
    return bool(re.search(r"(?:^|\b(?:it|there|this)\s)\s*$", before, re.IGNORECASE))


def _is_no_absence(text: str, match: re.Match[str]) -> bool:
    other = _NOT_ABSENCE.search(text, match.start(), match.end() + 14)
    return other is not None and other.start() < match.end()


def _of_guideline(text: str, match: re.Match[str], start: int) -> bool:
    """True where it is the guideline that says nothing, or a class of patients of which something is told."""
    if not re.match(r"(?:do|does|did|has|have|can|could|fail)", match[0], re.IGNORECASE):
        return False
    return bool(_OF_GUIDELINE.search(text, max(start, match.start() - 80), match.start()))


def _object(text: str, match: re.Match[str], end: int) -> tuple[int, int]:
    stop = _END.search(text, match.end(), min(end, match.end() + _LONGEST))
    high = stop.start() if stop else min(end, match.end() + _LONGEST)
    low = match.end()
    if not _TELLS_CLAUSE.search(match[0]) and (verb := _VERB.search(text, low, high)):
        high = verb.start()
    leading = _LEADING.match(text, low, high)
    low = leading.end() if leading else low
    return _trim(text, low, high)


def _named_before(text: str, match: re.Match[str], start: int) -> tuple[int, int]:
    low = max(start, match.start() - _LONGEST)
    for subject in _SUBJECT.finditer(text, low, match.start()):
        low = subject.end()
    leading = _LEADING.match(text, low, match.start())
    return _trim(text, leading.end() if leading else low, match.start())


def _trim(text: str, low: int, high: int) -> tuple[int, int]:
    while low < high and not text[low].isalnum():
        low += 1
    while high > low and not (text[high - 1].isalnum() or text[high - 1] in ")%°"):
        high -= 1
    return low, high


def _absence(text: str, start: int, end: int, low: int, high: int, terms: list[TermSpan]) -> Absence:
    first = bisect_left(terms, low, key=lambda span: span.start)
    inside = []
    for span in terms[first:]:
        if span.start >= high:
            break
        if span.end <= high:
            inside.append(span)
    return Absence(
        start=start,
        end=end,
        words_start=low,
        words_end=high,
        words=text[low:high],
        concepts=tuple(dict.fromkeys(span.id for span in inside if span.family == "evidence")),
        treatments=tuple(dict.fromkeys(span.id for span in inside if span.family == "treatment")),
    )
