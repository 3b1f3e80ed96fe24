"""The base of banks, platforms and governments: ordinary Mesa agents of which there are few."""

from __future__ import annotations

from typing import Any

import mesa


class Institution(mesa.Agent):  # type: ignore[misc]
    """An ordinary Mesa agent that does not keep its model alive.

    Mesa's own constructor counts agents in a table that belongs to the class `Agent` and holds every model for ever
    (the whole county: a gigabyte after a few runs). So it is not called: the agent registers itself.

    Parameters
    ----------
    model : ColumnarModel
        The model, whose residents have the numbers from 1 on; institutions have -1, -2, ...
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.pos = None
        self.unique_id = 1 - min([0, *(agent.unique_id for agent in model.institutions)])
        model.register_agent(self)

    @property
    def unique_id(self) -> int:
        """-1 for the first institution of a model, -2 for the second and so on."""
        return -self._number

    @unique_id.setter
    def unique_id(self, number: int) -> None:
        # Mesa from 3.5 on sets it too, when the agent registers, and counts from 1.
        self._number = int(number)
