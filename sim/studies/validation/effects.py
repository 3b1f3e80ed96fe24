"""Effect sizes of the literature as experiments on the county; their rules stand in ``effects_rules``."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, as_completed

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.dates import parse_month
from sim.experiment import Progress, Task, branch, processes_for, read_scenario, run_task
from sim.limits import check_scale, check_seeds
from sim.mechanisms.ties import push_changes
from sim.model import CountyModel
from sim.patterns.held_out import judge_held_out
from sim.patterns.verdicts import REPORTED, Row
from sim.results import Results
from sim.studies.held_out import held_out
from sim.studies.held_out import months_in_all as months_of_held_out
from sim.studies.validation.effects_rules import EFFECTS

Rows = NDArray[np.bool_]

ALL_MONTHS = 60
#: Months before wallets are given to the poor, and months until the gain is taken.
GIFT_AFTER, GIFT_WATCHED = 12, 24
#: Months before friends are told or given a wallet, and months in which others may take one up.
FRIENDS_AFTER, FRIENDS_WATCHED = 1, 6
#: Share of those who could be treated that are.
TREATED = 0.2
#: Months on book that are compared, and the loans that are old enough.
EARLY, MIDDLE, LATE = (4, 6), (7, 9), (10, 12)
WATCHED_FROM, WATCHED_TO = "2017-09", "2020-12"


def months_in_all(seeds: int) -> int:
    """Return how many months the worlds of some seeds have together, those of the held-out patterns included."""
    return months_of_held_out(seeds) + seeds * _months_of_a_seed()


def _months_of_a_seed() -> int:
    reported = parse_month(REPORTED) + 1
    return ALL_MONTHS + reported + GIFT_AFTER + 2 * GIFT_WATCHED + FRIENDS_AFTER + 3 * FRIENDS_WATCHED


def effects(
    seeds: Sequence[int] = range(1, 9),
    scale: float = 0.1,
    *,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> list[Row]:
    """Return the verdicts on the effect sizes of the literature: the held-out patterns, then those measured here.

    Parameters
    ----------
    seeds : sequence of int
    scale : float
        Share of the county that is simulated.
    jobs : int, optional
        Processes; by default as many as the work is worth.
    cluster : str, optional
        Address of a Dask scheduler whose workers make the runs instead: "tcp://host:port".
    done : callable, optional
        Called with the number of months simulated so far, out of :func:`months_in_all`.
    """
    seeds, scale = check_seeds(seeds), check_scale(scale)
    known = held_out(seeds, scale, jobs=jobs, cluster=cluster, done=done)
    before = months_of_held_out(len(seeds))
    tell = None if done is None else lambda some: done(before + some * _months_of_a_seed())
    tasks = [Task(read_scenario("neixiang"), seed, scale, _months_of_a_seed()) for seed in seeds]
    with processes_for(tasks, jobs, cluster) as executor:
        found = _of_seeds(seeds, scale, executor, tell)
    values = {rule.key: [each[rule.key] for each in found] for rule in EFFECTS}
    return [*known, *judge_held_out(values, EFFECTS)]


def _of_seeds(
    seeds: Sequence[int], scale: float, executor: Executor | None, done: Progress | None
) -> list[dict[str, float]]:
    """Return the numbers of every seed, in the order of the seeds; tell how many are done."""
    if executor is None:
        found = []
        for seed in seeds:
            found.append(numbers(seed, scale))
            if done:
                done(len(found))
        return found
    futures = [executor.submit(numbers, seed, scale) for seed in seeds]
    for count, future in enumerate(as_completed(futures), 1):
        future.result()
        if done:
            done(count)
    return [future.result() for future in futures]


def numbers(seed: int, scale: float) -> dict[str, float]:
    """Return the number of every rule, by key, from one seed's worlds."""
    usual = read_scenario("neixiang")
    whole = run_task(Task(usual, seed, scale, ALL_MONTHS, tables=("monthly", "loans")))
    reported = run_task(Task(usual, seed, scale, parse_month(REPORTED) + 1, tables=("residents",)))
    return {
        **_wallets_given(seed, scale),
        **_friends(seed, scale),
        "E3": elasticity(reported.residents),
        **_late_loans(whole),
    }


def _after(seed: int, scale: float, months: int) -> CountyModel:
    """Return a county to which nobody has pushed anything, after some months."""
    model = CountyModel(read_scenario("no-endorsement"), seed=seed, scale=scale)
    for _ in range(months):
        model.step()
    return model


def treat(model: CountyModel, told: Rows, given: Rows) -> CountyModel:
    """Return a copy of a county in which some residents have been told, and some given a wallet."""
    (other,) = branch(model, [model.world.scenario])
    world, people = other.world, other.world.residents
    informed, user = people.informed.copy(), people.wallet_since >= 0
    people.informed = informed | told | given
    people.news[people.informed & ~informed] = world.month + 1
    new = np.flatnonzero(given & ~user)
    people.wallet_since[new] = world.month
    people.habit[new] = world.assumptions.habit.start
    push_changes(
        informed, user, people.informed, people.wallet_since >= 0, world.ties_ptr, world.ties,
        people.wallet_neighbours, people.informed_neighbours,
    )  # fmt: skip
    return other


