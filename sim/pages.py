"""The tables of ``sim/ODD.md`` and ``sim/MEASURES.md``, written from the code: ``python -m sim.pages`` renews them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.agents.residents.borrowing import TERMS
from sim.command.listing import show_range
from sim.command.scenario_tables import written
from sim.measures import MEASURES as MEASURES_BY_NAME
from sim.measures import Measure
from sim.measures.county import COUNTY_MEASURES
from sim.measures.lending import LENDING_MEASURES
from sim.measures.people import BY_PLACE, PEOPLE_MEASURES
from sim.patterns.levels import judge_levels
from sim.scenario import Scenario
from sim.state.columns import Column
from sim.state.loan_book import LOAN_COLUMNS
from sim.state.tables import HOUSEHOLD_COLUMNS, PLACE_COLUMNS, RESIDENT_COLUMNS, SHOP_COLUMNS

ODD, MEASURES = Path(__file__).parent / "ODD.md", Path(__file__).parent / "MEASURES.md"

NOTHING_MEASURED = pd.DataFrame({"seed": [1], "date": ["2017-01"]})


def renewed(page: Path, text: str) -> str:
    """Return a page's text with every table between its markers as the code says now.

    Raises
    ------
    ValueError
        If a marker is missing.
    """
    for name, table in (measure_tables() if page == MEASURES else tables()).items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"{page.name} must have the markers {begin.strip()} and {end} once each")
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n{table}\n\n{end}{rest.partition(end)[2]}"
    return text


def tables() -> dict[str, str]:
    """Return every table of the model description by the name of its marker."""
    rows = Scenario.load("neixiang").describe()
    columns = {
        "residents": RESIDENT_COLUMNS, "households": HOUSEHOLD_COLUMNS, "shops": SHOP_COLUMNS,
        "places": PLACE_COLUMNS, "loans": LOAN_COLUMNS,
    }  # fmt: skip
    return {
        **{name: _state(spec) for name, spec in columns.items()},
        "products": _products(),
        "levels": _table(
            ("key", "level", "believable range", "source of the range"),
            [(row.key, row.what, *row.reported.split("; ", 1)) for row in judge_levels(NOTHING_MEASURED)],
        ),
        "facts": _parameters(rows, "county"),
        "assumptions": _parameters(rows, "assumptions"),
        "levers": _parameters(rows, "policy"),
    }


def measure_tables() -> dict[str, str]:
    """Return every table of the page of measures by the name of its marker."""
    people = {m.name for m in PEOPLE_MEASURES}
    lending = {m.name for m in LENDING_MEASURES}
    county = {m.name for m in COUNTY_MEASURES}
    rest = [m for name, m in MEASURES_BY_NAME.items() if name not in people | lending | county]
    by_place = [m for m in rest if m.name.startswith(BY_PLACE)]
    return {
        "people": _measured(PEOPLE_MEASURES),
        "places_and_gaps": _measured(by_place),
        "lending": _measured(LENDING_MEASURES),
        "county": _measured(COUNTY_MEASURES),
    }


def _measured(measures: Iterable[Measure]) -> str:
    cells = [(f"`{m.name}`", m.unit, m.when, m.definition, m.undefined or "–") for m in measures]
    return _table(("measure", "unit", "kind", "definition", "not a number when"), cells)


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
    for page in (ODD, MEASURES):
        page.write_text(renewed(page, page.read_text(encoding="utf-8")), encoding="utf-8")
