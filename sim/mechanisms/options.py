"""Options: what each lender would lend somebody in need, at what price, how soon, and what speaks for it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels import device, kernel, row, span
from sim.mechanisms.choice import BANK, JOINT, NONE, OPTIONS, PLATFORM, QUICK, RELATIVES
from sim.threads import HOUSEHOLD, over_rows
from sim.vocabulary import Occupation, Product

Array = NDArray[Any]

YUAN = 100
#: Lenders lend whole hundreds of yuan, in fen.
LOAN_STEP = 100 * YUAN
SMALLEST_LOAN = 500 * YUAN
#: Days until relatives have found the money (assumed).
DAYS_OF_RELATIVES = 3.0
#: Who was once this late draws no more on his line.
LATE = 30

_MERCHANT = int(Occupation.MERCHANT)
_FARM = int(Product.BANK_FARM)
_BUSINESS = int(Product.BANK_BUSINESS)


class Loan(NamedTuple):
    """What a lender asks and offers this month for one kind of loan.

    Attributes
    ----------
    open : bool
        It is made at all.
    most : float, fen
        Highest amount.
    of_income : float
        Highest amount over income: of a year for the farm loan, sales of a month for the business loan, income of a
        month for the others.
    rate : float, 1/year
    days : float
        To cash.
    """

    open: bool
    most: float
    of_income: float
    rate: float
    days: float


class Lenders(NamedTuple):
    """What all lenders ask and offer this month.

    Attributes
    ----------
    farm, business, quick, joint : Loan
        The bank's farm loan, business loan and quick loan; the joint product.
    line_open : bool
        Lines can be drawn on.
    largest_draw : int, fen
    oldest : int, years
        Oldest whom the bank lends to.
    subsidy : float, in [0, 1]
        Share of the interest that the county pays for poor households.
    family, bank, quick_liking, platform, trust, known : float, logit
        What speaks for relatives, bank, quick loan and platform; for the platform by trust; for a known lender.
    """

    farm: Loan
    business: Loan
    quick: Loan
    joint: Loan
    line_open: bool
    largest_draw: int
    oldest: int
    subsidy: float
    family: float
    bank: float
    quick_liking: float
    platform: Any
    trust: Any
    known: float


class People(NamedTuple):
    """Columns of all residents that options depend on, [residents]."""

    household: Array
    occupation: Array
    age: Array
    shop: Array
    bank_first: Array
    platform_first: Array
    bank_app_since: Array
    line: Array
    line_tier: Array
    used: Array
    worst_days: Array
    trust: Array


class Homes(NamedTuple):
    """Columns of all households that options depend on, [households]."""

    land: Array
    farm_loan: Array
    income: Array
    poor: Array


class Table(NamedTuple):
    """What is open to each person in need: arrays with a row a person and a column an option.

    Attributes
    ----------
    open : bool[k, options]
    amount : int64[k, options], fen
    met : float64[k, options]
        Amount over need.
    annual_rate : float64[k, options], 1/year
    days : float64[k, options]
        To cash.
    liking : float64[k, options], logit
        What speaks for the lender himself.
    """

    open: NDArray[np.bool_]
    amount: NDArray[np.int64]
    met: NDArray[np.float64]
    annual_rate: NDArray[np.float64]
    days: NDArray[np.float64]
    liking: NDArray[np.float64]


@device
def _enter(
    table: Table, k: int, option: int, may: bool, need: int, amount: int, rate: float, days: float, liking: float
) -> None:
    """Enter an option of a person; it is open to him if he may have it and it is no less than the smallest loan."""
    whole = amount // LOAN_STEP * LOAN_STEP
    column = row(option)
    table.open[k, column] = may & (whole >= SMALLEST_LOAN)
    table.amount[k, column] = whole
    table.met[k, column] = whole / max(need, 1)
    table.annual_rate[k, column] = rate
    table.days[k, column] = days
    table.liking[k, column] = liking


@kernel
def _options(
    start: int, stop: int, lenders: Lenders, tier_rates: Array, who: Array, needs: Array, from_relatives: Array,
    people: People, homes: Homes, turnover: Array, table: Table, product: Array,
) -> None:  # fmt: skip
    """Fill ``table`` and ``product`` from start to stop - 1; arguments as in `options`."""
    for k in span(start, stop):
        i, need = row(who[k]), needs[k]
        h = row(people.household[i])
        income, young = homes.income[h], people.age[i] <= lenders.oldest
        price = 1.0 - lenders.subsidy * homes.poor[h]
        known = lenders.known * (people.bank_first[i] >= 0)
        _enter(table, k, NONE, False, need, 0, 0.0, 0.0, 0.0)
        table.open[k, row(NONE)] = True
        lent = from_relatives[k]
        _enter(table, k, RELATIVES, True, need, lent, 0.0, DAYS_OF_RELATIVES, lenders.family)

        merchant = people.occupation[i] == _MERCHANT
        farmer = (people.occupation[i] != _MERCHANT) & (homes.land[h] > 0) & (homes.farm_loan[h] < 0)
        product[k] = _BUSINESS if merchant else (_FARM if farmer else -1)
        earned = turnover[row(max(people.shop[i], 0))] if merchant else 12 * income
        loan = lenders.business if merchant else lenders.farm
        may = (merchant | farmer) & loan.open & young
        lent = int(min(float(need), min(loan.most, loan.of_income * earned)))
        _enter(table, k, BANK, may, need, lent, loan.rate * price, loan.days, lenders.bank + known)

        quick, joint = lenders.quick, lenders.joint
        may = (people.bank_app_since[i] >= 0) & quick.open & young
        lent = int(min(float(need), min(quick.most, quick.of_income * income)))
        _enter(table, k, QUICK, may, need, lent, quick.rate * price, quick.days, lenders.quick_liking + known)
        may = (people.line[i] > 0) & joint.open & young
        lent = int(min(float(need), min(joint.most, joint.of_income * income)))
        _enter(table, k, JOINT, may, need, lent, joint.rate * price, joint.days, lenders.quick_liking + known)

        lent = max(min(need, min(people.line[i] - people.used[i], lenders.largest_draw)), 0)
        may = (people.line[i] > 0) & lenders.line_open & (people.worst_days[i] < LATE)
        rate = tier_rates[row(people.line_tier[i])] * price
        trusted = np.float64(lenders.platform + lenders.trust * people.trust[i])
        liking = trusted + lenders.known * (people.platform_first[i] >= 0)
        _enter(table, k, PLATFORM, may, need, lent, rate, 0.0, liking)


def options(
    lenders: Lenders, tier_rates: NDArray[np.float64], who: NDArray[np.int32], need: NDArray[np.int64],
    from_relatives: NDArray[np.int64], people: People, homes: Homes, turnover: NDArray[np.int64],
) -> tuple[Table, NDArray[np.int8]]:  # fmt: skip
    """Return what is open to everybody in need: farm loan, business loan, quick and joint loan, line, relatives.

    A household with land and no open farm loan may ask for one, a merchant for a business loan. The quick loan is made
    in the bank's app, the joint product to those with a line. A line can be drawn on as far as it is not in use.

    Parameters
    ----------
    lenders : Lenders
    tier_rates : float64[3], 1/year
        Rate of a line by tier.
    who : int32[k]
        Residents in need.
    need : int64[k], fen
    from_relatives : int64[k], fen
        What relatives would lend; 0 for nothing.
    people : People
    homes : Homes
    turnover : int64[shops], fen a month

    Returns
    -------
    table : Table
    product : int8[k]
        What each would ask the bank's officers for, -1 for nothing.
    """
    shape = (len(who), OPTIONS)
    table = Table(
        np.empty(shape, np.bool_), np.empty(shape, np.int64), np.empty(shape), np.empty(shape), np.empty(shape),
        np.empty(shape),
    )  # fmt: skip
    product = np.empty(len(who), np.int8)
    over_rows(
        _options, len(who), lenders, tier_rates, who, need, from_relatives, people, homes, turnover, table, product,
        weight=HOUSEHOLD,
    )  # fmt: skip
    return table, product
