"""The form of 2014-15: board and state in a sentence, guidelines cited by `Page(s):`.

Published copies often come without the case block, and page breaks stand as blank lines inside fields.
"""

from __future__ import annotations

import re

from drafter.adapters.letters.labelled_form import read_labelled_form
from drafter.adapters.letters.reviewer import described_reviewer
from drafter.adapters.printed import Folded
from drafter.domain.case import Case

SIGN = re.compile(
    r"\breviewer\s+is\s+(?:Board\s+Certified|Licensed)\b|\blicensed\s+to\s+practice\s+in\b", re.IGNORECASE
)
CITATION_SIGN = re.compile(r"\bPage\(s\)\s*:")


def read_page_form(text: Folded) -> Case:
    return read_labelled_form(text, form="2014-page", reviewer_of=described_reviewer)
