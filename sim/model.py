"""The county as a Mesa model: set-up, and the month as a list of names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mesa

from sim.agents.books import check_books, close_household_books, close_institutions, counted_loans, open_books
from sim.agents.government import CountyGovernment
from sim.agents.opening import initial_loans
from sim.agents.payment_platform import PaymentPlatform
from sim.agents.residents.adoption import adopt
from sim.agents.residents.borrowing import borrow, remember_debts
from sim.agents.residents.columnar import ColumnarModel
from sim.agents.residents.income import receive_income
from sim.agents.residents.needs import arising_demand
from sim.agents.residents.repayment import call_in_loans, decide_to_pay, note_default_probability, service_loans
from sim.agents.residents.scoring import score
from sim.agents.residents.shopping import go_shopping
from sim.agents.rural_bank import RuralBank
from sim.draws import Draws
from sim.errors import CatfishError
from sim.limits import check_months, check_scale, check_seed
from sim.mechanisms import MECHANISMS
from sim.mechanisms.tape import LoanCounts
from sim.reporters import REPORTERS
from sim.scenario import Scenario
from sim.state.columns import Columns
from sim.state.loan_book import LoanBook
from sim.state.networks import build_ties
from sim.state.population import build_population
from sim.state.world import Mechanism, World
from sim.threads import at_once


class CountyModel(ColumnarModel):
    """A county whose month is one step.

    Parameters
    ----------
    scenario : str or Scenario
        Name of a shipped scenario, path to a TOML file, or a loaded scenario.
    seed : int
        0 to 4,294,967,295; the same seed gives the same county and the same luck.
    scale : float
        Share of the county that is simulated, 0.01 to 1; up to 10 for so many counties in one.
    months : int
        Months after which ``running`` is false.
    mechanisms : mapping of str to function, optional
        Replacements for named mechanisms, e.g. ``{"adoption": my_rule}``.
    **overrides
        Values of parameters and levers by path, e.g. ``**{"bank.alarm_level": 0.5}``.

    Attributes
    ----------
    world : World
        Everything that exists: people, shops, loans, the ledger, the month.
    government, bank, platform : CountyGovernment, RuralBank, PaymentPlatform
    datacollector : mesa.DataCollector
        Collects a few measures every month (`sim.reporters`); put one of your own in its place to collect others.

    Raises
    ------
    CatfishError
        If the scenario, seed, scale, months, a mechanism or an override is not possible.
    """

    def __init__(
        self,
        scenario: str | Scenario = "neixiang",
        *,
        seed: int = 1,
        scale: float = 0.1,
        months: int = 60,
        mechanisms: Mapping[str, Mechanism] | None = None,
        **overrides: Any,
    ) -> None:
        seed, scale, months = check_seed(seed), check_scale(scale), check_months(months)
        super().__init__(rng=seed)
        self.months = months
        self.world = make_world(scenario, seed, scale, months, mechanisms or {}, overrides)
        self.government = CountyGovernment(self)
        self.bank = RuralBank(self)
        self.platform = PaymentPlatform(self)
        initial_loans(self.world, self.bank)
        self.government.look_around(self.world)
        open_books(self.world)
        self.bank.look_around(self.world)
        self.datacollector = mesa.DataCollector(model_reporters=dict(REPORTERS))

    @property
    def residents(self) -> Columns:
        """The adults' columns."""
        return self.world.residents

    @property
    def scenario(self) -> None:
        """Nothing: Mesa 3.5 keeps a scenario of its own here, and would reset a page to it; see ``world.scenario``."""
        return

    @scenario.setter
    def scenario(self, mesas_own: Any) -> None:
        """Let Mesa set it, and forget it."""

    def step(self) -> None:
        """Simulate one month, in the order of the model description."""
        world, government, bank, platform = self.world, self.government, self.bank, self.platform
        world.open_month()
        government.act(world)
        due, _ = at_once(lambda: call_in_loans(world), lambda: earn_and_spend(world, bank))
        decide_to_pay(world, due)
        at_once(lambda: service_loans(world, bank, due), lambda: adopt(world, government, bank))
        demand, _ = at_once(lambda: arising_demand(world), lambda: score(world, platform))
        borrow(world, demand, government, bank, platform)
        bank.respond(world)
        platform.respond(world)
        loans, _ = at_once(lambda: count_debts(world), lambda: close_households(world))
        close_institutions(world, loans, government, bank, platform)
        at_once(lambda: check_books(world, loans), lambda: self.datacollector.collect(self))
        self.running = world.month + 1 < self.months


def earn_and_spend(world: World, bank: RuralBank) -> None:
    """Let everybody earn his income and spend it."""
    receive_income(world)
    go_shopping(world, bank)


def count_debts(world: World) -> LoanCounts:
    """Keep what each resident owes, and return what open loans add up to."""
    remember_debts(world)
    return counted_loans(world)


def close_households(world: World) -> None:
    """Note how likely the month's borrowers are to default, and close the households' accounts."""
    note_default_probability(world)
    close_household_books(world)


def make_world(
    scenario: str | Scenario, seed: int, scale: float, months: int, mechanisms: Mapping[str, Mechanism],
    overrides: Mapping[str, Any],
) -> World:  # fmt: skip
    """Build the county at its start: people, homes, shops, ties, and nothing lent yet.

    Raises
    ------
    CatfishError
        If a mechanism has no such name or is no function, or the scenario or an override is wrong.
    """
    for name, rule in mechanisms.items():
        if name not in MECHANISMS:
            raise CatfishError(f"there is no mechanism {name!r}; the names are {', '.join(MECHANISMS)}")
        if not callable(rule):
            raise CatfishError(f"mechanism {name!r} is {rule!r}, but must be a function")
    if isinstance(scenario, Scenario):
        loaded = scenario.replace(overrides) if overrides else scenario
    else:
        loaded = Scenario.load(scenario, overrides=overrides)
    draws = Draws(seed)
    population = build_population(loaded.county, loaded.assumptions, draws, scale)
    ties_ptr, ties = build_ties(population, loaded.assumptions.network, draws)
    # room for as many loans as five years make, so that the tape need not be copied when it is full
    loans = LoanBook(2 * population.residents.n)
    return World(loaded, draws, scale, months, population, ties_ptr, ties, {**MECHANISMS, **mechanisms}, loans)
