"""Reads clinical prose: sentences with their voice and date, and the facts and concepts each of them holds.

One pass over the text finds every term of the vocabulary; the facts that are figures come from patterns; then each
sentence is coloured by its own cues. Every offset is a code point of the text as given, so that `text[start:end]` is
the words themselves (proved by tests/unit/test_read.py). Time grows with the length of the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from drafter.domain.reading.dating import sentence_dates
from drafter.domain.reading.facts import (
    ages,
    counts,
    dates,
    doses,
    durations,
    frequencies,
    measurements,
    scores,
    sex,
    sides,
    spinal_levels,
    terms,
    visits,
)
from drafter.domain.reading.facts.found import Found, Page
from drafter.domain.reading.lengths import lengths
from drafter.domain.reading.model import Fact, Mention, Polarity, Reading, Sentence, Voice
from drafter.domain.reading.pains import pains
from drafter.domain.reading.polarity import CueSpan, Scopes
from drafter.domain.reading.sentences import split_sentences
from drafter.domain.reading.states import Meaning, meanings
from drafter.domain.reading.voice import VoiceCues, voices
from guideline_corpus.vocabulary import CueKind, Family, TermSpan, Vocabulary, longest

_SCOPE_KINDS = frozenset(
    {"negation", "uncertainty", "plan", "hypothetical", "history", "other-person", "stop", "presupposes", "not-a-cue"}
)
_STATE_KINDS = frozenset({"abnormal", "normal"})
_VOICE_KINDS = frozenset(
    {"ur-actor", "ur-decision", "ur-subject", "ur-reason", "ur-follow", "request", "record-anchor"}
)
_WORK_STATUS = frozenset({"working-full-duty", "working-modified-duty", "off-work", "retired"})
# Examined functions, as against named tests ("Spurling's"): their state is a finding and not a test's result.
_FUNCTIONS = frozenset({"sensory-loss", "motor-weakness", "reflex-change", "reduced-range-of-motion", "antalgic-gait"})
# What a request or a decision on it names is wanted, and not yet done.
_WISHED_KINDS = frozenset({"history", "test", "plan"})
_WISHED_FACTS = frozenset({"drug", "procedure", "test", "visits", "dose", "count", "frequency"})


class _Parts(NamedTuple):
    """Everything found in the text, each list in order of place."""

    scope_cues: list[CueSpan]
    state_cues: list[CueSpan]
    voice_cues: list[tuple[str, TermSpan]]
    evidence: list[TermSpan]
    treatments: list[TermSpan]
    facts: list[Found]


class _Places(NamedTuple):
    """The starts of each list of `_Parts`, to cut out one sentence's share by bisection."""

    scope_cues: list[int]
    state_cues: list[int]
    voice_cues: list[int]
    evidence: list[int]
    treatments: list[int]
    facts: list[int]


def read(text: str, *, vocabulary: Vocabulary, voice: Voice | None = None) -> Reading:
    """Everything that the text says, sentence by sentence.

    `voice` overrides who speaks, for a text that is known to be a utilization review or a request as a whole.
    """
    parts = _parts(text, vocabulary)
    places = _places(parts)
    spans = split_sentences(text)
    told = voices([_voice_cues(text, span, parts, places) for span in spans]) if voice is None else [voice] * len(spans)
    readings = [
        _sentence(text, span, voice=who, parts=parts, places=places, vocabulary=vocabulary)
        for span, who in zip(spans, told, strict=True)
    ]
    return Reading(text=text, sentences=tuple(sentence_dates(readings)))


def _parts(text: str, vocabulary: Vocabulary) -> _Parts:
    found = vocabulary.find_all(text)
    cues = [span for span in found if span.family == "cue"]
    named = longest([span for span in found if span.family != "cue"])
    plain = _outside(named, [*_places_of(cues, "idiom", vocabulary), *lengths(text)], ("body_part", "evidence"))
    plain = _outside(plain, _places_of(cues, "not-a-treatment", vocabulary), ("treatment",))
    return _Parts(
        scope_cues=_cue_spans(cues, _SCOPE_KINDS, vocabulary),
        state_cues=_cue_spans(cues, _STATE_KINDS, vocabulary),
        voice_cues=[(kind, span) for span in cues if (kind := vocabulary.cues[span.id].kind) in _VOICE_KINDS],
        evidence=_refined(
            longest([*(span for span in plain if span.family == "evidence"), *pains(text, plain, vocabulary)]),
            vocabulary,
        ),
        treatments=[span for span in plain if span.family == "treatment"],
        facts=_facts(text, plain, vocabulary),
    )


