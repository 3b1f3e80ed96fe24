"""The loan tape: a row for every loan ever made, by the bank, the platform lender or a relative."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.loan_service import NEVER_DEFAULTED, NOT_DUE, level_installment
from sim.mechanisms.tape import still_open
from sim.state.columns import Column, Columns
from sim.vocabulary import Repayment

LOAN_COLUMNS: Mapping[str, Column] = {
    "borrower": Column(np.int32, "resident", "who borrowed", -1),
    "household": Column(np.int32, "household", "whose common purse repays", -1),
    "product": Column(np.int8, "Product", "what was borrowed"),
    "lender": Column(np.int8, "Lender", "who lent"),
    "creditor": Column(np.int32, "resident", "the relative or friend who lent (-1: an institution)", -1),
    "purpose": Column(np.int8, "Purpose", "what it was for"),
    "principal": Column(np.int64, "fen", "lent at the start"),
    "balance": Column(np.int64, "fen", "principal still owed; 0 once written off"),
    "annual_rate": Column(np.int32, "ppm a year", "price"),
    "maturity": Column(np.int16, "months", "length"),
    "repayment": Column(np.int8, "Repayment", "instalment, bullet or harvest-dated"),
    "installment": Column(np.int64, "fen a month", "level payment of an instalment loan"),
    "own_share": Column(np.int32, "ppm", "funded by the lender itself; the rest by its partner"),
    "guaranteed": Column(np.int32, "ppm", "share that the guarantee fund stands for"),
    "days": Column(np.int16, "days", "from application to cash"),
    "score": Column(np.float32, "standard normal", "the lender's score when it lent (not a number: none)", np.nan),
    "default_probability": Column(
        np.float32,
        "share",
        "chance when it was lent that the borrower refuses within a year and goes on for 90 days "
        "(not a number: a renewal, or relatives)",
        np.nan,
    ),
    "originated": Column(np.int16, "month", "month of disbursement"),
    "closed": Column(np.int16, "month", "month of the last repayment or the write-off (-1: open)", -1),
    "status": Column(np.int8, "LoanStatus", "at the end of the month"),
    "accrued": Column(np.int64, "fen", "interest earned and not yet paid"),
    "interest_due": Column(np.int64, "fen", "part of the accrued interest that is due"),
    "principal_due": Column(np.int64, "fen", "part of the balance that is due"),
    "due_since": Column(np.int16, "month", "month in which the oldest unpaid amount fell due (32000: none)", NOT_DUE),
    "days_past_due": Column(np.int16, "days", "30 for each month end after the one in which it fell due"),
    "worst_days": Column(np.int16, "days", "worst days past due so far"),
    "defaulted_month": Column(
        np.int16, "month", "first month at 90 or more days past due (-1: never, -2: before the start)", NEVER_DEFAULTED
    ),
    "refusing": Column(np.bool_, "yes/no", "the borrower has decided not to pay"),
    "written_off": Column(np.int64, "fen", "principal written off"),
    "recovered": Column(np.int64, "fen", "collected after the write-off"),
    "interest_paid": Column(np.int64, "fen", "interest paid so far"),
    "renewed_from": Column(np.int32, "loan", "the loan that this one renews (-1: a new loan)", -1),
}


class LoanBook:
    """All loans, open and closed, as growing columns.

    ``book.balance`` is the column of the loans made so far. ``open_rows`` lists the rows that still owe or are being
    collected, in order. ``counted`` is a place in which whoever sums over all loans may keep past months' sums.
    """

    def __init__(self, capacity: int = 1024) -> None:
        self._columns = Columns(LOAN_COLUMNS, max(capacity, 1))
        self.n = 0
        self.open_rows: NDArray[np.int32] = np.zeros(0, np.int32)
        self.counted: Any = None
        # months in which loans were made, and the first row of each
        self._months: list[int] = []
        self._starts: list[int] = []
        self._look()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in LOAN_COLUMNS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._look()

    def _look(self) -> None:
        """Let every column end with the last loan made."""
        for name in LOAN_COLUMNS:
            self.__dict__[name] = self._columns[name][: self.n]

    def __getattr__(self, name: str) -> NDArray[Any]:
        # Python comes here only where no column has the name; the return type is for the type checker.
        raise AttributeError(f"a loan has no column {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(LOAN_COLUMNS)

    def originate(self, month: int, **values: Any) -> NDArray[np.int32]:
        """Enter new loans and return their rows.

        Parameters
        ----------
        month : int
            Month of disbursement.
        **values
            Columns of equal length (or scalars); ``borrower``, ``household``, ``product``, ``lender``, ``principal``,
            ``annual_rate``, ``maturity`` and ``repayment`` must be there.
        """
        count = len(np.atleast_1d(values["borrower"]))
        start, end = self.n, self.n + count
        if end > self._columns.n:
            self._grow(end)
        self.n = end
        self._look()
        for name, value in values.items():
            if name not in LOAN_COLUMNS:
                raise TypeError(f"a loan has no column {name!r}")
            getattr(self, name)[start:] = value
        self.balance[start:] = self.principal[start:]
        level = self.repayment[start:] == Repayment.INSTALLMENT
        self.installment[start:][level] = level_installment(
            self.principal[start:][level], self.annual_rate[start:][level], self.maturity[start:][level]
        )
        self.originated[start:] = month
        if count and (not self._months or self._months[-1] < month):
            self._months.append(month)
            self._starts.append(start)
        rows = np.arange(start, end, dtype=np.int32)
        self.open_rows = np.concatenate([self.open_rows, rows])
        return rows

    def close(self, collected_since: int) -> None:
        """Drop from the open rows the loans that are repaid, or written off before a month."""
        self.open_rows = still_open(self.open_rows, self.status, self.closed, collected_since)

    def since(self, month: int) -> slice:
        """Return the rows of loans made from a month on: months stand in order, opening loans first."""
        after = bisect_left(self._months, month)
        return slice(self._starts[after] if after < len(self._starts) else self.n, self.n)

    def _grow(self, needed: int) -> None:
        larger = Columns(LOAN_COLUMNS, max(needed, 2 * self._columns.n))
        for name in LOAN_COLUMNS:
            getattr(larger, name)[: self.n] = getattr(self, name)
        self._columns = larger
