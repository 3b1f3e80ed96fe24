"""The county in January 2017: who has a wallet, who has heard of it, what households live on and spend."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import Decision, Draws
from sim.errors import CatfishError
from sim.kernels import add_up
from sim.mechanisms.luck import lognormal
from sim.mechanisms.ties import acceptance, customers_with_wallet
from sim.state.columns import Columns
from sim.state.people import Mix, People, smartphone_shares
from sim.state.places import START
from sim.state.work import YUAN
from sim.vocabulary import ShopKind

MOST_MONTHS = 24
"""Months of use that a user of the start can look back on."""
_ROUNDS = 3
"""Merchants spend what they earn, so their incomes are found in a few rounds."""


def wallet_chances(facts: Any, mix: Mix) -> NDArray[np.float64]:
    """Return the share of smartphone owners with a wallet at the start, float64[kind, band].

    Rates by age times factors by place, scaled together so that the county's expected share is ``wallet_share``.

    Raises
    ------
    CatfishError
        If not enough people have a smartphone for that share.
    """
    start = facts.start
    rate = np.array([start.wallet_under_40, start.wallet_40_59, start.wallet_over_60])
    place = np.array([start.wallet_village, start.wallet_seat, start.wallet_town])
    weight = mix.adults[:, None] * mix.bands * smartphone_shares(facts)
    total = add_up(float(a) for a in mix.adults)
    low, high = 0.0, 1000.0
    for _ in range(80):
        scale = 0.5 * (low + high)
        chance = np.minimum(place[:, None] * rate * scale, 1.0)
        found = add_up(float(v) for v in (weight * chance).ravel()) / total
        low, high = (scale, high) if found < start.wallet_share else (low, scale)
    if found < start.wallet_share - 1e-6:
        raise CatfishError(
            f"wallet_share {start.wallet_share:.0%} cannot be reached: too few people have a smartphone; lower it"
        )
    chances: NDArray[np.float64] = np.round(chance, 9)
    return chances


def start_wallets(crowd: People, facts: Any, assumptions: Any, draws: Draws) -> None:
    """Give wallets to those who had one by the end of 2016, with habit and balances; inform them and others."""
    residents, assumed = crowd.residents, assumptions.population
    kind, band = residents.place_kind, residents.age_band
    chance = wallet_chances(facts, crowd.mix)
    luck = draws.uniform_of(Decision.START_WALLET, START, crowd.who)
    together = draws.uniform_of(Decision.START_TOGETHER, START, crowd.who) < assumed.wallet_together
    luck = np.where(together, draws.uniform_of(Decision.START_HOUSEHOLD, START, crowd.home)[residents.household], luck)
    user = residents.smartphone & (luck < chance[kind, band])
    rows = np.flatnonzero(user)
    residents.wallet_since[rows] = 0
    residents.wallet_last[rows] = START
    residents.habit[rows] = assumptions.habit.start
    months = draws.uniform_of(Decision.START_USE, START, crowd.who[rows]) * np.float32(MOST_MONTHS + 1)
    residents.flow_months[rows] = months.astype(np.int16)
    start = facts.start
    known = np.array([start.informed_under_40, start.informed_40_59, start.informed_over_60])
    residents.informed = user | (draws.uniform_of(Decision.START_INFORMED, START, crowd.who) < known[band])
    residents.trust[:] = assumptions.adoption.trust_base
    luck = draws.normal_of(Decision.START_FUND, START, crowd.who[rows])
    balance = lognormal(assumed.wallet_balance, assumed.wallet_spread, luck)
    most = assumptions.payments.wallet_kept
    residents.wallet[rows] = np.minimum(balance * YUAN, most * YUAN).astype(np.int64)
    saver = rows[draws.uniform_of(Decision.START_FUND, START, crowd.who[rows] + np.int32(1 << 24)) < assumed.fund_users]
    for account in ("deposit_rural", "deposit_elsewhere"):
        moved = (residents[account][saver] * assumed.fund_share).astype(np.int64)
        residents[account][saver] -= moved
        residents.money_fund[saver] += moved


def first_users(crowd: People) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return each household's first member with a wallet (-1: none) and the share of members with one."""
    residents, heads = crowd.residents, crowd.first[:-1]
    rows = np.flatnonzero(residents.wallet_since >= 0).astype(np.int32)
    payer = np.full(crowd.households.n, -1, np.int32)
    payer[residents.household[rows[::-1]]] = rows[::-1]
    users = np.add.reduceat((residents.wallet_since >= 0).astype(np.float32), heads)
    return payer, (users / crowd.households.count).astype(np.float32)


