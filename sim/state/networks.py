"""Who knows whom: households, kin, the villager group, the village, and some people of other villages and the town."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.network import Network
from sim.draws import Decision, Draws
from sim.state.network_kernels import (
    count_neighbours,
    draw_partners,
    friends_of_friends,
    name_ties,
    sociability,
    symmetric_ties,
    tempered,
)
from sim.state.places import BLOCK, CIRCLE, START
from sim.state.population import Population
from sim.threads import at_once, over_rows
from sim.vocabulary import Occupation, PlaceKind

Rows = NDArray[np.int32]
Weights = NDArray[np.int64]
MOST_TIES = 120
"""Ties that one person can begin at each level."""
_NUMBERS = 256
"""Draws set aside for one person at each level: one for the count, two for each tie."""


def build_ties(population: Population, assumed: Network, draws: Draws) -> tuple[Rows, Rows]:
    """Return the social network, and fill in everybody's counts of neighbours.

    Members of a household all know each other. A person begins ties within the circle of kin (4 households), the
    villager group or street block (24), the place and elsewhere; the partner is chosen in proportion to sociability,
    which is log-normal and raised for merchants. Then friends of friends meet.

    Within a village the ties are the same at every scale; ties to other places go to places that are simulated.

    Parameters
    ----------
    population : Population
        ``degree``, ``wallet_neighbours`` and ``informed_neighbours`` of the residents are filled in.
    assumed : Network
    draws : Draws

    Returns
    -------
    ties_ptr : int32[n + 1]
    ties : int32[ties_ptr[-1]]
        Neighbours of resident i, sorted: ``ties[ties_ptr[i]:ties_ptr[i + 1]]``; whoever is somebody's neighbour has him
        as one.
    """
    residents, first = population.residents, population.first
    numbers = _numbers(population)
    weight = np.empty(residents.n, np.int64)
    luck = draws.normal_of(Decision.SOCIABILITY, START, numbers)
    merchant = residents.occupation == Occupation.MERCHANT
    sociability(
        luck, assumed.sociability_spread, assumed.sociability_most, merchant, assumed.merchant_sociability, weight
    )
    sums = np.concatenate([[0], np.cumsum(weight)])
    begun = _ties_nearby(population, assumed, numbers, weight, sums, draws)
    met, afar = at_once(
        lambda: _friends(assumed, numbers, weight, *symmetric_ties(first, *begun), draws),
        lambda: _ties_afar(population, assumed, numbers, sums, draws),
    )
    ptr, ties = symmetric_ties(first, *_joined(begun, met, afar))
    over_rows(
        count_neighbours, residents.n, ptr, ties, residents.informed, residents.wallet_since, residents.degree,
        residents.wallet_neighbours, residents.informed_neighbours,
    )  # fmt: skip
    return ptr, ties


def _numbers(population: Population) -> Rows:
    """Return everybody's number in the full county."""
    home = population.residents.household
    slot = np.arange(len(home), dtype=np.int32) - population.first[home]
    result: Rows = population.households.number[home] * np.int32(8) + slot
    return result


def _begin(
    numbers: Rows, mean: NDArray[Any], decision: Decision, draws: Draws
) -> tuple[Rows, Rows, NDArray[np.float32]]:
    """Return who begins each tie of a level, the tie's own number, and a uniform draw for each tie.

    A person begins the whole number of ties just below or above the mean, by luck.
    """
    luck = draws.uniform_of(decision, START, numbers * np.int32(_NUMBERS))
    count = np.minimum(np.floor(mean + luck), MOST_TIES).astype(np.int64)
    begins = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    who, own = np.empty(int(begins[-1]), np.int32), np.empty(int(begins[-1]), np.int32)
    over_rows(name_ties, len(numbers), numbers, _NUMBERS, begins, who, own)
    return who, own, draws.uniform_of(decision, START, own)


def _ties_nearby(
    population: Population, assumed: Network, numbers: Rows, weight: Weights, sums: Weights, draws: Draws
) -> tuple[Rows, Rows]:
    """Return the ties begun within the circle, the group and the place: who, and with whom."""
    relative = weight * 0.001
    kin = np.empty(len(weight), np.float64)
    tempered(weight, assumed.kin_sociability, kin)
    levels = (
        (Decision.TIES, CIRCLE, assumed.circle_ties * kin),
        (Decision.TIES_GROUP, BLOCK, assumed.group_ties * relative),
        (Decision.TIES_PLACE, 0, assumed.place_ties * relative),
    )
    found = []
    for decision, size, mean in levels:
        low, high = _range(population, size)
        who, _, luck = _begin(numbers, mean, decision, draws)
        home = population.residents.household[who]
        whom = np.empty(len(who), np.int32)
        over_rows(draw_partners, len(who), who, low[home], high[home], sums, luck, whom)
        found.append((who, whom))
    return _joined(*found)


