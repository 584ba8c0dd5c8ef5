"""The built-in rationale model: no language model, no key, no network; composes from criteria and record spans."""

from __future__ import annotations

from drafter.domain.drafting.brief import ItemBrief, Reply
from drafter.domain.drafting.compose import Composer
from drafter.templates import SentenceForms
from guideline_corpus.vocabulary import Vocabulary


class ExtractiveModel:
    spec = "extractive"

    def __init__(self, *, forms: SentenceForms, vocabulary: Vocabulary) -> None:
        self._forms = forms
        self._vocabulary = vocabulary

    def write(self, brief: ItemBrief) -> Reply:
        return Composer(brief=brief, vocabulary=self._vocabulary, wording=self._forms).compose()
