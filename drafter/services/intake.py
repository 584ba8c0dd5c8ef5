"""Inputs to cases: which files are meant, what kind each is, and the case it holds.

The kind is told by the content, not by the name: a PDF saved as .txt is read as a PDF, a letter saved as text is read
as a letter. Every refusal is an `InputUnreadable`, `CaseInvalid` or `NothingToRead` whose one sentence says what is
wrong, where, and what to do; no input is half read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from drafter.adapters.case_file_schema import CaseFile
from drafter.adapters.case_files import looks_like_case_file, read_case_file
from drafter.adapters.dependent_items import with_dependencies
from drafter.adapters.docx_text import OLD_WORD_SIGNATURE, read_docx
from drafter.adapters.docx_text import SIGNATURE as ZIP_SIGNATURE
from drafter.adapters.input_bytes import MAX_TEXT_BYTES, read_bytes, refuse_empty, refuse_long_text
from drafter.adapters.input_notices import hidden_characters
from drafter.adapters.letters import read_letter
from drafter.adapters.pdf_text import is_pdf, read_pdf
from drafter.adapters.plain_text import decode, text_lines
from drafter.adapters.printed import PrintedLine, running_text
from drafter.domain.case import Case, DisputedItem, Notice
from drafter.errors import CaseInvalid, InputUnreadable, NothingToRead

CASE_SUFFIXES = frozenset({".pdf", ".docx", ".txt", ".yaml", ".yml"})
CASE_FILE_SUFFIXES = frozenset({".yaml", ".yml", ".json"})
HEAD_BYTES = 4096
_RECORD_FILE = re.compile(r"""^[\s{,-]*"?file"?\s*:\s*(?P<name>.{1,400}?)\s*$""", re.MULTILINE)
_TEXT_GAPS = (
    "case_number: a text without a case block shows none",
    "dates: a text without a case block shows none",
    "records: the text was taken as a case summary; list documents in a case file to have them searched as the file",
    "items: the text names no treatment in dispute",
)


def read_case(source: Path | bytes, *, name: str | None = None, password: str = "") -> Case:
    """The case that a file, or its bytes, hold; `name` is what messages call it. `password` opens a PDF, or the PDF
    files that a case file names.

    Raises InputUnreadable where nothing can be read, PasswordNeeded where a PDF needs another password, CaseInvalid
    where a case file breaks its schema.
    """
    if isinstance(source, Path):
        name = name or str(source)
        data, folder = read_bytes(source, name=name), source.parent
    else:
        name, folder = name or "the input", None
        data = refuse_empty(source, name=name)
    suffix = (source if isinstance(source, Path) else Path(name)).suffix.lower()
    if is_pdf(data):
        printed = read_pdf(data, name=name, password=password)
        return _printed_case(printed.lines, printed.notices)
    if data.startswith(ZIP_SIGNATURE):
        word = read_docx(data, name=name)
        return _printed_case(word.lines, word.notices)
    text = _text(data, name)
    if suffix == ".jsonl":
        raise CaseInvalid(f"{name} holds many cases; only `drafter parse` and `evals import` take JSON Lines")
    if suffix in CASE_FILE_SUFFIXES or (suffix != ".txt" and looks_like_case_file(text)):
        return read_case_file(text, name=name, folder=folder, password=password)
    return _printed_case(text_lines(text), hidden_characters((None, line) for line in text.splitlines()))


def read_cases(path: Path, *, name: str | None = None) -> Iterator[Case]:
    """The cases of one input: each line of a JSON Lines file, else the one case of `read_case`."""
    name = name or str(path)
    if path.suffix.lower() != ".jsonl":
        yield read_case(path, name=name)
        return
    lines = _text(read_bytes(path, name=name), name).splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield read_case_file(line, name=f"{name}, line {number}", folder=path.parent)


def case_file_schema() -> dict[str, Any]:
    """The JSON schema of case files."""
    return CaseFile.model_json_schema()


def find_inputs(paths: Sequence[Path]) -> Iterator[Path]:
    """The files that `paths` mean: files as named, folders by the letters and case files in them, in order of name.

    A document that a case file of the folder names as a record is part of that case, not an input of its own.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = _in_folder(path)
        if not found:
            raise NothingToRead(f"{path} holds no letter or case file (PDF, DOCX, TXT, YAML); name another folder")
        yield from found


def with_treatments(case: Case, treatments: Sequence[str]) -> Case:
    """`case` with items for treatments named apart from it, numbered after its own."""
    first = max((item.number for item in case.items), default=0) + 1
    named = [text for text in map(str.strip, treatments) if text]
    added = [
        DisputedItem(number=number, heading=text, treatment=text) for number, text in enumerate(named, start=first)
    ]
    gaps = tuple(gap for gap in case.gaps if not (added and gap.startswith("items:")))
    return case.model_copy(update={"items": with_dependencies([*case.items, *added]), "gaps": gaps})


def _in_folder(folder: Path) -> list[Path]:
    try:
        files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
        found = [file for file in files if file.suffix.lower() in CASE_SUFFIXES or _is_json_case(file)]
        records = {record for file in found for record in named_records(file)}
    except OSError as error:
        raise InputUnreadable(f"{folder} cannot be opened ({error.strerror}); correct the path") from error
    return [file for file in found if file.resolve() not in records]


def named_records(file: Path) -> Iterator[Path]:
    """The files that a case file names as records, told from its lines without reading it as a whole."""
    if file.suffix.lower() not in CASE_FILE_SUFFIXES or file.stat().st_size > MAX_TEXT_BYTES:
        return
    for named in records_named_in(file.read_text(encoding="utf-8", errors="replace")):
        yield (file.parent / named).resolve()


def records_named_in(text: str) -> Iterator[str]:
    """The names of record files in the text of a case file."""
    for match in _RECORD_FILE.finditer(text):
        named = match["name"].strip().strip("\"',")
        if named.isprintable():
            yield named


def _is_json_case(file: Path) -> bool:
    """JSON counts in a folder only where it begins like a case: other programs keep theirs in the same place."""
    if file.suffix.lower() != ".json":
        return False
    with file.open("rb") as stream:
        return begins_like_case(stream.read(HEAD_BYTES))


def begins_like_case(head: bytes) -> bool:
    """Whether the first bytes of a JSON file name what only a case has."""
    return any(f'"{key}"'.encode() in head for key in ("case_summary", "case_number", "disputed_items", "items"))


def _text(data: bytes, name: str) -> str:
    if data.startswith(OLD_WORD_SIGNATURE):
        raise InputUnreadable(f"{name} is an old or encrypted Word file; save it as DOCX without a password, or as PDF")
    refuse_long_text(data, name=name)
    return decode(data, name=name)


def _printed_case(lines: tuple[PrintedLine, ...], notices: tuple[Notice, ...]) -> Case:
    """A letter's case; any other text is taken as a case summary."""
    case = read_letter(lines) or Case(form="text", case_summary=running_text(lines) or None, gaps=_TEXT_GAPS)
    return case.model_copy(update={"notices": notices})
