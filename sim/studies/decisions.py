"""The decision table: what a county head asks of a policy, from which measure, over which months.

A difference is taken within a seed, so that both worlds have the same people and the same luck; its band is that of the
differences, not the difference of two bands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.labels import label
from sim.measures import GROUP_MEASURES, MEASURES
from sim.patterns.verdicts import number_over_seeds

FloatArray = NDArray[np.float64]
#: Of a measure and of a group (kind, name) or nothing: its values, float64[scenarios, seeds, months].
Series = Callable[[str, tuple[str, str] | None], FloatArray]
#: "last" is the state at the end of the last month; the others are over the last year.
Read = Literal["last", "mean", "sum"]
#: What is said of a difference.
Sign = Literal["base", "settled", "not settled", "same", "one seed", "not defined"]
YEAR = 12


@dataclass(frozen=True)
class Question:
    """One row of the decision table.

    Attributes
    ----------
    measure : str
        The measure that answers it.
    read : {"last", "mean", "sum"}
        What is taken of its months: the last one's, or mean or sum of the last twelve (of those that are defined).
    unit : {"share", "1/year", "days", "million yuan"}
        In which it is shown.
    better : {"more", "less", ""}
        Which direction is better where that is clear.
    group : (kind, name), optional
        Of whom; without it: of the whole county.
    """

    measure: str
    read: Read
    unit: str
    better: Literal["more", "less", ""] = ""
    group: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """Name of the row."""
        return f"{self.measure}_{self.group[1]}" if self.group else self.measure

    @property
    def definition(self) -> str:
        """What is measured, of whom."""
        if self.group is None:
            return MEASURES[self.measure].definition
        kind, name = self.group
        found = next(m for m in GROUP_MEASURES[kind] if m.name == self.measure)
        return f"{found.definition}; {kind}: {name}"

    def values(self, series: Series) -> FloatArray:
        """Return the answer of each world and seed, float64[scenarios, seeds]; not a number where undefined."""
        values = series(self.measure, self.group)
        values = values[:, :, -1:] if self.read == "last" else values[:, :, -YEAR:]
        known = ~np.isnan(values)
        total = np.where(known, values, 0.0).sum(axis=2)
        count = known.sum(axis=2)
        answer = np.full(count.shape, np.nan)
        scale = 1e-6 if self.unit == "million yuan" else 1.0
        np.divide(total * scale, 1 if self.read == "sum" else count, out=answer, where=count > 0)
        return answer

    def window(self, dates: Sequence[str]) -> str:
        """Return the months that are looked at, and what is taken of them."""
        if self.read == "last":
            return f"end of {dates[-1]}"
        months = min(len(dates), YEAR)
        return f"{self.read} of {'the year' if months == YEAR else f'{months} months'} to {dates[-1]}"


QUESTIONS = (
    Question("credit_access", "last", "share", "more"),
    Question("indebted", "last", "share"),
    Question("originations", "sum", "million yuan"),
    Question("originations_bank", "sum", "million yuan"),
    Question("originations_platform", "sum", "million yuan"),
    Question("default_rate", "mean", "share", "less"),
    Question("overburdened", "mean", "share", "less"),
    Question("annual_rate_new", "mean", "1/year", "less"),
    Question("days_to_cash", "mean", "days", "less"),
    Question("days_to_cash_bank", "mean", "days", "less"),
    Question("bank_profit", "sum", "million yuan", "more"),
    Question("public_cost_so_far", "last", "million yuan", "less"),
    Question("unmet_need", "sum", "million yuan", "less", ("poverty", "poor")),
    Question("unmet_need", "sum", "million yuan", "less", ("age", "from_60")),
    Question("unmet_need", "sum", "million yuan", "less", ("occupation", "farmer")),
    Question("wallet_active", "last", "share"),
)


def decision_table(series: Series, names: Sequence[str], dates: Sequence[str]) -> pd.DataFrame:
    """Return a row for each question and scenario, in numbers: median and 80% band over seeds, and of the difference.

    Parameters
    ----------
    series : callable
        Gives the months of a measure.
    names : sequence of str
        The scenarios; differences are taken to the first.
    dates : sequence of str
        The months.
    """
    rows = []
    for question in QUESTIONS:
        values = question.values(series)
        for k, name in enumerate(names):
            median, low, high = _over_seeds(values[k])
            gap = values[k] - values[0]
            middle, least, most = _over_seeds(gap)
            rows.append(
                {
                    "key": question.key, "what": label(f"decision.{question.key}"), "measure": question.measure,
                    "definition": question.definition, "months": question.window(dates), "unit": question.unit,
                    "better": question.better, "scenario": name, "median": median, "low": low, "high": high,
                    "difference": middle, "difference_low": least, "difference_high": most,
                    "sign": "base" if k == 0 else _sign(gap, least, most),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _over_seeds(values: FloatArray) -> tuple[float, float, float]:
    known = values[~np.isnan(values)]
    return number_over_seeds(known) if known.size else (math.nan, math.nan, math.nan)


def _sign(gap: FloatArray, low: float, high: float) -> Sign:
    """Say whether a difference has a sign: whether 80% of the seeds lie on one side of zero."""
    known = gap[~np.isnan(gap)]
    if known.size == 0:
        return "not defined"
    if not known.any():
        return "same"
    if known.size == 1:
        return "one seed"
    return "settled" if low > 0.0 or high < 0.0 else "not settled"


def shown(value: float, unit: str, gap: bool = False) -> str:
    """Return a value, or with ``gap`` a difference with its sign, as people read it."""
    if math.isnan(value):
        return "–"
    sign, percent = ("+", " pp") if gap else ("", "%")
    if unit in ("share", "1/year"):
        return f"{100.0 * value:{sign},.{1 if unit == 'share' and not gap else 2}f}{percent}"
    return f"{value:{sign},.1f}"


def shown_gap(row: pd.Series) -> str:
    """Return a row's difference with its band: "±?" marks a sign that is not settled, "=" is no difference."""
    if row["sign"] in ("base", "not defined"):
        return "" if row["sign"] == "base" else "–"
    if row["sign"] == "same":
        return "="
    middle, low, high = (
        shown(row[name], row["unit"], True) for name in ("difference", "difference_low", "difference_high")
    )
    if row["sign"] == "one seed":
        return middle
    text = f"{middle} ({low.removesuffix(' pp')} to {high.removesuffix(' pp')})"
    return text if row["sign"] == "settled" else f"{text} ±?"
