"""Default by vintage and months on book, from the loan tape.

A loan is in default from the first month end at which it is 90 or more days late. A loan that was repaid stays in its
vintage as a loan that will not default any more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def cumulative_default(originated: NDArray[np.int64], defaulted: NDArray[np.int64], last: int) -> FloatArray:
    r"""Return the share of loans in default within k months of being paid out, for k = 0, 1, …, ``last``.

    The product-limit estimate, so that young vintages count for as long as they were watched:

    .. math:: F(k) = 1 - \prod_{j \le k} (1 - d_j / n_j)

    with d_j the loans that default j months after disbursement and n_j those watched for at least j months and not in
    default before.

    Parameters
    ----------
    originated, defaulted : int64[loans]
        Month of disbursement; first month 90 or more days late (-1: never).
    last : int
        The last month watched.

    Returns
    -------
    float64[last + 1]
        Not a number where no loan was watched so long.

    References
    ----------
    Kaplan, E. L. & Meier, P. (1958). Nonparametric estimation from incomplete observations.
    """
    watched = last - np.asarray(originated, np.int64)
    failed = (np.asarray(defaulted) >= 0) & (np.asarray(defaulted) <= last)
    at = np.where(failed, defaulted - originated, watched)
    defaults = np.bincount(np.clip(at[failed], 0, last), minlength=last + 1)[: last + 1]
    leaving = np.bincount(np.clip(at, 0, last), minlength=last + 1)[: last + 1]
    at_risk = leaving[::-1].cumsum()[::-1]
    survival = np.cumprod(1.0 - np.divide(defaults, at_risk, out=np.full(last + 1, np.nan), where=at_risk > 0))
    return 1.0 - survival


def default_within(loans: pd.DataFrame, months: int, last: int) -> float:
    """Return the share of loans in default within some months of being paid out, of those watched for so long.

    Not a number when no loan was watched so long.
    """
    watched = loans[loans["originated"] + months <= last]
    if watched.empty:
        return float("nan")
    failed = watched["defaulted_month"]
    return float(((failed >= 0) & (failed - watched["originated"] <= months)).mean())


def vintage_curves(loans: pd.DataFrame, last: int, width: int = 6) -> pd.DataFrame:
    """Return cumulative default by vintage: a row for each month on book, a column for each vintage.

    Parameters
    ----------
    loans : DataFrame
        Rows of the loan tape (``originated``, ``defaulted_month``) whose months are not negative.
    last : int
        The last month watched.
    width : int
        Months that make a vintage.

    Returns
    -------
    DataFrame
        Index: months on book. Columns: first month of the vintage. A curve ends where its youngest loans were no
        longer watched.
    """
    curves = {}
    for first in range(0, last + 1, width):
        rows = loans[(loans["originated"] >= first) & (loans["originated"] < first + width)]
        if len(rows) == 0:
            continue
        share = cumulative_default(
            rows["originated"].to_numpy(np.int64), rows["defaulted_month"].to_numpy(np.int64), last
        )
        share[last - int(rows["originated"].max()) + 1 :] = np.nan
        curves[first] = share
    return pd.DataFrame(curves, index=pd.RangeIndex(last + 1, name="months_on_book"))
