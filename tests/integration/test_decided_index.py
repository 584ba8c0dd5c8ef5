"""The decided items on disk: added whole or not at all, never searched through an index that does not fit."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from guideline_corpus.decided import opening, store
from guideline_corpus.decided.opening import add_decided, open_similar
from guideline_corpus.decided.store import decided_folder, items_path, open_items
from guideline_corpus.embedding import FakeEmbedder, Vectors
from guideline_corpus.errors import DecidedInvalid
from guideline_corpus.settings import CorpusSettings
from tests.conftest import REPOSITORY


class Counting(FakeEmbedder):
    def __init__(self) -> None:
        super().__init__()
        self.documents = 0

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.documents += len(texts)
        return super().embed_documents(texts)


def lines(count: int, *, first: int = 0, outcome: str = "upheld") -> str:
    return "".join(
        json.dumps(
            {
                "case_number": f"CM16-{number:07}",
                "dates": {"decision": f"2016-11-{number % 28 + 1:02}"},
                "items": [{"number": 1, "treatment": f"Acupuncture, {number} visits", "determination": outcome}],
            }
        )
        + "\n"
        for number in range(first, first + count)
    )


@pytest.fixture
def home(tmp_path: Path) -> CorpusSettings:
    return CorpusSettings(home=tmp_path / "home")


@pytest.fixture
def added(home: CorpusSettings, tmp_path: Path) -> Callable[..., FakeEmbedder]:
    """Adds lines to the home, and returns the embedder that was used."""

    def add(text: str, embedder: FakeEmbedder | None = None) -> FakeEmbedder:
        (tmp_path / "lines.jsonl").write_text(text, encoding="utf-8")
        used = embedder or Counting()
        add_decided(home, [tmp_path / "lines.jsonl"], embedder=used)
        return used

    return add


def kept_bytes(home: CorpusSettings) -> dict[str, bytes]:
    folder = decided_folder(home.home)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def index_of(home: CorpusSettings) -> Path:
    (index,) = decided_folder(home.home).glob("index-*")
    return index


def first_found(home: CorpusSettings, embedder: FakeEmbedder | None = None) -> str:
    result = open_similar(home, embedder=embedder or FakeEmbedder()).similar("Acupuncture, 5 visits", limit=1)
    return result.results[0].decided_item.case_number


def test_texts_are_embedded_when_they_are_added_and_never_again(home: CorpusSettings, added: Callable[..., Counting]):
    assert added(lines(20)).documents == 20
    assert added(lines(25)).documents == 5

    searching = Counting()
    assert first_found(home, searching) == "CM16-0000005"
    assert searching.documents == 0


@pytest.mark.parametrize("name", ["vectors.npy", "decided.npy", "abouts.json", "stems.txt", "place.npy"])
@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_an_index_that_is_not_the_one_that_was_written_is_made_anew(
    home: CorpusSettings, added: Callable[..., Counting], name: str, damage: str
):
    added(lines(30))
    before = kept_bytes(home)
    file = index_of(home) / name
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(content if damage == "changed" else content[:-3])

    assert first_found(home) == "CM16-0000005"
    assert kept_bytes(home) == before


def test_items_that_were_changed_behind_the_back_of_the_program_are_refused(
    home: CorpusSettings, added: Callable[..., Counting]
):
    added(lines(30))
    text = items_path(home.home).read_text("utf-8")
    items_path(home.home).write_text(text.replace("CM16-0000005", "CM16-9999999"), "utf-8")

    for ask in (lambda: first_found(home), lambda: added(lines(1, first=70))):
        with pytest.raises(DecidedInvalid, match="is not the file that was written.*delete the folders"):
            ask()

    shutil.rmtree(index_of(home))
    assert first_found(home) == "CM16-9999999"


def test_an_index_by_another_model_is_not_searched_and_one_without_weights_serves_words(
    home: CorpusSettings, added: Callable[..., Counting]
):
    added(lines(30))
    other = Counting()
    other.model_id = "another-model"

    assert first_found(home, other) == "CM16-0000005"
    assert other.documents == 30


def test_texts_read_by_another_release_are_read_anew(
    home: CorpusSettings, added: Callable[..., Counting], monkeypatch: pytest.MonkeyPatch
):
    added(lines(10))
    old = index_of(home).name
    monkeypatch.setattr(opening, "reading_id", lambda: "another release")

    assert first_found(home) == "CM16-0000005"
    assert index_of(home).name != old


def test_the_same_items_give_the_same_bytes_however_they_were_added(
    tmp_path: Path, home: CorpusSettings, added: Callable[..., Counting], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store, "SORTED_AT_ONCE", 7)
    added(lines(20, first=30))
    added(lines(40, outcome="overturned"))
    added(lines(40))
    once = CorpusSettings(home=tmp_path / "once")
    (tmp_path / "all.jsonl").write_text(lines(50), encoding="utf-8")

    add_decided(once, [tmp_path / "all.jsonl"], embedder=FakeEmbedder())

    assert kept_bytes(home) == kept_bytes(once)


@pytest.mark.long
def test_several_processes_give_the_bytes_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "MANY", 1)
    (tmp_path / "lines.jsonl").write_text(lines(300), encoding="utf-8")
    homes = [CorpusSettings(home=tmp_path / name) for name in ("one", "two")]

    for jobs, one in enumerate(homes, start=1):
        add_decided(one, [tmp_path / "lines.jsonl"], jobs=jobs)

    first, second = map(kept_bytes, homes)
    assert first == second
    assert any(name.endswith("vectors.npy") for name in first)


def test_what_cannot_be_read_in_the_middle_of_a_file_adds_nothing(home: CorpusSettings, added: Callable[..., Counting]):
    added(lines(10))
    before = kept_bytes(home)

    with pytest.raises(DecidedInvalid, match=r"line 6"):
        added(lines(5, first=10) + "{\n")

    assert kept_bytes(home) == before


def test_items_without_a_single_word_are_kept_and_found(home: CorpusSettings, added: Callable[..., Counting]):
    added(lines(1).replace("Acupuncture, 0 visits", "-"))

    assert first_found(home) == "CM16-0000000"


def test_a_damaged_file_of_items_is_told(home: CorpusSettings, added: Callable[..., Counting]):
    added(lines(3))
    items_path(home.home).write_bytes(items_path(home.home).read_bytes()[:-20])

    with pytest.raises(DecidedInvalid, match="was damaged"):
        open_similar(home, embedder=FakeEmbedder())


ADDING = """
import sys, time
from pathlib import Path
from guideline_corpus.decided.opening import add_decided
from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.settings import CorpusSettings


