"""Adoption: who takes up a wallet or the bank's app, who lapses, and how a user's habit grows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.adoption import Adoption
from sim.assumptions.habit import Habit
from sim.kernels import exp_, kernel, logistic, row, span
from sim.threads import over_rows

Array = NDArray[Any]


@kernel
def _hazard(
    start: int,
    stop: int,
    ready: Array,
    usefulness: Array,
    trust: Array,
    users: Array,
    degree: Array,
    age: Array,
    trained: Array,
    taste: Array,
    news_age: Array,
    attention: Array,
    terms: Any,
    out: Array,
) -> None:
    """Fill ``out`` with the hazard where a resident is ready to adopt, else 0."""
    bound, intercept, per_use, per_trust, imitation, per_decade, relief, spread = terms
    for i in span(start, stop):
        if ready[i]:
            old = np.float32(max(age[i] - 30, 0)) * np.float32(0.1) * per_decade
            if trained[i]:
                old *= np.float32(1.0) - relief
            share = np.float32(users[i]) / np.float32(max(degree[i], 1))
            score = intercept + per_use * usefulness[i] + per_trust * trust[i] + imitation * share - old
            out[i] = bound * logistic(score + spread * taste[i]) * attention[row(news_age[i])]
        else:
            out[i] = np.float32(0.0)


@kernel
def _latest_news(
    start: int,
    stop: int,
    draw: Array,
    month: np.int16,
    before: Array,
    informed_before: Array,
    informed: Array,
    campaign: Array,
    just_trained: Array,
    more_codes: Array,
    reached: np.float32,
    out: Array,
) -> None:
    """Fill ``out``: this month where an informed resident hears something new, else the month before."""
    for i in span(start, stop):
        addressed = draw[i] >= np.float32(1.0) - reached * campaign[i]
        latest = before[i]
        news = informed[i] & (addressed | just_trained[i] | more_codes[i] | (informed_before[i] == 0))
        out[i] = month if news else latest


def latest_news(
    draw: NDArray[np.float32],
    month: int,
    before: NDArray[np.int16],
    informed_before: NDArray[np.bool_],
    informed: NDArray[np.bool_],
    campaign: NDArray[np.float32],
    just_trained: NDArray[np.bool_],
    more_codes: NDArray[np.bool_],
    assumed: Adoption,
) -> NDArray[np.int16]:
    """Return the month of everybody's latest news of wallets.

    News is what tells one something new: to become informed; the campaign's word; training; another of one's own
    shops that takes QR. The campaign addresses one who is informed with the chance with which it informs others. What
    neighbours say to one who knows already is no news.

    Parameters
    ----------
    draw : float32[n], in [0, 1)
        The draw of `information`.
    month : int
        This month.
    before : int16[n], months
        Of the latest news up to last month.
    informed_before, informed : bool[n]
        At the start of this month, and now.
    campaign : float32[n], in [0, 1]
        Intensity of the campaign where this resident is.
    just_trained : bool[n]
        Reached by literacy training this month.
    more_codes : bool[n]
        A larger share of own shopping is at shops that take QR than last month.
    assumed : Adoption
        ``campaign_information``.

    Returns
    -------
    int16[n], months
        Only the informed have news.
    """
    out = np.empty(len(draw), np.int16)
    over_rows(
        _latest_news, len(out), draw, np.int16(month), before, informed_before, informed, campaign, just_trained,
        more_codes, np.float32(assumed.campaign_information), out,
    )  # fmt: skip
    return out


@kernel
def _fade(months: float, floor: float, left: Array) -> None:
    """Fill ``left`` by multiplying out the powers of exp(-1 / months)."""
    factor, power = exp_(-1.0 / months), 1.0
    for k in range(len(left)):
        left[k] = floor + (1.0 - floor) * power
        power *= factor


def attention(oldest: int, assumed: Adoption) -> NDArray[np.float32]:
    r"""Return the share of its fresh weight that news of every age still has.

    .. math:: \alpha_k = \phi + (1 - \phi)\,e^{-k / \tau}

    The powers of :math:`e^{-1 / \tau}` are multiplied out: the same bits on every machine.

    Parameters
    ----------
    oldest : int, months
        Highest age asked for.
    assumed : Adoption
        ``news_fade`` in months (:math:`\tau`), ``news_floor`` (:math:`\phi`).

    Returns
    -------
    float32[oldest + 1], in [0, 1]
        By age in months: 1 for news of this month; 1 at any age where the floor is 1.
    """
    left = np.empty(oldest + 1, np.float32)
    _fade(assumed.news_fade, assumed.news_floor, left)
    return left


def adoption_hazard(
    ready: NDArray[np.bool_],
    usefulness: NDArray[np.float32],
    trust: NDArray[np.float32],
    wallet_neighbours: NDArray[np.int16],
    degree: NDArray[np.int16],
    age: NDArray[np.int8],
    trained: NDArray[np.bool_],
    taste: NDArray[np.float32],
    news_age: NDArray[np.int16],
    assumed: Adoption,
) -> NDArray[np.float32]:
    r"""Return every resident's chance to take up a wallet this month.

    .. math:: \lambda = B\,\Lambda\Bigl(a + b_u U + b_t T + b_f f
              - b_a \tfrac{\max(0, \mathrm{age} - 30)}{10} (1 - \ell L) + \sigma \varepsilon\Bigr)\,
              \bigl(\phi + (1 - \phi)\,e^{-k / \tau}\bigr)

    with the logistic function and 0 for those who are not ready. People decide on a novelty while the news of it is
    fresh; a share of their attention never fades.

    Parameters
    ----------
    ready : bool[n]
        Informed, with a smartphone and without a wallet.
    usefulness : float32[n]
        Share of own shopping at shops that take QR, plus what services and remittances are worth in that unit (U).
    trust : float32[n], in [0, 1]
        Trust in the wallet (T).
    wallet_neighbours, degree : int16[n], persons
        Their ratio is the imitation beyond information (f).
    age : int8[n], years
    trained : bool[n]
        Reached by literacy training, which takes off a share of the age term (L).
    taste : float32[n], standard normal
        What is personal and does not change.
    news_age : int16[n], months, not negative
        Since the latest news of wallets (k); any number for those who are not ready.
    assumed : Adoption
        ``bound``, ``intercept``, ``usefulness``, ``trust``, ``imitation``, ``age``, ``training_age``, ``taste``,
        ``news_fade`` (:math:`\tau`), ``news_floor`` (:math:`\phi`).

    Returns
    -------
    float32[n], per month
        At most ``bound``.

    References
    ----------
    Banerjee, Chandrasekhar, Duflo & Jackson (2013), The diffusion of microfinance, Science 341, 1236498: households
    decide once, when they are first informed. That is a fade of much less than a month and a floor of 0.
    """
    out = np.empty(len(ready), np.float32)
    if len(out) == 0:
        return out
    terms = (
        assumed.bound, assumed.intercept, assumed.usefulness, assumed.trust,
        assumed.imitation, assumed.age, assumed.training_age, assumed.taste,
    )  # fmt: skip
    over_rows(
        _hazard, len(out), ready, usefulness, trust, wallet_neighbours, degree, age, trained, taste, news_age,
        attention(int(news_age.max()), assumed), tuple(np.float32(term) for term in terms), out,
    )  # fmt: skip
    return out


def adoption(
    draw: NDArray[np.float32],
    ready: NDArray[np.bool_],
    usefulness: NDArray[np.float32],
    trust: NDArray[np.float32],
    wallet_neighbours: NDArray[np.int16],
    degree: NDArray[np.int16],
    age: NDArray[np.int8],
    trained: NDArray[np.bool_],
    taste: NDArray[np.float32],
    news_age: NDArray[np.int16],
    assumed: Adoption,
) -> NDArray[np.bool_]:
    """Return who takes up a wallet this month: those whose ``draw`` (uniform in [0, 1)) is below `adoption_hazard`.

    Returns
    -------
    bool[n]
        Only residents who are ready.
    """
    hazard = adoption_hazard(
        ready, usefulness, trust, wallet_neighbours, degree, age, trained, taste, news_age, assumed
    )
    return np.less(draw, hazard)


@kernel
def _lapse(
    start: int,
    stop: int,
    draw: Array,
    user: Array,
    usefulness: Array,
    highest: np.float32,
    out: Array,
) -> None:
    """Fill ``out``: a user whose draw is below highest x (1 - usefulness)."""
    for i in span(start, stop):
        out[i] = user[i] & (draw[i] < highest * (np.float32(1.0) - usefulness[i]))


def lapse(
    draw: NDArray[np.float32],
    user: NDArray[np.bool_],
    acceptance: NDArray[np.float32],
    assumed: Adoption,
) -> NDArray[np.bool_]:
    """Return which users give up their wallet this month.

    Chance = ``lapse`` x (1 - u): a wallet that few of one's shops take is soon forgotten.

    Parameters
    ----------
    draw : float32[n], in [0, 1)
    user : bool[n]
        Has a wallet since before this month.
    acceptance : float32[n], in [0, 1]
        Share of own shopping at shops that take QR (u).
    assumed : Adoption
        ``lapse``, per month.

    Returns
    -------
    bool[n]
        Only users.
    """
    out = np.empty(len(draw), np.bool_)
    over_rows(_lapse, len(out), draw, user, acceptance, np.float32(assumed.lapse), out)
    return out


@kernel
def _habit(
    start: int,
    stop: int,
    habit: Array,
    user: Array,
    acceptance: Array,
    speed: np.float32,
    ceiling: np.float32,
    out: Array,
) -> None:
    """Fill ``out``: a user's habit closes a share of the gap to ceiling x sqrt(acceptance); others have none."""
    for i in span(start, stop):
        goal = ceiling * np.sqrt(acceptance[i])
        out[i] = habit[i] + speed * (goal - habit[i]) if user[i] else np.float32(0.0)


