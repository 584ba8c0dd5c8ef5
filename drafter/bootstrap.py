"""Composition root: the only place where adapters are chosen and joined.

`open_app(settings, **replacements)` gives the application its parts; a test replaces a part by naming it. Nothing is
opened before it is asked for, so a command that only reads cases loads no index and no encoder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from drafter import __version__
from drafter.domain.case import Case, Determination
from drafter.domain.draft import ItemDraft
from drafter.errors import ModelUnavailable, TemplateInvalid
from drafter.ports import DecidedSearch, RationaleModel, Retriever
from drafter.settings import Settings
from drafter.templates import SentenceForms, active_version, load_sentence_forms
from guideline_corpus.vocabulary import Vocabulary, load_vocabulary

if TYPE_CHECKING:
    from drafter.prompting.files import PromptTemplate, RenderedPrompt


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What a draft rested on; the same parts give the same draft."""

    program: str
    model: str
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
        model_spec: str | None = None,
        prompt: str | None = None,
    ) -> None:
        self.settings = settings
        self._retriever = retriever
        self._model = model
        self._model_spec = model_spec or settings.model
        self._prompt = prompt

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

        return open_retriever(self.settings.corpus)

    @cached_property
    def decided(self) -> DecidedSearch:
        """Search over the decided items of the home. Raises DecidedInvalid where none were added."""
        from guideline_corpus.decided.opening import open_similar

        return open_similar(self.settings.corpus)

    @cached_property
    def model(self) -> RationaleModel:
        """The rationale model of the settings. Raises ModelUnavailable for a spec that nothing answers to."""
        if self._model is not None:
            return self._model
        if self._model_spec == "extractive":
            from drafter.adapters.extractive_model import ExtractiveModel

            return ExtractiveModel(forms=self.forms, vocabulary=self.vocabulary)
        if self._model_spec.startswith("replay:"):
            return self._replay(Path(self._model_spec.removeprefix("replay:")))
        raise ModelUnavailable(f"--model {self._model_spec}: no such model here; use extractive or replay:DIR.")

    def _replay(self, folder: Path) -> RationaleModel:
        from drafter.adapters.replay_model import ReplayModel

        return ReplayModel(
            folder,
            rationale=self._template("rationale"),
            options=self._template("options"),
            forms=self.forms,
            vocabulary=self.vocabulary,
        )

    def _template(self, name: str) -> PromptTemplate:
        """The version that --prompt names where it is of this purpose, else the live one."""
        from drafter.prompting.files import load_prompt

        named, _, version = (self._prompt or "").partition("@")
        return load_prompt(prompts_dir=self.settings.prompts_dir, name=name, version=version if named == name else None)

    def draft(
        self,
        case: Case,
        *,
        determinations: Mapping[int, Determination] | None = None,
        items: Sequence[int] = (),
        as_of: date | None = None,
    ) -> Iterator[ItemDraft]:
        """The drafts of a case's items, in order, with the findings of every check (`drafter.services.drafting`)."""
        from drafter.services.checking import load_guidelines
        from drafter.services.drafting import checked, draft_case

        drafts = draft_case(
            case,
            retriever=self.retriever,
            model=self.model,
            vocabulary=self.vocabulary,
            determinations=determinations,
            items=items,
            as_of=as_of,
        )
        guidelines = load_guidelines(self.settings.home)
        return checked(
            case,
            list(drafts),
            vocabulary=self.vocabulary,
            editions=guidelines.editions,
            passages=guidelines.passages,
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
        from drafter.adapters.replay_model import PromptsOnly, ReplayModel
        from drafter.services.drafting import draft_case

        if not isinstance(self.model, ReplayModel):
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

    def _prompts(self) -> list[tuple[str, str]]:
        """Label and hash of every prompt file the model works with."""
        templates: tuple[PromptTemplate, ...] = getattr(self.model, "templates", ())
        return [(t.label, t.digest) for t in templates] or [(self.forms.label, self.forms.digest)]

    def provenance(self) -> Provenance:
        return Provenance(
            program=f"imr-drafter {__version__}",
            model=self.model.spec,
            prompt=", ".join(label for label, _ in self._prompts()),
            prompt_sha256=", ".join(digest for _, digest in self._prompts()),
            corpus_version=self.retriever.corpus_version,
        )


def open_app(settings: Settings, **replacements: object) -> App:
    """The application for these settings; `replacements` are the keyword arguments of `App`."""
    return App(settings, **replacements)  # type: ignore[arg-type]
