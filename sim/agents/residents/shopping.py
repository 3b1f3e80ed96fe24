"""Payments: households shop and pay; shops are credited and restock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Instrument, Kind
from sim.agents.residents.income import YUAN, lockdown_depth
from sim.draws import Decision
from sim.mechanisms.shopping import (
    ShopTerms,
    SpendingTerms,
    accepted,
    count_payments,
    pay_by_card,
    settle_shops,
    shop_and_pay,
)
from sim.state.ledger import KINDS
from sim.state.world import World, position
from sim.threads import HOUSEHOLD, at_once, parts_of
from sim.vocabulary import Method, Sector, ShopKind

if TYPE_CHECKING:
    from sim.agents.rural_bank import RuralBank

FEBRUARY, MARCH, JUNE, OCTOBER = 1, 2, 5, 9
#: Card users under 40, from 40 to 59 and of 60 and over, relative to those of 40 to 59 (assumed).
CARD_USE_BY_AGE = (1.3, 1.0, 0.5)
#: Share of the year's farm inputs bought in a calendar month, and the weight of earlier purchases of the same season.
INPUT_MONTHS: Mapping[int, tuple[float, float]] = {
    OCTOBER: (0.35, 0.0),
    FEBRUARY: (0.10, 0.75),
    MARCH: (0.15, 0.70),
    JUNE: (0.40, 0.0),
}


def go_shopping(world: World, bank: RuralBank) -> None:
    """Let households spend and pay by QR, card or cash; credit the shops; book all of it."""
    paid, sales = spend(world)
    at_once(
        lambda: record_payments(world, bank, sales),
        lambda: book_shopping(world, paid, settle(world, sales)),
    )


@dataclass
class Settled:
    """What the month's settlement of shops added up to, in fen; axes as in the kernel that fills it."""

    received: NDArray[np.int64]
    supplies: NDArray[np.int64]
    withdrawn: NDArray[np.int64]
    deposited: NDArray[np.int64]
    fees: NDArray[np.int64]


def spend(world: World) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Let households spend; return what they paid, and what shops sold by goods and method, in fen."""
    people, homes, population = world.residents, world.households, world.population
    parts = parts_of(homes.n, HOUSEHOLD)
    paid = np.zeros((parts, KINDS, 3, 5), np.int64)
    sales = np.zeros((parts, 2, world.shops.n, len(Method)), np.int64)
    qr_share, card_share = acceptance_by_method(world)
    shop_and_pay(
        spending_terms(world), world.first, homes.sector, homes.children, homes.land, homes.payer,
        homes.income_average, homes.consumption, homes.inputs_ratio, homes.earmarked_inputs, homes.earmarked_life,
        homes.earmarked_building, population.household_shops, population.household_weights, homes.dealer, people.habit,
        people.wallet_since, people.wallet_last, people.main_bank, people.flow, world.money, qr_share, card_share,
        sales, paid,
    )  # fmt: skip
    return paid.sum(axis=0), sales.sum(axis=0)


def settle(world: World, sales: NDArray[np.int64]) -> Settled:
    """Credit the shops with what they sold and let them restock."""
    people, homes, shops = world.residents, world.households, world.shops
    totals = Settled(*(np.zeros(shape, np.int64) for shape in ((2, 3, 5), (1, 3, 5), (3, 5), (3, 5), (2, 3))))
    settle_shops(
        shop_terms(world), margins(world), shops.owner, shops.kind, sales, shops.turnover_average, shops.stock,
        homes.earmarked_stock, people.household, world.first, homes.sector, people.main_bank, people.flow, world.money,
        homes.income, totals.received, totals.supplies, totals.withdrawn, totals.deposited, totals.fees,
    )  # fmt: skip
    return totals


def record_payments(world: World, bank: RuralBank, sales: NDArray[np.int64]) -> None:
    """Note who pays by card, and what was paid by each method: in each shop, and at each level of place."""
    shops = world.shops
    use_cards(world, bank.contactless_gain)
    count_payments(
        sales, shops.kind, shops.place_kind, tickets(world), world.month,
        (shops.sales_cash, shops.sales_card, shops.sales_qr), shops.qr_last, world.payment_value, world.payment_count,
    )  # fmt: skip


def book_shopping(world: World, paid: NDArray[np.int64], settled: Settled) -> None:
    """Book what households spent, where the shops' money went, and what they paid in fees."""
    ledger = world.ledger
    ledger.book(Kind.RETAIL_SALES, position(paid[Kind.RETAIL_SALES]), position(settled.received[0]))
    ledger.book(Kind.FARM_INPUTS, position(paid[Kind.FARM_INPUTS]), position(settled.received[1]))
    ledger.book(Kind.CASH_HANDLING, position(settled.withdrawn), position(settled.deposited))
    paid[Kind.SUPPLIES] += settled.supplies[0]
    for kind in (Kind.OTHER_CONSUMPTION, Kind.HEALTH_AND_SCHOOLING, Kind.BUILDING, Kind.SUPPLIES):
        abroad = position()
        abroad[Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE] = paid[kind].sum()
        ledger.book(kind, position(paid[kind]), abroad)
    for fees, kind in zip(settled.fees, (Kind.MERCHANT_FEES, Kind.WITHDRAWAL_FEES), strict=True):
        from_wallets = np.zeros((3, 5), np.int64)
        from_wallets[:, Instrument.WALLET] = fees
        company = position()
        company[Sector.PAYMENT, Instrument.DEPOSIT_ELSEWHERE] = fees.sum()
        ledger.book(kind, position(from_wallets), company)


