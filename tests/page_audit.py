"""An HTML page judged by others: a strict parser, and axe-core in a real browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tinyhtml5.parser import HTMLParser

CHROMIUM = Path("/usr/bin/chromium")


def faults(page: str) -> list[Any]:
    """What a strict parser of HTML objects to."""
    parser = HTMLParser()
    parser.parse(page)
    return list(parser.errors)


def violations(file: Path, *, scheme: str = "light") -> list[str]:
    """What axe-core objects to in Chromium; both are part of the test and missed where they are missing."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    assert CHROMIUM.exists(), f"{CHROMIUM} is missing; install Debian's chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_context(color_scheme=scheme).new_page()  # type: ignore[arg-type]
        opened.goto(file.as_uri())
        audited = Axe().run(opened).response["violations"]
        browser.close()
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in audited]
