"""Turns a guideline file into official passages: cut along headings, on their pages, with the criteria they state."""

from __future__ import annotations

from collections.abc import Sequence

from guideline_corpus.criteria import CriterionSpan, criteria_of, criteria_within
from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.identity import passage_id_for
from guideline_corpus.model import Edition, PageStart, Passage
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.sentences import sentence_spans
from guideline_corpus.sources import SourceRecord
from guideline_corpus.splitting import PassageSpan, covered, page_starts_of, passages_of
from guideline_corpus.vocabulary import Vocabulary


def official_passages(
    source: SourceText, record: SourceRecord, edition: Edition, vocabulary: Vocabulary
) -> tuple[Passage, ...]:
    """The passages of an added file, in reading order.

    Raises SourceUnreadable where they would not hold the whole text of the file exactly once.
    """
    spans = passages_of(source)
    if not covered(source, spans):
        raise SourceUnreadable(f"{record.file_name} could not be cut into passages without loss; report this file.")
    criteria = criteria_of(source)
    return tuple(_passage(source, record, edition, span, criteria, vocabulary) for span in spans)


def _passage(
    source: SourceText,
    record: SourceRecord,
    edition: Edition,
    span: PassageSpan,
    criteria: Sequence[CriterionSpan],
    vocabulary: Vocabulary,
) -> Passage:
    text = source.text[span.start : span.end]
    printed = {page.file_page: page.printed for page in source.pages}
    starts = [(at, printed.get(file_page)) for at, file_page in page_starts_of(source, span.start, span.end)]
    treatments, body_parts = routes(span.path, text, title=edition.guideline, vocabulary=vocabulary)
    return Passage(
        passage_id=passage_id_for(
            edition_id=edition.edition_id, text_kind="official", section_path=span.path, text=text, start=span.start
        ),
        edition_id=edition.edition_id,
        guideline=edition.guideline,
        edition=edition.edition,
        rung=edition.rung,
        in_force=edition.in_force,
        section=span.path[-1] if span.path else "",
        section_path=span.path,
        pages=tuple(dict.fromkeys(page for _, page in starts if page is not None)),
        page_starts=tuple(PageStart(at=at, page=page) for at, page in starts),
        text_kind="official",
        text=text,
        criteria=criteria_within(criteria, text=source.text, start=span.start, end=span.end),
        treatments=treatments,
        body_parts=body_parts,
        developer=edition.developer,
        licence=record.licence,
        source_file=f"{record.source_id}/{record.file_name}",
        start=span.start,
        end=span.end,
    )


def routes(
    path: Sequence[str], text: str, *, title: str, vocabulary: Vocabulary
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The treatments and the body parts that a passage is about, as ids of the vocabulary.

    The innermost heading that names one decides; failing that the first sentence (for treatments), then the title.
    """
    first = [text[start:end] for start, end in sentence_spans(text)[:1]]
    treatments = _first_named((*reversed(path), *first, title), "treatment", vocabulary)
    body_parts = _first_named((*reversed(path), title), "body_part", vocabulary)
    return treatments, body_parts


def _first_named(texts: Sequence[str], family: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    for text in texts:
        found = dict.fromkeys(span.id for span in vocabulary.find(text) if span.family == family)
        if found:
            return tuple(found)
    return ()