def _cue_spans(cues: Sequence[TermSpan], kinds: frozenset[str], vocabulary: Vocabulary) -> list[CueSpan]:
    """The cues of some kinds; one that lies inside a longer one is part of it and does not count."""
    wanted = sorted(
        (
            CueSpan(vocabulary.cues[span.id], span.start, span.end)
            for span in cues
            if vocabulary.cues[span.id].kind in kinds
        ),
        key=lambda span: (span.start, -span.end),
    )
    kept: list[CueSpan] = []
    for span in wanted:
        inside = kept and span.end <= kept[-1].end and (span.start, span.end) != (kept[-1].start, kept[-1].end)
        if not inside:
            kept.append(span)
    return [span for span in kept if span.cue.kind != "not-a-cue"]


def _places_of(cues: Sequence[TermSpan], kind: CueKind, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in cues if vocabulary.cues[span.id].kind == kind]


def _outside(
    spans: Sequence[TermSpan], idioms: Sequence[tuple[int, int]], families: tuple[Family, ...]
) -> list[TermSpan]:
    """The terms of these families that are not merely part of an idiom ("on the other hand"), and all other terms."""
    places = sorted(idioms)
    starts = [start for start, _ in places]
    kept = []
    for span in spans:
        at = bisect_right(starts, span.start) - 1
        start, end = places[at] if at >= 0 else (0, 0)
        inside = at >= 0 and span.end <= end and span.end - span.start < end - start
        if not inside or span.family not in families:
            kept.append(span)
    return kept


def _refined(evidence: Sequence[TermSpan], vocabulary: Vocabulary) -> list[TermSpan]:
    """Without a symptom that ends a longer symptom's name: "upper back pain" is no "back pain" of the low back."""
    kept: list[TermSpan] = []
    symptoms: dict[int, TermSpan] = {}
    for span in evidence:
        symptom = vocabulary.evidence[span.id].kind == "symptom"
        wider = symptoms.get(span.end) if symptom else None
        if wider is None or wider.start == span.start:
            kept.append(span)
            if symptom:
                symptoms[span.end] = span
    return kept


def _facts(text: str, named: Sequence[TermSpan], vocabulary: Vocabulary) -> list[Found]:
    page = Page(text, named)
    found = [
        *(fact for module in _PLAIN_FACTS for fact in module.find(page)),
        *(fact for module in _NAMED_FACTS for fact in module.find(page, vocabulary)),
    ]
    doses = {fact.start for fact in found if fact.kind == "dose"}
    found = [fact for fact in found if fact.kind != "measurement" or fact.start not in doses]
    return sorted(found, key=lambda fact: (fact.start, fact.end, fact.kind, fact.value, fact.about or ""))


_PLAIN_FACTS = (ages, sex, dates, durations, visits, frequencies, scores, measurements, spinal_levels)
_NAMED_FACTS = (sides, doses, counts, terms)


def _places(parts: _Parts) -> _Places:
    return _Places(
        [span.start for span in parts.scope_cues],
        [span.start for span in parts.state_cues],
        [span.start for _, span in parts.voice_cues],
        [span.start for span in parts.evidence],
        [span.start for span in parts.treatments],
        [fact.start for fact in parts.facts],
    )


def _share(places: list[int], span: tuple[int, int]) -> slice:
    return slice(bisect_left(places, span[0]), bisect_left(places, span[1]))


def _voice_cues(text: str, span: tuple[int, int], parts: _Parts, places: _Places) -> VoiceCues:
    start, end = span
    cues = [
        (kind, cue._replace(start=cue.start - start, end=cue.end - start))
        for kind, cue in parts.voice_cues[_share(places.voice_cues, span)]
    ]
    treatments = [treatment.start - start for treatment in parts.treatments[_share(places.treatments, span)]]
    return VoiceCues(text[start:end], cues, treatments)


