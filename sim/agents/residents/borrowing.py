"""Borrowing: people in need choose a lender, lenders decide and pay out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.disbursement import disburse
from sim.agents.residents.needs import Demand, keep_for_purpose
from sim.agents.residents.options import Options
from sim.agents.residents.scoring import bank_scores
from sim.draws import Decision
from sim.mechanisms.choice import BANK, JOINT, PLATFORM, QUICK, RELATIVES
from sim.mechanisms.lending import affordable, forget_closed
from sim.mechanisms.luck import lognormal
from sim.mechanisms.options import DAYS_OF_RELATIVES, LOAN_STEP, SMALLEST_LOAN
from sim.mechanisms.scoring import threshold
from sim.mechanisms.tape import debts
from sim.vocabulary import Employer, Product, Purpose, Repayment
from sim.vocabulary import Lender as LenderCode

if TYPE_CHECKING:
    from sim.agents.government import CountyGovernment
    from sim.agents.payment_platform import PaymentPlatform
    from sim.agents.rural_bank import RuralBank
    from sim.state.world import World

YUAN = 100
MILLION = 1_000_000
REFUSED, APPROVED = 0, 1
HARVESTS = (5, 9)

Rows = NDArray[Any]


@dataclass
class Grant:
    """Loans decided on: columns of equal length."""

    who: Rows
    amount: Rows
    purpose: Rows
    product: Rows
    days: Rows
    creditor: Rows


def borrow(
    world: World, demand: Demand, government: CountyGovernment, bank: RuralBank, platform: PaymentPlatform
) -> None:
    """Let people in need choose, apply and borrow; keep the month's applications and what stays unmet."""
    people = world.residents
    people.unmet[:] = 0
    table = Applications(world)
    options = Options.of(world, demand, bank, platform)
    chosen = options.choose(world)
    people.unmet[demand.who] = demand.amount - options.asked(chosen)
    apply_at_the_bank(world, demand, chosen, options)
    grants = (
        give_among_relatives(demand, chosen, options),
        grant_quick_loans(world, government, demand, chosen, options, bank, table),
        draw_on_lines(world, demand, chosen, options, platform, table),
        handle_queue(world, government, bank, table),
        take_salaried_loans(world, government, bank, table),
    )
    pay_out(world, grants, bank, platform)
    world.applications = table.columns()


class Applications:
    """Applications of the month, as they are decided; what is refused of a need is unmet."""

    def __init__(self, world: World) -> None:
        self._parts: list[tuple[Rows, ...]] = []
        self._residents = world.residents

    def add(self, who: Rows, purpose: Rows, amount: Rows, product: Rows, decision: Rows, days: Rows) -> None:
        """Enter decided applications. Who is offered the salaried loan wishes for it, but nothing came up."""
        self._parts.append(tuple(np.broadcast_arrays(who, purpose, amount, product, decision, days)))
        refused = np.flatnonzero((decision == REFUSED) & (product != Product.BANK_SALARIED))
        np.add.at(self._residents.unmet, who[refused], amount[refused])

    def columns(self) -> dict[str, Rows]:
        """Return the table."""
        types = {
            "resident": np.int32, "purpose": np.int8, "amount": np.int64, "product": np.int8, "decision": np.int8,
            "days": np.int16,
        }  # fmt: skip
        return {
            name: np.concatenate([np.zeros(0, kind), *(part[k].astype(kind) for part in self._parts)])
            for k, (name, kind) in enumerate(types.items())
        }


def within_means(
    world: World, who: Rows, amount: Rows, seen_of_bank: float, seen_of_platform: float
) -> NDArray[np.bool_]:
    """Say for whom the debts that a lender sees, with the new one, stay under its limit over yearly income.

    The registry shows last month's debts; a shared registry shows all of them.
    """
    if world.month >= world.now.government.shared_registry_start:
        seen_of_bank = seen_of_platform = 1.0
    lending, cap = world.assumptions.lending, world.now.regulator.debt_to_income_cap
    limit = min(lending.debt_to_income, cap * lending.debt_years) if cap > 0 else lending.debt_to_income
    return affordable(
        who, amount, world.registry[LenderCode.BANK], world.registry[LenderCode.PLATFORM], world.residents.household,
        world.households.income_average, seen_of_bank, seen_of_platform, limit,
    )  # fmt: skip


