"""Who may do what: one table of action x role x ownership. What is not in it is refused.

Ownership is what a case is to the person: `own` (assigned to her), `others` (assigned to somebody else), `free`
(assigned to nobody), or `none` where the action is not about a case. Every route of the desk and of its API names one
of these actions (proved by tests/unit/test_access.py and tests/integration/test_routes.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from drafter.domain.review.people import Account, Role

Ownership = Literal["own", "others", "free", "none"]
Action = Literal[
    "see-queue",
    "import-case",
    "take-case",
    "assign-case",
    "read-case",
    "declare-conflict",
    "edit-case",
    "answer-finding",
    "countersign",
    "approve",
    "amend",
    "export",
    "read-history",
    "second-reading",
    "make-evaluation-case",
    "read-quality",
    "read-prompts",
    "edit-prompts",
    "release-prompts",
    "manage-accounts",
    "read-audit",
    "see-operation",
    "own-account",
]

_EVERYONE: frozenset[Role] = frozenset({"reviewer", "qa", "prompt_editor", "admin"})
_ANY: frozenset[Ownership] = frozenset({"own", "others", "free"})
_OWN: frozenset[Ownership] = frozenset({"own"})
_NOT_OWN: frozenset[Ownership] = frozenset({"others", "free"})
_FREE: frozenset[Ownership] = frozenset({"free"})
_NO_CASE: frozenset[Ownership] = frozenset({"none"})


def _for(roles: frozenset[Role] | Role, where: frozenset[Ownership]) -> dict[Role, frozenset[Ownership]]:
    return dict.fromkeys(roles if isinstance(roles, frozenset) else {roles}, where)


ACCESS: Mapping[Action, Mapping[Role, frozenset[Ownership]]] = {
    "see-queue": _for(frozenset({"reviewer", "qa", "admin"}), _NO_CASE),
    "import-case": _for(frozenset({"reviewer", "admin"}), _NO_CASE),
    "take-case": _for("reviewer", _FREE),
    "assign-case": _for("admin", _ANY),
    # An administrator assigns cases and needs no clinical text for it.
    "read-case": {**_for("reviewer", _OWN), **_for("qa", _ANY)},
    "declare-conflict": _for("reviewer", _OWN),
    "edit-case": _for("reviewer", _OWN),
    "answer-finding": _for("reviewer", _OWN),
    "countersign": _for("qa", _NOT_OWN),
    "approve": _for("reviewer", _OWN),
    "amend": _for("reviewer", _OWN),
    "export": {**_for("reviewer", _OWN), **_for("qa", _ANY)},
    "read-history": {**_for("reviewer", _OWN), **_for("qa", _ANY)},
    "second-reading": _for("qa", _NOT_OWN),
    "make-evaluation-case": _for("qa", _ANY),
    "read-quality": _for("qa", _NO_CASE),
    "read-prompts": _for(frozenset({"qa", "prompt_editor", "admin"}), _NO_CASE),
    "edit-prompts": _for("prompt_editor", _NO_CASE),
    "release-prompts": _for(frozenset({"qa", "prompt_editor"}), _NO_CASE),
    "manage-accounts": _for("admin", _NO_CASE),
    "read-audit": _for(frozenset({"qa", "admin"}), _NO_CASE),
    "see-operation": _for("admin", _NO_CASE),
    "own-account": _for(_EVERYONE, _NO_CASE),
}


def ownership(account: Account, *, assigned_to: str | None) -> Ownership:
    if assigned_to is None:
        return "free"
    return "own" if assigned_to == account.account_id else "others"


def allowed(account: Account, action: Action, where: Ownership) -> bool:
    """Whether one of the person's roles may do it; an inactive account may do nothing."""
    table = ACCESS.get(action, {})
    return account.active and any(where in table.get(role, frozenset()) for role in account.roles)
