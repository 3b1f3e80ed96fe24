"""Money at the start: deposits, heavy-tailed across households, and cash."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.population import Population as Assumed
from sim.draws import Decision, Draws
from sim.state.people import KINDS, Mix, People
from sim.state.places import START
from sim.state.work import fen, mean_one
from sim.vocabulary import AgeBand, Employer, Occupation

_HEAD, _ADULT, _PARENT, _YOUTH = 20, 10, 7, 3
"""Parts of a household's deposits: the head, other adults, those of 60 and over, those under 25. Assumed."""


def deposits_of_groups(facts: Any, assumed: Assumed, mix: Mix) -> NDArray[np.float64]:
    """Return the mean deposit per adult of a household that is neither a merchant's nor poor, yuan, float64[kind].

    Such that the county's mean over all households is ``deposits_per_adult``.
    """
    people = facts.people
    relative = np.array([1.0, assumed.deposits_seat, assumed.deposits_town])
    owners = np.array([people.merchants_village, people.merchants_seat, people.merchants_town])
    keepers = owners * people.adults_per_household
    poor = np.array([_expected_poor(mix, kind) for kind in KINDS])
    factor = (1.0 + (assumed.deposits_merchants - 1.0) * keepers) * (1.0 - (1.0 - assumed.deposits_poor) * poor)
    total = mix.adults * relative * factor
    mean = (total[0] + total[1] + total[2]) / (mix.adults[0] + mix.adults[1] + mix.adults[2])
    result: NDArray[np.float64] = facts.rural_bank.deposits_per_adult / mean * relative
    return result


def _expected_poor(mix: Mix, kind: int) -> float:
    """Return the share of adults in poor households, adding in order."""
    total = 0.0
    for share, poor in zip(mix.types[kind].tolist(), mix.poor[kind].tolist(), strict=True):
        total += share * poor
    return total


def rural_bank_customers(facts: Any, assumed: Assumed, mix: Mix) -> NDArray[np.float64]:
    """Return the share of adults whose main bank is the rural bank, float64[kind].

    In assumed proportions by place, and such that the bank holds its share of the county's deposits.
    """
    relative = np.array([1.0, assumed.rural_bank_seat, assumed.rural_bank_town])
    weight = mix.adults * deposits_of_groups(facts, assumed, mix)
    part = weight * relative
    mean = (part[0] + part[1] + part[2]) / (weight[0] + weight[1] + weight[2])
    away = 1.0 - assumed.main_bank_share
    wanted = (facts.rural_bank.deposit_share - away) / (assumed.main_bank_share - away)
    shares: NDArray[np.float64] = np.clip(relative * wanted / mean, 0.0, 0.98)
    return shares


def endow(
    crowd: People, wage_luck: NDArray[np.float32], facts: Any, assumed: Assumed, cash_kept: float, draws: Draws
) -> None:
    """Give every resident deposits and cash.

    Parameters
    ----------
    crowd : People
        ``main_bank``, ``deposit_rural``, ``deposit_elsewhere`` and ``cash`` are filled in.
    wage_luck : float32[residents], standard normal
        Deposits rise with the head's.
    cash_kept : float
        Cash that a person keeps at home at most, yuan.
    """
    residents, households = crowd.residents, crowd.households
    own = draws.normal_of(Decision.WEALTH, START, crowd.home)
    rest = np.float32(sqrt(1.0 - assumed.wealth_wage**2))
    z = np.float32(assumed.wealth_wage) * wage_luck[crowd.first[:-1]] + rest * own
    mean = deposits_of_groups(facts, assumed, crowd.mix)[households.place_kind] * households.count
    mean = np.where(households.sector == Occupation.MERCHANT, mean * assumed.deposits_merchants, mean)
    mean = np.where(households.poor, mean * assumed.deposits_poor, mean)
    deposits = _among_members(crowd, fen(mean * mean_one(assumed.wealth_spread, z)))
    chance = rural_bank_customers(facts, assumed, crowd.mix)[residents.place_kind]
    elsewhere = draws.uniform_of(Decision.MAIN_BANK, START, crowd.who) >= chance
    # The anchor firm pays its staff through the rural bank.
    residents.main_bank = (elsewhere & (residents.employer != Employer.ANCHOR)).astype(np.int8)
    kept = (deposits * assumed.main_bank_share).astype(np.int64)
    residents.deposit_rural = np.where(residents.main_bank == 0, kept, deposits - kept)
    residents.deposit_elsewhere = deposits - residents.deposit_rural
    luck = mean_one(assumed.cash_spread, draws.normal_of(Decision.MAIN_BANK, START, crowd.who + np.int32(1 << 24)))
    residents.cash = fen(np.minimum(facts.rural_bank.cash_per_adult * luck, cash_kept))


def _among_members(crowd: People, deposits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Split each household's deposits among its members, fen; what does not divide stays with the head."""
    residents, heads = crowd.residents, crowd.first[:-1]
    parts = np.full(residents.n, _ADULT, np.int64)
    parts[residents.age_band == AgeBand.FROM_60] = _PARENT
    parts[residents.age < 25] = _YOUTH
    parts[heads] = _HEAD
    all_parts = np.add.reduceat(parts, heads)
    own: NDArray[np.int64] = deposits[residents.household] * parts // all_parts[residents.household]
    own[heads] += deposits - np.add.reduceat(own, heads)
    return own
