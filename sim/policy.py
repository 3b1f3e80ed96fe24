"""Policy: the levers over time.

In a scenario a lever is a value, or a table from date to value (``{ "2018-03" = 0.5 }``). It is looked up for a month,
never written into the assumptions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from sim.dates import parse_month
from sim.levers import Levers

__all__ = ["Levers", "Policy"]


class Policy:
    """The levers over time.

    Parameters
    ----------
    values : mapping of str to value or table
        By path, e.g. ``{"bank.alarm_level": 0.4}`` or ``{"bank.alarm_level": {"2018-03": 0.4}}``: the value in force
        from the start, or from each date on. Levers left out, and months before the first date, are as declared.

    Raises
    ------
    pydantic.ValidationError, ValueError
        If a value is not what its lever accepts; scenarios are checked before, in sentences.
    """

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        tables = _declared() | {path: _table(value) for path, value in (values or {}).items()}
        self._starts = sorted({0}.union(*tables.values()))
        self._levers = [_in_force(tables, start) for start in self._starts]

    def at(self, month: int) -> Levers:
        """Return the levers in force in a month."""
        return self._levers[max(bisect_right(self._starts, month) - 1, 0)]

    def value(self, path: str, month: int) -> Any:
        """Return one lever by path, e.g. ``bank.alarm_level``, in force in a month."""
        group, name = path.split(".")
        return getattr(getattr(self.at(month), group), name)

    @property
    def stretches(self) -> list[tuple[int, Levers]]:
        """First month of each stretch of time without a change, and the levers in force in it."""
        return list(zip(self._starts, self._levers, strict=True))


def _table(value: Any) -> dict[int, Any]:
    """Return a lever's values by first month."""
    if not isinstance(value, Mapping):
        return {0: value}
    return dict(sorted((parse_month(date), each) for date, each in value.items()))


def _declared() -> dict[str, dict[int, Any]]:
    """Return the levers that are declared as a table from date to value."""
    found = {}
    for group, field in Levers.model_fields.items():
        for name, lever in field.default.__class__.model_fields.items():
            if lever.json_schema_extra["dated"]:
                found[f"{group}.{name}"] = _table(lever.json_schema_extra["dated"])
    return found


def _in_force(tables: Mapping[str, Mapping[int, Any]], month: int) -> Levers:
    """Return the levers in force in a month."""
    groups: dict[str, dict[str, Any]] = {group: {} for group in Levers.model_fields}
    for path, table in tables.items():
        group, name = path.split(".")
        begun = [start for start in table if start <= month]
        if begun:
            groups[group][name] = table[max(begun)]
    return Levers(**{group: Levers.model_fields[group].default.__class__(**groups[group]) for group in groups})
