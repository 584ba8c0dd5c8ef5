"""The record store of the review desk, on SQLite or PostgreSQL (port `drafter.ports.RecordStore`).

    tables.py        what is kept, as SQLAlchemy models
    migrations/      how a database came to have these tables (Alembic)
    guards.py        triggers that refuse to change or remove what was recorded
    schema.py        a database is brought to this release, rehearsed on a copy
    sqlite.py        one writing connection; readers apart
    postgres.py      the same over a server
    faults.py        what a database says, as one sentence
    appending.py     one transaction: entries, payloads, and the rows they add up to
    reading.py       entries, events, the queue, accounts
    ephemeral.py     sessions and unsaved text, outside the record
    store.py         these together, as the port
    opening.py       which database the settings name

`docs/record-store.md` has the guarantees and how to verify them.
"""
