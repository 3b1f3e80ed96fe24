"""One pass over loans: in what order they are served, which stay open, who holds and owes what."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels import device, kernel, row, span
from sim.mechanisms.loan_service import (
    DEFAULTED,
    FAMILY,
    JOINT,
    MATURED,
    MILLION,
    PLATFORM,
    POLICY_LOAN,
    WRITTEN_OFF,
)
from sim.threads import over_parts, over_rows, parts_of

Array = NDArray[Any]

#: Lenders in the order in which they collect: platform (mandate), bank (own accounts), relatives.
_COLLECTORS = 3


@kernel
def collection_order(rows: Array, household: Array, lender: Array, households: int) -> Array:
    """Return loans by household and, within it, by who collects first; a counting sort, stable.

    Parameters
    ----------
    rows : int32[k]
        Loans to be served.
    household, lender : [loans]
    households : int
        How many there are.

    Returns
    -------
    int32[k]
    """
    start = np.zeros(households * _COLLECTORS + 1, np.int32)
    for k in span(0, len(rows)):
        loan = row(rows[k])
        turn = 0 if lender[loan] == PLATFORM else (2 if lender[loan] == FAMILY else 1)
        start[row(household[loan] * _COLLECTORS + turn + 1)] += 1
    before = 0
    for k in span(0, len(start)):
        before += start[k]
        start[k] = before
    ordered = np.empty(len(rows), np.int32)
    for k in span(0, len(rows)):
        loan = row(rows[k])
        turn = 0 if lender[loan] == PLATFORM else (2 if lender[loan] == FAMILY else 1)
        place = row(household[loan] * _COLLECTORS + turn)
        ordered[row(start[place])] = rows[k]
        start[place] += 1
    return ordered


@kernel
def _count_late(
    part: int, start: int, stop: int, rows: Array, household: Array, place: Array, status: Array, all_counts: Array
) -> None:
    """Count the loans start to stop - 1 by place, all and late, in the counts of one part."""
    count, late = all_counts[part, 0], all_counts[part, 1]
    for k in span(start, stop):
        loan = row(rows[k])
        where = row(place[row(household[loan])])
        count[where] += 1
        late[where] += (status[loan] == DEFAULTED) | (status[loan] == WRITTEN_OFF)


def late_among(count: NDArray[np.int64], late: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the share of loans that are late, 0 where there is none, float32[places]."""
    share: NDArray[np.float32] = (late / np.maximum(count, 1)).astype(np.float32)
    return share


def late_share(rows: Array, household: Array, place: Array, status: Array, places: int) -> NDArray[np.float32]:
    """Return the share of loans in each place that are in default or being collected, float32[places]."""
    parts = parts_of(len(rows))
    counts = np.zeros((parts, 2, places), np.int64)
    over_parts(_count_late, parts, len(rows), rows, household, place, status, counts)
    return late_among(*counts.sum(axis=0))


@kernel
def _circumstances(
    start: int, stop: int, rows: Array, due: Array, borrower: Array, household: Array, lender: Array,
    income_average: Array, habit: Array, usefulness: Array, place: Array, late: Array, worst_days: Array,
    quality: Array, found: Array,
) -> None:  # fmt: skip
    """Fill ``found`` from start to stop - 1; arguments as in `circumstances`."""
    for k in span(start, stop):
        loan = row(rows[k])
        i, h = row(borrower[loan]), row(household[loan])
        found[0, k] = due[h] / max(income_average[h], 10_000)
        found[1, k] = habit[i] * usefulness[i] if lender[loan] == PLATFORM else np.float32(0.5)
        found[2, k] = late[row(place[i])]
        found[3, k] = min(worst_days[i], 90) / np.float32(90)
        found[4, k] = quality[i]


def circumstances(
    rows: Array, due: Array, borrower: Array, household: Array, lender: Array, income_average: Array, habit: Array,
    usefulness: Array, place: Array, late: Array, worst_days: Array, quality: Array,
) -> Array:  # fmt: skip
    """Return what those weigh who decide whether to pay: five columns, float32[5, k].

    The columns are burden (what falls due of the household over its usual income, of at least 100 yuan), access
    (habit x usefulness of the wallet towards the platform, one half towards others), norm (share of loans in the place
    that are late), record (worst delay over 90 days, at most 1) and quality.

    Parameters
    ----------
    rows : int32[k]
        Loans with something due.
    due : int64[households], fen
        What falls due of all loans of a household.
    borrower, household, lender : [loans]
    income_average : int64[households], fen
    habit, usefulness, place, worst_days, quality : [residents]
    late : float32[places]
    """
    found: Array = np.empty((5, len(rows)), np.float32)
    over_rows(
        _circumstances, len(rows), rows, due, borrower, household, lender, income_average, habit, usefulness, place,
        late, worst_days, quality, found, weight=4,
    )  # fmt: skip
    return found


