"""A real Dask scheduler and its workers on loopback, for tests that kill them."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import REPOSITORY

PROGRAMS = Path(sys.executable).parent


class Cluster:
    """`workers` are those that were started, the newest last; what they all say is in `log`."""

    def __init__(self, home: Path) -> None:
        self.environment = {"PATH": f"{PROGRAMS}:/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), "HOME": str(home)}
        self.log = home / "workers.log"
        self.workers: list[subprocess.Popen[bytes]] = []
        command = [str(PROGRAMS / "dask"), "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        with (home / "scheduler.log").open("wb") as told:
            self.scheduler = subprocess.Popen(command, env=self.environment, stderr=told)
        self.address = _address(home / "scheduler.log", self.scheduler)

    def add(self) -> None:
        command = [str(PROGRAMS / "dask"), "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        with self.log.open("ab") as told:
            self.workers.append(subprocess.Popen(command, env=self.environment, stderr=told, cwd=self.log.parent))

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def dask_cluster(home: Path, *, workers: int) -> Iterator[Cluster]:
    cluster = Cluster(home)
    try:
        for _ in range(workers):
            cluster.add()
        yield cluster
    finally:
        cluster.end()


def _address(log: Path, scheduler: subprocess.Popen[bytes]) -> str:
    while scheduler.poll() is None:
        time.sleep(0.05)
        if found := re.search(r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)", log.read_text(encoding="utf-8")):
            return found[1]
    raise AssertionError("the scheduler did not start")
