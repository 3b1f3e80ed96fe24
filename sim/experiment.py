"""Run the model: one seed, many seeds, many tasks. Plain values in, Results out."""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.compiling import MOST, compile_ahead, kernels_compiled, missing
from sim.divergence import check_same_until, first_difference
from sim.errors import CatfishError
from sim.executors import Place, cluster_at, processes
from sim.limits import SCALES, check_months, check_scale, check_seed, check_seeds
from sim.measures import GROUP_MEASURES, GROUPS, MEASURES, Panel, collect
from sim.model import CountyModel
from sim.notebook import bar_in_notebook
from sim.results import TABLES, Results
from sim.scenario import Scenario
from sim.state.loan_book import LOAN_COLUMNS
from sim.state.world import World
from sim.storage.manifest import describe_run
from sim.storage.tables import group_table, monthly_table, record_table

#: Functions to use in place of the model's own, by name.
Mechanisms = Mapping[str, Callable[..., Any]]
#: Told how many months have been simulated so far.
Progress = Callable[[int], None]
#: Below this much work (adults × months × seeds) a second process costs more than it saves.
WORTH_A_PROCESS = 8_000_000
FULL_SIZE_ADULTS = 425_000


@dataclass(frozen=True)
class Task:
    """One seed of one scenario: everything that a run depends on.

    Attributes
    ----------
    scenario : Scenario
        Overrides are already in it.
    seed : int
    scale : float
        Share of the county that is simulated, 1 for all of it.
    months : int
    mechanisms : mapping or None
        Mechanisms to use in place of the model's own, by name.
    tables : tuple of str
        Which tables are kept: loans and residents of many worlds take much room.
    """

    scenario: Scenario
    seed: int
    scale: float = 0.1
    months: int = 60
    mechanisms: Mechanisms | None = None
    tables: tuple[str, ...] = TABLES


