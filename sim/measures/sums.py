"""The month's sums: one pass over households and their members, one over open loans, one over new loans.

Each resident falls into one cell (occupation × age band × poverty × kind of place × township); every sum is kept by
cell, and the marginals are the groups. Nothing here is a ratio: ratios are taken once, of sums.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels import kernel, span
from sim.threads import over_parts, over_rows, parts_of
from sim.vocabulary import AgeBand, Lender, Occupation, PlaceKind, Product

FloatArray = NDArray[np.float64]

#: A payment counts as active use for this many months.
ACTIVE_MONTHS = 3
TOWNSHIPS = 16
CELL_SHAPE = (len(Occupation), len(AgeBand), 2, len(PlaceKind), TOWNSHIPS)
CELLS = int(np.prod(CELL_SHAPE))
#: The axis of a cell, by kind of group.
AXES = {"occupation": 0, "age": 1, "poverty": 2, "place": 3, "township": 4}

#: Counted residents, in the order of the bits of ``_describe_people``.
COUNTED = (
    "informed", "wallet_holders", "wallet_active", "epayment", "bank_app", "records", "lines", "platform_borrowers",
    "bank_borrowers", "with_access", "indebted", "unmet_people", "adults",
)  # fmt: skip
PEOPLE = (*COUNTED, "line_fen", "debt_fen", "unmet_fen")
#: A household is digital when a member has one of these bits.
DIGITAL = 1 << COUNTED.index("wallet_active") | 1 << COUNTED.index("bank_app")
HOUSEHOLDS = (
    "households", "digital", "income_fen", "usual_income_fen", "consumption_fen", "service_fen", "burdened",
    "household_debt_fen", "children",
)  # fmt: skip
BORROWED = ("formal_loans_fen", "formal_par30_fen", "formal_npl_fen")
LENDING = (
    "gross_fen", "open_loans", "rate_fen", "par30_fen", "npl_fen", "loans", "new_loans", "lent_fen", "new_fen",
    "new_days_fen", "new_rate_fen", "new_borrowers", "borrowers", "lent_ever_fen", "defaulted", "written_off_fen",
    "recovered_ever_fen", "vintage_loans", "vintage_defaulted", "vintage_fen", "vintage_defaulted_fen",
    "applications", "asked_fen", "approved", "refused", "queued",
)  # fmt: skip
#: Where ``_sum_open_loans`` puts its whole numbers.
OPEN_LOANS = ("gross_fen", "open_loans", "par30_fen", "npl_fen", "defaulted", "written_off_fen", "rate_fen")
_OPEN_COLUMNS = [LENDING.index(name) for name in OPEN_LOANS]
PRODUCTS = len(Product)
#: Where the sums of applications begin, and what a decision's number means.
FIRST_OF_APPLICATIONS = LENDING.index("applications")
REFUSED, APPROVED = 0, 1
#: To which lender an application for a product goes.
LENDER_OF = np.array(
    [Lender.PLATFORM if p in (Product.PLATFORM_LINE, Product.JOINT) else
     Lender.FAMILY if p is Product.FAMILY_LOAN else Lender.BANK for p in Product]
)  # fmt: skip

#: Loan service above this share of usual income is a burden (the usual line of 40%; assumed).
BURDEN = 0.40
NINETY_DAYS = 90
#: The month grid knows 0, 30, 60, … days. An instalment that is one whole month end behind is on average more than
#: 30 days old (it fell due during the month), so "over 30 days" begins at 30.
THIRTY_DAYS = 30
VINTAGE_MONTHS = 12
#: Cells in which scores are counted.
SCORE_CELLS = 256

#: Three counts share a 64-bit number, 21 bits each (enough for two million adults): so many numbers hold all counts.
WORDS = -(-len(COUNTED) // 3)
_COUNT_BITS = 21
#: What three bits add to such a number.
_SPREAD = np.array([(k & 1) | (k >> 1 & 1) << _COUNT_BITS | (k >> 2) << 2 * _COUNT_BITS for k in range(8)])

_TABLE = (len(Lender), len(Product), len(LENDING))


@dataclass
class Counted:
    """Loans of past months, counted once.

    Attributes
    ----------
    rows : int
        How many.
    seen : uint8[residents]
        A bit for each product that a resident has had.
    table : float64[lender, product, LENDING]
        Number, amount and borrowers, by lender and product.
    scored : int
        How many have an outcome that is known (``risk.count_scores``).
    scores : float64[lender, 2, SCORE_CELLS]
        Of those, the good and the bad, by score when lent.
    """

    rows: int
    seen: NDArray[np.uint8]
    table: FloatArray
    scored: int
    scores: FloatArray


def counted(book: Any, residents: int) -> Counted:
    """Return what is kept with a loan book: nothing has been counted at first."""
    if book.counted is None:
        scores = np.zeros((len(Lender), 2, SCORE_CELLS))
        book.counted = Counted(0, np.zeros(residents, np.uint8), np.zeros(_TABLE), 0, scores)
    made: Counted = book.counted
    return made


@kernel
def _describe_people(
    start, stop, since, occupation, age_band, poor, place_kind, township, informed, wallet_since, wallet_last,
    card_last, app_since, records, line, platform_first, bank_first, debt, unmet, ages, kinds, townships, cell, flags,
):  # fmt: skip
    """Write each resident's cell, and a bit for each column of COUNTED."""
    for i in span(start, stop):
        group = (occupation[i] * ages + age_band[i]) * 2 + poor[i]
        cell[i] = (group * kinds + place_kind[i]) * townships + township[i]
    for i in span(start, stop):
        wallet = wallet_last[i] > since
        flags[i] = (
            informed[i] * 1
            | (wallet_since[i] != -1) << 1
            | wallet << 2
            | (wallet | (card_last[i] > since)) << 3
            | (app_since[i] >= 0) << 4
            | records[i] << 5
            | (line[i] > 0) << 6
            | (platform_first[i] != -1) << 7
            | (bank_first[i] != -1) << 8
            | ((line[i] > 0) | (debt[i] > 0)) << 9
            | (debt[i] > 0) << 10
            | (unmet[i] > 0) << 11
            | 1 << 12
        )


