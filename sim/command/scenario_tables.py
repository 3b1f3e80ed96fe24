"""What `catfish check`, `scenarios`, `parameters` and `levers` print."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from typing import Any

import click

from sim.command.listing import show_range, show_table, show_value
from sim.parameters import DECLARED, Declaration
from sim.reading.checks import FIRST_DATE
from sim.scenario import Scenario

#: The scenario that the others differ from.
BASE = "neixiang"
WIDEST = 100
#: Groups of levers, and what stands above the scenarios that move them.
HEADINGS = {
    "": "History", "government": "The government", "platform": "The platform", "bank": "The bank",
    "regulator": "Regulators", "shocks": "Shocks",
}  # fmt: skip


def written(value: Any) -> str:
    """Return a value as it is written in a scenario, a lever's table as ``0.5, from 2018-03 0.4``."""
    if isinstance(value, Mapping):
        return ", ".join(
            written(each) if date == FIRST_DATE else f"from {date} {written(each)}" for date, each in value.items()
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return show_value(value)


def print_rows(rows: Sequence[Mapping[str, Any]], title: str) -> None:
    """Print rows of :meth:`Scenario.describe`: name, value, unit, range, source and meaning."""
    cells = [
        (
            row["path"], written(row["value"]), row["unit"], show_range(row["range"], row["allowed"]), row["source"],
            row["text"],
        )
        for row in rows
    ]  # fmt: skip
    show_table(("name", "value", "unit", "range", "source", "meaning"), cells, title)
    if any(not row["range"] and row["allowed"] for row in rows):
        click.echo("A range is what is plausible; in brackets, what is allowed where nothing narrower is known.")


def print_scenarios(scenarios: Sequence[Scenario]) -> None:
    """Print what scenarios there are, by who acts in them: what each asks, and where it comes from."""
    width = min(shutil.get_terminal_size().columns, WIDEST)
    click.echo("Scenarios that travel with the project. Several may be laid together: rate-cap+cooperation.")
    for group, heading in HEADINGS.items():
        click.echo(f"\n{heading}")
        for each in scenarios:
            if _acts(each) == group:
                based = "" if each.extends in ("", BASE) else f" (builds on {each.extends})"
                click.echo(f"\n{each.name}  {each.title}{based}")
                for text in (each.question, f"Source: {each.source}"):
                    click.echo(click.wrap_text(text, width, "    ", "    "))


def _acts(scenario: Scenario) -> str:
    """Return the group of what a scenario changes last, after what it takes over."""
    return list(scenario.settings)[-1].partition(".")[0] if scenario.settings else ""


def print_check(scenario: Scenario) -> None:
    """Print what a scenario changes, and which of its values are allowed but hard to believe."""
    changed = [each for path, each in DECLARED.items() if path in scenario.settings]
    count = f"{len(changed)} of {len(DECLARED)} values" if changed else "no value"
    click.echo(f"{scenario.name} is a valid scenario for {scenario.county.title}: {scenario.title}")
    if scenario.question:
        click.echo(f"It asks: {scenario.question}")
    click.echo(f"It changes {count}.")
    if changed:
        rows = [(each.path, *_change(scenario, each)) for each in changed]
        show_table(("name", "value", "instead of", "unit", "range"), rows)
    for each in changed:
        doubtful = [value for value in _values(scenario.shown(each)) if not _plausible(scenario, each, value)]
        if doubtful:
            limits = show_range(_limits(scenario, each), ())
            click.echo(f"{each.path} is {written(doubtful[0])}: allowed, but outside the plausible range {limits}.")


def _change(scenario: Scenario, each: Declaration) -> tuple[str, str, str, str]:
    before = "the county's own" if each.default is None else written(each.default)
    return written(scenario.shown(each)), before, each.unit, show_range(_limits(scenario, each), each.allowed)


def _limits(scenario: Scenario, each: Declaration) -> tuple[float, ...]:
    return each.plausible or scenario.county.ranges.get(each.path, ())


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, Mapping) else [value]


def _plausible(scenario: Scenario, each: Declaration, value: Any) -> bool:
    """Whether a value is believable; what is as declared, or has no range, is."""
    limits = _limits(scenario, each)
    if not limits or isinstance(value, bool | str) or value in _values(each.default):
        return True
    return bool(limits[0] <= value <= limits[1])
