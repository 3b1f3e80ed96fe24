"""Learn on some districts which circumstances of the mechanism they are like, and forecast others from 2018 alone.

What is learned is a distribution, not one set of parameters (empirical Bayes): each district of the open states weighs
the library's units by how well they follow its whole series, and a new district takes the mean of these weights over
the districts that resemble it by the census and by how many had registered, times how well the units follow its own
four quarters of 2018. What all districts had in common in a quarter beside the mechanism (an offer of the app all over
the country, a lockdown) is learned with it, as one number a quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.studies.validation.districts_data import ASKED, KNOWN, QUARTERS
from sim.studies.validation.districts_library import Library

FloatArray = NDArray[np.float64]
Weights = NDArray[np.float32]

BAND = (0.1, 0.5, 0.9)
LAST_KNOWN = len(KNOWN) - 1
ASKED_AT = np.array([QUARTERS.index(date) for date in ASKED])
#: assumed: how far a quarter may lie from a unit like the district, in logs; until 2018, and after it.
_NEAR, _LATER = 0.03, 0.06
#: assumed: the same of the share of adults, for districts split since the census and people with several apps.
_LEVEL = 0.5
#: assumed: districts resemble each other within so many standard deviations of each covariate.
_RESEMBLE = 1.0
_ROUNDS = 3
_FOLLOWED = np.array([0, 1, 2, 5, 7, 9, 11, 15, 19, 25])
_KNOWN_AT = np.arange(LAST_KNOWN)


@dataclass(frozen=True)
class Seen:
    """What is seen of some districts.

    Parameters
    ----------
    paths : float64[districts, quarters]
        Log of users, less that of 2018Q4; not known later where sealed.
    level : float64[districts]
        Log of users per adult in 2018Q4.
    covariates : float64[districts, covariates]
        Among them the level.
    """

    paths: FloatArray
    level: FloatArray
    covariates: FloatArray

    def of(self, rows: NDArray[np.bool_]) -> Seen:
        """Return some of the districts."""
        return Seen(self.paths[rows], self.level[rows], self.covariates[rows])


class Forecaster:
    """The library as seen by districts.

    Parameters
    ----------
    library : Library
    common : bool
        Whether what districts have in common in a quarter is learned; if not it is 0.
    """

    def __init__(self, library: Library, common: bool = True) -> None:
        logs = np.log(np.maximum(library.shares, 1e-9))
        self._level = logs[:, LAST_KNOWN]
        self._paths = logs - logs[:, [LAST_KNOWN]]
        self._short_paths = self._paths.astype(np.float32)
        self._common = common
        self._order = np.argsort(self._paths[:, ASKED_AT], axis=0, kind="stable")

    def learn(self, seen: Seen) -> Learned:
        """Return what districts whose whole series is known teach."""
        common = np.zeros(len(QUARTERS))
        weights = self._likeness(seen, common, _FOLLOWED)
        for _ in range(_ROUNDS if self._common else 0):
            common = np.median(seen.paths - weights @ self._short_paths, axis=0)
            common[LAST_KNOWN] = 0.0
            weights = self._likeness(seen, common, _FOLLOWED)
        return Learned(self, seen, common, weights)

    def _likeness(self, seen: Seen, common: FloatArray, quarters: NDArray[np.int64]) -> Weights:
        """Return how like each district each unit is, float32[districts, units]; a district's weights sum to 1.

        All paths are relative to 2018Q4, so its own deviation is common to the others: their covariance is not 0.
        """
        spread = np.where(quarters <= LAST_KNOWN, _NEAR, _LATER)
        root = np.linalg.cholesky(np.linalg.inv(np.diag(spread**2) + _NEAR**2))
        here = np.column_stack([(seen.paths - common)[:, quarters] @ root, seen.level / _LEVEL]).astype(np.float32)
        there = np.column_stack([self._paths[:, quarters] @ root, self._level / _LEVEL]).astype(np.float32)
        like = here @ there.T  # less half the squared distance, but for what all units have in common
        like -= 0.5 * (there**2).sum(axis=1)
        like -= like.max(axis=1, keepdims=True)
        np.exp(like, out=like)
        like /= like.sum(axis=1, keepdims=True)
        return like

    def by_known(self, seen: Seen, common: FloatArray) -> Weights:
        """Return how like each district each unit is in 2018, float32[districts, units]."""
        return self._likeness(seen, common, _KNOWN_AT)

    def quantiles(self, weights: FloatArray) -> FloatArray:
        """Return `BAND` of the units' log growth since 2018Q4 at `ASKED`, float64[districts, dates, 3]."""
        found = np.empty((len(weights), len(ASKED), len(BAND)))
        for k, quarter in enumerate(ASKED_AT):
            order = self._order[:, k]
            values, upto = self._paths[order, quarter], weights[:, order].cumsum(axis=1)
            for i, row in enumerate(upto):
                found[i, k] = np.interp(BAND, row / row[-1], values)
        return found


