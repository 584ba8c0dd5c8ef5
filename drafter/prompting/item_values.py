"""What fills a prompt for one item: the built-in composer's criteria table, what is shown of the case, slot values."""

from __future__ import annotations

from drafter.domain.drafting.brief import ItemBrief, Reply
from drafter.domain.drafting.compose import Composer
from drafter.domain.drafting.heading import as_object
from drafter.domain.exchange.shown import MOST_PASSAGES, Shown, shown_of
from drafter.domain.exchange.values import PromptValues, prompt_values
from drafter.templates import SentenceForms
from guideline_corpus.vocabulary import Vocabulary


def shown_values(
    brief: ItemBrief, composed: Reply, *, forms: SentenceForms, most: int = MOST_PASSAGES
) -> tuple[Shown, PromptValues]:
    """What a model is shown of the item with at most `most` passages, and the values of every slot and loop."""
    cut = brief.model_copy(update={"passages": brief.passages[:most]})
    shown = shown_of(cut, composed)
    chosen = brief.determination
    verdict = forms.say(chosen, treatment=as_object(brief.item.treatment)) if chosen else ""
    return shown, prompt_values(cut, shown, verdict=verdict, noticed=composed.findings)


class ValuesOnly:
    """A `RationaleModel` that writes nothing and keeps what would fill the prompt of every item."""

    spec = "none"

    def __init__(self, *, forms: SentenceForms, vocabulary: Vocabulary) -> None:
        self._forms = forms
        self._vocabulary = vocabulary
        self.values: list[tuple[ItemBrief, PromptValues]] = []

    def write(self, brief: ItemBrief) -> Reply:
        composed = Composer(brief=brief, vocabulary=self._vocabulary, wording=self._forms).compose()
        self.values.append((brief, shown_values(brief, composed, forms=self._forms)[1]))
        return Reply(criteria=(), statements=())
