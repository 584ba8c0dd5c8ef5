"""The rules of the house that a program can hold: who imports whom, who reads the world, how large a part may grow."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGES = ("drafter", "guideline_corpus", "evals")
SOURCES = sorted(path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py"))
TESTS = sorted((REPOSITORY / "tests").rglob("*.py"))
READS_ENVIRONMENT = {"drafter/settings.py", "guideline_corpus/settings.py"}
READS_CLOCK = {"drafter/adapters/clock.py"}
LONGEST_MODULE = 400
LONGEST_TEST_MODULE = 500
LONGEST_FUNCTION = 60
EMPTY_NAMES = {"manager", "helper", "helpers", "util", "utils", "common", "base", "agent", "document", "misc"}
HEAVY = (
    "chromadb",
    "langchain",
    "langchain_core",
    "langchain_openai",
    "langchain_chroma",
    "onnxruntime",
    "onnx",
    "openai",
    "torch",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "cryptography",
)


def named(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def dotted_names(tree: ast.AST) -> Iterator[str]:
    """Every `a.b` and `a.b.c` of the module, and what it imports by name (`from os import environ`: `os.environ`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def users_of(forbidden: tuple[str, ...]) -> set[str]:
    """The source files that name one of `forbidden`, at any depth of dotted prefix (`datetime.datetime.now`)."""
    found = set()
    for path in SOURCES:
        names = dotted_names(ast.parse(path.read_text(encoding="utf-8")))
        if any(name == word or name.endswith(f".{word}") for name in names for word in forbidden):
            found.add(named(path))
    return found


def test_the_environment_is_read_in_one_place_of_each_package():
    assert users_of(("os.environ", "os.getenv", "os.putenv")) <= READS_ENVIRONMENT


def test_the_time_of_day_is_read_in_one_place():
    assert users_of(("datetime.now", "datetime.utcnow", "date.today", "time.time")) <= READS_CLOCK


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=named)
def test_no_module_outgrows_one_idea(path: Path):
    limit = LONGEST_TEST_MODULE if path in TESTS else LONGEST_MODULE

    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_function_outgrows_a_screen(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    too_long = {node.name: lines_of(node) for node in functions if lines_of(node) > LONGEST_FUNCTION}

    assert too_long == {}


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_has_a_name_that_says_nothing():
    assert [named(path) for path in SOURCES if path.stem in EMPTY_NAMES] == []


def test_imports_keep_the_contracts():
    lint = Path(sys.executable).with_name("lint-imports")

    run = subprocess.run([lint, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout


def test_importing_any_module_writes_nothing_and_opens_no_connection(tmp_path: Path):
    modules = [named(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in SOURCES]
    script = f"""
import importlib, sys
touched = []
def watch(event, args):
    if event == "socket.connect" or (event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")):
        if not isinstance(args[0], int) and "__pycache__" not in str(args[0]):
            touched.append((event, str(args[0])))
sys.addaudithook(watch)
for module in {modules!r}:
    importlib.import_module(module)
print(touched)
"""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY)}

    run = subprocess.run(
        [sys.executable, "-B", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["parse", "--help"], ["parse", "evals/samples/low-back-therapy.yaml", "--json"], ["paths"]],
    ids=" ".join,
)
def test_a_cold_start_imports_no_index_no_chain_and_no_encoder(arguments: list[str]):
    script = (
        "import sys\n"
        f"sys.argv = ['drafter', *{arguments!r}]\n"
        "from drafter.cli.main import main\n"
        "try:\n    main()\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )

    run = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert run.stdout
    assert run.stderr.strip().splitlines()[-1] == "[]"
