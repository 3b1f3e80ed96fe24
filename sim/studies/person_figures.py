"""The figures of two worlds that are compared person by person. Noise is the same figures of other pairs of worlds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.studies.decided import CAUSES
from sim.studies.lives import Lives, Standing
from sim.vocabulary import AgeBand, Occupation, PlaceKind

FloatArray = NDArray[np.float64]
#: Yuan over the run that must be between two worlds for a person to count as one who gains or loses.
NOTABLE = 100.0
#: Groups whose gains are told: kind to the column that says who belongs where, and the groups' names.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "all": ("", ("all",)),
    "occupation": ("occupation", tuple(each.name.lower() for each in Occupation)),
    "age": ("age_band", tuple(each.name.lower() for each in AgeBand)),
    "poverty": ("poor", ("not_poor", "poor")),
    "place": ("place_kind", tuple(each.name.lower() for each in PlaceKind)),
}


def gains(a: Lives, b: Lives) -> pd.DataFrame:
    """Return what each adult gains in world b over world a, in yuan over the run.

    A yuan of income more, a yuan of interest less and a yuan less of credit that was wanted and not got count the same;
    they stand beside their sum, so that they can be weighed otherwise.
    """
    mine, its = a.columns, b.columns
    parts = {
        "gain_income": its["income"] - mine["income"],
        "gain_interest": mine["interest"] - its["interest"],
        "gain_unmet": mine["unmet"] - its["unmet"],
    }
    table = pd.DataFrame(parts)
    table.insert(0, "gain", table.sum(axis=1))
    return table


def figures(a: Lives, b: Lives) -> pd.DataFrame:
    """Return every figure of world b against world a: kind, group, figure, unit, value. Counts are at full size."""
    rows = [*_differing(a, b), *_moves(a, b), *_gains(a, b), *_crowded_out(a, b)]
    return pd.DataFrame(rows, columns=["kind", "group", "figure", "unit", "value"])


_Row = tuple[str, str, str, str, float]


def _differing(a: Lives, b: Lives) -> Iterator[_Row]:
    """Count the adults of whom anything at all that is recorded differs."""
    mine, its = a.columns.to_numpy(np.float64), b.columns.to_numpy(np.float64)
    yield "differ", "all", "adults", "adults", float((mine != its).any(axis=1).sum() * a.weight)


def _moves(a: Lives, b: Lives) -> Iterator[_Row]:
    """Count the adults who stand elsewhere."""
    mine, its = a.columns["standing"].to_numpy(), b.columns["standing"].to_numpy()
    for before in Standing:
        for after in Standing:
            if before != after:
                count = np.count_nonzero((mine == before) & (its == after))
                yield "move", f"{before.name.lower()} to {after.name.lower()}", "adults", "adults", count * a.weight


def _gains(a: Lives, b: Lives) -> Iterator[_Row]:
    table = gains(a, b)
    gain = table["gain"].to_numpy()
    for kind, (column, names) in KINDS.items():
        for code, group in enumerate(names):
            here = a.fixed[column].to_numpy() == code if column else np.ones(len(gain), np.bool_)
            count = int(here.sum())
            for name in table:
                total = float(table[name].to_numpy()[here].sum())
                yield kind, group, f"{name}_total", "million yuan", total * a.weight * 1e-6
                yield kind, group, f"{name}_each", "yuan an adult", total / count if count else 0.0
            yield kind, group, "gainers", "adults", float((gain[here] > NOTABLE).sum() * a.weight)
            yield kind, group, "losers", "adults", float((gain[here] < -NOTABLE).sum() * a.weight)


def _crowded_out(a: Lives, b: Lives) -> Iterator[_Row]:
    """Count who lost a loan to others' claims in one world, and was granted the same application in the other."""
    for cause in CAUSES:
        for where, here, there in (("b", b, a), ("a", a, b)):
            lost = here.decided.crowded_out
            lost = lost[lost["cause"] == cause]
            met = lost.merge(there.decided.granted, on=["resident", "product", "applied"], suffixes=("", "_granted"))
            yield "crowded out", cause, f"lost in {where}", "adults", _people(lost) * a.weight
            yield "crowded out", cause, f"lost in {where} alone", "adults", _people(met) * a.weight
            yield (
                "crowded out", cause, f"lost in {where} alone, yuan", "million yuan",
                float(met["amount"].sum()) * a.weight * 1e-8,
            )  # fmt: skip


def _people(events: Any) -> int:
    return int(events["resident"].nunique())
