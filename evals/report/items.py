"""The items to read first: those that changed between two runs, worst first; of one run, the gravest faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from evals.comparison.figures import figure
from evals.comparison.gate import Judgement
from evals.comparison.pairs import Compared
from evals.dataset import EvalCase
from evals.metrics.retrieval import first_rank, meets
from evals.metrics.table import METRICS, fewer_is_better, is_share
from evals.report.evidence import Sentence, found_sentences, joined, loose_findings, sentences
from evals.report.opening import MUST_HOLD
from evals.report.run_data import Key, RunData
from evals.report.word_diff import Piece, word_diff

Row = Mapping[str, Any]
MOST_SHOWN = 40  # items in full; the others stand in the table
MOST_LISTED = 400
COUNT = 5.0  # so many findings weigh as much as a share that falls from all to nothing


class ScoreChange(NamedTuple):
    name: str
    before: str
    after: str
    worse: bool


class ShownItem(NamedTuple):
    """One item in full. `left` and `right` are empty where nothing is compared."""

    key: str
    case_number: str
    item: int
    treatment: str
    changes: tuple[ScoreChange, ...]
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    sentences: tuple[Sentence, ...]
    loose: tuple[str, ...]
    why: str


class ListedItem(NamedTuple):
    key: str
    case_number: str
    item: int
    told: str
    shown: bool


def changed_items(run: RunData, before: RunData, compared: Compared, judgement: Judgement | None) -> list[Key]:
    """Every item of which a deciding or a headline score moved, or whose text did, worst first."""
    names = _weighed(compared, judgement)
    moved: dict[Key, float] = {}
    for name, weight in names.items():
        for pair in compared.metrics[name].pairs:
            if pair.difference:
                key = (pair.case_number, pair.item)
                moved[key] = moved.get(key, 0.0) + weight * pair.difference
    for key, row in run.first.items():
        if key not in moved and _text(row) != _text(before.first[key]):
            moved[key] = 0.0
    return sorted(moved, key=lambda key: (moved[key], key))


def _weighed(compared: Compared, judgement: Judgement | None) -> Mapping[str, float]:
    """What counts for the order: an invariant ten times a margin, a count of findings by the handful."""
    if judgement is None:
        return {name: _weight(name) for name, one in compared.metrics.items() if _counts(name) and one.pairs}
    deciding = {
        one.metric: 10.0 if one.role == "invariant" else 1.0 for one in judgement.rulings if one.role != "watch"
    }
    watched = {one.metric: 0.5 for one in judgement.rulings if one.role == "watch" and _counts(one.metric)}
    return {name: factor * _weight(name) for name, factor in {**watched, **deciding}.items()}


def _counts(name: str) -> bool:
    """Whether more or fewer of it is better, and it is none of the machine's times."""
    return name in METRICS and METRICS[name].better != "neither" and METRICS[name].family != "operations"


def _weight(name: str) -> float:
    return 1.0 if is_share(name) else 1.0 / COUNT


def worst_items(run: RunData) -> list[Key]:
    """The items of one run that call for a reader, worst first; of a search those whose section is not first."""

    faults = {key: _fault(run, scores) for key, scores in run.scores.items()}
    return sorted((key for key in faults if any(faults[key])), key=lambda key: ([-one for one in faults[key]], key))


def _fault(run: RunData, scores: Mapping[str, float | None]) -> tuple[float, float, float]:
    """Blockers, then warnings, then what is missing of the shares; of a search how far down the section stands."""
    if run.stage == "retrieve":
        rank = scores.get("reciprocal_rank")
        return 0.0, 0.0, 0.0 if rank is None else 1.0 - rank
    calling = [name for name, value in scores.items() if value is not None and _counts(name) and _calls(name, value)]
    shares = sum(1.0 - (scores[name] or 0.0) for name in calling if is_share(name))
    return scores.get("blockers") or 0.0, scores.get("warnings") or 0.0, shares


