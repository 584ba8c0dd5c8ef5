"""The draft that README.md shows is one that the program prints: `make readme` puts it there, test_docs.py compares."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
COMMAND = ("draft", "evals/samples/low-back-therapy.yaml", "--item", "1")
BLOCK = re.compile(r"(<!-- draft: make readme -->\n```text\n).*?(```\n)", re.DOTALL)


def printed_draft(home: Path) -> str:
    """What the program prints, at 100 columns, on a corpus built in `home`."""
    environment = {**os.environ, "DRAFTER_HOME": str(home), "COLUMNS": "100"}

    def run(module: str, *arguments: str) -> str:
        script = f"import sys; sys.argv = ['drafter', *{arguments!r}]; from {module} import main; main()"
        ran = subprocess.run(
            [sys.executable, "-c", script],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode > 1:
            raise RuntimeError(ran.stderr)
        return ran.stdout

    run("guideline_corpus.cli", "build")
    lines = run("drafter.cli.main", *COMMAND).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines).strip("\n") + "\n"


def readme_with(draft: str, readme: str) -> str:
    """The page with `draft` in its marked block."""
    return BLOCK.sub(lambda block: f"{block[1]}{draft}{block[2]}", readme)


def main() -> None:
    page = REPOSITORY / "README.md"
    with tempfile.TemporaryDirectory() as home:
        page.write_text(readme_with(printed_draft(Path(home)), page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
