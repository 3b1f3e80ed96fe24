"""Runs that were saved: read again, checked for damage, and checked for what forbids comparing them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet

from sim.errors import CatfishError
from sim.measures import MEASURES
from sim.results import Results
from sim.storage.manifest import versions
from sim.storage.output_folder import MANIFEST, is_ours
from sim.storage.tables import content_hash

#: The tables of a run that a comparison is made of.
TABLES = ("monthly", "groups")
#: What the manifest of a run, and of a comparison, must tell.
_RUN = ("scenario", "seeds", "scale", "months", "weight", "parameters", "measures", "versions", "files", "content_hash")
_COMPARISON = ("scenarios", "changes", *_RUN[1:])


def check_alike(worlds: Sequence[tuple[str, Mapping[str, Any]]], names: Sequence[str] = ()) -> None:
    """Refuse worlds that cannot be compared.

    Parameters
    ----------
    worlds : sequence of (name, facts)
        Scenario's name, and what must be the same in all: county, scale, months, seeds, version.
    names : sequence of str, optional
        What to call them in an error; the scenarios' names if nothing is said.

    Raises
    ------
    CatfishError
        If there are fewer than two, two have one name, or a fact differs.
    """
    called = list(names) or [name for name, _ in worlds]
    if len(worlds) < 2:
        raise CatfishError(f"a comparison needs at least two scenarios, but there is {called[0] if called else 'none'}")
    known: dict[str, str] = {}
    for (name, facts), where in zip(worlds, called, strict=True):
        if name in known:
            again = f"{known[name]} and {where} are both " if known[name] != where else "two scenarios are "
            raise CatfishError(f"{again}called {name}, but scenarios that are compared need different names")
        known[name] = where
        for what, value in facts.items():
            first = worlds[0][1][what]
            if value != first:
                raise CatfishError(
                    f"{where} has {what} {_show(value)} and {called[0]} has {what} {_show(first)}: only worlds with "
                    f"the same {what} can be compared"
                )


def _show(value: Any) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def is_comparison(folder: Path) -> bool:
    """Tell whether a folder holds a comparison."""
    return is_ours(folder) and json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("what") == "comparison"


def read_run(folder: Path) -> Results:
    """Read a run's tables that a comparison needs.

    Raises
    ------
    CatfishError
        If the folder holds no run, is damaged, or was made by another version of the model.
    """
    return Results(*_read(folder, _RUN, "run"))


def read_comparison(folder: Path) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """Return the tables and the manifest of a saved comparison.

    Raises
    ------
    CatfishError
        If the folder holds no comparison, is damaged, or was made by another version of the model.
    """
    return _read(folder, _COMPARISON, "comparison")


def _read(folder: Path, needed: Sequence[str], what: str) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    if not folder.is_dir():
        raise CatfishError(f"{folder} is no folder of results")
    if not is_ours(folder):
        raise CatfishError(f"{folder} holds no results of catfish: it has no {MANIFEST} of its own")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest.get("what", "run") != what:
        raise CatfishError(f"{folder} holds a {manifest.get('what', 'run')}, but must hold a {what}")
    missing = [name for name in needed if name not in manifest]
    if missing:
        raise CatfishError(f"{folder} is damaged: its {MANIFEST} says nothing of {missing[0]}")
    _check_version(folder, manifest)
    return _tables(folder, manifest), manifest


def _check_version(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse results of another version of the model."""
    made, here = manifest["versions"].get("catfish"), versions()["catfish"]
    if made != here:
        raise CatfishError(f"{folder} was made by catfish {made}, but this is catfish {here}: run it again")
    if [each["name"] for each in manifest["measures"]] != list(MEASURES):
        raise CatfishError(f"{folder} has other measures than this version of the model: run it again")


def _tables(folder: Path, manifest: Mapping[str, Any]) -> dict[str, pa.Table]:
    """Return the tables, if the files are those that were written."""
    try:
        files = {name: (folder / name).read_bytes() for name in manifest["files"]}
    except OSError as error:
        name = Path(str(error.filename)).name
        raise CatfishError(f"{folder} is damaged: {name} cannot be read ({error.strerror})") from error
    if content_hash(files) != manifest["content_hash"]:
        raise CatfishError(f"{folder} is damaged: its files are not those that were written")
    return {name: pyarrow.parquet.read_table(pa.BufferReader(files[f"{name}.parquet"])) for name in TABLES}
