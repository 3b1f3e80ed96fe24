"""Run two worlds person by person, beside a policy that changes nothing and the same policy under fresh luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.dates import show_month
from sim.errors import CatfishError
from sim.experiment import Progress, Task, processes_for, read_scenario
from sim.limits import check_months, check_scale, check_seed
from sim.model import CountyModel
from sim.notebook import bar_in_notebook
from sim.parameters import DECLARED, Table
from sim.scenario import Scenario
from sim.storage.manifest import describe_run
from sim.studies.diary import Diary
from sim.studies.lives import Lives, live
from sim.studies.person_figures import gains
from sim.studies.saved_runs import check_alike
from sim.studies.story import Story, months_with_events, story
from sim.studies.two_worlds import TwoWorlds

#: Worlds of the first scenario under fresh luck, by which noise is told.
LUCKS = 4
#: Winners, and losers, whose story is told.
TOLD = 10


def who(
    base: str | Path | Scenario,
    other: str | Path | Scenario,
    *,
    seed: int = 1,
    scale: float = 0.1,
    months: int = 60,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> TwoWorlds:
    """Return who wins and who loses in a world against another, resident by resident.

    Beside both worlds run the first one's placebo and :data:`LUCKS` worlds of it under fresh luck.

    Parameters
    ----------
    base, other : str, Path or Scenario
        The world that is compared with, and the one that is asked about.
    seed : int
        Of people and luck.
    scale : float
        Share of the county that is simulated.
    months : int
        How many months.
    jobs : int, optional
        Processes; by default as many as the work is worth.
    cluster : str, optional
        Address of a Dask scheduler whose workers make the runs instead: "tcp://host:port".
    done : callable, optional
        Called with the number of months simulated so far, out of :func:`months_in_all`; a notebook shows a bar
        without it.

    Returns
    -------
    TwoWorlds

    Raises
    ------
    CatfishError
        If a scenario is not known, both have one name, different counties or different people.
    """
    first, second = read_scenario(base), read_scenario(other)
    check_alike([(each.name, {"county": each.county.name}) for each in (first, second)])
    seed, scale, months = check_seed(seed), check_scale(scale), check_months(months)
    tell = _counter(done or bar_in_notebook(f"{first.name} and {second.name}", months_in_all(months)))
    task, asked = (Task(each, seed, scale, months) for each in (first, second))
    nothing = replace(task, scenario=_placebo(first, months // 2))
    with processes_for([task] * (months_in_all(months) // months), jobs, cluster) as executor:
        mine, its = _do([(_life, task, 0), (_life, asked, 0)], executor, tell)
        if not mine.fixed.equals(its.fixed):
            raise CatfishError(
                f"{first.name} and {second.name} do not have the same people: they differ in facts or assumptions that "
                "make them, so nobody can be followed from one into the other"
            )
        rows = _extremes(gains(mine, its)["gain"].to_numpy())
        lucky = [(_life, task, k + 1) for k in range(LUCKS)]
        told = [(_tell, each, rows) for each in (task, asked)]
        idle, *others = _do([(_life, nothing, 0), *lucky, *told], executor, tell)
    stories = dict(zip(("a", "b"), others[LUCKS:], strict=True))
    one, two = (describe_run(each, [seed], scale, months, mine.weight, {}) for each in (first, second))
    changes = [
        row for row, old in zip(two["parameters"], one["parameters"], strict=True) if row["value"] != old["value"]
    ]
    about = {"what": "who", "other": two["scenario"], "changes": changes}
    return TwoWorlds(mine, its, idle, others[:LUCKS], stories, {**about, **one})


def months_in_all(months: int) -> int:
    """Return how many months the worlds have together: both twice, the placebo, and those under fresh luck."""
    return (2 * 2 + 1 + LUCKS) * months


def _counter(done: Progress | None) -> Callable[[int], None]:
    count = 0

    def tell(months: int) -> None:
        nonlocal count
        count += months
        if done:
            done(count)

    return tell


def _do(calls: Sequence[tuple[Any, ...]], executor: Executor | None, tell: Callable[[int], None]) -> list[Any]:
    """Return what functions return of a task and something else, here or through an executor."""
    if executor is None:
        return [function(*arguments, lambda: tell(1)) for function, *arguments in calls]
    futures = {executor.submit(*call): call[1].months for call in calls}
    for future in as_completed(futures):
        future.result()
        tell(futures[future])
    return [future.result() for future in futures]


def _life(task: Task, fresh_luck: int, tell: Callable[[], None] | None = None) -> Lives:
    """Run a world, and return what became of each adult."""
    return live(task, fresh_luck, tell)[0]


def _placebo(scenario: Scenario, month: int) -> Scenario:
    """Return a scenario in which a lever is set, from a month on, to the value that it has: it changes nothing."""
    for path, each in DECLARED.items():
        if each.table is Table.POLICY and not each.fixed:
            values = {scenario.policy.value(path, start) for start, _ in scenario.policy.stretches}
            if len(values) == 1:
                return scenario.replace({path: {show_month(month): values.pop()}})
    raise AssertionError("every lever moves")


def _extremes(gain: Any) -> list[int]:
    """Return the rows of the largest winners, and then of the largest losers; of equals the first rows."""
    order = np.argsort(-gain, kind="stable")
    winners = [int(row) for row in order[:TOLD] if gain[row] > 0]
    losers = [int(row) for row in order[::-1][:TOLD] if gain[row] < 0]
    return winners + losers


def _tell(task: Task, rows: list[int], tell: Callable[[], None] | None = None) -> dict[int, tuple[Story, pd.DataFrame]]:
    """Run a world again, and return the story and the months of some people."""
    model = CountyModel(task.scenario, seed=task.seed, scale=task.scale, months=task.months)
    diary = Diary(model, rows)
    for _ in range(task.months):
        diary.step()
        if tell:
            tell()
    return {row: (story(model, row, diary), months_with_events(model, row, diary)) for row in rows}
