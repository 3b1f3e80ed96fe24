"""The common purse: how a household's members find the money for a payment.

A purse is a tuple of five int64 columns in fen: cash, deposit at the rural bank, deposit elsewhere, wallet, money fund.
Members of a household stand in neighbouring rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import device, row

Array = NDArray[Any]
Money = tuple[Array, ...]
#: Fen out of cash, rural deposit, other deposit, wallet and money fund.
Taken = tuple[int, int, int, int, int]

CASH, RURAL, ELSEWHERE, WALLET, FUND = 0, 1, 2, 3, 4
#: In which order money is looked for: by hand, by the bank's mandate, by the platform's mandate.
BY_HAND = np.array([CASH, RURAL, ELSEWHERE, WALLET, FUND], np.int64)
BY_TRANSFER = np.array([RURAL, ELSEWHERE, WALLET, FUND, CASH], np.int64)
BY_WALLET = np.array([WALLET, ELSEWHERE, RURAL, FUND, CASH], np.int64)


@device
def held(money: Money, account: int, i: int) -> int:
    """Return what row i holds in an account, fen; five branches are faster than indexing a tuple of arrays."""
    if account == CASH:
        return int(money[CASH][i])
    if account == RURAL:
        return int(money[RURAL][i])
    if account == ELSEWHERE:
        return int(money[ELSEWHERE][i])
    if account == WALLET:
        return int(money[WALLET][i])
    return int(money[FUND][i])


@device
def add(money: Money, account: int, i: int, amount: int) -> None:
    """Add an amount (negative: take it away) to an account of row i, fen."""
    if account == CASH:
        money[CASH][i] += amount
    elif account == RURAL:
        money[RURAL][i] += amount
    elif account == ELSEWHERE:
        money[ELSEWHERE][i] += amount
    elif account == WALLET:
        money[WALLET][i] += amount
    else:
        money[FUND][i] += amount


@device
def purse_of(money: Money, first: int, last: int) -> int:
    """Return all that the members in rows first to last - 1 can spend, fen."""
    total = 0
    for i in range(first, last):
        total += money[0][i] + money[1][i] + money[2][i] + money[3][i] + money[4][i]
    return total


@device
def take(
    money: Money, first: int, last: int, payer: int, amount: int, order: Array, paid: Array, line: int, sector: int,
) -> int:  # fmt: skip
    """Take an amount out of the purse, the payer's own money first; return what was found.

    Parameters
    ----------
    money : tuple of int64[residents], fen
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
        k = order[j]
        part = min(left, held(money, k, payer))
        if part > 0:
            add(money, k, payer, -part)
            paid[line, sector, row(k)] += part
            left -= part
    if left > 0 and last - first > 1:
        for j in range(5):
            k = order[j]
            for i in range(first, last):
                if left <= 0:
                    return amount
                part = min(left, held(money, k, i))
                if part > 0:
                    add(money, k, i, -part)
                    paid[line, sector, row(k)] += part
                    left -= part
    return amount - left


@device
def own_by_transfer(money: Money, payer: int, main_bank: int, amount: int) -> Taken:
    """Take an amount by transfer out of the payer's own accounts: his main bank if all is there, else as `take`.

    Like `own_by_hand` without a jump: which account it comes from is a matter of chance, which a processor cannot
    guess. Where less is found than the amount, the caller turns to `with_the_others`.
    """
    cash, rural, elsewhere = money[CASH][payer], money[RURAL][payer], money[ELSEWHERE][payer]
    wallet, fund = money[WALLET][payer], money[FUND][payer]
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
    money[CASH][payer] = cash - from_cash
    money[RURAL][payer] = rural - from_rural
    money[ELSEWHERE][payer] = elsewhere - from_elsewhere
    money[WALLET][payer] = wallet - from_wallet
    money[FUND][payer] = fund - from_fund
    return from_cash, from_rural, from_elsewhere, from_wallet, from_fund


@device
def own_by_hand(money: Money, payer: int, amount: int) -> Taken:
    """Take an amount by hand out of the payer's own accounts, in the order of `take`."""
    cash, rural, elsewhere = money[CASH][payer], money[RURAL][payer], money[ELSEWHERE][payer]
    wallet, fund = money[WALLET][payer], money[FUND][payer]
    from_cash = min(amount, cash)
    left = amount - from_cash
    from_rural = min(left, rural)
    left -= from_rural
    from_elsewhere = min(left, elsewhere)
    left -= from_elsewhere
    from_wallet = min(left, wallet)
    left -= from_wallet
    from_fund = min(left, fund)
    money[CASH][payer] = cash - from_cash
    money[RURAL][payer] = rural - from_rural
    money[ELSEWHERE][payer] = elsewhere - from_elsewhere
    money[WALLET][payer] = wallet - from_wallet
    money[FUND][payer] = fund - from_fund
    return from_cash, from_rural, from_elsewhere, from_wallet, from_fund


@device
def with_the_others(
    money: Money, first: int, last: int, payer: int, short: int, order: Array, spare: Array, cash: int, rural: int,
    elsewhere: int, wallet: int, fund: int,
) -> Taken:  # fmt: skip
    """Take what the payer's own money did not reach for from the other members; return all that was taken.

    ``spare`` is int64[1, 1, 5] of zeros to work with. To be called only where something is short: then the common case
    has no jump.
    """
    take(money, first, last, payer, short, order, spare, 0, 0)
    cash += spare[0, 0, CASH]
    rural += spare[0, 0, RURAL]
    elsewhere += spare[0, 0, ELSEWHERE]
    wallet += spare[0, 0, WALLET]
    fund += spare[0, 0, FUND]
    spare[:] = 0
    return cash, rural, elsewhere, wallet, fund


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
