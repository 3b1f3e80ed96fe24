"""Choice: to whom somebody in need turns: nobody, relatives, the bank, its quick loan, the platform's line."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.choice import Choice
from sim.kernels import exp_, kernel, row, span
from sim.threads import HOUSEHOLD, over_rows

Array = NDArray[Any]

#: Columns of the tables of options.
NONE, RELATIVES, BANK, QUICK, PLATFORM, JOINT = range(6)
OPTIONS = 6


@kernel
def _logit(
    start: int, stop: int, draw: Array, available: Array, met: Array, annual_rate: Array, days: Array, liking: Array,
    papers: Array, of_met: float, of_rate: float, of_days: float, chosen: Array,
) -> None:  # fmt: skip
    """Choose one option a row by a multinomial logit: the first whose cumulated probability exceeds the draw."""
    options = len(papers)
    weight = np.empty(options, np.float64)
    for i in span(start, stop):
        for k in span(0, options):
            utility = liking[i, k] + of_met * met[i, k] - of_rate * annual_rate[i, k] - of_days * days[i, k] - papers[k]
            weight[k] = exp_(utility) if available[i, k] else 0.0
        weight[row(NONE)] = 1.0
        total = 0.0
        for k in span(0, options):
            total += weight[k]
        edge = 0.0
        for k in span(0, options):
            edge += weight[k] / total
            if draw[i] < edge:
                chosen[i] = k
                break


def choice(
    draw: Array, available: Array, met: Array, annual_rate: Array, days: Array, paperwork: Array, liking: Array,
    p: Choice,
) -> NDArray[np.int8]:  # fmt: skip
    r"""Return the option that each person in need chooses.

    .. math:: V = \text{liking} + a\,\text{met} - c\,\text{rate} - d\,\text{days} - (p + g)\,\text{paperwork},
              \qquad P_j = \frac{e^{V_j}}{\sum_m e^{V_m}}

    Going without has V = 0; an option that is not available is not chosen.

    Parameters
    ----------
    draw : float32[k], in [0, 1)
    available : bool[k, options]
    met : float64[k, options], in [0, 1]
        Share of the need that the option meets.
    annual_rate : float64[k, options], 1/year
    days : float64[k, options]
        To cash.
    paperwork : bool[options]
        Papers and a guarantor are asked for.
    liking : float64[k, options], logit
        What speaks for the lender himself: trust, acquaintance.
    p : Choice

    Returns
    -------
    int8[k]
        Column of the option.
    """
    chosen = np.zeros(len(draw), np.int8)
    over_rows(
        _logit, len(draw), draw, available, met, annual_rate, days, liking, (p.papers + p.guarantor) * paperwork,
        p.amount, p.cost, p.days, chosen, weight=HOUSEHOLD,
    )  # fmt: skip
    return chosen
