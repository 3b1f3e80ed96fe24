"""Read the villages of the microfinance study: households, who was told first, ties, and take-up where it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import CatfishError

SOURCE = (
    "Banerjee, Chandrasekhar, Duflo & Jackson (2013), The diffusion of microfinance, Science 341, 1236498; "
    "data: doi:10.7910/DVN/U3BIHX"
)
MONTHS_A_TRIMESTER = 3
_COLUMNS = {
    "households": ("village", "row", "room_no", "electricity", "latrine", "hhSurveyed", "leader", "mf"),
    "edges": ("village", "i", "j"),
    "panel": ("village", "trimester", "takeup_nonleaders"),
    "villages": ("village", "households", "trimesters_observed", "split", "takeup_nonleaders"),
}
#: Columns of whole numbers, and more than any of them can be.
_WHOLE = ("village", "row", "i", "j", "trimester", "households", "trimesters_observed")
_MOST = 1_000_000


@dataclass(frozen=True)
class Village:
    """One village.

    Parameters
    ----------
    number : int
    leader, surveyed : bool[n]
        Told first by the lender; interviewed about ties.
    poverty : float32[n]
        Mean of three standard scores: few rooms, no electricity, no latrine.
    ties : int32[ties, 2]
        Pairs of households, each once.
    trimesters : int
        Trimesters from the start to the last one observed.
    took : bool[n], or None
        Took a loan; None where it is withheld.
    final : float
        Share of the other households that took a loan; NaN where it is withheld.
    path : float64[trimesters + 1]
        Share of all households, leaders included, by trimester; NaN where it is withheld.
    """

    number: int
    leader: NDArray[np.bool_]
    surveyed: NDArray[np.bool_]
    poverty: NDArray[np.float32]
    ties: NDArray[np.int32]
    trimesters: int
    took: NDArray[np.bool_] | None
    final: float
    path: NDArray[np.float64]

    @property
    def n(self) -> int:
        """Return the number of households."""
        return len(self.leader)

    @property
    def months(self) -> int:
        """Return the number of months observed."""
        return MONTHS_A_TRIMESTER * self.trimesters

    @property
    def sealed(self) -> bool:
        """Return whether the outcome is withheld."""
        return bool(np.isnan(self.final))


def read_villages(folder: Path) -> list[Village]:
    """Return the villages in ``folder/villages``, in the order of their numbers.

    Outcomes of sealed villages are neither needed nor read: they are NaN whatever stands in the files.

    Raises
    ------
    CatfishError
        If a file or a column is missing, or a value is not what it should be.
    """
    tables = {name: _read(Path(folder) / "villages" / f"{name}.csv", wanted) for name, wanted in _COLUMNS.items()}
    listed = tables["villages"].sort_values("village").set_index("village")
    _check(listed["split"].isin(["open", "sealed"]), "villages.csv", "split", "open or sealed")
    _check(listed["trimesters_observed"] >= 2, "villages.csv", "trimesters_observed", "at least 2")
    homes = tables["households"].assign(poverty=_poverty(tables["households"])).sort_values(["village", "row"])
    for name in ("leader", "hhSurveyed"):
        _check(homes[name].isin([0, 1]), "households.csv", name, "0 or 1")
    if not listed.index.is_unique:
        raise CatfishError(f"villages.csv lists village {listed.index[listed.index.duplicated()][0]} twice")
    for name in ("households", "edges", "panel"):
        _check(tables[name]["village"].isin(listed.index), f"{name}.csv", "village", "one of villages.csv")
    grouped = {name: dict(list(table.groupby("village"))) for name, table in tables.items() if name != "villages"}
    grouped["households"] = dict(list(homes.groupby("village")))
    return [_village(int(number), row, grouped) for number, row in listed.iterrows()]  # type: ignore[call-overload]


def _read(path: Path, wanted: Sequence[str]) -> pd.DataFrame:
    """Return a table that has the columns wanted."""
    if not path.is_file():
        raise CatfishError(f"there is no file {path}; the folder of data has to hold it ({SOURCE})")
    try:
        table = pd.read_csv(path)
    except (ValueError, UnicodeDecodeError) as error:
        raise CatfishError(f"{path} is not a table of comma-separated values: {error}") from error
    missing = [name for name in wanted if name not in table]
    if missing:
        raise CatfishError(f"{path} has no column {missing[0]!r}; it needs {', '.join(wanted)}")
    text = [name for name in wanted if name != "split" and not pd.api.types.is_numeric_dtype(table[name])]
    if text:
        raise CatfishError(f"column {text[0]!r} of {path} has to hold numbers only")
    for name in wanted:
        if name in _WHOLE:
            good = table[name].between(0, _MOST) & (table[name] % 1 == 0)
            _check(good, path.name, name, f"a whole number from 0 to {_MOST:,}")
        elif name != "split":
            _check(~np.isinf(table[name]), path.name, name, "a number, or blank where nothing is known")
    return table.astype({name: np.int64 for name in wanted if name in _WHOLE})


def _check(good: pd.Series[bool], file: str, column: str, right: str) -> None:
    """Refuse a column with a wrong value, and name the line."""
    if not good.all():
        line = int(np.flatnonzero(~good.to_numpy())[0]) + 1
        raise CatfishError(f"row {line} of {file} has a wrong {column!r}; it has to be {right}")


def _poverty(homes: pd.DataFrame) -> NDArray[np.float64]:
    """Return the mean of three standard scores; what is not known counts as usual."""
    signs = {"room_no": -1.0, "electricity": 1.0, "latrine": 1.0}
    scores = [sign * (homes[name] - homes[name].mean()) / homes[name].std() for name, sign in signs.items()]
    result: NDArray[np.float64] = np.nan_to_num(np.mean(scores, axis=0))
    return result


def _village(number: int, row: pd.Series, grouped: dict[str, dict[Any, pd.DataFrame]]) -> Village:
    """Return one village."""
    homes, edges = grouped["households"].get(number), grouped["edges"].get(number)
    if homes is None or edges is None:
        raise CatfishError(f"village {number} of villages.csv has no households or no ties in the other files")
    n = int(row["households"])
    if homes["row"].tolist() != list(range(1, n + 1)):
        raise CatfishError(f"the households of village {number} have to be numbered from 1 to {n} in households.csv")
    pairs = np.sort(edges[["i", "j"]].to_numpy(np.int32) - 1, axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    if len(pairs) and (pairs.min() < 0 or pairs.max() >= n):
        raise CatfishError(f"edges.csv names a household of village {number} that is not among its {n}")
    trimesters = int(row["trimesters_observed"]) - 1
    took, final, path = None, np.nan, np.full(trimesters + 1, np.nan)
    if row["split"] == "open":
        final, path = float(row["takeup_nonleaders"]), _path(number, trimesters, grouped["panel"].get(number))
        if not 0.0 <= final <= 1.0:
            raise CatfishError(f"the take-up of village {number} in villages.csv is {final}; it has to be from 0 to 1")
        if not homes["mf"].isin([0, 1]).all():
            raise CatfishError(f"households.csv does not say of every household of village {number} if it took a loan")
        took = homes["mf"].to_numpy() == 1
    return Village(
        number, homes["leader"].to_numpy() == 1, homes["hhSurveyed"].to_numpy() == 1,
        homes["poverty"].to_numpy(np.float32), pairs, trimesters, took, final, path,
    )  # fmt: skip


def _path(number: int, trimesters: int, panel: pd.DataFrame | None) -> NDArray[np.float64]:
    """Return take-up by trimester.

    The column is named after the others, but what it holds is the share of all households, leaders included: at the
    last trimester it equals the mean of ``mf`` over all households, not over the others. The row after that is blank.
    """
    known = pd.DataFrame(columns=_COLUMNS["panel"]) if panel is None else panel.dropna().sort_values("trimester")
    if known["trimester"].tolist() != list(range(trimesters + 1)):
        raise CatfishError(f"panel.csv has to give trimesters 0 to {trimesters} of village {number}, each once")
    if not known["takeup_nonleaders"].between(0.0, 1.0).all():
        raise CatfishError(f"panel.csv has a take-up of village {number} that is not from 0 to 1")
    return known["takeup_nonleaders"].to_numpy(np.float64)
