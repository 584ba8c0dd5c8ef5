"""What several integration tests begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drafter.adapters.record_store.database import Database
from drafter.adapters.record_store.opening import named_database, prepare
from tests.web_factories import MovingClock


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """The same database as two processes have it."""
    url = request.getfixturevalue("postgres").new_database() if request.param == "postgresql" else None
    first, second = (named_database(home=tmp_path, url=url) for _ in range(2))
    prepare(first, clock=MovingClock())
    second.create()
    yield first, second
    first.close()
    second.close()
