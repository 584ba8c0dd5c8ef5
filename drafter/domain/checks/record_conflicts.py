"""Facts of the rationale against the same facts of the record: same kind, same thing measured, another value.

A value conflicts only where the record gives that very thing another value: the worker's age, the dose of that drug,
the side of that part, the date of that event, or a number in the sentence that tells the same. Anything less is "not
in the record" (`not_in_record`), which is a warning and not a blocker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.date_events import dated_events, fact_date
from drafter.domain.checks.known import Alike, InRecord, Known
from drafter.domain.checks.worker_facts import WorkerFact, worker_facts
from drafter.domain.draft import RecordSpan
from drafter.domain.drafting.evidence import record_span
from drafter.domain.reading.model import Fact, FactKind

_BOUND_BEFORE = re.compile(
    r"\b(?:over|under|above|below|than|least|most|beyond|between|ages?|age of|to|or)\s*(?:the age of\s*)?$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(r"\s*(?:or|and) (?:older|above|over|younger|more|greater)", re.IGNORECASE)
_STAFF = re.compile(
    r"\b(?:provider|physician|doctor|surgeon|therapist|chiropractor|reviewer|nurse|wife|husband|coworker|supervisor)\b",
    re.IGNORECASE,
)
_STAGES = (
    (
        "had",
        re.compile(
            r"\b(?:complet\w+|attend\w+|received|underwent|undergone|had|previous\w*|prior|to date|has helped|"
            r"have helped|after)\b",
            re.IGNORECASE,
        ),
    ),
    ("authorized", re.compile(r"\b(?:authori[sz]ed|approved|certified)\b", re.IGNORECASE)),
    ("asked", re.compile(r"\b(?:request\w*|order\w*|plan\w*|recommend\w*|denied|non-?certified)\b", re.IGNORECASE)),
)
_ALSO = re.compile(
    r"\b(?:also|additional\w*|contralateral|opposite|other side|compared|comparison|uninjured|asymptomatic|"
    r"overcompensat\w+|compensat\w+)\b",
    re.IGNORECASE,
)
ALIKE_FROM = 0.6  # share of a sentence's words that a sentence of the record must have to tell the same


def age_conflict(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """The worker's age, where the record gives only another one."""
    ages = audit.known.told("age")
    told = {age.fact.value for age in ages}
    for found in worker_facts(item, "age"):
        if is_bound(found) or not ages or found.fact.value in told:
            continue
        yield _conflict(item, found, f"The record gives the age as {ages[0].fact.value}.", ages[0].span())


