"""What the districts say about the mechanism, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sim.studies.validation.districts import MECHANISM, DistrictsResult
from sim.studies.validation.districts_data import ASKED
from sim.studies.validation.words import word

#: The table of skills, by method and date.
Rows = dict[tuple[str, str], dict[Hashable, Any]]


def lessons(result: DistrictsResult) -> list[str]:
    """Return sentences on errors and coverage, on baselines, and on what each part of the mechanism adds."""
    rows = {(row["method"], row["date"]): row for row in result.skill.to_dict("records")}
    errors = ", ".join(f"{rows[MECHANISM, date]['mdape']:.1%} ({date})" for date in ASKED)
    shares = ", ".join(f"{rows[MECHANISM, date]['coverage']:.1%}" for date in ASKED)
    learned = result.learned.set_index("circumstance")["after_p50"]
    phones, gained = float(learned["phones"]), float(learned["phones_gained"])
    return [
        f"Median absolute error {errors}; {shares} of the districts lie in their 80% interval.",
        f"Linear drift: {_against(rows, 'linear drift')}.",
        f"A regression on the four quarters, without any mechanism: {_against(rows, 'regression')}.",
        f"Smartphones that spread fit better than a fixed share: {_against(rows, 'phones do not spread')}. The usual "
        f"district has {phones:.0%} of adults with a phone at the start and gains {100 * gained:.0f} points a year.",
        f"Tastes as shipped in place of tastes that differ by district: {_against(rows, 'tastes as shipped')}.",
        f"Word of mouth is hardly seen in these data: everybody informed from the start, "
        f"{_against(rows, 'everybody informed')}.",
    ]


def _against(rows: Rows, name: str) -> str:
    """Return the mechanism's skill against a method in words, date by date."""
    cells = []
    for date in ASKED:
        row = rows[name, date]
        cells.append(
            f"{word(row['verdict'])} {date} ({row['skill']:+.0%} [{row['skill_low']:+.0%}, {row['skill_high']:+.0%}])"
        )
    return ", ".join(cells)
