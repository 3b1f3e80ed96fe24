"""A programme in a thousand counties: which of them tip, how fast, and what the bank's answer depends on."""

from __future__ import annotations

from functools import cached_property
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import CatfishError
from sim.experiment import Progress, read_scenario
from sim.limits import check_months, check_scale, check_seed
from sim.scenario import Scenario
from sim.storage.run_store import dataset_of, read_manifest, write_whole
from sim.studies.rollout_counties import MOST_COUNTIES, draw_counties, facts_of
from sim.studies.sweep import Plan, make_runs

FloatArray = NDArray[np.float64]
STUDY = "rollout"
YEAR = 12
#: A county has tipped when this share of its adults paid by wallet lately.
TIPPED = 0.5
#: What is read of each run.
_READ = ("wallet_active", "cash_share_town", "bank_alarmed", "days_to_cash_bank", "annual_rate_new_bank",
         "gross_loans_bank", "credit_access", "npl_ratio_bank")  # fmt: skip

#: What is told of each county: name and unit.
OUTCOMES = {
    "tipped": "month",
    "wallet_active": "share",
    "cash_share_town": "share",
    "credit_access": "share",
    "alarmed": "month",
    "days_saved": "days",
    "rate_cut": "points",
    "bank_growth": "share",
    "npl_ratio_bank": "share",
}


