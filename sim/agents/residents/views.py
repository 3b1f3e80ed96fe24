"""A resident as a Mesa agent: an object that holds a model and a row number, and reads and writes the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.accounts import MONEY_COLUMNS
from sim.state.columns import Columns, converted
from sim.vocabulary import Occupation


@dataclass(frozen=True, slots=True)
class Derived:
    """A quantity that is computed from columns where it is asked for.

    Attributes
    ----------
    unit : str
        For example "fen".
    text : str
        What it says of a resident.
    compute : function
        Takes a function from the name of a column to its values (of one row or of many) and returns values.
    """

    unit: str
    text: str
    compute: Callable[[Callable[[str], Any]], Any]


def _savings(column: Callable[[str], Any]) -> Any:
    total = column(MONEY_COLUMNS[0]) + column(MONEY_COLUMNS[1])
    for name in MONEY_COLUMNS[2:]:
        total += column(name)
    return total


DERIVED: Mapping[str, Derived] = {
    "savings": Derived("fen", "cash, deposits, wallet and money fund together", _savings),
}


class Resident(mesa.Agent):  # type: ignore[misc]
    """A view on one row of the residents' table.

    Every column is an attribute (``farmer.cash``, in fen), as is every derived quantity (``farmer.savings``). Writing
    to an attribute writes to the column. Two views on the same row are equal. A view is made when it is looked at, so
    it can hold nothing of its own.

    Attributes
    ----------
    model : ColumnarModel
        The model whose resident this is.
    row : int
        Row in ``model.residents``.
    """

    __slots__ = ("model", "row")
    occupation_code: ClassVar[Occupation]

    def __init__(self, *_: Any, **__: Any) -> None:
        raise TypeError(
            "Residents are rows of a table made with the model: they cannot be created one by one. Look at them "
            "through model.agents; change their number with the scale of the model."
        )

    @classmethod
    def create_agents(cls, *_: Any, **__: Any) -> NoReturn:
        """Refuse: residents are made with the model."""
        raise TypeError(
            f"{cls.__name__}.create_agents is not possible: residents are rows of a table made with the model. "
            "Change their number with the scale of the model."
        )

    @classmethod
    def from_dataframe(cls, *_: Any, **__: Any) -> NoReturn:
        """Refuse: residents are made with the model."""
        raise TypeError(
            f"{cls.__name__}.from_dataframe is not possible: residents are rows of a table made with the model. "
            "Change columns with model.agents.set."
        )

    @property
    def unique_id(self) -> int:
        """The row, counted from 1 as Mesa does."""
        return int(self.row) + 1

    def remove(self) -> NoReturn:
        """Refuse: the county's accounts refer to every resident."""
        raise TypeError(
            "A resident cannot be removed: households, shops, loans and the ledger refer to the row. "
            "Use model.agents.select to look at fewer residents."
        )

    def __getattr__(self, name: str) -> Any:
        if name not in ("model", "row"):
            columns = self.model.residents
            if name in columns:
                return columns[name][self.row].item()
            if name in DERIVED:
                return DERIVED[name].compute(self.__getattr__)
        raise AttributeError(f"residents have no column {name!r}; model.residents.names lists those they have")

    def __setattr__(self, name: str, value: Any) -> None:
        array = column_to_write(self.model.residents, name)
        array[self.row] = converted(value, array.dtype, name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.model.residents.names, *DERIVED]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Resident):
            return NotImplemented
        return self.model is other.model and self.row == other.row

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __reduce__(self) -> tuple[Any, ...]:
        return view, (type(self), self.model, self.row)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"


class Farmer(Resident):
    """A resident who farms."""

    __slots__ = ()
    occupation_code = Occupation.FARMER


class Merchant(Resident):
    """A resident who keeps a shop or serves customers."""

    __slots__ = ()
    occupation_code = Occupation.MERCHANT


class Employee(Resident):
    """A resident who earns a wage."""

    __slots__ = ()
    occupation_code = Occupation.EMPLOYEE


RESIDENT_TYPES: tuple[type[Resident], ...] = tuple(
    sorted((Farmer, Merchant, Employee), key=lambda kind: kind.occupation_code)
)


def view(kind: type[Resident], model: Any, row: int) -> Resident:
    """Return a view on a row."""
    resident = object.__new__(kind)
    object.__setattr__(resident, "model", model)
    object.__setattr__(resident, "row", row)
    return resident


def column_to_write(columns: Columns, name: str) -> NDArray[np.generic]:
    """Return the array of a column, or say why nothing can be written under this name.

    Raises
    ------
    AttributeError
        If the name is no column of the residents.
    """
    if name in columns:
        return columns[name]
    if name in DERIVED:
        raise AttributeError(f"{name!r} is computed ({DERIVED[name].text}): write to the columns it comes from")
    raise AttributeError(
        f"{name!r} is no column of the residents, and a view on a row can hold nothing else. Keep values of your own "
        "in an array with one element a resident and index it with agent.row, or add a Column to the residents' table"
    )
