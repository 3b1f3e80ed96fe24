"""Run the mechanism of payment adoption for a county-like unit, with people in proportion instead of drawn people.

The mechanism is what `sim.mechanisms` ships, called unchanged and at the shipped values of its parameters but for
`NEVER_OLD`: `information`, `trust`, `adoption_hazard`, `lapse`, `shop_gain` and `shop_adoption`. The adapter stands
here: representative residents (age x taste, with and without another member of the household who pays by wallet) and
shops (taste x size) in place of people, in many units at once; a chance where the model draws; everybody's neighbours
a random sample of the unit; and what a unit is told from outside: when the app starts, how many know of it then, the
campaign, the push on shops, the taste for this app, and how many have a smartphone.

Left out are public services, remittances, training, frauds, shops that give QR up (in a whole district none goes half
a year without a QR sale), and habit: in the shipped mechanism it moves the trust of those only who have a wallet, so no
registration depends on it. News of wallets never gets old here: shares of people have no month in which each one heard.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, pareto

from sim.assumptions.adoption import Adoption
from sim.assumptions.population import Population
from sim.assumptions.shops import Shops
from sim.mechanisms.adoption import adoption_hazard
from sim.mechanisms.shop_adoption import shop_gain
from sim.mechanisms.trust import trust
from sim.studies.validation.districts_chances import Chances

FloatArray = NDArray[np.float64]

#: From August 2016, when the app came, to January 2018; to June 2024.
BEFORE, MONTHS = 17, 17 + 78
#: Stand for 18 to 29, 30 to 49, and 50 and over.
AGES = (24, 40, 60)
#: News that never gets old, and the level and slope that met the county's patterns with it: they belong together.
NEVER_OLD = Adoption(news_floor=1.0, intercept=-6.0, usefulness=4.5)
NEIGHBOURS = 9  # sim.assumptions.network: ties mean 9.25 in villages of Karnataka
_OTHER_MEMBERS = 2  # assumed: three adults in a household
_MANY = 10_000  # neighbours, where a function takes counts and only their ratio matters
_SIDE = 5
_MIDDLES = (np.arange(_SIDE) + 0.5) / _SIDE
_TASTES = norm.ppf((np.arange(7) + 0.5) / 7)
_KINDS = len(AGES) * len(_TASTES)


@dataclass(frozen=True)
class Unit:
    """What differs between units; each a float64[n].

    Parameters
    ----------
    launch : months after August 2016
    informed : share informed at the launch
    word : campaign, in [0, 1]
    push : on shops, in [0, 1]
    appeal : logits added to everybody's taste
    diversity : spread of tastes relative to the shipped one
    phones : share with a smartphone in January 2018
    phones_gained : share more of them a year
    """

    launch: FloatArray
    informed: FloatArray
    word: FloatArray
    push: FloatArray
    appeal: FloatArray
    diversity: FloatArray
    phones: FloatArray
    phones_gained: FloatArray

    def phones_in(self, month: int) -> FloatArray:
        """Return the share of adults with a smartphone, float64[n]."""
        return np.clip(self.phones + self.phones_gained * (month - BEFORE) / 12.0, 0.001, 1.0)


def run_in_proportion(
    unit: Unit, ages: FloatArray, adoption: Adoption | None = None, shops: Shops | None = None
) -> FloatArray:
    """Return the share of adults who ever took up a wallet, at the end of each quarter from 2018Q1 to 2024Q2.

    Parameters
    ----------
    unit : Unit
    ages : float64[3]
        Share of adults in each of `AGES`.
    adoption, shops : Adoption, Shops
        `NEVER_OLD` and the shipped values unless told otherwise.

    Returns
    -------
    float64[n, 26], in [0, 1]
    """
    people = _InProportion(unit, ages, adoption or NEVER_OLD, shops or Shops())
    shares = []
    for month in range(MONTHS):
        people.step(month)
        if month >= BEFORE and (month - BEFORE) % 3 == 2:
            shares.append(people.ever_registered)
    return np.stack(shares, axis=1)


class _InProportion:
    """Shares of each kind of resident: never registered (informed or not, with a phone or not), users, lapsed."""

    def __init__(self, unit: Unit, ages: FloatArray, adoption: Adoption, shops: Shops) -> None:
        self.unit, self.adoption, self.shops = unit, adoption, shops
        self.chances = Chances(NEIGHBOURS, adoption, shops)
        self.told_by_word = self.chances.by_word(unit.word)
        self.n = len(unit.word)
        self.weights = np.repeat(ages, len(_TASTES)) / len(_TASTES)
        tastes = unit.appeal[:, None] / adoption.taste + unit.diversity[:, None] * np.tile(_TASTES, len(AGES))
        self.taste = np.repeat(tastes[:, None, :], 2, axis=1).astype(np.float32).ravel()
        self.age = np.tile(np.repeat(np.array(AGES, np.int8), len(_TASTES)), 2 * self.n)
        self.word = np.repeat(unit.word, 2).astype(np.float32)
        self._begin()
        self._open_shops()

    def _begin(self) -> None:
        """Let nobody have registered."""
        self.phones = self.unit.phones_in(0)
        informed = np.stack([1.0 - self.unit.informed, self.unit.informed])[:, None, :, None]
        phones = np.stack([1.0 - self.phones, self.phones])[None, :, :, None]
        self.never = np.broadcast_to(informed * phones, (2, 2, self.n, _KINDS)).copy()
        self.users, self.lapsed = np.zeros((2, self.n, _KINDS))

    def _open_shops(self) -> None:
        """Set out shops by taste and size; none takes QR."""
        sizes = np.tile(pareto.ppf(_MIDDLES, Population().shop_tail), _SIDE)
        self.size = np.tile((sizes / sizes.mean()).astype(np.float32), self.n)
        self.size_share = sizes / sizes.sum()
        self.shop_taste = np.tile(np.repeat(norm.ppf(_MIDDLES), _SIDE).astype(np.float32), self.n)
        self.with_code = np.zeros((self.n, _SIDE * _SIDE))

    @property
    def ever_registered(self) -> FloatArray:
        """Share of adults who ever took up a wallet."""
        share: FloatArray = (self.users + self.lapsed) @ self.weights
        return share

    def step(self, month: int) -> None:
        """Let a month pass, in the order of the model: information, trust, wallets, lapses, shops."""
        on = month >= self.unit.launch
        self._gain_phones(month)
        users = self.users @ self.weights
        others = (self.never[1].sum(axis=0) + self.lapsed) @ self.weights
        self._inform(on, users, others)
        relatives = 1.0 - (1.0 - users) ** _OTHER_MEMBERS
        trusted = self._trust(users)
        accepted = self.with_code @ self.size_share
        self._take_up(on, self._hazard(users, accepted, trusted, relatives), self.chances.lapses(accepted))
        owners = (1.0 - relatives) * trusted[:, 0] + relatives * trusted[:, 1]
        self._take_codes(on, accepted, owners)

    def _gain_phones(self, month: int) -> None:
        """Let some of those without a smartphone get one."""
        phones = self.unit.phones_in(month)
        moved = self.never[:, 0] * ((phones - self.phones) / np.maximum(1.0 - self.phones, 1e-9))[:, None]
        self.never[:, 0] -= moved
        self.never[:, 1] += moved
        self.phones = phones

    def _inform(self, on: NDArray[np.bool_], users: FloatArray, others: FloatArray) -> None:
        """Let neighbours and the campaign tell."""
        missed = (1.0 - self.chances.by_neighbours(users, others)) * (1.0 - self.told_by_word)
        told = self.never[0] * (on * (1.0 - missed))[:, None]
        self.never[0] -= told
        self.never[1] += told

    def _trust(self, users: FloatArray) -> NDArray[np.float32]:
        """Return the trust of those without a wallet, float32[n, 2]: without and with a relative who has one."""
        rows = 2 * self.n
        nothing, nobody = np.zeros(rows, np.float32), np.zeros(rows, np.bool_)
        relatives = np.tile([False, True], self.n)
        many = np.full(rows, _MANY, np.int16)
        found = trust(self.word, relatives, self._neighbours(users), many, nothing, nobody, nothing, self.adoption)
        return found.reshape(self.n, 2)

    @staticmethod
    def _neighbours(users: FloatArray) -> NDArray[np.int16]:
        """Return how many of very many neighbours have a wallet, twice for each unit."""
        return np.repeat(np.rint(users * _MANY).astype(np.int16), 2)

    def _hazard(
        self, users: FloatArray, accepted: FloatArray, trusted: NDArray[np.float32], relatives: FloatArray
    ) -> FloatArray:
        """Return the chance to take up a wallet of each kind of resident, float64[n, kinds]."""
        rows = 2 * self.n * _KINDS
        hazard = adoption_hazard(
            np.ones(rows, np.bool_), np.repeat(accepted.astype(np.float32), 2 * _KINDS),
            np.repeat(trusted.ravel(), _KINDS), np.repeat(self._neighbours(users), _KINDS),
            np.full(rows, _MANY, np.int16), self.age, np.zeros(rows, np.bool_), self.taste, np.zeros(rows, np.int16),
            self.adoption,
        ).reshape(self.n, 2, _KINDS)  # fmt: skip
        share = relatives[:, None]
        found: FloatArray = (1.0 - share) * hazard[:, 0] + share * hazard[:, 1]
        return found

    def _take_up(self, on: NDArray[np.bool_], hazard: FloatArray, lapses: FloatArray) -> None:
        """Move the informed with a phone, and those who lapsed, to the users, and some users back."""
        hazard = hazard * on[:, None]
        new, again = self.never[1, 1] * hazard, self.lapsed * hazard
        lost = self.users * lapses[:, None]
        self.never[1, 1] -= new
        self.users += new + again - lost
        self.lapsed += lost - again

    def _take_codes(self, on: NDArray[np.bool_], accepted: FloatArray, owners: FloatArray) -> None:
        """Let shops take QR: codes are given away, and no credit line follows from a record of sales."""

        def of_shops(values: FloatArray) -> NDArray[np.float32]:
            return np.repeat(values.astype(np.float32), _SIDE * _SIDE)

        gain = shop_gain(
            of_shops(self.users @ self.weights), of_shops(accepted), of_shops(self.unit.push), self.size,
            of_shops(owners), self.shop_taste, 0.0, 1.0, 0.0, self.shops,
        )  # fmt: skip
        self.with_code += (1.0 - self.with_code) * self.chances.codes(gain).reshape(self.n, -1) * on[:, None]
