"""Has letters parsed by the program `drafter`, which stands beside this one; nothing of it is imported here.

The two meet at `drafter parse PATH... --json`, which docs/contract.md promises to any program. What it could not read
it tells on standard error, a sentence a line, and prints the rest. Lines are handed on as they come.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from guideline_corpus.errors import DecidedInvalid, SchedulerLost

PROGRAM = "drafter"
LINES = ".jsonl"
INCOMPLETE = 4  # the program's exit code where a scheduler went away before the end


def parsed_lines(
    paths: Sequence[Path], *, tell: Callable[[str], None], jobs: int = 1, scheduler: str | None = None
) -> Iterator[str]:
    """The printed lines of letters and folders; `tell` gets what the program said of those it could not read.

    `jobs` processes read them, or the workers of the Dask scheduler at an address. Raises DecidedInvalid where there is
    no such program, or where it read nothing at all, SchedulerLost where it could not read to the end.
    """
    shared = ["--jobs", str(jobs)] if scheduler is None else ["--scheduler", scheduler]
    command = [_program(), "parse", "--json", *shared, "--", *(str(path.absolute()) for path in paths)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8", errors="replace"
        ) as program:
            printed = False
            for line in program.stdout or ():
                printed = printed or bool(line.strip())
                yield line
        errors.seek(0)
        said = [line.rstrip("\n") for line in errors if line.strip()]
    if program.returncode == INCOMPLETE:
        raise SchedulerLost(said[-1] if said else "The Dask scheduler went away before all letters were read.")
    if not printed:
        told = said[0] if said else f"`{PROGRAM} parse` printed nothing."
        raise DecidedInvalid(f"No letter could be read: {told}")
    for sentence in said if program.returncode else ():
        tell(sentence)


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a file of printed lines. Raises DecidedInvalid."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from file
    except OSError as error:
        raise DecidedInvalid(f"{path} cannot be read ({error.strerror}); check the name.") from None
    except UnicodeDecodeError:
        raise DecidedInvalid(f"{path} is not UTF-8; give the lines that `drafter parse --json` prints.") from None


def check_there(paths: Sequence[Path]) -> None:
    """Raises DecidedInvalid for a path that is not there."""
    for path in paths:
        if not path.exists():
            raise DecidedInvalid(f"There is no file or folder {path}; check the name.")


def _program() -> str:
    beside = Path(sys.executable).parent / PROGRAM
    found = str(beside) if beside.is_file() else shutil.which(PROGRAM)
    if found is None:
        raise DecidedInvalid(
            f"The program `{PROGRAM}`, which reads letters, is not installed here; run `drafter parse LETTERS --json > "
            "decided.jsonl` where it is, and add that file."
        )
    return found
