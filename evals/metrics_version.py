"""What scored a run: the hash of the code that makes scores, so that runs scored by other code are not compared.

Only these modules score anything; `evals.comparison.pairs` refuses two runs that differ in it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

SCORING = ("check_stage.py", "gold.py", "datasets/expected.py", "plants/scoring.py", "metrics/*.py")


@cache
def metrics_version() -> str:
    """The first 16 hex digits of SHA-256 over the scoring modules, in order."""
    folder = Path(__file__).parent
    files = (file for name in SCORING for file in sorted(folder.glob(name)))
    whole = b"\0".join(file.read_bytes() for file in files)
    return hashlib.sha256(whole).hexdigest()[:16]
