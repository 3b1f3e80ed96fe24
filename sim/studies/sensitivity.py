"""Which parameters matter: elementary effects of all, then parts of the variance of those that matter most.

Both are sweeps like any other (:mod:`sim.studies.sweep`): each run is kept at once, and what was stopped goes on.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import CatfishError
from sim.executors import cluster_at
from sim.experiment import Progress, Task, process_count, read_scenario, run_task
from sim.limits import check_months, check_scale, check_seeds
from sim.notebook import bar_in_notebook
from sim.parameters import DECLARED, Declaration, nearest
from sim.scenario import Scenario
from sim.storage.run_store import write_whole
from sim.studies.sweep import Plan, Sweep, check_measures, run_plan
from sim.studies.sweep_design import Axis, axes_of, frame_of

FloatArray = NDArray[np.float64]

#: The measures that are asked about if none is named.
ASKED = ("wallet_active", "credit_access", "days_to_cash_bank", "bank_profit")
#: So many parameters go into the second step.
MOST = 8
#: Values of each parameter in the first step: the ends of its range, and two between.
LEVELS = 4
#: Confidence of the intervals, and the resamples that they are made of.
CONFIDENCE, RESAMPLES = 0.95, 1000


@dataclass(frozen=True)
class Questions:
    """What is asked, checked.

    Attributes
    ----------
    plan : Plan
        The runs of the first step.
    left_out : dict of str to list of str
        Parameters that have a range and are not varied, by the reason.
    samples : int
        Points of the second step for each of its parameters and two more.
    """

    plan: Plan
    left_out: dict[str, list[str]]
    samples: int

    @property
    def second(self) -> int:
        """Runs of the second step."""
        return self.samples * (min(MOST, len(self.plan.axes)) + 2) * len(self.plan.seeds)

    @property
    def runs(self) -> int:
        """Runs of both steps."""
        return self.plan.runs + self.second


def sensitivity(
    scenario: str | Path | Scenario = "neixiang",
    measures: Sequence[str] = ASKED,
    *,
    only: Sequence[str] = (),
    trajectories: int = 4,
    samples: int = 64,
    seeds: Sequence[int] = (1,),
    scale: float = 0.02,
    months: int = 60,
    out: str | Path | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> Sensitivity:
    """Return how much each parameter moves some measures, each within the range that is plausible.

    Parameters
    ----------
    scenario : str, Path or Scenario
    measures : sequence of str
        Any names of measures. Other ones may be asked of the same folder later: only the second step is run anew then.
    only : sequence of str
        Paths, or groups of parameters, that are looked at; all of them if nothing is said.
    trajectories : int
        Of the first step: each takes a run for each parameter and one more.
    samples : int
        Of the second step, a power of two: each takes ten runs.
    seeds : sequence of int
        The same for every point, so that luck is paired.
    scale, months, out, jobs, cluster
        As for :func:`sim.studies.sweep.sweep`; the folder is results/NAME-sensitivity if nothing is said.
    done : callable, optional
        Called with the number of runs that are finished.

    Returns
    -------
    Sensitivity

    Raises
    ------
    CatfishError
        If a value is not possible, SALib is not installed, or as for a sweep.
    """
    asked = ask(
        scenario, only=only, trajectories=trajectories, samples=samples, seeds=seeds, scale=scale, months=months
    )
    folder = Path(out) if out is not None else Path("results") / f"{asked.plan.scenario.name}-sensitivity"
    return answer(asked, check_measures(measures), folder, jobs=jobs, cluster=cluster, done=done)


def ask(
    scenario: str | Path | Scenario, *, only: Sequence[str], trajectories: int, samples: int, seeds: Sequence[int],
    scale: float, months: int,
) -> Questions:  # fmt: skip
    """Return what is asked, checked; arguments as for :func:`sensitivity`.

    Raises
    ------
    CatfishError
        If a value is not possible, or SALib is not installed.
    """
    if find_spec("SALib") is None:
        raise CatfishError("sensitivity needs SALib, which is not installed: pip install 'catfish[sensitivity]'")
    if not isinstance(trajectories, int) or not 2 <= trajectories <= 1_000:
        raise CatfishError(f"trajectories is {trajectories!r}, but must be a whole number from 2 to 1,000")
    if not isinstance(samples, int) or not 2 <= samples <= 2**16 or samples & (samples - 1):
        raise CatfishError(f"samples is {samples!r}, but must be a power of two from 2 to 65,536")
    ready, seeds, scale, months = read_scenario(scenario), check_seeds(seeds), check_scale(scale), check_months(months)
    axes, left_out = ranges_of(ready, only)
    points = frame_of(axes, _first(axes, trajectories, seeds[0]))
    design = f"Morris: {LEVELS} levels"
    return Questions(
        Plan("sensitivity", design, ready, axes, points, seeds, scale, months, trajectories), left_out, samples
    )


def ranges_of(scenario: Scenario, only: Sequence[str] = ()) -> tuple[list[Axis], dict[str, list[str]]]:
    """Return the parameters with a plausible range, and why some of these are left out.

    A lever that changes over time would lose its dates. A range that the scenario's own value lies outside of is that
    of an instrument which the scenario does not use: every point would use it.

    Raises
    ------
    CatfishError
        If ``only`` names no parameter or group.
    """
    groups = {path.partition(".")[0] for path in DECLARED}
    for name in only:
        if name not in DECLARED and name not in groups:
            raise CatfishError(f"only: there is no parameter or group {name[:100]!r}{nearest(name, DECLARED)}")
    vary: dict[str, tuple[Any, Any]] = {}
    left_out: dict[str, list[str]] = {"they change over time": [], "the scenario does not use them": []}
    for path, each in DECLARED.items():
        ends = each.plausible or scenario.county.ranges.get(path, ())
        if not ends or not ends[0] < ends[1] or (only and not {path, path.partition(".")[0]} & set(only)):
            continue
        value = scenario.shown(each)
        if isinstance(value, Mapping):
            left_out["they change over time"].append(path)
        elif not ends[0] <= value <= ends[1]:
            left_out["the scenario does not use them"].append(path)
        else:
            vary[path] = (_end(each, ends[0]), _end(each, ends[1]))
    if not vary:
        raise CatfishError(f"only: none of {', '.join(only)} has a range that could be varied")
    return axes_of(vary), left_out


def _end(each: Declaration, value: float) -> Any:
    return each.kind(value)


def _problem(axes: Sequence[Axis]) -> dict[str, Any]:
    """Return SALib's description of ranges: shares of the way along each."""
    return {"num_vars": len(axes), "names": [axis.path for axis in axes], "bounds": [[0.0, 1.0]] * len(axes)}


