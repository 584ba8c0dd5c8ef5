"""The identity provider's own process: Canaille over a SQLite file, and one page by which a test says what happens.

What no provider does by itself (an old token, one for another way, one without a signature) is done to the answer of
its token endpoint here, and signed anew by the provider's own key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from flask import request
from joserfc import jwk, jwt
from werkzeug.serving import make_server

WATCHED = ("/oauth/token", "/oauth/jwks.json", "/oauth/userinfo", "/.well-known/openid-configuration")


def new_key() -> dict[str, Any]:
    return dict(jwk.RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True))


def configuration(port: int, folder: Path) -> dict[str, Any]:
    return {
        "SECRET_KEY": "of the test",
        "SERVER_NAME": f"127.0.0.1:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "WTF_CSRF_ENABLED": False,
        "CANAILLE": {"DATABASE": "sql", "JAVASCRIPT": False, "ACL": {"DEFAULT": {"PERMISSIONS": ["use_oidc"]}}},
        "CANAILLE_SQL": {
            "DATABASE_URI": f"sqlite:///{folder}/provider.sqlite",
            "PASSWORD_HASH_PARAMS": {"pbkdf2_sha512__rounds": 1},
        },
        "CANAILLE_OIDC": {
            "ACTIVE_JWKS": [new_key()],
            "USERINFO_MAPPING": {"PREFERRED_USERNAME": "{{ user.user_name }}@example.org"},
        },
    }


class Inside:
    """What a test can have happen in the provider."""

    def __init__(self, app: Any) -> None:
        self._oidc = app.config["CANAILLE_OIDC"]
        self._backend = Backend.instance
        self._signed, self._without = "", list[str]()
        self._claims: dict[str, Any] = {}
        self.asked: list[str] = []
        self._turn, self._second = threading.Lock(), 0

    def nothing(self) -> None: ...

    def person(self, name: str, password: str, groups: list[str]) -> None:
        found = self._backend.get(models.User, user_name=name)
        if found is None:
            found = models.User(user_name=name, family_name=name, emails=[f"{name}@example.org"], password=password)
            self._backend.save(found)
        for group in self._backend.query(models.Group):
            group.members = [member for member in group.members if member.user_name != name]
            self._backend.save(group)
        for named in groups:
            group = self._backend.get(models.Group, display_name=named) or models.Group(display_name=named, members=[])
            group.members = [*group.members, found]
            self._backend.save(group)

    def keys(self, keep_old: bool) -> None:
        self._oidc["INACTIVE_JWKS"] = list(self._oidc["ACTIVE_JWKS"]) if keep_old else []
        self._oidc["ACTIVE_JWKS"] = [new_key()]

    def client(self, name: str, secret: str, returns_to: str, signs_by: str, audience: str) -> None:
        for client_id in {name, audience}:
            known = self._backend.get(models.Client, client_id=client_id) or models.Client(client_id=client_id)
            known.client_secret = secret
            known.client_name = client_id
            known.client_uri = "http://127.0.0.1"  # a trusted domain: nobody is asked for her consent
            known.redirect_uris = [f"{returns_to}/sign-in/provider/answer"]
            known.post_logout_redirect_uris = [f"{returns_to}/sign-in"]
            known.grant_types = ["authorization_code"]
            known.response_types = ["code"]
            known.scope = ["openid", "profile", "groups"]
            known.token_endpoint_auth_method = "client_secret_basic"
            known.id_token_signed_response_alg = signs_by
            self._backend.save(known)
        desk = self._backend.get(models.Client, client_id=name)
        desk.audience = [self._backend.get(models.Client, client_id=audience)]
        self._backend.save(desk)

    def spoil(self, signed: str, without: list[str], claims: dict[str, Any]) -> None:
        self._signed, self._without, self._claims = signed, without, claims

    def take_turn(self) -> None:
        """An access token holds the second that it was made in and nothing random: two of one second would be one."""
        with self._turn:
            while int(time.time()) == self._second:
                time.sleep(0.02)
            self._second = int(time.time())

    @property
    def spoils(self) -> bool:
        return bool(self._signed or self._without or self._claims)

    def spoilt(self, id_token: str) -> str:
        key: Any = jwk.import_key(self._oidc["ACTIVE_JWKS"][0])
        claims = {**jwt.decode(id_token, key).claims, **self._claims}
        claims = {name: value for name, value in claims.items() if name not in self._without}
        header = {"alg": "RS256", "kid": key.kid}
        match self._signed:
            case "by nobody":
                header, key = {"alg": "none"}, jwk.OctKey.import_key("none")
            case "with the public key as a secret":
                return by_hand(header | {"alg": "HS256"}, claims, secret=key.as_pem(private=False))
            case "by another key":
                key = jwk.RSAKey.generate_key(2048)
            case "by another key under another name":
                key = jwk.RSAKey.generate_key(2048, auto_kid=True)
                header = {"alg": "RS256", "kid": key.kid}
            case "by a key of no name":
                header = {"alg": "RS256"}
        made = jwt.encode(header, claims, key, algorithms=["RS256", "HS256", "none"])
        return made[:-8] if self._signed == "cut short" else made


def by_hand(header: dict[str, Any], claims: dict[str, Any], *, secret: bytes) -> str:
    """An HS256 token; the library makes none with a public key as its secret."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    made = hmac.new(secret, b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(made).rstrip(b"=")]).decode()


def serve(port: int, folder: Path) -> None:
    app = create_app(config=configuration(port, folder), init_backend=True)
    with app.app_context():
        inside = Inside(app)

    @app.before_request
    def note() -> None:
        if request.path in WATCHED:
            inside.asked.append(request.path)
        if request.path == "/oauth/token":
            inside.take_turn()

    @app.post("/of-the-test")
    def told() -> Any:
        what = request.get_json()
        do = what.pop("do")
        if do == "asked":
            asked, inside.asked = inside.asked, []
            return {"asked": asked}
        getattr(inside, do)(**what)
        return {}

    @app.after_request
    def spoil(response: Any) -> Any:
        if request.path == "/oauth/token" and response.status_code == 200 and inside.spoils:
            answer = response.get_json()
            response.set_data(json.dumps(answer | {"id_token": inside.spoilt(answer["id_token"])}))
        return response

    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(int(sys.argv[1]), Path(sys.argv[2]))
