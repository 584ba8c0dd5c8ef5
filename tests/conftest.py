"""What every test gets: a home of its own, a cleaned environment, and no network.

A test may connect to loopback and to a socket file, to nothing else, and no library of ours may try: an attempt fails
the test even where the library swallows the error.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from tests.postgres import MISSING, Cluster, installed, running_cluster

REPOSITORY = Path(__file__).resolve().parent.parent
LETTERS_FOLDER = Path(os.environ.get("DRAFTER_LETTERS") or REPOSITORY.parent / "shared" / "data" / "letters")
GUIDELINES_FOLDER = Path(os.environ.get("DRAFTER_GUIDELINES") or REPOSITORY.parent / "shared" / "data" / "guidelines")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
CLEARED_PREFIXES = ("DRAFTER_", "OPENAI_", "LANGCHAIN_", "LANGSMITH_", "CHROMA_", "OTEL_")
CLEARED_NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "COLUMNS", "FORCE_COLOR")
LOOPBACK = {"127.0.0.1", "::1", "localhost", "", None}

_refused: list[str] = []
_letters_read: set[int] = set()
_guidelines_read: set[int] = set()


class NetworkBlocked(RuntimeError):
    """A test reached for the network."""


def _refuse_the_network(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = args[0].decode() if isinstance(args[0], bytes) else args[0]
    else:
        return
    if host not in LOOPBACK and not str(host).startswith("127."):
        _refused.append(f"{event} {host}")
        raise NetworkBlocked(f"tests have no network: {event} to {host}")


def _clean_environment() -> None:
    for name in list(os.environ):
        if name.startswith(CLEARED_PREFIXES) or name.upper() in CLEARED_NAMES:
            del os.environ[name]


def pytest_configure(config: pytest.Config) -> None:
    """Before any fixture of any scope: session fixtures see the cleaned environment too."""
    _clean_environment()
    # A slow machine is no fault of the code; in CI the same examples run every time.
    hypothesis_settings.register_profile("drafter", deadline=None, derandomize=IN_CI)
    hypothesis_settings.load_profile("drafter")
    os.environ["DRAFTER_HOME"] = tempfile.mkdtemp(prefix="drafter-tests-")
    sys.addaudithook(_refuse_the_network)


@pytest.fixture(autouse=True)
def drafter_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for each test."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("DRAFTER_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    before = len(_refused)
    yield
    attempts = _refused[before:]
    assert not attempts, f"reached for the network: {attempts}"


@dataclass(frozen=True)
class PublishedLetter:
    """A published determination: the PDF and its row in `letters.jsonl` (an independent extraction)."""

    case_number: str
    pdf: Path
    published: dict[str, Any]


@pytest.fixture(scope="session")
def letters_dir() -> Path:
    """The folder with the published letters; without it the test is skipped, in CI it fails."""
    if (LETTERS_FOLDER / "letters.jsonl").is_file():
        return LETTERS_FOLDER
    reason = f"no published letters in {LETTERS_FOLDER}; name their folder in DRAFTER_LETTERS"
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server; where it is not installed the test is skipped, in CI it fails."""
    if installed():
        with running_cluster() as cluster:
            yield cluster
        return
    if IN_CI:
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@pytest.fixture(scope="session")
def letters(letters_dir: Path) -> tuple[PublishedLetter, ...]:
    """Every published letter, in the order of `letters.jsonl`."""
    rows = [
        json.loads(line) for line in (letters_dir / "letters.jsonl").read_text(encoding="utf-8").splitlines() if line
    ]
    found = tuple(
        PublishedLetter(case_number=row["case_number"], pdf=letters_dir / f"{row['case_number']}.pdf", published=row)
        for row in rows
    )
    _letters_read.add(len(found))
    return found


@pytest.fixture(scope="session")
def guidelines() -> tuple[Path, ...]:
    """The five public guidelines in HTML; without them the test is skipped, in CI it fails."""
    found = tuple(sorted(GUIDELINES_FOLDER.glob("*.html")))
    if found:
        _guidelines_read.add(len(found))
        return found
    reason = f"no public guidelines in {GUIDELINES_FOLDER}; name their folder in DRAFTER_GUIDELINES"
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for count in sorted(_letters_read):
        terminalreporter.write_line(f"published letters: tests ran on {count} letters of {LETTERS_FOLDER}")
    for count in sorted(_guidelines_read):
        terminalreporter.write_line(f"public guidelines: tests ran on {count} files of {GUIDELINES_FOLDER}")
