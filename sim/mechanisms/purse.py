"""The common purse: how a household's members find the money for a payment.

A purse is a row of int64[residents, 5] in fen: cash, deposit at the rural bank, deposit elsewhere, wallet, money fund.
Members of a household stand in neighbouring rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import device, row

Array = NDArray[Any]
Money = NDArray[np.int64]
#: Fen out of cash, rural deposit, other deposit, wallet and money fund.
Taken = tuple[int, int, int, int, int]

CASH, RURAL, ELSEWHERE, WALLET, FUND = 0, 1, 2, 3, 4
#: In which order money is looked for: by hand, by the bank's mandate, by the platform's mandate.
BY_HAND = np.array([CASH, RURAL, ELSEWHERE, WALLET, FUND], np.int64)
BY_TRANSFER = np.array([RURAL, ELSEWHERE, WALLET, FUND, CASH], np.int64)
BY_WALLET = np.array([WALLET, ELSEWHERE, RURAL, FUND, CASH], np.int64)


@device
def interest_on(balance: int, rate: int, parts: int) -> int:
    """Return balance x rate / parts, rounded half to even, fen."""
    # unsigned, because nobody owes less than nothing: signed numbers take longer to divide
    product, whole = np.uint64(balance) * np.uint64(rate), np.uint64(parts)
    quotient = product // whole
    rest = product - quotient * whole
    # without a branch: whether to round up is a matter of chance, which a processor cannot guess
    up = rest + rest + (quotient & np.uint64(1)) > whole
    return np.int64(quotient + np.uint64(up))  # type: ignore[return-value]


@device
def purse_of(money: Money, first: int, last: int) -> int:
    """Return all that the members in rows first to last - 1 can spend, fen."""
    total = 0
    for i in range(first, last):
        total += money[i, 0] + money[i, 1] + money[i, 2] + money[i, 3] + money[i, 4]
    return total


@device
def take(
    money: Money, first: int, last: int, payer: int, amount: int, order: Array, paid: Array, line: int, sector: int,
) -> int:  # fmt: skip
    """Take an amount out of the purse, the payer's own money first; return what was found.

    Parameters
    ----------
    money : int64[residents, 5], fen
        The five money columns; changed.
    first, last : int
        Rows of the household's members.
    payer : int
        Row of the member who pays.
    amount : int
        Wanted, fen.
    order : int64[5]
        Instruments in the order in which they are used.
    paid : int64[lines, 3, 5], fen
        ``paid[line, sector]`` is increased by what was taken from each instrument.
    line, sector : int
        Which account of payments.

    Returns
    -------
    int
        What was found, at most the amount, fen.
    """
    left = amount
    for j in range(5):
        if left <= 0:
            return amount
        k = row(order[j])
        part = min(left, money[payer, k])
        if part > 0:
            money[payer, k] -= part
            paid[line, sector, k] += part
            left -= part
    if left > 0 and last - first > 1:
        for j in range(5):
            k = row(order[j])
            for i in range(first, last):
                if left <= 0:
                    return amount
                part = min(left, money[i, k])
                if part > 0:
                    money[i, k] -= part
                    paid[line, sector, k] += part
                    left -= part
    return amount - left


@device
def own_by_transfer(money: Money, payer: int, main_bank: int, amount: int) -> Taken:
    """Take an amount by transfer out of the payer's own accounts: his main bank if all is there, else as `take`.

    Like `own_by_hand` without a jump: which account it comes from is a matter of chance, which a processor cannot
    guess. Where less is found than the amount, the caller turns to `with_the_others`.
    """
    cash, rural, elsewhere = money[payer, CASH], money[payer, RURAL], money[payer, ELSEWHERE]
    wallet, fund = money[payer, WALLET], money[payer, FUND]
    at_once = amount if (main_bank != 0) & (elsewhere >= amount) else 0
    left = amount - at_once
    from_rural = min(left, rural)
    left -= from_rural
    more = min(left, elsewhere - at_once)
    left -= more
    from_elsewhere = at_once + more
    from_wallet = min(left, wallet)
    left -= from_wallet
    from_fund = min(left, fund)
    left -= from_fund
    from_cash = min(left, cash)
    money[payer, CASH] = cash - from_cash
    money[payer, RURAL] = rural - from_rural
    money[payer, ELSEWHERE] = elsewhere - from_elsewhere
    money[payer, WALLET] = wallet - from_wallet
    money[payer, FUND] = fund - from_fund
    return from_cash, from_rural, from_elsewhere, from_wallet, from_fund


@device
def own_by_hand(money: Money, payer: int, amount: int) -> Taken:
    """Take an amount by hand out of the payer's own accounts, in the order of `take`."""
    cash, rural, elsewhere = money[payer, CASH], money[payer, RURAL], money[payer, ELSEWHERE]
    wallet, fund = money[payer, WALLET], money[payer, FUND]
    from_cash = min(amount, cash)
    left = amount - from_cash
    from_rural = min(left, rural)
    left -= from_rural
    from_elsewhere = min(left, elsewhere)
    left -= from_elsewhere
    from_wallet = min(left, wallet)
    left -= from_wallet
    from_fund = min(left, fund)
    money[payer, CASH] = cash - from_cash
    money[payer, RURAL] = rural - from_rural
    money[payer, ELSEWHERE] = elsewhere - from_elsewhere
    money[payer, WALLET] = wallet - from_wallet
    money[payer, FUND] = fund - from_fund
    return from_cash, from_rural, from_elsewhere, from_wallet, from_fund


