"""Step 6 of the month: each lender updates what it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.draws import Decision
from sim.mechanisms.scoring import observe_flow, renewed_error
from sim.vocabulary import Employer

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
    first = people.bank_first[who]
    known = np.where(first >= 0, np.minimum(world.month - first + 1, 1000), 0).astype(np.int16)
    scores: NDArray[np.float32] = world.mechanisms["bank_score"](
        people.quality[who], people.bank_error[who], people.employer[who] == Employer.ANCHOR, known,
        people.connected[who], government.rated(world, who), world.now.government.village_rating_strength,
        world.assumptions.scoring,
    )  # fmt: skip
    return scores
