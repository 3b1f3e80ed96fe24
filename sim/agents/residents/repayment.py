"""Loan service: what falls due is collected, arrears age, loans default, are renewed and written off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Instrument, Kind, Reason
from sim.draws import Decision
from sim.mechanisms.accrual import Tape, call_in
from sim.mechanisms.beliefs import default_probability
from sim.mechanisms.loan_service import QUARTER, Item, ServiceTerms, Slot, credit_relatives, serve_loans
from sim.mechanisms.tape import circumstances, collection_order, late_share, note_standing
from sim.state.world import World, position
from sim.threads import HOUSEHOLD, at_once, parts_of
from sim.vocabulary import Lender, Product, Repayment, Sector

if TYPE_CHECKING:
    from sim.agents.rural_bank import RuralBank

YUAN = 100
MILLION = 1_000_000
MONTHS_OF_COLLECTION = 24
YEAR = 12

_HOLDERS = {
    Slot.BANK: (Sector.BANK, Instrument.LOANS_BANK, Instrument.RESERVES),
    Slot.PLATFORM: (Sector.LENDER, Instrument.LOANS_PLATFORM, Instrument.DEPOSIT_ELSEWHERE),
    Slot.PARTNER: (Sector.WORLD, Instrument.LOANS_PARTNER, Instrument.DEPOSIT_ELSEWHERE),
}

#: Rows of ``paid``: what borrowers pay to institutions, by kind of transaction, and the item it settles.
_COLLECTED = (
    (Kind.INTEREST_PAYMENT, Item.INTEREST_PAID),
    (Kind.LOAN_REPAYMENT, Item.PRINCIPAL_PAID),
    (Kind.RECOVERIES, Item.RECOVERED),
)
_POLICY = {Item.INTEREST_PAID: Item.POLICY_INTEREST, Item.PRINCIPAL_PAID: Item.POLICY_PRINCIPAL}


@dataclass
class ServiceTotals:
    """What the month's loan service added up to, in fen; axes as in the kernel that fills it."""

    items: NDArray[np.int64]
    paid: NDArray[np.int64]
    family: NDArray[np.int64]
    family_received: NDArray[np.int64]

    @classmethod
    def of(cls, items: NDArray[np.int64], paid: NDArray[np.int64]) -> ServiceTotals:
        """Return the sums over parts, with nothing yet between relatives."""
        return cls(items.sum(axis=0), paid.sum(axis=0), np.zeros((2, 3, 3), np.int64), np.zeros((3, 5), np.int64))


@dataclass
class Due:
    """Loans with which something may happen this month.

    Attributes
    ----------
    rows : int32[k]
        Loans, in the order in which they are collected.
    early_luck : float32[residents]
        Uniform draw: who is below the hazard may repay early.
    earned : int64[slots, 3], fen
        Interest that all other loans earned.
    asked : int32[j]
        Those of the rows on which something is due from a borrower who can still decide to pay.
    weighed : float32[5, j]
        What their borrowers weigh, as in `circumstances`.
    luck : float32[j]
        Uniform draw: who is below the chance of refusing refuses.
    """

    rows: NDArray[np.int32]
    early_luck: NDArray[np.float32]
    earned: NDArray[np.int64]
    asked: NDArray[np.int32]
    weighed: NDArray[np.float32]
    luck: NDArray[np.float32]


def call_in_loans(world: World) -> Due:
    """Let loans earn interest, find those on which something may happen, and what is due on them.

    Most loans only earn interest this month; the others are to be served household by household. Who refused before
    may pay again from this month on; he is not asked in the month in which he comes round.
    """
    book, homes = world.loans, world.households
    early_luck = world.draws.uniform(Decision.EARLY_REPAYMENT, world.month, world.residents.n)
    found = call_in(
        service_terms(world), book.open_rows, early_luck, Tape(*(getattr(book, name) for name in Tape._fields)),
        homes.sector, homes.place, world.places.n,
    )  # fmt: skip
    again = world.draws.uniform_of(Decision.CURE, world.month, book.borrower[found.refusing])
    book.refusing[found.refusing] = again >= world.assumptions.repayment.cure_chance
    rows = collection_order(found.rows, book.household, book.lender, homes.n)
    weighed = what_is_weighed(world, found.asked, of_households(world, found.asked, found.due), found.late)
    luck = world.draws.uniform_of(Decision.WILLINGNESS, world.month, book.borrower[found.asked])
    return Due(rows, early_luck, found.earned, found.asked, weighed, luck)


