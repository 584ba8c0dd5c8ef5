"""Composition root of the review desk: its parts, chosen and joined; beside `bootstrap`, which does so for a draft."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from drafter.adapters.attempts import Attempts, Windows
from drafter.adapters.audit_program import AuditProgram
from drafter.adapters.clock import SystemClock
from drafter.adapters.drafting_threads import DraftingThreads
from drafter.adapters.evaluation_program import EvaluationProgram
from drafter.adapters.import_folder import ImportFolder
from drafter.adapters.letter_export.docx import letter_docx
from drafter.adapters.letter_export.pdf import letter_pdf
from drafter.adapters.passwords import Passwords
from drafter.adapters.second_factor import SecondFactor, UsedCodes
from drafter.adapters.unsearchable_items import UnsearchableItems
from drafter.adapters.used_flows import UsedFlows, UsedFlowsHere
from drafter.bootstrap import App, open_app, record_database
from drafter.domain.health import Part
from drafter.domain.watching import UNWATCHED
from drafter.errors import SettingInvalid
from drafter.operation_bootstrap import log_to_standard_error, open_health, operation
from drafter.ports import Clock, DecidedSearch, DraftingJobs, EvaluationCases, RecordStore, Watch
from drafter.prompt_desk import PromptDesk, open_prompt_desk
from drafter.services.access.accounts import Accounts
from drafter.services.access.quotas import Quotas
from drafter.services.access.sign_in import SessionLimits, SignIn
from drafter.services.access.sign_on import SignOn
from drafter.services.desk.auditing import Auditing
from drafter.services.desk.drafting_work import drafting_work
from drafter.services.desk.exporting import ExportKind, Printer, letter_json
from drafter.services.desk.importing import Importing
from drafter.services.desk.journal import opened_with
from drafter.services.desk.workbench import Workbench
from drafter.services.health import HealthCheck, Probe
from drafter.settings import DeskSettings, Settings
from drafter.sign_on_settings import AccessSettings, SignOnSettings
from drafter.upload_ports import Uploads
from guideline_corpus.errors import CorpusError, NoDecidedItems

if TYPE_CHECKING:
    from drafter.adapters.drafting_queue import DraftingQueue

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


@dataclass(frozen=True, kw_only=True)
class DeskParts:
    """What the desk is made of. `secure` where it is reached over https; `first_code` opens the first-run page, None
    where there is an account already; `hosts` are the names by which the desk answers; `process` is the number that the
    system knows this process by; `at_end` is done when the last request has been answered; `sign_on` is there where an
    identity provider is configured."""

    store: RecordStore
    clock: Clock
    accounts: Accounts
    sign_in: SignIn
    quotas: Quotas
    second_factor: SecondFactor
    importing: Importing
    settings: DeskSettings
    printers: Mapping[ExportKind, Printer]
    health: HealthCheck
    process: int
    sign_on: SignOn | None = None
    watch: Watch = UNWATCHED
    at_end: Callable[[], None] = lambda: None
    drafts_with: Workbench | None = None
    drafting: DraftingJobs | None = None
    prompts: PromptDesk | None = None
    evaluation: EvaluationCases | None = None
    decided: DecidedSearch | None = None
    auditing: Auditing | None = None
    secure: bool = False
    hosts: tuple[str, ...] = LOOPBACK
    first_code: str | None = field(default=None, repr=False)

    @property
    def workbench(self) -> Workbench:
        """Raises LookupError where the desk was opened without one, as tests of its door do."""
        if self.drafts_with is None:
            raise LookupError("this desk was opened without a workbench")
        return self.drafts_with


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What processes of one desk count together; None: in the memory of this one, and with the limits of `Attempts`."""

    attempts: Attempts | None = None
    windows: Windows | None = None
    used_codes: UsedCodes | None = None
    used_flows: UsedFlows | None = None


