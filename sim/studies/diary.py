"""A diary of a few residents: what the state does not keep, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.dates import show_month
from sim.errors import CatfishError
from sim.measures.declare import FEN_PER_YUAN
from sim.model import CountyModel


@dataclass(frozen=True)
class Event:
    """What happened in a month, and the yuan that it was about (not a number: none)."""

    month: int
    what: str
    yuan: float = float("nan")


class Diary:
    """Notes on a few residents: when they heard, what they wanted in vain, what they earned and owed.

    Parameters
    ----------
    model : CountyModel
        At its start, or from when on notes are to be taken.
    rows : sequence of int
        The residents.
    """

    def __init__(self, model: CountyModel, rows: Sequence[int]) -> None:
        self.model = model
        self._place = {resident_row(model, row): k for k, row in enumerate(rows)}
        self._rows = np.array(list(self._place), np.int64)
        self._start = self._now()
        self._notes: list[dict[str, Any]] = []

    def step(self) -> None:
        """Simulate a month and take notes."""
        self.model.step()
        self._notes.append(self._now())

    def _now(self) -> dict[str, Any]:
        people, homes, book = self.model.residents, self.model.world.households, self.model.world.loans
        rows = self._rows
        late = np.zeros(people.n, np.int64)
        owed = book.open_rows[book.balance[book.open_rows] > 0]
        np.maximum.at(late, book.borrower[owed], book.days_past_due[owed])
        return {
            "month": self.model.world.month, "informed": people.informed[rows], "late": late[rows],
            "wallet": people.wallet_since[rows] >= 0, "line": people.line[rows], "unmet": people.unmet[rows],
            "debt": people.debt[rows], "income": homes.income[people.household[rows]],
            "waits": people.pending_product[rows] >= 0,
        }  # fmt: skip

    def _of(self, row: int) -> int:
        if row not in self._place:
            raise CatfishError(f"the diary tells nothing of resident {row}; it was begun for {len(self._place)} others")
        return self._place[row]

    def had_wallet(self, row: int) -> bool:
        """Tell whether a resident had a wallet when the diary was begun."""
        return bool(self._start["wallet"][self._of(row)])

    def months(self, row: int) -> pd.DataFrame:
        """Return a resident's months: the household's income, formal debt, days late, credit wanted in vain."""
        k = self._of(row)
        return pd.DataFrame(
            {
                "date": [show_month(note["month"]) for note in self._notes],
                "income": [float(note["income"][k]) / FEN_PER_YUAN for note in self._notes],
                "debt": [float(note["debt"][k]) / FEN_PER_YUAN for note in self._notes],
                "days_late": [int(note["late"][k]) for note in self._notes],
                "unmet": [float(note["unmet"][k]) / FEN_PER_YUAN for note in self._notes],
            }
        )

    def events(self, row: int) -> list[Event]:
        """Return what only a diary knows: hearing of the wallet, giving it up, a line's end, wishes in vain."""
        k, found, before = self._of(row), [], self._start
        for note in self._notes:
            month, unmet = int(note["month"]), float(note["unmet"][k]) / FEN_PER_YUAN
            if note["informed"][k] and not before["informed"][k]:
                found.append(Event(month, "heard how a wallet works"))
            if note["wallet"][k] and not before["wallet"][k]:
                found.append(Event(month, "took up the wallet"))
            if before["wallet"][k] and not note["wallet"][k]:
                found.append(Event(month, "gave up the wallet"))
            if before["line"][k] > 0 and note["line"][k] == 0:
                limit = float(before["line"][k]) / FEN_PER_YUAN
                found.append(Event(month, f"lost the platform's line of {limit:,.0f} yuan", limit))
            if note["waits"][k] and not before["waits"][k]:
                found.append(Event(month, "applied at the bank and waits for an officer"))
            if unmet > 0:
                found.append(Event(month, f"wanted {unmet:,.0f} yuan of credit and did not get it", unmet))
            before = note
        return found


def resident_row(model: CountyModel, row: Any) -> int:
    """Return a resident's row.

    Raises
    ------
    CatfishError
        If there is no such resident.
    """
    try:
        found = -1 if isinstance(row, bool) else row.__index__()
    except AttributeError:
        found = -1
    if not 0 <= found < model.residents.n:
        raise CatfishError(f"there is no resident {row!r}: rows go from 0 to {model.residents.n - 1:,}")
    return int(found)
