"""The gate: PASS, FAIL or INCONCLUSIVE, by a file that names what counts.

    [invariants]                 no item may be worse
    metrics = ["quotes_exact"]
    [not_worse]                  a loss of more than the margin must be ruled out
    grounded = 0.03
    [watch]                      reported, never decisive
    metrics = ["statements"]

PASS: no invariant broken, and for every margin m the one-sided 95 percent bound of the difference is at or above -m.
A share that moved on no item has the exact bound of as many cases: twenty cases alike do not rule out three points.
FAIL: an invariant broken, or for some margin the whole 95 percent interval below -m, or a loss of at least m that is
significant after Holm's adjustment. INCONCLUSIVE: everything else, and any metric with more than 2 percent undefined in
one run.
"The mean went down" would fail about half of all unchanged candidates; this fails few, and says when it does not know
(tests/unit/test_gate.py simulates both).

`judge` is the one place where a verdict is made; exit code, text, JUnit and page are written from what it returns
(`evals/report/outcome.py`). Without a file a stage has a gate of its own (`gates/`), less what the runs cannot measure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from math import ceil
from pathlib import Path
from typing import Literal, NamedTuple
from xml.etree import ElementTree

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.comparison.figures import counted, margin_told, p_value, told
from evals.comparison.pairs import Compared, Paired, changed, compare_runs
from evals.comparison.statistics import Difference, difference, further_items, holm
from evals.errors import GateInvalid, NothingDecides
from evals.metrics.table import METRICS, is_share, title_of

Verdict = Literal["PASS", "FAIL", "INCONCLUSIVE"]
Role = Literal["invariant", "not_worse", "watch"]
EXIT: dict[Verdict, int] = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}
MOST_UNDEFINED = 0.02
SIGNIFICANT = 0.05
WORST = 5  # items named in a reason


class _Names(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: tuple[str, ...] = ()


class Gate(BaseModel):
    """A gate file; margins are in the units of the metric, 0.03 being three points of a share."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    invariants: _Names = _Names()
    not_worse: dict[str, float] = Field(default_factory=dict)
    watch: _Names = _Names()


class Ruling(NamedTuple):
    """What became of one metric, and why in one sentence."""

    metric: str
    role: Role
    verdict: Verdict
    reason: str
    found: Difference
    undefined: int
    margin: float | None
    p_adjusted: float | None

    @property
    def rank(self) -> int:
        """0 for what failed, 1 for what is not known, 2 for what passed: the order to read them in."""
        return ("FAIL", "INCONCLUSIVE", "PASS").index(self.verdict)


class Judgement(NamedTuple):
    verdict: Verdict
    rulings: tuple[Ruling, ...]

    @property
    def exit_code(self) -> int:
        return EXIT[self.verdict]

    @property
    def sentence(self) -> str:
        """The verdict and why, in one sentence."""
        deciding = [ruling for ruling in self.rulings if ruling.role != "watch"]
        telling = [ruling for ruling in deciding if ruling.verdict == self.verdict]
        if self.verdict == "PASS":
            return f"No loss that counts: none of {len(deciding)} deciding metrics lost more than it may."
        first, others = telling[0], len(telling) - 1
        begins = "Worse" if self.verdict == "FAIL" else "Not yet known"
        more = (
            f" {counted(others, 'more metric')} failed." if self.verdict == "FAIL" else f" So it is for {others} more."
        )
        return f"{begins}: {title_of(first.metric).lower()}: {first.reason}.{more if others else ''}"


