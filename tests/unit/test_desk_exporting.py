"""What leaves the desk is signed, and names nobody."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.errors import NotAllowed
from drafter.services.desk.exporting import export, letter_json
from tests.desk_factories import REVIEWER


def test_only_a_signed_letter_leaves_the_desk(desk):
    given: dict[str, Any] = {"printers": {"json": letter_json}, "store": desk.store, "by": REVIEWER}
    with pytest.raises(NotAllowed, match="only a signed letter"):
        export(desk.case_id, "json", request_id="x", **given)
    desk.decide("upheld")
    desk.clear()
    entry = desk.approve()
    file = export(desk.case_id, "json", request_id="y", **given)
    assert f'"entry": {entry}'.encode() in file.data
    assert REVIEWER.account_id.encode() not in file.data
