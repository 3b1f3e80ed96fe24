"""A Mesa model whose residents live in columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NoReturn

import mesa

from sim.agents.residents.resident_set import ResidentSet
from sim.agents.residents.views import RESIDENT_TYPES
from sim.state.columns import Columns


class ColumnarModel(mesa.Model, ABC):  # type: ignore[misc]
    """A `mesa.Model` that shows rows of a table as agents, followed by ordinary agents.

    Only public names of `mesa.Model` are overridden. A subclass says where the residents' columns are.
    """

    @property
    @abstractmethod
    def residents(self) -> Columns:
        """The residents' columns; among them ``occupation``, which says what class a row is shown as."""

    @property
    def institutions(self) -> Any:
        """The ordinary agents, in the order of their creation: Mesa's own `AgentSet`."""
        return super().agents

    @property
    def agents(self) -> ResidentSet:
        """Everybody: residents in the order of their rows, then institutions."""
        return ResidentSet(self, institutions=tuple(self.institutions))

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """The classes of agents: residents', then institutions'."""
        return [*RESIDENT_TYPES, *super().agent_types]

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Any]:
        """The agents of each class; one dictionary at a time, made when asked for."""
        occupation = self.residents["occupation"]
        residents = {kind: ResidentSet(self, occupation == kind.occupation_code) for kind in RESIDENT_TYPES}
        return {**residents, **super().agents_by_type}

    def remove_all_agents(self) -> NoReturn:
        """Refuse: the county's accounts refer to every resident."""
        raise TypeError(
            "Residents cannot be removed: households, loans and accounts refer to them. Make another model."
        )
