"""Whether a request that changes something comes from a page of this desk.

The browser says where from in `Origin`, and in `Sec-Fetch-Site`; neither can be forged by a page. A program that is no
browser sends neither, and has no cookie that a page could make it send.
"""

from __future__ import annotations

from starlette.datastructures import Headers


def comes_from_here(headers: Headers, *, secure: bool) -> bool:
    """`secure` where the desk is reached over https, whatever the last stretch of the way is."""
    origin = headers.get("origin")
    if origin is not None:
        scheme = "https" if secure else "http"
        return origin == f"{scheme}://{headers.get('host', '')}"
    return headers.get("sec-fetch-site") in (None, "same-origin", "none")
