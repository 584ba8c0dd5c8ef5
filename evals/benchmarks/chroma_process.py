"""A real Chroma server on loopback, for benchmarks and for the tests that are about it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTS_WITHIN = 60.0


class ChromaUrl(str):
    """The address of a server, and the id of its process."""

    pid: int


@contextmanager
def chroma_served(folder: Path) -> Iterator[ChromaUrl]:
    """The address of a server on a free port that keeps its data in `folder`; it ends with the block.

    Raises TimeoutError where it does not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder), "--host", "127.0.0.1"]
    server = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = ChromaUrl(f"http://127.0.0.1:{port}")
    url.pid = server.pid
    try:
        _wait_for(f"{url}/api/v2/heartbeat")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(url: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError("the Chroma server did not start")
