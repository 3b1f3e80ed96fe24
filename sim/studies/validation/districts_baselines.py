"""What a forecast of registered users is held against: simple rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from sim.studies.validation.districts_data import QUARTERS
from sim.studies.validation.districts_forecast import ASKED_AT, LAST_KNOWN

FloatArray = NDArray[np.float64]

_KNOWN = LAST_KNOWN + 1
#: Years since August 2016, at the end of each quarter.
YEARS: FloatArray = (17.0 + 3.0 * (np.arange(len(QUARTERS), dtype=np.float64) + 1.0)) / 12.0


def last_value(users: FloatArray) -> FloatArray:
    """Return the users of 2018Q4 for every date."""
    return np.repeat(users[:, [LAST_KNOWN]], len(ASKED_AT), axis=1)


def linear_drift(users: FloatArray) -> FloatArray:
    """Return users who go on growing by as many a quarter as from 2018Q1 to 2018Q4."""
    slope = (users[:, LAST_KNOWN] - users[:, 0]) / LAST_KNOWN
    found: FloatArray = users[:, [LAST_KNOWN]] + slope[:, None] * (ASKED_AT - LAST_KNOWN)
    return found


def last_drift(users: FloatArray) -> FloatArray:
    """Return users who go on growing by as many a quarter as in 2018Q4."""
    slope = users[:, LAST_KNOWN] - users[:, LAST_KNOWN - 1]
    found: FloatArray = users[:, [LAST_KNOWN]] + slope[:, None] * (ASKED_AT - LAST_KNOWN)
    return found


def bass(years: FloatArray, innovation: float, imitation: float) -> FloatArray:
    r"""Return the share of the potential that has adopted.

    .. math:: F = \frac{1 - e^{-(p + q) t}}{1 + (q / p) e^{-(p + q) t}}

    References
    ----------
    Bass (1969), A new product growth for model consumer durables, Management Science 15: 215-227.
    """
    left = np.exp(-(innovation + imitation) * years)
    share: FloatArray = (1.0 - left) / (1.0 + imitation / innovation * left)
    return share


def logistic(years: FloatArray, speed: float, middle: float) -> FloatArray:
    """Return the share of the potential that has adopted: half of it in the year ``middle``."""
    share: FloatArray = 1.0 / (1.0 + np.exp(-speed * (years - middle)))
    return share


def potential(users: FloatArray, shares: FloatArray) -> FloatArray:
    """Return each district's potential: least squares of its users of 2018 on the shares that have adopted."""
    known = shares[:_KNOWN]
    found: FloatArray = users[:, :_KNOWN] @ known / (known @ known)
    return found


def _curve(
    share: Callable[[FloatArray, float, float], FloatArray], start: tuple[float, float], low: float
) -> Callable[[FloatArray, FloatArray], FloatArray]:
    """Return a rule: a curve's shape from the open districts' whole series, its size from the district's 2018."""

    def rule(users: FloatArray, taught: FloatArray) -> FloatArray:
        path: FloatArray = np.median(np.log(taught / taught[:, [LAST_KNOWN]]), axis=0)

        def misses(two: FloatArray) -> FloatArray:
            logs = np.log(share(YEARS, two[0], two[1]))
            missed: FloatArray = logs - logs[LAST_KNOWN] - path
            return missed

        two = least_squares(misses, start, bounds=((low, low), (10.0, 10.0))).x
        shares = share(YEARS, two[0], two[1])
        found: FloatArray = potential(users, shares)[:, None] * shares[ASKED_AT]
        return found

    return rule


def open_growth(users: FloatArray, taught: FloatArray) -> FloatArray:
    """Return users who grow as the median district of the open states did."""
    growth = np.median(taught[:, ASKED_AT] / taught[:, [LAST_KNOWN]], axis=0)
    found: FloatArray = users[:, [LAST_KNOWN]] * growth
    return found


def regression(users: FloatArray, taught: FloatArray) -> FloatArray:
    """Return users by a linear regression, on the open districts, of log growth on the logs of 2018's four quarters."""

    def facts(each: FloatArray) -> FloatArray:
        return np.column_stack([np.ones(len(each)), np.log(each[:, :_KNOWN])])

    growth = np.log(taught[:, ASKED_AT] / taught[:, [LAST_KNOWN]])
    weights = np.linalg.lstsq(facts(taught), growth, rcond=None)[0]
    found: FloatArray = users[:, [LAST_KNOWN]] * np.exp(facts(users) @ weights)
    return found


#: The rules by name: users of 2018 of the districts asked, and whole series of open districts, to users at the dates.
BASELINES: Mapping[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "last value": lambda users, _: last_value(users),
    "linear drift": lambda users, _: linear_drift(users),
    "drift of the last quarter": lambda users, _: last_drift(users),
    "Bass": _curve(bass, (0.02, 0.5), 1e-4),
    "logistic": _curve(logistic, (0.5, 4.0), 1e-4),
    "growth of open states": open_growth,
    "regression": regression,
}