@dataclass(frozen=True)
class Learned:
    """What open districts taught.

    Parameters
    ----------
    forecaster : Forecaster
    seen : Seen
        Those districts.
    common : float64[quarters]
        What they had in common beside the mechanism, in logs relative to 2018Q4.
    weights : float32[districts, units]
        How like each of them each unit is.
    """

    forecaster: Forecaster
    seen: Seen
    common: FloatArray
    weights: Weights

    def forecast(self, seen: Seen) -> FloatArray:
        """Return `BAND` of log growth since 2018Q4 at `ASKED`, float64[districts, dates, 3], from 2018 alone."""
        middle, spread = self.seen.covariates.mean(axis=0), self.seen.covariates.std(axis=0) + 1e-9
        here, there = (seen.covariates - middle) / spread, (self.seen.covariates - middle) / spread
        squares = ((here[:, None] - there) ** 2).sum(axis=2) / _RESEMBLE**2
        resemble = np.exp(-0.5 * (squares - squares.min(axis=1, keepdims=True)))
        before = (resemble / resemble.sum(axis=1, keepdims=True)).astype(np.float32) @ self.weights
        weights = before.astype(np.float64) * self.forecaster.by_known(seen, self.common)
        found: FloatArray = self.forecaster.quantiles(weights + 1e-300) + self.common[ASKED_AT][:, None]
        return found


def folds_of(states: NDArray[np.str_], folds: int) -> NDArray[np.int64]:
    """Return the fold of each district: whole states, the largest dealt out first to the smallest fold."""
    names, where, sizes = np.unique(states, return_inverse=True, return_counts=True)
    fold, filled = np.zeros(len(names), np.int64), np.zeros(folds, np.int64)
    for state in np.argsort(-sizes, kind="stable"):
        fold[state] = filled.argmin()
        filled[fold[state]] += sizes[state]
    return fold[where]


def held_out(forecaster: Forecaster, seen: Seen, folds: NDArray[np.int64]) -> FloatArray:
    """Return forecasts of every district by the districts of the other folds."""
    found = np.empty((len(folds), len(ASKED), len(BAND)))
    for fold in np.unique(folds):
        out = folds == fold
        found[out] = forecaster.learn(seen.of(~out)).forecast(seen.of(out))
    return found


def widening(forecasts: FloatArray, truth: FloatArray) -> FloatArray:
    """Return by how much intervals must be widened so that they hold what they say, float64[dates].

    The factor on both halves of the interval at which 80% of these districts lie within it.
    """
    middle = forecasts[:, :, 1]
    half = np.where(truth > middle, forecasts[:, :, 2] - middle, middle - forecasts[:, :, 0])
    needed = np.abs(truth - middle) / np.maximum(half, 1e-9)
    factor: FloatArray = np.quantile(needed, BAND[2] - BAND[0], axis=0)
    return factor


def widened(forecasts: FloatArray, factor: FloatArray) -> FloatArray:
    """Return forecasts with wider intervals; nobody unregisters, so none lies below 2018Q4."""
    middle = forecasts[:, :, [1]]
    return np.maximum(middle + (forecasts - middle) * factor[:, None], 0.0)


def forecast_calibrated(forecaster: Forecaster, seen: Seen, folds: NDArray[np.int64], asked: Seen) -> FloatArray:
    """Return forecasts of ``asked``; learned on ``seen``, and their width set there by leaving out folds in turn."""
    factor = widening(held_out(forecaster, seen, folds), seen.paths[:, ASKED_AT])
    return widened(forecaster.learn(seen).forecast(asked), factor)
