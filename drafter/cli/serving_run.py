"""Runs `drafter serve` once the command is known: opens the desk, says where it is, listens until it is stopped."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path

import uvicorn

from drafter.desk_bootstrap import LOOPBACK, DeskParts, open_desk
from drafter.operation_bootstrap import log_to_standard_error, operation
from drafter.services.desk.demonstration import furnish
from drafter.services.desk.journal import opened_with
from drafter.settings import Settings, read_settings
from drafter.web.desk import create_desk

DONE, UNUSABLE = 0, 2
_BACKLOG, _LAST_WORDS = 128, 10
# Seconds that one thread may keep the interpreter from the others: a tenth of Python's own, so that a check while
# somebody types waits little for a save or a draft beside it, however often it changes hands on its way.
_TURN = 0.0005


def run_serve(
    *, host: str, port: int, behind_proxy: bool, demo: Path | None = None, metrics_port: int | None = None
) -> int:
    """Serves until it is stopped; gives the exit code of the interface contract."""
    settings = read_settings()
    if fault := _fault(settings, host=host, behind_proxy=behind_proxy):
        sys.stderr.write(fault + "\n")
        return UNUSABLE
    try:
        listening = _bound(host, port)
    except OSError as error:
        return _unusable(host, port, error)
    with listening, operation(settings, process="desk", metrics=metrics_port is not None) as watched:
        parts = open_desk(settings, secure=behind_proxy, hosts=LOOPBACK, watch=watched.watch)
        metrics = watched.serve_metrics(parts.health, model=parts.drafts_with, jobs=parts.drafting, port=metrics_port)
        # A process that is told to stop (SIGTERM) ends inside the server, and comes back here no more.
        parts = replace(parts, at_end=watched.flush)
        if demo is not None:
            parts = _furnished(parts, demo)
        log_to_standard_error(settings, process="desk")
        config = uvicorn.Config(
            create_desk(parts),
            proxy_headers=behind_proxy,
            server_header=False,
            date_header=True,
            access_log=False,
            log_level="warning",
            log_config=None if settings.operation.log == "json" else uvicorn.config.LOGGING_CONFIG,
            timeout_graceful_shutdown=_LAST_WORDS,
        )
        try:
            listening.listen(_BACKLOG)  # only now: until it can answer, a proxy goes to another process at once
        except OSError as error:
            return _unusable(host, port, error)
        sys.setswitchinterval(_TURN)
        _say_where(listening, parts, behind_proxy=behind_proxy, metrics=metrics)
        uvicorn.Server(config).run(sockets=[listening])
    return DONE


def _fault(settings: Settings, *, host: str, behind_proxy: bool) -> str | None:
    if behind_proxy and not settings.desk.hosts:
        return (
            "drafter serve --behind-proxy: name the address people use in DRAFTER_DESK_HOSTS, such as desk.example.org."
        )
    if host not in LOOPBACK and not behind_proxy:
        return (
            f"drafter serve: {host} is reached from other machines, and passwords would go there unencrypted; put a "
            "proxy that speaks https in front and say --behind-proxy, or leave --host away."
        )
    return None


def _furnished(parts: DeskParts, folder: Path) -> DeskParts:
    """The desk with demo accounts and cases, where it is empty; their passwords are printed this once."""
    if parts.first_code is None:
        sys.stdout.write("Demo accounts are there already; `drafter user reset LOGIN` gives one a new password.\n")
        return parts
    made = furnish(folder, accounts=parts.accounts, store=parts.store, clock=parts.clock, workbench=parts.drafts_with)
    sys.stdout.write("Demo accounts; their passwords are shown this once:\n")
    for one in made:
        sys.stdout.write(f"  {one.login:9} {one.password}  ({', '.join(one.roles)})\n")
    return replace(parts, first_code=None)


def _unusable(host: str, port: int, error: OSError) -> int:
    why = (error.strerror or "cannot be used").lower()
    sys.stderr.write(f"{host} port {port}: {why}; name another with --host or --port.\n")
    return UNUSABLE


def _bound(host: str, port: int) -> socket.socket:
    """The port, taken; nobody is let in yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
    except OSError:
        listening.close()
        raise
    return listening


def _say_where(listening: socket.socket, parts: DeskParts, *, behind_proxy: bool, metrics: str | None) -> None:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    told = [f"Review desk: http://{shown}:{port}", f"Record: {opened_with(parts.store)}"]
    if behind_proxy:
        told.append(f"Behind a proxy, as https://{parts.settings.hosts[0]}")
    if metrics:
        told.append(f"Metrics: {metrics}")
    if parts.first_code:
        told.append(f"No account yet: open it and make the administrator. Code: {parts.first_code}")
    told.append("Ctrl+C stops it.")
    sys.stdout.write("\n".join(told) + "\n")
    sys.stdout.flush()
