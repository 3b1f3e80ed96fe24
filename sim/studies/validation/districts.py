"""Districts of India: the mechanism of payment adoption forecasts registered users of an app from four quarters.

Registered users are not active wallets: everybody who ever registered with this one app, which never falls. So the
mechanism's counterpart is the share who ever took up a wallet; whether people take up this app or another one cannot be
told from how readily they take up any (the app's share of the market rose), and nothing here says that they pay by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import CatfishError
from sim.studies.validation.districts_baselines import BASELINES
from sim.studies.validation.districts_data import ASKED, OPEN, QUARTERS, SEALED, Districts, read_districts
from sim.studies.validation.districts_forecast import (
    ASKED_AT,
    LAST_KNOWN,
    Forecaster,
    Learned,
    Seen,
    folds_of,
    forecast_calibrated,
)
from sim.studies.validation.districts_library import RANGES, Library, run_library
from sim.studies.validation.districts_skill import skill_table

FloatArray = NDArray[np.float64]
#: Told what has been done, in words.
Told = Callable[[str], None]

MECHANISM = "mechanism"
#: The mechanism with something taken from it: circumstances that are fixed, and whether quarters have effects.
WITHOUT: Mapping[str, tuple[Mapping[str, float], bool]] = MappingProxyType(
    {
        "without the country's quarters": ({}, False),
        "phones do not spread": ({"phones_gained": 0.0}, True),
        "tastes as shipped": ({"diversity": 1.0, "appeal": 0.0}, True),
        "tastes as shipped, phones do not spread": ({"diversity": 1.0, "appeal": 0.0, "phones_gained": 0.0}, True),
        "everybody informed": ({"informed": 1.0}, True),
    }
)
UNITS, FOLDS, SEED = 8192, 6, 20180101


@dataclass(frozen=True)
class DistrictsResult:
    """How well registered users were forecast.

    Parameters
    ----------
    skill : DataFrame
        One row a method and date: ``mdape``, median absolute percentage error as a share; ``coverage`` of the 80%
        interval, where there is one; ``worse_by``, its MdAPE less the mechanism's; ``skill`` of the mechanism against
        it, 1 less the ratio of the two. ``_low`` and ``_high`` are bounds of a 95% bootstrap interval over states;
        ``verdict`` says what the mechanism does against it.
    predictions : DataFrame
        Open districts, each forecast by other states: ``state``, ``district``, ``date``, ``truth``, ``p10``, ``p50``,
        ``p90``, and one column a baseline.
    sealed : DataFrame
        ``state``, ``district``, ``year``, ``quarter``, ``p10``, ``p50``, ``p90``; no rows unless asked for.
    learned : DataFrame
        What open states taught of each circumstance: p10, p50, p90 before and after.
    quarters : DataFrame
        What districts had in common beside the mechanism, by quarter, in logs relative to 2018Q4.
    series : DataFrame
        Users by quarter of the open districts, one row each, in the order of `predictions`.
    matched : mapping
        Districts found in the census and in all, by split.
    seconds : float
    """

    skill: pd.DataFrame
    predictions: pd.DataFrame
    sealed: pd.DataFrame
    learned: pd.DataFrame
    quarters: pd.DataFrame
    series: pd.DataFrame
    matched: Mapping[str, tuple[int, int]]
    seconds: float


def validate_districts(folder: str | Path, predict_sealed: bool = False, done: Told | None = None) -> DistrictsResult:
    """Forecast the districts of a folder and hold the forecasts against baselines.

    Parameters
    ----------
    folder : path
        Holds ``districts/users.csv`` and ``districts/census2011.csv``.
    predict_sealed : bool
        Whether districts whose outcomes are withheld are forecast too.
    done : function
        Told what has been done.

    Raises
    ------
    CatfishError
        If a file is missing or holds what it cannot.
    """
    return study(read_districts(folder), predict_sealed, done)


def study(
    districts: Districts, predict_sealed: bool = False, done: Told | None = None, units: int = UNITS, folds: int = FOLDS
) -> DistrictsResult:
    """Forecast districts and hold the forecasts against baselines.

    Parameters
    ----------
    districts : Districts
    predict_sealed, done
        As in `validate_districts`.
    units : int
        Units in the library, a power of two.
    folds : int
        Groups of open states that are left out in turn.
    """
    begun = time.perf_counter()
    is_open = (districts.names["split"] == OPEN).to_numpy()
    states = districts.names["state"].to_numpy(str)[is_open]
    check_enough(districts, folds)
    seen, fold = _seen(districts), folds_of(states, folds)
    learning, users = seen.of(is_open), districts.users[is_open]

    library = run_library(units, districts.ages, SEED)
    _tell(done, f"{units} units run with people in proportion")
    forecaster = Forecaster(library)
    forecasts = {MECHANISM: _left_out(forecaster, learning, fold) + _last(users)}
    _tell(done, f"{len(users)} open districts forecast by other states")
    for name, (fixed, common) in WITHOUT.items():
        other = run_library(units, districts.ages, SEED, fixed)
        forecasts[name] = _left_out(Forecaster(other, common), learning, fold) + _last(users)
        _tell(done, f"the same, {name}")
    points = {name: _baseline(rule, users, fold) for name, rule in BASELINES.items()}

    bands = {name: np.exp(each) for name, each in forecasts.items()}
    taught = forecaster.learn(learning)
    sealed = _sealed(districts, forecaster, learning, fold, seen) if predict_sealed else _no_rows()
    return DistrictsResult(
        skill_table(users[:, ASKED_AT], bands, points, states),
        _predictions(districts.names[is_open], users, bands[MECHANISM], points),
        sealed,
        _learned(library, taught),
        pd.DataFrame({"quarter": QUARTERS, "common": taught.common}),
        pd.DataFrame(users, columns=list(QUARTERS)),
        {
            split: (int(districts.matched[rows].sum()), int(rows.sum()))
            for split, rows in ((OPEN, is_open), (SEALED, ~is_open))
        },
        time.perf_counter() - begun,
    )


def check_enough(districts: Districts, folds: int = FOLDS) -> None:
    """Refuse districts of fewer open states than are left out in turn.

    Raises
    ------
    CatfishError
        If there are too few.
    """
    opened = districts.names.loc[districts.names["split"] == OPEN, "state"].nunique()
    if opened < folds:
        raise CatfishError(f"users.csv has {opened} open states; at least {folds} are needed.")


def _tell(done: Told | None, words: str) -> None:
    if done is not None:
        done(words)


def _last(users: FloatArray) -> FloatArray:
    """Return the log of users in 2018Q4, float64[districts, 1, 1]."""
    return np.log(users[:, LAST_KNOWN])[:, None, None]


def _seen(districts: Districts) -> Seen:
    """Return what the forecaster sees; after 2018 nothing of sealed districts, whatever the file holds."""
    users = districts.users.copy()
    sealed = (districts.names["split"] != OPEN).to_numpy()
    users[sealed, LAST_KNOWN + 1 :] = np.nan
    logs = np.log(users)
    covariates = districts.covariates
    return Seen(logs - logs[:, [LAST_KNOWN]], covariates["reach"].to_numpy(), covariates.to_numpy(np.float64))


def _left_out(forecaster: Forecaster, seen: Seen, folds: NDArray[np.int64]) -> FloatArray:
    """Return forecasts of every district by other states alone, in which the width of the intervals was set too."""
    found = np.empty((len(folds), len(ASKED), 3))
    for fold in np.unique(folds):
        out = folds == fold
        found[out] = forecast_calibrated(forecaster, seen.of(~out), folds[~out], seen.of(out))
    return found


def _baseline(
    rule: Callable[[FloatArray, FloatArray], FloatArray], users: FloatArray, folds: NDArray[np.int64]
) -> FloatArray:
    """Return a baseline's forecasts of every district; what it learns it learns in other states."""
    found = np.empty((len(users), len(ASKED)))
    for fold in np.unique(folds):
        out = folds == fold
        found[out] = rule(users[out], users[~out])
    return found