def decide_to_pay(world: World, due: Due) -> None:
    """Let borrowers with something due weigh paying against keeping the money (mechanism ``willingness``)."""
    world.loans.refusing[due.asked] = due.luck < refusal_chance(world, due.weighed)


def service_loans(world: World, bank: RuralBank, due: Due) -> None:
    """Serve the loans that are called in, renew bullets in good standing, and book all of it."""
    book, homes, rows = world.loans, world.households, due.rows
    homes.debt_service[:] = 0
    borrower = book.borrower[rows]
    renewed = np.zeros(len(rows), np.bool_)
    parts = parts_of(len(rows), HOUSEHOLD)
    items = np.zeros((parts, len(Item), len(Slot), 3), np.int64)
    paid = np.zeros((parts, 4, 3, 5), np.int64)
    given_up, repaid = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    interest_before = book.interest_paid[rows] if interest_is_subsidised(world) else None

    def luck(decision: Decision) -> NDArray[np.float32]:
        return world.draws.uniform_of(decision, world.month, borrower)

    serve_loans(
        service_terms(world), rows, book.borrower, book.household, book.product, book.lender, book.balance,
        book.annual_rate, book.maturity, book.repayment, book.installment, book.own_share, book.guaranteed,
        book.originated, book.closed, book.status, book.accrued, book.interest_due, book.principal_due, book.due_since,
        book.days_past_due, book.worst_days, book.defaulted_month, book.refusing, book.written_off, book.recovered,
        book.interest_paid, due.early_luck[borrower], luck(Decision.RENEWAL), luck(Decision.RECOVERY),
        world.first, homes.sector, homes.children, world.money, homes.debt_service, renewed,
        items, paid, given_up, repaid,
    )  # fmt: skip
    totals = ServiceTotals.of(items, paid)
    totals.items[Item.ACCRUED] += due.earned
    interest = None if interest_before is None else book.interest_paid[rows] - interest_before
    at_once(
        lambda: settle(world, rows, totals, repaid, given_up, interest),
        lambda: update_tape(world, bank, rows, rows[renewed]),
    )


def settle(
    world: World, rows: NDArray[np.int32], totals: ServiceTotals, repaid: NDArray[np.int64],
    given_up: NDArray[np.int64], interest: NDArray[np.int64] | None,
) -> None:  # fmt: skip
    """Pay relatives what they are repaid, book the month's service, and pay back a part of the interest if that is so.

    ``repaid``, ``given_up`` and ``interest`` are of the rows, int64[k] in fen; no interest where none is subsidised.
    """
    book, people = world.loans, world.residents
    credit_relatives(
        rows, repaid, given_up, book.creditor, book.household, world.households.sector, people.household,
        people.main_bank, world.money, totals.family, totals.family_received,
    )  # fmt: skip
    book_service(world, totals)
    if interest is not None:
        subsidise_interest(world, rows, interest)


def update_tape(world: World, bank: RuralBank, rows: NDArray[np.int32], renewed: NDArray[np.int32]) -> None:
    """Enter renewals, note on borrowers how they stand, and take closed loans off the list of open ones."""
    renew(world, bank, renewed)
    book, people = world.loans, world.residents
    note_standing(
        rows, world.month, book.borrower, book.lender, book.days_past_due, book.worst_days, book.defaulted_month,
        people.worst_days, people.bank_defaults, people.platform_defaults, people.line,
    )  # fmt: skip
    book.close(world.month - MONTHS_OF_COLLECTION + 1)


