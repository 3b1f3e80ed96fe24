"""The block of adoption written in NumPy and SciPy: what a careful modeller without a compiler would write.

Every function takes the place of one of the engine's, with the same arguments; numbers of neighbours come from one
product with the sparse matrix of ties. Results differ from the engine's only where NumPy's exponential rounds
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import expit

import sim.agents.residents.adoption as block

F = np.float32


def information(draw, informed, wallet_neighbours, informed_neighbours, campaign, assumed):
    missed = F(1.0 - assumed.information_users) ** wallet_neighbours
    missed *= F(1.0 - assumed.information_others) ** informed_neighbours
    missed *= 1.0 - F(assumed.campaign_information) * campaign
    return informed | (draw >= missed)


def trust(campaign, relatives, wallet_neighbours, degree, habit, trained, incidents, assumed):
    doubt = (1.0 - F(assumed.trust_base)) * (1.0 - F(assumed.trust_government) * campaign)
    doubt *= 1.0 - F(assumed.trust_neighbours) * (wallet_neighbours / np.maximum(degree, 1)).astype(F)
    doubt *= 1.0 - F(assumed.trust_own) * habit
    doubt *= np.where(relatives, F(1.0 - assumed.trust_relatives), F(1.0))
    doubt *= np.where(trained, F(1.0 - assumed.trust_training), F(1.0))
    return (1.0 - doubt) * (1.0 - incidents)


def adoption(draw, ready, usefulness, trust, wallet_neighbours, degree, age, trained, taste, news_age, assumed):
    old = np.maximum(age.astype(F) - 30, 0) / 10 * F(assumed.age)
    old *= np.where(trained, F(1.0 - assumed.training_age), F(1.0))
    score = F(assumed.intercept) + F(assumed.usefulness) * usefulness + F(assumed.trust) * trust
    score += F(assumed.imitation) * (wallet_neighbours / np.maximum(degree, 1)).astype(F)
    score += F(assumed.taste) * taste - old
    attention = F(assumed.news_floor) + F(1.0 - assumed.news_floor) * np.exp(-news_age.astype(F) / F(assumed.news_fade))
    return ready & (draw < F(assumed.bound) * expit(score) * attention)


def lapse(draw, user, acceptance, assumed):
    return user & (draw < F(assumed.lapse) * (1.0 - acceptance))


def habit(habit, user, acceptance, assumed):
    goal = F(assumed.ceiling) * np.sqrt(acceptance)
    return np.where(user, habit + F(assumed.speed) * (goal - habit), F(0.0)).astype(F)


def shop_gain(customers, peers, push, size, trust, taste, lines, codes, fee, assumed):
    log_size = np.log(size)
    gain = F(assumed.intercept) + F(
        assumed.sales_record * lines - assumed.code_cost * (1.0 - codes) - assumed.fee * fee
    )
    gain += F(assumed.customers) * customers + F(assumed.peers) * peers + F(assumed.push) * push
    gain += F(assumed.convenience) * log_size - F(assumed.tax_fear) * np.maximum(log_size, 0)
    return gain + F(assumed.distrust) * (trust - F(assumed.usual_trust)) + F(assumed.taste) * taste


def shop_adoption(draw, qr, gain, idle, assumed):
    kept = ~((idle > assumed.patience) & (draw < F(assumed.drop)))
    return np.where(qr, kept, draw < F(assumed.speed) * expit(gain))


def acceptance(household_shops, household_weights, qr):
    return np.minimum((household_weights * qr[household_shops]).sum(axis=1), 1).astype(F)


def customers_with_wallet(household_shops, household_weights, spending, users, shops):
    spent = household_weights * np.maximum(spending, 1)[:, None]
    everybody = np.bincount(household_shops.ravel(), spent.ravel(), shops)
    with_wallet = np.bincount(household_shops.ravel(), (spent * users[:, None]).ravel(), shops)
    return np.divide(with_wallet, everybody, out=np.zeros(shops), where=everybody > 0).astype(F)


def payers(first, wallet_since, habit):
    user, (heads, members) = wallet_since >= 0, (first[:-1], np.diff(first))
    strength = np.where(user, habit, -1)
    best = np.maximum.reduceat(strength, heads)
    rows = np.where(user & (strength == np.repeat(best, members)), np.arange(len(user)), len(user))
    payer = np.minimum.reduceat(rows, heads)
    share = np.add.reduceat(user.astype(F), heads) / members
    return np.where(best >= 0, payer, -1).astype(np.int32), share.astype(F)


def to_members(household, values):
    return values[household]


def with_relative(household, payer):
    of_member = payer[household]
    return (of_member >= 0) & (of_member != np.arange(len(household)))


def latest_news(draw, month, before, informed_before, informed, campaign, just_trained, more_codes, assumed):
    news = draw >= 1 - F(assumed.campaign_information) * campaign
    news |= just_trained | more_codes | ~informed_before
    return np.where(news & informed, np.int16(month), before)


def begin_and_end(new, lapsed, month, never, first_habit, wallet_since, habit):
    wallet_since[lapsed] = never
    wallet_since[new] = month
    habit[new] = first_habit


class Ties:
    """Counts of neighbours by a sparse product, in place of walking to the neighbours of those who changed."""

    def __init__(self) -> None:
        self.matrix: Any = None

    def __call__(
        self, informed_before, user_before, informed, user, ties_ptr, ties, wallet_neighbours, informed_neighbours
    ):
        if self.matrix is None:
            people = len(user)
            self.matrix = csr_matrix((np.ones(len(ties), np.int16), ties, ties_ptr), (people, people))
        wallet_neighbours[:] = self.matrix @ user.astype(np.int16)
        informed_neighbours[:] = self.matrix @ (informed & ~user).astype(np.int16)


#: Mechanisms by name, as `CountyModel` takes them.
MECHANISMS = {
    "information": information, "trust": trust, "adoption": adoption, "lapse": lapse, "habit": habit,
    "shop_adoption": shop_adoption,
}  # fmt: skip


@contextmanager
def in_numpy() -> Iterator[None]:
    """Let the block of adoption use this file's functions where it does not ask the model for a mechanism."""
    mine = {
        "acceptance": acceptance, "at_once": lambda first, second: (first(), second()),
        "begin_and_end": begin_and_end, "customers_with_wallet": customers_with_wallet, "latest_news": latest_news,
        "payers": payers, "push_changes": Ties(), "shop_gain": shop_gain, "to_members": to_members,
        "with_relative": with_relative,
    }  # fmt: skip
    kept = {name: getattr(block, name) for name in mine}
    for name, function in mine.items():
        setattr(block, name, function)
    try:
        yield
    finally:
        for name, function in kept.items():
            setattr(block, name, function)
