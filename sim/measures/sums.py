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

from sim.kernels import kernel, over_parts, over_rows, parts_of, span
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
    "bank_borrowers", "with_access", "indebted", "unmet_people",
)  # fmt: skip
PEOPLE = (*COUNTED, "adults", "line_fen", "debt_fen", "unmet_fen")
#: A household is digital when a member has one of these bits.
DIGITAL = 1 << COUNTED.index("wallet_active") | 1 << COUNTED.index("bank_app")
HOUSEHOLDS = (
    "households", "digital", "income_fen", "usual_income_fen", "consumption_fen", "service_fen", "burdened",
    "household_debt_fen",
)  # fmt: skip
BORROWED = ("formal_loans_fen", "formal_par30_fen", "formal_npl_fen")
LENDING = (
    "gross_fen", "open_loans", "rate_fen", "par30_fen", "npl_fen", "loans", "new_loans", "lent_fen", "new_fen",
    "new_days_fen", "new_rate_fen", "new_borrowers", "borrowers", "lent_ever_fen", "defaulted", "written_off_fen",
    "recovered_ever_fen", "vintage_loans", "vintage_defaulted", "vintage_fen", "vintage_defaulted_fen",
    "applications", "asked_fen", "approved", "refused", "queued",
)  # fmt: skip
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
#: Sums that may need more than 53 bits are made in so many parts on every machine: they round alike everywhere.
PARTS = 4
NINETY_DAYS = 90
#: The month grid knows 0, 30, 60, … days. An instalment that is one whole month end behind is on average more than
#: 30 days old (it fell due during the month), so "over 30 days" begins at 30.
THIRTY_DAYS = 30
VINTAGE_MONTHS = 12


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
    """

    rows: int
    seen: NDArray[np.uint8]
    table: FloatArray


@kernel
def _describe_people(
    start, stop, since, occupation, age_band, poor, place_kind, township, informed, wallet_since, wallet_last,
    card_last, app_since, records, line, platform_first, bank_first, debt, unmet, ages, kinds, townships, cell, flags,
):  # fmt: skip
    """Write each resident's cell, and a bit for each of the counted columns of PEOPLE after the first."""
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
        )


@kernel
def _sum_people(
    part, start, stop, cell, flags, line, debt, unmet, head, age_band, first, sector, household_poor, household_kind,
    household_township, income, usual, consumption, service, ages, kinds, townships, digital, all_packed, all_values,
    all_homes,
):  # fmt: skip
    """Sum the households in rows start to stop - 1 and their members by cell, in the sums of one part.

    Three counts share a 64-bit number, 21 bits each (enough for two million adults): twelve sums cost four additions.
    """
    packed, values, homes = all_packed[part], all_values[part], all_homes[part]
    for i in span(first[start], first[stop]):
        c = cell[i]
        bits = np.int64(flags[i])
        for word in range(4):
            packed[c, word] += (bits & 1) | ((bits & 2) << 20) | ((bits & 4) << 40)
            bits >>= 3
        values[c, 0] += 1
        values[c, 1] += line[i]
        values[c, 2] += debt[i]
        values[c, 3] += unmet[i]
    for h in range(start, stop):
        chief = first[h]
        bits = np.int64(0)
        owed = np.int64(0)
        for i in range(first[h], first[h + 1]):
            bits |= flags[i]
            owed += debt[i]
            chief += (i - chief) * head[i]
        c = (((sector[h] * ages + age_band[chief]) * 2 + household_poor[h]) * kinds + household_kind[h]) * townships
        row = homes[c + household_township[h]]
        row[0] += 1
        row[1] += (bits & digital) != 0
        row[2] += income[h]
        row[3] += usual[h]
        row[4] += consumption[h]
        row[5] += service[h]
        row[6] += (service[h] > BURDEN * usual[h]) & (service[h] > 0)
        row[7] += owed


