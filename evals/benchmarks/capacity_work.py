"""What one process of the desk gets done in so many seconds: the part of `capacity` that runs in processes of its own.

The services are called as pages and API call them, over the record store and the corpus as they are shipped; HTTP,
sign-in and pages are left out (`desk_load` has them). Several processes begin each part together.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
import uuid
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

from drafter.adapters.clock import SystemClock
from drafter.adapters.letter_export.pdf import letter_pdf
from drafter.bootstrap import App
from drafter.domain.case import Determination
from drafter.domain.draft import ItemDraft, Statement
from drafter.domain.model import DomainModel
from drafter.domain.review.people import SYSTEM, Account
from drafter.ports import RecordStore
from drafter.services.checking import open_check
from drafter.services.desk import answering
from drafter.services.desk.approving import approve, proof
from drafter.services.desk.deciding import decide, draft_items
from drafter.services.desk.editing import SentenceText, save_item
from drafter.services.desk.exporting import export
from drafter.services.desk.journal import case_state, item_state
from drafter.services.desk.opening import assign, declare_conflict, open_case
from drafter.services.desk.workbench import Workbench
from drafter.services.intake import read_case
from drafter.settings import settings_from

SAMPLE = Path(__file__).parents[1] / "samples" / "low-back-therapy.yaml"
EDITORS = 4  # people of one process who save at once
SAVES_A_CASE = 20
REASON = "Read again beside the record; what is found does not change the outcome."


class Place(DomainModel):
    """Where the work is done: a home with a corpus, the record's address, a folder of letters, who does it."""

    home: Path
    database: str
    letters: Path
    login: str
    seconds: float


class Done(DomainModel):
    """What one process did in the seconds of each part; `searches` in seconds each."""

    saves: int = 0
    checks: int = 0
    drafts: int = 0
    letters: int = 0
    searches: tuple[float, ...] = ()


def work(place: Place, together: Barrier, results: multiprocessing.SimpleQueue[Done]) -> None:
    """Every part, one after the other; for a process of its own."""
    app = App(settings_from({"DRAFTER_HOME": str(place.home), "DRAFTER_DATABASE_URL": place.database}))
    store, workbench = app.records, app.workbench()
    by = store.account(login=place.login)
    if by is None:
        raise LookupError(f"no account {place.login}")
    case_ids = [opened(store, workbench, by) for _ in range(EDITORS)]
    case = read_case(SAMPLE).without_reviewer_text()
    drafts = workbench.draft(case, determinations={1: "upheld"}, items=(), as_of=None, pins={})
    audit, treatments = open_check(app.guidelines, Path.cwd()), sorted(app.vocabulary.treatments)
    letters = sorted(place.letters.iterdir())
    searched: list[float] = []

    def search(number: int) -> None:
        began = time.perf_counter()
        workbench.search(f"{treatments[number % len(treatments)]} for the lumbar spine", as_of=None)
        searched.append(time.perf_counter() - began)

    parts: list[tuple[int, Callable[[int], object]]] = [
        (EDITORS, lambda number: save(case_ids[number % EDITORS], store=store, workbench=workbench, by=by)),
        (1, lambda number: workbench.findings(case, _typed(drafts, number))),
        (1, lambda number: workbench.draft(case, determinations={1: _side(number)}, items=(), as_of=None, pins={})),
        (1, lambda number: audit(letters[number % len(letters)])),
        (1, search),
    ]
    counts = [_repeated(act, threads=threads, seconds=place.seconds, together=together) for threads, act in parts]
    results.put(Done(saves=counts[0], checks=counts[1], drafts=counts[2], letters=counts[3], searches=tuple(searched)))


def opened(store: RecordStore, workbench: Workbench, by: Account) -> str:
    """A new case of this person, drafted."""
    data = uuid.uuid4().bytes
    made = open_case(
        read_case(SAMPLE), data=data, source_name="sample.yaml", store=store, clock=SystemClock(), actor=SYSTEM
    )
    assign(made.case_id, to=by, store=store, actor=SYSTEM, request_id=uuid.uuid4().hex)
    declare_conflict(made.case_id, clear=True, words="", store=store, by=by, request_id=uuid.uuid4().hex)
    draft_items(made.case_id, items=(), store=store, workbench=workbench, by=by, request_id=uuid.uuid4().hex)
    return made.case_id


def save(case_id: str, *, store: RecordStore, workbench: Workbench, by: Account) -> None:
    """One more revision, checked and on the disk: the sentences that stood there and another one at the end."""
    under = item_state(case_state(store, case_id), 1)
    kept = [SentenceText(text=one.statement.text, of=place) for place, one in enumerate(under.sentences)][:12]
    words = f"The file was read again on this point, reading {uuid.uuid4().hex[:10]}."
    save_item(
        case_id,
        1,
        [*kept, SentenceText(text=words, kind="reasoning")],
        parent=under.revision,
        store=store,
        workbench=workbench,
        by=by,
        request_id=uuid.uuid4().hex,
    )


def whole_case(store: RecordStore, workbench: Workbench, by: Account) -> None:
    """A case from its import to its signed PDF, with twenty saves on the way."""
    case_id = opened(store, workbench, by)
    for item in case_state(store, case_id).items:
        request_id = uuid.uuid4().hex
        decide(case_id, item.number, "upheld", store=store, workbench=workbench, by=by, request_id=request_id)
    for _ in range(SAVES_A_CASE):
        save(case_id, store=store, workbench=workbench, by=by)
    for way in proof(case_id, store=store, workbench=workbench, by=by).obstacles:
        if way.kind != "warning" or way.item is None or way.finding_key is None:
            raise LookupError(f"in the way of the signature: {way.message}")
        request_id = uuid.uuid4().hex
        answering.waive(case_id, way.item, way.finding_key, reason=REASON, store=store, by=by, request_id=request_id)
    seen = proof(case_id, store=store, workbench=workbench, by=by).fingerprint or ""
    today, request_id = SystemClock().today(), uuid.uuid4().hex
    approve(case_id, seen=seen, today=today, store=store, workbench=workbench, by=by, request_id=request_id)
    export(case_id, "pdf", printers={"pdf": letter_pdf}, store=store, by=by, request_id=uuid.uuid4().hex)


def _repeated(act: Callable[[int], object], *, threads: int, seconds: float, together: Barrier) -> int:
    """How often it was done, each of the threads again as soon as it was done; what was begun is finished."""
    together.wait()
    counts, until = [0] * threads, time.monotonic() + seconds

    def again(number: int) -> None:
        while time.monotonic() < until:
            act(number if threads > 1 else counts[number])
            counts[number] += 1

    running = [threading.Thread(target=again, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(counts)


def _typed(drafts: tuple[ItemDraft, ...], number: int) -> tuple[ItemDraft, ...]:
    """The drafts with one more sentence that nobody has checked yet."""
    typed = Statement(text=f"The file was read again on this point, reading {number}.", kind="reasoning")
    first = drafts[0].model_copy(update={"statements": (*drafts[0].statements, typed), "findings": ()})
    return (first, *drafts[1:])


def _side(number: int) -> Determination:
    return "upheld" if number % 2 else "overturned"
