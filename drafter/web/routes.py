"""The table of routes: everything the desk answers to, and what each is called in the table of access.

A page is added by a row here and a function in `pages/` or `api/`; its template extends `base.html`. What is not in
this table cannot be reached (`desk.refuse_unlisted`), and tests/integration/test_routes.py tries every row by every
role on a case that is the person's own, somebody else's and nobody's.
"""

from __future__ import annotations

from drafter.web import static_files
from drafter.web.api import accounts as api_accounts
from drafter.web.api import cases as api_cases
from drafter.web.api import casework as api_casework
from drafter.web.api import description as api_description
from drafter.web.api import health as api_health
from drafter.web.api import imports as api_imports
from drafter.web.api import session as api_session
from drafter.web.pages import (
    accounts,
    answering,
    approving,
    audit,
    casework,
    comparing,
    health,
    history,
    importing,
    own_account,
    prompts,
    quality,
    queue,
    sign_on,
    signing_in,
    ties,
)
from drafter.web.route import PUBLIC, TEXT_BODY, Route

TEMPLATE = 250_000  # bytes: the longest template, as a form sends it
WHOLE_TEXT = 1_000_000  # bytes: a text with every sentence of two revisions

SIGNING_IN = (
    Route(method="GET", path="/", does="own-account", by=signing_in.start),
    Route(method="GET", path="/sign-in", does=PUBLIC, by=signing_in.ask),
    Route(method="POST", path="/sign-in", does=PUBLIC, by=signing_in.sign_in),
    Route(method="GET", path="/sign-in/provider", does=PUBLIC, by=sign_on.go),
    Route(method="GET", path=sign_on.ANSWER, does=PUBLIC, by=sign_on.answer),
    Route(method="POST", path="/sign-out", does="own-account", by=signing_in.sign_out, before_password=True),
    Route(method="GET", path="/first-run", does=PUBLIC, by=signing_in.first_run),
    Route(method="POST", path="/first-run", does=PUBLIC, by=signing_in.make_first),
    Route(method="GET", path="/static/{name}", does=PUBLIC, by=static_files.file),
)

OPERATION = (
    Route(method="GET", path="/health", does=PUBLIC, by=health.status, background=True),
    Route(method="GET", path="/health/live", does=PUBLIC, by=health.live, background=True),
    Route(method="GET", path="/health/ready", does=PUBLIC, by=health.ready, background=True),
    Route(method="GET", path="/operation", does="see-operation", by=health.show),
)

OWN_ACCOUNT = (
    Route(method="GET", path="/account", does="own-account", by=own_account.show),
    Route(
        method="GET", path="/account/password", does="own-account", by=own_account.show_password, before_password=True
    ),
    Route(
        method="POST",
        path="/account/password",
        does="own-account",
        by=own_account.choose_password,
        before_password=True,
    ),
    Route(method="GET", path="/account/second-factor", does="own-account", by=own_account.show_second_factor),
    Route(method="POST", path="/account/second-factor", does="own-account", by=own_account.turn_on),
    Route(method="POST", path="/account/second-factor/off", does="own-account", by=own_account.turn_off),
    Route(method="POST", path="/account/sessions/end", does="own-account", by=own_account.sign_out_everywhere),
)

ACCOUNTS = (
    Route(method="GET", path="/accounts", does="manage-accounts", by=accounts.show),
    Route(method="POST", path="/accounts", does="manage-accounts", by=accounts.add),
    Route(method="GET", path="/accounts/{account_id}", does="manage-accounts", by=accounts.show_one),
    Route(method="POST", path="/accounts/{account_id}/roles", does="manage-accounts", by=accounts.change_roles),
    Route(method="POST", path="/accounts/{account_id}/profile", does="manage-accounts", by=accounts.set_profile),
    Route(method="POST", path="/accounts/{account_id}/reset", does="manage-accounts", by=accounts.reset),
    Route(method="POST", path="/accounts/{account_id}/deactivate", does="manage-accounts", by=accounts.deactivate),
    Route(method="POST", path="/accounts/{account_id}/activate", does="manage-accounts", by=accounts.activate),
)

