"""The gate: PASS, FAIL or INCONCLUSIVE, by a file that names what counts.

    [invariants]                 no item may be worse
    metrics = ["quotes_exact"]
    [not_worse]                  a loss of more than the margin must be ruled out
    grounded = 0.03
    [watch]                      reported, never decisive
    metrics = ["statements"]

PASS: no invariant broken, and for every margin m the one-sided 95 percent bound of the difference is at or above -m.
FAIL: an invariant broken, or for some margin the whole 95 percent interval below -m, or a loss of at least m that is
significant after Holm's adjustment. INCONCLUSIVE: everything else, and any metric with more than 2 percent undefined in
one run.
"The mean went down" would fail about half of all unchanged candidates; this fails few, and says when it does not know
(tests/unit/test_gate.py simulates both).

`judge` is the one place where a verdict is made; exit code, report and JUnit are written from what it returns.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple
from xml.etree import ElementTree

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.comparison.pairs import Compared, Paired, changed
from evals.comparison.statistics import Difference, difference, further_items, holm
from evals.errors import GateInvalid

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


class Judgement(NamedTuple):
    verdict: Verdict
    rulings: tuple[Ruling, ...]

    @property
    def exit_code(self) -> int:
        return EXIT[self.verdict]


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


def judge(compared: Compared, gate: Gate) -> Judgement:
    """The verdict over all metrics of the gate. Raises GateInvalid for a metric that the runs do not have."""
    wanted = (*gate.invariants.metrics, *gate.not_worse, *gate.watch.metrics)
    for name in wanted:
        if name not in compared.metrics:
            raise GateInvalid(f"The runs have no metric {name}; they have {', '.join(compared.metrics) or 'none'}.")
    found = {name: difference(compared.metrics[name].pairs) for name in wanted}
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


def difference_text(found: Difference) -> str:
    """ "-0.0120 (95 % -0.0300 to +0.0061, 400 items of 180 cases)"."""
    if found.mean is None:
        return "undefined"
    interval = f"95 % {found.low:+.4f} to {found.high:+.4f}"
    return f"{found.mean:+.4f} ({interval}, {found.items} items of {found.cases} cases)"


def _invariant(paired: Paired, found: Difference) -> Ruling:
    lost = [pair for pair in changed(paired) if pair.difference < 0]
    verdict: Verdict = "FAIL" if lost else _defined(paired)
    named = ", ".join(f"{pair.case_number} item {pair.item}" for pair in lost[:WORST])
    reason = f"worse on {len(lost)} items: {named}" if lost else _held(paired, "no item is worse")
    return Ruling(paired.metric, "invariant", verdict, reason, found, paired.undefined, None, None)


def _not_worse(paired: Paired, found: Difference, *, margin: float, p_adjusted: float) -> Ruling:
    verdict, reason = _margin_verdict(found, margin=margin, p_adjusted=p_adjusted)
    if verdict == "PASS" and _defined(paired) != "PASS":
        verdict, reason = "INCONCLUSIVE", _held(paired, reason)
    return Ruling(paired.metric, "not_worse", verdict, reason, found, paired.undefined, margin, p_adjusted)


def _margin_verdict(found: Difference, *, margin: float, p_adjusted: float) -> tuple[Verdict, str]:
    told = difference_text(found)
    if found.mean is None or found.high is None or found.lower is None:
        return "INCONCLUSIVE", "no item has a score in both runs"
    if found.high < -margin or (p_adjusted <= SIGNIFICANT and found.mean <= -margin):
        return "FAIL", f"a loss of {margin:g} or more: {told}, p {p_adjusted:.4f}"
    if found.lower >= -margin:
        return "PASS", f"a loss of more than {margin:g} is ruled out: {told}"
    more = further_items(found, margin=margin)
    need = f"about {more} further items would settle it" if more else "more items alone would not settle it"
    return "INCONCLUSIVE", f"a loss of more than {margin:g} is not ruled out: {told}; {need}"


def _watched(paired: Paired, found: Difference) -> Ruling:
    return Ruling(paired.metric, "watch", "PASS", difference_text(found), found, paired.undefined, None, None)


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
