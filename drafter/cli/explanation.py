"""The text of `drafter explain`: a saved draft read back, and every ground of it named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from drafter.domain.draft import CallRecord, Citation, Finding, PassageCitation, Statement
from drafter.errors import InputUnreadable


class _Passage(BaseModel):
    model_config = ConfigDict(extra="ignore")

    rank: int
    passage_id: str
    guideline: str
    edition: str
    section: str


class _Draft(BaseModel):
    """A draft as it was printed: what explains it, and nothing of the rest."""

    model_config = ConfigDict(extra="ignore")

    item: int
    treatment: str
    determination: str | None
    statements: tuple[Statement, ...]
    retrieved: tuple[_Passage, ...]
    findings: tuple[Finding, ...]
    calls: tuple[CallRecord, ...] = ()


class _Saved(BaseModel):
    model_config = ConfigDict(extra="ignore")

    drafts: tuple[_Draft, ...]
    provenance: Mapping[str, str]


def explained(path: Path, *, items: Sequence[int]) -> str:
    """The explanation. Raises InputUnreadable where the file is no saved draft."""
    try:
        saved = _Saved.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputUnreadable(f"{path} cannot be read ({error.strerror}); name a file.") from None
    except (ValueError, ValidationError):
        raise InputUnreadable(f"{path} is no draft; save one with `drafter draft CASE --json`.") from None
    return "".join(f"{line}\n" for line in _lines(saved, items))


def _lines(saved: _Saved, items: Sequence[int]) -> Iterator[str]:
    for name, value in sorted(saved.provenance.items()):
        yield f"{name.replace('_', ' ')}: {value}"
    for draft in saved.drafts:
        if not items or draft.item in items:
            yield from _draft(draft)


def _draft(draft: _Draft) -> Iterator[str]:
    yield ""
    yield f"Item {draft.item}: {draft.treatment}"
    yield f"Outcome chosen: {draft.determination or 'none'}"
    for passage in draft.retrieved:
        section = passage.section or "as a whole"
        yield f"  found {passage.rank}: {passage.guideline} {passage.edition}, {section} ({passage.passage_id})"
    for number, call in enumerate(draft.calls, start=1):
        model = f"{call.model}{f' ({call.fingerprint})' if call.fingerprint else ''}"
        yield f"  call {number}: {model}, asked for {call.form or 'a recorded reply'}"
        yield f"    request {call.request_sha256}"
        yield f"    reply {call.reply_sha256 or 'none'}"
        yield f"    tokens {_told(call.tokens_in)} in, {_told(call.tokens_out)} out"
    for number, statement in enumerate(draft.statements, start=1):
        yield f"  {number}. [{statement.kind}] {statement.text}"
        yield from (f"       {_ground(citation)}" for citation in statement.citations)
        if statement.searched:
            yield f"       searched for: {', '.join(statement.searched)}"
    for finding in draft.findings:
        yield f"  {finding.severity}: {finding.message} ({finding.check})"


def _ground(citation: Citation) -> str:
    if isinstance(citation, PassageCitation):
        pages = f", page {', '.join(citation.pages)}" if citation.pages else ""
        return f"{citation.guideline} {citation.edition}, {citation.section or 'as a whole'}{pages}"
    record = citation.record
    page = f", page {record.page}" if record.page else ""
    return f'{record.record_id or "case summary"}{page}, {record.start} to {record.end}: "{record.quote}"'


def _told(tokens: int | None) -> str:
    return "not told" if tokens is None else str(tokens)