def usual_income(crowd: People, facts: Any) -> NDArray[np.int64]:
    """Return what each household earns in a usual month without its shop, fen: mean over a year."""
    residents, households, economy = crowd.residents, crowd.households, facts.economy
    earned = np.add.reduceat(residents.wage + residents.pension, crowd.first[:-1])
    harvest = households.land * np.float32((economy.wheat_value + economy.maize_value) / 12.0 * YUAN)
    dividends = (economy.cooperative_dividend_quarter + economy.solar_dividend_quarter) / 3.0 * YUAN
    result: NDArray[np.int64] = earned + households.remittance + harvest.astype(np.int64)
    result += households.poor * round(dividends)
    return result


def settle_start(
    crowd: People, shops: Columns, household_shops: NDArray[np.int32], household_weights: NDArray[np.float32],
    facts: Any, assumptions: Any,
) -> None:  # fmt: skip
    """Fill in what follows from who shops where: incomes, turnovers, payers, usefulness, customers with a wallet."""
    residents, households = crowd.residents, crowd.households
    _incomes_and_turnovers(crowd, shops, household_shops, household_weights, facts, assumptions)
    households.payer, users = first_users(crowd)
    households.usefulness = acceptance(household_shops, household_weights, shops.qr)
    residents.usefulness = households.usefulness[residents.household]
    shops.customers_wallet = customers_with_wallet(
        household_shops, household_weights, households.consumption, users, shops.n
    )
    _past_flow(crowd, assumptions)


def _incomes_and_turnovers(
    crowd: People, shops: Columns, household_shops: NDArray[np.int32], household_weights: NDArray[np.float32],
    facts: Any, assumptions: Any,
) -> None:  # fmt: skip
    """Let households spend their usual income at their shops, and merchants live on their margin."""
    households, spending, payments = crowd.households, assumptions.spending, assumptions.payments
    margin = np.zeros(len(ShopKind))
    margin[ShopKind.VILLAGE_SHOP], margin[ShopKind.INPUT_DEALER] = payments.margin_village, payments.margin_dealer
    margin[ShopKind.STREET_SHOP], margin[ShopKind.SERVICE] = payments.margin_street, payments.margin_service
    keeper = crowd.residents.household[shops.owner]
    buyers = np.flatnonzero(households.dealer >= 0)
    inputs = households.land[buyers] * (facts.economy.inputs_cost / 12.0 * YUAN)
    supplied = np.bincount(households.dealer[buyers], weights=inputs, minlength=shops.n)
    outside = usual_income(crowd, facts)
    income = outside.copy()
    customers, shares = household_shops.ravel(), household_weights.astype(np.float64)
    for _ in range(_ROUNDS):
        retail = income * (spending.propensity * spending.retail_share)
        turnover = supplied + np.bincount(customers, weights=(shares * retail[:, None]).ravel(), minlength=shops.n)
        profit = (turnover * margin[shops.kind]).astype(np.int64)
        income = outside.copy()
        income[keeper] += profit
    shops.turnover_average = turnover.astype(np.int64)
    households.income_average = income
    households.consumption = (income * spending.propensity).astype(np.int64)


def _past_flow(crowd: People, assumptions: Any) -> None:
    """Give users of the start the flow that the platform has seen: its half of what they pay by wallet."""
    residents, households = crowd.residents, crowd.households
    rows = np.flatnonzero(residents.flow_months > 0)
    home = residents.household[rows]
    part = assumptions.habit.start * assumptions.spending.retail_share * 0.5 / YUAN
    spent = households.consumption[home] / households.count[home]
    residents.flow_average[rows] = (spent * part * residents.usefulness[rows]).astype(np.float32)
