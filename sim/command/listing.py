"""Tables on the screen: drawn on a terminal, aligned plain text elsewhere; nothing is cut off."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

#: Below this width a terminal shows plain lines: a table of folded cells cannot be read.
NARROW = 100


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str = "", solid: int = 1) -> None:
    """Print a table.

    Parameters
    ----------
    columns : sequence of str
        Headings.
    rows : sequence of sequence of str
    title : str
        Printed above it.
    solid : int
        So many columns from the left are never broken; the others wrap where the terminal is too narrow.
    """
    if sys.stdout.isatty():
        from rich.console import Console

        console = Console(highlight=False)
        if console.width >= NARROW:
            _draw(console, columns, rows, title, solid)
            return
    import click

    click.echo(plain_table(columns, rows, title))


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> str:
    """Return a table as aligned text, two spaces between columns."""
    lines = [columns, *rows]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(columns))]
    text = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join(([title] if title else []) + text)


def _draw(console: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], title: str, solid: int) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(columns):
        table.add_column(name, no_wrap=index < solid, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _width(text: str) -> int:
    """Return how many columns a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def show_value(value: Any) -> str:
    """Return a value of a parameter as people read it; a dated one as "2017-01: 0.2, 2019-01: 1"."""
    if isinstance(value, Mapping):
        return ", ".join(f"{date}: {show_value(one)}" for date, one in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.12g}"
    return str(value)


def show_range(plausible: Sequence[float], allowed: Sequence[float]) -> str:
    """Return the believable range, or in brackets what is allowed where nothing narrower is known."""
    if plausible:
        return " to ".join(show_value(x) for x in plausible)
    return f"[{' to '.join(show_value(x) for x in allowed)}]" if allowed else "–"
