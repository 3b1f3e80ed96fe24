"""What travels along ties: counts of neighbours, and what a household and its six regular shops know of each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel, row, span
from sim.threads import over_rows

Array = NDArray[Any]


@kernel
def push_changes(
    informed_before: Array,
    user_before: Array,
    informed: Array,
    user: Array,
    ties_ptr: Array,
    ties: Array,
    wallet_neighbours: Array,
    informed_neighbours: Array,
) -> None:
    """Tell the neighbours of everyone who changed; change the two counts in place.

    A resident is a user, or informed without being a user, or neither; only those whose class changed are walked.

    Parameters
    ----------
    informed_before, user_before, informed, user : bool[n]
        Before and after.
    ties_ptr, ties : int32[n + 1], int32[2 x ties]
        Symmetric network: neighbours of i are ``ties[ties_ptr[i]:ties_ptr[i + 1]]``.
    wallet_neighbours, informed_neighbours : int16[n], persons
        Neighbours with a wallet, and informed ones without. Changed.
    """
    for i in span(0, len(user)):
        users = np.int16(user[i]) - np.int16(user_before[i])
        others = np.int16(informed[i] and not user[i]) - np.int16(informed_before[i] and not user_before[i])
        if users != 0 or others != 0:
            for k in span(ties_ptr[i], ties_ptr[i + row(1)]):
                friend = row(ties[k])
                wallet_neighbours[friend] += users
                informed_neighbours[friend] += others


@kernel
def _acceptance(
    start: int,
    stop: int,
    shops: Array,
    weights: Array,
    qr: Array,
    out: Array,
) -> None:
    """Fill ``out`` with the weight of each household's own shops that take QR."""
    for h in span(start, stop):
        share = np.float32(0.0)
        for k in span(0, shops.shape[1]):
            share += weights[h, k] * np.float32(qr[row(shops[h, k])])
        out[h] = min(share, np.float32(1.0))


def acceptance(
    household_shops: NDArray[np.int32], household_weights: NDArray[np.float32], qr: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return the share of each household's everyday shopping that is done at shops which take QR.

    Parameters
    ----------
    household_shops, household_weights : int32, float32[h, 6]
        Regular shops, and their share of the shopping (sum 1).
    qr : bool[m]

    Returns
    -------
    float32[h], in [0, 1]
    """
    out = np.empty(len(household_shops), np.float32)
    over_rows(_acceptance, len(out), household_shops, household_weights, qr, out)
    return out


@kernel
def _customers(
    shops: Array,
    weights: Array,
    spending: Array,
    users: Array,
    with_wallet: Array,
    everybody: Array,
    out: Array,
) -> None:
    """Fill ``out`` with the spending share of each shop's customers who have a wallet."""
    for h in span(0, shops.shape[0]):
        spent = np.float32(max(spending[h], 1))
        for k in span(0, shops.shape[1]):
            part, shop = spent * weights[h, k], row(shops[h, k])
            everybody[shop] += part
            with_wallet[shop] += part * users[h]
    for j in range(len(out)):
        out[j] = with_wallet[j] / everybody[j] if everybody[j] > np.float32(0.0) else np.float32(0.0)


def customers_with_wallet(
    household_shops: NDArray[np.int32],
    household_weights: NDArray[np.float32],
    spending: NDArray[np.int64],
    users: NDArray[np.float32],
    shops: int,
) -> NDArray[np.float32]:
    """Return the share of each shop's customers who have a wallet, weighted by what they spend there.

    Parameters
    ----------
    household_shops, household_weights : int32, float32[h, 6]
        Regular shops, and their share of the shopping.
    spending : int64[h], fen a month
    users : float32[h], in [0, 1]
        Share of the household's members who have a wallet.
    shops : int
        How many shops there are (m).

    Returns
    -------
    float32[m], in [0, 1]
        0 for a shop without regular customers.
    """
    out = np.empty(shops, np.float32)
    with_wallet, everybody = np.zeros(shops, np.float32), np.zeros(shops, np.float32)
    _customers(household_shops, household_weights, spending, users, with_wallet, everybody, out)
    return out


@kernel
def _payers(
    start: int,
    stop: int,
    first: Array,
    wallet_since: Array,
    habit: Array,
    payer: Array,
    users: Array,
) -> None:
    """Fill in the user of the strongest habit in each household, -1 where there is none, and the share of users.

    One whole number ranks a member: the bits of the habit (a float that is not negative sorts as its bits do) before
    the row, counted backwards. So the loop has no branch that a processor could guess wrongly.
    """
    last = row(first[start])
    for h in span(start, stop):
        head, last = last, row(first[h + row(1)])
        best, having = np.int64(-1), np.int64(0)
        for i in range(head, last):
            user = np.int64(wallet_since[i] >= 0)
            rank = (np.int64(np.float32(habit[i]).view(np.int32)) << 32) | np.int64(0x7FFFFFFF - int(i))
            best = max(best, rank * user + user - 1)
            having += user
        payer[h] = np.int32(0x7FFFFFFF - (best & 0x7FFFFFFF)) if best >= 0 else np.int32(-1)
        users[h] = np.float32(having) / np.float32(max(int(last - head), 1))


def payers(
    first: NDArray[np.int32], wallet_since: NDArray[np.int16], habit: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return who pays by wallet for each household, and the share of its members who have one.

    The payer is the member with the strongest habit; of equals, the first row.

    Parameters
    ----------
    first : int32[households + 1]
        Row of each household's first member; members stand side by side.
    wallet_since : int16[n], months
        Below 0 without a wallet.
    habit : float32[n], in [0, 1]

    Returns
    -------
    payer : int32[households]
        Row of the member, -1 where nobody has a wallet.
    users : float32[households], in [0, 1]
    """
    payer, users = np.empty(len(first) - 1, np.int32), np.empty(len(first) - 1, np.float32)
    over_rows(_payers, len(payer), first, wallet_since, habit, payer, users, weight=2)
    return payer, users


@kernel
def _to_members(
    start: int,
    stop: int,
    household: Array,
    values: Array,
    out: Array,
) -> None:
    """Copy each household's value to its members."""
    for i in span(start, stop):
        out[i] = values[row(household[i])]


def to_members(household: NDArray[np.int32], values: NDArray[Any]) -> NDArray[Any]:
    """Return each household's value once for every member: ``values[household]``, but faster than NumPy's.

    Parameters
    ----------
    household : int32[n]
        Household of each resident.
    values : [h]

    Returns
    -------
    [n]
        Of the same type.
    """
    out = np.empty(len(household), values.dtype)
    over_rows(_to_members, len(out), household, values, out)
    return out


@kernel
def _with_relative(start: int, stop: int, household: Array, payer: Array, out: Array) -> None:
    """Fill ``out``; arguments as in `with_relative`."""
    for i in span(start, stop):
        who = payer[row(household[i])]
        out[i] = (who >= 0) & (row(who) != i)


def with_relative(household: NDArray[np.int32], payer: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return whose household has another member who pays by wallet for it.

    Parameters
    ----------
    household : int32[n]
        Household of each resident.
    payer : int32[h]
        Row of the member who pays, -1 where there is none.

    Returns
    -------
    bool[n]
    """
    out = np.empty(len(household), np.bool_)
    over_rows(_with_relative, len(out), household, payer, out)
    return out
