"""Scores of forecasts of districts, with a bootstrap over states."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.studies.validation.districts_data import ASKED

FloatArray = NDArray[np.float64]

_AGAIN, _SEED = 2000, 7
_BOUNDS = (0.025, 0.975)


def skill_table(
    truth: FloatArray, bands: Mapping[str, FloatArray], points: Mapping[str, FloatArray], states: NDArray[np.str_]
) -> pd.DataFrame:
    """Return the score of every method at every date.

    Parameters
    ----------
    truth : float64[districts, dates]
    bands : mapping to float64[districts, dates, 3]
        Methods with an interval; the first one is what the others are compared with.
    points : mapping to float64[districts, dates]
        Methods without.
    states : str[districts]
        Whole states are drawn again: districts of one state have more in common than policy.

    Returns
    -------
    DataFrame
        ``method``, ``date``, ``mdape``, ``coverage``; ``worse_by``, its MdAPE less that of the first method; ``skill``
        of the first method against it, 1 less the ratio of their MdAPEs; the bounds of all but coverage; and
        ``verdict``, "win", "tie" or "loss" of the first method: whether the bounds of its skill lie on one side of 0.
    """
    middles = {**{name: band[:, :, 1] for name, band in bands.items()}, **points}
    errors = np.stack([np.abs(middle / truth - 1.0) for middle in middles.values()])
    scores, again = np.median(errors, axis=1), _again(errors, states)
    sampled = {"mdape": again, "worse_by": again - again[:, :1], "skill": 1.0 - again[:, :1] / again}
    measured = {"mdape": scores, "worse_by": scores - scores[0], "skill": 1.0 - scores[0] / scores}
    bounds = {name: np.quantile(samples, _BOUNDS, axis=0) for name, samples in sampled.items()}
    rows = []
    for m, name in enumerate(middles):
        for k, date in enumerate(ASKED):
            row: dict[str, object] = {"method": name, "date": date, "coverage": np.nan}
            if name in bands:
                band = bands[name][:, k]
                row["coverage"] = float(((truth[:, k] >= band[:, 0]) & (truth[:, k] <= band[:, 2])).mean())
            for measure, values in measured.items():
                row[measure] = values[m, k]
                row[f"{measure}_low"], row[f"{measure}_high"] = bounds[measure][:, m, k]
            low, high = bounds["skill"][:, m, k]
            row["verdict"] = "win" if low > 0.0 else "loss" if high < 0.0 else "tie"
            rows.append(row)
    return pd.DataFrame(rows)


def _again(errors: FloatArray, states: NDArray[np.str_]) -> FloatArray:
    """Return the scores in samples of as many states, drawn with replacement, float64[samples, methods, dates]."""
    rows = [np.flatnonzero(states == state) for state in np.unique(states)]
    rng = np.random.default_rng(_SEED)
    found = np.empty((_AGAIN, errors.shape[0], errors.shape[2]))
    for i in range(_AGAIN):
        drawn = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        found[i] = np.median(errors[:, drawn], axis=1)
    return found
