"""Beliefs: the bank's conviction that digital finance works here, and a borrower's will to pay."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.learning import Learning, Willingness
from sim.kernels import kernel, logistic, span
from sim.threads import over_rows

Array = NDArray[Any]
Floats = NDArray[np.float32]


def conviction(
    belief: float, digital_share: float, deposits_moved: float, loans_lost: float, assumed: Learning
) -> float:
    r"""Return the bank's new belief after a month's news.

    .. math:: c' = c + s\,(\min\{1,\ d + w_D\,m + w_L\,l\} - c)

    Parameters
    ----------
    belief : float, in [0, 1]
        Before (c).
    digital_share : float, in [0, 1]
        Share of value at county-town shops paid by code (d).
    deposits_moved : float, in [0, 1]
        Households' money in wallets and their fund over all they hold (m), beyond the start.
    loans_lost : float, in [0, 1]
        The platform lender's share of new formal loans (l).
    assumed : Learning
        ``speed`` (s), ``deposits_weight`` (w_D), ``loans_weight`` (w_L).

    Returns
    -------
    float, in [0, 1]
    """
    news = digital_share + assumed.deposits_weight * max(deposits_moved, 0.0) + assumed.loans_weight * loans_lost
    return belief + assumed.speed * (min(max(news, 0.0), 1.0) - belief)


@kernel
def _refusal(
    start: int, stop: int, burden: Array, access: Array, norm: Array, record: Array, quality: Array, intercept: float,
    of_burden: float, most: float, of_access: float, of_norm: float, of_record: float, of_quality: float, out: Array,
) -> None:  # fmt: skip
    for i in span(start, stop):
        weighs = min(max(burden[i], 0.0), most)
        out[i] = logistic(
            intercept
            + of_burden * weighs
            - of_access * access[i]
            + of_norm * norm[i]
            + of_record * record[i]
            - of_quality * quality[i]
        )


def willingness(
    burden: Floats, access_value: Floats, norm: Floats, record: Floats, quality: Floats, p: Willingness
) -> Floats:
    r"""Return the probability that somebody decides not to pay what falls due.

    .. math:: \mathrm{logistic}(a + b \min(\text{burden}, B) - v\,\text{access} + n\,\text{norm} + r\,\text{record}
              - k\,\text{quality})

    Parameters
    ----------
    burden : float32[k]
        What falls due over the household's monthly income.
    access_value : float32[k], in [0, 1]
        Share of daily life that runs on what would be lost.
    norm : float32[k], in [0, 1]
        Share of the loans around that are in default.
    record : float32[k], in [0, 1]
        Worst days past due so far, over 90.
    quality : float32[k], standard normal
        Hidden creditworthiness.
    p : Willingness

    Returns
    -------
    float32[k], in [0, 1]
    """
    chance = np.empty(len(burden), np.float32)
    over_rows(
        _refusal, len(chance), burden, access_value, norm, record, quality, p.intercept, p.burden, p.burden_most,
        p.access, p.norm, p.record, p.quality, chance, weight=4,
    )  # fmt: skip
    return chance


def default_probability(refusal: Floats, dates: NDArray[np.int64], cure: float) -> Floats:
    r"""Return the chance that a borrower refuses within a year and does not come round for three months.

    .. math:: 1 - \bigl(1 - p (1 - c)^3\bigr)^n

    Parameters
    ----------
    refusal : float32[k], in [0, 1]
        Chance p to refuse at one date on which something is due.
    dates : int64[k]
        Dates in the year n.
    cure : float, in [0, 1]
        Chance c that one who refuses pays again in a month.

    Returns
    -------
    float32[k], in [0, 1]
    """
    stays = refusal.astype(np.float64) * (1.0 - cure) ** 3
    left = np.ones(len(stays))
    for date in range(1, int(dates.max(initial=0)) + 1):
        left *= np.where(date <= dates, 1.0 - stays, 1.0)
    return (1.0 - left).astype(np.float32)
