"""Information and adoption held against real take-up in 43 villages whose household networks are known.

The shipped mechanisms run on real networks from the households that the lender told first. Parameters are fitted on
open villages, and each open village is predicted from the others. The same is done on rewired networks and where
everybody mixes, so that what the network adds is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import CatfishError
from sim.studies.validation.villages_data import Village
from sim.studies.validation.villages_fit import (
    COPIES,
    SETS,
    Table,
    Variant,
    assumptions,
    fitted,
    losses,
    networks,
    parameter_sets,
    pooled,
    predict,
    tabulate,
    weights,
)
from sim.studies.validation.villages_model import Layout, Luck, take_up
from sim.studies.validation.villages_scores import (
    CENTRALITY,
    MEAN,
    SIZE,
    baselines,
    mean_interval,
    noise_floor,
    ranking,
    skills,
    stacked,
)

Array = NDArray[np.float64]
SHIPPED, REFITTED, COMPLETED = "shipped", "refitted", "refitted, ties completed"
REWIRED, MIXED = "refitted, rewired", "refitted, mean field"
STEADY, VISITS = "refitted, news never old", "extra: lender's visits"
POOLED, WITH_SIZE = "pooled", "extra: pooled and village size"
VARIANTS = (
    Variant(SHIPPED, free=False),
    Variant(REFITTED),
    Variant(COMPLETED, "completed"),
    Variant(REWIRED, "rewired"),
    Variant(MIXED, "mixed"),
    Variant(STEADY, fades=False),
    Variant(VISITS, visits=True),
)
#: What sealed villages are predicted with: every way to run the mechanism but those that only serve to compare.
IN_POOL = (SHIPPED, REFITTED, COMPLETED, VISITS)
BASELINES = (MEAN, SIZE, CENTRALITY, REFITTED, STEADY, REWIRED, MIXED)
_FEWEST = 5
_RUNS_FOR_WHO = 24


@dataclass(frozen=True)
class VillagesResult:
    """What came out.

    Parameters
    ----------
    skill : DataFrame
        One row for each target (final, path), model and baseline: errors, skill with its interval, verdict.
    predictions : DataFrame
        Final take-up of each open village: observed, and from the other villages by each model.
    path : DataFrame
        The same by trimester, for all households.
    sealed, sealed_with_size : DataFrame
        ``village``, ``takeup_nonleaders`` of sealed villages by the mechanisms alone (pooled), and by a weighted mean
        of that and of the straight line in village size; empty unless asked for.
    fitted : DataFrame
        Median and 90% interval of parameters by model, learnt from all open villages.
    who : DataFrame
        How well each network tells, within a village, who took it up (0.5 is luck), with what it has over rewired ties.
    noise_floor : float
        Error that luck alone leaves.
    seconds : float
    """

    skill: pd.DataFrame
    predictions: pd.DataFrame
    path: pd.DataFrame
    sealed: pd.DataFrame
    sealed_with_size: pd.DataFrame
    fitted: pd.DataFrame
    who: pd.DataFrame
    noise_floor: float
    seconds: float


def steps_in_all(sets: int = SETS) -> int:
    """Return how many steps the study tells ``done`` of."""
    return sum(len(list(parameter_sets(variant, sets))) for variant in VARIANTS)


def judge(
    villages: Sequence[Village], sets: int, done: Callable[[int], None] | None = None, began: float | None = None
) -> VillagesResult:
    """Fit, predict and score some villages, with so many parameter sets for each model (a power of two)."""
    began = time.perf_counter() if began is None else began
    check_enough(villages)
    count = iter(range(1, 10**9))
    tables = {
        variant.name: tabulate(villages, variant, sets, lambda: done(next(count)) if done else None)
        for variant in VARIANTS
    }
    tables[POOLED] = pooled([tables[name] for name in IN_POOL])
    predicted = {**baselines(villages), **{name: predict(table, villages) for name, table in tables.items()}}
    predicted[WITH_SIZE] = stacked(villages, predicted[POOLED], predicted[SIZE])
    parameters = [fitted(tables[v.name], villages).assign(model=v.name) for v in VARIANTS]
    return VillagesResult(
        skill=skills(villages, predicted, BASELINES),
        predictions=_predictions(villages, predicted),
        path=_path(villages, predicted),
        sealed=_sealed(villages, predicted[POOLED][0]),
        sealed_with_size=_sealed(villages, predicted[WITH_SIZE][0]),
        fitted=pd.concat(parameters, ignore_index=True)[["model", "parameter", "median", "low", "high"]],
        who=_who(villages, tables),
        noise_floor=noise_floor(villages),
        seconds=time.perf_counter() - began,
    )


def check_enough(villages: Sequence[Village]) -> None:
    """Refuse too few open villages to learn from.

    Raises
    ------
    CatfishError
        If there are too few.
    """
    if sum(not village.sealed for village in villages) < _FEWEST:
        raise CatfishError(f"at least {_FEWEST} villages have to be open, or there is nothing to learn from")


def _predictions(villages: Sequence[Village], predicted: Mapping[str, tuple[Array, Array]]) -> pd.DataFrame:
    """Return final take-up of each open village."""
    rows = [
        {"village": village.number, "households": village.n, "observed": village.final}
        | {name: others[k] for name, (others, _) in predicted.items()}
        for k, village in enumerate(villages)
        if not village.sealed
    ]
    return pd.DataFrame(rows)


def _path(villages: Sequence[Village], predicted: Mapping[str, tuple[Array, Array]]) -> pd.DataFrame:
    """Return take-up of all households by trimester of each open village."""
    rows = [
        {"village": village.number, "trimester": trimester, "observed": village.path[trimester]}
        | {name: path[k, trimester] for name, (_, path) in predicted.items()}
        for k, village in enumerate(villages)
        if not village.sealed
        for trimester in range(1, len(village.path))
    ]
    return pd.DataFrame(rows)


def _sealed(villages: Sequence[Village], others: Array) -> pd.DataFrame:
    """Return the predictions for sealed villages."""
    rows = [(village.number, others[k]) for k, village in enumerate(villages) if village.sealed]
    return pd.DataFrame(rows, columns=["village", "takeup_nonleaders"])


def _who(villages: Sequence[Village], tables: Mapping[str, Table]) -> pd.DataFrame:
    """Return how well models tell who took it up among those not told first, in open villages.

    The fit knows only totals of villages, so it has not seen who took it up.
    """
    found = {}
    opened = [village for village in villages if not village.sealed]
    for variant in VARIANTS:
        if variant.name in (REFITTED, COMPLETED, REWIRED, MIXED):
            chances = _chances(opened, variant, tables[variant.name], weights(losses(tables[variant.name], villages)))
            found[variant.name] = np.array(
                [_rank(village, chance) for village, chance in zip(opened, chances, strict=True)]
            )
    rows = []
    for name, values in found.items():
        mean, low, high = mean_interval(values)
        more, more_low, more_high = mean_interval(values - found[REWIRED])
        rows.append({
            "model": name, "rank": mean, "low": low, "high": high, "over_rewired": more, "over_rewired_low": more_low,
            "over_rewired_high": more_high,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _rank(village: Village, chance: Array) -> float:
    """Return how well a village's households are ranked; 0.5 where all or none of them took it up."""
    took = np.zeros(village.n, np.bool_) if village.took is None else village.took
    among = took[~village.leader]
    return ranking(chance[~village.leader], among) if 0 < among.sum() < len(among) else 0.5


def _chances(opened: Sequence[Village], variant: Variant, table: Table, weight: Array) -> list[Array]:
    """Return every household's chance: the mean over runs with parameter sets taken in proportion to their weight."""
    layout = Layout(opened, networks(opened, variant.network), COPIES)
    picks = np.searchsorted(np.cumsum(weight), (np.arange(_RUNS_FOR_WHO) + 0.5) / _RUNS_FOR_WHO)
    total = [np.zeros(village.n) for village in opened]
    for number, pick in enumerate(np.minimum(picks, len(weight) - 1)):
        drawn = {str(name): float(value) for name, value in table.sets.iloc[pick].items()}
        assumed = assumptions(drawn, 0.0).model_copy(update={"intercept": drawn["intercept"]})
        run = take_up(layout, Luck(1000 + number, layout.n), assumed, drawn["poverty"])
        for have, more in zip(total, run.households, strict=True):
            have += more / _RUNS_FOR_WHO
    return total
