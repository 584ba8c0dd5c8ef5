"""Commands of QA and of prompt editors reach for nothing but the model's server that was configured.

Each is run as it is, in a process whose every attempt to connect or to look a name up is put down (an audit hook that
Python loads before anything else, workers included). Python's own attempts are seen; a library that opens a connection
from machine code is not, which is why those that could are held out of these commands elsewhere
(`test_what_is_stored_is_drafted_without_index_chain_or_client`).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.eval_places import PROGRAMS, EvalPlace
from tests.model_server import STATEMENT, ModelServer, reply

HOOK = """
import os, sys

def put_down(event, told):
    if event == "socket.connect":
        address = told[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        address = told[:2] if event == "socket.getaddrinfo" else told[-1]
    else:
        return
    line = f"{event} {address!r}\\n".encode()
    at = os.open(os.environ["ATTEMPTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(at, line)
    os.close(at)

sys.addaudithook(put_down)
"""
GATE = "[not_worse]\ngrounded = 0.5\n"
OFFLINE: tuple[tuple[str, ...], ...] = (
    ("evals", "import", "cases", "--out", "again"),
    ("evals", "datasets", "list", "."),
    ("evals", "datasets", "show", "set"),
    ("evals", "datasets", "diff", "set", "again"),
    ("evals", "run", "set", "--stage", "retrieve", "--out", "found"),
    ("evals", "run", "set", "--stage", "draft", "--out", "one"),
    ("evals", "run", "set", "--stage", "draft", "--out", "two"),
    ("evals", "run", "set", "--stage", "draft", "--model", "replay:replies", "--out", "waiting"),
    ("evals", "run", "set", "--stage", "check", "--out", "checked"),
    ("evals", "plant", "set", "--out", "planted"),
    ("evals", "run", "planted", "--stage", "check", "--out", "found-plants"),
    ("evals", "plants-table", "found-plants"),
    ("evals", "rescore", "one"),
    ("evals", "compare", "one", "two"),
    ("evals", "report", "one", "--out", "one.html"),
    ("evals", "gate", "one", "two", "--gate", "gate.toml"),
    ("drafter", "prompts", "list"),
    ("drafter", "prompts", "check"),
    ("drafter", "prompts", "preview", "rationale@0002", "--case", "cases/001.yaml"),
    ("drafter", "prompts", "diff", "rationale@0001", "rationale@0002"),
    ("drafter", "prompts", "history"),
)
ASKING: tuple[tuple[str, ...], ...] = (
    ("evals", "run", "set", "--stage", "draft", "--model", "openai:m", "--out", "drafted"),
    ("evals", "run", "set", "--stage", "reply", "--model", "openai:m", "--fresh", "--out", "replied"),
    ("evals", "rescore", "drafted"),
    ("drafter", "prompts", "try", "options@0003", "--against", "options@0002", "--set", "set", "--model", "openai:m"),
)


class Guarded:
    """Runs commands with the hook, and tells what they reached for."""

    def __init__(self, place: EvalPlace) -> None:
        self._place = place
        hook = place.folder / "hook"
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
        self._log = place.folder / "attempts"
        self._environment = {"PYTHONPATH": f"{hook}:{REPOSITORY}", "ATTEMPTS": str(self._log)}

    def attempts(self, program: str, *arguments: str, **told: str) -> list[str]:
        """What a command reached for. Fails where the command does not do its work."""
        self._log.write_text("", encoding="utf-8")
        done = self._place(*arguments, program=PROGRAMS / program, **self._environment, **told)
        assert done.returncode in (0, 1, 3, 4), f"{program} {' '.join(arguments)}: {done.stderr}"
        assert "Traceback" not in done.stderr
        return self._log.read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, corpus_home: Path) -> EvalPlace:
    made = EvalPlace(tmp_path_factory.mktemp("guarded"), corpus_home, cases=2)
    (made.folder / "gate.toml").write_text(GATE, encoding="utf-8")
    return made


def test_the_guard_sees_an_attempt(place: EvalPlace) -> None:
    elsewhere = {"OPENAI_BASE_URL": "http://model.invalid/v1", "OPENAI_API_KEY": "k"}
    attempts = Guarded(place).attempts("evals", *place.options("nobody", "--deadline", "5"), **elsewhere)

    assert any("model.invalid" in attempt for attempt in attempts)


@pytest.mark.long
def test_no_command_reaches_for_anything_but_the_server_that_was_configured(place: EvalPlace, tmp_path: Path) -> None:
    guarded = Guarded(EvalPlace(tmp_path, place.home, cases=2))
    (tmp_path / "gate.toml").write_text(GATE, encoding="utf-8")

    for command in OFFLINE:
        assert guarded.attempts(*command) == [], command

    with ModelServer(reply(STATEMENT)) as server:
        port = server.url.split(":")[2].split("/")[0]
        for command in ASKING:
            for attempt in guarded.attempts(*command, url=server.url):
                assert attempt in (f"socket.connect ('127.0.0.1', {port})", f"socket.getaddrinfo ('127.0.0.1', {port})")
        assert server.bodies
        assert json.loads(server.raw[0])["model"] == "m"
