"""Who got a loan, and who did not although his own score and means would do: crowded out by others.

Three limits can crowd out: the bank's officers (an application waits too long and is withdrawn), the bank's capital and
reserves (all are refused), and the platform lender's funds (who comes after they are used up gets nothing).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.agents.residents.borrowing import APPROVED, REFUSED, guaranteed_share, within_means
from sim.agents.residents.scoring import bank_scores
from sim.mechanisms.scoring import threshold
from sim.model import CountyModel
from sim.vocabulary import Lender, Product

Rows = NDArray[Any]
#: What crowds out.
QUEUE, BANK_FUNDS, PLATFORM_FUNDS = "bank_queue", "bank_funds", "platform_funds"
CAUSES = (QUEUE, BANK_FUNDS, PLATFORM_FUNDS)
OFFICERS = (Product.BANK_FARM, Product.BANK_BUSINESS)
MILLION = 1_000_000
_LATE = 60


@dataclass(frozen=True)
class Moment:
    """What lenders go by in a month and no longer stands there at its end."""

    pending_product: Rows
    pending_amount: Rows
    pending_since: Rows
    registry: dict[int, Rows]
    income_average: Rows
    capital_ratio: float

    @classmethod
    def of(cls, model: CountyModel) -> Moment:
        """Return it, before the month is simulated."""
        people, world = model.residents, model.world
        return cls(
            people.pending_product.copy(), people.pending_amount.copy(), people.pending_since.copy(), world.registry,
            world.households.income_average.copy(), model.bank.capital_ratio,
        )  # fmt: skip


@dataclass(frozen=True)
class Decided:
    """Applications: columns resident, product, applied (month), amount (fen).

    Attributes
    ----------
    granted : DataFrame
    crowded_out : DataFrame
        With a column ``cause``; none that would have been refused on its own.
    """

    granted: pd.DataFrame
    crowded_out: pd.DataFrame

    @classmethod
    def together(cls, months: Sequence[Decided]) -> Decided:
        """Return months as one."""
        granted, crowded_out = ([getattr(each, name) for each in months] for name in ("granted", "crowded_out"))
        return cls(pd.concat(granted, ignore_index=True), pd.concat(crowded_out, ignore_index=True))


def decided(model: CountyModel, moment: Moment) -> Decided:
    """Return what was decided in the month that has just been simulated."""
    world = model.world
    table = world.applications
    who, product, amount, decision = (table[name] for name in ("resident", "product", "amount", "decision"))
    waited = np.isin(product, OFFICERS) & (moment.pending_product[who] == product)
    applied = np.where(waited, moment.pending_since[who], world.month)
    good = decision == APPROVED
    granted = _events(who[good], product[good], applied[good], amount[good])
    bank = copy.copy(model.bank)  # as it stood when it decided
    bank.capital_ratio = moment.capital_ratio
    stopped = (decision == REFUSED) & np.isin(product, OFFICERS) & bank.may_not_lend(world)
    short = (decision == REFUSED) & (product == Product.PLATFORM_LINE)
    short &= affordable(model, moment, Lender.PLATFORM, who, amount)
    parts = [_events(who[short], product[short], applied[short], amount[short], PLATFORM_FUNDS)]

    def lost(cause: str, whom: Rows, what: Rows, since: Rows, wanted: Rows) -> None:
        fit = passes(model, moment, whom, what, wanted)
        parts.append(_events(whom[fit], what[fit], since[fit], wanted[fit], cause))

    lost(BANK_FUNDS, who[stopped], product[stopped], applied[stopped], amount[stopped])
    gone = _withdrawn(model, moment)
    lost(QUEUE, gone, moment.pending_product[gone], moment.pending_since[gone], moment.pending_amount[gone])
    return Decided(granted, pd.concat(parts, ignore_index=True))


def _events(who: Rows, product: Rows, applied: Rows, amount: Rows, cause: str = "") -> pd.DataFrame:
    columns = {
        "resident": who.astype(np.int32), "product": product.astype(np.int8), "applied": applied.astype(np.int16),
        "amount": amount.astype(np.int64),
    }  # fmt: skip
    return pd.DataFrame(columns).assign(cause=cause) if cause else pd.DataFrame(columns)


def _withdrawn(model: CountyModel, moment: Moment) -> Rows:
    """Return who waited for an officer and waits no more, without an answer."""
    table = model.world.applications
    waited = np.flatnonzero((moment.pending_product >= 0) & (model.residents.pending_product < 0))
    answered = table["resident"][moment.pending_product[table["resident"]] == table["product"]]
    return waited[~np.isin(waited, answered)].astype(np.int32)


def affordable(model: CountyModel, moment: Moment, lender: Lender, who: Rows, amount: Rows) -> NDArray[np.bool_]:
    """Say whose debts, as a lender saw them, leave room for an amount (the model's own rule)."""
    world, lending = model.world, model.world.assumptions.lending
    seen = (1.0, lending.platform_in_registry) if lender is Lender.BANK else (lending.bank_in_registry, 1.0)
    then: Any = SimpleNamespace(
        month=world.month, now=world.now, assumptions=world.assumptions, residents=world.residents,
        registry=moment.registry, households=SimpleNamespace(income_average=moment.income_average),
    )  # fmt: skip
    return within_means(then, who, amount, *seen)


def passes(model: CountyModel, moment: Moment, who: Rows, product: Rows, amount: Rows) -> NDArray[np.bool_]:
    """Say whose score, means and record an officer would have approved (section 7.8 of the model description)."""
    world, people, lending = model.world, model.residents, model.world.assumptions.lending
    ease = 1.0 - lending.guarantee_ease * guaranteed_share(world, Lender.BANK) / MILLION
    bars = [threshold(share * ease) for share in (lending.refused_farm, lending.refused_business)]
    good = bank_scores(world, model.government, who) >= np.where(product == Product.BANK_FARM, *bars)
    good &= affordable(model, moment, Lender.BANK, who, amount) & (people.worst_days[who] < _LATE)
    return good
