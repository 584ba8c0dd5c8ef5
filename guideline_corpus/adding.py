"""Adds guideline files to a home: reads each, says which edition it is, keeps a copy, builds. All of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from guideline_corpus.build import BuildReport, Indexer, Report, build_corpus, no_index, no_report, readings_folder
from guideline_corpus.criteria import criteria_of
from guideline_corpus.edition_table import checked, home_table, load_editions, merged
from guideline_corpus.errors import SourceDoubtful, SourceUnreadable, StarterInvalid
from guideline_corpus.identity import sha256_of
from guideline_corpus.model import CorpusModel, Edition
from guideline_corpus.naming import Naming, edition_of, licence_of
from guideline_corpus.readers.source_text import SourceText, UnreadPage
from guideline_corpus.readings import Unread, read_ahead, reading_of
from guideline_corpus.sources import SourceRecord, list_sources, quarantine, safe_name, source_id_of, storing
from guideline_corpus.splitting import passages_of


class HeadingRead(CorpusModel):
    level: int
    text: str


class FileRead(CorpusModel):
    """What was read of one file, and what was not. `known` tells that the same file had been added before."""

    file: str
    source_id: str
    edition: Edition
    licence: str
    known: bool
    words: int
    pages: int
    printed_pages: int
    passages: int
    criteria: dict[str, int]
    headings: tuple[HeadingRead, ...]
    unread: tuple[UnreadPage, ...]
    left_out: dict[str, int]
    notices: tuple[str, ...]


class AddReport(CorpusModel):
    """The files as they were read, and the corpus that was built with them."""

    files: tuple[FileRead, ...]
    built: BuildReport


class Prepared(CorpusModel):
    """A file read and named, ready to be kept."""

    record: SourceRecord
    content: bytes
    read: FileRead


def add_files(
    home: Path,
    paths: Sequence[Path],
    naming: Naming,
    *,
    page_offset: int | None = None,
    replaces_gists: bool = False,
    scheduler: str | None = None,
    index: Indexer = no_index,
    report: Report = no_report,
) -> AddReport:
    """Add guideline files and build. Raises CorpusError; then the home is as it was before.

    The workers of the Dask scheduler at an address read the files, where one is given; what they read is kept here.
    """
    table = load_editions(home_table(home))
    known = list_sources(home)
    table = merged(table, tuple(record.edition for record in known if record.edition not in table))
    if scheduler is not None:
        unread = [Unread(_content(path), path.name, page_offset) for path in paths]
        read_ahead(unread, kept_in=readings_folder(home), scheduler=scheduler)
    prepared: list[Prepared] = []
    for number, path in enumerate(paths):
        report("files", number, len(paths))
        one = _prepare(home, path, naming, table, page_offset=page_offset, replaces_gists=replaces_gists)
        table = _with_edition(table, one.record.edition, file=path.name)
        prepared.append(one)
    report("files", len(paths), len(paths))
    with ExitStack() as kept:
        for one in prepared:
            kept.enter_context(storing(home, one.record, one.content))
        built = build_corpus(home, index=index, report=report)
    return AddReport(files=tuple(one.read for one in prepared), built=built)


def _with_edition(table: tuple[Edition, ...], edition: Edition, *, file: str) -> tuple[Edition, ...]:
    if any(row.edition_id == edition.edition_id for row in table):
        return table
    try:
        return checked(merged(table, (edition,)), where=file)
    except StarterInvalid as error:
        raise StarterInvalid(f"{error} Say --from and --to so that they do not.") from None


def _prepare(
    home: Path,
    path: Path,
    naming: Naming,
    table: tuple[Edition, ...],
    *,
    page_offset: int | None,
    replaces_gists: bool,
) -> Prepared:
    content = _content(path)
    try:
        source = reading_of(content, name=path.name, page_offset=page_offset, kept_in=readings_folder(home))
    except SourceDoubtful as error:
        kept = quarantine(home, path.name, content, reason=str(error))
        raise SourceDoubtful(f"{error} A copy lies in {kept}.") from None
    edition = edition_of(source, naming, table, file=path.name)
    record = SourceRecord(
        source_id=source_id_of(content),
        file_name=safe_name(path.name),
        sha256=sha256_of(content),
        edition=edition,
        licence=licence_of(source, naming),
        page_offset=page_offset,
        replaces_gists=replaces_gists,
    )
    known = any(before.sha256 == record.sha256 for before in list_sources(home))
    return Prepared(record=record, content=content, read=_told(path.name, record, source, known=known))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceUnreadable(f"There is no file {path}; check the name.") from None
    except IsADirectoryError:
        raise SourceUnreadable(f"{path} is a folder; name the guideline files in it.") from None
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be opened ({error.strerror}); check its permissions.") from None


def _told(name: str, record: SourceRecord, source: SourceText, *, known: bool) -> FileRead:
    return FileRead(
        file=name,
        source_id=record.source_id,
        edition=record.edition,
        licence=record.licence,
        known=known,
        words=len(source.text.split()),
        pages=len(source.pages),
        printed_pages=sum(page.printed is not None for page in source.pages),
        passages=len(passages_of(source)),
        criteria=dict(sorted(Counter(span.role for span in criteria_of(source)).items())),
        headings=tuple(HeadingRead(level=heading.level, text=heading.text) for heading in source.headings),
        unread=source.unread,
        left_out=dict(sorted(Counter(left.reason for left in source.left_out).items())),
        notices=source.notices,
    )
