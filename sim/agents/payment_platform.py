"""The platform's two faces: the payment company (wallets, codes) and the platform lender (scores, lines, tiers)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.lender import Lender
from sim.dates import NEVER as NOT_YET
from sim.draws import Decision
from sim.mechanisms.scoring import offers, renew_lines, threshold
from sim.vocabulary import Lender as LenderCode

if TYPE_CHECKING:
    from sim.state.world import World

MILLION = 1_000_000


class PaymentPlatform(Lender):
    """The payment platform.

    A payment company may not lend, so its accounts and the lender's are kept apart in the county's books.

    Attributes
    ----------
    tightening : float
        By how much the cut-off was raised because of losses, share of scored users.
    left : int
        Month in which the lender stopped because of losses; 32000 if never.
    """

    code = LenderCode.PLATFORM

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.tightening = 0.0
        self.left = NOT_YET

    @property
    def result(self) -> int:
        """The lender's last monthly result, fen."""
        return self.profit

    def lends(self, world: World) -> bool:
        """Say whether the lender makes loans in the county this month."""
        levers = world.now.platform
        return bool(levers.entry <= world.month < min(levers.exit, self.left))

    def cutoff_score(self, world: World) -> float:
        """Return the score from which a line is offered."""
        return threshold(world.now.platform.cutoff + self.tightening)

    def tier_rates(self, world: World) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the annual rate by tier (basic, middle, best), float64[3], 1/year."""
        levers, regulator = world.now.platform, world.now.regulator
        rates = np.array([levers.rate_basic, levers.rate_middle, levers.rate_best])
        if world.month >= regulator.rate_cap_start and not regulator.rate_cap_licensed_exempt:
            rates = np.minimum(rates, regulator.rate_cap)
        return rates

    def own_share(self, world: World) -> int:
        """Return the share of a loan that the lender funds itself, parts per million."""
        share = max(world.now.platform.own_share, world.now.regulator.joint_lending_floor)
        return round(float(share) * MILLION)

    def headroom(self, world: World) -> int:
        """Return how much more may be outstanding under the funding limit, fen."""
        limit = round(float(world.now.platform.funding_limit) * 100 / world.weight)
        return max(limit - self.outstanding(world), 0)

    def offer_lines(self, world: World) -> None:
        """Offer lines to users with enough flow and score; review limits and tiers of old lines each quarter."""
        people, levers, p = world.residents, world.now.platform, world.assumptions.scoring
        if world.month >= min(levers.exit, self.left):
            people.line[:] = 0
            people.line_tier[:] = 0
            return
        if not self.lends(world):
            return
        offered = np.flatnonzero(offers(
            world.draws.uniform(Decision.LINE_OFFER, world.month, people.n), people.line_since, people.wallet_since,
            people.flow_months, people.age, people.platform_score, people.platform_defaults, levers.offer_share,
            levers.line_months_needed, world.assumptions.lending.oldest_borrower, self.cutoff_score(world),
        ))  # fmt: skip
        reviewed = np.flatnonzero(people.line > 0) if world.month % 3 == 0 else np.zeros(0, np.int64)
        rows = np.concatenate([offered, reviewed])
        renew_lines(
            rows, people.platform_score, people.flow_average, levers.line_low, levers.line_high, p, people.line_tier,
            people.line,
        )  # fmt: skip
        people.line_since[offered] = world.month

    def respond(self, world: World) -> None:
        """Raise the cut-off while losses exceed the tolerance, lower it again after; leave when that does not help."""
        if not self.lends(world):
            return
        losses, tolerance = self.loss_rate(world), world.now.platform.loss_tolerance
        learning = world.assumptions.learning
        if losses > tolerance:
            self.tightening = min(self.tightening + learning.tighten_step, 1.0 - world.now.platform.cutoff)
            if losses > learning.leave_multiple * tolerance and self.cutoff_score(world) == np.inf:
                self.left = world.month + 1
        else:
            self.tightening = max(self.tightening - learning.tighten_step / 2, 0.0)
