"""Two worlds, person by person: who comes to credit, who to harm, by how many yuan, and how much of it is luck.

Row i is the same person in both worlds, with the same luck. So a policy that changes nothing changes nobody; and the
same policy under fresh luck shows how much would change hands by luck alone, if luck were not the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.errors import CatfishError
from sim.labels import label
from sim.storage.tables import csv_bytes, parquet_bytes, save_files
from sim.studies.lives import COLUMNS, FIXED, Lives, Standing
from sim.studies.person_figures import KINDS, figures, gains
from sim.studies.story import Story
from sim.vocabulary import AgeBand, Employer, Occupation, PlaceKind

_NAMED = {"occupation": Occupation, "age_band": AgeBand, "place_kind": PlaceKind, "employer": Employer}


@dataclass(frozen=True, eq=False, repr=False)
class TwoWorlds:
    """Who wins and who loses in world b against world a.

    Attributes
    ----------
    a, b : Lives
        The two worlds.
    nothing : Lives
        World a under a policy that changes nothing.
    lucky : list of Lives
        World a under fresh luck.
    stories : dict of "a" and "b" to dict of row to (Story, months)
        Of the largest winners and losers.
    manifest : dict
        Scenarios, seed, scale, months, versions.
    """

    a: Lives
    b: Lives
    nothing: Lives
    lucky: list[Lives]
    stories: Mapping[str, Mapping[int, tuple[Story, pd.DataFrame]]]
    manifest: dict[str, Any]

    @property
    def names(self) -> tuple[str, str]:
        """The scenarios of world a and world b."""
        return self.manifest["scenario"]["name"], self.manifest["other"]["name"]

    @cached_property
    def people(self) -> pd.DataFrame:
        """A row for each adult: who they are, what became of them in both worlds (_a, _b), and gains in yuan."""
        fixed = self.a.fixed.copy()
        for name, code in _NAMED.items():
            fixed[name] = _named(fixed[name], code)
        parts = [fixed.rename_axis("resident").reset_index()]
        for world, lives in (("a", self.a), ("b", self.b)):
            columns = lives.columns.copy()
            columns["standing"] = _named(columns["standing"], Standing)
            parts.append(columns.add_suffix(f"_{world}"))
        return pd.concat([*parts, gains(self.a, self.b)], axis=1)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Every figure of b against a: kind, group, figure, unit, value; beside it, the attribution noise.

        ``nothing`` is the same figure of a policy that changes nothing, ``luck_low`` and ``luck_high`` the lowest and
        highest of the same policy under fresh luck.
        """
        found = figures(self.a, self.b)
        lucky = np.array([figures(self.a, each)["value"].to_numpy() for each in self.lucky])
        noise = {"luck_low": lucky.min(axis=0), "luck_high": lucky.max(axis=0)}
        return found.assign(nothing=figures(self.a, self.nothing)["value"].to_numpy(), **noise)

    def moves(self) -> pd.DataFrame:
        """Return adults at full size by how they stand in world a (rows) and in world b (columns)."""
        counts = np.zeros((len(Standing), len(Standing)))
        np.add.at(counts, (self.a.columns["standing"].to_numpy(), self.b.columns["standing"].to_numpy()), self.a.weight)
        words = [label(f"standing.{each.name}") for each in Standing]
        return pd.DataFrame(counts, pd.Index(words, name=self.names[0]), pd.Index(words, name=self.names[1]))

    def by_group(self, figure: str = "gain_each") -> pd.DataFrame:
        """Return a figure by group with its noise: all, occupation, age, poverty and place.

        Parameters
        ----------
        figure : str
            "gain_each" and "gain_total", the same of ``gain_income``, ``gain_interest`` and ``gain_unmet``, "gainers"
            or "losers".
        """
        rows = self.figures
        return rows[rows["kind"].isin(KINDS) & (rows["figure"] == figure)].reset_index(drop=True)

    def displaced(self) -> pd.DataFrame:
        """Return who was crowded out in one world alone, though granted the same application in the other."""
        rows = self.figures
        return rows[rows["kind"] == "crowded out"].reset_index(drop=True)

    def winners(self) -> pd.DataFrame:
        """Return those who gain most in world b, the largest first."""
        return self._told(self.people["gain"] > 0)

    def losers(self) -> pd.DataFrame:
        """Return those who lose most in world b, the largest first."""
        return self._told(self.people["gain"] < 0)

    def _told(self, which: Any) -> pd.DataFrame:
        rows = [row for row in self.stories["a"] if which.iloc[row]]
        names = ["resident", "occupation", "age", "poor", "place_kind", "gain", "gain_income", "gain_interest",
                 "gain_unmet", "standing_a", "standing_b"]  # fmt: skip
        luck = np.array([gains(self.a, each)["gain"].to_numpy()[rows] for each in self.lucky])
        noise = {"luck_low": luck.min(axis=0), "luck_high": luck.max(axis=0)} if rows else {}
        return self.people.iloc[rows][names].assign(**noise).reset_index(drop=True)

    def story(self, resident: int) -> tuple[Story, Story]:
        """Return what happened to one of the winners or losers, in world a and in world b.

        Raises
        ------
        CatfishError
            If the resident is not among them.
        """
        if resident not in self.stories["a"]:
            known = ", ".join(str(row) for row in self.stories["a"])
            raise CatfishError(f"there is no story of resident {resident}; there are those of {known or 'nobody'}")
        return self.stories["a"][resident][0], self.stories["b"][resident][0]

    def months(self, resident: int) -> pd.DataFrame:
        """Return one of the winners' or losers' months in both worlds (_a, _b)."""
        self.story(resident)
        a, b = (self.stories[world][resident][1] for world in ("a", "b"))
        columns = [a[["date"]], a.drop(columns="date").add_suffix("_a"), b.drop(columns="date").add_suffix("_b")]
        return pd.concat(columns, axis=1)

    def files(self) -> dict[str, bytes]:
        """Return the data files, by name. Equal runs give equal bytes."""
        told = [self.months(row).assign(resident=row) for row in self.stories["a"]]
        tables = {
            "figures": self.figures,
            "moves": self.moves().reset_index(),
            "winners": self.winners(),
            "losers": self.losers(),
            "stories": pd.concat(told, ignore_index=True) if told else pd.DataFrame(),
        }
        found = {f"{name}.csv": csv_bytes(_arrow(table)) for name, table in tables.items()}
        text = "\n\n".join(
            f"In {name}:\n{self.story(row)[k]}" for row in self.stories["a"] for k, name in enumerate(self.names)
        )
        return found | {"stories.txt": f"{text}\n".encode(), "people.parquet": parquet_bytes(self._people_table())}

    def save(self, folder: str | Path) -> str:
        """Write the data files and the manifest into an empty folder that exists; return the content hash."""
        return save_files(Path(folder), self.files(), self.manifest)

    def _people_table(self) -> pa.Table:
        table = _arrow(self.people)
        told = {
            "gain": "gain_income + gain_interest + gain_unmet, yuan", "gain_income": "income more in b, yuan",
            "gain_interest": "interest less in b, yuan", "gain_unmet": "credit wanted and not got less in b, yuan",
        }  # fmt: skip
        told |= {f"{name}_{world}": f"{text}; world {world}" for name, text in COLUMNS.items() for world in "ab"}
        told |= dict.fromkeys((*FIXED, "resident"), "who they are: the same in both worlds")
        fields = [field.with_metadata({"definition": told[field.name]}) for field in table.schema]
        return table.cast(pa.schema(fields))

    def __repr__(self) -> str:
        return f"<TwoWorlds: {self.names[1]} against {self.names[0]}: {len(self.people)} adults>"

    def _repr_html_(self) -> str:
        title = f"<p><b>{escape(self.names[1])}</b> against <b>{escape(self.names[0])}</b></p>"
        parts = [self.moves(), self.by_group(), self.displaced(), self.winners(), self.losers()]
        return title + "".join(part.to_html(float_format=lambda x: f"{x:,.0f}") for part in parts)


def _named(codes: pd.Series[Any], members: type[IntEnum]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(codes.to_numpy(np.int64), pd.Index([each.name.lower() for each in members]))


def _arrow(table: pd.DataFrame) -> pa.Table:
    """Return a table without what pandas notes about itself: it names versions."""
    return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
