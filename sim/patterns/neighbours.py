"""How strongly take-up passes along social ties: a hazard ratio, from who took up when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Months = NDArray[np.int16]


def hazard_ratio(
    ties_ptr: NDArray[np.int32], ties: NDArray[np.int32], taken_up: Months, at_risk_from: Months,
    stratum: NDArray[np.integer], months: range,
) -> float:  # fmt: skip
    r"""Return how many times likelier people take up who have more neighbours that did, than others of their stratum.

    In each month those at risk are split, within their stratum, at the median share of neighbours who took up before.
    The months and strata k are pooled as Mantel and Haenszel do:

    .. math:: R = \frac{\sum_k a_k m_k / N_k}{\sum_k b_k n_k / N_k}

    with a of n people above the median and b of m others taking up, N = n + m.

    Parameters
    ----------
    ties_ptr, ties : int32[people + 1], int32[ties]
        Neighbours of i are ``ties[ties_ptr[i]:ties_ptr[i + 1]]``.
    taken_up : int16[people]
        Month of taking up; negative: never.
    at_risk_from : int16[people]
        First month in which somebody could take up; negative: never could.
    stratum : int[people], not negative
    months : range
        Months looked at.

    Returns
    -------
    float
        Not a number where nobody takes up.

    References
    ----------
    Mantel, N. & Haenszel, W. (1959). Statistical aspects of the analysis of data from retrospective studies.
    """
    degree = np.diff(ties_ptr)
    strata = int(stratum.max()) + 1
    above, below = 0.0, 0.0
    for month in months:
        before = (taken_up >= 0) & (taken_up < month)
        share = _sum_over_ties(ties_ptr, before[ties]) / np.maximum(degree, 1)
        at_risk = (at_risk_from >= 0) & (at_risk_from <= month) & ~before
        middle = np.array([_median(share[at_risk & (stratum == k)]) for k in range(strata)])
        exposed = share > middle[stratum]
        now = taken_up == month
        n = np.bincount(stratum[at_risk & exposed], minlength=strata)
        m = np.bincount(stratum[at_risk & ~exposed], minlength=strata)
        a = np.bincount(stratum[at_risk & exposed & now], minlength=strata)
        b = np.bincount(stratum[at_risk & ~exposed & now], minlength=strata)
        everybody = np.maximum(n + m, 1)
        above += float((a * m / everybody).sum())
        below += float((b * n / everybody).sum())
    return above / below if below > 0 else float("nan")


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if values.size else 0.0


def _sum_over_ties(ties_ptr: NDArray[np.int32], values: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the sum of a value over each person's ties, int64[people]."""
    running = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
    summed: NDArray[np.int64] = running[ties_ptr[1:]] - running[ties_ptr[:-1]]
    return summed
