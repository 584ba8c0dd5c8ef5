"""A disputed item's heading as it stands inside a sentence: "an MRI of the lumbar spine", "a wedge pillow".

A letter prints a heading like a title, with a capital and without an article. Inside a sentence an ordinary word loses
its capital, and one thing that can be counted takes its article; the name of a drug or a brand keeps its own, so only
words that are known to be ordinary are touched. Nothing else of the request changes, and what is quoted or cited is
always the heading as printed (proved by tests/unit/test_heading.py).
"""

from __future__ import annotations

import re

_ORDINARY = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|additional|continued?|further|initial|repeat|follow|"
    r"physical|occupational|aqua\w*|chiro\w*|acupuncture|massage|manual|post|pre|retro\w*|prospective|outpatient|"
    r"inpatient|purchase|rental|home|left|right|bilateral|lumbar|lumbosacral|cervical|thoracic|spinal|spine|shoulders?|"
    r"knees?|hips?|pelvis|ankles?|wrists?|elbows?|hands?|fingers?|foot|feet|low|upper|lower|back|neck|consult\w*|refer\w*|"
    r"evaluation|surgery|surgical|surgeon|assistant|associated|neurosurg\w*|arthroscop\w*|operative|open|total|partial|"
    r"cold|hot|heat|urine|drug|functional|work|psych\w*|trigger|epidural|facet|medial|lateral|anterior|posterior|sacroiliac|"
    r"magnetic|resonance|imaging|nerve|conduction|stud(?:y|ies)|electro\w*|electrical|muscle|stimulation|pulsed|"
    r"ultrasound|infrared|myofascial|therap\w*|topical|compound\w*|orthop\w*|pain|unknown|trial|sit|stand|workstation|"
    r"ergonomic|gym|membership|transport\w*|re-?exam\w*|wedge|pillows?|braces?|supports?|standard|wheelchair|bed\w*|"
    r"bath\w*|shower|walker|cane|crutches|wound|nurs\w*|comprehensive|single|positional|medical|clearance|test|testing|"
    r"tests|acute|rehabilitation|unit|skilled|hospitali[sz]ation|day|labs?|laboratory|chest|shockwave|platelet|sleep|cognitive|"
    r"internal|interferential|neuromuscular|traction|injections?|steroid|without|with|contrast)\b(?!['’.]\w)",
    re.IGNORECASE,
)
_TITLED = re.compile(r"[A-Z][a-z]+")
_ASSOCIATED = re.compile(r"associated surgical services?:\s*", re.IGNORECASE)
# One thing that can be counted, named by the last word before "of the ...", "for ...", "without contrast".
_COUNTED = re.compile(
    r"(?:MRI|MRA|EMG|EKG|ECG|EEG|CBC|BMP|CMP|scan|x-ray|evaluation|consult|consultation|re-?exam(?:ination)?|unit|support|"
    r"pillow|workstation|membership|wheelchair|scooter|walker|cane|chair|commode|brace|sling|splint|wrap|pad|bed|mattress|"
    r"nurse|surgeon|assistant|assist|PA|test|study|electrocardiogram|program|referral|visit|device|stimulator)",
    re.IGNORECASE,
)
_HEAD_ENDS = re.compile(r"\s+(?:of|for|to|with|without|and|per|times)\b|\s*[,;(#]|\s+\d")
_SEVERAL = re.compile(r"\btimes (?!1\b)\d|^[^,;]*#(?!1\b)\d")
_NO_ARTICLE = re.compile(
    r"(?:an?|the|no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|unknown|additional|further|"
    r"labs|his|her)\b|\d",
    re.IGNORECASE,
)
_DEED = re.compile(r"(?:purchase|rental) of\b", re.IGNORECASE)
_LETTERS = re.compile(r"(?:[A-Z]{2,}\b|[A-Z]-)")
_SPOKEN = re.compile(r"(?:TENS|PENS|TOC)\b")  # read as a word, not letter by letter
_AN = re.compile(r"(?!(?:uni|use|uri|one\b|eu|u-))[aeiou]", re.IGNORECASE)


def within(heading: str) -> str:
    """The heading inside a sentence, without an article.

    What remains of a modified request may begin with the word that joined it to the rest ("with open release").
    """
    heading = heading.removeprefix("with ")
    return _ORDINARY.sub(_lowered, heading)


def as_object(heading: str) -> str:
    """The heading as what is asked for or decided on: with "a", "an" or "the" where the thing named takes one."""
    named = _ASSOCIATED.match(heading)
    if named and named.end() < len(heading):
        return f"{as_object(heading[named.end() :])} as an associated surgical service"
    text = within(heading)
    if _DEED.match(text):
        return f"the {text}"
    return f"{_article(text)} {text}" if _is_counted(text) else text


def _lowered(match: re.Match[str]) -> str:
    word = match[0]
    return word[0].lower() + word[1:] if _TITLED.fullmatch(word.replace("-", "")) else word


def _is_counted(text: str) -> bool:
    if _NO_ARTICLE.match(text) or _SEVERAL.search(text):
        return False
    ends = _HEAD_ENDS.search(text)
    words = text[: ends.start() if ends else len(text)].split()
    return bool(words) and bool(_COUNTED.fullmatch(words[-1]))


def _article(text: str) -> str:
    if _LETTERS.match(text) and not _SPOKEN.match(text):
        return "an" if text[0] in "AEFHILMNORSX" else "a"
    return "an" if _AN.match(text) else "a"
