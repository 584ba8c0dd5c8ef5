"""The whole way of a prompt version from the shell: edit, lint, preview, try, release by a second person, roll back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.prompting_factories import make_prompts

BIN = Path(sys.executable).parent
SAMPLES = REPOSITORY / "evals" / "samples"


class Shell:
    """A person at a terminal, with a home and a folder of prompts of their own."""

    def __init__(self, home: Path, prompts: Path) -> None:
        self.home = home
        self._environment = {
            "PATH": f"{BIN}:/usr/bin:/bin",
            "PYTHONPATH": str(REPOSITORY),
            "DRAFTER_HOME": str(home),
            "DRAFTER_PROMPTS_DIR": str(prompts),
        }

    def __call__(self, program: str, *arguments: str, code: int | None = 0) -> str:
        ran = subprocess.run(
            [BIN / program, *arguments], capture_output=True, text=True, env=self._environment, cwd=self.home,
            check=False, timeout=240,
        )  # fmt: skip
        assert code in (ran.returncode, None), f"{program} {arguments}: {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout + ran.stderr

    def prompts(self, *arguments: str, code: int | None = 0) -> str:
        return self("drafter", "prompts", *arguments, code=code)


def answer(replies: Path) -> None:
    """Reply to every prompt that waits, with a sentence on the record and one on the guideline."""
    for pending in (replies / "pending").glob("*.json"):
        asked = json.loads(pending.read_text(encoding="utf-8"))
        first = next(line for line in asked["user"].splitlines() if line.startswith(("R1: ", "R1 (")))
        text = first.partition(": ")[2]
        said = {"text": text, "kind": "record", "supports": None, "grounds": ["R1"], "quote": None}
        reply = {"item": asked["item"], "statements": [said]}
        (replies / pending.name).write_text(json.dumps({"reply": reply}), encoding="utf-8")


@pytest.fixture
def shell(corpus_home: Path, tmp_path: Path) -> Shell:
    home = tmp_path / "home"
    home.mkdir()
    os.symlink(corpus_home / "corpus", home / "corpus")
    shutil.copytree(corpus_home / "cache", home / "cache")
    return Shell(home, make_prompts(tmp_path))


@pytest.mark.long
def test_a_version_goes_from_a_draft_to_live_and_back(shell: Shell, tmp_path: Path) -> None:
    prompts, replies = tmp_path / "prompts", tmp_path / "replies"
    model = ("--model", f"replay:{replies}")
    text = (prompts / "options" / "0005.md").read_text(encoding="utf-8").replace("the project", "Ann Author", 1)
    draft = prompts / "options" / "0020.md"

    draft.write_text(text.replace("[[request]]", "[[requset]]"), encoding="utf-8")
    assert "did you mean [[request]]?" in shell.prompts("check", "options@0020", code=1)
    draft.write_text(text.replace("Draw no conclusion", "Draw no conclusion of your own"), encoding="utf-8")
    assert "0 errors" in shell.prompts("check", "options@0020")

    preview = shell.prompts("preview", "options@0020", "--case", str(SAMPLES / "knee-mri.yaml"))
    assert "+ - Draw no conclusion of your own" in preview
    assert "tokens in all" in preview

    # On the few items here no margin can be shown to hold: the gate asks for what no item may lose.
    (prompts / "gate.toml").write_text('[invariants]\nmetrics = ["item_covered"]\n', encoding="utf-8")
    shell("evals", "import", str(SAMPLES), "--out", str(tmp_path / "set"))
    trial = ("try", "options@0020", "--set", str(tmp_path / "set"), *model)
    for _ in range(3):  # the first reply of an item, and the reply to what does not hold about it
        answer(replies)
        if "no verdict yet" not in (told := shell.prompts(*trial, code=None)):
            break
    assert told.startswith("PASS")
    assert "items changed" in told

    sign = ("release", "options@0020", "--set", "set", *model)
    shell.prompts("release", "options@0020", "--candidate", "--by", "Ann Author", "--why", "says it more firmly")
    assert "Ann Author wrote options@0020" in shell.prompts(*sign, "--by", "Ann Author", "--why", "it is fine", code=2)
    assert "a release asks for 400" in shell.prompts(*sign, "--by", "Rae Reader", "--why", "read all of them", code=2)
    policy = prompts / "release.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("400", "1"), encoding="utf-8")
    assert "options@0020 is live" in shell.prompts(*sign, "--by", "Rae Reader", "--why", "read all of them")

    assert "options@0005 is live" in shell.prompts("rollback", "options", "--by", "Q. Qa", "--why", "a visit is lost")
    assert "options@0020 is live" in shell.prompts(
        "rollback", "options", "--undo", "--by", "Q. Qa", "--why", "it was the case"
    )
    history = shell.prompts("history", "options")
    assert [line.split()[3] for line in history.splitlines() if " UTC " in line] == [
        "candidate", "release", "rollback", "undo",
    ]  # fmt: skip
    assert "by Rae Reader: read all of them" in history
    assert "on: PASS on set" in history
