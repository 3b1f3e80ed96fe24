"""Scenarios side by side: their tables, the decision table, and who wins and who loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import CatfishError
from sim.experiment import Progress
from sim.parameters import DECLARED
from sim.patterns.verdicts import COUNTY
from sim.results import Results
from sim.scenario import Scenario
from sim.storage.tables import csv_bytes, parquet_bytes, save_files
from sim.studies.decisions import decision_table, shown, shown_gap
from sim.studies.saved_runs import TABLES, check_alike, is_comparison, read_comparison, read_run
from sim.studies.two_worlds import TwoWorlds
from sim.studies.who import who

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Scenarios side by side.

    Attributes
    ----------
    tables : dict[str, pyarrow.Table]
        "monthly" and "groups" of all scenarios, as those of a run, with a column ``scenario`` before the others.
    manifest : dict
        The scenarios, the first one's parameters and what the others change, seeds, scale, months, versions.
    """

    tables: dict[str, pa.Table]
    manifest: dict[str, Any]

    @classmethod
    def of(cls, runs: Sequence[Results], names: Sequence[str] = (), **manifest: Any) -> Comparison:
        """Compare results of runs with those of the first.

        Parameters
        ----------
        runs : sequence of Results
            Of the same county, scale, months, seeds and version of the model, with different names.
        names : sequence of str, optional
            What to call them in an error.
        **manifest
            Entries to add to the manifest.

        Raises
        ------
        CatfishError
            If they cannot be compared.
        """
        check_alike([_facts(run) for run in runs], names)
        first, abouts = runs[0].manifest, [run.manifest["scenario"] for run in runs]
        tables = {
            name: pa.concat_tables(
                [_with_scenario(run.tables[name], about["name"]) for run, about in zip(runs, abouts, strict=True)]
            ).unify_dictionaries()
            for name in TABLES
        }
        before = {row["path"]: row["value"] for row in first["parameters"]}
        changes = [[row for row in run.manifest["parameters"] if before[row["path"]] != row["value"]] for run in runs]
        kept = ("months", "seeds", "scale", "weight", "versions", "commit", "parameters", "measures", "words")
        about_all = {name: first[name] for name in kept if name in first}
        return cls(tables, {"what": "comparison", "scenarios": abouts, "changes": changes, **about_all, **manifest})

    @classmethod
    def load(cls, *folders: str | Path) -> Comparison:
        """Read a comparison again, or compare runs that were made before.

        Parameters
        ----------
        *folders : str or Path
            One folder of a comparison, or at least two of runs.

        Raises
        ------
        CatfishError
            If a folder holds no such results, is damaged, or they cannot be compared.
        """
        if len(folders) == 1 and is_comparison(Path(folders[0])):
            return cls(*read_comparison(Path(folders[0])))
        return cls.of([read_run(Path(folder)) for folder in folders], [str(folder) for folder in folders])

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """A row for each scenario, seed and month, a column for each measure."""
        frame: pd.DataFrame = self.tables["monthly"].to_pandas()
        return frame

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Measures by group: scenario, seed, month, kind, group, measure, value."""
        frame: pd.DataFrame = self.tables["groups"].to_pandas()
        return frame

    @property
    def names(self) -> list[str]:
        """The scenarios, in order; differences are taken to the first."""
        return [about["name"] for about in self.manifest["scenarios"]]

    @property
    def seeds(self) -> list[int]:
        """The seeds, in order."""
        return [int(seed) for seed in self.manifest["seeds"]]

    @property
    def dates(self) -> list[str]:
        """The months, in order."""
        return [str(date) for date in self.monthly["date"].iloc[: self.manifest["months"]]]

    @property
    def reported_on(self) -> bool:
        """Whether it is about the county that was reported on."""
        return bool(self.manifest["scenarios"][0]["county_file"] == COUNTY)

    def series(self, measure: str, group: tuple[str, str] | None = None) -> FloatArray:
        """Return a measure of the county or of a group (kind, name), float64[scenarios, seeds, months]."""
        shape = (len(self.names), len(self.seeds), int(self.manifest["months"]))
        if group is None:
            return self.monthly[measure].to_numpy(np.float64).reshape(shape)
        table = self.groups
        here = table[(table["kind"] == group[0]) & (table["group"] == group[1]) & (table["measure"] == measure)]
        values = np.full(shape, np.nan)
        scenario = pd.Index(self.names).get_indexer(pd.Index(here["scenario"].astype(str)))
        seed = pd.Index(self.seeds).get_indexer(pd.Index(here["seed"]))
        values[scenario, seed, here["month"]] = here["value"]
        return values

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """The decision table in numbers: a row for each question and scenario (see ``sim.studies.decisions``)."""
        return decision_table(self.series, self.names, self.dates)

    def table(self) -> pd.DataFrame:
        """Return the decision table as it is read: a row for each question, a column for each scenario."""
        rows = self.decisions
        text = [
            f"{shown(row['median'], row['unit'])}{f' [{shown_gap(row)}]' if row['sign'] != 'base' else ''}"
            for _, row in rows.iterrows()
        ]
        wide = rows.assign(text=text).pivot_table("text", "key", "scenario", "first", sort=False)
        about = rows.drop_duplicates("key").set_index("key")[["what", "months", "unit", "better"]]
        return pd.concat([about, wide[self.names]], axis=1)

    def scenario(self, name: str) -> Scenario:
        """Return one of its scenarios, as it was run.

        Raises
        ------
        CatfishError
            If it has no scenario of this name.
        """
        if name not in self.names:
            raise CatfishError(f"there is no scenario {name!r} in this comparison of {', '.join(self.names)}")
        k = self.names.index(name)
        about = self.manifest["scenarios"][k]
        values = {row["path"]: row["value"] for row in [*self.manifest["parameters"], *self.manifest["changes"][k]]}
        plain = Scenario.load("neixiang", county=about["county_file"])
        changed = {path: value for path, value in values.items() if plain.shown(DECLARED[path]) != value}
        texts = {key: about[key] for key in ("name", "title", "question", "source")}
        return replace(plain.replace(changed, "manifest"), **texts)

    def who(
        self, other: str = "", base: str = "", *, seed: int | None = None, done: Progress | None = None
    ) -> TwoWorlds:
        """Return who wins and who loses in a world against another, resident by resident.

        Parameters
        ----------
        other, base : str, optional
            Two of its scenarios: the second and the first if nothing is said.
        seed : int, optional
            Its first seed if nothing is said.
        done : callable, optional
            As for :func:`sim.studies.who.who`.
        """
        pair = [self.scenario(name) for name in (base or self.names[0], other or self.names[1])]
        chosen = self.seeds[0] if seed is None else seed
        return who(*pair, seed=chosen, scale=self.manifest["scale"], months=self.manifest["months"], done=done)

    def files(self) -> dict[str, bytes]:
        """Return the data files, by name. Equal runs give equal bytes."""
        decisions = pa.Table.from_pandas(self.decisions, preserve_index=False).replace_schema_metadata()
        found = {"comparison.csv": csv_bytes(decisions), "monthly.csv": csv_bytes(self.tables["monthly"])}
        return found | {f"{name}.parquet": parquet_bytes(self.tables[name]) for name in TABLES}

    def save(self, folder: str | Path) -> str:
        """Write the data files and the manifest into an empty folder that exists; return the content hash."""
        return save_files(Path(folder), self.files(), self.manifest)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.names)}: {len(self.seeds)} seeds, scale {self.manifest['scale']:g}>"

    def _repr_html_(self) -> str:
        about = self.manifest["scenarios"]
        head = "".join(f"<li><b>{escape(each['name'])}</b>: {escape(each['title'])}</li>" for each in about)
        table = self.table().rename(columns={"what": "", "months": "when"}).to_html(index=False)
        return f"<ul>{head}</ul>{table}<p>{escape(how_to_read(self))}</p>"


def how_to_read(comparison: Comparison) -> str:
    """Return the words below a decision table."""
    first, seeds = comparison.names[0], len(comparison.seeds)
    begin = f"Against {first}, with the same people and luck"
    if seeds == 1:
        return f"{begin}: one seed, so there is no band and no sign is settled. “=”: no difference at all."
    return (
        f"{begin}: median of {seeds} seeds, in brackets 80% of the differences within a seed. “±?”: the sign is not "
        "settled, 80% of the differences lie on both sides of zero. “=”: no difference in any seed. The band is luck "
        "alone, not doubt about assumptions."
    )


def _facts(run: Results) -> tuple[str, dict[str, Any]]:
    """Return a run's name and what must be the same in all runs that are compared."""
    told = run.manifest
    return told["scenario"]["name"], {
        "county": told["scenario"]["county_file"], "scale": told["scale"], "months": told["months"],
        "seeds": told["seeds"], "version": told["versions"]["catfish"],
    }  # fmt: skip


def _with_scenario(table: pa.Table, name: str) -> pa.Table:
    """Return a run's table with a first column that says which scenario it is."""
    field = pa.field(
        "scenario", pa.dictionary(pa.int16(), pa.string()), metadata={"definition": "name of the scenario"}
    )
    codes = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(table), np.int16)), pa.array([name]))
    return table.add_column(0, field, codes)
