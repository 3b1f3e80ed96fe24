"""One value against its declaration, and the sentence that says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from sim.dates import NEVER, parse_month
from sim.errors import CatfishError
from sim.parameters import DECLARED, Declaration, Table, nearest
from sim.reading.toml_files import show

FIRST_DATE = "2017-01"


def declared(path: str, where: str, value: Any = None) -> Declaration:
    """Return a parameter's declaration.

    Raises
    ------
    CatfishError
        If there is none.
    """
    if path not in DECLARED:
        set_to = "" if value is None else f" to set to {show(value)}"
        raise CatfishError(f"{where}: there is no parameter {show(path)}{set_to}{nearest(path, DECLARED)}")
    return DECLARED[path]


def check(each: Declaration, value: Any, where: str) -> Any:
    """Return a value, or a lever's table from date to value in order of time, if the declaration accepts it.

    Raises
    ------
    CatfishError
        If not: where, which, the value, and what would be right.
    """
    if not isinstance(value, Mapping):
        return _one(each, value, where)
    if each.table is not Table.POLICY:
        raise CatfishError(f"{where}: {each.path} is a table, but must be {wanted(each)}; only levers change over time")
    if each.fixed:
        raise CatfishError(f"{where}: {each.path} is a table from date to value, but must be one value: {wanted(each)}")
    if not value:
        raise CatfishError(f'{where}: {each.path} is an empty table, but needs dates and values: {{ "2018-03" = … }}')
    return {_date(each, date, where): _one(each, value[date], where) for date in sorted(value, key=str)}


def overlay(before: Any, after: Any) -> Any:
    """Return a lever's values when one setting comes over another: a table leaves what was before its first date."""
    if not isinstance(after, Mapping):
        return after
    old = before if isinstance(before, Mapping) else {FIRST_DATE: before}
    first = min(after)
    return {date: value for date, value in old.items() if date < first} | dict(after)


def _date(each: Declaration, date: Any, where: str) -> str:
    try:
        if parse_month(date) == NEVER:
            raise ValueError
    except ValueError:
        raise CatfishError(
            f'{where}: {each.path} has the date {show(date)}, but needs dates like "2018-03", from 2017-01 to 2036-12'
        ) from None
    return str(date)


def _one(each: Declaration, value: Any, where: str) -> Any:
    if type(value).__module__ == "numpy" and hasattr(value, "item"):  # a researcher's loop over an array
        value = value.item()
    try:
        _adapter(each.path).validate_python(value)
    except ValidationError as error:
        raise CatfishError(f"{where}: {each.path} is {show(value)}, but must be {_missed(each, error)}") from None
    return float(value) if each.kind is float else value


@cache
def _adapter(path: str) -> TypeAdapter[Any]:
    """Return what checks one value, as its group would."""
    each = DECLARED[path]
    field = each.group.model_fields[each.name]
    annotation: Any = Annotated[(field.annotation, *field.metadata, each.path)]
    return TypeAdapter(annotation, config=ConfigDict(strict=True, allow_inf_nan=False))


def _missed(each: Declaration, error: ValidationError) -> str:
    reason = error.errors()[0].get("ctx", {}).get("error")
    return str(reason) if each.unit == "date" and reason else wanted(each)


def wanted(each: Declaration) -> str:
    """Say what values a parameter accepts."""
    if each.unit == "date":
        return 'a date like "2018-03", or "never"'
    if each.kind is bool:
        return "true or false"
    kind = "a whole number" if each.kind is int else "a number"
    low, high = (f"{bound:,.10g}" for bound in each.allowed)
    return f"{kind} from {low} to {high} ({each.unit})"
