"""What the claims administrator cites, beside what the draft rests on.

The steps of 8 CCR 9792.21.1 settle one case without looking into the other source: where the MTUS in force addresses
the treatment, a guideline of a lower step does not displace it. Anything else (another section of the MTUS, a source
that the letter does not name) is for the reviewer to weigh and stays a finding (tests/unit/test_competing.py).
"""

from __future__ import annotations

import re

from drafter.domain.case import CitedGuideline
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.brief import ItemBrief

_TITLE = re.compile(r"^(?!https?$|www)(?=.*[A-Z]).{3,}")
_PLURAL_TITLE = re.compile(r"(?:\w+ ){1,3}[Gg]uidelines\b")
_AFTER_TITLE = re.compile(r"[,;:]|\s[-–]|\(updated|\.\s|\bchapter\b", re.IGNORECASE)


def outranked_citation(brief: ItemBrief) -> RecordSpan | None:
    """Where the claims administrator names a lower-step guideline that the MTUS outranks; `None` where it does not."""
    if not brief.addressed or not brief.passages or brief.passages[0].passage.rung != 1:
        return None
    line = brief.item.claims_administrator_guideline or ""
    for cited in brief.item.citations:
        name = _title(cited.guideline or "") if is_outranked(cited) else ""
        at = line.find(name) if _TITLE.search(name) else -1
        if at >= 0:
            field = f"items[{brief.item.number}].claims_administrator_guideline"
            return RecordSpan(field=field, start=at, end=at + len(name), quote=name)
    return None


def _title(printed: str) -> str:
    """The title that opens a printed citation, without the chapters and dates that follow it."""
    return _AFTER_TITLE.split(printed, maxsplit=1)[0].strip()


def with_its_article(name: str) -> str:
    """A title as it stands in a sentence: "the Official Disability Guidelines", "ODG"."""
    return f"the {name}" if _PLURAL_TITLE.match(name) else name


def is_outranked(cited: CitedGuideline) -> bool:
    """True of a named source outside the MTUS."""
    return cited.party == "claims_administrator" and cited.kind == "non_mtus" and bool(cited.guideline)
