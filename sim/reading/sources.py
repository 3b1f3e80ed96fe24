"""Who says so: the table of facts that the project cites, by key."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

FACTS = Path(__file__).parent.parent / "data" / "facts.csv"
_KEY = re.compile(r"[a-z0-9]+(_[A-Za-z0-9]+)+")


@cache
def cited() -> dict[str, str]:
    """Return publisher, title and year of every fact by key."""
    with FACTS.open(encoding="utf-8", newline="") as stream:
        return {row["key"]: _citation(row) for row in csv.DictReader(stream)}


def _citation(row: dict[str, str]) -> str:
    text = row["source"] if row["year"][:4] in row["source"] else f"{row['source']}, {row['year']}"
    return f"assumed: {text}, from memory" if row["status"] == "memory" else text


def is_key(source: str) -> bool:
    """Whether a source looks like a key of the table of facts."""
    return _KEY.fullmatch(source) is not None