def _first(axes: Sequence[Axis], trajectories: int, seed: int) -> FloatArray:
    """Return the points of the first step, as shares of the way along each axis."""
    sample: Any = import_module("SALib.sample.morris").sample
    points: FloatArray = sample(_problem(axes), trajectories, num_levels=LEVELS, seed=seed)
    return points


def _second(axes: Sequence[Axis], samples: int, seed: int) -> FloatArray:
    """Return the points of the second step, as shares of the way along each axis."""
    sample: Any = import_module("SALib.sample.sobol").sample
    points: FloatArray = sample(_problem(axes), samples, calc_second_order=False, seed=seed)
    return points


def estimate(asked: Questions, folder: Path, jobs: int | None = None, cluster: str | None = None) -> str:
    """Measure one run, and say how many are missing and how long they will take.

    Parameters
    ----------
    asked : Questions
    folder : Path
        Of the runs.
    jobs, cluster
        As for :func:`sensitivity`.
    """
    plan = asked.plan
    there = sum(1 for _ in folder.rglob("*.parquet"))
    missing = max(asked.runs - there, 0)
    what = (
        f"{len(plan.axes)} parameters: {plan.runs:,} runs, then {asked.second:,} for the {min(MOST, len(plan.axes))} "
        "that matter most"
    )
    if not missing:
        return f"{what}; all may be there"
    task = Task(plan.scenario, plan.seeds[0], plan.scale, plan.months, tables=("monthly",))
    if cluster:
        with cluster_at(cluster) as (_, count):
            where = f"{count} thread{'s' if count != 1 else ''} of the cluster"
    else:
        count = process_count([task] * missing, jobs)
        where = f"{count} process{'es' if count != 1 else ''}"
    run_task(replace(task, months=1))  # kernels are loaded once, and not measured
    begun = time.perf_counter()
    run_task(task)
    each = time.perf_counter() - begun
    known = f"; {there:,} are there" if there else ""
    return f"{what}{known}. One takes {each:.2f} s here, so on {where} about {_duration(each * missing / count)}"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 6_000 else f"{seconds / 3_600:.1f} hours"


def answer(
    asked: Questions, measures: Sequence[str], folder: Path, *, jobs: int | None = None, cluster: str | None = None,
    done: Progress | None = None,
) -> Sensitivity:  # fmt: skip
    """Make the runs that are missing, and take apart what they show; arguments as for :func:`sensitivity`."""
    first = asked.plan
    tell = done or bar_in_notebook(f"{first.scenario.name}: {asked.runs} runs", asked.runs) or _silent
    screened = run_plan(first, folder, jobs=jobs, cluster=cluster, done=tell)
    morris = _morris(first, screened, measures)
    strongest = most(morris)
    axes = [axis for axis in first.axes if axis.path in strongest]
    points = frame_of(axes, _second(axes, asked.samples, first.seeds[0]))
    second = Plan(
        "Sobol indices", "Sobol: first and total order", first.scenario, axes, points, first.seeds, first.scale,
        first.months, asked.samples,
    )  # fmt: skip
    name = hashlib.sha256(json.dumps([strongest, asked.samples]).encode()).hexdigest()[:8]
    split = run_plan(
        second, folder / f"sobol-{name}", jobs=jobs, cluster=cluster, done=lambda runs: tell(first.runs + runs)
    )
    return Sensitivity(screened, split, morris, _sobol(second, split, measures), asked.left_out)