def give_among_relatives(demand: Demand, chosen: Rows, options: Options) -> Grant:
    """Let relatives lend: nobody decides but the choice itself."""
    k = np.flatnonzero(chosen == RELATIVES)
    return Grant(
        demand.who[k], options.table.amount[k, RELATIVES], demand.purpose[k], np.full(len(k), Product.FAMILY_LOAN),
        np.full(len(k), round(DAYS_OF_RELATIVES)), options.creditor[k],
    )  # fmt: skip


def grant_quick_loans(
    world: World, government: CountyGovernment, demand: Demand, chosen: Rows, options: Options, bank: RuralBank,
    table: Applications,
) -> Grant:  # fmt: skip
    """Let the bank decide at once on quick and joint loans, by score and known debts."""
    k = np.flatnonzero((chosen == QUICK) | (chosen == JOINT))
    who, amount = demand.who[k], options.table.amount[k, chosen[k]]
    joint = chosen[k] == JOINT
    lending, people = world.assumptions.lending, world.residents
    people.bank_score[who] = bank_scores(world, government, who)
    score = np.where(joint, people.platform_score[who], people.bank_score[who])
    good = score >= threshold(lending.refused_resident)
    good &= within_means(world, who, amount, 1.0, lending.platform_in_registry) & (people.worst_days[who] < 30)
    product = np.where(joint, Product.JOINT, Product.BANK_RESIDENT)
    days = np.full(len(k), round(bank.days_to_cash(Product.BANK_RESIDENT)))
    table.add(who, demand.purpose[k], amount, product, np.where(good, APPROVED, REFUSED), days)
    none = np.full(int(good.sum()), -1)
    return Grant(who[good], amount[good], demand.purpose[k][good], product[good], days[good], none)


def draw_on_lines(
    world: World, demand: Demand, chosen: Rows, options: Options, platform: PaymentPlatform, table: Applications
) -> Grant:
    """Let people draw on their lines: approved in a second, as far as known debts and the lender's funds allow."""
    k = np.flatnonzero(chosen == PLATFORM)
    who, amount = demand.who[k], options.table.amount[k, PLATFORM]
    good = within_means(world, who, amount, world.assumptions.lending.bank_in_registry, 1.0)
    order = np.argsort(world.draws.uniform_of(Decision.QUEUE, 0, who), kind="stable")
    drawn = np.empty(len(k), np.int64)
    drawn[order] = np.cumsum(np.where(good, amount, 0)[order])
    good &= drawn <= platform.headroom(world)
    days = np.zeros(len(k), np.int64)
    product = np.full(len(k), Product.PLATFORM_LINE)
    table.add(who, demand.purpose[k], amount, product, np.where(good, APPROVED, REFUSED), days)
    none = np.full(int(good.sum()), -1)
    return Grant(who[good], amount[good], demand.purpose[k][good], product[good], days[good], none)


def apply_at_the_bank(world: World, demand: Demand, chosen: Rows, options: Options) -> None:
    """Put ordinary applications into the bank's queue."""
    people = world.residents
    k = np.flatnonzero(chosen == BANK)
    who = demand.who[k]
    people.pending_product[who] = options.bank_product[k]
    people.pending_amount[who] = options.table.amount[k, BANK]
    people.pending_since[who] = world.month
    people.pending_purpose[who] = demand.purpose[k]


def handle_queue(world: World, government: CountyGovernment, bank: RuralBank, table: Applications) -> Grant:
    """Let the officers decide on applications, the oldest first, as many as they can handle; the rest wait.

    Those who applied in the same month stand in an order of persons drawn once, so that it does not depend on who else
    applies. Who has waited too long withdraws.
    """
    people, lending = world.residents, world.assumptions.lending
    waiting = np.flatnonzero(people.pending_product >= 0).astype(np.int32)
    luck = world.draws.uniform_of(Decision.QUEUE, 0, waiting)
    order = in_turn(waiting, people.pending_since[waiting], luck, people.n)
    capacity = 0 if bank.frozen(world) else bank.capacity()
    who, rest = order[:capacity], order[capacity:]
    tired = rest[world.month - people.pending_since[rest] >= lending.patience]
    people.unmet[tired] += people.pending_amount[tired]
    people.pending_product[tired] = -1
    bank.queue = len(rest) - len(tired)
    product, amount = people.pending_product[who].astype(np.int64), people.pending_amount[who].copy()
    purpose, home = people.pending_purpose[who].copy(), people.household[who]
    of_product = np.array([round(bank.days_to_cash(x)) for x in Product])
    days = of_product[product] + 30 * (world.month - people.pending_since[who])
    people.bank_score[who] = bank_scores(world, government, who)
    ease = 1.0 - lending.guarantee_ease * guaranteed_share(world, LenderCode.BANK) / MILLION
    farm, business = (threshold(refused * ease) for refused in (lending.refused_farm, lending.refused_business))
    good = people.bank_score[who] >= np.where(product == Product.BANK_FARM, farm, business)
    good &= within_means(world, who, amount, 1.0, lending.platform_in_registry) & (people.worst_days[who] < 60)
    good &= ~((world.households.farm_loan[home] >= 0) & (product == Product.BANK_FARM))
    good &= ~second_of_household(home, product == Product.BANK_FARM)
    if bank.may_not_lend(world):
        good[:] = False
    table.add(who, purpose, amount, product, np.where(good, APPROVED, REFUSED), days)
    people.pending_product[who] = -1
    return Grant(who[good], amount[good], purpose[good], product[good], days[good], np.full(int(good.sum()), -1))


