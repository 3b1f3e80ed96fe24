"""Every fact, assumption and lever in one flat table, found by its path ``group.name``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from sim.assumptions import Assumptions
from sim.county import FACT_GROUPS
from sim.declare import Group
from sim.policy import Levers


class Table(StrEnum):
    """Where a parameter is set: in a county's file, or under ``[assumptions]`` or ``[policy]`` of a scenario."""

    COUNTY = "county"
    ASSUMPTIONS = "assumptions"
    POLICY = "policy"


@dataclass(frozen=True)
class Declaration:
    """One declared parameter.

    Attributes
    ----------
    path : str
        ``group.name``.
    table : Table
        Where it is set.
    group : type of Group
        The group that declares it.
    kind : type
        float, int or bool; dates are months, int, and have the unit "date".
    default : object
        Value if no scenario says otherwise, for some levers a table from date to value; None for a fact.
    unit, source, text : str
        Unit; where the default comes from (empty for a fact, whose file says it); what it is.
    plausible, allowed : tuple of float
        Range that is believable; range that the model accepts. Empty where a range makes no sense.
    fixed : bool
        Whether it has one value for the whole run; other levers may be tables from date to value.
    """

    path: str
    table: Table
    group: type[Group]
    kind: type
    default: Any
    unit: str
    source: str
    text: str
    plausible: tuple[float, ...]
    allowed: tuple[float, ...]
    fixed: bool

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.partition(".")[2]


def _groups() -> dict[Table, dict[str, type[Group]]]:
    """Return the groups of each table; every group is a class."""
    return {
        Table.COUNTY: FACT_GROUPS,
        Table.ASSUMPTIONS: {name: type(field.default) for name, field in Assumptions.model_fields.items()},
        Table.POLICY: {name: type(field.default) for name, field in Levers.model_fields.items()},
    }


def _declarations() -> dict[str, Declaration]:
    found: dict[str, Declaration] = {}
    for table, groups in _groups().items():
        for group_name, group in groups.items():
            if any(path.startswith(f"{group_name}.") for path in found):
                raise ValueError(f"two tables have a group {group_name!r}: a path must tell its table")
            for name, field in group.model_fields.items():
                path, extra = f"{group_name}.{name}", field.json_schema_extra
                if not isinstance(extra, dict) or field.annotation is None:
                    raise TypeError(f"{path} is not declared with parameter() or fact()")
                told: dict[str, Any] = dict(extra)
                kind: Any = field.annotation
                default = None if field.is_required() else told["dated"] or field.default
                found[path] = Declaration(
                    path, table, group, kind, default, told["unit"], told["source"],
                    field.description or "", tuple(told["range"]), tuple(told["allowed"]),
                    told["fixed"] or table is not Table.POLICY,
                )  # fmt: skip
    return found


#: All declared parameters by path.
DECLARED: dict[str, Declaration] = _declarations()

#: All groups by name.
GROUPS: dict[str, type[Group]] = {path.partition(".")[0]: each.group for path, each in DECLARED.items()}


def facts() -> list[Declaration]:
    """Return what a county's file must tell."""
    return [each for each in DECLARED.values() if each.table is Table.COUNTY]


def parameters() -> list[Declaration]:
    """Return what the model assumes."""
    return [each for each in DECLARED.values() if each.table is Table.ASSUMPTIONS]


def levers() -> list[Declaration]:
    """Return what governments, platform, bank and regulators can do, and what may strike."""
    return [each for each in DECLARED.values() if each.table is Table.POLICY]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known name, or nothing."""
    name, names = name[:100], list(known)
    close = get_close_matches(name, names, 1, 0.5)
    if not close and "." not in name:  # a path without its group
        ends = {each.rpartition(".")[2]: each for each in names}
        close = [ends[end] for end in get_close_matches(name, list(ends), 1, 0.75)]
    return f"; did you mean {close[0]!r}?" if close else ""
