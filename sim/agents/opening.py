"""The bank's book as it stands in January 2017: farm and business loans of all ages, some bad, and policy loans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.agents.books import local_fen
from sim.agents.residents.borrowing import TERMS, YUAN, remember_debts
from sim.agents.residents.scoring import begin_scores
from sim.draws import Decision
from sim.mechanisms.luck import lognormal
from sim.mechanisms.need import ask_relatives, spare_money
from sim.vocabulary import LoanStatus, Occupation, Product, Purpose

if TYPE_CHECKING:
    from sim.agents.rural_bank import RuralBank
    from sim.state.world import World

MILLION = 1_000_000
START = -1
DEFAULTED_BEFORE = -2
PURPOSES = {Product.BANK_FARM: Purpose.INPUTS, Product.BANK_BUSINESS: Purpose.RESTOCKING}
MEDIAN_LOAN = {Product.BANK_FARM: 28_000 * YUAN, Product.BANK_BUSINESS: 60_000 * YUAN}
#: Oldest defaulted loans of the opening book, months past due.
OLDEST_DEFAULT = 22


def initial_loans(world: World, bank: RuralBank) -> None:
    """Enter the bank's opening book: loans until the county's total is reached, in a random order of households."""
    people, homes, facts = world.residents, world.households, world.facts.rural_bank
    heads = world.first[:-1]
    order = np.argsort(world.draws.uniform_of(Decision.OPENING_LOANS, START, homes.number), kind="stable")
    merchant = people.occupation[heads] == Occupation.MERCHANT
    farmer = ~merchant & (homes.land > 0)
    able = order[(merchant | farmer)[order] & (people.age[heads[order]] <= 68) & ~homes.poor[order]]
    product = np.where(merchant[able], Product.BANK_BUSINESS, Product.BANK_FARM)
    luck = world.draws.normal_of(Decision.OPENING_LOANS, START - 1, homes.number[able])
    median = np.where(merchant[able], MEDIAN_LOAN[Product.BANK_BUSINESS], MEDIAN_LOAN[Product.BANK_FARM])
    amount = (median * lognormal(1.0, 0.6, luck)).astype(np.int64) // (1000 * YUAN) * 1000 * YUAN
    amount = np.maximum(amount, 2000 * YUAN)
    business = world.assumptions.lending.business_share
    for kind, share in ((Product.BANK_BUSINESS, business), (Product.BANK_FARM, 1.0 - business)):
        mine = np.flatnonzero(product == kind)
        total = local_fen(world, share * facts.household_loans)
        mine = mine[: int(np.searchsorted(np.cumsum(amount[mine]), total))]
        mine = mine[np.argsort(able[mine])]  # on the tape they stand by household
        _enter(world, bank, kind, able[mine].astype(np.int32), amount[mine])
    _enter_policy_loans(world, bank)
    _enter_family_loans(world)
    begin_scores(world)
    remember_debts(world)


def _enter(world: World, bank: RuralBank, kind: Product, home: NDArray[np.int32], amount: NDArray[np.int64]) -> None:
    """Enter farm or business loans of all ages; a share fell due 4 to 22 months ago and was not paid."""
    people, homes, book = world.residents, world.households, world.loans
    number, who = homes.number[home], world.first[home]

    def luck(stream: int) -> NDArray[np.float32]:
        return world.draws.uniform_of(Decision.OPENING_LOANS, START - stream, number)

    lender, maturity, repayment = TERMS[kind]
    rows = book.originate(
        START, borrower=who, household=home, product=kind, lender=lender, principal=amount,
        annual_rate=round(bank.rates[kind] * MILLION), maturity=maturity, repayment=repayment, own_share=MILLION,
        purpose=PURPOSES[kind], days=round(bank.days_to_cash(kind)),
    )  # fmt: skip
    bad = luck(3) < bad_share(world)
    late = 4 + ((OLDEST_DEFAULT - 3) * luck(4)).astype(np.int64)
    book.originated[rows] = np.where(bad, -maturity - late, -1 - (maturity * luck(2)).astype(np.int64))
    sour = rows[bad]
    book.status[sour] = LoanStatus.DEFAULTED
    book.principal_due[sour] = book.balance[sour]
    book.due_since[sour] = -late[bad]
    book.days_past_due[sour] = 30 * (late[bad] - 1)
    book.worst_days[sour] = book.days_past_due[sour]
    book.defaulted_month[sour] = DEFAULTED_BEFORE
    book.refusing[sour] = True
    np.maximum.at(people.worst_days, book.borrower[sour], book.worst_days[sour])
    people.bank_first[who] = 0
    if kind is Product.BANK_FARM:
        homes.farm_loan[home] = rows


def bad_share(world: World) -> float:
    """Return the share of farm and business loans in default that makes the county's ratio, policy loans included."""
    facts = world.facts.rural_bank
    pooled = facts.policy_loan * facts.policy_loan_households
    return float(facts.npl_start * (facts.household_loans + pooled) / max(facts.household_loans, 1.0))


def _enter_policy_loans(world: World, bank: RuralBank) -> None:
    """Enter the pooled policy loans of poor households; the money is with the firm's cooperative."""
    facts, homes = world.facts.rural_bank, world.households
    poor = np.flatnonzero(homes.poor)
    share = facts.policy_loan_households / max(world.facts.people.poor_households, 1)
    luck = world.draws.uniform_of(Decision.OPENING_LOANS, START - 5, homes.number[poor])
    home = poor[luck < share].astype(np.int32)
    lender, maturity, repayment = TERMS[Product.BANK_POLICY]
    rows = world.loans.originate(
        START, borrower=world.first[home], household=home, product=Product.BANK_POLICY, lender=lender,
        principal=round(facts.policy_loan * YUAN), annual_rate=round(bank.rates[Product.BANK_POLICY] * MILLION),
        maturity=maturity, repayment=repayment, own_share=MILLION, purpose=Purpose.INPUTS,
    )  # fmt: skip
    age = 1 + (36 * world.draws.uniform_of(Decision.OPENING_LOANS, START - 6, homes.number[home])).astype(np.int64)
    world.loans.originated[rows] = -age


def _enter_family_loans(world: World) -> None:
    """Enter what some households owe relatives and friends."""
    lending, people, homes = world.assumptions.lending, world.residents, world.households
    heads = world.first[:-1]
    owing = world.draws.uniform_of(Decision.OPENING_LOANS, START - 7, homes.number) < lending.family_start
    who, number = heads[owing], homes.number[owing]
    luck = world.draws.normal_of(Decision.OPENING_LOANS, START - 8, number)
    need = (lognormal(lending.family_amount, 0.7, luck).astype(np.int64) // 100 + 1) * 100 * YUAN
    creditor, _ = ask_relatives(
        who, need, world.draws.uniform_of(Decision.OPENING_LOANS, START - 9, number), world.ties_ptr, world.ties,
        people.household, spare_money(world.first, homes.income_average, world.money, world.assumptions.need),
        lending.relative_share, lending.relatives_asked,
    )  # fmt: skip
    found = creditor >= 0
    lender, maturity, repayment = TERMS[Product.FAMILY_LOAN]
    rows = world.loans.originate(
        START, borrower=who[found], household=people.household[who[found]], product=Product.FAMILY_LOAN, lender=lender,
        principal=need[found], annual_rate=0, maturity=maturity, repayment=repayment, own_share=MILLION,
        purpose=Purpose.BUILDING, creditor=creditor[found],
    )  # fmt: skip
    age = 1 + (12 * world.draws.uniform_of(Decision.OPENING_LOANS, START - 10, number[found])).astype(np.int64)
    world.loans.originated[rows] = -age
