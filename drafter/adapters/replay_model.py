"""`replay:DIR`: answers from replies that were recorded beside the very prompt they answer.

A prompt is named by the SHA-256 of its bytes, schema included. Where `DIR/HASH.json` holds a reply it is read strictly;
where it does not, the rendered prompt is written to `DIR/pending/HASH.json` and the item says that its reply is
pending, so that one run leaves every prompt of a case there, to be answered by whatever route (proved by
tests/unit/test_replay_model.py).
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from drafter.domain.draft import Finding, Statement
from drafter.domain.drafting.brief import ItemBrief, Reply
from drafter.domain.drafting.compose import Composer
from drafter.domain.drafting.wording import within
from drafter.domain.exchange.reply import read_reply, reply_schema
from drafter.domain.exchange.shown import Shown, shown_of
from drafter.domain.exchange.values import prompt_values
from drafter.errors import ModelUnavailable
from drafter.prompting.files import PromptTemplate, RenderedPrompt, render_prompt
from drafter.templates import SentenceForms
from guideline_corpus.vocabulary import Vocabulary

PENDING = "reply-pending"


class ReplayModel:
    """Writes an item's statements from a recorded reply. Raises ModelUnavailable where DIR cannot be written."""

    def __init__(
        self,
        folder: Path,
        *,
        rationale: PromptTemplate,
        options: PromptTemplate,
        forms: SentenceForms,
        vocabulary: Vocabulary,
    ) -> None:
        self._folder = folder
        self._rationale = rationale
        self._options = options
        self._forms = forms
        self._vocabulary = vocabulary

    @property
    def spec(self) -> str:
        return f"replay:{self._folder}"

    @property
    def templates(self) -> tuple[PromptTemplate, PromptTemplate]:
        return self._options, self._rationale

    def prompt(self, brief: ItemBrief) -> RenderedPrompt:
        """Exactly what a model would be sent for the item."""
        return self._prompt(brief, self._composed(brief))[1]

    def write(self, brief: ItemBrief) -> Reply:
        composed = self._composed(brief)
        shown, prompt = self._prompt(brief, composed)
        digest = prompt_digest(prompt)
        recorded = self._recorded(digest)
        if recorded is None:
            self._put_pending(digest, prompt, brief)
            message = f"No reply is recorded for this prompt; it was written to pending/{digest}.json to be answered."
            return Reply(criteria=composed.criteria, statements=(), findings=(_finding(brief, message),))
        reply = read_reply(recorded, shown, item=brief.item.number)
        end = tuple(s for s in composed.statements if s.kind == "conclusion") if brief.determination else ()
        statements: tuple[Statement, ...] = (*reply.statements, *end) if reply.statements else ()
        return Reply(criteria=composed.criteria, statements=statements, findings=(*reply.findings, *composed.findings))

    def _composed(self, brief: ItemBrief) -> Reply:
        """The built-in model's reply: its criteria table, its findings on the outcome, and the verdict sentence."""
        return Composer(brief=brief, vocabulary=self._vocabulary, wording=self._forms).compose()

    def _prompt(self, brief: ItemBrief, composed: Reply) -> tuple[Shown, RenderedPrompt]:
        shown = shown_of(brief, composed.criteria)
        chosen = brief.determination
        verdict = self._forms.say(chosen, treatment=within(brief.item.treatment)) if chosen else ""
        template = self._rationale if chosen else self._options
        return shown, render_prompt(template, prompt_values(brief, shown, verdict=verdict))

    def _recorded(self, digest: str) -> str | None:
        path = self._folder / f"{digest}.json"
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, json.JSONDecodeError):
            raise ModelUnavailable(f"{path} is not readable as JSON; write it anew or remove it.") from None
        if not isinstance(held, dict) or "reply" not in held:
            raise ModelUnavailable(f'{path} holds no key "reply"; write the model\'s reply under it.')
        return held["reply"] if isinstance(held["reply"], str) else json.dumps(held["reply"])

    def _put_pending(self, digest: str, prompt: RenderedPrompt, brief: ItemBrief) -> None:
        """Written whole or not at all."""
        request = {**prompt_request(prompt), "case_number": brief.case.case_number, "item": brief.item.number}
        pending = self._folder / "pending"
        try:
            pending.mkdir(parents=True, exist_ok=True)
            unfinished = pending / f".{digest}.{os.getpid()}"
            unfinished.write_text(json.dumps(request, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
            unfinished.replace(pending / f"{digest}.json")
        except OSError as error:
            raise ModelUnavailable(f"{pending} cannot be written ({error.strerror}); name another folder.") from None


class PromptsOnly:
    """Keeps the prompt of every item and writes nothing, to show what would be sent."""

    def __init__(self, model: ReplayModel) -> None:
        self._model = model
        self.prompts: dict[int, RenderedPrompt] = {}

    @property
    def spec(self) -> str:
        return self._model.spec

    def write(self, brief: ItemBrief) -> Reply:
        self.prompts[brief.item.number] = self._model.prompt(brief)
        return Reply(criteria=(), statements=())


def prompt_request(prompt: RenderedPrompt) -> dict[str, object]:
    """The request that a prompt's hash is taken of."""
    return {"system": prompt.system, "user": prompt.user, "schema": reply_schema()}


def prompt_digest(prompt: RenderedPrompt) -> str:
    """SHA-256 of the request as sorted JSON in UTF-8."""
    return hashlib.sha256(json.dumps(prompt_request(prompt), sort_keys=True).encode("utf-8")).hexdigest()


def _finding(brief: ItemBrief, message: str) -> Finding:
    return Finding(check=PENDING, severity="blocker", item=brief.item.number, message=message)