def simulate(
    scenario: str | Path | Scenario = "neixiang",
    seed: int = 1,
    *,
    scale: float = 0.1,
    months: int = 60,
    mechanisms: Mechanisms | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Results:
    """Simulate one seed of a scenario.

    Parameters
    ----------
    scenario : str, Path or Scenario
        A name, a file, or a scenario already read.
    seed : int
        Every random number of the run follows from it.
    scale : float
        Share of the county that is simulated; results are reported at full size.
    months : int
        How many months, from the scenario's first.
    mechanisms : mapping, optional
        Functions to use in place of the model's own, by name.
    overrides : mapping, optional
        Parameters to change, by path: ``{"bank.alarm_level": 0.4}``.

    Returns
    -------
    Results

    Raises
    ------
    CatfishError
        If the scenario or a value is not possible.
    """
    return run_task(_task(read_scenario(scenario, overrides), seed, scale, months, mechanisms))


def _task(scenario: Scenario, seed: int, scale: float, months: int, mechanisms: Mechanisms | None) -> Task:
    """Return a task that can be done.

    Raises
    ------
    CatfishError
        If seed, scale or months are not possible.
    """
    return Task(scenario, check_seed(seed), check_scale(scale), check_months(months), mechanisms)


def read_scenario(scenario: str | Path | Scenario, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Return a scenario by name (or as it is), with some parameters changed."""
    if isinstance(scenario, Scenario):
        return scenario.replace(overrides) if overrides else scenario
    return Scenario.load(scenario, overrides=overrides)


def run_task(task: Task, done: Progress | None = None) -> Results:
    """Simulate one task in this process, and tell how many of its months are done after each."""
    return run_branches([task], done)[0]


def run_branches(tasks: Sequence[Task], done: Progress | None = None) -> list[Results]:
    """Simulate tasks in this process; a history that they share with the first is simulated once.

    Parameters
    ----------
    tasks : sequence of Task
        Of one seed, scale and length, with scenarios that are alike at least until the first month has passed.
    done : callable, optional
        Called with the number of months done so far, of all tasks together.
    """
    begun, first, count = time.perf_counter(), tasks[0], 0

    def tell(months: int) -> None:
        nonlocal count
        count += months
        if done:
            done(count)

    model = CountyModel(
        first.scenario, seed=first.seed, scale=first.scale, months=first.months, mechanisms=first.mechanisms
    )
    panel, found = Panel(first.months), {}
    starts = [(min(first_difference(first.scenario, task.scenario), task.months), k) for k, task in enumerate(tasks)]
    for start, k in sorted(starts[1:]):
        _go_on(model, panel, start, tell)
        (other,) = branch(model, [tasks[k].scenario])
        its = copy.deepcopy(panel)
        tell(start)
        _go_on(other, its, first.months, tell)
        found[k] = _results(tasks[k], other, its, begun)
    _go_on(model, panel, first.months, tell)
    found[0] = _results(first, model, panel, begun)
    return [found[k] for k in range(len(tasks))]


def _go_on(model: CountyModel, panel: Panel, until: int, tell: Progress) -> None:
    """Simulate and measure the months before a month that are still to come."""
    for _ in range(model.world.month + 1, until):
        model.step()
        panel.record(collect(model.world, model.bank, model.platform, model.government))
        tell(1)


def _results(task: Task, model: CountyModel, panel: Panel, begun: float) -> Results:
    """Return what a finished task leaves."""
    panel.check()
    manifest = describe_run(task.scenario, [task.seed], task.scale, task.months, model.world.weight, MEASURES)
    seconds = round(time.perf_counter() - begun, 2)
    return Results(_tables(task, model.world, panel), {**manifest, "seconds": seconds})


def _tables(task: Task, world: World, panel: Panel) -> dict[str, Any]:
    """Return the tables of one seed that its task wants."""
    people, loans = world.residents, world.loans
    made = {
        "monthly": lambda: monthly_table(task.seed, task.scenario.start, panel.monthly, MEASURES),
        "groups": lambda: group_table(task.seed, panel.groups, GROUPS, GROUP_MEASURES),
        "loans": lambda: record_table(task.seed, "loan", LOAN_COLUMNS, lambda name: getattr(loans, name)),
        "residents": lambda: record_table(task.seed, "resident", people.spec, lambda name: people[name]),
    }
    return {name: made[name]() for name in task.tables}


def run_many(tasks: Iterable[Task], executor: Executor | None = None, done: Progress | None = None) -> list[Results]:
    """Run tasks, one after the other or through an executor; the answers stand in the order of the tasks.

    Parameters
    ----------
    tasks : iterable of Task
    executor : concurrent.futures.Executor, optional
        Processes to run them in; without it they run here.
    done : callable, optional
        Called with the number of months simulated so far, of all tasks together.
    """
    return [results for (results,) in run_families([[task] for task in tasks], executor, done)]


def run_families(
    families: Sequence[Sequence[Task]], executor: Executor | None = None, done: Progress | None = None
) -> list[list[Results]]:
    """Run families of tasks, each as :func:`run_branches` does; arguments as for :func:`run_many`."""
    tell = done or _silent
    finished, answers = 0, []
    if executor is None:
        for family in families:
            answers.append(run_branches(family, lambda months, before=finished: tell(before + months)))  # type: ignore[misc]
            finished += sum(task.months for task in family)
        return answers
    futures = {executor.submit(run_branches, family): family for family in families}
    for future in as_completed(futures):
        future.result()
        finished += sum(task.months for task in futures[future])
        tell(finished)
    return [future.result() for future in futures]


def run_seeds(
    scenario: str | Path | Scenario = "neixiang",
    seeds: Sequence[int] = (1,),
    *,
    scale: float = 0.1,
    months: int = 60,
    overrides: Mapping[str, Any] | None = None,
    mechanisms: Mechanisms | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> Results:
    """Simulate several seeds and return them as one, in the order of the seeds.

    The same whether they run here or in several processes.

    Parameters
    ----------
    scenario, scale, months, overrides, mechanisms
        As for :func:`simulate`.
    seeds : sequence of int
    jobs : int, optional
        Processes; 1 stays in this one. Without it: one for each processor, when the work is worth it.
    cluster : str, optional
        Address of a Dask scheduler whose workers make the runs instead: "tcp://host:port".
    done : callable, optional
        Called with the number of months simulated so far, of all seeds together; a notebook shows a bar without it.
    """
    begun = time.perf_counter()
    ready = read_scenario(scenario, overrides)
    tasks = [_task(ready, seed, scale, months, mechanisms) for seed in check_seeds(seeds)]
    done = done or bar_in_notebook(f"{ready.name}: {len(tasks)} seeds", sum(task.months for task in tasks))
    with processes_for(tasks, jobs, cluster) as executor:
        runs = run_many(tasks, executor, done)
    return Results.together(runs, seconds=round(time.perf_counter() - begun, 2))


def branch(model: CountyModel, scenarios: Iterable[str | Path | Scenario]) -> list[CountyModel]:
    """Return a copy of a county for each scenario, each of which goes its own way from the next month on.

    A history that several scenarios share is simulated once. Every copy is, to the byte, what its own scenario would
    have made of the county from the start.

    Parameters
    ----------
    model : CountyModel
        Simulated up to some month; it stays as it is.
    scenarios : iterable of str, Path or Scenario
        Alike until then: in the county, in what is assumed, and in every lever of every month that has passed. Of a
        lever that is a date only dates that have passed must be alike.

    Returns
    -------
    list of CountyModel
        In the order of the scenarios.

    Raises
    ------
    CatfishError
        Naming what differs in a month that has passed.
    """
    world = model.world
    ready = [read_scenario(each) for each in scenarios]
    for each in ready:
        check_same_until(world.month, world.scenario, each)
    return [_in_scenario(model, each) for each in ready]


def _in_scenario(model: CountyModel, scenario: Scenario) -> CountyModel:
    """Return a copy of a county that follows a scenario from now on."""
    old = model.world.scenario
    other: CountyModel = copy.deepcopy(model, {id(old): old})
    other.world.scenario = scenario
    return other


def _silent(months: int) -> None:
    """Tell nobody."""


def process_count(tasks: Sequence[Task], jobs: int | None = None, cluster: str | None = None) -> int:
    """Return how many processes some tasks are given: as :func:`processes_for` says; on a cluster one a task."""
    return len(tasks) if cluster else min(jobs or _jobs(tasks), len(tasks))


def _jobs(tasks: Sequence[Task]) -> int:
    """Return how many processes some tasks are worth."""
    if sum(task.scale * FULL_SIZE_ADULTS * task.months for task in tasks) < WORTH_A_PROCESS:
        return 1
    return _processors()


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def processes_for(
    tasks: Sequence[Task], jobs: int | None = None, cluster: str | None = None
) -> Iterator[Executor | None]:
    """Give processes for :func:`run_many` when some tasks are worth them, else nothing: they run in this one.

    Parameters
    ----------
    tasks : sequence of Task
    jobs : int, optional
        So many processes, at most one a task; 1 is this one. Without it: one for each processor, when that pays.
    cluster : str, optional
        Address of a Dask scheduler whose workers are given instead.

    Raises
    ------
    CatfishError
        If both are told, the cluster is out of reach, or processes are killed.
    """
    count = process_count(tasks, jobs, cluster)
    if count <= 1 and not cluster:
        if jobs is None and _processors() > 1 and missing():
            with processes(min(_processors(), MOST), __name__) as (executor, _):
                compile_ahead(executor)
        yield None
        return
    with place_for(tasks[0], count, jobs, cluster) as (executor, _):
        yield executor


@contextmanager
def place_for(task: Task, count: int, jobs: int | None = None, cluster: str | None = None) -> Iterator[Place]:
    """Give so many processes, or a cluster's workers; and how many there are.

    Each has one kernel thread. Where kernels are not compiled yet, the processes first share them out; where there is
    no list of them, the smallest county is run here first, so that the processes do not all compile the same.

    Parameters
    ----------
    task : Task
        Of the kind that will be run.
    count : int
        Processes, where there is no cluster.
    jobs, cluster
        As for :func:`processes_for`.
    """
    if cluster:
        if jobs:
            raise CatfishError("jobs are processes of this machine, and a cluster has its own: give one of the two")
        with cluster_at(cluster) as place:
            yield place
        return
    if not kernels_compiled() and not missing():
        run_task(replace(task, scale=SCALES[0]))
    with processes(count, __name__) as place:
        compile_ahead(place[0])
        yield place
