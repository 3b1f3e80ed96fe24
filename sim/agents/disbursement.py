"""Paying out new loans: the money reaches the borrower, and both sides are booked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.accounts import Instrument, Kind
from sim.kernels import kernel, row, span
from sim.mechanisms.loan_service import FAMILY, MATURED, POLICY_LOAN
from sim.mechanisms.purse import ELSEWHERE, RURAL, Array, Money, own_by_transfer, with_the_others
from sim.mechanisms.tape import holdings
from sim.state.world import World, position
from sim.vocabulary import Lender, Product, Sector

MILLION = 1_000_000


@kernel
def pay_out(
    rows: Array, borrower: Array, creditor: Array, lender: Array, product: Array, principal: Array, balance: Array,
    status: Array, household: Array, sector: Array, main_bank: Array, first: Array, money: Money, received: Array,
    given: Array, family: Array,
) -> None:  # fmt: skip
    """Pay out loans: into the rural bank, the bound bank card, or out of a relative's purse into the borrower's.

    Parameters
    ----------
    rows : int32[new loans]
    borrower ... status : [loans]
        A relative lends at most what his purse holds: principal and balance are cut to it, the status of a loan of
        nothing is MATURED.
    household, main_bank, money : [residents]
    sector, first : [households]
    received : int64[lenders, 3, 5], fen
        Increased by what borrowers receive, by lender, sector and instrument.
    given : int64[3, 5], fen
        Increased by what relatives give, by sector and instrument.
    family : int64[3, 3], fen
        Increased by family loans, by sectors of creditor and debtor.
    """
    for k in span(0, len(rows)):
        loan = row(rows[k])
        if product[loan] == POLICY_LOAN:
            continue
        i = row(borrower[loan])
        s = row(sector[row(household[i])])
        account = row(RURAL if (lender[loan] == 0 or main_bank[i] == 0) else ELSEWHERE)
        amount = principal[loan]
        if lender[loan] == FAMILY:
            friend = row(creditor[loan])
            home = row(household[friend])
            other = row(sector[home])
            # 0: his rural deposit first, whatever his main bank
            c, r, e, w, f = own_by_transfer(money, friend, 0, amount)
            short = amount - (c + r + e + w + f)
            if short > 0:
                head, last = row(first[home]), row(first[home + row(1)])
                c, r, e, w, f = with_the_others(money, head, last, short, False, c, r, e, w, f)
                amount = c + r + e + w + f
                principal[loan] = amount
                balance[loan] = amount
            if amount == 0:
                status[loan] = MATURED
            for instrument, part in enumerate((c, r, e, w, f)):
                given[other, row(instrument)] += part
            family[other, s] += amount
        money[i, account] += amount
        received[row(lender[loan]), s, account] += amount


def disburse(world: World, rows: NDArray[np.int32]) -> None:
    """Pay out newly originated loans and book them."""
    if len(rows) == 0:
        return
    book, people, homes = world.loans, world.residents, world.households
    received = np.zeros((len(Lender), 3, 5), np.int64)
    given = np.zeros((3, 5), np.int64)
    family = np.zeros((3, 3), np.int64)
    pay_out(
        rows, book.borrower, book.creditor, book.lender, book.product, book.principal, book.balance, book.status,
        people.household, homes.sector, people.main_bank, world.first, world.money, received, given, family,
    )  # fmt: skip
    _book_lending(world, rows, received)
    world.ledger.book(Kind.FAMILY_LENDING, position(given), position(received[Lender.FAMILY]))
    for creditor in range(3):
        world.ledger.claims(Kind.FAMILY_LENDING, Sector(creditor), Instrument.FAMILY_LOANS, family[creditor])


def _book_lending(world: World, rows: NDArray[np.int32], received: NDArray[np.int64]) -> None:
    """Book the loans of institutions by the shares of lender and partner, and what they pay out."""
    ledger, book = world.ledger, world.loans
    by_holder = holdings(
        rows, book.lender, book.product, book.own_share, book.household, world.households.sector, book.status,
        book.principal,
    ).sum(axis=0)  # fmt: skip
    for (holder, instrument), amounts in zip(HOLDERS, by_holder, strict=False):
        account = Instrument.RESERVES if holder is Sector.BANK else Instrument.DEPOSIT_ELSEWHERE
        ledger.claims(Kind.LOAN_DISBURSEMENT, holder, instrument, amounts)
        paid = position()
        paid[holder, account] = amounts.sum()
        world_receives = position()
        world_receives[Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE] = amounts.sum()
        ledger.book(Kind.LOAN_DISBURSEMENT, paid, world_receives)
    passed_on = position()
    total = received[Lender.BANK] + received[Lender.PLATFORM]
    pooled = _pool_policy_loans(world, rows)
    passed_on[Sector.WORLD, Instrument.DEPOSIT_ELSEWHERE] = total.sum() + pooled
    arrived = position(total)
    arrived[Sector.FIRM, Instrument.DEPOSIT_RURAL] = pooled
    ledger.book(Kind.LOAN_DISBURSEMENT, passed_on, arrived)


def _pool_policy_loans(world: World, rows: NDArray[np.int32]) -> int:
    """Book that poor households leave their policy loans to the firm's cooperative; return the amount, fen."""
    book = world.loans
    policy = rows[book.product[rows] == Product.BANK_POLICY]
    sector = world.households.sector[book.household[policy]]
    amounts = np.zeros(3, np.int64)
    np.add.at(amounts, sector, book.principal[policy])
    # claims of the households on the firm are negative claims of the firm on them
    world.ledger.claims(Kind.LOAN_DISBURSEMENT, Sector.FIRM, Instrument.COOPERATIVE_SHARES, -amounts)
    return int(amounts.sum())


#: Who holds a share of a loan, by slot, and as which instrument; relatives are kept apart.
HOLDERS: tuple[tuple[Sector, Instrument], ...] = (
    (Sector.BANK, Instrument.LOANS_BANK),
    (Sector.LENDER, Instrument.LOANS_PLATFORM),
    (Sector.WORLD, Instrument.LOANS_PARTNER),
)
