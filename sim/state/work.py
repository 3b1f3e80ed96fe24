"""What people live on: shop, farm or wage; land, off-farm work, remittances and pensions."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.population import Population as Assumed
from sim.draws import Decision, Draws
from sim.errors import CatfishError
from sim.mechanisms.luck import lognormal
from sim.state.household_types import TYPES
from sim.state.people import BANDS, KINDS, Mix, People
from sim.state.places import START
from sim.vocabulary import AgeBand, Employer, Occupation

YUAN = 100
RETIREMENT = 60
_PUBLIC_PLACES = (0.22, 0.23, 0.55)
"""Where public staff live (village, seat, town): schools everywhere, offices and hospitals in town. Assumed."""
_ANCHOR_PLACES = (0.40, 0.25, 0.35)
"""Where the anchor firm's staff live: its farms lie in the villages, its offices in town. Assumed."""
_BAND_ODDS = (2.5, 1.0, 0.25)
"""Odds of being an employee rather than a farmer, under 40, 40 to 59 and 60 and over. Assumed."""
_OTHER_STREAM = np.int32(1 << 24)
"""Added to a number where one decision needs a second draw."""


def mean_one(spread: float, z: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return log-normal factors of mean one: exp(spread x z - spread^2 / 2)."""
    shifted: NDArray[np.float64] = lognormal(1.0, 1.0, spread * z.astype(np.float64) - 0.5 * spread * spread)
    return shifted


def fen(yuan: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return whole yuan as fen."""
    whole: NDArray[np.int64] = np.floor(yuan + 0.5).astype(np.int64) * YUAN
    return whole


def shop_households(facts: Any, mix: Mix) -> NDArray[np.float64]:
    """Return the probability that a household whose head is under 60 keeps a shop, float64[kind].

    Merchants are the owners. Older heads have handed theirs on, so the others keep one a little more often.
    """
    share = _by_kind(facts.people, "merchants")
    able = np.zeros(len(KINDS))
    for what, household in enumerate(TYPES):
        if household.ages[0][1] < RETIREMENT:
            able += mix.types[:, what]
    chance: NDArray[np.float64] = np.minimum(share * facts.people.adults_per_household / able, 0.95)
    return chance


def employee_shares(facts: Any, mix: Mix) -> NDArray[np.float64]:
    r"""Return the share of employees among adults who own no shop, float64[kind, band].

    Odds :math:`\theta o_b` by age band, with the :math:`\theta` that gives the share of the facts in each kind of
    place, found by halving.
    """
    people = facts.people
    wanted = _by_kind(people, "employees") / (1.0 - _by_kind(people, "merchants"))
    rates = np.zeros((len(KINDS), len(BANDS)))
    for kind in KINDS:
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = 0.5 * (low + high)
            odds = middle / (1.0 - middle)
            rates[kind] = [odds * o / (1.0 + odds * o) for o in _BAND_ODDS]
            found = rates[kind, 0] * mix.bands[kind, 0] + rates[kind, 1] * mix.bands[kind, 1]
            low, high = (middle, high) if found + rates[kind, 2] * mix.bands[kind, 2] < wanted[kind] else (low, middle)
    return np.round(rates, 9)


def _by_kind(people: Any, name: str) -> NDArray[np.float64]:
    """Return a fact that is given by kind of place, float64[kind]."""
    return np.array([getattr(people, f"{name}_{kind.name.lower()}") for kind in KINDS])


def assign_work(crowd: People, facts: Any, assumed: Assumed, draws: Draws) -> NDArray[np.float32]:
    """Fill in occupations, employers, wages, pensions, land and remittances; return luck with wages, standard normal.

    Raises
    ------
    CatfishError
        If there are more posts than employees of working age.
    """
    residents, households = crowd.residents, crowd.households
    kind, band = residents.place_kind, residents.age_band
    heads = crowd.first[:-1]
    wish = draws.uniform_of(Decision.OCCUPATION, START, crowd.home * np.int32(8) + np.int32(7))
    chance = shop_households(facts, crowd.mix)[households.place_kind]
    keeps_shop = (residents.age[heads] < RETIREMENT) & (wish < chance)
    rates = employee_shares(facts, crowd.mix)
    luck = draws.uniform_of(Decision.OCCUPATION, START, crowd.who)
    residents.occupation = np.where(luck < rates[kind, band], Occupation.EMPLOYEE, Occupation.FARMER).astype(np.int8)
    residents.occupation[heads[keeps_shop]] = Occupation.MERCHANT
    households.sector = residents.occupation[heads]
    residents.employer = _employers(crowd, facts, rates, draws)
    wage_luck = _set_wages(crowd, facts, assumed, luck, rates, draws)
    _set_pensions(crowd, facts, assumed, draws)
    _set_land_and_remittances(crowd, facts, assumed, draws)
    public = residents.employer == Employer.PUBLIC
    known = np.where(public, assumed.connected_public, assumed.connected_share)
    residents.connected = draws.uniform_of(Decision.CONNECTED, START, crowd.who) < known
    return wage_luck


def posts(facts: Any, mix: Mix, rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of employees under 60 who work for the anchor firm, the public and others, float64[kind, 3]."""
    people = facts.people
    owners = _by_kind(people, "merchants")
    able = mix.adults * (1.0 - owners) * (mix.bands[:, 0] * rates[:, 0] + mix.bands[:, 1] * rates[:, 1])
    anchor = people.anchor_staff * np.array(_ANCHOR_PLACES) / able
    public = people.public_staff * np.array(_PUBLIC_PLACES) / able
    working = np.full(len(KINDS), people.employed_share)
    if (anchor + public > working).any():
        raise CatfishError(
            f"there are more posts (anchor_staff {people.anchor_staff:,}, public_staff {people.public_staff:,}) than "
            "employees to fill them: lower one of them or raise employees_village, employees_seat or employees_town"
        )
    return np.stack([anchor, public, working - anchor - public], axis=1)


def _employers(crowd: People, facts: Any, rates: NDArray[np.float64], draws: Draws) -> NDArray[np.int8]:
    """Return who pays each employee under 60: the anchor firm, the public, others or, without work, nobody."""
    residents = crowd.residents
    steps = np.cumsum(posts(facts, crowd.mix, rates), axis=1)
    luck = draws.uniform_of(Decision.EMPLOYER, START, crowd.who)
    code = np.array([Employer.ANCHOR, Employer.PUBLIC, Employer.OTHER, Employer.NONE], np.int8)
    found = code[(luck[:, None] >= steps[residents.place_kind]).sum(axis=1)]
    works = (residents.occupation == Occupation.EMPLOYEE) & (residents.age < RETIREMENT)
    return np.where(works, found, Employer.NONE).astype(np.int8)


def _set_wages(
    crowd: People, facts: Any, assumed: Assumed, luck: NDArray[np.float32], rates: NDArray[np.float64], draws: Draws
) -> NDArray[np.float32]:
    """Pay employees by employer, and those farmers under 60 who work off the farm; pay rises with schooling."""
    residents, economy = crowd.residents, facts.economy
    correlation = np.float32(assumed.wage_schooling)
    own = draws.normal_of(Decision.WAGE, START, crowd.who)
    z = correlation * crowd.schooling + np.float32(sqrt(1.0 - assumed.wage_schooling**2)) * own
    mean = np.array([0.0, economy.wage_anchor, economy.wage_public, economy.wage_other])[residents.employer]
    # The upper part of the draw that made someone a farmer says whether he also works off the farm.
    chance = (1.0 - luck) / (1.0 - rates[residents.place_kind, residents.age_band])
    share = np.array([economy.off_farm_under_40, economy.off_farm_40_59, 0.0])[residents.age_band]
    share = np.where(residents.poor, share * assumed.poor_off_farm, share)
    off_farm = (residents.occupation == Occupation.FARMER) & (chance < share)
    mean = np.where(off_farm, economy.off_farm_pay, mean)
    mean = np.where(residents.poor, mean * assumed.poor_pay, mean)
    rows = np.flatnonzero(mean > 0.0)
    residents.wage[rows] = fen(mean[rows] * mean_one(assumed.wage_spread, z[rows]))
    result: NDArray[np.float32] = z
    return result


def _set_pensions(crowd: People, facts: Any, assumed: Assumed, draws: Draws) -> None:
    """Pay everybody of 60 and over the residents' pension, and some former employees one of their own."""
    residents, economy = crowd.residents, facts.economy
    rows = np.flatnonzero(residents.age_band == AgeBand.FROM_60)
    who = crowd.who[rows]
    share = np.array([0.0, economy.retired_staff_seat, economy.retired_staff_town])[residents.place_kind[rows]]
    staff = (residents.occupation[rows] == Occupation.EMPLOYEE) & (
        draws.uniform_of(Decision.PENSION, START, who) < share
    )
    luck = mean_one(assumed.pension_spread, draws.normal_of(Decision.PENSION, START, who + _OTHER_STREAM))
    residents.pension[rows] = np.where(
        staff, fen(economy.pension_staff * luck), round(economy.pension_residents * YUAN)
    )


def _set_land_and_remittances(crowd: People, facts: Any, assumed: Assumed, draws: Draws) -> None:
    """Give land to households with a farmer, and money from away to those with somebody away."""
    residents, households, economy = crowd.residents, crowd.households, facts.economy
    farmer = residents.occupation == Occupation.FARMER
    farmers = np.add.reduceat(farmer.astype(np.int64), crowd.first[:-1])
    rows = np.flatnonzero((farmers > 0) & (households.sector != Occupation.MERCHANT))
    home = crowd.home[rows]
    size = mean_one(assumed.land_spread, draws.normal_of(Decision.LAND, START, home))
    households.land[rows] = np.round(economy.land_per_household * size, 1).astype(np.float32)
    share = np.array([economy.remitting_village, economy.remitting_seat, economy.remitting_town])
    chance = share[households.place_kind] * np.where(households.poor, assumed.poor_remitting, 1.0)
    some = draws.uniform_of(Decision.REMITTANCE, START, crowd.home) < chance
    rows = np.flatnonzero(some & (households.sector != Occupation.MERCHANT))
    luck = draws.normal_of(Decision.REMITTANCE, START, crowd.home[rows] + _OTHER_STREAM)
    households.remittance[rows] = fen(economy.remittance * mean_one(assumed.remittance_spread, luck))
