"""Bodies within their limits, before anything parses them.

A body that says it is too large is refused unread; one that does not say is counted while it comes.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import Message

from drafter.web.refusal import too_large


def within(request: Request, *, limit: int) -> Request:
    """The request, whose body ends in a Refusal (413) after `limit` bytes."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > limit:
        raise too_large(limit)
    read = 0
    receive = request.receive

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise too_large(limit)
        return message

    return Request(request.scope, counted)
