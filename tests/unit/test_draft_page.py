"""A draft on a terminal, in the order in which a reviewer reads it."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from drafter.cli.draft_page import print_draft
from drafter.domain.draft import Statement
from tests.factories import make_case, make_item_draft, make_statement


def printed(*statements: Statement) -> str:
    told = StringIO()
    console = Console(width=100, file=told)
    print_draft(console, make_case(), make_item_draft(determination=None, statements=statements))
    return told.getvalue()


def test_a_memo_ends_with_what_would_decide() -> None:
    page = printed(
        make_statement(text="The guideline asks for weakness.", kind="guideline", supports=None),
        make_statement(text="Strength is 4/5.", kind="record", supports="for"),
        make_statement(text="Sensation is intact.", kind="record", supports="against"),
        make_statement(text="A second examination would settle it.", kind="reasoning", supports=None),
    )

    headings = [line for line in page.splitlines() if line.isupper()]
    assert headings[:4] == [
        "FACTS AND GUIDELINE", "WHAT SPEAKS FOR THE REQUEST", "WHAT SPEAKS AGAINST IT", "WHAT WOULD DECIDE"
    ]  # fmt: skip
    assert page.index("The guideline asks") < page.index("Strength is") < page.index("Sensation") < page.index("settle")


def test_a_memo_without_two_sides_has_facts_alone() -> None:
    page = printed(make_statement(text="Nothing speaks for either side.", kind="reasoning", supports=None))

    assert "FACTS AND GUIDELINE" in page
    assert "WHAT WOULD DECIDE" not in page
