"""What comes up this month, and who has to borrow for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.draws import Decision
from sim.mechanisms.need import chances, expenses, set_aside, spare_money, what_comes_up

if TYPE_CHECKING:
    from sim.state.world import World


@dataclass
class Demand:
    """People in need this month.

    Attributes
    ----------
    who : int32[k], residents
    home : int32[k], households
    purpose : int8[k]
    amount : int64[k], fen
    spare : float64[households], fen
        Every household's money beyond its buffer.
    """

    who: NDArray[np.int32]
    home: NDArray[np.int32]
    purpose: NDArray[np.int8]
    amount: NDArray[np.int64]
    spare: NDArray[np.float64]


def arising_demand(world: World) -> Demand:
    """Return who needs credit this month, for what and how much; what a household pays itself is set aside for it."""
    people, homes, p = world.residents, world.households, world.assumptions.need
    spare = spare_money(world.first, homes.income_average, world.money, p)
    who, purpose = what_comes_up(
        chances(world.calendar, p), world.draws.uniform(Decision.NEED, world.month, people.n), people.pending_product,
        people.head, people.age_band, people.shop, people.household, homes.land, homes.children,
    )  # fmt: skip
    paid, gap = expenses(
        who, purpose, world.draws.normal_of(Decision.NEED_AMOUNT, world.month, who), people.household, people.shop,
        homes.land, world.shops.turnover_average, spare, p,
    )  # fmt: skip
    home = people.household[who]
    keep_for_purpose(world, home, purpose, paid)
    short = np.flatnonzero(gap)
    return Demand(who[short], home[short], purpose[short], gap[short], spare)


def keep_for_purpose(
    world: World, home: NDArray[np.int32], purpose: NDArray[np.int8], amount: NDArray[np.int64]
) -> None:
    """Earmark money for what it is needed for next month."""
    homes = world.households
    set_aside(
        home, purpose, amount, homes.earmarked_inputs, homes.earmarked_stock, homes.earmarked_life,
        homes.earmarked_building,
    )  # fmt: skip