CASES = (
    Route(method="GET", path="/cases", does="see-queue", by=queue.show),
    Route(method="POST", path="/cases/find", does="see-queue", by=queue.find),
    Route(method="POST", path="/cases/{case_id}/take", does="take-case", by=queue.take_case, case="case_id"),
    Route(method="GET", path="/cases/{case_id}/assign", does="assign-case", by=queue.show_assignment, case="case_id"),
    Route(method="POST", path="/cases/{case_id}/assign", does="assign-case", by=queue.assign_case, case="case_id"),
)

CASE = "/cases/{case_id}"
ITEM = CASE + "/items/{number}"

CASE_PAGES = (
    Route(method="GET", path=CASE, does="read-case", by=casework.start, case="case_id"),
    Route(method="GET", path=CASE + "/ties", does="declare-conflict", by=ties.show, case="case_id"),
    Route(method="POST", path=CASE + "/ties", does="declare-conflict", by=ties.declare, case="case_id"),
    Route(method="GET", path=ITEM, does="read-case", by=casework.show, case="case_id"),
    Route(method="POST", path=ITEM + "/sentences/new", does="edit-case", by=casework.add_sentence, case="case_id"),
    Route(method="POST", path=ITEM + "/sentences/{place}", does="edit-case", by=casework.save_sentence, case="case_id"),
    Route(method="POST", path=ITEM + "/check", does="edit-case", by=casework.check, case="case_id"),
    Route(method="POST", path=ITEM + "/check-new", does="edit-case", by=casework.check_new, case="case_id"),
    Route(method="POST", path=ITEM + "/unsaved", does="edit-case", by=casework.keep, case="case_id"),
    Route(method="POST", path=ITEM + "/unsaved/drop", does="edit-case", by=casework.drop_unsaved, case="case_id"),
    Route(method="POST", path=ITEM + "/determination", does="edit-case", by=casework.determination, case="case_id"),
    Route(method="POST", path=ITEM + "/draft", does="edit-case", by=casework.draft, case="case_id"),
    Route(
        method="GET", path=ITEM + "/drafting", does="edit-case", by=casework.drafting, case="case_id", background=True
    ),
    Route(method="POST", path=ITEM + "/drafting/stop", does="edit-case", by=casework.stop_drafting, case="case_id"),
    Route(method="POST", path=ITEM + "/use-draft", does="edit-case", by=casework.take_draft, case="case_id"),
    Route(method="POST", path=ITEM + "/passages", does="edit-case", by=casework.passages, case="case_id"),
    Route(method="POST", path=ITEM + "/passages/find", does="edit-case", by=casework.find_passages, case="case_id"),
    Route(
        method="POST",
        path=ITEM + "/compare",
        does="edit-case",
        by=comparing.resolve,
        case="case_id",
        largest_body=WHOLE_TEXT,
    ),
    Route(
        method="POST", path=ITEM + "/findings/{key}/waive", does="answer-finding", by=answering.waive, case="case_id"
    ),
    Route(
        method="POST",
        path=ITEM + "/findings/{key}/contest",
        does="answer-finding",
        by=answering.contest,
        case="case_id",
    ),
    Route(
        method="POST",
        path=ITEM + "/findings/{key}/countersign",
        does="countersign",
        by=answering.countersign,
        case="case_id",
    ),
    Route(method="GET", path=CASE + "/history", does="read-history", by=history.show, case="case_id"),
    Route(method="GET", path=CASE + "/letter", does="read-case", by=approving.letter, case="case_id"),
    Route(method="GET", path=CASE + "/drill", does="read-case", by=approving.drill, case="case_id"),
    Route(method="GET", path=CASE + "/approve", does="approve", by=approving.show, case="case_id"),
    Route(method="POST", path=CASE + "/approve", does="approve", by=approving.sign, case="case_id"),
    Route(method="POST", path=CASE + "/approve/confirm", does="approve", by=sign_on.confirm, case="case_id"),
    Route(method="POST", path=CASE + "/export/{kind}", does="export", by=approving.export_letter, case="case_id"),
    Route(method="GET", path=CASE + "/amend", does="amend", by=approving.show_amendment, case="case_id"),
    Route(method="POST", path=CASE + "/amend", does="amend", by=approving.amend, case="case_id"),
)

