"""Has letters parsed by the program `drafter`, which stands beside this one; nothing of it is imported here.

The two meet at `drafter parse PATH... --json`, which docs/contract.md promises to any program. What it could not read
it tells on standard error, a sentence a line, and prints the rest.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from guideline_corpus.errors import DecidedInvalid

PROGRAM = "drafter"
LINES = ".jsonl"


def parsed_lines(paths: Sequence[Path]) -> tuple[str, tuple[str, ...]]:
    """The printed lines of letters and folders, and what the program said of those it could not read.

    Raises DecidedInvalid where there is no such program, or where it read nothing at all.
    """
    for path in paths:
        if not path.exists():
            raise DecidedInvalid(f"There is no file or folder {path}; check the name.")
    command = [_program(), "parse", "--json", "--", *(str(path.absolute()) for path in paths)]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    said = tuple(line for line in ran.stderr.splitlines() if line.strip())
    if not ran.stdout.strip():
        told = said[0] if said else f"`{PROGRAM} parse` printed nothing."
        raise DecidedInvalid(f"No letter could be read: {told}")
    return ran.stdout, said if ran.returncode else ()


def lines_of(path: Path) -> str:
    """The text of a file of printed lines. Raises DecidedInvalid."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DecidedInvalid(f"{path} cannot be read ({error.strerror}); check the name.") from None
    except UnicodeDecodeError:
        raise DecidedInvalid(f"{path} is not UTF-8; give the lines that `drafter parse --json` prints.") from None


def _program() -> str:
    beside = Path(sys.executable).parent / PROGRAM
    found = str(beside) if beside.is_file() else shutil.which(PROGRAM)
    if found is None:
        raise DecidedInvalid(
            f"The program `{PROGRAM}`, which reads letters, is not installed here; run `drafter parse LETTERS --json > "
            "decided.jsonl` where it is, and add that file."
        )
    return found
