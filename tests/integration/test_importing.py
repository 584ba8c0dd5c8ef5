"""Bringing cases in through the desk: what becomes of sound files, bad ones, hostile ones and the same one twice.

Files are read as in use, in a child process.
"""

from __future__ import annotations

import io
import threading
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fpdf import FPDF

from drafter.adapters.import_folder import ImportFolder
from drafter.domain.case import Case
from drafter.domain.review.imports import Import, ImportedFile
from drafter.domain.review.people import Account
from drafter.errors import StorageFull
from drafter.services.desk.importing import AskedImport, Importing
from tests.conftest import REPOSITORY
from tests.factories import make_case
from tests.hostile_pdf import bomb, page_of
from tests.web_factories import Browser, Desk

SAMPLES = REPOSITORY / "evals" / "samples"
CASE_FILE = b"""
case_number: INVENTED-1
case_summary: The worker is a 40-year-old who strained the low back. MRI was requested.
items:
  - treatment: MRI of the lumbar spine
"""


def printed(*pages: str, encrypt: str | None = None) -> bytes:
    """A PDF of these pages, an empty one where a page is only an image."""
    pdf = FPDF()
    pdf.set_font("helvetica", size=11)
    for page in pages:
        pdf.add_page()
        if page:
            pdf.multi_cell(0, 6, page)
    if encrypt:
        pdf.set_encryption(owner_password="owner", user_password=encrypt)
    return bytes(pdf.output())


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def reviewer(desk: Desk) -> Account:
    return desk.person("reviewer")


def brought(desk: Desk, browser: Browser, *files: tuple[str, bytes], **fields: Any) -> Import:
    """The import of these files, once every one is read."""
    data = {"csrf": browser.token("/import"), **fields}
    sent = [("files", (name, content)) for name, content in files]
    answer = browser.client.post("/import", data=data, files=sent or None, headers={"Origin": browser.origin})
    assert answer.status_code == 303, answer.text
    import_id = answer.headers["location"].rpartition("/")[2]
    for _ in range(1200):
        batch = desk.parts.importing.progress(import_id)
        assert batch
        if batch.finished:
            return batch
        time.sleep(0.05)
    raise AssertionError("the import did not end")


def refusal(desk: Desk, reviewer: Account, name: str, content: bytes) -> str:
    """The one sentence by which a file is refused; nothing else came of it."""
    browser = desk.browser(reviewer)
    (file,) = brought(desk, browser, (name, content)).files
    assert file.outcome == "refused", file
    assert not list(desk.store.entries(actions=("case-opened",)))
    assert len(list(desk.store.entries(actions=("import-refused",)))) == 1
    assert file.said.endswith("Nothing was added.")
    return file.said


def test_files_of_every_kind_become_cases_with_a_date_by_which_they_are_due(desk: Desk, reviewer: Account):
    browser = desk.browser(reviewer)
    files = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.glob("*.yaml"))]

    batch = brought(desk, browser, *files, received="2016-11-01", take="true")

    assert [file.outcome for file in batch.files] == ["opened"] * 3
    page = browser.get("/cases").text
    for number in ("SAMPLE-KNEE", "SAMPLE-LOW-BACK", "SAMPLE-NECK"):
        assert number in page
    assert "12/01/2016" in page
    state = desk.store.state(batch.files[0].case_id or "")
    assert state is not None
    assert (state.assigned_to, state.received.isoformat()) == (reviewer.account_id, "2016-11-01")
    assert state.case.items[0].determination is None, "a published outcome never comes in"


def test_pasted_text_is_a_case_with_the_treatments_named_beside_it(desk: Desk, reviewer: Account):
    text = "The worker is a 40-year-old with low back pain."

    batch = brought(
        desk, desk.browser(reviewer), text=text, treatments="MRI of the lumbar spine\n\nAcupuncture, 6 visits"
    )

    state = desk.store.state(batch.files[0].case_id or "")
    assert state is not None
    assert [item.treatment for item in state.case.items] == ["MRI of the lumbar spine", "Acupuncture, 6 visits"]


def test_a_formulary_dispute_is_due_in_five_working_days(desk: Desk, reviewer: Account):
    batch = brought(
        desk, desk.browser(reviewer), ("a.yaml", CASE_FILE), received="2016-11-04", formulary_dispute="true"
    )

    state = desk.store.state(batch.files[0].case_id or "")
    assert state is not None
    assert (state.pace, state.due.isoformat()) == ("formulary", "2016-11-14")


