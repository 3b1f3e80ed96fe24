"""What `catfish compare` and `catfish who` print."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import click
import pandas as pd

from sim.command.listing import show_table
from sim.labels import label
from sim.studies.comparison import Comparison, how_to_read
from sim.studies.decided import CAUSES
from sim.studies.decisions import shown, shown_gap
from sim.studies.person_figures import NOTABLE
from sim.studies.two_worlds import TwoWorlds

#: A folder's name is cut here, and told apart by a hash.
_LONGEST = 100
_UNITS = {"share": "", "1/year": "", "days": ", days", "million yuan": ", million yuan"}
_NOISE = "(nothing changed; fresh luck)"
_PREFIX = {"occupation": "occupation", "age": "ageband", "place": "placekind"}


def folder_name(study: str, names: Sequence[str], county: str | None = None) -> str:
    """Return a name for a folder of results: letters, digits and a few signs of the scenarios' and county's names."""
    text = re.sub(r"[^\w.+-]+", "-", "-".join([study, *names, *([county] if county else [])]))
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def print_comparison(comparison: Comparison) -> None:
    """Print the decision table: what happens in each world, and the difference to the first."""
    told, names = comparison.manifest, comparison.names
    seeds = f"{len(comparison.seeds)} seed{'s' if len(comparison.seeds) != 1 else ''}"
    click.echo(f"{seeds}, scale {told['scale']:g}, {comparison.dates[0]} to {comparison.dates[-1]}; full size")
    for about in told["scenarios"]:
        click.echo(f"  {about['name']}: {about['title']}")
    rows = comparison.decisions
    levels, gaps = [], []
    for _, part in rows.groupby("key", sort=False):
        first = part.iloc[0]
        what = first["what"] + _UNITS[first["unit"]]
        levels.append((what, first["months"], *(shown(x, first["unit"]) for x in part["median"])))
        better = f"{first['better']} is better" if first["better"] else ""
        gaps.append((what, better, *(shown_gap(row) for _, row in part.iloc[1:].iterrows())))
    show_table(
        ("", "when", *names),
        levels,
        "\nWhat happens: median of the seeds" if len(comparison.seeds) > 1 else "\nWhat happens",
    )
    show_table(("", "", *names[1:]), gaps, f"\nDifference to {names[0]}")
    click.echo(
        f"\n{how_to_read(comparison)}\nWhich measure each row is: comparison.csv; its definition: sim/MEASURES.md."
    )


def print_who(worlds: TwoWorlds) -> None:
    """Print who comes to credit or to harm, who gains and loses, who is crowded out; each figure beside its noise."""
    told, (a, b) = worlds.manifest, worlds.names
    adults = len(worlds.people) * worlds.a.weight
    click.echo(
        f"{adults:,.0f} adults of {told['scenario']['county']} (full size; seed {told['seeds'][0]}, scale "
        f"{told['scale']:g}, {told['months']} months) in {a} and in {b}, each with the same luck.\n"
        "In brackets, the same figure for a policy that changes nothing; then for the same policy under fresh luck, "
        f"lowest to highest of {len(worlds.lucky)}."
    )
    click.echo(f"Adults of whom anything differs: {_noisy(worlds.figures.to_dict('records')[0])}")
    _print_moves(worlds)
    _print_groups(worlds)
    _print_displaced(worlds)
    for title, table in ((f"gain most in {b}", worlds.winners()), (f"lose most in {b}", worlds.losers())):
        _print_people(f"\nThe {len(table)} who {title}, yuan over the run", table)
    click.echo(
        "\nGain: more income, less interest, and less credit that was wanted and not got; a yuan of each counts the "
        "same.\nA wish that comes up again counts again. Interest is that on loans for needs: salaried quick loans and "
        "pooled poverty loans are left out."
    )


def _noisy(row: Mapping[Hashable, Any], decimals: int = 0) -> str:
    """Return a figure and its noise: of nothing changed, and of fresh luck."""
    value, nothing, low, high = (f"{row[key]:,.{decimals}f}" for key in ("value", "nothing", "luck_low", "luck_high"))
    return f"{value} ({nothing}; {low} to {high})"


def _print_moves(worlds: TwoWorlds) -> None:
    a, b = worlds.names
    counts = worlds.moves()
    lines = [(str(name), *(f"{x:,.0f}" for x in line)) for name, line in zip(counts.index, counts.values, strict=True)]
    head = (f"in {a}", *(f"{b}: {name}" for name in counts.columns))
    show_table(head, lines, "\nAdults by how they stand with formal credit")
    moved = worlds.figures[worlds.figures["kind"] == "move"].to_dict("records")
    rows = [(*_from_to(row["group"]), _noisy(row)) for row in moved if row["value"] or row["luck_high"]]
    show_table((f"in {a}", f"in {b}", f"adults {_NOISE}"), rows, "\nAdults who stand elsewhere")


def _from_to(group: str) -> tuple[str, str]:
    before, _, after = group.partition(" to ")
    return label(f"standing.{before}"), label(f"standing.{after}")


def _print_groups(worlds: TwoWorlds) -> None:
    parts = ("gain_each", "gain_income_each", "gain_interest_each", "gain_unmet_each", "gainers", "losers")
    tables = [worlds.by_group(name).to_dict("records") for name in parts]
    rows = []
    for gain, *others, gainers, losers in zip(*tables, strict=True):
        name = label(f"{_PREFIX.get(gain['kind'], 'group')}.{gain['group']}")
        parts_of_it = (f"{each['value']:,.0f}" for each in others)
        rows.append((name, _noisy(gain), *parts_of_it, _noisy(gainers), _noisy(losers)))
    head = ("", "gain, yuan an adult", "of it income", "interest", "unmet credit", "adults who gain", "adults who lose")
    show_table(head, rows, f"\nGain over the run {_NOISE}; who gain or lose more than {NOTABLE:.0f} yuan")


def _print_displaced(worlds: TwoWorlds) -> None:
    a, b = worlds.names
    rows: dict[str, list[str]] = {}
    told = {(row["group"], row["figure"]): row for row in worlds.displaced().to_dict("records")}
    for cause in CAUSES:
        for world in "ba":
            lost = f"lost in {world}"
            cells = [_noisy(told[cause, lost]), _noisy(told[cause, f"{lost} alone"])]
            rows.setdefault(cause, []).extend([*cells, _noisy(told[cause, f"{lost} alone, yuan"], 1)])
    head = ["crowded out by"]
    for name in (b, a):
        head += [f"adults in {name}", "granted in the other", "million yuan"]
    title = f"\nCrowded out by others' claims, though own score and means would do {_NOISE}"
    show_table(head, [(label(f"crowded.{cause}"), *cells) for cause, cells in rows.items()], title)


def _print_people(title: str, table: pd.DataFrame) -> None:
    rows = []
    for row in table.to_dict("records"):
        who = f"{row['occupation']}, {row['age']}{', poor' if row['poor'] else ''}, {row['place_kind']}"
        yuan = (f"{row[key]:,.0f}" for key in ("gain", "gain_income", "gain_interest", "gain_unmet"))
        before, after = (label(f"standing.{row[key]}") for key in ("standing_a", "standing_b"))
        luck = f"{row['luck_low']:,.0f} to {row['luck_high']:,.0f}"
        rows.append((str(row["resident"]), who, *yuan, f"{before} → {after}", luck))
    head = ("resident", "who", "gain", "income", "interest", "unmet credit", "formal credit", "gain by fresh luck")
    if rows:
        show_table(head, rows, title)
