"""Decided items that were damaged, at the desk: told as damaged, with the file and what to do, and never as none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from drafter.adapters.unsearchable_items import UnsearchableItems
from drafter.desk_bootstrap import open_desk
from drafter.ports import DecidedSearch
from drafter.settings import settings_from
from drafter.web.desk import create_desk
from guideline_corpus.cli import main
from guideline_corpus.decided.opening import add_decided, open_similar
from guideline_corpus.decided.store import items_path
from guideline_corpus.embedding import FakeEmbedder
from guideline_corpus.settings import CorpusSettings
from tests.integration.test_case_pages import AtWork
from tests.unit.test_decided import make_line

NONE_LOADED = "No decided items are loaded"
CANNOT = "The decided items cannot be searched."


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("corpus-home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DRAFTER_HOME", str(built))
        with pytest.raises(SystemExit) as ended:
            main(["build"])
    assert ended.value.code == 0
    return built / "corpus"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one decided item."""
    lines = tmp_path / "lines.jsonl"
    lines.write_text(make_line(dates={"decision": "2013-04-02", "injury": None}) + "\n", encoding="utf-8")
    add_decided(CorpusSettings(home=tmp_path / "home"), [lines], embedder=FakeEmbedder())
    return tmp_path / "home"


def cut(items: Path) -> None:
    items.write_bytes(items.read_bytes()[:-20])


def changed(items: Path) -> None:
    items.write_bytes(items.read_bytes().replace(b"lumbar", b"lumbal"))


def emptied(items: Path) -> None:
    items.write_bytes(b"")


def made_a_folder(items: Path) -> None:
    items.unlink()
    (items / "x").mkdir(parents=True)


DAMAGES: dict[Callable[[Path], None], str] = {
    cut: "was damaged; put it back from a backup",
    changed: "is not the file that was written",
    emptied: "is gone or empty, though an index of it is there; put it back from a backup",
    Path.unlink: "is gone or empty, though an index of it is there; put it back from a backup",
    made_a_folder: "cannot be read (is a directory); nothing of it was changed",
}


@pytest.mark.long
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_desk_opens_over_damaged_items_and_says_which_file_and_what_to_do(
    home: Path, corpus: Path, damage: Callable[[Path], None]
):
    (home / "corpus").symlink_to(corpus)
    damage(items_path(home))
    kept = sorted((path, path.stat().st_size) for path in (home / "decided").rglob("*") if path.name != ".lock")

    desk = open_desk(settings_from({"DRAFTER_HOME": str(home)}))

    assert isinstance(desk.decided, UnsearchableItems)
    assert desk.decided.told.startswith(str(items_path(home)))
    assert DAMAGES[damage] in desk.decided.told
    (part,) = (part for part in desk.health.look().parts if part.name == "decided")
    assert part.state == "degraded"
    assert part.told == f"{desk.decided.told} Then start this process again."
    assert desk.health.look().ready
    assert sorted((path, path.stat().st_size) for path, _ in kept) == kept


@pytest.mark.long
def test_a_desk_without_decided_items_has_none_and_is_well(tmp_path: Path, corpus: Path):
    (tmp_path / "corpus").symlink_to(corpus)
    desk = open_desk(settings_from({"DRAFTER_HOME": str(tmp_path)}))
    assert desk.decided is None
    assert "decided" not in {part.name for part in desk.health.look().parts}


def shown(search: DecidedSearch | None) -> str:
    """The case page of an item with an outcome, at a desk with this search."""
    work = AtWork()
    work.desk.parts = replace(work.desk.parts, decided=search)
    work.desk.app = create_desk(work.desk.parts)
    work.browser = work.of(work.reviewer)
    work.decide("upheld")
    page = work.browser.get(work.item)
    assert page.status_code == 200
    assert "Physical medicine treatment" in page.text
    return str(page.text)


def test_the_case_page_tells_none_from_damaged():
    told = "/srv/desk/decided/items.jsonl was damaged; put it back from a backup."
    assert NONE_LOADED in shown(None)
    page = shown(UnsearchableItems(told))
    assert f"{CANNOT} {told} Nothing of this case rests on them." in page
    assert NONE_LOADED not in page


def test_items_that_are_damaged_while_the_desk_is_open_cost_the_case_page_nothing_else(home: Path):
    search = open_similar(CorpusSettings(home=home), embedder=FakeEmbedder())
    held = items_path(home).read_bytes()
    with items_path(home).open("r+b") as file:
        file.write(b"#" * (len(held) - 1))
    page = shown(search)
    assert f"{CANNOT} {items_path(home)} was damaged; put it back from a backup" in page
    search.close()