def desk_parts(
    *,
    store: RecordStore,
    settings: DeskSettings,
    importing: Importing,
    access: AccessSettings | None = None,
    clock: Clock | None = None,
    passwords: Passwords | None = None,
    counts: Counts | None = None,
    workbench: Workbench | None = None,
    secure: bool = False,
    hosts: tuple[str, ...] = LOOPBACK,
) -> DeskParts:
    """The parts over a record store; what is not given is the real one. Whoever watches the workbench watches all."""
    watch = workbench.watch if workbench else UNWATCHED
    clock, passwords = clock or SystemClock(settings.time_zone), passwords or Passwords()
    access, counts = access or AccessSettings(), counts or Counts()
    second_factor = SecondFactor(counts.used_codes)
    limits = SessionLimits(
        idle=timedelta(minutes=settings.idle_minutes), absolute=timedelta(hours=settings.session_hours)
    )
    accounts = Accounts(store=store, passwords=passwords)
    sign_in = SignIn(
        store=store,
        clock=clock,
        passwords=passwords,
        second_factor=second_factor,
        attempts=counts.attempts or Attempts(windows=counts.windows),
        limits=limits,
        passwords_for=access.passwords_for,
    )
    return DeskParts(
        store=store,
        clock=clock,
        accounts=accounts,
        sign_in=sign_in,
        sign_on=_sign_on(access.sign_on, store=store, clock=clock, sign_in=sign_in, used=counts.used_flows),
        quotas=Quotas(access.quotas, windows=counts.windows),
        second_factor=second_factor,
        importing=importing,
        settings=settings,
        health=HealthCheck((_record_of(accounts),), clock=clock),
        process=os.getpid(),
        printers={"pdf": letter_pdf, "docx": letter_docx, "json": letter_json},
        drafts_with=workbench,
        drafting=DraftingThreads(drafting_work(store=store, workbench=workbench), clock=clock, watch=watch)
        if workbench
        else None,
        watch=watch,
        secure=secure,
        hosts=hosts,
        first_code=None if accounts.all() else first_code(),
    )


def open_desk(
    settings: Settings,
    *,
    secure: bool = False,
    hosts: tuple[str, ...] = LOOPBACK,
    watch: Watch = UNWATCHED,
) -> DeskParts:
    """The parts of the desk that the settings describe. Raises the errors of record store, retriever and model."""
    queue = open_drafting_queue(settings, watch=watch) if settings.desk.drafting == "queue" else None
    app = open_app(settings, watch=watch)
    decided = _decided(app)
    parts = desk_parts(
        store=app.records,
        settings=settings.desk,
        workbench=app.workbench(),
        access=settings.access,
        counts=_counted_together(settings),
        importing=open_importing(
            settings.imports_dir,
            store=app.records,
            clock=SystemClock(settings.desk.time_zone),
            address=settings.uploads_address,
        ),
        secure=secure,
        hosts=(*hosts, *settings.desk.hosts),
    )
    return replace(
        parts,
        prompts=open_prompt_desk(app, settings, store=app.records),
        decided=decided,
        drafting=queue or parts.drafting,
        health=open_health(app, settings, queue=queue, decided=decided),
        auditing=Auditing(AuditProgram(clock=SystemClock()), clock=SystemClock()),
        evaluation=EvaluationProgram(settings.home / "datasets" / "signed"),
    )


def _record_of(accounts: Accounts) -> Probe:
    """The one part that every desk has, over whichever record."""

    def look() -> Part:
        accounts.all()
        return Part(name="record")

    return Probe(name="record", look=look, needed=True)


def _counted_together(settings: Settings) -> Counts:
    """One count for all processes of a desk on PostgreSQL; in memory on SQLite, where there is one process."""
    if not settings.has_database_server:
        return Counts()
    from drafter.adapters.record_store.signing_in import SqlUsedCodes, SqlUsedFlows, SqlWindows

    database, clock = record_database(settings), SystemClock()
    return Counts(
        windows=SqlWindows(database, clock=clock),
        used_codes=SqlUsedCodes(database),
        used_flows=SqlUsedFlows(database, clock=clock),
    )


