"""Ways to tamper with a record, for somebody who owns database, files and program, but not the signing key.

Each way takes a record and a source of chance, does one thing, and gives the faults of which at least one must be
found. Guards are taken away for it and put back, as an owner would.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from drafter.adapters.checkpoints import CheckpointFolder, SigningKey
from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.guards import set_up_guards
from drafter.adapters.record_store.projections import write_projections
from drafter.adapters.record_store.rows import entry_values, read_entry, read_time
from drafter.adapters.record_store.verification import database_id_of
from drafter.domain.review.audit import canonical, entry_sha256, sealed, text_sha256
from drafter.domain.review.checkpoints import checkpoint_line, read_checkpoint
from tests.record_factories import PURGED_CASE, recorded
from tests.review_factories import make_revised

Expected = set[str]
Way = Callable[["Tampered", random.Random], Expected]
RECORD_FAULTS = {"entries-missing", "entry-altered", "chain-broken"}
WITNESSED = {"record-rewritten", "record-older-than-checkpoint"}


class Tampered:
    """A record to be tampered with. `older` is a copy of its database from before its last entries."""

    def __init__(self, home: Path, database: Database, *, take_older: Callable[[], None]) -> None:
        self.home = home
        self.database = database
        self.take_older = take_older
        self.folder = CheckpointFolder(home / "checkpoints", database_id_of(database))

    @contextmanager
    def unguarded(self) -> Iterator[Connection]:
        with self.database.write() as connection:
            drop_guards(connection)
            yield connection
            set_up_guards(connection)

    def seqs(self, *, payloads: bool = False) -> list[int]:
        with self.database.read() as connection:
            table = "payloads" if payloads else "entries"
            return list(connection.execute(text(f"SELECT seq FROM {table} ORDER BY seq")).scalars())

    def lines(self) -> list[str]:
        return self.folder.file.read_text(encoding="utf-8").splitlines()

    def write_lines(self, lines: list[str]) -> None:
        self.folder.file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def drop_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    found = connection.execute(
        text(
            "SELECT tgname, tgrelid::regclass::text AS held, proname FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
        )
    ).all()
    for row in found:
        connection.exec_driver_sql(f"DROP TRIGGER {row.tgname} ON {row.held}")
    for name in {row.proname for row in found}:
        connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def reseal(connection: Connection, *, start: int) -> None:
    """Seal every entry from `start` on again, and make the rows anew: a rewrite that hangs together."""
    rows = connection.execute(text("SELECT * FROM entries ORDER BY seq")).all()
    connection.execute(
        text("UPDATE entries SET previous = 'x' || seq, sha256 = 'y' || seq WHERE seq >= :s"), {"s": start}
    )
    previous = {row.seq: row.sha256 for row in rows if row.seq < start}.get(start - 1, "0" * 64)
    for row in rows:
        if row.seq >= start:
            entry = read_entry(row).model_copy(update={"previous": previous})
            previous = entry_sha256(entry)
            connection.execute(
                text("UPDATE entries SET previous = :p, sha256 = :h WHERE seq = :s"),
                {"p": entry.previous, "h": previous, "s": row.seq},
            )
    remake_rows(connection)


def remake_rows(connection: Connection) -> None:
    connection.execute(text("DELETE FROM cases"))
    connection.execute(text("DELETE FROM accounts"))
    write_projections(connection)


def edit_an_entry(tampered: Tampered, chance: random.Random) -> Expected:
    seq = chance.choice(tampered.seqs())
    column, value = chance.choice(
        [
            ("actor", "somebody"),
            ("action", "viewed"),
            ("case_id", "case-9"),
            ("at", "2016-12-06T09:30:00.000000+00:00"),
            ("at", "2016-12-06 09:30"),
            ("request_id", f"request-{chance.random()}"),
            ("payload_sha256", "e" * 64),
            ("payload_sha256", "not a hash"),
            ("sha256", chance.randbytes(32).hex()),
            ("previous", chance.randbytes(32).hex()),
        ]
    )
    with tampered.unguarded() as connection:
        connection.execute(text(f"UPDATE entries SET {column} = :v WHERE seq = :s"), {"v": value, "s": seq})
    return RECORD_FAULTS | {"payload-altered"}


def edit_an_entry_and_seal_it_again(tampered: Tampered, chance: random.Random) -> Expected:
    seq = chance.choice(tampered.seqs()[:-1])
    with tampered.unguarded() as connection:
        row = connection.execute(text("SELECT * FROM entries WHERE seq = :s"), {"s": seq}).one()
        digest = entry_sha256(read_entry(row).model_copy(update={"actor": "somebody"}))
        connection.execute(
            text("UPDATE entries SET actor = 'somebody', sha256 = :h WHERE seq = :s"), {"h": digest, "s": seq}
        )
    return {"chain-broken"}


def rewrite_the_record(tampered: Tampered, chance: random.Random) -> Expected:
    seq = chance.choice(tampered.seqs())
    with tampered.unguarded() as connection:
        connection.execute(text("UPDATE entries SET actor = 'somebody' WHERE seq = :s"), {"s": seq})
        reseal(connection, start=seq)
    return {"record-rewritten"}


def rewrite_a_payload_and_the_record(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.unguarded() as connection:
        rows = connection.execute(
            text("SELECT e.seq, p.body FROM entries e JOIN payloads p ON p.seq = e.seq WHERE e.action = 'revised'")
        ).all()
        row = chance.choice(rows)
        body = row.body.replace('"determination":"upheld"', '"determination":"overturned"').replace("Visit", "Call")
        assert body != row.body or '"overturned"' in body
        body = body if body != row.body else body.replace("overturned", "upheld")
        connection.execute(text("UPDATE payloads SET body = :b WHERE seq = :s"), {"b": body, "s": row.seq})
        connection.execute(
            text("UPDATE entries SET payload_sha256 = :h WHERE seq = :s"), {"h": text_sha256(body), "s": row.seq}
        )
        reseal(connection, start=row.seq)
    return {"record-rewritten"}


def remove_an_entry(tampered: Tampered, chance: random.Random) -> Expected:
    seq = chance.choice(tampered.seqs()[:-1])
    with tampered.unguarded() as connection:
        for table in ("payloads", "entries"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq = :s"), {"s": seq})
    return {"entries-missing"}


def remove_an_entry_and_renumber(tampered: Tampered, chance: random.Random) -> Expected:
    seqs = tampered.seqs()
    seq = chance.choice(seqs[len(seqs) // 2 : -1])
    with tampered.unguarded() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            connection.execute(text("ALTER TABLE payloads DROP CONSTRAINT payloads_seq_fkey"))
        for table in ("payloads", "entries"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq = :s"), {"s": seq})
            for later in (later for later in seqs if later > seq):
                connection.execute(text(f"UPDATE {table} SET seq = seq - 1 WHERE seq = :s"), {"s": later})
        reseal(connection, start=seq)
    return WITNESSED


def cut_the_end(tampered: Tampered, chance: random.Random) -> Expected:
    cut = chance.choice([1, 1, 1, 2, 3, 10, 50])
    first = tampered.seqs()[-cut]
    with tampered.unguarded() as connection:
        for table in ("payloads", "checkpoints", "entries"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq >= :s"), {"s": first})
        remake_rows(connection)
    return {"record-older-than-checkpoint"}


def cut_the_end_of_record_and_file(tampered: Tampered, chance: random.Random) -> Expected:
    found = cut_the_end(tampered, chance)
    last = tampered.seqs()[-1]
    tampered.write_lines([line for line in tampered.lines() if (read := read_checkpoint(line)) and read.seq <= last])
    return found


def add_an_entry(tampered: Tampered, chance: random.Random) -> Expected:
    new = recorded(make_revised(), "added behind the desk's back", case_id="case-2")
    with tampered.database.write() as connection:
        last = connection.execute(text("SELECT * FROM entries ORDER BY seq DESC LIMIT 1")).one()
        entry = sealed(new, seq=last.seq + 1, at=read_time(last.at), previous=read_entry(last).sha256)
        values = entry_values(entry)
        columns = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO entries ({columns}) VALUES ({marks})"), values)
        connection.execute(text("INSERT INTO payloads VALUES (:s, :b)"), {"s": entry.seq, "b": new.payload})
    return {"case-row-altered"}


def swap_two_payloads(tampered: Tampered, chance: random.Random) -> Expected:
    one, other = chance.sample(tampered.seqs(payloads=True), 2)
    with tampered.unguarded() as connection:
        bodies = {
            row.seq: row.body
            for row in connection.execute(text("SELECT * FROM payloads WHERE seq IN (:a, :b)"), {"a": one, "b": other})
        }
        for seq, body in ((one, bodies[other]), (other, bodies[one])):
            connection.execute(text("UPDATE payloads SET body = :b WHERE seq = :s"), {"b": body, "s": seq})
    return {"payload-altered"}


def edit_a_payload(tampered: Tampered, chance: random.Random) -> Expected:
    seq = chance.choice(tampered.seqs(payloads=True))
    with tampered.unguarded() as connection:
        body = connection.execute(text("SELECT body FROM payloads WHERE seq = :s"), {"s": seq}).scalar_one()
        at = chance.randrange(len(body))
        edited = chance.choice([body[:at] + "x" + body[at:], body[:at] + body[at + 1 :], f"{body} ", ""])
        connection.execute(text("UPDATE payloads SET body = :b WHERE seq = :s"), {"b": edited, "s": seq})
    return {"payload-altered"}


def remove_a_payload(tampered: Tampered, chance: random.Random) -> Expected:
    seq = chance.choice(tampered.seqs(payloads=True))
    with tampered.unguarded() as connection:
        connection.execute(text("DELETE FROM payloads WHERE seq = :s"), {"s": seq})
    return {"payload-missing"}


def put_a_purged_payload_back(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.unguarded() as connection:
        asked = text("SELECT seq FROM entries WHERE case_id = :c AND action <> 'purged'")
        seq = chance.choice(connection.execute(asked, {"c": PURGED_CASE}).scalars().all())
        connection.execute(text("INSERT INTO payloads VALUES (:s, '{}')"), {"s": seq})
    return {"payload-left"}


def edit_a_row_of_the_queue(tampered: Tampered, chance: random.Random) -> Expected:
    change = chance.choice(
        [
            "status = 'approved'",
            "status = 'new'",
            "due = '2030-01-01'",
            "assigned_to = 'somebody'",
            "assigned_to = NULL",
            "undecided = undecided + 1",
            "open_blockers = 7",
            "open_warnings = 9",
            "head = head - 1",
            "case_number = 'CM16-9999999'",
            "searched = ''",
            "updated = '2016-01-01T00:00:00.000000+00:00'",
        ]
    )
    with tampered.database.write() as connection:
        connection.execute(text(f"UPDATE cases SET {change} WHERE case_id = 'case-3'"))
    return {"case-row-altered"}


def remove_a_row_of_the_queue(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.database.write() as connection:
        connection.execute(text("DELETE FROM cases WHERE case_id = 'case-2'"))
    return {"case-row-missing"}


def add_a_row_to_the_queue(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.database.write() as connection:
        row = dict(connection.execute(text("SELECT * FROM cases WHERE case_id = 'case-2'")).one()._mapping)
        row["case_id"] = chance.choice(["case-9", PURGED_CASE])
        marks = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO cases ({', '.join(row)}) VALUES ({marks})"), row)
    return {"case-row-foreign"}


def change_an_account(tampered: Tampered, chance: random.Random) -> Expected:
    change = chance.choice(
        [
            "roles = '[\"admin\"]'",
            "active = 1 - active",
            "password_seal = 'another'",
            "totp_seal = 'another'",
            "login = 'other'",
            "profile = '{}'",
            "identity = '{}'",
        ]
    )
    with tampered.database.write() as connection:
        connection.execute(text(f"UPDATE accounts SET {change} WHERE account_id = 'a1'"))
    return {"account-altered"}


def change_a_secret(tampered: Tampered, chance: random.Random) -> Expected:
    """Another password in the place of one, or one for an account that is none."""
    change = chance.choice(["value = 'argon2 of another'", "salt = ''", "account_id = 'a9'", "kind = 'second-factor'"])
    with tampered.database.write() as connection:
        connection.execute(text(f"UPDATE secrets SET {change} WHERE account_id = 'a1'"))
    return {"account-foreign"} if "a9" in change else {"account-altered"}


def add_or_remove_an_account(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.database.write() as connection:
        if chance.random() < 0.5:
            connection.execute(text("DELETE FROM accounts WHERE account_id = 'a2'"))
            return {"account-missing"}
        connection.execute(
            text("INSERT INTO accounts VALUES ('a9', 'eve', 'eve', '[\"admin\"]', 1, 'hash', NULL, NULL, NULL)")
        )
        return {"account-foreign"}


def edit_the_checkpoint_file(tampered: Tampered, chance: random.Random) -> Expected:
    lines = tampered.lines()
    number = chance.randrange(len(lines))
    at = chance.randrange(len(lines[number]))
    other = chance.choice([letter for letter in "0a}" if letter != lines[number][at]])
    lines[number] = lines[number][:at] + other + lines[number][at + 1 :]
    tampered.write_lines(lines)
    return {"checkpoint-unreadable", "checkpoint-forged"}


def cut_the_checkpoint_file(tampered: Tampered, chance: random.Random) -> Expected:
    lines = tampered.lines()
    tampered.write_lines(lines[: chance.randrange(len(lines))])
    return {"checkpoint-file-cut"}


def cut_the_checkpoint_file_inside_a_line(tampered: Tampered, chance: random.Random) -> Expected:
    content = tampered.folder.file.read_bytes()
    tampered.folder.file.write_bytes(content[: -chance.randint(1, 300)])
    return {"checkpoint-unreadable", "checkpoint-file-cut"}


def remove_a_line_of_the_checkpoint_file(tampered: Tampered, chance: random.Random) -> Expected:
    lines = tampered.lines()
    del lines[chance.randrange(len(lines))]
    tampered.write_lines(lines)
    return {"checkpoint-missing", "checkpoint-file-cut"}


def shuffle_the_checkpoint_file(tampered: Tampered, chance: random.Random) -> Expected:
    lines = tampered.lines()
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    tampered.write_lines(lines)
    return {"checkpoint-missing"}


def remove_the_checkpoint_file(tampered: Tampered, chance: random.Random) -> Expected:
    tampered.folder.file.unlink()
    return {"checkpoint-file-missing"}


def sign_the_checkpoints_with_another_key(tampered: Tampered, chance: random.Random) -> Expected:
    other = SigningKey(tampered.home / "other-keys")
    lines = [read for line in tampered.lines() if (read := read_checkpoint(line))]
    tampered.write_lines([checkpoint_line(other.sign(line)) for line in lines])
    return {"checkpoint-forged"}


def rewrite_record_and_checkpoints_with_another_key(tampered: Tampered, chance: random.Random) -> Expected:
    rewrite_the_record(tampered, chance)
    sign_the_checkpoints_with_another_key(tampered, chance)
    return {"checkpoint-forged"}


def remove_a_copy_of_a_checkpoint(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.unguarded() as connection:
        seq = chance.choice(connection.execute(text("SELECT seq FROM checkpoints")).scalars().all())
        connection.execute(text("DELETE FROM checkpoints WHERE seq = :s"), {"s": seq})
    return {"checkpoint-copy-missing"}


def edit_a_copy_of_a_checkpoint(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.unguarded() as connection:
        row = chance.choice(connection.execute(text("SELECT * FROM checkpoints")).all())
        body = row.body.replace(f'"seq":{row.seq}', f'"seq":{row.seq + 1}')
        connection.execute(text("UPDATE checkpoints SET body = :b WHERE seq = :s"), {"b": body, "s": row.seq})
    return {"checkpoint-forged"}


def remove_or_edit_the_head(tampered: Tampered, chance: random.Random) -> Expected:
    (head,) = tampered.folder.file.parent.glob("*.head")
    if chance.random() < 0.5:
        head.unlink()
        return {"head-missing"}
    digit = chance.choice("0123456789abcdef")
    line = head.read_text(encoding="utf-8")
    at = line.index('"sha256":"') + 10
    head.write_text(line[:at] + ("0" if line[at] == digit else digit) + line[at + 1 :], encoding="utf-8")
    return {"checkpoint-forged"}


def put_an_old_backup_in_its_place(tampered: Tampered, chance: random.Random) -> Expected:
    tampered.take_older()
    return {"record-older-than-checkpoint"}


def weaken_a_guard(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.database.write() as connection:
        drop_guards(connection)
    return {"guard-missing"}


def name_the_store_anew(tampered: Tampered, chance: random.Random) -> Expected:
    with tampered.unguarded() as connection:
        connection.execute(text(chance.choice(["UPDATE store SET database_id = 'another'", "DELETE FROM store"])))
    return {"checkpoint-file-missing", "another-database"}


def change_the_words_of_the_payloads_keys(tampered: Tampered, chance: random.Random) -> Expected:
    """The same JSON in another spelling is another payload."""
    seq = chance.choice(tampered.seqs(payloads=True))
    with tampered.unguarded() as connection:
        body = connection.execute(text("SELECT body FROM payloads WHERE seq = :s"), {"s": seq}).scalar_one()
        spelt = json.dumps(json.loads(body), sort_keys=True)
        assert spelt != canonical(json.loads(body))
        connection.execute(text("UPDATE payloads SET body = :b WHERE seq = :s"), {"b": spelt, "s": seq})
    return {"payload-altered"}


WAYS: tuple[Way, ...] = (
    edit_an_entry,
    edit_an_entry_and_seal_it_again,
    rewrite_the_record,
    rewrite_a_payload_and_the_record,
    remove_an_entry,
    remove_an_entry_and_renumber,
    cut_the_end,
    cut_the_end_of_record_and_file,
    add_an_entry,
    swap_two_payloads,
    edit_a_payload,
    remove_a_payload,
    put_a_purged_payload_back,
    edit_a_row_of_the_queue,
    remove_a_row_of_the_queue,
    add_a_row_to_the_queue,
    change_an_account,
    change_a_secret,
    add_or_remove_an_account,
    edit_the_checkpoint_file,
    cut_the_checkpoint_file,
    cut_the_checkpoint_file_inside_a_line,
    remove_a_line_of_the_checkpoint_file,
    shuffle_the_checkpoint_file,
    remove_the_checkpoint_file,
    sign_the_checkpoints_with_another_key,
    rewrite_record_and_checkpoints_with_another_key,
    remove_a_copy_of_a_checkpoint,
    edit_a_copy_of_a_checkpoint,
    remove_or_edit_the_head,
    put_an_old_backup_in_its_place,
    weaken_a_guard,
    name_the_store_anew,
    change_the_words_of_the_payloads_keys,
)
