"""The form of 2016-17: credentials as labels, guidelines cited by `Section(s): heading`."""

from __future__ import annotations

import re

from drafter.adapters.letters.labelled_form import read_labelled_form
from drafter.adapters.letters.reviewer import labelled_reviewer
from drafter.adapters.printed import Folded
from drafter.domain.case import Case

SIGN = re.compile(r"State\(s\)\s+of\s+Licensure\s*:|Certification\(s\)\s*/\s*Specialty\s*:")
CITATION_SIGN = re.compile(r"\bSection\(s\)\s*:")


def read_section_form(text: Folded) -> Case:
    return read_labelled_form(text, form="2016-section", reviewer_of=labelled_reviewer)