def _sentence(
    text: str, span: tuple[int, int], *, voice: Voice, parts: _Parts, places: _Places, vocabulary: Vocabulary
) -> Sentence:
    start, end = span
    cues = parts.scope_cues[_share(places.scope_cues, span)]
    if voice == "utilization_review":
        cues = [cue for cue in cues if cue.cue.id != "denies"]  # here "denied" is a decision, not a patient's answer
    scopes = Scopes(text, start, end, cues)
    evidence = [term for term in parts.evidence[_share(places.evidence, span)] if term.end <= end]
    facts = [fact for fact in parts.facts[_share(places.facts, span)] if fact.end <= end]
    evidence = _without_told(evidence)
    neutrals = [term for term in evidence if term.sense == "neutral"]
    states = parts.state_cues[_share(places.state_cues, span)]
    grades = [fact for fact in facts if fact.kind == "measurement"]
    meant = meanings(text, neutrals=neutrals, states=states, grades=grades, scopes=scopes) if neutrals else {}
    mentions = [_mention(term, scopes, voice, vocabulary) for term in evidence if term.sense != "neutral"]
    mentions += [_neutral_mention(term, meant.get(index), scopes) for index, term in enumerate(neutrals)]
    tests = [_test(term, meaning) for index, term in enumerate(neutrals) if (meaning := meant.get(index))]
    tests = [test for test in tests if test.value not in _FUNCTIONS]
    return Sentence(
        start=start,
        end=end,
        text=text[start:end],
        voice=voice,
        mentions=tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end, mention.concept))),
        facts=tuple(_fact(fact, scopes, voice) for fact in (*facts, *tests, *_work_status(evidence))),
    )


def _without_told(evidence: list[TermSpan]) -> list[TermSpan]:
    """Without a neutral term in words that already tell its concept ("valgus stress" in "stable to valgus stress")."""
    told = [term for term in evidence if term.sense != "neutral"]
    ends: dict[str, int] = {}
    covered: set[tuple[str, int]] = set()
    for term in sorted((*told, *(t for t in evidence if t.sense == "neutral")), key=lambda t: (t.start, -t.end)):
        if term.sense != "neutral":
            ends[term.id] = max(ends.get(term.id, 0), term.end)
        elif term.start < ends.get(term.id, 0):
            covered.add((term.id, term.start))
    return [term for term in evidence if term.sense != "neutral" or (term.id, term.start) not in covered]


def _mention(term: TermSpan, scopes: Scopes, voice: Voice, vocabulary: Vocabulary) -> Mention:
    polarity = scopes.polarity(term.start, term.end)
    if term.sense == "against":
        polarity = "affirmed" if scopes.denied_at(term.start) else _opposite(polarity)
    if voice != "record" and polarity == "affirmed" and vocabulary.evidence[term.id].kind in _WISHED_KINDS:
        polarity = "planned"
    return Mention(
        concept=term.id,
        start=term.start,
        end=term.end,
        polarity=polarity,
        historical=scopes.historical(term.start, term.end),
    )


def _opposite(polarity: Polarity) -> Polarity:
    """What a statement of the opposite says of the concept: affirmed denies it, and denied leaves it open."""
    opposites: dict[Polarity, Polarity] = {"affirmed": "negated", "negated": "uncertain"}
    return opposites.get(polarity, "uncertain")


def _neutral_mention(term: TermSpan, meaning: Meaning | None, scopes: Scopes) -> Mention:
    shade = scopes.polarity(term.start, term.end)
    polarity: Polarity = "uncertain"
    if meaning == "normal":
        polarity = "negated"
    elif meaning == "abnormal":
        polarity = "affirmed" if shade == "negated" else shade
    return Mention(
        concept=term.id,
        start=term.start,
        end=term.end,
        polarity=polarity,
        historical=scopes.historical(term.start, term.end),
    )


def _test(term: TermSpan, meaning: Meaning) -> Found:
    return Found("test", term.id, term.start, term.end, about="positive" if meaning == "abnormal" else "negative")


def _work_status(evidence: Sequence[TermSpan]) -> list[Found]:
    return [
        Found("work_status", term.id, term.start, term.end)
        for term in evidence
        if term.id in _WORK_STATUS and term.sense == "term"
    ]


def _fact(found: Found, scopes: Scopes, voice: Voice) -> Fact:
    polarity = scopes.polarity(found.start, found.end)
    if voice != "record" and polarity == "affirmed" and found.kind in _WISHED_FACTS:
        polarity = "planned"
    return Fact(**found._asdict(), polarity=polarity)
