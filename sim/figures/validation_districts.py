"""Charts of how well the mechanism forecasts registered users of districts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.figures.style import BLACK, BLUE, GREY, ORANGE, TEXT, VERMILION, panels
from sim.studies.validation.districts import MECHANISM, WITHOUT, DistrictsResult
from sim.studies.validation.districts_data import ASKED, KNOWN, QUARTERS

_EXAMPLES = 4
_AT = [QUARTERS.index(date) for date in ASKED]
_YEARS = [k for k, quarter in enumerate(QUARTERS) if quarter.endswith("Q1")]


def districts(result: DistrictsResult, axes: Any = None) -> list[Axes]:
    """Draw errors of the mechanism and of each baseline, coverage, and districts whose error is typical.

    Parameters
    ----------
    result : DistrictsResult
    axes : Axes or sequence of them, optional
        Six to draw on; a new figure's by default.
    """
    drawn = panels(2, 3, axes, size=(14.0, 8.4))
    _errors(drawn[0], result)
    _coverage(drawn[1], result)
    for each, row in zip(drawn[2:], _typical(result), strict=True):
        _district(each, result, row)
    figure = drawn[0].get_figure()
    if axes is None and figure is not None:
        figure.subplots_adjust(left=0.14, right=0.98, top=0.92, bottom=0.07, wspace=0.34, hspace=0.32)
    return drawn


def _plain(axes: Axes, heading: str) -> None:
    axes.set_title(heading, loc="left", fontsize=TEXT + 0.5, color=GREY)
    axes.tick_params(labelsize=TEXT - 1.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _errors(axes: Axes, result: DistrictsResult) -> None:
    """Draw the median error of each method by date, with its interval."""
    methods = [name for name in result.skill["method"].unique() if name not in WITHOUT]
    looks = zip(ASKED, (BLUE, ORANGE, VERMILION), ("o", "s", "^"), strict=True)
    for k, (date, colour, marker) in enumerate(looks):
        rows = result.skill[result.skill["date"] == date].set_index("method").loc[methods]
        middle = rows["mdape"].to_numpy()
        reach = np.abs(rows[["mdape_low", "mdape_high"]].to_numpy().T - middle)
        axes.errorbar(middle, np.arange(len(methods)) + 0.22 * (k - 1), xerr=reach, fmt=marker, color=colour,
                      markersize=4.5, lw=1.3, label=date)  # fmt: skip
    axes.set_yticks(np.arange(len(methods)), methods)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xticks([0.03, 0.1, 0.3, 1.0], ["3%", "10%", "30%", "100%"])
    axes.minorticks_off()
    axes.legend(fontsize=TEXT - 2, frameon=False, loc="upper right", bbox_to_anchor=(1.0, 0.75))
    _plain(axes, "Median absolute error, 95% over states")


def _coverage(axes: Axes, result: DistrictsResult) -> None:
    """Draw the share of open districts within the mechanism's 80% interval."""
    rows = result.skill[result.skill["method"] == MECHANISM].set_index("date").loc[list(ASKED)]
    axes.bar(np.arange(len(ASKED)), rows["coverage"], width=0.5, color=BLUE)
    axes.axhline(0.8, color=BLACK, lw=1.0, ls="--")
    axes.set_xticks(np.arange(len(ASKED)), ASKED)
    axes.set_ylim(0.0, 1.0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    _plain(axes, "Districts within their 80% interval")


def _typical(result: DistrictsResult) -> Sequence[int]:
    """Return open districts whose last error stands at a fifth, two, three and four fifths of all."""
    last = result.predictions[result.predictions["date"] == ASKED[-1]]
    order = np.argsort((last["p50"] / last["truth"] - 1.0).abs().to_numpy(), kind="stable")
    places = (np.arange(_EXAMPLES) + 1) * (len(order) - 1) // (_EXAMPLES + 1)
    return [int(row) for row in order[places]]


def _district(axes: Axes, result: DistrictsResult, row: int) -> None:
    """Draw a district: what was known, what came, and the band forecast for it."""
    series = result.series.iloc[row].to_numpy() * 1e-3
    three = result.predictions.iloc[row * len(ASKED) : (row + 1) * len(ASKED)]
    low, middle, high = three[["p10", "p50", "p90"]].to_numpy().T * 1e-3
    axes.plot(series, color=GREY, lw=1.2)
    axes.plot(series[: len(KNOWN)], "o", color=BLACK, markersize=3.5)
    axes.errorbar(_AT, middle, [middle - low, high - middle], fmt="s", color=BLUE, markersize=4.5, capsize=4, lw=1.6)
    axes.plot(_AT, three["linear drift"] * 1e-3, "x", color=VERMILION, markersize=6)
    axes.set_xticks(_YEARS, [QUARTERS[k][:4] for k in _YEARS])
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("thousand users", fontsize=TEXT - 1.5)
    first = three.iloc[0]
    _plain(axes, f"{first['district'].title()}, {first['state']}"[:44])
    axes.annotate("known ●  forecast ■  linear drift ×", (0.03, 0.93), xycoords="axes fraction", fontsize=TEXT - 2.5)
