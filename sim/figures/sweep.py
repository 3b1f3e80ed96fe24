"""The chart of a sweep: measures against what was varied, a dot for each point."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.style import BLACK, BLUE, GREY, TEXT, panels
from sim.labels import label
from sim.measures import MEASURES
from sim.studies.sweep import Sweep
from sim.studies.sweep_design import Axis
from sim.studies.sweep_words import signed, words

#: Measures, from top to bottom.
ROWS = ("wallet_active", "credit_access", "default_rate", "days_to_cash_bank")
#: So many parameters at most; of more, those that move a measure most.
COLUMNS = 4


def sweep_chart(found: Sweep, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw a panel for each of four measures and each parameter that was varied.

    Parameters
    ----------
    found : Sweep
    axes : Axes, optional
        To draw on, a row for each measure; by default those of a new figure.
    language : {"en", "zh"}
    """
    summary, outcomes = found.summary(*ROWS), found.outcomes(*ROWS)
    strength = summary.iloc[:, 3:].abs().max().fillna(0.0)
    strongest = list(strength.sort_values(ascending=False, kind="stable").index[:COLUMNS])
    drawn_axes = [axis for axis in found.axes if axis.path in strongest]
    size = (4.0 + 2.9 * len(drawn_axes), 10.5)
    drawn = panels(len(ROWS), len(drawn_axes), axes, size=size)
    for k, each in enumerate(drawn):
        name, axis = ROWS[k // len(drawn_axes)], drawn_axes[k % len(drawn_axes)]
        x = np.array([axis.number(value) for value in found.points[axis.path]])
        _panel(each, x, outcomes[name].to_numpy(), float(summary.loc[name, axis.path]))  # type: ignore[arg-type]
        _look(each, axis, name, k, len(drawn_axes), language)
    _frame(drawn, found, len(drawn_axes), language)
    return drawn


def _panel(axes: Axes, x: Any, y: Any, correlation: float) -> None:
    axes.plot(x, y, "o", color=BLUE, markersize=4.5, alpha=0.75, markeredgewidth=0)
    axes.set_title(f"ρ {signed(correlation)}", loc="right", fontsize=TEXT - 1, color=BLACK, pad=3)


def _look(axes: Axes, axis: Axis, name: str, k: int, columns: int, language: str) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=TEXT - 1.5)
    axes.locator_params(nbins=4)
    share, yuan = MEASURES[name].unit == "share", "yuan" in MEASURES[name].unit
    axes.yaxis.set_major_formatter(
        lambda value, _: f"{100 * value:.10g}%" if share else f"{value / 1e6 if yuan else value:,.10g}"
    )
    _name_ticks(axes, axis)
    if k % columns == 0:
        axes.annotate(words(name, language), (0.0, 1.0), (0, 12), xycoords="axes fraction",
                      textcoords="offset points", fontsize=TEXT, color=GREY, fontweight="bold")  # fmt: skip
    else:
        axes.tick_params(labelleft=False)
    if k // columns == len(ROWS) - 1:
        unit = "" if axis.each.unit in ("date", "yes/no") else f"\n{axis.each.unit}"
        axes.set_xlabel(f"{axis.path}{unit}", fontsize=TEXT - 0.5)
    else:
        axes.tick_params(labelbottom=False)


def _name_ticks(axes: Axes, axis: Axis) -> None:
    """Name the ends of an axis that is whole as a scenario writes them."""
    margin = 0.06 * (axis.high - axis.low)
    axes.set_xlim(axis.low - margin, axis.high + margin)
    if axis.each.kind is float:
        return
    ends = [str(end).lower() if isinstance(end, bool) else str(end) for end in axis.bounds]
    axes.set_xticks([axis.low, axis.high], ends)


def _frame(drawn: list[Axes], found: Sweep, columns: int, language: str) -> None:
    """Give a figure of ours its title and the words below."""
    figure = drawn[0].get_figure()
    if not isinstance(figure, Figure):
        return
    about = found.manifest["scenario"]
    for row in range(len(ROWS)):  # one scale for each measure
        panels_of = drawn[row * columns : (row + 1) * columns]
        low, high = min(each.get_ylim()[0] for each in panels_of), max(each.get_ylim()[1] for each in panels_of)
        for each in panels_of:
            each.set_ylim(low, high)
    left = 0.75 / figure.get_figwidth()
    figure.subplots_adjust(left=left, right=0.98, top=0.87, bottom=0.145, wspace=0.12, hspace=0.42)
    title = label("sweep.title", language).format(points=len(found.points), parameters=len(found.axes))
    figure.text(0.02, 0.975, title, fontsize=TEXT + 4.5, fontweight="bold", va="top", wrap=True)
    figure.text(0.02, 0.94, f"{about['title']}", fontsize=TEXT + 0.5, color=GREY, va="top", wrap=True)
    footer = label("sweep.footer", language).format(
        county=about["county"], seeds=len(found.seeds), scale=f"{found.manifest['scale']:g}",
        months=found.manifest["months"], start=about["start"],
    )  # fmt: skip
    figure.text(0.02, 0.012, footer, fontsize=TEXT - 1.5, color=GREY, va="bottom", linespacing=1.5)
