"""Who belongs to a set of residents, in which order, and what a set of rows cannot do."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Iterator, Sequence
from operator import index as whole_number
from typing import TYPE_CHECKING, Any, NoReturn, Self

import mesa
import numpy as np
from mesa.agent import AgentSet
from numpy.typing import NDArray

from sim.agents.residents.views import RESIDENT_TYPES, Resident, view
from sim.state.columns import Columns

if TYPE_CHECKING:
    from sim.agents.residents.columnar import ColumnarModel

Codes = NDArray[np.intp]

_CHUNK = 4096  # views made at a time when somebody iterates


def _refused(name: str, instead: str) -> Callable[..., NoReturn]:
    """Return a method that says what to do instead."""

    def method(self: object, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"{name} is not possible on residents, who are rows of a table. {instead}")

    method.__name__ = name
    method.__doc__ = f"Refuse. {instead}"
    return method


_NO_CALLS = (
    "A month is computed for all of them at once: read with get or agg, write with set, pass your own mechanism to the "
    "model, or write an ordinary loop over the set if a second per hundred thousand residents is no matter."
)
_NO_MEMBERS = "Residents are made with the model and stay; choose among them with select, by a function or a mask."
_NO_ALGEBRA = "Combine masks instead: agents.select((agents.get('age') > 60) & agents.get('poor'))."


class Members(AgentSet, ABC):  # type: ignore[misc]
    """The members of a set: a Mesa `AgentSet` that holds numbers instead of agents.

    Parameters
    ----------
    model : ColumnarModel
        The model that holds the residents' columns.
    codes : ndarray of intp or bool, optional
        Members in order: row numbers, then (from the number of residents on) positions in `institutions`. Or a mask
        of the residents. By default everybody.
    institutions : sequence of mesa.Agent
        Ordinary agents that may be members.
    """

    def __init__(
        self, model: ColumnarModel, codes: NDArray[Any] | None = None, institutions: Sequence[mesa.Agent] = ()
    ) -> None:
        self._model = model
        self._codes = codes
        self._institutions = tuple(institutions)
        if codes is not None:
            codes.flags.writeable = False

    @property
    def model(self) -> ColumnarModel:
        """The model that holds the residents' columns."""
        return self._model

    @property
    def random(self) -> Any:
        """The model's own random generator, as in Mesa; nothing in the simulation uses it."""
        return self._model.random

    @property
    def rows(self) -> Codes:
        """Rows of the residents in the set, in its order: ``model.residents.cash[agents.rows]``."""
        codes = self._members()
        return codes[codes < self._columns.n] if self._institutions else codes

    @property
    def _columns(self) -> Columns:
        return self._model.residents

    def _members(self) -> Codes:
        """Return the codes; a mask becomes row numbers when first needed."""
        if self._codes is None:
            return np.arange(self._columns.n + len(self._institutions))
        if self._codes.dtype == bool:
            self._codes = np.flatnonzero(self._codes)
        return self._codes

    def _has_institutions(self) -> bool:
        if self._codes is None:
            return bool(self._institutions)
        return bool(self._institutions) and bool((self._members() >= self._columns.n).any())

    def _others(self) -> list[mesa.Agent]:
        """Institutions among the members."""
        members, n = self._members(), self._columns.n
        return [self._institutions[code - n] for code in members[members >= n]]

    def _agents_at(self, codes: Codes) -> Iterator[mesa.Agent]:
        """Make views, a few thousand at a time."""
        model, n, occupation = self._model, self._columns.n, self._columns["occupation"]
        for start in range(0, codes.size, _CHUNK):
            chunk = codes[start : start + _CHUNK]
            kinds = occupation[np.minimum(chunk, n - 1)].tolist() if n else [0] * chunk.size
            for code, kind in zip(chunk.tolist(), kinds, strict=True):
                yield view(RESIDENT_TYPES[kind], model, code) if code < n else self._institutions[code - n]

    def _code_of(self, agent: object) -> int | None:
        """Return the code of an agent of this model, member or not."""
        if isinstance(agent, Resident):
            return agent.row if agent.model is self._model else None
        for place, institution in enumerate(self._institutions):
            if institution is agent:
                return self._columns.n + place
        return None

    def _with(self, codes: Codes, inplace: bool = False) -> Any:
        """Return a set of these members; Mesa's own where none of them is a resident."""
        if inplace:
            self._codes = codes
            return self
        chosen = type(self)(self._model, codes, self._institutions)
        if codes.size and not chosen.rows.size:
            return AgentSet(list(chosen), random=self.random)
        return chosen

    def __len__(self) -> int:
        return self._columns.n + len(self._institutions) if self._codes is None else int(self._members().size)

    def __iter__(self) -> Iterator[mesa.Agent]:
        return self._agents_at(self._members())

    def __reversed__(self) -> Iterator[mesa.Agent]:
        return self._agents_at(self._members()[::-1])

    def __contains__(self, agent: object) -> bool:
        code = self._code_of(agent)
        return code is not None and (self._codes is None or bool((self._members() == code).any()))

    def __getitem__(self, item: int | slice) -> Any:
        codes = self._members()
        if isinstance(item, slice):
            return list(self._agents_at(codes[item]))
        try:
            place = whole_number(item)
        except TypeError:
            raise TypeError("A set is indexed with a number or a slice; use select for a mask.") from None
        if not -codes.size <= place < codes.size:
            raise IndexError(f"the set has {codes.size} members; there is none at {place}")
        return next(self._agents_at(codes[place : place + 1 or None]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Members):
            return NotImplemented
        same = self._model is other._model and set(self._others()) == set(other._others())
        return same and np.array_equal(np.sort(self.rows), np.sort(other.rows))

    def __copy__(self) -> Self:
        return type(self)(self._model, self._codes, self._institutions)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        residents = self.rows.size
        return f"<ResidentSet: {residents:,} residents and {len(self) - residents} institutions>"

    def copy(self) -> Self:
        """Return a set with the same members."""
        return self.__copy__()

    def to_list(self) -> list[mesa.Agent]:
        """Return the members as a list."""
        return list(self)

    def index(self, agent: mesa.Agent, start: int = 0, stop: int | None = None) -> int:
        """Return the position of an agent.

        Raises
        ------
        ValueError
            If it is no member.
        """
        code = self._code_of(agent)
        start, stop, _ = slice(start, stop).indices(len(self))
        places = np.flatnonzero(self._members()[start:stop] == (-1 if code is None else code))
        if not places.size:
            raise ValueError(f"{agent!r} is not in the set")
        return start + int(places[0])

    def count(self, agent: mesa.Agent) -> int:
        """Return 1 if the agent is a member, otherwise 0."""
        return int(agent in self)

    # -- what makes no sense here ------------------------------------------------------------------------------------

    do = _refused("do", _NO_CALLS)
    shuffle_do = _refused("shuffle_do", _NO_CALLS)
    map = _refused("map", _NO_CALLS)
    add = _refused("add", _NO_MEMBERS)
    discard = _refused("discard", _NO_MEMBERS)
    remove = _refused("remove", _NO_MEMBERS)
    pop = _refused("pop", _NO_MEMBERS)
    clear = _refused("clear", _NO_MEMBERS)
    isdisjoint = _refused("isdisjoint", _NO_ALGEBRA)
    __and__ = __rand__ = __iand__ = _refused("&", _NO_ALGEBRA)
    __or__ = __ror__ = __ior__ = _refused("|", _NO_ALGEBRA)
    __sub__ = __rsub__ = __isub__ = _refused("-", _NO_ALGEBRA)
    __xor__ = __rxor__ = __ixor__ = _refused("^", _NO_ALGEBRA)
    __lt__ = __le__ = __gt__ = __ge__ = _refused("Comparison", _NO_ALGEBRA)
