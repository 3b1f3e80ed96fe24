"""Trust: how much a resident believes that money in a wallet is safe."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.adoption import Adoption
from sim.kernels import kernel, span
from sim.threads import over_rows

Array = NDArray[Any]


@kernel
def _noisy_or(
    start: int,
    stop: int,
    campaign: Array,
    relatives: Array,
    users: Array,
    degree: Array,
    habit: Array,
    trained: Array,
    weights: Any,
    incidents: Array,
    out: Array,
) -> None:
    """Fill ``out`` with (1 - the product of the doubts that each source leaves) x (1 - incidents)."""
    one = np.float32(1.0)
    base, government, relative, neighbours, own, training = weights
    for i in span(start, stop):
        share = np.float32(users[i]) / np.float32(max(degree[i], 1))
        doubt = (one - base) * (one - government * campaign[i]) * (one - neighbours * share) * (one - own * habit[i])
        doubt *= (one - relative) if relatives[i] else one
        doubt *= (one - training) if trained[i] else one
        out[i] = (one - doubt) * (one - incidents[i])


def trust(
    campaign: NDArray[np.float32],
    relatives: NDArray[np.bool_],
    wallet_neighbours: NDArray[np.int16],
    degree: NDArray[np.int16],
    habit: NDArray[np.float32],
    trained: NDArray[np.bool_],
    incidents: NDArray[np.float32],
    assumed: Adoption,
) -> NDArray[np.float32]:
    r"""Return every resident's trust in the wallet.

    A noisy-or: each source removes a share of the doubt that the others left, so that sources stand in for each other,

    .. math:: T = \bigl[1 - (1 - b)(1 - g e)(1 - r R)(1 - v f)(1 - o h)(1 - l L)\bigr] (1 - d)

    where e is the government's campaign, R whether another member is the household's payer, f the share of neighbours
    with a wallet, h the resident's own habit, L whether he or she was trained and d the incidents.

    Parameters
    ----------
    campaign : float32[n], in [0, 1]
        Reach times strength of the government's word.
    relatives, trained : bool[n]
        Another member is the household's payer by wallet; reached by literacy training.
    wallet_neighbours, degree : int16[n], persons
        Neighbours with a wallet, and all.
    habit : float32[n], in [0, 1]
        Share of own payments made by wallet; 0 without one.
    incidents : float32[n], in [0, 1]
        Strength of the frauds that the resident has heard of.
    assumed : Adoption
        ``trust_base``, ``trust_government``, ``trust_relatives``, ``trust_neighbours``, ``trust_own`` and
        ``trust_training``.

    Returns
    -------
    float32[n], in [0, 1]

    References
    ----------
    Pearl (1988), Probabilistic Reasoning in Intelligent Systems, section 4.3 (noisy-or).
    """
    out = np.empty(len(campaign), np.float32)
    weights = (
        assumed.trust_base, assumed.trust_government, assumed.trust_relatives,
        assumed.trust_neighbours, assumed.trust_own, assumed.trust_training,
    )  # fmt: skip
    over_rows(
        _noisy_or, len(out), campaign, relatives, wallet_neighbours, degree, habit, trained,
        tuple(np.float32(weight) for weight in weights), incidents, out,
    )  # fmt: skip
    return out
