"""An audit shared by the workers of a real Dask scheduler on loopback: the same bytes as one process, also where a
worker is killed, and no letter missing or twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from drafter.services.checking import check_all, load_guidelines
from evals.benchmarks.dask_processes import PROGRAMS, Cluster, dask_cluster
from guideline_corpus.errors import SchedulerLost, SchedulerUnavailable, SourceUnreadable
from guideline_corpus.shared_work import in_turn
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.long

SAMPLES = REPOSITORY / "evals" / "samples"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Two workers."""
    with dask_cluster(tmp_path, workers=2) as made:
        yield made


def letters_in(folder: Path, *, many: int) -> list[Path]:
    """The project's samples under other case numbers, in a folder `letters`."""
    random = Random(11)
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.yaml"))]
    made = []
    for number in range(many):
        text = re.sub(r"(?m)^case_number: .*$", f"case_number: CM99-{number:07d}", random.choice(texts))
        path = folder / "letters" / f"{number:05d}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        made.append(path)
    return made


def audited(paths: list[Path], home: Path, scheduler: str | None = None) -> Iterator[str]:
    guidelines = load_guidelines(home)
    return (checked.model_dump_json() for checked in check_all(paths, guidelines=guidelines, scheduler=scheduler))


def slowly(seconds: float) -> Callable[[int], int]:
    """The work of a unit for the tests: its number again, after a while; 7 cannot be read."""

    def work(number: int) -> int:
        time.sleep(seconds)
        if number == 7:
            raise SourceUnreadable("Number 7 cannot be read.")
        return number

    return work


def test_two_workers_give_the_same_bytes_as_one_process(cluster: Cluster, tmp_path: Path):
    paths = letters_in(tmp_path, many=60)

    assert list(audited(paths, tmp_path, cluster.address)) == list(audited(paths, tmp_path))


def test_letters_are_parsed_by_workers_to_the_same_bytes_and_what_cannot_be_read_is_told(
    cluster: Cluster, tmp_path: Path
):
    letters_in(tmp_path, many=40)
    (tmp_path / "letters" / "00020.yaml").write_text("case_nummer: 1\n", encoding="utf-8")

    def parsed(*options: str) -> tuple[int, str, str]:
        command = [str(PROGRAMS / "drafter"), "parse", "letters", "--json", *options]
        run = subprocess.run(
            command, env=cluster.environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return run.returncode, run.stdout, run.stderr

    alone = parsed()

    assert parsed("--scheduler", cluster.address) == alone == parsed("--jobs", "2")
    assert (alone[0], len(alone[1].splitlines())) == (2, 39)
    assert "letters/00020.yaml: items: missing" in alone[2]


def test_workers_that_are_killed_cost_no_letter_and_no_letter_comes_twice(cluster: Cluster, tmp_path: Path):
    paths, random = letters_in(tmp_path, many=240), Random(5)
    moments = set(random.sample(range(10, 220), 10))
    found = []
    for number, line in enumerate(audited(paths, tmp_path, cluster.address)):
        found.append(line)
        if number in moments:
            cluster.add()  # whoever replaces it is on the way before it goes
            os.kill(cluster.workers[-2].pid, signal.SIGKILL)
            time.sleep(0.05)

    assert found == list(audited(paths, tmp_path))


def test_a_run_goes_on_when_all_workers_were_lost_and_one_comes(tmp_path: Path):
    with dask_cluster(tmp_path, workers=1) as cluster:
        coming = in_turn(partial(slowly, 0.01), range(100, 200), scheduler=cluster.address)
        found = [next(coming) for _ in range(30)]
        cluster.workers[0].kill()
        cluster.workers[0].wait()
        time.sleep(0.5)
        cluster.add()

        assert [*found, *coming] == list(range(100, 200))


def test_what_a_unit_raises_is_raised_and_nothing_of_it_is_in_a_log(cluster: Cluster):
    coming = in_turn(partial(slowly, 0), iter(range(3, 50)), scheduler=cluster.address)

    with pytest.raises(SourceUnreadable, match=r"Number 7 cannot be read\."):
        list(coming)
    assert "Number 7" not in cluster.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_processes_of_this_machine_give_the_same_results(jobs: int):
    assert list(in_turn(partial(slowly, 0), range(10, 40), jobs=jobs)) == list(range(10, 40))


def test_a_scheduler_that_goes_away_ends_the_audit_in_one_sentence_with_whole_lines(cluster: Cluster, tmp_path: Path):
    paths = letters_in(tmp_path, many=400)
    command = [str(PROGRAMS / "drafter"), "check", str(paths[0].parent), "--json", "--scheduler", cluster.address]
    home = cluster.environment | {"DRAFTER_HOME": str(tmp_path / "home")}
    run = subprocess.Popen(command, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout is not None
    first = [run.stdout.readline() for _ in range(20)]
    cluster.scheduler.kill()
    rest, said = run.communicate(timeout=60)

    assert run.returncode == 4
    assert f"The Dask scheduler at {cluster.address} went away before the work was done" in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 2  # the first says that no corpus was built
    whole = "".join(first) + rest
    assert whole.endswith("\n")
    assert len(whole.splitlines()) < 400


def test_workers_that_all_go_away_for_good_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("guideline_corpus.dask_workers.WITHOUT_WORKERS_SECONDS", 1)
    with dask_cluster(tmp_path, workers=1) as cluster:
        coming = in_turn(partial(slowly, 0.05), range(100, 200), scheduler=cluster.address)
        next(coming)
        cluster.workers[0].kill()

        with pytest.raises(SchedulerLost, match="has lost its last worker"):
            list(coming)


def test_a_scheduler_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("guideline_corpus.dask_workers.WAIT_SECONDS", 1)
    with (
        dask_cluster(tmp_path, workers=0) as cluster,
        pytest.raises(SchedulerUnavailable, match=f"{cluster.address} has no worker; start one with `dask worker"),
    ):
        list(in_turn(partial(slowly, 0), range(3), scheduler=cluster.address))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "nowhere://127.0.0.1:1"])
def test_an_address_at_which_nobody_answers_is_named(address: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("guideline_corpus.dask_workers.WAIT_SECONDS", 1)

    with pytest.raises(SchedulerUnavailable, match=f"No Dask scheduler answers at {address} "):
        list(in_turn(partial(slowly, 0), range(3), scheduler=address))


def test_without_dask_the_sentence_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(SchedulerUnavailable, match=r"run `pip install imr-drafter\[scale\]`"):
        list(in_turn(partial(slowly, 0), range(3), scheduler="tcp://127.0.0.1:1"))
