"""Loans on which nothing falls due this month: all they do is earn interest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel, over_parts, parts_of, row, span
from sim.mechanisms.loan_service import (
    BULLET,
    FAMILY,
    INSTALLMENT,
    JOINT,
    PERFORMING,
    QUARTER,
    ServiceTerms,
    Slot,
    book_change,
    monthly_share,
)

Array = NDArray[Any]

#: Rows of a simple kernel that take as long as one of these loans.
_LOAN = 3


@kernel
def _earn_part(
    part: int, start: int, stop: int, terms: ServiceTerms, rows: Array, luck: Array, borrower: Array, household: Array,
    product: Array, lender: Array, balance: Array, annual_rate: Array, maturity: Array, repayment: Array,
    own_share: Array, originated: Array, status: Array, accrued: Array, interest_due: Array, principal_due: Array,
    refusing: Array, sector: Array, business: Array, all_earned: Array,
) -> None:  # fmt: skip
    """Let the loans start to stop - 1 of the rows earn interest; arguments as in `earn_interest`, sums of one part."""
    earned = all_earned[part : part + 1]
    for k in span(start, stop):
        loan = row(rows[k])
        age = terms.month - originated[loan]
        if (
            status[loan] != PERFORMING
            or repayment[loan] == INSTALLMENT
            or age >= maturity[loan]
            or (repayment[loan] == BULLET and age % QUARTER == 0)
            or interest_due[loan] != 0
            or principal_due[loan] != 0
            or refusing[loan]
            or luck[row(borrower[loan])] < terms.early_hazard
        ):
            business[k] = True
            continue
        before = accrued[loan]
        after = before + monthly_share(balance[loan], annual_rate[loan])
        accrued[loan] = after
        own_slot = row(3 if lender[loan] == FAMILY else lender[loan])
        partner_slot = row(0 if product[loan] == JOINT else 2)
        s = row(sector[row(household[loan])])
        book_change(earned, 0, own_slot, partner_slot, s, after, before, own_share[loan])


def earn_interest(
    terms: ServiceTerms, rows: Array, luck: Array, borrower: Array, household: Array, product: Array, lender: Array,
    balance: Array, annual_rate: Array, maturity: Array, repayment: Array, own_share: Array, originated: Array,
    status: Array, accrued: Array, interest_due: Array, principal_due: Array, refusing: Array, sector: Array,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:  # fmt: skip
    """Let loans earn a month's interest on which nothing else happens; return those on which something may.

    Nothing else happens on a performing bullet or harvest-dated loan, with nothing unpaid, that is not at its end, in
    no month in which its interest falls due, whose borrower does not repay early. `serve_loans` would do the same to
    it: it looks at no purse, so neither the household nor the order matters.

    Parameters
    ----------
    terms : ServiceTerms
    rows : int32[open loans]
    luck : float32[residents]
        Uniform draw: who is below the hazard may repay early.
    borrower ... refusing : [loans]
        Columns of the loan tape; ``accrued`` is changed.
    sector : int8[households]

    Returns
    -------
    with_business : int32[k]
        The other loans, in the order of the rows, to be served.
    earned : int64[slots, 3], fen
        Interest earned, by holder and sector of the borrower.
    """
    parts = parts_of(len(rows), _LOAN)
    business, earned = np.zeros(len(rows), np.bool_), np.zeros((parts, len(Slot), 3), np.int64)
    over_parts(
        _earn_part, parts, len(rows), terms, rows, luck, borrower, household, product, lender, balance, annual_rate,
        maturity, repayment, own_share, originated, status, accrued, interest_due, principal_due, refusing, sector,
        business, earned, weight=_LOAN,
    )  # fmt: skip
    return rows[business], earned.sum(axis=0)
