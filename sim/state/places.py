"""Where people live: villages, township seats and the county town, and which of them are simulated.

The map is laid out once for the full county; at a scale above 1 for a county with so many times the villages and
people, in as many townships. A smaller county keeps whole villages and whole blocks of households of
the seats and the town, so a kept village has the same people, homes, shops and inner ties at every scale. The luck of
the months is drawn by row, so a person has other luck at another scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import Decision, Draws
from sim.mechanisms.luck import lognormal
from sim.state.columns import Columns
from sim.state.tables import PLACE_COLUMNS
from sim.vocabulary import PlaceKind

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CIRCLE = 4
"""Households in a circle of kin or close neighbours."""
BLOCK = 24
"""Households in a villager group (3,842 in 288 villages) or a block of streets, the unit in which towns are thinned."""
FAR = 100_000
START = -1
"""The month of what is drawn once, before the first month."""
SMALLEST_VILLAGE = 0.25
LARGEST_VILLAGE = 4.0
CELL = 12.4
"""Side of a township's square in km: 16 of them make the county's 2,465 square kilometres."""
TOWN_CELL = 5


@dataclass(frozen=True)
class Layout:
    """The places that are simulated and their households.

    Attributes
    ----------
    places : Columns
        One row a place that is simulated: villages by township, then seats, then the town.
    place : int64[h]
        Row of the place of each household; households stand in order of their numbers.
    number : int64[h]
        Number of the household in the full county.
    """

    places: Columns
    place: Ints
    number: Ints


def lay_out(facts: Any, spread: float, draws: Draws, scale: float) -> Layout:
    """Place the county's households on the map and keep a share of them.

    Parameters
    ----------
    facts : County
        ``people``: residents, adult_share, adults_per_household, urban_share, seat_share, villages, townships.
    spread : float
        Standard deviation of the log of village size.
    draws : Draws
    scale : float
        Share of the county; above 1 so many counties in one.
    """
    people, size = facts.people, max(scale, 1.0)
    villages, seats = round(people.villages * size), int(people.townships) - 1
    kind = np.repeat([PlaceKind.VILLAGE, PlaceKind.SEAT, PlaceKind.TOWN], [villages, seats, 1]).astype(np.int64)
    township = _townships(villages, seats, draws)
    homes = _households_by_place(people, size, township, spread, draws)
    x, y = _positions(kind, township, draws)
    kept_villages = _sample_villages(township[:villages], homes[:villages], scale / size, draws)
    share = 1.0 if scale >= 1.0 else float(homes[kept_villages].sum() / homes[:villages].sum())
    simulated = np.concatenate([kept_villages, np.arange(villages, villages + seats + 1)])
    base = np.cumsum(homes) - homes
    row, number = _keep_households(kind, homes, base, simulated, share, draws)
    places = Columns(PLACE_COLUMNS, len(simulated))
    places.number = simulated.astype(np.int16)
    places.first_number = base[simulated].astype(np.int32)
    places.kind = kind[simulated].astype(np.int8)
    places.township = township[simulated].astype(np.int8)
    places.seat = (len(kept_villages) + township[simulated]).astype(np.int16)
    places.x, places.y = x[simulated].astype(np.float32), y[simulated].astype(np.float32)
    places.full_households = homes[simulated].astype(np.int32)
    places.households = np.bincount(row, minlength=len(simulated)).astype(np.int32)
    return Layout(places, row, number)


def _apportion(weights: Floats, total: int) -> Ints:
    """Split a total into whole numbers in proportion to weights: rounded running sums, so that they add up."""
    running = np.cumsum(weights)
    edges = np.floor(running / running[-1] * total + 0.5).astype(np.int64)
    parts: Ints = np.diff(edges, prepend=0)
    return parts


def _townships(villages: int, seats: int, draws: Draws) -> Ints:
    """Return the township of every place: 10 to 30 villages each, one seat each, the town last and by itself."""
    pull = 0.6 + draws.uniform(Decision.PLACES, START, seats).astype(np.float64)
    of_villages = np.repeat(np.arange(seats), _apportion(pull, villages))
    return np.concatenate([of_villages, np.arange(seats), [seats]])


def _households_by_place(people: Any, size: float, township: Ints, spread: float, draws: Draws) -> Ints:
    """Return households at full size: log-normal villages, seats in proportion to their villages, the town the rest."""
    seats = int(people.townships) - 1
    villages = len(township) - seats - 1
    total = size * people.residents * people.adult_share / people.adults_per_household
    numbers = 1000 + np.arange(villages, dtype=np.int32)
    numbers[1000:] += FAR  # what lies between is for seats and positions
    village = lognormal(1.0, spread, draws.normal_of(Decision.PLACES, START, numbers))
    village = np.clip(village, SMALLEST_VILLAGE, LARGEST_VILLAGE)
    in_villages = _apportion(village, round(total * (1.0 - people.urban_share)))
    around = np.bincount(township[:villages], weights=in_villages, minlength=seats)
    luck = draws.uniform_of(Decision.PLACES, START, 2000 + np.arange(seats, dtype=np.int32))
    in_seats = _apportion(around * (0.6 + 0.8 * luck.astype(np.float64)), round(total * people.seat_share))
    in_town = round(total * (people.urban_share - people.seat_share))
    return np.concatenate([in_villages, in_seats, [in_town]])


def _positions(kind: Ints, township: Ints, draws: Draws) -> tuple[Floats, Floats]:
    """Return km east and north: a square for each township, four in a row, the town's among those in the middle.

    Villages lie anywhere in their square, seats and the town near its centre.
    """
    seats = int(township[-1])
    columns = max(4, int(np.ceil(np.sqrt(seats + 1))))
    cell = np.where(township == seats, TOWN_CELL, township + (township >= TOWN_CELL))
    numbers = 3000 + np.arange(2 * len(kind), dtype=np.int32)
    luck = draws.uniform_of(Decision.PLACES, START, numbers).astype(np.float64)
    wide = np.where(kind == PlaceKind.VILLAGE, 1.0, 0.3)
    within_x = 0.5 + (luck[0::2] - 0.5) * wide
    within_y = 0.5 + (luck[1::2] - 0.5) * wide
    return CELL * (cell % columns + within_x), CELL * (cell // columns + within_y)


def _sample_villages(township: Ints, homes: Ints, scale: float, draws: Draws) -> Ints:
    """Return the villages that are kept, sorted: every k-th of a list by township and size.

    Of 64 starting points the one is taken whose villages have a share of all households nearest to the scale.
    """
    villages = len(homes)
    count = max(1, round(scale * villages))
    if count >= villages:
        return np.arange(villages)
    # Sizes rise in one township and fall in the next, so that neighbours in the list are alike.
    order = np.lexsort((np.where(township % 2 == 0, homes, -homes), township))
    luck = float(draws.uniform(Decision.VILLAGE_SAMPLE, START, 1)[0])
    starts = (luck + np.arange(64) / 64.0) % 1.0
    steps = ((np.arange(count) + starts[:, None]) * (villages / count)).astype(np.int64)
    found = homes[order[np.minimum(steps, villages - 1)]].sum(axis=1)
    best = int(np.argmin(np.abs(found - scale * homes.sum())))
    return np.sort(order[np.minimum(steps[best], villages - 1)])


def _keep_households(
    kind: Ints, homes: Ints, base: Ints, simulated: Ints, share: float, draws: Draws
) -> tuple[Ints, Ints]:
    """Return the place row and the number in the county of every household that is kept.

    Villages are kept whole; of the blocks of seats and town, in a row, every one at which a running sum of the share
    passes a whole number.
    """
    sizes = homes[simulated]
    row = np.repeat(np.arange(len(simulated)), sizes)
    local = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    number = base[simulated][row] + local
    if share < 1.0:
        blocks = np.where(kind[simulated] == PlaceKind.VILLAGE, 0, -(-sizes // BLOCK))
        block = (np.cumsum(blocks) - blocks)[row] + local // BLOCK
        luck = draws.uniform(Decision.BLOCK_SAMPLE, START, 1).astype(np.float64)
        steps = np.floor(np.arange(int(blocks.sum()) + 1) * share + luck)
        taken = np.diff(steps) > 0
        keep = (kind[simulated][row] == PlaceKind.VILLAGE) | taken[np.minimum(block, len(taken) - 1)]
        row, number = row[keep], number[keep]
    return row, number