def test_documents_that_a_case_file_names_come_along_with_it(desk: Desk, reviewer: Account):
    case_file = CASE_FILE + b"records:\n  - title: MRI report\n    file: records/mri.pdf\n"

    batch = brought(
        desk, desk.browser(reviewer), ("case.yaml", case_file), ("mri.pdf", printed("No disc herniation is seen."))
    )

    case, record = batch.files
    assert (case.outcome, record.outcome) == ("opened", "record")
    state = desk.store.state(case.case_id or "")
    assert state is not None
    assert "No disc herniation" in state.case.records[0].pages[0].text


@pytest.mark.bad_input(15)
def test_the_same_file_twice_is_one_case_and_is_told(desk: Desk, reviewer: Account):
    browser = desk.browser(reviewer)
    first = brought(desk, browser, ("a.yaml", CASE_FILE)).files[0]

    again = brought(desk, browser, ("b.yaml", CASE_FILE)).files[0]

    assert again.outcome == "known"
    assert "in the record already" in again.said
    assert again.case_id == first.case_id
    assert len(list(desk.store.entries(actions=("case-opened",)))) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.pdf", b"", "File has no content (0 bytes)"),
        ("noise.pdf", bytes(range(128, 256)) * 40, "Not a PDF"),
        ("scan.pdf", printed("", "", ""), "3 pages have no text: pages 1-3 need OCR or manual entry"),
        ("cut.pdf", printed("Low back pain. " * 200)[:700], "Damaged after upload or at source"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or encrypted Word file"),
        ("loop.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj\n%%EOF", "."),
        ("wrong.yaml", b"case_number: X\nitems:\n  - treatment: MRI\n    citedd: []\n", "citedd: no such key"),
        ("summary.txt", b"The worker has low back pain.", "Names no treatment in dispute"),
        ("many.jsonl", b'{"case_number": "A"}\n', "holds many cases"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_nothing_is_added(
    desk: Desk, reviewer: Account, name: str, content: bytes, said: str
):
    sentence = refusal(desk, reviewer, name, content)

    assert said.lower() in sentence.lower()
    assert "\n" not in sentence
    assert "Traceback" not in sentence


def test_a_zip_that_swells_is_refused_as_such(desk: Desk, reviewer: Account):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"\0" * 120_000_000)

    assert "Unpacks to more than 100 MB" in refusal(desk, reviewer, "swells.docx", packed.getvalue())


def test_pages_without_text_are_named_one_by_one(desk: Desk, reviewer: Account):
    letter = printed("The worker has low back pain.", "", "An MRI was requested.", "")

    batch = brought(desk, desk.browser(reviewer), ("file.pdf", letter), treatments="MRI of the lumbar spine")

    assert batch.files[0].said.startswith("2 pages have no text: pages 2, 4 need OCR or manual entry")


@pytest.mark.bad_input(9)
@pytest.mark.bad_input(10)
@pytest.mark.long
@pytest.mark.parametrize("filters", ["/FlateDecode", "/FlateDecode/FlateDecode"])
def test_a_bomb_is_refused_in_time_while_the_desk_goes_on(desk: Desk, reviewer: Account, filters: str):
    stream = bomb(1_200_000_000)
    content = page_of(zlib.compress(stream, 9) if filters.count("/") == 2 else stream, filters)
    browser, slowest = desk.browser(reviewer), 0.0
    began = time.monotonic()
    data = {"csrf": browser.token("/import")}
    answer = browser.client.post(
        "/import", data=data, files=[("files", ("bomb.pdf", content))], headers={"Origin": browser.origin}
    )
    import_id = answer.headers["location"].rpartition("/")[2]
    while not (batch := desk.parts.importing.progress(import_id)) or not batch.finished:
        asked = time.monotonic()
        assert browser.get("/cases").status_code == 200
        slowest = max(slowest, time.monotonic() - asked)
        assert time.monotonic() - began < 100
        time.sleep(0.2)

    assert batch.files[0].outcome == "refused"
    assert slowest < 2


@pytest.mark.bad_input(11)
@pytest.mark.long
def test_twenty_thousand_pages_are_refused_before_they_are_read(desk: Desk, reviewer: Account):
    writer = pypdf.PdfWriter()
    for _ in range(20_000):
        writer.add_blank_page(72, 72)
    held = io.BytesIO()
    writer.write(held)

    assert "limit 1,500 pages; split the file" in refusal(desk, reviewer, "long.pdf", held.getvalue())


@pytest.mark.bad_input(14)
@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.yaml", "..\\evil.yaml", "a\u202egnp.yaml", "x" * 400 + ".yaml", "<b>bold</b>.yaml", "CON.yaml"],
)
def test_whatever_a_file_is_called_it_is_kept_under_an_id_and_shown_as_text(desk: Desk, reviewer: Account, name: str):
    browser = desk.browser(reviewer)

    batch = brought(desk, browser, (name, CASE_FILE))

    assert batch.files[0].outcome == "opened"
    page = browser.get(f"/imports/{batch.import_id}").text
    assert "<b>bold</b>" not in page
    assert "\u202e" not in page
    assert "x" * 300 not in page