def shown_item(key: Key, run: RunData, before: RunData | None) -> ShownItem:
    """One item with both texts, its scores, and its sentences beside their sources."""
    row, case = run.first[key], run.cases.get(key[0])
    old = before.first[key] if before else None
    left, right = word_diff(_text(old), _text(row)) if old is not None else ((), ())
    draft = row.get("draft")
    expected = case.expected_of(key[1]) if case else None
    return ShownItem(
        key=anchor(key),
        case_number=key[0],
        item=key[1],
        treatment=_treatment(run, key),
        changes=_changes(run.scores[key], before.scores[key] if before else None),
        left=left,
        right=right if old is not None or draft or "findings" in row else (Piece("same", _text(row)),),
        sentences=_sentences(row, old, case),
        loose=loose_findings(draft) if draft else (),
        why=expected.why if expected else "",
    )


def _sentences(row: Row, old: Row | None, case: EvalCase | None) -> tuple[Sentence, ...]:
    if row.get("draft"):
        return sentences(row["draft"], case, other=old.get("draft") if old else None)
    return found_sentences(row["findings"], other=old["findings"] if old else None) if "findings" in row else ()


def anchor(key: Key) -> str:
    """An id for links: letters, digits and hyphens."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in key[0])
    return f"item-{plain}-{key[1]}"


def listed(keys: Sequence[Key], run: RunData, before: RunData | None) -> list[ListedItem]:
    return [
        ListedItem(
            key=anchor(key),
            case_number=key[0],
            item=key[1],
            told=_listed(run.scores[key], before.scores[key] if before else None),
            shown=at < MOST_SHOWN,
        )
        for at, key in enumerate(keys[:MOST_LISTED])
    ]


def _listed(scores: Mapping[str, float | None], before: Mapping[str, float | None] | None) -> str:
    told = _changes(scores, before)
    if before is not None:
        return "; ".join(f"{one.name} {one.before} to {one.after}" for one in told) or "only the words changed"
    return "; ".join(f"{one.name} {one.after}" for one in told)


def _changes(scores: Mapping[str, float | None], before: Mapping[str, float | None] | None) -> tuple[ScoreChange, ...]:
    """The scores that moved, losses first; of one run those that call for a reader."""
    found = []
    for name, new in scores.items():
        old = before.get(name) if before is not None else None
        if not _counts(name):
            continue
        if before is None:
            if new is not None and _calls(name, new):
                found.append(ScoreChange(name, "", figure(name, new), worse=True))
        elif new != old:
            worse = new is not None and old is not None and (new > old) == fewer_is_better(name)
            found.append(ScoreChange(name, figure(name, old), figure(name, new), worse=worse))
    return tuple(sorted(found, key=lambda one: not one.worse))


def _calls(name: str, value: float) -> bool:
    """Any fault that is counted, any miss of what must hold or is expected, any other share below one half."""
    if fewer_is_better(name):
        return value > 0
    if METRICS[name].family == "retrieval":
        return name in ("hit@1", "edition_ok", "absent_refusal") and value < 1
    must = name in MUST_HOLD or name.startswith("expected_")
    return is_share(name) and value < (1.0 if must else 0.5)


def _treatment(run: RunData, key: Key) -> str:
    case = run.cases.get(key[0])
    item = next((item for item in case.case.items if item.number == key[1]), None) if case else None
    return item.treatment if item else str((run.first[key].get("draft") or {}).get("treatment", ""))


def _text(row: Row) -> str:
    """What a row says, as lines: sentences of a draft, results of a search, findings of a check."""
    if row.get("draft"):
        return joined(row["draft"]["statements"])
    if "retrieved" in row:
        return _search_text(row)
    if "findings" in row:
        return "\n".join(f"{one['severity']}: {one['message']} ({one['check']})" for one in row["findings"])
    return str(row.get("reply") or row.get("error") or "")


def _search_text(row: Row) -> str:
    gold = row["gold"]
    wanted = [f"Expected: {one['guideline']} {one['edition']}, {one['section'] or 'any section'}" for one in gold]
    found = [
        f"{one['rank']}. {one['guideline']} {one['edition']}, {one['section'] or 'whole'}"
        + (" (expected)" if any(meets(one, section) for section in gold) else "")
        for one in row["retrieved"]
    ]
    rank = first_rank(gold, row["retrieved"])
    told = f"First expected section at rank {rank}." if rank else ""
    return "\n".join(
        [*(wanted or ["No section is expected."]), told, *found] if found else [*wanted, "Nothing was found."]
    )
