"""An audit shared by the workers of a real Dask scheduler on loopback: the same bytes as one process, also where a
worker is killed, and no letter missing or twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from drafter.errors import SchedulerUnavailable
from drafter.services.checking import check_all, load_guidelines
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.long

PROGRAMS = Path(sys.executable).parent
SAMPLES = REPOSITORY / "evals" / "samples"


class Cluster(NamedTuple):
    """A scheduler and its workers. `environment` is what they were started with."""

    address: str
    workers: list[subprocess.Popen[bytes]]
    environment: dict[str, str]

    def add(self) -> None:
        command = [str(PROGRAMS / "dask"), "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        self.workers.append(subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), "HOME": str(tmp_path)}
    command = [str(PROGRAMS / "dask"), "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert scheduler.stderr is not None
    address = ""
    for line in scheduler.stderr:
        if found := re.search(r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)", line):
            address = found[1]
            break
    assert address, "the scheduler did not start"
    made = Cluster(address=address, workers=[], environment=environment)
    yield made
    for worker in made.workers:
        worker.kill()
        worker.wait()
    scheduler.kill()
    scheduler.wait()
    scheduler.stderr.close()


def letters_in(folder: Path, *, many: int) -> list[Path]:
    """The project's samples, varied: another case number each, and one sentence more or less."""
    random = Random(11)
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.yaml"))]
    made = []
    for number in range(many):
        text = re.sub(r"(?m)^case_number: .*$", f"case_number: CM99-{number:07d}", random.choice(texts))
        path = folder / f"{number:05d}.yaml"
        path.write_text(text.replace("file:", "title:") if "file:" in text else text, encoding="utf-8")
        made.append(path)
    return made


def audited(paths: list[Path], home: Path, scheduler: str | None = None) -> Iterator[str]:
    guidelines = load_guidelines(home)
    return (checked.model_dump_json() for checked in check_all(paths, guidelines=guidelines, scheduler=scheduler))


def test_two_workers_give_the_same_bytes_as_one_process(cluster: Cluster, tmp_path: Path):
    paths = letters_in(tmp_path, many=60)
    cluster.add()
    cluster.add()

    assert list(audited(paths, tmp_path, cluster.address)) == list(audited(paths, tmp_path))


def test_workers_that_are_killed_cost_no_letter_and_no_letter_comes_twice(cluster: Cluster, tmp_path: Path):
    paths, random = letters_in(tmp_path, many=120), Random(5)
    cluster.add()
    cluster.add()
    moments = set(random.sample(range(10, 110), 10))
    found = []
    for number, line in enumerate(audited(paths, tmp_path, cluster.address)):
        found.append(line)
        if number in moments:
            cluster.add()  # whoever replaces it is on the way before it goes
            os.kill(cluster.workers[-2].pid, signal.SIGKILL)
            time.sleep(0.05)

    assert found == list(audited(paths, tmp_path))


def test_an_address_at_which_nobody_answers_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drafter.adapters.dask_workers.WAIT_SECONDS", 1)
    paths = letters_in(tmp_path, many=1)

    with pytest.raises(SchedulerUnavailable, match="No Dask scheduler answers at tcp://127.0.0.1:1 "):
        list(audited(paths, tmp_path, "tcp://127.0.0.1:1"))