def _range(population: Population, size: int) -> tuple[Rows, Rows]:
    """Return the rows of the group of so many households (0: the place) around each household: first, one past last."""
    households, first = population.households, population.first
    place = households.place.astype(np.int64)
    cell = place << 32
    if size:
        # households are numbered without gaps within a place at full size
        cell += (households.number - population.places.first_number[place]) // size
    begins = np.append(np.flatnonzero(np.diff(cell, prepend=-1)), len(cell))
    which = np.repeat(np.arange(len(begins) - 1), np.diff(begins))
    return first[begins[which]], first[begins[which + 1]]


def _friends(
    assumed: Network, numbers: Rows, weight: Weights, ptr: Rows, ties: Rows, draws: Draws
) -> tuple[Rows, Rows]:
    """Return ties to friends of friends: who, and with whom."""
    who, own, luck = _begin(numbers, assumed.friend_ties * weight * 0.001, Decision.TIES_FRIENDS, draws)
    second = draws.uniform_of(Decision.TIES_FRIENDS, START, own + np.int32(MOST_TIES))
    whom = np.empty(len(who), np.int32)
    friends_of_friends(ptr, ties, who, luck, second, whom)
    return who, whom


def _ties_afar(
    population: Population, assumed: Network, numbers: Rows, sums: Weights, draws: Draws
) -> tuple[Rows, Rows]:
    """Return ties to other places: who, and with whom."""
    who, own, luck = _begin(numbers, np.full(len(numbers), assumed.afar_ties), Decision.TIES_AFAR, draws)
    where = draws.uniform_of(Decision.TIES_AFAR, START, own + np.int32(MOST_TIES)).astype(np.float64)
    there = _places_afar(population, assumed, population.residents.place[who].astype(np.int64), where)
    edges = np.searchsorted(population.residents.place, np.arange(population.places.n + 1)).astype(np.int32)
    whom = np.empty(len(who), np.int32)
    over_rows(draw_partners, len(who), who, edges[there], edges[there + 1], sums, luck, whom)
    return who, whom


def _places_afar(population: Population, assumed: Network, home: Weights, luck: NDArray[np.float64]) -> Weights:
    """Return the other place in which a tie ends: from villages and seats within the township or in the town.

    People of the town know people of any village or seat. Where there is no such place, the tie goes to the town.
    """
    places = population.places
    town = places.n - 1
    villages = int(np.count_nonzero(places.kind == PlaceKind.VILLAGE))
    edges = np.searchsorted(places.township[:villages], np.arange(int(places.township[town]) + 1))
    kind, township = places.kind[home], np.minimum(places.township[home], len(edges) - 2)
    low = np.where(kind == PlaceKind.TOWN, 0, edges[township])
    high = np.where(kind == PlaceKind.TOWN, villages, edges[township + 1])
    to_village = np.where(kind == PlaceKind.VILLAGE, assumed.afar_villages, 1.0 - assumed.afar_town)
    inside = np.minimum(luck / to_village, 1.0 - 2.0**-30)
    village = low + (inside * (high - low)).astype(np.int64)
    village = np.where(village == home, low + (village + 1 - low) % np.maximum(high - low, 1), village)
    village = np.where((high <= low) | (village == home), town, village)
    any_seat = villages + ((luck - to_village) / (1.0 - to_village) * (town - villages)).astype(np.int64)
    seat = np.where(kind == PlaceKind.TOWN, np.clip(any_seat, villages, max(town - 1, villages)), places.seat[home])
    elsewhere = np.where((luck >= 1.0 - assumed.afar_town) & (kind != PlaceKind.TOWN), town, seat)
    elsewhere = np.where(elsewhere == home, town, elsewhere)
    return np.where(luck < to_village, village, elsewhere).astype(np.int64)


def _joined(*parts: tuple[Rows, Rows]) -> tuple[Rows, Rows]:
    """Return lists of ties one after the other."""
    return np.concatenate([who for who, _ in parts]), np.concatenate([whom for _, whom in parts])
