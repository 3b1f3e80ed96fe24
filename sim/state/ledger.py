"""The county's books: every transaction once, on both sides, in whole fen.

One cube holds the month: ``flows[kind, sector, instrument]`` is by how much a kind of transaction changed a sector's
net position in an instrument. Summed over instruments it is the transactions-flow matrix; summed over kinds, the
financial account. Write-offs, provisions and reversed interest stand in a second cube, the revaluation matrix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.accounts import FIRST_FINANCIAL, MONEY, Instrument, Kind, Reason
from sim.kernels import kernel
from sim.vocabulary import Sector

SECTORS = len(Sector)
INSTRUMENTS = len(Instrument)
KINDS = len(Kind)
REASONS = len(Reason)

Position = NDArray[np.int64]

#: Instruments that circulate as money, who owes them, and in what he settles when they leave him.
_CIRCULATES = ((Instrument.DEPOSIT_RURAL, Sector.BANK, Instrument.RESERVES),
               (Instrument.GUARANTEE_DEPOSITS, Sector.BANK, Instrument.RESERVES),
               (Instrument.WALLET, Sector.PAYMENT, Instrument.CUSTODY))  # fmt: skip
#: Claims on the rest of the world: cash and deposits of other banks, the fund, custody, reserves.
_ISSUED_BY_WORLD = (
    Instrument.CASH,
    Instrument.DEPOSIT_ELSEWHERE,
    Instrument.MONEY_FUND,
    Instrument.CUSTODY,
    Instrument.RESERVES,
)
# compiled code reads plain integers
_ISSUERS = np.array(_CIRCULATES, np.int64)
_ABROAD = np.array(_ISSUED_BY_WORLD, np.int64)
_WORLD = int(Sector.WORLD)


@kernel
def _enter(change: Position, flows: Position, stock: Position) -> int:
    """Add payments, with how their issuers settle them, to flows and stocks; return by how much they do not balance.

    Parameters
    ----------
    change : int64[sector, instrument], fen
        Received less paid; overwritten.
    flows, stock : int64[sector, instrument], fen
        Increased, if the payments balance.
    """
    gap = change.sum()
    if gap != 0:
        return int(gap)
    net = change.sum(axis=0)
    for row in range(len(_ISSUERS)):
        instrument, issuer, settlement = _ISSUERS[row, 0], _ISSUERS[row, 1], _ISSUERS[row, 2]
        moved = net[instrument]
        change[issuer, instrument] -= moved
        change[issuer, settlement] += moved
        net[settlement] += moved
    for instrument in _ABROAD:
        change[_WORLD, instrument] -= net[instrument]
    flows += change
    stock += change
    return 0


class LedgerError(AssertionError):
    """A law of the books is broken: a fault of the program, never of the user."""


class Ledger:
    """Stocks by sector and instrument, and this month's flows and revaluations.

    Attributes
    ----------
    stock : int64[sector, instrument], fen
        Net positions: assets positive, liabilities negative.
    flows : int64[kind, sector, instrument], fen
        Change of the net position this month, by kind of transaction.
    revaluation : int64[reason, sector, instrument], fen
        Change without a transaction this month.
    """

    def __init__(self) -> None:
        self.stock: Position = np.zeros((SECTORS, INSTRUMENTS), np.int64)
        self.opening: Position = self.stock.copy()
        self.flows: Position = np.zeros((KINDS, SECTORS, INSTRUMENTS), np.int64)
        self.revaluation: Position = np.zeros((REASONS, SECTORS, INSTRUMENTS), np.int64)

    def open(self, stock: Position) -> None:
        """Set the opening balance sheet; the rest of the world holds the other side of what it issues."""
        self.stock[:] = stock
        self.opening[:] = stock

    def open_month(self) -> None:
        """Begin a month: the flows are empty and today's stocks are the opening stocks."""
        self.opening[:] = self.stock
        self.flows[:] = 0
        self.revaluation[:] = 0

    def _add(self, kind: Kind, sector: int, instrument: int, amount: int) -> None:
        self.flows[kind, sector, instrument] += amount
        self.stock[sector, instrument] += amount

    def book(self, kind: Kind, paid: Position, received: Position) -> None:
        """Book payments already summed by sector and instrument.

        Parameters
        ----------
        kind : Kind
            Why the money moves.
        paid, received : int64[sector, instrument], fen
            What each sector gave up and got, by instrument of money (or reserves, custody). Both sum to the same.

        Raises
        ------
        LedgerError
            If what is paid is not what is received.
        """
        self._book(kind, received - paid)

    def pay(
        self, kind: Kind, payer: Sector, receiver: Sector, amount: int, paid_in: Instrument, received_in: Instrument
    ) -> None:
        """Book one payment between two sectors, in the instruments that each of them uses."""
        change = np.zeros((SECTORS, INSTRUMENTS), np.int64)
        change[payer, paid_in] -= amount
        change[receiver, received_in] += amount
        self._book(kind, change)

    def _book(self, kind: Kind, change: Position) -> None:
        gap = _enter(change, self.flows[kind], self.stock)
        if gap:
            raise LedgerError(f"{kind.name}: received {gap:+d} fen beyond what was paid")

    def claim(self, kind: Kind, creditor: Sector, debtor: Sector, instrument: Instrument, amount: int) -> None:
        """Book a new claim (or, negative, the end of one) of a creditor on a debtor."""
        self._add(kind, creditor, instrument, amount)
        self._add(kind, debtor, instrument, -amount)

    def claims(self, kind: Kind, creditor: Sector, instrument: Instrument, amounts: NDArray[np.int64]) -> None:
        """Book new claims (or, negative, the end of some) of a creditor on each household sector, int64[3] in fen."""
        for table in (self.flows[kind], self.stock):
            table[creditor, instrument] += amounts.sum()
            table[: len(amounts), instrument] -= amounts

    def revalue(self, reason: Reason, sector: Sector, instrument: Instrument, amount: int) -> None:
        """Book a change of value without a transaction."""
        self.revaluation[reason, sector, instrument] += amount
        self.stock[sector, instrument] += amount

    def give_up(self, reason: Reason, creditor: Sector, instrument: Instrument, amounts: NDArray[np.int64]) -> None:
        """Book that a creditor's claims on each household sector lose value, int64[3] in fen, and its debts with it."""
        for table in (self.revaluation[reason], self.stock):
            table[creditor, instrument] -= amounts.sum()
            table[: len(amounts), instrument] += amounts

    def transactions(self) -> Position:
        """Return the transactions-flow matrix, int64[kind, sector] in fen: receipts positive, payments negative."""
        matrix: Position = self.flows.sum(axis=2)
        return matrix

    def net_worth(self) -> Position:
        """Return each sector's net worth, fen; equity counts as owed to the shareholders."""
        worth: Position = self.stock.sum(axis=1)
        return worth

    def check(self, records: Position, known: NDArray[np.bool_]) -> None:
        """Check every law of the books at a month's end.

        Parameters
        ----------
        records : int64[sector, instrument], fen
            Stocks counted afresh from residents' accounts and the loan tape.
        known : bool[sector, instrument]
            Where such a count exists.

        Raises
        ------
        LedgerError
            Naming the law, the row and the difference in fen.
        """
        rows = self.transactions()
        self._demand_zero(rows.sum(axis=1), Kind, "the transactions of {} do not sum to zero over sectors")
        self._demand_zero(
            rows[FIRST_FINANCIAL:].ravel(), None, "a financial transaction changed a sector's net worth (cell {})"
        )
        paired = [i for i in Instrument if i is not Instrument.ALLOWANCE]
        self._demand_zero(
            self.flows.sum(axis=1)[:, paired].ravel(), None, "an instrument's changes do not sum to zero (cell {})"
        )
        self._demand_zero(self.stock[:, paired].sum(axis=0), None, "the balance sheet's row {} does not sum to zero")
        change = self.stock - self.opening - self.flows.sum(axis=0) - self.revaluation.sum(axis=0)
        self._demand_zero(change.ravel(), None, "a stock moved without a transaction or revaluation (cell {})")
        gap = np.where(known, self.stock - records, 0)
        if gap.any():
            sector, instrument = (int(x) for x in np.argwhere(gap)[0])
            raise LedgerError(
                f"{Sector(sector).name} {Instrument(instrument).name}: books {self.stock[sector, instrument]} fen, "
                f"records {records[sector, instrument]} fen"
            )
        owned = self.stock[: Sector.BANK][:, [int(i) for i in MONEY]]
        if (owned < 0).any():
            raise LedgerError("a household sector's money is negative")

    @staticmethod
    def _demand_zero(values: Position, names: type[Kind] | None, message: str) -> None:
        if values.any():
            where = int(np.flatnonzero(values)[0])
            what = names(where).name if names else str(where)
            raise LedgerError(message.format(what) + f": {int(values.ravel()[where])} fen")
