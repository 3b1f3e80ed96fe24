"""Read registered users by district and the census of 2011 from a folder that stays outside the project."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import CatfishError

OBTAIN = (
    "users.csv is PhonePe Pulse (github.com/PhonePe/pulse, CDLA-Permissive-2.0) as a table, "
    "census2011.csv the district tables of the Census of India 2011"
)
#: Quarters that are known everywhere, and the quarters that are asked.
KNOWN = ("2018Q1", "2018Q2", "2018Q3", "2018Q4")
ASKED = ("2019Q4", "2020Q4", "2024Q2")
QUARTERS = tuple(f"{year}Q{quarter}" for year in range(2018, 2025) for quarter in range(1, 5))[:26]
OPEN, SEALED = "open", "sealed"

_USERS = ("state", "district", "year", "quarter", "registered_users", "split")
_CENSUS = (
    "State name", "District name", "Population", "Literate", "Rural_Households", "Urban_Households", "Households",
    "Age_Group_0_29", "Age_Group_30_49", "Age_Group_50", "Households_with_Telephone_Mobile_Phone_Mobile_only",
    "Households_with_Telephone_Mobile_Phone_Both",
)  # fmt: skip
_TEXTS = ("state", "district", "split", "State name", "District name")
#: States that were founded, merged or renamed since 2011, and what the census calls them.
_STATE_THEN = {
    "telangana": "andhra pradesh", "ladakh": "jammu and kashmir", "odisha": "orissa", "puducherry": "pondicherry",
    "delhi": "nct of delhi", "dadra and nagar haveli and daman and diu": "daman and diu",
}  # fmt: skip
_MOST = 1e10  # more than any count of people can be
_ALIKE = 0.8  # assumed: least likeness of two spellings of a name
_ADULT = 0.36  # assumed: of those under 30, the share of 18 and over


@dataclass(frozen=True)
class Districts:
    """Districts: their users by quarter, and what the census says of them.

    Parameters
    ----------
    names : DataFrame
        ``state``, ``district``, ``split``; one row a district.
    users : float64[districts, quarters]
        Registered users at the end of each of `QUARTERS`; not known where sealed.
    covariates : DataFrame
        ``reach``: log of users per adult in 2018Q4, the median of the state where not matched; ``literate``,
        ``young``, ``urban``, ``mobile``: shares, the means of the state where not matched.
    matched : bool[districts]
        Found in the census.
    ages : float64[3]
        Share of adults who are 18 to 29, 30 to 49, 50 and over.
    """

    names: pd.DataFrame
    users: NDArray[np.float64]
    covariates: pd.DataFrame
    matched: NDArray[np.bool_]
    ages: NDArray[np.float64]


def read_districts(folder: str | Path) -> Districts:
    """Return the districts of ``folder/districts``.

    Raises
    ------
    CatfishError
        If a file or column is missing, or values are none that a cumulative count can take.
    """
    place = Path(folder) / "districts"
    census = _table(place / "census2011.csv", _CENSUS)
    wide = _by_quarter(_table(place / "users.csv", _USERS))
    names = wide.index.to_frame(index=False)
    found = _match(names, census)
    users = wide.to_numpy(np.float64)
    covariates = _covariates(names, census, found)
    covariates["reach"] = _reach(names, np.log(users[:, len(KNOWN) - 1]) - covariates.pop("adults"), found >= 0)
    return Districts(names, users, covariates, found >= 0, _ages(census))


def _table(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return a file's table, checked to have its columns."""
    if not path.is_file():
        raise CatfishError(f"{path} is missing: {OBTAIN}.")
    try:
        table = pd.read_csv(path)
    except (ValueError, UnicodeDecodeError) as error:
        raise CatfishError(f"{path} is not a table of comma-separated values: {error}.") from error
    missing = [name for name in columns if name not in table]
    if missing:
        raise CatfishError(f"{path} has no column {missing[0]!r}; it must have {', '.join(columns)}.")
    if table.empty:
        raise CatfishError(f"{path} has no rows.")
    for name in columns:
        if table[name].isna().any():
            raise CatfishError(f"{path} has empty values in column {name!r}; every row needs one.")
        if name not in _TEXTS and not pd.to_numeric(table[name], errors="coerce").between(0, _MOST).all():
            raise CatfishError(f"{path} has values in column {name!r} that are no counts; they must be 0 or more.")
    return table


