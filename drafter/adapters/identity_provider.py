"""The identity provider of an organisation, by OpenID Connect: the only file that names Authlib and joserfc.

Authorization code with PKCE. An ID token counts only where its signature is by a key of the provider and an algorithm
with a public key (`none` and the HMACs are out), and issuer, audience, authorized party, times, nonce and the hash of
the access token hold (tests/integration/test_sign_on_tokens.py asks a real provider for each that does not). What the
provider says of itself is kept for an hour; a token by a key that is not known fetches its keys anew, once, so that a
change of keys there needs nothing here. Nothing is asked before somebody wants to sign in. Of the
tokens the ID token alone is handed on, for the sign-out; no answer of the provider gets into a message or a log.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jws
from joserfc.errors import BadSignatureError, ClaimError, JoseError
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from drafter.domain.review.people import Identity
from drafter.domain.review.sign_on import Flow, Proven, Returned
from drafter.errors import ProviderUnreachable, SignOnRefused
from drafter.ports import Clock

LEEWAY = 60  # seconds that the two clocks may be apart
LONGEST_HINT = 6000  # characters of an ID token that goes into an address: servers take 8 KB of it, hardly more
AGAIN = {"prompt": "login", "max_age": "60"}
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_HOUR = 3600.0
_TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_WHY = {"aud": "audience", "azp": "audience", "iss": "issuer", "nonce": "nonce", "exp": "expired"}


class ProviderAsked(BaseModel):
    """Where the provider is, as whom the desk comes, and what it reads of the claims. `secret` is asked for each time,
    so that a new one needs no restart; None for a client without one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client_id: str
    secret: Callable[[], SecretStr | None]
    scopes: str
    login_claim: str
    groups_claim: str