def of_households(world: World, rows: NDArray[np.int32], amount: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the sum of an amount of loans for each household, int64[households], fen."""
    total = np.zeros(world.households.n, np.int64)
    np.add.at(total, world.loans.household[rows], amount)
    return total


def late_loans(world: World) -> NDArray[np.float32]:
    """Return the share of loans in each place that are in default or being collected, float32[places]."""
    book = world.loans
    return late_share(book.open_rows, book.household, world.households.place, book.status, world.places.n)


def what_is_weighed(
    world: World, rows: NDArray[np.int32], due: NDArray[np.int64], late: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return what borrowers weigh who decide whether to pay on a loan, float32[5, k].

    Parameters
    ----------
    world : World
    rows : int32[k], loans
    due : int64[households], fen
        What falls due of all loans of a household.
    late : float32[places]
        Share of loans that are late.
    """
    book, people, homes = world.loans, world.residents, world.households
    weighed: NDArray[np.float32] = circumstances(
        rows, due, book.borrower, book.household, book.lender, homes.income_average, people.habit, people.usefulness,
        people.place, late, people.worst_days, people.quality,
    )  # fmt: skip
    return weighed


def refusal_chance(world: World, weighed: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the chance that each borrower refuses to pay (mechanism ``willingness``), float32[k]."""
    chance: NDArray[np.float32] = world.mechanisms["willingness"](*weighed, world.assumptions.willingness)
    return chance


def note_default_probability(world: World) -> None:
    """Enter on the month's new loans the chance that the borrower refuses within a year and goes on for 90 days."""
    book = world.loans
    rows = np.arange(book.since(world.month).start, book.n, dtype=np.int32)
    rows = rows[(book.lender[rows] != Lender.FAMILY) & (book.renewed_from[rows] < 0)]
    monthly = np.rint(book.principal[rows] * (book.annual_rate[rows] / (12.0 * MILLION))).astype(np.int64)
    level = book.repayment[rows] == Repayment.INSTALLMENT
    due = np.where(level, book.installment[rows], QUARTER * monthly)
    dates = np.where(level, np.minimum(book.maturity[rows], YEAR), np.maximum(YEAR // QUARTER, 1))
    of_household = world.households.debt_service + of_households(world, rows, due)
    chance = refusal_chance(world, what_is_weighed(world, rows, of_household, late_loans(world)))
    book.default_probability[rows] = default_probability(chance, dates, world.assumptions.repayment.cure_chance)


def service_terms(world: World) -> ServiceTerms:
    """Return what the service of all loans depends on this month."""
    r = world.assumptions.repayment
    return ServiceTerms(
        month=world.month,
        subsistence=int(world.assumptions.spending.subsistence * YUAN),
        early_hazard=r.early_hazard,
        ample=r.ample,
        renewal_chance=r.renewal_chance,
        write_off_bank=r.write_off_bank,
        write_off_platform=r.write_off_platform,
        recovery_chance=r.recovery_chance,
        recovery_share=r.recovery_share,
    )


def book_service(world: World, totals: ServiceTotals) -> None:
    """Book interest earned and paid, principal repaid, recoveries, reversals, write-offs and guarantees."""
    ledger, items = world.ledger, totals.items
    for slot, (holder, loans, _) in _HOLDERS.items():
        ledger.claims(Kind.LOAN_INTEREST, holder, Instrument.ACCRUED_INTEREST, items[Item.ACCRUED, slot])
        ledger.claims(Kind.INTEREST_PAYMENT, holder, Instrument.ACCRUED_INTEREST, -items[Item.INTEREST_PAID, slot])
        ledger.claims(Kind.LOAN_REPAYMENT, holder, loans, -items[Item.PRINCIPAL_PAID, slot])
        ledger.give_up(Reason.INTEREST_REVERSAL, holder, Instrument.ACCRUED_INTEREST, items[Item.REVERSED, slot])
        ledger.give_up(Reason.WRITE_OFF, holder, loans, items[Item.WRITTEN_OFF, slot])
        guaranteed = int(items[Item.GUARANTEED, slot].sum())
        ledger.claim(Kind.GUARANTEE_CALLS, holder, Sector.FUND, Instrument.GUARANTEE_CLAIMS, guaranteed)
    book_policy_loans(world, items)
    book_family_loans(world, totals)
    for row, (kind, item) in enumerate(_COLLECTED):
        paid, received = position(totals.paid[row]), position()
        if item in _POLICY:
            paid[:3, Instrument.DEPOSIT_RURAL] += items[_POLICY[item], Slot.BANK]
        for slot, (holder, _, account) in _HOLDERS.items():
            received[holder, account] += items[item, slot].sum()
        ledger.book(kind, paid, received)


def book_policy_loans(world: World, items: NDArray[np.int64]) -> None:
    """Book that the firm's cooperative gives poor households the money that serves their pooled loans."""
    ledger = world.ledger
    for item, kind in ((Item.POLICY_INTEREST, Kind.COOPERATIVE_SERVICE), (Item.POLICY_PRINCIPAL, Kind.LOAN_REPAYMENT)):
        amounts = items[item, Slot.BANK]
        paid, received = position(), position()
        paid[Sector.FIRM, Instrument.DEPOSIT_RURAL] = amounts.sum()
        received[:3, Instrument.DEPOSIT_RURAL] = amounts
        ledger.book(kind, paid, received)
        if kind is Kind.LOAN_REPAYMENT:
            ledger.claims(kind, Sector.FIRM, Instrument.COOPERATIVE_SHARES, amounts)


def book_family_loans(world: World, totals: ServiceTotals) -> None:
    """Book family loans repaid and given up."""
    ledger = world.ledger
    ledger.book(Kind.FAMILY_LENDING, position(totals.paid[3]), position(totals.family_received))
    repaid, given_up = totals.family
    for creditor in range(3):
        ledger.claims(Kind.FAMILY_LENDING, Sector(creditor), Instrument.FAMILY_LOANS, -repaid[creditor])
        ledger.give_up(Reason.WRITE_OFF, Sector(creditor), Instrument.FAMILY_LOANS, given_up[creditor])


def interest_is_subsidised(world: World) -> bool:
    """Say whether the county pays back a part of the interest this month."""
    government = world.now.government
    return bool(government.subsidy_rate > 0 and world.month >= government.subsidy_start)


def subsidise_interest(world: World, rows: NDArray[np.int32], interest: NDArray[np.int64]) -> None:
    """Pay poor households back a share of the interest they paid, from the county's purse."""
    home = world.loans.household[rows]
    entitled = world.households.poor[home] & (world.loans.product[rows] != Product.BANK_POLICY)
    amount = np.where(entitled, (interest * world.now.government.subsidy_rate).astype(np.int64), 0)
    heads = world.first[home]
    np.add.at(world.residents.deposit_rural, heads, amount)
    received = position()
    np.add.at(received[:, Instrument.DEPOSIT_RURAL], world.households.sector[home], amount)
    paid = position()
    paid[Sector.GOVERNMENT, Instrument.DEPOSIT_ELSEWHERE] = amount.sum()
    world.ledger.book(Kind.INTEREST_SUBSIDY, paid, received)


def renew(world: World, bank: RuralBank, old: NDArray[np.int32]) -> None:
    """Make a new loan of the same balance, at today's rate, for each renewed bullet; no money moves."""
    if len(old) == 0:
        return
    book = world.loans
    same = (
        "borrower", "household", "product", "lender", "creditor", "purpose", "annual_rate", "maturity", "repayment",
        "own_share", "guaranteed",
    )  # fmt: skip
    rows = book.originate(
        month=world.month,
        principal=book.balance[old],
        renewed_from=old,
        **{name: getattr(book, name)[old] for name in same},
    )
    rates = bank.rates
    today = np.array([round(rates[product] * MILLION) if product in rates else -1 for product in Product], np.int32)
    rate = today[book.product[rows]]
    book.annual_rate[rows] = np.where(rate >= 0, rate, book.annual_rate[rows])
    book.balance[old] = 0
    home = book.household[old]
    farm = world.households.farm_loan[home] == old
    world.households.farm_loan[home[farm]] = rows[farm]
