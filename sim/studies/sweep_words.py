"""What a sweep says: its measures in words, its numbers as people read them, its tables."""

from __future__ import annotations

import math

from sim.labels import LABELS, label
from sim.measures import MEASURES
from sim.studies.sweep import YEAR, Sweep, is_taken_at_end

#: From so many points on a rank correlation can be told from chance at all.
_ENOUGH = 5


def words(measure: str, language: str = "en") -> str:
    """Return a measure in words, or its name where there are none."""
    key = f"measure.{measure}"
    return label(key, language) if key in LABELS else measure


def scaled(measure: str, language: str = "en") -> tuple[float, str]:
    """Return by what differences of a measure are multiplied, and their unit then."""
    unit = MEASURES[measure].unit
    if unit in ("share", "1/year"):
        return 100.0, label("sensitivity.points", language)
    if unit in ("yuan", "yuan a month"):
        return 1e-6, label("chart.million_yuan" if unit == "yuan" else "chart.million_yuan_month", language)
    return 1.0, unit


def shown(value: float, measure: str) -> str:
    """Return a value of a measure as people read it."""
    factor, unit = scaled(measure)
    if MEASURES[measure].unit in ("share", "1/year"):
        unit = "%"
    return "–" if math.isnan(value) else f"{plain(factor * value)} {unit}"


def plain(value: float) -> str:
    """Return a number with about three digits that count, never with an exponent."""
    if math.isnan(value):
        return "–"
    size = abs(value)
    return f"{value:,.{0 if size >= 1000 else 1 if size >= 10 else 2 if size >= 1 else 3}f}"


def when(measure: str, months: int) -> str:
    """Return what is taken of a run's months."""
    if is_taken_at_end(measure):
        return "at the end"
    return f"mean of the last {min(months, YEAR)} months"


def summary_rows(found: Sweep) -> list[list[str]]:
    """Return measure, what is taken of its months, median, lowest and highest of the points."""
    months = int(found.manifest["months"])
    return [
        [words(str(name)), when(str(name), months), *(shown(row[key], str(name)) for key in row.index[:3])]
        for name, row in found.summary().iterrows()
    ]


def correlation_rows(found: Sweep) -> tuple[list[str], list[list[str]]]:
    """Return the heading, and for each measure its rank correlation with each parameter that was varied."""
    paths = [axis.path for axis in found.axes]
    rows = [[words(str(name)), *(signed(row[path]) for path in paths)] for name, row in found.summary().iterrows()]
    return ["", *paths], rows


def signed(value: float) -> str:
    """Return a correlation, or another number without unit."""
    return "–" if math.isnan(value) else f"{value:+.2f}"


def chance(points: int) -> str:
    """Say how large a rank correlation is by chance alone."""
    if points < _ENOUGH:
        return f"With {points} point{'s' if points != 1 else ''} correlations say nothing."
    limit = 1.96 / math.sqrt(points - 1)
    return (
        f"Rank correlations over {points} points: where nothing matters, 19 of 20 lie between {-limit:.2f} and "
        f"{limit:+.2f}."
    )
