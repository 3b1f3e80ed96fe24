"""Baselines for villages, and what a prediction is worth against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.draws import Decision, Draws
from sim.studies.validation.villages_data import Village
from sim.studies.validation.villages_networks import leader_centrality

Array = NDArray[np.float64]
MEAN, SIZE, CENTRALITY = "mean", "village size", "leader centrality"
_RESAMPLES = 4000
_INTERVAL = (0.025, 0.975)


class Score(NamedTuple):
    """Skill of a model against a baseline, its interval, and what that is called."""

    skill: float
    low: float
    high: float
    verdict: str


def baselines(villages: Sequence[Village]) -> dict[str, tuple[Array, Array]]:
    """Return, by baseline, final take-up and path of each village, learnt from the other open villages.

    Straight lines in one variable; the path is the prediction for all households at the end, times the mean course of
    the villages learnt from (share of the last value reached by each trimester).
    """
    variables = {
        MEAN: np.zeros(len(villages)),
        SIZE: np.array([float(village.n) for village in villages]),
        CENTRALITY: np.array([leader_centrality(village) for village in villages]),
    }
    final = np.array([village.final for village in villages])
    last = np.array([village.path[-1] for village in villages])
    course = _courses(villages)
    found = {}
    for name, variable in variables.items():
        others, path = np.empty(len(villages)), np.full(course.shape, np.nan)
        for k, village in enumerate(villages):
            known = np.isfinite(final)
            known[k] = False
            line = np.column_stack([np.ones(len(villages)), variable])
            others[k], end = (
                line[k] @ np.linalg.lstsq(line[known], values[known], rcond=None)[0] for values in (final, last)
            )
            path[k, : len(village.path)] = end * course[known, : len(village.path)].mean(axis=0)
        found[name] = (others, path)
    return found


def stacked(villages: Sequence[Village], one: tuple[Array, Array], other: tuple[Array, Array]) -> tuple[Array, Array]:
    """Return a mean of two predictions of each village, with the weight (0 to 1) that suits the other open ones."""
    observed = np.array([village.final for village in villages])
    gap = one[0] - other[0]
    others, path = np.empty(len(villages)), np.full(one[1].shape, np.nan)
    for k in range(len(villages)):
        known = np.isfinite(observed)
        known[k] = False
        best = gap[known] @ (observed - other[0])[known] / max(float(gap[known] @ gap[known]), 1e-12)
        weight = min(max(best, 0.0), 1.0)
        others[k] = weight * one[0][k] + (1.0 - weight) * other[0][k]
        path[k] = weight * one[1][k] + (1.0 - weight) * other[1][k]
    return others, path


def _courses(villages: Sequence[Village]) -> Array:
    """Return the share of its last value that each village had reached by each trimester; 1 after its end."""
    course = np.ones((len(villages), max(len(village.path) for village in villages)))
    for row, village in zip(course, villages, strict=True):
        row[: len(village.path)] = village.path / village.path[-1]
    return course


def squared_errors(villages: Sequence[Village], others: Array, path: Array) -> dict[str, Array]:
    """Return one squared error for each open village: of the final value, and the mean over trimesters of the path."""
    rows = [k for k, village in enumerate(villages) if not village.sealed]
    final = [np.square(others[k] - villages[k].final) for k in rows]
    course = [np.mean(np.square(path[k, 1 : len(villages[k].path)] - villages[k].path[1:])) for k in rows]
    return {"final": np.array(final), "path": np.array(course)}


def skills(
    villages: Sequence[Village], predicted: Mapping[str, tuple[Array, Array]], against: Sequence[str]
) -> pd.DataFrame:
    """Return the skill of every prediction against some of them: 1 - RMSE / RMSE of the other.

    The interval is that of 4000 samples of villages with replacement, the same for both; predictions stay as they are.
    """
    observed = np.array([village.final for village in villages if not village.sealed])
    which = [k for k, village in enumerate(villages) if not village.sealed]
    errors = {name: squared_errors(villages, *pair) for name, pair in predicted.items()}
    draw = Draws(1).uniform(Decision.VILLAGE_SAMPLE, 0, _RESAMPLES * len(observed))
    sample = (draw * len(observed)).astype(int).reshape(_RESAMPLES, -1)
    rows = []
    for target in ("final", "path"):
        for name, (others, _) in predicted.items():
            for other in against:
                if other == name:
                    continue
                mine, theirs = errors[name][target], errors[other][target]
                low, high = np.quantile(
                    1.0 - np.sqrt(mine[sample].mean(axis=1) / theirs[sample].mean(axis=1)), _INTERVAL
                )
                rows.append({
                    "target": target, "model": name, "baseline": other, "rmse": float(np.sqrt(mine.mean())),
                    "baseline_rmse": float(np.sqrt(theirs.mean())),
                    "skill": float(1.0 - np.sqrt(mine.mean() / theirs.mean())), "low": float(low), "high": float(high),
                    "verdict": "win" if low > 0.0 else "loss" if high < 0.0 else "tie",
                    "correlation": _correlation(others[which], observed) if target == "final" else np.nan,
                })  # fmt: skip
    return pd.DataFrame(rows)


def scores(skill: pd.DataFrame) -> dict[tuple[str, str, str], Score]:
    """Return the scores of a table of skills by target, model and baseline."""
    names = zip(skill["target"], skill["model"], skill["baseline"], strict=True)
    values = zip(skill["skill"], skill["low"], skill["high"], skill["verdict"], strict=True)
    return {name: Score(*value) for name, value in zip(names, values, strict=True)}


def _correlation(one: Array, other: Array) -> float:
    """Return the correlation; NaN where nothing varies."""
    if np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def noise_floor(villages: Sequence[Village]) -> float:
    """Return the error that luck alone leaves, if households decided independently: sqrt(mean of y (1 - y) / n)."""
    parts = [v.final * (1.0 - v.final) / np.count_nonzero(~v.leader) for v in villages if not v.sealed]
    return float(np.sqrt(np.mean(parts)))


def ranking(chance: Array, took: NDArray[np.bool_]) -> float:
    """Return how often one who took it had the higher chance than one who did not (0.5 by luck; ties count half)."""
    order = np.sort(chance[~took])
    below = np.searchsorted(order, chance[took], side="left")
    upto = np.searchsorted(order, chance[took], side="right")
    return float((below + upto).mean() / (2.0 * len(order)))


def mean_interval(values: Array) -> tuple[float, float, float]:
    """Return the mean and its interval over samples of villages with replacement."""
    draw = Draws(1).uniform(Decision.VILLAGE_SAMPLE, 0, _RESAMPLES * len(values))
    means = values[(draw * len(values)).astype(int).reshape(_RESAMPLES, -1)].mean(axis=1)
    low, high = np.quantile(means, _INTERVAL)
    return float(values.mean()), float(low), float(high)
