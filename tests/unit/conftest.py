"""A reviewer at work on a drafted case, and on one whose outcome she has chosen."""

from __future__ import annotations

import pytest

from tests.desk_factories import Desk


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.draft()
    return made


@pytest.fixture
def decided(desk: Desk) -> Desk:
    desk.decide("upheld")
    desk.clear()
    return desk
