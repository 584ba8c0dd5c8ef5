"""What comes with the program: style sheets, scripts. Open to whoever comes."""

from __future__ import annotations

from fastapi.responses import Response

from drafter.web.refusal import not_found
from drafter.web.visit import CurrentVisit

_FOR_GOOD = "public, max-age=31536000, immutable"


def file(visit: CurrentVisit, name: str, v: str = "") -> Response:
    """One of the files that were loaded at the start; a name is looked up and never a path."""
    found = visit.pages.static.get(name)
    if found is None:
        raise not_found("The desk has no such file.")
    cached = _FOR_GOOD if v == found.version else "no-cache"
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": cached})
