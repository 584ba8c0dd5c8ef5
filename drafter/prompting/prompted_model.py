"""The rationale model that asks another: brief, prompt, reply, statements; whoever answers is behind `ReplySource`.

The program keeps what is its own. The criteria table, the findings on the outcome, the verdict sentence and, where no
section addresses the treatment, the sentences that say so are those of the built-in composer; the reply gives
sentences, whose keys become citations or blockers (`domain/exchange/reply.py`). Identifiers are taken out before a
request is made and put back into what returns. Where a prompt is too long for the model, the passages of lowest rank
are left out and the draft says so. A model that cannot be reached, declines or is cut short leaves an item without
sentences and with the reason; the other items are drafted all the same (tests/unit/test_prompted_model.py).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Literal

from drafter.domain.draft import Finding, PassageCitation, RecordCitation, Severity, Statement
from drafter.domain.drafting.brief import ItemBrief, Reply
from drafter.domain.drafting.compose import Composer
from drafter.domain.drafting.formulary import is_formulary
from drafter.domain.exchange.reply import ReadReply, read_reply
from drafter.domain.exchange.request import Answer, Request, Turn
from drafter.domain.exchange.shown import MOST_PASSAGES, Shown
from drafter.domain.prompting.template import PromptTemplate, RenderedPrompt
from drafter.domain.redaction.exchange import Redaction, leaks
from drafter.ports import DraftListener, MayRest, Redactor, ReplySource
from drafter.prompting.files import render_prompt
from drafter.prompting.item_values import shown_values
from drafter.prompting.listening import Ear
from drafter.prompting.repair import RepairTemplate
from drafter.templates import SentenceForms
from guideline_corpus.vocabulary import Vocabulary

CHECKS = {
    "pending": "reply-pending",
    "failed": "model-failed",
    "declined": "model-declined",
    "cut": "reply-cut",
    "too_long": "prompt-too-long",
    "stopped": "reply-stopped",
}
WITHHELD = "identifier-in-prompt"


class PromptedModel:
    """Writes an item's statements from the reply of a `ReplySource`."""

    def __init__(
        self,
        source: ReplySource,
        *,
        rationale: PromptTemplate,
        options: PromptTemplate,
        repair: RepairTemplate,
        forms: SentenceForms,
        vocabulary: Vocabulary,
        redactor: Redactor,
        most_characters: int,
        listen: DraftListener | None = None,
    ) -> None:
        self._source = source
        self._rationale = rationale
        self._options = options
        self._repair = repair
        self._forms = forms
        self._vocabulary = vocabulary
        self._redactor = redactor
        self._most_characters = most_characters
        self._listen = listen

    @property
    def spec(self) -> str:
        return self._source.spec

    @property
    def resting(self) -> bool:
        """See `drafter.ports.MayRest`."""
        return isinstance(self._source, MayRest) and self._source.resting

    def heard_by(self, listen: DraftListener) -> PromptedModel:
        """See `HeardModel.heard_by`."""
        heard = copy.copy(self)
        heard._listen = listen
        return heard

    @property
    def templates(self) -> tuple[PromptTemplate | RepairTemplate, ...]:
        return self._options, self._rationale, self._repair

    def prompt(self, brief: ItemBrief) -> RenderedPrompt:
        """Exactly what would be sent for the item, identifiers out."""
        asked = self._asked(brief)
        return RenderedPrompt(system=asked.request.system, user=asked.request.user)

    def write(self, brief: ItemBrief) -> Reply:
        """See `RationaleModel.write`."""
        asked = self._asked(brief)
        refused = _leaking(asked) or self._too_long(asked)
        if refused is not None:
            return asked.composed.model_copy(update={"statements": (), "findings": (refused,)})
        answer, ear = self._answer(asked)
        while answer.fate == "too_long" and asked.shown.passages:
            asked = self._asked(brief, most_passages=len(asked.shown.passages) - 1)
            answer, ear = self._answer(asked)
        return self._reply(brief, asked, answer, ear=ear)

    def _answer(self, asked: _Asked, *, repaired: bool = False) -> tuple[Answer, Ear | None]:
        ear = (
            Ear(
                self._listen,
                item=asked.request.item,
                shown=asked.shown,
                redaction=asked.redaction,
                repaired=repaired,
            )
            if self._listen
            else None
        )
        return self._source.answer(asked.request, listen=ear), ear

    def _too_long(self, asked: _Asked) -> Finding | None:
        if asked.request.characters <= self._most_characters:
            return None
        told = "Nothing was sent: the case is too long for the model, even without passages; shorten its record."
        return Finding(check=CHECKS["too_long"], severity="blocker", item=asked.request.item, message=told)

    def repair(self, brief: ItemBrief, reply: Reply, faults: Sequence[Finding]) -> Reply | None:
        """See `RepairingModel.repair`."""
        asked = self._asked(brief)
        told = self._redactor.redact(
            [asked.plain.system, asked.plain.user, reply.raw, self._repair.told(faults, statements=reply.statements)],
            people=brief.case.people,
            context=_context(brief),
        )
        turns = (Turn(role="assistant", content=told.texts[2]), Turn(role="user", content=told.texts[3]))
        asked = asked.with_turns(turns, redaction=told)
        if _leaking(asked) is not None or asked.request.characters > self._most_characters:
            return None
        answer, ear = self._answer(asked, repaired=True)
        return self._reply(brief, asked, answer, ear=ear) if answer.fate in ("complete", "pending") else None

    def _asked(self, brief: ItemBrief, *, most_passages: int = MOST_PASSAGES) -> _Asked:
        """The request for an item, with as many passages as there is room for."""
        composed = Composer(brief=brief, vocabulary=self._vocabulary, wording=self._forms).compose()
        for most in range(most_passages, -1, -1):
            asked = self._rendered(brief, composed, most=most)
            if asked.request.characters <= self._most_characters:
                break
        return asked

    def _rendered(self, brief: ItemBrief, composed: Reply, *, most: int) -> _Asked:
        shown, values = shown_values(brief, composed, forms=self._forms, most=most)
        prompt = render_prompt(self._rationale if brief.determination else self._options, values)
        redaction = self._redactor.redact(
            [prompt.system, prompt.user], people=brief.case.people, context=_context(brief)
        )
        request = Request(
            system=redaction.texts[0],
            user=redaction.texts[1],
            case_number=brief.case.case_number,
            item=brief.item.number,
            taken=tuple(redaction.taken.values()),
        )
        left_out = min(len(brief.passages), MOST_PASSAGES) - len(shown.passages) if brief.addressed else 0
        return _Asked(
            composed=composed, shown=shown, plain=prompt, request=request, redaction=redaction, left_out=left_out
        )

    def _reply(self, brief: ItemBrief, asked: _Asked, answer: Answer, *, ear: Ear | None) -> Reply:
        number, composed = brief.item.number, asked.composed
        calls = (answer.call,) if answer.call else ()
        stopped = answer.fate == "stopped"
        if answer.fate != "complete" and not (stopped and answer.text):
            severity: Severity = "warning" if stopped else "blocker"
            message = answer.message or "No reply."
            finding = Finding(check=CHECKS[answer.fate], severity=severity, item=number, message=message)
            return Reply(criteria=composed.criteria, statements=(), findings=(finding,), calls=calls)
        raw = asked.redaction.restored_json(answer.text)
        read = read_reply(raw, asked.shown, item=number)
        if ear is not None and not stopped:
            ear.hear_rest(read)
        own = [s for s in composed.statements if is_formulary(s)]
        end = (
            *composed.silence,
            *own,
            *(s for s in composed.statements if s.kind == "conclusion" and brief.determination),
        )
        statements: tuple[Statement, ...] = (*read.statements, *end) if read.statements else ()
        findings = (
            *read.findings,
            *(_without_guideline(read.statements, asked) if brief.main_item is None else ()),
            *asked.notes(number),
            *(_cut_short(read.statements, number) if stopped else ()),
            *_left_open(brief, asked.shown, composed.findings, read),
        )
        return Reply(criteria=composed.criteria, statements=statements, findings=findings, raw=raw, calls=calls)


