"""An audit of letters that lie elsewhere: a folder by its address, a web server on loopback, memory, a list."""

from __future__ import annotations

import functools
import json
import shutil
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.remote_files import RemoteFile
from drafter.cli.checking_run import Asked, run_check
from drafter.errors import InputUnreadable, NothingToRead
from drafter.services.audit_inputs import audit_inputs, listed_names
from tests.conftest import REPOSITORY
from tests.letter_factories import LetterItem, as_pdf, section_letter

WITH_RECORD = """case_number: CM99-0000007
case_summary: The worker has pain of the right knee.
items:
  - number: 1
    treatment: MRI of the right knee
records:
  - record_id: report
    file: records/report.txt
  - record_id: note
    file: note.txt
"""


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder with a sample, a published letter in PDF, and a case file whose records lie in it and below it."""
    folder = tmp_path / "letters"
    (folder / "records").mkdir(parents=True)
    shutil.copy(REPOSITORY / "evals" / "samples" / "knee-mri.yaml", folder)
    (folder / "letter.pdf").write_bytes(as_pdf(section_letter(LetterItem())))
    (folder / "with-record.yaml").write_text(WITH_RECORD, encoding="utf-8")
    (folder / "records" / "report.txt").write_text("The knee is swollen.", encoding="utf-8")
    (folder / "note.txt").write_text("The knee gives way.", encoding="utf-8")
    (folder / "other.json").write_text('{"settings": 1}', encoding="utf-8")
    (folder / "read me.md").write_text("no letter", encoding="utf-8")
    return folder


@pytest.fixture
def web(letters: Path) -> Iterator[str]:
    """The address of a web server that shows the folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=letters.parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def in_memory(letters: Path) -> Iterator[str]:
    from fsspec.implementations.memory import MemoryFileSystem

    system = MemoryFileSystem()
    system.put(str(letters), "/bucket/letters", recursive=True)
    yield "memory://bucket/letters"
    system.rm("/bucket", recursive=True)


def printed(capsys: pytest.CaptureFixture[str], *names: str, **asked: Any) -> tuple[int, str, str]:
    told: dict[str, Any] = {"as_json": True, "jobs": 1, "least": "note", "report": None, "resume": False} | asked
    code = run_check(Asked(names=names, **told))
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize("place", ["file", "web", "memory"])
def test_a_folder_elsewhere_is_audited_as_one_on_this_machine(
    place: str, letters: Path, web: str, in_memory: str, capsys: pytest.CaptureFixture[str]
):
    address = {"file": letters.as_uri(), "web": f"{web}/letters", "memory": in_memory}[place]
    code, local, _ = printed(capsys, str(letters))

    assert printed(capsys, address)[:2] == (code, local.replace(f"{letters}/", f"{address}/"))
    assert [json.loads(line)["items"] for line in local.splitlines()] == [1, 1, 1]


def test_a_single_letter_is_read_from_a_web_server_by_several_processes(web: str, capsys: pytest.CaptureFixture[str]):
    names = [f"{web}/letters/letter.pdf", f"{web}/letters/knee-mri.yaml", f"{web}/letters/with-record.yaml"]

    assert printed(capsys, *names, jobs=2)[1] == printed(capsys, *names)[1] != ""


def test_a_list_names_files_folders_and_addresses(
    letters: Path, web: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    listed = tmp_path / "places.txt"
    listed.write_text(f"# letters of spring\n{letters}\n\n{web}/letters/letter.pdf\n", encoding="utf-8")

    _, out, _ = printed(capsys, listed_in=str(listed))

    assert [json.loads(line)["path"] for line in out.splitlines()] == [
        f"{letters}/knee-mri.yaml", f"{letters}/letter.pdf", f"{letters}/with-record.yaml", f"{web}/letters/letter.pdf"
    ]  # fmt: skip


def test_an_audit_of_letters_elsewhere_goes_on_with_its_log(
    letters: Path, in_memory: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    report = tmp_path / "audit.html"
    _, first, _ = printed(capsys, in_memory, report=report)
    log = report.with_suffix(".jsonl").read_bytes()

    assert printed(capsys, in_memory, report=report, resume=True)[1] == first
    assert report.with_suffix(".jsonl").read_bytes() == log


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere://bucket/letters", "nowhere://bucket/letters is no address that can be read"),
        ("memory://no/such/folder", "There is nothing at memory://no/such/folder; correct the address"),
        ("http://127.0.0.1:9/letters", r"http://127.0.0.1:9/letters cannot be read (ClientConnectorError)"),
        ("zip://a.yaml::memory://b.zip", "zip://a.yaml::memory://b.zip names a place within another"),
        (
            "dropbox://letters",
            "dropbox://letters needs a package that is not installed; run `pip install fsspec[dropbox]`",
        ),
    ],
)
def test_a_wrong_address_is_one_sentence(name: str, sentence: str, capsys: pytest.CaptureFixture[str]):
    code, out, err = printed(capsys, name)

    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err


def test_a_letter_that_is_not_there_is_told_and_the_others_are_audited(web: str, capsys: pytest.CaptureFixture[str]):
    code, out, err = printed(capsys, f"{web}/letters/gone.pdf", f"{web}/letters/letter.pdf")

    assert code == 2
    assert f"There is nothing at {web}/letters/gone.pdf; correct the address" in err
    assert [bool(json.loads(line).get("error")) for line in out.splitlines()] == [True, False]


def test_without_fsspec_the_sentence_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)

    with pytest.raises(InputUnreadable, match=r"which needs fsspec; run `pip install imr-drafter\[scale\]`"):
        list(audit_inputs(["s3://bucket/letters"]))


def test_a_list_that_names_nothing_is_refused(tmp_path: Path):
    (tmp_path / "places.txt").write_text("# none yet\n", encoding="utf-8")

    with pytest.raises(NothingToRead, match="lists nothing"):
        listed_names(str(tmp_path / "places.txt"))


def test_a_record_outside_the_folder_is_not_fetched(in_memory: str, capsys: pytest.CaptureFixture[str]):
    from fsspec.implementations.memory import MemoryFileSystem

    outside = WITH_RECORD.replace("note.txt", "../note.txt")
    MemoryFileSystem().pipe_file("/bucket/letters/outside.yaml", outside.encode())
    MemoryFileSystem().pipe_file("/bucket/note.txt", b"not for this case")

    code, _, err = printed(capsys, f"{in_memory}/outside.yaml")

    assert code == 2
    assert "it lies outside the case file's folder" in err


def test_the_name_of_a_file_leaves_out_what_a_query_adds():
    assert RemoteFile("https://example.org/a/letter.pdf?version=2").suffix == ".pdf"
