"""What `catfish sweep` prints: its measures over the points, and which parameter moves which."""

from __future__ import annotations

import click

from sim.command.listing import show_table
from sim.studies.sweep import Sweep
from sim.studies.sweep_words import chance, correlation_rows, summary_rows


def print_sweep(found: Sweep) -> None:
    """Print median and range over the points, rank correlations, and how to read them."""
    title = f"{found.manifest['scenario']['title']}: {len(found.points)} points, mean of {len(found.seeds)} seeds"
    show_table(("", "what", "median", "lowest", "highest"), summary_rows(found), title.replace(", mean of 1 seeds", ""))
    heading, rows = correlation_rows(found)
    show_table(heading, rows, "\nRank correlation with what was varied")
    click.echo(chance(len(found.points)))
