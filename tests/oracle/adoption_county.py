"""Information, trust, wallets, habit and codes, person by person: sections 7.1 and 7.4 of the model description.

The textbook version: ordinary Mesa agents and loops over them, to be read beside `sim/ODD.md`. It is slow, and shares
nothing with the engine but the draws and the scenario's parameters. One step is one month. What comes from outside the
block (`Household.consumption`, `Shop.qr_last`, `AdoptionCounty.app_push`) is set before the step.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from types import SimpleNamespace

import mesa
import numpy as np
from campaign import Government

from sim.draws import Decision, Draws
from sim.scenario import Scenario
from sim.vocabulary import Employer, PlaceKind

F = np.float32
NONE, ALL = F(0), F(1)


def float32(group) -> SimpleNamespace:
    """Return a group of parameters with every number as float32."""
    return SimpleNamespace(**{name: F(value) for name, value in group})


def logistic(x: np.float32) -> float:
    """Return Λ(x), computed in float64."""
    return 1.0 / (1.0 + math.exp(-float(x)))


@cache
def missed_by(neighbours: int, chance: float) -> np.float32:
    """Return the chance that so many neighbours all say nothing: a power, multiplied out in float64."""
    missed = 1.0
    for _ in range(neighbours):
        missed *= 1.0 - chance
    return F(missed)


@cache
def attention(months: int, fade: float, floor: float) -> np.float32:
    """Return what is left of the attention to news so many months old: a power, multiplied out in float64."""
    fresh = 1.0
    for _ in range(months):
        fresh *= math.exp(-1.0 / fade)
    return F(floor + (1.0 - floor) * fresh)


class Person(mesa.Agent):
    """An adult, who hears of wallets, trusts them more or less, takes one up, uses it, gives it up."""

    def __init__(self, model: AdoptionCounty, row: int, household: Household) -> None:
        super().__init__(model)
        start = model.start.residents
        self.row = row
        self.household = household
        self.neighbours: list[Person] = []
        self.age = int(start.age[row])
        self.schooling = int(start.schooling[row])
        self.smartphone = bool(start.smartphone[row])
        self.employer = Employer(start.employer[row])
        self.customer_of_bank = start.main_bank[row] == 0
        self.taste = start.adoption_taste[row]
        self.informed = bool(start.informed[row])
        self.news = int(start.news[row])
        self.trust = start.trust[row]
        self.usefulness = start.usefulness[row]
        self.wallet_since = int(start.wallet_since[row])
        self.habit = start.habit[row]
        self.bank_app_since = int(start.bank_app_since[row])
        self.campaign, self.trained, self.frauds = NONE, False, NONE
        self.has_news = False
        self.wallet_neighbours = self.informed_neighbours = 0

    @property
    def has_wallet(self) -> bool:
        return self.wallet_since >= 0

    @property
    def share_of_neighbours(self) -> np.float32:
        """The share f of neighbours with a wallet."""
        return F(self.wallet_neighbours) / F(max(len(self.neighbours), 1))

    def count_neighbours(self) -> None:
        self.wallet_neighbours = sum(other.has_wallet for other in self.neighbours)
        self.informed_neighbours = sum(other.informed and not other.has_wallet for other in self.neighbours)

    def listen(self) -> None:
        """7.1: the campaign e, training, frauds."""
        government, lever, assumed = self.model.government, self.model.levers.government, self.model.adoption
        place_in_order = self.model.once[Decision.INFORMATION][self.row]
        word = government.word_to_people if place_in_order < F(lever.endorsement_reach) else 0.0
        if self.employer in (Employer.ANCHOR, Employer.PUBLIC) and place_in_order < F(lever.push_firms):
            word = max(word, government.word_in_firms)
        self.campaign = F(word)
        meant = self.age >= 60 or self.schooling <= assumed.low_schooling
        trained_before = self.trained
        self.trained = bool(meant and self.model.once[Decision.LITERACY][self.row] < F(government.share_trained))
        self.has_news = self.trained and not trained_before
        heard = self.model.once[Decision.FRAUD][self.row] < assumed.fraud_heard
        self.frauds = F(government.frauds) if heard else NONE

    def learn(self) -> None:
        """7.4, 1: told by a neighbour or by the campaign, or trained."""
        chances, campaign = self.model.assumptions.adoption, self.model.adoption.campaign_information
        missed = missed_by(self.wallet_neighbours, chances.information_users)
        missed *= missed_by(self.informed_neighbours, chances.information_others)
        missed *= ALL - campaign * self.campaign
        luck = self.model.luck[Decision.INFORMATION][self.row]
        addressed = luck >= ALL - campaign * self.campaign
        self.has_news = bool(self.has_news or not self.informed or addressed)
        self.informed = bool(self.informed or luck >= missed or self.trained)

    def form_trust(self) -> None:
        """7.4, 2: a noisy-or of sources; frauds lower it."""
        assumed, payer = self.model.adoption, self.household.payer
        doubt = ALL - assumed.trust_base
        doubt *= ALL - assumed.trust_government * self.campaign
        doubt *= ALL - assumed.trust_neighbours * self.share_of_neighbours
        doubt *= ALL - assumed.trust_own * self.habit
        doubt *= ALL - assumed.trust_relatives * F(payer is not None and payer is not self)
        doubt *= ALL - assumed.trust_training * F(self.trained)
        self.trust = (ALL - doubt) * (ALL - self.frauds)

    def weigh_usefulness(self) -> None:
        """7.4, 3: what the own shops take; services and remittances."""
        services = self.model.assumptions.adoption.services * self.model.government.services_share
        self.usefulness = self.household.acceptance + F(services)
        if self.household.gets_remittances:
            self.usefulness += self.model.adoption.remittances

    def hear_news(self) -> None:
        """7.4, 4: newly informed, addressed by the campaign, trained, or another of the own shops with QR."""
        if self.informed and (self.has_news or self.household.sees_more_codes):
            self.news = self.model.month
            self.model.seen["news"] += 1

    def decide(self) -> None:
        """7.4, 5 to 7: who has a wallet gives it up or gets used to it; who has none may take one up."""
        if self.has_wallet:
            self.lapse_or_get_used()
        elif self.informed and self.smartphone:
            self.perhaps_adopt()

    def perhaps_adopt(self) -> None:
        assumed = self.model.adoption
        old = F(max(self.age - 30, 0)) * F(0.1) * assumed.age
        if self.trained:
            old *= ALL - assumed.training_age
        logit = assumed.intercept + assumed.usefulness * self.usefulness + assumed.trust * self.trust
        logit = logit + assumed.imitation * self.share_of_neighbours - old + assumed.taste * self.taste
        chances = self.model.assumptions.adoption
        fresh = attention(self.model.month - self.news, chances.news_fade, chances.news_floor)
        if self.model.luck[Decision.ADOPTION][self.row] < F(float(assumed.bound) * logistic(logit) * float(fresh)):
            self.wallet_since, self.habit = self.model.month, self.model.habit.start
            self.model.seen["wallets taken up"] += 1

    def lapse_or_get_used(self) -> None:
        habit, acceptance = self.model.habit, self.household.acceptance
        if self.model.luck[Decision.LAPSE][self.row] < self.model.adoption.lapse * (ALL - acceptance):
            self.wallet_since, self.habit = -1, NONE
            self.model.seen["wallets given up"] += 1
        else:
            self.habit += habit.speed * (habit.ceiling * np.sqrt(acceptance) - self.habit)

    def consider_bank_app(self) -> None:
        """7.4, 11."""
        assumed = self.model.assumptions.adoption
        if self.informed and self.smartphone and self.bank_app_since < 0:
            trust = assumed.bank_trust if self.customer_of_bank else assumed.bank_trust_others
            if self.model.luck[Decision.BANK_APP][self.row] < F(assumed.bank_app * self.model.app_push * trust):
                self.bank_app_since = self.model.month
                self.model.seen["bank apps taken up"] += 1


class Household(mesa.Agent):
    """People with a common purse, six regular shops and perhaps a payer."""

    def __init__(self, model: AdoptionCounty, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.members: list[Person] = []
        self.shops: list[tuple[Shop, np.float32]] = []
        self.gets_remittances = bool(model.start.households.remittance[row] > 0)
        self.acceptance = model.start.households.usefulness[row]
        self.sees_more_codes = False
        self.payer: Person | None = None
        self.share_with_wallet = NONE
        self.consumption = 0

    def see_shops(self) -> None:
        """7.4, 3: acceptance a, the weights of the own shops with QR."""
        before = self.acceptance
        if self.model.month < self.model.adoption.acceptance_frozen_from:
            self.acceptance = min(sum((weight for shop, weight in self.shops if shop.qr), NONE), ALL)
        self.sees_more_codes = bool(self.acceptance > before)

    def name_payer(self) -> None:
        """7.4, 9: the member with a wallet and the highest habit; of equals the first. The share that shops see."""
        users = [member for member in self.members if member.has_wallet]
        self.payer = max(users, key=lambda member: member.habit, default=None)
        self.share_with_wallet = F(len(users)) / F(len(self.members))


class Shop(mesa.Agent):
    """A shop, whose owner takes a QR code or drops it."""

    def __init__(self, model: AdoptionCounty, row: int, owner: Person) -> None:
        super().__init__(model)
        start = model.start.shops
        self.row = row
        self.owner = owner
        self.street: list[Shop] = []
        self.customers: list[tuple[Household, np.float32]] = []
        self.place = int(start.place[row])
        self.place_kind = PlaceKind(start.place_kind[row])
        self.size = start.size[row]
        self.taste = start.taste[row]
        self.qr = bool(start.qr[row])
        self.qr_since = int(start.qr_since[row])
        self.qr_last = int(start.qr_last[row])
        self.customers_wallet = start.customers_wallet[row]
        self.peers = NONE

    def look_around(self) -> None:
        """7.4, 10: the share C of customers with a wallet, and the share P of the street with QR."""
        spent = users = NONE
        for household, weight in self.customers:
            value = F(max(household.consumption, 1)) * weight
            spent += value
            users += value * household.share_with_wallet
        self.customers_wallet = users / spent if spent > 0 else NONE
        with_qr = sum(float(shop.size) for shop in self.street if shop.qr)
        self.peers = F(with_qr / sum(float(shop.size) for shop in self.street))

    def decide(self) -> None:
        """7.4, 10: takes QR, or gives it up where it lies idle."""
        assumed, month = self.model.shops_assumed, self.model.month
        luck = self.model.shop_luck[self.row]
        if not self.qr:
            if float(luck) < float(assumed.speed) * logistic(self.gain()):
                self.qr, self.qr_since = True, month
                self.model.seen["codes taken"] += 1
        elif month - max(self.qr_last, self.qr_since) > assumed.patience and luck < assumed.drop:
            self.qr, self.qr_since = False, -1
            self.model.seen["codes given up"] += 1

    def gain(self) -> np.float32:
        assumed, government, platform = self.model.shops_assumed, self.model.government, self.model.levers.platform
        log_size = F(math.log(self.size))
        gain = assumed.intercept
        if government.platform_present:
            gain += assumed.sales_record
        if not platform.code_giveaway:
            gain -= assumed.code_cost
            gain -= assumed.fee * F(platform.merchant_fee)
        gain += assumed.customers * self.customers_wallet
        gain += assumed.peers * self.peers
        gain += assumed.push * F(government.push[self.place_kind])
        gain += assumed.convenience * log_size - assumed.tax_fear * max(log_size, NONE)
        gain += assumed.distrust * (self.owner.trust - assumed.usual_trust) + assumed.taste * self.taste
        return gain


class AdoptionCounty(mesa.Model):
    """A county whose people take up wallets and whose shops take QR.

    Attributes
    ----------
    month : int
        The month simulated last; -1 at the start.
    luck : dict of Decision to float32[people]
        This month's draws; `once` holds those drawn once, `shop_luck` those of the shops.
    seen : Counter
        How often each thing has happened.
    """

    def __init__(self, given: Scenario, draws: Draws, start, ties_ptr, ties) -> None:
        super().__init__(rng=0)
        self.policy, self.draws, self.start = given.policy, draws, start
        self.assumptions = given.assumptions
        self.adoption = float32(given.assumptions.adoption)
        self.habit = float32(given.assumptions.habit)
        self.shops_assumed = float32(given.assumptions.shops)
        self.month = -1
        self.app_push = 0.0
        self.seen: Counter[str] = Counter()
        self.settle()
        self.make_friends(ties_ptr, ties)
        self.open_shops()
        self.government = Government(self)
        streams = (Decision.INFORMATION, Decision.LITERACY, Decision.FRAUD)
        self.once = {stream: draws.uniform(stream, -1, len(self.people)) for stream in streams}

    @property
    def levers(self):
        """The levers in force this month."""
        return self.policy.at(self.month)

    def settle(self) -> None:
        self.households = [Household(self, row) for row in range(self.start.households.n)]
        at_home = self.start.residents.household
        self.people = [Person(self, row, self.households[at_home[row]]) for row in range(len(at_home))]
        for person in self.people:
            person.household.members.append(person)
        for household in self.households:
            payer = self.start.households.payer[household.row]
            household.payer = self.people[payer] if payer >= 0 else None

    def make_friends(self, ties_ptr, ties) -> None:
        for person in self.people:
            own = ties[ties_ptr[person.row] : ties_ptr[person.row + 1]]
            person.neighbours = [self.people[other] for other in own]
        self.agents_by_type[Person].do("count_neighbours")

    def open_shops(self) -> None:
        self.shops = [Shop(self, row, self.people[owner]) for row, owner in enumerate(self.start.shops.owner)]
        for shop in self.shops:
            shop.street = [other for other in self.shops if other.place == shop.place]
        for household in self.households:
            of_household = self.start.household_shops[household.row], self.start.household_weights[household.row]
            for shop, weight in zip(*of_household, strict=True):
                household.shops.append((self.shops[shop], weight))
                self.shops[shop].customers.append((household, weight))

    def step(self) -> None:
        """Simulate a month, in the order of 7.4: all read what others were at the end of last month."""
        self.month += 1
        self.draw()
        self.government.act()
        people, households, shops = (self.agents_by_type[kind] for kind in (Person, Household, Shop))
        if self.levers.platform.wallets_spread:
            people.do("listen").do("learn").do("form_trust")
            households.do("see_shops")
            people.do("weigh_usefulness").do("hear_news").do("decide").do("count_neighbours")
            households.do("name_payer")
            shops.do("look_around").do("decide")
        people.do("consider_bank_app")

    def draw(self) -> None:
        streams = (Decision.INFORMATION, Decision.ADOPTION, Decision.LAPSE, Decision.BANK_APP)
        self.luck = {stream: self.draws.uniform(stream, self.month, len(self.people)) for stream in streams}
        self.shop_luck = self.draws.uniform(Decision.SHOP_ADOPTION, self.month, len(self.shops))
