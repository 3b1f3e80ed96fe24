"""What the model assumes about people, shops, lenders and money, by group.

A group is a table under ``[assumptions]`` in a scenario; a parameter's path is ``group.name``.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from sim.assumptions.adoption import Adoption
from sim.assumptions.choice import Choice
from sim.assumptions.habit import Habit
from sim.assumptions.learning import Learning, Lending, Willingness
from sim.assumptions.money import Accounts, Income, Payments, RepaymentBehaviour, Spending
from sim.assumptions.need import Need
from sim.assumptions.network import Network
from sim.assumptions.population import Population
from sim.assumptions.public_costs import PublicCosts
from sim.assumptions.scoring import Scoring
from sim.assumptions.shops import Shops


class Assumptions(BaseModel):
    """All assumptions, by group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    adoption: Adoption = Adoption()
    habit: Habit = Habit()
    shops: Shops = Shops()
    network: Network = Network()
    population: Population = Population()
    income: Income = Income()
    spending: Spending = Spending()
    payments: Payments = Payments()
    repayment: RepaymentBehaviour = RepaymentBehaviour()
    accounts: Accounts = Accounts()
    scoring: Scoring = Scoring()
    need: Need = Need()
    choice: Choice = Choice()
    lending: Lending = Lending()
    willingness: Willingness = Willingness()
    learning: Learning = Learning()
    costs: PublicCosts = PublicCosts()
