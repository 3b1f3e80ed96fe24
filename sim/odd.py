"""The tables of the model description, written from the code: ``python -m sim.odd`` renews them in ``sim/ODD.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.agents.residents.borrowing import TERMS
from sim.command.listing import show_range
from sim.command.scenario_tables import written
from sim.scenario import Scenario
from sim.state.columns import Column
from sim.state.loan_book import LOAN_COLUMNS
from sim.state.tables import HOUSEHOLD_COLUMNS, PLACE_COLUMNS, RESIDENT_COLUMNS, SHOP_COLUMNS

PAGE = Path(__file__).parent / "ODD.md"


def renewed(text: str) -> str:
    """Return the model description with every table between its markers as the code says now.

    Raises
    ------
    ValueError
        If a marker is missing.
    """
    for name, table in tables().items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"{PAGE.name} must have the markers {begin.strip()} and {end} once each")
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n{table}\n\n{end}{rest.partition(end)[2]}"
    return text


def tables() -> dict[str, str]:
    """Return every generated table by the name of its marker."""
    rows = Scenario.load("neixiang").describe()
    columns = {
        "residents": RESIDENT_COLUMNS, "households": HOUSEHOLD_COLUMNS, "shops": SHOP_COLUMNS,
        "places": PLACE_COLUMNS, "loans": LOAN_COLUMNS,
    }  # fmt: skip
    return {
        **{name: _state(spec) for name, spec in columns.items()},
        "products": _products(),
        "facts": _parameters(rows, "county"),
        "assumptions": _parameters(rows, "assumptions"),
        "levers": _parameters(rows, "policy"),
    }


def _state(spec: Mapping[str, Column]) -> str:
    cells = [(f"`{name}`", np.dtype(column.dtype).name, column.unit, column.text) for name, column in spec.items()]
    return _table(("column", "type", "unit", "what it holds"), cells)


def _products() -> str:
    cells = [
        (f"`{product.name}`", lender.name.lower(), str(months), repayment.name.lower())
        for product, (lender, months, repayment) in TERMS.items()
    ]
    return _table(("product", "lender", "months", "repayment"), cells)


def _parameters(rows: Sequence[Mapping[str, Any]], table: str) -> str:
    cells = [
        (
            f"`{row['path']}`", written(row["value"]), row["unit"], show_range(row["range"], row["allowed"]),
            row["source"], row["text"],
        )
        for row in rows
        if row["table"] == table
    ]  # fmt: skip
    return _table(("path", "value", "unit", "plausible range", "source", "meaning"), cells)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
