"""`drafter draft` and `drafter check` with a receiver of traces on loopback: it is told of each step and of no word of
the case; without a receiver nothing of it is loaded, and one that is away changes neither output nor exit code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.model_server import STATEMENT, ModelServer, reply
from tests.otlp_receiver import OtlpReceiver

SUMMARY = (
    "The patient is a 47-year-old female cabinetmaker with lumbosacral radiculopathy. Dr. Quince noted antalgic gait. "
    "Eight sessions of physical therapy were completed with improvement."
)
CASE = f"""
case_number: CM16-0987654
people: [Mara Kestrel]
dates: {{injury: 2016-03-14, rfa: 2016-10-10, ur_denial: 2016-10-20}}
case_summary: >
  {SUMMARY}
items: [{{treatment: "Physical therapy, 6 visits, low back"}}, {{treatment: "Acupuncture, 4 visits, low back"}}]
"""
SAID = "Antalgic gait was noted."
NAMES = ("kestrel", "quince", "0987654", "k-secret")
LOADED = (
    "import sys\nfrom drafter.cli.main import main\n"
    "try:\n    main()\nfinally:\n    print('drafter.adapters.traces' in sys.modules, file=sys.stderr)\n"
)


class Place:
    """A home with a corpus, and a case and a folder of letters named for a patient."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "kestrel.yaml").write_text(CASE, encoding="utf-8")
        (home / "kestrel").mkdir()
        for number in range(3):
            (home / "kestrel" / f"{number}.yaml").write_text(CASE.replace("0987654", f"098765{number}"), "utf-8")

    def run(self, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "DRAFTER_HOME": str(self.home),
            "OPENAI_API_KEY": "k-secret", **extra,
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, env=environment, cwd=self.home,
            check=False, timeout=120,
        )  # fmt: skip


@pytest.fixture
def place(corpus_home: Path, tmp_path: Path) -> Place:
    home = tmp_path / "home"
    home.mkdir()
    (home / "corpus").symlink_to(corpus_home / "corpus")
    return Place(home)


def words_in(receiver: OtlpReceiver) -> list[str]:
    """Words of the case, its names and its draft that were sent."""
    everything = b"".join(receiver.bodies).decode("utf-8", "replace").lower()
    words = set(re.findall(r"[a-z]{4,}", f"{SUMMARY} {SAID} physical therapy acupuncture visits".lower()))
    return sorted(word for word in {*words, *NAMES} if re.search(rf"\b{word}\b", everything))


def test_a_draft_is_one_trace_of_its_searches_calls_and_checks_and_holds_no_word_of_the_case(place: Place):
    drafting = ("draft", "kestrel.yaml", "--determination", "upheld", "--model", "openai:loopback-1", "--json")
    said = reply(STATEMENT | {"text": SAID, "grounds": ["R1"]})
    with ModelServer(said) as server, OtlpReceiver() as receiver:
        plain = place.run(*drafting, OPENAI_BASE_URL=server.url)
        traced = place.run(*drafting, OPENAI_BASE_URL=server.url, DRAFTER_TRACES=receiver.url)
    spans = list(receiver.spans())
    root = next(span for span in spans if not span.parent)

    assert plain.returncode in (0, 1), plain.stderr
    assert (traced.stdout, traced.returncode) == (plain.stdout, plain.returncode)
    assert (plain.stderr, traced.stderr) == ("False\n", "True\n"), "loaded where it is asked for"
    assert {span.service for span in spans} == {"imr-drafter-command"}
    assert (root.name, root.told["drafter.items"], root.told["drafter.model"]) == ("draft", 2, "openai:loopback-1")
    assert {span.trace for span in spans} == {root.trace}, "also what was asked side by side"
    assert sorted(span.name for span in spans if span.parent == root.span) == ["checks", "search", "search"]
    assert not [span for span in spans if span.events or span.message or span.failed]
    assert words_in(receiver) == []


def test_a_call_of_the_model_stands_below_the_draft_that_asks_for_it(place: Place):
    said = reply(STATEMENT | {"text": SAID, "grounds": ["R1"]})
    with ModelServer(said) as server, OtlpReceiver() as receiver:
        place.run(
            "draft", "kestrel.yaml", "--model", "openai:loopback-1", OPENAI_BASE_URL=server.url,
            DRAFTER_TRACES=receiver.url,
        )  # fmt: skip
    spans = list(receiver.spans())
    root = next(span for span in spans if not span.parent)
    calls = [span for span in spans if span.name == "model"]

    assert [call.parent for call in calls] == [root.span] * len(server.bodies)
    assert all(call.told["drafter.tokens_in"] > 0 and call.told["drafter.outcome"] == "complete" for call in calls)
    assert words_in(receiver) == []


def test_an_audit_is_one_step_whichever_processes_make_it_and_names_no_letter(place: Place):
    checking = ("check", "kestrel", "--json", "--jobs", "2")
    with OtlpReceiver() as receiver:
        plain = place.run(*checking)
        traced = place.run(*checking, DRAFTER_TRACES=receiver.url)
    (span,) = receiver.spans()

    assert len(plain.stdout.splitlines()) == 3, plain.stderr
    assert (traced.stdout, traced.returncode) == (plain.stdout, plain.returncode)
    assert plain.stderr.splitlines()[-1] == "False"
    assert (span.name, span.told["drafter.letters"], span.told["drafter.items"]) == ("checks", 3, 6)
    assert words_in(receiver) == []


def test_what_goes_wrong_is_told_as_the_name_of_a_class(place: Place):
    (place.home / "corpus").unlink()
    with OtlpReceiver() as receiver:
        done = place.run("draft", "kestrel.yaml", DRAFTER_TRACES=receiver.url)
    (span,) = receiver.spans()

    assert done.returncode == 2
    assert (span.failed, span.told["drafter.fault"], span.message, span.events) == (True, "CorpusNotBuilt", "", 0)
    assert words_in(receiver) == []


def test_a_receiver_that_is_away_changes_neither_output_nor_exit_code(place: Place):
    plain = place.run("check", "kestrel", "--json")

    done = place.run("check", "kestrel", "--json", DRAFTER_TRACES="http://127.0.0.1:9/v1/traces")

    assert (done.stdout, done.returncode) == (plain.stdout, plain.returncode)
    said, loaded = done.stderr.splitlines()
    assert said == "The traces of this command could not be sent; nobody answers at the address in DRAFTER_TRACES."
    assert loaded == "True"
