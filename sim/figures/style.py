"""How every chart looks: colours, bands, direct labels, the mark where the projection starts, the words below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.labels import label
from sim.patterns.verdicts import BAND, REPORTED
from sim.results import Results

FloatArray = NDArray[np.float64]

#: Okabe & Ito (2008): told apart by everybody, also by those who see no red or no green.
BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW, BLACK = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000",
)  # fmt: skip
GREY = "#555555"
SIZE = (11.0, 6.2)
DPI = 120
TEXT = 9.5


#: Where a line ends (x, y), its name and its colour.
End = tuple[float, float, str, str]


@dataclass(frozen=True)
class Look:
    """Colour, line and marker of a series: never colour alone."""

    colour: str
    line: str = "-"
    marker: str = ""


TOWN, SEAT, VILLAGE, ALL = (
    Look(BLUE, "-", "o"),
    Look(GREEN, "--", "s"),
    Look(VERMILION, "-.", "^"),
    Look(BLACK, ":", ""),
)
CASH, CARD, QR = Look(VERMILION, "-.", "^"), Look(GREEN, "--", "s"), Look(BLUE, "-", "o")
BANK, PLATFORM, FAMILY = Look(BLUE, "-", "o"), Look(ORANGE, "--", "s"), Look(GREY, ":", "")


class Months:
    """The months of a run: series over seeds, and positions on the axis.

    Parameters
    ----------
    results : Results
    """

    def __init__(self, results: Results) -> None:
        monthly = results.monthly
        self.dates: list[str] = monthly.loc[monthly["seed"] == results.seeds[0], "date"].tolist()
        self.seeds = len(results.seeds)
        values = monthly.iloc[:, 3:].to_numpy(np.float64)
        cube = values.T.reshape(-1, self.seeds, len(self.dates))
        self.reported_on = results.reported_on
        self._cube = dict(zip(monthly.columns[3:], cube, strict=True))

    def position(self, date: str) -> int | None:
        """Return where a month stands on the axis, if the run has it."""
        return self.dates.index(date) if date in self.dates else None

    def upto(self, date: str) -> str:
        """Return a date, or the run's last one when it ends before."""
        return min(date, self.dates[-1])

    def series(self, name: str, scale: float = 1.0, mean_of: int = 1) -> FloatArray:
        """Return low end, median and high end of a measure over seeds, float64[3, months].

        With ``mean_of`` each month shows the mean of so many months up to it (of those that are defined).
        """
        values = self._cube[name] * scale
        if mean_of > 1:
            values = pd.DataFrame(values.T).rolling(mean_of, min_periods=1).mean().to_numpy().T
        return spread(values)

    def recent_share(self, share: str, whole: str, count: int = 12) -> float:
        """Return the median over seeds of a share of something over the last months together.

        Unlike a mean of monthly shares it does not grow when hardly anything is left, and most of that is late.
        """
        shares, wholes = self._cube[share][:, -count:], self._cube[whole][:, -count:]
        parts, all_ = np.nansum(shares * wholes, axis=1), wholes.sum(axis=1)
        return float(np.median(parts[all_ > 0] / all_[all_ > 0])) if (all_ > 0).any() else float("nan")

    def last(self, name: str, date: str = "9999-12") -> float:
        """Return the median of a measure in the last month not after a date."""
        return float(self.series(name)[1, self.dates.index(self.upto(date))])


def spread(values: FloatArray) -> FloatArray:
    """Return low end, median and high end over the first axis, float64[3, months]; what is nowhere defined stays so."""
    found = np.full((3, values.shape[1]), np.nan)
    known = ~np.isnan(values).all(axis=0)
    if known.any():
        found[:, known] = np.nanquantile(values[:, known], (BAND[0], 0.5, BAND[1]), axis=0)
    return found


def panels(rows: int, columns: int, axes: Any = None, size: tuple[float, float] = SIZE) -> list[Axes]:
    """Return the axes to draw on: those given, or those of a new figure."""
    if axes is not None:
        return [axes] if isinstance(axes, Axes) else list(np.ravel(axes))
    figure = Figure(figsize=size, dpi=DPI)
    return list(np.ravel(figure.subplots(rows, columns)))


