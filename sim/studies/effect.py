"""The catfish effect: what the platform's entry does, and through which of the bank's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.dates import show_month
from sim.errors import CatfishError
from sim.experiment import Progress, Task, processes_for, read_scenario
from sim.limits import check_months, check_scale, check_seeds
from sim.scenario import Scenario
from sim.storage.manifest import describe_run
from sim.storage.tables import csv_bytes, save_files
from sim.studies.effect_parts import effect_tables, name_of
from sim.studies.effect_words import notes, summary, together
from sim.studies.effect_worlds import ANSWERS, OUTCOMES, Found, month_of_entry, run_answers, worlds_of


def worlds_in_all(seeds: int) -> int:
    """Return how many worlds some seeds have together."""
    return 2 * len(ANSWERS) * seeds


def catfish_effect(
    scenario: str | Path | Scenario = "neixiang",
    seeds: Sequence[int] = range(1, 5),
    *,
    scale: float = 0.1,
    months: int = 60,
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
) -> Effect:
    r"""Return the effect of the platform's entry, taken apart by the ways in which the bank answers.

    Each seed has 32 worlds of the same luck: with the platform and without it (``platform.entry`` never), and in both
    the bank may answer with each set T of price, speed, products and outreach. Let v(T) be an outcome with the
    platform, w(T) the same without it, N all four. The whole effect is v(N) - w(N), and

    .. math:: u(T) = v(T) - w(T)

    is what entry does where the bank may answer with T. The platform's own part is u(∅): the effect with all four off.
    A channel's part is its Shapley value in u: by how much entry does more where the bank may use it, averaged over
    the orders in which the four may be opened. The parts add up to the whole exactly.

    The bank may be alarmed without the platform, too, since wallets and codes spread anyway. What it would then do is
    in w, so it is no part of the effect (counted "entry"). The effect is also counted with it ("whole", which needs
    only 17 of the worlds): the platform's part is then v(∅) - w(N), which loses what the bank would have done anyway,
    and a channel's part is its Shapley value in v, which has it. The whole is the same. "anyway" is the difference of
    the two ways: w(∅) - w(N) for the platform, and the Shapley values in w; together they are nothing.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Its platform must enter, and its bank must be able to answer.
    seeds : sequence of int
    scale : float
        Share of the county that is simulated; results are at full size.
    months : int
        How many months, from the scenario's first.
    overrides : mapping, optional
        Parameters to change, by path.
    jobs : int, optional
        Processes; by default as many as the work is worth.
    cluster : str, optional
        Address of a Dask scheduler whose workers make the runs instead: "tcp://host:port".
    done : callable, optional
        Called with the number of worlds finished so far, out of :func:`worlds_in_all`.

    Returns
    -------
    Effect

    Raises
    ------
    CatfishError
        If the platform does not enter in these months, the bank may never respond, or a value is not possible.
    """
    ready = read_scenario(scenario, overrides)
    seeds, scale, months = check_seeds(seeds), check_scale(scale), check_months(months)
    entry = month_of_entry(ready, months)
    sides = [worlds_of(ready, enters) for enters in (True, False)]
    groups = [[Task(world, seed, scale, months) for world in side] for seed in seeds for side in sides]
    with processes_for([task for group in groups for task in group], jobs, cluster) as executor:
        found = _run_all(groups, entry, executor, done or _silent)
    manifest = describe_run(ready, seeds, scale, months, found[0][0].weight, OUTCOMES)
    tables = effect_tables(seeds, found[::2], found[1::2])
    return Effect(*tables, {**manifest, "study": "effect", "entry": show_month(entry)})


def _silent(worlds: int) -> None:
    """Tell nobody."""


def _run_all(
    groups: Sequence[Sequence[Task]], entry: int, executor: Executor | None, done: Progress
) -> list[list[Found]]:
    """Run groups of worlds, here or through an executor; the answers stand in the order of the groups."""
    if executor is None:
        found: list[list[Found]] = []
        for group in groups:
            before = len(found) * len(ANSWERS)
            found.append(run_answers(group, entry, lambda worlds, before=before: done(before + worlds)))  # type: ignore[misc]
        return found
    futures = [executor.submit(run_answers, group, entry) for group in groups]
    for count, future in enumerate(as_completed(futures), 1):
        future.result()
        done(count * len(ANSWERS))
    return [future.result() for future in futures]


@dataclass(frozen=True, eq=False, repr=False)
class Effect:
    """The effect of the platform's entry, in parts that add up exactly.

    Attributes
    ----------
    parts : DataFrame
        ``outcome, counted, part, unit, mean, low, high, settled``. Counted: "level" (the outcome "without" the platform
        and "with" it), "entry", "anyway", "whole" (see :func:`catfish_effect`). Part: "platform", "price", "speed",
        "products", "outreach" and "effect", their sum. Mean over seeds and 80% band; settled: the band lies on one side
        of zero, or all is zero. The means of the parts, added in any order, are the mean of the effect to the last bit.
    interactions : DataFrame
        ``outcome, counted, channels, …``: what channels do only together (Harsanyi dividends of the same games).
    worlds : DataFrame
        ``seed, platform, answer, alarm`` and the outcomes, rounded at about the twelfth digit so that the parts can be
        exact. Answer: the channels that the bank may use.
    manifest : dict
        Scenario, parameters, seeds, scale, month of entry, definitions of the outcomes.
    """

    parts: pd.DataFrame
    interactions: pd.DataFrame
    worlds: pd.DataFrame
    manifest: dict[str, Any]

    @property
    def seeds(self) -> list[int]:
        """The seeds, in order."""
        return [int(seed) for seed in self.manifest["seeds"]]

    @property
    def end(self) -> str:
        """The last month."""
        return str(np.datetime64(self.manifest["scenario"]["start"], "M") + (self.manifest["months"] - 1))

    @property
    def anyway(self) -> bool:
        """Whether the bank is alarmed without the platform, too, in some seed."""
        return any(date != "never" for date in self.alarms(platform=False))

    def alarms(self, platform: bool) -> list[str]:
        """Return when the bank that may use every channel is alarmed, by seed; "never" if it is not."""
        here = self.worlds
        side = "yes" if platform else "no"
        return [str(date) for date in here.loc[(here["platform"] == side) & (here["answer"] == _ALL), "alarm"]]

    def part(self, outcome: str, part: str, counted: str = "entry") -> pd.Series:
        """Return one row of ``parts``.

        Raises
        ------
        CatfishError
            If there is none.
        """
        here = self.parts
        found = here[(here["outcome"] == outcome) & (here["counted"] == counted) & (here["part"] == part)]
        if found.empty:
            raise CatfishError(f"the effect has no part {part!r} of {outcome!r} counted as {counted!r}")
        row: pd.Series = found.iloc[0]
        return row

    def files(self) -> dict[str, bytes]:
        """Return the data files, by name. Equal effects give equal bytes."""
        tables = {"effect.csv": self.parts, "interactions.csv": self.interactions, "worlds.csv": self.worlds}
        return {name: csv_bytes(pa.Table.from_pandas(table, preserve_index=False)) for name, table in tables.items()}

    def save(self, folder: str | Path) -> str:
        """Write the data files and the manifest into an empty folder that exists; return the content hash."""
        return save_files(Path(folder), self.files(), self.manifest)

    def __repr__(self) -> str:
        about, n = self.manifest["scenario"], len(self.seeds)
        return (
            f"<Effect of the platform's entry in {about['name']}: {self.manifest['months']} months from "
            f"{about['start']}, {n} seed{'s' if n != 1 else ''}, scale {self.manifest['scale']:g}>"
        )

    def _repr_html_(self) -> str:
        about, n = self.manifest["scenario"], len(self.seeds)
        head = (
            f"<p><b>What the platform's entry does: {escape(str(about['title']))}</b>; "
            f"{n} seed{'s' if n != 1 else ''}, scale {self.manifest['scale']:g}</p>"
        )
        told = "".join(f"<li>{escape(note)}</li>" for note in notes(self))
        return f"{head}{summary(self).to_html(index=False)}<ul>{told}</ul>{together(self).to_html(index=False)}"


_ALL = name_of(ANSWERS[-1])
