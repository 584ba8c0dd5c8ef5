"""What every `LabelHistory` promises, in memory, in a file and in the desk's record; and what the file has to bear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drafter.adapters.label_history_file import LabelHistoryFile
from drafter.adapters.record_store.opening import open_record_store
from drafter.adapters.record_store.sqlite import SqliteDatabase
from drafter.domain.prompting.release import LabelEvent
from drafter.errors import HistoryBroken
from drafter.ports import LabelHistory
from drafter.services.prompting.label_record import LabelRecord
from tests.fakes import FakeRecordStore, TickingClock
from tests.prompting_factories import HistoryInMemory


def event(number: int, **given: Any) -> LabelEvent:
    defaults: dict[str, Any] = {
        "purpose": "rationale",
        "act": "release",
        "label": f"rationale@000{number + 1}",
        "digest": str(number) * 64,
        "before": f"rationale@000{number}",
        "after": f"rationale@000{number + 1}",
        "by": "Rae Reader",
        "why": "read twenty drafts — all sound",
        "at": datetime(2026, 11, 26, 9, number, tzinfo=UTC),
    }
    return LabelEvent(**(defaults | given))


@pytest.fixture(params=["memory", "file", "record in memory", "record"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LabelHistory]:
    if request.param == "memory":
        yield HistoryInMemory()
    elif request.param == "file":
        yield LabelHistoryFile(tmp_path / "home" / "history.jsonl")
    elif request.param == "record in memory":
        yield LabelRecord(FakeRecordStore(), actor="editor-1")
    else:
        store = open_record_store(SqliteDatabase(tmp_path / "desk.sqlite3"), clock=TickingClock())
        yield LabelRecord(store, actor="editor-1")
        store.close()


def timeless(events: Sequence[LabelEvent]) -> list[LabelEvent]:
    """The events but for their times: a record has the time of its own chain."""
    return [one.model_copy(update={"at": event(1).at}) for one in events]


def test_what_was_kept_is_read_in_its_order(history: LabelHistory) -> None:
    assert tuple(history.read()) == ()
    for number in (1, 2, 3):
        history.append(event(number))

    assert timeless(history.read()) == timeless([event(1), event(2), event(3)])
    times = [one.at for one in history.read()]
    assert times == sorted(times)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "history.jsonl"
    for number in (1, 2, 3):
        LabelHistoryFile(path).append(event(number))
    return path


def test_a_line_is_only_ever_added(kept: Path) -> None:
    before = kept.read_bytes()
    LabelHistoryFile(kept).append(event(4))

    assert kept.read_bytes().startswith(before)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [lines[0].replace("Rae", "Ray"), *lines[1:]], 2),
        (lambda lines: [lines[0], lines[2]], 2),
        (lambda lines: [lines[1], lines[0], lines[2]], 1),
        (lambda lines: [*lines[:2], lines[2][:40]], 3),
        (lambda lines: [lines[0], lines[0], *lines[1:]], 2),
    ],
    ids=["changed", "taken out", "swapped", "cut", "put in"],
)
def test_a_history_that_was_tampered_with_is_refused_at_its_line_and_not_added_to(
    kept: Path, change: Any, line: int
) -> None:
    lines = kept.read_text(encoding="utf-8").splitlines()
    kept.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
    spoilt = kept.read_bytes()

    for act in (LabelHistoryFile(kept).read, lambda: LabelHistoryFile(kept).append(event(4))):
        with pytest.raises(HistoryBroken, match=f"line {line} does not follow"):
            act()
    assert kept.read_bytes() == spoilt
