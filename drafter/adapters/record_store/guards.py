"""The database's own guards: what was recorded cannot be changed or removed, whoever asks through SQL.

Entries, checkpoints and the store's name are for good. A payload is never changed, and goes only where its case has a
later entry `purged`. An entry is taken only as the next of the chain. An owner of the file or the server can drop a
guard; `missing_guards` names it, and the chain with its checkpoints shows what was done behind it.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_FOR_GOOD = ("store", "entries", "payloads", "checkpoints")
_GENESIS = "0" * 64

_PURGED = (
    "EXISTS (SELECT 1 FROM entries AS removed JOIN entries AS purge ON purge.case_id = removed.case_id "
    "WHERE removed.seq = OLD.seq AND purge.action = 'purged' AND purge.seq > OLD.seq)"
)
_NEXT = (
    "NEW.seq = (SELECT COALESCE(MAX(seq), 0) + 1 FROM entries) AND "
    f"NEW.previous = COALESCE((SELECT sha256 FROM entries ORDER BY seq DESC LIMIT 1), '{_GENESIS}')"
)
_FIRST_STORE = "NOT EXISTS (SELECT 1 FROM store)"
# When each is allowed on PostgreSQL, and what the trigger gives back so that it happens.
_FUNCTIONS = {
    "refuse_change": ("FALSE", "NULL"),
    "refuse_unless_purged": (_PURGED, "OLD"),
    "refuse_unless_next": (_NEXT, "NEW"),
    "refuse_second_store": (_FIRST_STORE, "NEW"),
}


def set_up_guards(connection: Connection) -> None:
    """Every guard, in a database that has the tables and none of them."""
    if connection.dialect.name == "sqlite":
        for statement in _sqlite_guards().values():
            connection.exec_driver_sql(statement)
        return
    for name, source in _function_sources().items():
        connection.exec_driver_sql(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${source}$$")
    for name, (table, rule) in _postgres_guards().items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {rule}")
        # ALWAYS: also where a session calls itself a replica.
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """Names of the guards that somebody took away, switched off or rewrote."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        standing = {row.name: row.sql for row in found}
        return tuple(sorted(name for name, rule in _sqlite_guards().items() if standing.get(name) != rule))
    triggers = connection.execute(
        text(
            "SELECT tgname, proname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE NOT tgisinternal AND tgenabled = 'A'"
        )
    )
    sources = _function_sources()
    names = {row.tgname for row in triggers if sources.get(row.proname) == row.prosrc}
    return tuple(sorted(_postgres_guards().keys() - names))


def _sqlite_guards() -> dict[str, str]:
    """Name and statement of each trigger."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'recorded for good'); END"
    guards = {f"{table}_unchanged": f"BEFORE UPDATE ON {table} {refuse}" for table in _FOR_GOOD}
    guards |= {f"{table}_not_removed": f"BEFORE DELETE ON {table} {refuse}" for table in _FOR_GOOD}
    guards["payloads_not_removed"] = f"BEFORE DELETE ON payloads WHEN NOT {_PURGED} {refuse}"
    guards["entries_in_order"] = f"BEFORE INSERT ON entries WHEN NOT ({_NEXT}) {refuse}"
    # INSERT OR REPLACE removes the old row without asking the guard of removals.
    for table in ("payloads", "checkpoints"):
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq)"
        guards[f"{table}_not_replaced"] = f"BEFORE INSERT ON {table} WHEN {taken} {refuse}"
    guards["store_only_once"] = f"BEFORE INSERT ON store WHEN NOT {_FIRST_STORE} {refuse}"
    return {name: f"CREATE TRIGGER {name} {rule}" for name, rule in guards.items()}


def _function_sources() -> dict[str, str]:
    return {
        name: f"BEGIN IF {allowed} THEN RETURN {given}; END IF; RAISE EXCEPTION 'recorded for good'; END"
        for name, (allowed, given) in _FUNCTIONS.items()
    }


def _postgres_guards() -> dict[str, tuple[str, str]]:
    """Name, table and rule of each trigger."""
    row, whole = "FOR EACH ROW EXECUTE FUNCTION", "FOR EACH STATEMENT EXECUTE FUNCTION"
    guards: dict[str, tuple[str, str]] = {}
    for table in _FOR_GOOD:
        removal = "refuse_unless_purged" if table == "payloads" else "refuse_change"
        guards[f"{table}_unchanged"] = (table, f"BEFORE UPDATE ON {table} {row} refuse_change()")
        guards[f"{table}_not_removed"] = (table, f"BEFORE DELETE ON {table} {row} {removal}()")
        guards[f"{table}_not_emptied"] = (table, f"BEFORE TRUNCATE ON {table} {whole} refuse_change()")
    guards["entries_in_order"] = ("entries", f"BEFORE INSERT ON entries {row} refuse_unless_next()")
    guards["store_only_once"] = ("store", f"BEFORE INSERT ON store {row} refuse_second_store()")
    return guards
