"""Run scenarios side by side, paired by seed: in each seed all worlds have the same people and the same luck."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa

from sim.divergence import first_difference
from sim.experiment import Progress, Task, process_count, processes_for, read_scenario, run_families
from sim.limits import check_months, check_scale, check_seeds
from sim.notebook import bar_in_notebook
from sim.results import Results
from sim.scenario import Scenario
from sim.studies.comparison import Comparison
from sim.studies.saved_runs import TABLES, check_alike


def compare(
    scenarios: Iterable[str | Path | Scenario],
    seeds: Sequence[int] = range(1, 9),
    *,
    scale: float = 0.1,
    months: int = 60,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> Comparison:
    """Run scenarios on the same people with the same luck, and compare them with the first.

    Parameters
    ----------
    scenarios : iterable of str, Path or Scenario
        At least two, all of one county.
    seeds : sequence of int
        In each of which every scenario is run.
    scale : float
        Share of the county that is simulated.
    months : int
        How many months.
    jobs : int, optional
        Processes; by default as many as the work is worth.
    cluster : str, optional
        Address of a Dask scheduler whose workers make the runs instead: "tcp://host:port".
    done : callable, optional
        Called with the number of months simulated so far, of all worlds; a notebook shows a bar without it.

    Returns
    -------
    Comparison

    Raises
    ------
    CatfishError
        If a scenario is not known, two have one name or different counties, or a value is not possible.
    """
    begun = time.perf_counter()
    ready = [read_scenario(each) for each in scenarios]
    check_alike([(each.name, {"county": each.county.name}) for each in ready])
    seeds, scale, months = check_seeds(seeds), check_scale(scale), check_months(months)
    tasks = [Task(each, seed, scale, months, tables=TABLES) for each in ready for seed in seeds]
    done = done or bar_in_notebook(f"{len(ready)} scenarios: {len(tasks)} runs", len(tasks) * months)
    families = _families(tasks, ready)
    if len(families) < process_count(tasks, jobs, cluster):
        families = [[task] for task in tasks]
    with processes_for(tasks, jobs, cluster) as executor:
        found = run_families(families, executor, done)
    runs = {(run.manifest["scenario"]["name"], run.seeds[0]): run for family in found for run in family}
    worlds = [[runs[each.name, seed] for seed in seeds] for each in ready]
    return Comparison.of([_together(world) for world in worlds], seconds=round(time.perf_counter() - begun, 2))


def _families(tasks: Sequence[Task], scenarios: Sequence[Scenario]) -> list[list[Task]]:
    """Return tasks with those that share a history with the first scenario's task of the same seed."""
    sharing = {each.name for each in scenarios if first_difference(scenarios[0], each) > 0}
    families: dict[int, list[Task]] = {}
    alone = []
    for task in tasks:
        if task.scenario.name in sharing:
            families.setdefault(task.seed, []).append(task)
        else:
            alone.append([task])
    return [*families.values(), *alone]


def _together(runs: Sequence[Results]) -> Results:
    """Return the seeds of one scenario as one."""
    tables = {name: pa.concat_tables([run.tables[name] for run in runs]).unify_dictionaries() for name in TABLES}
    return Results(tables, {**runs[0].manifest, "seeds": [seed for run in runs for seed in run.seeds]})
