"""What the desk was told of the organisation's identity provider, of passwords beside it, and of quotas by role.

Read by `settings.py`, out of the environment that it is handed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from drafter.domain.review.people import ROLES, Role
from drafter.domain.review.quotas import COUNTED, Counted
from drafter.errors import SettingInvalid

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
PasswordsFor = Literal["everyone", "administrators"]


class SignOnSettings(BaseModel):
    """`issuer` is the provider's address as it writes it itself; `groups` says which roles each of its groups gives,
    `scopes` what is asked for, `groups_claim` and `login_claim` where groups and login are found in what it answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client_id: str
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    name: str
    scopes: str = "openid profile"
    groups_claim: str = "groups"
    login_claim: str = "preferred_username"
    groups: Mapping[str, tuple[Role, ...]]

    def secret(self) -> SecretStr | None:
        """As it is now: a file is read at every sign-in, so that a new secret needs no restart."""
        if self.client_secret_file is None:
            return self.client_secret
        try:
            return SecretStr(self.client_secret_file.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            return self.client_secret


class AccessSettings(BaseModel):
    """How people come in, and how much they may do in a day. `sign_on` is None where no provider is configured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sign_on: SignOnSettings | None = None
    passwords_for: PasswordsFor = "everyone"
    quotas: Mapping[Counted, Mapping[Role, int]] = {}


def access_from(environ: Mapping[str, str]) -> AccessSettings:
    """Raises SettingInvalid."""
    sign_on = _sign_on(environ)
    passwords = environ.get("DRAFTER_DESK_PASSWORDS") or "everyone"
    if passwords not in ("everyone", "administrators"):
        raise SettingInvalid("DRAFTER_DESK_PASSWORDS is neither everyone nor administrators; correct it or unset it.")
    if passwords == "administrators" and sign_on is None:
        raise SettingInvalid(
            "DRAFTER_DESK_PASSWORDS=administrators needs DRAFTER_OIDC_ISSUER, or nobody else comes in."
        )
    return AccessSettings(sign_on=sign_on, passwords_for=cast(PasswordsFor, passwords), quotas=dict(_quotas(environ)))


def _sign_on(environ: Mapping[str, str]) -> SignOnSettings | None:
    issuer = environ.get("DRAFTER_OIDC_ISSUER") or ""
    if not issuer:
        return None
    parts = urlsplit(issuer)
    here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or here):
        raise SettingInvalid("DRAFTER_OIDC_ISSUER is no address with https; write it as the provider does.")
    if not (client := environ.get("DRAFTER_OIDC_CLIENT_ID")):
        raise SettingInvalid("DRAFTER_OIDC_ISSUER needs DRAFTER_OIDC_CLIENT_ID; register the desk at the provider.")
    secret, file = environ.get("DRAFTER_OIDC_CLIENT_SECRET"), environ.get("DRAFTER_OIDC_CLIENT_SECRET_FILE")
    told = {field: given for field, name in _PLAIN.items() if (given := (environ.get(name) or "").strip())}
    if "openid" not in told.get("scopes", "openid").split():
        raise SettingInvalid("DRAFTER_OIDC_SCOPES lacks openid; add it.")
    return SignOnSettings(
        issuer=issuer,
        client_id=client,
        client_secret=SecretStr(secret) if secret else None,
        client_secret_file=Path(file).expanduser().absolute() if file else None,
        groups=_groups(environ.get("DRAFTER_OIDC_ROLES") or ""),
        **{"name": parts.hostname, **told},
    )


_PLAIN = {
    "name": "DRAFTER_OIDC_NAME",
    "scopes": "DRAFTER_OIDC_SCOPES",
    "groups_claim": "DRAFTER_OIDC_GROUPS_CLAIM",
    "login_claim": "DRAFTER_OIDC_LOGIN_CLAIM",
}


def _groups(told: str) -> Mapping[str, tuple[Role, ...]]:
    """`IMR reviewers=reviewer; IMR quality=qa prompt_editor`; a group may hold a `=` itself. Raises SettingInvalid."""
    found: dict[str, tuple[Role, ...]] = {}
    for pair in filter(None, map(str.strip, told.split(";"))):
        group, _, named = pair.rpartition("=")
        roles = named.split()
        if not group.strip() or not roles or not all(role in ROLES for role in roles):
            raise SettingInvalid(
                f"DRAFTER_OIDC_ROLES: {pair} is not group=role; roles are {', '.join(ROLES)}, pairs are parted by ;."
            )
        found[group.strip()] = (*found.get(group.strip(), ()), *cast("list[Role]", roles))
    if not found:
        raise SettingInvalid("DRAFTER_OIDC_ISSUER needs DRAFTER_OIDC_ROLES, or no group opens the desk.")
    return found


def _quotas(environ: Mapping[str, str]) -> list[tuple[Counted, Mapping[Role, int]]]:
    """`DRAFTER_QUOTA_DRAFTS=reviewer=200 qa=50` and its like. Raises SettingInvalid."""
    found: list[tuple[Counted, Mapping[Role, int]]] = []
    for what in COUNTED:
        name = _QUOTAS[what]
        limits: dict[Role, int] = {}
        for pair in (environ.get(name) or "").replace(",", " ").split():
            role, _, most = pair.partition("=")
            if role not in ROLES or not (most.isascii() and most.isdigit()):
                raise SettingInvalid(f"{name}: {pair} is not role=number; roles are {', '.join(ROLES)}.")
            limits[role] = int(most)
        if limits:
            found.append((what, limits))
    return found


_QUOTAS: Mapping[Counted, str] = {
    "drafts": "DRAFTER_QUOTA_DRAFTS",
    "imports": "DRAFTER_QUOTA_IMPORTS",
    "exports": "DRAFTER_QUOTA_EXPORTS",
}
