"""Charts of comparisons: every row of the decision table over time, the differences, and who gains and who loses."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures import save
from sim.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    TEXT,
    VERMILION,
    Look,
    panels,
    spread,
)
from sim.labels import label
from sim.patterns.verdicts import REPORTED
from sim.studies.comparison import Comparison
from sim.studies.decisions import QUESTIONS, Question
from sim.studies.two_worlds import TwoWorlds

_COLOURS = (BLACK, BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)
_LINES = ("-", "--", "-.", ":")
_MARKERS = ("", "o", "s", "^", "D")
_COLUMNS = 4
_PANEL = (3.9, 2.55)
#: Height of title, a line of scenarios' names and the words below, inches.
_HEAD, _LINE, _FOOT = 0.85, 0.27, 0.8
#: So many scenarios' names in a line, and at most so many in a title.
_NAMES, _TITLED = 6, 5
_UNITS = {"share": "%", "1/year": "%", "days": "days", "million yuan": "million_yuan"}
_SMOOTH = 12
_PREFIX = {"occupation": "occupation", "age": "ageband", "place": "placekind"}


def look(k: int) -> Look:
    """Return how the k-th scenario is drawn: no two of the first 140 share colour, line and marker."""
    return Look(_COLOURS[k % len(_COLOURS)], _LINES[k % len(_LINES)], _MARKERS[k % len(_MARKERS)])


def outcomes(comparison: Comparison, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw every row of the decision table month by month, a panel a row and a line a scenario."""
    rows, names = math.ceil(len(QUESTIONS) / _COLUMNS), comparison.names
    height = _PANEL[1] * rows + _HEAD + _LINE * math.ceil(len(names) / _NAMES) + _FOOT
    drawn = panels(rows, _COLUMNS, axes, size=(_PANEL[0] * _COLUMNS, height))
    for each, question in zip(drawn, QUESTIONS, strict=False):
        _draw_months(each, comparison, question, language)
    for each in drawn[len(QUESTIONS) :]:
        each.set_axis_off()
    told = comparison.decisions[comparison.decisions["key"] == QUESTIONS[0].key]
    shares = [f"{name} {share:.0%}" for name, share in zip(names, told["median"], strict=True)]
    worlds = ", ".join(shares[:_TITLED] + ["…"] * (len(names) > _TITLED))
    title = label("compare.title", language).format(date=comparison.dates[-1], worlds=worlds)
    handles = [
        Line2D([], [], color=look(k).colour, ls=look(k).line, marker=look(k).marker or None, label=name)
        for k, name in enumerate(names)
    ]
    _frame(drawn, comparison, title, ["compare.footer_flows"], handles, language)
    return drawn


def _draw_months(axes: Axes, comparison: Comparison, question: Question, language: str) -> None:
    values = comparison.series(question.measure, question.group) * _scale(question.unit)
    for k in range(len(comparison.names)):
        curves = values[k]
        if question.read != "last":
            curves = pd.DataFrame(curves.T).rolling(_SMOOTH, min_periods=1).mean().to_numpy().T
        low, middle, high = spread(curves)
        x = np.arange(len(middle))
        style = look(k)
        if len(curves) > 1:
            axes.fill_between(x, low, high, color=style.colour, alpha=0.15, linewidth=0)
        axes.plot(x, middle, style.line, color=style.colour, marker=style.marker or None, markersize=4, lw=1.6,
                  markevery=(3 + 2 * k, 12))  # fmt: skip
    dates = comparison.dates
    years = [i for i, date in enumerate(dates) if date.endswith("-01")] or [0]
    axes.set_xticks(years, [dates[i][:4] for i in years], fontsize=TEXT - 1.5)
    axes.set_xlim(-0.5, len(dates) - 0.5)
    unit = _UNITS[question.unit]
    if question.unit == "million yuan" and question.read != "last":
        unit = "million_yuan_month"
    _finish(axes, question, unit if unit == "%" else label(f"chart.{unit}", language), language)
    if comparison.reported_on and REPORTED in dates and dates[-1] > REPORTED:
        reported = dates.index(REPORTED)
        axes.axvspan(reported + 0.5, len(dates) - 0.5, color="#f1f1f1", zorder=0, lw=0)
    if axes.dataLim.y0 >= 0.0:
        axes.set_ylim(0.0, max(1.08 * axes.dataLim.y1, 1e-3))


