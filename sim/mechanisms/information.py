"""Information: who comes to know how a wallet works, from neighbours and from campaigns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.adoption import Adoption
from sim.kernels import kernel, row, span
from sim.threads import over_rows

Array = NDArray[Any]


@kernel
def _pass_on(
    start: int,
    stop: int,
    draw: Array,
    informed: Array,
    users: Array,
    others: Array,
    campaign: Array,
    miss_users: Array,
    miss_others: Array,
    reached: np.float32,
    out: Array,
) -> None:
    """Fill ``out``: informed before, or not missed by every neighbour and by the campaign."""
    for i in span(start, stop):
        if informed[i]:
            out[i] = True
        else:
            missed = miss_users[row(users[i])] * miss_others[row(others[i])] * (np.float32(1.0) - reached * campaign[i])
            out[i] = draw[i] >= missed


def _powers(base: float, highest: int) -> NDArray[np.float32]:
    """Return base ** 0 ... base ** highest by repeated multiplication: the same bits on every machine."""
    powers = np.full(highest + 1, base)
    powers[0] = 1.0
    return np.cumprod(powers).astype(np.float32)


def information(
    draw: NDArray[np.float32],
    informed: NDArray[np.bool_],
    wallet_neighbours: NDArray[np.int16],
    informed_neighbours: NDArray[np.int16],
    campaign: NDArray[np.float32],
    assumed: Adoption,
) -> NDArray[np.bool_]:
    r"""Return who is informed at the end of the month.

    Each neighbour tells with its own chance, users more often than those who only know, and so does a campaign:

    .. math:: P = 1 - (1 - q_P)^{n_P} (1 - q_N)^{n_N} (1 - c\,e)

    Parameters
    ----------
    draw : float32[n], in [0, 1)
        One uniform number a resident. Informed when ``draw`` is at or above the chance of being missed by all.
    informed : bool[n]
        Informed before.
    wallet_neighbours, informed_neighbours : int16[n], persons
        Neighbours with a wallet (n_P), and informed ones without (n_N), at the start of the month.
    campaign : float32[n], in [0, 1]
        Intensity of the campaign where this resident is (e).
    assumed : Adoption
        ``information_users`` (q_P), ``information_others`` (q_N), ``campaign_information`` (c), shares a month.

    Returns
    -------
    bool[n]
        Never turns an informed resident into an uninformed one.

    References
    ----------
    Banerjee, Chandrasekhar, Duflo & Jackson (2013), The diffusion of microfinance, Science 341, 1236498: 0.35 and
    0.05 a quarter.
    """
    out = np.empty(len(draw), np.bool_)
    if len(draw) == 0:
        return out
    over_rows(
        _pass_on, len(out), draw, informed, wallet_neighbours, informed_neighbours, campaign,
        _powers(1.0 - assumed.information_users, int(wallet_neighbours.max())),
        _powers(1.0 - assumed.information_others, int(informed_neighbours.max())),
        np.float32(assumed.campaign_information), out,
    )  # fmt: skip
    return out


@kernel
def _word(
    start: int, stop: int, order: Array, employer: Array, employers: tuple[Any, Any], people: tuple[Any, Any],
    firms: tuple[Any, Any], out: Array,
) -> None:  # fmt: skip
    """Fill ``out``; arguments as in `word`."""
    (reach, strength), (reach_at_work, strength_at_work) = people, firms
    for i in span(start, stop):
        staff = (employer[i] == employers[0]) | (employer[i] == employers[1])
        at_home = strength if order[i] < reach else np.float32(0.0)
        at_work = strength_at_work if staff & (order[i] < reach_at_work) else np.float32(0.0)
        out[i] = max(at_home, at_work)


def word(
    order: NDArray[np.float32],
    employer: NDArray[np.int8],
    employers: tuple[int, int],
    people: tuple[float, float],
    firms: tuple[float, float],
) -> NDArray[np.float32]:
    """Return the strength of a campaign's word where each resident is: at home or at work, the stronger.

    Parameters
    ----------
    order : float32[n], in [0, 1)
        Who would hear first: one uniform number a resident.
    employer : int8[n]
    employers : int, int
        Those whose staff hears at work.
    people, firms : float, float, in [0, 1]
        The share that hears, and how strong the word is: of everybody, and of the staff of these employers.

    Returns
    -------
    float32[n], in [0, 1]
    """
    out = np.empty(len(order), np.float32)
    pairs = [(np.float32(share), np.float32(strength)) for share, strength in (people, firms)]
    over_rows(_word, len(out), order, employer, tuple(map(np.int8, employers)), *pairs, out)
    return out
