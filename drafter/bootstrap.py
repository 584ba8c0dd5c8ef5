"""Composition root: the only place where adapters are chosen and joined.

`open_app(settings, **replacements)` gives the application its parts; a test replaces a part by naming it. Nothing is
opened before it is asked for, so a command that only reads cases loads no index and no encoder.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from drafter import __version__
from drafter.domain.watching import UNWATCHED, Facts
from drafter.errors import ModelUnavailable, SettingInvalid, TemplateInvalid
from drafter.settings import Settings, own_traces_allowed
from drafter.templates import SentenceForms, active_version, load_sentence_forms
from guideline_corpus.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from drafter.adapters.record_store.database import Database
    from drafter.adapters.record_store.opening import CheckpointPlaces
    from drafter.adapters.traces import Traces
    from drafter.domain.case import Case, Determination
    from drafter.domain.draft import ItemDraft
    from drafter.domain.prompting.template import PromptTemplate, RenderedPrompt
    from drafter.ports import DecidedSearch, DraftListener, RationaleModel, RecordStore, ReplySource, Retriever, Watch
    from drafter.prompting.repair import RepairTemplate
    from drafter.services.checking import Guidelines
    from drafter.services.desk.workbench import Workbench

_PATIENCE = 2.0  # seconds that a command waits at its end for whoever takes its traces
CHARACTERS_A_TOKEN = 3.5  # a cautious estimate for English prose; no tokenizer is loaded, let alone fetched


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What a draft rested on; the same parts give the same draft. `settings`: what shapes a model's reply besides."""

    program: str
    model: str
    settings: str
    prompt: str
    prompt_sha256: str
    corpus_version: str


