"""Guideline files read, and texts embedded, by the workers of a real Dask scheduler: the corpus of one process."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.benchmarks.dask_processes import PROGRAMS, Cluster, dask_cluster
from tests.letter_factories import HEADER_2016, LetterItem, section_letter

pytestmark = pytest.mark.long

SOON = (  # the program, that waits two seconds for a worker in place of a minute
    "import guideline_corpus.dask_workers as workers\nworkers.WITHOUT_WORKERS_SECONDS = 2\n"
    "from guideline_corpus.cli.program import main\nmain()\n"
)
NAMING = ("--guideline", "Invented Guideline", "--edition", "2016", "--rung", "3", "--from", "2016-01-01")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers."""
    with dask_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as made:
        yield made


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two Markdown files of one guideline."""
    folder = tmp_path_factory.mktemp("guidelines")
    made = []
    for name in ("first", "second"):
        sections = (f"## {name} {number}\n\nRule {number} of it asks for {number} findings.\n" for number in range(90))
        file = folder / f"{name}.md"
        file.write_text("\n".join([f"# Invented Guideline, the {name} part\n", *sections]), encoding="utf-8")
        made.append(file)
    return made


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> Path:
    """A home to which the files were added by one process."""
    home = tmp_path_factory.mktemp("alone")
    run = corpus(home, "add", *map(str, files), *NAMING)
    assert run.returncode == 0, run.stderr
    return home


def command(home: Path, *arguments: str) -> dict[str, object]:
    environment = {"PATH": "/usr/bin:/bin", "DRAFTER_HOME": str(home), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    return {"args": [str(PROGRAMS / "guideline-corpus"), *arguments], "env": environment}


def corpus(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    told = command(home, *arguments)
    return subprocess.run(told["args"], env=told["env"], capture_output=True, text=True, check=False, timeout=300)  # type: ignore[call-overload,no-any-return]


def held(home: Path, folder: str = "corpus") -> dict[str, str]:
    """Every file of the corpus, or of another folder of the home, by its hash."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((home / folder).rglob("*"))
        if path.is_file()
    }


def contents(home: Path) -> list[str]:
    """The hashes of a corpus without the file that names the others, whose names count the builds."""
    return sorted(digest for name, digest in held(home).items() if not name.endswith("index.json"))


def test_files_added_by_workers_make_the_corpus_of_one_process(
    cluster: Cluster, files: list[Path], alone: Path, tmp_path: Path
):
    run = corpus(tmp_path, "add", *map(str, files), *NAMING, "--scheduler", cluster.address)

    assert run.returncode == 0, run.stderr
    assert held(tmp_path) == held(alone)
    assert len(held(alone)) > 5


def test_a_worker_that_is_killed_while_it_embeds_costs_nothing(
    cluster: Cluster, files: list[Path], alone: Path, tmp_path: Path
):
    told = command(tmp_path, "add", *map(str, files), *NAMING, "--scheduler", cluster.address)
    running = subprocess.Popen(told["args"], env=told["env"], stderr=subprocess.PIPE, text=True)  # type: ignore[call-overload]
    journal = tmp_path / "cache" / "embeddings"
    while running.poll() is None and not any(path.stat().st_size for path in journal.glob("*.journal")):
        time.sleep(0.02)
    cluster.add()
    os.kill(cluster.workers[-2].pid, signal.SIGKILL)
    _, said = running.communicate(timeout=300)

    assert running.returncode == 0, said
    assert held(tmp_path) == held(alone)


