"""A PostgreSQL cluster for the tests: Debian's binaries, a temporary folder, a socket, no password, no port.
Nothing survives a power cut there (`fsync = off`) unless asked for, which makes a database for every test cheap.

PostgreSQL refuses to run as root; there the cluster belongs to `postgres`, or to `nobody` where that user is missing.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
MISSING = "PostgreSQL is not installed here (Debian: apt-get install postgresql)"


def installed() -> bool:
    return bool(BINARIES)


class Cluster:
    """A running server. `new_database` gives the address of an empty database in it."""

    def __init__(self, folder: Path, user: str | None) -> None:
        self._folder = folder
        self._user = user
        self._made = 0

    def run(self, program: str, *arguments: str) -> None:
        command = [str(BINARIES[-1].with_name(program)), *arguments]
        if self._user:
            command = ["runuser", "-u", self._user, "--", *command]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    def new_database(self, *, like: str | None = None) -> str:
        """The address of a new database: an empty one, or a copy of the one at the address `like`."""
        self._made += 1
        name = f"desk{os.getpid()}x{self._made}"
        copied = ["-T", like.split("@/")[1].split("?")[0]] if like else []
        self.run("createdb", "-h", str(self._folder), "-U", "owner", *copied, name)
        return f"postgresql://owner@/{name}?host={quote(str(self._folder), safe='')}"


@contextmanager
def running_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A server for as long as the block lasts; `durable`: it waits for the disk, as for a benchmark."""
    folder = Path(tempfile.mkdtemp(prefix="drafter-pg-"))
    user = other_user() if os.geteuid() == 0 else None
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    cluster = Cluster(folder, user)
    data = str(folder / "data")
    cluster.run("initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    sync = "on" if durable else "off"
    options = f"-k {folder} -c listen_addresses='' -c max_connections=100 -c shared_buffers=32MB -c fsync={sync}"
    cluster.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield cluster
    finally:
        cluster.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def other_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
