"""What to quote of a sentence, and how it was told: a complaint, an examination, a diagnosis, or the record at large.

A chart says "The injured worker reported severe neck pain". Quoted whole, a draft would report a report. So where a
reporting phrase opens the words around a mention, the quote begins after it and the phrase is kept as a kind; the
sentence that quotes it says "the worker reported" in its own words. A denied report ("did not report") is no such
phrase, and a phrase that names a body part gives it as `of`. "Medical records dated ... noted" is left out as well and
is told as the record. A list that the phrase opens is quoted from its beginning, and whole where it is not much longer
than other quotes: "pain in the neck, both shoulders and the back" cut to "both shoulders" would be no complaint. The
quote is always an exact slice of the text (proved by tests/unit/test_excerpt.py).
"""

from __future__ import annotations

import re
from typing import Literal

from drafter.domain.model import DomainModel
from drafter.domain.reading.clauses import clause_around
from drafter.domain.reading.model import Sentence

Told = Literal["complaint", "examination", "diagnosis", "treated", "record"]
MOST_WORDS = 24
LIST_WORDS = 8  # so many words more, before a list is cut at one of its commas

_WHO = r"(?:(?:injured|industrial) )?(?:worker|patient|claimant|applicant|employee|individual|IW|he|she)(?: \(IW\))?"
_ADVERBS = (
    r"(?:(?:also|currently|still|again|further|now|subjectively|reportedly|continue[sd] to|has|had|is|was) ){0,3}"
)
_DATED = (
    r"(?:,? \(?(?:(?:(?:performed |done )?(?:dated|on|from)|of) )?(?:\d[\d/-]*(?: (?:to|through|and) \d[\d/-]*)?|"
    r"[a-z]{3,9} \d{1,2}, \d{4})\)?,?)?"
)
_PART = (
    r"(?:(?:left|right|bilateral|cervical|thoracic|lumbar|lumbosacral|thoracolumbar) )*"
    r"(?:neck|back|spine|shoulders?|elbows?|wrists?|hands?|hips?|knees?|ankles?|foot|feet|cervical|thoracic|lumbar|"
    r"lumbosacral)"
)
_FOUND = (
    r"(?:reveal(?:ed|s)|show(?:ed|s)|demonstrat(?:ed|es)|not(?:ed|es)|includ(?:ed|es)|document(?:ed|s)|indicat(?:ed|es)|"
    r"stat(?:ed|es)|(?:was|were) (?:notable|remarkable|significant|revealing) for|were|:|;):? "
    r"(?:that )?(?:there (?:was|were|is|are) )?"
)
_FRAMES: tuple[tuple[Told, re.Pattern[str]], ...] = (
    (
        "complaint",
        re.compile(
            rf"\b(?:{_WHO} {_ADVERBS}(?:report(?:ed|s|ing)?|complain(?:ed|s|ing)? of|present(?:ed|s)? with|"
            r"endors(?:ed|es)|stat(?:ed|es) that|not(?:ed|es) that)|"
            rf"(?:subjective |chief )?complaints?{_DATED} (?:include[ds]?|of|were|are|was|is)|"
            rf"subjective complaints? reported(?:{_DATED} noted)?|(?:was|is) evaluated for(?! an?\b)|"
            r"symptoms (?:include[ds]?|(?:were|are)(?! (?:\W|essentially|unchanged|improv|wors|the same|stable|better|"
            r"rated|reliev|aggravat|exacerbat|describ|ongoing|constant|intermittent)))|"
            rf"subjective (?:data|findings){_DATED} (?:include[ds]?|were|are))(?: complaints of| having| that)?:? ",
            re.IGNORECASE,
        ),
    ),
    ("examination", re.compile(rf"\b(?P<of>{_PART}) exam(?:ination)?{_DATED} {_FOUND}", re.IGNORECASE)),
    (
        "examination",
        re.compile(
            r"(?:\bon )?\b(?:(?:physical|clinical|objective|neurologic(?:al)?|orthopa?edic|musculoskeletal) )*"
            r"(?:exam(?:ination)?s?|findings|(?<=physical )assessment)(?: findings)?"
            rf"(?: at initial exam(?:ination)?)?(?P<of> of (?:the |his |her )?[a-z][a-z ]{{2,40}}?| (?:the )?{_PART})?"
            rf"(?:{_DATED}| (?:today|at this time|on))? ?{_FOUND}",
            re.IGNORECASE,
        ),
    ),
    (
        "examination",
        re.compile(
            r"\b(?:on|upon) (?:physical |clinical )?exam(?:ination)?"
            r"(?P<of> of (?:the |his |her )?[a-z][a-z ]{2,40}?)?"
            rf"(?:, (?:there (?:was|were|is|are) |(?:the )?{_WHO} (?:had|has) )?|"
            rf" (?:there (?:was|were|is|are) |(?:the )?{_WHO} (?:had|has) ))",
            re.IGNORECASE,
        ),
    ),
    (
        "diagnosis",
        re.compile(
            r"\b(?:(?:current|working|treating|listed|primary|the) )*diagnos(?:is|es)(?: list| that)? ?"
            r"(?:(?:include[ds]?|were|was|are|is|of|:|;)(?: (?:documented|listed|noted)(?: as| to be)?)?) |"
            rf"\b{_WHO} (?:is|was|has been) (?:currently )?diagnosed (?:with|as having) ",
            re.IGNORECASE,
        ),
    ),
    (
        "treated",
        re.compile(
            rf"\b(?:{_WHO} )?(?:is |was |has been |and )+(?:currently )?"
            r"(?:undergoing treatments?|being treated|treated) for (?:the diagnosis of )?",
            re.IGNORECASE,
        ),
    ),
    (
        "record",
        re.compile(
            r"\b(?:the |his |her )?(?:(?:treating|attending|primary|requesting) )?"
            r"(?:provider|physician|doctor|therapist) (?:noted|reported|documented|indicated|stated) "
            r"(?:that |(?=(?:since|the (?:injured|worker|patient|applicant)|he|she)\b))|"
            r"\b(?:(?:available|provided|submitted|provider|physician|progress|treatment|office|clinic) )*"
            rf"(?:medical records?|records|documentation|notes?|reports?){_DATED}(?: from [A-Za-z ]{{3,30}})? "
            r"(?:not(?:e|ed|es)|indicat(?:e|ed|es)|show(?:ed|s)?|reveal(?:ed|s)?|document(?:ed|s)?|describ(?:ed|es)|"
            r"report(?:ed|s)?|stat(?:ed|es)|include[ds]?)(?: that)? ",
            re.IGNORECASE,
        ),
    ),
)
# "..., the attending provider noted": who wrote it down is no part of what is quoted.
_SAID_SO = re.compile(
    r",\s+(?:the|his|her|an?)\s+(?:\w+\s+){0,2}(?:provider|physician|doctor|applicant|claimant|worker|patient)\s+"
    r"(?:noted|stated|reported|wrote|acknowledged|contended|opined|maintained)\W*$",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not|never|no|without|den(?:y|ies|ied)|nor)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)


