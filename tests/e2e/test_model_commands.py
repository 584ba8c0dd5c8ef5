"""`drafter draft --model openai:MODEL` and `drafter explain`, by the real commands against a server on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from drafter.settings import shipped_prompts_dir
from drafter.templates import active_version
from tests.conftest import REPOSITORY
from tests.model_server import STATEMENT, ModelServer, ok, refusal, reply, status

DRAFTER = Path(sys.executable).parent / "drafter"
CASE = """
case_number: CM16-0000001
people: [Maria Quispe]
dates: {injury: 2016-03-14, rfa: 2016-10-10, ur_denial: 2016-10-20}
case_summary: >
  Ms. Quispe complained of low back pain on 10/05/2016. Claim number WC1234567. Call (555) 123-4567.
items: [{treatment: "Physical therapy, 6 visits, low back"}, {treatment: "Acupuncture, 4 visits, low back"}]
"""


def run(home: Path, *arguments: str, url: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    (home / "case.yaml").write_text(CASE, encoding="utf-8")
    environment = {"PATH": "/usr/bin:/bin", "DRAFTER_HOME": str(home), "PYTHONPATH": str(REPOSITORY), **extra}
    if url:
        environment |= {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "k-secret"}
    return subprocess.run(
        [DRAFTER, *arguments], capture_output=True, text=True, env=environment, cwd=home, check=False, timeout=120
    )


SOUND = STATEMENT | {"text": "Low back pain was reported on 10/05/2016."}


def test_a_case_is_drafted_by_a_server_explained_and_drafted_again_without_it(
    corpus_home: Path, tmp_path: Path
) -> None:
    home = _home(corpus_home, tmp_path)
    with ModelServer(reply(SOUND)) as server:
        done = run(
            home, "draft", "case.yaml", "--determination", "upheld", "--model", "openai:m", "--json", url=server.url
        )
        url, requests = server.url, len(server.bodies)
    again = run(home, "draft", "case.yaml", "--determination", "upheld", "--model", "openai:m", "--json", url=url)
    (home / "draft.json").write_text(done.stdout, encoding="utf-8")
    explained = run(home, "explain", "draft.json")

    assert done.returncode in (0, 1), done.stderr
    drafts = json.loads(done.stdout)["drafts"]
    assert [draft["statements"][0]["text"] for draft in drafts] == [SOUND["text"]] * 2
    assert [draft["determination"] for draft in drafts] == ["upheld"] * 2
    assert requests == 2
    assert again.stdout == done.stdout
    for draft in drafts:
        assert draft["calls"][0]["request_sha256"] in explained.stdout
    assert f"rationale@{active_version(prompts_dir=shipped_prompts_dir(), name='rationale')}" in explained.stdout
    assert "fp-1" in explained.stdout
    assert "settings: a prompt of at most 16000 tokens, a reply of at most 2000" in explained.stdout
    sent = b"".join(server.raw).decode()
    everything = sent + "".join(path.read_text(errors="replace") for path in _written(home)) + done.stderr
    for word in ("Quispe", "WC1234567", "123-4567", "k-secret"):
        assert word not in everything
    assert "10/05/2016" in sent


def test_tracing_and_debugging_that_somebody_switched_on_send_nothing_and_print_no_word_of_the_case(
    corpus_home: Path, tmp_path: Path
) -> None:
    home = _home(corpus_home, tmp_path)
    with ModelServer(ok(b"{}")) as trap, ModelServer(reply(SOUND)) as server:
        watched = {
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_API_KEY": "x",
            "LANGSMITH_ENDPOINT": trap.url,
            "LANGCHAIN_ENDPOINT": trap.url,
            "LANGCHAIN_VERBOSE": "true",
            "OPENAI_LOG": "debug",
        }
        done = run(home, "draft", "case.yaml", "--model", "openai:m", "--json", url=server.url, **watched)

    assert done.returncode in (0, 1), done.stderr
    assert len(server.bodies) == 2
    assert trap.bodies == []
    for word in ("low back", "Quispe", "Physical therapy", "k-secret"):
        assert word not in done.stderr


def test_one_item_that_fails_does_not_take_the_other_with_it(corpus_home: Path, tmp_path: Path) -> None:
    home = _home(corpus_home, tmp_path)
    with ModelServer(refusal(), reply(SOUND)) as server:
        done = run(home, "draft", "case.yaml", "--model", "openai:m", "--json", url=server.url, DRAFTER_AT_ONCE="1")
    first, second = json.loads(done.stdout)["drafts"]

    assert done.returncode == 1
    assert "model-declined" in {finding["check"] for finding in first["findings"]}
    assert second["statements"]


@pytest.mark.bad_input(33)
def test_a_server_that_refuses_the_key_is_said_in_one_sentence(corpus_home: Path, tmp_path: Path) -> None:
    home = _home(corpus_home, tmp_path)
    with ModelServer(status(401)) as server:
        done = run(home, "draft", "case.yaml", "--model", "openai:m", "--json", url=server.url)

    assert done.returncode == 4
    assert "k-secret" not in done.stdout + done.stderr
    assert "refuses the key" in done.stdout
    assert "2 of 2 items wait for a reply; run this again" in done.stderr


def test_no_server_is_asked_that_nobody_configured(corpus_home: Path, tmp_path: Path) -> None:
    done = run(_home(corpus_home, tmp_path), "draft", "case.yaml", "--model", "openai:m")

    assert done.returncode == 2
    assert "no server is configured" in done.stderr


def test_the_payload_is_what_is_sent(corpus_home: Path, tmp_path: Path) -> None:
    home = _home(corpus_home, tmp_path)
    with ModelServer(reply(SOUND)) as server:
        shown = run(home, "draft", "case.yaml", "--model", "openai:m", "--show-payload", url=server.url)
        assert server.bodies == []
        run(home, "draft", "case.yaml", "--model", "openai:m", url=server.url, DRAFTER_AT_ONCE="1")

    for turn in server.bodies[0]["messages"]:
        assert turn["content"].strip() in shown.stdout


def test_a_budget_is_held_before_anything_is_sent(corpus_home: Path, tmp_path: Path) -> None:
    home = _home(corpus_home, tmp_path)
    with ModelServer() as server:
        done = run(home, "draft", "case.yaml", "--model", "openai:m", url=server.url, DRAFTER_TOKENS_A_CALL="500")
    wrong = run(home, "draft", "case.yaml", DRAFTER_TOKENS_A_DAY="many")

    assert server.bodies == []
    assert done.returncode == 4
    assert wrong.returncode == 2
    assert "DRAFTER_TOKENS_A_DAY is no whole number" in wrong.stderr


def test_what_is_no_draft_cannot_be_explained(tmp_path: Path) -> None:
    done = run(tmp_path, "explain", "case.yaml")

    assert done.returncode == 2
    assert "case.yaml is no draft" in done.stderr


def _home(corpus_home: Path, tmp_path: Path) -> Path:
    """A home of the test's own over the built corpus."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    (home / "cache").mkdir()
    for kept in (corpus_home / "cache").iterdir():
        (home / "cache" / kept.name).symlink_to(kept)
    return home


def _written(home: Path) -> list[Path]:
    return [path for folder in ("cache/replies", "calls") for path in (home / folder).rglob("*") if path.is_file()]
