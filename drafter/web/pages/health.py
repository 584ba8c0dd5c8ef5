"""How the desk is: a word for whoever comes, the whole for an administrator.

The public answers run in the loop of the server and not in its threads, so that a process whose threads all wait for a
database still says that it lives; the parts are looked at in threads of their own (`services.health`).
"""

from __future__ import annotations

import asyncio

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from drafter.domain.health import Health
from drafter.web.visit import CurrentVisit, visit_of

_UP, _DOWN = 200, 503


async def live() -> JSONResponse:
    """This process answers."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> JSONResponse:
    """Whether this process can serve: 503 where it cannot, so that a proxy sends requests elsewhere."""
    health = await _looked(request)
    return JSONResponse({"status": "ok" if health.ready else "down"}, status_code=_UP if health.ready else _DOWN)


async def status(request: Request) -> JSONResponse:
    """One word: ok, degraded, or down (503). What it is that is degraded is told to administrators alone."""
    health = await _looked(request)
    return JSONResponse({"status": health.status}, status_code=_UP if health.ready else _DOWN)


def show(visit: CurrentVisit) -> Response:
    """Every part of this process, with what to do where it is not well."""
    return visit.page("operation.html", health=visit.parts.health.look(), process=visit.parts.process)


async def _looked(request: Request) -> Health:
    """In a thread that is none of those which pages run in."""
    check = visit_of(request).parts.health
    return await asyncio.get_running_loop().run_in_executor(None, check.look)
