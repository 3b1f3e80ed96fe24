"""Income: households receive their income."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Instrument, Kind
from sim.draws import Decision
from sim.mechanisms.income import IncomeTerms, household_income
from sim.state.ledger import KINDS
from sim.state.world import World, position
from sim.threads import HOUSEHOLD, parts_of
from sim.vocabulary import Employer, Sector

YUAN = 100
JANUARY, MARCH, JUNE, SEPTEMBER, OCTOBER, DECEMBER = 0, 2, 5, 8, 9, 11
QUARTER_ENDS = (MARCH, JUNE, SEPTEMBER, DECEMBER)

#: Weather and luck of months without a harvest: nobody looks at them.
NO_HARVEST = (np.zeros(0, np.float32), np.zeros(0, np.float32))
#: Who pays for each kind of income, and from which account.
_PAYERS = {
    Kind.HARVEST_SALES: (Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE),
    Kind.OFF_FARM_PAY: (Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE),
    Kind.REMITTANCES: (Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE),
    Kind.PENSIONS: (Sector.GOVERNMENT, Instrument.DEPOSIT_ELSEWHERE),
    Kind.COOPERATIVE_DIVIDENDS: (Sector.FIRM, Instrument.DEPOSIT_RURAL),
    Kind.SOLAR_DIVIDENDS: (Sector.GOVERNMENT, Instrument.DEPOSIT_ELSEWHERE),
    Kind.INSURANCE: (Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE),
}
_EMPLOYERS = {
    Employer.ANCHOR: (Sector.FIRM, Instrument.DEPOSIT_RURAL),
    Employer.PUBLIC: (Sector.GOVERNMENT, Instrument.DEPOSIT_ELSEWHERE),
    Employer.OTHER: (Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE),
}


def receive_income(world: World) -> None:
    """Pay every household its income of the month and book it."""
    people, homes = world.residents, world.households
    parts = parts_of(homes.n, HOUSEHOLD)
    by_part = np.zeros((parts, KINDS, 3, 5), np.int64)
    premiums_by_part = np.zeros((parts, 1, 3, 5), np.int64)
    wages_by_part = np.zeros((parts, len(Employer)), np.int64)
    terms = income_terms(world)
    household_income(
        terms, world.first, homes.sector, homes.poor, homes.land, homes.remittance, homes.inputs_ratio,
        homes.payer, *(harvest(world) if terms.harvest_value > 0 else NO_HARVEST),
        people.occupation, people.employer, people.main_bank, people.wage, people.pension,
        world.draws.uniform(Decision.OFF_FARM, world.month, people.n), people.flow, world.money, homes.income, by_part,
        wages_by_part, premiums_by_part,
    )  # fmt: skip
    received, premiums, wages = by_part.sum(axis=0), premiums_by_part.sum(axis=0), wages_by_part.sum(axis=0)
    for kind, (payer, account) in _PAYERS.items():
        paid = position()
        paid[payer, account] = received[kind].sum()
        world.ledger.book(kind, paid, position(received[kind]))
    paid = position()
    for employer, (payer, account) in _EMPLOYERS.items():
        paid[payer, account] += wages[employer]
    world.ledger.book(Kind.WAGES, paid, position(received[Kind.WAGES]))
    insurer = position()
    insurer[Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE] = premiums.sum()
    world.ledger.book(Kind.INSURANCE, position(premiums[0]), insurer)


def income_terms(world: World) -> IncomeTerms:
    """Return what everybody's income depends on this month: prices, season, shocks."""
    a, economy, shocks = world.assumptions.income, world.facts.economy, world.now.shocks
    locked = lockdown_depth(world)
    harvest = {JUNE: economy.wheat_value, OCTOBER: economy.maize_value}.get(world.calendar, 0.0)
    quarter_end = world.calendar in QUARTER_ENDS
    dividend = economy.cooperative_dividend_quarter if quarter_end else 0.0
    if shocks.hog_link:
        dividend *= 1.0 - hog_price_fall(world)
    return IncomeTerms(
        wage_factor=1.0 - 0.3 * locked,
        off_farm_factor=(1.0 - locked) * (0.6 if world.calendar in (JANUARY, JANUARY + 1) else 1.08),
        off_farm_chance=a.off_farm_chance,
        off_farm_cash=a.off_farm_cash,
        harvest_cash=a.harvest_cash,
        remittance_wallet=a.remittance_wallet,
        harvest_value=harvest * YUAN,
        harvest_noise=a.harvest_noise,
        inputs_loss=a.inputs_loss,
        cooperative_dividend=int(dividend * YUAN),
        solar_dividend=int(economy.solar_dividend_quarter * YUAN) if quarter_end else 0,
        premium=a.premium * YUAN if world.calendar == MARCH else 0.0,
        claim=a.insured_sum * YUAN,
    )


def harvest(world: World) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weather of each household's township, and its own luck with the harvest, float32[households] both."""
    homes = world.households
    return weather(world)[homes.township], world.draws.uniform(Decision.HARVEST, world.month, homes.n)


def weather(world: World) -> NDArray[np.float32]:
    """Return the share of a normal harvest that the weather leaves in each township, float32[townships]."""
    townships = int(world.places.township.max()) + 1
    luck = world.draws.uniform(Decision.WEATHER, world.month, townships)
    share = 1.0 + world.assumptions.income.weather_noise * (2.0 * luck - 1.0)
    shocks = world.now.shocks
    if shocks.drought > 0 and 0 <= world.month - shocks.drought_month < 12:
        share = share * (1.0 - shocks.drought)
    result: NDArray[np.float32] = share.astype(np.float32)
    return result


def lockdown_depth(world: World) -> float:
    """Return the share of work and shopping that a lockdown stops this month."""
    shocks = world.now.shocks
    inside = 0 <= world.month - shocks.lockdown_start < shocks.lockdown_months
    return float(shocks.lockdown_depth) if inside else 0.0


def hog_price_fall(world: World) -> float:
    """Return by which share the hog price lies under its flat level this month."""
    shocks = world.now.shocks
    inside = 0 <= world.month - shocks.hog_month < shocks.hog_months
    return float(shocks.hog_price_crash) if inside else 0.0
