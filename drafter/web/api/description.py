"""The OpenAPI description of the API, as the application makes it of its routes."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.requests import Request

from drafter.web.protection.cookies import Cookies
from drafter.web.visit import CurrentVisit

VERSION = "3.1.0"


def openapi(visit: CurrentVisit, request: Request) -> JSONResponse:
    """This description."""
    return JSONResponse(described(request.app))


def described(app: FastAPI) -> dict[str, Any]:
    """The description, with what a request needs to be let in."""
    schema = app.openapi()
    cookies: Cookies = app.state.cookies
    schema.setdefault("components", {})["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": cookies.session},
        "token": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    }
    return schema
