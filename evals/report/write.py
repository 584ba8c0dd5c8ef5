"""Puts the page together: reads the runs, draws the plots, fills the template.

The page has no script and no outside reference, and the same runs give the same bytes
(tests/integration/test_eval_report.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from evals.comparison.figures import change, change_interval, counted, figure, interval
from evals.comparison.gate import Judgement
from evals.comparison.pairs import Compared, compare_runs
from evals.comparison.statistics import difference, smallest_loss, smallest_loss_seen
from evals.errors import RunInvalid
from evals.metrics.retrieval import first_rank
from evals.metrics.table import METRICS, is_share
from evals.plants.scoring import summarise_plants
from evals.report import plots
from evals.report.items import MOST_LISTED, MOST_SHOWN, changed_items, listed, shown_item, worst_items
from evals.report.opening import opening
from evals.report.outcome import outcome, template
from evals.report.run_data import RunData, read_run
from evals.report.tables import HEADLINE, described_lines, metric_lines, stratum_lines, unmeasured
from evals.report.trust import trust_lines
from evals.summary import clustered_means

DEEPEST = 8  # ranks of the retrieval curve
FEW = 10  # items of a stratum of which nothing should be concluded


def report(run: Path, *, against: Path | None = None, judgement: Judgement | None = None) -> str:
    """The page of a run, or of a candidate against the run that is live. Raises RunInvalid where one cannot be read."""
    compared = compare_runs(against, run) if against is not None else None
    return page(read_run(run), before=read_run(against) if against else None, compared=compared, judgement=judgement)


def write_report(page: str, out: Path) -> None:
    """Raises RunInvalid where the file cannot be written."""
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise RunInvalid(f"{out} cannot be written ({error.strerror}); name another file") from None


def page(run: RunData, *, before: RunData | None, compared: Compared | None, judgement: Judgement | None) -> str:
    """The whole page as text."""
    keys = changed_items(run, before, compared, judgement) if before and compared else worst_items(run)
    return template("page.html").render(
        run=run,
        before=before,
        opening=opening(run, before),
        verdict=outcome(judgement).section if judgement else None,
        described=described_lines(run, before),
        forest=_forest(run, compared, judgement),
        lines=metric_lines(run, compared, judgement),
        unmeasured=unmeasured(run),
        headline=HEADLINE[run.stage],
        strata=stratum_lines(run, compared),
        items=[shown_item(key, run, before) for key in keys[:MOST_SHOWN]],
        listed=listed(keys, run, before),
        more=max(0, len(keys) - MOST_LISTED),
        total=len(keys),
        curve=_curve(run, before),
        plants=_plants(run),
        operations=_operations(run, before),
        power=_power(run, compared),
        trust=list(trust_lines(run)),
        style=Markup(template("style.css").render()),
    )


def _forest(run: RunData, compared: Compared | None, judgement: Judgement | None) -> Markup | None:
    """Differences with their margins where two runs are compared, else the shares with their intervals."""
    if compared is None:
        return _shares(run)
    rulings = {one.metric: one for one in judgement.rulings} if judgement else {}
    names = [name for name in METRICS if name in compared.metrics and is_share(name) and compared.metrics[name].pairs]
    bars = []
    for name in sorted(names, key=lambda name: name not in rulings or rulings[name].role == "watch"):
        found = rulings[name].found if name in rulings else difference(compared.metrics[name].pairs, share=True)
        if found.mean is None:
            continue
        ruling = rulings.get(name)
        margin = ruling.margin if ruling else None
        bars.append(
            plots.Bar(
                label=name,
                value=100 * found.mean,
                low=100 * found.low if found.low is not None else None,
                high=100 * found.high if found.high is not None else None,
                limit=-100 * margin if margin else None,
                bad=ruling is not None and ruling.verdict == "FAIL",
                told=f"{change(name, found)} ({change_interval(name, found)})",
            )
        )
    if not bars:
        return None
    title = "Difference of each share, candidate less live, in points"
    return Markup(plots.forest(bars, name="forest", title=title, unit="points gained; below 0 is a loss"))


def _shares(run: RunData) -> Markup | None:
    names = [name for name in METRICS if is_share(name) and _values(run, name)]
    if not names:
        return None
    told = clustered_means(run.rows, names)
    bars = [_share_bar(name, told[name]) for name in names]
    title = "Every share with its 95 percent interval"
    return Markup(plots.forest(bars, name="shares", title=title, unit="percent", zero=None))


def _share_bar(name: str, mean: Mapping[str, Any]) -> plots.Bar:
    low, high = mean["low"], mean["high"]
    return plots.Bar(
        label=name,
        value=100 * mean["mean"],
        low=_percent(low),
        high=_percent(high),
        told=f"{figure(name, mean['mean'])} ({interval(name, low, high)})",
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _curve(run: RunData, before: RunData | None) -> Mapping[str, Any] | None:
    """How many items have an expected section among the first k results."""
    if run.stage != "retrieve" or not any(row["gold"] for row in run.rows):
        return None
    ks = list(range(1, DEEPEST + 1))
    lines, table = [], []
    for one in (each for each in (before, run) if each is not None):
        told = clustered_means(_hits(one, ks), [f"hit@{k}" for k in ks])
        means, lows, highs = ([told[f"hit@{k}"][key] for k in ks] for key in ("mean", "low", "high"))
        band = None not in lows
        lines.append(plots.Curve(one.name, ks, means, lows if band else (), highs if band else ()))
        cells = zip(means, lows, highs, strict=True)
        table.append((one.name, [(figure("hit@1", mean), interval("hit@1", *ends)) for mean, *ends in cells]))
    title = "Share of items with an expected section among the first k results"
    svg = plots.curves(lines, name="curve", title=title, x="k, results looked at", y="share of items")
    return {"svg": Markup(svg), "ks": ks, "table": table}


def _hits(run: RunData, ks: Sequence[int]) -> list[dict[str, Any]]:
    """Rows with a score for every depth, of the items of which a section is expected."""
    ranked = [(row, first_rank(row["gold"], row["retrieved"])) for row in run.rows if row["gold"]]
    return [
        {"case_number": row["case_number"], "scores": {f"hit@{k}": float(bool(rank and rank <= k)) for k in ks}}
        for row, rank in ranked
    ]


def _plants(run: RunData) -> Mapping[str, Any] | None:
    if not run.plants:
        return None
    summary = summarise_plants(run.plants)
    kinds = {**summary["kinds"]}
    harmless = {row["kind"] for row in run.plants if row["harmless"]}
    errors = {kind: row for kind, row in kinds.items() if kind not in harmless}
    bars = [
        plots.Bar(
            label=kind,
            value=100 * row["detected"]["share"],
            low=100 * row["detected"]["low"],
            high=100 * row["detected"]["high"],
            limit=90.0,
            bad=row["detected"]["share"] < 0.9,
            told=f"{row['detected']['hits']} of {row['n']}",
        )
        for kind, row in sorted(errors.items(), key=lambda pair: pair[1]["detected"]["share"])
    ]
    title = "Share of planted errors that a check found, by kind, worst first"
    svg = (
        plots.forest(bars, name="plants", title=title, unit="percent found; the tick is at 90", zero=None)
        if bars
        else ""
    )
    return {"svg": Markup(svg), "errors": errors, "harmless": {k: kinds[k] for k in sorted(harmless)}, "all": summary}


def _operations(run: RunData, before: RunData | None) -> list[Mapping[str, Any]]:
    """Seconds, tokens and cost by item, where rows tell them: quartiles and a curve."""
    found: list[Mapping[str, Any]] = []
    for name in ("seconds", "tokens_in", "tokens_out", "cost"):
        told = {one.name: sorted(_values(one, name)) for one in (before, run) if one is not None and _values(one, name)}
        if told:
            plain = name.replace("_", " ")
            lines = [plots.Curve(one, values, _shares_below(values)) for one, values in told.items()]
            title = f"Share of items that took at most so many {plain}"
            svg = plots.curves(lines, name=f"operations-{name}", title=title, x=plain, y="share of items")
            table = [(one, *_quantiles(values)) for one, values in told.items()]
            found.append({"name": plain, "svg": Markup(svg), "table": table})
    return found


def _shares_below(values: Sequence[float]) -> list[float]:
    return [(at + 1) / len(values) for at in range(len(values))]


def _quantiles(values: Sequence[float]) -> tuple[str, ...]:
    """How many, median, 95th percentile, most, sum."""
    told = (f"{float(np.percentile(values, q)):.3g}" for q in (50, 95, 100))
    return (str(len(values)), *told, f"{sum(values):.4g}")


def _values(run: RunData, name: str) -> list[float]:
    return [float(value) for row in run.rows if (value := (row["scores"] or {}).get(name)) is not None]


def _power(run: RunData, compared: Compared | None) -> Sequence[str]:
    """What a comparison on this set can and cannot see."""
    items, cases = len(run.first), len({key[0] for key in run.first})
    points = 100 * smallest_loss(items)
    before_any = (
        f"{counted(items, 'item')} of {counted(cases, 'case')}: before any run, a loss of {points:.1f} points or more "
        "is shown in 8 of 10 comparisons (one-sided 5 percent, 2 percent of the items repaired by chance). A smaller "
        "one will most often read as inconclusive."
    )
    told = [before_any]
    if compared is not None:
        told += [line for name in HEADLINE[run.stage] if (line := _seen(compared, name))]
    few = _few(run)
    if few:
        told.append(f"Strata with fewer than ten items say next to nothing: {', '.join(few)}.")
    return told


def _seen(compared: Compared, name: str) -> str:
    found = difference(compared.metrics[name].pairs)
    if found.error is None or not found.error:
        return ""
    least = smallest_loss_seen(found.items, error_of_one=found.error * found.items**0.5)
    size = f"{100 * least:.1f} points" if is_share(name) else f"{least:.2g} an item"
    return f"{name}: as much as these two runs differ, a loss of {size} would be shown in 8 of 10 comparisons."


def _few(run: RunData) -> list[str]:
    lines = (line for line in stratum_lines(run, None) if line.items < FEW and line.stratum != "split")
    return [f"{line.stratum} {line.value} ({line.items})" for line in lines]