def habit(
    habit: NDArray[np.float32],
    user: NDArray[np.bool_],
    acceptance: NDArray[np.float32],
    assumed: Habit,
) -> NDArray[np.float32]:
    r"""Return the share of payments that users make by wallet where it is taken.

    .. math:: h' = h + s\,(c \sqrt{u} - h)

    Parameters
    ----------
    habit : float32[n], in [0, 1]
        Before (h).
    user : bool[n]
        Has a wallet.
    acceptance : float32[n], in [0, 1]
        Share of own shopping at shops that take QR (u).
    assumed : Habit
        ``speed`` per month (s), ``ceiling`` (c).

    Returns
    -------
    float32[n], in [0, 1]
        0 for those without a wallet.
    """
    out = np.empty(len(habit), np.float32)
    over_rows(_habit, len(out), habit, user, acceptance, np.float32(assumed.speed), np.float32(assumed.ceiling), out)
    return out


@kernel
def _begin_and_end(
    start: int, stop: int, new: Array, lapsed: Array, month: np.int16, never: np.int16, first_habit: np.float32,
    wallet_since: Array, habit: Array,
) -> None:  # fmt: skip
    """Change the rows start to stop - 1; arguments as in `begin_and_end`."""
    for i in span(start, stop):
        if new[i] | lapsed[i]:
            wallet_since[i] = month if new[i] else never
            habit[i] = first_habit if new[i] else habit[i]


