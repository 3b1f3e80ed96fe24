"""What a measure is: a name, a unit, a definition and a function of the month's sums, declared once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: A balance at the month's end, or what happened during the month.
When = Literal["stock", "flow"]

FEN_PER_YUAN = 100.0
PPM = 1_000_000.0


@dataclass(frozen=True)
class Measure:
    """One outcome of the county.

    Attributes
    ----------
    name : str
        Column of the monthly table.
    unit : str
        "share", "adults", "yuan", "yuan a month", "days", "1/year", …
    when : {"stock", "flow"}
        Measured at the month's end, or over the month.
    definition : str
        What is counted, over what.
    read : callable
        Of sums (arrays over groups of one kind, or over one group: everybody) or of the world's tally.
    undefined : str
        When the measure may be "not a number"; empty: never.
    """

    name: str
    unit: str
    when: When
    definition: str
    read: Callable[[Any], Any]
    undefined: str = ""

    def named(self, name: str, definition: str) -> Measure:
        """Return the same measure under another name, read for a part of the county."""
        return Measure(name, self.unit, self.when, definition, self.read, self.undefined)


_SCALAR = (int, float, np.number)


def ratio(part: Any, whole: Any) -> Any:
    """Return part / whole, not a number where the whole is nothing."""
    if isinstance(part, _SCALAR) and isinstance(whole, _SCALAR):
        return float(part) / float(whole) if whole != 0 else float("nan")
    # Dividing by "not a number" warns of nothing, and costs less than asking NumPy to divide only where it can.
    whole = np.asarray(whole, np.float64)
    return np.asarray(part, np.float64) / np.where(whole != 0, whole, np.nan)


def yuan(fen: Any) -> Any:
    """Return fen as yuan."""
    return (float(fen) if isinstance(fen, _SCALAR) else np.asarray(fen, np.float64)) / FEN_PER_YUAN
