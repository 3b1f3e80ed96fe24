"""What people in need can choose from, and what they choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.agents.residents.needs import Demand
from sim.agents.residents.repayment import interest_is_subsidised
from sim.draws import Decision
from sim.mechanisms.need import ask_relatives
from sim.mechanisms.options import Homes, Lenders, Loan, People, Table, options
from sim.vocabulary import Lender as LenderCode
from sim.vocabulary import Product

if TYPE_CHECKING:
    from sim.agents.payment_platform import PaymentPlatform
    from sim.agents.rural_bank import RuralBank
    from sim.state.world import World

YUAN = 100
PAPERWORK = np.array([False, False, True, False, False, False])


@dataclass
class Options:
    """What is open to each person in need.

    Attributes
    ----------
    demand : Demand
    table : Table
        A row a person and a column an option.
    creditor : int32[k]
        Resident who would lend, -1 for nobody.
    bank_product : int8[k]
        What each would ask the bank's officers for, -1 for nothing.
    """

    demand: Demand
    table: Table
    creditor: NDArray[np.int32]
    bank_product: NDArray[np.int8]

    @classmethod
    def of(cls, world: World, demand: Demand, bank: RuralBank, platform: PaymentPlatform) -> Options:
        """Return the options of everybody in need; relatives are asked in turn, beginning at a drawn one."""
        people, homes, lending = world.residents, world.households, world.assumptions.lending
        creditor, from_relatives = ask_relatives(
            demand.who, demand.amount, world.draws.uniform_of(Decision.FAMILY_CREDITOR, world.month, demand.who),
            world.ties_ptr, world.ties, people.household, demand.spare, lending.relative_share, lending.relatives_asked,
        )  # fmt: skip
        table, bank_product = options(
            terms_of(world, bank, platform), platform.tier_rates(world), demand.who, demand.amount, from_relatives,
            People(
                people.household, people.occupation, people.age, people.shop, people.bank_first, people.platform_first,
                people.bank_app_since, people.line, people.line_tier, world.registry[LenderCode.PLATFORM],
                people.worst_days, people.trust,
            ),
            Homes(homes.land, homes.farm_loan, homes.income_average, homes.poor), world.shops.turnover_average,
        )  # fmt: skip
        return cls(demand, table, creditor, bank_product)

    def choose(self, world: World) -> NDArray[np.int8]:
        """Return the option that each chooses (mechanism ``choice``)."""
        draw, table = world.draws.uniform_of(Decision.CHOICE, world.month, self.demand.who), self.table
        chosen: NDArray[np.int8] = world.mechanisms["choice"](
            draw, table.open, table.met, table.annual_rate, table.days, PAPERWORK, table.liking,
            world.assumptions.choice,
        )  # fmt: skip
        return chosen

    def asked(self, chosen: NDArray[np.int8]) -> NDArray[np.int64]:
        """Return what each asks for, int64[k] in fen: no more than the one he turns to lends; nothing of nobody."""
        return self.table.amount[np.arange(len(chosen)), chosen]


def terms_of(world: World, bank: RuralBank, platform: PaymentPlatform) -> Lenders:
    """Return what all lenders ask and offer this month."""
    p, lending, now, rates = world.assumptions.choice, world.assumptions.lending, world.now, bank.rates

    def loan(product: Product, most: float, of_income: float, waiting: float = 0.0) -> Loan:
        days = bank.days_to_cash(product) + waiting
        return Loan(bank.offers(product), float(most * YUAN), float(of_income), float(rates[product]), days)

    queue, monthly = bank.waiting_days(), 12 * lending.resident_income
    return Lenders(
        farm=loan(Product.BANK_FARM, now.bank.farm_cap, lending.farm_income, queue),
        business=loan(Product.BANK_BUSINESS, now.bank.business_cap, lending.business_sales, queue),
        quick=loan(Product.BANK_RESIDENT, now.bank.resident_cap, monthly),
        joint=loan(Product.JOINT, now.bank.resident_cap, monthly),
        line_open=platform.lends(world),
        largest_draw=round(lending.largest_draw * YUAN),
        oldest=lending.oldest_borrower,
        subsidy=float(now.government.subsidy_rate) if interest_is_subsidised(world) else 0.0,
        family=p.family,
        bank=p.bank,
        quick_liking=p.quick,
        platform=np.float32(p.platform),
        trust=np.float32(p.platform_trust),
        known=p.known,
    )