def differences(comparison: Comparison, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw each row's difference to the first scenario with its band: a panel a row, a dot a scenario."""
    rows, names = math.ceil(len(QUESTIONS) / _COLUMNS), comparison.names[1:]
    height = 1.0 + 0.32 * len(names)
    drawn = panels(rows, _COLUMNS, axes, size=(_PANEL[0] * _COLUMNS, height * rows + _HEAD + _FOOT))
    table = comparison.decisions
    for k, (each, question) in enumerate(zip(drawn, QUESTIONS, strict=False)):
        here = table[(table["key"] == question.key) & (table["sign"] != "base")]
        _draw_gaps(each, here, question, k % _COLUMNS == 0, language)
    for each in drawn[len(QUESTIONS) :]:
        each.set_axis_off()
    judged = table[table["sign"].isin(("settled", "not settled", "same"))]
    settled = int((judged["sign"] == "settled").sum())
    title = label("compare.settled", language).format(first=comparison.names[0], settled=settled, all=len(judged))
    _frame(drawn, comparison, title, ["compare.footer_gaps"], [], language)
    return drawn


def _draw_gaps(axes: Axes, rows: pd.DataFrame, question: Question, named: bool, language: str) -> None:
    """Draw dots with bars: filled where the sign is settled, hollow where not."""
    scale = _scale(question.unit) if question.unit != "million yuan" else 1.0
    axes.axvline(0.0, color=GREY, lw=1.0)
    for y, (_, row) in enumerate(rows.iterrows()):
        style = look(y + 1)
        low, middle, high = (row[name] * scale for name in ("difference_low", "difference", "difference_high"))
        if math.isnan(middle):
            continue
        if row["sign"] == "same":
            axes.plot([0.0], [y], marker="|", color=style.colour, markersize=12, markeredgewidth=2.5)
            continue
        axes.plot([low, high], [y, y], color=style.colour, lw=2.2, solid_capstyle="butt")
        axes.plot([middle], [y], marker=style.marker or "o", color=style.colour, markersize=6.5,
                  markerfacecolor=style.colour if row["sign"] == "settled" else "white")  # fmt: skip
    names = rows["scenario"].tolist()
    axes.set_yticks(range(len(names)), names if named else [], fontsize=TEXT - 1)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.margins(x=0.12)
    axes.locator_params(axis="x", nbins=5)
    unit = {"%": "pp"}.get(_UNITS[question.unit]) or label(f"chart.{_UNITS[question.unit]}", language)
    _finish(axes, question, "", language)
    axes.set_xlabel(unit, fontsize=TEXT - 1.5, labelpad=1)
    axes.grid(axis="x", color="#dddddd", lw=0.6)


def people(worlds: TwoWorlds, axes: Any = None, language: str = "en") -> list[Axes]:
    """Draw gains by group and moves between standings, each beside what luck alone would do."""
    drawn = panels(1, 2, axes, size=(13.0, 6.4))
    gain, gainers, losers = (worlds.by_group(name) for name in ("gain_each", "gainers", "losers"))
    _draw_noise(
        drawn[0],
        gain,
        [
            label(f"{_PREFIX.get(kind, 'group')}.{group}", language)
            for kind, group in zip(gain["kind"], gain["group"], strict=True)
        ],
    )
    drawn[0].set_title(label("who.gain", language), loc="left", fontsize=TEXT + 0.5, color=GREY)
    drawn[0].set_xlabel(label("who.yuan", language), fontsize=TEXT - 0.5)
    moved = worlds.figures[worlds.figures["kind"] == "move"]
    names = [" → ".join(label(f"standing.{s}", language) for s in group.split(" to ")) for group in moved["group"]]
    _draw_noise(drawn[1], moved, names)
    drawn[1].set_title(label("who.moves", language), loc="left", fontsize=TEXT + 0.5, color=GREY)
    drawn[1].set_xlabel(label("chart.people", language), fontsize=TEXT - 0.5)
    a, b = worlds.names
    counts = {"gainers": f"{gainers['value'].iloc[0]:,.0f}", "losers": f"{losers['value'].iloc[0]:,.0f}"}
    figure = drawn[0].get_figure()
    if isinstance(figure, Figure):
        figure.subplots_adjust(left=0.1, right=0.97, top=0.85, bottom=0.2, wspace=0.62)
        figure.text(0.02, 0.965, label("who.title", language).format(a=a, b=b, **counts), fontsize=TEXT + 4.5,
                    fontweight="bold", va="top", wrap=True)  # fmt: skip
        told = worlds.manifest
        words = label("who.footer", language).format(
            county=told["scenario"]["county"], seed=told["seeds"][0], scale=f"{told['scale']:g}", a=a, b=b,
            lucks=len(worlds.lucky), nothing=f"{worlds.figures['nothing'].iloc[0]:,.0f}",
        )  # fmt: skip
        figure.text(0.02, 0.02, words, fontsize=TEXT - 1.5, color=GREY, va="bottom", wrap=True)
    return drawn


def _draw_noise(axes: Axes, rows: pd.DataFrame, names: Sequence[str]) -> None:
    """Draw each figure as a dot, and as a grey bar behind it the same figure under fresh luck."""
    y = np.arange(len(rows))
    axes.barh(y, rows["luck_high"] - rows["luck_low"], left=rows["luck_low"], height=0.5, color="#cccccc",
              edgecolor=GREY, hatch="///", lw=0.5)  # fmt: skip
    axes.plot(rows["value"], y, "o", color=BLUE, markersize=7, zorder=3)
    axes.axvline(0.0, color=GREY, lw=1.0)
    axes.set_yticks(y, names, fontsize=TEXT - 0.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.locator_params(axis="x", nbins=6)
    axes.tick_params(axis="x", labelsize=TEXT - 1)
    axes.grid(axis="x", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _scale(unit: str) -> float:
    return {"share": 100.0, "1/year": 100.0, "million yuan": 1e-6}.get(unit, 1.0)


def _finish(axes: Axes, question: Question, unit: str, language: str) -> None:
    axes.set_title(label(f"decision.{question.key}", language), loc="left", fontsize=TEXT - 0.5, color=GREY)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=TEXT - 1.5)
    axes.grid(axis="y", color="#dddddd", lw=0.6)
    axes.set_axisbelow(True)
    if unit:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        axes.set_ylabel(unit, fontsize=TEXT - 1.5)


def _frame(
    axes: Sequence[Axes],
    comparison: Comparison,
    title: str,
    more: Sequence[str],
    handles: Sequence[Line2D],
    language: str,
) -> None:
    """Give a figure of ours its title, the scenarios, and the words that every picture carries."""
    figure = axes[0].get_figure()
    if not isinstance(figure, Figure):
        return
    height, head = figure.get_figheight(), _HEAD + _LINE * math.ceil(len(handles) / _NAMES)
    figure.subplots_adjust(left=0.055 if handles else 0.1, right=0.985, top=1.0 - head / height,
                           bottom=(_FOOT + 0.35) / height, wspace=0.28 if handles else 0.12,
                           hspace=0.42 if handles else 0.75)  # fmt: skip
    figure.text(0.02, 1.0 - 0.18 / height, title, fontsize=TEXT + 4.5, fontweight="bold", va="top")
    if handles:
        figure.legend(handles=list(handles), loc="upper left", bbox_to_anchor=(0.012, 1.0 - 0.45 / height),
                      frameon=False, ncols=min(len(handles), _NAMES), fontsize=TEXT)  # fmt: skip
    told, seeds = comparison.manifest, len(comparison.seeds)
    facts = {
        "county": told["scenarios"][0]["county"],
        "seeds": seeds,
        "scale": f"{told['scale']:g}",
        "reported": REPORTED,
    }
    keys = ["compare.footer" if seeds > 1 else "compare.footer_one", *more]
    if not comparison.reported_on:
        keys.append("chart.footer_elsewhere")
    elif comparison.dates[-1] > REPORTED:
        keys.append("compare.footer_projection")
    text = "\n".join(label(key, language).format(**facts) for key in keys)
    figure.text(0.02, 0.1 / height, text, fontsize=TEXT - 1.5, color=GREY, va="bottom", linespacing=1.5)


#: The charts of a comparison, by file name.
COMPARISON_CHARTS: dict[str, Callable[..., list[Axes]]] = {"1-outcomes": outcomes, "2-differences": differences}


def save_comparison_charts(comparison: Comparison, folder: Path) -> None:
    """Draw the charts of a comparison into a folder that exists."""
    for name, chart in COMPARISON_CHARTS.items():
        save(chart(comparison), folder / f"{name}.png")


def save_people_chart(worlds: TwoWorlds, folder: Path) -> None:
    """Draw who gains and who loses into a folder that exists."""
    save(people(worlds), folder / "who-gains-who-loses.png")
