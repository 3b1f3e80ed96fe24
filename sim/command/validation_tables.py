"""What `catfish validate` prints: skill against every baseline, what it says, and effects of the literature."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import click

from sim.command.listing import show_table
from sim.command.terminal import print_rows
from sim.studies.validation.districts import MECHANISM, WITHOUT, DistrictsResult
from sim.studies.validation.districts_data import ASKED
from sim.studies.validation.outside import Validation
from sim.studies.validation.villages import MIXED, REFITTED, REWIRED, SHIPPED, VillagesResult
from sim.studies.validation.villages_scores import CENTRALITY, MEAN, SIZE
from sim.studies.validation.words import word

TARGETS = ("final", "path")
#: Which models are shown against which baselines; the tables in the folder hold all of them.
SHOWN = {SHIPPED: (MEAN, SIZE, CENTRALITY), REFITTED: (MEAN, SIZE, CENTRALITY, REWIRED, MIXED)}


def print_validation(found: Validation) -> None:
    """Print villages, districts and effects, each with what it says about the mechanisms."""
    show_table(*village_table(found.villages))
    _print_lessons(found, "villages")
    show_table(*district_table(found.districts))
    _print_lessons(found, "districts")
    print_rows(found.effects, "\nEffects of the literature on the county: nothing was tuned to meet them", rules=True)
    click.echo("What the losses and misses say about the model: sim/VALIDATION.md.")


def _print_lessons(found: Validation, data: str) -> None:
    for line in found.lessons[data]:
        click.echo(f"- {line}")


def village_table(result: VillagesResult) -> tuple[tuple[str, ...], list[tuple[str, ...]], str]:
    """Return columns, rows and title of the table of villages."""
    table = result.skill.to_dict("records")
    rows = {(row["model"], row["baseline"], row["target"]): row for row in table}
    lines = [
        (word(model), word(other), *(cell for target in TARGETS for cell in _village(rows[model, other, target])))
        for model, others in SHOWN.items()
        for other in others
    ]
    heads = (cell for target in TARGETS for cell in (f"{word(target)}: error", "of the other", "skill [95%]", ""))
    title = (
        f"{len(result.predictions)} villages, each predicted from the others: take-up of a loan, error as RMSE "
        f"(luck alone leaves {100 * result.noise_floor:.1f} points)"
    )
    return ("information and adoption", "against", *heads), lines, title


def _village(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    errors = (f"{100 * row[name]:.1f}" for name in ("rmse", "baseline_rmse"))
    return *errors, f"{row['skill']:+.0%} [{row['low']:+.0%}, {row['high']:+.0%}]", word(row["verdict"])


def district_table(result: DistrictsResult) -> tuple[tuple[str, ...], list[tuple[str, ...]], str]:
    """Return columns, rows and title of the table of districts."""
    rows = {(row["method"], row["date"]): row for row in result.skill.to_dict("records")}
    others = [name for name in result.skill["method"].unique() if name != MECHANISM]
    others.sort(key=lambda name: name in WITHOUT)
    lines = [(word(name), *(cell for date in ASKED for cell in _district(rows[name, date]))) for name in others]
    heads = (cell for date in ASKED for cell in (f"{date}: error", "skill [95%]", ""))
    own = ", ".join(f"{rows[MECHANISM, date]['mdape']:.1%}" for date in ASKED)
    title = (
        f"\n{len(result.series)} districts, forecast from 2018 by other states: registered users, error as median "
        f"absolute percentage; the payment mechanism's is {own}"
    )
    return ("against", *heads), lines, title


def _district(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    skill = f"{row['skill']:+.0%} [{row['skill_low']:+.0%}, {row['skill_high']:+.0%}]"
    return f"{row['mdape']:.1%}", skill, word(row["verdict"])