@device
def _share_out(amount: int, lender: int, product: int, own_share: int, status: int, s: int, held: Array) -> None:
    """Add an amount of a loan to what its holders hold, int64[statuses, slots, 3]; a relative's part is the whole."""
    family = lender == FAMILY
    own = amount if family else amount * own_share // MILLION
    held[row(status), row(3 if family else lender), s] += own
    held[row(status), row(0 if product == JOINT else 2), s] += amount - own


@kernel
def _hold_part(
    part: int, start: int, stop: int, rows: Array, lender: Array, product: Array, own_share: Array, household: Array,
    sector: Array, status: Array, amount: Array, held: Array,
) -> None:  # fmt: skip
    """Add up the loans start to stop - 1; arguments as in `holdings`, sums of one part."""
    mine = held[part]
    for k in span(start, stop):
        loan = row(rows[k])
        s = row(sector[row(household[loan])])
        _share_out(amount[loan], lender[loan], product[loan], own_share[loan], status[loan], s, mine)


def holdings(
    rows: Array, lender: Array, product: Array, own_share: Array, household: Array, sector: Array, status: Array,
    amount: Array,
) -> NDArray[np.int64]:  # fmt: skip
    """Return who holds how much of an amount of loans, int64[statuses, slots, 3] in fen.

    The lender's own part is amount x share, rounded down; the partner's, of a joint loan the bank's, is the remainder.

    Parameters
    ----------
    rows : int32[k]
    lender, product, own_share, household, status, amount : [loans]
    sector : int8[households]
    """
    held = np.zeros((parts_of(len(rows)), 5, 4, 3), np.int64)
    over_parts(
        _hold_part, len(held), len(rows), rows, lender, product, own_share, household, sector, status, amount, held
    )
    total: NDArray[np.int64] = held.sum(axis=0)
    return total


class LoanCounts(NamedTuple):
    """What open loans add up to.

    Attributes
    ----------
    held : int64[2, statuses, slots, 3], fen
        Who holds how much of balances and of accrued interest, as in `holdings`.
    family : int64[3, 3], fen
        Family loans by sectors of creditor and debtor.
    pooled : int64[3], fen
        Pooled policy loans by sector of the debtor.
    """

    held: NDArray[np.int64]
    family: NDArray[np.int64]
    pooled: NDArray[np.int64]

    @property
    def balances(self) -> NDArray[np.int64]:
        """Who holds how much of balances, int64[statuses, slots, 3] in fen."""
        balances: NDArray[np.int64] = self.held[0]
        return balances


@kernel
def _count_part(
    part: int, start: int, stop: int, rows: Array, lender: Array, product: Array, own_share: Array, creditor: Array,
    household: Array, sector: Array, resident_household: Array, status: Array, balance: Array, accrued: Array,
    held: Array, family: Array, pooled: Array,
) -> None:  # fmt: skip
    """Count the open loans start to stop - 1; arguments as in `count_loans`, sums of one part."""
    balances, interest, family_here, pooled_here = held[part, 0], held[part, 1], family[part], pooled[part]
    # a creditor is anybody anywhere: looked up beforehand, the processor need not wait for one before it seeks the next
    sector_of_creditor = np.empty(stop - start, np.int8)
    for k in span(start, stop):
        friend = row(max(creditor[row(rows[k])], 0))
        sector_of_creditor[k - row(start)] = sector[row(resident_household[friend])]
    for k in span(start, stop):
        loan = row(rows[k])
        s = row(sector[row(household[loan])])
        own = own_share[loan]
        _share_out(balance[loan], lender[loan], product[loan], own, status[loan], s, balances)
        _share_out(accrued[loan], lender[loan], product[loan], own, status[loan], s, interest)
        lent_by = row(sector_of_creditor[k - row(start)])
        family_here[lent_by, s] += balance[loan] if lender[loan] == FAMILY else 0
        pooled_here[s] += balance[loan] if product[loan] == POLICY_LOAN else 0


