"""The page's two plots as SVG inside the page: the same counts give the same bytes.

matplotlib is imported when a plot is drawn, because it writes a cache of fonts when it is imported.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from drafter.cli.audit_report.tally import Tally

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLOURS = {"blocker": "#a4161a", "warning": "#b06f00", "note": "#5c677d"}
MOST_CHECKS = 20


def checks_plot(tally: Tally) -> str:
    """Findings by check, most frequent first, coloured by severity."""
    from matplotlib.figure import Figure

    shown = tally.checks[:MOST_CHECKS][::-1]
    figure = Figure(figsize=(8.5, 0.6 + 0.28 * max(1, len(shown))))
    axes = figure.subplots()
    axes.barh(
        [check.id for check in shown],
        [check.findings for check in shown],
        color=[_COLOURS[check.severity] for check in shown],
    )
    axes.set_xlabel("findings")
    return _svg(figure)


def letters_plot(tally: Tally) -> str:
    """How many letters have how many blockers and warnings."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(8.5, 2.6))
    axes = figure.subplots()
    series = {
        "blocker": Counter(letter.blockers for letter in tally.letters if not letter.unread),
        "warning": Counter(letter.warnings for letter in tally.letters if not letter.unread),
    }
    for shift, (severity, counts) in zip((-0.2, 0.2), series.items(), strict=True):
        axes.bar(
            [number + shift for number in counts],
            list(counts.values()),
            width=0.4,
            color=_COLOURS[severity],
            label=f"{severity}s",
        )
    axes.set_xlabel("findings in a letter")
    axes.set_ylabel("letters")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    return _svg(figure)


def _svg(figure: Figure) -> str:
    import matplotlib as mpl

    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "audit", "svg.fonttype": "none", "font.size": 9}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    drawn = out.getvalue()
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn[drawn.index("<svg") :], flags=re.DOTALL)
    return re.sub(r' xmlns(?::\w+)?="[^"]*"', "", drawn).replace("xlink:href", "href")
