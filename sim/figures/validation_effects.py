"""Chart of published effect sizes beside what the county shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.style import BLACK, BLUE, GREY, TEXT, VERMILION, panels
from sim.labels import label
from sim.patterns.verdicts import Row
from sim.studies.validation.effects_rules import ELASTICITY, INDIA, LEAST, MOST, OTHERS, SHOPS
from sim.studies.validation.words import word

#: Rows with a published size, and that size.
SIZES = {"P8a": INDIA, "E1a": SHOPS, "E1b": OTHERS, "E1c": OTHERS / SHOPS, "E3": ELASTICITY}
FRIENDS = {"E2a": "friend_told", "E2b": "friend_given"}


def effects(rows: Sequence[Row], seeds: int, scale: float, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw sizes over published sizes, and what a friend who was told or has a wallet adds.

    Parameters
    ----------
    rows : sequence of Row
        As the study of effects gives them.
    seeds, scale
        Of the study.
    axes : two Axes, optional
        Where to draw, if not on a new figure.
    language : {"en", "zh"}
    """
    drawn = panels(1, 2, axes, size=(13.0, 5.4))
    found = {row.key: row for row in rows}
    _sizes(drawn[0], found, language)
    _friends(drawn[1], found, language)
    figure = drawn[0].get_figure()
    if axes is None and isinstance(figure, Figure):
        figure.subplots_adjust(left=0.2, right=0.97, top=0.8, bottom=0.22, wspace=0.55)
        judged = [row for row in rows if row.verdict in ("met", "missed")]
        met = sum(row.verdict == "met" for row in judged)
        title = label("validation.effects_title", language).format(met=met, judged=len(judged))
        figure.text(0.02, 0.96, title, va="top", fontsize=TEXT + 4.5, fontweight="bold")
        words = label("validation.effects_footer", language).format(seeds=seeds, scale=f"{scale:g}")
        figure.text(0.02, 0.02, words, fontsize=TEXT - 1.5, color=GREY, va="bottom", linespacing=1.5)
    return drawn


def _dot(axes: Axes, row: Row, y: float, over: float) -> None:
    """Draw median and band of a row; hollow where it is missed."""
    colour = VERMILION if row.verdict == "missed" else BLUE
    axes.plot([row.low / over, row.high / over], [y, y], color=colour, lw=2.2, solid_capstyle="butt")
    axes.plot([row.median / over], [y], "s" if row.verdict == "missed" else "o", color=colour, markersize=8,
              markerfacecolor="white" if row.verdict == "missed" else colour)  # fmt: skip


def _sizes(axes: Axes, found: dict[str, Row], language: str) -> None:
    axes.axvspan(LEAST, MOST, color="#e4e4e4", lw=0, zorder=0)
    axes.axvline(1.0, color=BLACK, lw=0.8)
    ends = [1.8]
    for y, (key, size) in enumerate(SIZES.items()):
        if not math.isnan(found[key].median):
            _dot(axes, found[key], y, size)
            ends.append(1.08 * found[key].high / size)
    axes.text(1.0, -0.55, label("validation.effects_region", language), ha="center", fontsize=TEXT - 1.5, color=GREY,
              bbox={"facecolor": "#e4e4e4", "edgecolor": "none", "pad": 1.5})  # fmt: skip
    axes.set_yticks(range(len(SIZES)), [word(key, language) for key in SIZES], fontsize=TEXT - 0.5)
    axes.set_ylim(len(SIZES) - 0.4, -0.9)
    axes.set_xlim(0.0, max(ends))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.1f}×")
    _finish(axes, label("validation.effects_sizes", language))


def _friends(axes: Axes, found: dict[str, Row], language: str) -> None:
    missed = found["E2c"].verdict == "missed"
    for y, key in enumerate(FRIENDS):
        row = found[key]
        if math.isnan(row.median):
            continue
        axes.barh(y, 100.0 * row.median, height=0.5, color=VERMILION if missed else BLUE, alpha=0.8,
                  hatch="//" if missed else "", edgecolor="white", lw=0.0)  # fmt: skip
        reach = [[100.0 * (row.median - row.low)], [100.0 * (row.high - row.median)]]
        axes.errorbar([100.0 * row.median], [y], xerr=reach, color=BLACK, elinewidth=1.3, capsize=3)
        axes.annotate(f"{100.0 * row.median:.2f}", (100.0 * row.high, y), (6, 0), textcoords="offset points",
                      va="center", fontsize=TEXT - 0.5)  # fmt: skip
    axes.set_yticks(range(len(FRIENDS)), [word(name, language) for name in FRIENDS.values()], fontsize=TEXT - 0.5)
    axes.set_ylim(len(FRIENDS) - 0.4, -0.6)
    axes.margins(x=0.15)
    axes.axvline(0.0, color=GREY, lw=1.0)
    axes.set_xlabel(label("validation.effects_points", language), fontsize=TEXT - 0.5)
    _finish(axes, label("validation.effects_friends", language))


def _finish(axes: Axes, heading: str) -> None:
    axes.set_title(heading, loc="left", fontsize=TEXT + 0.5, color=GREY)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="x", labelsize=TEXT - 1)
    axes.grid(axis="x", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