class App:
    """The application with its parts, each opened on first use."""

    def __init__(
        self,
        settings: Settings,
        *,
        retriever: Retriever | None = None,
        model: RationaleModel | None = None,
        source: ReplySource | None = None,
        records: RecordStore | None = None,
        model_spec: str | None = None,
        prompt: str | None = None,
        listen: DraftListener | None = None,
        watch: Watch = UNWATCHED,
    ) -> None:
        self.settings = settings
        self._retriever = retriever
        self._model = model
        self._source = source
        self._records = records
        self._model_spec = model_spec or settings.model
        self._prompt = prompt
        self._listen = listen
        self._watch = watch

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return load_vocabulary()

    @cached_property
    def forms(self) -> SentenceForms:
        """The sentence forms named by `prompt` (NAME@VERSION), else the live ones. Raises TemplateInvalid."""
        folder = self.settings.prompts_dir
        if self._prompt is None:
            version = active_version(prompts_dir=folder, name="extractive")
        else:
            name, _, version = self._prompt.partition("@")
            if name in ("rationale", "options") and self._model_spec != "extractive":
                version = active_version(prompts_dir=folder, name="extractive")
            elif name != "extractive" or not version:
                raise TemplateInvalid(f"--prompt {self._prompt}: the built-in model takes extractive@VERSION.")
        return load_sentence_forms(folder / "extractive" / f"{version}.toml")

    @cached_property
    def retriever(self) -> Retriever:
        """Search over the active corpus version. Raises CorpusNotBuilt and the index errors."""
        if self._retriever is not None:
            return self._retriever
        from drafter.adapters.corpus_retriever import open_retriever

        retriever = open_retriever(self.settings.corpus)
        if self._watch is UNWATCHED:
            return retriever
        from drafter.services.watching import WatchedRetriever

        return WatchedRetriever(retriever, self._watch)

    @cached_property
    def decided(self) -> DecidedSearch:
        """Search over the decided items of the home. Raises the errors of `open_similar`."""
        from guideline_corpus.decided.opening import open_similar

        return open_similar(self.settings.corpus)

    @cached_property
    def records(self) -> RecordStore:
        """The record store of the review desk, brought to this release. Raises StoreUnavailable and RecordDamaged."""
        if self._records is not None:
            return self._records
        from drafter.adapters.clock import SystemClock
        from drafter.adapters.record_store.opening import open_record_store

        places = checkpoint_places(self.settings)
        database = record_database(self.settings)
        return open_record_store(database, clock=SystemClock(), checkpoints=places, watch=self._watch)

    @cached_property
    def guidelines(self) -> Guidelines:
        """The editions and passages that the checks compare with."""
        from drafter.services.checking import load_guidelines

        return load_guidelines(self.settings.home)

    @cached_property
    def model(self) -> RationaleModel:
        """The rationale model of the settings. Raises ModelUnavailable for a spec that nothing answers to."""
        if self._model is not None:
            return self._model
        if self._source is not None:
            return self._prompted(self._source)
        if self._model_spec == "extractive":
            from drafter.adapters.extractive_model import ExtractiveModel

            return ExtractiveModel(forms=self.forms, vocabulary=self.vocabulary)
        kind, _, name = self._model_spec.partition(":")
        if kind == "replay" and name:
            from drafter.adapters.replay_model import ReplaySource

            return self._prompted(ReplaySource(Path(name)))
        if kind == "openai" and name:
            from drafter.model_bootstrap import open_calls, open_replies

            return self._prompted(open_replies(self.settings, name, open_calls(self.settings, name, watch=self._watch)))
        raise ModelUnavailable(
            f"--model {self._model_spec}: no such model here; use extractive, openai:MODEL or replay:DIR."
        )

    def _prompted(self, source: ReplySource) -> RationaleModel:
        from drafter.adapters.builtin_redactor import BuiltinRedactor
        from drafter.prompting.prompted_model import PromptedModel

        options, rationale, repair = self._templates
        return PromptedModel(
            source,
            rationale=rationale,
            options=options,
            repair=repair,
            forms=self.forms,
            vocabulary=self.vocabulary,
            redactor=BuiltinRedactor(),
            most_characters=round(self.settings.prompt_tokens * CHARACTERS_A_TOKEN),
            listen=self._listen,
        )

    @cached_property
    def _templates(self) -> tuple[PromptTemplate, PromptTemplate, RepairTemplate]:
        """The prompts of a language model: the one that --prompt names for its purpose, else the live ones.

        Read once, and every published one held against its hash, however many models are made of them.
        """
        from drafter.prompting.files import check_published, load_prompt
        from drafter.prompting.repair import load_repair

        named, _, version = (self._prompt or "").partition("@")
        folder = self.settings.prompts_dir
        check_published(folder)
        options, rationale = (
            load_prompt(prompts_dir=folder, name=name, version=version if named == name else None)
            for name in ("options", "rationale")
        )
        return options, rationale, load_repair(prompts_dir=folder)

    def draft(
        self,
        case: Case,
        *,
        determinations: Mapping[int, Determination] | None = None,
        items: Sequence[int] = (),
        as_of: date | None = None,
    ) -> Iterator[ItemDraft]:
        """The drafts of a case's items, in order, with the findings of every check (`drafter.services.drafting`)."""
        from drafter.services.drafting import Guidance, checks_of, draft_case, with_findings

        guidance = Guidance(self.guidelines.editions, self.guidelines.passages)
        with self._watch.step("draft", Facts(model=self._told_model, items=len(items or case.items))):
            checks = checks_of(case, guidance, vocabulary=self.vocabulary, items=items)
            drafts = draft_case(
                case,
                retriever=self.retriever,
                model=self.model,
                vocabulary=self.vocabulary,
                determinations=determinations,
                items=items,
                as_of=as_of,
                checks=checks,
                at_once=1 if self._model_spec == "extractive" else self.settings.at_once,
            )
            written = list(drafts)
            with self._watch.step("checks", Facts(items=len(written))):
                return iter(list(with_findings(checks, written)))

    @property
    def _told_model(self) -> str:
        """The model as a watcher is told of it: a folder of replies may be named for a case."""
        return "replay" if self._model_spec.startswith("replay:") else self._model_spec

    def workbench(self) -> Workbench:
        """What the review desk drafts and checks with. Raises the errors of retriever, model and templates."""
        from drafter.domain.review.events import DraftRestsOn
        from drafter.services.desk.workbench import Workbench

        made = self.provenance()
        return Workbench(
            retriever=self.retriever,
            model=self.model,
            vocabulary=self.vocabulary,
            wording=self.forms,
            editions=self.guidelines.editions,
            passages=self.guidelines.passages,
            rests_on=DraftRestsOn(
                program=made.program,
                model=made.model,
                settings=made.settings,
                prompt=made.prompt,
                prompt_sha256=made.prompt_sha256,
                corpus_version=made.corpus_version,
            ),
            watch=self._watch,
        )

    def payloads(
        self,
        case: Case,
        *,
        determinations: Mapping[int, Determination] | None = None,
        items: Sequence[int] = (),
        as_of: date | None = None,
    ) -> Iterator[tuple[int, RenderedPrompt]]:
        """Item number and prompt, exactly as a model would be sent it; nothing is sent, asked or written.

        Raises ModelUnavailable where the model of the settings is sent nothing.
        """
        from drafter.prompting.prompted_model import PromptedModel, PromptsOnly
        from drafter.services.drafting import draft_case

        if not isinstance(self.model, PromptedModel):
            raise ModelUnavailable("--show-payload: the built-in model is sent nothing; name one with --model.")
        asked = PromptsOnly(self.model)
        drafts = draft_case(
            case,
            retriever=self.retriever,
            model=asked,
            vocabulary=self.vocabulary,
            determinations=determinations,
            items=items,
            as_of=as_of,
        )
        yield from ((draft.item, asked.prompts[draft.item]) for draft in drafts)

    def with_parts(
        self,
        *,
        retriever: Retriever | None = None,
        guidelines: Guidelines | None = None,
        source: ReplySource | None = None,
    ) -> App:
        """The same application with these parts in place of its own; what it has opened stays open."""
        other = copy.copy(self)
        if retriever is not None:
            other.__dict__["retriever"] = retriever
        if guidelines is not None:
            other.__dict__["guidelines"] = guidelines
        if source is not None:
            other.__dict__["model"] = self._prompted(source)
        return other

    def _prompts(self) -> list[tuple[str, str]]:
        """Label and hash of every prompt file the model works with."""
        templates: tuple[PromptTemplate | RepairTemplate, ...]
        if self._model is not None:
            templates = getattr(self._model, "templates", ())
        else:
            templates = self._templates if self._model_spec != "extractive" else ()
        return [(t.label, t.digest) for t in templates] or [(self.forms.label, self.forms.digest)]

    def _shaping(self) -> str:
        """The built-in model has none. Nothing but the limits is asked of a server: no temperature, no seed."""
        if self._model_spec == "extractive":
            return "none"
        own = self.settings
        return f"a prompt of at most {own.prompt_tokens} tokens, a reply of at most {own.reply_tokens}"

    def provenance(self) -> Provenance:
        """What a draft rests on. Of the corpus only the name of its version is read. Raises CorpusNotBuilt."""
        if self._retriever is not None:
            corpus_version = self._retriever.corpus_version
        else:
            from guideline_corpus.versions import active_version as active_corpus

            corpus_version = active_corpus(self.settings.home)
        return Provenance(
            program=f"imr-drafter {__version__}",
            model=self._model.spec if self._model is not None else self._model_spec,
            settings=self._shaping(),
            prompt=", ".join(label for label, _ in self._prompts()),
            prompt_sha256=", ".join(digest for _, digest in self._prompts()),
            corpus_version=corpus_version,
        )


