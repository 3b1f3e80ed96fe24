"""Charts of the villages: predicted and observed take-up, its path by trimester, skill against baselines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from sim.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, TEXT, VERMILION, Look, panels
from sim.labels import label
from sim.studies.validation.villages import COMPLETED, MIXED, REFITTED, REWIRED, SHIPPED, STEADY, VISITS, VillagesResult
from sim.studies.validation.villages_scores import CENTRALITY, MEAN, SIZE, scores
from sim.studies.validation.words import word

LOOKS = {
    "observed": Look(BLACK, "-", "o"),
    SHIPPED: Look(VERMILION, "-.", "^"),
    REFITTED: Look(BLUE, "-", "s"),
    STEADY: Look(GREEN, "--", "D"),
    VISITS: Look(PURPLE, ":", "v"),
    SIZE: Look(ORANGE, "--", ""),
}
_BARS = (SHIPPED, REFITTED, COMPLETED, STEADY, VISITS)
_AGAINST = {
    MEAN: Look(GREY, marker="o"),
    SIZE: Look(ORANGE, marker="s"),
    CENTRALITY: Look(GREEN, marker="^"),
    REWIRED: Look(BLUE, marker="D"),
    MIXED: Look(VERMILION, marker="v"),
}


def villages(result: VillagesResult, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw final take-up predicted and observed, the mean path by trimester, and skill with its intervals.

    Parameters
    ----------
    result : VillagesResult
    axes : three Axes, optional
        Where to draw, if not on a new figure.
    language : {"en", "zh"}
    """
    drawn = panels(1, 3, axes, size=(15.0, 6.2))
    _final(drawn[0], result, language)
    paths = _paths(drawn[1], result.path, language)
    _skills(drawn[2], result.skill, language)
    figure = drawn[0].get_figure()
    if axes is None and isinstance(figure, Figure):
        figure.subplots_adjust(left=0.06, right=0.97, top=0.84, bottom=0.17, wspace=0.42)
        early = {name: f"{paths[name].iloc[0] / paths[name].iloc[-1]:.0%}" for name in ("observed", SHIPPED)}
        title = label("validation.villages_title", language).format(early=early["observed"], shipped=early[SHIPPED])
        figure.text(0.02, 0.96, title, va="top", fontsize=TEXT + 4.5, fontweight="bold")
        figure.text(0.02, 0.015, label("validation.villages_footer", language), fontsize=TEXT - 1.5, color=GREY,
                    va="bottom", linespacing=1.5)  # fmt: skip
    return drawn


def _heading(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=TEXT + 0.5, color=GREY)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=TEXT - 1)


def _final(axes: Axes, result: VillagesResult, language: str) -> None:
    """Draw a point for each village and model, and the band that luck alone would fill."""
    table = result.predictions
    top = 1.1 * float(table[["observed", *(n for n in LOOKS if n in table)]].to_numpy().max())
    line = np.array([0.0, top])
    axes.fill_between(line, line - result.noise_floor, line + result.noise_floor, color="#e4e4e4", lw=0,
                      label=label("validation.luck", language))  # fmt: skip
    axes.plot(line, line, color=GREY, lw=0.8)
    for name in (SHIPPED, REFITTED, SIZE):
        look = LOOKS[name]
        axes.plot(table["observed"], table[name], look.marker or "x", color=look.colour, ms=5, alpha=0.8, lw=0,
                  label=word(name, language))  # fmt: skip
    axes.set_xlim(0.0, top)
    axes.set_ylim(0.0, top)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel(label("validation.villages_x", language), fontsize=TEXT - 0.5)
    axes.set_ylabel(label("validation.villages_y", language), fontsize=TEXT - 0.5)
    axes.legend(fontsize=TEXT - 1.5, frameon=False, loc="upper left")
    _heading(axes, label("validation.villages_final", language).format(count=len(table)))


def _paths(axes: Axes, path: pd.DataFrame, language: str) -> dict[str, pd.Series[float]]:
    """Draw the mean over villages by trimester, and return it; a village stays at its last value after its end."""
    means = {}
    for name in ("observed", SHIPPED, REFITTED, STEADY, SIZE):
        look = LOOKS[name]
        wide = path.pivot_table(index="trimester", columns="village", values=name).ffill()
        means[name] = wide.mean(axis=1)
        axes.plot([0, *wide.index], [0.0, *means[name]], look.line, color=look.colour,
                  marker=look.marker or None, ms=5, lw=1.8, label=word(name, language))  # fmt: skip
    axes.set_ylim(bottom=0.0)
    axes.yaxis.set_major_locator(MultipleLocator(0.05))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel(label("validation.trimesters", language), fontsize=TEXT - 0.5)
    axes.set_ylabel(label("validation.share_households", language), fontsize=TEXT - 0.5)
    axes.legend(fontsize=TEXT - 1.5, frameon=False, loc="lower right")
    axes.grid(axis="y", color="#dddddd", lw=0.6)
    _heading(axes, label("validation.villages_path", language))
    return means


def _skills(axes: Axes, skill: pd.DataFrame, language: str) -> None:
    """Draw the skill for final take-up of each model against each baseline."""
    found = scores(skill)
    room = 0.8 / len(_AGAINST)
    for j, (baseline, look) in enumerate(_AGAINST.items()):
        rows = [found["final", model, baseline] for model in _BARS]
        at = np.arange(len(_BARS)) + (j - (len(_AGAINST) - 1) / 2) * room
        value = np.array([row.skill for row in rows])
        reach = np.array([[row.skill - row.low, row.high - row.skill] for row in rows]).T
        words = label("validation.against", language).format(other=word(baseline, language))
        axes.errorbar(value, at, xerr=reach, fmt=look.marker, ms=4, color=look.colour, elinewidth=1.2, capsize=2,
                      label=words)  # fmt: skip
    axes.plot([0.0, 0.0], [-0.5, len(_BARS) - 0.4], color=BLACK, lw=0.8)
    names = [word(name, language) for name in _BARS]
    axes.set_yticks(range(len(_BARS)), [name.replace(", ", ",\n").replace("with ", "with\n") for name in names])
    axes.set_ylim(len(_BARS) - 0.4, -1.9)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.0%}")
    axes.set_xlabel(label("validation.better", language), fontsize=TEXT - 0.5)
    axes.legend(fontsize=TEXT - 2, frameon=False, loc="upper left")
    _heading(axes, label("validation.villages_skill", language))
