"""Bringing cases in, one or five hundred: each file is read apart from the desk, opened, or refused with its reason.

The files are kept first and read after, a few at a time, so that whoever brought them sees how far it is and may go on
with something else. A desk that is stopped in the middle goes on when it starts, and leaves alone what another process
of it is reading; a file that became a case is known by its hash and never becomes two
(tests/integration/test_importing.py).
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal
from uuid import uuid4

from pydantic import SecretStr

from drafter.domain.case import Case
from drafter.domain.model import DomainModel
from drafter.domain.review.audit import new_entry
from drafter.domain.review.events import ImportRefused
from drafter.domain.review.imports import Import, ImportedFile
from drafter.domain.review.people import Account
from drafter.errors import DrafterError, PasswordNeeded, RecordError
from drafter.ports import Clock, RecordStore
from drafter.services.desk.opening import assign, open_case
from drafter.services.intake import with_treatments
from drafter.services.isolated_reading import NO_PASSWORD, is_case_file, read_isolated_case, records_named_by
from drafter.upload_ports import Uploads
from guideline_corpus.errors import CorpusError

AT_ONCE = 2
KEPT = timedelta(days=1)
_OF_PROXY = re.compile(r"[0-9a-f]{32}")
NOTHING_ADDED = "Nothing was added."
Reader = Callable[..., Case]
Why = Literal["unreadable", "known", "password"]


class AskedImport(DomainModel):
    """What was said along with the files; see `Import`."""

    received: date | None = None
    formulary_dispute: bool = False
    treatments: tuple[str, ...] = ()
    take: bool = False


class Importing:
    """Imports of this desk. `read` is replaced in tests that are not about reading."""

    def __init__(self, *, folder: Uploads, store: RecordStore, clock: Clock, read: Reader = read_isolated_case) -> None:
        self._folder, self._store, self._clock, self._read = folder, store, clock, read
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def begun(self, request_id: str, *, by: Account) -> Import | None:
        """The import that this very request began already, at a process that died over the answer; whatever of it
        nobody reads any more is read on here."""
        batch = self._folder.load(request_id)
        if batch is None or batch.by != by.account_id:
            return None
        if not batch.finished and self._folder.claim(batch.import_id):
            self._start(self._with_records(batch))
        return batch

    def begin(
        self, files: Sequence[tuple[str, BinaryIO]], asked: AskedImport, *, by: Account, request_id: str = ""
    ) -> Import:
        """Keeps the files and starts to read them. A proxy's `request_id` is the import's own, so that it is known
        again. Raises StorageFull and StoreUnavailable."""
        self._folder.forget(before=self._clock.now() - KEPT)
        import_id = self._claimed(request_id)
        kept = tuple(self._keep(import_id, name, content) for name, content in files)
        batch = Import(
            import_id=import_id,
            by=by.account_id,
            at=self._clock.now(),
            received=asked.received,
            formulary_dispute=asked.formulary_dispute,
            treatments=asked.treatments,
            assign_to=by.account_id if asked.take and by.has("reviewer") else None,
            files=kept,
        )
        self._folder.save(batch)
        self._start(self._with_records(batch))
        return batch

    def progress(self, import_id: str) -> Import | None:
        return self._folder.load(import_id)

    def unlock(self, import_id: str, file_id: str, password: SecretStr) -> Import | None:
        """Reads a locked file again with its password; the import then, or None where no such file is locked."""
        batch = self._folder.load(import_id)
        file = next((one for one in batch.of("locked") if one.file_id == file_id), None) if batch else None
        if batch is None or file is None:
            return None
        waiting = file.model_copy(update={"outcome": "waiting", "said": ""})
        batch = self._note(batch, waiting)
        self._folder.claim(import_id)
        self._submit(batch, waiting, password)
        return batch

    def give_up(self, import_id: str, file_id: str) -> Import | None:
        """Leaves a locked file out; the import then, or None where no such file is locked."""
        batch = self._folder.load(import_id)
        file = next((one for one in batch.of("locked") if one.file_id == file_id), None) if batch else None
        if batch is None or file is None:
            return None
        left_out = file.model_copy(update={"outcome": "refused", "said": f"Left out. {NOTHING_ADDED}"})
        return self._settled(self._note(batch, left_out))

    def resume(self) -> int:
        """Goes on with what was waiting when the desk was stopped, and no other process reads; how many files it is."""
        left = [batch for batch in self._folder.all() if not batch.finished and self._folder.claim(batch.import_id)]
        for batch in left:
            self._start(self._with_records(batch))
        return sum(len(batch.of("waiting")) for batch in left)

    def close(self) -> None:
        """What is being read is read to its end; what waits, waits for the next start."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
        self._folder.let_go_of_all()

    def _claimed(self, request_id: str) -> str:
        """The id of a new import, claimed before anything is kept: no other process takes it for one that nobody
        begins."""
        if _OF_PROXY.fullmatch(request_id) and self._folder.claim(request_id):
            return request_id
        import_id = uuid4().hex
        self._folder.claim(import_id)
        return import_id

    def _keep(self, import_id: str, name: str, content: BinaryIO) -> ImportedFile:
        file_id = uuid4().hex
        return ImportedFile(file_id=file_id, name=name, size=self._folder.put(import_id, file_id, content))

    def _start(self, batch: Import) -> None:
        for file in batch.of("waiting"):
            self._submit(batch, file, NO_PASSWORD)

    def _submit(self, batch: Import, file: ImportedFile, password: SecretStr) -> None:
        self._pool = self._pool or ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="import")
        self._pool.submit(self._read_one, batch, file, password)

    def _with_records(self, batch: Import) -> Import:
        """Documents that a case file of the import names are part of that case, and no cases of their own."""
        for file in batch.of("waiting"):
            for record in self._records_of(batch, file) if is_case_file(file.name) else ():
                for named in batch.of("waiting"):
                    if _last_part(named.name) == record:
                        said = f"A record of {file.name}."
                        batch = self._note(batch, named.model_copy(update={"outcome": "record", "said": said}))
        return batch

    def _records_of(self, batch: Import, file: ImportedFile) -> tuple[str, ...]:
        with self._at_hand(batch, file) as (path, beside):
            return records_named_by(path, name=file.name, beside=beside)

    @contextmanager
    def _at_hand(self, batch: Import, file: ImportedFile) -> Iterator[tuple[Path, Mapping[str, Path]]]:
        """The file on this machine, and those that came with it by the last part of their names."""
        with ExitStack() as kept:
            path = kept.enter_context(self._folder.brought(batch.import_id, file.file_id))
            others = {_last_part(one.name): one.file_id for one in batch.files if one.file_id != file.file_id}
            yield path, _Beside(others, lambda it: kept.enter_context(self._folder.brought(batch.import_id, it)))

    def _read_one(self, batch: Import, file: ImportedFile, password: SecretStr) -> None:
        try:
            became = self._opened(batch, file, password)
        except PasswordNeeded as error:
            became = self._locked(batch, file, error)
        except (DrafterError, CorpusError) as error:
            became = self._refused(batch, file, error)
        except Exception as error:  # noqa: BLE001 - one file must not stop the others
            logging.getLogger("drafter.web").error("import of a file failed: %s", type(error).__name__)
            said = f"An unforeseen fault of the program; import it again, and tell an administrator. {NOTHING_ADDED}"
            became = file.model_copy(update={"outcome": "refused", "said": said})
        self._settled(self._note(batch, became))

    def _settled(self, batch: Import) -> Import:
        """Drops the bytes that nobody will read again, once no file waits or is locked."""
        if batch.settled:
            for done in batch.files:
                self._folder.drop(batch.import_id, done.file_id)
        if batch.finished:
            self._folder.let_go(batch.import_id)
        return batch

    def _opened(self, batch: Import, file: ImportedFile, password: SecretStr) -> ImportedFile:
        with self._at_hand(batch, file) as (path, beside):
            found = self._read(path, name=file.name, beside=beside, password=password)
            data = path.read_bytes()
        case = _with_named_treatments(found, batch)
        opened = open_case(
            case,
            data=data,
            source_name=file.name,
            store=self._store,
            clock=self._clock,
            actor=batch.by,
            formulary_dispute=batch.formulary_dispute,
            received=batch.received,
        )
        said = " ".join(_sentence(notice.message) for notice in case.notices)
        if opened.known:
            self._record_refusal(batch, file, why="known")
            said = "The very same file is in the record already; nothing was added."
        elif batch.assign_to:
            self._assign(opened.case_id, batch.assign_to)
        changed = {
            "outcome": "known" if opened.known else "opened",
            "said": said,
            "case_id": opened.case_id,
            "case_number": case.case_number,
        }
        return file.model_copy(update=changed)

    def _assign(self, case_id: str, account_id: str) -> None:
        to = self._store.account(account_id=account_id)
        assign(case_id, to=to, store=self._store, actor=account_id, request_id=f"import {case_id}")

    def _locked(self, batch: Import, file: ImportedFile, error: PasswordNeeded) -> ImportedFile:
        self._record_refusal(batch, file, why="password")
        return file.model_copy(update={"outcome": "locked", "said": _said(error, file)})

    def _refused(self, batch: Import, file: ImportedFile, error: Exception) -> ImportedFile:
        if not isinstance(error, RecordError):
            self._record_refusal(batch, file, why="unreadable")
        return file.model_copy(update={"outcome": "refused", "said": f"{_said(error, file)} {NOTHING_ADDED}"})

    def _record_refusal(self, batch: Import, file: ImportedFile, *, why: Why) -> None:
        with self._folder.brought(batch.import_id, file.file_id) as path:
            data = path.read_bytes()
        event = ImportRefused(source_sha256=hashlib.sha256(data).hexdigest(), why=why)
        self._store.append(new_entry(event, actor=batch.by, request_id=f"{why} {file.file_id}"))

    def _note(self, batch: Import, file: ImportedFile) -> Import:
        """Writes down what became of a file; the import as it stands then."""
        with self._lock:
            after = (self._folder.load(batch.import_id) or batch).with_file(file)
            self._folder.save(after)
            return after


class _Beside(Mapping[str, Path]):
    """Files by name, each brought to this machine when it is asked for."""

    def __init__(self, file_ids: Mapping[str, str], bring: Callable[[str], Path]) -> None:
        self._file_ids, self._bring = file_ids, bring

    def __getitem__(self, name: str) -> Path:
        return self._bring(self._file_ids[name])

    def __contains__(self, name: object) -> bool:
        return name in self._file_ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._file_ids)

    def __len__(self) -> int:
        return len(self._file_ids)


def _said(error: Exception, file: ImportedFile) -> str:
    """What an error says, without the name of the file, beside which it is shown."""
    return _sentence(str(error).removeprefix(file.name).lstrip(" :,"))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _with_named_treatments(case: Case, batch: Import) -> Case:
    return case if case.items else with_treatments(case, batch.treatments)


def _last_part(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name
