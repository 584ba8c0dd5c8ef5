"""The gate's verdict in every form it is told in, from one judgement: exit code, text, JUnit and the page's section.

Nothing else writes a verdict, so no two of them can disagree (tests/unit/test_gate.py simulates it).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from evals.comparison.figures import counted
from evals.comparison.gate import Judgement, Verdict, junit, report_text
from evals.metrics.table import is_share, title_of


class Outcome(NamedTuple):
    """`section` is the part of the page that holds the verdict, ready to be put into it."""

    verdict: Verdict
    exit_code: int
    text: str
    junit: str
    section: Markup


def outcome(judgement: Judgement) -> Outcome:
    """Every form of one judgement."""
    section = template("verdict.html").render(judgement=judgement)
    return Outcome(judgement.verdict, judgement.exit_code, report_text(judgement), junit(judgement), Markup(section))


@lru_cache(maxsize=4)
def template(name: str) -> Template:
    """A template of this folder; what it does not know is an error, and every text is escaped."""
    loaded = Environment(
        loader=PackageLoader("evals.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    loaded.filters |= {"counted": counted}
    loaded.globals |= {"is_share": is_share, "title_of": title_of}
    return loaded.get_template(name)
