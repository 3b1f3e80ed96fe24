"""Need: what comes up in a month, what it costs, and how much of that a household cannot pay itself."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.need import Need
from sim.kernels import device, exp_, kernel, row, span
from sim.threads import HOUSEHOLD, over_rows
from sim.vocabulary import Purpose

Array = NDArray[Any]

YUAN = 100
#: Needs are whole hundreds of yuan, in fen.
NEED_STEP = 100 * YUAN

JANUARY, FEBRUARY, MAY, AUGUST, SEPTEMBER = 0, 1, 4, 7, 8
#: Month before sowing (wheat in October, maize in June) and top-dressing (February and March), and its weight.
INPUT_SEASONS = {SEPTEMBER: 1.0, MAY: 1.0, JANUARY: 0.4, FEBRUARY: 0.3}
#: A month before the Spring Festival, the harvests and the autumn holiday shops stock up; mean 1 over the year.
RESTOCKING = (2.2, 0.6, 0.7, 0.9, 1.3, 0.8, 0.7, 1.0, 1.5, 0.8, 0.7, 0.8)
SCHOOL_TERMS = (FEBRUARY, AUGUST)

_INPUTS = int(Purpose.INPUTS)
_RESTOCKING = int(Purpose.RESTOCKING)
_ILLNESS = int(Purpose.ILLNESS)
_SCHOOLING = int(Purpose.SCHOOLING)
_BUILDING = int(Purpose.BUILDING)


class Chances(NamedTuple):
    """Probability that each kind of expense comes up in one month.

    Attributes
    ----------
    inputs : float
        For the head of a household with land.
    restocking : float
        For the owner of a shop.
    illness : tuple of float
        For an adult, by age band.
    schooling : float
        For the head of a household with children.
    building : float
        For the head of a household.
    """

    inputs: float
    restocking: float
    illness: tuple[float, float, float]
    schooling: float
    building: float


def chances(calendar: int, assumed: Need) -> Chances:
    """Return the probabilities of a calendar month (0 is January)."""
    return Chances(
        inputs=assumed.inputs_chance * INPUT_SEASONS.get(calendar, 0.0),
        restocking=assumed.restocking_chance * RESTOCKING[calendar],
        illness=(assumed.illness_under_40, assumed.illness_40_59, assumed.illness_over_60),
        schooling=assumed.schooling_chance if calendar in SCHOOL_TERMS else 0.0,
        building=assumed.building_chance,
    )


@kernel
def _what_comes_up(
    start: int, stop: int, terms: Chances, draw: Array, busy: Array, head: Array, age_band: Array,
    shop: Array, household: Array, land: Array, children: Array, who: Array, purpose: Array,
) -> int:  # fmt: skip
    """Write those to whom something comes up, and what, from row start on; return where they end.

    Two loops without branches, because luck is what a processor cannot guess: whoever is looked at is written down, and
    written over by the next one where it does not count.
    """
    illness = max(terms.illness[0], terms.illness[1], terms.illness[2])
    anything = illness + terms.inputs + terms.restocking + terms.schooling + terms.building
    last = row(start)
    for i in span(start, stop):
        who[last] = i
        keeps_house_or_shop = head[i] | (shop[i] >= 0)
        something = (draw[i] < illness) | (keeps_house_or_shop & (draw[i] < anything))
        last += row(something & (busy[i] < 0))
    end = row(start)
    for k in span(start, last):
        i = row(who[k])
        h = row(household[i])
        ill = draw[i] - terms.illness[row(age_band[i])]
        stock = ill - terms.restocking * (shop[i] >= 0)
        building = stock - terms.building * head[i]
        inputs = building - terms.inputs * (head[i] & (land[h] > 0))
        schooling = inputs - terms.schooling * (head[i] & (children[h] > 0))
        what = _INPUTS if inputs < 0.0 else _SCHOOLING
        what = _BUILDING if building < 0.0 else what
        what = _RESTOCKING if stock < 0.0 else what
        who[end] = i
        purpose[end] = _ILLNESS if ill < 0.0 else what
        end += row(schooling < 0.0)
    return end


def what_comes_up(
    terms: Chances, draw: NDArray[np.float32], busy: NDArray[np.int8], head: NDArray[np.bool_],
    age_band: NDArray[np.int8], shop: NDArray[np.int32], household: NDArray[np.int32], land: NDArray[np.float32],
    children: NDArray[np.int8],
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:  # fmt: skip
    """Return to whom a large expense comes up this month, and for what: at most one each, by one draw.

    One after the other each kind takes its slice of the draw: illness, restocking, building, inputs, schooling.

    Parameters
    ----------
    terms : Chances
    draw : float32[n], in [0, 1)
    busy : int8[n]
        Product already applied for; -1 for those who wait for nothing. Others have no new wish.
    head, age_band, shop, household : [n]
        Head of household or not; band of age; row of the own shop or -1; row of the household.
    land, children : [households]
        In mu; persons.

    Returns
    -------
    who : int32[k]
        Residents, in order.
    purpose : int8[k]
        A Purpose for each.
    """
    who, purpose = np.empty(len(draw), np.int32), np.empty(len(draw), np.int8)
    found: list[tuple[int, int]] = []

    def look(start: int, stop: int) -> None:
        end = _what_comes_up(
            start, stop, terms, draw, busy, head, age_band, shop, household, land, children, who, purpose
        )
        found.append((start, end))

    over_rows(look, len(draw))
    pieces = [slice(*ends) for ends in sorted(found)]
    return np.concatenate([who[piece] for piece in pieces]), np.concatenate([purpose[piece] for piece in pieces])


@device
def _shortfall(cost: int, spare: float, smallest: int) -> int:
    """Return cost less spare money in whole hundreds of yuan, fen; 0 below the smallest loan."""
    gap = max(cost - max(int(spare), 0), 0)
    gap = (gap + NEED_STEP - 1) // NEED_STEP * NEED_STEP
    return gap if gap >= smallest else 0


@kernel
def _expenses(
    start: int, stop: int, who: Array, purpose: Array, z: Array, household: Array, shop: Array, land: Array,
    turnover: Array, spare: Array, medians: Array, inputs: Any, restocking: float, spread: float, smallest: int,
    paid: Array, gap: Array,
) -> None:  # fmt: skip
    """Fill ``paid`` and ``gap`` from start to stop - 1; arguments as in `expenses`."""
    for k in span(start, stop):
        i = row(who[k])
        h = row(household[i])
        median = medians[row(purpose[k])]
        if purpose[k] == _INPUTS:
            median = np.float64(inputs * land[h])
        elif purpose[k] == _RESTOCKING:
            median = restocking * turnover[row(max(shop[i], 0))]
        cost = int(median * exp_(spread * z[k]))
        gap[k] = _shortfall(cost, spare[h], smallest)
        paid[k] = cost if gap[k] == 0 else 0


def expenses(
    who: NDArray[np.int32], purpose: NDArray[np.int8], z: NDArray[np.float32], household: NDArray[np.int32],
    shop: NDArray[np.int32], land: NDArray[np.float32], turnover: NDArray[np.int64], spare: NDArray[np.float64],
    assumed: Need,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Return what households pay of their expenses themselves, and what has to be borrowed.

    Costs are log-normal around a median by purpose; inputs are in proportion to land, restocking to the shop's sales.
    What is missing is cost less spare money, in whole hundreds of yuan. Below the smallest loan nothing is borrowed.

    Parameters
    ----------
    who : int32[k]
        Residents to whom something comes up.
    purpose : int8[k]
    z : float32[k], standard normal
    household, shop : int32[residents]
        Row of the household; of the own shop or -1.
    land : float32[households], mu
    turnover : int64[shops], fen a month
        Usual sales.
    spare : float64[households], fen
        As `spare_money` returns it.
    assumed : Need

    Returns
    -------
    paid : int64[k], fen
        The whole cost where nothing is borrowed, else 0.
    gap : int64[k], fen
        What has to be borrowed.
    """
    paid, gap = np.empty(len(who), np.int64), np.empty(len(who), np.int64)
    medians = np.array([0.0, 0.0, assumed.illness_cost, assumed.schooling_cost, assumed.building_cost]) * YUAN
    over_rows(
        _expenses, len(who), who, purpose, z, household, shop, land, turnover, spare, medians,
        np.float32(assumed.inputs_cost * YUAN), assumed.restocking_cost, assumed.spread, round(assumed.smallest * YUAN),
        paid, gap, weight=HOUSEHOLD,
    )  # fmt: skip
    return paid, gap


