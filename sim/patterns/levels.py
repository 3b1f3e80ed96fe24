"""Levels that people of a county know: incomes, turnover, debt, the bank's accounts, beside their sourced ranges.

Nothing is calibrated here either, but where a county file states a level as its input, that is told. A level outside
its range is a fault of the model that is shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.patterns.verdicts import REPORTED, Row, number_over_seeds

Read = Callable[[pd.DataFrame], float]


@dataclass(frozen=True)
class Level:
    """One level and the range in which it is believable.

    Attributes
    ----------
    key, what, source, unit : str
        ``source`` says where the range comes from.
    read : callable
        Of one seed's monthly table, indexed by date, the number.
    low, high : float
    """

    key: str
    what: str
    source: str
    unit: str
    read: Read
    low: float
    high: float


def _mean(measure: str, first: str = "2018-01", last: str = "2018-12") -> Read:
    return lambda monthly: float(monthly[measure].loc[first:last].mean()) if last in monthly.index else math.nan


def _at(measure: str, date: str) -> Read:
    return lambda monthly: float(monthly[measure][date])


def _loans_per_borrower(monthly: pd.DataFrame) -> float:
    return float(_so_far(monthly, "new_loans_platform") / monthly["borrowers_platform"][REPORTED])


def _mean_draw(monthly: pd.DataFrame) -> float:
    return _so_far(monthly, "originations_platform") / _so_far(monthly, "new_loans_platform")


def _so_far(monthly: pd.DataFrame, measure: str) -> float:
    return float(monthly[measure].cumsum()[REPORTED])


_HENAN = "Henan statistical communique 2018"
_CBIRC = "China Banking and Insurance Regulatory Commission 2018, rural commercial banks"
_LATE = ("2020-01", "2021-12")

LEVELS = (
    Level("L1", "income a head and year, villages, 2018", f"{_HENAN}: rural 13,831; ± 15%", "yuan",
          _mean("income_per_head_village"), 11_750, 15_900),
    Level("L2", "income a head and year, county town and seats, 2018",
          f"{_HENAN}: urban 31,874, large cities included; a county 15% to 30% less", "yuan",
          _mean("income_per_head_urban"), 22_300, 31_900),
    Level("L3", "consumption over income of households, 2018",
          "National Bureau of Statistics 2018: rural 83%, urban 66%; county in between", "share",
          _mean("consumption_share"), 0.66, 0.88),
    Level("L4", "sales of a shop in the county town a month, 2018", "assumed: surveys of small shops, 10,000 to 50,000",
          "yuan", _mean("shop_turnover_town"), 10_000, 50_000),
    Level("L5", "sales of a village shop a month, 2018", "assumed: 5,000 to 30,000", "yuan",
          _mean("shop_turnover_village"), 5_000, 30_000),
    Level("L6", "deposits of households over adults, end of 2018 (2017-01 is an input)",
          "assumed: county deposits of 13 to 24 billion yuan", "yuan", _at("deposits_per_adult", "2018-12"), 30_000,
          55_000),
    Level("L7", "platform loans for each borrower, 2019-01", "assumed: 1.2 to 2", "loans each", _loans_per_borrower,
          1.2, 2.0),
    Level("L8", "mean draw on a platform line, to 2019-01", "article: 9,818 yuan a borrower, so 5,000 to 8,200 a loan",
          "yuan", _mean_draw, 5_000, 8_200),
    Level("L9", "bank: loans 90 or more days late, 2018", f"{_CBIRC}: 3.96% (2.8% to 4.3% in 2017 to 2018)", "share",
          _mean("npl_ratio_bank"), 0.028, 0.043),
    Level("L10", "platform: loans 30 or more days late, 2020 to 2021",
          "Ant prospectus 2020: 1.56% in 2019, peak 3.0%", "share", _mean("par30_platform", *_LATE), 0.008, 0.030),
    Level("L11", "platform: loans 90 or more days late, 2020 to 2021",
          "Ant prospectus 2020: 0.7% to 1.05%; MYbank 2019 to 2021: 1.3% to 1.5%", "share",
          _mean("npl_ratio_platform", *_LATE), 0.005, 0.016),
    Level("L12", "bank: profit over assets, a year, 2018", f"{_CBIRC}: 0.84%; small county banks up to 1.5%", "share",
          _mean("bank_return_on_assets"), 0.005, 0.015),
    Level("L13", "bank: net interest over assets, a year, 2018", f"{_CBIRC}: 3.0%; small county banks up to 4.5%",
          "share", _mean("bank_interest_margin"), 0.025, 0.045),
    Level("L14", "bank: running costs over income, 2018", "annual reports of rural commercial banks 2018: 28% to 40%",
          "share", _mean("bank_cost_to_income"), 0.28, 0.40),
    Level("L15", "bank: capital over risk-weighted assets, end of 2018", f"{_CBIRC}: 13.2%", "share",
          _at("bank_capital_ratio", "2018-12"), 0.11, 0.15),
    Level("L16", "households whose loan service exceeds 40% of income, 2018", "assumed: at most 10%", "share",
          _mean("overburdened"), 0.0, 0.10),
    Level("L17", "area under the curve of the platform's score, 2018-12", "Berg et al. 2020: 0.68 to 0.74",
          "0 to 1", _at("auc_platform", "2018-12"), 0.60, 0.75),
    Level("L18", "the same of the bank's, 2018-12", "assumed: 0.55 to 0.70", "0 to 1", _at("auc_bank", "2018-12"), 0.55,
          0.70),
)  # fmt: skip


def judge_levels(monthly: pd.DataFrame) -> list[Row]:
    """Return a row for every level: median and 80% band over seeds, and whether the median lies in the range.

    Parameters
    ----------
    monthly : DataFrame
        ``seed, month, date`` and a column for each measure.
    """
    seeds = [rows.set_index("date") for _, rows in monthly.groupby("seed", sort=True)]
    return [_judge(level, seeds) for level in LEVELS]


def _judge(level: Level, seeds: list[pd.DataFrame]) -> Row:
    reported = f"{level.low:,.5g} to {level.high:,.5g}; {level.source}"
    if level.unit == "share":
        reported = f"{level.low:.1%} to {level.high:.1%}; {level.source}"
    try:
        values = [level.read(monthly) for monthly in seeds]
    except KeyError:  # the run ends before
        values = [math.nan]
    if np.isnan(values).any():
        return Row(level.key, level.what, reported, level.unit, math.nan, math.nan, math.nan, "not reached")
    median, low, high = number_over_seeds(values)
    inside = level.low <= median <= level.high
    return Row(level.key, level.what, reported, level.unit, median, low, high, "met" if inside else "missed")