def test_a_file_over_the_limit_is_refused_and_nothing_of_the_import_is_kept(reviewer: Account, desk: Desk):
    small = Desk(upload_mb=1)
    browser = small.browser(small.person("reviewer"))
    data = {"csrf": browser.token("/import")}
    files = [("files", ("a.yaml", CASE_FILE)), ("files", ("large.pdf", b"%PDF-" + b"0" * 1_100_000))]

    answer = browser.client.post("/import", data=data, files=files, headers={"Origin": browser.origin})

    assert answer.status_code == 422
    assert "large.pdf is larger than 1 MB" in answer.text
    assert not list(small.store.entries(actions=("case-opened",)))


def test_an_import_over_its_limit_is_not_even_parsed():
    small = Desk(batch_mb=1)
    browser = small.browser(small.person("reviewer"))
    data = {"csrf": browser.token("/import")}

    answer = browser.client.post(
        "/import", data=data, files=[("files", ("a.pdf", b"0" * 1_200_000))], headers={"Origin": browser.origin}
    )

    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.text


def test_nothing_chosen_and_nothing_pasted_is_told(desk: Desk, reviewer: Account):
    answer = desk.browser(reviewer).post("/import", on="/import")

    assert answer.status_code == 422
    assert "Choose one or more files, or paste a text." in answer.text


def test_an_import_is_shown_to_whoever_began_it_alone(desk: Desk, reviewer: Account):
    batch = brought(desk, desk.browser(reviewer), ("a.yaml", CASE_FILE))

    assert desk.browser(desk.person("reviewer")).get(f"/imports/{batch.import_id}").status_code == 404


def test_a_desk_that_was_stopped_goes_on_with_what_was_waiting(desk: Desk, reviewer: Account, tmp_path: Path):
    folder = ImportFolder(tmp_path)
    import_id, ids = "a" * 32, ("b" * 32, "c" * 32)
    for file_id in ids:
        folder.put(import_id, file_id, io.BytesIO(file_id.encode()))
    waiting = tuple(ImportedFile(file_id=file_id, name=f"{file_id[0]}.yaml", size=1) for file_id in ids)
    folder.save(Import(import_id=import_id, by=reviewer.account_id, at=desk.clock.now(), files=waiting))
    importing = Importing(folder=folder, store=desk.store, clock=desk.clock, read=lambda *_, **__: make_case())

    assert importing.resume() == 2
    while not (batch := folder.load(import_id)) or not batch.finished:
        time.sleep(0.01)
    importing.close()

    assert [file.outcome for file in batch.files] == ["opened", "opened"]
    assert not folder.file(import_id, ids[0]).exists(), "what was read is not kept twice"


def test_what_one_process_of_the_desk_reads_another_leaves_alone(desk: Desk, reviewer: Account, tmp_path: Path):
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object, **__: object) -> Case:
        begun.set()
        go_on.wait(10)
        return make_case()

    def unexpected(*_: object, **__: object) -> Case:
        raise AssertionError("read by two")

    first, second = (
        Importing(folder=ImportFolder(tmp_path), store=desk.store, clock=desk.clock, read=read)
        for read in (slow, unexpected)
    )
    batch = first.begin([("a.yaml", io.BytesIO(CASE_FILE))], AskedImport(), by=reviewer)

    assert begun.wait(10)
    assert second.resume() == 0
    go_on.set()
    first.close()
    assert [file.outcome for file in (first.progress(batch.import_id) or batch).files] == ["opened"]
    assert second.resume() == 0


def test_full_storage_keeps_nothing_and_says_so(desk: Desk, reviewer: Account, monkeypatch: pytest.MonkeyPatch):
    browser = desk.browser(reviewer)
    data = {"csrf": browser.token("/import")}

    def full(*_: object, **__: object) -> None:
        raise StorageFull("Storage is full; nothing of this import was kept.")

    monkeypatch.setattr(ImportFolder, "put", full)
    answer = browser.client.post(
        "/import", data=data, files=[("files", ("a.yaml", CASE_FILE))], headers={"Origin": browser.origin}
    )

    assert answer.status_code == 507
    assert "Storage is full" in answer.text
