"""Charts of the villages: predicted and observed take-up, its path by trimester, skill against baselines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from sim.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, TEXT, VERMILION, Look, panels
from sim.studies.validation.villages import COMPLETED, FRESH, MIXED, REFITTED, REWIRED, SHIPPED, VISITS, VillagesResult
from sim.studies.validation.villages_scores import CENTRALITY, MEAN, SIZE, scores

LOOKS = {
    "observed": Look(BLACK, "-", "o"),
    SHIPPED: Look(VERMILION, "-.", "^"),
    REFITTED: Look(BLUE, "-", "s"),
    FRESH: Look(GREEN, "--", "D"),
    VISITS: Look(PURPLE, ":", "v"),
    SIZE: Look(ORANGE, "--", ""),
}
_BARS = (SHIPPED, REFITTED, COMPLETED, FRESH, VISITS)
_AGAINST = {MEAN: GREY, SIZE: ORANGE, CENTRALITY: GREEN, REWIRED: BLUE, MIXED: VERMILION}


def villages(result: VillagesResult, axes: Any = None) -> list[Axes]:
    """Draw final take-up predicted and observed, the mean path by trimester, and skill with its intervals.

    Parameters
    ----------
    result : VillagesResult
    axes : three Axes, optional
        Where to draw, if not on a new figure.
    """
    drawn = panels(1, 3, axes, size=(15.0, 6.2))
    _final(drawn[0], result)
    _paths(drawn[1], result.path)
    _skills(drawn[2], result.skill)
    figure = drawn[0].get_figure()
    if axes is None and isinstance(figure, Figure):
        figure.subplots_adjust(left=0.06, right=0.98, top=0.84, bottom=0.16, wspace=0.42)
        count = len(result.predictions)
        figure.text(0.02, 0.96, f"Take-up of a loan in {count} villages, each predicted from the others", va="top",
                    fontsize=TEXT + 4.5, fontweight="bold")  # fmt: skip
        figure.text(
            0.02, 0.015,
            "Data: Banerjee, Chandrasekhar, Duflo & Jackson (2013), doi:10.7910/DVN/U3BIHX. Skill = 1 - RMSE / RMSE of "
            "the baseline; bars: 95% of samples of villages.\nVillages of Karnataka and loans: that a mechanism holds "
            "here does not prove it for a county of China and wallets.",
            fontsize=TEXT - 1.5, color=GREY, va="bottom", linespacing=1.5,
        )  # fmt: skip
    return drawn


def _heading(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=TEXT + 0.5, color=GREY)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=TEXT - 1)


def _final(axes: Axes, result: VillagesResult) -> None:
    """Draw a point for each village and model, and the band that luck alone would fill."""
    table = result.predictions
    top = 1.1 * float(table[["observed", *(n for n in LOOKS if n in table)]].to_numpy().max())
    line = np.array([0.0, top])
    axes.fill_between(line, line - result.noise_floor, line + result.noise_floor, color="#e4e4e4", lw=0,
                      label="luck alone")  # fmt: skip
    axes.plot(line, line, color=GREY, lw=0.8)
    for name in (SHIPPED, REFITTED, SIZE):
        look = LOOKS[name]
        axes.plot(table["observed"], table[name], look.marker or "x", color=look.colour, ms=5, alpha=0.8, label=name)
    axes.set_xlim(0.0, top)
    axes.set_ylim(0.0, top)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("observed, share of those not told first", fontsize=TEXT - 0.5)
    axes.set_ylabel("predicted", fontsize=TEXT - 0.5)
    axes.legend(fontsize=TEXT - 1.5, frameon=False, loc="upper left")
    _heading(axes, "Final take-up")


def _paths(axes: Axes, path: pd.DataFrame) -> None:
    """Draw the mean over villages by trimester; a village stays at its last value after its end."""
    for name in ("observed", SHIPPED, REFITTED, FRESH, SIZE):
        look = LOOKS[name]
        wide = path.pivot_table(index="trimester", columns="village", values=name).ffill()
        axes.plot([0, *wide.index], [0.0, *wide.mean(axis=1)], look.line, color=look.colour,
                  marker=look.marker or None, ms=5, lw=1.8, label=name)  # fmt: skip
    axes.set_ylim(bottom=0.0)
    axes.yaxis.set_major_locator(MultipleLocator(0.05))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("trimester (a village keeps its last value after its end)", fontsize=TEXT - 0.5)
    axes.set_ylabel("share of all households", fontsize=TEXT - 0.5)
    axes.legend(fontsize=TEXT - 1.5, frameon=False, loc="lower right")
    axes.grid(axis="y", color="#dddddd", lw=0.6)
    _heading(axes, "Path, mean of villages")


def _skills(axes: Axes, skill: pd.DataFrame) -> None:
    """Draw the skill for final take-up of each model against each baseline."""
    found = scores(skill)
    room = 0.8 / len(_AGAINST)
    for j, (baseline, colour) in enumerate(_AGAINST.items()):
        rows = [found["final", model, baseline] for model in _BARS]
        at = np.arange(len(_BARS)) + (j - (len(_AGAINST) - 1) / 2) * room
        value = np.array([row.skill for row in rows])
        reach = np.array([[row.skill - row.low, row.high - row.skill] for row in rows]).T
        axes.errorbar(value, at, xerr=reach, fmt="o", ms=4, color=colour, elinewidth=1.2, capsize=2,
                      label=f"against {baseline}")  # fmt: skip
    axes.plot([0.0, 0.0], [-0.5, len(_BARS) - 0.4], color=BLACK, lw=0.8)
    axes.set_yticks(range(len(_BARS)), [name.replace(", ", ",\n").replace(": ", ":\n") for name in _BARS])
    axes.set_ylim(len(_BARS) - 0.4, -1.6)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.0%}")
    axes.set_xlabel("better than the baseline where above 0", fontsize=TEXT - 0.5)
    axes.legend(fontsize=TEXT - 2, frameon=False, loc="upper left", ncols=2)
    _heading(axes, "Skill for final take-up")
