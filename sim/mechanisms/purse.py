"""The common purse: how a household's members find the money for a payment.

A purse is a tuple of five int64 columns in fen: cash, deposit at the rural bank, deposit elsewhere, wallet, money fund.
Members of a household stand in neighbouring rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import device

Array = NDArray[Any]
Money = tuple[Array, ...]

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
    money: Money, first: int, last: int, payer: int, amount: int, order: Array, paid: Array, row: int, sector: int,
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
    paid : int64[rows, 3, 5], fen
        ``paid[row, sector]`` is increased by what was taken from each instrument.
    row, sector : int
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
            paid[row, sector, k] += part
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
                    paid[row, sector, k] += part
                    left -= part
    return amount - left


@device
def transfer(
    money: Money, first: int, last: int, payer: int, main_bank: int, amount: int, paid: Array, row: int, sector: int
) -> int:
    """Take an amount by transfer, from the payer's main bank if it is there, else as `take`; return what was found.

    Nearly every payment ends in the first branch, which chooses the account without a jump.
    """
    rural, elsewhere = money[RURAL][payer], money[ELSEWHERE][payer]
    from_rural = amount if main_bank == 0 else 0
    from_elsewhere = amount - from_rural
    if rural >= from_rural and elsewhere >= from_elsewhere:
        money[RURAL][payer] = rural - from_rural
        money[ELSEWHERE][payer] = elsewhere - from_elsewhere
        paid[row, sector, RURAL] += from_rural
        paid[row, sector, ELSEWHERE] += from_elsewhere
        return amount
    return take(money, first, last, payer, amount, BY_TRANSFER, paid, row, sector)


@device
def hand_over(money: Money, first: int, last: int, payer: int, amount: int, paid: Array, row: int, sector: int) -> int:
    """Take an amount by hand: from the payer's cash if it is there, else as `take` does; return what was found."""
    if money[CASH][payer] >= amount:
        money[CASH][payer] -= amount
        paid[row, sector, CASH] += amount
        return amount
    return take(money, first, last, payer, amount, BY_HAND, paid, row, sector)
