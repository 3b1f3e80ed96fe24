"""Measures of what lenders know and whom they get: how well scores rank, and how risky new loans truly are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.residents.scoring import bank_scores
from sim.kernels import kernel
from sim.measures.declare import FloatArray, Measure, ratio
from sim.measures.sums import SCORE_CELLS as CELLS
from sim.measures.sums import counted
from sim.vocabulary import Lender

FORMAL = (Lender.BANK, Lender.PLATFORM)
#: A loan's outcome is known, and counts, from this age on.
KNOWN_AFTER = 12
#: Scores are counted in cells of 1/32 standard deviation, from -4 to 4.
FINENESS = 32.0
#: So many people, evenly over the county, stand for all where scores are held against the truth.
SAMPLE = 5_000
#: A fifth of a month's income falls due, and half of daily life runs on what would be lost.
LIKE_BURDEN, LIKE_ACCESS = np.float32(0.2), np.float32(0.5)


@kernel
def _count_scores(
    start: int, stop: int, lender: Any, score: Any, originated: Any, defaulted_month: Any, renewed_from: Any,
    counts: Any,
) -> None:  # fmt: skip
    """Count new loans in rows start to stop - 1 by lender, outcome and score: ``counts[lender, bad, cell]``."""
    for k in range(start, stop):
        if renewed_from[k] < 0 and score[k] == score[k]:
            cell = min(max(int((score[k] + 4.0) * FINENESS), 0), CELLS - 1)
            bad = defaulted_month[k] >= 0 and defaulted_month[k] - originated[k] <= KNOWN_AFTER
            counts[lender[k], int(bad), cell] += 1


def count_scores(world: Any) -> FloatArray:
    """Return the loans whose outcome is known, float64[lender, 2, cells]: good and bad, by score when lent.

    What is known of a loan does not change any more, so each is counted once, and the counts are kept with the book.
    """
    book, made = world.loans, counted(world.loans, world.residents.n)
    known = book.since(world.month - KNOWN_AFTER + 1).start
    _count_scores(
        made.scored, known, book.lender, book.score, book.originated, book.defaulted_month, book.renewed_from,
        made.scores,
    )  # fmt: skip
    made.scored = known
    return made.scores


def area_under_curve(good: FloatArray, bad: FloatArray) -> float:
    r"""Return the probability that a good loan's score exceeds a bad one's; equal scores count half.

    .. math:: \mathrm{AUC} = \frac{1}{GB} \sum_s b_s \left(\sum_{t > s} g_t + \tfrac12 g_s\right)

    Parameters
    ----------
    good, bad : float64[cells]
        Loans by score, lowest first.

    Returns
    -------
    float
        0.5 for a score that tells nothing; not a number without good or without bad loans.

    References
    ----------
    Hanley, J. A. & McNeil, B. J. (1982). The meaning and use of the area under a ROC curve.
    """
    above = good.sum() - np.cumsum(good)
    return float(ratio((bad * (above + 0.5 * good)).sum(), good.sum() * bad.sum()))


def _auc_accepted(lender: Lender) -> Callable[[Any], float]:
    return lambda t: area_under_curve(*t.scores[lender])


def _auc(lender: Lender) -> Callable[[Any], float]:
    """Return what compares a lender's scores of a fixed sample of people with how likely each truly refuses to pay."""

    def read(t: Any) -> float:
        people, who = t.world.residents, t.sample.who
        if lender is Lender.PLATFORM:
            scored = np.flatnonzero((people.wallet_since[who] >= 0) & t.platform.lends(t.world))
            score = people.platform_score[who[scored]]
        else:
            scored = np.flatnonzero(people.age[who] <= t.world.assumptions.lending.oldest_borrower)
            score = bank_scores(t.world, t.government, who[scored])
        cell = np.minimum(np.maximum((score + 4.0) * FINENESS, 0), CELLS - 1).astype(np.int64)
        bad = t.sample.refusal[scored]
        good_by_cell, bad_by_cell = (
            np.bincount(cell, weights=weights, minlength=CELLS).astype(np.float64) for weights in (1.0 - bad, bad)
        )
        return area_under_curve(good_by_cell, bad_by_cell)

    return read


