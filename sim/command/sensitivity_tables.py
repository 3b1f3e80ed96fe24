"""What `catfish sensitivity` prints: for each measure the parameters that matter most, and how to read them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import click
import pandas as pd

from sim.command.listing import show_table
from sim.studies.sensitivity import Sensitivity
from sim.studies.sweep_words import plain, scaled, when, words

#: Parameters of the first step that are shown for each measure.
SHOWN = 12
_READ = (
    "mu*: mean size of the effect of going through a parameter's whole plausible range, in brackets half of its 95% "
    "interval; mu: the same with its sign; sigma: how far the effect depends on the other parameters.",
    "S1, ST: part of the variance that a parameter makes by itself, and with all others of the table; ± half of the "
    "95% interval. Over wide intervals: ask for more --trajectories or --samples.",
)


def print_sensitivity(found: Sensitivity) -> None:
    """Print both steps for each measure, what was left out, and how to read it."""
    months = int(found.screened.manifest["months"])
    for measure in found.measures:
        _print(found, measure, f"{words(measure)}, {when(measure, months)}")
    for text in _READ:
        click.echo(text)
    for why, paths in found.left_out.items():
        if paths:
            click.echo(f"Not varied, for {why}: {', '.join(paths)}.")


def _print(found: Sensitivity, measure: str, what: str) -> None:
    ranked, factor = found.ranked(measure), scaled(measure)[0]
    moving = ranked[ranked["mu_star"] > 0]
    if not len(moving):
        known = "nothing moves it" if ranked["mu_star"].notna().all() else "not defined at every point"
        click.echo(f"{what}: {known}.\n")
        return
    rows = [
        [row["path"], *(_number(factor * float(row[key]), key) for key in ("mu_star", "mu_star_conf", "mu", "sigma"))]
        for _, row in moving.head(SHOWN).iterrows()
    ]
    show_table(("", "mu*", "", "mu", "sigma"), rows, f"{what}: effects in {scaled(measure)[1]} (Morris)")
    rest = len(ranked) - len(rows)
    if rest:
        click.echo(f"and {rest} others that matter less, {len(ranked) - len(moving)} of them not at all")
    show_table(("", "S1", "", "ST", ""), _shares(found.table(measure)), f"\n{what}: parts of the variance (Sobol)")
    click.echo("")


def _number(value: float, key: str) -> str:
    return f"({plain(value)})" if key.endswith("conf") else plain(value)


def _shares(rows: pd.DataFrame) -> Sequence[Sequence[str]]:
    return [
        [row["path"], *(_part(float(row[key]), key) for key in ("S1", "S1_conf", "ST", "ST_conf"))]
        for _, row in rows.iterrows()
    ]


def _part(value: float, key: str) -> str:
    if math.isnan(value):
        return "–"
    return f"±{value:.2f}" if key.endswith("conf") else f"{value:.2f}"