def count_loans(
    rows: Array, lender: Array, product: Array, own_share: Array, creditor: Array, household: Array, sector: Array,
    resident_household: Array, status: Array, balance: Array, accrued: Array,
) -> LoanCounts:  # fmt: skip
    """Return all that books and records of loans are compared by, counted in one pass.

    Parameters
    ----------
    rows : int32[k]
        Open loans.
    lender ... household, status, balance, accrued : [loans]
    sector : int8[households]
    resident_household : int32[residents]
    """
    parts = parts_of(len(rows))
    held = np.zeros((parts, 2, 5, 4, 3), np.int64)
    family, pooled = np.zeros((parts, 3, 3), np.int64), np.zeros((parts, 3), np.int64)
    over_parts(
        _count_part, parts, len(rows), rows, lender, product, own_share, creditor, household, sector,
        resident_household, status, balance, accrued, held, family, pooled,
    )  # fmt: skip
    return LoanCounts(held.sum(axis=0), family.sum(axis=0), pooled.sum(axis=0))


@kernel
def still_open(rows: Array, status: Array, closed: Array, collected_since: int) -> Array:
    """Return the rows without the loans that are repaid, or were written off before a month, int32[<= k].

    Parameters
    ----------
    rows : int32[k]
    status, closed : [loans]
    collected_since : int
        Month from which on written-off loans are still collected.
    """
    kept = np.empty(len(rows), np.int32)
    count = 0
    for k in span(0, len(rows)):
        loan = row(rows[k])
        gone = (status[loan] == MATURED) | ((status[loan] == WRITTEN_OFF) & (closed[loan] < collected_since))
        kept[row(count)] = rows[k]
        count += not gone
    return kept[:count].copy()


@kernel
def owed_to(rows: Array, lender: Array, code: int, balance: Array) -> int:
    """Return what is owed on the loans of one lender, fen."""
    total = 0
    for k in span(0, len(rows)):
        loan = row(rows[k])
        total += balance[loan] if lender[loan] == code else 0
    return total


@kernel
def note_standing(
    rows: Array, month: int, borrower: Array, lender: Array, days_past_due: Array, worst_days: Array,
    defaulted_month: Array, worst_of: Array, bank_defaults: Array, platform_defaults: Array, line: Array,
) -> None:  # fmt: skip
    """Keep on each resident his worst delay and how many of his loans each lender saw default; that ends a line.

    Parameters
    ----------
    rows : int32[k]
        Loans that have been served.
    month : int
    borrower ... defaulted_month : [loans]
    worst_of, bank_defaults, platform_defaults, line : [residents]
        Changed: worst delay, days; loans of the bank and of the platform that defaulted; credit line, fen.
    """
    for k in span(0, len(rows)):
        loan = row(rows[k])
        if days_past_due[loan] == 0:
            continue
        i = row(borrower[loan])
        worst_of[i] = max(worst_of[i], worst_days[loan])
        if defaulted_month[loan] != month:
            continue
        if lender[loan] == PLATFORM:
            platform_defaults[i] += 1
            line[i] = 0
        elif lender[loan] != FAMILY:
            bank_defaults[i] += 1


@kernel
def _owed(rows: Array, lender: Array, product: Array, borrower: Array, balance: Array, owed: Array) -> None:
    """Add up what is owed to the bank and to the platform, int64[2, residents]."""
    for k in span(0, len(rows)):
        loan = row(rows[k])
        if lender[loan] != FAMILY:
            slot = row(0 if product[loan] == JOINT else lender[loan])
            owed[slot, row(borrower[loan])] += balance[loan]


@kernel
def _use(start: int, stop: int, owed: Array, line: Array, debt: Array, use: Array) -> None:
    """Set debts, and the share of the credit line in use."""
    for i in span(start, stop):
        debt[i] = owed[0, i] + owed[1, i]
        use[i] = owed[1, i] / line[i] if line[i] > 0 else 0.0


def debts(
    rows: Array, lender: Array, product: Array, borrower: Array, balance: Array, line: Array, debt: Array, use: Array
) -> Array:
    """Return what each resident owes to the bank and to the platform, int64[2, residents] in fen.

    ``debt`` is set to their sum, ``use`` to the share of the credit line in use. A joint loan counts as the bank's: it
    leaves the line free.
    """
    owed: Array = np.zeros((2, len(debt)), np.int64)
    _owed(rows, lender, product, borrower, balance, owed)
    over_rows(_use, len(debt), owed, line, debt, use)
    return owed