class _Asked:
    """A request with what is needed to read its answer."""

    def __init__(
        self,
        *,
        composed: Reply,
        shown: Shown,
        plain: RenderedPrompt,
        request: Request,
        redaction: Redaction,
        left_out: int,
    ) -> None:
        self.composed = composed
        self.shown = shown
        self.plain = plain
        self.request = request
        self.redaction = redaction
        self._left_out = left_out

    def with_turns(self, turns: tuple[Turn, ...], *, redaction: Redaction) -> _Asked:
        request = self.request.model_copy(
            update={
                "system": redaction.texts[0],
                "user": redaction.texts[1],
                "turns": turns,
                "taken": tuple(redaction.taken.values()),
            }
        )
        return _Asked(
            composed=self.composed,
            shown=self.shown,
            plain=self.plain,
            request=request,
            redaction=redaction,
            left_out=self._left_out,
        )

    def notes(self, number: int) -> list[Finding]:
        """What the reader should know of the prompt itself."""
        notes = []
        if self._left_out > 0:
            told = f"The prompt was too long for the model: {self._left_out} of the passages found were left out of it."
            notes.append(Finding(check="passages-left-out", severity="warning", item=number, message=told))
        if self.shown.hidden:
            told = f"{self.shown.hidden} hidden characters were taken out of the record before it was sent."
            notes.append(Finding(check="hidden-characters", severity="warning", item=number, message=told))
        return notes


