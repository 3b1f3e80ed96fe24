"""Take the effect of the platform's entry apart: from the outcomes of every world to parts that add up exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from sim.dates import show_month
from sim.patterns.verdicts import BAND
from sim.studies.effect_worlds import ANSWERS, CHANNELS, OUTCOMES, Found
from sim.studies.shapley import Game, Team, dividends, on_grid, shapley

PARTS = ("platform", *CHANNELS)
#: Ways of counting the bank's answer. "entry": what the platform's entry adds to it. "anyway": what the bank would do
#: without the platform, which the platform's part loses and the channels gain. "whole": both together.
COUNTED = ("entry", "anyway", "whole")
_LEVELS = (("level", "without"), ("level", "with"))
_NOTHING, _EVERYTHING = ANSWERS[0], ANSWERS[-1]
_TOGETHER = [team for team in ANSWERS if len(team) > 1]
#: Shapley weights of four members are twelfths.
_WEIGHTS = 12

Keyed = dict[tuple[str, str], Fraction]
Side = Sequence[Sequence[Found]]


def name_of(team: Team) -> str:
    """Return channels as the tables write them: "price+speed", or "none"."""
    return "+".join(name for name in CHANNELS if name in team) or "none"


def effect_tables(
    seeds: Sequence[int], entered: Side, without: Side
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return parts, interactions and worlds, as ``Effect`` has them.

    Parameters
    ----------
    seeds : sequence of int
    entered, without : sequence of sequence of Found
        What the worlds with and without the platform left, by seed and in the order of ``ANSWERS``.
    """
    worlds = _worlds(seeds, entered, without)
    parts: list[dict[str, Any]] = []
    interactions: list[dict[str, Any]] = []
    for name in OUTCOMES:
        values = _exact([found.outcomes[name] for side in (entered, without) for seed in side for found in seed], seeds)
        worlds[name] = [float(value) for value in values] or math.nan
        games = _games(values, len(seeds))
        parts += _rows(name, [_parts(*each) for each in games], _PART_KEYS, "part")
        interactions += _rows(name, [_interactions(*each) for each in games], _TOGETHER_KEYS, "channels")
    return pd.DataFrame(parts), pd.DataFrame(interactions), worlds


def _worlds(seeds: Sequence[int], entered: Side, without: Side) -> pd.DataFrame:
    """Return the table of worlds without their outcomes."""
    rows = [
        {"seed": seed, "platform": platform, "answer": name_of(may),
         "alarm": show_month(found.alarm) if found.alarm >= 0 else "never"}
        for platform, side in (("yes", entered), ("no", without))
        for seed, answers in zip(seeds, side, strict=True)
        for may, found in zip(ANSWERS, answers, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _exact(values: Sequence[float], seeds: Sequence[int]) -> list[Fraction]:
    """Return an outcome of every world on a grid that holds parts and their means exactly; nothing if one has none."""
    return on_grid(values, _WEIGHTS * len(seeds)) if all(math.isfinite(value) for value in values) else []


def _games(values: Sequence[Fraction], seeds: int) -> list[tuple[Game, Game]]:
    """Return each seed's games: outcomes by what the bank may answer with, with the platform and without."""
    if not values:
        return []
    tables = [
        dict(zip(ANSWERS, values[k : k + len(ANSWERS)], strict=True)) for k in range(0, len(values), len(ANSWERS))
    ]
    return list(zip(tables[:seeds], tables[seeds:], strict=True))


def _less(v: Game, w: Game) -> Game:
    """Return what entry does, by what the bank may answer with."""
    return {team: v[team] - w[team] for team in ANSWERS}


_PART_KEYS = (*_LEVELS, *((counted, part) for counted in COUNTED for part in (*PARTS, "effect")))


def _parts(v: Game, w: Game) -> Keyed:
    """Return the levels, and the parts in each way of counting, of one seed."""
    u = _less(v, w)
    own = {"entry": u[_NOTHING], "anyway": w[_NOTHING] - w[_EVERYTHING], "whole": v[_NOTHING] - w[_EVERYTHING]}
    found = dict(zip(_LEVELS, (w[_EVERYTHING], v[_EVERYTHING]), strict=True))
    for counted, game in zip(COUNTED, (u, w, v), strict=True):
        parts = {"platform": own[counted], **shapley(game, CHANNELS)}
        found |= {(counted, part): value for part, value in parts.items()}
        found[counted, "effect"] = sum(parts.values(), Fraction(0))
    return found


_TOGETHER_KEYS = tuple((counted, name_of(team)) for counted in COUNTED for team in _TOGETHER)


def _interactions(v: Game, w: Game) -> Keyed:
    """Return what channels do only together, in each way of counting, of one seed."""
    found: Keyed = {}
    for counted, game in zip(COUNTED, (_less(v, w), w, v), strict=True):
        shared = dividends(game, CHANNELS)
        found |= {(counted, name_of(team)): shared[team] for team in _TOGETHER}
    return found


def _rows(outcome: str, seeds: Sequence[Keyed], keys: Sequence[tuple[str, str]], column: str) -> list[dict[str, Any]]:
    """Return a row for each key: mean over seeds, band, and whether the sign is settled."""
    return [
        {"outcome": outcome, "counted": counted, column: part, "unit": OUTCOMES[outcome].unit}
        | _spread([each[counted, part] for each in seeds])
        for counted, part in keys
    ]


def _spread(values: Sequence[Fraction]) -> dict[str, Any]:
    """Return the mean, the 80% band and whether it lies on one side of zero (or all is zero); one seed has no band."""
    found: dict[str, Any] = {"mean": math.nan, "low": math.nan, "high": math.nan, "settled": ""}
    if values:
        found["mean"] = float(sum(values, Fraction(0)) / len(values))
    if len(values) > 1:
        low, high = (float(x) for x in np.quantile([float(value) for value in values], BAND))
        settled = low > 0 or high < 0 or not any(values)
        found |= {"low": low, "high": high, "settled": "yes" if settled else "no"}
    return found