@kernel
def _sum_people(
    part, start, stop, cell, flags, line, debt, unmet, first, income, usual, consumption, service, children, digital,
    all_people, all_homes,
):  # fmt: skip
    """Sum the households in rows start to stop - 1 and their members by cell, in the sums of one part."""
    people, homes = all_people[part], all_homes[part]
    for i in span(first[start], first[stop]):
        row = people[cell[i]]
        bits = np.uint64(flags[i])
        for word in range(WORDS):
            row[word] += _SPREAD[bits & np.uint64(7)]
            bits >>= np.uint64(3)
        row[WORDS] += line[i]
        row[WORDS + 1] += debt[i]
        row[WORDS + 2] += unmet[i]
    for h in span(start, stop):
        bits_of_home, owed = np.uint16(0), 0
        for i in span(first[h], first[h + np.uint64(1)]):
            bits_of_home |= flags[i]
            owed += debt[i]
        row = homes[cell[first[h]]]
        row[0] += 1
        row[1] += (bits_of_home & digital) != 0
        row[2] += income[h]
        row[3] += usual[h]
        row[4] += consumption[h]
        row[5] += service[h]
        row[6] += (service[h] > BURDEN * usual[h]) & (service[h] > 0)
        row[7] += owed
        row[8] += children[h]


