"""Charts of how well the mechanism forecasts registered users of districts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.style import BLACK, BLUE, GREY, ORANGE, SKY, TEXT, VERMILION, panels
from sim.labels import label
from sim.studies.validation.districts import MECHANISM, WITHOUT, DistrictsResult
from sim.studies.validation.districts_data import ASKED, KNOWN, QUARTERS
from sim.studies.validation.words import word

_EXAMPLES = 4
_AT = [QUARTERS.index(date) for date in ASKED]
_YEARS = [k for k, quarter in enumerate(QUARTERS) if quarter.endswith("Q1")]


def districts(result: DistrictsResult, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw errors of the mechanism and of each baseline, coverage, and districts whose error is typical.

    Parameters
    ----------
    result : DistrictsResult
    axes : Axes or sequence of them, optional
        Six to draw on; a new figure's by default.
    language : {"en", "zh"}
    """
    drawn = panels(2, 3, axes, size=(14.0, 9.4))
    _errors(drawn[0], result, language)
    _coverage(drawn[1], result, language)
    for each, row in zip(drawn[2:], _typical(result), strict=True):
        _district(each, result, row, language)
    drawn[2].legend(fontsize=TEXT - 2, frameon=False, loc="upper left")
    figure = drawn[0].get_figure()
    if axes is None and isinstance(figure, Figure):
        figure.subplots_adjust(left=0.15, right=0.98, top=0.87, bottom=0.11, wspace=0.34, hspace=0.32)
        own = result.skill[result.skill["method"] == MECHANISM].set_index("date")["mdape"]
        title = label("validation.districts_title", language).format(
            count=len(result.series), early=ASKED[0], late=ASKED[-1], first=f"{own[ASKED[0]]:.0%}",
            last=f"{own[ASKED[-1]]:.0%}",
        )  # fmt: skip
        figure.text(0.02, 0.97, title, va="top", fontsize=TEXT + 4.5, fontweight="bold")
        figure.text(0.02, 0.012, label("validation.districts_footer", language), fontsize=TEXT - 1.5, color=GREY,
                    va="bottom", linespacing=1.5)  # fmt: skip
    return drawn


def _plain(axes: Axes, heading: str) -> None:
    axes.set_title(heading, loc="left", fontsize=TEXT + 0.5, color=GREY)
    axes.tick_params(labelsize=TEXT - 1.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _errors(axes: Axes, result: DistrictsResult, language: str) -> None:
    """Draw the median error of each method by date, with its interval."""
    methods = [name for name in result.skill["method"].unique() if name not in WITHOUT]
    looks = zip(ASKED, (BLUE, ORANGE, VERMILION), ("o", "s", "^"), strict=True)
    for k, (date, colour, marker) in enumerate(looks):
        rows = result.skill[result.skill["date"] == date].set_index("method").loc[methods]
        middle = rows["mdape"].to_numpy()
        reach = np.abs(rows[["mdape_low", "mdape_high"]].to_numpy().T - middle)
        axes.errorbar(middle, np.arange(len(methods)) + 0.22 * (k - 1), xerr=reach, fmt=marker, color=colour,
                      markersize=4.5, lw=1.3, label=date)  # fmt: skip
    axes.set_yticks(np.arange(len(methods)), [word(name, language) for name in methods])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xticks([0.03, 0.1, 0.3, 1.0], ["3%", "10%", "30%", "100%"])
    axes.minorticks_off()
    axes.grid(axis="x", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.legend(fontsize=TEXT - 2, frameon=False, loc="upper right", bbox_to_anchor=(1.0, 0.75))
    _plain(axes, label("validation.districts_errors", language))


def _coverage(axes: Axes, result: DistrictsResult, language: str) -> None:
    """Draw the share of open districts within the mechanism's 80% interval."""
    rows = result.skill[result.skill["method"] == MECHANISM].set_index("date").loc[list(ASKED)]
    axes.bar(np.arange(len(ASKED)), rows["coverage"], width=0.5, color=SKY)
    for k, share in enumerate(rows["coverage"]):
        axes.annotate(f"{share:.1%}", (k, share), (0, -12), textcoords="offset points", ha="center", fontsize=TEXT - 1)
    axes.axhline(0.8, color=BLACK, lw=1.0, ls="--")
    axes.annotate(label("validation.nominal", language), (-0.4, 0.8), (0, 5), textcoords="offset points",
                  fontsize=TEXT - 1.5)  # fmt: skip
    axes.set_xticks(np.arange(len(ASKED)), ASKED)
    axes.set_ylim(0.0, 1.0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    _plain(axes, label("validation.districts_coverage", language))


def _typical(result: DistrictsResult) -> Sequence[int]:
    """Return open districts whose last error stands at a fifth, two, three and four fifths of all."""
    last = result.predictions[result.predictions["date"] == ASKED[-1]]
    order = np.argsort((last["p50"] / last["truth"] - 1.0).abs().to_numpy(), kind="stable")
    places = (np.arange(_EXAMPLES) + 1) * (len(order) - 1) // (_EXAMPLES + 1)
    return [int(row) for row in order[places]]


def _district(axes: Axes, result: DistrictsResult, row: int, language: str) -> None:
    """Draw a district: what was known, what came, and the band forecast for it."""
    series = result.series.iloc[row].to_numpy() * 1e-3
    three = result.predictions.iloc[row * len(ASKED) : (row + 1) * len(ASKED)]
    low, middle, high = three[["p10", "p50", "p90"]].to_numpy().T * 1e-3
    axes.plot(series, color=GREY, lw=1.2, label=word("came", language))
    axes.plot(series[: len(KNOWN)], "o", color=BLACK, markersize=3.5, label=word("known", language))
    axes.errorbar(_AT, middle, [middle - low, high - middle], fmt="s", color=BLUE, markersize=4.5, capsize=4, lw=1.6,
                  label=word("forecast", language))  # fmt: skip
    axes.plot(
        _AT, three["linear drift"] * 1e-3, "x", color=VERMILION, markersize=6, label=word("linear drift", language)
    )
    axes.set_xticks(_YEARS, [QUARTERS[k][:4] for k in _YEARS])
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel(label("validation.thousand_users", language), fontsize=TEXT - 1.5)
    first = three.iloc[0]
    state = str(first["state"]).replace("-", " ").title()
    _plain(axes, f"{first['district'].title()}, {state}"[:44])
