"""Many units with all kinds of circumstances, run once: which of them a district is like is learned later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.studies.validation.districts_in_proportion import BEFORE, Unit, run_in_proportion

FloatArray = NDArray[np.float64]

#: Where the circumstances of districts may lie before anything is learned: assumed, wide on purpose.
RANGES: Mapping[str, tuple[float, float]] = {
    "launch": (0.0, float(BEFORE - 5)),
    "informed": (0.05, 1.0),
    "word": (0.0, 0.8),
    "push": (0.0, 1.0),
    "appeal": (-3.0, 2.0),
    "diversity": (0.5, 3.0),
    "phones": (0.05, 0.80),
    "phones_gained": (0.0, 0.20),
}
#: Even on the scale of the logarithm.
_BY_RATIO = ("informed", "phones")
_PART = 2048


@dataclass(frozen=True)
class Library:
    """Units and what came of them.

    Parameters
    ----------
    shares : float64[units, quarters]
        Share of adults who ever took up a wallet.
    circumstances : DataFrame
        One row a unit; the columns of `RANGES`.
    """

    shares: FloatArray
    circumstances: pd.DataFrame


def run_library(units: int, ages: FloatArray, seed: int, fixed: Mapping[str, float] | None = None) -> Library:
    """Return so many units, spread evenly over `RANGES`.

    Parameters
    ----------
    units : int
        A power of two.
    ages : float64[3]
        Share of adults who are 18 to 29, 30 to 49, 50 and over.
    seed : int
    fixed : mapping
        Circumstances that do not differ.
    """
    points = qmc.Sobol(len(RANGES), rng=np.random.default_rng(seed)).random(units)
    columns: dict[str, FloatArray] = {}
    for (name, (low, high)), point in zip(RANGES.items(), points.T, strict=True):
        ratio = name in _BY_RATIO
        columns[name] = low * (high / low) ** point if ratio else low + (high - low) * point
    for name, value in (fixed or {}).items():
        columns[name] = np.full(units, value)
    parts = [slice(begin, begin + _PART) for begin in range(0, units, _PART)]
    shares = [run_in_proportion(Unit(**{f.name: columns[f.name][part] for f in fields(Unit)}), ages) for part in parts]
    return Library(np.concatenate(shares), pd.DataFrame(columns))
