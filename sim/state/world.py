"""The simulated county at one moment: everything that exists, and what the month's processes leave behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import Draws
from sim.scenario import Scenario
from sim.state.columns import Columns
from sim.state.ledger import INSTRUMENTS, SECTORS, Ledger, Position
from sim.state.loan_book import LoanBook
from sim.state.population import Population
from sim.vocabulary import Method, PlaceKind

Mechanism = Callable[..., Any]


def no_applications() -> dict[str, NDArray[Any]]:
    """Return an empty table of applications."""
    return {
        "resident": np.zeros(0, np.int32),
        "purpose": np.zeros(0, np.int8),
        "amount": np.zeros(0, np.int64),
        "product": np.zeros(0, np.int8),
        "decision": np.zeros(0, np.int8),
        "days": np.zeros(0, np.int16),
    }


@dataclass
class World:
    """The county's state.

    Attributes
    ----------
    scenario : Scenario
        County facts, assumptions and policy.
    population : Population
        Residents, households, shops, places and who shops where.
    ties_ptr, ties : int32[residents + 1], int32[ties]
        Social network: the neighbours of resident i are ``ties[ties_ptr[i]:ties_ptr[i + 1]]``.
    month : int
        The month now simulated; 0 is the scenario's first month, -1 before it.
    payment_value, payment_count : [place kinds, methods]
        This month's payments at shops, fen and number.
    applications : dict of arrays
        This month's credit applications.
    year_profit : int64[sectors], fen
        Profit of institutions since January.
    registry : dict of Lender to int64[residents], fen
        What each resident owed to a formal lender at the end of last month.
    now : Levers
        Policy in force this month, by group.
    """

    scenario: Scenario
    draws: Draws
    scale: float
    months: int
    population: Population
    ties_ptr: NDArray[np.int32]
    ties: NDArray[np.int32]
    mechanisms: Mapping[str, Mechanism]
    loans: LoanBook = field(default_factory=LoanBook)
    ledger: Ledger = field(default_factory=Ledger)
    month: int = -1
    payment_value: NDArray[np.int64] = field(default_factory=lambda: np.zeros((len(PlaceKind), len(Method)), np.int64))
    payment_count: NDArray[np.float64] = field(
        default_factory=lambda: np.zeros((len(PlaceKind), len(Method)), np.float64)
    )
    applications: dict[str, NDArray[Any]] = field(default_factory=no_applications)
    year_profit: NDArray[np.int64] = field(default_factory=lambda: np.zeros(SECTORS, np.int64))
    registry: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    now: Any = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.scenario.policy.at(0)

    def open_month(self) -> None:
        """Begin the next month: its policy is in force, the books are opened, last month's applications put away."""
        self.month += 1
        self.now = self.scenario.policy.at(self.month)
        self.applications = no_applications()
        self.ledger.open_month()

    @property
    def residents(self) -> Columns:
        """The adults."""
        return self.population.residents

    @property
    def households(self) -> Columns:
        """The households."""
        return self.population.households

    @property
    def shops(self) -> Columns:
        """The shops."""
        return self.population.shops

    @property
    def places(self) -> Columns:
        """The villages, township seats and the county town."""
        return self.population.places

    @property
    def weight(self) -> float:
        """Full-size adults that one simulated adult stands for."""
        return self.population.weight

    @property
    def assumptions(self) -> Any:
        """Assumptions of the scenario, by group."""
        return self.scenario.assumptions

    @property
    def facts(self) -> Any:
        """Facts of the county, by group."""
        return self.scenario.county

    @property
    def calendar(self) -> int:
        """Calendar month, 0 for January."""
        return self.month % 12

    @property
    def first(self) -> NDArray[np.int32]:
        """Row of each household's first member, int32[households + 1]."""
        return self.population.first

    @property
    def money(self) -> NDArray[np.int64]:
        """The residents' purses, int64[residents, 5] in fen: cash, both deposits, wallet and money fund."""
        return self.residents.block("money")


def position(cells: NDArray[np.int64] | None = None) -> Position:
    """Return an empty sector-by-instrument table, or one whose household rows hold int64[3, 5] cells."""
    table = np.zeros((SECTORS, INSTRUMENTS), np.int64)
    if cells is not None:
        table[: cells.shape[0], : cells.shape[1]] = cells
    return table
