"""Run the shipped mechanisms in villages: an adapter that only shapes input and counts take-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.assumptions.adoption import Adoption
from sim.draws import Decision, Draws
from sim.mechanisms import MECHANISMS
from sim.mechanisms.adoption import latest_news
from sim.mechanisms.ties import push_changes
from sim.studies.validation.villages_data import MONTHS_A_TRIMESTER, Village
from sim.studies.validation.villages_networks import Pairs

Mechanisms = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Takeup:
    """What a run predicts, the mean over copies, in the order in which the villages were given.

    Parameters
    ----------
    others, leaders : float64[villages]
        Share of those not told first, and of those told first, at the end.
    path : float64[villages, trimesters + 1]
        Share of all households by trimester; NaN after the last one observed.
    households : list of float64[n], one for each village
        How often each household took it up, over the copies.
    """

    others: NDArray[np.float64]
    leaders: NDArray[np.float64]
    path: NDArray[np.float64]
    households: list[NDArray[np.float64]]


class Layout:
    """Copies of villages laid out as one population, those observed for long first.

    Parameters
    ----------
    villages : sequence of Village
    networks : sequence of networks (one for each village), or None
        Copies take turns at the networks. None mixes everybody: each household meets as many others as is usual in its
        village, drawn anew every month.
    copies : int
    """

    def __init__(self, villages: Sequence[Village], networks: Sequence[Sequence[Pairs]] | None, copies: int) -> None:
        self.order = sorted(range(len(villages)), key=lambda k: -villages[k].months)
        self.villages, self.copies = [villages[k] for k in self.order], copies
        sizes = np.repeat([v.n for v in self.villages], copies)
        self.first = np.concatenate([[0], np.cumsum(sizes)])
        self.leader = np.concatenate([np.tile(v.leader, copies) for v in self.villages])
        self.poverty = np.concatenate([np.tile(v.poverty, copies) for v in self.villages])
        self.n = len(self.leader)
        self.block = np.repeat(np.arange(len(sizes)), sizes)
        self.mixed = networks is None
        # where all mix, only the usual number of ties counts
        pairs = [self._pairs(k, c, networks) for k in range(len(villages)) for c in range(copies)]
        usual = np.array([2.0 * len(p) for p in pairs]) / sizes
        self.usual = np.repeat(usual, sizes)
        self.ptr, self.ties = _lists(self.n, np.concatenate([p + at for p, at in zip(pairs, self.first, strict=False)]))
        self.degree = np.diff(self.ptr).astype(np.int16)
        if self.mixed:
            self.degree = np.maximum(np.rint(self.usual), 1).astype(np.int16)

    def _pairs(self, k: int, copy: int, networks: Sequence[Sequence[Pairs]] | None) -> Pairs:
        """Return the ties of one copy of a village."""
        return self.villages[k].ties if networks is None else networks[copy % len(networks)][self.order[k]]

    def observed(self, month: int) -> int:
        """Return how many rows belong to villages that are still observed in a month."""
        count = sum(v.months > month for v in self.villages) * self.copies
        return int(self.first[count])


class Luck:
    """Random numbers of everybody in a layout, drawn once for runs that are to share them."""

    def __init__(self, seed: int, n: int) -> None:
        draws = Draws(seed)
        self.taste = draws.normal(Decision.TASTE, -1, n)
        self.uniform = cache(lambda decision, month: draws.uniform(decision, month, n))


def _lists(n: int, pairs: Pairs) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where each household's neighbours begin, and the neighbours."""
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    ptr = np.concatenate([[0], np.cumsum(np.bincount(ends[:, 0], minlength=n))])
    return ptr.astype(np.int32), ends[:, 1].astype(np.int32)


