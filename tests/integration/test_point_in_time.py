"""The record taken back to a moment between two backups: the commands of OPERATIONS.md, run as they stand there.

Cases are signed before and after the moment. What was signed before is there, what was signed after is not, and the
desk does not open the older record until it is told why.
"""

from __future__ import annotations

import os
import pwd
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.postgres import PostgresDatabase
from drafter.domain.review.events import Restored
from tests.conftest import IN_CI, REPOSITORY
from tests.fakes import TickingClock
from tests.postgres import BINARIES, MISSING, other_user
from tests.record_factories import fill_home, make_approved, make_places, recorded

HEADING = "### To a moment between two backups"
OLDER = 1  # exit code of `drafter audit verify` where it finds a fault
UNUSABLE = 2


def documented() -> list[list[str]]:
    """The commands of the section, block by block."""
    page = (REPOSITORY / "OPERATIONS.md").read_text(encoding="utf-8")
    section = page.split(HEADING)[1].split("\n## ")[0]
    blocks = re.findall(r"(?:^ {4}.*\n)+", section, flags=re.MULTILINE)
    return [[line.strip() for line in block.splitlines()] for block in blocks]


class Operator:
    """Whoever types the commands: those of the server as its user, those of the program as herself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.user = other_user() if os.geteuid() == 0 else None
        program = folder / "bin" / "drafter"
        program.parent.mkdir()
        program.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "from drafter.cli.main import main; main()" "$@"\n'
        )
        program.chmod(0o755)
        self.environment = {
            "PATH": f"{program.parent}:{BINARIES[-1].parent}:/usr/bin:/bin:/usr/sbin:/sbin",
            "PYTHONPATH": str(REPOSITORY),
            "DRAFTER_HOME": str(folder / "home"), "PGHOST": str(folder), "PGUSER": "owner",
            "DRAFTER_DATABASE_URL": self.address("desk"), "LC_ALL": "C.UTF-8",
        }  # fmt: skip

    def address(self, name: str) -> str:
        return f"postgresql://owner@/{name}?host={quote(str(self.folder), safe='')}"

    def types(self, line: str) -> tuple[int, str]:
        """The exit code and what was printed, to a file: a server that is started keeps hold of where it prints."""
        command = ["bash", "-c", line]
        if self.user and not line.startswith("drafter"):
            command = ["runuser", "-u", self.user, "--", *command]
        with tempfile.TemporaryFile("w+") as printed:
            done = subprocess.run(
                command, cwd=self.folder, env=self.environment, stdout=printed, stderr=printed, check=False, timeout=180
            )
            printed.seek(0)
            return done.returncode, printed.read()

    def does(self, line: str) -> str:
        code, printed = self.types(line)
        assert code == 0, f"{line}\n{printed}"
        return printed

    def follows(self, block: list[str], **own: str) -> None:
        """Types a block; the values that an `export` names are her own."""
        for line in block:
            if line.startswith("export "):
                names = re.findall(r"(\w+)=", line)
                assert set(names) == set(own), line
                self.environment |= own
            else:
                self.does(line)


@pytest.fixture
def operator() -> Iterator[Operator]:
    """With a server that runs from `PGDATA`, its settings in its own folder, and an empty database `desk`."""
    if not BINARIES:
        if IN_CI:
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="drafter-pitr-"))
    folder.chmod(0o755)
    operator = Operator(folder)
    if operator.user:
        os.chown(folder, pwd.getpwnam(operator.user).pw_uid, -1)
    data = folder / "data"
    operator.environment["PGDATA"] = str(data)
    try:
        operator.does("initdb -U owner -A trust -E UTF8 --locale=C.UTF-8")
        for setting in (f"unix_socket_directories = '{folder}'", "listen_addresses = ''", "fsync = off"):
            operator.does(f'echo "{setting}" >> $PGDATA/postgresql.conf')
        operator.does("pg_ctl -w -l $PGDATA/server.log start")
        operator.does("createdb desk")
        yield operator
    finally:
        for place in (data, folder / "moment"):
            if (place / "postmaster.pid").exists():
                operator.types(f"pg_ctl -D {place} -m immediate stop")
        shutil.rmtree(folder, ignore_errors=True)


def sign(operator: Operator, case_id: str) -> None:
    home = Path(operator.environment["DRAFTER_HOME"])
    database = PostgresDatabase(operator.environment["DRAFTER_DATABASE_URL"])
    store = open_record_store(database, clock=TickingClock(), checkpoints=make_places(home))
    store.append(recorded(make_approved(), f"{case_id} signed", case_id=case_id))
    store.close()


@pytest.mark.long
def test_the_record_goes_back_to_a_moment_and_is_opened_once_it_is_told_why(operator: Operator):
    once, back, told = documented()
    home, folder = Path(operator.environment["DRAFTER_HOME"]), operator.folder
    home.mkdir()
    fill_home(home, PostgresDatabase(operator.environment["DRAFTER_DATABASE_URL"]), rounds=3)
    places = {name: str(folder / name.lower()) for name in ("ARCHIVE", "BASE", "MOMENT")}
    operator.follows(once, PGDATA=operator.environment["PGDATA"], **places)
    sign(operator, "case-2")
    time.sleep(0.2)
    when = operator.does("psql -At -d postgres -c 'SELECT clock_timestamp()'").strip()
    time.sleep(0.2)
    sign(operator, "case-3")

    operator.follows(back, WHEN=when)

    verify, serve, backup, create, export, restore, again = told
    code, printed = operator.types(verify)
    assert (code, "record-older-than-checkpoint" in printed) == (OLDER, True), printed
    code, printed = operator.types(f"{serve} --port 0")
    assert (code, "is not opened" in printed) == (UNUSABLE, True), printed
    operator.does(backup)
    operator.does(create)
    assert export.startswith("export DRAFTER_DATABASE_URL=")
    operator.environment["DRAFTER_DATABASE_URL"] = operator.address("desk_again")
    operator.does(restore)
    assert "no faults" in operator.does(again)
    store = open_record_store(
        PostgresDatabase(operator.address("desk_again")), clock=TickingClock(), checkpoints=make_places(home)
    )
    signed = {case_id: store.state(case_id) for case_id in ("case-1", "case-2", "case-3")}
    restored = list(store.history(actions=("restored",)))
    store.close()
    assert {case_id: state.status for case_id, state in signed.items() if state} == {
        "case-1": "approved",
        "case-2": "approved",
        "case-3": signed["case-3"].status if signed["case-3"] else "",
    }
    assert signed["case-3"] is not None
    assert signed["case-3"].status != "approved"
    (event,) = [moment.event for moment in restored]
    assert isinstance(event, Restored)
    assert event.reason in restore
