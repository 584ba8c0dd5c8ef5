"""The record store of the review desk, on SQLite or PostgreSQL (port `drafter.ports.RecordStore`).

    tables.py        what is kept, as SQLAlchemy models
    migrations/      how a database came to have these tables (Alembic)
    guards.py        triggers that refuse to change or remove what was recorded
    schema.py        a database is brought to this release, rehearsed on a copy
    database.py      what the store asks of a database
    sqlite.py        one writing connection; readers apart
    postgres.py      the same over a server
    faults.py        what a database says, as one sentence
    rows.py          between rows and the values of the domain
    commits.py       writers who come together share a commit
    appending.py     one transaction: entries, payloads, and the rows they add up to
    reading.py       entries, events, the queue
    ephemeral.py     sessions and unsaved text, outside the record
    signing_in.py    attempts and used one-time codes, for several processes
    witness.py       checkpoints, signed with the entries and filed outside
    store.py         these together, as the port
    opening.py       which database the settings name, made ready
    projections.py   the rows made anew
    verification.py  everything computed anew and compared
    archive.py       the record in one file
    restoring.py     and back

`docs/record-store.md` has the guarantees and how to verify them.
"""
