"""How long a cold `drafter draft` of one case takes beside merely importing the libraries that it needs.

    python -m evals.benchmarks.cold_start CASE [--runs N]

Every run is a new process; runs of the two alternate, so that a busy machine slows both. Medians in seconds, and the
ratio, which is to stay at or under 2. The corpus of DRAFTER_HOME is used and must have been built.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

IMPORTS = "import chromadb, langchain_core, onnxruntime"


def seconds(*command: str) -> float:
    """The wall time of one process. Raises CalledProcessError where it ends otherwise than a draft may (0 or 1)."""
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise subprocess.CalledProcessError(done.returncode, command, stderr=done.stderr)
    return time.perf_counter() - start


def measure(case: str, *, runs: int) -> tuple[float, float]:
    """Median seconds of a cold draft and of the imports alone."""
    drafts, imports = [], []
    drafter = str(Path(sys.executable).with_name("drafter"))
    for _ in range(runs):
        imports.append(seconds(sys.executable, "-c", IMPORTS))
        drafts.append(seconds(drafter, "draft", case, "--json"))
    return statistics.median(drafts), statistics.median(imports)


def main() -> None:
    parser = argparse.ArgumentParser(description="Times a cold draft beside the imports it needs.")
    parser.add_argument("case")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    draft, imports = measure(given.case, runs=given.runs)
    ratio = f"ratio {draft / imports:.2f} (median of {given.runs})"
    sys.stdout.write(f"cold draft {draft:.2f} s; imports alone {imports:.2f} s; {ratio}\n")


if __name__ == "__main__":
    main()
