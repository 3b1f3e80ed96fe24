"""Are two scenarios one and the same up to a month? Then their worlds are, and a run can branch there."""

from __future__ import annotations

from typing import Any

from sim.dates import NEVER, show_month
from sim.errors import CatfishError
from sim.parameters import DECLARED, Declaration, Table
from sim.scenario import Scenario


def check_same_until(month: int, base: Scenario, other: Scenario) -> None:
    """Refuse a scenario that would have made another county of the months that have passed.

    Parameters
    ----------
    month : int
        The last month that has passed; -1 before the first.
    base, other : Scenario

    Raises
    ------
    CatfishError
        Naming the first parameter that differs, and when.
    """
    for each in DECLARED.values():
        if each.table is not Table.POLICY and _value(base, each) != _value(other, each):
            raise CatfishError(
                f"{other.name} cannot branch off {base.name}: {each.path} is {_value(other, each)} instead of "
                f"{_value(base, each)}, and what is true of the county holds from the start"
            )
    # The first month's levers make the bank as it stands before it.
    for start in sorted(_starts(base, month) | _starts(other, month)):
        for path, each in DECLARED.items():
            if each.table is Table.POLICY:
                mine, its = (scenario.policy.value(path, start) for scenario in (base, other))
                if not _alike(each, mine, its, month):
                    raise CatfishError(_lever_differs(each, base, other, (mine, its), start, month))


def first_difference(base: Scenario, other: Scenario) -> int:
    """Return the first month in which two scenarios may make different counties: 0 from the start, 32000 never."""
    found = NEVER
    for path, each in DECLARED.items():
        if each.table is not Table.POLICY:
            found = min(found, NEVER if _value(base, each) == _value(other, each) else 0)
            continue
        for start in _starts(base, NEVER) | _starts(other, NEVER):
            mine, its = (scenario.policy.value(path, start) for scenario in (base, other))
            if mine != its:
                found = min(found, min(mine, its) if each.unit == "date" else start)
    return found


def _value(scenario: Scenario, each: Declaration) -> Any:
    group, _, name = each.path.partition(".")
    groups: Any = scenario.county.groups if each.table is Table.COUNTY else vars(scenario.assumptions)
    return getattr(groups[group], name)


def _starts(scenario: Scenario, month: int) -> set[int]:
    """Return the months passed in which levers begin to hold."""
    return {start for start, _ in scenario.policy.stretches if start <= max(month, 0)}


def _alike(each: Declaration, mine: Any, its: Any, month: int) -> bool:
    """Whether a lever has done the same so far; a date that is still to come has done nothing."""
    return mine == its or (each.unit == "date" and min(mine, its) > month)


def _lever_differs(
    each: Declaration, base: Scenario, other: Scenario, values: tuple[Any, Any], start: int, month: int
) -> str:
    mine, its = (_shown(each, value) for value in values)
    hint = f'give it a date, as in {each.path} = {{ "{show_month(month + 1)}" = {its} }}'
    if each.fixed:
        hint = f"branch before {show_month(min(values))}" if each.unit == "date" else "it has one value for a whole run"
    return (
        f"{other.name} cannot branch off {base.name} after {show_month(month)}: {each.path} is {its} instead of {mine} "
        f"in {show_month(start)}; {hint}"
    )


def _shown(each: Declaration, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return show_month(value) if each.unit == "date" else f"{value:,.10g}"
