"""Compiled loops that build the shopping ties: sizes of shops, pull of places, choice of shops."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import device, exp_, kernel, log_, span

Array = NDArray[Any]


@kernel
def _pareto(luck: Array, exponent: float, smallest: float, cut: float, out: Array) -> None:
    """Fill ``out`` with smallest x (1 - u x cut)^(-1 / exponent)."""
    for i in range(len(out)):
        out[i] = smallest * exp_(-log_(1.0 - np.float64(luck[i]) * cut) / exponent)


@kernel
def _power(base: float, exponent: float) -> float:
    return exp_(exponent * log_(base))


def pareto(luck: NDArray[np.float32], exponent: float, largest: float) -> NDArray[np.float32]:
    r"""Return sizes with a Pareto tail, cut at the top and of mean one.

    .. math:: P(X > x) = \frac{(x/x_0)^{-a} - L^{-a}}{1 - L^{-a}}, \quad x_0 \le x \le L x_0

    Parameters
    ----------
    luck : float32[m], uniform in [0, 1)
    exponent : float
        a, above 1.
    largest : float
        L, largest size over the smallest.

    Returns
    -------
    float32[m]
    """
    tail = _power(largest, -exponent)
    mean = exponent / (exponent - 1.0) * (1.0 - tail * largest) / (1.0 - tail)
    out = np.empty(len(luck), np.float32)
    _pareto(luck, exponent, 1.0 / mean, 1.0 - tail, out)
    return out


@kernel
def _gravity(mass: Array, distance: Array, size: float, decay: float, out: Array) -> None:
    """Fill ``out`` with mass^size / distance^decay."""
    for i in range(mass.shape[0]):
        for j in range(mass.shape[1]):
            out[i, j] = exp_(size * log_(max(mass[i, j], 1e-9)) - decay * log_(distance[i, j]))


def gravity(mass: NDArray[np.float64], distance: NDArray[np.float64], size: float, decay: float) -> NDArray[np.float64]:
    """Return mass^size / distance^decay, float64[places, targets]; distance in km, above 0."""
    out = np.empty(mass.shape, np.float64)
    _gravity(np.ascontiguousarray(mass, np.float64), distance, size, decay, out)
    return out


@device
def pick(sums: Array, low: int, high: int, u: float) -> int:
    """Return the index in [low, high) on which a draw falls, in proportion to the steps of running sums."""
    target = sums[low] + np.int64(np.float64(u) * np.float64(sums[high] - sums[low]))
    left, right = low, high
    while right - left > 1:
        middle = (left + right) // 2
        if sums[middle] <= target:
            left = middle
        else:
            right = middle
    return left


@kernel
def choose_shops(
    start: int, stop: int, place: Array, seat: Array, shares: Array, land: Array, luck: Array, everyday: Array,
    everyday_ptr: Array, everyday_sum: Array, dealers: Array, dealer_ptr: Array, dealer_sum: Array, ranks: Array,
    chosen: Array, weights: Array, dealer: Array,
) -> None:  # fmt: skip
    """Choose six regular shops and a dealer for every household.

    Parameters
    ----------
    place, land : int16, float32[h]
        Place of the household; land in mu.
    seat : int16[places]
        Row of the township's seat.
    shares : float64[places, 3]
        Shares of shopping in the own place, the seat and the town.
    luck : float32[h, 9], uniform
        One for each shop, one for the places, one for the ranks, one for the dealer.
    everyday, everyday_ptr, everyday_sum : int32[a], int32[places + 1], int64[a + 1]
        Shops for everyday goods, where each place's begin, and running sums of size.
    dealers, dealer_ptr, dealer_sum
        The same for dealers in farm inputs.
    ranks : float32[6]
        Shares of shopping, largest first.
    chosen, weights, dealer : int32[h, 6], float32[h, 6], int32[h]
        Filled.
    """
    slots = chosen.shape[1]
    town = len(seat) - 1
    where = np.empty(3, np.int64)
    taken = np.empty(slots, np.int64)
    for h in span(start, stop):
        where[0], where[1], where[2] = place[h], seat[place[h]], town
        turn = int(luck[h, slots + 1] * np.float32(slots))
        for k in range(slots):
            point = (k + np.float64(luck[h, slots])) / slots
            level = 0
            if point >= shares[place[h], 0]:
                level = 1 if point < shares[place[h], 0] + shares[place[h], 1] else 2
            # a place with too few shops sends its people on: to the seat, then to the town, then back home
            for _ in range(3):
                low, high = everyday_ptr[where[level]], everyday_ptr[where[level] + 1]
                here = 0
                for j in range(k):
                    here += low <= taken[j] < high
                if here < high - low:
                    break
                level = (level + 1) % 3
            if high == low:
                low, high = 0, len(everyday)
            found = pick(everyday_sum, low, high, luck[h, k])
            for _ in range(slots):  # a shop already taken passes the choice to the next one
                again = False
                for j in range(k):
                    again = again or taken[j] == found
                if not again:
                    break
                found = found + 1 if found + 1 < high else low
            taken[k] = found
            chosen[h, k] = everyday[found]
            weights[h, k] = ranks[(k + turn) % slots]
        if land[h] > 0:
            for level in range(3):
                low, high = dealer_ptr[where[level]], dealer_ptr[where[level] + 1]
                if high > low:
                    dealer[h] = dealers[pick(dealer_sum, low, high, luck[h, slots + 2])]
                    break