class Excerpt(DomainModel):
    """The words to quote, in offsets of the text that was read; `of` names the body part of an examination."""

    start: int
    end: int
    told: Told = "record"
    of: str = ""


def excerpt_around(sentence: Sentence, *, start: int, end: int, most_words: int = MOST_WORDS) -> Excerpt:
    """The excerpt to quote for the words at `start:end` of the text that was read."""
    left, right = clause_around(sentence, start=start, end=end, most_words=most_words, in_list=_in_list(most_words))
    told, begin, of = _frame(sentence.text, before=start - sentence.start)
    if begin and not (sentence.start + begin < left and _broken_off(sentence.text, left - sentence.start)):
        framed = {"most_words": most_words, "in_list": _in_list(most_words), "after": begin}
        left, right = clause_around(sentence, start=start, end=end, **framed)
    else:
        told, of = "record", ""
    right -= len(said.group()) if (said := _SAID_SO.search(_slice(sentence, left, right))) else 0
    return Excerpt(start=left, end=right, told=told, of=of)


def _in_list(most_words: int) -> int:
    """How many words a quote may have before it is cut within a list; a short one stays short."""
    return most_words + LIST_WORDS if most_words >= MOST_WORDS else most_words


def _slice(sentence: Sentence, start: int, end: int) -> str:
    return sentence.text[start - sentence.start : end - sentence.start]


def _frame(text: str, *, before: int) -> tuple[Told, int, str]:
    """The reporting phrase that stands nearest before the words: its kind, where it ends, the body part it names."""
    found: tuple[Told, int, str] = ("record", 0, "")
    for told, pattern in _FRAMES:
        for match in pattern.finditer(text):
            if match.end() <= before and match.end() > found[1] and not _DENIED.search(text[: match.start()]):
                found = (told, match.end(), _of(match.groupdict().get("of") or ""))
    return found


def _of(part: str) -> str:
    """ "of the right hip" for "of the right hip", "right hip" and "the right hip"; "cervical" is the cervical spine."""
    part = re.sub(r"^(?:of )?(?:the |his |her )?", "", part.strip(), flags=re.IGNORECASE).lower()
    spine = " spine" if re.search(r"(?:cervical|thoracic|lumbar|lumbosacral)$", part) else ""
    return f"of the {part}{spine}" if part else ""


def _broken_off(text: str, left: int) -> bool:
    """A clause after a semicolon, or with a verb or subject of its own, is no longer what the phrase told."""
    return ";" in text[max(0, left - 2) : left] or bool(
        re.match(r"(?:and |but )?(?:he|she|the|it|there|was|were|is|are|has|had)\b", text[left:], re.IGNORECASE)
    )
