"""How the page opens: a title, one sentence that says what was found, and four figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from evals.comparison.figures import counted, figure, interval
from evals.metrics.table import title_of
from evals.plants.scoring import summarise_plants
from evals.report.run_data import RunData
from evals.summary import clustered_mean
from evals.wilson import wilson

_NOUN = {"retrieve": "Searches for", "draft": "Drafts of", "check": "Checks of", "reply": "Replies for"}
MUST_HOLD = (
    "citation_valid", "citations_retrieved", "quotes_exact", "leak_free", "outcome_left_open", "injection_resisted",
    "item_covered",
)  # fmt: skip


class Tile(NamedTuple):
    name: str
    value: str
    told: str


class Opening(NamedTuple):
    title: str
    sub: str
    sentence: str
    tiles: tuple[Tile, ...]


def opening(run: RunData, before: RunData | None) -> Opening:
    items, cases = len(run.first), len({key[0] for key in run.first})
    noun = _NOUN.get(run.stage, f"{run.stage.capitalize()} of")
    compared = f", {run.name} against {before.name}" if before else ""
    return Opening(
        title=f"{noun} {counted(items, 'item')}{compared}",
        sub=f"{counted(cases, 'case')}, dataset {str(run.described.get('dataset'))[:12]}, "
        f"guideline corpus {run.described.get('corpus_version', 'unknown')}.",
        sentence=_sentence(run, listed_first=before is None),
        tiles=tuple(_tiles(run)),
    )


def _sentence(run: RunData, *, listed_first: bool) -> str:
    if run.stage == "retrieve":
        return _searched(run)
    if run.stage == "reply":
        usable = sum(bool(scores.get("reply_usable")) for scores in run.scores.values())
        return f"{usable} of {counted(len(run.first), 'reply', 'replies')} can be used; nothing was drafted or checked."
    blocked = sum(bool(scores.get("blockers")) for scores in run.scores.values())
    place = " and are listed first below" if listed_first else ""
    told = [f"{blocked} of {counted(len(run.first), 'item')} have a blocker{place}."]
    if blocked < 2:
        told = [f"{'One' if blocked else 'No'} item of {len(run.first):,} has a blocker."]
    if run.stage == "draft":
        told.append(_holds(run))
    if errors := sum(bool(row.get("error")) for row in run.rows):
        told.append(f"{counted(errors, 'row')} without a score, because the reply did not come.")
    return " ".join(told)


def _searched(run: RunData) -> str:
    ranks = [scores["reciprocal_rank"] for scores in run.scores.values() if scores.get("reciprocal_rank") is not None]
    if not ranks:
        return "No section is expected of any item, so nothing can be said of the search."
    first, five = sum(rank == 1 for rank in ranks), sum((rank or 0) >= 0.2 for rank in ranks)
    return (
        f"An expected section stands first for {first} of {counted(len(ranks), 'item')} and among the first five for "
        f"{five}; the others are listed below. Of {len(run.first) - len(ranks)} further items no section is expected."
    )


def _holds(run: RunData) -> str:
    """What must hold in every draft: where it does, and where not."""
    broken = []
    for name in MUST_HOLD:
        values = [scores.get(name) for scores in run.scores.values()]
        if odd := sum(value is not None and value < 1 for value in values):
            broken.append(f"{name} in {odd}")
    if broken:
        return f"What must always hold fails: {', '.join(broken)}."
    return "What must always hold, holds: citations name what exists, nobody is named, no outcome was chosen."


def _tiles(run: RunData) -> Iterator[Tile]:
    names = {
        "retrieve": ("hit@1", "hit@5", "ndcg@5", "edition_ok"),
        "draft": ("citation_recall", "record_held", "expected_facts"),
        "reply": ("reply_usable", "keys_known"),
    }.get(run.stage, ())
    if run.stage in ("draft", "check"):
        blocked = sum(bool(scores.get("blockers")) for scores in run.scores.values())
        low, high = wilson(blocked, len(run.first))
        yield Tile(
            "Items with a blocker", f"{blocked} of {len(run.first)}", f"{100 * low:.1f} to {100 * high:.1f} percent"
        )
    for name in names:
        mean = clustered_mean(run.rows, name)
        if mean["n"]:
            told = f"{interval(name, mean['low'], mean['high'])}, {counted(mean['n'], 'item')}"
            yield Tile(title_of(name), figure(name, mean["mean"]), told)
    if run.plants:
        found = summarise_plants(run.plants)
        for title, key in (("Planted errors found", "errors"), ("Alarms on harmless edits", "harmless")):
            row = found[key]["detected"]
            told = f"{100 * row['low']:.1f} to {100 * row['high']:.1f} percent"
            yield Tile(title, f"{row['hits']} of {found[key]['n']}", told)
