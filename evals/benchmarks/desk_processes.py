"""Two processes of the review desk behind nginx, on loopback: the programs as they are typed, over one database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import httpx

CONFIG = Path(__file__).with_name("desk_nginx.conf")
INTERRUPTED = Path(__file__).with_name("desk_interrupted.html")
_READY_SECONDS = 120
_TICKS = os.sysconf("SC_CLK_TCK")
_DESK = [sys.executable, "-c", "from drafter.cli.main import main; main()", "serve", "--behind-proxy"]


def nginx_program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class CpuSpent(NamedTuple):
    """Seconds of processor time: the desk's processes, the proxy, the scripted reviewers (this process), and all that
    runs on the machine, the database among it."""

    desks: float
    proxy: float
    reviewers: float
    all: float

    def since(self, before: CpuSpent) -> CpuSpent:
        return CpuSpent(*(now - then for now, then in zip(self, before, strict=True)))

    def each_second(self, seconds: float) -> CpuSpent:
        """So many processors were busy on average."""
        return CpuSpent(*(spent / seconds for spent in self))


class DeskProcesses:
    """`address` is that of the proxy; the processes answer on ports of their own. `folder`: logs, certificate."""

    def __init__(self, *, folder: Path, home: Path, database: str) -> None:
        self._folder = folder
        self._ports = [_free_port() for _ in range(3)]
        self.address = f"https://127.0.0.1:{self._ports[2]}"
        self.certificate = folder / "desk.crt"
        self._environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "DRAFTER_HOME": str(home),
            "DRAFTER_DATABASE_URL": database,
            "DRAFTER_DESK_HOSTS": "127.0.0.1",
        }
        self._desks: dict[int, subprocess.Popen[bytes]] = {}
        self._spent_before = 0.0  # by processes that were stopped
        self._proxy: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> DeskProcesses:
        """Starts all, and waits until they answer. Raises RuntimeError where one does not."""
        try:
            self._start_desk(0)
            self._wait(f"http://127.0.0.1:{self._ports[0]}")  # the first makes the tables
            self._start_desk(1)
            self._wait(f"http://127.0.0.1:{self._ports[1]}")
            self._start_proxy()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def restart(self, number: int, *, hard: bool = False) -> None:
        """Stops a process as an upgrade would, or kills it where it stands (`hard`), and starts it again; the other
        answers meanwhile."""
        self.stop(number, hard=hard)
        self.start(number)

    def stop(self, number: int, *, hard: bool = False) -> None:
        self._spent_before += cpu_seconds(self._desks[number].pid)
        self._desks[number].send_signal(signal.SIGKILL if hard else signal.SIGTERM)
        self._desks[number].wait(60)

    def start(self, number: int) -> None:
        """Returns once it answers."""
        self._start_desk(number)
        self._wait(f"http://127.0.0.1:{self._ports[number]}")

    def hold(self, number: int) -> None:
        """A process that takes requests and does nothing of them, until it is stopped hard."""
        self._desks[number].send_signal(signal.SIGSTOP)

    def spent(self) -> CpuSpent:
        """What everything has taken of the processors so far."""
        proxy = self._proxy.pid if self._proxy else None
        workers = Path(f"/proc/{proxy}/task/{proxy}/children").read_text(encoding="ascii").split() if proxy else []
        own = os.times()
        return CpuSpent(
            desks=self._spent_before + sum(cpu_seconds(desk.pid) for desk in self._desks.values()),
            proxy=sum(cpu_seconds(int(worker)) for worker in workers),
            reviewers=own.user + own.system,
            all=_busy_seconds(),
        )

    def _start_desk(self, number: int) -> None:
        with (self._folder / f"desk-{number}.log").open("ab") as log:
            self._desks[number] = subprocess.Popen(
                [*_DESK, "--port", str(self._ports[number])], env=self._environment, stdout=log, stderr=log
            )

    def _start_proxy(self) -> None:
        program = nginx_program()
        if program is None:
            raise RuntimeError("nginx is not installed here (Debian: apt-get install nginx)")
        self._make_certificate()
        text = CONFIG.read_text(encoding="utf-8").replace("@folder@", str(self._folder))
        for name, port in zip(("first", "second", "port"), self._ports, strict=True):
            text = text.replace(f"@{name}@", str(port))
        config = self._folder / "nginx.conf"
        config.write_text(text, encoding="utf-8")
        (self._folder / INTERRUPTED.name).write_bytes(INTERRUPTED.read_bytes())
        (self._folder / INTERRUPTED.name).chmod(0o644)
        self._folder.chmod(0o711)  # nginx's workers are another user, where it is started by root
        command = [program, "-p", str(self._folder), "-e", "nginx.log", "-c", str(config), "-g", "daemon off;"]
        self._proxy = subprocess.Popen(command)
        self._wait(self.address)

    def _make_certificate(self) -> None:
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(self._folder / "desk.key"),
                "-out", str(self.certificate),
            ],
            check=True, capture_output=True,
        )  # fmt: skip

    def _wait(self, address: str) -> None:
        verify = trusting(self.certificate) if address.startswith("https") else True
        until = time.monotonic() + _READY_SECONDS
        with httpx.Client(verify=verify, trust_env=False) as client:
            while time.monotonic() < until:
                try:
                    if client.get(f"{address}/health/ready").status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    if all(desk.poll() is not None for desk in self._desks.values()):
                        break
                    time.sleep(0.1)
        raise RuntimeError(f"{address} does not answer; see the logs in {self._folder}")

    def _end(self) -> None:
        for process in (self._proxy, *self._desks.values()):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(60)


def cpu_seconds(pid: int) -> float:
    """What a process has taken so far, 0 for one that is gone (`man 5 proc_pid_stat`, utime and stime)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / _TICKS


def _busy_seconds() -> float:
    """What all programs have taken of all processors since the machine started: user, nice, system and interrupts."""
    told = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()
    return sum(int(told[place]) for place in (1, 2, 3, 6, 7)) / _TICKS


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