def _silent(runs: int) -> None:
    """Tell nobody."""


def _morris(plan: Plan, found: Sweep, measures: Sequence[str]) -> pd.DataFrame:
    """Return elementary effects: a row for each measure and parameter."""
    analyze: Any = import_module("SALib.analyze.morris").analyze
    shares, outcomes = _first(plan.axes, plan.asked, plan.seeds[0]), found.outcomes(*measures)
    names, keys = [axis.path for axis in plan.axes], ("mu_star", "mu_star_conf", "mu", "sigma")
    tables = []
    for measure in measures:
        values, table = outcomes[measure].to_numpy(np.float64), dict.fromkeys(keys, np.nan)
        if np.isfinite(values).all():
            table = analyze(
                _problem(plan.axes), shares, values, num_levels=LEVELS, num_resamples=RESAMPLES, conf_level=CONFIDENCE,
                seed=plan.seeds[0],
            )  # fmt: skip
        columns = {key: np.asarray(table[key], np.float64) for key in keys}
        tables.append(pd.DataFrame({"measure": measure, "path": names, **columns}))
    return pd.concat(tables, ignore_index=True)


def _sobol(plan: Plan, found: Sweep, measures: Sequence[str]) -> pd.DataFrame:
    """Return shares of the variance: a row for each measure and parameter."""
    analyze: Any = import_module("SALib.analyze.sobol").analyze
    outcomes, names = found.outcomes(*measures), [axis.path for axis in plan.axes]
    keys, tables = ("S1", "S1_conf", "ST", "ST_conf"), []
    for measure in measures:
        values, table = outcomes[measure].to_numpy(np.float64), dict.fromkeys(keys, np.nan)
        if np.isfinite(values).all() and np.ptp(values) > 0:
            table = analyze(
                _problem(plan.axes), values, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE,
                seed=plan.seeds[0],
            )  # fmt: skip
        columns = {key: np.asarray(table[key], np.float64) for key in keys}
        tables.append(pd.DataFrame({"measure": measure, "path": names, **columns}))
    return pd.concat(tables, ignore_index=True)


def most(morris: pd.DataFrame) -> list[str]:
    """Return the parameters that matter most: by the mean over measures of the effect over the largest one's."""
    effects = morris.pivot_table(index="path", columns="measure", values="mu_star").fillna(0.0)  # one value each
    largest = effects.max()
    weight = (effects / largest.where(largest > 0, 1.0)).mean(axis=1)
    return list(weight.sort_index().sort_values(ascending=False, kind="stable").index[:MOST])


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity:
    """How much each parameter moves some measures.

    Attributes
    ----------
    screened, split : Sweep
        The runs of the two steps.
    morris : DataFrame
        ``measure, path, mu_star, mu_star_conf, mu, sigma``: elementary effects (Morris 1991; Campolongo, Cariboni and
        Saltelli 2007), in the measure's unit over the whole range of the parameter. ``mu_star`` is the mean of their
        sizes, with half of its 95% interval; ``mu`` the mean with signs; a large ``sigma`` means that the effect
        depends on the other parameters, or is not linear.
    sobol : DataFrame
        ``measure, path, S1, S1_conf, ST, ST_conf``: shares of the variance (Sobol 2001; Saltelli et al. 2010) when the
        parameters that matter most fill their ranges evenly: by itself (S1), and with all that it does together with
        others (ST), each with half of its 95% interval.
    left_out : dict of str to list of str
        Parameters that have a range and were not varied, by the reason.
    """

    screened: Sweep
    split: Sweep
    morris: pd.DataFrame
    sobol: pd.DataFrame
    left_out: dict[str, list[str]]

    @cached_property
    def measures(self) -> list[str]:
        """The measures that were asked about."""
        return list(dict.fromkeys(self.morris["measure"]))

    def ranked(self, measure: str) -> pd.DataFrame:
        """Return the elementary effects on a measure, the largest first."""
        rows = self.morris[self.morris["measure"] == measure]
        return rows.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)

    def table(self, measure: str) -> pd.DataFrame:
        """Return both steps for a measure: a row for each parameter that matters most, by its whole share."""
        rows = self.sobol[self.sobol["measure"] == measure]
        both = rows.merge(self.morris, on=["measure", "path"])
        return both.sort_values("ST", ascending=False, kind="stable", ignore_index=True)

    def files(self) -> dict[str, bytes]:
        """Return the tables as files, by name."""
        tables = {"morris.csv": self.morris, "sobol.csv": self.sobol}
        return {name: table.to_csv(index=False).encode() for name, table in tables.items()}

    def save_tables(self) -> None:
        """Write the tables beside the runs."""
        for name, content in self.files().items():
            write_whole(self.screened.folder / name, content)

    def __repr__(self) -> str:
        about, manifest = self.screened.manifest["scenario"], self.screened.manifest
        return (
            f"<Sensitivity of {', '.join(self.measures)} in {about['name']}: {len(self.screened.axes)} parameters, "
            f"{manifest['months']} months, scale {manifest['scale']:g}>"
        )
