"""The county government: it endorses, shares records, brings services, trains, and rates whole villages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents.institution import Institution
from sim.draws import Decision
from sim.kernels import add_up
from sim.mechanisms.information import word
from sim.mechanisms.public_cost import Work, public_cost
from sim.vocabulary import AgeBand, Employer, PlaceKind

if TYPE_CHECKING:
    from sim.state.world import World

ONCE = -1


def intensity(month: int, start: int, months: int, build_up: int, memory: int) -> float:
    """Return how intense a campaign is in a month: 0 to 1.

    It builds up evenly over ``build_up`` months from its start, holds, and fades evenly over ``memory`` months
    after ``months`` months have passed.

    Returns
    -------
    float
        In [0, 1]; 0 before the start, and always 0 for a campaign of no months.
    """
    if month < start or months <= 0:
        return 0.0
    reached = min(min(month - start + 1, months) / max(build_up, 1), 1.0)
    after = max(month - start - months + 1, 0)
    return reached * max(0.0, 1.0 - after / (max(memory, 0) + 1.0))


class Before(NamedTuple):
    """Adults at the start: with a platform line or formal loan, and with recent use of a wallet."""

    with_credit: int
    active: int


class CountyGovernment(Institution):
    """The county government.

    Push, services and records presuppose that the platform is in the county; literacy training and the rating of
    villages do not. Who is reached first is drawn once, so that a larger programme reaches everyone whom a
    smaller one reaches.

    Attributes
    ----------
    push_shops : float32[place kinds]
        Push on shops this month; 1 in the county town at the strength of the prototype.
    push_people, push_firms : float, in [0, 1]
        Strength of its word this month to residents within reach, and to staff of firms and public employers.
    services_live : float
        Public services in the app.
    services_share : float, in [0, 1]
        The same, relative to the number at which their worth is complete.
    records_share, trained_share, rated_share : float, in [0, 1]
        Share loaded of adults' records, trained of those for whom training is, and rated of villages, up to now.
    trained_before : float, in [0, 1]
        The share trained up to last month.
    work : Work
        What it did this month: what its costs are counted from.
    spent : dict of str to float
        What each programme has cost so far, yuan at full size.
    cost, cost_so_far : int
        What its account was charged this month and since the start, fen: programmes, interest subsidies, and claims
        that its guarantee fund paid.
    before : Before
        What it found at the start.
    """

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.push_shops: NDArray[np.float32] = np.zeros(len(PlaceKind), np.float32)
        self.push_people = 0.0
        self.push_firms = 0.0
        self.services_live = 0.0
        self.services_share = 0.0
        self.records_share = 0.0
        self.trained_share = self.trained_before = 0.0
        self.rated_share = 0.0
        self.work = Work()
        self.spent: dict[str, float] = {}
        self.cost = 0
        self.cost_so_far = 0
        self.before = Before(0, 0)

    def look_around(self, world: World) -> None:
        """Count users and borrowers before the first month: gains are counted from there."""
        people = world.residents
        self.before = Before(
            with_credit=int(np.count_nonzero((people.line > 0) | (people.debt > 0))),
            active=int(np.count_nonzero(people.wallet_last >= ONCE)),
        )

    def record(self, cost: int) -> None:
        """Take note of what the month cost, fen."""
        self.cost = cost
        self.cost_so_far += cost

    def act(self, world: World) -> None:
        """Campaign, load records, open services, train: the first step of the month."""
        platform = world.now.platform
        present = platform.entry <= world.month < platform.exit
        records, rated, services, trained = self.records_share, self.rated_share, self.services_live, self.trained_share
        self._endorse(world, present)
        loaded = self._share_records(world, present)
        self._rate_villages(world)
        self._open_services(world, present)
        self._teach(world)
        self.trained_before = trained
        reached = self.trained_share - trained
        self.work = Work(
            shops_called_on=self._calls(world) * world.weight,
            adults_addressed=self.push_people
            * world.now.government.endorsement_reach
            * world.residents.n
            * world.weight,
            data_platforms=float(records == 0.0 < self.records_share),
            records=loaded * world.weight,
            services=max(self.services_live - services, 0.0),
            trained=reached * np.count_nonzero(self._meant_for_training(world)) * world.weight if reached > 0 else 0.0,
            villages_rated=(self.rated_share - rated) * world.facts.people.villages,
            registries=float(world.month >= world.now.government.shared_registry_start),
        )

    def _endorse(self, world: World, present: bool) -> None:
        """Set the push on shops, on people and on firms."""
        lever, adoption, shops = world.now.government, world.assumptions.adoption, world.assumptions.shops
        start, months, build_up = lever.endorsement_start, lever.endorsement_months, adoption.campaign_build_up
        allowed = lever.endorsement_strength if present else 0.0
        visits = allowed * intensity(world.month, start, months, build_up, build_up)
        by_kind = np.zeros(len(PlaceKind))
        by_kind[PlaceKind.TOWN] = lever.push_town
        by_kind[PlaceKind.SEAT] = lever.push_seat
        by_kind[PlaceKind.VILLAGE] = lever.push_village
        self.push_shops = (by_kind * lever.push_shops * visits / shops.push_strength).astype(np.float32)
        self.push_firms = visits
        later = start + lever.push_people_lag
        self.push_people = allowed * intensity(world.month, later, months, build_up, adoption.campaign_memory)

    def _calls(self, world: World) -> float:
        """Return how many shops without a code its campaign calls on this month."""
        shops = world.shops
        without = np.bincount(shops.place_kind[~shops.qr], minlength=len(PlaceKind))
        called_on = np.minimum(self.push_shops.astype(np.float64) * world.assumptions.shops.push_strength, 1.0)
        return float(without @ called_on)

    def settle(self, world: World) -> float:
        """Count the codes that shops took this month, add up what the programmes cost, and return it.

        Returns
        -------
        float
            Yuan, at the county's full size.
        """
        backed = world.now.platform.code_giveaway and bool(self.push_shops.any())
        codes = float((world.shops.qr_since == world.month).sum() * world.weight) if backed else 0.0
        costs = public_cost(replace(self.work, codes=codes), world.assumptions.costs)
        self.spent = {name: self.spent.get(name, 0.0) + cost for name, cost in costs.items()}
        return add_up(costs.values())

    def _share_records(self, world: World, present: bool) -> int:
        """Load the records of so many adults a month; return how many were loaded."""
        lever, residents = world.now.government, world.residents
        if not present or world.month < lever.data_sharing_start:
            return 0
        share = min(self.records_share + lever.records_a_month, lever.records_coverage)
        if share <= self.records_share:
            return 0
        self.records_share = share
        loaded = world.draws.once(Decision.RECORDS, residents.n) < np.float32(self.records_share)
        loaded |= residents.records
        new = int(np.count_nonzero(loaded)) - int(np.count_nonzero(residents.records))
        residents.records = loaded
        return new

    def _rate_villages(self, world: World) -> None:
        """Rate a further share of the villages."""
        if world.month >= world.now.government.village_rating_start:
            self.rated_share = min(self.rated_share + world.assumptions.adoption.villages_rated, 1.0)

    def _open_services(self, world: World, present: bool) -> None:
        """Bring services live; none is left when the platform goes."""
        lever = world.now.government
        if not present:
            self.services_live = 0.0
        elif world.month >= lever.services_start:
            self.services_live = min(self.services_live + lever.services_live_a_month, lever.services_planned)
        self.services_share = min(self.services_live / world.assumptions.adoption.services_known, 1.0)

    def _teach(self, world: World) -> None:
        """Train a growing share of those who are old or had little schooling."""
        lever = world.now.government
        start, months = lever.literacy_start, lever.literacy_months
        if start <= world.month < start + months:
            self.trained_share = max(
                self.trained_share, min(self.trained_share + lever.literacy_reach / months, lever.literacy_reach)
            )

    def campaign(self, world: World) -> NDArray[np.float32]:
        """Return the strength of its word where each resident is.

        Who would hear first is drawn once; the first share, as large as the lever ``endorsement_reach``, hears. Of the
        staff of the anchor firm and of public employers the share ``push_firms`` hears at work, with the shops.

        Returns
        -------
        float32[n], in [0, 1]
        """
        residents, lever = world.residents, world.now.government
        if max(self.push_people, self.push_firms) <= 0.0:
            return np.zeros(residents.n, np.float32)
        return word(
            world.draws.once(Decision.INFORMATION, residents.n), residents.employer,
            (Employer.ANCHOR, Employer.PUBLIC), (lever.endorsement_reach, self.push_people),
            (lever.push_firms, self.push_firms),
        )  # fmt: skip

    def trained(self, world: World) -> NDArray[np.bool_]:
        """Return who has been reached by literacy training, bool[n]."""
        return self._trained(world, 0.0, self.trained_share)

    def just_trained(self, world: World) -> NDArray[np.bool_]:
        """Return who was reached by literacy training this month, bool[n]."""
        return self._trained(world, self.trained_before, self.trained_share)

    def _trained(self, world: World, before: float, share: float) -> NDArray[np.bool_]:
        """Return whom training has reached between two shares of those for whom it is, bool[n]."""
        residents = world.residents
        if share == before:
            return np.zeros(residents.n, np.bool_)
        order = world.draws.once(Decision.LITERACY, residents.n)
        reached: NDArray[np.bool_] = order < np.float32(share)
        reached &= order >= np.float32(before)
        reached &= self._meant_for_training(world)
        return reached

    def _meant_for_training(self, world: World) -> NDArray[np.bool_]:
        """Return who is old or had little schooling, bool[n]."""
        residents = world.residents
        meant: NDArray[np.bool_] = residents.age_band == AgeBand.FROM_60
        meant |= residents.schooling <= world.assumptions.adoption.low_schooling
        return meant

    def rated(self, world: World, who: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which of some residents live in a village that was rated as a whole, bool[k]."""
        residents = world.residents
        if self.rated_share == 0.0:
            return np.zeros(len(who), np.bool_)
        order = world.draws.uniform_of(Decision.RECORDS, ONCE - 1, residents.place[who].astype(np.int32))
        in_village = residents.place_kind[who] == PlaceKind.VILLAGE
        reached: NDArray[np.bool_] = in_village & (order < np.float32(self.rated_share))
        return reached

    def incidents(self, world: World) -> NDArray[np.float32]:
        """Return the strength of the frauds that each resident has heard of: the wave, and then its fading memory.

        Returns
        -------
        float32[n], in [0, 1]
        """
        shock, assumed, residents = world.now.shocks, world.assumptions.adoption, world.residents
        fresh = intensity(world.month, shock.fraud_start, shock.fraud_months, 1, assumed.fraud_memory)
        if fresh == 0.0:
            return np.zeros(residents.n, np.float32)
        hears = world.draws.once(Decision.FRAUD, residents.n) < np.float32(assumed.fraud_heard)
        return np.multiply(hears, np.float32(min(fresh * shock.fraud_strength, 1.0)), dtype=np.float32)