@kernel
def _sum_open_loans(
    part, start, stop, month, family, rows, borrower, product, lender, balance, annual_rate, closed, days_past_due,
    defaulted_month, written_off, cell, all_sums, all_borrowed,
):  # fmt: skip
    """Sum open loans, and those that were written off lately, by lender and product; by cell what borrowers owe.

    The loans start to stop - 1 of the rows, in the sums of one part.
    """
    sums, borrowed = all_sums[part], all_borrowed[part]
    for j in span(start, stop):
        k = np.uint64(rows[j])
        slot = np.uint64(lender[k] * PRODUCTS + product[k])
        left, late = balance[k], days_past_due[k]
        after_30 = left if late >= THIRTY_DAYS else 0
        after_90 = left if late >= NINETY_DAYS else 0
        row = sums[slot]
        row[0] += left
        row[1] += left > 0
        row[2] += after_30
        row[3] += after_90
        row[4] += defaulted_month[k] == month
        if closed[k] == month:
            row[5] += written_off[k]
        row[6] += left * annual_rate[k]
        if lender[k] != family:
            there = borrowed[cell[np.uint64(borrower[k])]]
            there[0] += left
            there[1] += after_30
            there[2] += after_90


@kernel
def _count_loans(start, stop, borrower, product, lender, principal, seen, table):
    """Count loans in rows start to stop - 1: how many, how much, and to how many people for the first time."""
    for k in range(start, stop):
        row = table[lender[k], product[k]]
        row[5] += 1
        row[13] += principal[k]
        bit = np.uint8(1 << product[k])
        row[12] += (seen[borrower[k]] & bit) == 0
        seen[borrower[k]] |= bit


@kernel
def _sum_new_loans(start, stop, product, lender, principal, annual_rate, days, renewed_from, table):
    """Sum the loans made this month, in rows start to stop - 1."""
    for k in range(start, stop):
        row = table[lender[k], product[k]]
        row[7] += principal[k]
        if renewed_from[k] < 0:
            row[6] += 1
            row[8] += principal[k]
            row[9] += np.float64(principal[k]) * days[k]
            row[10] += np.float64(principal[k]) * annual_rate[k]


@kernel
def _sum_old_loans(start, stop, month, product, lender, principal, defaulted_month, recovered, table):
    """Sum the vintage in rows start to stop - 1, and over all rows what was recovered."""
    for k in range(start, stop):
        row = table[lender[k], product[k]]
        bad = defaulted_month[k] >= 0 and defaulted_month[k] <= month
        row[17] += 1
        row[18] += bad
        row[19] += principal[k]
        if bad:
            row[20] += principal[k]
    for k in span(0, recovered.shape[0]):
        if recovered[k] > 0:
            table[lender[k], product[k], 16] += recovered[k]


def describe_people(world: Any) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Return each resident's cell, and a word of flags of what holds of him, both uint16[residents]."""
    r = world.residents
    cell, flags = np.empty(r.n, np.uint16), np.empty(r.n, np.uint16)
    ages, kinds = np.int16(CELL_SHAPE[1]), np.int16(CELL_SHAPE[3])
    over_rows(
        _describe_people, r.n, np.int16(world.month - ACTIVE_MONTHS), r.occupation, r.age_band, r.poor, r.place_kind,
        r.township, r.informed, r.wallet_since, r.wallet_last, r.card_last, r.bank_app_since, r.records, r.line,
        r.platform_first, r.bank_first, r.debt, r.unmet, ages, kinds, np.int16(TOWNSHIPS), cell, flags,
    )  # fmt: skip
    return cell, flags


