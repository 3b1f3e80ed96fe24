"""Chances of the shipped mechanisms that decide by a draw: the share of evenly spread draws that say yes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from sim.assumptions.adoption import Adoption
from sim.assumptions.shops import Shops
from sim.mechanisms.adoption import lapse
from sim.mechanisms.information import information
from sim.mechanisms.shop_adoption import shop_adoption

FloatArray = NDArray[np.float64]

_POINTS = 4000
_DRAWS = ((np.arange(_POINTS) + 0.5) / _POINTS).astype(np.float32)
_GAINS = np.linspace(-12.0, 12.0, 121)
_ACCEPTANCE = np.linspace(0.0, 1.0, 51)


def _each(values: Any, kind: Any) -> NDArray[Any]:
    """Return every value once for each draw."""
    return np.repeat(np.asarray(values, kind), _POINTS)


def _draws(rows: int) -> NDArray[np.float32]:
    return np.tile(_DRAWS, rows)


def _share(decided: NDArray[np.bool_]) -> FloatArray:
    """Return the share of draws that say yes, for each value."""
    shares: FloatArray = decided.reshape(-1, _POINTS).mean(axis=1)
    return shares


class Chances:
    """What `information`, `lapse` and `shop_adoption` come to in the mean over draws.

    Parameters
    ----------
    neighbours : int, persons
        Everybody has so many, a random sample of the unit.
    adoption : Adoption
    shops : Shops
    """

    def __init__(self, neighbours: int, adoption: Adoption, shops: Shops) -> None:
        self._adoption = adoption
        self._pairs = np.array([(a, b) for a in range(neighbours + 1) for b in range(neighbours + 1 - a)], np.int16)
        both = np.column_stack([self._pairs, neighbours - self._pairs.sum(axis=1)])
        self._ways = np.exp(gammaln(neighbours + 1) - gammaln(both + 1).sum(axis=1))
        self._counts = both
        users, others = self._pairs.T
        self._missed = 1.0 - self._told(users, others, np.zeros(len(users)))
        rows = len(_ACCEPTANCE)
        self._lapses = _share(
            lapse(_draws(rows), np.ones(rows * _POINTS, np.bool_), _each(_ACCEPTANCE, np.float32), adoption)
        )
        rows = len(_GAINS)
        self._codes = _share(
            shop_adoption(
                _draws(rows), np.zeros(rows * _POINTS, np.bool_), _each(_GAINS, np.float32),
                np.zeros(rows * _POINTS, np.int16), shops,
            )
        )  # fmt: skip

    def _told(self, users: Any, others: Any, word: FloatArray) -> FloatArray:
        """Return the chance to be informed, by numbers of neighbours and campaign."""
        rows = len(word)
        informed = information(
            _draws(rows), np.zeros(rows * _POINTS, np.bool_), _each(users, np.int16), _each(others, np.int16),
            _each(word, np.float32), self._adoption,
        )  # fmt: skip
        return _share(informed)

    def by_word(self, word: FloatArray) -> FloatArray:
        """Return the chance to be informed by a campaign of each strength, float64[n] in [0, 1]."""
        nobody = np.zeros(len(word), np.int16)
        return self._told(nobody, nobody, word)

    def by_neighbours(self, users: FloatArray, others: FloatArray) -> FloatArray:
        """Return the chance to be informed by neighbours, float64[n] in [0, 1].

        Parameters
        ----------
        users, others : float64[n], in [0, 1]
            Share of people with a wallet, and of informed people without.
        """
        shares = np.maximum(np.stack([users, others, 1.0 - users - others], axis=-1), 1e-12)
        chance = self._ways * np.exp(np.log(shares) @ self._counts.T)
        told: FloatArray = chance @ (1.0 - self._missed) / chance.sum(axis=1)
        return told

    def lapses(self, acceptance: FloatArray) -> FloatArray:
        """Return the chance that a user lapses in a month, by the share of shopping at shops that take QR."""
        return np.interp(acceptance, _ACCEPTANCE, self._lapses)

    def codes(self, gain: NDArray[np.float32]) -> FloatArray:
        """Return the chance that a shop takes QR in a month, by its gain in logits."""
        return np.interp(gain, _GAINS, self._codes)