def draw(axes: Axes, months: Months, band: FloatArray, look: Look) -> None:
    """Draw a series: the median as a line, the band as a shade."""
    x = np.arange(band.shape[1])
    if months.seeds > 1:
        axes.fill_between(x, band[0], band[2], color=look.colour, alpha=0.16, linewidth=0)
    axes.plot(
        x, band[1], look.line, color=look.colour, marker=look.marker or None, markevery=(6, 12), markersize=5, lw=1.8
    )


def finish(
    axes: Axes, months: Months, heading: str, unit: str = "", percent: int | None = None, top: float | None = None
) -> None:
    """Give a panel its heading, dates and unit; a scale of what cannot be negative starts at zero.

    ``percent`` is the number of decimals when shares are shown in per cent.
    """
    axes.set_title(heading, loc="left", fontsize=TEXT + 0.5, color=GREY)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlim(-0.5, len(months.dates) - 0.5)
    years = [i for i, date in enumerate(months.dates) if date.endswith("-01")] or [0]
    axes.set_xticks(years, [months.dates[i] for i in years], fontsize=TEXT - 1.5)
    axes.tick_params(axis="y", labelsize=TEXT - 1)
    axes.grid(axis="y", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    if percent is not None:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.{percent}%}")
    else:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    if unit:
        axes.set_ylabel(unit, fontsize=TEXT - 0.5)
    if axes.dataLim.y0 >= 0.0:
        axes.set_ylim(0.0, top or max(1.08 * axes.dataLim.y1, 1e-3))


def mark_projection(axes: Axes, months: Months, language: str) -> None:
    """Shade the months after the last reported one and say what they are."""
    reported = months.position(REPORTED) if months.reported_on else None
    if reported is None or reported + 1 >= len(months.dates):
        return
    axes.axvspan(reported + 0.5, len(months.dates) - 0.5, color="#f1f1f1", zorder=0, lw=0)
    axes.axvline(reported + 0.5, color=GREY, lw=1.0, ls=(0, (4, 3)), zorder=1)
    axes.annotate(label("chart.projection", language), (reported + 0.5, 0.0), (4, 4), va="bottom", ha="left",
                  xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=TEXT - 1.5, color=GREY,
                  style="italic")  # fmt: skip


def name_lines(axes: Axes, named: Sequence[tuple[str, FloatArray, Look]], room: float = 0.065) -> None:
    """Write each line's name beside its right end.

    Parameters
    ----------
    axes : Axes
    named : sequence of (name, median float64[months], look)
    room : float
        Distance between names, share of the panel's height.
    """
    ends = []
    for name, line, look in named:
        known = np.flatnonzero(~np.isnan(line))
        if known.size:
            ends.append((int(known[-1]), float(line[known[-1]]), name, look.colour))
    name_ends(axes, ends, room, bold=True)


def name_ends(axes: Axes, ends: Sequence[End], room: float = 0.065, bold: bool = False) -> None:
    """Write names (x, y, name, colour) at the right side, each at the height of its point, apart enough to be read."""
    low, high = axes.get_ylim()
    ordered = sorted(ends, key=lambda end: -end[1])[::-1]  # of equals the first stands highest
    place, places = -1.0, []
    for _, y, _, _ in ordered:
        place = max((y - low) / (high - low), place + room)
        places.append(place)
    limit = 1.0
    for k in reversed(range(len(places))):
        places[k] = min(places[k], limit)
        limit = places[k] - room
    right = axes.get_xlim()[1]
    for (x, y, name, colour), at in zip(ordered, places, strict=True):
        axes.annotate(name, (min(x, right), y), (1.03, at), xycoords="data", textcoords="axes fraction", color=colour,
                      fontsize=TEXT - 0.5, va="center", fontweight="bold" if bold else "normal", annotation_clip=False,
                      arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.7, "alpha": 0.6, "shrinkA": 0,
                                  "shrinkB": 0})  # fmt: skip


