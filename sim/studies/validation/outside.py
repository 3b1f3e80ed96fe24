"""All that is held against outside data: effect sizes of the literature, villages and districts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from sim.errors import CatfishError
from sim.executors import processes
from sim.experiment import read_scenario
from sim.patterns.verdicts import Row
from sim.storage.manifest import describe_run
from sim.storage.tables import csv_bytes, save_files
from sim.studies.validation import districts_lessons, villages_lessons
from sim.studies.validation.districts import FOLDS, UNITS, DistrictsResult, study
from sim.studies.validation.districts import check_enough as check_districts
from sim.studies.validation.districts_data import OBTAIN, Districts, read_districts
from sim.studies.validation.effects import effects, months_in_all
from sim.studies.validation.villages import VillagesResult, judge, steps_in_all
from sim.studies.validation.villages import check_enough as check_villages
from sim.studies.validation.villages_data import SOURCE, Village, read_villages
from sim.studies.validation.villages_fit import SETS

Progress = Callable[[int], None]
#: Steps that progress is told in: half for effects, half for villages with districts beside them.
STEPS = 20


@dataclass(frozen=True)
class Effort:
    """How much is run.

    Parameters
    ----------
    sets : int
        Parameter sets for each model of villages, a power of two.
    units, folds : int
        Units in the library of districts, a power of two; groups of states that are left out in turn.
    seeds : int
    scale : float
        Of the county on which effects are measured.
    """

    sets: int = SETS
    units: int = UNITS
    folds: int = FOLDS
    seeds: int = 8
    scale: float = 0.1


USUAL = Effort()


@dataclass(frozen=True)
class Validation:
    """What came out.

    Parameters
    ----------
    villages : VillagesResult
    districts : DistrictsResult
    effects : list of Row
    manifest : dict
    """

    villages: VillagesResult
    districts: DistrictsResult
    effects: list[Row]
    manifest: dict[str, Any]

    @property
    def lessons(self) -> dict[str, list[str]]:
        """Sentences on what it says about the mechanisms, by data."""
        return {
            "villages": villages_lessons.lessons(self.villages),
            "districts": districts_lessons.lessons(self.districts),
        }

    def files(self) -> dict[str, bytes]:
        """Return the data files, by name. Equal studies give equal bytes."""
        villages, districts = self.villages, self.districts
        tables = {
            "villages-skill": villages.skill, "villages-predictions": villages.predictions,
            "villages-path": villages.path, "villages-fitted": villages.fitted, "villages-who": villages.who,
            "districts-skill": districts.skill, "districts-predictions": districts.predictions,
            "districts-learned": districts.learned, "districts-quarters": districts.quarters,
            "effects": pd.DataFrame([asdict(row) for row in self.effects]),
        }  # fmt: skip
        if self.manifest["sealed"]:
            tables["villages-sealed"] = villages.sealed
            tables["villages-sealed-with-size"] = villages.sealed_with_size
            tables["districts-sealed"] = districts.sealed
        told = "".join(f"{data}: {line}\n" for data, lines in self.lessons.items() for line in lines)
        return {f"{name}.csv": _csv(table) for name, table in tables.items()} | {"lessons.txt": told.encode()}

    def save(self, folder: str | Path) -> str:
        """Write the data files and the manifest into an empty folder that exists; return the content hash."""
        return save_files(Path(folder), self.files(), self.manifest)


def _csv(table: pd.DataFrame) -> bytes:
    return csv_bytes(pa.Table.from_pandas(table, preserve_index=False))


def read_outside(folder: str | Path, effort: Effort | None = None) -> tuple[list[Village], Districts]:
    """Return the villages and districts of a folder, checked.

    Raises
    ------
    CatfishError
        If the folder, a file or a column is missing, a value is not what it should be, or there is too little of it.
    """
    if not Path(folder).is_dir():
        raise CatfishError(
            f"there is no folder {folder}; it has to hold villages/ ({SOURCE}) and districts/ ({OBTAIN})"
        )
    villages, districts = read_villages(Path(folder)), read_districts(folder)
    check_villages(villages)
    check_districts(districts, (effort or USUAL).folds)
    return villages, districts


def validate(
    folder: str | Path,
    predict_sealed: bool = False,
    *,
    jobs: int | None = None,
    cluster: str | None = None,
    done: Progress | None = None,
    effort: Effort | None = None,
) -> Validation:
    """Hold the shipped mechanisms against a folder of outside data, and the county against the literature.

    Parameters
    ----------
    folder : path
        Holds ``villages`` and ``districts``.
    predict_sealed : bool
        Whether outcomes that are withheld are predicted.
    jobs : int, optional
        Processes for the county's runs; by default as many as the work is worth.
    cluster : str, optional
        Address of a Dask scheduler whose workers make those runs instead: "tcp://host:port".
    done : callable, optional
        Told how many of `STEPS` steps are done.
    effort : Effort, optional
        How much is run.

    Raises
    ------
    CatfishError
        If the data is not there or not as it should be.
    """
    effort, tell = effort or USUAL, done or _silent
    villages, districts = read_outside(folder, effort)
    chosen = villages if predict_sealed else [village for village in villages if not village.sealed]
    half, months, steps = STEPS // 2, months_in_all(effort.seeds), steps_in_all(effort.sets)
    rows = effects(
        range(1, effort.seeds + 1), effort.scale, jobs=jobs, cluster=cluster,
        done=lambda some: tell(some * half // months),
    )  # fmt: skip
    with processes(1) as (executor, _):
        later = executor.submit(study, districts, predict_sealed, None, effort.units, effort.folds)
        of_villages = judge(chosen, effort.sets, lambda some: tell(half + some * (half - 1) // steps))
        of_districts = later.result()
    tell(STEPS)
    return Validation(of_villages, of_districts, rows, _manifest(folder, predict_sealed, effort))


def _silent(steps: int) -> None:
    """Tell nobody."""


def _manifest(folder: str | Path, predict_sealed: bool, effort: Effort) -> dict[str, Any]:
    """Return what the study was: mechanisms with every parameter, data with its hashes, how much was run."""
    run = describe_run(read_scenario("neixiang"), range(1, effort.seeds + 1), effort.scale, 60, 0.0, {})
    of_runs = ("months", "weight", "measures", "words")
    return {
        **{key: value for key, value in run.items() if key not in of_runs},
        "study": "validation",
        "sealed": predict_sealed,
        "effort": asdict(effort),
        "sources": {"villages": SOURCE, "districts": OBTAIN},
        "data": _hashes(Path(folder), ("villages", "districts")),
    }


def _hashes(folder: Path, parts: Sequence[str]) -> dict[str, str]:
    """Return the SHA-256 of every table of the data, by name."""
    paths = [path for part in parts for path in sorted((folder / part).glob("*.csv"))]
    return {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
