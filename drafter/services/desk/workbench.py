"""What the desk drafts and checks with: the retrieval, model, wording and guidelines of the application, opened once.

Checks run while a reviewer types, so the record of a case is read once and kept, with what the checks made of it and
of the sentences that stand (`CaseChecks`). What is kept is a function of the texts alone, and of a bounded number of
cases; nothing a reviewer does is state here.
"""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from drafter.domain.case import Case, Determination, DisputedItem, RecordField
from drafter.domain.checks.run import CaseChecks
from drafter.domain.draft import Finding, ItemDraft, Statement
from drafter.domain.drafting.brief import ReadField
from drafter.domain.drafting.heading import as_object
from drafter.domain.drafting.wording import Wording
from drafter.domain.reading.read import read
from drafter.domain.review.events import DraftRestsOn
from drafter.domain.watching import UNWATCHED, Facts
from drafter.ports import DraftListener, HeardModel, MayRest, RationaleModel, Retriever, Watch
from drafter.services.desk.pins import PinnedRetriever, Pins
from drafter.services.drafting import Guidance, checks_of, draft_case, with_findings
from guideline_corpus.model import Edition, Passage, RetrievedPassage
from guideline_corpus.vocabulary import Vocabulary

CASES_KEPT = 64
FOUND = 8


class Workbench:
    """`passages` and `editions` are those of the active corpus; `rests_on` names what a draft is made with;
    `watch` is told of drafts and checks."""

    def __init__(
        self,
        *,
        retriever: Retriever,
        model: RationaleModel,
        vocabulary: Vocabulary,
        wording: Wording,
        editions: Sequence[Edition],
        passages: Sequence[Passage],
        rests_on: DraftRestsOn,
        watch: Watch = UNWATCHED,
    ) -> None:
        self.watch = watch
        self.rests_on = rests_on
        self._retriever = retriever
        self._model = model
        self.vocabulary = vocabulary
        self._wording = wording
        self._passages = {passage.passage_id: passage for passage in passages}
        self._guidance = Guidance(tuple(editions), tuple(self._passages.values()))
        self._checks = _KeptChecks()
        self._record = lru_cache(maxsize=CASES_KEPT)(self._read)

    @property
    def takes_time(self) -> bool:
        """Whether a draft takes longer than a page may wait, because a model elsewhere writes it."""
        return isinstance(self._model, HeardModel)

    @property
    def resting(self) -> bool:
        """See `drafter.ports.MayRest`."""
        return isinstance(self._model, MayRest) and self._model.resting

    def heard_by(self, listen: DraftListener) -> Workbench:
        """The same workbench, whose model tells `listen` each sentence as it comes."""
        if not isinstance(self._model, HeardModel):
            return self
        heard = copy.copy(self)
        heard._model = self._model.heard_by(listen)
        return heard

    def draft(
        self,
        case: Case,
        *,
        determinations: Mapping[int, Determination],
        items: Sequence[int],
        as_of: date | None,
        pins: Mapping[int, Pins],
    ) -> tuple[ItemDraft, ...]:
        """Drafts of `items` (all where empty), checked, with the passages that the reviewer pinned or dropped."""
        wanted = items or [item.number for item in case.items]
        with self.watch.step("draft", Facts(model=self.rests_on.model, items=len(wanted))):
            return self._draft(case, determinations=determinations, wanted=wanted, as_of=as_of, pins=pins)

    def _draft(
        self,
        case: Case,
        *,
        determinations: Mapping[int, Determination],
        wanted: Sequence[int],
        as_of: date | None,
        pins: Mapping[int, Pins],
    ) -> tuple[ItemDraft, ...]:
        checks = self._checks_of(case, wanted)
        drafts: list[ItemDraft] = []
        for number in wanted:
            retriever = PinnedRetriever(self._retriever, pins=pins.get(number, Pins()), passages=self._passages)
            drafts += draft_case(
                case,
                retriever=retriever,
                model=self._model,
                vocabulary=self.vocabulary,
                determinations=determinations,
                items=[number],
                as_of=as_of,
                checks=checks,
            )
        return tuple(with_findings(checks, drafts))

    def findings(self, case: Case, drafts: Sequence[ItemDraft]) -> tuple[Finding, ...]:
        """What the checks find on these texts, and on the case where they concern it."""
        with self.watch.step("checks", Facts(items=len(drafts))):
            return tuple(self._checks_of(case, [draft.item for draft in drafts]).of_drafts(drafts))

    def conclusion(self, item: DisputedItem, determination: Determination) -> Statement:
        """The verdict sentence, in the wording of the sentence forms."""
        text = self._wording.say(determination, treatment=as_object(item.treatment))
        return Statement(text=text, kind="conclusion")

    def search(self, query: str, *, as_of: date | None) -> tuple[RetrievedPassage, ...]:
        return self._retriever.search(query, as_of=as_of, limit=FOUND).results

    def passage(self, passage_id: str) -> Passage | None:
        return self._passages.get(passage_id)

    def record_of(self, case: Case) -> tuple[ReadField, ...]:
        """Every text of the record, read."""
        return self._record(tuple(case.record_fields()))

    def _checks_of(self, case: Case, items: Sequence[int]) -> CaseChecks:
        asked = tuple(items)
        known = self._checks.find(case, asked)
        if known is None:
            record = self.record_of(case)
            known = checks_of(case, self._guidance, vocabulary=self.vocabulary, items=asked, record=record)
            self._checks.keep(case, asked, known)
        return known

    def _read(self, fields: tuple[RecordField, ...]) -> tuple[ReadField, ...]:
        return tuple(ReadField(source=field, reading=read(field.text, vocabulary=self.vocabulary)) for field in fields)


class _KeptChecks:
    """The checks of the cases asked about last. A case is known by its object, which a folded state hands on from one
    revision to the next; it is held here, so that no other can take its place."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, tuple[int, ...]], tuple[Case, CaseChecks]] = OrderedDict()
        self._turn = threading.Lock()

    def find(self, case: Case, items: tuple[int, ...]) -> CaseChecks | None:
        with self._turn:
            found = self._kept.get((id(case), items))
            if found is None:
                return None
            self._kept.move_to_end((id(case), items))
            return found[1]

    def keep(self, case: Case, items: tuple[int, ...], checks: CaseChecks) -> None:
        with self._turn:
            self._kept[id(case), items] = (case, checks)
            if len(self._kept) > CASES_KEPT:
                self._kept.popitem(last=False)
