"""Is the first result of a search one of the sections that careful readers would defend?

    python -m evals.benchmarks.defensible LETTERS [--labels FOLDER]

Readers listed every defensible section of 60 items before they saw any search (`evals/labels/defensible.py`). The table
tells how far two readings agree (Jaccard, mean over items) and how often the first result stands in the list: of each
reader, of either (union) and of both (intersection), with intervals from resampling letters. Where a list is `none`,
the right answer is that no section addresses the request. `by phase` is the same with the chronic pain guideline taken
out of the lists of injuries younger than three months.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from drafter.domain.query import item_query
from drafter.ports import Retriever
from drafter.services.drafting import governing_date
from evals.dataset import EvalCase
from evals.errors import EvalsError
from evals.labels.defensible import (
    NONE,
    ItemKey,
    Reading,
    Sections,
    agreement,
    by_phase,
    intersection,
    read_readings,
    union,
)
from evals.summary import Row, clustered_mean
from guideline_corpus.errors import CorpusError
from guideline_corpus.vocabulary import Vocabulary

LABELS = Path(__file__).parents[1] / "labels"
SHOWN = 1


class FirstResult(NamedTuple):
    """What search puts first for an item: a section, or `none`; and the days that decide the phase of the pain."""

    section: str
    treatment: str
    injury: date | None
    day: date | None


def first_results(
    cases: Sequence[EvalCase], wanted: frozenset[ItemKey], *, search: Retriever, vocabulary: Vocabulary
) -> dict[ItemKey, FirstResult]:
    """The first result for each wanted item, as a draft would search for it."""
    found = {}
    for case in cases:
        stripped = case.case.without_reviewer_text()
        day = governing_date(stripped, as_of=None)
        for item in stripped.items:
            key = ItemKey(case.case_id, item.number)
            if key in wanted:
                result = search.search(item_query(stripped, item, vocabulary=vocabulary), as_of=day, limit=SHOWN)
                section = _section_id(result.results[0].passage.source_file) if result.addressed else NONE
                found[key] = FirstResult(section, item.treatment, stripped.dates.injury, day)
    if missing := sorted(wanted - found.keys()):
        raise EvalsError(f"The letters lack {len(missing)} of the items that were read, {missing[0]} among them.")
    return found


def report(readings: Mapping[str, Reading], first: Mapping[ItemKey, FirstResult]) -> dict[str, Any]:
    """The table as plain values."""
    both = list(readings.values())
    lists = {f"reader {name}": reading for name, reading in readings.items()}
    if len(both) > 1:
        lists |= {"union": union(both), "intersection": intersection(both)}
    agreed = agreement(*both[:2]) if len(both) > 1 else {}
    return {
        "items": len(first),
        "letters": len({key.case_number for key in first}),
        "agreement": clustered_mean([_row(key, value) for key, value in agreed.items()], "value") if agreed else None,
        "first_in_list": {name: _shares(reading, first) for name, reading in lists.items()},
        "misses": list(_misses(lists.get("union", both[0]), first)),
    }


def _shares(reading: Reading, first: Mapping[ItemKey, FirstResult]) -> dict[str, Row]:
    rows = [_row(key, float(first[key].section in sections)) for key, sections in reading.items()]
    phase = [_row(key, float(first[key].section in _phased(sections, first[key]))) for key, sections in reading.items()]
    with_section = [row for row, sections in zip(rows, reading.values(), strict=True) if sections != {NONE}]
    return {
        "all": clustered_mean(rows, "value"),
        "with a section": clustered_mean(with_section, "value"),
        "by phase": clustered_mean(phase, "value"),
    }


def _phased(sections: Sections, first: FirstResult) -> Sections:
    return by_phase(sections, injury=first.injury, day=first.day)


def _misses(reading: Reading, first: Mapping[ItemKey, FirstResult]) -> Iterator[dict[str, Any]]:
    for key, sections in sorted(reading.items()):
        if first[key].section not in sections:
            yield {
                "item": f"{key.case_number}.{key.item}",
                "treatment": first[key].treatment,
                "first": first[key].section,
                "listed": sorted(sections),
            }


def _row(key: ItemKey, value: float) -> Row:
    return {"case_number": key.case_number, "item": key.item, "scores": {"value": value}}


def _section_id(source_file: str) -> str:
    return source_file.removeprefix("starter/").removesuffix(".md")


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module's first lines."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.defensible", description=__doc__)
    parser.add_argument("letters", nargs="+", type=Path, help="published letters, or folders of them")
    parser.add_argument("--labels", type=Path, default=LABELS, help="folder of the readings")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args(arguments)
    try:
        found = _run(chosen.letters, chosen.labels)
    except (EvalsError, CorpusError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    print(json.dumps(found, ensure_ascii=False, sort_keys=True) if chosen.json else _page(found))  # noqa: T201
    return 0


def _run(letters: Sequence[Path], labels: Path) -> dict[str, Any]:
    from evals.importing import import_cases
    from guideline_corpus.opening import open_search
    from guideline_corpus.settings import read_corpus_settings
    from guideline_corpus.vocabulary import load_vocabulary

    readings = read_readings(labels)
    if not readings:
        raise EvalsError(f"{labels} holds no defensible_reader_N.csv; name the folder of the readings with --labels.")
    wanted = frozenset(key for reading in readings.values() for key in reading)
    cases = import_cases(letters, name="letters").cases
    search = open_search(read_corpus_settings())
    return report(readings, first_results(cases, wanted, search=search, vocabulary=load_vocabulary()))


def _page(found: Mapping[str, Any]) -> str:
    lines = [f"{found['items']} items of {found['letters']} letters"]
    if found["agreement"]:
        lines.append(f"agreement of two readings (Jaccard): {_mean(found['agreement'])}")
    lines.append(f"{'first result in the list of':28}{'all items':>20}{'with a section':>20}{'by phase':>20}")
    for name, shares in found["first_in_list"].items():
        lines.append(
            f"{name:28}" + "".join(f"{_mean(shares[key]):>20}" for key in ("all", "with a section", "by phase"))
        )
    for missed in found["misses"]:
        lines.append(
            f"  {missed['item']}  {missed['treatment'][:60]}: {missed['first']}, not of {', '.join(missed['listed'])}"
        )
    return "\n".join(lines)


def _mean(share: Row) -> str:
    return f"{share['mean']:.3f} ({share['low']:.2f}-{share['high']:.2f})"


if __name__ == "__main__":
    sys.exit(main())
