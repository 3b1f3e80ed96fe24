"""Compiled loops that build the social network: who knows whom, and how close-knit they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import exp_, kernel, log_, row, span
from sim.state.shop_kernels import pick
from sim.threads import over_rows

Array = NDArray[Any]


@kernel
def sociability(luck: Array, spread: float, most: float, merchant: Array, extra: float, out: Array) -> None:
    """Fill ``out`` with 1000 x min(exp(spread x z), most), more for merchants, in whole numbers of at least 1.

    Whole numbers, so that running sums are exact and a village's are the same wherever it stands in the table.
    """
    for i in range(len(out)):
        value = min(exp_(spread * luck[i]), most)
        if merchant[i]:
            value *= extra
        out[i] = max(np.int64(1000.0 * value + 0.5), 1)


@kernel
def tempered(weight: Array, exponent: float, out: Array) -> None:
    """Fill ``out`` with (weight / 1000)^exponent."""
    for i in range(len(out)):
        out[i] = exp_(exponent * log_(weight[i] * 0.001))


@kernel
def name_ties(start: int, stop: int, numbers: Array, most: int, begins: Array, who: Array, own: Array) -> None:
    """Fill in who begins each tie, and the tie's own number: of those set aside for a person the first is no tie's."""
    for i in range(start, stop):
        for t in range(begins[i], begins[i + 1]):
            who[t] = i
            own[t] = numbers[i] * most + 1 + t - begins[i]


@kernel
def draw_partners(
    start: int, stop: int, who: Array, low: Array, high: Array, sums: Array, luck: Array, out: Array
) -> None:
    """Fill ``out`` with the partner of each tie: a row in [low, high), in proportion to sociability; -1 for nobody."""
    for t in span(start, stop):
        if high[t] > low[t]:
            found = pick(sums, low[t], high[t], luck[t])
            out[t] = found if found != who[t] else -1
        else:
            out[t] = -1


@kernel
def _count(first: Array, who: Array, whom: Array, ptr: Array) -> None:
    """Count both ends of every tie, and the members of a household with each other, into ``ptr[i + 1]``."""
    one = row(1)
    for h in span(0, len(first) - 1):
        others = first[h + one] - first[h] - 1
        for i in span(first[h], first[h + one]):
            ptr[i + one] += others
    for t in span(0, len(who)):
        if whom[t] >= 0:
            ptr[row(who[t]) + one] += 1
            ptr[row(whom[t]) + one] += 1
    for i in span(1, len(ptr)):
        ptr[i] += ptr[i - one]


@kernel
def _fill(first: Array, who: Array, whom: Array, place: Array, ties: Array) -> None:
    """Write both ends of every tie at ``place``, which moves on."""
    for h in span(0, len(first) - 1):
        for i in span(first[h], first[h + row(1)]):
            for j in span(first[h], first[h + row(1)]):
                if i != j:
                    ties[row(place[i])] = j
                    place[i] += 1
    for t in span(0, len(who)):
        if whom[t] >= 0:
            i, j = row(who[t]), row(whom[t])
            ties[row(place[i])] = j
            place[i] += 1
            ties[row(place[j])] = i
            place[j] += 1


@kernel
def _sort(start: int, stop: int, ptr: Array, ties: Array, kept: Array) -> None:
    """Sort each row's neighbours and drop those named twice; what is kept stands first, its number in ``kept``."""
    one = row(1)
    for i in span(start, stop):
        begin, stop_here = row(ptr[i]), row(ptr[i + one])
        for k in span(begin + one, stop_here):
            value = ties[k]
            j = k
            while j > begin and ties[j - one] > value:
                ties[j] = ties[j - one]
                j -= one
            ties[j] = value
        end, last = begin, -1
        for k in span(begin, stop_here):
            if ties[k] != last:
                last = ties[k]
                ties[end] = last
                end += one
        kept[i] = end - begin