def in_turn(who: Rows, since: Rows, luck: Rows, people: int) -> NDArray[np.int32]:
    """Return those who wait by month of application, then by luck, then by row; one whole number ranks all three.

    Draws are multiples of 2^-23, so that nothing of them is lost.
    """
    rank = since.astype(np.int64) * 2**23 + (luck * 2**23).astype(np.int64)
    return (np.sort(rank * people + who) % people).astype(np.int32)


def second_of_household(home: Rows, farm: Rows) -> NDArray[np.bool_]:
    """Mark farm applications of a household that has an earlier one in the same list: one farm loan a household."""
    second = np.zeros(len(home), np.bool_)
    rows = np.flatnonzero(farm)
    first = np.unique(home[rows], return_index=True)[1]
    second[rows] = True
    second[rows[first]] = False
    return second


def take_salaried_loans(world: World, government: CountyGovernment, bank: RuralBank, table: Applications) -> Grant:
    """Let staff of the anchor firm take the salaried quick loan: ten minutes to apply, cash within two days."""
    people, learning, levers = world.residents, world.assumptions.learning, world.now.bank
    lending = world.assumptions.lending
    empty = np.zeros(0, np.int64)
    if not bank.offers(Product.BANK_SALARIED):
        return Grant(empty, empty, empty, empty, empty, empty)
    staff = np.flatnonzero((people.employer == Employer.ANCHOR) & (people.salaried_since < 0)).astype(np.int32)
    wish = world.draws.uniform_of(Decision.SALARIED, world.month, staff)
    who = staff[wish < learning.salaried_take_up]
    luck = world.draws.normal_of(Decision.SALARIED_AMOUNT, world.month, who)
    size = lognormal(learning.salaried_amount * YUAN, world.assumptions.need.spread, luck)
    most = np.minimum(levers.salaried_multiple * 12 * people.wage[who], levers.salaried_cap * YUAN)
    amount = np.minimum(size, most).astype(np.int64) // LOAN_STEP * LOAN_STEP
    people.bank_score[who] = bank_scores(world, government, who)
    good = (people.bank_score[who] >= threshold(lending.refused_salaried)) & (amount >= SMALLEST_LOAN)
    good &= within_means(world, who, amount, 1.0, lending.platform_in_registry) & (people.worst_days[who] < 30)
    product = np.full(len(who), Product.BANK_SALARIED)
    days = np.full(len(who), round(bank.days_to_cash(Product.BANK_SALARIED)))
    purpose = np.full(len(who), Purpose.BUILDING)
    table.add(who, purpose, amount, product, np.where(good, APPROVED, REFUSED), days)
    people.salaried_since[who[good]] = world.month
    return Grant(who[good], amount[good], purpose[good], product[good], days[good], np.full(int(good.sum()), -1))


#: Lender, length in months and kind of repayment of each product.
TERMS: dict[Product, tuple[LenderCode, int, Repayment]] = {
    Product.BANK_FARM: (LenderCode.BANK, 12, Repayment.BULLET),
    Product.BANK_BUSINESS: (LenderCode.BANK, 12, Repayment.BULLET),
    Product.BANK_SALARIED: (LenderCode.BANK, 36, Repayment.INSTALLMENT),
    Product.BANK_RESIDENT: (LenderCode.BANK, 12, Repayment.INSTALLMENT),
    Product.BANK_POLICY: (LenderCode.BANK, 36, Repayment.BULLET),
    Product.PLATFORM_LINE: (LenderCode.PLATFORM, 12, Repayment.INSTALLMENT),
    Product.FAMILY_LOAN: (LenderCode.FAMILY, 12, Repayment.BULLET),
    Product.JOINT: (LenderCode.PLATFORM, 12, Repayment.INSTALLMENT),
}
LENDERS, MATURITIES, REPAYMENTS = np.array([TERMS[product] for product in Product], np.int64).T


