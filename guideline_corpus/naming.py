"""Says which edition of which guideline an added file is, from what the user names and what the file says of itself.

A guideline that the edition table has keeps its name, rung and dates: the table knows them better than a command line.
Any other is a new guideline of rung 2 to 4; the MTUS itself (rung 1) is what the table says and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from guideline_corpus.errors import UnknownGuideline
from guideline_corpus.identity import slug
from guideline_corpus.model import CorpusModel, Edition, InForce, Rung
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.release_dates import Released, released

ID_LENGTH = 44
DEFAULT_RUNG: Rung = 3
DEVELOPER_LABELS = (
    "developer",
    "developers",
    "guideline developer",
    "guideline developer(s)",
    "issued by",
    "publisher",
)
RELEASE_LABELS = ("released", "release date", "date released", "publication date", "published", "date")
RIGHTS_LABELS = ("rights", "copyright", "copyright statement", "license", "licence")
CITED_LABELS = ("source", "sources", "source(s)", "bibliographic source", "bibliographic source(s)", "citation")


class Naming(CorpusModel):
    """What the user says about a file; None where the user says nothing."""

    guideline: str | None = None
    edition: str | None = None
    rung: Rung | None = None
    from_: date | None = None
    to: date | None = None
    licence: str | None = None


def edition_of(source: SourceText, naming: Naming, table: Sequence[Edition], *, file: str) -> Edition:
    """The edition that the file holds. Raises UnknownGuideline with the option that would say it."""
    name = naming.guideline or _title(source)
    if not name:
        raise UnknownGuideline(f"{file} does not say which guideline it is; name it with --guideline.")
    known = [row for row in table if _same(name, row)]
    if known:
        return _known_edition(known, naming, file=file)
    if naming.rung == 1:
        raise UnknownGuideline(
            f"{name!r} is not a guideline of the MTUS; `guideline-corpus editions list` shows those; for another say "
            "--rung 2, 3 or 4."
        )
    return _new_edition(name, source, naming, table, file=file)


def licence_of(source: SourceText, naming: Naming) -> str:
    """The note on rights that goes with every passage of the file; empty where nobody says anything."""
    return naming.licence or _front(source, RIGHTS_LABELS) or ""


def plain_title(title: str, year: str | None) -> str:
    """A title as a citation names it: without a full stop, and without the year that stands beside it anyway."""
    name = " ".join(title.split()).rstrip(" .")
    return re.sub(rf"\s*[,(]\s*{year}\s*\)?$", "", name) if year else name


def _same(name: str, row: Edition) -> bool:
    return name.casefold() in {row.guideline.casefold(), row.guideline_id, row.edition_id}


def _known_edition(rows: Sequence[Edition], naming: Naming, *, file: str) -> Edition:
    wanted = naming.edition
    fitting = [
        row for row in rows if wanted is None or wanted in (row.edition, row.edition_id, row.edition.split()[-1])
    ]
    if len(fitting) != 1:
        names = ", ".join(repr(row.edition) for row in rows)
        raise UnknownGuideline(f"{file}: {rows[0].guideline} has the editions {names}; say which one with --edition.")
    row = fitting[0]
    told = {
        "--rung": (naming.rung, row.rung),
        "--from": (naming.from_, row.in_force.from_),
        "--to": (naming.to, row.in_force.to),
    }
    for option, (said, holds) in told.items():
        if said is not None and said != holds:
            told_apart = f"{option} {said} contradicts the edition table, where {row.edition_id} has {holds}"
            raise UnknownGuideline(f"{file}: {told_apart}; leave it out.")
    return row


def _new_edition(name: str, source: SourceText, naming: Naming, table: Sequence[Edition], *, file: str) -> Edition:
    issued = released(_front(source, RELEASE_LABELS) or "")
    edition = naming.edition or (issued.year if issued else None)
    if edition is None:
        raise UnknownGuideline(f"{file} does not say which edition it is; name its year or date with --edition.")
    guideline = plain_title(name, edition)
    developer = re.sub(r"\s+-\s+[^-]*Agency.*$", "", _front(source, DEVELOPER_LABELS) or "")
    guideline_id = slug(guideline, length=ID_LENGTH)
    if any(row.guideline_id == guideline_id and row.developer != developer for row in table):
        guideline_id = f"{guideline_id}-{slug(developer, length=16) or 'other'}"
    return Edition(
        edition_id=f"{guideline_id}-{slug(edition, length=16)}",
        guideline_id=guideline_id,
        guideline=guideline,
        edition=edition,
        rung=naming.rung or DEFAULT_RUNG,
        in_force=InForce(from_=naming.from_ or _first_day(edition, issued), to=naming.to),
        trigger="request",
        source=_front(source, CITED_LABELS) or file,
        confidence="seen",
        developer=developer,
    )


def _first_day(edition: str, issued: Released | None) -> date | None:
    """The day the text was issued; a bare year counts from its first day."""
    if issued:
        return issued.day
    said = released(edition)
    return said.day if said else None


def _title(source: SourceText) -> str | None:
    return source.title


def _front(source: SourceText, labels: Sequence[str]) -> str | None:
    return next((source.front_matter[label] for label in labels if source.front_matter.get(label)), None)
