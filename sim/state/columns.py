"""A table of NumPy columns of equal length: one row a resident, a household, a shop or a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds.

    Attributes
    ----------
    dtype : data type
        As NumPy takes it, for example ``np.int16``.
    unit : str
        For example "fen", "months", "share".
    text : str
        What it says of a row, in plain words.
    fill : number
        Value at the start.
    """

    dtype: npt.DTypeLike
    unit: str
    text: str
    fill: float | int | bool = 0


class Columns:
    """A table whose columns are attributes.

    ``table.cash`` is the array itself; ``table.cash = values`` writes into it, so whoever holds the array sees the
    change. Values must have the column's type: nothing is rounded or cut silently.

    Parameters
    ----------
    spec : mapping of str to Column
        The columns, by name.
    n : int
        Rows.

    Raises
    ------
    ValueError
        If a name is no Python name or is taken by the table itself, or n is negative.
    """

    def __init__(self, spec: Mapping[str, Column], n: int) -> None:
        if n < 0:
            raise ValueError(f"a table has 0 rows or more, not {n}")
        arrays: dict[str, Array] = {}
        for name, column in spec.items():
            if not name.isidentifier() or name.startswith("_") or hasattr(type(self), name):
                raise ValueError(f"a column cannot be called {name!r}")
            fill = converted(column.fill, np.dtype(column.dtype), name)
            # zeros cost nothing before they are used: a table may be much longer than it is ever filled
            arrays[name] = np.full(n, fill) if fill else np.zeros(n, fill.dtype)
        self.__dict__["_spec"] = dict(spec)
        self.__dict__["_n"] = int(n)
        self.__dict__.update(arrays)

    @property
    def n(self) -> int:
        """Rows."""
        return int(self.__dict__["_n"])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the specification."""
        return tuple(self.__dict__["_spec"])

    @property
    def spec(self) -> Mapping[str, Column]:
        """What each column holds."""
        return MappingProxyType(self.__dict__["_spec"])

    def copy(self) -> Columns:
        """Return a table with arrays of its own."""
        other = object.__new__(type(self))
        other.__dict__["_spec"] = self.__dict__["_spec"]
        other.__dict__["_n"] = self.n
        for name in self.names:
            other.__dict__[name] = self[name].copy()
        return other

    def __len__(self) -> int:
        return self.n

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__["_spec"]

    def __getitem__(self, name: str) -> Array:
        if name not in self.__dict__["_spec"]:
            raise KeyError(f"there is no column {name!r}")
        array: Array = self.__dict__[name]
        return array

    def __getattr__(self, name: str) -> Array:
        # Python comes here only where no column has the name; the return type is for the type checker.
        raise AttributeError(f"there is no column {name!r}")

    def __setattr__(self, name: str, values: Any) -> None:
        if name not in self.__dict__.get("_spec", ()):
            raise AttributeError(f"there is no column {name!r} to write to: columns are named when the table is made")
        array = self.__dict__[name]
        if values is array:  # the end of ``table.cash += gain``, which has already added in place
            return
        new = converted(values, array.dtype, name)
        if new.ndim and new.shape != array.shape:
            raise ValueError(f"column {name!r} has {self.n} rows; {new.shape} values do not fit")
        array[...] = new

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a column cannot be deleted")

    def __deepcopy__(self, memo: dict[int, Any]) -> Columns:
        memo[id(self)] = other = self.copy()
        return other

    def __repr__(self) -> str:
        return f"Columns({self.n} rows: {', '.join(self.names)})"


def converted(values: Any, dtype: np.dtype[Any], name: str) -> Array:
    """Return values as an array of a type, and refuse what would be rounded, cut or wrapped.

    Arrays must have the type already; plain numbers must be held by it (float32 may round a decimal).

    Raises
    ------
    TypeError
        If the values are of another kind.
    ValueError
        If a number is out of range.
    """
    given = np.asarray(values)
    if given.dtype == dtype:
        return given
    if isinstance(values, np.ndarray) and given.ndim:
        raise TypeError(f"column {name!r} holds {dtype}, not {given.dtype}: convert the values first")
    if given.dtype.kind not in ("biuf" if dtype.kind == "f" else "biu"):
        raise TypeError(f"column {name!r} holds {dtype}, which {values!r} is not")
    with np.errstate(over="ignore"):
        new = given.astype(dtype)
    if not (np.isinf(new) <= np.isinf(given)).all() if dtype.kind == "f" else not np.array_equal(new, given):
        raise ValueError(f"column {name!r} holds {dtype}, in which {values!r} does not fit")
    return new