def use_cards(world: World, contactless_gain: float) -> None:
    """Let card users pay by card or the bank's app: a fixed order of persons, by place and age.

    Contactless cards add a share to the card users of every place and age.
    """
    people, p = world.residents, world.assumptions.payments
    by_place = np.array([p.card_users_village, p.card_users_seat, p.card_users_town])
    chance = (1.0 + contactless_gain) * np.outer(by_place, CARD_USE_BY_AGE)
    pay_by_card(
        chance.astype(np.float32), world.draws.once(Decision.CARD, people.n), people.place_kind, people.age_band,
        people.bank_app_since, world.month, people.card_last,
    )  # fmt: skip


def acceptance_by_method(world: World) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the share of value that goes by code in each shop, and of the rest by card, both float32[shops]."""
    shops, p = world.shops, world.assumptions.payments
    by_card = np.array([p.card_seat, p.card_seat, p.card_town], np.float32)
    return accepted(shops.qr, shops.pos, shops.kind, shops.place_kind, code_shares(world).astype(np.float32), by_card)


def season(world: World, calendar: int) -> float:
    """Return consumption in a calendar month relative to the year's mean: more at the Spring Festival."""
    extra = world.assumptions.spending.festival
    if calendar == FEBRUARY:
        return 1.0 + float(extra)
    if calendar == 0:
        return 1.0 + 0.3 * float(extra)
    return 1.0 - 0.13 * float(extra)


def spending_terms(world: World) -> SpendingTerms:
    """Return what everybody's spending depends on this month."""
    a, p = world.assumptions.spending, world.assumptions.payments
    share, carry = INPUT_MONTHS.get(world.calendar, (0.0, 0.0))
    return SpendingTerms(
        propensity=a.propensity,
        wealth_pull=a.wealth_pull,
        prudence=a.prudence,
        buffer_months=a.buffer_months,
        subsistence=int(a.subsistence * YUAN),
        season=season(world, world.calendar) * (1.0 - 0.5 * lockdown_depth(world)),
        retail_share=a.retail_share,
        payer_share=p.payer_share,
        online_share=p.online_share,
        inputs_wanted=share * world.facts.economy.inputs_cost * YUAN,
        inputs_carry=carry,
        wallet_balance_share=p.wallet_balance_share,
        month=world.month,
    )


def shop_terms(world: World) -> ShopTerms:
    """Return what every shop's accounts depend on this month."""
    p, platform = world.assumptions.payments, world.now.platform
    return ShopTerms(
        fee=0.0 if platform.code_giveaway else platform.merchant_fee,
        withdrawal_fee=platform.withdrawal_fee,
        next_season=season(world, (world.calendar + 1) % 12),
        smoothing=p.turnover_smoothing,
        wallet_float=p.wallet_float,
        subsistence=int(2 * world.assumptions.spending.subsistence * YUAN),
    )


def code_shares(world: World) -> NDArray[np.float64]:
    """Return the share of value that a QR code may carry, float64[shop kinds, 2], without and with a terminal.

    From 2018-04 static codes are capped at 500 yuan a person and day (People's Bank of China, 2017); larger tickets
    need the dynamic code of a terminal.
    """
    p = world.assumptions.payments
    large = np.full(len(ShopKind), p.large_tickets_everyday)
    large[ShopKind.INPUT_DEALER] = p.large_tickets_inputs
    regulator = world.now.regulator
    capped = world.month >= regulator.static_code_cap_start and regulator.static_code_cap > 0
    scale = 500.0 / regulator.static_code_cap if capped else 0.0
    lost = np.minimum(large * scale, 1.0)
    return np.stack([1.0 - lost, 1.0 - lost * (1.0 - p.dynamic_code_share)], axis=1)


def tickets(world: World) -> NDArray[np.float64]:
    """Return the mean ticket in fen, float64[shop kinds, methods]."""
    p = world.assumptions.payments
    table = np.tile([p.ticket_cash, p.ticket_card, p.ticket_qr], (len(ShopKind), 1))
    table[ShopKind.INPUT_DEALER] = p.ticket_inputs
    return np.asarray(table * YUAN, np.float64)


def margins(world: World) -> NDArray[np.float64]:
    """Return the gross margin on sales, float64[shop kinds]."""
    p = world.assumptions.payments
    return np.array([p.margin_village, p.margin_dealer, p.margin_street, p.margin_service], np.float64)
