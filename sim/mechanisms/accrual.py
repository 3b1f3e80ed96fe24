"""One look at all open loans: most only earn interest this month; on the others something may happen."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels import device, kernel, row, span
from sim.mechanisms.loan_service import (
    BULLET,
    DEFAULTED,
    FAMILY,
    INSTALLMENT,
    JOINT,
    PERFORMING,
    POLICY_LOAN,
    QUARTER,
    WRITTEN_OFF,
    ServiceTerms,
    Slot,
    book_change,
    monthly_share,
)
from sim.mechanisms.tape import late_among
from sim.threads import over_parts, parts_of

Array = NDArray[Any]

#: Rows of a simple kernel that take as long as one of these loans.
_LOAN = 3


class Tape(NamedTuple):
    """Columns of the loan tape that are looked at, [loans]; interest is added to ``accrued``."""

    borrower: Array
    household: Array
    product: Array
    lender: Array
    balance: Array
    annual_rate: Array
    maturity: Array
    repayment: Array
    installment: Array
    own_share: Array
    originated: Array
    status: Array
    accrued: Array
    interest_due: Array
    principal_due: Array
    refusing: Array


class CalledIn(NamedTuple):
    """What a look at the open loans found; loans in the order of the tape.

    Attributes
    ----------
    rows : int32[k]
        Loans on which something may happen, to be served.
    refusing : int32[i]
        Those of them whose borrowers refused to pay last month.
    asked : int32[j]
        Those of them on which something is due from a borrower who can still decide to pay.
    due : int64[j], fen
        What is due on these.
    earned : int64[slots, 3], fen
        Interest that all other loans earned, by holder and sector of the borrower.
    late : float32[places]
        Share of loans that are in default or being collected.
    """

    rows: NDArray[np.int32]
    refusing: NDArray[np.int32]
    asked: NDArray[np.int32]
    due: NDArray[np.int64]
    earned: NDArray[np.int64]
    late: NDArray[np.float32]


@device
def _falls_due(tape: Tape, loan: int, age: int) -> int:
    """Return what is due on a loan this month, overdue amounts included, fen.

    An instalment is the level payment, at maturity the rest; of a bullet it is the interest each quarter and at
    maturity, because in good standing it is renewed; a harvest-dated loan is due as a whole at maturity. 0 for loans in
    default or given up, of borrowers who already refuse, and policy loans, which the cooperative serves.
    """
    if tape.refusing[loan] or tape.status[loan] >= DEFAULTED or tape.product[loan] == POLICY_LOAN:
        return 0
    overdue: int = tape.interest_due[loan] + tape.principal_due[loan]
    last = age >= tape.maturity[loan]
    quarter = tape.repayment[loan] == BULLET and (last or age % QUARTER == 0)
    if tape.repayment[loan] != INSTALLMENT and not quarter and not last:
        return overdue
    interest = monthly_share(tape.balance[loan], tape.annual_rate[loan])
    if tape.repayment[loan] == BULLET:
        falls_due = tape.accrued[loan] + interest + tape.principal_due[loan]
    elif last:
        falls_due = tape.balance[loan] + tape.accrued[loan] + interest
    else:
        falls_due = min(tape.installment[loan], tape.balance[loan] + interest) + overdue
    return int(falls_due)


@kernel
def _call_in_part(
    part: int, start: int, stop: int, terms: ServiceTerms, open_rows: Array, luck: Array, tape: Tape, sector: Array,
    place: Array, rows: Array, refusing: Array, asked: Array, due: Array, all_earned: Array, all_late: Array,
) -> tuple[int, int, int]:  # fmt: skip
    """Look at the loans start to stop - 1; arguments as in `call_in`, sums of one part.

    What is found is written down from start on. Returned is where each list ends.
    """
    earned, count, late = all_earned[part : part + 1], all_late[part, 0], all_late[part, 1]
    served_end = refusing_end = asked_end = row(start)
    for k in span(start, stop):
        loan = row(open_rows[k])
        h = row(tape.household[loan])
        where = row(place[h])
        status, age = tape.status[loan], terms.month - tape.originated[loan]
        count[where] += 1
        late[where] += (status == DEFAULTED) | (status == WRITTEN_OFF)
        if (
            status != PERFORMING
            or tape.repayment[loan] == INSTALLMENT
            or age >= tape.maturity[loan]
            or (tape.repayment[loan] == BULLET and age % QUARTER == 0)
            or tape.interest_due[loan] != 0
            or tape.principal_due[loan] != 0
            or tape.refusing[loan]
            or luck[row(tape.borrower[loan])] < terms.early_hazard
        ):
            # written down in any case, and written over by the next one where it does not count
            rows[served_end] = loan
            served_end += row(1)
            refusing[refusing_end] = loan
            refusing_end += row(tape.refusing[loan])
            amount = _falls_due(tape, loan, age)
            asked[asked_end] = loan
            due[asked_end] = amount
            asked_end += row(amount != 0)
            continue
        before = tape.accrued[loan]
        after = before + monthly_share(tape.balance[loan], tape.annual_rate[loan])
        tape.accrued[loan] = after
        own_slot = row(3 if tape.lender[loan] == FAMILY else tape.lender[loan])
        partner_slot = row(0 if tape.product[loan] == JOINT else 2)
        book_change(earned, 0, own_slot, partner_slot, row(sector[h]), after, before, tape.own_share[loan])
    return served_end, refusing_end, asked_end


def call_in(
    terms: ServiceTerms, open_rows: Array, luck: Array, tape: Tape, sector: Array, place: Array, places: int
) -> CalledIn:
    """Let loans earn a month's interest on which nothing else happens; return those on which something may.

    Nothing else happens on a performing bullet or harvest-dated loan, with nothing unpaid, that is not at its end, in
    no month in which its interest falls due, whose borrower does not repay early. `serve_loans` would do the same to
    it: it looks at no purse, so neither the household nor the order matters.

    Parameters
    ----------
    terms : ServiceTerms
    open_rows : int32[open loans]
    luck : float32[residents]
        Uniform draw: who is below the hazard may repay early.
    tape : Tape
    sector, place : int8, int16[households]
    places : int
        How many there are.
    """
    count = len(open_rows)
    parts = parts_of(count, _LOAN)
    rows, refusing, asked = (np.empty(count, np.int32) for _ in range(3))
    due = np.empty(count, np.int64)
    earned, late = np.zeros((parts, len(Slot), 3), np.int64), np.zeros((parts, 2, places), np.int64)
    found: list[tuple[int, int, int, int]] = []

    def look(part: int, start: int, stop: int) -> None:
        ends = _call_in_part(
            part, start, stop, terms, open_rows, luck, tape, sector, place, rows, refusing, asked, due, earned, late
        )
        found.append((start, *ends))

    over_parts(look, parts, count, weight=_LOAN)
    found.sort()
    rows, refusing, asked, due = (
        np.concatenate([column[piece[0] : piece[which]] for piece in found])
        for column, which in ((rows, 1), (refusing, 2), (asked, 3), (due, 3))
    )
    return CalledIn(rows, refusing, asked, due, earned.sum(axis=0), late_among(*late.sum(axis=0)))
