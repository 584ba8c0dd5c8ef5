"""The tables of the page: metrics with intervals and undefined counts, strata, what was compared, planted errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from evals.comparison.figures import NONE, change, change_interval, figure, interval, p_value
from evals.comparison.gate import Judgement
from evals.comparison.pairs import Compared, Pair
from evals.comparison.statistics import Difference, difference, holm
from evals.datasets.catalogue import item_strata
from evals.metrics.table import METRICS, TABLE, is_share
from evals.report.run_data import Key, RunData
from evals.summary import clustered_means

FEWEST = 5  # items of a stratum that is worth a figure
# What tells most of a stage, first of all for strata.
HEADLINE: Mapping[str, tuple[str, ...]] = {
    "retrieve": ("hit@1", "hit@5"),
    "draft": ("blockers", "record_held", "expected_facts"),
    "check": ("blockers", "warnings"),
    "reply": ("reply_usable", "keys_known"),
}


class MetricLine(NamedTuple):
    """One metric: `value` of the run (or of the candidate), `before` and `change` where two are compared."""

    name: str
    family: str
    value: str
    interval: str
    scored: int
    undefined: int
    before: str = ""
    change: str = ""
    change_interval: str = ""
    p: str = ""
    role: str = ""


class StratumLine(NamedTuple):
    stratum: str
    value: str
    items: int
    cells: tuple[str, ...]
    flagged: bool


class Described(NamedTuple):
    what: str
    before: str
    after: str
    same: bool


def metric_lines(run: RunData, compared: Compared | None, judgement: Judgement | None) -> list[MetricLine]:
    """Every metric that some item has, in the order of the table."""
    known = {name for scores in run.scores.values() for name in scores}
    names = [metric.name for metric in TABLE if metric.name in known] + sorted(known - METRICS.keys())
    told = clustered_means(run.rows, names)
    rulings = {ruling.metric: ruling for ruling in judgement.rulings} if judgement else {}
    lines = []
    for name in names:
        mean = told[name]
        if not mean["n"] and not (compared and compared.metrics[name].items):
            continue
        family = METRICS[name].family if name in METRICS else ""
        line = MetricLine(
            name=name,
            family=family,
            value=figure(name, mean["mean"]),
            interval=interval(name, mean["low"], mean["high"]),
            scored=mean["n"],
            undefined=mean.get("undefined", 0),
        )
        if compared is not None:
            line = _with_change(line, compared, rulings[name].found if name in rulings else None)
        if (ruling := rulings.get(name)) is not None:
            line = line._replace(
                role=ruling.role, p=p_value(ruling.p_adjusted) if ruling.p_adjusted is not None else line.p
            )
        lines.append(line)
    return lines


def _with_change(line: MetricLine, compared: Compared, found: Difference | None) -> MetricLine:
    paired = compared.metrics[line.name]
    found = found or difference(paired.pairs, share=is_share(line.name))
    before = [pair.before for pair in paired.pairs]
    return line._replace(
        before=figure(line.name, sum(before) / len(before) if before else None),
        change=change(line.name, found),
        change_interval=change_interval(line.name, found),
        p=p_value(found.p_worse),
    )


def unmeasured(run: RunData) -> list[str]:
    """The metrics of the stage that no item of the set can show."""
    known = {name for scores in run.scores.values() for name in scores}
    return [
        one.name
        for one in TABLE
        if one.name in known and all(scores.get(one.name) is None for scores in run.scores.values())
    ]


def stratum_lines(run: RunData, compared: Compared | None) -> list[StratumLine]:
    """Each stratum with the stage's headline metrics; with two runs their change, flagged where it is a loss after
    Holm's adjustment over all strata of the metric."""
    names = HEADLINE[run.stage]
    groups: dict[tuple[str, str], list[Key]] = {}
    for key in run.first:
        if (case := run.cases.get(key[0])) is not None:
            for stratum, value in item_strata(case, key[1]).items():
                groups.setdefault((stratum, value), []).append(key)
    several = {stratum for stratum, _ in groups if sum(other == stratum for other, _ in groups) > 1}
    shown = {place: keys for place, keys in sorted(groups.items()) if place[0] in several}
    if compared is None:
        return [_alone(run, place, keys, names) for place, keys in shown.items()]
    return _changed(shown, compared, names)


def _alone(run: RunData, place: tuple[str, str], keys: Sequence[Key], names: Sequence[str]) -> StratumLine:
    wanted = set(keys)
    rows = [row for row in run.rows if (row["case_number"], row["item"]) in wanted]
    told = clustered_means(rows, names)
    return StratumLine(*place, len(keys), tuple(_cell(name, told[name]) for name in names), flagged=False)


def _cell(name: str, mean: Mapping[str, Any]) -> str:
    """A mean, with its interval where it is of enough items for one to say anything."""
    if not mean["n"]:
        return NONE
    told = figure(name, mean["mean"])
    return told if mean["n"] < FEWEST else f"{told} ({interval(name, mean['low'], mean['high'])})"


def _changed(
    shown: Mapping[tuple[str, str], Sequence[Key]], compared: Compared, names: Sequence[str]
) -> list[StratumLine]:
    found: dict[tuple[tuple[str, str], str], Difference] = {}
    for place, keys in shown.items():
        wanted = set(keys)
        for name in names:
            pairs: list[Pair] = [pair for pair in compared.metrics[name].pairs if pair[:2] in wanted]
            found[place, name] = difference(pairs, share=is_share(name))
    adjusted: dict[tuple[tuple[str, str], str], float] = {}
    for name in names:
        p_values = {key: found[key].p_worse for key in found if key[1] == name}
        adjusted |= zip(p_values, holm([1.0 if p is None else p for p in p_values.values()]), strict=True)
    return [
        StratumLine(
            *place,
            len(keys),
            tuple(_moved(name, found[place, name]) for name in names),
            flagged=any(adjusted[place, name] <= 0.05 for name in names),
        )
        for place, keys in shown.items()
    ]


def _moved(name: str, found: Difference) -> str:
    return f"{change(name, found)} ({change_interval(name, found)})"


_TOLD = {
    "dataset": "Dataset (SHA-256 of its cases)", "stage": "Stage", "model": "Model", "prompt": "Template",
    "prompt_sha256": "Template (SHA-256)", "corpus_version": "Guideline corpus", "program": "Program",
    "metrics": "Scoring code (SHA-256)", "plants": "Planted errors (SHA-256)", "seed": "Seed", "repeats": "Repeats",
}  # fmt: skip


def described_lines(run: RunData, before: RunData | None) -> list[Described]:
    """What a run rested on, side by side where there are two."""
    keys = [key for key in _TOLD if key in run.described] + sorted(run.described.keys() - _TOLD.keys())
    return [
        Described(
            what=_TOLD.get(key, key.replace("_", " ")),
            before=_short(before.described.get(key)) if before else "",
            after=_short(run.described.get(key)),
            same=before is None or before.described.get(key) == run.described.get(key),
        )
        for key in keys
    ]


def _short(value: object) -> str:
    told = "none" if value is None else str(value)
    return f"{told[:20]}..." if len(told) == 64 and told.isalnum() else told
