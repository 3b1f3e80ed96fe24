"""Loan service: what falls due, who collects first, how arrears age, default, write-off and recovery."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels import device, kernel, row, span
from sim.mechanisms.purse import (
    BY_HAND,
    BY_TRANSFER,
    BY_WALLET,
    ELSEWHERE,
    RURAL,
    Array,
    Money,
    interest_on,
    purse_of,
    take,
)
from sim.threads import HOUSEHOLD, over_parts
from sim.vocabulary import Lender, LoanStatus, Product, Repayment

PERFORMING = int(LoanStatus.PERFORMING)
DELINQUENT = int(LoanStatus.DELINQUENT)
DEFAULTED = int(LoanStatus.DEFAULTED)
MATURED = int(LoanStatus.MATURED)
WRITTEN_OFF = int(LoanStatus.WRITTEN_OFF)
INSTALLMENT = int(Repayment.INSTALLMENT)
BULLET = int(Repayment.BULLET)
PLATFORM = int(Lender.PLATFORM)
FAMILY = int(Lender.FAMILY)
POLICY_LOAN = int(Product.BANK_POLICY)
JOINT = int(Product.JOINT)
MILLION = 1_000_000
DAYS_OF_DEFAULT = 90
#: Months after which a bullet pays its interest (assumed).
QUARTER = 3
#: Month in which nothing unpaid fell due; opening loans have months before 0.
NOT_DUE = 32_000
#: Default month of loans that never defaulted; a default before the first month is -2.
NEVER_DEFAULTED = -1


class Slot(IntEnum):
    """Who holds a share of a loan."""

    BANK = 0
    PLATFORM = 1
    PARTNER = 2
    FAMILY = 3


class Item(IntEnum):
    """What happened to loans in a month: the rows of the totals."""

    ACCRUED = 0
    INTEREST_PAID = 1
    PRINCIPAL_PAID = 2
    RECOVERED = 3
    REVERSED = 4
    WRITTEN_OFF = 5
    POLICY_INTEREST = 6
    POLICY_PRINCIPAL = 7
    GUARANTEED = 8
    RENEWED = 9


# compiled code reads plain integers
_ACCRUED = int(Item.ACCRUED)
_INTEREST_PAID = int(Item.INTEREST_PAID)
_PRINCIPAL_PAID = int(Item.PRINCIPAL_PAID)
_RECOVERED = int(Item.RECOVERED)
_REVERSED = int(Item.REVERSED)
_WRITTEN_OFF = int(Item.WRITTEN_OFF)
_POLICY_INTEREST = int(Item.POLICY_INTEREST)
_POLICY_PRINCIPAL = int(Item.POLICY_PRINCIPAL)
_GUARANTEED = int(Item.GUARANTEED)
_RENEWED = int(Item.RENEWED)


class ServiceTerms(NamedTuple):
    """What the service of all loans depends on in one month.

    Attributes
    ----------
    month : int
        The month.
    subsistence : int
        Left to each person of a household before anybody without a mandate is paid, fen.
    early_hazard : float
        Probability a month that a borrower with the money repays early.
    ample : float
        Purse, in multiples of the balance, above which a borrower repays early, and a bullet is repaid, not renewed.
    renewal_chance : float
        Probability that a bullet in good standing is renewed.
    write_off_bank, write_off_platform : int
        Days past due at which a loan is written off.
    recovery_chance, recovery_share : float
        Probability a month that a written-off loan is partly collected, and the share of the rest collected then.
    """

    month: int
    subsistence: int
    early_hazard: float
    ample: float
    renewal_chance: float
    write_off_bank: int
    write_off_platform: int
    recovery_chance: float
    recovery_share: float


@kernel
def _growth(monthly_rate: Array, months: Array, grown: Array) -> None:
    """Fill ``grown`` with (1 + rate) ** months, multiplied out: the same bits on every machine."""
    for k in range(len(grown)):
        grown[k] = 1.0
        for _ in range(months[k]):
            grown[k] *= 1.0 + monthly_rate[k]


def level_installment(
    principal: NDArray[np.int64], annual_rate: NDArray[np.int32], maturity: NDArray[np.int16]
) -> NDArray[np.int64]:
    """Return the level monthly payment that repays a loan.

    With monthly rate r and n months: principal x r / (1 - (1 + r)^-n); principal / n where r is 0.

    Parameters
    ----------
    principal : int64, fen
    annual_rate : int32, parts per million a year
    maturity : int16, months, at least 1

    Returns
    -------
    int64, fen a month
    """
    amount = np.asarray(principal, np.float64)
    months = np.asarray(maturity, np.int64)
    monthly_rate = np.asarray(annual_rate, np.float64) / (12.0 * MILLION)
    growth = np.empty_like(amount)
    _growth(monthly_rate, months, growth)
    level = np.where(
        monthly_rate > 0, amount * monthly_rate * growth / np.maximum(growth - 1.0, 1e-300), amount / months
    )
    result: NDArray[np.int64] = np.rint(level).astype(np.int64)
    return result


@device
def monthly_share(balance: int, annual_rate: int) -> int:
    """Return a month's interest on one balance, rounded half to even, fen."""
    return interest_on(balance, annual_rate, 12 * MILLION)


