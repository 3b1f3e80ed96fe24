"""The county's people, homes, shops and places, as they stand in January 2017."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import Draws
from sim.state.columns import Columns
from sim.state.people import make_people
from sim.state.places import lay_out
from sim.state.shops import make_shops, regular_shops
from sim.state.start import settle_start, start_wallets
from sim.state.tables import HOUSEHOLD_COLUMNS, PLACE_COLUMNS, RESIDENT_COLUMNS, SHOP_COLUMNS
from sim.state.wealth import endow
from sim.state.work import assign_work

__all__ = [
    "HOUSEHOLD_COLUMNS",
    "PLACE_COLUMNS",
    "RESIDENT_COLUMNS",
    "SHOP_COLUMNS",
    "Population",
    "build_population",
]


@dataclass(frozen=True)
class Population:
    """Everybody and everything in the county that the month acts on.

    Attributes
    ----------
    residents, households, shops, places : Columns
        Residents stand by place, then household, the head first; shops by place.
    first : int32[households + 1]
        Row of each household's first member.
    household_shops : int32[households, 6]
        Regular shops.
    household_weights : float32[households, 6]
        Their share of everyday shopping; sum 1.
    weight : float
        Full-size adults that one simulated adult stands for.
    """

    residents: Columns
    households: Columns
    shops: Columns
    places: Columns
    first: NDArray[np.int32]
    household_shops: NDArray[np.int32]
    household_weights: NDArray[np.float32]
    weight: float


def build_population(facts: Any, assumptions: Any, draws: Draws, scale: float = 1.0) -> Population:
    """Build the county at its start.

    A village that is kept at a scale has the same people, homes and shops as in the full county: whatever is drawn
    for somebody depends on the seed and on his number in the full county alone.

    Parameters
    ----------
    facts : County
        Groups people, economy, rural_bank and start.
    assumptions : Assumptions
        Groups population, network, adoption, habit, spending and payments.
    draws : Draws
    scale : float
        Share of the county that is simulated; above 1 so many counties in one.

    Raises
    ------
    CatfishError
        If the scale is out of range or the facts contradict each other.
    """
    assumed = assumptions.population
    layout = lay_out(facts, assumed.village_size_spread, draws, scale)
    crowd = make_people(layout, facts, assumed, draws)
    wage_luck = assign_work(crowd, facts, assumed, draws)
    endow(crowd, wage_luck, facts, assumed, assumptions.payments.cash_kept, draws)
    start_wallets(crowd, facts, assumptions, draws)
    shops = make_shops(crowd, layout, facts, assumed, draws)
    chosen, weights, crowd.households.dealer = regular_shops(crowd, shops, layout, facts, assumptions.network, draws)
    settle_start(crowd, shops, chosen, weights, facts, assumptions)
    adults = facts.people.residents * facts.people.adult_share
    return Population(
        residents=crowd.residents,
        households=crowd.households,
        shops=shops,
        places=layout.places,
        first=crowd.first,
        household_shops=chosen,
        household_weights=weights,
        weight=adults / crowd.residents.n,
    )
