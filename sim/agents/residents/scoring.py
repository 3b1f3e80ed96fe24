"""Scoring: each lender updates what it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.draws import Decision
from sim.mechanisms.lending import seen_by_the_bank
from sim.mechanisms.scoring import observe_flow, renewed_error

if TYPE_CHECKING:
    from sim.agents.government import CountyGovernment
    from sim.agents.payment_platform import PaymentPlatform
    from sim.state.world import World

JANUARY = 0


def score(world: World, platform: PaymentPlatform) -> None:
    """Let the platform take in the month's flow, score its users and offer lines; once a year lenders look afresh.

    The bank scores those who apply, when they apply.
    """
    people, p = world.residents, world.assumptions.scoring
    observe_flow(people.flow, people.flow_average, people.flow_months, p)
    if world.calendar == JANUARY and world.month > 0:
        for error, decision in (
            (people.platform_error, Decision.SCORE_NOISE),
            (people.bank_error, Decision.BANK_SCORE_NOISE),
        ):
            error[:] = renewed_error(error, world.draws.normal(decision, world.month, people.n), p.renewal)
    if platform.lends(world):
        people.platform_score[:] = world.mechanisms["platform_score"](
            people.quality, people.platform_error, people.flow_months, people.records, p
        )
    platform.offer_lines(world)


def begin_scores(world: World) -> None:
    """Draw what each lender errs about each person at the start."""
    people = world.residents
    people.platform_error[:] = world.draws.normal(Decision.SCORE_NOISE, -1, people.n)
    people.bank_error[:] = world.draws.normal(Decision.BANK_SCORE_NOISE, -1, people.n)


def bank_scores(world: World, government: CountyGovernment, who: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return the bank's grades of those who apply (mechanism ``bank_score``)."""
    people = world.residents
    seen = seen_by_the_bank(
        who, world.month, people.quality, people.bank_error, people.employer, people.bank_first, people.connected
    )
    scores: NDArray[np.float32] = world.mechanisms["bank_score"](
        *seen, government.rated(world, who), world.now.government.village_rating_strength, world.assumptions.scoring
    )
    return scores