def rollout(
    scenario: str | Path | Scenario = "neixiang",
    counties: int = 1000,
    *,
    seed: int = 1,
    scale: float = 0.1,
    months: int = 60,
    out: str | Path | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> Rollout:
    """Run a scenario's policy in many counties that differ as Chinese counties do.

    Each finished county is written to the folder ``out`` at once. Stopped at any moment and called again it goes on
    with the counties that are missing; when all are there it only reads.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Its policy is tried; of its county stays what `rollout_counties` leaves out.
    counties : int
        How many; the first of a longer list are those of a shorter one.
    seed : int
        Of the counties, and of the luck, which is the same in all: what differs between counties is what they are.
    scale : float
        Share of each county that is simulated.
    months : int
    out : str or Path, optional
        Folder of the runs; results/NAME-rollout if nothing is said.
    jobs, cluster, done
        As for :func:`sim.studies.sweep.sweep`.

    Returns
    -------
    Rollout

    Raises
    ------
    CatfishError
        If a value is not possible, the folder holds something else, or a run cannot be made or written.
    """
    plan = plan_rollout(scenario, counties, seed=seed, scale=scale, months=months)
    folder = Path(out) if out is not None else Path("results") / f"{plan.scenario.name}-rollout"
    make_runs(plan, folder, jobs=jobs, cluster=cluster, done=done)
    return Rollout(folder)


def plan_rollout(
    scenario: str | Path | Scenario, counties: int, *, seed: int, scale: float, months: int, where: str = "counties"
) -> Plan:
    """Return the runs of a rollout, checked; arguments as for :func:`rollout`."""
    if isinstance(counties, bool) or not isinstance(counties, int) or not 1 <= counties <= MOST_COUNTIES:
        raise CatfishError(f"{where} is {counties!r}, but must be a whole number from 1 to {MOST_COUNTIES:,}")
    ready, seed = read_scenario(scenario), check_seed(seed)
    traits = draw_counties(counties, seed)
    points = pd.DataFrame([facts_of(traits.loc[k], ready) for k in traits.index])
    return Plan(STUDY, "sobol", ready, [], points, [seed], check_scale(scale), check_months(months), counties)


class Rollout:
    """The counties of a rollout, in a folder; read only when something is asked of them.

    Parameters
    ----------
    folder : str or Path
        May hold a part of the counties only: those of a rollout that was stopped.

    Raises
    ------
    CatfishError
        If it holds no rollout.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.manifest = read_manifest(self.folder)
        if self.manifest.get("study") != STUDY:
            raise CatfishError(f"{folder} holds no rollout")

    @cached_property
    def counties(self) -> pd.DataFrame:
        """A row for each county, a column for each trait."""
        return draw_counties(int(self.manifest["points"]), int(self.manifest["seeds"][0]))

    def path(self, measure: str) -> pd.DataFrame:
        """Return a measure of every county that is there: a row for each, a column for each month."""
        table = self._months.pivot_table(index="point", columns="month", values=measure, dropna=False)
        return table.rename_axis(index="county")

    @cached_property
    def _months(self) -> pd.DataFrame:
        rows: pd.DataFrame = dataset_of(self.folder).to_table(columns=["point", "month", *_READ]).to_pandas()
        return rows.sort_values(["point", "month"], ignore_index=True)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """A row for each county that is there, a column for each of `OUTCOMES`.

        ``tipped`` and ``alarmed`` are the month in which half of the adults paid by wallet, and in which the bank was
        alarmed (not a number: not in the run). ``days_saved`` and ``rate_cut`` compare the bank's first year with the
        run's last, ``bank_growth`` its loans at the end with those of the first month; the others are of the end.
        """
        days, rate, loans = (
            self.path(name) for name in ("days_to_cash_bank", "annual_rate_new_bank", "gross_loans_bank")
        )
        found = pd.DataFrame(
            {
                "tipped": first_month(self.path("wallet_active") >= TIPPED),
                "alarmed": first_month(self.path("bank_alarmed") > 0.0),
                "days_saved": days.iloc[:, :YEAR].mean(axis=1) - days.iloc[:, -YEAR:].mean(axis=1),
                "rate_cut": rate.iloc[:, :YEAR].mean(axis=1) - rate.iloc[:, -YEAR:].mean(axis=1),
                "bank_growth": loans.iloc[:, -1] / loans.iloc[:, 0] - 1.0,
            }
        )
        for name in ("wallet_active", "cash_share_town", "credit_access", "npl_ratio_bank"):
            found[name] = self.path(name).iloc[:, -1]
        return found[list(OUTCOMES)]

    def summary(self) -> pd.DataFrame:
        """Return for each outcome how many counties have it, and its 10%, 50% and 90% over them."""
        outcomes = self.outcomes
        found = outcomes.quantile([0.1, 0.5, 0.9]).T.set_axis(["low", "median", "high"], axis=1)
        found.insert(0, "counties", outcomes.notna().sum())
        return found.rename_axis("outcome")

    def thirds(self, *outcomes: str) -> pd.DataFrame:
        """Return the median of outcomes in the third of counties that has least of a trait, and in that with most."""
        names = list(outcomes) or ["tipped", "alarmed", "days_saved", "bank_growth"]
        rows = {}
        for trait in self.counties.columns:
            has = self.counties.loc[self.outcomes.index, trait].rank(pct=True)
            least, most = self.outcomes[has <= 1 / 3], self.outcomes[has > 2 / 3]
            rows[trait] = {f"{name}, {end}": part[name].median() for name in names
                           for end, part in (("least", least), ("most", most))}  # fmt: skip
        return pd.DataFrame(rows).T.rename_axis("trait")

    def depends_on(self, outcome: str) -> pd.Series:
        """Return by how many standard deviations of its rank an outcome moves with one of each trait, all at once.

        Standardised rank regression coefficients (Saltelli and Sobol 1995): unlike correlations they tell apart traits
        that go together. A county that does not tip, or whose bank is not alarmed, counts as the last.

        Raises
        ------
        CatfishError
            If there is no such outcome.
        """
        if outcome not in OUTCOMES:
            raise CatfishError(f"there is no outcome {outcome!r}; the names are {', '.join(OUTCOMES)}")
        y = self.outcomes[outcome]
        late = float(self.manifest["months"])
        filled = y.fillna(late) if OUTCOMES[outcome] == "month" else y
        return rank_regression(self.counties.loc[filled.dropna().index], filled.dropna())

    def save_tables(self) -> None:
        """Write counties with their outcomes, and the summaries, beside the runs."""
        write_whole(self.folder / "counties.csv", self.counties.join(self.outcomes).to_csv().encode())
        write_whole(self.folder / "summary.csv", self.summary().to_csv().encode())
        write_whole(self.folder / "thirds.csv", self.thirds().to_csv().encode())
        depends = pd.DataFrame({name: self.depends_on(name) for name in OUTCOMES})
        write_whole(self.folder / "depends-on.csv", depends.rename_axis("trait").to_csv().encode())

    def __repr__(self) -> str:
        about = self.manifest["scenario"]
        return (
            f"<Rollout of {about['name']} in {len(self.outcomes)} of {self.manifest['points']} counties, "
            f"{self.manifest['months']} months, scale {self.manifest['scale']:g}>"
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>{self.summary().to_html(float_format=lambda x: f'{x:,.3g}', na_rep='–')}"


def first_month(reached: pd.DataFrame) -> pd.Series:
    """Return the first column in which each row is true; not a number where there is none."""
    hit = reached.to_numpy()
    months = np.where(hit.any(axis=1), hit.argmax(axis=1), np.nan)
    return pd.Series(months, index=reached.index)


def rank_regression(x: pd.DataFrame, y: pd.Series) -> pd.Series:
    """Return standardised coefficients of the regression of ranks of y on ranks of the columns of x.

    Not a number where there are too few rows, or y does not vary.
    """
    names = pd.Index(x.columns)
    if len(y) < 2 * len(names) or y.nunique() < 2:
        return pd.Series(np.nan, index=names)
    ranks = np.column_stack([_standard(x[name]) for name in names])
    found: FloatArray = np.linalg.lstsq(ranks, _standard(y), rcond=None)[0].astype(np.float64)
    return pd.Series(found, index=names)


def _standard(values: pd.Series) -> FloatArray:
    """Return ranks with mean 0 and variance 1."""
    ranks = values.rank().to_numpy(dtype=np.float64)
    standard: FloatArray = (ranks - ranks.mean()) / max(float(ranks.std()), 1e-300)
    return standard
