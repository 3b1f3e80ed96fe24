"""Run the worlds that the catfish effect compares, and take their outcomes.

Worlds that differ only in how the bank may answer are the same until it is alarmed. They are run together up to
there, and apart from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.dates import show_month
from sim.errors import CatfishError
from sim.experiment import Progress, Task
from sim.measures import collect
from sim.measures.county import QUICK_LOANS
from sim.measures.declare import FEN_PER_YUAN, PPM, When
from sim.model import CountyModel
from sim.scenario import Scenario
from sim.studies.shapley import Team, teams
from sim.vocabulary import Lender, Product

#: Ways in which the bank can answer; each is a lever ``bank.…``.
CHANNELS = ("price", "speed", "products", "outreach")
#: What the bank may answer with: nothing, each set of channels, all four.
ANSWERS: tuple[Team, ...] = teams(CHANNELS)
#: Loans are followed for so many months to see whether they default.
WATCHED = 12
_NO_LOAN = "the bank makes no such loan"


@dataclass(frozen=True)
class Outcome:
    """What the effect is taken on.

    Attributes
    ----------
    name, unit, definition : str
    when : {"stock", "flow"}
        At the end of the run, or from the month of entry to the end.
    undefined : str
        When it is not a number; empty: never.
    shown, decimals : float, int
        What it is multiplied by, and its decimals, where people read it.
    """

    name: str
    unit: str
    when: When
    definition: str
    undefined: str = ""
    shown: float = 1.0
    decimals: int = 1


_NEW = "the rural bank's new loans to households from entry to the end, renewals and policy loans left out"
_LATE = "that were 90 days late within 12 months, by number; of loans paid out from entry to 12 months before the end"
_NONE_WATCHED = "no loan is watched for 12 months"
_MILLION = 1e-6
OUTCOMES: dict[str, Outcome] = {
    each.name: each
    for each in (
        Outcome(
            "access", "share", "stock", "adults with a platform line or a formal loan, of all adults, at the end",
            shown=100.0,
        ),
        Outcome(
            "loans", "yuan", "stock", "principal outstanding at the end: the bank's and the platform lender's loans, "
            "its partners' part included", shown=_MILLION,
        ),
        Outcome("loans_bank", "yuan", "stock", "the rural bank's loans among them", shown=_MILLION),
        Outcome("loans_platform", "yuan", "stock", "the platform lender's loans among them", shown=_MILLION),
        Outcome("lending", "yuan", "flow", f"principal of {_NEW}, summed", shown=_MILLION),
        Outcome("rate", "1/year", "flow", f"yearly rate of {_NEW}, by principal", _NO_LOAN, 100.0, 2),
        Outcome("days", "days", "flow", f"days from application to cash of {_NEW}, by principal", _NO_LOAN),
        Outcome(
            "days_ordinary", "days", "flow", "the same without the quick loans, whose days are given by their terms",
            _NO_LOAN,
        ),
        Outcome("default", "share", "flow", f"formal loans, renewals included, {_LATE}", _NONE_WATCHED, 100.0, 2),
        Outcome(
            "default_bank", "share", "flow", f"the rural bank's loans, renewals included, {_LATE}", _NONE_WATCHED,
            100.0, 2,
        ),
        Outcome(
            "profit", "yuan", "flow", "the rural bank's profit after tax from entry to the end, summed", shown=_MILLION
        ),
        Outcome(
            "unmet", "yuan a month", "flow",
            "credit wanted in a month and not got from anybody, mean from entry to the end", shown=_MILLION,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What one world leaves.

    Attributes
    ----------
    outcomes : dict of str to float
        By name; not a number where it is not defined.
    alarm : int
        Month of the bank's alarm; -1: never.
    weight : float
        Adults at full size for each simulated adult.
    """

    outcomes: dict[str, float]
    alarm: int
    weight: float


def month_of_entry(scenario: Scenario, months: int) -> int:
    """Return the month in which the platform enters.

    Raises
    ------
    CatfishError
        If it does not in these months, or if the bank may never answer.
    """
    for month in range(months):
        levers = scenario.policy.at(month).platform
        if levers.entry <= month < levers.exit:
            _check_answer(scenario, months)
            return month
    entry = show_month(scenario.policy.value("platform.entry", months - 1))
    raise CatfishError(
        f"{scenario.name}: the platform does not enter in these {months} months (platform.entry is {entry!r}), "
        "so there is no effect of its entry"
    )


def _check_answer(scenario: Scenario, months: int) -> None:
    levers = [scenario.policy.at(month).bank for month in range(months)]
    if not any(bank.responds and any(getattr(bank, name) for name in CHANNELS) for bank in levers):
        raise CatfishError(
            f"{scenario.name}: the bank never responds (bank.responds, bank.price, bank.speed, bank.products, "
            "bank.outreach), so there is no answer to take apart"
        )


