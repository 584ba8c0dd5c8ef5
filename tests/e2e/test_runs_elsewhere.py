"""Runs of evaluation shared by the workers of a real Dask scheduler on loopback: the same bytes as in one process, no
call made twice, and a worker that differs is refused."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evals.benchmarks.dask_processes import Cluster, dask_cluster
from tests.conftest import REPOSITORY
from tests.eval_places import EvalPlace
from tests.model_server import STATEMENT, ModelServer, later, reply

pytestmark = pytest.mark.long

CASES = 12
SOUND = STATEMENT | {"text": "Low back pain was reported on 10/05/2016."}
WRONG = STATEMENT | {"text": "The worker took methadone 900 mg on 1/1/2001."}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, corpus_home: Path) -> EvalPlace:
    return EvalPlace(tmp_path_factory.mktemp("place"), corpus_home, cases=CASES)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with dask_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as made:
        yield made


def written(place: EvalPlace, out: str) -> dict[str, bytes]:
    """What a run left behind, without the times that calls took."""
    names = ("results.jsonl", "summary.json", "run.json")
    return {name: (place.folder / out / name).read_bytes() for name in names}


def whole(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("stage", ["retrieve", "draft", "check"])
def test_a_run_by_workers_leaves_the_same_bytes(place: EvalPlace, cluster: Cluster, stage: str):
    whole(place("run", "set", "--stage", stage, "--out", f"{stage}-here", "--repeats", "2"))
    elsewhere = ("--out", f"{stage}-there", "--repeats", "2", "--scheduler", cluster.address)
    whole(place("run", "set", "--stage", stage, *elsewhere))

    assert written(place, f"{stage}-there") == written(place, f"{stage}-here")


@pytest.mark.parametrize("stage", ["draft", "reply"])
def test_replies_are_asked_here_once_and_make_the_same_rows(place: EvalPlace, cluster: Cluster, stage: str):
    shutil.rmtree(place.home / "cache" / "prompts", ignore_errors=True)
    with ModelServer(reply(SOUND)) as server:
        whole(place.run(f"{stage}-asked", "--scheduler", cluster.address, "--fresh", stage=stage, url=server.url))
        asked = len(server.bodies)
        whole(place.run(f"{stage}-cached", stage=stage, url=server.url))
        whole(place.run(f"{stage}-again", "--scheduler", cluster.address, stage=stage, url=server.url))

    assert asked == len(server.bodies) == place.items
    assert written(place, f"{stage}-again") == written(place, f"{stage}-cached")
    assert "k-secret" not in cluster.log.read_text(encoding="utf-8")


def test_a_reply_that_has_to_be_repaired_is_asked_for_in_two_rounds(place: EvalPlace, cluster: Cluster):
    with ModelServer(reply(WRONG)) as server:
        options = ("--fresh", "--concurrency", "4")
        whole(place.run("repaired", "--scheduler", cluster.address, *options, url=server.url))
        asked = len(server.bodies)
        whole(place.run("repaired-here", url=server.url))

    assert asked == len(server.bodies) == 2 * place.items
    assert drafts(place, "repaired") == drafts(place, "repaired-here")


def test_recorded_replies_are_waited_for_and_read_by_workers(place: EvalPlace, cluster: Cluster):
    told = ("run", "set", "--stage", "draft", "--model", "replay:replies", "--scheduler", cluster.address)
    waiting = place(*told, "--out", "replayed")
    pending = sorted((place.folder / "replies" / "pending").glob("*.json"))
    for path in pending:
        answer = {"reply": {"item": json.loads(path.read_text(encoding="utf-8"))["item"], "statements": [SOUND]}}
        (place.folder / "replies" / path.name).write_text(json.dumps(answer), encoding="utf-8")
    whole(place(*told, "--out", "replayed", "--resume"))

    assert waiting.returncode == 4, waiting.stderr
    assert len(pending) == place.items == len(place.rows("replayed"))


def drafts(place: EvalPlace, out: str) -> list[Any]:
    return [row["draft"]["statements"] for row in place.rows(out)]


def test_a_worker_that_is_killed_costs_no_row_and_no_second_call(place: EvalPlace, cluster: Cluster):
    with ModelServer(later(0.2, reply(SOUND))) as server:
        command = place.command(
            *place.options("killed", "--scheduler", cluster.address, "--fresh", "--concurrency", "2"), url=server.url
        )
        running = subprocess.Popen(**command, stderr=subprocess.PIPE)
        while len(server.bodies) < 6 and running.poll() is None:
            time.sleep(0.02)
        cluster.add()
        os.kill(cluster.workers[0].pid, signal.SIGKILL)
        _, said = running.communicate(timeout=120)

    assert running.returncode == 0, said
    assert len(server.bodies) == place.items
    assert len({(row["case_number"], row["item"]) for row in place.rows("killed")}) == place.items


def test_a_scheduler_that_goes_away_leaves_a_run_that_goes_on(place: EvalPlace, tmp_path: Path):
    with dask_cluster(tmp_path, workers=1) as cluster, ModelServer(later(0.3, reply(SOUND))) as server:
        command = place.command(
            *place.options("left", "--scheduler", cluster.address, "--fresh", "--concurrency", "2"), url=server.url
        )
        running = subprocess.Popen(**command, stderr=subprocess.PIPE)
        while len(place.lines("left")) < 4 and running.poll() is None:
            time.sleep(0.02)
        cluster.scheduler.kill()
        _, said = running.communicate(timeout=120)
        resumed = place.run("left", "--resume", "--fresh", url=server.url)

    assert running.returncode == 4
    assert "went away before the work was done" in said
    assert "--resume goes on" in said
    assert "Traceback" not in said
    assert resumed.returncode == 0, resumed.stderr
    assert len(server.bodies) == place.items
    assert len(place.rows("left")) == place.items


def test_a_worker_with_other_code_is_refused_in_one_sentence(place: EvalPlace, tmp_path: Path):
    for name in ("drafter", "evals", "guideline_corpus", "prompts"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "evals" / "metrics" / "scoring.py").open("a", encoding="utf-8") as other:
        other.write("# another release\n")
    with dask_cluster(tmp_path, workers=0) as cluster:
        cluster.environment["PYTHONPATH"] = str(tmp_path)
        cluster.add()
        run = place("run", "set", "--stage", "retrieve", "--out", "refused", "--scheduler", cluster.address)
        scored = place("rescore", "retrieve-here", "--scheduler", cluster.address)

    assert (run.returncode, scored.returncode) == (2, 2)
    assert "A worker of the scheduler has another metrics than this machine" in run.stderr
    assert "A worker of the scheduler scores by other code" in scored.stderr


@pytest.mark.parametrize("stage", ["draft", "retrieve"])
def test_a_run_is_scored_again_by_workers_to_the_same_bytes(place: EvalPlace, cluster: Cluster, stage: str):
    shutil.copytree(place.folder / f"{stage}-here", place.folder / f"{stage}-scored")
    whole(place("rescore", f"{stage}-here", "--concurrency", "2"))
    whole(place("rescore", f"{stage}-scored", "--scheduler", cluster.address))

    assert written(place, f"{stage}-scored") == written(place, f"{stage}-here")


def test_scoring_again_that_loses_its_scheduler_goes_on_and_the_run_is_meanwhile_as_it_was(
    place: EvalPlace, tmp_path: Path
):
    for name in ("lost", "never-lost"):
        shutil.copytree(place.folder / "draft-here", place.folder / name)
        rows = place.lines(name)
        many = [json.dumps(json.loads(row) | {"repeat": repeat}) + "\n" for repeat in range(60) for row in rows]
        (place.folder / name / "results.jsonl").write_text("".join(many), encoding="utf-8")
    before, part = place.lines("lost"), place.folder / "lost" / "scores.part"
    with dask_cluster(tmp_path, workers=1) as cluster:
        command = place.command("rescore", "lost", "--scheduler", cluster.address)
        running = subprocess.Popen(**command, stderr=subprocess.PIPE)
        while running.poll() is None and not (part.exists() and len(part.read_bytes().splitlines()) > 40):
            time.sleep(0.01)
        cluster.scheduler.kill()
        _, said = running.communicate(timeout=120)

    assert running.returncode == 4, said
    (line,) = said.strip().splitlines()
    assert "went away before the work was done" in line
    assert line.endswith("What was scored is kept; the next time goes on from there.")
    assert place.lines("lost") == before
    assert len(part.read_bytes().splitlines()) > 40
    whole(place("rescore", "lost"))
    whole(place("rescore", "never-lost"))
    assert written(place, "lost") == written(place, "never-lost")
    assert not part.exists()