class _About(BaseModel):
    """What the provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as it is used."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class OidcProvider:
    """See `drafter.sign_on_ports.IdentityProvider`."""

    def __init__(self, asked: ProviderAsked, *, clock: Clock) -> None:
        self._asked, self._clock = asked, clock
        self._lock = threading.Lock()
        self._about: tuple[float, _About] | None = None
        self._keys: tuple[jwk.Key, ...] = ()

    def way_there(self, flow: Flow, *, back: str) -> str:
        about = self._known()
        with self._client(about, back=back) as client:
            again = AGAIN if flow.purpose == "confirm" else {}
            url, _ = client.create_authorization_url(
                about.authorization_endpoint,
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
                **again,
            )
        return str(url)

    def proven(self, flow: Flow, answer: Returned, *, back: str) -> Proven:
        about = self._known()
        if answer.issuer != about.issuer if answer.issuer else about.authorization_response_iss_parameter_supported:
            raise _refused("issuer")
        with self._client(about, back=back) as client:
            token = self._token(client, about, flow, answer)
            claims = self._claims(about, flow, token)
            groups = self._groups(client, about, claims)
        login = claims.get(self._asked.login_claim)
        return Proven(
            identity=Identity(issuer=about.issuer, subject=claims["sub"]),
            login=login if isinstance(login, str) else "",
            groups=groups,
            authenticated=_moment(claims.get("auth_time")),
            said=token["id_token"],
        )

    def way_out(self, *, said: str, back: str) -> str | None:
        end = self._known().end_session_endpoint
        if end is None:
            return None
        told = {"client_id": self._asked.client_id, "post_logout_redirect_uri": back}
        if said and len(said) <= LONGEST_HINT:
            told["id_token_hint"] = said
        return f"{end}{'&' if '?' in end else '?'}{urlencode(told)}"

    def _token(self, client: Any, about: _About, flow: Flow, answer: Returned) -> Mapping[str, Any]:
        """What the code is exchanged for. Raises SignOnRefused where the provider does not take it."""
        try:
            with _reached():
                token = client.fetch_token(
                    about.token_endpoint,
                    grant_type="authorization_code",
                    code=answer.code,
                    code_verifier=flow.verifier,
                )
        except AuthlibBaseError:
            raise _refused("refused-there") from None
        if not isinstance(token.get("id_token"), str):
            raise _refused("token")
        return dict(token)

    def _claims(self, about: _About, flow: Flow, token: Mapping[str, Any]) -> Mapping[str, Any]:
        """The claims of the ID token, all of them checked. Raises SignOnRefused."""
        try:
            signed = self._verified(about, token["id_token"])
            claims = CodeIDToken(
                _object(signed.payload),
                signed.headers(),
                {
                    "iss": {"essential": True, "value": about.issuer},
                    "aud": {"essential": True, "value": self._asked.client_id},
                    "sub": {"essential": True},
                },
                {
                    "nonce": flow.nonce,
                    "client_id": self._asked.client_id,
                    "access_token": token.get("access_token"),
                    "max_age": AGAIN["max_age"] if flow.purpose == "confirm" else None,
                },
            )
            claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY)
        except BadSignatureError:
            raise _refused("signature") from None
        except ClaimError as error:
            raise _refused(_WHY.get(error.claim, "token")) from None
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError, AttributeError):
            raise _refused("token") from None
        return dict(claims)

    def _verified(self, about: _About, id_token: str) -> jws.CompactSignature:
        """The token, signed by a key of the provider; where it names one that is not known, keys are fetched anew once.

        Raises JoseError and ValueError for any other.
        """
        named = jws.extract_compact(id_token.encode("ascii")).headers().get("kid")
        for anew in (False, True):
            for key in self._provider_keys(about, anew=anew):
                if named is not None and key.kid != named:
                    continue
                try:
                    return jws.deserialize_compact(id_token, key, algorithms=list(SIGNED_BY))
                except BadSignatureError:
                    if named is not None:
                        raise
        raise BadSignatureError()

    def _provider_keys(self, about: _About, *, anew: bool) -> tuple[jwk.Key, ...]:
        with self._lock:
            if anew or not self._keys:
                self._keys = tuple(_public_keys(self._fetched(about.jwks_uri)))
            return self._keys

    def _groups(self, client: Any, about: _About, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """Of the ID token, else of the userinfo endpoint, which must speak of the same person."""
        told = claims.get(self._asked.groups_claim)
        if told is None and about.userinfo_endpoint:
            with _reached():
                answer = client.get(about.userinfo_endpoint)
                answer.raise_for_status()
                more = _object(answer.content)
            if more.get("sub") != claims["sub"]:
                raise _refused("token")
            told = more.get(self._asked.groups_claim)
        if isinstance(told, str):
            return (told,)
        return tuple(group for group in told if isinstance(group, str)) if isinstance(told, list) else ()

    def _known(self) -> _About:
        """What the provider says of itself, at most an hour old. Raises ProviderUnreachable."""
        now = self._clock.monotonic()
        with self._lock:
            if self._about and now - self._about[0] < _HOUR:
                return self._about[1]
        told = self._fetched(self._asked.issuer.rstrip("/") + "/.well-known/openid-configuration")
        try:
            about = _About.model_validate(told)
        except ValidationError:
            raise _unreachable() from None
        ways = (about.authorization_endpoint, about.token_endpoint, about.jwks_uri, about.userinfo_endpoint)
        if about.issuer != self._asked.issuer or not all(is_encrypted(way) for way in ways if way):
            raise _unreachable()
        with self._lock:
            self._about = (now, about)
        return about

    def _fetched(self, address: str) -> Mapping[str, Any]:
        with _reached(), httpx2.Client(timeout=_TIMEOUT, follow_redirects=False) as http:
            answer = http.get(address)
            answer.raise_for_status()
            return _object(answer.content)

    def _client(self, about: _About, *, back: str) -> Any:
        secret = self._asked.secret()
        known = about.token_endpoint_auth_methods_supported
        basic = "client_secret_basic" in known or "client_secret_post" not in known
        return OAuth2Client(
            self._asked.client_id,
            secret.get_secret_value() if secret else None,
            scope=self._asked.scopes,
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method=("client_secret_basic" if basic else "client_secret_post") if secret else "none",
            timeout=_TIMEOUT,
            follow_redirects=False,
        )


def is_encrypted(address: str) -> bool:
    """Whether nothing on the way can read along: https, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


@contextmanager
def _reached() -> Iterator[None]:
    """Raises ProviderUnreachable where the provider does not answer, or not with JSON."""
    try:
        yield
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        raise _unreachable() from None


def _public_keys(told: Mapping[str, Any]) -> Iterator[jwk.Key]:
    """Every key that a signature can be checked by; what is meant for something else is left out."""
    for one in told.get("keys", ()):
        if isinstance(one, dict) and one.get("kty") in ("RSA", "EC", "OKP") and one.get("use", "sig") == "sig":
            try:
                yield jwk.import_key(one)
            except (JoseError, ValueError, TypeError, KeyError):
                continue


def _moment(seconds: float | None) -> datetime | None:
    """Raises SignOnRefused for a number that is no time."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        raise _refused("token") from None


def _object(data: bytes | str) -> dict[str, Any]:
    """Raises ValueError for what is no JSON object."""
    told = json.loads(data)
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told


def _unreachable() -> ProviderUnreachable:
    return ProviderUnreachable("The identity provider cannot be reached.")


def _refused(why: str) -> SignOnRefused:
    return SignOnRefused(f"The answer of the identity provider does not hold ({why}).", why=why)
