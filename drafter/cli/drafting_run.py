"""Runs `drafter draft` once the command is known; the page it shows is in `draft_page`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import BinaryIO

from rich.console import Console

from drafter.bootstrap import App, open_app, traced
from drafter.cli.draft import parse_determination
from drafter.cli.draft_page import print_draft
from drafter.cli.locked_input import Passwords, passwords
from drafter.domain.case import Case, Determination
from drafter.domain.draft import ItemDraft
from drafter.domain.exchange.heard import HeardStatement
from drafter.errors import InputUnreadable, NothingToRead, UnknownItem
from drafter.services.contract import drafts_shape, to_line
from drafter.services.intake import read_case, with_treatments
from drafter.settings import read_settings

OK, BLOCKED, INCOMPLETE = 0, 1, 4
STANDARD_INPUT = "-"
PENDING = "reply-pending"
UNFINISHED = {PENDING, "model-failed"}


def run_draft(
    *,
    path: str,
    items: list[int],
    treatments: list[str],
    determination: str | None,
    as_of: str | None,
    model: str | None,
    prompt: str | None,
    show_payload: bool,
    password: bool,
    as_json: bool,
    out: Path | None,
    stdin: BinaryIO,
) -> int:
    """Drafts one input and prints it; gives the exit code of the interface contract.

    Raises DrafterError and CorpusError, each one sentence for the user.
    """
    settings = read_settings()
    keys = passwords(
        asked=password, from_environment=settings.pdf_password, stdin=stdin, reads_stdin=path == STANDARD_INPUT
    )
    case = read_input(path, treatments=treatments, stdin=stdin, keys=keys)
    chosen = _chosen(determination, case)
    listen = _Counting() if sys.stderr.isatty() else None
    with traced(settings, say=sys.stderr.write) as watch:
        app = open_app(settings, model_spec=model, prompt=prompt, listen=listen, watch=watch)
        if show_payload:
            for item, payload in app.payloads(case, determinations=chosen, items=items, as_of=_day(as_of)):
                sys.stdout.write(f"=== item {item}, system\n{payload.system}\n=== item {item}, user\n{payload.user}\n")
            return OK
        drafts = list(app.draft(case, determinations=chosen, items=items, as_of=_day(as_of)))
    _put(case, drafts, app=app, path=path, as_json=as_json, out=out)
    unfinished = sum(any(finding.check in UNFINISHED for finding in draft.findings) for draft in drafts)
    if unfinished:
        pending = any(finding.check == PENDING for draft in drafts for finding in draft.findings)
        then = "answer DIR/pending and run this again" if pending else "run this again; what is drafted is kept"
        sys.stderr.write(f"{unfinished} of {len(drafts)} items wait for a reply; {then}.\n")
        return INCOMPLETE
    blocked = any(finding.severity == "blocker" for draft in drafts for finding in draft.findings)
    return BLOCKED if blocked else OK


class _Counting:
    """Shows on the terminal how far each reply has come."""

    cancelled = False

    def heard(self, told: HeardStatement) -> None:
        count = told.place + 1
        again = ", told once what does not hold" if told.repaired else ""
        sys.stderr.write(f"item {told.item}: {count} sentence{'s' if count != 1 else ''}{again}\n")


def read_input(path: str, *, treatments: list[str], stdin: BinaryIO, keys: Passwords) -> Case:
    """The case of one input. Raises InputUnreadable, PasswordNeeded, NothingToRead."""
    source = stdin.read() if path == STANDARD_INPUT else Path(path)
    name = "standard input" if path == STANDARD_INPUT else path
    case = keys.open(lambda password: read_case(source, name=name, password=password), name=name)
    if treatments:
        case = with_treatments(case, treatments)
    if not case.items:
        raise NothingToRead(f"{path} names no treatment in dispute; add --treatment TEXT for each one.")
    return case


def _chosen(determination: str | None, case: Case) -> dict[int, Determination]:
    try:
        return parse_determination(determination, numbers=[item.number for item in case.items])
    except ValueError as error:
        raise UnknownItem(str(error)) from None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputUnreadable(f"--as-of {text!r} is no date; write it as YYYY-MM-DD, for example 2016-12-29.") from None


def _put(case: Case, drafts: list[ItemDraft], *, app: App, path: str, as_json: bool, out: Path | None) -> None:
    stripped = case.without_reviewer_text()
    stream = out.open("w", encoding="utf-8") if out else sys.stdout
    try:
        if as_json:
            shape = drafts_shape(stripped, path=path, drafts=drafts, provenance=asdict(app.provenance()))
            stream.write(to_line(shape) + "\n")
        else:
            console = Console(file=stream, highlight=False, width=100 if out else None)
            for draft in drafts:
                print_draft(console, stripped, draft)
    finally:
        if out:
            stream.close()
