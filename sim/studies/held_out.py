"""Run the worlds that the held-out patterns P6 to P9 compare, and take their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.dates import parse_month
from sim.draws import Draws
from sim.experiment import Progress, Task, processes_for, read_scenario, run_many
from sim.limits import check_scale, check_seeds
from sim.patterns.held_out import AVERAGE_DIGITAL, NEAR, judge_held_out
from sim.patterns.neighbours import hazard_ratio
from sim.patterns.verdicts import PUSH, REPORTED, Row
from sim.results import Results
from sim.state.networks import build_ties
from sim.state.population import build_population

BEFORE_PUSH, AFTER_SHORT_PUSH, YEAR = "2018-01", "2019-07", ("2019-01", "2019-12")
TWO_YEARS = ("2018-01", "2019-12")
#: How far the influence of neighbours is moved, up and down, to see its marginal effect.
NUDGE = 0.1
_NEIGHBOURS = ("information_users", "information_others", "trust_neighbours", "imitation")
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class _World:
    """A scenario, what is changed in it, and the last month needed."""

    scenario: str
    overrides: Mapping[str, Any]
    last: str


def _worlds() -> dict[str, _World]:
    """Return the worlds that are compared, by name."""
    found = {
        "entry": _World("neixiang", _NONE, "2021-12"),
        "no entry": _World("no-platform", _NONE, YEAR[1]),
        "frozen": _World("neixiang", {"adoption.acceptance_frozen_from": parse_month(PUSH)}, REPORTED),
        "no push": _World("no-endorsement", _NONE, AFTER_SHORT_PUSH),
        "short push": _World(
            "neixiang",
            {"government.endorsement_months": 6, "government.endorsement_reach": 0.0, "government.push_firms": 0.0},
            AFTER_SHORT_PUSH,
        ),
    }
    usual = read_scenario("neixiang")
    strength = usual.policy.value("government.endorsement_strength", 0)
    for push in (0.5, 1.5):
        for nudge in (-NUDGE, NUDGE):
            neighbours = {
                f"adoption.{name}": getattr(usual.assumptions.adoption, name) * (1.0 + nudge) for name in _NEIGHBOURS
            }
            overrides = {**neighbours, "government.endorsement_strength": push * strength}
            found[f"push {push:g}, neighbours {nudge:+g}"] = _World("neixiang", overrides, REPORTED)
    return found


def months_in_all(seeds: int) -> int:
    """Return how many months the worlds of some seeds have together."""
    return seeds * sum(parse_month(world.last) + 1 for world in _worlds().values())


def held_out(
    seeds: Sequence[int] = range(1, 9),
    scale: float = 0.1,
    *,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> list[Row]:
    """Return the verdicts on the held-out patterns.

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
    seeds, scale, worlds = check_seeds(seeds), check_scale(scale), _worlds()
    scenarios = {name: read_scenario(world.scenario, world.overrides) for name, world in worlds.items()}
    months = months_in_all(1)
    values: dict[str, list[float]] = {}

    def tasks(seed: int) -> list[Task]:
        return [Task(scenarios[name], seed, scale, parse_month(world.last) + 1) for name, world in worlds.items()]

    with processes_for([task for seed in seeds for task in tasks(seed)], jobs, cluster) as executor:
        for k, seed in enumerate(seeds):
            tell = None if done is None else lambda some, k=k: done(k * months + some)
            runs = run_many(tasks(seed), executor, tell)
            for key, value in numbers(dict(zip(worlds, runs, strict=True))).items():
                values.setdefault(key, []).append(value)
    return judge_held_out(values)


def numbers(runs: Mapping[str, Results]) -> dict[str, float]:
    """Return the number of every pattern, by key, from one seed's worlds."""
    return {**_catfish(runs), **_age_gap(runs["entry"]), **_complementarity(runs), **_substitutes(runs)}


def _at(run: Results, measure: str, month: str) -> float:
    return float(run.monthly.set_index("date")[measure][month])


def _over_the_year(run: Results, measure: str) -> float:
    return float(run.monthly.set_index("date").loc[YEAR[0] : YEAR[1], measure].sum())


def _catfish(runs: Mapping[str, Results]) -> dict[str, float]:
    """P6: what entry does to the bank's new household loans, and to its profit."""
    entry, without = (_new_loans_of_the_bank(runs[name], *YEAR) for name in ("entry", "no entry"))
    both_years, both_without = (_new_loans_of_the_bank(runs[name], *TWO_YEARS) for name in ("entry", "no entry"))
    quick = ("bank_salaried", "bank_resident")
    ordinary, ordinary_without = (loans[~loans["product"].isin(quick)] for loans in (entry, without))

    def change(pick: Callable[[pd.DataFrame], float]) -> float:
        return pick(entry) / pick(without) - 1.0

    return {
        "P6a": _by_value(entry, "days") - _by_value(without, "days"),
        "P6b": _by_value(ordinary, "days") - _by_value(ordinary_without, "days"),
        "P6c": change(lambda loans: float(loans["principal"].sum())),
        "P6d": change(lambda loans: float(loans.loc[loans["occupation"] == "farmer", "principal"].sum())),
        "P6e": (_by_value(entry, "annual_rate") - _by_value(without, "annual_rate")) / 1e6,
        "P6f": _over_the_year(runs["entry"], "bank_profit") / _over_the_year(runs["no entry"], "bank_profit") - 1.0,
        "P6g": float(both_years["principal"].sum() / both_without["principal"].sum()) - 1.0,
    }


