"""`make pictures`: the pages of the desk as README.md shows them, taken from the real desk on the project's samples.

    python -m tests.desk_pictures FOLDER

Serves a demo home on loopback, works through a sample case in Chromium, and writes a PNG a page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.conftest import REPOSITORY
from tests.desk_factories import REFUTED

SIZE: ViewportSize = {"width": 1440, "height": 900}
PROGRAMS = Path(sys.executable).parent


class Served(NamedTuple):
    address: str
    passwords: dict[str, str]


@contextmanager
def demo_desk(home: Path) -> Iterator[Served]:
    """`drafter serve --demo` on a home of its own."""
    environment = {**os.environ, "DRAFTER_HOME": str(home), "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}
    subprocess.run([PROGRAMS / "guideline-corpus", "build"], env=environment, check=True, stdout=subprocess.DEVNULL)
    command = [str(PROGRAMS / "drafter"), "serve", "--port", "0", "--demo", str(REPOSITORY / "evals" / "samples")]
    serving = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert serving.stdout is not None
        passwords: dict[str, str] = {}
        for line in serving.stdout:
            if found := re.match(r"Review desk: (http\S+)", line):
                yield Served(found[1], passwords)
                return
            if found := re.match(r"  (\S+) +(\S.*?)  \(", line):
                passwords[found[1]] = found[2]
        raise SystemExit("the desk did not start")
    finally:
        serving.terminate()
        serving.wait()


def signed_in(browser: Browser, desk: Served, login: str, *, dark: bool = False) -> Page:
    page = browser.new_context(
        base_url=desk.address,
        viewport=SIZE,
        color_scheme="dark" if dark else "light",
    ).new_page()
    page.goto("/sign-in")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password", exact=True).fill(desk.passwords[login])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    return page


def take(browser: Browser, desk: Served, folder: Path) -> None:
    page = signed_in(browser, desk, "reviewer")
    page.goto("/cases")
    page.screenshot(path=folder / "queue.png")
    page.get_by_role("link", name="SAMPLE-LOW-BACK").click()
    if page.get_by_label("No tie to anyone").count():
        page.get_by_label("No tie to anyone").check()
        page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Draft item 1").click()
    page.locator(".sent[data-n]").nth(8).wait_for()
    page.locator(".sent[data-n] .prose").nth(8).click()
    page.locator(".sent.is-on [data-edit]").click()
    page.locator("#sentence-text").fill(REFUTED)
    page.locator("#live .find").first.wait_for()
    page.locator(".editor .btn.main").click()
    page.locator("#sentence-text").wait_for(state="detached")
    page.wait_for_timeout(400)
    page.screenshot(path=folder / "case.png")
    address = page.url
    dark = signed_in(browser, desk, "reviewer", dark=True)
    dark.goto(address)
    dark.locator(".sent[data-n] .prose").nth(7).click()
    dark.screenshot(path=folder / "case-dark.png")
    prompts = signed_in(browser, desk, "editor")
    prompts.goto("/prompts/rationale@0003")
    prompts.screenshot(path=folder / "prompt.png")


def main(folder: Path) -> None:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("Chromium is needed for the pictures: install the package chromium.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, demo_desk(Path(home)) as desk, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        take(browser, desk, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
