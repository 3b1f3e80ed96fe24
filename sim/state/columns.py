"""A table of NumPy columns of equal length: one row a resident, a household, a shop or a place."""

from __future__ import annotations

import copy
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
    block : str
        Columns of the same block lie side by side in memory: `Columns.block`. They have one type.
    """

    dtype: npt.DTypeLike
    unit: str
    text: str
    fill: float | int | bool = 0
    block: str = ""


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
        for name in spec:
            if not name.isidentifier() or name.startswith("_") or hasattr(type(self), name):
                raise ValueError(f"a column cannot be called {name!r}")
        self.__dict__["_spec"] = dict(spec)
        self.__dict__["_n"] = int(n)
        fills = {name: converted(column.fill, np.dtype(column.dtype), name) for name, column in spec.items()}
        for name, fill in fills.items():
            # zeros cost nothing before they are used: a table may be much longer than it is ever filled
            self.__dict__[name] = np.full(n, fill) if fill else np.zeros(n, fill.dtype)
        self.__dict__["_blocks"] = {
            block: np.stack([self[name] for name in names], axis=1) for block, names in self._names_by_block().items()
        }
        self._look_into_blocks()

    def _names_by_block(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, column in self.spec.items():
            if column.block:
                found.setdefault(column.block, []).append(name)
        return found

    def _look_into_blocks(self) -> None:
        """Let the columns of blocks be what stands in the blocks."""
        for block, names in self._names_by_block().items():
            self.__dict__.update(zip(names, self.block(block).T, strict=True))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in self or not self.spec[name].block}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._look_into_blocks()

    def block(self, name: str) -> Array:
        """Return the columns of a block as one array [rows, columns]: what is looked up together lies together."""
        rows: Array = self.__dict__["_blocks"][name]
        return rows

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
        return copy.deepcopy(self)

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
