"""Stand-ins for the outside world, each keeping the contract of what it stands for. They raise when asked for more."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from drafter.domain.review.accounts import account_of, advance_account
from drafter.domain.review.audit import BESIDE_THE_CASE, GENESIS, Entry, NewEntry, happened, read_event, sealed
from drafter.domain.review.audit_page import AuditFilter, AuditPage, page_of
from drafter.domain.review.events import Event, Purged
from drafter.domain.review.people import Account, Identity
from drafter.domain.review.queue import QueueRow, queue_row
from drafter.domain.review.queue_page import QueueFilter, QueuePage, searched_text, searched_words
from drafter.domain.review.secrets import Secret, with_secrets
from drafter.domain.review.sessions import Session, Unsaved
from drafter.domain.review.state import CaseState, Happened, state_of
from drafter.errors import CaseMoved, CasePurged, LoginTaken, RequestReused


class FixedClock:
    """A clock that stands still."""

    def __init__(self, at: datetime = datetime(2016, 12, 6, 9, 30, tzinfo=UTC)) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


class TickingClock:
    """See `drafter.ports.Clock`; it moves on by a second whenever it is asked the time, and by what is slept."""

    def __init__(self, at: datetime = datetime(2016, 12, 6, 9, 30, tzinfo=UTC)) -> None:
        self._at = at

    def now(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at

    def today(self) -> date:
        return self._at.date()

    def monotonic(self) -> float:
        return self.now().timestamp()

    def sleep(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)


class FakeSessions:
    """See `drafter.ports.Sessions`."""

    def __init__(self) -> None:
        self._held: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        self._held[session.key_sha256] = session

    def find(self, key_sha256: str) -> Session | None:
        return self._held.get(key_sha256)

    def touch(self, key_sha256: str, *, at: datetime, data: str | None = None) -> None:
        if session := self._held.get(key_sha256):
            moved = {"last_seen": at} | ({} if data is None else {"data": data})
            self._held[key_sha256] = session.model_copy(update=moved)

    def remove(self, key_sha256: str) -> None:
        self._held.pop(key_sha256, None)

    def remove_of(self, account_id: str) -> int:
        return self._remove([one for one in self._held.values() if one.account_id == account_id])

    def expire(self, *, seen_before: datetime, created_before: datetime) -> int:
        over = [one for one in self._held.values() if one.last_seen < seen_before or one.created < created_before]
        return self._remove(over)

    def _remove(self, sessions: Sequence[Session]) -> int:
        for session in sessions:
            del self._held[session.key_sha256]
        return len(sessions)


class FakeUnsavedTexts:
    """See `drafter.ports.UnsavedTexts`."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str, int], Unsaved] = {}

    def keep(self, unsaved: Unsaved) -> None:
        self._held[unsaved.account_id, unsaved.case_id, unsaved.item] = unsaved

    def find(self, account_id: str, case_id: str) -> tuple[Unsaved, ...]:
        return tuple(self._held[key] for key in sorted(self._held) if key[:2] == (account_id, case_id))

    def drop(self, account_id: str, case_id: str, item: int | None = None) -> None:
        for key in [key for key in self._held if key[:2] == (account_id, case_id) and item in (None, key[2])]:
            del self._held[key]

    def drop_case(self, case_id: str) -> None:
        for key in [key for key in self._held if key[1] == case_id]:
            del self._held[key]


