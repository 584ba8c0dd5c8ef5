"""What signing in needs from an organisation's identity provider. See `drafter.ports`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from drafter.domain.review.sign_on import Flow, Proven, Returned


class IdentityProvider(Protocol):
    """Where an organisation's people sign in. Raises ProviderUnreachable where it does not answer."""

    def way_there(self, flow: Flow, *, back: str) -> str:
        """The address to send the browser to; it comes back to the address `back`."""
        ...

    def proven(self, flow: Flow, answer: Returned, *, back: str) -> Proven:
        """Who came back from the way `flow` with this answer. Raises SignOnRefused where that is not proven."""
        ...

    def way_out(self, *, said: str, back: str) -> str | None:
        """Where to send the browser to be signed out there too; None where the provider offers no such thing. `said` is
        what the provider said of her (`Proven.said`), empty where that is not known."""
        ...
