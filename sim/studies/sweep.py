"""Run a scenario at many points of some ranges, each run kept as soon as it is finished; read them when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sim.errors import CatfishError
from sim.executors import call_each, cluster_at
from sim.experiment import Progress, Task, place_for, process_count, read_scenario, run_task
from sim.limits import check_months, check_scale, check_seeds
from sim.measures import MEASURES
from sim.notebook import bar_in_notebook
from sim.parameters import nearest
from sim.scenario import Scenario
from sim.storage.manifest import describe_run, model_version
from sim.storage.run_store import POINTS, RunStore, dataset_of, open_store, part_bytes, read_manifest, write_whole
from sim.storage.tables import dates
from sim.studies.sweep_design import Axis, Design, axes_of, scenario_at, spread

YEAR = 12
#: Counted as a stock, but each month tells of other loans, few of them.
_COHORT = "default_rate"
#: The measures that a sweep is summed up by.
MAIN = ("wallet_active", "shops_qr", "credit_access", "gross_loans_bank", "gross_loans_platform", "default_rate",
        "days_to_cash_bank", "bank_profit")  # fmt: skip
_NONE: Mapping[str, tuple[Any, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class Plan:
    """The runs of a study: all points with all seeds.

    Attributes
    ----------
    study, design : str
        What is recorded of where the points come from.
    scenario : Scenario
    axes : list of Axis
    points : DataFrame
        A row for each point, a column for each parameter that is varied.
    seeds : list of int
        The same for every point: what differs between points is never luck.
    scale : float
    months : int
    asked : int
        How many points were asked for.
    """

    study: str
    design: str
    scenario: Scenario
    axes: list[Axis]
    points: pd.DataFrame
    seeds: list[int]
    scale: float
    months: int
    asked: int

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.points) * len(self.seeds)

    def task(self, point: int, seed: int) -> Task:
        """Return the task of a point and a seed."""
        return Task(scenario_at(self.scenario, self.points, point), seed, self.scale, self.months, tables=("monthly",))

    def manifest(self) -> dict[str, Any]:
        """Return the record of what is asked."""
        record = describe_run(self.scenario, self.seeds, self.scale, self.months, 0.0, MEASURES)
        del record["weight"]
        vary = {axis.path: axis.bounds for axis in self.axes}
        asked = {"vary": vary, "design": self.design, "points": self.asked}
        return {"study": self.study, "model": model_version(), **asked, **record}


def sweep(
    scenario: str | Path | Scenario = "neixiang",
    vary: Mapping[str, tuple[Any, Any]] = _NONE,
    points: int = 16,
    *,
    design: Design = "latin",
    seeds: Sequence[int] = (1,),
    scale: float = 0.1,
    months: int = 60,
    out: str | Path | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> Sweep:
    """Run a scenario at points spread over ranges of its parameters.

    Each finished run is written to the folder ``out`` at once. Stopped at any moment and called again it goes on with
    the runs that are missing; when all are there it only reads.

    Parameters
    ----------
    scenario : str, Path or Scenario
    vary : mapping of path to (low, high)
        What is varied, and between what: ``{"bank.alarm_level": (0.4, 0.6)}``.
    points : int
        How many points; with a grid so many values of each parameter.
    design : {"latin", "sobol", "grid"}
        Latin hypercube, scrambled Sobol points, or all combinations. Drawn from the first seed.
    seeds : sequence of int
        The same for every point.
    scale : float
        Share of the county that is simulated.
    months : int
        How many months.
    out : str or Path, optional
        Folder of the runs; results/NAME-sweep if nothing is said.
    jobs : int, optional
        Processes; by default as many as the work is worth.
    cluster : str, optional
        Address of a Dask scheduler whose workers make the runs instead: "tcp://host:port".
    done : callable, optional
        Called with the number of runs that are finished, those found there included; a notebook shows a bar without it.

    Returns
    -------
    Sweep

    Raises
    ------
    CatfishError
        If a value is not possible, the folder holds something else, or a run cannot be made or written.
    """
    plan = plan_sweep(scenario, vary, points, design=design, seeds=seeds, scale=scale, months=months)
    folder = Path(out) if out is not None else Path("results") / f"{plan.scenario.name}-sweep"
    return run_plan(plan, folder, jobs=jobs, cluster=cluster, done=done)


def plan_sweep(
    scenario: str | Path | Scenario, vary: Mapping[str, tuple[Any, Any]], points: int, *, design: Design,
    seeds: Sequence[int], scale: float, months: int, where: str = "vary",
) -> Plan:  # fmt: skip
    """Return the plan of a sweep, checked; arguments as for :func:`sweep`."""
    ready, axes, seeds = read_scenario(scenario), axes_of(vary, where), check_seeds(seeds)
    frame = spread(axes, points, design, seeds[0])
    return Plan("sweep", design, ready, axes, frame, seeds, check_scale(scale), check_months(months), points)


def run_plan(
    plan: Plan, folder: Path, *, jobs: int | None = None, cluster: str | None = None, done: Progress | None = None
) -> Sweep:
    """Make the runs of a plan that its folder does not have yet.

    Parameters
    ----------
    plan : Plan
    folder : Path
    jobs, cluster, done
        As for :func:`sweep`.

    Raises
    ------
    CatfishError
        As for :func:`sweep`.
    """
    for point in range(len(plan.points)):  # before anything is written
        scenario_at(plan.scenario, plan.points, point)
    if cluster:
        with cluster_at(cluster):
            pass
    tell = done or bar_in_notebook(f"{plan.scenario.name}: {plan.runs} runs", plan.runs) or _silent
    with open_store(folder, plan.manifest(), points_text(plan.points)) as store:
        missing = [(k, seed) for k in range(len(plan.points)) for seed in plan.seeds if (k, seed) not in store.runs]
        tell(plan.runs - len(missing))

        def keep(run: tuple[int, int], content: bytes) -> None:
            store.keep(run, content)
            tell(len(store.runs))

        _make(plan, missing, keep, jobs, cluster)
        _finish(store)
    return Sweep(folder)


def _silent(runs: int) -> None:
    """Tell nobody."""


def _make(
    plan: Plan, missing: Sequence[tuple[int, int]], keep: Callable[[tuple[int, int], bytes], None], jobs: int | None,
    cluster: str | None,
) -> None:  # fmt: skip
    """Make runs, in this process or in others, and hand over each when it is there."""
    if not missing:
        return
    usual = Task(plan.scenario, missing[0][1], plan.scale, plan.months)
    count = process_count([usual] * len(missing), jobs)
    if count <= 1 and not cluster:
        for run in missing:
            keep(run, run_part(plan.task(*run)))
        return
    calls: Iterator[tuple[tuple[int, int], Task]] = ((run, plan.task(*run)) for run in missing)
    call_each(run_part, calls, keep, lambda: place_for(usual, count, jobs if cluster else None, cluster))


def run_part(task: Task) -> bytes:
    """Run a task, and return its months as they are kept."""
    return part_bytes(run_task(task).tables["monthly"])


def _finish(store: RunStore) -> None:
    if "content_hash" not in read_manifest(store.folder):
        store.finish()


def points_text(points: pd.DataFrame) -> str:
    """Return points as a table with commas, which tells every number to the last bit."""
    return points.rename_axis("point").to_csv()


class Sweep:
    """The runs of a sweep, in a folder; read only when something is asked of them.

    Parameters
    ----------
    folder : str or Path
        May hold a part of the runs only: those of a sweep that was stopped.

    Raises
    ------
    CatfishError
        If it holds no sweep.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        if "vary" not in self.manifest:
            raise CatfishError(f"{folder} holds no sweep")

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row for each point, a column for each parameter that is varied."""
        texts = pd.read_csv(self.folder / POINTS, index_col="point", dtype={axis.path: str for axis in self.axes})
        return texts.assign(**{axis.path: [axis.read(text) for text in texts[axis.path]] for axis in self.axes})

    @cached_property
    def axes(self) -> list[Axis]:
        """What was varied, and between what."""
        return axes_of({path: tuple(ends) for path, ends in self.manifest["vary"].items()})

    @property
    def seeds(self) -> list[int]:
        """The seeds, the same for every point."""
        return [int(seed) for seed in self.manifest["seeds"]]

    @property
    def content_hash(self) -> str:
        """The hash of all runs; empty while some are missing."""
        return str(self.manifest.get("content_hash", ""))

    def dataset(self) -> Any:
        """Return the runs as a pyarrow data set: point, seed, month and a column for each measure."""
        return dataset_of(self.folder)

    def table(self, *measures: str) -> pd.DataFrame:
        """Return a row for each point, seed and month: measures (all of them if none is named), and what was varied.

        Raises
        ------
        CatfishError
            If there is no such measure.
        """
        names = check_measures(measures) or list(MEASURES)
        rows = self._read(names, 0)
        month = rows["month"].to_numpy()
        rows.insert(3, "date", dates(self.manifest["scenario"]["start"], month))
        return rows.join(self.points, on="point")

    def outcomes(self, *measures: str) -> pd.DataFrame:
        """Return a row for each point, the mean over seeds.

        Of a stock what it is at the end; of a flow, and of the default rate of a month's loans, the mean of the run's
        last year.

        Raises
        ------
        CatfishError
            If there is no such measure.
        """
        names = check_measures(measures) or list(MAIN)
        last = int(self.manifest["months"]) - 1
        rows = self._read(names, max(last + 1 - YEAR, 0))
        stocks = [name for name in names if is_taken_at_end(name)]
        flows = [name for name in names if name not in stocks]
        ends = rows.loc[rows["month"] == last].set_index(["point", "seed"])[stocks]
        years = rows.groupby(["point", "seed"])[flows].mean()
        return ends.join(years)[names].groupby("point").mean().reindex(self.points.index)

    def summary(self, *measures: str) -> pd.DataFrame:
        """Return for each measure the median and the range over points, and its rank correlation with each parameter.

        Measures as in :meth:`outcomes`; correlations of Spearman (1904).
        """
        outcomes = self.outcomes(*measures)
        numbers = pd.DataFrame(
            {axis.path: [axis.number(value) for value in self.points[axis.path]] for axis in self.axes},
            index=self.points.index,
        )
        found = pd.DataFrame(
            {"median": outcomes.median(), "lowest": outcomes.min(), "highest": outcomes.max()}
        )  # fmt: skip
        for path in numbers.columns:
            found[path] = [rank_correlation(numbers[path], outcomes[name]) for name in outcomes.columns]
        return found.rename_axis("measure")

    def save_summary(self) -> None:
        """Write the summary beside the runs."""
        write_whole(self.folder / "summary.csv", self.summary().to_csv().encode())

    def _read(self, names: Sequence[str], first: int) -> pd.DataFrame:
        """Return measures from a month on, in the order of points, seeds and months."""
        columns = ["point", "seed", "month", *names]
        try:
            table = self.dataset().to_table(columns=columns, filter=pc.field("month") >= first)
        except (OSError, pa.ArrowInvalid) as error:
            raise CatfishError(f"{self.folder} is damaged: {error}") from error
        frame: pd.DataFrame = table.to_pandas()
        return frame.sort_values(columns[:3], ignore_index=True)

    def __repr__(self) -> str:
        about, count = self.manifest["scenario"], len(self.seeds)
        return (
            f"<Sweep of {about['name']} over {', '.join(self.manifest['vary'])}: {len(self.points)} points, {count} "
            f"seed{'s' if count != 1 else ''}, {self.manifest['months']} months, scale {self.manifest['scale']:g}>"
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.summary().to_html(float_format=lambda x: f'{x:,.3g}', na_rep='–')}"


def is_taken_at_end(measure: str) -> bool:
    """Tell whether the end of a run is taken of a measure, and not the mean of its last year."""
    return MEASURES[measure].when == "stock" and not measure.startswith(_COHORT)


def rank_correlation(one: pd.Series, other: pd.Series) -> float:
    """Return Spearman's rank correlation where both are known; not a number where one does not vary."""
    known = (one.notna() & other.notna()).to_numpy()
    if known.sum() < 2:
        return float("nan")
    a, b = (each[known].rank().to_numpy() for each in (one, other))
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size > 0 else float("nan")


def check_measures(names: Sequence[str], where: str = "measure") -> list[str]:
    """Return names of measures if there are such.

    Raises
    ------
    CatfishError
        If not, with the nearest name.
    """
    for name in names:
        if name not in MEASURES:
            raise CatfishError(f"{where}: there is no measure {name[:100]!r}{nearest(name, MEASURES)}")
    return list(dict.fromkeys(names))