@device
def _from_all(money: Money, first: int, last: int, account: int, amount: int) -> int:
    """Take an amount out of one account of the members in rows first to last - 1, in order; return what is found."""
    left = amount
    for i in range(first, last):
        part = min(left, money[i, account])
        money[i, account] -= part
        left -= part
    return amount - left


@device
def with_the_others(
    money: Money, first: int, last: int, short: int, by_hand: bool, cash: int, rural: int, elsewhere: int, wallet: int,
    fund: int,
) -> Taken:  # fmt: skip
    """Take what the payer's own money did not reach for from the other members; return all that was taken.

    Account by account in the order of `take`, cash first if by hand, else last. The payer has nothing left, so that he
    need not be left out. To be called only where something is short: then the common case has no jump.
    """
    left = short
    at_first = _from_all(money, first, last, row(CASH), left if by_hand else 0)
    left -= at_first
    r = _from_all(money, first, last, row(RURAL), left)
    left -= r
    e = _from_all(money, first, last, row(ELSEWHERE), left)
    left -= e
    w = _from_all(money, first, last, row(WALLET), left)
    left -= w
    f = _from_all(money, first, last, row(FUND), left)
    at_last = _from_all(money, first, last, row(CASH), left - f)
    return cash + at_first + at_last, rural + r, elsewhere + e, wallet + w, fund + f


@device
def settle(bill: int, cash: int, rural: int, elsewhere: int, wallet: int, fund: int, account: Array) -> Taken:
    """Pay a bill out of what was taken, in the order of the instruments; return what is left for the next bill.

    Parameters
    ----------
    bill : int
        Fen; what is missing stays unpaid.
    cash, rural, elsewhere, wallet, fund : int, fen
        What was taken of each instrument.
    account : int64[5], fen
        Increased by what the bill was paid with.
    """
    part = min(bill, cash)
    account[CASH] += part
    cash -= part
    left = bill - part
    part = min(left, rural)
    account[RURAL] += part
    rural -= part
    left -= part
    part = min(left, elsewhere)
    account[ELSEWHERE] += part
    elsewhere -= part
    left -= part
    part = min(left, wallet)
    account[WALLET] += part
    wallet -= part
    left -= part
    part = min(left, fund)
    account[FUND] += part
    return cash, rural, elsewhere, wallet, fund - part