@kernel
def set_aside(
    home: Array, purpose: Array, amount: Array, inputs: Array, stock: Array, life: Array, building: Array
) -> None:
    """Add amounts to what households keep ready for a purpose next month.

    Parameters
    ----------
    home : int32[k], households
    purpose : int8[k]
    amount : int64[k], fen
    inputs, stock, life, building : int64[households], fen
        Kept for inputs, for stock, for illness and schooling, for building; increased.
    """
    for k in span(0, len(home)):
        h = row(home[k])
        if purpose[k] == _INPUTS:
            inputs[h] += amount[k]
        elif purpose[k] == _RESTOCKING:
            stock[h] += amount[k]
        elif purpose[k] == _BUILDING:
            building[h] += amount[k]
        else:
            life[h] += amount[k]


@kernel
def _spare_money(
    start: int, stop: int, first: Array, income: Array, money: Any, buffer_months: float, free: float, out: Array
) -> None:
    """Fill ``out`` from start to stop - 1; arguments as in `spare_money`."""
    last = row(first[start])
    for h in span(start, stop):
        head, last = last, row(first[h + row(1)])
        total = 0.0
        for i in range(head, last):
            total += money[i, 0] + money[i, 3] + money[i, 4] + free * (money[i, 1] + money[i, 2])
        out[h] = total - buffer_months * income[h]


