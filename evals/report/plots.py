"""The page's plots as SVG in the page: text that can be read out, colours of the page's own theme, the same bytes.

matplotlib is imported when a plot is drawn. Colours are drawn as markers and become the page's variables, so that one
plot serves light, dark and print. Every figure of a plot stands in a table beside it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, INK_2, LINE, ACCENT, BAD, OTHER = "#010101", "#020202", "#030303", "#040404", "#050505", "#060606"
_VARIABLES = {INK: "ink", INK_2: "ink-2", LINE: "line", ACCENT: "accent", BAD: "blocker", OTHER: "warning"}
WIDTH = 9.2  # inches
_SIZE = 10


class Bar(NamedTuple):
    """A point with its interval. `limit` is the least that it may be, `bad` marks one that is below."""

    label: str
    value: float
    low: float | None
    high: float | None
    limit: float | None = None
    bad: bool = False
    told: str = ""


class Curve(NamedTuple):
    """A named line; `low` and `high` are its band, empty where there is none."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def forest(bars: Sequence[Bar], *, name: str, title: str, unit: str, zero: float | None = 0.0) -> str:
    """One row a metric: point and 95 percent interval, a tick where the limit lies, a line at `zero`."""

    def draw(axes: Axes) -> None:
        for at, bar in enumerate(reversed(bars)):
            colour = BAD if bar.bad else ACCENT
            if bar.low is not None and bar.high is not None:
                axes.plot([bar.low, bar.high], [at, at], color=INK_2, linewidth=1.6, solid_capstyle="butt")
            if bar.limit is not None:
                axes.plot(
                    [bar.limit, bar.limit], [at - 0.36, at + 0.36], color=INK, linewidth=1.2, linestyle=(0, (2, 1.5))
                )
            axes.plot([bar.value], [at], marker="D" if bar.bad else "o", markersize=7, color=colour, linestyle="none")
            if bar.told:
                axes.annotate(bar.told, (1.01, at), xycoords=("axes fraction", "data"), va="center", color=INK)
        if zero is not None:
            axes.axvline(zero, color=INK_2, linewidth=1.0)
        axes.set_yticks(range(len(bars)), [bar.label for bar in reversed(bars)])
        axes.set_ylim(-0.7, len(bars) - 0.3)
        axes.set_xlabel(unit)
        axes.grid(axis="x", color=LINE, linewidth=0.8)

    told = "; ".join(f"{bar.label}: {bar.told or f'{bar.value:.3g}'}" for bar in bars)
    return _drawn(draw, name=name, title=title, told=told, height=0.75 + 0.3 * len(bars), right=0.80)


def curves(lines: Sequence[Curve], *, name: str, title: str, x: str, y: str, top: float | None = 1.0) -> str:
    """Lines over k, or shares of items over seconds; the second line is dashed, so that colour is not needed."""

    def draw(axes: Axes) -> None:
        for at, line in enumerate(lines):
            colour, style, mark = ((INK_2, (0, (4, 2)), "s"), (ACCENT, "-", "o"))[-1 if len(lines) == 1 else at]
            few = len(line.x) <= 12
            axes.plot(
                line.x, line.y, color=colour, linestyle=style, marker=mark if few else "", markersize=5, label=line.name
            )
            if line.low:
                axes.fill_between(line.x, line.low, line.high, color=colour, alpha=0.15, linewidth=0)
        if top is not None:
            axes.set_ylim(0, top * 1.02)
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        axes.grid(color=LINE, linewidth=0.8)
        if len(lines) > 1:
            axes.legend(frameon=False, labelcolor=INK, loc="lower right")

    told = "; ".join(f"{line.name}: " + ", ".join(f"{a:g} {b:.3g}" for a, b in _sparse(line)) for line in lines)
    return _drawn(draw, name=name, title=title, told=told, height=3.0, right=0.97)


def _sparse(line: Curve) -> list[tuple[float, float]]:
    """At most ten points of a line, for its description."""
    step = max(1, len(line.x) // 10)
    return list(zip(line.x, line.y, strict=True))[::step]


def _drawn(draw: Callable[[Axes], None], *, name: str, title: str, told: str, height: float, right: float) -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings: Any = {
        "svg.hashsalt": name, "svg.fonttype": "none", "font.size": _SIZE, "text.color": INK, "axes.labelcolor": INK_2,
        "xtick.color": INK_2, "ytick.color": INK, "axes.edgecolor": INK_2, "axes.axisbelow": True,
    }  # fmt: skip
    with mpl.rc_context(settings):
        figure = Figure(figsize=(WIDTH, height))
        axes = figure.subplots()
        draw(axes)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(length=0)
        figure.tight_layout(rect=(0, 0, right, 1))
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _in_page(out.getvalue(), name=name, title=title, told=told)


def _in_page(svg: str, *, name: str, title: str, told: str) -> str:
    """The drawing as a part of an HTML page: ids of its own, the page's colours and letters, a name, a description."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r' xmlns(?::\w+)?="[^"]*"', "", svg).replace("xlink:href", "href")
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var(--{variable})")
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font: \1px var(--sans)", svg)
    svg = re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    label = f'role="img" aria-labelledby="{name}-title {name}-told"'
    head = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-told">{escape(told)}</desc>'
    return re.sub(r"<svg([^>]*)>", rf"<svg\1 {label}>{_safe(head)}", svg, count=1)


def _safe(text: str) -> str:
    return text.replace("\\", r"\\")
