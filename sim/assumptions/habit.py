"""Assumptions on the habit of paying by wallet."""

from __future__ import annotations

from sim.declare import Group, parameter

_PROTOTYPE = "assumed: prototype of 2026 that met the patterns"


class Habit(Group):
    """How users come to pay by wallet wherever it is taken."""

    speed: float = parameter(0.58, "1/month", (0.43, 0.60), _PROTOTYPE, "share of the gap closed in a month")
    ceiling: float = parameter(0.97, "share", (0.9, 1.0), _PROTOTYPE, "habit where all of one's own shops take QR")
    start: float = parameter(0.35, "share", (0.2, 0.5), _PROTOTYPE, "habit of a new user")