@device
def _own(amount: int, share: int) -> int:
    """Return the lender's own part of an amount; the partner's is the remainder."""
    return amount * share // MILLION


@device
def book_change(
    totals: Array, item: int, own_slot: int, partner_slot: int, s: int, before: int, after: int, share: int,
) -> None:  # fmt: skip
    """Add to the totals by how much each holder's part of a stock changed (before - after)."""
    own = _own(before, share) - _own(after, share)
    totals[item, own_slot, s] += own
    totals[item, partner_slot, s] += before - after - own


@device
def _next_household(k: int, rows: Array, household: Array) -> int:
    """Return the first position from k on at which another household's loans begin."""
    while 0 < k < len(rows) and household[rows[k]] == household[rows[k - 1]]:
        k += 1
    return k


@kernel
def _serve_part(
    part: int, start: int, stop: int, terms: ServiceTerms, rows: Array, borrower: Array, household: Array,
    product: Array, lender: Array, balance: Array, annual_rate: Array, maturity: Array, repayment: Array, installment:
    Array,
    own_share: Array, guaranteed: Array, originated: Array, closed: Array, status: Array, accrued: Array,
    interest_due: Array, principal_due: Array, due_since: Array, days_past_due: Array, worst_days: Array,
    defaulted_month: Array, refusing: Array, written_off: Array, recovered: Array, interest_paid: Array, early_luck:
    Array, renewal_luck: Array, recovery_luck: Array, first: Array, sector: Array, children: Array, money: Money,
    debt_service: Array, renewed: Array, all_totals: Array, all_paid: Array, given_up: Array, repaid: Array,
) -> None:  # fmt: skip
    """Serve the loans start to stop - 1 of the order; arguments as in `serve_loans`, sums of one part.

    Both ends are moved to where the next household's loans begin, so that no two parts share a purse.
    """
    totals, paid = all_totals[part], all_paid[part]
    for k in span(_next_household(start, rows, household), _next_household(stop, rows, household)):
        loan = row(rows[k])
        h = row(household[loan])
        head, last = row(first[h]), row(first[h + row(1)])
        s = row(sector[h])
        who = row(borrower[loan])
        share = own_share[loan]
        own_slot = row(3 if lender[loan] == FAMILY else lender[loan])
        partner_slot = row(0 if product[loan] == JOINT else 2)
        reserve = terms.subsistence * (int(last - head) + children[h])
        order = BY_TRANSFER
        if lender[loan] == PLATFORM:
            order = BY_WALLET
        if lender[loan] == FAMILY:
            order = BY_HAND

        if status[loan] == WRITTEN_OFF:
            if recovery_luck[k] < terms.recovery_chance and lender[loan] != FAMILY:
                free = purse_of(money, head, last) - reserve
                rest = written_off[loan] - recovered[loan]
                amount = min(int(rest * terms.recovery_share), free)
                if amount > 0:
                    got = take(money, head, last, who, amount, order, paid, 2, s)
                    own = _own(got, share)
                    totals[_RECOVERED, own_slot, s] += own
                    totals[_RECOVERED, partner_slot, s] += got - own
                    recovered[loan] += got
            continue

        age = terms.month - originated[loan]
        policy = product[loan] == POLICY_LOAN
        purse = -1  # looked at only where it matters: most loans have nothing due
        early = False
        if early_luck[k] < terms.early_hazard:
            purse = purse_of(money, head, last)
            early = (
                status[loan] == PERFORMING
                and not policy
                and not refusing[loan]
                and age < maturity[loan]
                and purse - reserve > int(terms.ample * balance[loan])
            )
        interest = 0
        if status[loan] != DEFAULTED:
            if early:
                day = 1 + min(int(30.0 * early_luck[k] / terms.early_hazard), 29)
                interest = interest_on(balance[loan], annual_rate[loan] * day, 365 * MILLION)
            else:
                interest = interest_on(balance[loan], annual_rate[loan], 12 * MILLION)
            book_change(totals, _ACCRUED, own_slot, partner_slot, s, accrued[loan] + interest, accrued[loan], share)
            accrued[loan] += interest

        renew = False
        if early:
            interest_due[loan] = accrued[loan]
            principal_due[loan] = balance[loan]
        elif status[loan] != DEFAULTED:
            if repayment[loan] == INSTALLMENT:
                interest_due[loan] = accrued[loan]
                undue = balance[loan] - principal_due[loan]
                falls_due = undue
                if age < maturity[loan]:
                    falls_due = min(undue, max(installment[loan] - interest, 0))
                principal_due[loan] += falls_due
            elif age >= maturity[loan]:
                interest_due[loan] = accrued[loan]
                if purse < 0:
                    purse = purse_of(money, head, last)
                if lender[loan] == FAMILY:
                    willing = purse - reserve < balance[loan]
                else:
                    willing = renewal_luck[k] < terms.renewal_chance and purse < int(terms.ample * balance[loan])
                renew = (
                    repayment[loan] == BULLET
                    and age == maturity[loan]
                    and due_since[loan] == NOT_DUE
                    and not refusing[loan]
                    and (policy or willing)
                )
                if not renew:
                    principal_due[loan] = balance[loan]
            elif repayment[loan] == BULLET and age % QUARTER == 0:
                interest_due[loan] = accrued[loan]

        due = interest_due[loan] + principal_due[loan]
        if not policy:
            debt_service[h] += due
        if due > 0:
            if policy:
                totals[_POLICY_INTEREST, 0, s] += interest_due[loan]
                totals[_POLICY_PRINCIPAL, 0, s] += principal_due[loan]
                pay_interest = interest_due[loan]
                pay_principal = principal_due[loan]
            else:
                if purse < 0:
                    purse = purse_of(money, head, last)
                free = purse if lender[loan] == PLATFORM else max(purse - reserve, 0)
                amount = 0 if refusing[loan] else min(due, free)
                pay_interest = min(interest_due[loan], amount)
                pay_principal = amount - pay_interest
                if lender[loan] == FAMILY:
                    if pay_principal > 0:
                        take(money, head, last, who, pay_principal, order, paid, 3, s)
                        repaid[k] = pay_principal
                else:
                    take(money, head, last, who, pay_interest, order, paid, 0, s)
                    take(money, head, last, who, pay_principal, order, paid, 1, s)
            if pay_interest > 0:
                rest = accrued[loan] - pay_interest
                book_change(totals, _INTEREST_PAID, own_slot, partner_slot, s, accrued[loan], rest, share)
                accrued[loan] = rest
                interest_due[loan] -= pay_interest
                interest_paid[loan] += pay_interest
            if pay_principal > 0:
                rest = balance[loan] - pay_principal
                if lender[loan] != FAMILY:
                    book_change(totals, _PRINCIPAL_PAID, own_slot, partner_slot, s, balance[loan], rest, share)
                balance[loan] = rest
                principal_due[loan] -= pay_principal

        if renew:
            if interest_due[loan] == 0:
                renewed[k] = True
                book_change(totals, _RENEWED, own_slot, partner_slot, s, balance[loan], 0, share)
                status[loan] = MATURED
                closed[loan] = terms.month
                continue
            principal_due[loan] = balance[loan]

        overdue = interest_due[loan] + principal_due[loan]
        if overdue == 0:
            due_since[loan] = NOT_DUE
            days_past_due[loan] = 0
            if balance[loan] == 0 and accrued[loan] == 0:
                status[loan] = MATURED
                closed[loan] = terms.month
            else:
                status[loan] = PERFORMING
            continue
        if due_since[loan] == NOT_DUE:
            due_since[loan] = terms.month
        elif repayment[loan] == INSTALLMENT and status[loan] != DEFAULTED and installment[loan] > 0:
            count = (overdue + installment[loan] - 1) // installment[loan]
            latest = min(terms.month, originated[loan] + maturity[loan])
            due_since[loan] = max(due_since[loan], latest - count + 1)
        days = 30 * (terms.month - due_since[loan])
        days_past_due[loan] = days
        worst_days[loan] = max(worst_days[loan], days)
        if days < DAYS_OF_DEFAULT:
            if status[loan] != DEFAULTED:
                status[loan] = DELINQUENT if days > 0 else PERFORMING
            continue
        if status[loan] != DEFAULTED:
            status[loan] = DEFAULTED
            if defaulted_month[loan] == NEVER_DEFAULTED:
                defaulted_month[loan] = terms.month
                totals[_GUARANTEED, own_slot, s] += _own(balance[loan], guaranteed[loan])
            book_change(totals, _REVERSED, own_slot, partner_slot, s, accrued[loan], 0, share)
            accrued[loan] = 0
            interest_due[loan] = 0
            principal_due[loan] = balance[loan]
        limit = terms.write_off_platform if lender[loan] == PLATFORM else terms.write_off_bank
        if days >= limit:
            if lender[loan] == FAMILY:
                given_up[k] = balance[loan]
            else:
                book_change(totals, _WRITTEN_OFF, own_slot, partner_slot, s, balance[loan], 0, share)
            written_off[loan] = balance[loan]
            balance[loan] = 0
            principal_due[loan] = 0
            status[loan] = WRITTEN_OFF
            closed[loan] = terms.month


