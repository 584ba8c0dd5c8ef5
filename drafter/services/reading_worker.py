"""The child process that reads one case: `python -m drafter.services.reading_worker IN OUT NAME`, a password on its
standard input where one was given.

A file that somebody uploads may be built to harm: to fill the memory, to never end, to crash the parser. The child
limits itself before it looks at the file, as the readers of guidelines do (`guideline_corpus.readers.worker`);
`isolated_reading.py` starts it and watches the clock. A PDF is read by a second library as well, and is doubtful where
that one finds more: no reader can be trusted to say that it failed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from drafter.adapters.docx_text import SIGNATURE as DOCX_SIGNATURE
from drafter.adapters.pdf_text import PrintedPdf, is_pdf, read_pdf
from drafter.domain.case import Case
from drafter.errors import DrafterError, InputUnreadable, PasswordNeeded
from drafter.services.intake import read_case
from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.pdf_witness import disagreement, letters_in, witness_pdf
from guideline_corpus.readers.source_text import Page
from guideline_corpus.readers.worker import OUT_OF_MEMORY, limit_itself, seconds_for


def read_doubly(given: Path, *, name: str, password: str = "") -> Case:
    """The case. Raises InputUnreadable and CaseInvalid."""
    data = given.read_bytes()
    _refuse_misnamed(data, suffix=given.suffix, name=name)
    case = read_case(given, name=name, password=password)
    if not is_pdf(data):
        return case
    printed = read_pdf(data, name=name, password=password)
    try:
        doubt = disagreement(_pages(printed), witness_pdf(data, name=name, password=password))
    except SourceUnreadable:
        doubt = "one of two readers cannot read it"
    if doubt:
        raise InputUnreadable(f"{name}: {doubt}; it was set aside whole, ask for a new copy, or print it to PDF anew")
    return case


def _pages(printed: PrintedPdf) -> list[Page]:
    """The pages with what was found on them, whether it is seen or not: the second reader does not ask."""
    unseen: Counter[int] = Counter()
    for notice in printed.notices:
        if notice.kind == "hidden-text":
            unseen[notice.pages[0]] += letters_in(notice.text)
    return [
        Page(
            file_page=number,
            printed=None,
            evidence="",
            letters=letters_in("\n".join(line.text for line in lines)) + unseen[number],
        )
        for number, lines in enumerate(printed.pages, start=1)
    ]


def _refuse_misnamed(data: bytes, *, suffix: str, name: str) -> None:
    """Bytes that are called a PDF and are none would else be read as a text of nonsense."""
    if data.strip() and suffix == ".pdf" and not is_pdf(data):
        raise InputUnreadable(f"{name}: not a PDF, though it is called one; fetch it again, or give the text as .txt")
    if data.strip() and suffix == ".docx" and not data.startswith(DOCX_SIGNATURE):
        raise InputUnreadable(f"{name}: not a DOCX, though it is called one; save it anew, or give the text as .txt")


def main() -> None:
    """The program of the child."""
    given, result, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    password = sys.stdin.buffer.read().decode("utf-8")
    limit_itself(seconds_for(given.stat().st_size))
    try:
        found: dict[str, object] = {"case": read_doubly(given, name=name, password=password).model_dump(mode="json")}
    except PasswordNeeded as error:
        found = {"locked": str(error)}
    except DrafterError as error:
        found = {"error": str(error)}
    except (MemoryError, RecursionError):
        sys.exit(OUT_OF_MEMORY)
    result.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
