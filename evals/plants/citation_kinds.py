"""Errors of the reviewer's guideline line: edition, page, title, section."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evals.plants.model import Edit
from evals.plants.scene import Scene

_EDITION = re.compile(r"\b(19|20)\d\d\b")
_PAGES = re.compile(r"\b(pages?|pp?\.)\s*(\d{1,4})", re.IGNORECASE)
_TITLES = ("Chronic Pain Medical Treatment", "Low Back Complaints", "Knee Complaints", "Shoulder Complaints")


def edition_not_in_force(scene: Scene) -> Iterator[Edit]:
    """The year of an MTUS title becomes one that governed at another time."""
    for cited in scene.item.citations:
        if cited.party != "reviewer" or cited.kind != "mtus" or cited.edition not in ("2016", "2009"):
            continue
        for match in _EDITION.finditer(scene.item.reviewer_guideline or ""):
            if match[0] == cited.edition:
                other = "2009" if cited.edition == "2016" else "2016"
                yield _line(match.start(), match[0], other)


def page_that_is_none(scene: Scene) -> Iterator[Edit]:
    for match in _PAGES.finditer(scene.item.reviewer_guideline or ""):
        yield _line(match.start(2), match[2], f"{match[2]}60")


def wrong_guideline(scene: Scene) -> Iterator[Edit]:
    """The section stays, the title becomes that of a chapter which does not have it."""
    line = scene.item.reviewer_guideline or ""
    for cited in scene.item.citations:
        if cited.party == "reviewer" and cited.kind == "mtus" and cited.guideline and cited.sections:
            others = [title for title in _TITLES if title != cited.guideline]
            at = line.find(cited.guideline)
            if at >= 0 and others:
                yield _line(at, cited.guideline, scene.chance.choice(others))


def _line(start: int, before: str, after: str) -> Edit:
    return Edit(field="reviewer_guideline", start=start, before=before, after=after)
