"""Results of one or several seeds: plain tables, a manifest, and the verdicts on the reported patterns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from sim.errors import CatfishError
from sim.patterns.levels import judge_levels
from sim.patterns.no_bad_loans import Sight
from sim.patterns.verdicts import COUNTY, Row, judge_all
from sim.patterns.vintages import vintage_curves
from sim.storage.output_folder import MANIFEST, is_ours
from sim.storage.tables import csv_bytes, parquet_bytes, save_files

#: The tables of a run.
TABLES = ("monthly", "groups", "loans", "residents")


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """What a run leaves: tables and a manifest.

    Attributes
    ----------
    tables : dict[str, pyarrow.Table]
        "monthly" (a row per seed and month), "groups" (long), "loans" (the tape), "residents" (final state of the
        first seed). Their columns carry units and definitions as metadata.
    manifest : dict
        Scenario, every parameter with unit, range and source, seeds, scale, versions.
    """

    tables: dict[str, pa.Table]
    manifest: dict[str, Any]

    @cached_property
    def monthly(self) -> pd.DataFrame:
        """A row for each seed and month, a column for each measure."""
        return _frame(self.tables["monthly"])

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Measures by group: seed, month, kind, group, measure, value."""
        return _frame(self.tables["groups"])

    @cached_property
    def loans(self) -> pd.DataFrame:
        """The loan tape: a row for each loan of each seed. Money in fen, rates in millionths a year."""
        return _frame(self.tables["loans"])

    @cached_property
    def residents(self) -> pd.DataFrame:
        """The residents of the first seed as the run leaves them. Money in fen."""
        return _frame(self.tables["residents"])

    @property
    def seeds(self) -> list[int]:
        """The seeds, in order."""
        return [int(s) for s in self.manifest["seeds"]]

    @property
    def months(self) -> int:
        """How many months were simulated."""
        return int(self.manifest["months"])

    @property
    def weight(self) -> float:
        """Adults at full size for each simulated adult."""
        return float(self.manifest["weight"])

    @property
    def reported_on(self) -> bool:
        """Whether the run is of the county that the reported patterns are about."""
        return bool(self.manifest["scenario"]["county_file"] == COUNTY)

    @cached_property
    def _judged(self) -> tuple[list[Row], list[Sight]]:
        return ([], []) if not self.reported_on else judge_all(self.monthly, self.loans, self.weight)

    def patterns(self) -> pd.DataFrame:
        """Return the verdicts: a row for each of P1 to P5, with median and 80% band over seeds.

        Empty for other counties than the one that was reported on.
        """
        names = [field.name for field in fields(Row)]
        return pd.DataFrame([vars(row) for row in self._judged[0]], columns=names).set_index("key")

    def levels(self) -> pd.DataFrame:
        """Return what people of the county know (incomes, turnover, the bank's accounts) beside sourced ranges.

        Empty for other counties than the one that was reported on.
        """
        names = [field.name for field in fields(Row)]
        return pd.DataFrame([vars(row) for row in self.level_rows], columns=names).set_index("key")

    @cached_property
    def level_rows(self) -> list[Row]:
        """The rows of :meth:`levels`."""
        return judge_levels(self.monthly) if self.reported_on else []

    def no_bad_loans(self) -> pd.DataFrame:
        """Return P4 split: what would be seen of bad loans by 2019-01 under each assumption."""
        return pd.DataFrame([vars(s) for s in self._judged[1]], columns=["name", "assumes", "expected", "probability"])

    def vintages(self, lender: str = "platform", width: int = 12, seed: int | None = None) -> pd.DataFrame:
        """Return cumulative default by months on book (rows) and vintage (columns: its first month).

        Of one seed, or of all together; ``width`` is the number of months that make a vintage.
        """
        tape = self.loans
        wanted = (tape["lender"] == lender) & (tape["originated"] >= 0)
        if seed is not None:
            wanted &= tape["seed"] == seed
        return vintage_curves(tape[wanted], self.months - 1, width)

    @property
    def verdicts(self) -> list[Row]:
        """The rows of :meth:`patterns`."""
        return self._judged[0]

    @property
    def sights(self) -> list[Sight]:
        """The rows of :meth:`no_bad_loans`."""
        return self._judged[1]

    def files(self) -> dict[str, bytes]:
        """Return the data files, by name. Equal runs give equal bytes."""
        found = {f"{name}.parquet": parquet_bytes(self.tables[name]) for name in TABLES}
        return {"monthly.csv": csv_bytes(self.tables["monthly"])} | found

    def save(self, folder: str | Path) -> str:
        """Write the data files and the manifest into an empty folder that exists; return the content hash."""
        return save_files(Path(folder), self.files(), self.manifest)

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Read results again.

        Raises
        ------
        CatfishError
            If the folder was not made by catfish, or a file is missing.
        """
        folder = Path(folder)
        if not is_ours(folder):
            raise CatfishError(f"{folder} holds no results of catfish (no {MANIFEST} of its own).")
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        try:
            tables = {name: pyarrow.parquet.read_table(folder / f"{name}.parquet") for name in TABLES}
        except (OSError, pa.ArrowInvalid) as error:
            raise CatfishError(f"{folder} is damaged: {error}") from error
        return cls(tables, manifest)

    @classmethod
    def together(cls, runs: Sequence[Results], **manifest: Any) -> Results:
        """Return the results of several seeds as one, in the given order; residents are the first's.

        Parameters
        ----------
        runs : sequence of Results
            Of the same scenario and months.
        **manifest
            Entries of the manifest to replace.
        """
        tables = {name: pa.concat_tables([r.tables[name] for r in runs]).unify_dictionaries() for name in TABLES[:3]}
        tables["residents"] = runs[0].tables["residents"]
        seeds = [seed for r in runs for seed in r.seeds]
        return cls(tables, {**runs[0].manifest, "seeds": seeds, **manifest})

    def __repr__(self) -> str:
        about, seeds = self.manifest["scenario"], self.seeds
        return (
            f"<Results of {about['name']}: {self.months} months from {about['start']}, {len(seeds)} seeds, "
            f"scale {self.manifest['scale']:g}>"
        )

    def _repr_html_(self) -> str:
        about = self.manifest["scenario"]
        head = (
            f"<p><b>{escape(str(about['title']))}</b>: {self.months} months from {about['start']}, "
            f"{len(self.seeds)} seed{'s' if len(self.seeds) != 1 else ''}, scale {self.manifest['scale']:g}</p>"
        )
        if not self.reported_on:
            return head + "<p>Nothing was reported of this county that the run could be held against.</p>"
        table = self.patterns()[["what", "reported", "median", "low", "high", "unit", "verdict"]]
        return head + table.to_html(float_format=lambda x: f"{x:,.0f}" if abs(x) >= 1000 else f"{x:.3g}", na_rep="–")