def _cut_short(statements: Sequence[Statement], number: int) -> list[Finding]:
    told = f"The draft was stopped before it was whole; the {len(statements)} sentences that were complete are kept."
    return [Finding(check=CHECKS["stopped"], severity="warning", item=number, message=told)]


def _left_open(brief: ItemBrief, shown: Shown, findings: Sequence[Finding], read: ReadReply) -> list[Finding]:
    """The composer's findings without those that the reply has answered: a citation of the claims administrator that a
    sentence rests on, the strongest point on the other side where a sentence gives it to that side."""
    answered = set()
    grounds = (citation for one in read.statements for citation in one.citations)
    if any(isinstance(g, RecordCitation) and g.record.field.endswith("_administrator_guideline") for g in grounds):
        answered.add("competing-citation")
    other: Literal["for", "against"] = "for" if brief.determination == "upheld" else "against"
    if any(one.counter and one.key in read.named.get(other, ()) for one in shown.criteria):
        answered.add("counter-argument")
    return [finding for finding in findings if finding.check not in answered]


def _without_guideline(statements: Sequence[Statement], asked: _Asked) -> list[Finding]:
    """A rationale has to weigh the guideline; one that names no passage although some were shown does not.

    An item that goes with another stands or falls with that item, and its sentences need no guideline of their own.
    """
    cited = any(isinstance(citation, PassageCitation) for one in statements for citation in one.citations)
    if cited or not statements or not asked.shown.passages:
        return []
    told = f"No sentence rests on a guideline, though {len(asked.shown.passages)} passages in force were shown."
    return [Finding(check="no-guideline-weighed", severity="warning", item=asked.request.item, message=told)]


def _leaking(asked: _Asked) -> Finding | None:
    """The second look at what is about to be sent."""
    request = asked.request
    parts = (request.system, request.user, *(turn.content for turn in request.turns))
    kinds = sorted({kind for part in parts for kind in leaks(part, taken=request.taken)})
    if not kinds:
        return None
    told = f"Nothing was sent: the prompt still holds what may identify a person ({', '.join(kinds).lower()})."
    return Finding(check=WITHHELD, severity="blocker", item=request.item, message=told)


def _context(brief: ItemBrief) -> str:
    return "\n".join(field.source.text for field in brief.record)


class PromptsOnly:
    """Keeps the prompt of every item and writes nothing, to show what would be sent."""

    def __init__(self, model: PromptedModel) -> None:
        self._prompt: Callable[[ItemBrief], RenderedPrompt] = model.prompt
        self.spec = model.spec
        self.prompts: dict[int, RenderedPrompt] = {}

    def write(self, brief: ItemBrief) -> Reply:
        self.prompts[brief.item.number] = self._prompt(brief)
        return Reply(criteria=(), statements=())
