"""Where in its course a treatment stands: asked for the first time, or to go on.

Sections ask other things of a first trial than of more of the same. A treatment counts as begun where the request
itself says so ("additional", "continued", "refill"), or where the record has the same treatment of the same region
given, or the same drug in use, be it in another form (oxycodone beside acetaminophen). Silence means that nothing shows
it to have begun, and then nothing is held against it that only a continuation has to show (tests/unit/test_course.py).
"""

from __future__ import annotations

import re

from drafter.domain.drafting.brief import ItemBrief
from drafter.domain.drafting.limits import earlier_treatment
from drafter.domain.drafting.medicines import asked_drugs, in_use
from guideline_corpus.vocabulary import Vocabulary

_GOES_ON = re.compile(
    r"\b(?:additional|continu(?:e|ed|ing|ation)|extension|extended|further|repeat(?:ed)?|refills?|maintenance|ongoing|"
    r"follow[- ]?up|second|third|more)\b",
    re.IGNORECASE,
)


def has_begun(brief: ItemBrief, *, vocabulary: Vocabulary) -> bool:
    """True where the request or the record shows that the treatment was given before."""
    if _GOES_ON.search(brief.item.treatment):
        return True
    if asked_drugs(brief.item_reading):
        return in_use(brief, vocabulary=vocabulary)
    return earlier_treatment(brief, vocabulary=vocabulary) is not None