def pay_out(world: World, grants: Sequence[Grant], bank: RuralBank, platform: PaymentPlatform) -> None:
    """Enter decided loans in the tape, pay them out and earmark the money for its purpose.

    Each lender's loans of a product stand in the tape by household: who goes through the tape goes through the county.
    """
    people, homes, book = world.residents, world.households, world.loans
    turn = np.repeat(np.arange(len(grants)), [len(grant.who) for grant in grants])
    granted = Grant(
        *(np.concatenate(column) for column in zip(*(vars(grant).values() for grant in grants), strict=True))
    )
    group = turn * len(Product) + granted.product
    order = np.argsort(group * homes.n + people.household[granted.who], kind="stable")
    who, amount, purpose, product, days, creditor = (column[order] for column in vars(granted).values())
    who = who.astype(np.int32)
    home, lender, line = people.household[who], LENDERS[product], product == Product.PLATFORM_LINE
    rates = bank.rates
    of_product = np.array([rates.get(each, 0.0) for each in Product])
    annual_rate = np.where(line, platform.tier_rates(world)[people.line_tier[who]], of_product[product])
    maturity, repayment = MATURITIES[product], REPAYMENTS[product]
    farm = product == Product.BANK_FARM
    small = farm & (amount <= world.assumptions.lending.harvest_dated_up_to * YUAN)
    maturity[small], repayment[small] = months_to_harvest(world.calendar), Repayment.HARVEST
    rows = book.originate(
        world.month, borrower=who, household=home, product=product, lender=lender, principal=amount,
        annual_rate=np.rint(annual_rate * MILLION).astype(np.int32), maturity=maturity, repayment=repayment,
        own_share=own_shares(world, platform)[product], purpose=purpose,
        guaranteed=np.where(lender == LenderCode.BANK, guaranteed_share(world, LenderCode.BANK), 0), creditor=creditor,
        days=days,
    )  # fmt: skip
    disburse(world, rows)
    keep_for_purpose(world, home, book.purpose[rows], book.principal[rows])
    homes.farm_loan[home[farm]] = rows[farm]
    for code, score, first in (
        (LenderCode.BANK, people.bank_score, people.bank_first),
        (LenderCode.PLATFORM, people.platform_score, people.platform_first),
    ):
        mine = lender == code
        book.score[rows[mine]] = score[who[mine]]
        first[who[mine]] = np.where(first[who[mine]] < 0, world.month, first[who[mine]])


def own_shares(world: World, platform: PaymentPlatform) -> NDArray[np.int64]:
    """Return the share of a new loan that its lender funds himself, int64[products], parts per million."""
    shares = np.full(len(Product), MILLION)
    shares[Product.PLATFORM_LINE] = platform.own_share(world)
    floor = world.now.regulator.joint_lending_floor
    shares[Product.JOINT] = round(max(1.0 - world.now.bank.joint_share, floor) * MILLION)
    return shares


def months_to_harvest(calendar: int) -> int:
    """Return the months to the next harvest (June, October) that is at least four months away."""
    return min((harvest - calendar) % 12 + (12 if (harvest - calendar) % 12 < 4 else 0) for harvest in HARVESTS)


def guaranteed_share(world: World, lender: LenderCode) -> int:
    """Return the share of a new loan that the guarantee fund stands for, parts per million."""
    government = world.now.government
    covered = lender is LenderCode.BANK and world.month >= government.guarantee_start
    return round(government.guarantee_share * MILLION) if covered else 0


def remember_debts(world: World) -> None:
    """Keep what each owes to formal lenders: what registries show next month; forget farm loans that are closed."""
    people, homes, book = world.residents, world.households, world.loans
    owed = debts(
        book.open_rows, book.lender, book.product, book.borrower, book.balance, people.line, people.debt,
        people.credit_use,
    )  # fmt: skip
    world.registry = dict(zip((LenderCode.BANK, LenderCode.PLATFORM), owed, strict=True))
    forget_closed(homes.farm_loan, book.balance)
