"""The chart of a sensitivity: for each measure which parameters move it, and what part of its variance is whose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.style import BLUE, GREY, ORANGE, TEXT, panels
from sim.labels import label
from sim.studies.sensitivity import MOST, Sensitivity
from sim.studies.sweep_words import scaled, words

#: Measures that are drawn at most.
ROWS = 4


def sensitivity_chart(found: Sensitivity, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw two panels for each measure: the largest elementary effects, and shares of the variance.

    Parameters
    ----------
    found : Sensitivity
    axes : Axes, optional
        To draw on, two for each measure; by default those of a new figure.
    language : {"en", "zh"}
    """
    measures = found.measures[:ROWS]
    drawn = panels(len(measures), 2, axes, size=(13.5, 2.4 + 2.9 * len(measures)))
    for k, measure in enumerate(measures):
        _effects(drawn[2 * k], found.ranked(measure).query("mu_star > 0").head(MOST), measure, language)
        _shares(drawn[2 * k + 1], found.table(measure), language, named=k == 0)
    _frame(drawn, found, language)
    return drawn


def _effects(axes: Axes, rows: pd.DataFrame, measure: str, language: str) -> None:
    """Draw the mean size of elementary effects; the colour and hatching tell where their mean points."""
    factor, unit = scaled(measure, language)
    if not len(rows):
        _say_nothing(axes, language)
    size, half = rows["mu_star"].to_numpy() * factor, rows["mu_star_conf"].to_numpy() * factor
    for up, colour, hatch in ((True, BLUE, "//"), (False, ORANGE, "\\\\")):
        which = np.flatnonzero((rows["mu"] > 0) == up)
        axes.barh(which, size[which], height=0.62, color=colour, alpha=0.75, hatch=hatch, edgecolor="white",
                  linewidth=0.0)  # fmt: skip
    known = np.flatnonzero(~np.isnan(size))
    axes.errorbar(size[known], known, xerr=[np.minimum(half[known], size[known]), half[known]], fmt="none",
                  ecolor=GREY, elinewidth=1.1, capsize=2.5)  # fmt: skip
    _look(axes, list(rows["path"]), f"{words(measure, language)}: {label('sensitivity.effects', language)} ({unit})")


def _shares(axes: Axes, rows: pd.DataFrame, language: str, named: bool) -> None:
    """Draw what each parameter's part of the variance is, by itself and with others."""
    for key, shift, colour, marker, words_of in (
        ("ST", 0.13, BLUE, "o", "sensitivity.total"), ("S1", -0.13, ORANGE, "s", "sensitivity.first"),
    ):  # fmt: skip
        value, half = rows[key].to_numpy(), rows[f"{key}_conf"].to_numpy()
        known = np.flatnonzero(~np.isnan(value))
        axes.errorbar(value[known], known - shift, xerr=half[known], fmt=marker, color=colour, markersize=5.5,
                      elinewidth=1.1, capsize=2.5, label=label(words_of, language))  # fmt: skip
    axes.axvline(0.0, color=GREY, lw=0.8)
    axes.axvline(1.0, color=GREY, lw=0.8, ls=":")
    _look(axes, list(rows["path"]), label("sensitivity.shares", language))
    values = rows[["S1", "ST"]].to_numpy()
    if np.isnan(values).all():
        _say_nothing(axes, language)
    else:
        axes.set_xlim(min(-0.25, np.nanmin(values) - 0.1), max(1.25, np.nanmax(values) + 0.1))
    if named:
        axes.legend(fontsize=TEXT - 1.5, frameon=False, loc="lower right")


def _say_nothing(axes: Axes, language: str) -> None:
    axes.set_xticks([])
    axes.annotate(label("sensitivity.nothing", language), (0.5, 0.5), xycoords="axes fraction", ha="center",
                  color=GREY, fontsize=TEXT)  # fmt: skip


def _look(axes: Axes, names: list[str], heading: str) -> None:
    axes.set_title(heading, loc="left", fontsize=TEXT, color=GREY)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_yticks(range(len(names)), names, fontsize=TEXT - 1)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="x", labelsize=TEXT - 1.5)
    axes.grid(axis="x", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def _frame(drawn: list[Axes], found: Sensitivity, language: str) -> None:
    """Give a figure of ours its title and the words below."""
    figure = drawn[0].get_figure()
    if not isinstance(figure, Figure):
        return
    manifest, height = found.screened.manifest, figure.get_figheight()
    figure.subplots_adjust(left=0.17, right=0.985, top=1 - 1.15 / height, bottom=1.3 / height, wspace=0.5, hspace=0.38)
    title = label("sensitivity.title", language).format(parameters=len(found.screened.axes))
    figure.text(0.02, 1 - 0.18 / height, title, fontsize=TEXT + 4.5, fontweight="bold", va="top", wrap=True)
    figure.text(0.02, 1 - 0.52 / height, manifest["scenario"]["title"], fontsize=TEXT + 0.5, color=GREY, va="top")
    footer = label("sensitivity.footer", language).format(
        county=manifest["scenario"]["county"], seeds=len(found.screened.seeds), scale=f"{manifest['scale']:g}",
        months=manifest["months"], start=manifest["scenario"]["start"], first=len(found.screened.points),
        second=len(found.split.points),
    )  # fmt: skip
    figure.text(0.02, 0.12 / height, footer, fontsize=TEXT - 1.5, color=GREY, va="bottom", linespacing=1.5)
