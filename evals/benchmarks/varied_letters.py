"""Any number of finished letters, varied from the project's own cases: nobody's, and no two the same.

Each case (the samples and the written dataset) is drafted for both outcomes by the built-in model; a letter of the form
of 2016 is printed from that. A letter of a set then has a number of its own, all its days moved by the same number of
days, and by lot a sentence of the rationale left out or said twice, another number in it, the other side of the body,
the other outcome: so that an audit of the set finds something in some letters and nothing in others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from drafter.bootstrap import App
from drafter.domain.case import Case, Determination, DisputedItem
from drafter.domain.draft import ItemDraft
from drafter.services.intake import read_case
from drafter.settings import Settings
from evals.datasets.catalogue import WRITTEN, open_dataset

SAMPLES = Path(__file__).parents[1] / "samples"
OUTCOMES: tuple[Determination, ...] = ("upheld", "overturned")
_DAY = re.compile(r"\b(\d{1,2})([/-])(\d{1,2})\2(\d{4})\b")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_OTHER_SIDE = {"left": "right", "right": "left"}
_HOW = (
    "MAXIMUS Federal Services sent the complete case file to an expert reviewer. The reviewer is familiar with the "
    "laws and regulations, including the strength of evidence hierarchy, that apply to Independent Medical Review."
)
_LEAD = (
    "The expert reviewer developed the following clinical case summary based on a review of the case file, including "
    "all medical records:"
)


def finished_cases(settings: Settings) -> list[Case]:
    """The project's own cases, each with the rationale of a draft for either outcome. Raises what drafting raises."""
    app = App(settings, model_spec="extractive", prompt=None)
    own = [read_case(path) for path in sorted(SAMPLES.glob("*.yaml"))]
    own += [one.case for one in open_dataset(WRITTEN).dataset.cases]
    return [_finished(case, app, outcome) for case in own if case.case_summary for outcome in OUTCOMES]


def write_letters(cases: Sequence[Case], folder: Path, *, count: int, seed: int = 7) -> None:
    """Write `count` letters, the same for the same seed."""
    random = Random(seed)
    for number in range(count):
        text = letter_text(_varied(random.choice(cases), number, random))
        (folder / f"letter-{number:05d}.txt").write_text(text, encoding="utf-8")


def letter_text(case: Case) -> str:
    """A case as a letter of the form of 2016 prints it, with an empty line between paragraphs."""
    days = case.dates
    header = "\n".join(
        f"{label}: {day:%m/%d/%Y}"
        for label, day in (
            ("Date Assigned", days.assigned),
            ("Date of Injury", days.injury),
            ("Decision Date", days.decision),
            ("UR Denial Date", days.ur_denial),
            ("Application Received", days.application_received),
        )
        if day is not None
    )
    specialty = case.reviewer.specialty or "Occupational Medicine"
    credentials = f"State(s) of Licensure: California\nCertification(s)/Specialty: {specialty}"
    parts = [
        f"Case Number: {case.case_number}\n{header}\nPriority: Standard",
        "HOW THE IMR FINAL DETERMINATION WAS MADE",
        _HOW,
        f"The Expert Reviewer has the following credentials:\n{credentials}",
        "CLINICAL CASE SUMMARY",
        _LEAD,
        case.case_summary or "",
        "IMR ISSUES, DECISIONS AND RATIONALES",
        "The Final Determination was based on decisions for the disputed items/services set forth below:",
    ]
    return "\n\n".join([*parts, *(part for item in case.items for part in _item_parts(item))]) + "\n"


def _item_parts(item: DisputedItem) -> Iterator[str]:
    yield f"{item.heading.rstrip('.')}: {(item.determination or 'upheld').capitalize()}"
    yield f"Claims Administrator guideline: {item.claims_administrator_guideline or 'Decision based on MTUS.'}"
    yield f"MAXIMUS guideline: {item.reviewer_guideline or 'Decision based on MTUS.'}"
    yield f"Decision rationale: {item.rationale}"


def _finished(case: Case, app: App, outcome: Determination) -> Case:
    drafts = {
        draft.item: draft for draft in app.draft(case, determinations={item.number: outcome for item in case.items})
    }
    items = [
        item.model_copy(
            update={
                "determination": outcome,
                "rationale": " ".join(one.text for one in drafts[item.number].statements),
                "reviewer_guideline": _guideline_line(drafts[item.number]),
            }
        )
        for item in case.items
    ]
    return case.model_copy(update={"items": tuple(items), "records": ()})


def _guideline_line(draft: ItemDraft) -> str:
    if not draft.retrieved:
        return "Decision based on Non-MTUS Citation."
    passage = draft.retrieved[0].passage
    section = f", Section(s): {passage.section}" if passage.section else ""
    return f"Decision based on MTUS {passage.guideline} {passage.edition}{section}."


def _varied(case: Case, number: int, random: Random) -> Case:
    moved = timedelta(days=random.randrange(-20, 21))
    items = [_varied_item(item, moved, random) for item in case.items]
    days = {name: day + moved for name, day in case.dates if isinstance(day, date)}
    return case.model_copy(
        update={
            "case_number": f"CM99-{number:07d}",
            "dates": case.dates.model_copy(update=days),
            "case_summary": _moved(case.case_summary or "", moved),
            "items": tuple(items),
        }
    )


def _varied_item(item: DisputedItem, moved: timedelta, random: Random) -> DisputedItem:
    sentences = _SENTENCES.split(_moved(item.rationale or "", moved))
    at, lot = random.randrange(len(sentences)), random.random()
    if lot < 0.2 and len(sentences) > 1:
        del sentences[at]
    elif lot < 0.3:
        sentences.insert(at, sentences[at])
    elif lot < 0.5:
        sentences[at] = _NUMBER.sub(lambda found: str(int(found[0]) + 1), sentences[at], count=1)
    elif lot < 0.6:
        sentences[at] = re.sub(r"\b(left|right)\b", lambda found: _OTHER_SIDE[found[1]], sentences[at], count=1)
    outcome = item.determination if random.random() < 0.8 else OUTCOMES[item.determination == OUTCOMES[0]]
    return item.model_copy(update={"rationale": " ".join(sentences), "determination": outcome})


def _moved(text: str, moved: timedelta) -> str:
    """The text with each of its days moved."""

    def later(found: re.Match[str]) -> str:
        try:
            day = date(int(found[4]), int(found[1]), int(found[3])) + moved
        except ValueError:
            return found[0]
        return f"{day.month}{found[2]}{day.day}{found[2]}{day.year}"

    return _DAY.sub(later, text)
