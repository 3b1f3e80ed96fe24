"""The chart of the catfish effect: for each outcome the way from no platform to the platform and the bank's answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.style import BLACK, BLUE, GREY, TEXT, VERMILION, frame, panels
from sim.labels import label
from sim.results import Results
from sim.studies.effect import Effect
from sim.studies.effect_parts import PARTS
from sim.studies.effect_words import dates, shown, shown_change
from sim.studies.effect_worlds import OUTCOMES, Outcome

COLUMNS = 3
ROWS = ("without", *PARTS, "with")
#: Room beside the bars for the numbers, as a share of what the bars take.
ROOM = 0.32


def waterfall(effect: Effect, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw a panel for each outcome: levels as diamonds, parts as bars that start where the one above ends.

    Parameters
    ----------
    effect : Effect
    axes : Axes, optional
        To draw on, one for each outcome; by default those of a new figure.
    language : {"en", "zh"}
    """
    drawn = panels(-(-len(OUTCOMES) // COLUMNS), COLUMNS, axes, size=(15.0, 14.5))
    for k, (each, name) in enumerate(zip(drawn, OUTCOMES, strict=True)):
        _panel(each, effect, name, language)
        if k % COLUMNS == 0:
            each.set_yticks(range(len(ROWS)), [label(f"effect.{row}", language) for row in ROWS], fontsize=TEXT)
    _frame(drawn, effect, language)
    return drawn


def _panel(axes: Axes, effect: Effect, name: str, language: str) -> None:
    """Draw one outcome's way, from top to bottom."""
    outcome = OUTCOMES[name]
    _look(axes, label(f"effect.{name}", language), outcome)
    start, end = (effect.part(name, part, "level") for part in ("without", "with"))
    at = float(start["mean"]) * outcome.shown
    if np.isnan(at):
        axes.annotate("–", (0.5, 0.5), xycoords="axes fraction", ha="center", color=GREY)
        return
    ends = [at, float(end["mean"]) * outcome.shown]
    texts = [(0, at, at, shown(start, outcome)), (len(ROWS) - 1, ends[1], ends[1], shown(end, outcome))]
    axes.plot(ends, [0, len(ROWS) - 1], "D", color=BLACK, markersize=7, zorder=4)
    for row, part in enumerate((effect.part(name, part) for part in PARTS), 1):
        step, low, high = (float(part[key]) * outcome.shown for key in ("mean", "low", "high"))
        pale = 0.3 if part["settled"] == "no" else 0.8
        axes.barh(row, step, left=at, height=0.62, color=BLUE if step > 0 else VERMILION, alpha=pale,
                  hatch="//" if step > 0 else "\\\\", edgecolor="white", linewidth=0.0, zorder=2)  # fmt: skip
        axes.plot([at, at], [row - 1, row + 0.31], color=GREY, lw=0.8, zorder=1)
        reach = [at, at + step]
        if low < high:
            axes.errorbar([at + step], [row], xerr=[[step - low], [high - step]], color=BLACK, elinewidth=1.3,
                          capsize=3, zorder=3)  # fmt: skip
            reach += [at + low, at + high]
        texts.append((row, min(reach), max(reach), shown_change(part, outcome)))
        at += step
    axes.plot([at, at], [len(ROWS) - 2, len(ROWS) - 1], color=GREY, lw=0.8, zorder=1)
    _write(axes, texts)


def _look(axes: Axes, heading: str, outcome: Outcome) -> None:
    axes.set_title(heading, loc="left", fontsize=TEXT + 0.5, color=GREY)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_ylim(len(ROWS) - 0.4, -0.6)
    axes.set_yticks(range(len(ROWS)), [""] * len(ROWS))
    axes.tick_params(axis="x", labelsize=TEXT - 1.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")


def _write(axes: Axes, texts: list[tuple[int, float, float, str]]) -> None:
    """Write each number on the side of its bar that has more room, and make room there."""
    low, high = min(text[1] for text in texts), max(text[2] for text in texts)
    width = (high - low) or max(abs(high), 1.0)
    low, high = low - ROOM * width, high + ROOM * width
    axes.set_xlim(low, high)
    for row, left, right, words in texts:
        beside = high - right >= left - low
        axes.annotate(words, (right if beside else left, row), (8 if beside else -8, 0), textcoords="offset points",
                      ha="left" if beside else "right", va="center", fontsize=TEXT - 0.5, color=BLACK,
                      zorder=5)  # fmt: skip


def _frame(drawn: list[Axes], effect: Effect, language: str) -> None:
    """Give a figure of ours its title, what is counted, and the words that every picture carries."""
    change = {name: shown_change(effect.part(name, "effect"), outcome) for name, outcome in OUTCOMES.items()}
    last_month = Results({"monthly": pa.table({"date": [effect.end]})}, effect.manifest)
    frame(drawn, last_month, label("effect.title", language).format(**change), language, footer="chart.footer_effect")
    figure = drawn[0].get_figure()
    if isinstance(figure, Figure):
        figure.subplots_adjust(left=0.085, right=0.985, top=0.87, bottom=0.075, wspace=0.08, hspace=0.3)
        figure.text(0.02, 0.938, label("effect.subtitle", language).format(
            entry=effect.manifest["entry"], end=effect.end, alarm=dates(effect.alarms(True)),
            alarm_without=dates(effect.alarms(False)),
        ), fontsize=TEXT, color=GREY, va="top", linespacing=1.4)  # fmt: skip