class Slow(FakeEmbedder):
    def embed_documents(self, texts):
        time.sleep(0.05)
        print(len(texts), flush=True)
        return super().embed_documents(texts)


add_decided(CorpusSettings(home=Path(sys.argv[1])), [Path(sys.argv[2])], embedder=Slow())
print("done", flush=True)
"""


def adding(home: Path, file: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", ADDING, str(home), str(file)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.long
def test_adding_that_was_killed_leaves_the_collection_as_it_was_and_goes_on_where_it_stopped(
    tmp_path: Path, home: CorpusSettings, added: Callable[..., Counting]
):
    added(lines(10))
    before = kept_bytes(home)
    file = tmp_path / "many.jsonl"
    file.write_text(lines(1000, first=10), encoding="utf-8")
    counted = 0

    for _ in range(3):
        process = adding(home.home, file)
        assert process.stdout is not None
        for _ in range(3):
            counted += int(process.stdout.readline())
        time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        counted += sum(int(line) for line in process.communicate(timeout=60)[0].split())
        held = open_items(home.home)
        assert held is not None
        assert len(held) == 10
        assert {name: content for name, content in kept_bytes(home).items() if name in before} == before

    last = adding(home.home, file)
    told, _ = last.communicate(timeout=120)
    assert told.endswith("done\n")
    counted += sum(int(line) for line in told.split()[:-1])
    held = open_items(home.home)
    assert held is not None
    assert len(held) == 1010
    assert 1000 <= counted <= 1000 + 3 * 64
    assert not [path for path in decided_folder(home.home).iterdir() if "part" in path.name or "adding" in path.name]


def test_vectors_lie_in_the_order_of_the_rows(home: CorpusSettings, added: Callable[..., Counting]):
    added(lines(30))
    index, items = index_of(home), open_items(home.home)
    assert items is not None

    places = np.load(index / "place.npy")
    expected = FakeEmbedder().embed_documents([items[int(place)].treatment for place in places])

    assert np.array_equal(np.load(index / "vectors.npy"), expected)
