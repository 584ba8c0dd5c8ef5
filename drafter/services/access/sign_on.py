"""Signing in at the organisation's identity provider, and showing it once more who one is before a signature.

Whoever comes the first time gets an account with the roles of her groups; they are renewed at each sign-in. Whoever has
no such group any more is let in no more, and her sessions end. A way there and back holds once, for ten minutes, in the
browser that began it. A signature takes a confirmation that is fresh by the provider's own clock, of the same person,
for the very text that she had before her, and that holds for five minutes. What the provider said last is kept with the
session, locked by the key in the browser, until it is shown to the provider at the sign-out
(tests/integration/test_sign_on.py).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import uuid4

from drafter.adapters.used_flows import UsedFlows
from drafter.domain.model import DomainModel
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import (
    AccountAdded,
    AccountChanged,
    Event,
    IdentityConfirmed,
    SignedIn,
    SignInRefused,
)
from drafter.domain.review.people import SYSTEM, Account, Role
from drafter.domain.review.sign_on import LONGEST_WAY, Flow, Proven, Purpose, Returned, login_from, roles_of
from drafter.errors import LoginTaken, SignOnRefused
from drafter.ports import Clock, RecordStore
from drafter.services.access.sign_in import Confirmation, SignIn, Visitor
from drafter.sign_on_ports import IdentityProvider

CONFIRMED_FOR = timedelta(minutes=5)
_CLOCKS_APART = timedelta(seconds=30)
_MOST_NAMESAKES = 100
_AGAIN = "Begin again; if it stays so, tell an administrator."


class Gone(DomainModel):
    """Where a way ended: the path of the desk to go on to, and the key of the new session where one began."""

    then: str
    key: str | None = None


class SignOn:
    """`name` is how people call the provider; `by_group` says which roles each group gives."""

    def __init__(
        self,
        *,
        name: str,
        provider: IdentityProvider,
        by_group: Mapping[str, Sequence[Role]],
        store: RecordStore,
        clock: Clock,
        sign_in: SignIn,
        used: UsedFlows,
    ) -> None:
        self.name = name
        self._provider, self._by_group = provider, by_group
        self._store, self._clock = store, clock
        self._sign_in, self._used = sign_in, used

    def begin(self, *, purpose: Purpose, then: str, back: str) -> tuple[Flow, str]:
        """A new way, and the address that it begins at. Raises ProviderUnreachable."""
        flow = Flow(key=secrets.token_urlsafe(32), begun=self._clock.now(), purpose=purpose, then=then)
        return flow, self._provider.way_there(flow, back=back)

    def finish(self, flow: Flow | None, answer: Returned, *, back: str, address: str, visitor: Visitor | None) -> Gone:
        """What came of a way. Raises SignOnRefused, ProviderUnreachable and the store's faults."""
        try:
            proven = self._proven(flow, answer, back=back)
            if flow is not None and flow.purpose == "confirm":
                return self._confirmed(flow, proven, visitor)
            key = self._sign_in.renewed(self._let_in(proven), said_there=proven.said)
            return Gone(then=flow.then if flow else "", key=key)
        except SignOnRefused as refused:
            self._put_down(refused, visitor=visitor, address=address)
            raise

    def way_out(self, visitor: Visitor, *, back: str) -> str | None:
        """Where she goes to be signed out at the provider too. Raises ProviderUnreachable."""
        return self._provider.way_out(said=visitor.said_there, back=back)

    def ask_to_confirm(self, visitor: Visitor, *, seen: str, then: str, back: str) -> tuple[Flow, str]:
        """Sends a signed-in person to the provider, to come back and sign the text whose fingerprint is `seen`."""
        flow, address = self.begin(purpose="confirm", then=then, back=back)
        self._remember(visitor, Confirmation(flow=flow.name, seen=seen))
        return flow, address

    def confirmation(self, visitor: Visitor, *, seen: str) -> Confirmation | None:
        """Where the person has just shown who she is, to sign the text with this fingerprint."""
        made = visitor.data.confirmation
        if made is None or made.at is None or not hmac.compare_digest(made.seen, seen):
            return None
        return made if self._clock.now() - made.at <= CONFIRMED_FOR else None

    def use_confirmation(self, visitor: Visitor) -> None:
        """It has served: the next signature takes another."""
        self._remember(visitor, None)

    def _proven(self, flow: Flow | None, answer: Returned, *, back: str) -> Proven:
        if flow is None or not hmac.compare_digest(flow.state.encode(), answer.state.encode("utf-8", "replace")):
            raise self._refused("state", "This sign-in was not begun here, or another one was begun after it.")
        if flow.is_over(self._clock.now()):
            raise self._refused("state", "This sign-in was begun too long ago.")
        if not self._used.take(flow.name, until=flow.begun + LONGEST_WAY * 2):
            raise self._refused("replayed", "This sign-in was used already.")
        if answer.error or not answer.code:
            raise self._refused("refused-there", f"{self.name} did not say who you are.")
        try:
            return self._provider.proven(flow, answer, back=back)
        except SignOnRefused as refused:
            raise self._refused(refused.why, f"What {self.name} answered does not hold ({refused.why}).") from None

    def _let_in(self, proven: Proven) -> Account:
        roles = roles_of(proven.groups, self._by_group)
        account = self._store.account(identity=proven.identity)
        if not roles:
            if account is not None:
                self._shut_out(account)
            raise SignOnRefused(
                f"None of your groups at {self.name} opens this desk; ask there to be put into one.", why="groups"
            )
        if account is None:
            account = self._new(proven, roles)
        elif not account.active:
            raise SignOnRefused("Your account was deactivated; an administrator can let you in again.", why="inactive")
        elif account.roles != roles:
            self._change(account, roles)
        self._record(SignedIn(account_id=account.account_id, by="provider"), actor=account.account_id)
        return account

    def _new(self, proven: Proven, roles: tuple[Role, ...]) -> Account:
        """Her account. One of the same name that has a password is not taken for hers: an administrator links it."""
        named = login_from(proven.login, proven.identity.subject)
        for number in range(1, _MOST_NAMESAKES):
            login = named if number == 1 else f"{named}-{number}"
            holder = self._store.account(login=login)
            if holder is not None and holder.identity is None:
                raise SignOnRefused(
                    f"There is an account {login} with a password. If it is yours, an administrator links it: "
                    f"drafter user link {login} {proven.identity.subject}",
                    why="login",
                )
            if holder is None:
                added = AccountAdded(account_id=uuid4().hex, login=login, roles=roles, identity=proven.identity)
                try:
                    self._record(added, actor=SYSTEM)
                except LoginTaken:  # another process was quicker, perhaps with the very same person
                    if known := self._store.account(identity=proven.identity):
                        return known
                    continue
                return Account(account_id=added.account_id, login=login, roles=roles, identity=proven.identity)
        raise SignOnRefused(f"Too many people are called {named}; tell an administrator.", why="login")

    def _change(self, account: Account, roles: tuple[Role, ...]) -> None:
        """Other roles end the sessions that were opened with the old ones."""
        self._record(AccountChanged(account_id=account.account_id, roles=roles), actor=SYSTEM)
        self._store.sessions.remove_of(account.account_id)

    def _shut_out(self, account: Account) -> None:
        if account.roles:
            self._change(account, ())
        self._store.sessions.remove_of(account.account_id)

    def _confirmed(self, flow: Flow, proven: Proven, visitor: Visitor | None) -> Gone:
        asked = visitor.data.confirmation if visitor else None
        if visitor is None or asked is None or asked.flow != flow.name:
            raise self._refused("state", "Your session has ended, or another confirmation was begun.")
        if proven.identity != visitor.account.identity:
            raise SignOnRefused(
                f"At {self.name} you were somebody else than here; confirm as {visitor.account.login}.",
                why="other-person",
            )
        if proven.authenticated is None or proven.authenticated < flow.begun - _CLOCKS_APART:
            raise self._refused("not-fresh", f"{self.name} did not ask you again who you are.")
        self._record(
            IdentityConfirmed(account_id=visitor.account.account_id, at=proven.authenticated),
            actor=visitor.account.account_id,
        )
        heard = visitor.hearing(proven.said)
        confirmation = asked.model_copy(update={"at": self._clock.now()})
        self._sign_in.remember(visitor, heard.model_copy(update={"confirmation": confirmation}))
        return Gone(then=flow.then)

    def _remember(self, visitor: Visitor, confirmation: Confirmation | None) -> None:
        self._sign_in.remember(visitor, visitor.data.model_copy(update={"confirmation": confirmation}))

    def _put_down(self, refused: SignOnRefused, *, visitor: Visitor | None, address: str) -> None:
        """On record, as often as an address may fail and no more: nobody can fill the disk."""
        if self._sign_in.is_worth_recording(address=address):
            account_id = visitor.account.account_id if visitor else None
            event = SignInRefused.model_validate({"why": refused.why, "account_id": account_id})
            self._record(event, actor=account_id or SYSTEM)

    def _refused(self, why: str, happened: str) -> SignOnRefused:
        return SignOnRefused(f"{happened} {_AGAIN}", why=why)

    def _record(self, event: Event, *, actor: str) -> None:
        self._store.append(new_entry(event, actor=actor, request_id=uuid4().hex))