def open_app(settings: Settings, **replacements: object) -> App:
    """The application for these settings; `replacements` are the keyword arguments of `App`."""
    return App(settings, **replacements)  # type: ignore[arg-type]


@contextmanager
def traced(settings: Settings, *, say: Callable[[str], object]) -> Iterator[Watch]:
    """Who watches a command that runs once: nobody, or the traces that DRAFTER_TRACES asks for, sent at its end. Where
    they could not be sent, one sentence is said, in place of the library's own.

    Raises SettingInvalid where the extra `scale` is missing.
    """
    if settings.operation.traces is None:
        yield UNWATCHED
        return
    from drafter.adapters.clock import SystemClock
    from drafter.services.watching import Watching

    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    traces = open_traces(settings.operation.traces, "command", patience=_PATIENCE)
    try:
        yield Watching([traces], monotonic=SystemClock().monotonic)
    finally:
        traces.close()
        if traces.lost:
            say("The traces of this command could not be sent; nobody answers at the address in DRAFTER_TRACES.\n")


def open_traces(endpoint: str, process: str, *, patience: float | None = None) -> Traces:
    """Traces of this process, whose kind is `process`. Raises SettingInvalid where the extra `scale` is missing."""
    try:
        from drafter.adapters.traces import Traces
    except ModuleNotFoundError:
        raise SettingInvalid(
            "Traces need the extra `scale`; install imr-drafter[scale], or unset DRAFTER_TRACES."
        ) from None
    with own_traces_allowed():
        named = {} if patience is None else {"patience": patience}
        return Traces(endpoint, process=process, version=__version__, **named)


def record_database(settings: Settings, *, url: str | None = None) -> Database:
    """The database of the record store, by address or by the settings; nothing is opened. Raises SettingInvalid."""
    from drafter.adapters.record_store.opening import named_database

    set_up = settings.database_url.get_secret_value() if settings.database_url else None
    return named_database(home=settings.home, url=url or set_up)


def checkpoint_places(settings: Settings) -> CheckpointPlaces:
    """Where the record store's checkpoints are filed and signed from."""
    from drafter.adapters.record_store.opening import CheckpointPlaces

    return CheckpointPlaces(folder=settings.checkpoints_dir, keys=settings.keys_dir)
