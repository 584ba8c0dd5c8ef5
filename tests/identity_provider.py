"""A real identity provider on loopback: Canaille, with its own pages, sessions, keys and tokens, in its own process
(`identity_provider_process.py`). A `Provider` says what happens there: people and groups, a change of keys, that it is
down, and what is wrong with its tokens.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

PROCESS = Path(__file__).with_name("identity_provider_process.py")
CLIENT, SECRET = "review-desk", "a secret of the desk"
PASSWORD = "correct horse battery staple"
_SLOWEST = 60


class Provider:
    """The provider as an administrator of it sees it."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self._folder = port, folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns once it answers."""
        environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", PROCESS, str(self.port), self._folder],
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(_SLOWEST * 10):
            try:
                self._told(do="nothing")
            except httpx2.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("the identity provider does not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=20)
            self._process = None

    def person(self, name: str, *groups: str) -> None:
        """Somebody with this password and these groups; of somebody who is there already, the groups change."""
        self._told(do="person", name=name, password=PASSWORD, groups=list(groups))

    def change_keys(self, *, keep_old: bool = False) -> None:
        """New keys for signatures from now on, under names of their own."""
        self._told(do="keys", keep_old=keep_old)

    def client(self, *, returns_to: str, signs_by: str = "RS256", audience: str = CLIENT) -> None:
        """How the desk is registered: where it is, how its tokens are signed, and for whom they are."""
        self._told(do="client", name=CLIENT, secret=SECRET, returns_to=returns_to, signs_by=signs_by, audience=audience)

    def spoil(self, *, signed: str = "", without: tuple[str, ...] = (), **claims: Any) -> None:
        """The next ID tokens say this instead; `signed` names what is wrong with the signature. Without arguments:
        as they should be."""
        self._told(do="spoil", signed=signed, without=list(without), claims=claims)

    def asked(self) -> list[str]:
        """The paths that were asked for, apart from those of its own pages, since the last time."""
        return list(self._told(do="asked")["asked"])

    def _told(self, **what: Any) -> Any:
        return (
            httpx2.post(f"{self.issuer}/of-the-test", json=what, timeout=20, trust_env=False).raise_for_status().json()
        )


@contextmanager
def running_provider() -> Iterator[Provider]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="identity-provider-") as folder:
        provider = Provider(port, Path(folder))
        provider.start()
        try:
            yield provider
        finally:
            provider.stop()
