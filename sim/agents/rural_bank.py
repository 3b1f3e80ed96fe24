"""The rural bank: sure at first that digital finance will not work here, then alarmed, then quicker and cheaper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.accounts import MONEY, Instrument
from sim.agents.lender import Lender
from sim.draws import Decision
from sim.vocabulary import Lender as LenderCode
from sim.vocabulary import Method, PlaceKind, Product, Sector

if TYPE_CHECKING:
    from sim.state.world import World

NEVER = -1


class RuralBank(Lender):
    """The rural bank.

    Attributes
    ----------
    conviction : float, in [0, 1]
        Belief that digital finance works here.
    alarm_month : int
        Month of the crisis meeting; -1 before.
    rates : dict of Product to float, 1/year
        What it asks for each product.
    answer : float, in [0, 1]
        How far its answer has been built up, from the first product on.
    app_push : float
        Push of its app; 0 while it has none.
    contactless_gain : float
        Share that contactless cards add to card users.
    terminals : int
        Terminals placed since the alarm.
    """

    code = LenderCode.BANK

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        world = model.world
        levers = world.now.bank
        self.conviction = float(levers.starting_conviction)
        self.alarm_month = NEVER
        self.answer = 0.0
        self.app_push = 0.0
        self.contactless_gain = 0.0
        self.terminals = 0
        self.queue = 0
        self.markdown = 0.0
        self.start_moved = 0.0

    def look_around(self, world: World) -> None:
        """Note how much money lies in wallets before the first month: it reacts to what moves from then on."""
        self.start_moved = _moved_share(world)

    @property
    def rates(self) -> dict[Product, float]:
        """Annual rate of each product, 1/year: the list price less what competition has taken."""
        now = self.model.world.now
        listed = {
            Product.BANK_FARM: now.bank.farm_rate,
            Product.BANK_BUSINESS: now.bank.business_rate,
            Product.BANK_SALARIED: now.bank.salaried_rate,
            Product.BANK_RESIDENT: now.bank.resident_rate,
            Product.JOINT: now.bank.resident_rate,
        }
        floor = self.model.world.assumptions.learning.price_floor
        cap = _rate_cap(now, self.model.world.month)
        return {
            product: min(rate - self.markdown * max(rate - floor, 0.0), cap) for product, rate in listed.items()
        } | {Product.BANK_POLICY: now.bank.policy_rate}

    def offers(self, product: Product) -> bool:
        """Say whether it sells a product this month."""
        world = self.model.world
        month, levers = world.month, world.now.bank
        if self.frozen(world) or self.may_not_lend(world):
            return False
        if product in (Product.BANK_FARM, Product.BANK_BUSINESS):
            return True
        if product is Product.JOINT:
            return bool(month >= levers.joint_product_start)
        if self.alarm_month < 0 or not (levers.responds and levers.products):
            return False
        launch = self.alarm_month + levers.development_months
        if product is Product.BANK_SALARIED:
            return bool(month >= launch)
        return bool(product is Product.BANK_RESIDENT and month >= launch + world.assumptions.learning.second_product)

    def frozen(self, world: World) -> bool:
        """Say whether a freeze stops its lending."""
        shocks = world.now.shocks
        return bool(0 <= world.month - shocks.bank_freeze_start < shocks.bank_freeze_months)

    def may_not_lend(self, world: World) -> bool:
        """Say whether capital or reserves were under the minimum last month, so that it may not lend more."""
        regulator, stock = world.now.regulator, world.ledger.opening[Sector.BANK]
        required = -regulator.reserve_ratio * int(stock[Instrument.DEPOSIT_RURAL])
        short = self.capital_ratio < regulator.capital_minimum or int(stock[Instrument.RESERVES]) < required
        return bool(world.month > 0 and short)

    def days_to_cash(self, product: Product) -> float:
        """Return days from an application to cash, without waiting in the queue."""
        world = self.model.world
        if product in (Product.BANK_SALARIED, Product.BANK_RESIDENT, Product.JOINT):
            return float(world.assumptions.lending.quick_days)
        faster = world.now.bank.responds and world.now.bank.speed
        cut = world.assumptions.learning.days_saved * self.answer if faster else 0.0
        return float(world.now.bank.days_before * (1.0 - cut))

    def capacity(self) -> int:
        """Return how many applications its officers handle this month."""
        world = self.model.world
        levers, learning = world.now.bank, world.assumptions.learning
        more = learning.throughput * self.answer if levers.responds and levers.speed else 0.0
        return int(levers.officers * levers.applications_per_officer * (1.0 + more) / world.weight)

    def waiting_days(self) -> float:
        """Return the days that an application now waits for an officer."""
        return 30.0 * self.queue / max(self.capacity(), 1)

    def respond(self, world: World) -> None:
        """Learn from the month; once alarmed, launch products, cut rates, speed up, place terminals, push the app."""
        self.learn(world)
        levers, learning = world.now.bank, world.assumptions.learning
        if not levers.responds or self.alarm_month < 0:
            return
        since_launch = world.month - self.alarm_month - levers.development_months + 1
        self.answer = min(max(since_launch / learning.ramp_months, 0.0), 1.0)
        if levers.price:
            wanted = min(learning.price_reaction * _platform_share(world), 1.0)
            self.markdown += learning.price_speed * (wanted - self.markdown)
        if levers.outreach:
            self.app_push = learning.app_push * self.answer * self._below_target(world)
            self.contactless_gain = learning.contactless_gain * self.answer if levers.contactless else 0.0
            self.place_terminals(world)

    def _below_target(self, world: World) -> float:
        """Return 1 while fewer people take up its app in a month than its online goal, less than 1 above it."""
        new = float(np.count_nonzero(world.residents.bank_app_since == world.month) * world.weight)
        return min(world.now.bank.monthly_target / new, 1.0) if new > 0 else 1.0

    def learn(self, world: World) -> None:
        """Update its conviction; call the crisis meeting when it crosses the alarm level."""
        town = world.payment_value[PlaceKind.TOWN]
        digital = float(town[Method.QR] / max(int(town.sum()), 1))
        moved = max(_moved_share(world) - self.start_moved, 0.0)
        self.conviction = float(
            world.mechanisms["conviction"](
                self.conviction, digital, moved, _platform_share(world), world.assumptions.learning
            )
        )
        if self.alarm_month < 0 and world.now.bank.responds and self.conviction >= world.now.bank.alarm_level:
            self.alarm_month = world.month

    def place_terminals(self, world: World) -> None:
        """Place card terminals in shops that have none, in an order fixed for all worlds."""
        shops = world.shops
        wanted = int(world.now.bank.terminals_a_month * (world.month - self.alarm_month + 1) / world.weight)
        count = min(wanted - self.terminals, int((~shops.pos).sum()))
        if count <= 0:
            return
        order = world.draws.once(Decision.TERMINALS, shops.n)
        free = np.flatnonzero(~shops.pos)
        # one whole number ranks a shop: draws are multiples of 2^-23, and equal ones go by row
        rank = (order[free] * 2**23).astype(np.int64) * shops.n + free
        shops.pos[np.partition(rank, count - 1)[:count] % shops.n] = True
        self.terminals += count


def _rate_cap(now: Any, month: int) -> float:
    """Return the cap on lending rates for licensed lenders, 1/year."""
    regulator = now.regulator
    capped = month >= regulator.rate_cap_start and not regulator.rate_cap_licensed_exempt
    return float(regulator.rate_cap) if capped else 1.0


def _moved_share(world: World) -> float:
    """Return the share of residents' money in wallets and money funds: as the books have it."""
    money = [int(held) for held in world.ledger.stock[:3, : len(MONEY)].sum(axis=0)]
    return (money[Instrument.WALLET] + money[Instrument.MONEY_FUND]) / max(sum(money), 1)


def _platform_share(world: World) -> float:
    """Return the platform's share of formal lending to households in the last three months."""
    book = world.loans
    recent = book.since(max(world.month - 2, 0))
    principal, lender = book.principal[recent], book.lender[recent]
    new = book.renewed_from[recent] < 0
    by_platform = int(principal[new & (lender == LenderCode.PLATFORM)].sum())
    formal = int(principal[new & (lender != LenderCode.FAMILY)].sum())
    return by_platform / formal if formal > 0 else 0.0
