"""Bad input through the real commands: one sentence with what and where, exit 2, no traceback, nothing half written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PROGRAMS = Path(sys.executable).parent
SAMPLE = REPOSITORY / "evals" / "samples" / "low-back-therapy.yaml"


def run(*command: str | Path, home: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program, *rest = map(str, command)
    environment = {"PATH": "/usr/bin:/bin", "DRAFTER_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [PROGRAMS / program, *rest],
        input=stdin,
        capture_output=True,
        env=environment,
        cwd=home,
        check=False,
        timeout=120,
    )


def refused(done: subprocess.CompletedProcess[bytes], *naming: str) -> None:
    said = done.stderr.decode()
    assert done.returncode == 2, (done.returncode, said)
    assert "Traceback" not in said
    assert done.stdout == b""
    folded = "".join(said.split())
    assert all("".join(name.split()) in folded for name in naming), said


FILES = {
    "empty.pdf": b"",
    "binary.pdf": bytes(range(256)) * 40,
    "cut.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
    "page.docx": b"PK\x03\x04 not a zip after all",
    "nul.txt": b"low back\0pain",
    "broken.yaml": b"case_number: [unclosed",
    "date.yaml": b"case_number: CM16-0000001\ncase_summary: x\ndates: {injury: 2016-02-31}\nitems: [{treatment: X}]",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("command", ["parse", "draft", "check"])
def test_a_file_that_cannot_be_read_is_refused_by_name(command: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(FILES[name])

    refused(run("drafter", command, name, home=tmp_path), name)


@pytest.mark.parametrize("command", ["parse", "check"])
def test_a_folder_without_letters_and_a_path_that_is_not_there_are_refused(command: str, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()

    refused(run("drafter", command, "none", home=tmp_path), "none")
    refused(run("drafter", command, "gone.pdf", home=tmp_path), "gone.pdf")


def test_a_text_of_fifty_megabytes_is_refused_before_it_is_read_through(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"low back pain. " * 3_500_000)

    refused(run("drafter", "parse", "long.txt", home=tmp_path), "long.txt")


def test_a_draft_without_a_corpus_says_how_to_build_one(tmp_path: Path) -> None:
    refused(run("drafter", "draft", SAMPLE, home=tmp_path), "guideline-corpus build")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--as-of", "yesterday"),
        ("--determination", "maybe"),
        ("--item", "9"),
        ("--model", "oracle"),
        ("--prompt", "x@9"),
    ],
)
def test_an_option_with_an_impossible_value_is_refused_by_name(option: str, value: str, corpus_home: Path) -> None:
    refused(run("drafter", "draft", SAMPLE, option, value, home=corpus_home), value)


def test_an_unknown_guideline_and_a_wrong_day_are_refused_by_search(corpus_home: Path) -> None:
    refused(run("guideline-corpus", "search", "mri", "--guideline", "no-such", home=corpus_home), "no-such")
    refused(run("guideline-corpus", "search", "mri", "--as-of", "2016-13-01", home=corpus_home), "2016-13-01")


def test_a_guideline_file_that_cannot_be_read_leaves_the_corpus_as_it_was(corpus_home: Path) -> None:
    (corpus_home / "bad.pdf").write_bytes(b"%PDF-1.4 cut")
    before = run("guideline-corpus", "list", "--json", home=corpus_home).stdout

    refused(run("guideline-corpus", "add", "bad.pdf", home=corpus_home), "bad.pdf")
    assert run("guideline-corpus", "list", "--json", home=corpus_home).stdout == before


def test_a_damaged_index_is_named_and_nothing_is_drafted_from_it(corpus_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "damaged"
    shutil.copytree(corpus_home, home)
    vectors = list(home.rglob("vectors.f32"))
    assert vectors
    for file in vectors:
        file.write_bytes(b"not a vector")

    refused(run("drafter", "draft", SAMPLE, home=home), "guideline-corpus build")


def test_a_case_on_standard_input_is_drafted_like_the_file(corpus_home: Path) -> None:
    piped = run("drafter", "draft", "-", "--json", home=corpus_home, stdin=SAMPLE.read_bytes())
    named = run("drafter", "draft", SAMPLE, "--json", home=corpus_home)

    assert piped.returncode == named.returncode in (0, 1)
    assert json.loads(piped.stdout)["drafts"] == json.loads(named.stdout)["drafts"]


def test_plain_text_with_a_treatment_named_is_drafted(corpus_home: Path) -> None:
    text = b"The worker is a 45-year-old male with low back pain. Examination showed normal strength."
    done = run("drafter", "draft", "-", "--treatment", "MRI of the lumbar spine", home=corpus_home, stdin=text)

    assert done.returncode in (0, 1), done.stderr
    assert b"MRI of the lumbar spine" in done.stdout
