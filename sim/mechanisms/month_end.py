"""The month's end in a household: idle cash is banked, idle wallet money moves to the fund, interest is credited."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import kernel, row, span
from sim.mechanisms.purse import CASH, ELSEWHERE, FUND, RURAL, WALLET, Array, Money, interest_on
from sim.threads import over_parts, parts_of

MILLION = 1_000_000


class MonthEndTerms(NamedTuple):
    """What the month's end depends on.

    Attributes
    ----------
    cash_kept : int
        Cash that a person keeps at home at most, fen.
    wallet_kept : int
        Wallet balance above which the rest moves to the money fund, fen.
    deposit_interest : int
        Interest credited on deposits this month, parts per million.
    fund_yield : int
        The money fund's yield this month, parts per million.
    income_smoothing : float
        Weight of the month in usual income.
    """

    cash_kept: int
    wallet_kept: int
    deposit_interest: int
    fund_yield: int
    income_smoothing: float


@kernel
def _close_part(
    part: int, start: int, stop: int,
    terms: MonthEndTerms, first: Array, sector: Array, main_bank: Array, wallet_since: Array, money: Money,
    income: Array, income_average: Array, all_moved_out: Array, all_moved_in: Array, all_interest: Array,
) -> None:  # fmt: skip
    """Close the accounts of households start to stop - 1; arguments as in `close_household_accounts`."""
    moved_out, moved_in, interest = all_moved_out[part], all_moved_in[part], all_interest[part]
    last = row(first[start])
    for h in span(start, stop):
        head, last = last, row(first[h + row(1)])
        s = row(sector[h])
        earned_rural, earned_elsewhere, earned_fund = 0, 0, 0
        for i in range(head, last):
            earned = interest_on(money[i, RURAL], terms.deposit_interest, MILLION)
            rural = money[i, RURAL] + earned
            earned_rural += earned
            earned = interest_on(money[i, ELSEWHERE], terms.deposit_interest, MILLION)
            elsewhere = money[i, ELSEWHERE] + earned
            earned_elsewhere += earned
            idle = money[i, CASH] - terms.cash_kept
            if idle > 0:
                bank = row(RURAL if main_bank[i] == 0 else ELSEWHERE)
                money[i, CASH] -= idle
                rural += idle if main_bank[i] == 0 else 0
                elsewhere += 0 if main_bank[i] == 0 else idle
                moved_out[s, CASH] += idle
                moved_in[s, bank] += idle
            money[i, RURAL] = rural
            money[i, ELSEWHERE] = elsewhere
            if money[i, FUND] > 0:
                earned = interest_on(money[i, FUND], terms.fund_yield, MILLION)
                money[i, FUND] += earned
                earned_fund += earned
            idle = money[i, WALLET] - terms.wallet_kept
            if idle > 0 and wallet_since[i] >= 0:
                money[i, WALLET] -= idle
                money[i, FUND] += idle
                moved_out[s, WALLET] += idle
                moved_in[s, FUND] += idle
        interest[s, RURAL] += earned_rural
        interest[s, ELSEWHERE] += earned_elsewhere
        interest[s, FUND] += earned_fund
        income_average[h] += int(terms.income_smoothing * (income[h] - income_average[h]))


def close_household_accounts(
    terms: MonthEndTerms, first: Array, sector: Array, main_bank: Array, wallet_since: Array, money: Money,
    income: Array, income_average: Array, moved_out: Array, moved_in: Array, interest: Array,
) -> None:  # fmt: skip
    """Bank idle money, credit interest and renew usual income.

    Parameters
    ----------
    terms : MonthEndTerms
    first, sector, income, income_average : [households]
        ``income_average`` is changed, fen a month.
    main_bank, wallet_since, money : [residents]
        Money is changed.
    moved_out, moved_in : int64[parts, 3, 5], fen
        Increased by what leaves and enters each instrument.
    interest : int64[parts, 3, 5], fen
        Increased by the interest credited, by sector and instrument.
    """
    over_parts(
        _close_part, len(interest), len(first) - 1, terms, first, sector, main_bank, wallet_since, money, income,
        income_average, moved_out, moved_in, interest,
    )  # fmt: skip


@kernel
def _count_part(part: int, start: int, stop: int, first: Array, sector: Array, money: Money, counted: Array) -> None:
    """Count the money of households start to stop - 1, in the sums of one part."""
    mine = counted[part]
    last = row(first[start])
    for h in span(start, stop):
        head, last = last, row(first[h + row(1)])
        s = row(sector[h])
        cash = rural = elsewhere = wallet = fund = 0
        for i in range(head, last):
            cash += money[i, CASH]
            rural += money[i, RURAL]
            elsewhere += money[i, ELSEWHERE]
            wallet += money[i, WALLET]
            fund += money[i, FUND]
        mine[s, CASH] += cash
        mine[s, RURAL] += rural
        mine[s, ELSEWHERE] += elsewhere
        mine[s, WALLET] += wallet
        mine[s, FUND] += fund


def count_money(first: Array, sector: Array, money: Money, counted: Array) -> None:
    """Count what household sectors hold, int64[3, 5] in fen, by sector and instrument: the records side of a check."""
    households = len(first) - 1
    by_part = np.zeros((parts_of(households), *counted.shape), np.int64)
    over_parts(_count_part, len(by_part), households, first, sector, money, by_part)
    counted += by_part.sum(axis=0)
