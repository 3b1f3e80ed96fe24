"""Many residents as a Mesa `AgentSet`: the same methods, computed on columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import mesa
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.agents.residents.members import Codes, Members
from sim.agents.residents.views import DERIVED, RESIDENT_TYPES, column_to_write
from sim.state.columns import converted

try:
    from mesa.agentset import GroupBy  # Mesa 3.5
except ImportError:
    from mesa.agent import GroupBy  # Mesa 3.3

_BUILT_IN: dict[Any, Callable[..., Any]] = {sum: np.sum, min: np.min, max: np.max, any: np.any, all: np.all}


class ResidentSet(Members):
    """Residents of a model in some order, followed or mixed with its institutions.

    It differs from Mesa's `AgentSet` in four ways. `get` returns a NumPy array (whole numbers as int64, others as
    float64), and `agg` hands one to its function. `set` takes one value, or an array with one value each. `select`
    also takes a boolean array. `do`, `map`, adding, removing and set algebra are refused with a sentence.
    """

    def _values(self, name: str) -> NDArray[Any]:
        """Values of the residents in the set, not to be written to; whole numbers as int64, others as float64."""
        columns = self._columns
        everybody = self._codes is None
        rows = slice(None) if everybody else self.rows
        if name in columns:
            values = columns[name][rows]
        elif name not in DERIVED:
            raise AttributeError(f"residents have no column {name!r}; model.residents.names lists those they have")
        elif everybody or 4 * len(self) > columns.n:  # cheaper to compute in order and to pick out once
            values = DERIVED[name].compute(columns.__getitem__)[rows]
        else:
            values = DERIVED[name].compute(lambda column: columns[column][rows])
        wide = {"i": np.int64, "u": np.int64, "f": np.float64}.get(values.dtype.kind, values.dtype)
        values = values.astype(wide, copy=False).view()
        values.flags.writeable = False
        return values

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> NDArray[Any] | list[Any]:
        """Return a quantity of every member: an array, or (for several names) a list of lists as in Mesa.

        Parameters
        ----------
        attr_names : str or list of str
            Columns or derived quantities.
        handle_missing : {"error", "default"}
            What to do where a member has no such attribute.
        default_value : object
            What to return there.

        Returns
        -------
        ndarray, shape (len(self),)
            A copy. A list, where institutions are among the members.

        Raises
        ------
        AttributeError
            If a member has no such attribute.
        ValueError
            If `handle_missing` is something else.
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is 'error' or 'default', not {handle_missing!r}")
        if not isinstance(attr_names, str):
            several = [self.get(name, handle_missing, default_value) for name in attr_names]
            lists = [one.tolist() if isinstance(one, np.ndarray) else one for one in several]
            return [list(together) for together in zip(*lists, strict=True)]
        strict = handle_missing == "error"
        if not strict and attr_names not in self._columns and attr_names not in DERIVED:
            residents: Any = [default_value] * self.rows.size
        elif self._has_institutions():
            residents = None
        else:
            return self._values(attr_names).copy()
        fetch = (attr_names,) if strict else (attr_names, default_value)
        of_others = [getattr(agent, *fetch) for agent in self._others()]
        if not of_others:
            return list(residents)
        members, n = self._members(), self._columns.n
        values = np.empty(members.size, object)
        values[members < n] = self._values(attr_names) if residents is None else residents
        for place, value in zip(np.flatnonzero(members >= n), of_others, strict=True):
            values[place] = value
        return list(values)

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """Apply a function, or each of several, to the values of all members.

        The function gets an array that it cannot write to. Python's own `sum`, `min` and `max` are replaced by
        NumPy's, which give the same much sooner.
        """
        values = self.get(attribute) if self._has_institutions() else self._values(attribute)

        def apply(function: Callable[..., Any]) -> Any:
            if isinstance(values, np.ndarray) and function in _BUILT_IN:
                return _BUILT_IN[function](values).item()
            return function(values)

        return apply(func) if callable(func) else [apply(one) for one in func]

    def set(self, attr_name: str, value: Any) -> ResidentSet:
        """Set a column of every member to a value, or to the elements of an array as long as the set.

        Raises
        ------
        AttributeError
            If residents have no such column.
        TypeError, ValueError
            If the values do not fit the column or the set.
        """
        members, n = self._members(), self._columns.n
        each = isinstance(value, np.ndarray) and value.ndim > 0
        if each and value.shape != (members.size,):
            raise ValueError(f"the set has {members.size} members; {value.shape} values do not fit")
        resident = members < n
        if resident.any():
            array = column_to_write(self._columns, attr_name)
            array[members[resident]] = converted(value[resident] if each else value, array.dtype, attr_name)
        for place in np.flatnonzero(~resident):
            setattr(self._institutions[members[place] - n], attr_name, value[place] if each else value)
        return self

    def to_frame(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """Return the residents of the set as a table, one row each, indexed by `unique_id`.

        Parameters
        ----------
        names : iterable of str, optional
            Columns and derived quantities; by default all.
        """
        rows = self.rows
        frame = {}
        for name in [*self._columns.names, *DERIVED] if names is None else names:
            frame[name] = (
                self._columns[name][rows] if name in self._columns else ResidentSet(self._model, rows).get(name)
            )
        return pd.DataFrame(frame, index=pd.Index(rows + 1, name="unique_id"))

    def select(
        self,
        filter_func: Callable[[mesa.Agent], bool] | NDArray[np.bool_] | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type[mesa.Agent] | None = None,
    ) -> Any:
        """Return the members that pass a filter, in order.

        Parameters
        ----------
        filter_func : function of an agent, or ndarray of bool, shape (len(self),)
            A function is called in Python for one member after another; an array is a thousand times faster:
            ``agents.select(agents.get("age") > 60)``.
        at_most : int or float
            The first so many; a float up to 1.0 is a share of the set.
        inplace : bool
            Change this set instead of making another.
        agent_type : class, optional
            Members of this class only.
        """
        codes = self._members()
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        limit = codes.size if at_most >= codes.size else max(math.ceil(at_most), 0)
        keep = np.ones(codes.size, bool)
        if isinstance(filter_func, (np.ndarray, pd.Series)):
            mask = np.asarray(filter_func)
            if mask.dtype != bool or mask.shape != codes.shape:
                raise ValueError(
                    f"a mask has one boolean for each of {codes.size} members, not {mask.dtype} {mask.shape}"
                )
            keep &= mask
        if agent_type is not None:
            keep &= self._is_a(agent_type, codes)
        codes = codes[keep]
        if callable(filter_func):
            passed: list[int] = []
            for code, agent in zip(codes.tolist(), self._agents_at(codes), strict=True):
                if len(passed) >= limit:
                    break
                if filter_func(agent):
                    passed.append(code)
            codes = np.array(passed, np.intp)
        return self._with(codes[:limit], inplace)

    def _is_a(self, agent_type: type[mesa.Agent], codes: Codes) -> NDArray[np.bool_]:
        """Say for each member whether it is of a class."""
        n = self._columns.n
        kinds = np.array([issubclass(kind, agent_type) for kind in RESIDENT_TYPES])
        result = np.empty(codes.size, bool)
        resident = codes < n
        result[resident] = kinds[self._columns["occupation"][codes[resident]]]
        result[~resident] = [isinstance(self._institutions[code - n], agent_type) for code in codes[~resident]]
        return result

    def shuffle(self, inplace: bool = False) -> Any:
        """Return the members in a random order from `model.random`, which the simulation itself does not use."""
        order = np.random.default_rng(self.random.getrandbits(64)).permutation(len(self))
        return self._with(self._members()[order], inplace)

    def sort(self, key: Callable[[mesa.Agent], Any] | str, ascending: bool = False, inplace: bool = False) -> Any:
        """Return the members sorted by a quantity or by a function of an agent; equal ones keep their order."""
        values = self.get(key) if isinstance(key, str) else [key(agent) for agent in self]
        if isinstance(values, np.ndarray):
            backwards = values.size - 1 - np.argsort(values[::-1], kind="stable")[::-1]
            order = np.argsort(values, kind="stable") if ascending else backwards
        else:
            order = np.array(sorted(range(len(values)), key=values.__getitem__, reverse=not ascending), np.intp)
        return self._with(self._members()[order], inplace)

    def groupby(self, by: Callable[[mesa.Agent], Any] | str, result_type: str = "agentset") -> ResidentGroups:
        """Split the set by a quantity or by a function of an agent; groups in order of first appearance."""
        values = self.get(by) if isinstance(by, str) else [by(agent) for agent in self]
        codes = self._members()
        places: dict[Any, Any] = {}
        if isinstance(values, np.ndarray):
            keys, first, group = np.unique(values, return_index=True, return_inverse=True)
            parts = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group, minlength=keys.size))[:-1])
            places = {keys[one].item(): parts[one] for one in np.argsort(first)}
        else:
            for place, key in enumerate(values):
                places.setdefault(key, []).append(place)
        sets = {key: self._with(codes[np.asarray(part, np.intp)]) for key, part in places.items()}
        return ResidentGroups(sets if result_type == "agentset" else {key: list(one) for key, one in sets.items()})


class ResidentGroups(GroupBy):  # type: ignore[misc]
    """Groups of residents: Mesa's `GroupBy` with an `agg` that works on columns."""

    def agg(self, attr_name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """Apply a function to a quantity of each group; the keys are those of the groups."""
        if any(isinstance(group, list) for group in self.groups.values()):
            result: dict[Any, Any] = super().agg(attr_name, func)
            return result
        return {key: group.agg(attr_name, func) for key, group in self.groups.items()}
