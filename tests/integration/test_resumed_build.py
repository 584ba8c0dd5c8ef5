"""A build that was killed: nothing is lost or done twice, and the corpus is that of a build that was not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.indexing import embedded_text
from guideline_corpus.journal import CHUNK
from guideline_corpus.versions import current_version, load_corpus
from tests.conftest import REPOSITORY

SECTIONS = 900
WITHIN = 60.0
BUILD = """
import sys, time
from pathlib import Path
from guideline_corpus import opening
from guideline_corpus.build import search_indexer
from guideline_corpus.adding import add_files
from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.naming import Naming
from guideline_corpus.settings import CorpusSettings

home, guideline, pause = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])


class Slow(FakeEmbedder):
    def embed_documents(self, texts):
        time.sleep(pause)
        print(len(texts), flush=True)
        return super().embed_documents(texts)


assert hasattr(opening, "configured_embedder")
opening.configured_embedder = lambda settings: (Slow(), None)
naming = Naming(guideline="Invented Guideline", edition="2016", rung=3)
add_files(home, [guideline], naming, index=search_indexer(CorpusSettings(home=home)))
print("done", flush=True)
"""


@pytest.fixture
def guideline(tmp_path: Path) -> Path:
    parts = ["# Invented Guideline\n\nHow it is to be used.\n"]
    parts += [
        f"## Section {number}\n\nRule {number} of this invented guideline asks for {number} findings.\n"
        for number in range(SECTIONS)
    ]
    file = tmp_path / "invented.md"
    file.write_text("\n".join(parts), encoding="utf-8")
    return file


def start(home: Path, guideline: Path, *, pause: float) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "DRAFTER_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(home), str(guideline), str(pause)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def counted(lines: str) -> int:
    return sum(int(line) for line in lines.split() if line.isdigit())


def test_a_build_killed_in_the_middle_goes_on_where_it_stopped(tmp_path: Path, guideline: Path):
    home, whole = tmp_path / "home", tmp_path / "whole"
    undisturbed = start(whole, guideline, pause=0.0)
    out, err = undisturbed.communicate(timeout=WITHIN)
    assert out.endswith("done\n"), err
    needed = counted(out)

    killed = start(home, guideline, pause=0.15)
    assert killed.stdout is not None
    for _ in range(4):
        killed.stdout.readline()
    killed.send_signal(signal.SIGKILL)
    rest, _ = killed.communicate(timeout=WITHIN)
    before = 4 * CHUNK + counted(rest)
    assert current_version(home) is None
    assert before < needed

    begun = time.monotonic()
    resumed = start(home, guideline, pause=0.0)
    out, err = resumed.communicate(timeout=WITHIN)

    assert out.endswith("done\n"), err
    assert time.monotonic() - begun < WITHIN
    again = before + counted(out) - needed
    assert 0 <= again <= CHUNK, "more than the one chunk in hand was embedded twice"
    assert current_version(home) == current_version(whole)
    assert vectors_in(home) == vectors_in(whole)


def test_every_passage_of_the_resumed_build_has_its_own_vector(tmp_path: Path, guideline: Path):
    killed = start(tmp_path, guideline, pause=0.1)
    assert killed.stdout is not None
    killed.stdout.readline()
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=WITHIN)
    start(tmp_path, guideline, pause=0.0).communicate(timeout=WITHIN)

    corpus = load_corpus(tmp_path)
    sections = [passage.section for passage in corpus.passages if passage.section.startswith("Section")]
    assert sections == [f"Section {number}" for number in range(SECTIONS)]
    expected = FakeEmbedder().embed_documents([embedded_text(passage) for passage in corpus.passages])
    stored = np.frombuffer(vectors_in(tmp_path), dtype="<f4").reshape(len(corpus.passages), -1)
    assert np.allclose(stored, expected)


def vectors_in(home: Path) -> bytes:
    (file,) = load_corpus(home).folder.glob("index/vectors-*/vectors.f32")
    return file.read_bytes()