def worlds_of(scenario: Scenario, entry: bool) -> list[Scenario]:
    """Return a scenario with each of ``ANSWERS``, with its platform or without.

    A channel that the bank may use is as the scenario has it; the others are shut throughout.
    """
    away = {} if entry else {"platform.entry": "never", "platform.exit": "never"}
    return [scenario.replace({f"bank.{name}": False for name in CHANNELS if name not in may} | away) for may in ANSWERS]


class _World:
    """A county on its way, and what it has added up since the month of entry, fen."""

    def __init__(self, task: Task, entry: int) -> None:
        self.model = CountyModel(task.scenario, seed=task.seed, scale=task.scale, months=task.months)
        self.entry = entry
        self.profit = 0
        self.unmet = 0

    @property
    def alarmed(self) -> bool:
        return self.model.bank.alarm_month >= 0

    def step(self) -> None:
        self.model.step()
        if self.model.world.month >= self.entry:
            self.profit += self.model.bank.profit
            self.unmet += int(self.model.residents.unmet.sum())

    def branch(self, scenario: Scenario) -> _World:
        """Return a copy that goes on under another scenario, to its end."""
        other = deepcopy(self)
        other.model.world.scenario = scenario
        other.finish()
        return other

    def finish(self) -> None:
        while self.model.running:
            self.step()

    def forget(self) -> None:
        """Let go of the county: it refers to itself, and its room would be kept until Python looks for such circles."""
        self.model.__dict__.clear()

    def leave(self) -> Found:
        """Return what it leaves, and let go of the county."""
        found = self._found()
        self.forget()
        return found

    def _found(self) -> Found:
        world, bank = self.model.world, self.model.bank
        measured = collect(world, bank, self.model.platform, self.model.government).values
        yuan = world.weight / FEN_PER_YUAN
        months = world.month - self.entry + 1
        values = {
            "access": measured["credit_access"],
            "loans": measured["gross_loans"],
            "loans_bank": measured["gross_loans_bank"],
            "loans_platform": measured["gross_loans_platform"],
            **self._of_the_tape(yuan),
            "profit": self.profit * yuan,
            "unmet": self.unmet / months * yuan,
        }
        return Found({name: float(values[name]) for name in OUTCOMES}, int(bank.alarm_month), float(world.weight))

    def _of_the_tape(self, yuan: float) -> dict[str, float]:
        """Return what is taken from the loans paid out since the month of entry."""
        book, last = self.model.world.loans, self.model.world.month
        rows = slice(book.since(self.entry).start, book.n)
        lender, product, principal = book.lender[rows], book.product[rows], book.principal[rows]
        mine = lender == Lender.BANK
        new = mine & (book.renewed_from[rows] < 0) & (product != Product.BANK_POLICY)
        ordinary = new & ~np.isin(product, QUICK_LOANS)
        paid_out, defaulted = book.originated[rows], book.defaulted_month[rows]
        watched = (lender != Lender.FAMILY) & (paid_out + WATCHED <= last)
        bad = (defaulted >= 0) & (defaulted - paid_out <= WATCHED)
        return {
            "lending": int(principal[new].sum()) * yuan,
            "rate": _mean(book.annual_rate[rows][new], principal[new]) / PPM,
            "days": _mean(book.days[rows][new], principal[new]),
            "days_ordinary": _mean(book.days[rows][ordinary], principal[ordinary]),
            "default": _mean(bad[watched], np.ones(int(watched.sum()), np.int64)),
            "default_bank": _mean(bad[watched & mine], np.ones(int((watched & mine).sum()), np.int64)),
        }


def _mean(values: NDArray[Any], weights: NDArray[np.int64]) -> float:
    """Return a weighted mean; not a number of nothing."""
    return float(np.average(values, weights=weights)) if len(weights) else float("nan")


def run_answers(tasks: Sequence[Task], entry: int, done: Progress | None = None) -> list[Found]:
    """Run worlds that differ only in what the bank may answer with, and return what each leaves.

    Parameters
    ----------
    tasks : sequence of Task
        The last one's bank may use every channel.
    entry : int
        Outcomes that are flows are taken from this month on.
    done : callable, optional
        Called with the number of worlds finished so far.
    """
    *others, full = tasks
    tell = done or (lambda worlds: None)
    world = _World(full, entry)
    before = deepcopy(world)
    while world.model.running and not world.alarmed:
        before.forget()
        before = deepcopy(world)
        world.step()
    world.finish()
    found = []
    for task in others if world.alarmed else []:
        found.append(before.branch(task.scenario).leave())
        tell(len(found))
    before.forget()
    found += [world.leave()] * (len(tasks) - len(found))
    tell(len(found))
    return found
