"""What `catfish rollout` prints: how far counties come, and what that depends on."""

from __future__ import annotations

import math

import click

from sim.command.listing import show_table
from sim.dates import show_month
from sim.labels import label
from sim.studies.rollout import OUTCOMES, TIPPED, Rollout

#: Outcomes of which it is told what they depend on.
ASKED = ("tipped", "wallet_active", "alarmed", "days_saved", "bank_growth")


def print_rollout(found: Rollout) -> None:
    """Print outcomes over counties, and what each depends on."""
    rows = [
        [label(f"rollout.outcome_{name}"), f"{row['counties']:,.0f}",
         *(shown(float(row[key]), str(name)) for key in ("low", "median", "high"))]
        for name, row in found.summary().iterrows()
    ]  # fmt: skip
    title = f"{found.manifest['scenario']['title']}: {len(found.outcomes):,} counties"
    show_table(("", "counties", "10% below", "median", "10% above"), rows, title)
    depends = {name: found.depends_on(name) for name in ASKED}
    rows = [[label(f"trait.{trait}"), *(signed(float(depends[name][trait])) for name in ASKED)]
            for trait in found.counties.columns]  # fmt: skip
    heading = ("", *(label(f"rollout.outcome_{name}") for name in ASKED))
    show_table(heading, rows, "\nWhat it depends on")
    click.echo(
        f"A county has tipped when {TIPPED:.0%} of its adults paid by wallet in the last three months; one that has "
        "not counts as the last.\nNumbers: standardised rank regression, all traits at once; an earlier month is a "
        "minus. "
        f"Below about {chance(len(found.outcomes)):.2f} it may be chance."
    )


def shown(value: float, outcome: str) -> str:
    """Return an outcome as people read it."""
    if math.isnan(value):
        return "–"
    unit = OUTCOMES[outcome]
    if unit == "month":
        return show_month(int(value))
    if unit in ("share", "points"):
        return f"{value:.1%}" if unit == "share" else f"{100 * value:.2f} points"
    return f"{value:,.1f} {unit}"


def signed(value: float) -> str:
    """Return a coefficient, or a dash."""
    return "–" if math.isnan(value) else f"{value:+.2f}"


def chance(counties: int) -> float:
    """Return the coefficient that chance alone exceeds once in twenty."""
    return 1.96 / math.sqrt(max(counties - 1, 1))
