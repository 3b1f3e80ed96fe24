"""The networks that a village is run on: as observed, with ties that no one was asked about, rewired; centrality."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import Decision, Draws
from sim.kernels import kernel
from sim.studies.validation.villages_data import Village

Pairs = NDArray[np.int32]
_SWAPS_A_TIE = 10


@kernel
def _swap(pairs: Any, linked: Any, first: Any, second: Any, flip: Any) -> None:
    """Swap the ends of two ties at a time where no tie is doubled or ends where it began; in place."""
    ties = len(pairs)
    for k in range(len(first)):
        one, two = int(first[k] * ties), int(second[k] * ties)
        a, b = pairs[one, 0], pairs[one, 1]
        c, d = pairs[two, 0], pairs[two, 1]
        if flip[k] < 0.5:
            c, d = d, c
        if a in (c, d) or b in (c, d) or linked[a, d] or linked[c, b]:
            continue
        linked[a, b] = linked[b, a] = linked[c, d] = linked[d, c] = False
        linked[a, d] = linked[d, a] = linked[c, b] = linked[b, c] = True
        pairs[one, 0], pairs[one, 1], pairs[two, 0], pairs[two, 1] = a, d, c, b


def matrix(n: int, pairs: Pairs) -> NDArray[np.bool_]:
    """Return the symmetric matrix of ties, bool[n, n]."""
    linked = np.zeros((n, n), np.bool_)
    linked[pairs[:, 0], pairs[:, 1]] = linked[pairs[:, 1], pairs[:, 0]] = True
    return linked


def rewired(n: int, pairs: Pairs, seed: int) -> Pairs:
    """Return a random network in which every household keeps its number of ties (swaps of ends, ten tries a tie)."""
    result, tries = pairs.copy(), _SWAPS_A_TIE * len(pairs)
    luck = [Draws(seed).uniform(decision, 0, tries) for decision in (Decision.TIES, Decision.TIES_GROUP)]
    flip = Draws(seed).uniform(Decision.TIES_PLACE, 0, tries)
    _swap(result, matrix(n, pairs), luck[0], luck[1], flip)
    return result


def completed(village: Village, seed: int) -> Pairs:
    """Return the ties with those that were probably not named, because not everybody was interviewed.

    A tie is known if either side named it. Between two who were interviewed it had two chances to be named, between one
    who was and one who was not it had one, and between two who were not it had none. Ties are drawn so that the three
    kinds become as dense as the first; each household is drawn in proportion to the ties known towards those who
    were interviewed, of which it has a few more or fewer by luck (hence the one that is added).
    """
    asked = village.surveyed
    linked = matrix(village.n, village.ties)
    known, others = int(asked.sum()), int((~asked).sum())
    if known < 2 or others == 0:
        return village.ties
    density = linked[np.ix_(asked, asked)].sum() / (known * (known - 1))
    weight = 1.0 + linked[:, asked].sum(axis=1)
    chance = np.triu(np.outer(weight, weight), 1)
    mixed = asked[:, None] ^ asked[None, :]
    neither = ~asked[:, None] & ~asked[None, :]
    luck = Draws(seed).uniform(Decision.TIES_FRIENDS, 0, village.n**2).reshape(village.n, village.n)
    missing = {
        "mixed": (mixed, density * known * others - (linked & mixed).sum() / 2.0),
        "neither": (neither, density * others * (others - 1) / 2.0),
    }
    added = np.zeros_like(linked)
    for kind, expected in missing.values():
        free = np.where(kind & ~linked, chance, 0.0)
        if expected > 0.0 and free.sum() > 0.0:
            added |= luck < np.minimum(free * (expected / free.sum()), 1.0)
    return np.concatenate([village.ties, np.argwhere(np.triu(added)).astype(np.int32)])


def leader_centrality(village: Village) -> float:
    """Return the mean eigenvector centrality (unit length) of those told first, on the ties observed."""
    values, vectors = np.linalg.eigh(matrix(village.n, village.ties).astype(np.float64))
    return float(np.abs(vectors[:, np.argmax(values)])[village.leader].mean())
