"""Prompt files as data: load, validate, render, hash.

A template has named slots in braces and nothing else: no attribute access, no index, no format specification, so a
template cannot reach into the program (proved by tests/unit/test_templates.py). The extractive model's sentence forms
are one such file; the set of forms and the slots of each are fixed in `FORM_SLOTS`, and a form that lacks, or asks for,
anything else is refused on load with its name and the remedy.
"""

from __future__ import annotations

import datetime
import hashlib
import string
import tomllib
from pathlib import Path

from pydantic import ConfigDict, ValidationError

from drafter.domain.model import DomainModel
from drafter.errors import TemplateInvalid

_SAID = frozenset({"when", "quote"})
_CRITERION = frozenset({"said", "phrase"})
_SUM = frozenset({"phrase", "earlier", "quote", "requested", "total"})
_SUPPLY = frozenset({"phrase", "per_day", "count", "days"})

FORM_SLOTS: dict[str, frozenset[str]] = {
    "worker": frozenset({"age", "injury_date"}),
    "worker_without_age": frozenset({"injury_date"}),
    "request": frozenset({"treatment"}),
    "request_remaining": frozenset({"authorized", "treatment"}),
    "when": frozenset({"date"}),
    "waited": frozenset({"phrase", "age", "date", "quote"}),
    "said_complaint": _SAID,
    "said_examination": _SAID | {"of"},
    "said_diagnosis": _SAID,
    "said_treated": _SAID,
    "said_record": _SAID,
    "scope_summary": frozenset(),
    "scope_file": frozenset(),
    "claims_administrator_reason": frozenset({"quote"}),
    "guideline_gist": frozenset({"citation", "points"}),
    "guideline_official": frozenset({"citation", "quote"}),
    "points_requires": frozenset({"phrases"}),
    "points_limits": frozenset({"phrases"}),
    "points_excludes": frozenset({"phrases"}),
    "points_refuses": frozenset({"phrases"}),
    "points_notes": frozenset({"phrases"}),
    "met": _CRITERION,
    "not_met": _CRITERION,
    "denied": _CRITERION | {"scope"},
    "elsewhere": _CRITERION,
    "refused": frozenset({"phrase"}),
    "excluded": _CRITERION,
    "not_excluded": _CRITERION,
    "both_ways": frozenset({"phrase", "quote", "other"}),
    "both_ways_measured": _CRITERION | {"other"},
    "said_then": frozenset({"before", "now"}),
    "measured_better": _CRITERION,
    "measured_worse": _CRITERION,
    "measured_same": _CRITERION,
    "uncertain": _CRITERION,
    "only_planned": _CRITERION,
    "not_in_summary": frozenset({"phrase"}),
    "not_documented": frozenset({"phrase"}),
    "only_requested": frozenset({"scope", "phrase", "quote"}),
    "within_limit": frozenset({"phrase", "requested"}),
    "beyond_limit": frozenset({"phrase", "requested"}),
    "beyond_limit_with_earlier": _SUM,
    "beyond_limit_with_authorized": frozenset({"phrase", "authorized", "requested", "total"}),
    "within_limit_with_earlier": _SUM,
    "supply_beyond_limit": _SUPPLY,
    "supply_within_limit": _SUPPLY,
    "supply_beyond_limit_by_record": _SUPPLY | {"quote"},
    "supply_within_limit_by_record": _SUPPLY | {"quote"},
    "limit_open_at_least": frozenset({"phrase", "requested", "room", "earlier", "quote", "scope"}),
    "limit_open": frozenset({"phrase", "requested", "room", "quote", "scope"}),
    "use_beyond_limit": frozenset({"phrase", "drug", "date", "days"}),
    "use_since_unknown": frozenset({"phrase", "drug", "date", "scope"}),
    "without_care": frozenset({"phrase", "quote"}),
    "injury_too_recent": frozenset({"phrase", "age", "date"}),
    "not_addressed": frozenset({"as_of", "treatment"}),
    "next_rung": frozenset(),
    "lower_rung": frozenset({"citation"}),
    "competing_lower_rung": frozenset({"cited"}),
    "depends": frozenset({"main", "main_treatment"}),
    "depends_upheld": frozenset({"main"}),
    "depends_overturned": frozenset({"main"}),
    "upheld": frozenset({"treatment"}),
    "overturned": frozenset({"treatment"}),
    "weaning": frozenset({"drug"}),
    "formulary_exempt": frozenset({"drug"}),
    "formulary_non_exempt": frozenset({"drug"}),
    "formulary_compounded": frozenset(),
}