def begin_and_end(
    new: NDArray[np.bool_],
    lapsed: NDArray[np.bool_],
    month: int,
    never: int,
    first_habit: float,
    wallet_since: NDArray[np.int16],
    habit: NDArray[np.float32],
) -> None:
    """Note who has a wallet from this month on, and who has none any more.

    Parameters
    ----------
    new, lapsed : bool[n]
        Take one up; give theirs up.
    month, never : int
        What ``wallet_since`` becomes.
    first_habit : float, in [0, 1]
        A new user's habit.
    wallet_since, habit : int16[n], months, float32[n]
        Changed.
    """
    over_rows(
        _begin_and_end, len(new), new, lapsed, np.int16(month), np.int16(never), np.float32(first_habit), wallet_since,
        habit,
    )  # fmt: skip


@kernel
def _bank_app(
    start: int, stop: int, draw: Array, ready: Array, customer: Array, own: np.float32, others: np.float32, out: Array,
) -> None:  # fmt: skip
    """Fill ``out``: those who are ready and whose draw is below the chance of customers or of others."""
    for i in span(start, stop):
        out[i] = ready[i] & (draw[i] < (own if customer[i] else others))


def bank_app(
    draw: NDArray[np.float32],
    ready: NDArray[np.bool_],
    customer: NDArray[np.bool_],
    push: float,
    assumed: Adoption,
) -> NDArray[np.bool_]:
    """Return who takes up the bank's app this month.

    Chance = ``bank_app`` x push x trust in the bank, which is ``bank_trust`` among its own customers and
    ``bank_trust_others`` among the rest.

    Parameters
    ----------
    draw : float32[n], in [0, 1)
    ready : bool[n]
        Informed, with a smartphone and without the app.
    customer : bool[n]
        Keeps the main account at the rural bank.
    push : float, not negative
        How hard the bank offers its app; 0 before it has one.
    assumed : Adoption

    Returns
    -------
    bool[n]
        Only residents who are ready.
    """
    own = np.float32(assumed.bank_app * push * assumed.bank_trust)
    others = np.float32(assumed.bank_app * push * assumed.bank_trust_others)
    out = np.empty(len(draw), np.bool_)
    over_rows(_bank_app, len(out), draw, ready, customer, own, others, out)
    return out