def _predictions(
    names: pd.DataFrame, users: FloatArray, band: FloatArray, points: Mapping[str, FloatArray]
) -> pd.DataFrame:
    """Return the table of open districts, date by date for each district."""
    rows = names[["state", "district"]].loc[names.index.repeat(len(ASKED))].reset_index(drop=True)
    rows["date"] = np.tile(ASKED, len(users))
    rows["truth"] = users[:, ASKED_AT].ravel()
    rows[["p10", "p50", "p90"]] = band.reshape(-1, 3)
    for name, values in points.items():
        rows[name] = values.ravel()
    return rows


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=["state", "district", "year", "quarter", "p10", "p50", "p90"])


def _sealed(
    districts: Districts, forecaster: Forecaster, learning: Seen, folds: NDArray[np.int64], seen: Seen
) -> pd.DataFrame:
    """Return forecasts of the sealed districts in whole people, learned on all open states."""
    rows = (districts.names["split"] == SEALED).to_numpy()
    growth = forecast_calibrated(forecaster, learning, folds, seen.of(rows))
    users = np.rint(np.exp(growth + _last(districts.users[rows]))).astype(np.int64)
    names = districts.names[rows]
    table = names[["state", "district"]].loc[names.index.repeat(len(ASKED))].reset_index(drop=True)
    table["year"] = np.tile([int(date[:4]) for date in ASKED], len(names))
    table["quarter"] = np.tile([int(date[-1]) for date in ASKED], len(names))
    table[["p10", "p50", "p90"]] = users.reshape(-1, 3)
    return table


def _learned(library: Library, taught: Learned) -> pd.DataFrame:
    """Return how circumstances lie over the library, and over the open districts."""
    weights = taught.weights.mean(axis=0, dtype=np.float64)
    rows = []
    for name in RANGES:
        values = library.circumstances[name].to_numpy()
        order = np.argsort(values)
        upto = weights[order].cumsum()
        after = np.interp((0.1, 0.5, 0.9), upto / upto[-1], values[order])
        rows.append([name, *np.quantile(values, (0.1, 0.5, 0.9)), *after])
    columns = ["circumstance", "before_p10", "before_p50", "before_p90", "after_p10", "after_p50", "after_p90"]
    return pd.DataFrame(rows, columns=columns)