def sex_conflict(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """The worker's sex, where the record gives only the other one."""
    told = [sex for sex in audit.known.told("sex") if sex.fact.about != "pronoun"]
    sexes = {sex.fact.value for sex in told}
    for found in worker_facts(item, "sex"):
        if found.fact.about == "pronoun" or not told or found.fact.value in sexes:
            continue
        yield _conflict(item, found, f"The record gives the sex as {told[0].fact.value}.", told[0].span())


def pronoun_differs(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A pronoun of the other sex than the record's, in a sentence that speaks of nobody else."""
    told = [sex for sex in audit.known.told("sex") if sex.fact.about != "pronoun"]
    if not told or len({sex.fact.value for sex in told}) > 1:
        return
    for found in worker_facts(item, "sex"):
        if (
            found.fact.about != "pronoun"
            or found.fact.value == told[0].fact.value
            or _STAFF.search(found.sentence.text)
        ):
            continue
        yield _conflict(item, found, f"The record tells of a {told[0].fact.value}.", told[0].span())
        return


def date_conflict(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """The date of an event that has one date only, or of what the record tells in the same words with another date."""
    for found in worker_facts(item, "date"):
        on = fact_date(found.fact)
        if on is None or on in audit.known.days:
            continue
        told = _same_event(audit, found) or (None if _open(found) else _same_sentence(audit.known, found, "date"))
        if told is not None:
            yield _conflict(item, found, f'The record dates this "{told.quote}".', told)


def dose_conflict(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """The strength of a drug that the record and the heading give only in other strengths."""
    known_doses = _by_subject(audit.known.given("dose"))
    for found in worker_facts(item, "dose"):
        drug = found.fact.about
        known = known_doses.get(drug, []) if drug else []
        if not known or any(_same_dose(fact, found.fact) for fact in known):
            continue
        told = next((d for d in audit.known.told("dose") if d.fact.about == drug), None)
        against = told.span() if told else _in_heading(item, known[0])
        yield _conflict(item, found, f'The strength known for this drug is "{against.quote}".', against)


def side_conflict(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A side of a part of the body that the record and the heading name on the other side only.

    A side told in several sentences, or as one more complaint, is content of the file beyond the summary and no slip:
    `side_not_in_record` tells of it.
    """
    told_sides = list(worker_facts(item, "side"))
    known_sides = _by_subject(audit.known.given("side"))
    for found in told_sides:
        part, side = found.fact.about, found.fact.value
        known = known_sides.get(part, []) if part else []
        if side == "bilateral" or not known or any(fact.value in (side, "bilateral") for fact in known):
            continue
        told_again = {f.sentence.start for f in told_sides if (f.fact.about, f.fact.value) == (part, side)}
        if len(told_again) > 1 or _ALSO.search(found.sentence.text):
            continue
        told = next((s for s in audit.known.told("side") if s.fact.about == part), None)
        against = told.span() if told else _in_heading(item, known[0])
        yield _conflict(
            item, found, f"The record and the request name this part on the {known[0].value} only.", against
        )


def value_conflict(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A level, score, measurement, number of visits or frequency, where the record tells the same with another
    value."""
    kinds: tuple[FactKind, ...] = ("spinal_level", "score", "measurement", "visits", "count", "frequency")
    for kind in kinds:
        for found in worker_facts(item, kind):
            if found.fact.value in audit.known.values(kind) or audit.known.quantities(kind).hold(found.fact):
                continue
            told = _same_sentence(audit.known, found, kind)
            if told is not None:
                yield _conflict(item, found, f'The record has "{told.quote}" here.', told)


def is_bound(found: WorkerFact) -> bool:
    """An age that bounds a group ("over 50 years of age") is not the worker's."""
    if found.fact.kind != "age":
        return False
    low, high = found.fact.start - found.sentence.start, found.fact.end - found.sentence.start
    text = found.sentence.text
    return bool(_BOUND_BEFORE.search(text[max(0, low - 30) : low]) or _BOUND_AFTER.match(text[high:]))


def _by_subject(facts: Iterable[Fact]) -> dict[str | None, list[Fact]]:
    """The distinct facts of what each is about."""
    found: dict[tuple[str | None, str], Fact] = {}
    for fact in facts:
        found.setdefault((fact.about, fact.value), fact)
    grouped: dict[str | None, list[Fact]] = {}
    for (about, _), fact in found.items():
        grouped.setdefault(about, []).append(fact)
    return grouped


def _open(found: WorkerFact) -> bool:
    """A date that begins or bounds a time ("since at least 11/07/2016") dates no event of the record."""
    low = found.fact.start - found.sentence.start
    return bool(
        re.search(
            r"\b(?:since|until|from|before|after|least|through|by)\W+(?:at least )?$",
            found.sentence.text[:low],
            re.IGNORECASE,
        )
    )


def _same_event(audit: Audit, found: WorkerFact) -> RecordSpan | None:
    """The record's date of the same event, where the event has one date only."""
    event = next((e.event for e in dated_events(found.sentence) if e.start == found.fact.start), None)
    if event in (None, "visit", "study", "surgery"):
        return None
    told = [(field, e) for field, s in audit.sentences_of_record() for e in dated_events(s) if e.event == event]
    if len({e.on for _, e in told}) == 1:
        field, dated = told[0]
        return record_span(field, start=dated.start, end=dated.end)
    return None


def _same_sentence(known: Known, found: WorkerFact, kind: FactKind) -> RecordSpan | None:
    """The value of the same kind in the sentence of the record that tells the same."""
    alike = known.alike(found.sentence.text)
    if alike is None or alike.share < ALIKE_FROM:
        return None
    if kind == "visits" and _stage(alike.sentence.text) != _stage(found.sentence.text):
        return None  # visits asked for are not visits had
    values = [fact for fact in alike.sentence.facts if fact.kind == kind and _comparable(fact, found.fact)]
    return _span(alike, values[0]) if values else None


def _stage(text: str) -> str:
    """Whether visits are told as had, as authorized or as asked for."""
    for stage, pattern in _STAGES:
        if pattern.search(text):
            return stage
    return ""


def _comparable(one: Fact, other: Fact) -> bool:
    return one.unit == other.unit and (one.about is None or other.about is None or one.about == other.about)


def _span(alike: Alike, fact: Fact) -> RecordSpan:
    return InRecord(alike.field, alike.sentence, fact).span()


def _same_dose(one: Fact, other: Fact) -> bool:
    return one.value == other.value or (one.number == other.number and one.unit == other.unit)


def _in_heading(item: AuditedItem, fact: Fact) -> RecordSpan:
    quote = item.item.heading[fact.start : fact.end]
    return RecordSpan(field="heading", start=fact.start, end=fact.start + len(quote), quote=quote)


def _conflict(item: AuditedItem, found: WorkerFact, told: str, against: RecordSpan) -> Remark:
    text: AuditedText = found.text
    return remark_on(
        text,
        found.fact.start,
        found.fact.end,
        f'The rationale says "{text.text[found.fact.start : found.fact.end]}". {told}',
        item=item.item.number,
        against=against,
    )
