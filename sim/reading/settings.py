"""What scenario files and callers set: each value checked, and kept with its place and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import CatfishError
from sim.parameters import DECLARED, GROUPS, Table, nearest
from sim.reading.checks import check, declared, overlay
from sim.reading.toml_files import TomlFile, show


@dataclass(frozen=True)
class Setting:
    """A value that somebody set.

    Attributes
    ----------
    value : object
        As set; for a lever also a table from date to value.
    where : str
        File and line, "--set" or "keyword argument": what an error message begins with.
    source : str
        What is told about it in tables and in the record of a run.
    """

    value: Any
    where: str
    source: str


def set_all(settings: dict[str, Setting], file: TomlFile) -> list[str]:
    """Lay a file's settings over those of its ancestors, and return their paths.

    Raises
    ------
    CatfishError
        If a table or a name is unknown, or a value is not what its declaration accepts.
    """
    told = ": ".join([f"scenario {file.path.stem}", *([file.values["source"]] if "source" in file.values else [])])
    paths = []
    for table in (Table.ASSUMPTIONS, Table.POLICY):
        for group, values in file.table(str(table), file.values.get(table, {})).items():
            key = f"{table}.{group}"
            if group not in GROUPS or table_of(group) is not table:
                hint = _other(group, table)
                raise CatfishError(f"{file.where(key)}: [{table}.{show(group)[1:-1]}] is not a known table{hint}")
            for name, value in file.table(key, values).items():
                _set(settings, f"{group}.{name}", value, file.where(f"{key}.{name}"), told)
                paths.append(f"{group}.{name}")
    return paths


def override(settings: Mapping[str, Setting], overrides: Mapping[str, Any], where: str) -> dict[str, Setting]:
    """Return settings with a caller's own laid over them.

    Raises
    ------
    CatfishError
        If a path is unknown, or a value is not what its declaration accepts.
    """
    found = dict(settings)
    for path, value in overrides.items():
        _set(found, str(path), value, where, where)
    return found


def table_of(group: str) -> Table:
    """Return the table that a group of parameters belongs to."""
    return next(each.table for each in DECLARED.values() if each.path.startswith(f"{group}."))


def _other(group: str, table: Table) -> str:
    """Say which table was meant."""
    if group not in GROUPS:
        return nearest(group, [name for name in GROUPS if table_of(name) is table])
    if table_of(group) is Table.COUNTY:
        return "; facts are changed in the county's file, or with --set"
    return f"; it belongs under [{table_of(group)}.{group}]"


def _set(settings: dict[str, Setting], path: str, value: Any, where: str, source: str) -> None:
    """Check a value and lay it over what was set before."""
    each = declared(path, where, value)
    before = settings[path].value if path in settings else each.default
    settings[path] = Setting(overlay(before, check(each, value, where)), where, source)
