"""Pattern P4: how probable it is that nobody would have seen a bad loan by 2019-01.

The article says that not one of the platform's loans was bad. That is a claim about what was *seen*: most loans were
young, some cannot be late before their last day, some are collected by debit order, renewed, or in another lender's
report. This module asks the simulated loan tape how much each of these can explain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.patterns.vintages import cumulative_default, default_within

FloatArray = NDArray[np.float64]

#: Under this probability the claim is called not reproducible.
THRESHOLD = 0.05
BULLET_MONTHS = 12
#: A loan is 90 days late three month ends after the one in which it fell due.
MONTHS_TO_NINETY = 3


@dataclass(frozen=True)
class Sight:
    """What would be seen under one assumption.

    Attributes
    ----------
    name : str
    assumes : str
        In words.
    expected : float
        Bad loans that would be seen, at full size.
    probability : float
        That none would be seen.
    """

    name: str
    assumes: str
    expected: float
    probability: float


def zero_probability(chance: FloatArray, copies: float) -> float:
    r"""Return the probability that none of many independent loans is seen to be bad.

    .. math:: P = \prod_i (1 - p_i)^c

    Parameters
    ----------
    chance : float64[loans]
        Chance p of each loan to have been seen 90 or more days late.
    copies : float
        How many loans each stands for (c).
    """
    with np.errstate(divide="ignore"):
        return float(np.exp(copies * np.log1p(-np.clip(chance, 0.0, 1.0)).sum()))


def sight(name: str, assumes: str, chance: FloatArray, copies: float) -> Sight:
    """Return what would be seen if each loan had a given chance of being seen to be bad."""
    return Sight(name, assumes, float(copies * chance.sum()), zero_probability(chance, copies))


def _roots(loans: pd.DataFrame) -> NDArray[np.int64]:
    """Return the month in which each loan's chain of renewals began, int64[loans]; rows of one seed, in tape order."""
    originated = loans["originated"].to_numpy(np.int64)
    parent = loans["renewed_from"].to_numpy(np.int64)
    place = dict(zip(loans["loan"].tolist(), range(len(loans)), strict=True))
    begun = originated.copy()
    for row in np.flatnonzero(parent >= 0):  # a loan is renewed after it was made: parents come first
        older = place.get(int(parent[row]))
        if older is not None:
            begun[row] = begun[older]
    return begun


def _roll(loans: pd.DataFrame) -> float:
    """Return the share of loans ever 30 days late that went on to 90, not a number if none was late."""
    late = loans[loans["worst_days"] >= 30]
    return float((late["worst_days"] >= 90).mean()) if len(late) else float("nan")


def _at_age(curve: FloatArray, age: NDArray[np.int64]) -> FloatArray:
    """Return the share in default at an age, held at the last known value beyond it."""
    known = curve[~np.isnan(curve)]
    if known.size == 0:
        return np.zeros(age.shape)
    found: FloatArray = known[np.clip(age, 0, known.size - 1)]
    return found