def _new_loans_of_the_bank(run: Results, first: str, last: str) -> pd.DataFrame:
    """Return the bank's loans to households of some months, without renewals, with the borrower's occupation."""
    tape = run.loans
    made = tape["originated"].between(parse_month(first), parse_month(last))
    new = (tape["lender"] == "bank") & made & (tape["renewed_from"] < 0)
    loans = tape[new & (tape["product"] != "bank_policy")]
    occupation = run.residents["occupation"].to_numpy()
    return loans.assign(occupation=occupation[loans["borrower"].to_numpy()])


def _by_value(loans: pd.DataFrame, column: str) -> float:
    return float(np.average(loans[column], weights=loans["principal"])) if len(loans) else float("nan")


def _age_gap(run: Results) -> dict[str, float]:
    """P7: digital households by age of the head, in the month whose average is nearest to the survey's."""
    distance = (run.monthly["household_digital"] - AVERAGE_DIGITAL).abs().to_numpy()
    month = int(np.argmin(distance))
    if distance[month] > NEAR:
        return {"P7a": float("nan"), "P7b": float("nan")}
    groups = run.groups
    here = groups[(groups["month"] == month) & (groups["kind"] == "age") & (groups["measure"] == "household_digital")]
    by_age = here.set_index("group")["value"]
    return {"P7a": float(by_age["under_40"]), "P7b": float(by_age["from_60"])}


def _complementarity(runs: Mapping[str, Results]) -> dict[str, float]:
    """P8: what wallet use loses when shops do not draw customers, and what a short push on shops alone leaves."""
    usual, frozen = (_at(runs[name], "wallet_active", REPORTED) for name in ("entry", "frozen"))
    before = _at(runs["entry"], "wallet_active", BEFORE_PUSH)
    pushed, left_alone = (
        runs[name].monthly.set_index("date").loc[PUSH:AFTER_SHORT_PUSH] for name in ("short push", "no push")
    )
    gain = pushed["wallet_active"] - left_alone["wallet_active"]
    return {
        "P8a": 1.0 - frozen / usual,
        "P8b": (usual - frozen) / (usual - before),
        "P8c": float(gain.iloc[-1]),
        "P8d": float((pushed["shops_qr"] - left_alone["shops_qr"]).iloc[-1]),
        "P8e": float(gain.iloc[-1] / gain.max()) if gain.max() > 0 else float("nan"),
    }


def _substitutes(runs: Mapping[str, Results]) -> dict[str, float]:
    """P9: the effect of neighbours under a weak and a strong push; wallets and first loans along ties."""

    def effect(push: float) -> float:
        more, less = (
            runs[f"push {push:g}, neighbours {nudge:+g}"].monthly.set_index("date").loc[PUSH:REPORTED, "wallet_active"]
            for nudge in (NUDGE, -NUDGE)
        )
        return float((more - less).mean()) / (2 * NUDGE)

    people, last = runs["entry"].residents, parse_month(YEAR[1])
    wallet, first, line = (people[name].to_numpy() for name in ("wallet_since", "platform_first", "line_since"))
    pull = _pull_along_ties(runs["entry"], last)
    return {
        "P9a": effect(1.5) - effect(0.5),
        "P9b": _half_time(first, last) - _half_time(wallet, last),
        "P9c": pull(wallet, np.where(wallet == 0, -1, 1)) / pull(first, np.where(line >= 0, line + 1, -1)),
    }


def _half_time(month: NDArray[np.int16], last: int) -> float:
    """Return the month by which half of those who took up between month 1 and the last one had."""
    within = month[(month >= 1) & (month <= last)]
    return float(np.median(within)) if within.size else float("nan")


def _pull_along_ties(run: Results, last: int) -> Callable[[NDArray[Any], NDArray[Any]], float]:
    """Return what gives the hazard ratio along the county's social ties, within age and kind of place.

    It takes the month in which each took up, and from when each could.
    """
    scenario, people = read_scenario("neixiang"), run.residents
    draws = Draws(run.seeds[0])
    population = build_population(scenario.county, scenario.assumptions, draws, float(run.manifest["scale"]))
    ties_ptr, ties = build_ties(population, scenario.assumptions.network, draws)
    stratum = people["age_band"].cat.codes.to_numpy(np.int64) * 3 + people["place_kind"].cat.codes.to_numpy(np.int64)
    return lambda taken_up, since: hazard_ratio(ties_ptr, ties, taken_up, since, stratum, range(1, last + 1))
