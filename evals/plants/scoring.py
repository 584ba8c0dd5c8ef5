"""Was the plant found, and where? An alarm counts where it was not raised on the same item untouched.

- detected: a new finding of severity warning or blocker, anywhere in the letter;
- localised: a new finding lies on the plant: its span and the plant's overlap in at least half of the shorter one.
  For a plant that has no place in the rationale (outcome, heading, dates, an emptied text) the item has to be right;
- exact: the same by intersection over union, which a finding on a whole sentence fails although it shows the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from drafter.domain.draft import Finding
from evals.plants.model import Plant
from evals.wilson import wilson

ALARMS = ("blocker", "warning")
HALF = 0.5
Row = dict[str, Any]


def new_findings(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """The alarms of `after` that `before` does not have; offsets may have moved, so words are compared."""
    known = {_key(finding) for finding in before}
    return tuple(finding for finding in after if finding.severity in ALARMS and _key(finding) not in known)


def scores(plant: Plant, found: Sequence[Finding]) -> Row:
    """`{"detected", "localised", "exact"}`; the places are None where nothing was found."""
    if not found:
        return {"detected": 0.0, "localised": None, "exact": None}
    return {
        "detected": 1.0,
        "localised": float(any(_overlap(plant, finding, union=False) >= HALF for finding in found)),
        "exact": float(any(_overlap(plant, finding, union=True) >= HALF for finding in found)),
    }


def _key(finding: Finding) -> tuple[str, str | int | None]:
    """The check and its words without spacing; the item only where no words are shown (words in two items are one)."""
    return finding.check, "".join((finding.quote or "").split()) or finding.item


def _overlap(plant: Plant, finding: Finding, *, union: bool) -> float:
    nowhere = not plant.edit.after.strip() and plant.edit.span is None
    if plant.edit.field not in ("rationale", "reviewer_guideline") or nowhere:
        return float(finding.item in (plant.item, None) or finding.quote == plant.edit.after)
    if finding.item != plant.item or finding.field != plant.edit.field or finding.start is None or finding.end is None:
        return 0.0
    start, end = plant.edit.place
    shared = max(0, min(end, finding.end) - max(start, finding.start))
    whole = (end - start) + (finding.end - finding.start)
    return shared / (whole - shared) if union else shared / max(1, min(end - start, finding.end - finding.start))


def summarise_plants(rows: Sequence[Row]) -> Row:
    """Per kind and over all: n, detected, localised, exact, each share with its Wilson interval."""
    kinds: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row["harmless"], row["kind"])):
        kinds.setdefault(row["kind"], []).append(row)
    errors = [row for row in rows if not row["harmless"]]
    return {
        "kinds": {kind: _shares(of_kind) for kind, of_kind in kinds.items()},
        "errors": _shares(errors),
        "harmless": _shares([row for row in rows if row["harmless"]]),
    }


def _shares(rows: Sequence[Row]) -> Row:
    found = [row["scores"] for row in rows if row["scores"]["detected"]]
    return {
        "n": len(rows),
        "detected": _share(len(found), len(rows)),
        "localised": _share(sum(int(score["localised"]) for score in found), len(found)),
        "exact": _share(sum(int(score["exact"]) for score in found), len(found)),
    }


def _share(hits: int, of: int) -> Mapping[str, float | int | None]:
    low, high = wilson(hits, of)
    return {"hits": hits, "share": round(hits / of, 4) if of else None, "low": round(low, 4), "high": round(high, 4)}


def table(summary: Row) -> str:
    """The summary as a Markdown table, one kind a line."""
    lines = ["| kind | n | found | 95 % | on the place | 95 % | exact span |", "|---|---|---|---|---|---|---|"]
    rows = {**summary["kinds"], "**all errors**": summary["errors"], "**all harmless**": summary["harmless"]}
    for kind, row in rows.items():
        cells = [str(row["n"]), *_cells(row["detected"]), *_cells(row["localised"]), _cells(row["exact"])[0]]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(share: Mapping[str, float | int | None]) -> tuple[str, str]:
    told = "-" if share["share"] is None else f"{share['share']:.3f}"
    return told, f"{share['low']:.2f}-{share['high']:.2f}"