def split_claim(loans: pd.DataFrame, at: int, last: int, weight: float) -> list[Sight]:
    r"""Split the claim "no bad loans" into loan age, repayment type, debit order, renewal and reporting.

    The simulated chance F_r(a) that a loan repaid in way r is seen 90 or more days late within a months of
    disbursement is estimated from all loans paid out by month ``at``, followed to month ``last`` (product limit). The
    probability of seeing none at ``at`` is the product of 1 - F over the loans, each at its own age. Then one thing at
    a time is made otherwise:

    - *seasoned*: every loan has been watched for 24 months, so age hides nothing;
    - *as simulated*: each loan at the age that it had;
    - *bullets*: every loan falls due once, after 12 months. Lateness shows 3 month ends later: a loan younger than 15
      months shows nothing, an older one its 12-month chance F(12);
    - *instalments*: every loan falls due monthly: F of the instalment loans on the tape;
    - *no debit order*: of loans 30 days late, as many go on to 90 as of the bank's own, which has no mandate on the
      wallet: F times the ratio of the two roll rates. A comparison of two books, not an experiment;
    - *renewals counted from the first loan*: a renewed loan is as old as its chain;
    - *own funds only*: a bad loan is in the lender's report with the probability of its own share of the money;
    - *kindest*: bullets and own funds only together.

    Loans are taken as independent. Two loans of one borrower are not, so the true probability is somewhat higher.

    Parameters
    ----------
    loans : DataFrame
        Loan tape of one or several seeds: ``seed, loan, lender, repayment, originated, defaulted_month, worst_days,
        own_share (ppm), renewed_from``.
    at : int
        The month of the claim.
    last : int
        The last simulated month.
    weight : float
        Loans at full size for each loan on the tape.

    Returns
    -------
    list of Sight
        Empty if the platform had lent nothing by then.
    """
    seeds = max(int(loans["seed"].nunique()), 1)
    mine = loans[(loans["lender"] == "platform") & (loans["originated"] >= 0) & (loans["originated"] <= at)]
    if mine.empty:
        return []
    bank = loans[(loans["lender"] == "bank") & (loans["originated"] >= 0)]
    copies = weight / seeds
    age = at - mine["originated"].to_numpy(np.int64)
    pooled = _curve(mine, last)
    curves = {way: _curve(rows, last) for way, rows in mine.groupby("repayment", observed=True)}
    ways = mine["repayment"].to_numpy()

    def chance(ages: NDArray[np.int64]) -> FloatArray:
        found = np.zeros(len(mine))
        for way, curve in curves.items():
            found[ways == way] = _at_age(curve, ages[ways == way])
        return found

    simulated = chance(age)
    bullet = np.where(age >= BULLET_MONTHS + MONTHS_TO_NINETY, _at_age(pooled, np.full(len(mine), BULLET_MONTHS)), 0.0)
    own = mine["own_share"].to_numpy(np.float64) / 1e6
    with np.errstate(invalid="ignore", divide="ignore"):
        harder = _roll(bank) / _roll(mine)
    chains = np.concatenate([at - _roots(rows) for _, rows in mine.groupby("seed", sort=False)])
    older = chance(chains)
    return [
        sight("seasoned", "every loan watched for 24 months", chance(np.full(len(mine), 24)), copies),
        sight("as simulated", "each loan at the age it had in 2019-01", simulated, copies),
        sight("bullets", "every loan falls due once, after 12 months", bullet, copies),
        sight("instalments", "every loan falls due monthly", _at_age(curves.get("installment", pooled), age), copies),
        sight(
            "no debit order",
            "late loans go on to 90 days as the bank's do",
            np.minimum(1.0, simulated * harder),
            copies,
        ),
        sight("renewals counted", "a renewed loan is as old as its chain", older, copies),
        sight("own funds only", "partners' parts are in the partners' reports", simulated * own, copies),
        sight("kindest", "bullets, and own funds only", bullet * own, copies),
    ]


def _curve(rows: pd.DataFrame, last: int) -> FloatArray:
    return cumulative_default(rows["originated"].to_numpy(np.int64), rows["defaulted_month"].to_numpy(np.int64), last)


def hidden_share_needed(expected: float) -> float:
    """Return the share of bad loans that must go unreported for "none" to reach 5% (0 if it is reached anyway).

    With e expected bad loans and a share q reported, none is reported with probability exp(-q e).
    """
    needed = -np.log(THRESHOLD)
    return float(max(0.0, 1.0 - needed / expected)) if expected > 0 else 0.0


def seasoned_default(loans: pd.DataFrame, at: int, last: int, months: int) -> FloatArray:
    """Return, for each seed, the default within some months of the platform's loans paid out by month ``at``."""
    mine = loans[(loans["lender"] == "platform") & (loans["originated"] >= 0) & (loans["originated"] <= at)]
    return np.array([default_within(rows, months, last) for _, rows in mine.groupby("seed", sort=True)])
