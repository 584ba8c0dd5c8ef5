"""A PDF that opens with a password, at the desk: asked for in place, used once to read, and kept nowhere."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from drafter.adapters.import_folder import ImportFolder
from drafter.domain.review.imports import Import
from drafter.domain.review.people import Account
from drafter.services.desk.importing import Importing
from tests.integration.test_importing import CASE_FILE, brought, printed
from tests.web_factories import Browser, Desk

LETTER = "The worker has low back pain."
SECRET = "violet-harbour-9314"
pytestmark = pytest.mark.bad_input(5)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def reviewer(desk: Desk) -> Account:
    return desk.person("reviewer")


@pytest.fixture
def browser(desk: Desk, reviewer: Account) -> Browser:
    return desk.browser(reviewer)


def locked(desk: Desk, browser: Browser) -> Import:
    return brought(desk, browser, ("file.pdf", printed(LETTER, encrypt=SECRET)), treatments="MRI of the lumbar spine")


def given(desk: Desk, browser: Browser, batch: Import, password: str) -> Import:
    """The import once the file was read with this password."""
    here = f"/imports/{batch.import_id}"
    (file,) = batch.of("locked")
    answer = browser.post(f"{here}/files/{file.file_id}/password", on=here, password=password)
    assert answer.status_code == 303, answer.text
    for _ in range(600):
        after = desk.parts.importing.progress(batch.import_id)
        if after and after.finished:
            return after
        time.sleep(0.05)
    raise AssertionError("the file was not read")


def test_the_import_asks_for_the_password_in_place_and_reads_the_file_with_it(desk: Desk, browser: Browser):
    batch = locked(desk, browser)
    page = browser.get(f"/imports/{batch.import_id}").text

    assert batch.files[0].outcome == "locked"
    assert "Opens only with a password" in page
    assert 'type="password"' in page
    assert not list(desk.store.entries(actions=("case-opened",)))

    (file,) = given(desk, browser, batch, SECRET).files
    assert (file.outcome, file.said) == ("opened", "The file was read with its password, which was not kept.")
    state = desk.store.state(file.case_id or "")
    assert state is not None
    assert state.case.case_summary == LETTER


def test_a_wrong_password_is_asked_for_again(desk: Desk, browser: Browser):
    batch = given(desk, browser, locked(desk, browser), "another one")

    assert batch.files[0].outcome == "locked"
    assert batch.files[0].said == "Does not open with this password; try again."
    assert given(desk, browser, batch, SECRET).files[0].outcome == "opened"


def test_the_password_is_in_no_entry_file_page_or_log(
    desk: Desk, browser: Browser, reviewer: Account, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    batch = given(desk, browser, locked(desk, browser), SECRET)

    kept = b"".join(file.read_bytes() for file in Path(desk.imports).rglob("*") if file.is_file())
    assert SECRET.encode() not in kept
    assert not [entry for entry in desk.store.entries() if SECRET in repr(desk.store.event(entry))]
    assert SECRET not in caplog.text
    assert SECRET not in browser.get(f"/imports/{batch.import_id}").text


def test_a_record_that_a_case_file_names_may_be_locked_too(desk: Desk, browser: Browser):
    case_file = CASE_FILE + b"records:\n  - title: MRI report\n    file: mri.pdf\n"
    record = printed("No disc herniation is seen.", encrypt=SECRET)
    batch = brought(desk, browser, ("case.yaml", case_file), ("mri.pdf", record))

    assert [file.outcome for file in batch.files] == ["locked", "record"]
    after = given(desk, browser, batch, SECRET)
    state = desk.store.state(after.files[0].case_id or "")
    assert state is not None
    assert "No disc herniation" in state.case.records[0].pages[0].text


def test_a_locked_file_is_left_out_and_its_bytes_are_gone(desk: Desk, browser: Browser):
    batch = locked(desk, browser)
    here, file = f"/imports/{batch.import_id}", batch.files[0]

    assert browser.post(f"{here}/files/{file.file_id}/leave-out", on=here).status_code == 303
    after = desk.parts.importing.progress(batch.import_id)
    assert after is not None
    assert after.files[0].said == "Left out. Nothing was added."
    assert not ImportFolder(Path(desk.imports)).file(batch.import_id, file.file_id).exists()


def test_nobody_else_gives_a_password_for_it(desk: Desk, browser: Browser):
    batch = locked(desk, browser)
    path = f"/imports/{batch.import_id}/files/{batch.files[0].file_id}/password"

    assert desk.browser(desk.person("reviewer")).post(path, password=SECRET).status_code == 404
    assert browser.post(path.replace(batch.files[0].file_id, "0" * 32), password=SECRET).status_code == 404


def test_a_program_gives_the_password_too(desk: Desk, browser: Browser, reviewer: Account):
    batch = locked(desk, browser)
    path = f"/api/v1/imports/{batch.import_id}/files/{batch.files[0].file_id}/password"
    headers = {"X-CSRF-Token": browser.token("/account"), "Origin": browser.origin}

    answer = browser.client.post(path, json={"password": SECRET}, headers=headers)
    assert answer.status_code == 202
    assert SECRET not in answer.text
    while browser.get(f"/api/v1/imports/{batch.import_id}").json()["files"][0]["outcome"] == "waiting":
        time.sleep(0.05)
    assert desk.parts.importing.progress(batch.import_id).of("opened")  # type: ignore[union-attr]


def test_a_desk_that_starts_again_still_asks(desk: Desk, browser: Browser):
    batch = locked(desk, browser)
    again = Importing(folder=ImportFolder(Path(desk.imports)), store=desk.store, clock=desk.clock)

    assert again.resume() == 0
    (file,) = (again.progress(batch.import_id) or batch).files
    assert file.outcome == "locked"
