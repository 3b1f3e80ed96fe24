"""What the `catfish` command prints: progress, verdicts, the split of P4."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sim.command.listing import show_table
from sim.patterns.no_bad_loans import Sight
from sim.patterns.verdicts import Row

LEVEL_WORDS = {"met": "inside", "missed": "outside", "not reached": "not reached"}


@contextmanager
def progress(what: str, total: int, each: int, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """Show how much is done: a bar on a terminal, elsewhere a line whenever ``each`` more is done.

    Parameters
    ----------
    what : str
        "seed", "chart": what ``each`` makes.
    total, each : int
        Amount of work in all, and that makes one.
    quiet : bool
        Show nothing.

    Yields
    ------
    callable
        To be called with the amount done so far.
    """
    count, out = total // each, Console(stderr=True, quiet=quiet, highlight=False)
    if out.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=out, transient=True) as bar:
            task = bar.add_task(f"{count} {what}{'s' if count != 1 else ''}", total=total)
            yield lambda done: bar.update(task, completed=done)
        return
    begun, said = time.perf_counter(), 0

    def line(done: int) -> None:
        nonlocal said
        if said < done // each:
            said = done // each
            out.print(f"{what} {said} of {count} done ({time.perf_counter() - begun:.1f} s)")

    yield line


@contextmanager
def announce(quiet: bool = False) -> Iterator[None]:
    """Say when kernels are being compiled: it takes long, and happens once."""
    from sim.kernels import announce_compilation

    said = False

    def say(name: str) -> None:
        nonlocal said
        if not said and not quiet:
            click.echo("Compiling the model: up to a minute, the first time only.", err=True)
        said = True

    with announce_compilation(say):
        yield


@contextmanager
def resumable(quiet: bool = False) -> Iterator[None]:
    """Say, when the work is interrupted, that it is not lost."""
    try:
        yield
    except KeyboardInterrupt:
        if not quiet:
            click.echo("Stopped. The runs that are finished are kept: the same command goes on from there.", err=True)
        raise


def import_meanwhile(module: str) -> None:
    """Import what is needed later while other processes simulate."""
    threading.Thread(target=import_module, args=(module,), daemon=True).start()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a request to end (SIGTERM) unwind as Ctrl-C does, so that half-made folders are cleared away."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def number(value: float, unit: str, decimals: int = 0) -> str:
    """Return a number as people write it."""
    if math.isnan(value):
        return "not known"
    if unit == "share":
        return f"{value:.1%}"
    if unit in ("0 to 1", "loans each"):
        return f"{value:.2f}"
    if unit == "rate":
        return f"{value:+.2%}"
    if unit in ("days", "months", "ratio"):
        return f"{value:,.1f}"
    if unit == "probability":
        return f"{value:.2g}"
    return f"{value:,.{1 if unit.startswith('million') else decimals}f}"


def _found(row: Row) -> str:
    if math.isnan(row.median):
        return "–"
    text = number(row.median, row.unit)
    if not math.isnan(row.low) and row.low != row.high:
        text += f" ({number(row.low, row.unit)} to {number(row.high, row.unit)})"
    return text if row.unit in ("share", "rate", "probability", "0 to 1") else f"{text} {row.unit}"


def print_rows(rows: Sequence[Row], title: str, rules: bool = False) -> None:
    """Print patterns: what is reported, the rule if asked for, what was simulated, the verdict; then the notes."""
    found = [
        (row.key, row.what, row.reported, *([row.note] if rules else []), _found(row), row.verdict) for row in rows
    ]
    head = ("", "what", "reported", *(["rule"] if rules else []), "simulated: median (80% of seeds)", "verdict")
    show_table(head, found, title)
    for row in [] if rules else rows:
        if row.note:
            click.echo(f"{row.key}: {row.note}.")


def print_levels(rows: Sequence[Row]) -> None:
    """Print levels that people of the county know beside their sourced ranges."""
    if rows:
        found = [(row.key, row.what, _found(row), row.reported, LEVEL_WORDS[row.verdict]) for row in rows]
        columns = ("", "what", "simulated: median (80% of seeds)", "believable range; source", "")
        show_table(columns, found, "\nLevels that people of the county know")


def print_verdicts(rows: Sequence[Row], sights: Sequence[Sight]) -> None:
    """Print what is reported beside what was simulated, and how P4 splits; or that nothing is reported."""
    if not rows:
        click.echo("The reported patterns are about Neixiang; of this county there is nothing to judge the run by.")
        return
    print_rows(rows, "Patterns: what is reported, what was simulated")
    if sights:
        split = [
            (s.name, s.assumes, number(s.expected, "loans", 1), number(s.probability, "probability")) for s in sights
        ]
        show_table(("if", "that is", "bad loans seen", "probability of none"), split,
                   "\nP4: would a bad loan have been seen by 2019-01? One thing made otherwise at a time")  # fmt: skip