IMPORTS = (
    Route(method="GET", path="/import", does="import-case", by=importing.ask),
    Route(method="POST", path="/import", does="import-case", by=importing.begin, takes_files=True),
    Route(method="GET", path="/imports/{import_id}", does="import-case", by=importing.show),
    Route(
        method="GET", path="/imports/{import_id}/progress", does="import-case", by=importing.progress, background=True
    ),
    Route(method="POST", path="/imports/{import_id}/files/{file_id}/password", does="import-case", by=importing.unlock),
    Route(
        method="POST", path="/imports/{import_id}/files/{file_id}/leave-out", does="import-case", by=importing.leave_out
    ),
)

QUALITY_CASE = "/quality/cases/{case_id}"

QUALITY = (
    Route(method="GET", path="/quality", does="read-quality", by=quality.show),
    Route(method="GET", path=QUALITY_CASE, does="second-reading", by=quality.show_case, case="case_id"),
    Route(method="POST", path=QUALITY_CASE + "/outcomes", does="second-reading", by=quality.give, case="case_id"),
    Route(method="POST", path=QUALITY_CASE + "/checklist", does="second-reading", by=quality.answer, case="case_id"),
    Route(
        method="POST",
        path=QUALITY_CASE + "/evaluation-case",
        does="make-evaluation-case",
        by=quality.evaluation_case,
        case="case_id",
    ),
    Route(method="POST", path=QUALITY_CASE + "/drill", does="second-reading", by=quality.drill, case="case_id"),
)

V1 = "/api/v1"

API = (
    Route(method="GET", path=V1 + "/openapi.json", does="own-account", by=api_description.openapi),
    Route(method="POST", path=V1 + "/session", does=PUBLIC, by=api_session.sign_in),
    Route(method="GET", path=V1 + "/session", does="own-account", by=api_session.who, before_password=True),
    Route(method="DELETE", path=V1 + "/session", does="own-account", by=api_session.sign_out, status=204),
    Route(method="GET", path=V1 + "/cases", does="see-queue", by=api_cases.queue),
    Route(method="POST", path=V1 + "/cases/find", does="see-queue", by=api_cases.find),
    Route(method="GET", path=V1 + "/cases/{case_id}", does="read-case", by=api_cases.read, case="case_id"),
    Route(
        method="POST",
        path=V1 + "/cases/{case_id}/take",
        does="take-case",
        by=api_cases.take_case,
        case="case_id",
        status=204,
    ),
    Route(
        method="POST",
        path=V1 + "/cases/{case_id}/assign",
        does="assign-case",
        by=api_cases.assign_case,
        case="case_id",
        status=204,
    ),
    Route(
        method="POST",
        path=V1 + "/imports/files",
        does="import-case",
        by=api_imports.files,
        takes_files=True,
        status=202,
    ),
    Route(
        method="POST",
        path=V1 + "/imports/text",
        does="import-case",
        by=api_imports.text,
        largest_body=TEXT_BODY,
        status=202,
    ),
    Route(method="GET", path=V1 + "/imports/{import_id}", does="import-case", by=api_imports.progress),
    Route(method="GET", path=V1 + "/health", does="see-operation", by=api_health.read),
    Route(
        method="POST",
        path=V1 + "/imports/{import_id}/files/{file_id}/password",
        does="import-case",
        by=api_imports.unlock,
        status=202,
    ),
    Route(method="GET", path=V1 + "/accounts", does="manage-accounts", by=api_accounts.all_accounts),
    Route(method="POST", path=V1 + "/accounts", does="manage-accounts", by=api_accounts.add, status=201),
    Route(method="PATCH", path=V1 + "/accounts/{account_id}", does="manage-accounts", by=api_accounts.change),
    Route(method="POST", path=V1 + "/accounts/{account_id}/reset", does="manage-accounts", by=api_accounts.reset),
)

