r"""Scoring: what a lender sees of a person's hidden creditworthiness, and the line that follows.

.. math:: \text{signal} = \sqrt{\pi}\ \text{quality} + \sqrt{1 - \pi}\ \text{error}

A lender's error about a person is fixed but for a slow renewal, so scores do not jump.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.scoring import Scoring
from sim.kernels import exp_, kernel, log_, normal_quantile, row, span
from sim.threads import over_rows

Array = NDArray[Any]
Floats = NDArray[np.float32]

_MONTHS_THAT_MATTER = 121
YUAN = 100
#: Lines are whole thousands of yuan, in fen.
LINE_STEP = 1000 * YUAN


@kernel
def _signal(
    start: int, stop: int, quality: Array, error: Array, months: Array, records: Array, of_quality: Array,
    of_error: Array, out: Array,
) -> None:  # fmt: skip
    """Fill ``out``; the two tables hold the weights by months of use and records."""
    last = of_quality.shape[0] - 1
    for i in span(start, stop):
        month = row(min(max(months[i], 0), last))
        known = row(records[i])
        out[i] = of_quality[month, known] * quality[i] + of_error[month, known] * error[i]


@kernel
def _platform_weights(blindness: float, memory: float, factor: float, of_quality: Array, of_error: Array) -> None:
    """Fill the tables of weights, float32[months, 2]."""
    for month in range(of_quality.shape[0]):
        for known in range(2):
            noise = blindness * exp_(-month / memory)
            if known == 1:
                noise *= factor
            of_quality[month, known] = np.sqrt(1.0 - noise)
            of_error[month, known] = np.sqrt(noise)


def platform_score(
    quality: Floats, error: Floats, months: NDArray[np.int16], records: NDArray[np.bool_], assumed: Scoring
) -> Floats:
    r"""Return the platform lender's score of each resident.

    .. math:: \sqrt{\pi}\,q + \sqrt{1-\pi}\,e, \qquad \pi = 1 - b\, e^{-m/\tau}\ (\times f \text{ with records})

    Parameters
    ----------
    quality : float32[n], standard normal
        Hidden creditworthiness (q).
    error : float32[n], standard normal
        The lender's error about the person (e).
    months : int16[n]
        Months of flow that it has seen (m).
    records : bool[n]
        The government's records are shared.
    assumed : Scoring
        ``blindness`` (b), ``learning_months`` (tau), ``records_factor`` (f).

    Returns
    -------
    float32[n], about standard normal
    """
    weights = np.empty((2, _MONTHS_THAT_MATTER, 2), np.float32)
    _platform_weights(assumed.blindness, assumed.learning_months, assumed.records_factor, weights[0], weights[1])
    score = np.empty(len(quality), np.float32)
    over_rows(_signal, len(score), quality, error, months, records, weights[0], weights[1], score)
    return score


@kernel
def _bank_signal(
    quality: Array, error: Array, payroll: Array, months: Array, connected: Array, rated: Array, stranger: float,
    known: float, known_months: float, wages: float, favour: float, grade: float, rating: float, out: Array,
) -> None:  # fmt: skip
    for i in range(len(out)):
        precision = stranger
        if months[i] > 0:
            precision += (known - stranger) * min(months[i] / known_months, 1.0)
        if payroll[i]:
            precision = max(precision, wages)
        if rated[i]:
            precision += rating * (1.0 - precision)
        signal = np.sqrt(precision) * quality[i] + np.sqrt(1.0 - precision) * error[i]
        if connected[i]:
            signal += favour
        out[i] = grade * np.floor(signal / grade + 0.5)


def bank_score(
    quality: Floats, error: Floats, payroll: NDArray[np.bool_], months: NDArray[np.int16], connected: NDArray[np.bool_],
    rated: NDArray[np.bool_], rating: float, assumed: Scoring,
) -> Floats:  # fmt: skip
    r"""Return the rural bank's grade of each resident: coarse, and kind to those known to officials.

    .. math:: g \lfloor (\sqrt{\pi}\,q + \sqrt{1-\pi}\,e + c) / g + 1/2 \rfloor

    The precision :math:`\pi` is that of a stranger, rises with the months since the first loan, is high where the bank
    pays out the wage, and is raised towards 1 by a share ``rating`` where the village was rated as a whole.

    Parameters
    ----------
    quality, error : float32[n], standard normal
        Hidden creditworthiness (q); the bank's error about the person (e).
    payroll : bool[n]
        Wage paid through the bank.
    months : int16[n]
        Months since the first loan; 0 for those without.
    connected, rated : bool[n]
        Known to officials (gets the favour c); lives in a rated village.
    rating : float, in [0, 1]
        What a rating adds.
    assumed : Scoring
        ``bank_...``; the width of a grade is g.

    Returns
    -------
    float32[n]
        Multiples of the grade.
    """
    score = np.empty(len(quality), np.float32)
    _bank_signal(
        quality, error, payroll, months, connected, rated, assumed.bank_precision, assumed.bank_known,
        assumed.bank_known_months, assumed.bank_payroll, assumed.bank_favour, assumed.bank_grade, rating, score,
    )  # fmt: skip
    return score


@kernel
def _observe(start: int, stop: int, flow: Array, part: Any, smoothing: Any, average: Array, months: Array) -> None:
    for i in span(start, stop):
        average[i] += smoothing * (part * flow[i] - average[i])
        months[i] += (flow[i] > 0) & (months[i] < 1000)


def observe_flow(flow: NDArray[np.int64], average: Floats, months: NDArray[np.int16], assumed: Scoring) -> None:
    """Add a month to what the platform has seen; ``average`` and ``months`` are changed.

    Parameters
    ----------
    flow : int64[n], fen
        Paid and received by wallet this month.
    average : float32[n], yuan a month
        Usual flow seen: it closes ``flow_smoothing`` of the gap to the part of this month's that the platform sees.
    months : int16[n]
        Months with a flow.
    assumed : Scoring
        ``flow_share``, ``flow_smoothing``.
    """
    part, smoothing = np.float32(assumed.flow_share / YUAN), np.float32(assumed.flow_smoothing)
    over_rows(_observe, len(flow), flow, part, smoothing, average, months)


def renewed_error(error: Floats, fresh: Floats, renewal: float) -> Floats:
    r"""Return errors after a review: :math:`\sqrt{1-r}\,e + \sqrt{r}\,z`, standard normal again.

    Parameters
    ----------
    error, fresh : float32[k], standard normal
        Before; new draws (z).
    renewal : float, in [0, 1]
        Share of the variance that is new (r).
    """
    kept, new = np.float32(np.sqrt(1.0 - renewal)), np.float32(np.sqrt(renewal))
    return kept * error + new * fresh


@kernel
def _quantile(share_below: float) -> float:
    return normal_quantile(share_below)


def threshold(share_below: float) -> float:
    """Return the score that this share of a standard normal population lies below (infinite at 0 and 1)."""
    if share_below <= 0.0:
        return -np.inf
    return np.inf if share_below >= 1.0 else float(_quantile(share_below))


@kernel
def _offers(
    start: int, stop: int, draw: Array, line_since: Array, wallet_since: Array, months: Array, age: Array, score: Array,
    defaults: Array, share: float, months_needed: int, oldest: int, cutoff: float, out: Array,
) -> None:  # fmt: skip
    """Fill ``out`` from start to stop - 1; arguments as in `offers`."""
    for i in span(start, stop):
        known = (line_since[i] < 0) & (wallet_since[i] >= 0) & (months[i] >= months_needed)
        out[i] = known & (age[i] <= oldest) & (defaults[i] == 0) & (score[i] >= cutoff) & (draw[i] < share)


def offers(
    draw: Floats, line_since: NDArray[np.int16], wallet_since: NDArray[np.int16], months: NDArray[np.int16],
    age: NDArray[np.int8], score: Floats, defaults: NDArray[np.int16], share: float, months_needed: int, oldest: int,
    cutoff: float,
) -> NDArray[np.bool_]:  # fmt: skip
    """Return whom the platform offers a line this month: users without one whom it knows, likes and may lend to.

    Parameters
    ----------
    draw : float32[n], in [0, 1)
    line_since, wallet_since : int16[n], months
        Below 0 for those without a line, without a wallet.
    months : int16[n]
        Months of flow that the platform has seen.
    age : int8[n], years
    score : float32[n], standard normal
    defaults : [n]
        Loans of the platform that this person let default.
    share : float
        Of those eligible, offered a line in a month.
    months_needed, oldest : int
        Fewest months of flow; highest age.
    cutoff : float
        Lowest score.

    Returns
    -------
    bool[n]
    """
    offered = np.empty(len(draw), np.bool_)
    over_rows(
        _offers, len(draw), draw, line_since, wallet_since, months, age, score, defaults, np.float32(share),
        months_needed, oldest, np.float32(cutoff), offered,
    )  # fmt: skip
    return offered


@kernel
def _renew_lines(
    start: int, stop: int, rows: Array, score: Array, flow: Array, middle: Any, best: Any, low: float, high: float,
    elasticity: float, usual: float, step: float, tier: Array, line: Array,
) -> None:  # fmt: skip
    """Do so for the rows start to stop - 1; arguments as in `renew_lines`.

    The loop over powers has neither a branch nor a look-up: LLVM then works on several rows at once.
    """
    count = stop - start
    growth = np.empty(count, np.float64)
    for k in span(0, count):
        growth[k] = flow[row(rows[row(start) + k])]
    for k in span(0, count):
        ratio = max(growth[k] / usual, 1.0)
        growth[k] = exp_(elasticity * log_(ratio))
    for k in span(0, count):
        i = row(rows[row(start) + k])
        level = int(score[i] >= middle) + int(score[i] >= best)
        tier[i] = level
        size = min(max(low * (1.0 + step * level) * growth[k], low), high)
        line[i] = max(line[i], int(size / LINE_STEP) * LINE_STEP)


def renew_lines(
    rows: NDArray[np.int64], score: Floats, flow: Floats, low: float, high: float, assumed: Scoring,
    tier: NDArray[np.int8], line: NDArray[np.int64],
) -> None:  # fmt: skip
    r"""Set the price tiers and credit lines of some users: the line follows payments seen and tier, and never shrinks.

    .. math:: \min\{\text{high},\ \text{low}\,(1 + s\,\text{tier}) \max(1, \text{flow} / \text{usual})^{0.41}\}

    Parameters
    ----------
    rows : int64[k]
        Users, each once.
    score : float32[n], standard normal
    flow : float32[n], yuan a month
        Flow of payments that the platform sees.
    low, high : float, yuan
        Bounds of a line.
    assumed : Scoring
        ``tier_middle``, ``tier_best``: the shares below them; ``line_elasticity``, ``line_flow`` (usual),
        ``line_tier`` (s).
    tier : int8[n]
        0 basic, 1 middle, 2 best; changed.
    line : int64[n], fen
        Raised to the new line, in whole thousands of yuan; changed.

    References
    ----------
    Ouyang (2022), "Cashless payment and financial inclusion": elasticity 0.41.
    """
    middle, best = threshold(assumed.tier_middle), threshold(assumed.tier_best)
    over_rows(
        _renew_lines, len(rows), rows, score, flow, np.float32(middle), np.float32(best), low * YUAN, high * YUAN,
        assumed.line_elasticity, assumed.line_flow, assumed.line_tier, tier, line, weight=4,
    )  # fmt: skip