def sum_people(world: Any, cell: NDArray[np.uint16], flags: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return the sums by cell of residents and of households, int64[cell, PEOPLE + HOUSEHOLDS].

    Parameters
    ----------
    world : World
        Households' members must be contiguous, the head first; a household's cell is its head's.
    cell, flags : uint16[residents]
        As `describe_people` returns them.
    """
    r, h = world.residents, world.households
    parts = parts_of(h.n)
    by_part = [np.zeros((parts, CELLS, columns), np.int64) for columns in (WORDS + 3, len(HOUSEHOLDS))]
    over_parts(
        _sum_people, parts, h.n, cell, flags, r.line, r.debt, r.unmet, world.first, h.income, h.income_average,
        h.consumption, h.debt_service, h.children, np.uint16(DIGITAL), *by_part,
    )  # fmt: skip
    people, homes = (sums.sum(axis=0) for sums in by_part)
    thirds = [people[:, :WORDS] >> place * _COUNT_BITS & (1 << _COUNT_BITS) - 1 for place in range(3)]
    counts = np.stack(thirds, axis=-1).reshape(CELLS, -1)[:, : len(COUNTED)]
    return np.concatenate([counts, people[:, WORDS:], homes], axis=1)


def sum_loans(world: Any, cell: NDArray[np.uint16]) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return the sums of the loan tape by lender and product, and of formal debt by the borrower's cell.

    Returns
    -------
    table : float64[lender, product, LENDING]
    borrowed : int64[cell, BORROWED]
    """
    book, month = world.loans, world.month
    table = _made_so_far(book, month, world.residents.n)
    parts = parts_of(len(book.open_rows))
    sums = np.zeros((parts, len(Lender) * PRODUCTS, len(OPEN_LOANS)), np.int64)
    borrowed = np.zeros((parts, CELLS, len(BORROWED)), np.int64)
    over_parts(
        _sum_open_loans, parts, len(book.open_rows), month, int(Lender.FAMILY), book.open_rows, book.borrower,
        book.product, book.lender, book.balance, book.annual_rate, book.closed, book.days_past_due,
        book.defaulted_month, book.written_off, cell, sums, borrowed,
    )  # fmt: skip
    table[:, :, _OPEN_COLUMNS] = sums.sum(axis=0).reshape(len(Lender), PRODUCTS, -1)
    _sum_new_loans(
        book.since(month).start, book.n, book.product, book.lender, book.principal, book.annual_rate, book.days,
        book.renewed_from, table,
    )  # fmt: skip
    vintage = month - VINTAGE_MONTHS
    old = slice(book.since(vintage).start, book.since(vintage + 1).start) if vintage >= 0 else slice(0, 0)
    _sum_old_loans(
        old.start, old.stop, month, book.product, book.lender, book.principal, book.defaulted_month, book.recovered,
        table,
    )  # fmt: skip
    _add_applications(world, table)
    return table, borrowed.sum(axis=0)


def _made_so_far(book: Any, month: int, residents: int) -> FloatArray:
    """Return the table with the loans ever made and, of them, this month's first loans to somebody.

    Loans are only added, so those of past months are counted once and kept with the book.
    """
    made = counted(book, residents)
    start = book.since(month).start
    columns = (book.borrower, book.product, book.lender, book.principal)
    _count_loans(made.rows, start, *columns, made.seen, made.table)
    made.rows = start
    table: FloatArray = made.table.copy()
    _count_loans(start, book.n, *columns, made.seen.copy(), table)
    table[:, :, 11] = table[:, :, 12] - made.table[:, :, 12]
    return table


def _add_applications(world: Any, table: FloatArray) -> None:
    """Add this month's applications, and those that now wait for an officer, by product, to the sums of lending."""
    product = np.asarray(world.applications["product"], np.int64)
    decision = np.asarray(world.applications["decision"], np.int64)
    counts = [np.ones(product.size), np.asarray(world.applications["amount"], np.float64)]
    counts += [(decision == wanted).astype(np.float64) for wanted in (APPROVED, REFUSED)]
    pending = world.residents.pending_product
    waiting = pending[np.flatnonzero(pending >= 0)]
    summed = [np.bincount(product, weights=values, minlength=len(Product)) for values in counts]
    summed.append(np.bincount(waiting, minlength=len(Product)))
    table[LENDER_OF, np.arange(len(Product)), FIRST_OF_APPLICATIONS:] += np.stack(summed, axis=1)


def marginals(cells: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return a table by cell summed over all axes but one, by kind of group: [group, column]."""
    townships = cells.reshape(-1, TOWNSHIPS, cells.shape[-1])
    cube = townships.sum(axis=1).reshape(*CELL_SHAPE[:-1], -1)
    axes = {axis for axis in AXES.values() if axis < cube.ndim - 1}
    found = {kind: cube.sum(axis=tuple(axes - {axis})) for kind, axis in AXES.items() if axis in axes}
    return {**found, "township": townships.sum(axis=0)}