def read_gate(path: Path) -> Gate:
    """Raises GateInvalid where the file is missing, misspelt, or names nothing that decides."""
    try:
        gate = Gate.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise GateInvalid(f"{path} cannot be read ({error.strerror}); name a gate file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise GateInvalid(f"{path} is not TOML; correct it.") from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise GateInvalid(f"{path}: {where}: {error.errors()[0]['msg']}.") from None
    if not gate.invariants.metrics and not gate.not_worse:
        raise GateInvalid(f"{path} names nothing that decides; add [invariants] or [not_worse].")
    if any(margin <= 0 for margin in gate.not_worse.values()):
        raise GateInvalid(f"{path}: a margin is above 0; for none at all use [invariants].")
    return gate


def judged(before: Path, after: Path, gate_file: Path | None = None) -> Judgement:
    """The verdict on two runs by a gate file, or by the stage's own gate. Raises GateInvalid and RunInvalid."""
    compared = compare_runs(before, after)
    return judge(compared, read_gate(gate_file) if gate_file is not None else default_gate(compared))


def default_gate(compared: Compared) -> Gate:
    """The gate of the runs' stage, less the metrics that no item has. Raises NothingDecides where none is left."""
    stage = str(compared.before.get("stage"))
    file = files("evals.comparison").joinpath("gates", f"{stage}.toml")
    if not file.is_file():
        raise GateInvalid(f"There is no gate for the stage {stage}; name a file with --gate.")
    whole = Gate.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    held = {name for name, paired in compared.metrics.items() if paired.items}
    if not held.intersection((*whole.invariants.metrics, *whole.not_worse)):
        raise NothingDecides(f"These runs have nothing that the gate of the stage {stage} decides by; name a file.")
    return Gate(
        invariants=_Names(metrics=tuple(name for name in whole.invariants.metrics if name in held)),
        not_worse={name: margin for name, margin in whole.not_worse.items() if name in held},
        watch=_Names(metrics=tuple(name for name in whole.watch.metrics if name in held)),
    )


def judge(compared: Compared, gate: Gate) -> Judgement:
    """The verdict over all metrics of the gate. Raises GateInvalid for a metric that the runs do not have."""
    wanted = (*gate.invariants.metrics, *gate.not_worse, *gate.watch.metrics)
    for name in wanted:
        if name not in compared.metrics:
            raise GateInvalid(f"The runs have no metric {name}; they have {', '.join(compared.metrics) or 'none'}.")
    found = {name: difference(compared.metrics[name].pairs, share=_is_share(name, gate)) for name in wanted}
    adjusted = dict(zip(gate.not_worse, holm([_p(found[name]) for name in gate.not_worse]), strict=True))
    rulings = (
        *(_invariant(compared.metrics[name], found[name]) for name in gate.invariants.metrics),
        *(
            _not_worse(compared.metrics[name], found[name], margin=margin, p_adjusted=adjusted[name])
            for name, margin in gate.not_worse.items()
        ),
        *(_watched(compared.metrics[name], found[name]) for name in gate.watch.metrics),
    )
    return Judgement(_overall(rulings), rulings)


def _is_share(name: str, gate: Gate) -> bool:
    """By the table; a metric that is not in it and has a margin below 1 is taken for one."""
    return is_share(name) or (name not in METRICS and gate.not_worse.get(name, 1.0) < 1)


def report_text(judgement: Judgement) -> str:
    """The verdict and a line for each metric."""
    lines = [str(judgement.verdict)]
    for ruling in judgement.rulings:
        lines.append(f"  {ruling.verdict.lower():<12} {ruling.metric} ({ruling.role}): {ruling.reason}")
    return "\n".join(lines) + "\n"


def junit(judgement: Judgement) -> str:
    """The rulings as JUnit XML: FAIL is a failure, INCONCLUSIVE an error, so that no build takes it for a pass."""
    deciding = [ruling for ruling in judgement.rulings if ruling.role != "watch"]
    suite = ElementTree.Element(
        "testsuite",
        name=f"gate: {judgement.verdict}",
        tests=str(len(deciding)),
        failures=str(sum(ruling.verdict == "FAIL" for ruling in deciding)),
        errors=str(sum(ruling.verdict == "INCONCLUSIVE" for ruling in deciding)),
    )
    for ruling in deciding:
        case = ElementTree.SubElement(suite, "testcase", classname=ruling.role, name=ruling.metric)
        if ruling.verdict != "PASS":
            tag = "failure" if ruling.verdict == "FAIL" else "error"
            ElementTree.SubElement(case, tag, message=ruling.reason)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _invariant(paired: Paired, found: Difference) -> Ruling:
    lost = [pair for pair in changed(paired) if pair.difference < 0]
    verdict: Verdict = "FAIL" if lost else _defined(paired)
    named = ", ".join(f"{pair.case_number} item {pair.item}" for pair in lost[:WORST])
    reason = f"worse on {counted(len(lost), 'item')}: {named}" if lost else _held(paired, "no item is worse")
    return Ruling(paired.metric, "invariant", verdict, reason, found, paired.undefined, None, None)


def _not_worse(paired: Paired, found: Difference, *, margin: float, p_adjusted: float) -> Ruling:
    verdict, reason = _margin_verdict(paired.metric, found, margin=margin, p_adjusted=p_adjusted)
    if verdict == "PASS" and _defined(paired) != "PASS":
        verdict, reason = "INCONCLUSIVE", _held(paired, reason)
    return Ruling(paired.metric, "not_worse", verdict, reason, found, paired.undefined, margin, p_adjusted)


def _margin_verdict(name: str, found: Difference, *, margin: float, p_adjusted: float) -> tuple[Verdict, str]:
    what, limit = told(name, found), margin_told(name, margin)
    if found.mean is None:
        return "INCONCLUSIVE", "no item has a score in both runs"
    if found.high is None or found.lower is None:
        return "INCONCLUSIVE", f"one case alone shows nothing: {what}"
    if found.high < -margin or (p_adjusted <= SIGNIFICANT and found.mean <= -margin):
        return "FAIL", f"a loss of {limit} or more: {what}, p {p_value(p_adjusted)}"
    if found.lower >= -margin:
        return "PASS", f"a loss of more than {limit} is ruled out: {what}"
    need = _need(found, margin=margin)
    return "INCONCLUSIVE", f"a loss of more than {limit} is not ruled out: {what}; {need}"


def _need(found: Difference, *, margin: float) -> str:
    """How much more would settle it, in items and in the cases that hold as many."""
    more = further_items(found, margin=margin)
    if not more:
        return "more items alone would not settle it"
    cases = ceil(more * found.cases / found.items)
    return f"about {more} further items would settle it, in about {cases} further cases"


def _watched(paired: Paired, found: Difference) -> Ruling:
    return Ruling(paired.metric, "watch", "PASS", told(paired.metric, found), found, paired.undefined, None, None)


def _defined(paired: Paired) -> Verdict:
    return "INCONCLUSIVE" if not paired.pairs or paired.undefined > MOST_UNDEFINED * paired.items else "PASS"


def _held(paired: Paired, otherwise: str) -> str:
    if _defined(paired) == "PASS":
        return otherwise
    return f"undefined for {paired.undefined} of {paired.items} items"


def _overall(rulings: Sequence[Ruling]) -> Verdict:
    verdicts = [ruling.verdict for ruling in rulings if ruling.role != "watch"]
    if "FAIL" in verdicts:
        return "FAIL"
    return "INCONCLUSIVE" if "INCONCLUSIVE" in verdicts else "PASS"


def _p(found: Difference) -> float:
    return 1.0 if found.p_worse is None else found.p_worse
