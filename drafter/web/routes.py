"""The table of routes: everything the desk answers to, and what each is called in the table of access.

A page is added by a row here and a function in `pages/` or `api/`; its template extends `base.html`. What is not in
this table cannot be reached (`desk.refuse_unlisted`), and tests/integration/test_routes.py tries every row by every
role on a case that is the person's own, somebody else's and nobody's.
"""

from __future__ import annotations

from drafter.web import static_files
from drafter.web.pages import accounts, own_account, queue, signing_in
from drafter.web.route import PUBLIC, Route

SIGNING_IN = (
    Route(method="GET", path="/", does="own-account", by=signing_in.start),
    Route(method="GET", path="/sign-in", does=PUBLIC, by=signing_in.ask),
    Route(method="POST", path="/sign-in", does=PUBLIC, by=signing_in.sign_in),
    Route(method="POST", path="/sign-out", does="own-account", by=signing_in.sign_out, before_password=True),
    Route(method="GET", path="/first-run", does=PUBLIC, by=signing_in.first_run),
    Route(method="POST", path="/first-run", does=PUBLIC, by=signing_in.make_first),
    Route(method="GET", path="/static/{name}", does=PUBLIC, by=static_files.file),
    Route(method="GET", path="/health", does=PUBLIC, by=static_files.health, background=True),
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

ROUTES: tuple[Route, ...] = (*SIGNING_IN, *OWN_ACCOUNT, *ACCOUNTS, *CASES)
