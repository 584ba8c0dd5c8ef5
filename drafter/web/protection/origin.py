"""Whether a request that changes something comes from a page of this desk.

The browser says so in `Sec-Fetch-Site` and in `Origin`; no page can forge either. Because the desk's pages send no
referrer, a browser names the origin of their plain forms `null`: then `Sec-Fetch-Site` decides alone. A program that is
no browser sends neither, and has no cookie that a page could make it send.
"""

from __future__ import annotations

from starlette.datastructures import Headers

_FROM_HERE = ("same-origin", "none")


def comes_from_here(headers: Headers, *, secure: bool) -> bool:
    """`secure` where the desk is reached over https, whatever the last stretch of the way is."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in _FROM_HERE:
        return False
    if origin is None:
        return True
    if origin == "null":
        return site == "same-origin"
    return origin == f"{'https' if secure else 'http'}://{headers.get('host', '')}"
