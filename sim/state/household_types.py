"""Kinds of household, and the mix of them that gives a county its ages.

A kind lists its adults by age range, the head first; the head is the oldest member under 70, where there is one. The
baseline mix is assumed (the shape of a Henan village of 2017: few young couples, many of 40 and over, grandparents
with left-behind children). It is then moved as little as needed to give the ages and the household size of the facts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import CatfishError
from sim.kernels import add_up
from sim.vocabulary import PlaceKind

MOST_ADULTS = 6


@dataclass(frozen=True)
class HouseholdType:
    """One kind of household.

    Attributes
    ----------
    name : str
    ages : tuple of (youngest, oldest)
        Age range of each adult, the head first; a range lies in one age band.
    couples : tuple of int
        Members (by place in ``ages``) who are about as old as the member before.
    children : float
        Children relative to the other kinds.
    mix : (village, seat, town)
        Baseline share among the households of a place.
    poor : float
        How often it is a registered poor household, relative to the other kinds.
    """

    name: str
    ages: tuple[tuple[int, int], ...]
    couples: tuple[int, ...]
    children: float
    mix: tuple[float, float, float]
    poor: float


_YOUNG, _YOUTH = (24, 39), (18, 28)
_MIDDLE, _LATE = (40, 59), (46, 59)
_OLD, _PARENT, _GRANDPARENT = (60, 92), (70, 92), (60, 69)

TYPES = (
    HouseholdType("young, alone", (_YOUNG,), (), 0.1, (0.02, 0.05, 0.07), 0.4),
    HouseholdType("young couple", (_YOUNG, _YOUNG), (1,), 1.3, (0.06, 0.13, 0.20), 0.4),
    HouseholdType("young couple and a parent", (_YOUNG, _YOUNG, _PARENT), (1,), 1.4, (0.03, 0.05, 0.05), 0.8),
    HouseholdType("middle-aged, alone", (_MIDDLE,), (), 0.3, (0.04, 0.04, 0.04), 1.8),
    HouseholdType("middle-aged couple", (_MIDDLE, _MIDDLE), (1,), 0.7, (0.20, 0.19, 0.18), 0.8),
    HouseholdType("middle-aged couple, grown child", (_LATE, _LATE, _YOUTH), (1,), 0.4, (0.12, 0.14, 0.14), 0.6),
    HouseholdType(
        "middle-aged and young couple", (_LATE, _LATE, (22, 34), (22, 34)), (1, 3), 1.4, (0.06, 0.06, 0.05), 0.5
    ),
    HouseholdType("middle-aged couple, old parent", (_MIDDLE, _MIDDLE, _PARENT), (1,), 0.7, (0.10, 0.07, 0.05), 1.1),
    HouseholdType(
        "three generations", (_LATE, _LATE, _PARENT, _YOUTH), (1,), 0.6, (0.05, 0.04, 0.02), 1.0
    ),
    HouseholdType(
        "grandparents and young couple", (_GRANDPARENT, _GRANDPARENT, (27, 39), (27, 39)), (1, 3), 1.5,
        (0.06, 0.06, 0.06), 0.6,
    ),
    HouseholdType("old couple", (_OLD, _OLD), (1,), 0.5, (0.17, 0.11, 0.10), 1.3),
    HouseholdType("old, alone", (_OLD,), (), 0.1, (0.09, 0.06, 0.04), 2.2),
)  # fmt: skip

ADULTS = np.array([len(t.ages) for t in TYPES], np.int64)
CHILDREN = tuple(t.children for t in TYPES)
POOR = tuple(t.poor for t in TYPES)
YOUNG = tuple(sum(high < 40 for _, high in t.ages) for t in TYPES)
OLD = tuple(sum(low >= 60 for low, _ in t.ages) for t in TYPES)


def age_table() -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.bool_]]:
    """Return youngest and oldest age, and whether as old as the member before: [types, MOST_ADULTS]."""
    low = np.zeros((len(TYPES), MOST_ADULTS), np.int8)
    high, partner = low.copy(), low.astype(np.bool_)
    for row, kind in enumerate(TYPES):
        for slot, (youngest, oldest) in enumerate(kind.ages):
            low[row, slot], high[row, slot], partner[row, slot] = youngest, oldest, slot in kind.couples
    return low, high, partner


def type_shares(kind: PlaceKind, adults: float, young: float, old: float) -> tuple[float, ...]:
    r"""Return the mix of households in a kind of place.

    The baseline mix :math:`b_t` is multiplied by :math:`\max(0.2, 1 + \lambda \cdot x_t)` until

    .. math:: \sum s_t = 1, \quad \sum s_t n_t = \bar n, \quad \sum s_t y_t = \bar n y, \quad \sum s_t o_t = \bar n o

    for adults :math:`n_t`, those under 40 :math:`y_t` and those of 60 and over :math:`o_t` of each kind of household.
    In plain numbers, rounded at the ninth place, so that every machine has the same.

    Parameters
    ----------
    kind : PlaceKind
    adults : float
        Mean adults of a household.
    young, old : float
        Shares of adults under 40, and of 60 and over.

    Raises
    ------
    CatfishError
        If no mix of these households has such ages.
    """
    wanted = [1.0, adults, adults * young, adults * old]
    traits = [[1.0, float(n), float(y), float(o)] for n, y, o in zip(ADULTS, YOUNG, OLD, strict=True)]
    shares = [t.mix[kind] for t in TYPES]
    for _ in range(60):
        missing = [w - add_up(s * x[k] for s, x in zip(shares, traits, strict=True)) for k, w in enumerate(wanted)]
        if max(abs(m) for m in missing) < 1e-12:
            return tuple(round(s, 9) for s in shares)
        both = list(zip(shares, traits, strict=True))
        cross = [[add_up(s * x[i] * x[j] for s, x in both) for j in range(4)] for i in range(4)]
        push = _solve(cross, missing)
        shares = [s * max(0.2, 1.0 + add_up(p * v for p, v in zip(push, x, strict=True))) for s, x in both]
    raise CatfishError(
        f"no mix of households has {adults} adults each, {young:.0%} of them under 40 and {old:.0%} of 60 and over "
        f"({kind.name.lower()}): change the county's ages or adults_per_household"
    )


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a small linear system by elimination; all zeros where it has no single solution."""
    n = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        if abs(rows[i][i]) < 1e-14:
            return [0.0] * n
        for r in range(n):
            if r != i:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [rows[i][n] / rows[i][i] for i in range(n)]