def take_up(
    layout: Layout, luck: Luck, assumed: Adoption, poverty: float = 0.0, visits: float = 0.0,
    mechanisms: Mechanisms = MECHANISMS,
) -> Takeup:  # fmt: skip
    """Run the villages month by month and return the take-up.

    A household takes the place of a resident. Those told first are informed, and have the news, at the start. Everybody
    has what it takes, and nobody lapses; there is no campaign, and age plays no part.

    Parameters
    ----------
    layout : Layout
    luck : Luck
    assumed : Adoption
    poverty : float, logit
        Worth of a poverty one standard score higher: it is put in as usefulness.
    visits : float, households a month
        How many households the lender's own staff meet in each of the first three months, whatever the size of the
        village: the intensity of a campaign is this number over all households. 0 leaves all to those told first.
    mechanisms : mapping
        Functions ``information``, ``trust`` and ``adoption``.
    """
    n = layout.n
    informed, user = layout.leader.copy(), np.zeros(n, np.bool_)
    news = np.zeros(n, np.int16)
    users, others = np.zeros(n, np.int16), np.zeros(n, np.int16)
    nothing, nobody, age = np.zeros(n, np.float32), np.zeros(n, np.bool_), np.full(n, 30, np.int8)
    useful = layout.poverty * np.float32(poverty / assumed.usefulness)
    reach = np.minimum(visits / np.diff(layout.first)[layout.block], 1.0).astype(np.float32)
    _tell(layout, luck, n, 0, nobody, nobody, informed, user, users, others)
    path = np.full((len(layout.villages) * layout.copies, 1 + max(v.trimesters for v in layout.villages)), np.nan)
    path[:, 0] = 0.0
    for month in range(max(v.months for v in layout.villages)):
        m = layout.observed(month)
        draw = {d: luck.uniform(d, month)[:m] for d in (Decision.INFORMATION, Decision.ADOPTION)}
        word = reach[:m] if month < MONTHS_A_TRIMESTER else nothing[:m]
        knows = mechanisms["information"](
            draw[Decision.INFORMATION], informed[:m], users[:m], others[:m], word, assumed
        )
        news[:m] = latest_news(
            draw[Decision.INFORMATION], month, news[:m], informed[:m], knows, word, nobody[:m], nobody[:m], assumed
        )
        faith = mechanisms["trust"](
            nothing[:m], nobody[:m], users[:m], layout.degree[:m], nothing[:m], nobody[:m], nothing[:m], assumed
        )
        takes = mechanisms["adoption"](
            draw[Decision.ADOPTION], knows & ~user[:m], useful[:m], faith, users[:m], layout.degree[:m], age[:m],
            nobody[:m], luck.taste[:m], np.int16(month) - news[:m], assumed,
        )  # fmt: skip
        has = user[:m] | takes
        _tell(layout, luck, m, month + 1, informed[:m], user[:m], knows, has, users, others)
        informed[:m], user[:m] = knows, has
        if (month + 1) % MONTHS_A_TRIMESTER == 0:
            blocks = int(np.searchsorted(layout.first, m))
            path[:blocks, (month + 1) // MONTHS_A_TRIMESTER] = _shares(layout, user, np.ones(n, np.bool_))[:blocks]
    return Takeup(
        _by_village(layout, _shares(layout, user, ~layout.leader)),
        _by_village(layout, _shares(layout, user, layout.leader)),
        _by_village(layout, path),
        _by_household(layout, user),
    )


def _tell(
    layout: Layout, luck: Luck, m: int, month: int, informed_before: Any, user_before: Any, informed: Any, user: Any,
    users: Any, others: Any,
) -> None:  # fmt: skip
    """Renew the counts of neighbours who are users, and who only know."""
    if not layout.mixed:
        push_changes(
            informed_before, user_before, informed, user, layout.ptr[: len(user) + 1], layout.ties, users, others
        )
        return
    rounding, rows = luck.uniform(Decision.TIES, month)[:m], layout.block[:m]
    everybody = np.diff(layout.first)[rows] - 1
    for counts, who in ((users, user), (others, informed & ~user)):
        inside = np.bincount(rows, who, minlength=len(layout.first) - 1)[rows] - who
        counts[:m] = np.floor(layout.usual[:m] * inside / everybody + rounding)


def _shares(layout: Layout, user: NDArray[np.bool_], among: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of users among some households of each copy."""
    result: NDArray[np.float64] = np.bincount(layout.block, user & among) / np.maximum(
        np.bincount(layout.block, among), 1
    )
    return result


def _by_village(layout: Layout, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return means over the copies of each village, in the order in which the villages were given."""
    means = values.reshape(len(layout.villages), layout.copies, -1).mean(axis=1)
    result: NDArray[np.float64] = np.empty_like(means)
    result[layout.order] = means
    return result[:, 0] if values.ndim == 1 else result


def _by_household(layout: Layout, user: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Return how often each household is a user, by village in the order in which they were given."""
    result: list[Any] = [None] * len(layout.villages)
    for k, where in enumerate(layout.order):
        start, stop = layout.first[k * layout.copies], layout.first[(k + 1) * layout.copies]
        result[where] = user[start:stop].reshape(layout.copies, -1).mean(axis=0)
    return result
