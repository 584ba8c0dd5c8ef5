"""Documentation that cannot fall behind: what the program has, the pages name."""

from __future__ import annotations

import ast
import importlib
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from drafter.services.intake import read_case
from tests.conftest import REPOSITORY
from tests.readme_draft import printed_draft, readme_with

PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
PROGRAMS = {"drafter": "drafter.cli.main", "guideline-corpus": "guideline_corpus.cli", "evals": "evals.cli"}
SETTINGS_FILES = (
    "drafter/settings.py",
    "drafter/sign_on_settings.py",
    "guideline_corpus/settings.py",
    "tests/conftest.py",
)


def documentation() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def commands(program: str) -> Iterator[str]:
    """Every command as it is typed, groups included (`drafter prompts check`)."""
    app = importlib.import_module(PROGRAMS[program]).app
    yield from _commands_of(typer.main.get_command(app), program)


def _commands_of(command: object, typed: str) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            yield from _commands_of(part, f"{typed} {name}")
    else:
        yield typed


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_is_described(program: str):
    found = list(commands(program))

    assert found
    assert [command for command in found if f"`{command}" not in documentation()] == []


def test_every_variable_of_the_environment_is_described():
    constants = {
        node.value
        for name in SETTINGS_FILES
        for node in ast.walk(ast.parse((REPOSITORY / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    variables = {text for text in constants if re.fullmatch(r"(DRAFTER|OPENAI)_[A-Z_]*[A-Z]", text)}

    assert "DRAFTER_HOME" in variables
    assert [name for name in sorted(variables) if f"`{name}`" not in documentation()] == []


@pytest.mark.parametrize("module", ["drafter.errors", "guideline_corpus.errors"])
def test_the_tree_of_errors_is_drawn_whole(module: str):
    errors = importlib.import_module(module)
    classes = [name for name, value in vars(errors).items() if isinstance(value, type)]

    assert len(classes) > 3
    assert [name for name in classes if not re.search(rf"\b{name}\b", errors.__doc__ or "")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_links_lead_somewhere(page: Path):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_make_target_in_the_pages_can_be_made():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", documentation(), flags=re.MULTILINE))

    assert {"demo", "test"} <= named
    assert [target for target in sorted(named) if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)] == []


@pytest.mark.long
def test_the_draft_in_the_readme_is_one_that_the_program_prints(tmp_path: Path):
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")

    assert readme_with(printed_draft(tmp_path), readme) == readme, "run `make readme` and read what it puts there"


def test_the_example_of_a_case_file_can_be_read():
    page = (REPOSITORY / "docs" / "case-files.md").read_text(encoding="utf-8")
    found = re.search(r"\n\n((?:    .*\n)+)", page)
    assert found
    example = textwrap.dedent(found[1]).replace("file: records/mri.pdf", "text: No fracture.")

    case = read_case(example.encode())

    assert [item.number for item in case.items] == [1, 2]
    assert [len(record.pages) for record in case.records] == [2, 1]
    assert case.items[0].citations[0].sections == ("Physical medicine treatment",)