def serve_loans(
    terms: ServiceTerms, rows: Array, borrower: Array, household: Array, product: Array, lender: Array, balance:
    Array, annual_rate: Array, maturity: Array, repayment: Array, installment: Array, own_share: Array, guaranteed:
    Array, originated: Array, closed: Array, status: Array, accrued: Array, interest_due: Array, principal_due: Array,
    due_since: Array, days_past_due: Array, worst_days: Array, defaulted_month: Array, refusing: Array, written_off:
    Array, recovered: Array, interest_paid: Array, early_luck: Array, renewal_luck: Array, recovery_luck: Array,
    first: Array, sector: Array, children: Array, money: Money, debt_service: Array, renewed: Array, totals: Array,
    paid: Array, given_up: Array, repaid: Array,
) -> None:  # fmt: skip
    """Serve each of the loans given once, in their order (household, then who collects first).

    A bullet in good standing is renewed at maturity: a policy loan always, a family loan if the household cannot spare
    the money, the bank's with a chance if the purse is not ample.

    Parameters
    ----------
    terms : ServiceTerms
    rows : int32[k]
        Rows of the loan tape, sorted by household and by the order of collection.
    borrower ... interest_paid : [loans]
        Columns of the loan tape; changed.
    early_luck ... recovery_luck : float32[k]
        Uniform draws of the borrower; where the first is under the hazard it also gives the day, 1 to 30.
    first, sector, children : [households]
    money : int64[residents, 5], fen
        Changed.
    debt_service : int64[households], fen
        Increased by what is due.
    renewed : bool[k]
        Set where a bullet is renewed: its balance is 0 and a new loan of the same balance is to be made.
    totals : int64[parts, items, slots, 3], fen
        Increased by what happened, by holder and sector of the borrower.
    paid : int64[parts, 4, 3, 5], fen
        Increased by what borrowers pay in interest, principal and recoveries, and to relatives, by sector and
        instrument.
    given_up, repaid : int64[k], fen
        Set for family loans: balance given up, and repaid to the relative, who is credited by `credit_relatives`.
    """
    over_parts(
        _serve_part, len(totals), len(rows), terms, rows, borrower, household, product, lender, balance, annual_rate,
        maturity, repayment, installment, own_share, guaranteed, originated, closed, status, accrued, interest_due,
        principal_due, due_since, days_past_due, worst_days, defaulted_month, refusing, written_off, recovered,
        interest_paid, early_luck, renewal_luck, recovery_luck, first, sector, children, money, debt_service, renewed,
        totals, paid, given_up, repaid, weight=HOUSEHOLD,
    )  # fmt: skip


@kernel
def credit_relatives(
    rows: Array, repaid: Array, given_up: Array, creditor: Array, household: Array, sector: Array,
    resident_household: Array, main_bank: Array, money: Money, family: Array, received: Array,
) -> None:  # fmt: skip
    """Pay relatives what they are repaid, after everybody has been served, and add up what they give up.

    Parameters
    ----------
    rows : int32[k]
    repaid, given_up : int64[k], fen
    creditor, household : [loans]
    sector : int8[households]
    resident_household, main_bank, money : [residents]
        Money is changed.
    family : int64[2, 3, 3], fen
        Increased by family loans repaid and given up, by sectors of creditor and debtor.
    received : int64[3, 5], fen
        Increased by what creditors receive, by sector and instrument.
    """
    for k in span(0, len(rows)):
        if repaid[k] == 0 and given_up[k] == 0:
            continue
        loan = row(rows[k])
        friend = row(creditor[loan])
        account = row(RURAL if main_bank[friend] == 0 else ELSEWHERE)
        mine, other = row(sector[row(household[loan])]), row(sector[row(resident_household[friend])])
        money[friend, account] += repaid[k]
        received[other, account] += repaid[k]
        family[0, other, mine] += repaid[k]
        family[1, other, mine] += given_up[k]
