"""How long a prompt editor waits: from an edit to its lint, to its preview with the difference, to the changed cases.

    python -m evals.benchmarks.prompts LETTERS [--times 20]

Lint and preview are timed warm, in the process that holds the editor's page: a word of the live template is changed,
the whole text is checked against wording rules, shared parts and sizes read anew from the folder, then rendered for
every item of the letters beside the live version. The trial runs `drafter prompts try` on the first 50 items of the
letters in a home of its own: once so that every reply is there (answered at once, from the record's first sentence),
then another word is changed, its prompts are answered, and the run that finds every reply there is timed: the live
version's run is kept from before, and so are all replies. CPU seconds stand beside its wall time, because other
programs on the machine lengthen the latter.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from drafter.adapters.builtin_redactor import BuiltinRedactor
from drafter.adapters.prompt_folder import PromptFolder
from drafter.bootstrap import App
from drafter.errors import DrafterError
from drafter.prompt_bootstrap import prompt_values
from drafter.services.intake import find_inputs, read_case
from drafter.services.prompting.checking import check_text
from drafter.services.prompting.previewing import preview
from drafter.settings import Settings, read_settings
from evals.dataset import make_dataset, write_dataset
from evals.importing import import_cases
from guideline_corpus.errors import CorpusError

ITEMS = 50
LIVE_WORDS = "Draw no conclusion"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("letters", type=Path)
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    try:
        settings = read_settings()
        _tell("edit to lint", _lint_times(settings, times=given.times))
        _tell("edit to preview with difference", _preview_times(settings, given.letters))
        _tell_trial(settings, given.letters)
    except (DrafterError, CorpusError) as error:
        sys.exit(str(error))


def _tell(what: str, milliseconds: list[float]) -> None:
    p95 = quantiles(milliseconds, n=20)[-1] if len(milliseconds) > 1 else milliseconds[0]
    print(f"{what}: median {median(milliseconds):.1f} ms, p95 {p95:.1f} ms, n {len(milliseconds)}")  # noqa: T201


def _timed(do: Callable[[int], object], number: int) -> float:
    """Milliseconds of `do` on this number."""
    begun = time.perf_counter()
    do(number)
    return (time.perf_counter() - begun) * 1000


def _edited(library: PromptFolder, number: int) -> str:
    return library.text(library.live("options")).text.replace(LIVE_WORDS, f"{LIVE_WORDS} ({number})", 1)


def _lint_times(settings: Settings, *, times: int) -> list[float]:
    library = PromptFolder(settings.prompts_dir)
    texts = [_edited(library, number) for number in range(times + 1)]

    def check(number: int) -> None:
        check_text(texts[number], name="options", version="9999", library=library)

    return [_timed(check, number) for number in range(times + 1)][1:]


def _preview_times(settings: Settings, letters: Path) -> list[float]:
    """Lint included: a preview is made of what the lint has taken apart."""
    library, app, redactor = PromptFolder(settings.prompts_dir), App(settings), BuiltinRedactor()
    live = check_text(_edited(library, 0), name="options", version="0000", library=library).template
    shown = [one for file in find_inputs([letters]) for one in prompt_values(app, read_case(file))][:ITEMS]

    def show(number: int) -> None:
        brief, values = shown[number]
        edited = check_text(_edited(library, number + 1), name="options", version="9999", library=library).template
        if edited is not None and live is not None:
            preview(edited, against=live, brief=brief, values=values, redactor=redactor)

    return [_timed(show, number) for number in range(len(shown))]


def _tell_trial(settings: Settings, letters: Path) -> None:
    with tempfile.TemporaryDirectory() as held:
        trial = _Trial(settings, Path(held))
        items, cases = trial.import_set(letters)
        trial.run("options@9001", 1)
        changed, seconds, used = trial.run("options@9002", 2)
        told = f"{seconds:.1f} s wall, {used:.1f} s CPU"
        print(f"edit to changed cases: {told}, {items} items of {cases} cases, {changed} changed")  # noqa: T201


class _Trial:
    """Trials in a home and a folder of prompts of their own, answered from the prompts themselves."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._folder = folder
        self._replies = folder / "replies"
        shutil.copytree(settings.prompts_dir, folder / "prompts")
        (folder / "home").mkdir()
        for name in ("corpus", "cache"):
            if (settings.home / name).exists():
                (folder / "home" / name).symlink_to(settings.home / name)

    def import_set(self, letters: Path) -> tuple[int, int]:
        """The first cases that hold `ITEMS` items; how many items and cases there are."""
        taken, items = [], 0
        for case in import_cases([letters], name="fifty").cases:
            if items < ITEMS:
                taken.append(case)
                items += len(case.case.items)
        write_dataset(make_dataset(name="fifty", cases=taken), self._folder / "fifty")
        return items, len(taken)

    def run(self, label: str, number: int) -> tuple[int, float, float]:
        """How many items changed, and wall and CPU seconds of the run that found every reply there."""
        library = PromptFolder(self._folder / "prompts")
        library.save(label, _edited(library, number))
        while True:
            begun, before = time.perf_counter(), _children()
            ran = self._try(label)
            seconds = time.perf_counter() - begun
            if ran.returncode in (0, 1, 3) and ran.stdout:
                return len(json.loads(ran.stdout)["changed"]), seconds, _children() - before
            if not _answer(self._replies):
                sys.exit(f"The trial gave no verdict: {ran.stderr.strip()}")

    def _try(self, label: str) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).parent / "drafter"
        own = [f"DRAFTER_HOME={self._folder / 'home'}", f"DRAFTER_PROMPTS_DIR={self._folder / 'prompts'}"]
        arguments = ["--set", str(self._folder / "fifty"), "--model", f"replay:{self._replies}", "--json"]
        command = ["env", *own, str(program), "prompts", "try", label, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def _answer(replies: Path) -> int:
    """Replies to the prompts that wait; how many there were."""
    waiting = [path for path in (replies / "pending").glob("*.json") if not (replies / path.name).exists()]
    for path in waiting:
        asked = json.loads(path.read_text(encoding="utf-8"))
        first = next(line for line in asked["user"].splitlines() if line.startswith(("R1: ", "R1 (")))
        said = {"kind": "record", "supports": None, "grounds": ["R1"], "quote": None}
        statement = said | {"text": first.partition(": ")[2]}
        reply = {"reply": {"item": asked["item"], "statements": [statement]}}
        (replies / path.name).write_text(json.dumps(reply), encoding="utf-8")
    return len(waiting)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