@kernel
def _sum_open_loans(
    part, start, stop, month, family, rows, borrower, product, lender, balance, annual_rate, closed, days_past_due,
    defaulted_month, written_off, cell, all_tables, all_borrowed,
):  # fmt: skip
    """Sum open loans, and those that were written off lately, by lender and product; by cell what borrowers owe.

    The loans start to stop - 1 of the rows, in the sums of one part.
    """
    table, borrowed = all_tables[part], all_borrowed[part]
    for k in rows[start:stop]:
        row = table[lender[k], product[k]]
        left = balance[k]
        if left > 0:
            row[0] += left
            row[1] += 1
            row[2] += np.float64(left) * annual_rate[k]
            late = days_past_due[k]
            if late >= THIRTY_DAYS:
                row[3] += left
            if late >= NINETY_DAYS:
                row[4] += left
            if lender[k] != family:
                there = borrowed[cell[borrower[k]]]
                there[0] += left
                if late >= THIRTY_DAYS:
                    there[1] += left
                if late >= NINETY_DAYS:
                    there[2] += left
        row[14] += defaulted_month[k] == month
        if closed[k] == month and written_off[k] > 0:
            row[15] += written_off[k]


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
    for k in range(recovered.shape[0]):
        if recovered[k] > 0:
            table[lender[k], product[k], 16] += recovered[k]


def sum_people(world: Any) -> tuple[FloatArray, FloatArray, NDArray[np.int16]]:
    """Return the sums by cell of residents and of households, and each resident's cell.

    Parameters
    ----------
    world : World
        Households' members must be contiguous; a household's age is its head's.

    Returns
    -------
    people : float64[cell, PEOPLE]
    homes : float64[cell, HOUSEHOLDS]
    cell : int16[residents]
    """
    r, h = world.residents, world.households
    cell, flags = np.zeros(r.n, np.int16), np.zeros(r.n, np.uint16)
    ages, kinds = np.int16(CELL_SHAPE[1]), np.int16(CELL_SHAPE[3])
    over_rows(
        _describe_people, r.n, np.int16(world.month - ACTIVE_MONTHS), r.occupation, r.age_band, r.poor, r.place_kind,
        r.township, r.informed, r.wallet_since, r.wallet_last, r.card_last, r.bank_app_since, r.records, r.line,
        r.platform_first, r.bank_first, r.debt, r.unmet, ages, kinds, np.int16(TOWNSHIPS), cell, flags,
    )  # fmt: skip
    parts = parts_of(h.n)
    by_part = [np.zeros((parts, CELLS, columns), np.int64) for columns in (4, 4, len(HOUSEHOLDS))]
    over_parts(
        _sum_people, parts, h.n, cell, flags, r.line, r.debt, r.unmet, r.head, r.age_band, world.first, h.sector,
        h.poor, h.place_kind, h.township, h.income, h.income_average, h.consumption, h.debt_service, CELL_SHAPE[1],
        CELL_SHAPE[3], TOWNSHIPS, DIGITAL, *by_part,
    )  # fmt: skip
    packed, values, homes = (sums.sum(axis=0) for sums in by_part)
    counts = [packed[:, k // 3] >> 21 * (k % 3) & (1 << 21) - 1 for k in range(len(COUNTED))]
    people = np.concatenate([np.stack(counts, axis=1), values], axis=1)
    return people.astype(np.float64), homes.astype(np.float64), cell


def sum_loans(world: Any, cell: NDArray[np.int16]) -> tuple[FloatArray, FloatArray]:
    """Return the sums of the loan tape by lender and product, and of formal debt by the borrower's cell.

    Returns
    -------
    table : float64[lender, product, LENDING]
    borrowed : float64[cell, BORROWED]
    """
    book, month = world.loans, world.month
    table = _made_so_far(book, month, world.residents.n)
    tables, borrowed = np.zeros((PARTS, *_TABLE)), np.zeros((PARTS, CELLS, len(BORROWED)))
    over_parts(
        _sum_open_loans, PARTS, len(book.open_rows), month, int(Lender.FAMILY), book.open_rows, book.borrower,
        book.product, book.lender, book.balance, book.annual_rate, book.closed, book.days_past_due,
        book.defaulted_month, book.written_off, cell, tables, borrowed,
    )  # fmt: skip
    table += tables.sum(axis=0)
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
    made = book.counted
    if made is None:
        made = book.counted = Counted(0, np.zeros(residents, np.uint8), np.zeros(_TABLE))
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
    waiting = np.bincount(pending[pending >= 0], minlength=len(Product)).astype(np.float64)
    summed = [*(np.bincount(product, weights=values, minlength=len(Product)) for values in counts), waiting]
    for offset, values in enumerate(summed):
        table[LENDER_OF, np.arange(len(Product)), FIRST_OF_APPLICATIONS + offset] += values


def marginal(table: FloatArray, axis: int) -> FloatArray:
    """Return a table by cell summed over all axes but one: float64[group, column]."""
    cube = table.reshape(*CELL_SHAPE, -1)
    summed: FloatArray = cube.sum(axis=tuple(a for a in range(len(CELL_SHAPE)) if a != axis))
    return summed