class SentenceForms(DomainModel):
    """One version of the extractive model's sentence forms. `digest` is the SHA-256 of the file's bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    author: str
    date: datetime.date
    change_note: str
    forms: dict[str, str]
    digest: str

    @property
    def label(self) -> str:
        """`NAME@VERSION`, as provenance and the command line write it."""
        return f"{self.name}@{self.version}"

    def say(self, form: str, **slots: str) -> str:
        """The form with its slots filled. Braces inside a slot's value are text, never slots."""
        return self.forms[form].format_map(slots)


def slots_of(text: str) -> frozenset[str]:
    """The slot names of a template text.

    Raises TemplateInvalid for a brace that does not close and for anything but a plain name between braces.
    """
    names: set[str] = set()
    try:
        for _, name, specification, conversion in string.Formatter().parse(text):
            if name is None:
                continue
            if not name.isidentifier() or specification or conversion:
                raise TemplateInvalid(f"slot {{{name}}} is not a plain name; write {{name}} and nothing else in braces")
            names.add(name)
    except ValueError as error:
        raise TemplateInvalid(
            f"a brace is left open or stray ({error}); write {{{{ or }}}} for a brace itself"
        ) from None
    return frozenset(names)


def _check_forms(forms: dict[str, str], *, path: Path) -> None:
    for missing in sorted(FORM_SLOTS.keys() - forms.keys()):
        raise TemplateInvalid(f"{path}: the form '{missing}' is missing; copy it from the version before")
    for unknown in sorted(forms.keys() - FORM_SLOTS.keys()):
        raise TemplateInvalid(f"{path}: the form '{unknown}' is not known; remove it or correct its name")
    for name, text in forms.items():
        try:
            extra = slots_of(text) - FORM_SLOTS[name]
        except TemplateInvalid as error:
            raise TemplateInvalid(f"{path}: form '{name}': {error}") from None
        if extra:
            known = ", ".join(sorted(FORM_SLOTS[name])) or "none"
            raise TemplateInvalid(f"{path}: form '{name}' has unknown slot {sorted(extra)[0]}; it may use: {known}")


def load_sentence_forms(path: Path) -> SentenceForms:
    """Read one version of the sentence forms. Raises TemplateInvalid with file, form and remedy."""
    try:
        raw = path.read_bytes()
    except OSError:
        raise TemplateInvalid(f"{path}: no such prompt version; see active.toml for the live one") from None
    try:
        data = tomllib.loads(raw.decode("utf-8"))
        forms = SentenceForms(**data, digest=hashlib.sha256(raw).hexdigest())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateInvalid(f"{path}: not readable as TOML ({error}); correct the line it names") from None
    except (ValidationError, TypeError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": ("file",), "msg": str(error)}
        key = ".".join(str(part) for part in first["loc"])
        raise TemplateInvalid(f"{path}: key '{key}': {first['msg']}") from None
    _check_forms(forms.forms, path=path)
    return forms


def active_version(*, prompts_dir: Path, name: str) -> str:
    """The live version of a purpose, from active.toml. Raises TemplateInvalid where it names none."""
    path = prompts_dir / "active.toml"
    try:
        versions = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise TemplateInvalid(f"{path}: missing or not TOML; it names the live version of each purpose") from None
    version = versions.get(name)
    if not isinstance(version, str):
        raise TemplateInvalid(f"{path}: names no live version of '{name}'; add the line {name} = \"0001\"")
    return version