def mark_reported(
    axes: Axes, months: Months, date: str, low: float, high: float, words: str, at: tuple[float, float]
) -> None:
    """Draw a reported band at a month, with its words at a place in the panel (shares of its width and height).

    Nothing is drawn for a county that was not reported on, or in a run that ends before.
    """
    where = months.position(date)
    if where is None or not months.reported_on:
        return
    end = high if np.isfinite(high) else axes.get_ylim()[1]
    axes.set_ylim(top=max(axes.get_ylim()[1], 1.15 * end if end > 1.0 else end))
    middle, half = (low + end) / 2, (end - low) / 2
    axes.errorbar([where], [middle], [[half], [half]], fmt="none", ecolor=BLACK, elinewidth=1.8, capsize=4,
                  capthick=1.8, zorder=5)  # fmt: skip
    axes.annotate(words, (where, middle), at, textcoords="axes fraction", fontsize=TEXT - 1, color=BLACK, zorder=6,
                  ha="left", va="center", bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
                  arrowprops={"arrowstyle": "-", "color": BLACK, "lw": 0.8, "shrinkB": 3})  # fmt: skip


def _event(results: Results, path: str, absent: str, present: str, language: str) -> str:
    """Return the words for an event that strikes in the run, or for its absence."""
    date = next(each["value"] for each in results.manifest["parameters"] if each["path"] == path)
    strikes = str(date) <= results.monthly["date"].max()
    return label(present, language).format(date=date) if strikes else label(absent, language)


def say_nothing(axes: Axes, language: str) -> None:
    """Say in an empty panel that there is nothing to show."""
    axes.annotate(label("chart.nothing", language), (0.5, 0.5), xycoords="axes fraction", ha="center", va="center",
                  fontsize=TEXT, color=GREY, style="italic")  # fmt: skip


def frame(
    axes: Sequence[Axes],
    results: Results,
    title: str,
    language: str,
    right: float = 0.86,
    wspace: float = 0.62,
    footer: str = "chart.footer",
) -> None:
    """Give a figure of ours its title, and below it the words that every picture carries."""
    figure = axes[0].get_figure()
    if not isinstance(figure, Figure):
        return
    figure.subplots_adjust(left=0.07, right=right, top=0.85, bottom=0.15, wspace=wspace, hspace=0.36)
    figure.text(0.02, 0.965, title, fontsize=TEXT + 4.5, fontweight="bold", va="top", wrap=True)
    months = results.monthly["date"]
    facts: Mapping[str, Any] = {
        "scenario": results.manifest["scenario"]["title"],
        "county": results.manifest["scenario"]["county"],
        "seeds": len(results.seeds),
        "scale": f"{results.manifest['scale']:g}",
        "reported": REPORTED,
        "pandemic": _event(results, "shocks.lockdown_start", "chart.no_pandemic", "chart.pandemic", language),
        "hogs": _event(results, "shocks.hog_month", "chart.hogs_flat", "chart.hogs_fall", language),
    }
    lines = [label(footer if facts["seeds"] > 1 else "chart.footer_one", language)]
    if not results.reported_on:
        lines.append(label("chart.footer_elsewhere", language))
    elif months.max() > REPORTED:
        lines.append(label("chart.footer_projection", language))
    text = "\n".join(line.format(**facts) for line in lines)
    figure.text(0.02, 0.015, text, fontsize=TEXT - 1.5, color=GREY, va="bottom", linespacing=1.5)


def sector_stocks(results: Results) -> dict[str, dict[str, FloatArray]]:
    """Return stocks in yuan, float64[seeds, months], by instrument and sector."""
    rows = results.groups[results.groups["kind"] == "sector"]
    shape = (len(results.seeds), results.months, -1)
    found: dict[str, dict[str, FloatArray]] = {}
    for (measure, group), part in rows.groupby(["measure", "group"], observed=True, sort=False):
        found.setdefault(str(measure), {})[str(group)] = part["value"].to_numpy().reshape(shape)[:, :, 0]
    return found
