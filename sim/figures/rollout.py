"""The chart of a rollout: when counties tip, how far they come, and what speed and the bank's answer depend on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.style import BLUE, GREY, ORANGE, TEXT, VERMILION, panels
from sim.labels import label
from sim.storage.tables import dates
from sim.studies.rollout import Rollout

SIZE = (12.5, 9.0)
#: Bars shown of each outcome: those that matter most.
BARS = 9


def rollout_chart(found: Rollout, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw four panels: counties that have tipped, their wallets, and what the tipping and the bank's speed rest on.

    Parameters
    ----------
    found : Rollout
    axes : four Axes, optional
        To draw on; by default those of a new figure.
    language : {"en", "zh"}
    """
    drawn = panels(2, 2, axes, size=SIZE)
    _tipping(drawn[0], found, language)
    _wallets(drawn[1], found, language)
    for each, outcome, colour in ((drawn[2], "tipped", BLUE), (drawn[3], "days_saved", ORANGE)):
        _bars(each, found.depends_on(outcome), label(f"rollout.on_{outcome}", language), colour, language)
    _frame(drawn, found, language)
    return drawn


def _months_of(found: Rollout) -> list[str]:
    return dates(found.manifest["scenario"]["start"], np.arange(int(found.manifest["months"]), dtype=np.int16))


def _by_month(axes: Axes, found: Rollout, heading: str, unit: str) -> None:
    months = _months_of(found)
    years = [k for k, date in enumerate(months) if date.endswith("-01")] or [0]
    axes.set_xticks(years, [months[k] for k in years], fontsize=TEXT - 1.5)
    axes.set_xlim(-0.5, len(months) - 0.5)
    axes.set_ylim(0.0, 1.0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    _look(axes, heading)
    axes.set_ylabel(unit, fontsize=TEXT - 0.5)


def _tipping(axes: Axes, found: Rollout, language: str) -> None:
    """Draw the share of counties that have tipped, and whose bank has been alarmed, by month."""
    count, months = len(found.outcomes), int(found.manifest["months"])
    for name, colour, line in (("tipped", BLUE, "-"), ("alarmed", VERMILION, "--")):
        when = found.outcomes[name].to_numpy()
        share = np.array([np.nansum(when <= month) / count for month in range(months)])
        axes.step(np.arange(months), share, line, where="post", color=colour, lw=1.9,
                  label=label(f"rollout.{name}", language))  # fmt: skip
    axes.legend(frameon=False, fontsize=TEXT - 0.5, loc="lower right")
    _by_month(axes, found, label("rollout.when", language), label("rollout.share_counties", language))


def _wallets(axes: Axes, found: Rollout, language: str) -> None:
    """Draw the wallets of half of the counties, of 80%, and of all."""
    path = found.path("wallet_active").to_numpy()
    x = np.arange(path.shape[1])
    for low, high, alpha, name in ((0.0, 1.0, 0.12, "all"), (0.1, 0.9, 0.22, "most"), (0.25, 0.75, 0.35, "half")):
        ends = np.quantile(path, (low, high), axis=0)
        axes.fill_between(x, *ends, color=BLUE, alpha=alpha, lw=0, label=label(f"rollout.{name}", language))
    axes.plot(x, np.median(path, axis=0), "-", color=BLUE, lw=1.9, label=label("rollout.median", language))
    axes.legend(frameon=False, fontsize=TEXT - 0.5, loc="lower right")
    _by_month(axes, found, label("adoption.people", language), label("chart.share_adults", language))


def _bars(axes: Axes, depends: pd.Series, heading: str, colour: str, language: str) -> None:
    """Draw what an outcome depends on, the strongest on top."""
    known = depends.dropna()
    strongest = known.reindex(known.abs().sort_values().index)[-BARS:]
    names = [label(f"trait.{name}", language) for name in strongest.index]
    axes.barh(names, strongest.to_numpy(), color=colour, height=0.62)
    for y, value in enumerate(strongest):
        axes.annotate(f"{value:+.2f}", (value, y), (4 if value >= 0 else -4, 0), textcoords="offset points",
                      va="center", ha="left" if value >= 0 else "right", fontsize=TEXT - 1.5)  # fmt: skip
    axes.axvline(0.0, color=GREY, lw=0.8)
    axes.set_xlim(-1.15, 1.15)
    axes.tick_params(axis="y", labelsize=TEXT - 1)
    _look(axes, heading)
    axes.set_xlabel(label("rollout.coefficient", language), fontsize=TEXT - 1)
    if known.empty:
        axes.annotate(label("rollout.too_few", language), (0.5, 0.5), xycoords="axes fraction", ha="center",
                      fontsize=TEXT, color=GREY, style="italic")  # fmt: skip


def _look(axes: Axes, heading: str) -> None:
    axes.set_title(heading, loc="left", fontsize=TEXT + 0.5, color=GREY)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="both", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="both", labelsize=TEXT - 1.5)


def _frame(drawn: list[Axes], found: Rollout, language: str) -> None:
    """Give a figure of ours its title and the words below."""
    figure = drawn[0].get_figure()
    if not isinstance(figure, Figure):
        return
    figure.subplots_adjust(left=0.16, right=0.97, top=0.88, bottom=0.14, wspace=0.52, hspace=0.42)
    when, months = found.outcomes["tipped"], _months_of(found)
    about, tipped = found.manifest["scenario"], float(when.notna().mean())
    key = "rollout.title" if tipped >= 0.5 else "rollout.title_few"
    middle = months[int(when.fillna(len(months)).median())] if tipped >= 0.5 else ""
    title = label(key, language).format(share=f"{tipped:.0%}", counties=len(when), middle=middle, date=months[-1])
    figure.text(0.02, 0.975, title, fontsize=TEXT + 4.5, fontweight="bold", va="top", wrap=True)
    figure.text(0.02, 0.935, about["title"], fontsize=TEXT + 0.5, color=GREY, va="top", wrap=True)
    footer = label("rollout.footer", language).format(scale=f"{found.manifest['scale']:g}", counties=len(when))
    figure.text(0.02, 0.012, footer, fontsize=TEXT - 1.5, color=GREY, va="bottom", linespacing=1.5)