def _let_go(model: CountyModel, months: int) -> None:
    for _ in range(months):
        model.step()


def _wallets_given(seed: int, scale: float) -> dict[str, float]:
    """E1: wallets for the poor, as debit cards were given to poor households in Mexico; shops and others follow."""
    without = _after(seed, scale, GIFT_AFTER)
    people = without.world.residents
    poor = people.poor.copy()
    given = treat(without, np.zeros(people.n, np.bool_), poor & people.smartphone)
    for model in (without, given):
        _let_go(model, GIFT_WATCHED)
    shops, others = (
        [float(values.mean()) for values in pair]
        for pair in (
            (without.world.shops.qr, given.world.shops.qr),
            ((without.world.residents.wallet_since >= 0)[~poor], (given.world.residents.wallet_since >= 0)[~poor]),
        )
    )
    gain = {"E1a": shops[1] / shops[0] - 1.0, "E1b": others[1] / others[0] - 1.0}
    return {**gain, "E1c": gain["E1b"] / gain["E1a"] if gain["E1a"] > 0.0 else float("nan")}


def _friends(seed: int, scale: float) -> dict[str, float]:
    """E2: some are told, or some who know are given a wallet; what each such friend adds to others' take-up."""
    alone = _after(seed, scale, FRIENDS_AFTER)
    people = alone.world.residents
    could = people.smartphone & (people.wallet_since < 0)
    ignorant, knowing = could & ~people.informed, could & people.informed
    drawn = np.random.default_rng(seed).random(people.n) < TREATED
    nobody = np.zeros(people.n, np.bool_)
    told, given = treat(alone, ignorant & drawn, nobody), treat(alone, nobody, knowing & drawn)
    ptr, ties = alone.world.ties_ptr, alone.world.ties
    for model in (alone, told, given):
        _let_go(model, FRIENDS_WATCHED)
    usual = alone.world.residents.wallet_since >= 0
    found = {}
    for key, world, group in (("E2a", told, ignorant), ("E2b", given, knowing)):
        friends = np.add.reduceat(np.append((group & drawn)[ties], 0), ptr[:-1]) * (np.diff(ptr) > 0)
        more = (world.world.residents.wallet_since >= 0).astype(np.float64) - usual
        found[key] = slope(friends[group & ~drawn].astype(np.float64), more[group & ~drawn])
    return {**found, "E2c": found["E2a"] - found["E2b"]}


def slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return the slope of the least-squares line; not a number where x does not vary."""
    if len(x) == 0 or np.ptp(x) == 0.0:
        return float("nan")
    return float(np.cov(x, y, bias=True)[0, 1] / np.var(x))


def elasticity(residents: pd.DataFrame) -> float:
    """Return the slope of the log of the credit line on the log of the flow seen, over residents with both."""
    both = residents[(residents["line"] > 0) & (residents["flow_average"] > 0)]
    return slope(np.log(both["flow_average"].to_numpy(np.float64)), np.log(both["line"].to_numpy(np.float64)))


def _late_loans(run: Results) -> dict[str, float]:
    """E4 and E5: late loans of the seasoned book, and first default by months on book."""
    monthly = run.monthly.set_index("date")
    tape = run.loans
    watched = tape["originated"].between(parse_month(WATCHED_FROM), parse_month(WATCHED_TO))
    mine = tape[watched & (tape["lender"] == "platform")]
    early, middle, late = (hazard(mine, months, run.months - 1) for months in (EARLY, MIDDLE, LATE))
    return {
        "E4": float(monthly["npl_ratio_platform"].loc["2020-01":"2021-12"].mean()),
        "E5a": middle / early if early > 0.0 else float("nan"),
        "E5b": late / middle if middle > 0.0 else float("nan"),
    }


def hazard(loans: pd.DataFrame, months: tuple[int, int], end: int) -> float:
    """Return the chance of a first default in a month, over some months on book, of loans that are open until then.

    Parameters
    ----------
    loans : DataFrame
        Rows of the loan tape (``originated``, ``defaulted_month``, ``closed``) whose months are not negative.
    months : (first, last)
        Months on book.
    end : int
        The last month watched.
    """
    made, failed, closed = (loans[name].to_numpy(np.int64) for name in ("originated", "defaulted_month", "closed"))
    bad = failed >= 0
    left = np.where(bad, failed, np.where(closed >= 0, closed, end)) - made
    ages = range(months[0], months[1] + 1)
    at_risk = sum(int((left >= age).sum()) for age in ages)
    return sum(int((bad & (left == age)).sum()) for age in ages) / at_risk if at_risk else float("nan")
