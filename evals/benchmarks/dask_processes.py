"""A Dask scheduler and its workers on loopback, as processes of their own that can be measured and killed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
CHECKOUT = Path(__file__).parents[2]
_READY_SECONDS = 120
_ALONE = ("--nthreads", "1", "--no-nanny", "--no-dashboard")


class Cluster:
    """`workers` are those that were started, the newest last; what they all say is in `log`."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "PATH": f"{PROGRAMS}{os.pathsep}/usr/bin:/bin", "PYTHONPATH": str(CHECKOUT), "HOME": str(folder)
        }  # fmt: skip
        self.log = folder / "workers.log"
        self.log.touch()
        self.workers: list[subprocess.Popen[bytes]] = []
        command = [str(PROGRAMS / "dask"), "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        with (folder / "scheduler.log").open("wb") as told:
            self.scheduler = subprocess.Popen(command, env=self.environment, stderr=told)
        self.address = self._address(folder / "scheduler.log")

    def add(self) -> None:
        """Start one more worker; it is there some seconds later."""
        command = [str(PROGRAMS / "dask"), "worker", self.address, *_ALONE]
        with self.log.open("ab") as told:
            self.workers.append(subprocess.Popen(command, env=self.environment, stderr=told, cwd="/"))

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _address(self, log: Path) -> str:
        until = time.monotonic() + _READY_SECONDS
        while self.scheduler.poll() is None and time.monotonic() < until:
            if found := re.search(r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)", log.read_text(encoding="utf-8")):
                return found[1]
            time.sleep(0.05)
        self.scheduler.kill()
        self.scheduler.wait()
        raise SystemExit(f"the Dask scheduler did not start; see {log}")


def open_counting() -> Callable[[str], int]:
    """Next to no work: the characters of a text."""
    return len


@contextmanager
def dask_cluster(folder: Path, *, workers: int) -> Iterator[Cluster]:
    """A cluster of so many workers, ended with the context. Logs lie in the folder."""
    cluster = Cluster(folder)
    try:
        for _ in range(workers):
            cluster.add()
        yield cluster
    finally:
        cluster.end()
