"""What a rationale quotes or copies, against the official text that is loaded.

A marked quotation must be word for word; an altered one is told from an invented one, with the words that differ. A
sentence that follows an official sentence closely but changes a number or drops a negation misstates it although
nothing is marked. Only official text can answer: where none is loaded for the guideline a rationale names, nothing is
said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drafter.domain.checks.attribution import given_to_loaded, named
from drafter.domain.checks.audit import Audit, AuditedItem, AuditedText, Remark, remark_on
from drafter.domain.checks.draft_citations import describe
from drafter.domain.checks.quote_match import FEWEST_WORDS, Difference, QuoteMatch, match_quote
from drafter.domain.draft import PassageCitation, RecordSpan
from drafter.domain.drafting.evidence import record_span
from drafter.domain.drafting.wording import citation_of
from guideline_corpus.model import Passage

_SOURCE_NAMED = re.compile(
    r"\b(?:guid\w+|MTUS|ACOEM|ODG|FDA|chapter|edition|study|studies|criteria|policy|label|regulation\w*)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(r"“(?P<curly>[^“”]{15,1500})”|\"(?P<straight>[^\"]{15,1500})\"")
_WORDS = re.compile(r"\w+")
_WEIGHTY = re.compile(
    r"\d|^(?:not|no|never|nor|neither|without|unless|except|only|cannot|should|must|may|all|most|some|any|each|before|"
    r"after|more|less|least)$",
    re.IGNORECASE,
)
_COPY_WORDS = 10  # fewest words of a sentence that is compared with official text
_CLOSE = 0.85


def quote_altered(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A marked quotation of the guideline, or of the record, in which words differ."""
    for text, start, end, match, passage in _quotations(audit, item):
        if match.fate in ("altered", "spliced") and passage is not None:
            yield remark_on(
                text,
                start,
                end,
                f"The quotation is {describe(match)}.",
                item=item.item.number,
                against=_cited(passage, match),
            )
    for text, start, end in _marked(item):
        found = _altered_record_quote(audit, text.text[start:end])
        if found is not None:
            match, against = found
            yield remark_on(
                text,
                start,
                end,
                f"The quotation of the record is {describe(match)}.",
                item=item.item.number,
                against=against,
            )


def quote_invented(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A marked quotation that stands in none of the loaded texts of the guideline it is given to, nor in the record."""
    for text, start, end, match, _ in _quotations(audit, item):
        if (
            match.fate == "invented"
            and given_to_loaded(audit, item, text, start=start, end=end)
            and not _in_record(audit, text.text[start:end])
        ):
            yield remark_on(
                text,
                start,
                end,
                "No text of the guideline that is loaded has this quotation.",
                item=item.item.number,
            )


def quote_without_source(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A marked quotation that nobody can look up: no guideline is named, and no text supplied has it."""
    if item.item.reviewer_guideline or item.draft is not None:
        return
    texts = tuple(passage.text for passage in audit.official)
    for text, start, end in _marked(item):
        quote = text.text[start:end]
        if _SOURCE_NAMED.search(text.text) or match_quote(quote, texts).fate != "invented" or _in_record(audit, quote):
            continue
        yield remark_on(
            text,
            start,
            end,
            "No source is named for this quotation, and neither the record nor a loaded guideline has it.",
            item=item.item.number,
        )


def paraphrase_differs(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A sentence that follows an official one closely but differs in a number, a negation or a bound."""
    passages = audit.official
    if not passages:
        return
    texts = tuple(passage.text for passage in passages)
    for text in item.texts:
        for sentence in text.reading.sentences:
            if len(_WORDS.findall(sentence.text)) < _COPY_WORDS or _MARKED.search(sentence.text):
                continue
            match = match_quote(sentence.text, texts, least=_CLOSE)
            weighty = [d for d in match.differences if _weighty(d)]
            if match.fate == "altered" and weighty and match.text is not None:
                told = "; ".join(
                    f'"{d.quoted or "nothing"}" where the text has "{d.printed or "nothing"}"' for d in weighty[:3]
                )
                yield remark_on(
                    text,
                    sentence.start,
                    sentence.end,
                    f"This sentence follows the guideline but differs: {told}.",
                    item=item.item.number,
                    against=_cited(passages[match.text], match),
                )


def unmarked_copy(audit: Audit, item: AuditedItem) -> Iterator[Remark]:
    """A sentence copied word for word from official text without quotation marks and without naming the guideline."""
    passages = audit.official
    texts = tuple(passage.text for passage in passages)
    for text in item.texts if passages else ():
        for sentence in text.reading.sentences:
            if len(_WORDS.findall(sentence.text)) < _COPY_WORDS or _MARKED.search(sentence.text):
                continue
            match = match_quote(sentence.text, texts, least=_CLOSE)
            if match.fate != "exact" or match.text is None or named(audit, passages[match.text], item, text):
                continue
            passage = passages[match.text]
            yield remark_on(
                text,
                sentence.start,
                sentence.end,
                f"This sentence is copied from {passage.guideline} {passage.edition} without saying so.",
                item=item.item.number,
                against=_cited(passage, match),
            )


def _quotations(audit: Audit, item: AuditedItem) -> Iterator[tuple[AuditedText, int, int, QuoteMatch, Passage | None]]:
    """Every marked quotation with its fate among the official texts, those of the guidelines named first."""
    passages = audit.official
    texts = tuple(passage.text for passage in passages)
    for text, start, end in _marked(item) if passages else ():
        match = _led_up_to(match_quote(text.text[start:end], texts), text.text[:start])
        yield text, start, end, match, passages[match.text] if match.text is not None else None


def _led_up_to(match: QuoteMatch, lead: str) -> QuoteMatch:
    """A negation that the writer put before the opening quotation mark is not cut away."""
    said = lead[-60:].lower()
    if match.fate == "altered" and all(not d.quoted and d.printed.lower() in said for d in match.differences):
        return match.model_copy(update={"fate": "exact", "differences": ()})
    return match


def _marked(item: AuditedItem) -> Iterator[tuple[AuditedText, int, int]]:
    for text in item.texts:
        for found in _MARKED.finditer(text.text):
            group = "curly" if found["curly"] else "straight"
            if len(_WORDS.findall(found[group])) > FEWEST_WORDS:
                yield text, found.start(group), found.end(group)


def _altered_record_quote(audit: Audit, quote: str) -> tuple[QuoteMatch, RecordSpan] | None:
    texts = tuple(field.source.text for field in audit.record)
    match = match_quote(quote, texts, least=_CLOSE)
    if match.fate != "altered" or match.text is None or match.start is None or match.end is None:
        return None
    if not any(_weighty(d) for d in match.differences):
        return None
    return match, record_span(audit.record[match.text], start=match.start, end=match.end)


def _in_record(audit: Audit, quote: str) -> bool:
    return match_quote(quote, tuple(field.source.text for field in audit.record)).fate in ("exact", "altered")


def _weighty(difference: Difference) -> bool:
    return any(_WEIGHTY.search(word) for word in (*difference.quoted.split(), *difference.printed.split()))


def _cited(passage: Passage, match: QuoteMatch) -> PassageCitation:
    return citation_of(passage, quote=passage.text[match.start : match.end] if match.start is not None else None)
