"""PostgreSQL: the same record over a server, for a desk of many people and several programs.

One advisory lock stands for the head of the chain: whoever appends holds it until the commit, so that numbers have no
gaps and no two entries have one predecessor. A commit is on the server's disk before it is acknowledged
(`synchronous_commit = on`, whatever the server's default). Readers see one state of the database and change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError

from drafter.adapters.record_store.faults import one_sentence
from drafter.errors import SettingInvalid

_CHAIN_LOCK = text("SELECT pg_advisory_xact_lock(4610620927929)")
_OPTIONS = "-c synchronous_commit=on -c lock_timeout=20000 -c TimeZone=UTC"
_CONNECTIONS = 10


class PostgresDatabase:
    """See `drafter.adapters.record_store.store.Database`. Raises SettingInvalid for an address that is none."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        try:
            address = make_url(url)
            if not address.drivername.startswith("postgres"):
                raise ArgumentError
            address = address.set(drivername="postgresql+psycopg")
        except ArgumentError:
            raise SettingInvalid(
                "The address of the database is none; write postgresql://USER@HOST/NAME or sqlite:///FILE, or unset "
                "DRAFTER_DATABASE_URL."
            ) from None
        self.where = f"the record store {address.database} at {address.host or 'this machine'}"
        self._engine = create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            connect_args={"options": _OPTIONS, "connect_timeout": 5},
        )
        self._readers = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._lookers = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def version(self) -> str:
        with self.read() as connection:
            return f"PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one().split()[0]}"

    def create(self) -> None:
        """Nothing: the database is made by whoever runs the server."""

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the head of the chain; committed at the end, or nothing is."""
        with one_sentence(self.where), self._engine.begin() as connection:
            connection.execute(_CHAIN_LOCK)
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and can change nothing."""
        with one_sentence(self.where), self._readers.begin() as connection:
            yield connection

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """One SELECT without a transaction around it."""
        with one_sentence(self.where), self._lookers.connect() as connection:
            yield connection

    def forget_removed(self) -> None:
        """Nothing: removed rows are freed by the server's own VACUUM, its log by its archive's rules."""

    @contextmanager
    def copy_to_rehearse(self) -> Iterator[None]:
        """None: tables are changed inside a transaction too, and a failed one leaves nothing behind."""
        yield None

    def close(self) -> None:
        self._engine.dispose()