def _sign_on(
    told: SignOnSettings | None, *, store: RecordStore, clock: Clock, sign_in: SignIn, used: UsedFlows | None
) -> SignOn | None:
    """Sign-on by the organisation's provider, where one is configured; it is asked for nothing yet.

    Raises SettingInvalid where the libraries for it are missing.
    """
    if told is None:
        return None
    try:
        from drafter.adapters.identity_provider import OidcProvider, ProviderAsked
    except ModuleNotFoundError:
        raise SettingInvalid(
            "Sign-on needs the extra `scale`; install imr-drafter[scale], or unset DRAFTER_OIDC_ISSUER."
        ) from None
    asked = ProviderAsked(
        issuer=told.issuer,
        client_id=told.client_id,
        secret=told.secret,
        scopes=told.scopes,
        login_claim=told.login_claim,
        groups_claim=told.groups_claim,
    )
    return SignOn(
        name=told.name,
        provider=OidcProvider(asked, clock=clock),
        by_group=told.groups,
        store=store,
        clock=clock,
        sign_in=sign_in,
        used=used or UsedFlowsHere(clock=clock),
    )


def open_drafting_queue(settings: Settings, *, watch: Watch = UNWATCHED) -> DraftingQueue:
    """The queue of drafts in the record's database. Raises SettingInvalid where there is none, StoreUnavailable."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    if settings.desk.drafting != "queue" or not settings.has_database_server:
        raise SettingInvalid(
            "The desk drafts in its own process; for a queue with workers name a PostgreSQL database in "
            "DRAFTER_DATABASE_URL and set DRAFTER_DRAFTING=queue, for the desk and for each `drafter work`."
        )
    try:
        from drafter.adapters.drafting_queue import DraftingQueue
    except ModuleNotFoundError:
        raise SettingInvalid(
            "A queue of drafts needs the extra `scale`; install imr-drafter[scale], or unset DRAFTER_DRAFTING."
        ) from None
    return DraftingQueue(url, watch=watch)


def run_drafting_worker(
    settings: Settings,
    *,
    at_once: int,
    lost_after: float,
    tell: Callable[[str], None],
    metrics_port: int | None = None,
) -> None:
    """Does jobs of the queue until the process is told to stop; `tell` is given where from, once that begins, and where
    its metrics are read.

    Raises SettingInvalid, StoreUnavailable, and the errors of record store, retriever and model.
    """
    log_to_standard_error(settings, process="worker")
    with operation(settings, process="worker", metrics=metrics_port is not None) as watched:
        queue = open_drafting_queue(settings, watch=watched.watch)
        app = open_app(settings, watch=watched.watch)
        work = drafting_work(store=app.records, workbench=app.workbench())
        where = watched.serve_metrics(
            open_health(app, settings, queue=queue), model=app.model, jobs=queue, port=metrics_port
        )
        tell(opened_with(app.records) + (f"; metrics at {where}" if where else ""))
        try:
            queue.run_worker(work, at_once=at_once, lost_after=lost_after)
        finally:
            queue.close()


def open_importing(folder: Path, *, store: RecordStore, clock: Clock, address: str | None = None) -> Importing:
    """Imports, whose files wait in the folder, or in an object store by its address, and their locks in the folder.

    Raises SettingInvalid for an address that cannot be used.
    """
    uploads: Uploads
    if address is None:
        uploads = ImportFolder(folder)
    else:
        from drafter.adapters.import_bucket import ImportBucket

        uploads = ImportBucket(address, claims=folder)
    return Importing(folder=uploads, store=store, clock=clock)


def open_accounts(settings: Settings) -> Accounts:
    """The accounts of the desk alone, without what it drafts with. Raises the errors of the record store."""
    return Accounts(store=open_app(settings).records, passwords=Passwords())


def _decided(app: App) -> DecidedSearch | None:
    """Search over decided items, None where none were added; damaged ones keep no desk from opening."""
    try:
        return app.decided
    except NoDecidedItems:
        return None
    except CorpusError as damaged:
        return UnsearchableItems(str(damaged))


def first_code() -> str:
    """What only who started the desk can know: 48 bits in groups of four."""
    return "-".join(secrets.token_hex(2) for _ in range(3))
