"""The engine and the plain version of a block of its month, run side by side and compared person by person.

The engine's own step is wrapped: before it the plain version is shown what comes from outside the block, after it every
column that the block writes must be the same in both: decisions, money, counts and, to the last bit, floats.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from adoption_county import AdoptionCounty
from loan_service import ACCOUNTS, LoanService

import sim.model
from sim.model import CountyModel
from sim.vocabulary import LoanStatus

MILLION = 1_000_000


class Block(ABC):
    """A step of the engine's month with its plain version, and the seconds of each month that both have taken."""

    #: The step's name in `sim.model`.
    name: str
    plain: AdoptionCounty | LoanService

    def __init__(self, county: CountyModel) -> None:
        self.world = county.world
        self.engine_seconds: list[float] = []
        self.plain_seconds: list[float] = []
        self.agent_steps: list[int] = []

    @abstractmethod
    def agents(self) -> int:
        """How many agents act in a month."""

    @abstractmethod
    def show(self, engine_arguments: Sequence[Any]) -> None:
        """Tell the plain version what comes from outside the block."""

    @abstractmethod
    def compare(self) -> None:
        """Compare every column that the block writes."""

    def run_both(self, engine_step, *arguments: Any) -> None:
        self.show(arguments)
        start = time.perf_counter()
        engine_step(*arguments)
        middle = time.perf_counter()
        self.plain.step()
        self.engine_seconds.append(middle - start)
        self.plain_seconds.append(time.perf_counter() - middle)
        self.agent_steps.append(self.agents())
        self.compare()

    def same(self, name: str, plain: list[Any], engine: np.ndarray) -> None:
        """Fail where a column differs, and name the first row that does."""
        assert len(plain) == len(engine), f"month {self.world.month}, {name}: {len(plain)} rows, engine {len(engine)}"
        differs = np.flatnonzero(np.array(plain, engine.dtype) != engine)
        if len(differs):
            row = differs[0]
            raise AssertionError(
                f"month {self.world.month}, {name} of {row}: {plain[row]}, in the engine {engine[row]} "
                f"({len(differs):,} rows of {len(engine):,} differ)"
            )


class Adoption(Block):
    """`adopt` beside the plain adoption county."""

    name = "adopt"
    OF_PEOPLE = (
        "informed", "news", "trust", "usefulness", "wallet_since", "habit", "wallet_neighbours", "informed_neighbours",
        "bank_app_since",
    )  # fmt: skip
    OF_SHOPS = ("qr", "qr_since", "customers_wallet")

    def __init__(self, county: CountyModel) -> None:
        super().__init__(county)
        world = self.world
        self.plain = AdoptionCounty(world.scenario, world.draws, world.population, world.ties_ptr, world.ties)

    def agents(self) -> int:
        return len(self.plain.agents)

    def show(self, engine_arguments: Sequence[Any]) -> None:
        _, _, bank = engine_arguments
        self.plain.app_push = bank.app_push
        for household, consumption in zip(self.plain.households, self.world.households.consumption, strict=True):
            household.consumption = int(consumption)
        for shop, qr_last in zip(self.plain.shops, self.world.shops.qr_last, strict=True):
            shop.qr_last = int(qr_last)

    def compare(self) -> None:
        world, plain = self.world, self.plain
        for name in self.OF_PEOPLE:
            self.same(name, [getattr(person, name) for person in plain.people], world.residents[name])
        for name in self.OF_SHOPS:
            self.same(name, [getattr(shop, name) for shop in plain.shops], world.shops[name])
        payers = [-1 if household.payer is None else household.payer.row for household in plain.households]
        self.same("payer", payers, world.households.payer)
        acceptance = [household.acceptance for household in plain.households]
        self.same("acceptance", acceptance, world.households.usefulness)


class Loans(Block):
    """`service_loans` beside the plain loan service."""

    name = "service_loans"
    TERMS = (
        "product", "lender", "creditor", "repayment", "principal", "annual_rate", "maturity", "own_share", "guaranteed",
        "originated", "renewed_from",
    )  # fmt: skip
    STANDING = (
        "balance", "accrued", "interest_due", "principal_due", "due_since", "days_past_due", "worst_days", "closed",
        "defaulted_month", "refusing", "written_off", "recovered", "interest_paid",
    )  # fmt: skip
    OF_PEOPLE = ("line", "worst_days", "bank_defaults", "platform_defaults")

    def __init__(self, county: CountyModel) -> None:
        super().__init__(county)
        self.plain = LoanService(self.world.scenario, self.world.draws, self.world.population)
        self.enter_new_loans()
        for loan in self.plain.tape:  # loans of the county's start stand as they stand
            for name in self.STANDING:
                setattr(loan, name, int(getattr(self.world.loans, name)[loan.row]))
            loan.status = LoanStatus(self.world.loans.status[loan.row])

    def agents(self) -> int:
        return sum(len(household.loans) for household in self.plain.households)

    def show(self, engine_arguments: Sequence[Any]) -> None:
        _, bank, _ = engine_arguments
        residents = self.world.residents
        self.plain.rates = {product: round(rate * MILLION) for product, rate in bank.rates.items()}
        for account in ACCOUNTS:
            for person, money in zip(self.plain.people, residents[account].tolist(), strict=True):
                person.accounts[account] = money
        for person in self.plain.people:
            person.habit, person.usefulness = residents.habit[person.row], residents.usefulness[person.row]
            person.line = int(residents.line[person.row])
        for household, income in zip(self.plain.households, self.world.households.income_average, strict=True):
            household.usual_income = int(income)
        self.enter_new_loans()

    def enter_new_loans(self) -> None:
        tape = self.world.loans
        for row in range(len(self.plain.tape), tape.n):
            terms = {name: int(getattr(tape, name)[row]) for name in self.TERMS}
            self.plain.lend(self.plain.people[tape.borrower[row]], terms)

    def compare(self) -> None:
        world, plain = self.world, self.plain
        self.same("borrower", [loan.borrower.row for loan in plain.tape], world.loans.borrower)
        for name in (*self.TERMS, "installment", *self.STANDING, "status"):
            self.same(f"{name} of loan", [getattr(loan, name) for loan in plain.tape], getattr(world.loans, name))
        for account in ACCOUNTS:
            self.same(account, [person.accounts[account] for person in plain.people], world.residents[account])
        for name in self.OF_PEOPLE:
            self.same(name, [getattr(person, name) for person in plain.people], world.residents[name])
        debt_service = [household.debt_service for household in plain.households]
        self.same("debt_service", debt_service, world.households.debt_service)


@contextmanager
def beside(*blocks: Block) -> Iterator[None]:
    """Run the plain version of each block beside the engine's while the county steps."""
    kept = {name: getattr(sim.model, name) for name in ("at_once", *(block.name for block in blocks))}
    # what the engine does at once is looked at one after the other
    sim.model.at_once = lambda first, second: (first(), second())

    def both(block: Block):
        return lambda *arguments: block.run_both(kept[block.name], *arguments)

    for block in blocks:
        setattr(sim.model, block.name, both(block))
    try:
        yield
    finally:
        for name, step in kept.items():
            setattr(sim.model, name, step)


def run_beside(kinds: Sequence[type[Block]], months: int, scenario: str = "neixiang", **options: Any) -> list[Block]:
    """Run a county for some months with the plain versions beside it; options are those of `CountyModel`."""
    county = CountyModel(scenario, months=months, **options)
    blocks = [kind(county) for kind in kinds]
    with beside(*blocks):
        for _ in range(months):
            county.step()
    return blocks
