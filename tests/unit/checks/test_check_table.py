"""The table of checks is complete, and docs/checks.md is the table."""

from __future__ import annotations

import re
from pathlib import Path

from drafter.domain.checks.registry import CHECKS, checks_page

PAGE = Path(__file__).parents[3] / "docs" / "checks.md"


def test_every_check_has_an_id_of_its_own() -> None:
    ids = [check.id for check in CHECKS]

    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", check_id) for check_id in ids)


def test_every_check_says_what_why_an_example_and_its_weakness() -> None:
    for check in CHECKS:
        assert all(len(text) > 8 for text in (check.what, check.why, check.example, check.weakness)), check.id
        assert check.of_case is None or check.of_item is None, check.id


def test_the_outcome_cannot_be_contested() -> None:
    assert {"determination-contradicts-rationale", "item-missing", "quote-altered", "unknown-passage"} <= {
        check.id for check in CHECKS if check.integrity
    }


def test_the_page_of_checks_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == checks_page(), "write docs/checks.md anew from checks_page()"
