"""What each adult earned, paid, wanted and got over a run: sums by person, taken beside the model month by month."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.agents.residents.repayment import interest_is_subsidised
from sim.draws import Draws
from sim.experiment import Task
from sim.measures.declare import FEN_PER_YUAN
from sim.model import CountyModel
from sim.state.loan_book import LoanBook
from sim.studies.decided import Decided, Moment, decided
from sim.vocabulary import Lender, Product

FloatArray = NDArray[np.float64]
Rows = NDArray[Any]
#: Luck that no seed of a run has: seeds have 32 bits, luck has 64.
_OTHER_LUCK = 2**32


class Standing(IntEnum):
    """How far a person came with formal credit in a run, the months before it included."""

    NO_CREDIT = 0
    LINE_ONLY = 1
    BORROWED = 2
    DEFAULT = 3


@dataclass(frozen=True)
class Lives:
    """A run, person by person.

    Attributes
    ----------
    columns : DataFrame
        A row for each adult: how they stand, and sums over the run in yuan.
    decided : Decided
        Applications that were granted, and those that others' claims crowded out.
    fixed : DataFrame
        Who they are: what no policy changes.
    weight : float
        Adults at full size for each of them.
    """

    columns: pd.DataFrame
    decided: Decided
    fixed: pd.DataFrame
    weight: float


#: What is recorded of each adult, with its meaning.
COLUMNS = {
    "standing": "how far they came with formal credit, up to the end of the run",
    "income": "household's income over the run, an equal part for each adult, yuan",
    "interest": "interest paid to bank and platform over the run, less what the county paid back; without pooled "
    "poverty loans, which the firm's cooperative serves, and salaried quick loans, yuan",
    "interest_salaried": "interest paid on salaried quick loans over the run, yuan",
    "unmet": "credit wanted over the run for needs that came up, and not got from anybody, yuan",
    "borrowed": "new loans of bank and platform over the run, without renewals, yuan",
    "defaults": "loans of bank and platform that reached 90 days late in the run",
    "worst_days": "worst days past due",
    "months_with_credit": "months with a platform line or a formal loan",
    "wallet_since": "month in which the wallet that they hold was taken up (-1: none)",
    "line_since": "month in which a platform line was opened (-1: never)",
}
#: Who they are.
FIXED = ("household", "occupation", "age", "age_band", "poor", "place", "place_kind", "township", "employer", "quality")


def live(task: Task, fresh_luck: int = 0, tell: Any = None) -> tuple[Lives, CountyModel]:
    """Run a task in this process, and return what became of each adult, and the county at its end.

    Parameters
    ----------
    task : Task
    fresh_luck : int
        0: the luck of the task's seed. Others: the same people, homes, shops, ties and opening loans, and from the
        first month on other luck, also in what is drawn once, such as whom a campaign reaches.
    tell : callable, optional
        Called after each month.
    """
    model = CountyModel(task.scenario, seed=task.seed, scale=task.scale, months=task.months)
    if fresh_luck:
        model.world.draws = Draws(task.seed + fresh_luck * _OTHER_LUCK)
    record = Record(model)
    for _ in range(task.months):
        record.step()
        if tell:
            tell()
    return record.lives(), model


class Record:
    """Sums by person over a run.

    Parameters
    ----------
    model : CountyModel
        At its start.
    """

    def __init__(self, model: CountyModel) -> None:
        self.model = model
        people, homes = model.residents, model.world.households
        self._income = np.zeros(homes.n, np.int64)
        self._subsidy, self._unmet = np.zeros(people.n, np.int64), np.zeros(people.n, np.int64)
        self._months_with_credit = np.zeros(people.n, np.int16)
        self._had_line = people.line > 0
        self._decided: list[Decided] = []

    def step(self) -> None:
        """Simulate a month and add it."""
        world = self.model.world
        moment, paid_before = Moment.of(self.model), world.loans.interest_paid.copy()
        self.model.step()
        people = world.residents
        self._income += world.households.income
        self._unmet += people.unmet
        self._had_line |= people.line > 0
        self._months_with_credit += (people.line > 0) | (people.debt > 0)
        if interest_is_subsidised(world):
            self._add_subsidies(world.loans, paid_before)
        self._decided.append(decided(self.model, moment))

    def _add_subsidies(self, book: LoanBook, paid_before: Rows) -> None:
        """Add what the county pays back this month, as the county counts it."""
        world, old = self.model.world, slice(0, len(paid_before))
        paid = book.interest_paid[old] - paid_before
        entitled = world.households.poor[book.household[old]] & (book.product[old] != Product.BANK_POLICY)
        back = np.where(entitled, (paid * world.now.government.subsidy_rate).astype(np.int64), 0)
        np.add.at(self._subsidy, book.borrower[old], back)

    def lives(self) -> Lives:
        """Return the sums so far."""
        world = self.model.world
        people, homes, book = world.residents, world.households, world.loans
        formal, salaried = book.lender != Lender.FAMILY, book.product == Product.BANK_SALARIED
        needed = formal & ~salaried & (book.product != Product.BANK_POLICY)
        new = formal & (book.renewed_from < 0) & (book.originated >= 0)
        columns = {
            "standing": self._standing(formal),
            "income": (self._income / homes.count)[people.household] / FEN_PER_YUAN,
            "interest": (self._by_borrower(book.interest_paid, needed) - self._subsidy) / FEN_PER_YUAN,
            "interest_salaried": self._by_borrower(book.interest_paid, salaried) / FEN_PER_YUAN,
            "unmet": self._unmet / FEN_PER_YUAN,
            "borrowed": self._by_borrower(book.principal, new) / FEN_PER_YUAN,
            "defaults": self._by_borrower(np.ones(book.n, np.int64), formal & (book.defaulted_month >= 0)),
            "worst_days": people.worst_days.copy(),
            "months_with_credit": self._months_with_credit,
            "wallet_since": people.wallet_since.copy(),
            "line_since": people.line_since.copy(),
        }
        fixed = pd.DataFrame({name: people[name].copy() for name in FIXED})
        return Lives(pd.DataFrame(columns), Decided.together(self._decided), fixed, float(world.weight))

    def _by_borrower(self, amounts: Rows, which: Rows) -> NDArray[np.int64]:
        total = np.zeros(self.model.residents.n, np.int64)
        np.add.at(total, self.model.world.loans.borrower[which], amounts[which])
        return total

    def _standing(self, formal: Rows) -> NDArray[np.int8]:
        book = self.model.world.loans
        standing = np.where(self._had_line, Standing.LINE_ONLY, Standing.NO_CREDIT).astype(np.int8)
        standing[book.borrower[formal]] = Standing.BORROWED
        standing[book.borrower[formal & (book.defaulted_month != -1)]] = Standing.DEFAULT
        return standing
