r"""Fit the mechanisms to open villages: many parameter sets are run once and weighted by how well each does.

Every set is run once for all villages. Its weight is its likelihood with the error's variance integrated out,

.. math:: w_\theta \propto \Bigl(\sum_v [(\hat y_v - y_v)^2 + \overline{(\hat y_{vt} - y_{vt})^2}]\Bigr)^{-n/2},

the sum over the n villages learnt from, the mean over trimesters. A village that is left out is left out of the sum, so
that no run has to be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.assumptions.adoption import Adoption
from sim.studies.validation.villages_data import Village
from sim.studies.validation.villages_model import Layout, Luck, take_up
from sim.studies.validation.villages_networks import Pairs, completed, rewired

Array = NDArray[np.float64]
COPIES = 4
SETS = 64
#: Parameters and what is believable of them before the data is seen: low, high, and whether on a scale of logarithms.
PRIOR = {
    "information_users": (0.02, 0.9, True),
    "information_others": (0.004, 0.6, True),
    "taste": (1.0, 12.0, True),
    "neighbours": (0.0, 1.0, False),
    "poverty": (-0.5, 1.5, False),
    "news_fade": (0.3, 12.0, True),
    "news_floor": (0.01, 1.0, True),
    "visits": (0.0, 300.0, False),
}
_LEVELS = np.array([-3.5, -2.8, -2.2, -1.7, -1.2, -0.7, -0.2, 0.4, 1.2])
_BETWEEN = 8
_TOO_HIGH = 0.5


@dataclass(frozen=True)
class Variant:
    """A way to run the mechanisms.

    Parameters
    ----------
    name : str
    network : str
        "observed", "completed", "rewired" or "mixed".
    free : bool
        Whether all parameters are fitted or the intercept alone.
    fades : bool
        Whether news gets old; if not, an informed household decides every month alike.
    visits : bool
        Whether the lender's staff pay visits.
    """

    name: str
    network: str = "observed"
    free: bool = True
    fades: bool = True
    visits: bool = False


@dataclass(frozen=True)
class Table:
    """Parameter sets, and what each predicts.

    Parameters
    ----------
    sets : DataFrame
    others : float64[sets, villages]
    path : float64[sets, villages, trimesters + 1]
    """

    sets: pd.DataFrame
    others: Array
    path: Array


def networks(villages: Sequence[Village], kind: str) -> list[list[Pairs]] | None:
    """Return the networks of one kind that copies take turns at; None where everybody mixes."""
    if kind == "mixed":
        return None
    if kind == "observed":
        return [[village.ties for village in villages]]
    if kind == "completed":
        return [[completed(village, seed) for village in villages] for seed in range(COPIES)]
    return [[rewired(village.n, village.ties, seed) for village in villages] for seed in range(COPIES)]


def parameter_sets(variant: Variant, count: int) -> Iterator[dict[str, float]]:
    """Return parameter sets but for the intercept, spread evenly over what is believable."""
    shipped = Adoption()
    usual = {
        "information_users": shipped.information_users, "information_others": shipped.information_others,
        "taste": shipped.taste, "neighbours": 1.0, "poverty": 0.0, "news_fade": shipped.news_fade,
        "news_floor": shipped.news_floor if variant.fades else 1.0, "visits": 0.0,
    }  # fmt: skip
    if not variant.free:
        yield from [usual] * (max(count // 8, 1))
        return
    kept = set() if variant.visits else {"visits"}
    kept |= set() if variant.fades else {"news_fade", "news_floor"}
    for row in qmc.Sobol(len(PRIOR), scramble=False).random(count):
        drawn = {
            name: float(low * (high / low) ** u if logarithmic else low + (high - low) * u)
            for u, (name, (low, high, logarithmic)) in zip(row, PRIOR.items(), strict=True)
        }
        yield {name: usual[name] if name in kept else value for name, value in drawn.items()}


def assumptions(drawn: dict[str, float], level: float) -> Adoption:
    """Return the assumptions of a parameter set; the level is the intercept in units of the spread of scores.

    ``neighbours`` scales what neighbours do beyond telling: trust in what they use, and imitation.
    """
    shipped = Adoption()
    intercept = level * np.sqrt(1.0 + drawn["taste"] ** 2) - shipped.trust * shipped.trust_base
    return shipped.model_copy(update={
        "information_users": drawn["information_users"], "information_others": drawn["information_others"],
        "taste": drawn["taste"], "intercept": float(intercept), "age": 0.0,
        "news_fade": drawn["news_fade"], "news_floor": drawn["news_floor"],
        "trust_neighbours": shipped.trust_neighbours * drawn["neighbours"],
        "imitation": shipped.imitation * drawn["neighbours"],
    })  # fmt: skip


def tabulate(
    villages: Sequence[Village], variant: Variant, count: int = SETS, done: Callable[[], None] | None = None
) -> Table:
    """Run every parameter set at several intercepts, and interpolate between them."""
    layout = Layout(villages, networks(villages, variant.network), COPIES)
    sets, others, paths = [], [], []
    for number, drawn in enumerate(parameter_sets(variant, count)):
        luck, runs, levels = Luck(number + 1, layout.n), [], []
        for level in _LEVELS:
            runs.append(take_up(layout, luck, assumptions(drawn, level), drawn["poverty"], drawn["visits"]))
            levels.append(level)
            if runs[-1].others.mean() > _TOO_HIGH:
                break
        fine = np.linspace(levels[0], levels[-1], _BETWEEN * (len(levels) - 1) + 1)
        others.append(_between(fine, levels, np.array([run.others for run in runs])))
        paths.append(_between(fine, levels, np.array([run.path for run in runs])))
        sets += [{**drawn, "intercept": assumptions(drawn, level).intercept} for level in fine]
        if done:
            done()
    return Table(pd.DataFrame(sets), np.concatenate(others), np.concatenate(paths))


def _between(fine: Array, levels: Sequence[float], values: Array) -> Array:
    """Interpolate along the first axis."""
    left = np.clip(np.searchsorted(levels, fine, side="right") - 1, 0, len(levels) - 2)
    at = np.asarray(levels)
    part = ((fine - at[left]) / (at[left + 1] - at[left])).reshape(-1, *[1] * (values.ndim - 1))
    result: Array = values[left] * (1.0 - part) + values[left + 1] * part
    return result


def losses(table: Table, villages: Sequence[Village]) -> Array:
    """Return squared errors of each set and village, final and mean over the path; NaN where outcomes are withheld."""
    final = np.array([village.final for village in villages])
    path = np.full(table.path.shape[1:], np.nan)
    for row, village in zip(path, villages, strict=True):
        row[: len(village.path)] = village.path
    gaps = np.square(table.path[:, :, 1:] - path[:, 1:])
    known = np.isfinite(path[:, 1:])
    mean = np.where(known, gaps, 0.0).sum(axis=2) / np.maximum(known.sum(axis=1), 1)
    result: Array = np.square(table.others - final) + mean
    return result


def weights(loss: Array, left_out: int | None = None) -> Array:
    """Return the weight of each set, learnt from the villages whose outcome is known and that is not left out."""
    known: NDArray[np.bool_] = np.asarray(np.isfinite(loss).all(axis=0))
    if left_out is not None:
        known[left_out] = False
    log = -0.5 * known.sum() * np.log(loss[:, known].sum(axis=1))
    weight = np.exp(log - log.max())
    result: Array = weight / weight.sum()
    return result


def predict(table: Table, villages: Sequence[Village]) -> tuple[Array, Array]:
    """Return final take-up and path of each village: of an open one from the other open ones, of a sealed one from all.

    Returns
    -------
    others : float64[villages]
    path : float64[villages, trimesters + 1]
    """
    loss = losses(table, villages)
    others, path = np.empty(len(villages)), np.full(table.path.shape[1:], np.nan)
    for k, village in enumerate(villages):
        weight = weights(loss, k)
        others[k] = weight @ table.others[:, k]
        path[k, : len(village.path)] = weight @ table.path[:, k, : len(village.path)]
    return others, path


def fitted(table: Table, villages: Sequence[Village]) -> pd.DataFrame:
    """Return median and 90% interval of every parameter, learnt from all open villages."""
    weight = weights(losses(table, villages))
    rows = []
    for name in table.sets:
        order = np.argsort(table.sets[name].to_numpy())
        values, mass = table.sets[name].to_numpy()[order], np.cumsum(weight[order])
        low, middle, high = values[np.minimum(np.searchsorted(mass, (0.05, 0.5, 0.95)), len(values) - 1)]
        rows.append({"parameter": name, "median": middle, "low": low, "high": high})
    return pd.DataFrame(rows)


def pooled(tables: Sequence[Table]) -> Table:
    """Return several tables as one."""
    return Table(
        pd.concat([table.sets for table in tables], ignore_index=True),
        np.concatenate([table.others for table in tables]),
        np.concatenate([table.path for table in tables]),
    )
