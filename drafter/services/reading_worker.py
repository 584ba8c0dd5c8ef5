"""The child process that reads one case: `python -m drafter.services.reading_worker IN OUT NAME`.

A file that somebody uploads may be built to harm: to fill the memory, to never end, to crash the parser. The child
limits itself before it looks at the file, as the readers of guidelines do (`guideline_corpus.readers.worker`);
`isolated_reading.py` starts it and watches the clock. A PDF is read by a second library as well, and is doubtful where
that one finds more: no reader can be trusted to say that it failed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from drafter.adapters.docx_text import SIGNATURE as DOCX_SIGNATURE
from drafter.adapters.pdf_text import is_pdf, read_pdf_pages
from drafter.domain.case import Case
from drafter.errors import DrafterError, InputUnreadable
from drafter.services.intake import read_case
from guideline_corpus.errors import SourceUnreadable
from guideline_corpus.readers.pdf_witness import disagreement, letters_in, witness_pdf
from guideline_corpus.readers.source_text import Page
from guideline_corpus.readers.worker import OUT_OF_MEMORY, limit_itself, seconds_for

_LISTED = 12


def read_doubly(given: Path, *, name: str) -> tuple[Case, str]:
    """The case, and what to note about its file. Raises InputUnreadable and CaseInvalid."""
    data = given.read_bytes()
    _refuse_misnamed(data, suffix=given.suffix, name=name)
    case = read_case(given, name=name)
    if not is_pdf(data):
        return case, ""
    pages = [
        Page(file_page=number, printed=None, evidence="", letters=letters_in("\n".join(line.text for line in lines)))
        for number, lines in enumerate(read_pdf_pages(data, name=name), start=1)
    ]
    try:
        doubt = disagreement(pages, witness_pdf(data, name=name))
    except SourceUnreadable:
        doubt = "one of two readers cannot read it"
    if doubt:
        raise InputUnreadable(f"{name}: {doubt}; ask for a new copy, or print it to PDF anew")
    return case, _blank([page.file_page for page in pages if not page.letters], of=len(pages))


def _refuse_misnamed(data: bytes, *, suffix: str, name: str) -> None:
    """Bytes that are called a PDF and are none would else be read as a text of nonsense."""
    if data.strip() and suffix == ".pdf" and not is_pdf(data):
        raise InputUnreadable(f"{name} is called a PDF and is none; fetch it again, or give the text as .txt")
    if data.strip() and suffix == ".docx" and not data.startswith(DOCX_SIGNATURE):
        raise InputUnreadable(f"{name} is called a DOCX and is none; save it anew, or give the text as .txt")


def _blank(pages: list[int], *, of: int) -> str:
    if not pages:
        return ""
    listed = ", ".join(map(str, pages[:_LISTED])) + (" and more" if len(pages) > _LISTED else "")
    which = f"page {listed} of {of} holds" if len(pages) == 1 else f"pages {listed} of {of} hold"
    return f"{which} no text; what stands there as an image was not read"


def main() -> None:
    """The program of the child."""
    given, result, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    limit_itself(seconds_for(given.stat().st_size))
    try:
        case, note = read_doubly(given, name=name)
        found: dict[str, object] = {"case": case.model_dump(mode="json"), "note": note}
    except DrafterError as error:
        found = {"error": str(error)}
    except (MemoryError, RecursionError):
        sys.exit(OUT_OF_MEMORY)
    result.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
