"""What `catfish effect` prints: the parts of the effect, the bank's whole answer, and how to read them."""

from __future__ import annotations

import click
import pandas as pd

from sim.command.listing import show_table
from sim.studies.effect import Effect
from sim.studies.effect_words import notes, summary, together


def print_effect(effect: Effect) -> None:
    """Print the parts with bands, how to read them, and interactions; where the bank answers anyway, all it does."""
    _print(summary(effect), f"What the platform's entry does: {effect.manifest['scenario']['title']}")
    click.echo("")
    for note in notes(effect):
        click.echo(note)
    interactions = together(effect)
    if len(interactions):
        _print(interactions, "\nWhat channels do only together")
    if effect.anyway:
        _print(
            summary(effect, "whole", bands=False),
            "\nCounted otherwise: all that the bank does stands with its channels, what it would have done anyway "
            "included; the platform loses that",
        )


def _print(table: pd.DataFrame, title: str) -> None:
    show_table([str(name) for name in table.columns], [[str(cell) for cell in row] for row in table.to_numpy()], title)