@dataclass(frozen=True)
class Sample:
    """People, evenly over the county, who stand for all.

    Attributes
    ----------
    who : int64[k]
    refusal : float64[k]
        How likely each truly refuses to pay.
    """

    who: NDArray[np.int64]
    refusal: FloatArray


def draw_sample(world: Any) -> Sample:
    """Return the sample: the same people in every month."""
    who = np.arange(0, world.residents.n, max(world.residents.n // SAMPLE, 1))
    return Sample(who, true_refusal(world, who))


def true_refusal(world: Any, who: NDArray[np.int64]) -> FloatArray:
    """Return the chance that people would refuse a payment, all in like circumstances (mechanism ``willingness``)."""
    alike = np.ones(len(who), np.float32)
    record = np.minimum(world.residents.worst_days[who], 90) / np.float32(90)
    chance: FloatArray = world.mechanisms["willingness"](
        LIKE_BURDEN * alike, LIKE_ACCESS * alike, 0 * alike, record, world.residents.quality[who],
        world.assumptions.willingness,
    ).astype(np.float64)  # fmt: skip
    return chance


def new_loans(world: Any) -> dict[Lender, NDArray[np.int64]]:
    """Return the rows of this month's new loans by formal lender, renewals left out."""
    book = world.loans
    start = book.since(world.month).start
    lender = np.where(book.renewed_from[start:] < 0, book.lender[start:], -1)
    return {each: start + np.flatnonzero(lender == each) for each in FORMAL}


def _new(lender: Lender, column: Callable[[Any, NDArray[np.int64]], Any]) -> Callable[[Any], float]:
    """Return what takes the mean of a column over this month's new loans of a lender, by principal."""

    def read(t: Any) -> float:
        rows = t.new_loans[lender]
        principal = t.world.loans.principal[rows].astype(np.float64)
        return float(ratio((column(t.world, rows) * principal).sum(), principal.sum()))

    return read


def _measures() -> list[Measure]:
    found = []
    for lender in FORMAL:
        name = lender.name.lower()
        whose = "the rural bank" if lender is Lender.BANK else "the platform lender"
        found += [
            Measure(
                f"auc_{name}", "0 to 1", "stock",
                f"how well {whose}'s score ranks everybody whom it could lend to: probability that somebody who would "
                "pay has a higher score than somebody who would not, in like circumstances; the truth, which no lender "
                "sees (of a fixed sample)", _auc(lender), "nobody is scored",
            ),
            Measure(
                f"auc_accepted_{name}", "0 to 1", "stock",
                f"how well {whose}'s score ranks those it lent to: probability that a loan which did not reach 90 days "
                "late within 12 months had a higher score than one that did; of all new loans at least 12 months old, "
                "so of borrowers who were accepted only", _auc_accepted(lender), "none of them was good, or none bad",
            ),
            Measure(
                f"default_probability_new_{name}", "share", "flow",
                f"true chance that borrowers of {whose}'s new loans of this month decide within 12 months not to pay, "
                "and go on for 90 days, as they stand when they borrow; by principal (selection; inability comes on "
                "top)", _new(lender, lambda world, rows: world.loans.default_probability[rows]),
                "no new loan this month",
            ),
            Measure(
                f"quality_new_{name}", "standard deviations", "flow",
                f"hidden creditworthiness of the borrowers of {whose}'s new loans of this month, by principal "
                "(selection)",
                _new(lender, lambda world, rows: world.residents.quality[world.loans.borrower[rows]]),
                "no new loan this month",
            ),
        ]  # fmt: skip
    return found


RISK_MEASURES = tuple(_measures())