API_CASE = V1 + "/cases/{case_id}"
API_ITEM = API_CASE + "/items/{number}"
API_FINDING = API_ITEM + "/findings/{key}"

API_CASEWORK = (
    Route(method="POST", path=API_CASE + "/ties", does="declare-conflict", by=api_casework.declare, case="case_id"),
    Route(method="POST", path=API_ITEM + "/draft", does="edit-case", by=api_casework.draft, case="case_id"),
    Route(
        method="PUT",
        path=API_ITEM + "/text",
        does="edit-case",
        by=api_casework.save,
        case="case_id",
        largest_body=WHOLE_TEXT,
    ),
    Route(method="PUT", path=API_ITEM + "/determination", does="edit-case", by=api_casework.determine, case="case_id"),
    Route(method="POST", path=API_FINDING + "/waive", does="answer-finding", by=api_casework.waive, case="case_id"),
    Route(method="POST", path=API_FINDING + "/contest", does="answer-finding", by=api_casework.contest, case="case_id"),
    Route(
        method="POST",
        path=API_FINDING + "/countersign",
        does="countersign",
        by=api_casework.countersign,
        case="case_id",
    ),
    Route(method="GET", path=API_CASE + "/letter", does="approve", by=api_casework.letter, case="case_id"),
    Route(method="POST", path=API_CASE + "/approval", does="approve", by=api_casework.approve, case="case_id"),
    Route(method="POST", path=API_CASE + "/export/{kind}", does="export", by=api_casework.exported, case="case_id"),
)

AUDIT = (
    Route(method="GET", path="/audit", does="read-audit", by=audit.show),
    Route(method="GET", path="/audit/export", does="read-audit", by=audit.export),
    Route(method="GET", path="/audit/verification", does="read-audit", by=audit.verification, background=True),
    Route(method="POST", path="/audit/verify", does="read-audit", by=audit.verify),
)

PROMPT = "/prompts/{label}"

PROMPTS = (
    Route(method="GET", path="/prompts", does="read-prompts", by=prompts.show),
    Route(method="GET", path="/prompts/history", does="read-prompts", by=prompts.history),
    Route(method="GET", path="/prompts/compare", does="read-prompts", by=prompts.compare),
    Route(method="GET", path=PROMPT, does="read-prompts", by=prompts.show_version),
    Route(method="GET", path=PROMPT + "/trial", does="read-prompts", by=prompts.trial, background=True),
    Route(method="POST", path=PROMPT + "/lint", does="edit-prompts", by=prompts.lint, largest_body=TEMPLATE),
    Route(method="POST", path=PROMPT + "/preview", does="edit-prompts", by=prompts.preview, largest_body=TEMPLATE),
    Route(method="POST", path=PROMPT + "/save", does="edit-prompts", by=prompts.save, largest_body=TEMPLATE),
    Route(method="POST", path=PROMPT + "/copy", does="edit-prompts", by=prompts.copy),
    Route(method="POST", path=PROMPT + "/candidate", does="edit-prompts", by=prompts.propose),
    Route(method="POST", path=PROMPT + "/try", does="edit-prompts", by=prompts.try_it),
    Route(method="POST", path=PROMPT + "/release", does="release-prompts", by=prompts.release),
    Route(method="POST", path=PROMPT + "/override", does="release-prompts", by=prompts.override),
    Route(method="POST", path=PROMPT + "/rollback", does="release-prompts", by=prompts.rollback),
    Route(method="POST", path=PROMPT + "/undo", does="release-prompts", by=prompts.undo),
)

ROUTES: tuple[Route, ...] = (
    *SIGNING_IN,
    *OPERATION,
    *OWN_ACCOUNT,
    *ACCOUNTS,
    *CASES,
    *CASE_PAGES,
    *IMPORTS,
    *QUALITY,
    *AUDIT,
    *PROMPTS,
    *API,
    *API_CASEWORK,
)