@kernel
def _close_gaps(start: int, stop: int, ptr: Array, ties: Array, kept_ptr: Array, out: Array) -> None:
    """Copy what is kept of each row's neighbours to where ``kept_ptr`` says."""
    for i in span(start, stop):
        to, begin = row(kept_ptr[i]), row(ptr[i])
        for k in span(0, kept_ptr[i + row(1)] - kept_ptr[i]):
            out[to + k] = ties[begin + k]


def symmetric_ties(
    first: NDArray[np.int32], who: NDArray[np.int32], whom: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the network of ties begun and of households: neighbours of i are ``ties[ptr[i]:ptr[i + 1]]``, sorted.

    Parameters
    ----------
    first : int32[h + 1]
        Row of each household's first member: members of a household all know each other.
    who, whom : int32[t]
        Ties begun; ``whom`` -1 is dropped, and so is a tie named twice.

    Returns
    -------
    ptr : int32[n + 1]
    ties : int32[ptr[-1]]
    """
    n = int(first[-1])
    ptr = np.zeros(n + 1, np.int32)
    _count(first, who, whom, ptr)
    ties = np.empty(int(ptr[-1]), np.int32)
    _fill(first, who, whom, ptr[:-1].copy(), ties)
    kept = np.empty(n, np.int32)
    over_rows(_sort, n, ptr, ties, kept)
    kept_ptr = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)
    tidy = np.empty(int(kept_ptr[-1]), np.int32)
    over_rows(_close_gaps, n, ptr, ties, kept_ptr, tidy)
    return kept_ptr, tidy


@kernel
def friends_of_friends(ptr: Array, ties: Array, who: Array, luck: Array, second_luck: Array, out: Array) -> None:
    """Fill ``out`` with a neighbour of a neighbour of each person, -1 where that is himself or he has none."""
    for t in range(len(who)):
        i = who[t]
        out[t] = -1
        degree = ptr[i + 1] - ptr[i]
        if degree > 0:
            j = ties[ptr[i] + int(luck[t] * np.float32(degree))]
            k = ties[ptr[j] + int(second_luck[t] * np.float32(ptr[j + 1] - ptr[j]))]
            if k != i:
                out[t] = k


@kernel
def count_neighbours(
    start: int, stop: int, ptr: Array, ties: Array, informed: Array, wallet_since: Array, degree: Array,
    wallet_neighbours: Array, informed_neighbours: Array,
) -> None:  # fmt: skip
    """Fill in everybody's ties, those to people with a wallet, and those to informed people without one."""
    for i in range(start, stop):
        users, others = 0, 0
        for k in range(ptr[i], ptr[i + 1]):
            j = ties[k]
            if wallet_since[j] >= 0:
                users += 1
            elif informed[j]:
                others += 1
        degree[i] = ptr[i + 1] - ptr[i]
        wallet_neighbours[i] = users
        informed_neighbours[i] = others


@kernel
def local_clustering(ptr: Array, ties: Array, out: Array) -> None:
    """Fill ``out`` with the share of pairs of neighbours who know each other; NaN below two neighbours."""
    for i in range(len(out)):
        degree = ptr[i + 1] - ptr[i]
        if degree < 2:
            out[i] = np.nan
            continue
        closed = 0
        for a in range(ptr[i], ptr[i + 1]):
            j = ties[a]
            p, q = a + 1, ptr[j]
            while p < ptr[i + 1] and q < ptr[j + 1]:
                if ties[p] < ties[q]:
                    p += 1
                elif ties[p] > ties[q]:
                    q += 1
                else:
                    closed += 1
                    p += 1
                    q += 1
        out[i] = closed / (0.5 * degree * (degree - 1))


def clustering(ptr: NDArray[np.int32], ties: NDArray[np.int32]) -> NDArray[Any]:
    """Return each person's clustering, float64[n]: the share of pairs of neighbours who know each other."""
    out = np.empty(len(ptr) - 1, np.float64)
    local_clustering(ptr, ties, out)
    return out
