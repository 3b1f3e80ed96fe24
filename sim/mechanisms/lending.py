"""Lending: what a lender sees of those who apply, who stays within his means, and which farm loans are closed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel, row, span
from sim.threads import over_rows
from sim.vocabulary import Employer

Array = NDArray[Any]

#: A random look-up in eight columns takes as long as so many rows of a simple kernel.
_LOOKED_UP = 8
#: The bank looks back no further, months.
_MONTHS_COUNTED = 1000
_ANCHOR = int(Employer.ANCHOR)


class Applicants(NamedTuple):
    """What the bank sees of those who apply.

    Attributes
    ----------
    quality, error : float32[k], standard normal
        Hidden creditworthiness, and the bank's error about it.
    payroll : bool[k]
        Wage paid through the bank.
    months : int16[k]
        Months since the first loan; 0 for those without.
    connected : bool[k]
        Known to officials.
    """

    quality: NDArray[np.float32]
    error: NDArray[np.float32]
    payroll: NDArray[np.bool_]
    months: NDArray[np.int16]
    connected: NDArray[np.bool_]


@kernel
def _seen_by_the_bank(
    start: int, stop: int, who: Array, month: int, quality: Array, error: Array, employer: Array, first: Array,
    connected: Array, out: Applicants,
) -> None:  # fmt: skip
    """Fill ``out`` from start to stop - 1; arguments as in `seen_by_the_bank`."""
    for k in span(start, stop):
        i = row(who[k])
        out.quality[k] = quality[i]
        out.error[k] = error[i]
        out.payroll[k] = employer[i] == _ANCHOR
        out.months[k] = min(month - first[i] + 1, _MONTHS_COUNTED) if first[i] >= 0 else 0
        out.connected[k] = connected[i]


def seen_by_the_bank(
    who: NDArray[np.int32], month: int, quality: NDArray[np.float32], error: NDArray[np.float32],
    employer: NDArray[np.int8], first: NDArray[np.int16], connected: NDArray[np.bool_],
) -> Applicants:  # fmt: skip
    """Return what the bank sees of those who apply.

    Parameters
    ----------
    who : int32[k]
    month : int
        This month.
    quality, error, employer, first, connected : [residents]
        Hidden creditworthiness; the bank's error about it; who pays the wage; month of the first loan of the bank, -1
        for none; known to officials.
    """
    k = len(who)
    seen = Applicants(
        np.empty(k, np.float32), np.empty(k, np.float32), np.empty(k, np.bool_), np.empty(k, np.int16),
        np.empty(k, np.bool_),
    )  # fmt: skip
    over_rows(
        _seen_by_the_bank, k, who.astype(np.int32), month, quality, error, employer, first, connected, seen,
        weight=_LOOKED_UP,
    )  # fmt: skip
    return seen


@kernel
def _affordable(
    start: int, stop: int, who: Array, amount: Array, of_bank: Array, of_platform: Array, household: Array,
    income: Array, seen_of_bank: float, seen_of_platform: float, limit: float, out: Array,
) -> None:  # fmt: skip
    """Fill ``out`` from start to stop - 1; arguments as in `affordable`."""
    for k in span(start, stop):
        i = row(who[k])
        debt = seen_of_bank * of_bank[i] + seen_of_platform * of_platform[i] + amount[k]
        out[k] = debt <= limit * (12.0 * max(income[row(household[i])], 1))


def affordable(
    who: NDArray[np.int32], amount: NDArray[np.int64], of_bank: NDArray[np.int64], of_platform: NDArray[np.int64],
    household: NDArray[np.int32], income: NDArray[np.int64], seen_of_bank: float, seen_of_platform: float, limit: float,
) -> NDArray[np.bool_]:  # fmt: skip
    """Return for whom the debts that are seen, with the new one, stay under a limit over the household's yearly income.

    Parameters
    ----------
    who : int32[k]
        Residents who want to borrow.
    amount : int64[k], fen
    of_bank, of_platform : int64[residents], fen
        Debts to the bank and to the platform.
    household : int32[residents]
    income : int64[households], fen a month
    seen_of_bank, seen_of_platform : float, in [0, 1]
        Share of these debts that is seen.
    limit : float, years

    Returns
    -------
    bool[k]
    """
    found = np.empty(len(who), np.bool_)
    over_rows(
        _affordable, len(who), who, amount, of_bank, of_platform, household, income, float(seen_of_bank),
        float(seen_of_platform), float(limit), found, weight=_LOOKED_UP,
    )  # fmt: skip
    return found


@kernel
def _forget_closed(start: int, stop: int, loan: Array, balance: Array) -> None:
    """Do so from start to stop - 1; arguments as in `forget_closed`."""
    for h in span(start, stop):
        if loan[h] >= 0 and balance[row(loan[h])] == 0:
            loan[h] = -1


def forget_closed(loan: NDArray[np.int32], balance: NDArray[np.int64]) -> None:
    """Forget loans on which nothing is owed any more.

    Parameters
    ----------
    loan : int32[households]
        Row of each household's loan in the tape, -1 for none; changed.
    balance : int64[loans], fen
    """
    over_rows(_forget_closed, len(loan), loan, balance)