@pytest.mark.parametrize(
    ("gone", "said_of_it"),
    [("scheduler", "went away before the work was done"), ("workers", "has lost its last worker")],
)
def test_a_cluster_that_goes_away_leaves_the_corpus_in_use_as_it_was(
    files: list[Path], alone: Path, tmp_path: Path, gone: str, said_of_it: str
):
    home, folder = tmp_path / "home", tmp_path / "cluster"
    folder.mkdir()
    with dask_cluster(folder, workers=1) as cluster:
        told = command(home, "add", *map(str, files), *NAMING, "--scheduler", cluster.address)
        told["args"] = [sys.executable, "-c", SOON, *told["args"][1:]]  # type: ignore[index]
        running = subprocess.Popen(told["args"], env=told["env"], stderr=subprocess.PIPE, text=True)  # type: ignore[call-overload]
        journal = home / "cache" / "embeddings"
        while running.poll() is None and not any(path.stat().st_size for path in journal.glob("*.journal")):
            time.sleep(0.02)
        (cluster.scheduler if gone == "scheduler" else cluster.workers[0]).kill()
        _, said = running.communicate(timeout=300)

    assert running.returncode == 4, "incomplete, can be gone on with"
    (told_once,) = [line for line in said.splitlines() if "scheduler" in line]
    assert said_of_it in told_once
    assert told_once.endswith("What was embedded is kept; the next time goes on from there.")
    assert "Traceback" not in said
    assert corpus(home, "list").returncode == 2  # no corpus was built
    assert corpus(home, "add", *map(str, files), *NAMING).returncode == 0  # and it goes on from what was embedded
    assert contents(home) == contents(alone)


def test_decided_letters_are_read_and_embedded_by_workers_to_the_same_collection(cluster: Cluster, tmp_path: Path):
    letters = tmp_path / "letters"
    letters.mkdir()
    for number in range(20):
        header = HEADER_2016.replace("CM16-0999001", f"CM16-{number:07d}")
        letter = section_letter(LetterItem(heading=f"MRI number {number} of the wrist"), header=header)
        (letters / f"{number:02d}.txt").write_text(letter, encoding="utf-8")
    one, other = tmp_path / "one", tmp_path / "other"
    runs = [
        corpus(one, "add-decided", str(letters), "--json"),
        corpus(other, "add-decided", str(letters), "--json", "--scheduler", cluster.address),
    ]

    assert [run.returncode for run in runs] == [0, 0], runs[1].stderr
    assert runs[0].stdout == runs[1].stdout
    assert '"held":20' in runs[0].stdout
    assert held(one, "decided") == held(other, "decided")


def test_letters_are_not_added_where_the_scheduler_goes_away(tmp_path: Path):
    letters = tmp_path / "letters"
    letters.mkdir()
    for number in range(400):
        header = HEADER_2016.replace("CM16-0999001", f"CM16-{number:07d}")
        (letters / f"{number:03d}.txt").write_text(section_letter(header=header), encoding="utf-8")
    with dask_cluster(tmp_path, workers=1) as cluster:
        told = command(tmp_path / "home", "add-decided", str(letters), "--scheduler", cluster.address)
        running = subprocess.Popen(told["args"], env=told["env"], stderr=subprocess.PIPE, text=True)  # type: ignore[call-overload]
        while running.poll() is None and "Starting established connection" not in cluster.log.read_text():
            time.sleep(0.02)
        time.sleep(0.5)
        cluster.scheduler.kill()
        _, said = running.communicate(timeout=300)

    assert running.returncode in (2, 4), "2 where it went before the first letters were handed out"
    assert "Dask scheduler" in said
    kept = said.strip().endswith("What was embedded is kept; the next time goes on from there.")
    assert kept is (running.returncode == 4)
    assert "Traceback" not in said
    assert not list((tmp_path / "home").glob("decided/items.jsonl"))


def test_a_file_that_cannot_be_read_is_one_sentence_as_in_one_process(cluster: Cluster, tmp_path: Path):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.4 no guideline")

    run = corpus(tmp_path / "home", "add", str(broken), *NAMING, "--scheduler", cluster.address)

    assert run.returncode == 2
    assert run.stderr.strip().splitlines()[-1].startswith("broken.pdf")
    assert "Traceback" not in run.stderr