class FakeRecordStore:
    """The record in memory, sealed like the real one; states are folded anew from the events whenever asked for."""

    def __init__(self, clock: FixedClock | TickingClock | None = None) -> None:
        self.sessions = FakeSessions()
        self.unsaved = FakeUnsavedTexts()
        self._clock = clock or TickingClock()
        self._entries: list[Entry] = []
        self._payloads: dict[int, str] = {}
        self._accounts: dict[str, Account] = {}
        self._secrets: dict[tuple[str, str], Secret] = {}

    def append(self, new: NewEntry, *, expected_head: int | None = None) -> Entry:
        return self.append_all([new], expected_head=expected_head)[0]

    def append_all(
        self, new: Sequence[NewEntry], *, expected_head: int | None = None, secrets: Sequence[Secret] = ()
    ) -> tuple[Entry, ...]:
        if len({one.case_id for one in new}) != 1:
            raise ValueError("entries that are recorded together are of one case or of none")
        events = [read_event(one.payload) for one in new]
        if before := self._recorded_before(new):
            return before
        self._refuse_if_moved(new[0].case_id, expected_head)
        accounts = self._accounts_after(events)
        entries: list[Entry] = []
        for one in new:
            last = (entries or self._entries)[-1] if entries or self._entries else None
            seq, previous = (last.seq, last.sha256) if last else (0, GENESIS)
            entries.append(sealed(one, seq=seq + 1, at=self._clock.now(), previous=previous))
        self._refuse_unreadable(new[0].case_id, entries, events)
        self._entries += entries
        self._payloads |= {entry.seq: one.payload for entry, one in zip(entries, new, strict=True)}
        self._accounts = accounts
        self._secrets |= {(secret.account_id, secret.kind): secret for secret in secrets}
        for entry, event in zip(entries, events, strict=True):
            if isinstance(event, Purged):
                self._purge(entry)
        return tuple(entries)

    def entries(self, *, case_id: str | None = None, after: int = 0, actions: Sequence[str] = ()) -> Iterator[Entry]:
        for entry in tuple(self._entries):
            if entry.seq > after and case_id in (None, entry.case_id) and (not actions or entry.action in actions):
                yield entry

    def history(self, *, case_id: str | None = None, after: int = 0, actions: Sequence[str] = ()) -> Iterator[Happened]:
        for entry in self.entries(case_id=case_id, after=after, actions=actions):
            if (event := self.event(entry)) is not None:
                yield happened(entry, event)

    def event(self, entry: Entry) -> Event | None:
        payload = self._payloads.get(entry.seq)
        return None if payload is None else read_event(payload)

    def state(self, case_id: str) -> CaseState | None:
        if any(self.entries(case_id=case_id, actions=("purged",))):
            return None
        return state_of(self.history(case_id=case_id))

    def queue(self, asked: QueueFilter) -> QueuePage:
        cases = sorted({entry.case_id for entry in self._entries if entry.case_id})
        states = [state for case in cases if (state := self.state(case))]
        rows = sorted((queue_row(state) for state in states), key=lambda row: (row.due, row.case_id))
        found = [row for row in rows if _let_through(row, asked)]
        # Sorting keeps the order of equals, also where it goes down: they stand in the order in which they are due.
        found.sort(key=lambda row: getattr(row, asked.order), reverse=asked.descending)
        start = (asked.page - 1) * asked.page_size
        return QueuePage(
            rows=tuple(found[start : start + asked.page_size]),
            found=len(found),
            page=asked.page,
            pages=max(1, math.ceil(len(found) / asked.page_size)),
        )

    def audit_page(self, asked: AuditFilter) -> AuditPage:
        found = [
            entry
            for entry in reversed(self._entries)
            if asked.case_id in (None, entry.case_id)
            and asked.actor in (None, entry.actor)
            and asked.action in (None, entry.action)
            and (asked.since is None or entry.at >= asked.since)
            and (asked.until is None or entry.at < asked.until)
            and (asked.before is None or entry.seq < asked.before)
        ]
        return page_of(tuple(found[: asked.page_size + 1]), page_size=asked.page_size)

    def account(
        self, *, account_id: str | None = None, login: str | None = None, identity: Identity | None = None
    ) -> Account | None:
        for account in self._accounts.values() if (account_id, login, identity) != (None, None, None) else ():
            if (
                account_id in (None, account.account_id)
                and (login is None or login.casefold() == account.login.casefold())
                and identity in (None, account.identity)
            ):
                return with_secrets(account, tuple(self._secrets.values()))
        return None

    def accounts(self) -> tuple[Account, ...]:
        held = tuple(self._secrets.values())
        ordered = sorted(self._accounts.values(), key=lambda account: account.login.casefold())
        return tuple(with_secrets(account, held) for account in ordered)

    def _recorded_before(self, new: Sequence[NewEntry]) -> tuple[Entry, ...]:
        known = {entry.request_id: entry for entry in self._entries}
        found = tuple(known[one.request_id] for one in new if one.request_id in known)
        told = [(one.actor, one.action, one.case_id) for one in new]
        if found and told != [(entry.actor, entry.action, entry.case_id) for entry in found]:
            raise RequestReused("This request was recorded before as something else; read the page again.")
        return found

    def _refuse_if_moved(self, case_id: str | None, expected_head: int | None) -> None:
        of_case = list(self.entries(case_id=case_id)) if case_id is not None else []
        if of_case and of_case[-1].action == "purged":
            raise CasePurged("The text of this case was removed under a retention rule.")
        changes = [entry.seq for entry in of_case if entry.action not in BESIDE_THE_CASE]
        if case_id is not None and expected_head is not None and changes and changes[-1] > expected_head:
            raise CaseMoved("Not saved: somebody saved this case.", case_id=case_id, head=of_case[-1].seq)

    def _refuse_unreadable(self, case_id: str | None, entries: Sequence[Entry], events: Sequence[Event]) -> None:
        if case_id is not None:
            new = tuple(happened(entry, event) for entry, event in zip(entries, events, strict=True))
            state_of((*self.history(case_id=case_id), *new))

    def _accounts_after(self, events: Sequence[Event]) -> dict[str, Account]:
        accounts = dict(self._accounts)
        for event in events:
            if account_id := account_of(event):
                accounts[account_id] = advance_account(accounts.get(account_id), event)
        logins = [account.login.casefold() for account in accounts.values()]
        if len(set(logins)) < len(logins):
            raise LoginTaken("Not saved: another account has this login; choose another.")
        return accounts

    def _purge(self, purged: Entry) -> None:
        for entry in self.entries(case_id=purged.case_id):
            if entry.seq < purged.seq:
                self._payloads.pop(entry.seq, None)
        self.unsaved.drop_case(purged.case_id or "")


def _let_through(row: QueueRow, asked: QueueFilter) -> bool:
    text = searched_text(row)
    return (
        all(word in text for word in searched_words(asked.text))
        and (not asked.statuses or row.status in asked.statuses)
        and (not asked.paces or row.pace in asked.paces)
        and asked.assigned_to in (None, row.assigned_to)
        and not (asked.unassigned and row.assigned_to)
        and (asked.due_by is None or row.due <= asked.due_by)
        and not (asked.with_open_blockers and not row.open_blockers)
    )
