from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from guideline_corpus import versions
from guideline_corpus.build import build_corpus
from guideline_corpus.edition_table import shipped_editions
from guideline_corpus.errors import CorpusDamaged, CorpusNotBuilt, UnknownPassage
from guideline_corpus.model import Passage
from guideline_corpus.versions import (
    activate,
    current_version,
    load_corpus,
    verify_version,
    version_files,
    write_version,
)
from tests.factories import make_passage


def build(home: Path, *passages: Passage) -> Path:
    version = write_version(home, version_files(passages, shipped_editions()))
    activate(home, version)
    return home / "corpus" / version


def test_a_built_corpus_is_read_back_as_it_was(tmp_path: Path):
    passage = make_passage()
    folder = build(tmp_path, passage)

    corpus = load_corpus(tmp_path)

    assert corpus.passages == (passage,)
    assert corpus.editions == shipped_editions()
    assert corpus.version == folder.name
    assert corpus.passage(passage.passage_id) == passage
    assert verify_version(folder) == ()


def test_the_same_content_has_the_same_version_in_every_home(tmp_path: Path):
    one = build(tmp_path / "one", make_passage())
    other = build(tmp_path / "a home with spaces", make_passage())

    assert one.name == other.name
    assert (one / "passages.jsonl").read_bytes() == (other / "passages.jsonl").read_bytes()


def test_the_starter_corpus_built_twice_has_the_same_version(tmp_path: Path):
    assert build_corpus(tmp_path / "one").version == build_corpus(tmp_path / "two").version


def test_another_word_is_another_version_and_the_old_one_stays(tmp_path: Path):
    before = build(tmp_path, make_passage())
    after = build(tmp_path, make_passage(text="Other words."))

    assert before != after
    assert load_corpus(tmp_path).version == after.name
    assert verify_version(before) == ()


def test_a_home_without_a_corpus_says_what_to_run(tmp_path: Path):
    with pytest.raises(CorpusNotBuilt, match="guideline-corpus build"):
        load_corpus(tmp_path)


def test_an_unknown_passage_is_named(tmp_path: Path):
    build(tmp_path, make_passage())

    with pytest.raises(UnknownPassage, match="no passage 'nowhere'"):
        load_corpus(tmp_path).passage("nowhere")


@pytest.mark.parametrize("name", ["passages.jsonl", "editions.json", "manifest.json"])
def test_a_changed_byte_is_found_and_the_file_named(tmp_path: Path, name: str):
    folder = build(tmp_path, make_passage())
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(bytes(content))

    assert any(name in problem for problem in verify_version(folder))
    with pytest.raises(CorpusDamaged, match=name):
        load_corpus(tmp_path)


@pytest.mark.parametrize("name", ["passages.jsonl", "editions.json", "manifest.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str):
    folder = build(tmp_path, make_passage())
    (folder / name).unlink()

    assert any(name in problem for problem in verify_version(folder))
    with pytest.raises(CorpusDamaged, match=name):
        load_corpus(tmp_path)


def test_a_file_that_nobody_built_is_named_but_an_index_may_lie_there(tmp_path: Path):
    folder = build(tmp_path, make_passage())
    (folder / "index").mkdir()
    (folder / "index" / "vectors").write_bytes(b"derived")
    (folder / "stray.txt").write_text("foreign", encoding="utf-8")

    assert verify_version(folder) == ("stray.txt does not belong to the version.",)


def test_building_again_repairs_a_damaged_version(tmp_path: Path):
    folder = build(tmp_path, make_passage())
    (folder / "passages.jsonl").write_bytes(b"")

    build(tmp_path, make_passage())

    assert verify_version(folder) == ()


KILLED = """
import os, signal, sys
from pathlib import Path
from guideline_corpus import versions
from guideline_corpus.edition_table import shipped_editions
from tests.factories import make_passage
home, fatal = Path(sys.argv[1]), int(sys.argv[2])
steps = 0
def counted(real):
    def step(*args, **kwargs):
        global steps
        steps += 1
        if steps == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return step
versions._write_durably = counted(versions._write_durably)
versions.os.replace = counted(versions.os.replace)
files = versions.version_files((make_passage(text="New words."),), shipped_editions())
versions.activate(home, versions.write_version(home, files))
"""


@pytest.mark.parametrize("fatal", range(1, 7))
def test_a_build_killed_at_any_step_leaves_the_old_version_active_or_the_new_one_whole(tmp_path: Path, fatal: int):
    before = build(tmp_path, make_passage())

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), str(fatal)],
        cwd=Path(versions.__file__).parent.parent,
        env={**os.environ, "PYTHONPATH": "."},
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert load_corpus(tmp_path).version == before.name
    after = build(tmp_path, make_passage(text="New words."))
    assert current_version(tmp_path) == after.name
    assert sorted(path.name for path in (tmp_path / "corpus").iterdir()) == sorted([before.name, after.name, "current"])
