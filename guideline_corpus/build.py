"""Builds a corpus version: the starter gists and every file added to the home, as passages in one fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from guideline_corpus.edition_table import checked, home_table, load_editions, merged
from guideline_corpus.errors import CorpusError, StarterInvalid
from guideline_corpus.identity import canonical_json
from guideline_corpus.model import CorpusModel, Edition, Passage
from guideline_corpus.official import official_passages
from guideline_corpus.readers.source_text import SourceText
from guideline_corpus.readings import reading_of
from guideline_corpus.review.corrections import corrected, load_corrections
from guideline_corpus.settings import CorpusSettings
from guideline_corpus.sources import SourceRecord, list_sources, source_content
from guideline_corpus.starter import KnownIds, load_starter
from guideline_corpus.versions import Corpus, activate, one_builder, read_version, version_files, write_version
from guideline_corpus.vocabulary import load_vocabulary

Report = Callable[[str, int, int], None]
Indexer = Callable[[Corpus, Report], str | None]


class BuildReport(CorpusModel):
    """What a build made. `notice` is a sentence on what search cannot do with it, where there is such a thing.

    `unmet_corrections` are those of an expert whose criterion the corpus no longer words as it did.
    """

    version: str
    gists: int
    official: int
    notice: str | None = None
    unmet_corrections: int = 0


def no_report(step: str, done: int, total: int) -> None:
    """For whoever does not watch."""


def no_index(corpus: Corpus, report: Report) -> str | None:
    """For whoever reads the corpus without searching it."""
    return None


def search_indexer(settings: CorpusSettings, *, scheduler: str | None = None) -> Indexer:
    """An indexer for the search of a home; an index that already fits a version is left as it is.

    The workers of the Dask scheduler at an address embed the texts, where one is given.
    """

    def index(corpus: Corpus, report: Report) -> str | None:
        from guideline_corpus.indexing import open_index
        from guideline_corpus.opening import build_search_index, configured_embedder

        embedder, notice = configured_embedder(settings)
        try:
            fits = open_index(corpus, embedder=embedder, server=settings.chroma_url)
        except CorpusError:
            fits = None
        if fits is not None and (embedder is None or fits.vectors is not None):
            return notice
        return (
            build_search_index(
                corpus,
                settings,
                embedder=embedder,
                scheduler=scheduler,
                report=lambda done, total: report("index", done, total),
            )
            or notice
        )

    return index


def build_corpus(home: Path, *, index: Indexer = no_index, report: Report = no_report) -> BuildReport:
    """Build the starter corpus and all added files into a new active version. The version before is kept.

    `index` makes the new version searchable before it becomes active; `report(step, done, total)` is called as the work
    goes on. Raises CorpusError; then the active version is the one before.
    """
    with one_builder(home):
        table, records = load_editions(home_table(home)), list_sources(home)
        editions = _with_sources(table, records)
        official = [_read(home, record, report, at, len(records)) for at, record in enumerate(records)]
        replaced = {record.edition.edition_id for record in records if record.replaces_gists}
        gists = tuple(gist for gist in load_starter(table, known=known_ids()) if gist.edition_id not in replaced)
        passages, unmet = corrected(ordered((*gists, *_official(official, editions))), load_corrections(home))
        files = version_files(passages, editions) | _source_files(official)
        version = write_version(home, files)
        notice = index(read_version(home, version), report)
        activate(home, version)
    return BuildReport(
        version=version,
        gists=len(gists),
        official=len(passages) - len(gists),
        notice=notice,
        unmet_corrections=len(unmet),
    )


def readings_folder(home: Path) -> Path:
    """Where readings of added files are kept; it can be deleted at any time."""
    return CorpusSettings(home=home).cache_dir / "readings"


def known_ids() -> KnownIds:
    """The ids that gists may use."""
    vocabulary = load_vocabulary()
    return KnownIds(
        treatments=frozenset(vocabulary.treatments),
        body_parts=frozenset(vocabulary.body_parts),
        evidence=frozenset(vocabulary.evidence),
    )


def _with_sources(table: tuple[Edition, ...], records: Sequence[SourceRecord]) -> tuple[Edition, ...]:
    """The table with the editions that only added files know."""
    in_table = {row.edition_id for row in table}
    new = {record.edition.edition_id: record.edition for record in records if record.edition.edition_id not in in_table}
    return checked(merged(table, tuple(new.values())), where="The editions of the added files") if new else table


def _read(home: Path, record: SourceRecord, report: Report, at: int, total: int) -> tuple[SourceRecord, SourceText]:
    report("added files", at, total)
    content = source_content(home, record)
    source = reading_of(content, name=record.file_name, page_offset=record.page_offset, kept_in=readings_folder(home))
    report("added files", at + 1, total)
    return record, source


def _official(read: Sequence[tuple[SourceRecord, SourceText]], editions: Sequence[Edition]) -> Iterator[Passage]:
    by_id = {edition.edition_id: edition for edition in editions}
    vocabulary = load_vocabulary()
    for record, source in read:
        yield from official_passages(source, record, by_id[record.edition.edition_id], vocabulary)


def _source_files(read: Sequence[tuple[SourceRecord, SourceText]]) -> dict[str, bytes]:
    """For each added file its extracted text, and what was read and not read of it."""
    files: dict[str, bytes] = {}
    for record, source in read:
        reading = source.model_dump(mode="json", exclude={"text", "blocks"})
        reading["headings"] = [[heading.level, heading.text] for heading in source.headings]
        described = {"source": record.model_dump(mode="json", by_alias=True), "read": reading}
        files[f"sources/{record.source_id}.txt"] = source.text.encode("utf-8")
        files[f"sources/{record.source_id}.json"] = (canonical_json(described) + "\n").encode("utf-8")
    return files


def ordered(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Passages by edition, kind of text, place and id. Raises StarterInvalid where two have one id."""
    in_order = tuple(
        sorted(
            passages,
            key=lambda passage: (passage.edition_id, passage.text_kind, passage.start or 0, passage.passage_id),
        )
    )
    for one, other in pairwise(in_order):
        if one.passage_id == other.passage_id:
            raise StarterInvalid(
                f"{one.source_file} and {other.source_file} hold the same passage {one.passage_id}; remove one of them."
            )
    return in_order
