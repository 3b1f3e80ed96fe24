"""What the bank and the platform lender have in common: a loan portfolio, and losses that are seen late."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from sim.agents.institution import Institution
from sim.mechanisms.tape import owed_to
from sim.vocabulary import Lender as LenderCode

if TYPE_CHECKING:
    from sim.agents.books import Result
    from sim.state.world import World


class Lender(Institution):
    """An institution that lends to residents.

    Attributes
    ----------
    profit : int
        Last month's profit after tax, fen.
    capital_ratio : float
        Own funds over risk-weighted assets.
    """

    code: LenderCode

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.profit = 0
        self.capital_ratio = 0.0

    def record(self, result: Result) -> None:
        """Take note of the month's result."""
        self.profit = result.profit
        self.capital_ratio = result.capital_ratio

    def outstanding(self, world: World) -> int:
        """Return what is owed on its open loans, those in collection and the partner's part included, fen."""
        book = world.loans
        return owed_to(book.open_rows, book.lender, int(self.code), book.balance)

    def loss_rate(self, world: World) -> float:
        """Return the share of its loans of the last 4 to 16 months that reached 90 days past due: seen late."""
        book = world.loans
        rows = slice(book.since(max(world.month - 16, 0)).start, book.since(world.month - 3).start)
        mine = book.lender[rows] == self.code
        principal = book.principal[rows][mine]
        if len(principal) == 0:
            return 0.0
        when = book.defaulted_month[rows][mine]
        bad = (when >= 0) & (when <= world.month - world.assumptions.learning.sight_lag)
        return float(principal[bad].sum() / principal.sum())

    @abstractmethod
    def respond(self, world: World) -> None:
        """Change what it offers, at the month's end."""