def _by_quarter(users: pd.DataFrame) -> pd.DataFrame:
    """Return users, one row a district, one column a quarter."""
    if not set(users["split"]) <= {OPEN, SEALED}:
        wrong = sorted(set(users["split"]) - {OPEN, SEALED})[0]
        raise CatfishError(f"users.csv has split {wrong!r}; it must be {OPEN} or {SEALED}.")
    if not (users["registered_users"] > 0).all():
        raise CatfishError("users.csv has registered_users that are not above 0; they are counts of people.")
    quarter = users["year"].astype(str) + "Q" + users["quarter"].astype(str)
    table = users.assign(when=quarter)
    keys = ["state", "district", "split"]
    double = table.duplicated(["state", "district", "when"])
    if double.any():
        raise CatfishError(f"users.csv has district {table.loc[double, 'district'].iloc[0]!r} twice in a quarter.")
    wide = table.pivot_table("registered_users", keys, "when", aggfunc="first").reindex(columns=list(QUARTERS))
    needed = wide[list(KNOWN)].isna().any(axis=1) | (
        (wide.index.get_level_values("split") == OPEN) & wide.isna().any(axis=1)
    )
    if needed.any():
        raise CatfishError(
            f"users.csv lacks a quarter of district {wide.index[needed][0][1]!r}; "
            f"it needs 2018 everywhere, and {QUARTERS[0]} to {QUARTERS[-1]} in open states."
        )
    if (wide[list(KNOWN)].diff(axis=1).iloc[:, 1:] < 0).any(axis=None):
        raise CatfishError("users.csv has registered_users that fall in 2018; registrations are counted for good.")
    return wide


def _plain(name: str) -> str:
    """Return a name in small letters, without signs and the word district."""
    words = re.sub(r"[^a-z ]", " ", name.lower().replace("&", " and ").replace("-", " ")).split()
    return " ".join(word for word in words if word != "district")


def _then(state: str) -> str:
    """Return what the census calls a state."""
    return _STATE_THEN.get(_plain(state), _plain(state))


def _match(names: pd.DataFrame, census: pd.DataFrame) -> NDArray[np.int64]:
    """Return each district's row in the census, -1 where no name of its state is alike; same spellings first."""
    rows: dict[str, dict[str, int]] = {}
    for row, (state, district) in enumerate(zip(census["State name"], census["District name"], strict=True)):
        rows.setdefault(_plain(state), {})[_plain(district)] = row
    found = np.full(len(names), -1, np.int64)
    for state, part in names.groupby(names["state"].map(_then)):
        left = dict(rows.get(str(state), {}))
        spelt = dict(zip(part.index.to_numpy(), part["district"].map(_plain), strict=True))
        for alike in (1.0, _ALIKE):
            for i, name in spelt.items():
                near = difflib.get_close_matches(name, list(left), n=1, cutoff=alike)
                if near and found[i] < 0:
                    found[i] = left.pop(near[0])
    return found


def _shares(census: pd.DataFrame) -> pd.DataFrame:
    """Return the covariates of each row of the census."""
    adults = _ADULT * census["Age_Group_0_29"] + census["Age_Group_30_49"] + census["Age_Group_50"]
    mobile = census[[_CENSUS[-2], _CENSUS[-1]]].sum(axis=1)
    return pd.DataFrame(
        {
            "adults": np.log(adults),
            "literate": census["Literate"] / census["Population"],
            "young": census["Age_Group_0_29"] / census["Population"],
            "urban": census["Urban_Households"] / census["Households"],
            "mobile": mobile / census["Households"],
        }
    )


def _covariates(names: pd.DataFrame, census: pd.DataFrame, found: NDArray[np.int64]) -> pd.DataFrame:
    """Return the covariates of each district: its own, else the means of its state, else of the country."""
    shares = _shares(census)
    of_state = shares.groupby(census["State name"].map(_plain)).mean()
    own = shares.reindex(found).reset_index(drop=True)
    states = of_state.reindex(names["state"].map(_then)).reset_index(drop=True)
    return own.fillna(states).fillna(shares.mean())


def _reach(names: pd.DataFrame, own: pd.Series[float], matched: NDArray[np.bool_]) -> pd.Series[float]:
    """Return users per adult, in logs; the median of the state, else of the country, where adults are not known."""
    known = own.where(pd.Series(matched, own.index))
    return known.fillna(known.groupby(names["state"]).transform("median")).fillna(known.median())


def _ages(census: pd.DataFrame) -> NDArray[np.float64]:
    """Return the share of the country's adults in each age band."""
    people = census[["Age_Group_0_29", "Age_Group_30_49", "Age_Group_50"]].sum().to_numpy(np.float64)
    people = people * [_ADULT, 1.0, 1.0]
    shares: NDArray[np.float64] = people / people.sum()
    return shares
