"""Shops: which take QR payments, and which give it up because nobody uses it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.shops import Shops
from sim.kernels import kernel, log_, logistic

Array = NDArray[Any]


@kernel
def _gain(
    customers: Array,
    peers: Array,
    push: Array,
    size: Array,
    trust: Array,
    taste: Array,
    lines: np.float32,
    codes: np.float32,
    fee: np.float32,
    terms: Any,
    out: Array,
) -> None:
    """Fill ``out`` with expected gain less effort, distrust, fear of taxes and fee, in logits."""
    intercept, per_customer, per_peer, per_push, convenience, taxes, doubt, usual, record, own_code, per_fee, spread = (
        terms
    )
    common = intercept + record * lines - own_code * (np.float32(1.0) - codes) - per_fee * fee
    for j in range(len(out)):
        log_size = np.float32(log_(size[j]))
        score = common + per_customer * customers[j] + per_peer * peers[j] + per_push * push[j]
        score += convenience * log_size - taxes * max(log_size, np.float32(0.0))
        score += doubt * (trust[j] - usual) + spread * taste[j]
        out[j] = score


@kernel
def _decide(
    draw: Array,
    qr: Array,
    gain: Array,
    idle: Array,
    speed: np.float32,
    drop: np.float32,
    patience: np.int16,
    out: Array,
) -> None:
    """Fill ``out``: shops without QR take it with a bounded hazard, shops where it lies idle may give it up."""
    for j in range(len(out)):
        if qr[j]:
            out[j] = not (idle[j] > patience and draw[j] < drop)
        else:
            out[j] = draw[j] < speed * logistic(gain[j])


def shop_gain(
    customers: NDArray[np.float32],
    peers: NDArray[np.float32],
    push: NDArray[np.float32],
    size: NDArray[np.float32],
    trust: NDArray[np.float32],
    taste: NDArray[np.float32],
    lines: float,
    codes: float,
    fee: float,
    assumed: Shops,
) -> NDArray[np.float32]:
    r"""Return what a merchant expects from taking QR, net of what it costs, in logits.

    .. math:: G = a + b_c C + b_p P + b_e E + k \ln s - t \max(0, \ln s) + d\,(T - T_0) + r L - g\,(1 - F) - m \phi
              + \sigma \varepsilon

    The intercept holds effort, fear of taxes and distrust at a shop of mean size whose owner trusts as people did at
    the start; a larger shop gains more from convenience (k) and has more to fear from a record of its sales (t).

    Parameters
    ----------
    customers : float32[m], in [0, 1]
        Share of own customers with a wallet (C): a household's spending counts by the share of its members with one.
    peers : float32[m], in [0, 1]
        Size-weighted share of shops of the place that take QR (P).
    push : float32[m], 1 in the county town at full strength
        The government's push (E).
    size : float32[m]
        Relative to the mean of the kind of place (s), above 0.
    trust : float32[m], in [0, 1]
        The owner's trust in wallets (T).
    taste : float32[m], standard normal
    lines : float, in [0, 1]
        Whether a record of sales counts for a credit line now (L).
    codes : float, in [0, 1]
        Whether codes are given away and put up for nothing (F).
    fee : float, share of sales
        What the platform takes of a sale (phi).
    assumed : Shops

    Returns
    -------
    float32[m], logit
    """
    out = np.empty(len(customers), np.float32)
    terms = (
        assumed.intercept, assumed.customers, assumed.peers, assumed.push, assumed.convenience, assumed.tax_fear,
        assumed.distrust, assumed.usual_trust, assumed.sales_record, assumed.code_cost, assumed.fee, assumed.taste,
    )  # fmt: skip
    _gain(
        customers, peers, push, size, trust, taste, np.float32(lines), np.float32(codes), np.float32(fee),
        tuple(np.float32(term) for term in terms), out,
    )  # fmt: skip
    return out


def shop_adoption(
    draw: NDArray[np.float32],
    qr: NDArray[np.bool_],
    gain: NDArray[np.float32],
    idle: NDArray[np.int16],
    assumed: Shops,
) -> NDArray[np.bool_]:
    r"""Return which shops take QR at the end of the month.

    A shop without takes it with the bounded hazard :math:`s\,\Lambda(G)`; one where nobody paid by QR for longer than
    ``patience`` months gives it up with the chance ``drop``.

    Parameters
    ----------
    draw : float32[m], in [0, 1)
    qr : bool[m]
        Takes QR before.
    gain : float32[m], logit
        From `shop_gain`.
    idle : int16[m], months
        Since the last QR sale, or since the code was put up.
    assumed : Shops
        ``speed`` and ``drop`` per month, ``patience`` in months.

    Returns
    -------
    bool[m]
    """
    out = np.empty(len(draw), np.bool_)
    _decide(draw, qr, gain, idle, np.float32(assumed.speed), np.float32(assumed.drop), np.int16(assumed.patience), out)
    return out
