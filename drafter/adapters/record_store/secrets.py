"""Secrets beside the record: written with the entry that tells of them, replaced and removed, never appended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, delete, insert, select

from drafter.adapters.record_store.reading import streamed
from drafter.adapters.record_store.rows import read_account
from drafter.adapters.record_store.tables import AccountRow, EntryRow, PayloadRow, SecretRow
from drafter.domain.review.accounts import ACCOUNT_ACTIONS, account_of, advance_account, secret_in
from drafter.domain.review.audit import read_event
from drafter.domain.review.events import Event
from drafter.domain.review.faults import RecordFault
from drafter.domain.review.people import Account
from drafter.domain.review.secrets import Secret


def write_secrets(connection: Connection, secrets: Iterable[Secret]) -> None:
    """Each in the place of the one before it."""
    for secret in secrets:
        _remove(connection, secret.account_id, secret.kind)
        connection.execute(insert(SecretRow), [secret.model_dump()])


def remove_unsealed(connection: Connection, account: Account) -> None:
    """Takes away what no seal of the account stands for any more."""
    for secret in secrets_of(connection, account.account_id):
        if not _stands(secret, account):
            _remove(connection, secret.account_id, secret.kind)


def secrets_of(connection: Connection, account_id: str | None = None) -> tuple[Secret, ...]:
    """Those of one account, or all."""
    asked = select(SecretRow.__table__).order_by(SecretRow.account_id, SecretRow.kind)
    asked = asked if account_id is None else asked.where(SecretRow.account_id == account_id)
    return tuple(Secret(**row._mapping) for row in connection.execute(asked))


def secrets_in_entries(connection: Connection) -> Sequence[Secret]:
    """Those that entries from before seals hold and that still count: what a backup of such a record brings along."""
    held: dict[tuple[str, str], Secret] = {}
    accounts: dict[str, Account] = {}
    asked = select(PayloadRow.body).join(EntryRow, EntryRow.seq == PayloadRow.seq)
    for row in streamed(connection, asked.where(EntryRow.action.in_(ACCOUNT_ACTIONS)).order_by(EntryRow.seq)):
        event: Event = read_event(row.body)
        account_id = account_of(event)
        if account_id is not None:
            accounts[account_id] = advance_account(accounts.get(account_id), event)
        if secret := secret_in(event):
            held[secret.account_id, secret.kind] = secret
    return [secret for secret in held.values() if _stands(secret, accounts[secret.account_id])]


def secret_faults(connection: Connection) -> Iterator[RecordFault]:
    """Secrets that are not the ones that were set. One that is gone is no fault: it lets nobody in."""
    accounts = {row.account_id: read_account(row) for row in connection.execute(select(AccountRow.__table__))}
    for secret in secrets_of(connection):
        account = accounts.get(secret.account_id)
        if account is None:
            message = f"no entry knows of account {secret.account_id}, which has a secret"
            yield RecordFault(fault="account-foreign", message=message)
        elif not _stands(secret, account):
            message = f"the {secret.kind} of account {secret.account_id} is not the one that was set"
            yield RecordFault(fault="account-altered", message=message)


def _stands(secret: Secret, account: Account) -> bool:
    return secret.seal == (account.password_seal if secret.kind == "password" else account.totp_seal)


def _remove(connection: Connection, account_id: str, kind: str) -> None:
    connection.execute(delete(SecretRow).where(SecretRow.account_id == account_id, SecretRow.kind == kind))
