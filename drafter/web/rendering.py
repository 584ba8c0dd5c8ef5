"""Templates to pages. Everything shown is escaped; a value that a template names and nobody gave is an error."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from drafter.domain.review.people import Role
from drafter.web.navigation import navigation
from drafter.web.wording import ROLE_WORDS, STATUS_NOTES, STATUS_WORDS, VIEW_WORDS, days_left, pace_words

if TYPE_CHECKING:
    from drafter.web.visit import Visit

STATIC_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}


class StaticFile:
    """A file that comes with the program; `version` is of its content, so that a browser may keep it for good."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content
        self.media_type = next((kind for end, kind in STATIC_TYPES.items() if name.endswith(end)), "text/plain")
        self.version = hashlib.sha256(content).hexdigest()[:12]


class Pages:
    """The templates and static files of the desk, loaded once; `paths` are those that pages may link to, `zone` is
    where moments are told."""

    def __init__(self, *, paths: frozenset[str], zone: tzinfo) -> None:
        self.paths = paths
        self.static = {
            file.name: StaticFile(file.name, file.read_bytes())
            for file in files("drafter.web").joinpath("static").iterdir()
            if file.is_file()
        }
        self._templates = Environment(
            loader=PackageLoader("drafter.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals.update(
            static=self.address_of,
            navigation=lambda account: navigation(account, paths=paths),
            days_left=days_left,
            pace_words=pace_words,
            STATUS_WORDS=STATUS_WORDS,
            STATUS_NOTES=STATUS_NOTES,
            VIEW_WORDS=VIEW_WORDS,
        )
        self._templates.filters.update(
            day=day_text,
            moment=lambda at: moment_text(at, zone),
            moment_utc=lambda at: moment_text(at, UTC),
            role_words=role_words,
            role_choices=role_choices,
        )

    def render(self, template: str, /, *, visit: Visit | None, **shown: object) -> str:
        return self._templates.get_template(template).render(visit=visit, **shown)

    def address_of(self, name: str) -> str:
        return f"/static/{name}?v={self.static[name].version}"


def role_words(roles: Iterable[Role]) -> str:
    return ", ".join(ROLE_WORDS[role] for role in roles)


def role_choices(roles: Iterable[Role]) -> list[tuple[Role, str]]:
    return [(role, ROLE_WORDS[role]) for role in roles]


def day_text(day: date | None) -> str:
    """As letters print it."""
    return day.strftime("%m/%d/%Y") if day else ""


def moment_text(at: datetime, zone: tzinfo) -> str:
    """With the zone it is told in: `11/09/2016 02:00 PST`."""
    return at.astimezone(zone).strftime("%m/%d/%Y %H:%M %Z")