def spare_money(
    first: NDArray[np.int32], income: NDArray[np.int64], money: NDArray[np.int64], assumed: Need
) -> NDArray[np.float64]:
    """Return by how much each household's money that is not in term deposits exceeds the buffer that it keeps.

    Parameters
    ----------
    first : int32[households + 1]
        Row of each household's first member.
    income : int64[households], fen a month
        Usual income.
    money : int64[n, 5], fen
        Cash, rural deposit, other deposit, wallet, money fund of the residents.
    assumed : Need
        ``buffer_months``, ``locked``.

    Returns
    -------
    float64[households], fen
        Negative where the buffer is not full.
    """
    spare = np.empty(len(income), np.float64)
    over_rows(_spare_money, len(spare), first, income, money, assumed.buffer_months, 1.0 - assumed.locked, spare)
    return spare


@kernel
def _ask_relatives(
    start: int, stop: int, rows: Array, need: Array, draw: Array, ties_ptr: Array, ties: Array, household: Array,
    spare: Array, share: float, asked: int, creditor: Array, amount: Array,
) -> None:  # fmt: skip
    for k in span(start, stop):
        i = row(rows[k])
        creditor[k] = -1
        amount[k] = 0
        degree = ties_ptr[i + row(1)] - ties_ptr[i]
        if degree == 0:
            continue
        offset = np.int64(draw[k] * degree)
        for step in range(min(asked, degree)):
            friend = row(ties[row(ties_ptr[i] + (offset + step) % degree)])
            h = row(household[friend])
            if h == row(household[i]):
                continue
            lends = np.int64(share * spare[h])
            if lends > amount[k]:
                creditor[k] = friend
                amount[k] = min(lends, need[k])
                if lends >= need[k]:
                    break


def ask_relatives(
    rows: NDArray[np.int32], need: NDArray[np.int64], draw: NDArray[np.float32], ties_ptr: NDArray[np.int32],
    ties: NDArray[np.int32], household: NDArray[np.int32], spare: NDArray[np.float64], share: float, asked: int,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:  # fmt: skip
    """Return who of a resident's relatives and friends would lend, and how much.

    Up to ``asked`` of the ties outside the own household are asked in turn, beginning at a drawn one, until one can
    lend all; else the one who can lend most does. One lends at most a share of the household's spare money.

    Parameters
    ----------
    rows : int32[k]
        Residents in need.
    need : int64[k], fen
    draw : float32[k], in [0, 1)
    ties_ptr, ties : int32[n + 1], int32[ties]
        Social network.
    household : int32[n]
    spare : float64[households], fen
        As `spare_money` returns it.
    share : float
        Share of spare money lent at most.
    asked : int
        People asked at most.

    Returns
    -------
    creditor : int32[k]
        Resident who would lend, -1 for nobody.
    amount : int64[k], fen
    """
    creditor = np.empty(len(rows), np.int32)
    amount = np.empty(len(rows), np.int64)
    over_rows(
        _ask_relatives, len(rows), rows, need, draw, ties_ptr, ties, household, spare, share, asked, creditor, amount,
        weight=HOUSEHOLD,
    )  # fmt: skip
    return creditor, amount
